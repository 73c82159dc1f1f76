//! Dates as machines and people write them, in many languages.
//!
//! A hand-written scanner instead of one pattern per format: a text is cut
//! into numbers, words and marks, and each place is tried as year-month-day,
//! day-month-year, month-day-year and their numeric kin, with a clock time
//! before or behind. What was printed is kept: granularity, and a zone only
//! where one stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use firsthand_model::{Granularity, Moment};
use firsthand_span::fold;
use jiff::civil::{Date, Time};

/// In which order 03/04/2024 is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// Not known: only numbers that leave no choice are read.
    #[default]
    Unknown,
    DayFirst,
    MonthFirst,
}

/// What is known of the page's way of writing dates.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style<'a> {
    pub(crate) order: Order,
    /// ISO 639 code of the page's language, if known.
    pub(crate) lang: &'a str,
}

/// A date found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) range: Range<usize>,
    pub(crate) moment: Moment,
    /// Written as three numbers with slashes or dashes, its order taken from the page.
    pub(crate) ordered: bool,
}

/// A machine-readable moment: ISO 8601 and its usual misspellings, RFC 2822,
/// Unix time; else the first date in the words.
pub(crate) fn machine(value: &str, style: Style<'_>) -> Option<Moment> {
    let value = value.trim();
    if !value.is_empty() && value.len() <= 17 && value.bytes().all(|b| b.is_ascii_digit()) {
        return digits(value);
    }
    let hit = find(value, style).into_iter().next()?;
    // A long sentence with a date somewhere in it is not a date field.
    (hit.range.start <= 24).then_some(hit.moment)
}

/// 20240512, 20240512083000, and Unix seconds or milliseconds.
fn digits(value: &str) -> Option<Moment> {
    let part = |r: Range<usize>| value.get(r)?.parse::<i64>().ok();
    match value.len() {
        8 | 12 | 14 => {
            let day = civil(part(0..4)?, part(4..6)?, part(6..8)?)?;
            if value.len() == 8 {
                return Some(Moment::day(day));
            }
            let time = clock(part(8..10)?, part(10..12)?, part(12..14).unwrap_or(0))?;
            Some(Moment::clock(day.to_datetime(time), None))
        }
        10 | 13 => {
            let seconds = value.get(..10)?.parse().ok()?;
            let at = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
            in_years(at.date()).map(|_| Moment::clock(at, Some(0)))
        }
        _ => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Value and number of digits.
    Number(i64, u8),
    Month(u8),
    Meridiem(bool),
    Zone(i32),
    /// "de", "of", "th", "at", weekday names and the like: may stand inside a date.
    Filler,
    Word,
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    /// White space stands before it.
    spaced: bool,
}

/// Every date of a text, in order, without overlap. Linear in its length.
pub(crate) fn find(text: &str, style: Style<'_>) -> Vec<Hit> {
    let tokens = tokens(text, style.lang);
    let mut hits = Vec::new();
    let cursor = Cursor { tokens: &tokens, text, style };
    let mut i = 0;
    while i < tokens.len() {
        match cursor.date_at(i) {
            Some((next, hit)) => {
                i = next.max(i + 1);
                hits.push(hit);
            }
            None => i += 1,
        }
    }
    hits
}

fn tokens(text: &str, lang: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut spaced = false;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}') {
            spaced = true;
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if let Some(mut value) = digit(c) {
            let mut n = 1u8;
            while let Some((at, d)) = chars.peek().and_then(|&(at, c)| Some((at + c.len_utf8(), digit(c)?))) {
                value = value.saturating_mul(10).saturating_add(d);
                n = n.saturating_add(1);
                end = at;
                chars.next();
            }
            Kind::Number(value, n)
        } else if matches!(c, '年' | '月' | '日' | '년' | '월' | '일') {
            Kind::Mark(c)
        } else if c.is_alphabetic() {
            let mut last = c;
            while let Some(&(at, c)) = chars.peek() {
                // "stormFri 7 Feb": scraped words run together where markup stood.
                if last.is_lowercase() && c.is_uppercase() {
                    break;
                }
                last = c;
                let mark = firsthand_span::fold_char(c).next().is_none() || is_mark(c);
                if !(c.is_alphabetic() || mark) || matches!(c, '年' | '月' | '日') {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
            word(&text[start..end], lang)
        } else {
            Kind::Mark(match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                '\u{2019}' => '\'',
                c => c,
            })
        };
        out.push(Token { kind, start, end, spaced });
        spaced = false;
    }
    out
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{65f}' | '\u{900}'..='\u{97f}')
}

/// Western, Arabic-Indic, Persian and Devanagari digits.
fn digit(c: char) -> Option<i64> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        _ => return None,
    };
    Some(i64::from(c as u32 - zero as u32))
}

fn word(word: &str, lang: &str) -> Kind {
    static MONTHS: LazyLock<BTreeMap<String, (u8, Option<(u8, &str)>)>> = LazyLock::new(|| {
        let mut months: BTreeMap<String, (u8, Option<(u8, &str)>)> = BTreeMap::new();
        for row in super::rows(include_str!("data/months.tsv")) {
            let mut cells = row.split('\t');
            let (Some(Ok(n)), Some(name)) = (cells.next().map(str::parse::<u8>), cells.next()) else { continue };
            let entry = months.entry(fold(name)).or_insert((n, None));
            match cells.next() {
                Some(lang) => entry.1 = Some((n, lang)),
                None => entry.0 = n,
            }
        }
        months
    });
    static ZONES: LazyLock<BTreeMap<&str, i32>> = LazyLock::new(|| {
        super::rows(include_str!("data/zones.tsv"))
            .filter_map(|row| row.split_once('\t'))
            .filter_map(|(name, minutes)| Some((name, minutes.parse::<i32>().ok()? * 60)))
            .collect()
    });
    static FILLERS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut words: Vec<_> =
            super::rows(include_str!("data/date_words.txt")).flat_map(|row| row.split_whitespace().map(fold)).collect();
        words.sort_unstable();
        words.dedup();
        words
    });
    if word.len() > 40 {
        return Kind::Word;
    }
    let folded = fold(word);
    if let Some(&(n, special)) = MONTHS.get(&folded) {
        return Kind::Month(special.filter(|(_, l)| *l == lang).map_or(n, |(n, _)| n));
    }
    match word {
        "am" | "AM" | "Am" | "a" | "A" => return Kind::Meridiem(false),
        "pm" | "PM" | "Pm" | "p" | "P" => return Kind::Meridiem(true),
        "T" | "t" => return Kind::Filler,
        _ => {}
    }
    if word.chars().all(|c| c.is_uppercase())
        && let Some(&offset) = ZONES.get(folded.as_str())
    {
        return Kind::Zone(offset);
    }
    if FILLERS.binary_search(&folded).is_ok() { Kind::Filler } else { Kind::Word }
}

fn in_years(date: Date) -> Option<Date> {
    (1990..=2099).contains(&date.year()).then_some(date)
}

fn civil(y: i64, m: i64, d: i64) -> Option<Date> {
    Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok().and_then(in_years)
}

fn clock(h: i64, m: i64, s: i64) -> Option<Time> {
    Time::new(i8::try_from(h).ok()?, i8::try_from(m).ok()?, i8::try_from(s).ok()?, 0).ok()
}

struct Cursor<'a> {
    tokens: &'a [Token],
    text: &'a str,
    style: Style<'a>,
}

impl Cursor<'_> {
    fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    fn number(&self, i: usize) -> Option<(i64, u8)> {
        match self.kind(i)? {
            Kind::Number(v, n) => Some((v, n)),
            _ => None,
        }
    }

    fn is(&self, i: usize, marks: &str) -> bool {
        matches!(self.kind(i), Some(Kind::Mark(c)) if marks.contains(c))
    }

    fn spaced(&self, i: usize) -> bool {
        self.tokens.get(i).is_none_or(|t| t.spaced)
    }

    /// Skips marks of `marks` and up to two fillers.
    fn skip(&self, mut i: usize, marks: &str) -> usize {
        let from = i;
        while i < from + 4 && (self.is(i, marks) || self.kind(i) == Some(Kind::Filler)) {
            i += 1;
        }
        i
    }

    /// A date (with its clock, where there is one) that starts at token `i`.
    fn date_at(&self, i: usize) -> Option<(usize, Hit)> {
        let first = self.tokens.get(i)?;
        // A number that goes on to the left ("1.2024-05-12", "12:30") is no start.
        if i > 0 && !first.spaced && matches!(first.kind, Kind::Number(..)) && self.is(i - 1, ".:,-/$€£") {
            let before = i.checked_sub(2).and_then(|j| self.number(j));
            if before.is_some() && !first.spaced {
                return None;
            }
        }
        let before = self.clock_before(i);
        let start = before.as_ref().map_or(i, |b| b.0);
        let (next, date, ordered, granularity) = self.numeric(start).or_else(|| self.textual(start))?;
        let from = self.tokens.get(i)?.start;
        let mut end = self.tokens.get(next.checked_sub(1)?)?.end;
        let mut moment = Moment { granularity, ..Moment::day(date) };
        let mut after = next;
        if granularity == Granularity::Day {
            if let Some((_, time, offset)) = before {
                moment = Moment::clock(date.to_datetime(time), offset);
            } else if let Some((n, time, offset)) = self.clock_after(next) {
                moment = Moment::clock(date.to_datetime(time), offset);
                after = n;
                end = self.tokens.get(n.checked_sub(1)?)?.end;
            }
        } else if before.is_some() {
            return None;
        }
        debug_assert!(self.text.get(from..end).is_some());
        Some((after, Hit { range: from..end, moment, ordered }))
    }

    /// Three numbers, or numbers with the characters of East Asia.
    fn numeric(&self, i: usize) -> Option<(usize, Date, bool, Granularity)> {
        let (a, an) = self.number(i)?;
        // 2024年5月12日, 2024년 5월 12일
        if an == 4 && self.is(i + 1, "年년") {
            let (m, _) = self.number(i + 2)?;
            if !self.is(i + 3, "月월") {
                return None;
            }
            let (d, _) = self.number(i + 4)?;
            return Some((i + 5 + usize::from(self.is(i + 5, "日일")), civil(a, m, d)?, false, Granularity::Day));
        }
        let Kind::Mark(sep @ ('-' | '/' | '.')) = self.kind(i + 1)? else { return None };
        let (b, bn) = self.number(i + 2)?;
        if !self.is(i + 3, &sep.to_string()) || bn > 2 {
            return None;
        }
        let (c, cn) = self.number(i + 4)?;
        // Tight, or loose on both sides: "12. 5. 2024", "12 / 05 / 2024".
        if self.spaced(i + 1) != self.spaced(i + 3) || (self.spaced(i + 2) != self.spaced(i + 4)) {
            return None;
        }
        let more = self.is(i + 5, ".-/") && !self.spaced(i + 5) && self.number(i + 6).is_some() && !self.spaced(i + 6);
        if more && an != 4 {
            return None;
        }
        if an == 4 && cn <= 2 {
            return Some((i + 5, civil(a, b, c)?, false, Granularity::Day));
        }
        if an > 2 || !(cn == 4 || cn == 2 && an == 2 && bn == 2) {
            return None;
        }
        let year = if cn == 2 { 2000 + c } else { c };
        if cn == 2 && (c > 40 || self.is(i + 5, ":")) {
            return None;
        }
        let day_first = civil(year, b, a);
        let month_first = civil(year, a, b);
        let (date, ordered) = match (day_first, month_first) {
            (Some(d), None) => (d, false),
            (None, Some(d)) => (d, false),
            (Some(d), Some(e)) if d == e || sep == '.' => (d, false),
            (Some(d), Some(m)) => match self.style.order {
                Order::DayFirst => (d, true),
                Order::MonthFirst => (m, true),
                // With dashes, as with full stops, the day comes first nearly everywhere.
                Order::Unknown if sep == '-' => (d, true),
                Order::Unknown => return None,
            },
            (None, None) => return None,
        };
        Some((i + 5, date, ordered, Granularity::Day))
    }

    /// A month by name, with day and year.
    fn textual(&self, i: usize) -> Option<(usize, Date, bool, Granularity)> {
        if let Kind::Month(m) = self.kind(i)? {
            return self.month_first(i, i64::from(m));
        }
        let (a, an) = self.number(i)?;
        let j = self.skip(i + 1, ".,-/'º°");
        let Kind::Month(month) = self.kind(j)? else {
            return self.vietnamese(i);
        };
        let m = i64::from(month);
        if an == 4 {
            // "2024. május 12.", "2024 May 12"
            let k = self.skip(j + 1, ".,-/");
            let (d, n) = self.number(k)?;
            return (n <= 2).then(|| civil(a, m, d)).flatten().map(|date| (k + 1, date, false, Granularity::Day));
        }
        if an > 2 {
            return None;
        }
        let mut k = self.skip(j + 1, ".,-/'");
        // The month by both its names, as in the Arab east: "3 شباط / فبراير 2031".
        if self.kind(k) == Some(Kind::Month(month)) {
            k = self.skip(k + 1, ".,-/'");
        }
        let year = self.year(k)?;
        Some((k + 1, civil(year, m, a)?, false, Granularity::Day))
    }

    /// "May 12, 2024" and "May 2024".
    fn month_first(&self, i: usize, m: i64) -> Option<(usize, Date, bool, Granularity)> {
        let j = self.skip(i + 1, ".-/");
        let (d, n) = self.number(j)?;
        if n == 4 {
            let month = Moment::day(civil(d, m, 1)?).date();
            return Some((j + 1, month, false, Granularity::Month));
        }
        if n > 2 {
            return None;
        }
        let k = self.skip(j + 1, ".,-/'");
        let year = self.year(k)?;
        // "May 12 - 14:30" has no year.
        Some((k + 1, civil(year, m, d)?, false, Granularity::Day))
    }

    /// "12 tháng 5, 2024": the month is a number behind its word.
    fn vietnamese(&self, i: usize) -> Option<(usize, Date, bool, Granularity)> {
        let (d, n) = self.number(i)?;
        let word = self.tokens.get(i + 1).filter(|t| t.kind == Kind::Word || t.kind == Kind::Filler)?;
        if n > 2 || fold(self.text.get(word.start..word.end)?) != "thang" {
            return None;
        }
        let (m, _) = self.number(i + 2)?;
        let k = self.skip(i + 3, ".,-/");
        Some((k + 1, civil(self.year(k)?, m, d)?, false, Granularity::Day))
    }

    fn year(&self, i: usize) -> Option<i64> {
        let (y, n) = self.number(i)?;
        match n {
            4 => Some(y),
            // "12 May '24", "12-May-24"
            2 if y <= 40 && self.is(i.wrapping_sub(1), "'-") => Some(2000 + y),
            _ => None,
        }
    }

    /// "14:02, 17 Oct 2023", "10:20 PM on May 12": a clock at `i`, and where the date starts.
    fn clock_before(&self, i: usize) -> Option<(usize, Time, Option<i32>)> {
        let (h, n) = self.number(i)?;
        if n > 2 || !self.is(i + 1, ":h") || self.spaced(i + 1) {
            return None;
        }
        let (next, time, offset) = self.clock_at(i, h)?;
        let start = self.skip(next, ",-|·•");
        matches!(self.kind(start), Some(Kind::Number(..) | Kind::Month(_))).then_some((start, time, offset))
    }

    /// A clock behind a date that ends before token `i`.
    fn clock_after(&self, i: usize) -> Option<(usize, Time, Option<i32>)> {
        let mut j = i;
        let mut gap = 0;
        // "a las 14:30": the letter is a preposition where no clock stands before it.
        while gap < 5 && (self.is(j, ",-|·•/(@:;.") || matches!(self.kind(j), Some(Kind::Filler | Kind::Meridiem(_))))
        {
            j += 1;
            gap += 1;
        }
        let (h, n) = self.number(j)?;
        if n > 2 {
            return None;
        }
        self.clock_at(j, h)
    }

    /// `14:02`, `14:02:30.5`, `2.40 pm`, `10 a.m.`, `14h30`, with a zone.
    fn clock_at(&self, i: usize, h: i64) -> Option<(usize, Time, Option<i32>)> {
        let mut next = i + 1;
        let (mut m, mut s) = (0, 0);
        let mut colon = false;
        let joined = |k: usize| !self.spaced(k);
        let hour_word = self
            .tokens
            .get(next)
            .is_some_and(|t| self.text.get(t.start..t.end).is_some_and(|w| w.eq_ignore_ascii_case("h")));
        if (self.is(next, ":.") || hour_word) && (joined(next) || hour_word) {
            match self.number(next + 1) {
                Some((v, 2)) if v < 60 && (joined(next + 1) || hour_word) => {
                    colon = self.is(next, ":") || hour_word;
                    m = v;
                    next += 2;
                    if self.is(next, ":")
                        && joined(next)
                        && let Some((v, 2)) = self.number(next + 1)
                        && v < 60
                    {
                        s = v;
                        next += 2;
                        // Fractions of a second mean nothing to a newspaper.
                        if self.is(next, ".,") && joined(next) && self.number(next + 1).is_some() && joined(next + 1) {
                            next += 2;
                        }
                    }
                }
                _ if hour_word => {
                    next += 1;
                    colon = true;
                }
                _ => {}
            }
        }
        let minutes = next > i + 1;
        let mut meridiem = None;
        if let Some(Kind::Meridiem(pm)) = self.kind(next) {
            let t = self.tokens.get(next)?;
            let two = t.end - t.start == 2;
            if two {
                meridiem = Some(pm);
                next += 1;
            } else if self.is(next + 1, ".") && !self.spaced(next + 1) {
                // "a.m.", "p.m."
                let m = self.tokens.get(next + 2)?;
                if self.text.get(m.start..m.end).is_some_and(|w| w.eq_ignore_ascii_case("m")) {
                    meridiem = Some(pm);
                    next += 3 + usize::from(self.is(next + 3, "."));
                }
            }
        }
        if !minutes && meridiem.is_none() {
            return None;
        }
        let h = match meridiem {
            Some(true) if h < 12 => h + 12,
            Some(false) if h == 12 => 0,
            _ => h,
        };
        let time = clock(h, m, s)?;
        let (next, offset) = self.zone(next, colon);
        Some((next, time, offset))
    }

    /// "0700" right behind its sign.
    fn is_offset(&self, i: usize) -> bool {
        !self.spaced(i) && self.number(i).is_some_and(|(v, n)| n == 4 && v <= 1400)
    }

    fn zone(&self, i: usize, colon: bool) -> (usize, Option<i32>) {
        let mut next = i;
        let mut named = None;
        let open = usize::from(self.is(next, "("));
        if let Some(Kind::Zone(offset)) = self.kind(next + open) {
            named = Some(offset);
            next += 1 + open;
        } else if open > 0 {
            return (i, None);
        }
        let signed = match self.kind(next) {
            Some(Kind::Mark('+')) => 1,
            Some(Kind::Mark('-')) if named == Some(0) || !self.spaced(next) || self.is_offset(next + 1) => -1,
            _ => return (next, named),
        };
        let utc = named == Some(0) || colon && named.is_none();
        let Some((v, n)) = self.number(next + 1).filter(|_| utc && !self.spaced(next + 1)) else {
            return (next, named);
        };
        let (hours, minutes, end) = match (n, self.is(next + 2, ":").then(|| self.number(next + 3)).flatten()) {
            (1 | 2, Some((m, 2))) => (v, m, next + 4),
            (1 | 2, None) => (v, 0, next + 2),
            (4, _) => (v / 100, v % 100, next + 2),
            _ => return (next, named),
        };
        if hours > 14 || minutes > 59 {
            return (next, named);
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).unwrap_or(0);
        (end, Some(signed * seconds))
    }
}

/// Whether a word is a weekday or another word that stands in dates.
pub(crate) fn is_filler(text: &str) -> bool {
    text.len() > 2 && !text.contains(' ') && word(text, "") == Kind::Filler
}

/// The text without the dates in it.
pub(crate) fn without(text: &str, style: Style<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for hit in find(text, style) {
        out.push_str(text.get(at..hit.range.start).unwrap_or_default());
        out.push_str(" | ");
        at = hit.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<String> {
        find(text, Style::default()).first().map(|h| h.moment.to_string())
    }

    #[test]
    fn the_formats_of_the_worlds_newspapers() {
        for (text, value) in [
            ("2031-02-03T04:05:06Z", "2031-02-03T04:05:06Z"),
            ("2031-02-03T04:05:06.123+05:30", "2031-02-03T04:05:06+05:30"),
            ("2031-02-03 04:05:06 -0700", "2031-02-03T04:05:06-07:00"),
            ("Mon, 03 Feb 2031 04:05:06 GMT", "2031-02-03T04:05:06Z"),
            ("3 February 2031, 16:45", "2031-02-03T16:45:00"),
            ("February 3, 2031 10:20 AM (Harbour time)", "2031-02-03T10:20:00"),
            ("Feb. 3, 2031, 10:40 p.m.", "2031-02-03T22:40:00"),
            ("Posted by Mole on February 3, 2031 at 1:14 am | 4 comments", "2031-02-03T01:14:00"),
            ("03.02.2031 - 16:20", "2031-02-03T16:20:00"),
            ("Updated: 14:02, 3 Feb 2031", "2031-02-03T14:02:00"),
            ("3 February 2031 08.55 CET", "2031-02-03T08:55:00+01:00"),
            ("3 February 2031, 1.40 pm", "2031-02-03T13:40:00"),
            ("Mon 3 Feb 2031 15.27 GMT", "2031-02-03T15:27:00Z"),
            ("Am 3. Februar 2031 um 14:30 Uhr", "2031-02-03T14:30:00"),
            ("le 3 février 2031 à 14h30", "2031-02-03T14:30:00"),
            ("3 de febrero de 2031", "2031-02-03"),
            ("2031. február 3.", "2031-02-03"),
            ("3 лютого 2031, 09:10", "2031-02-03T09:10:00"),
            ("3 شباط 2031", "2031-02-03"),
            ("٣ فبراير ٢٠٣١", "2031-02-03"),
            ("3 شباط / فبراير 2031 09:22", "2031-02-03T09:22:00"),
            ("2031年2月3日", "2031-02-03"),
            ("3 tháng 2, 2031", "2031-02-03"),
            ("23/02/2031 - 15:10", "2031-02-23T15:10:00"),
            ("02/23/2031", "2031-02-23"),
            ("3-Feb-31", "2031-02-03"),
            ("February 2031", "2031-02"),
            ("next hearing on 24 June10.02.2031 - 16:20", "2031-02-10T16:20:00"),
            ("a ferry is lost15/02/2031 - 15:10", "2031-02-15T15:10:00"),
        ] {
            assert_eq!(first(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_leaves_a_choice_is_not_read() {
        for text in ["03/04/2031", "Room 114", "1.2.3.2031", "24 June", "31.02.2031", "version 10.2.3", "12:30", ""] {
            assert_eq!(first(text), None, "{text}");
        }
        let us = Style { order: Order::MonthFirst, lang: "en" };
        assert_eq!(find("03/04/2031", us)[0].moment.to_string(), "2031-03-04");
    }

    #[test]
    fn machine_fields_take_unix_time() {
        let value = |v| machine(v, Style::default()).map(|m| m.to_string());
        assert_eq!(value("1700000000").as_deref(), Some("2023-11-14T22:13:20Z"));
        assert_eq!(value("20310203").as_deref(), Some("2031-02-03"));
        assert_eq!(value("99999999999999999"), None);
    }
}
