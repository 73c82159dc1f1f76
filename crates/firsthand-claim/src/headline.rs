//! The sentences by which a cluster is told in plain English: who says what,
//! never what is true.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    Claim, ClaimId, Cluster, Contradiction, ContradictionKind, CopyLink, Origin, Polarity, Reading, ReportId, Verdict,
};
use jiff::civil::Date;

use crate::item::Figure;
use crate::relation::figure_words;

/// Most figures that are listed; the rest are counted.
const MOST: usize = 6;

/// Tells a cluster in two to four sentences. `verdicts` are those of this
/// cluster; `readings` ascend by id.
///
/// "This claim stands in 14 reports. Of these, 9 copy one text (Tidewire).
/// Together they rest on 2 to 4 independent origins. They disagree: 61 (the
/// health ministry, 12 May), at least 66 (the health ministry, 13 May: an
/// update), 59 (police: a conflict)."
pub fn headline(
    cluster: &Cluster,
    verdicts: &[Contradiction],
    readings: &[(ReportId, &Reading)],
    descent: &Descent<'_>,
) -> String {
    let reports: BTreeSet<ReportId> = cluster.claims.iter().map(|c| c.report).collect();
    let mut out = format!("This claim stands in {}.", count(reports.len(), "report"));
    if let Some(copied) = copied(&reports, readings, descent) {
        out.push(' ');
        out.push_str(&copied);
    }
    let (low, high) = cluster.independent;
    let subject = if reports.len() == 1 { "It rests" } else { "Together they rest" };
    out.push_str(&match (low, high) {
        (0, _) => format!(" {subject} on no independent origin that is known: those who tell it name each other."),
        (1, 1) => format!(" {subject} on one origin."),
        (a, b) if a == b => format!(" {subject} on {a} independent origins."),
        (a, b) => format!(" {subject} on {a} to {b} independent origins."),
    });
    for sentence in [values(cluster, verdicts, readings), sides(cluster, verdicts)].into_iter().flatten() {
        out.push(' ');
        out.push_str(&sentence);
    }
    out
}

/// "1 report", "2 reports".
fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn reading<'r>(readings: &[(ReportId, &'r Reading)], id: ReportId) -> Option<&'r Reading> {
    readings.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|i| readings.get(i)).map(|(_, r)| *r)
}

fn claim<'r>(readings: &[(ReportId, &'r Reading)], id: ClaimId) -> Option<(&'r Claim, &'r Reading)> {
    let reading = reading(readings, id.report)?;
    Some((reading.claims.get(id.index as usize)?, reading))
}

/// What each report's text was copied from: another report, or a source that
/// is not among them.
#[derive(Clone, Debug, Default)]
pub struct Descent<'a> {
    parent: BTreeMap<ReportId, Result<ReportId, &'a str>>,
}

impl<'a> Descent<'a> {
    /// Of the links that share text.
    pub fn new(copies: &'a [CopyLink]) -> Self {
        let parent = copies
            .iter()
            .filter(|c| c.how.shares_text())
            .filter_map(|c| Some((c.child, c.parent.map(Ok).or_else(|| c.hidden.as_deref().map(Err))?)))
            .collect();
        Descent { parent }
    }
}

/// How many of the reports copy one text: the largest such group.
fn copied(reports: &BTreeSet<ReportId>, readings: &[(ReportId, &Reading)], descent: &Descent<'_>) -> Option<String> {
    let parent = &descent.parent;
    let mut groups: BTreeMap<Result<ReportId, &str>, BTreeSet<ReportId>> = BTreeMap::new();
    for &report in reports {
        let mut at: Result<ReportId, &str> = Ok(report);
        // A stemma has no circles, but the input is not trusted.
        for _ in 0..64 {
            match at.ok().and_then(|r| parent.get(&r)) {
                Some(&up) => at = up,
                None => break,
            }
        }
        if at != Ok(report) {
            groups.entry(at).or_default().insert(report);
        }
    }
    let (root, children) = groups.into_iter().max_by_key(|(root, c)| (c.len(), std::cmp::Reverse(*root)))?;
    let verb = if children.len() == 1 { "copies" } else { "copy" };
    let agency = children.iter().any(|c| reading(readings, *c).is_some_and(|r| r.report.agency.is_some()));
    let text = if agency { "one agency text" } else { "one text" };
    let name =
        root.ok().and_then(|r| reading(readings, r)).and_then(|r| r.report.outlet.as_ref()).map(|o| o.value.as_str());
    Some(match (name, root) {
        (Some(name), _) => format!("Of these, {} {verb} {text} ({name}).", children.len()),
        (None, Err(_)) => format!("Of these, {} {verb} {text} that is not among them.", children.len()),
        (None, Ok(_)) => format!("Of these, {} {verb} {text}.", children.len()),
    })
}

/// The figures told, where they differ.
fn values(cluster: &Cluster, verdicts: &[Contradiction], readings: &[(ReportId, &Reading)]) -> Option<String> {
    let about = |v: Verdict| verdicts.iter().filter(move |c| c.verdict == v && c.kind == ContradictionKind::Figure);
    let conflicts: BTreeSet<ClaimId> = about(Verdict::Contradiction).flat_map(|c| c.claims.iter().copied()).collect();
    let updates: BTreeSet<ClaimId> = about(Verdict::Update).filter_map(|c| c.claims.last().copied()).collect();
    if conflicts.is_empty() && updates.is_empty() {
        return None;
    }
    // Each value with who gives it, earliest day first.
    let mut told: BTreeMap<String, Value> = BTreeMap::new();
    for (o, origin) in cluster.origins.iter().enumerate() {
        for id in &origin.claims {
            let Some((claim, reading)) = claim(readings, *id) else { continue };
            if claim.polarity == Polarity::Denied {
                continue;
            }
            let measure = claim.measures.first().and_then(|m| reading.measures.get(*m as usize));
            let Some(measure) = measure.filter(|m| crate::extract::is_figure(m)) else { continue };
            let value = told.entry(figure_words(&Figure::of(claim, reading, measure))).or_default();
            let day = claim.as_of.map(|m| m.date());
            let known = value.by.entry(o).or_insert(day);
            *known = match (*known, day) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            value.update |= updates.contains(id);
            value.conflict |= conflicts.contains(id);
        }
    }
    let mut list: Vec<(&String, &Value)> = told.iter().collect();
    // Those in dispute first, so that the list never leaves them out.
    list.sort_by_key(|(words, v)| {
        (!(v.conflict || v.update), v.by.values().flatten().min().copied(), (*words).clone())
    });
    let more = list.len().saturating_sub(MOST);
    let parts: Vec<String> = list
        .iter()
        .take(MOST)
        .map(|(words, value)| {
            let by: Vec<String> = value
                .by
                .iter()
                .take(WHO)
                .map(|(o, at)| {
                    let name = cluster.origins.get(*o).map(who).unwrap_or_default();
                    at.map(|d| format!("{name}, {}", day(d))).unwrap_or(name)
                })
                .collect();
            let others = value.by.len().saturating_sub(WHO);
            let others = if others > 0 { format!("; {}", count(others, "other")) } else { String::new() };
            let mark = match (value.update, value.conflict) {
                (true, _) => ": an update",
                (false, true) => ": a conflict",
                _ => "",
            };
            format!("{words} ({}{others}{mark})", by.join("; "))
        })
        .collect();
    let rest = if more > 0 { format!(", and {}", count(more, "other figure")) } else { String::new() };
    let lead = if conflicts.is_empty() { "The figure changes" } else { "They disagree" };
    Some(format!("{lead}: {}{rest}.", parts.join(", ")))
}

/// Most origins that are named for a value.
const WHO: usize = 3;

/// Who tells a value, from which day on, and what it is to the others.
#[derive(Default)]
struct Value {
    by: BTreeMap<usize, Option<Date>>,
    update: bool,
    conflict: bool,
}

/// The name of an origin with the article that a description needs: "the
/// health ministry", "a nurse", "prosecutors", "Dana Orlo".
fn who(origin: &Origin) -> String {
    let name = origin.name.trim();
    let first = name.split_whitespace().next().unwrap_or_default();
    let bare = matches!(
        first.to_lowercase().as_str(),
        "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "several"
            | "various"
            | "some"
            | "many"
            | "no"
            | "one"
    ) || first.ends_with("'s")
        || first.ends_with("’s")
        || crate::words::is_number_word(&first.to_lowercase());
    // "The Ministry of Health", but "Health Canada".
    let second = name.split_whitespace().nth(1);
    if !bare
        && first.starts_with(char::is_uppercase)
        && matches!(second, Some("of" | "for"))
        && !plural(&name.to_lowercase())
    {
        return format!("the {name}");
    }
    // An outlet's address takes none.
    if bare || plural(name) || name.contains('.') || !first.starts_with(char::is_lowercase) {
        return name.to_owned();
    }
    let vowel = first.starts_with(['a', 'e', 'i', 'o', 'u']) && !first.starts_with("uni");
    match (origin.identified, vowel) {
        (true, _) => format!("the {name}"),
        (false, true) => format!("an {name}"),
        (false, false) => format!("a {name}"),
    }
}

/// Whether a description names several: "prosecutors", "officials of the city".
fn plural(name: &str) -> bool {
    let head = name
        .split_whitespace()
        .take_while(|w| !matches!(w.to_lowercase().as_str(), "of" | "in" | "at" | "for" | "from" | "who" | "on"))
        .last()
        .unwrap_or_default();
    let lower = head.to_lowercase();
    let person = |w: &str| crate::item::is_people(&crate::words::stem(w));
    head.starts_with(char::is_lowercase)
        && (matches!(
            lower.as_str(),
            "police" | "authorities" | "prosecutors" | "reports" | "estimates" | "sources" | "media"
        ) || (lower.ends_with('s') && !lower.ends_with("ss") && person(&lower))
            || matches!(lower.as_str(), "people" | "fishermen" | "firemen" | "women" | "men"))
}

/// A sentence from its first letter.
fn sentence(text: String) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Who affirms and who denies, where both are found.
fn sides(cluster: &Cluster, verdicts: &[Contradiction]) -> Option<String> {
    let of = |id: &ClaimId| cluster.origins.iter().position(|o| o.claims.contains(id));
    let (mut yes, mut no): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for v in verdicts.iter().filter(|c| c.verdict == Verdict::Contradiction && c.kind == ContradictionKind::Polarity) {
        if let [a, b] = v.claims.as_slice() {
            yes.extend(of(a).filter(|n| !yes.contains(n)));
            no.extend(of(b).filter(|n| !no.contains(n)));
        }
    }
    if yes.is_empty() || no.is_empty() {
        return None;
    }
    let told = |list: &[usize], one: &str, many: &str| {
        let origins: Vec<&Origin> = list.iter().filter_map(|&o| cluster.origins.get(o)).collect();
        let several = origins.len() > 1 || origins.iter().any(|o| plural(o.name.trim()));
        let others = origins.len().saturating_sub(WHO);
        let mut said: Vec<String> = origins.into_iter().take(WHO).map(who).collect();
        if others > 0 {
            said.push(count(others, "other"));
        }
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        format!("{} {}", names(&said), if several { many } else { one })
    };
    Some(sentence(format!("{} it, {} it.", told(&yes, "affirms", "affirm"), told(&no, "denies", "deny"))))
}

/// "A", "A and B", "A, B and C".
fn names(list: &[&str]) -> String {
    match list {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// "12 May": the day without the year.
pub(crate) fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(date.month()).ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).unwrap_or(&"");
    format!("{} {month}", date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_get_their_articles() {
        let told = |name: &str, identified| {
            who(&Origin { name: name.to_owned(), identified, entity: None, claims: Vec::new(), why: Vec::new() })
        };
        assert_eq!(told("health ministry", true), "the health ministry");
        assert_eq!(told("nurse", false), "a nurse");
        assert_eq!(told("official", false), "an official");
        assert_eq!(told("prosecutors", true), "prosecutors");
        assert_eq!(told("officials of the city", false), "officials of the city");
        assert_eq!(told("his lawyer", false), "his lawyer");
        assert_eq!(told("Dana Orlo", true), "Dana Orlo");
        assert_eq!(told("Ministry of Health", true), "the Ministry of Health");
        assert_eq!(sentence("the mayor affirms it.".to_owned()), "The mayor affirms it.");
    }

    #[test]
    fn number_and_names_agree() {
        assert_eq!(count(1, "report"), "1 report");
        assert_eq!(count(0, "report"), "0 reports");
        assert_eq!(names(&["A"]), "A");
        assert_eq!(names(&["A", "B", "C"]), "A, B and C");
    }
}
