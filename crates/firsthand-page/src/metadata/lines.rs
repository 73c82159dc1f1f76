//! Plain text scraped from a page: what its first lines say.
//!
//! Everything hangs on one finding: which line is the headline. It is the
//! line that a date or a credit follows or is glued to; what stands above it
//! is the page's head (outlet, menus), what stands between it and the first
//! paragraph is about the report.

use firsthand_model::{Block, BlockKind, Found, Granularity, How, Moment};
use firsthand_span::{Span, fold};

use super::credit::{self, Context, Credit, listed};
use super::dates::{self, Order, Style};
use super::published::{Says, says};
use super::title::{initials_match, is_acronym};
use crate::furniture::is_caption;

/// What the head of a plain text says.
#[derive(Default)]
pub(crate) struct Head {
    pub(crate) title: Option<Found<String>>,
    pub(crate) outlet: Option<Found<String>>,
    pub(crate) published: Option<Found<Moment>>,
    pub(crate) modified: Option<Found<Moment>>,
    pub(crate) credit: Credit,
    /// Where the headline and the lines about the report stand.
    pub(crate) roles: Vec<(Span, BlockKind)>,
}

/// A head is at most this many lines.
const HEAD: usize = 30;

pub(crate) fn head(text: &str, blocks: &[Block]) -> Head {
    let lines: Vec<(&str, Span)> =
        blocks.iter().filter(|b| !b.span.is_empty()).take(HEAD + 1).map(|b| (b.span.of(text), b.span)).collect();
    let body = lines.iter().position(|(l, _)| is_paragraph(l)).unwrap_or(lines.len().min(12));
    let lines = &lines[..body.min(lines.len())];
    let style = Style { order: Order::Unknown, lang: "" };
    let mut out = Head::default();

    let Some((title, title_span)) = headline(lines, style) else { return out };
    out.title = Some(Found::new(title.to_owned(), How::VisibleText));
    out.roles.push((title_span, BlockKind::Title));
    let at = lines.iter().position(|(_, s)| s.covers(title_span)).unwrap_or(0);
    let rest: Vec<&str> = blocks.iter().map(|b| b.span.of(text)).filter(|l| l.len() > 80).take(400).collect();
    out.outlet = outlet(&lines[..at], title).map(|o| Found::new(o, How::VisibleText));
    let context = Context { outlet: out.outlet.as_ref().map(|o| o.value.as_str()), body: &rest };

    // The rest of a glued headline line counts as a line about the report.
    let glued = lines.get(at).and_then(|(_, s)| {
        let tail = Span { start: title_span.end, end: s.end }.trim(text);
        (!tail.is_empty()).then(|| (tail.of(text), tail))
    });
    // So does a date glued to its front.
    let led = lines.get(at).and_then(|(_, s)| {
        let front = Span { start: s.start, end: title_span.start }.trim(text);
        (!front.is_empty()).then(|| (front.of(text), front))
    });
    let about = led.into_iter().chain(glued).chain(lines.iter().skip(at + 1).copied()).take(8);
    for (line, span) in about {
        let mut used = false;
        for hit in dates::find(line, style).into_iter().filter(|h| h.moment.granularity >= Granularity::Day) {
            if line.len() > 160 || hit.range.start > 90 {
                continue;
            }
            let slot = match says(line.get(..hit.range.start).unwrap_or_default()) {
                Says::Other => continue,
                Says::Modified => &mut out.modified,
                Says::Published | Says::Nothing => &mut out.published,
            };
            slot.get_or_insert(Found::new(hit.moment, How::VisibleText));
            used = true;
        }
        if line.len() <= 160 {
            let credit = about_line(line, &context);
            used |= credit != Credit::default();
            if out.credit.persons.is_empty() {
                out.credit.persons = credit.persons;
                out.credit.place = out.credit.place.take().or(credit.place);
            }
            out.credit.agencies.extend(credit.agencies);
        }
        if used {
            out.roles.push((span, BlockKind::Meta));
        }
    }
    if out.published.is_none() {
        // Some pages print the date above the headline, on a line of its own.
        let above = lines[..at].iter().rev().take(2).find_map(|(line, span)| {
            let hit = dates::find(line, style).into_iter().find(|h| h.moment.granularity >= Granularity::Day)?;
            (hit.range.start == 0 && hit.range.end == line.trim_end().len()).then_some((hit.moment, *span))
        });
        if let Some((moment, span)) = above {
            out.published = Some(Found::new(moment, How::VisibleText));
            out.roles.push((span, BlockKind::Meta));
        }
    }
    if out.published.is_none() {
        out.published = out.modified.map(|m| Found::new(m.value, How::Inferred));
        out.modified = None;
    }
    out
}

/// A line below the headline: a credit, or a name with what the person does.
fn about_line(line: &str, context: &Context<'_>) -> Credit {
    if credit::opens_credit(line) {
        return credit::parse(line, context, false);
    }
    if let Some((name, role)) = line.split_once(", ")
        && role.split(' ').count() <= 4
        && role.split(' ').any(|w| listed("role", &fold(w)))
        && credit::is_person(name)
    {
        return credit::parse(line, context, false);
    }
    Credit::default()
}

/// Running text: long, and it ends as sentences do.
fn is_paragraph(line: &str) -> bool {
    let end = line.trim_end_matches(['"', '”', '’', '\'', ')', '»']).chars().next_back();
    line.len() >= 100 && separators(line) < 3 && end.is_some_and(|c| ".!?…:。؟".contains(c))
}

/// How menu-like a line is.
fn separators(line: &str) -> usize {
    [" | ", " > ", " / ", " » ", " • ", " · ", "   ", "  +"].iter().map(|s| line.matches(s).count()).sum()
}

/// A headline without the weekday glued to it: "…in ferry disasterFri" 15 Mar.
fn unglue(before: &str) -> Option<&str> {
    let whole = before.trim_end();
    let glued = whole.len() == before.len()
        && whole.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "”\"’')!?".contains(c));
    if glued {
        return Some(whole);
    }
    let whole = whole.trim_end_matches(',');
    let word = whole.rsplit(' ').next()?;
    let cut = word
        .char_indices()
        .zip(word.chars().skip(1))
        .filter(|((_, a), b)| !a.is_uppercase() && b.is_uppercase())
        .last();
    let ((i, c), _) = cut?;
    let from = whole.len() - word.len() + i + c.len_utf8();
    dates::is_filler(whole.get(from..)?).then(|| whole.get(..from)).flatten()
}

/// The headline and its span.
fn headline<'t>(lines: &[(&'t str, Span)], style: Style<'_>) -> Option<(&'t str, Span)> {
    // "…next hearing on 24 June10.06.2024 - 16:20": a date glued to the headline.
    for &(line, span) in lines.iter().filter(|(l, _)| l.len() <= 300 && !credit::opens_credit(l)) {
        for hit in dates::find(line, style).iter().filter(|h| h.moment.granularity >= Granularity::Day) {
            if let Some(title) = line.get(..hit.range.start).and_then(unglue)
                && title.split_whitespace().count() >= 2
            {
                let start = span.start as usize;
                return Some((title, Span::new(start, start + title.len())));
            }
            // "12.06.2024Roof falls on market": glued to its front.
            if hit.range.start == 0
                && let Some(title) = line.get(hit.range.end..)
                && title.starts_with(char::is_alphabetic)
                && title.split_whitespace().count() >= 2
            {
                return Some((title, Span { start: span.end - title.len() as u32, end: span.end }));
            }
        }
    }
    let is_about = |line: &str| {
        line.len() <= 160
            && (credit::opens_credit(line)
                || dates::find(line, style).iter().any(|h| {
                    h.moment.granularity >= Granularity::Day
                        && (h.range.start <= 45 && h.range.len() + 60 >= line.len() || h.range.start <= 12)
                }))
    };
    let can_be = |i: usize| {
        lines.get(i).is_some_and(|(l, _)| {
            separators(l) < 2 && !is_about(l) && !is_caption(l) && l.chars().any(char::is_alphabetic) && l.len() <= 300
        })
    };
    let mut best = None;
    for i in 1..lines.len() {
        if is_about(lines[i].0) && can_be(i - 1) {
            best = Some(i - 1);
            if i > 1 || !(i + 1..lines.len()).any(|j| can_be(j) && lines[j].0.split(' ').count() >= 4) {
                break;
            }
        }
    }
    // A date right under the first line may belong to the page's head ("Name",
    // "Name - motto", then the date): a heading right above the text is better.
    let short = |l: &str| l.split_whitespace().count() <= 3 || l.contains(" - ") || l.contains(" – ");
    let under_motto = best == Some(0)
        && lines.first().is_some_and(|(l, _)| short(l))
        && (2..lines.len()).any(|j| can_be(j) && lines[j].0.split(' ').count() >= 4);
    if let Some(i) = best.filter(|_| !under_motto) {
        return lines.get(i).copied();
    }
    // Without one: the last heading-like line above the first paragraph.
    (0..lines.len())
        .rev()
        .find(|&i| can_be(i) && !lines[i].0.ends_with(['.', ':']) && lines[i].0.split(' ').count() >= 2)
        .and_then(|i| lines.get(i).copied())
}

/// The outlet, from the lines above the headline: the first that is no path
/// ("Home > News") and no menu; below the name of a state, the office of it
/// that publishes.
fn outlet(lines: &[(&str, Span)], title: &str) -> Option<String> {
    let title = fold(title);
    let mut names = lines.iter().filter_map(|(line, _)| name_of_outlet(line, &title));
    let first = names.next()?;
    if is_state(&first) {
        return Some(names.next().filter(|n| is_office(n)).unwrap_or(first));
    }
    Some(first)
}

/// The name that a line above the headline gives the outlet.
fn name_of_outlet(line: &str, title: &str) -> Option<String> {
    let mut pieces = line
        .split(['|', '>', '»', '/', '«', '•'])
        .flat_map(|p| p.split("   "))
        .map(str::trim)
        .filter(|p| !p.is_empty());
    let mut first = pieces.next()?;
    if let Some(long) = pieces.next().filter(|p| is_acronym(first) && initials_match(first, p)) {
        first = long;
    }
    // "Name - motto", "Radio Name 98.3"
    let first = first.split(" - ").next()?.split(" – ").next()?.split(" — ").next()?;
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace());
    let folded = fold(first);
    let words = folded.split(' ').count();
    let path = listed("never", folded.split(' ').next().unwrap_or_default())
        || folded.starts_with("you are")
        || folded.starts_with("your");
    let fine = words <= 9
        && first.chars().count() >= 2
        && first.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    (fine && !path && folded != title && dates::find(line, Style::default()).is_empty()).then(|| first.to_owned())
}

/// Whether a line is the name of a state and no more: "Republic of Norland".
fn is_state(name: &str) -> bool {
    let folded = fold(name);
    let mut words = folded.split(' ').skip_while(|w| *w == "the" || listed("state-form", w));
    words.next().is_some_and(|w| listed("state", w)) && words.next() == Some("of")
}

/// Whether a line names an office of a state: "Ministry of Health".
fn is_office(name: &str) -> bool {
    fold(name).split(' ').any(|w| listed("office", w.trim_end_matches("'s")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Head {
        let mut at = 0;
        let mut blocks = Vec::new();
        for line in text.split_inclusive('\n') {
            let span = Span::new(at, at + line.len()).trim(text);
            if !span.is_empty() {
                blocks.push(Block { kind: BlockKind::Body, span });
            }
            at += line.len();
        }
        head(text, &blocks)
    }

    const BODY: &str = "The old pier of Port Vell fell into the sea on Monday night after two days of storm, the harbour office said.\n";

    #[test]
    fn a_date_glued_to_the_headline() {
        let head = read(&format!(
            "Home > News > Coast\nVell Courier - the voice of the bay\nPier falls in stormFri 7 Feb 2031 15.27 GMT\nBy Ida Holm in Stern\n\n{BODY}"
        ));
        assert_eq!(head.title.unwrap().value, "Pier falls in storm");
        assert_eq!(head.outlet.unwrap().value, "Vell Courier");
        assert_eq!(head.published.unwrap().value.to_string(), "2031-02-07T15:27:00Z");
        assert_eq!(head.credit.persons, ["Ida Holm"]);
        assert_eq!(head.credit.place.as_deref(), Some("Stern"));
        assert_eq!(head.roles.len(), 3);
    }

    #[test]
    fn below_the_name_of_a_state_stands_the_office() {
        let head = read(&format!(
            "Federal Republic of Norland\nHarbour Authority of the Vell Coast\nHome | Releases | Contact\nPier closed\n7 February 2031\n\n{BODY}"
        ));
        assert_eq!(head.outlet.unwrap().value, "Harbour Authority of the Vell Coast");
        let head = read(&format!("Republic of Norland\nPier closed\n7 February 2031\n\n{BODY}"));
        assert_eq!(head.outlet.unwrap().value, "Republic of Norland");
    }

    #[test]
    fn the_line_above_a_date_or_credit_is_the_headline() {
        let head = read(&format!(
            "NPA | Norland Press Agency\nPolitics  Economy  Sport\nPier falls\nSource: Stern Press Agency | 4 hours ago\n\n{BODY}"
        ));
        assert_eq!(head.title.unwrap().value, "Pier falls");
        assert_eq!(head.outlet.unwrap().value, "Norland Press Agency");
        assert_eq!(head.credit.agencies, ["Stern Press Agency"]);
        assert_eq!(head.published, None);
    }

    #[test]
    fn dates_above_and_before_the_headline() {
        let above = read(&format!("Vell Radio\n7 February 2031 16:20\n\nPier falls, report says\n\n{BODY}"));
        assert_eq!(above.title.unwrap().value, "Pier falls, report says");
        assert_eq!(above.published.unwrap().value.to_string(), "2031-02-07T16:20:00");
        let before =
            read(&format!("Vell Line\n07.02.2031Pier falls\nBy the coast desk\nPhoto: A crane. (Archive)\n{BODY}"));
        assert_eq!(before.title.unwrap().value, "Pier falls");
        assert_eq!(before.published.unwrap().value.to_string(), "2031-02-07");
        let motto =
            read(&format!("roll.example - all the news\n7 February 2031\nPier falls in storm at Vell\n\n{BODY}"));
        assert_eq!(motto.title.unwrap().value, "Pier falls in storm at Vell");
    }

    #[test]
    fn running_text_alone_has_no_headline() {
        let head = read(BODY);
        assert!(head.title.is_none() && head.outlet.is_none() && head.published.is_none());
    }
}
