//! The sentences by which a cluster is told in plain English: who says what,
//! never what is true.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    Claim, ClaimId, Cluster, Contradiction, ContradictionKind, CopyLink, Reading, ReportId, Verdict,
};
use jiff::civil::Date;

use crate::item::Figure;
use crate::relation::figure_words;

/// Most figures that are listed; the rest are counted.
const MOST: usize = 6;

/// Tells a cluster in two to four sentences. `verdicts` are those of this
/// cluster; `readings` ascend by id.
///
/// "This claim stands in 14 reports. 9 copy one text (Tidewire). Together they
/// rest on 2 to 4 independent origins. They disagree: 61 (health ministry, 12
/// May), at least 66 (health ministry, 13 May: an update), 59 (police: a
/// conflict)."
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
        (Some(name), _) => format!("{} {verb} {text} ({name}).", children.len()),
        (None, Err(_)) => format!("{} {verb} {text} that is not among them.", children.len()),
        (None, Ok(_)) => format!("{} {verb} {text}.", children.len()),
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
    // Each origin's figures, earliest day first.
    let mut told: BTreeMap<(Option<Date>, usize, String), (bool, bool)> = BTreeMap::new();
    let mut first: BTreeMap<(usize, String), Option<Date>> = BTreeMap::new();
    for pass in 0..2 {
        for (o, origin) in cluster.origins.iter().enumerate() {
            for id in &origin.claims {
                let Some((claim, reading)) = claim(readings, *id) else { continue };
                let measure = claim.measures.first().and_then(|m| reading.measures.get(*m as usize));
                let Some(measure) = measure.filter(|m| crate::extract::is_figure(m)) else { continue };
                let words = figure_words(&Figure::of(claim, reading, measure));
                let day = claim.as_of.map(|m| m.date());
                let known = first.entry((o, words.clone())).or_insert(day);
                if pass == 0 {
                    *known = (*known).min(day);
                } else {
                    let entry = told.entry((*known, o, words)).or_default();
                    entry.0 |= updates.contains(id);
                    entry.1 |= conflicts.contains(id);
                }
            }
        }
    }
    let list: Vec<String> = told
        .iter()
        .take(MOST)
        .map(|((at, o, words), (update, conflict))| {
            let name = cluster.origins.get(*o).map_or("", |o| o.name.as_str());
            let at = at.map(|d| format!(", {}", day(d))).unwrap_or_default();
            let mark = match (update, conflict) {
                (true, _) => ": an update",
                (false, true) => ": a conflict",
                _ => "",
            };
            format!("{words} ({name}{at}{mark})")
        })
        .collect();
    let more = told.len().saturating_sub(MOST);
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    let lead = if conflicts.is_empty() { "The figure changes" } else { "They disagree" };
    Some(format!("{lead}: {}{rest}.", list.join(", ")))
}

/// Who affirms and who denies, where both are found.
fn sides(cluster: &Cluster, verdicts: &[Contradiction]) -> Option<String> {
    let of = |id: &ClaimId| cluster.origins.iter().find(|o| o.claims.contains(id)).map(|o| o.name.as_str());
    let (mut yes, mut no): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for v in verdicts.iter().filter(|c| c.verdict == Verdict::Contradiction && c.kind == ContradictionKind::Polarity) {
        if let [a, b] = v.claims.as_slice() {
            yes.extend(of(a).filter(|n| !yes.contains(n)));
            no.extend(of(b).filter(|n| !no.contains(n)));
        }
    }
    if yes.is_empty() || no.is_empty() {
        return None;
    }
    let verb = |list: &[&str], one: &'static str, many: &'static str| if list.len() == 1 { one } else { many };
    Some(format!(
        "{} {} it, {} {} it.",
        names(&yes),
        verb(&yes, "affirms", "affirm"),
        names(&no),
        verb(&no, "denies", "deny")
    ))
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
    fn number_and_names_agree() {
        assert_eq!(count(1, "report"), "1 report");
        assert_eq!(count(0, "report"), "0 reports");
        assert_eq!(names(&["A"]), "A");
        assert_eq!(names(&["A", "B", "C"]), "A, B and C");
    }
}
