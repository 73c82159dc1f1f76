//! When it was published, and when changed.
//!
//! Sources in order of trust, as measured on dated pages: JSON-LD, OpenGraph,
//! other meta elements and microdata, `<time>`, the address, dates a reader
//! sees near the headline. The heuristics for pages without markup follow
//! those of htmldate (Barbaresi 2020, doi:10.21105/joss.02439), rewritten.

use std::sync::LazyLock;

use firsthand_model::{Dateline, Found, Granularity, How, Moment};
use firsthand_span::{Span, fold};

use super::address;
use super::dates::{self, Hit, Order, Style};
use super::json_ld::Nodes;
use super::scan::{Line, Scan, mark};

/// Publication and change.
#[derive(Default)]
pub(crate) struct Times {
    pub(crate) published: Option<Found<Moment>>,
    pub(crate) modified: Option<Found<Moment>>,
}

/// Names of meta elements that give a date, best first.
const FIELDS: &str = include_str!("data/date_fields.tsv");
/// Words before a date that say which date it is.
const LABELS: &str = include_str!("data/date_labels.tsv");

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Says {
    Published,
    Modified,
    /// Not the report's date: of an event, a comment, a print run.
    Other,
    Nothing,
}

/// How the page writes 03/04/2024: by its own unmistakable dates, else by
/// its region.
pub(crate) fn style<'a>(scan: &'a Scan, address: Option<&str>) -> Style<'a> {
    let lang = scan.lang.as_deref().or_else(|| scan.meta("og:locale")).unwrap_or_default();
    let (mut day, mut month) = (0, 0);
    for line in scan.lines.iter().filter(|l| l.text.len() < 200) {
        for (a, b) in slashed(&line.text) {
            day += usize::from(a > 12 && b <= 12);
            month += usize::from(b > 12 && a <= 12);
        }
    }
    let folded = lang.to_ascii_lowercase();
    let region = folded.split(['-', '_']).nth(1).unwrap_or_default();
    let american = matches!(region, "us" | "ph") || address.is_some_and(|a| a.contains(".gov/") || a.contains(".us/"));
    let order = match (day, month) {
        (d, m) if d > m => Order::DayFirst,
        (d, m) if m > d => Order::MonthFirst,
        _ if american => Order::MonthFirst,
        _ if !folded.is_empty() && !folded.starts_with("en") || !region.is_empty() => Order::DayFirst,
        _ => Order::Unknown,
    };
    Style { order, lang: folded_lang(lang) }
}

fn folded_lang(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or_default()
}

/// Pairs of numbers of "12/05/2024".
fn slashed(text: &str) -> Vec<(u32, u32)> {
    let cells: Vec<&str> = text.split('/').collect();
    cells
        .windows(3)
        .filter_map(|w| {
            let tail = |s: &str| s.get(s.len().checked_sub(2)?..)?.trim().parse::<u32>().ok();
            let year = w[2].get(..4).is_some_and(|y| y.bytes().all(|b| b.is_ascii_digit()));
            year.then_some(())?;
            Some((tail(w[0]).or_else(|| w[0].trim().parse().ok())?, w[1].trim().parse().ok()?))
        })
        .collect()
}

pub(crate) fn find(
    source: &str,
    scan: &Scan,
    nodes: &Nodes,
    address: Option<&str>,
    style: Style<'_>,
    title: Option<usize>,
) -> Times {
    let folded_title = fold(&scan.title);
    let article = nodes.article(|h| {
        let h = fold(h);
        h.len() > 12 && folded_title.contains(&h)
    });
    let parse = |value: &str| dates::machine(value, style).filter(|m| m.granularity >= Granularity::Day);
    let mut found = Finder::default();
    if let Some(article) = &article {
        found.offer(article.published.and_then(parse), How::JsonLd, Says::Published);
        found.offer(article.modified.and_then(parse), How::JsonLd, Says::Modified);
    }
    for row in super::rows(FIELDS) {
        let mut cells = row.split('\t');
        let (Some(kind), Some(name)) = (cells.next(), cells.next()) else { continue };
        let Some(value) = scan.meta(name) else { continue };
        let how = if name.contains("article:") || name.starts_with("og:") { How::OpenGraph } else { How::Meta };
        match kind {
            "published" => found.offer(parse(value), how, Says::Published),
            "modified" => found.offer(parse(value), how, Says::Modified),
            _ => found.unclear = found.unclear.or(parse(value).map(|m| Found::new(m, how))),
        }
    }
    time_elements(scan, style, title, &mut found);
    let in_address = address.and_then(address::date);
    if let Some(moment) = in_address {
        // An address is fixed at publication: it overrules what is unclear, and only a day is known of it.
        let agrees = |f: &Option<Found<Moment>>| f.as_ref().is_some_and(|f| f.value.date() == moment.date());
        if !agrees(&found.near) && !agrees(&found.unclear) {
            found.offer(Some(moment), How::Url, Says::Published);
        }
    }
    let beside = found.near.as_ref().map(|f| f.value);
    if found.published.is_none() {
        found.published = found.near.take();
    }
    let seen = visible(scan, style, title, &mut found);
    for printed in [in_address, seen, beside].into_iter().flatten() {
        found.localise(printed);
    }
    if found.published.is_none() {
        found.published = found.unclear.take().or_else(|| found.loose.take());
    }
    if found.published.is_none() && found.modified.is_none() {
        found.published = in_scripts(source, style).or_else(|| anywhere(scan, style));
    }
    // Nothing but a date of change: a report was published by then, and most are not changed later.
    if found.published.is_none() {
        found.published = found.modified.take().map(|m| Found::new(m.value, How::Inferred));
    }
    let at = found.published.as_ref().map(|p| p.value.at);
    found.modified = found.modified.filter(|m| Some(m.value.at) != at);
    Times { published: found.published, modified: found.modified }
}

#[derive(Default)]
struct Finder {
    published: Option<Found<Moment>>,
    modified: Option<Found<Moment>>,
    /// `<time>` elements near the headline that do not say which date they give.
    near: Option<Found<Moment>>,
    /// Fields named "date" and the like.
    unclear: Option<Found<Moment>>,
    /// Visible dates that only stand in a likely place.
    loose: Option<Found<Moment>>,
}

impl Finder {
    fn offer(&mut self, moment: Option<Moment>, how: How, says: Says) {
        let Some(moment) = moment else { return };
        let slot = match says {
            Says::Published => &mut self.published,
            Says::Modified => &mut self.modified,
            _ => return,
        };
        match slot {
            None => *slot = Some(Found::new(moment, how)),
            // The same day said more finely elsewhere.
            Some(f) if !f.value.has_clock() && moment.has_clock() && f.value.date() == moment.date() => {
                f.value = moment;
            }
            _ => {}
        }
    }
}

/// Whether a word labels dates ("Posted", "Updated").
pub(crate) fn is_label(word: &str) -> bool {
    says(word) != Says::Nothing
}

/// What the words right before a date say of it.
pub(crate) fn says(before: &str) -> Says {
    static WORDS: LazyLock<Vec<(String, Says)>> = LazyLock::new(|| {
        super::rows(LABELS)
            .filter_map(|row| row.split_once('\t'))
            .map(|(kind, words)| {
                let kind = match kind {
                    "published" => Says::Published,
                    "modified" => Says::Modified,
                    _ => Says::Other,
                };
                (fold(words), kind)
            })
            .collect()
    });
    let from = before.char_indices().rev().nth(34).map_or(0, |(i, _)| i);
    let tail = fold(before.get(from..).unwrap_or_default());
    WORDS
        .iter()
        .filter_map(|(word, kind)| {
            let at = tail.rfind(word.as_str())?;
            let start = tail[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            start.then_some((at + word.len(), word.len(), *kind))
        })
        .max_by_key(|&(end, len, _)| (end, len))
        .map_or(Says::Nothing, |(_, _, kind)| kind)
}

fn time_elements(scan: &Scan, style: Style<'_>, title: Option<usize>, found: &mut Finder) {
    for element in &scan.times {
        let moment = dates::machine(&element.datetime, style)
            .or_else(|| dates::machine(&element.text, style))
            .filter(|m| m.granularity >= Granularity::Day);
        let Some(moment) = moment else { continue };
        let line = scan.lines.get(element.line);
        let before = line.and_then(|l| l.text.split_once(element.text.trim())).map_or("", |(b, _)| b);
        let mut label = says(before);
        if label == Says::Nothing {
            label = if element.marks & mark::MODIFIED != 0 {
                Says::Modified
            } else if element.marks & mark::PUBLISHED != 0 && element.marks & mark::FURNITURE == 0 {
                Says::Published
            } else {
                Says::Nothing
            };
        }
        let near = title.is_none_or(|t| (t.saturating_sub(6)..t + 14).contains(&element.line));
        match label {
            Says::Published | Says::Modified if near => found.offer(Some(moment), How::TimeElement, label),
            Says::Nothing if near && element.marks & mark::FURNITURE == 0 => {
                found.near.get_or_insert(Found::new(moment, How::TimeElement));
            }
            Says::Nothing | Says::Published if element.marks & (mark::FURNITURE | mark::QUOTE) == 0 => {
                found.loose.get_or_insert(Found::new(moment, How::TimeElement));
            }
            _ => {}
        }
    }
}

/// Dates in the words around the headline; returns the one that only stands
/// in a likely place.
fn visible(scan: &Scan, style: Style<'_>, title: Option<usize>, found: &mut Finder) -> Option<Moment> {
    let mut in_element = None;
    let mut near = None;
    for (i, line) in scan.lines.iter().enumerate() {
        if line.text.len() > 120 {
            // "27.1.2031 - The storm …": a date that opens the text.
            if near.is_none() && title.is_some_and(|t| (t + 1..t + 7).contains(&i)) && line.marks & mark::FURNITURE == 0
            {
                near = opening_date(&line.text, style);
            }
            if line.text.len() > 400 {
                continue;
            }
        }
        if !line.text.bytes().any(|b| b.is_ascii_digit()) && line.text.is_ascii() {
            continue;
        }
        let close = title.is_some_and(|t| (t.saturating_sub(4)..t + 9).contains(&i));
        for hit in dates::find(&line.text, style) {
            if hit.moment.granularity < Granularity::Day {
                continue;
            }
            let before = line.text.get(..hit.range.start).unwrap_or_default();
            let mut label = says(before);
            let part = line.parts.iter().filter(|p| p.start <= hit.range.start && hit.range.end <= p.end);
            let marks = part.fold(line.marks, |m, p| m | p.marks);
            if label == Says::Nothing && marks & mark::MODIFIED != 0 && marks & mark::PUBLISHED == 0 {
                label = Says::Modified;
            }
            // Right at the headline, a line that is only a date is the report's, whatever its class.
            let beside = title.is_some_and(|t| i.abs_diff(t) <= 2) && hit.range.len() + 4 >= line.text.len();
            if marks & mark::FURNITURE != 0 && !beside && !(close && label == Says::Published) {
                if label == Says::Published && line.text.len() <= 120 {
                    found.loose.get_or_insert(Found::new(hit.moment, How::VisibleText));
                }
                continue;
            }
            let lonely = hit.range.len() * 2 >= line.text.len() || line.text.len() <= 120;
            match label {
                Says::Other => {}
                Says::Published if lonely || close => {
                    found.offer(Some(hit.moment), How::VisibleText, Says::Published);
                }
                Says::Modified if lonely || close => {
                    found.offer(Some(hit.moment), How::VisibleText, Says::Modified);
                }
                _ if marks & (mark::DATE | mark::BYLINE) != 0
                    && lonely
                    && marks & (mark::QUOTE | mark::CAPTION) == 0 =>
                {
                    in_element.get_or_insert(hit.moment);
                    if close {
                        near = near.or(Some(hit.moment));
                    }
                }
                _ if close && lonely && alone(line, &hit) => {
                    near = near.or(Some(hit.moment));
                }
                _ => {}
            }
        }
    }
    let best = near.or(in_element);
    found.refine(best);
    if found.published.is_none() {
        found.published = best.map(|m| Found::new(m, How::VisibleText));
    }
    near
}

impl Finder {
    /// Many systems stamp UTC but print, and file under, the day of the place.
    /// Where the two are neighbouring days, and a zone can explain that, the
    /// printed day holds; with a printed clock the zone follows from both.
    fn localise(&mut self, printed: Moment) {
        let Some(f) = &mut self.published else { return };
        if f.value.offset != Some(0) || !f.value.has_clock() || printed.date() == f.value.date() {
            return;
        }
        let minutes = |a: jiff::civil::DateTime, b: jiff::civil::DateTime| a.duration_since(b).as_secs() / 60;
        if printed.has_clock() {
            let offset = minutes(printed.at, f.value.at);
            if printed.offset.is_none() && offset % 15 == 0 && (-12 * 60..=14 * 60).contains(&offset) {
                f.value.at = printed.at;
                f.value.offset = i32::try_from(offset * 60).ok();
            }
            return;
        }
        let midnight = Moment::day(printed.date()).at;
        let from = minutes(midnight, f.value.at);
        // Some zone puts the instant into the printed day.
        if from <= 14 * 60 && from + 24 * 60 > -12 * 60 {
            f.value = Moment::day(printed.date());
        }
    }

    /// A clock seen beside the same day.
    fn refine(&mut self, seen: Option<Moment>) {
        if let (Some(f), Some(seen)) = (&mut self.published, seen)
            && !f.value.has_clock()
            && seen.has_clock()
            && f.value.date() == seen.date()
        {
            f.value = seen;
        }
    }
}

fn opening_date(text: &str, style: Style<'_>) -> Option<Moment> {
    let mut end = text.len().min(60);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let hit = dates::find(&text[..end], style).into_iter().next().filter(|h| h.range.start <= 12)?;
    let after = text.get(hit.range.end..)?.trim_start();
    let sets_off = after.starts_with(['-', '–', '—', ':', '|', ')', '.', '(', '/', '„', '“', '"', '«']);
    (sets_off && hit.moment.granularity >= Granularity::Day).then_some(hit.moment)
}

/// The page's own data, where it is drawn by scripts: `"publishedAt":"2031-02-03T…"`.
fn in_scripts(source: &str, style: Style<'_>) -> Option<Found<Moment>> {
    const KEYS: [&str; 14] = [
        "datePublished",
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "publicationDate",
        "publication_date",
        "publishedDate",
        "published_date",
        "firstPublished",
        "pubDate",
        "createdAt",
        "created_at",
        "published",
    ];
    KEYS.iter().find_map(|key| {
        let at = memchr::memmem::find_iter(source.as_bytes(), key.as_bytes()).take(20).find_map(|at| {
            let mut end = (at + key.len() + 60).min(source.len());
            while !source.is_char_boundary(end) {
                end -= 1;
            }
            let rest = source.get(at + key.len()..end)?;
            let value = rest.trim_start_matches(['\\', '"', '\'', ' ']).strip_prefix(':')?;
            let value = value.trim_start_matches(['\\', '"', '\'', ' ']);
            let value = value.split(['"', '\'', ',', '\\', '}']).next()?;
            dates::machine(value, style).filter(|m| m.granularity >= Granularity::Day)
        })?;
        Some(Found::new(at, How::Inferred))
    })
}

/// Whether little else stands on the line: a date in a sentence is its news.
fn alone(line: &Line, hit: &Hit) -> bool {
    let rest = line.text.len() - hit.range.len();
    rest <= 70 && line.text.get(hit.range.end..).is_none_or(|t| t.len() <= 60)
}

/// The last resort: a date that stands alone on its line, anywhere outside
/// menus and comments; the most frequent, then the first.
fn anywhere(scan: &Scan, style: Style<'_>) -> Option<Found<Moment>> {
    let mut seen: Vec<(Moment, usize)> = Vec::new();
    for line in scan.lines.iter().filter(|l| l.text.len() <= 120 && l.marks & mark::FURNITURE == 0).take(400) {
        for hit in dates::find(&line.text, style) {
            if hit.moment.granularity < Granularity::Day
                || says(line.text.get(..hit.range.start).unwrap_or_default()) == Says::Other
                || hit.range.len() * 4 < line.text.len()
            {
                continue;
            }
            if let Some((_, n)) = seen.iter_mut().find(|(m, _)| m.date() == hit.moment.date()) {
                *n += 1;
            } else if seen.len() < 50 {
                seen.push((hit.moment, 1));
            }
        }
    }
    let most = seen.iter().map(|&(_, n)| n).max()?;
    seen.into_iter().find(|&(_, n)| n == most).map(|(m, _)| Found::new(m, How::Inferred))
}

/// "Vell, Friday 7 June 2031, 18:15" right below the headline.
pub(crate) fn stamped_place(scan: &Scan, title: Option<usize>, style: Style<'_>) -> Option<Found<Dateline>> {
    let title = title?;
    let lines = scan.lines.get(title + 1..(title + 4).min(scan.lines.len()))?;
    lines.iter().filter(|l| l.text.len() <= 80 && l.marks & mark::FURNITURE == 0).find_map(|line| {
        dates::find(&line.text, style).first()?;
        let opening =
            super::dateline::opening(&line.text, |_| false).filter(|o| o.dated && o.len == line.text.len())?;
        let place = Dateline { place: opening.place, span: Span::default() };
        Some(Found::new(place, How::VisibleText))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn localised(stamp: &str, printed: &str) -> String {
        let mut found = Finder::default();
        found.offer(dates::machine(stamp, Style::default()), How::JsonLd, Says::Published);
        if let Some(printed) = dates::machine(printed, Style::default()) {
            found.localise(printed);
        }
        found.published.map(|f| f.value.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_printed_day_holds_against_a_stamp_in_utc() {
        assert_eq!(localised("2031-02-04T02:30:00Z", "3 February 2031, 9:30 pm"), "2031-02-03T21:30:00-05:00");
        assert_eq!(localised("2031-02-04T02:30:00Z", "3 February 2031"), "2031-02-03");
        assert_eq!(localised("2031-02-03T23:00:00Z", "4 February 2031"), "2031-02-04");
        // Two days off, or a stamp with a zone of its own: no zone explains it.
        assert_eq!(localised("2031-02-05T02:30:00Z", "3 February 2031"), "2031-02-05T02:30:00Z");
        assert_eq!(localised("2031-02-04T02:30:00+03:00", "3 February 2031"), "2031-02-04T02:30:00+03:00");
    }
}
