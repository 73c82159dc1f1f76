//! The line that opens a report: "PORT VELL, Norland, March 15 (NPA) - …".
//!
//! Told by form: capitals or an agency in brackets or a date without a
//! sentence, then a dash or full stop. Nothing is looked up, so the places
//! and agencies may be ones nobody has heard of.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::{self, Style};

/// A dateline as it stands at the head of a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opening {
    /// "PORT VELL, Norland"; empty where only an agency stands.
    pub(crate) place: String,
    /// The agency in brackets or slashes.
    pub(crate) agency: Option<String>,
    /// Bytes of the paragraph up to and with the dash.
    pub(crate) len: usize,
    /// A day stands in it.
    pub(crate) dated: bool,
}

/// The longest a dateline may be, in bytes.
const LONGEST: usize = 110;

/// Reads the dateline of a paragraph. `is_place` says whether a word is used
/// as a place in the rest of the text: "Vell. The storm …" is one only then.
pub(crate) fn opening(paragraph: &str, is_place: impl Fn(&str) -> bool) -> Option<Opening> {
    // "PLACE, Region, date (AGENCY) -": the dash with spaces, or long.
    static DASH: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\s*(?:\s[-–—]{1,2}\s|\s?[—–]\s?|\s--\s?)").ok());
    static SLASHED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^([^/\n]{2,80}?)[.,:]?\s*/\s?([^/\n]{2,40}?)\s?/\.?:?\s*[-–—]?\s*").ok());
    let mut limit = paragraph.len().min(LONGEST);
    while !paragraph.is_char_boundary(limit) {
        limit -= 1;
    }
    let head = &paragraph[..limit];
    if let Some(m) = SLASHED.as_ref().and_then(|r| r.captures(head)) {
        let (place, agency) = (m.get(1)?.as_str(), m.get(2)?.as_str());
        if agency.chars().any(char::is_uppercase)
            && let Some((place, dated)) = places(place)
            && (dated || is_capitals(&place))
        {
            return Some(Opening { place, agency: Some(agency.trim().to_owned()), len: m.get(0)?.end(), dated });
        }
    }
    let mut from = 0;
    while let Some(m) = DASH.as_ref().and_then(|r| r.find_at(head, from)) {
        if let Some(found) = before_dash(&head[..m.start()], m.end()) {
            return Some(found);
        }
        from = m.end();
        if from > 80 {
            break;
        }
    }
    before_stop(head, paragraph.len(), is_place)
}

fn before_dash(head: &str, len: usize) -> Option<Opening> {
    let head = head.trim().trim_end_matches([',', '.', ':']);
    let (head, agency) = match head.strip_suffix(')').and_then(|h| h.rsplit_once('(')) {
        Some((rest, agency)) if is_agency(agency) => (rest.trim(), Some(agency.trim().to_owned())),
        Some(_) => return None,
        None => (head, None),
    };
    if head.is_empty() {
        return agency.map(|a| Opening { place: String::new(), agency: Some(a), len, dated: false });
    }
    let (place, dated) = places(head)?;
    let capitals = is_capitals(place.split(',').next().unwrap_or_default());
    let sure = capitals || agency.is_some() || dated;
    sure.then_some(Opening { place, agency, len, dated })
}

/// "STERN, 16 March. The ship …", "Vell. The storm …", and a line of its own.
fn before_stop(head: &str, whole: usize, is_place: impl Fn(&str) -> bool) -> Option<Opening> {
    let (first, len) = match head.split_once(". ") {
        Some((first, rest)) if rest.chars().next().is_some_and(|c| c.is_uppercase() || "“\"'‘«".contains(c)) => {
            (first, first.len() + 2)
        }
        _ if whole == head.len() && head.len() <= 70 => (head.trim_end_matches('.'), head.len()),
        _ => return None,
    };
    // "Oct. 19" has a full stop of its own; a dateline like that has a dash.
    let (place, dated) = places(first)?;
    let capitals = is_capitals(place.split(',').next().unwrap_or_default());
    let own_line = len == whole;
    let sure = if own_line {
        dated || capitals && place.split(' ').count() <= 3 && is_place(&place)
    } else {
        dated && (capitals || is_place(&place)) || !place.contains(' ') && is_place(&place)
    };
    sure.then_some(Opening { place, agency: None, len, dated })
}

/// "PORT VELL, Norland, March 15" as its place and whether a day follows:
/// every part must be one or the other.
fn places(head: &str) -> Option<(String, bool)> {
    let mut place: Vec<&str> = Vec::new();
    let mut dated = false;
    for part in head.split(',') {
        let part = part.trim();
        if is_day(part) {
            dated = true;
        } else if dated || place.len() >= 3 || !is_name(part) {
            return None;
        } else {
            place.push(part);
        }
    }
    (!place.is_empty()).then(|| (place.join(", "), dated))
}

/// A place name by its form: one to four words with capitals.
fn is_name(part: &str) -> bool {
    let words: Vec<&str> = part.split([' ', '/']).filter(|w| !w.is_empty()).collect();
    let letters = part.chars().all(|c| c.is_alphabetic() || " .'’-/".contains(c));
    let caps = words.iter().filter(|w| w.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase())).count();
    (1..=4).contains(&words.len())
        && letters
        && part.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && words.first().is_some_and(|w| !w.chars().next().is_some_and(char::is_lowercase))
        && caps * 2 > words.len()
}

fn is_capitals(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() >= 2 && letters.iter().all(|c| c.is_uppercase())
}

/// "8 June", "Oct 19", "Friday 7 June 2024", "18:15", "2024".
fn is_day(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        // A weekday alone.
        return dates::is_filler(part);
    }
    if part.len() > 30 {
        return false;
    }
    let clock = part.len() <= 8 && part.chars().all(|c| c.is_ascii_digit() || c == ':' || c == '.') && digits >= 3;
    // A year makes any day without one a whole date.
    let whole = |s: &str| dates::find(s, Style::default()).first().is_some_and(|h| h.range.len() * 2 > s.len());
    clock || whole(part) || whole(&format!("{} 2024", part.trim_end_matches('.')))
}

/// What may stand in the brackets of a dateline: a name, not a remark.
fn is_agency(text: &str) -> bool {
    let text = text.trim();
    let words = text.split(['/', ' ']).count();
    (2..=40).contains(&text.chars().count())
        && words <= 4
        && !text.chars().any(|c| c.is_ascii_digit())
        && (text.chars().next().is_some_and(char::is_uppercase)
            || text.chars().count() <= 5 && text.chars().all(char::is_alphabetic)
            || text.chars().any(|c| c.is_alphabetic() && !c.is_lowercase()))
}

/// What a credit at the end of a text names: "Reporting by Ida Holm in Vell;
/// with Northwire", "— Northwire", "(NPA)".
pub(crate) fn signature(paragraph: &str) -> Option<String> {
    static END: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?:[.!?”"’»)]\s*(?:—|–|--)\s?|[.!?”"’»]\s*\()([\p{Lu}][\p{L}&.\- ]{1,30}?|[a-z]{2,5})\)?\s*$"#)
            .ok()
    });
    let from = paragraph.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    let tail = paragraph.get(from..)?;
    // Most paragraphs have none of these at their end.
    if !tail.contains(['—', '–', '(']) && !tail.contains("--") {
        return None;
    }
    let name = END.as_ref()?.captures(tail)?.get(1)?.as_str().trim();
    (name.split(' ').count() <= 3).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<String>, String)> {
        let o = opening(text, |w| w == "Vell" || w == "PORT VELL")?;
        Some((o.place, o.agency, text[o.len..].to_owned()))
    }

    #[test]
    fn places_agencies_and_where_the_sentence_starts() {
        for (text, place, agency, rest) in [
            (
                "PORT VELL, Norland, March 15 (Northwire) - A pier fell.",
                "PORT VELL, Norland",
                Some("Northwire"),
                "A pier fell.",
            ),
            ("VELL, 8 June (NPA) - Police said no.", "VELL", Some("NPA"), "Police said no."),
            ("VELL/STERN, Oct 19 (NPA) - The pier fell.", "VELL/STERN", Some("NPA"), "The pier fell."),
            ("VELL, October 18. /NTA/. The pier fell.", "VELL", Some("NTA"), "The pier fell."),
            ("STERN, 16 March. The ship sank.", "STERN", None, "The ship sank."),
            ("VELL, Norland — Crews came.", "VELL, Norland", None, "Crews came."),
            ("VELL (NPA) — Crews came.", "VELL", Some("NPA"), "Crews came."),
            ("Vell (npa) - Crews came.", "Vell", Some("npa"), "Crews came."),
            ("(Northwire) - Crews came.", "", Some("Northwire"), "Crews came."),
            ("Vell. The storm came.", "Vell", None, "The storm came."),
            ("Vell, 6 June 2024", "Vell", None, ""),
            ("PORT VELL", "PORT VELL", None, ""),
        ] {
            let want = Some((place.to_owned(), agency.map(str::to_owned), rest.to_owned()));
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn sentences_are_no_datelines() {
        for text in [
            "A pier fell - and nobody saw it.",
            "No. The minister left.",
            "The mayor, Ida Holm — who came late — said so.",
            "BREAKING NEWS FROM ALL OVER THE WORLD",
            "He left (again) - and came back.",
            "“Vell. The storm”",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn signatures_at_the_end() {
        assert_eq!(signature("They left. — Northwire").as_deref(), Some("Northwire"));
        assert_eq!(signature("They left. (npa)").as_deref(), Some("npa"));
        assert_eq!(signature("They left the pier."), None);
        assert_eq!(signature("It fell (the pier)."), None);
    }
}
