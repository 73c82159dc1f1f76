//! Finds time expressions and says what their words mean, before any anchor.

use firsthand_model::TimeKind;
use jiff::civil::Weekday;

use super::grain::Unit;
use crate::lex::Lexed;
use crate::number::{Form, number};

/// A part of the day, as TIMEX3 writes it.
pub(crate) type DayPart = &'static str;

/// A clock time: minutes since midnight as printed, and the zone's word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    pub(crate) hour: i8,
    pub(crate) minute: Option<i8>,
    pub(crate) utc: bool,
}

/// Where a relative expression counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// The publication ("last week", "two days ago").
    Publication,
    /// The date spoken of last ("two days later", "the next day").
    Text,
}

/// What an expression means, its anchor aside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// Year, month, day: what was printed of them.
    Date {
        year: Option<i16>,
        month: Option<i8>,
        day: Option<i8>,
        shift: Option<i8>,
    },
    Weekday {
        day: Weekday,
        shift: Option<i8>,
    },
    /// The unit `n` units from the anchor.
    Moved {
        unit: Unit,
        n: i64,
        from: From,
    },
    /// A vague number of units ago.
    Season {
        season: i8,
        year: Option<i16>,
        shift: Option<i8>,
    },
    Quarter {
        quarter: i8,
        year: Option<i16>,
        shift: Option<i8>,
    },
    Half {
        half: i8,
        year: Option<i16>,
        shift: Option<i8>,
    },
    Decade(i16),
    Century(i16),
    Bc(i16),
    Fiscal(i16),
    /// PAST_REF, PRESENT_REF, FUTURE_REF.
    Ref(&'static str),
    /// A duration, set or other value that needs no anchor.
    Fixed(String),
    /// The day, month or year spoken of last ("that day").
    Same(Unit),
    /// A clock time or part of the day alone: the day is that of the context.
    OnDay,
    /// A feast: month and day, or the nth weekday of a month.
    Feast(Feast),
}

/// When a feast falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Feast {
    pub(crate) month: i8,
    /// Day of the month; or which weekday (negative) of it.
    pub(crate) day: i8,
    pub(crate) nth: Option<(i8, Weekday)>,
    pub(crate) year: Option<i16>,
    pub(crate) easter: bool,
    pub(crate) shift: Option<i8>,
}

/// An expression: pieces `first..end`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) kind: TimeKind,
    pub(crate) meaning: Meaning,
    pub(crate) part: Option<DayPart>,
    pub(crate) clock: Option<Clock>,
    pub(crate) rule: &'static str,
}

fn of(first: usize, end: usize, kind: TimeKind, meaning: Meaning, rule: &'static str) -> Expression {
    Expression { first, end, kind, meaning, part: None, clock: None, rule }
}

/// The month of a lower-case word.
fn month_name(w: &str) -> Option<i8> {
    Some(match w {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// A month at piece `i`: its number and the piece after it (with the dot of "Oct.").
fn month(lx: &Lexed<'_>, i: usize) -> Option<(i8, usize)> {
    let m = month_name(lx.w(i)).filter(|_| lx.capital(i))?;
    let dotted =
        lx.w(i).len() <= 4 && lx.w(i + 1) == "." && lx.tight(i + 1) && !matches!(lx.w(i), "may" | "june" | "july");
    Some((m, i + 1 + usize::from(dotted)))
}

fn weekday_name(w: &str) -> Option<Weekday> {
    Some(match w {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn weekday(lx: &Lexed<'_>, i: usize) -> Option<(Weekday, usize)> {
    let d = weekday_name(lx.w(i)).filter(|_| lx.capital(i))?;
    if lx.w(i).len() > 5 {
        return Some((d, i + 1));
    }
    // Short forms only with a dot, or before a comma and a date ("Sun, 12 May").
    let dot = lx.w(i + 1) == "." && lx.tight(i + 1) && (month(lx, i + 2).is_some() || lx.w(i + 2) == ",");
    if dot {
        return Some((d, i + 2));
    }
    (lx.w(i + 1) == "," && (month(lx, i + 2).is_some() || lx.is_digits(i + 2))).then_some((d, i + 1))
}

/// A day of the month at piece `i`: "5", "5th", "fifth".
fn day_number(lx: &Lexed<'_>, i: usize) -> Option<(i8, usize)> {
    if lx.is_digits(i) {
        let d: i8 = lx.w(i).parse().ok().filter(|d| (1..=31).contains(d))?;
        if lx.tight(i + 1) && matches!(lx.w(i + 1), "st" | "nd" | "rd" | "th") {
            return Some((d, i + 2));
        }
        // "5%", "5:30", "5-year", "5.5", "12km"
        if lx.tight(i + 1)
            && (lx.w(i + 1) == ":" && lx.is_digits(i + 2)
                || lx.w(i + 1) == "%"
                || lx.w(i + 1) == "/"
                || lx.is_word(i + 1))
        {
            return None;
        }
        return Some((d, i + 1));
    }
    if lx.is_word(i)
        && let Some(n) = number(lx, i, false).filter(|n| n.form == Form::Ordinal && n.value <= 31.0)
    {
        return Some((n.value as i8, n.end));
    }
    None
}

/// Four digits that are a year.
fn year4(lx: &Lexed<'_>, i: usize) -> Option<i16> {
    let w = lx.w(i);
    (lx.is_digits(i) && w.len() == 4 && !w.contains(['.', ',']))
        .then(|| w.parse().ok())
        .flatten()
        .filter(|y| (1000..2100).contains(y))
}

/// A year after a date: "1998", "'98".
fn year_after(lx: &Lexed<'_>, i: usize) -> Option<(i16, usize)> {
    if let Some(y) = year4(lx, i).filter(|_| !(lx.tight(i + 1) && lx.w(i + 1) == ":" && lx.is_digits(i + 2))) {
        return Some((y, i + 1));
    }
    if matches!(lx.w(i), "'" | "\u{2019}" | "\u{2018}")
        && lx.is_digits(i + 1)
        && lx.w(i + 1).len() == 2
        && lx.tight(i + 1)
    {
        let y: i16 = lx.w(i + 1).parse().ok()?;
        return Some((if y < 30 { 2000 + y } else { 1900 + y }, i + 2));
    }
    None
}

fn zone(w: &str) -> Option<bool> {
    match w {
        "gmt" | "utc" => Some(true),
        "est" | "edt" | "pst" | "pdt" | "cst" | "cdt" | "mst" | "mdt" | "et" | "pt" | "cet" | "cest" | "bst"
        | "ist" | "jst" => Some(false),
        _ => None,
    }
}

fn meridiem(lx: &Lexed<'_>, i: usize) -> Option<bool> {
    match lx.w(i) {
        "a.m." | "a.m" => Some(false),
        "am" if lx.is_digits(i.wrapping_sub(1)) => Some(false),
        "p.m." | "p.m" => Some(true),
        "pm" if lx.is_digits(i.wrapping_sub(1)) => Some(true),
        _ => None,
    }
}

/// A clock time at piece `i`.
fn clock(lx: &Lexed<'_>, i: usize) -> Option<(Clock, usize)> {
    let plain = |hour, minute, end| {
        let (utc, end) = zone_after(lx, end);
        Some((Clock { hour, minute, utc }, end))
    };
    match lx.w(i) {
        "noon" | "midday" => return plain(12, Some(0), i + 1),
        "midnight" => return plain(0, Some(0), i + 1),
        _ => {}
    }
    let (mut hour, mut minute, mut end, digits);
    if lx.is_digits(i) {
        digits = true;
        let w = lx.w(i);
        if lx.w(i + 1) == ":"
            && lx.tight(i + 1)
            && lx.is_digits(i + 2)
            && lx.tight(i + 2)
            && lx.w(i + 2).len() == 2
            && w.len() <= 2
        {
            hour = w.parse().ok()?;
            minute = Some(lx.w(i + 2).parse().ok()?);
            end = i + 3;
            if lx.w(end) == ":" && lx.tight(end) && lx.is_digits(end + 1) {
                end += 2;
            }
        } else if let Some((h, m)) = w.split_once('.').filter(|(h, m)| h.len() <= 2 && m.len() == 2) {
            meridiem(lx, i + 1)?;
            hour = h.parse().ok()?;
            minute = Some(m.parse().ok()?);
            end = i + 1;
        } else if w.len() == 4
            && !w.contains('.')
            && (zone(lx.w(i + 1)).is_some()
                || lx.has(i + 1, &["local", "time"])
                || matches!(lx.w(i + 1), "hours" | "hrs"))
        {
            hour = w.get(..2)?.parse().ok()?;
            minute = Some(w.get(2..)?.parse().ok()?);
            end = i + 1 + usize::from(matches!(lx.w(i + 1), "hours" | "hrs"));
        } else if w.len() <= 2
            && (meridiem(lx, i + 1).is_some()
                || matches!(lx.w(i + 1), "o'clock" | "o\u{2019}clock")
                || zone(lx.w(i + 1)).is_some_and(|_| lx.capital(i + 1)))
        {
            hour = w.parse().ok()?;
            minute = None;
            end = i + 1;
        } else {
            return None;
        }
    } else {
        digits = false;
        let n = number(lx, i, false)
            .filter(|n| n.form == Form::Cardinal && n.value <= 12.0 && n.value.fract() == 0.0 && n.value >= 1.0)?;
        if !(matches!(lx.w(n.end), "o'clock" | "o\u{2019}clock") || meridiem(lx, n.end).is_some()) {
            return None;
        }
        hour = n.value as i8;
        minute = None;
        end = n.end;
    }
    let _ = digits;
    if matches!(lx.w(end), "o'clock" | "o\u{2019}clock") {
        end += 1;
    }
    let mut half = meridiem(lx, end);
    if half.is_some() {
        end += 1;
    }
    let (utc, zoned) = zone_after(lx, end);
    end = zoned;
    // "5:30 Friday afternoon", "six in the evening"
    if half.is_none() && lx.has(end, &["in", "the"]) && matches!(lx.w(end + 2), "morning" | "afternoon" | "evening") {
        half = Some(lx.w(end + 2) != "morning");
        end += 3;
    }
    match half {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    if !(0..=24).contains(&hour) || minute.is_some_and(|m| !(0..60).contains(&m)) {
        return None;
    }
    if hour == 24 {
        hour = 0;
    }
    if half.is_none() && minute.is_none() && lx.w(end - 1) != "o'clock" && !utc && zoned == i + 1 {
        minute = None;
    }
    Some((Clock { hour, minute, utc }, end))
}

fn zone_after(lx: &Lexed<'_>, end: usize) -> (bool, usize) {
    if let Some(utc) = zone(lx.w(end)).filter(|_| lx.capital(end)) {
        return (utc, end + 1);
    }
    if lx.has(end, &["local", "time"]) {
        return (false, end + 2);
    }
    if lx.w(end) == "(" && zone(lx.w(end + 1)).is_some() && lx.w(end + 2) == ")" {
        return (zone(lx.w(end + 1)) == Some(true), end + 3);
    }
    (false, end)
}

fn day_part(w: &str) -> Option<DayPart> {
    Some(match w {
        "morning" => "TMO",
        "afternoon" => "TAF",
        "evening" => "TEV",
        "night" | "overnight" => "TNI",
        "lunchtime" => "TMI",
        "dawn" => "TMO",
        "daytime" => "TDT",
        _ => return None,
    })
}

fn season(w: &str) -> Option<i8> {
    Some(match w {
        "spring" => 0,
        "summer" => 1,
        "autumn" | "fall" => 2,
        "winter" => 3,
        _ => return None,
    })
}

/// "last", "next", "this" and their like: -1, 1, 0.
fn shift(w: &str) -> Option<i8> {
    Some(match w {
        "last" | "past" | "previous" | "preceding" | "prior" => -1,
        "next" | "coming" | "following" | "upcoming" => 1,
        "this" | "current" => 0,
        _ => return None,
    })
}

/// The expressions of a sentence, in order, none inside another.
pub(crate) fn expressions(lx: &Lexed<'_>) -> Vec<Expression> {
    let mut out: Vec<Expression> = Vec::new();
    let mut i = 0;
    while i < lx.len() {
        match read(lx, i, out.last()) {
            Some(found) if found.end > i => {
                i = found.end;
                out.push(found);
            }
            _ => i += 1,
        }
    }
    out
}

/// The longest expression that starts at piece `i`.
fn read(lx: &Lexed<'_>, i: usize, last: Option<&Expression>) -> Option<Expression> {
    // A modifier opens: "early", "mid-", "the end of", "about".
    let start = modifier(lx, i);
    let found = if start > i { date(lx, start).filter(modifiable).map(|e| Expression { first: i, ..e }) } else { None };
    let found = found.or_else(|| if opens(lx, i) { whole(lx, i, last) } else { None })?;
    Some(extended(lx, found))
}

/// Whether the word can open an expression at all: a quick no for most words.
fn opens(lx: &Lexed<'_>, i: usize) -> bool {
    lx.is_word(i) || lx.is_digits(i) || matches!(lx.w(i), "'" | "\u{2019}" | "\u{2018}")
}

fn modifiable(e: &Expression) -> bool {
    !matches!(e.meaning, Meaning::Fixed(_) | Meaning::Ref(_))
}

/// The piece after a modifier ("early", "the end of", "mid-"); `i` where there is none.
fn modifier(lx: &Lexed<'_>, i: usize) -> usize {
    let the = i + usize::from(lx.w(i) == "the");
    match lx.w(the) {
        "early" | "late" | "mid" | "earlier" | "later" => {
            let mut at = the + 1;
            if lx.dash(at) {
                at += 1;
            }
            at + usize::from(matches!(lx.w(at), "in" | "on"))
        }
        "end" | "beginning" | "start" | "middle" | "close" | "rest" | "remainder" | "turn"
            if lx.w(the + 1) == "of" && the > i =>
        {
            the + 2
        }
        "shortly" | "just" if matches!(lx.w(the + 1), "before" | "after") => the + 2,
        "about" | "around" | "approximately" | "nearly" | "almost" => the + 1,
        "as" if lx.w(the + 1) == "early" && lx.w(the + 2) == "as" => the + 3,
        "midway" if lx.w(the + 1) == "through" => the + 2,
        _ => i,
    }
}

/// Whether piece `i` follows "the end of", "late in" and the like.
fn modifier_before(lx: &Lexed<'_>, i: usize) -> bool {
    match lx.before(i, 1) {
        "of" => matches!(lx.before(i, 2), "end" | "beginning" | "start" | "middle" | "rest" | "remainder" | "close"),
        "in" => matches!(lx.before(i, 2), "late" | "early" | "later" | "earlier"),
        _ => false,
    }
}

/// What follows and belongs to it: a part of the day, a clock time, a zone.
fn extended(lx: &Lexed<'_>, mut e: Expression) -> Expression {
    let daylike = matches!(e.meaning, Meaning::Weekday { .. } | Meaning::Date { day: Some(_), .. } | Meaning::Feast(_))
        || matches!(&e.meaning, Meaning::Moved { unit: Unit::Day, .. } | Meaning::Same(Unit::Day));
    if daylike && e.clock.is_none() && e.part.is_none() {
        let early = usize::from(matches!(lx.w(e.end), "early" | "late"));
        if let Some(part) = day_part(lx.w(e.end + early)) {
            e.part = Some(part);
            e.kind = TimeKind::Time;
            e.end += 1 + early;
        } else if matches!(lx.w(e.end), "at" | ",")
            && let Some((c, end)) = clock(lx, e.end + 1).filter(|_| lx.w(e.end) == "at")
        {
            e.clock = Some(c);
            e.kind = TimeKind::Time;
            e.end = end;
        }
    }
    if e.kind == TimeKind::Date && daylike && lx.has(e.end, &["local", "time"]) {
        e.end += 2;
    }
    e
}

fn whole(lx: &Lexed<'_>, i: usize, last: Option<&Expression>) -> Option<Expression> {
    clock_first(lx, i)
        .or_else(|| date(lx, i))
        .or_else(|| relative(lx, i))
        .or_else(|| counted(lx, i))
        .or_else(|| set(lx, i))
        .or_else(|| listed(lx, i, last))
        .or_else(|| words(lx, i))
}

/// A clock time, with the day after it.
fn clock_first(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let (c, end) = clock(lx, i)?;
    let mut e = of(i, end, TimeKind::Time, Meaning::OnDay, "clock");
    e.clock = Some(c);
    let at = end + usize::from(matches!(lx.w(end), "on" | ","));
    let day = date(lx, at).or_else(|| relative(lx, at)).or_else(|| words(lx, at)).filter(|d| {
        matches!(
            d.meaning,
            Meaning::Weekday { .. }
                | Meaning::Date { day: Some(_), .. }
                | Meaning::Moved { unit: Unit::Day, .. }
                | Meaning::Feast(_)
        )
    });
    if let Some(d) = day {
        let d = extended(lx, d);
        // "at 5 Friday afternoon": the part of the day says which five.
        if let (Some(part), Some(c)) = (d.part, e.clock.as_mut())
            && matches!(part, "TAF" | "TEV" | "TNI")
            && c.hour < 12
        {
            c.hour += 12;
        }
        e.meaning = d.meaning;
        e.end = d.end;
    }
    Some(e)
}

/// Calendar dates: days, months, years, weekdays, seasons, quarters, decades.
fn date(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let make = |end, meaning, rule| Some(of(i, end, TimeKind::Date, meaning, rule));
    let full = |year, month, day| Meaning::Date { year, month, day, shift: None };
    // "Friday, May 12", "Friday the 13th of May", "Friday"
    if let Some((d, end)) = weekday(lx, i) {
        let at = end + usize::from(lx.w(end) == ",");
        let at = at + usize::from(lx.w(at) == "the");
        if let Some(e) = date(lx, at).filter(|e| matches!(e.meaning, Meaning::Date { day: Some(_), .. })) {
            return make(e.end, e.meaning, "weekday-date");
        }
        if lx.w(end) == "s" && lx.tight(end) {
            return None;
        }
        let next = if lx.w(end) == "next" || lx.w(end) == "last" || lx.has(end, &["this", "week"]) {
            shift(lx.w(end))
        } else {
            None
        };
        if let Some(n) = next.filter(|_| lx.w(end + 1) == "week") {
            return make(
                end + 2,
                Meaning::Weekday { day: d, shift: Some(if n == 0 { 2 } else { n * 3 }) },
                "weekday-week",
            );
        }
        return make(end, Meaning::Weekday { day: d, shift: None }, "weekday");
    }
    // "May 12, 2024", "May 2024", "May 12-14", "May"
    if let Some((m, end)) = month(lx, i) {
        if let Some((d, after)) = day_number(lx, end + usize::from(lx.w(end) == "the"))
            .filter(|(_, after)| !matches!(lx.w(*after), "percent" | "people" | "million" | "billion"))
        {
            let comma = usize::from(lx.w(after) == ",");
            if let Some((y, end)) = year_after(lx, after + comma) {
                return make(end, full(Some(y), Some(m), Some(d)), "month-day-year");
            }
            if let Some((n, e)) = shifted_year(lx, after + comma) {
                return make(
                    e,
                    Meaning::Date { year: None, month: Some(m), day: Some(d), shift: Some(n) },
                    "month-day-shift",
                );
            }
            // "May 12 BC" does not occur; "January 480 BC" is below.
            return make(after, full(None, Some(m), Some(d)), "month-day");
        }
        let comma = usize::from(lx.w(end) == ",");
        let of_year = usize::from(lx.w(end) == "of");
        if let Some((y, e)) = year_after(lx, end + comma + of_year) {
            return make(e, full(Some(y), Some(m), None), "month-year");
        }
        if let Some((n, e)) = shifted_year(lx, end + comma + of_year) {
            return make(e, Meaning::Date { year: None, month: Some(m), day: None, shift: Some(n) }, "month-shift");
        }
        if bare_month(lx, i, end) {
            return make(end, full(None, Some(m), None), "month");
        }
        return None;
    }
    if lx.is_digits(i) || crate::number::word(lx.w(i)).is_some() {
        if let Some(e) = numeric(lx, i) {
            return Some(e);
        }
        if let Some(e) = ranged(lx, i) {
            return Some(e);
        }
        // "12 May 2024", "12th of May", "the 12th of May", "20 Nov 2019"
        if let Some((d, end)) = day_number(lx, i) {
            let at = end + usize::from(lx.w(end) == "of" || lx.hyphen(end));
            if let Some((m, end)) = month(lx, at) {
                let comma = usize::from(lx.w(end) == "," || lx.hyphen(end));
                if let Some((y, end)) = year_after(lx, end + comma) {
                    return make(end, full(Some(y), Some(m), Some(d)), "day-month-year");
                }
                if let Some((n, e)) = shifted_year(lx, end) {
                    return make(
                        e,
                        Meaning::Date { year: None, month: Some(m), day: Some(d), shift: Some(n) },
                        "day-month-shift",
                    );
                }
                return make(end, full(None, Some(m), Some(d)), "day-month");
            }
        }
        if let Some(e) = years(lx, i) {
            return Some(e);
        }
    }
    // "'98", "the '80s"
    if matches!(lx.w(i), "'" | "\u{2019}" | "\u{2018}")
        && !lx.tight(i)
        && lx.is_digits(i + 1)
        && lx.tight(i + 1)
        && lx.w(i + 1).len() == 2
    {
        let y: i16 = lx.w(i + 1).parse().ok()?;
        if lx.w(i + 2) == "s" && lx.tight(i + 2) {
            return make(i + 3, Meaning::Decade(1900 + y - y % 10), "decade");
        }
        return year_after(lx, i).and_then(|(y, end)| make(end, full(Some(y), None, None), "short-year"));
    }
    let the = i + usize::from(lx.w(i) == "the");
    // "summer 1942", "the spring of 1918", "last summer" is below.
    if let Some(s) = season(lx.w(the)) {
        let at = the + 1 + usize::from(lx.w(the + 1) == "of");
        if let Some(y) = year4(lx, at) {
            return make(at + 1, Meaning::Season { season: s, year: Some(y), shift: None }, "season-year");
        }
        if let Some((n, e)) = shifted_year(lx, at) {
            return make(
                e,
                Meaning::Season { season: s, year: None, shift: Some(if n < 0 { -2 } else { n }) },
                "season-shift",
            );
        }
        let placed = the > i && lx.w(the) != "fall"
            || matches!(lx.before(i, 1), "in" | "by" | "since" | "during" | "until" | "early" | "late" | "of" | "mid")
                && lx.w(the) != "fall"
                && !lx.capital(the);
        if placed && !matches!(lx.w(the + 1), "olympics" | "games") {
            return make(the + 1, Meaning::Season { season: s, year: None, shift: None }, "season");
        }
        return None;
    }
    // "the third quarter of 1989", "third-quarter", "the first half of this year"
    if let Some(e) = quarters(lx, i, the) {
        return Some(e);
    }
    // "the end of the year", "late in the month"
    if the > i && matches!(lx.w(the), "year" | "month") && (modifier_before(lx, i)) {
        let unit = if lx.w(the) == "year" { Unit::Year } else { Unit::Month };
        return make(the + 1, Meaning::Same(unit), "of-the-unit");
    }
    if lx.w(the) == "year"
        && let Some(y) = year4(lx, the + 1)
    {
        return make(the + 2, full(Some(y), None, None), "year");
    }
    if matches!(lx.w(the), "fiscal") {
        let at = the + 1 + usize::from(lx.w(the + 1) == "year");
        if let Some(y) = year4(lx, at) {
            return make(at + 1, Meaning::Fiscal(y), "fiscal-year");
        }
    }
    if the > i {
        // "the 12th of May", "the 1980s", "the 19th century", "the 12th"
        if let Some(e) = date(lx, the).filter(|e| {
            matches!(e.meaning, Meaning::Date { .. } | Meaning::Decade(_) | Meaning::Century(_))
                && e.first == the
                && (lx.is_digits(the) || lx.is_word(the) && month(lx, the).is_none() && weekday(lx, the).is_none())
        }) {
            return Some(Expression { first: i, ..e });
        }
        let modified = modifier(lx, the);
        if modified > the {
            return date(lx, modified)
                .filter(|e| matches!(e.meaning, Meaning::Decade(_) | Meaning::Century(_) | Meaning::Season { .. }))
                .map(|e| Expression { first: i, ..e });
        }
    }
    feast(lx, i)
}

/// "last year", "this year", "of last year", "that year".
fn shifted_year(lx: &Lexed<'_>, i: usize) -> Option<(i8, usize)> {
    let at = i + usize::from(lx.w(i) == "of");
    let at = at + usize::from(lx.w(at) == "the");
    let n = match lx.w(at) {
        "that" | "same" => 2, // the year spoken of
        w => shift(w)?,
    };
    (lx.w(at + 1) == "year").then_some((n, at + 2))
}

fn bare_month(lx: &Lexed<'_>, i: usize, end: usize) -> bool {
    if matches!(lx.w(i), "may" | "march" | "mar" | "sep" | "jun" | "dec" | "jan") || lx.w(i).len() == 3 {
        let prev = lx.before(i, 1);
        let led = matches!(
            prev,
            "in" | "of"
                | "since"
                | "until"
                | "till"
                | "by"
                | "last"
                | "next"
                | "this"
                | "early"
                | "late"
                | "mid"
                | "from"
                | "to"
                | "between"
                | "and"
                | "through"
                | "during"
                | "before"
                | "after"
                | "-"
                | "for"
                | "or"
                | "previous"
                | "every"
        );
        return led
            && !(lx.w(i) == "march" && matches!(lx.w(end), "on" | "for" | "against" | "in") && prev == "the")
            && !(lx.w(i) == "may"
                && matches!(prev, "and" | "or" | "to" | "-")
                && month(lx, i.wrapping_sub(2)).is_none());
    }
    // "April Jones said": a name, when a capitalised word follows and nothing leads.
    !(matches!(lx.w(i), "april" | "june" | "august")
        && lx.capital(end)
        && lx.is_word(end)
        && !matches!(lx.before(i, 1), "in" | "of" | "since" | "last" | "next" | "this"))
}

/// The first end of "6-7 January 1916", "480-479 BC": what is printed after the
/// second end holds for both.
fn ranged(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let joint = i + 1;
    if !lx.is_digits(i) || !(lx.dash(joint) || matches!(lx.w(joint), "to" | "and")) || !lx.is_digits(joint + 1) {
        return None;
    }
    let (a, b): (i16, i16) = (lx.w(i).parse().ok()?, lx.w(joint + 1).parse().ok()?);
    if a > b && b > 0 && matches!(lx.w(joint + 2), "bc" | "b.c." | "bce") {
        return Some(of(i, i + 1, TimeKind::Date, Meaning::Bc(a), "year-bc"));
    }
    if !(1..=31).contains(&a) || a >= b {
        return None;
    }
    let second = date(lx, joint + 1).filter(|e| e.rule.starts_with("day-month"))?;
    match second.meaning {
        Meaning::Date { year, month, shift, .. } => {
            let meaning = Meaning::Date { year, month, day: Some(a as i8), shift };
            Some(of(i, i + 1, TimeKind::Date, meaning, "day-range"))
        }
        _ => None,
    }
}

/// "2024-05-12", "12/05/2024", "5/12", "1998-1999".
fn numeric(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let int = |k: usize| lx.is_digits(k).then(|| lx.w(k).parse::<i16>().ok()).flatten();
    let joined = |k: usize, sign: &str| lx.w(k) == sign && lx.tight(k) && lx.tight(k + 1);
    let full = |y, m: i16, d: i16, end| {
        let (m, d) = (i8::try_from(m).ok()?, i8::try_from(d).ok()?);
        super::grain::day(y, m, d)?;
        Some(of(
            i,
            end,
            TimeKind::Date,
            Meaning::Date { year: Some(y), month: Some(m), day: Some(d), shift: None },
            "numeric-date",
        ))
    };
    let a = int(i)?;
    if joined(i + 1, "-") && joined(i + 3, "-") && lx.w(i).len() == 4 {
        return full(a, int(i + 2)?, int(i + 4)?, i + 5);
    }
    for sign in ["/", "-"] {
        if joined(i + 1, sign) && joined(i + 3, sign) {
            let (b, y) = (int(i + 2)?, int(i + 4)?);
            let y = match lx.w(i + 4).len() {
                4 => y,
                2 if y < 30 => 2000 + y,
                2 => 1900 + y,
                _ => return None,
            };
            // Month first, as in American papers, where that is possible.
            return full(y, a, b, i + 5).or_else(|| full(y, b, a, i + 5));
        }
    }
    None
}

/// Years, decades, centuries, years before our era.
fn years(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let make = |end, meaning, rule| Some(of(i, end, TimeKind::Date, meaning, rule));
    if lx.is_digits(i) {
        let bc = |k: usize| matches!(lx.w(k), "bc" | "b.c." | "bce" | "b.c.e.");
        if bc(i + 1)
            && let Ok(y) = lx.w(i).parse::<i16>()
            && y > 0
        {
            return make(i + 2, Meaning::Bc(y), "year-bc");
        }
        if lx.tight(i + 1) && lx.w(i + 1) == "s" {
            let y = year4(lx, i)?;
            if y % 100 == 0 {
                return make(i + 2, Meaning::Century(y), "century");
            }
            return (y % 10 == 0).then(|| make(i + 2, Meaning::Decade(y), "decade")).flatten();
        }
        if lx.tight(i + 1) && matches!(lx.w(i + 1), "st" | "nd" | "rd" | "th") {
            let n: i16 = lx.w(i).parse().ok().filter(|n| (1..=30).contains(n))?;
            let at = i + 2 + usize::from(lx.dash(i + 2));
            return (lx.w(at) == "century").then(|| make(at + 1, Meaning::Century((n - 1) * 100), "century")).flatten();
        }
        if let Some(y) = year4(lx, i).filter(|_| is_year(lx, i)) {
            if matches!(lx.w(i + 1), "ad" | "a.d." | "ce") {
                return make(i + 2, Meaning::Date { year: Some(y), month: None, day: None, shift: None }, "year");
            }
            return make(i + 1, Meaning::Date { year: Some(y), month: None, day: None, shift: None }, "year");
        }
        return None;
    }
    let n = number(lx, i, false)?;
    if n.form == Form::Ordinal && n.value <= 30.0 {
        let at = n.end + usize::from(lx.dash(n.end));
        return (lx.w(at) == "century")
            .then(|| make(at + 1, Meaning::Century((n.value as i16 - 1) * 100), "century"))
            .flatten();
    }
    // "nineteen ninety-eight"
    if (10.0..=20.0).contains(&n.value)
        && n.end == i + 1
        && let Some(m) = number(lx, n.end, false)
            .filter(|m| (10.0..100.0).contains(&m.value) && !m.digits && m.form == Form::Cardinal)
        && n.value >= 16.0
    {
        return make(
            m.end,
            Meaning::Date { year: Some((n.value * 100.0 + m.value) as i16), month: None, day: None, shift: None },
            "year-words",
        );
    }
    None
}

/// Whether four digits are a year, by what stands around them.
fn is_year(lx: &Lexed<'_>, i: usize) -> bool {
    let Some(y) = year4(lx, i) else { return false };
    let prev = lx.before(i, 1);
    let next = lx.w(i + 1);
    // Money, names, clock times, decimals, addresses.
    if matches!(prev, "$" | "\u{20ac}" | "\u{a3}" | "#" | "no." | "number")
        || lx.tight(i)
            && i > 0
            && (lx.is_word(i - 1)
                || prev == "-"
                    && lx.is_word(i.wrapping_sub(2))
                    && !matches!(lx.before(i, 2), "mid" | "early" | "late" | "pre" | "post"))
    {
        return false;
    }
    if lx.tight(i + 1) && (lx.is_word(i + 1) || matches!(next, "%" | "/") || next == ":" && lx.is_digits(i + 2)) {
        return false;
    }
    if crate::unit::unit(lx, i + 1).is_some()
        || matches!(
            next,
            "people"
                | "million"
                | "points"
                | "men"
                | "soldiers"
                | "troops"
                | "employees"
                | "workers"
                | "shares"
                | "jobs"
                | "hours"
        )
    {
        return false;
    }
    let led = matches!(
        prev,
        "in" | "since"
            | "until"
            | "till"
            | "by"
            | "before"
            | "after"
            | "during"
            | "early"
            | "late"
            | "mid"
            | "year"
            | "circa"
            | "through"
            | "for"
            | "and"
            | "to"
            | "between"
            | "from"
            | "of"
            | "the"
            | "fiscal"
            | "spring"
            | "summer"
            | "fall"
            | "winter"
            | "autumn"
            | "around"
            | "its"
            | "his"
            | "her"
            | "their"
            | "a"
            | ","
            | "("
            | "-"
            | "\u{2013}"
            | "or"
            | "about"
            | "on"
            | "back"
            | "that"
            | "christmas"
            | "as"
            | "than"
            | "with"
            | "s"
            | "at"
            | "when"
            | "late-"
            | "all"
            | "again"
            | "last"
    );
    let bounded = matches!(prev, "than" | "least" | "about" | "some" | "over" | "nearly" | "at");
    if bounded && !matches!(next, "" | "." | "," | ")" | ";") {
        return false;
    }
    let plural = crate::number::plural(next)
        && !lx.capital(i + 1)
        && !matches!(
            next,
            "elections"
                | "games"
                | "olympics"
                | "results"
                | "sales"
                | "polls"
                | "protests"
                | "attacks"
                | "talks"
                | "accords"
                | "riots"
                | "earnings"
                | "profits"
                | "levels"
                | "hostilities"
                | "is"
                | "was"
                | "as"
                | "peaks"
                | "this"
                | "has"
                | "forces"
                | "battles"
        );
    if (1900..2060).contains(&y) {
        return led || !plural;
    }
    let loose = matches!(prev, "the" | "a" | "its" | "their" | "with" | "than" | "about" | "at" | "all" | "for");
    let spanned = lx.dash(i + 1) && year4(lx, i + 2).is_some() || matches!(next, ":");
    let named = prev == "the" && lx.is_word(i + 1) && y >= 1500;
    spanned || led && !plural && (!loose || named || prev == "for" && !lx.is_word(i + 1)) || i == 0 && next == ","
}

/// "the third quarter of 1989", "third-quarter", "the first half of this year".
fn quarters(lx: &Lexed<'_>, i: usize, the: usize) -> Option<Expression> {
    let mut at = the;
    let mut year = None;
    let mut moved = None;
    if let Some(y) = year4(lx, at) {
        year = Some(y);
        at += 1;
    } else if let Some(n) = shift(lx.w(at)).filter(|_| lx.w(at + 1) == "year") {
        moved = Some(n);
        at += 2;
        if matches!(lx.w(at), "'" | "\u{2019}") {
            at += 1 + usize::from(lx.w(at + 1) == "s");
        }
    }
    at += usize::from(lx.w(at) == "fiscal");
    let n = match lx.w(at) {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" | "final" => 4,
        _ if lx.is_digits(at)
            && lx.tight(at + 1)
            && matches!(lx.w(at + 1), "st" | "nd" | "rd" | "th")
            && lx.w(at).len() == 1 =>
        {
            let n: i8 = lx.w(at).parse().ok().filter(|n| (1..=4).contains(n))?;
            at += 1;
            n
        }
        _ => return None,
    };
    at += 1;
    if lx.dash(at) {
        at += 1;
    }
    at += usize::from(lx.w(at) == "fiscal");
    let half = match lx.w(at) {
        "quarter" | "period" if lx.w(at) == "quarter" => false,
        "half" if n <= 2 => true,
        _ => return None,
    };
    let mut end = at + 1;
    if half
        && year.is_none()
        && moved.is_none()
        && !(lx.w(end) == "of"
            && (year4(lx, end + 1).is_some()
                || shifted_year(lx, end + 1).is_some()
                || lx.has(end + 1, &["the", "year"])))
    {
        return None;
    }
    if year.is_none() && moved.is_none() && (matches!(lx.w(end), "of" | "," | "in") || year4(lx, end).is_some()) {
        let k = end + usize::from(matches!(lx.w(end), "of" | "," | "in"));
        let k = k + usize::from(lx.w(k) == "fiscal");
        if let Some(y) = year4(lx, k) {
            (year, end) = (Some(y), k + 1);
        } else if let Some((n, e)) = shifted_year(lx, k) {
            (moved, end) = (Some(n), e);
        } else if lx.has(k, &["the", "year"]) {
            (moved, end) = (Some(0), k + 2);
        }
    }
    let meaning = if half {
        Meaning::Half { half: n, year, shift: moved }
    } else {
        Meaning::Quarter { quarter: n, year, shift: moved }
    };
    Some(of(i, end, TimeKind::Date, meaning, "quarter"))
}

/// Feasts of the calendar.
fn feast(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let fixed = |month, day| Feast { month, day, nth: None, year: None, easter: false, shift: None };
    let s = |k: usize| if matches!(lx.w(k), "'" | "\u{2019}") && lx.w(k + 1) == "s" { k + 2 } else { k };
    if !lx.capital(i) {
        return None;
    }
    let (mut feast, mut end) = match lx.w(i) {
        "christmas" if lx.w(i + 1) == "eve" => (fixed(12, 24), i + 2),
        "christmas" if lx.w(i + 1) == "day" => (fixed(12, 25), i + 2),
        "christmas" if !lx.capital(i + 1) => (fixed(12, 25), i + 1),
        "boxing" if lx.w(i + 1) == "day" => (fixed(12, 26), i + 2),
        "new" if lx.w(i + 1) == "year" && lx.w(s(i + 2)) == "eve" => (fixed(12, 31), s(i + 2) + 1),
        "new" if lx.w(i + 1) == "year" && lx.w(s(i + 2)) == "day" => (fixed(1, 1), s(i + 2) + 1),
        "halloween" => (fixed(10, 31), i + 1),
        "valentine" if lx.w(s(i + 1)) == "day" => (fixed(2, 14), s(i + 1) + 1),
        "thanksgiving" => {
            (Feast { nth: Some((4, Weekday::Thursday)), ..fixed(11, 1) }, i + 1 + usize::from(lx.w(i + 1) == "day"))
        }
        "labor" if lx.w(i + 1) == "day" => (Feast { nth: Some((1, Weekday::Monday)), ..fixed(9, 1) }, i + 2),
        "easter" => {
            let extra = usize::from(matches!(lx.w(i + 1), "sunday"));
            (Feast { easter: true, ..fixed(3, 1) }, i + 1 + extra)
        }
        _ => return None,
    };
    if let Some(y) = year4(lx, end + usize::from(lx.w(end) == ",")) {
        end += 1 + usize::from(lx.w(end) == ",");
        feast.year = Some(y);
    } else if let Some(n) = i.checked_sub(1).and_then(|k| shift(lx.w(k))) {
        feast.shift = Some(n);
    }
    Some(of(i, end, TimeKind::Date, Meaning::Feast(feast), "feast"))
}

/// "last week", "the next day", "this morning", "the past three months".
fn relative(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let make = |end, meaning, rule| Some(of(i, end, TimeKind::Date, meaning, rule));
    let the = usize::from(matches!(lx.w(i), "the" | "these" | "those"));
    let at = i + the;
    let w = lx.w(at);
    let same = match w {
        "that" if the == 0 => true,
        "same" if the == 1 || lx.before(i, 1) == "that" => true,
        _ => false,
    };
    if same {
        let k = at + usize::from(w == "that" && lx.w(at + 1) == "same") + 1;
        return match lx.w(k) {
            "day" => make(k + 1, Meaning::Same(Unit::Day), "same"),
            "week" => make(k + 1, Meaning::Same(Unit::Week), "same"),
            "month" => make(k + 1, Meaning::Same(Unit::Month), "same"),
            "year" => make(k + 1, Meaning::Same(Unit::Year), "same"),
            part => {
                let mut e = of(i, k + 1, TimeKind::Time, Meaning::Same(Unit::Day), "same");
                e.part = Some(day_part(part).filter(|_| w == "that" || w == "same")?);
                Some(e)
            }
        };
    }
    let n = shift(w)?;
    let k = at + 1;
    if let Some(part) = day_part(lx.w(k)).filter(|_| lx.w(k) != "overnight" && lx.w(k) != "daytime") {
        // "this morning", "last night"
        let back = if n < 0 { -1 } else { i64::from(n) };
        let mut e = of(
            i,
            k + 1,
            TimeKind::Time,
            Meaning::Moved { unit: Unit::Day, n: back, from: From::Publication },
            "part-of-day",
        );
        e.part = Some(part);
        return Some(e);
    }
    if let Some((m, end)) = month(lx, k).filter(|_| the == 0) {
        if let Some((d, end)) = day_number(lx, end) {
            return make(
                end,
                Meaning::Date { year: None, month: Some(m), day: Some(d), shift: Some(n + 10) },
                "shift-month-day",
            );
        }
        return make(end, Meaning::Date { year: None, month: Some(m), day: None, shift: Some(n + 10) }, "shift-month");
    }
    if let Some((d, end)) = weekday(lx, k) {
        return make(end, Meaning::Weekday { day: d, shift: Some(n) }, "shift-weekday");
    }
    if let Some(s) = season(lx.w(k)) {
        return make(k + 1, Meaning::Season { season: s, year: None, shift: Some(n) }, "shift-season");
    }
    if let Some((unit, plural)) = Unit::of(lx.w(k)) {
        if plural {
            return (lx.w(k) != "seconds")
                .then(|| of(i, k + 1, TimeKind::Duration, Meaning::Fixed(unit.duration(None)), "vague-duration"))
                .filter(|_| n != 0 || w == "current");
        }
        if unit <= Unit::Hour && n != 0 && w != "past" {
            return None;
        }
        // "the past year", "the last year" are stretches; "the next day" counts from the text.
        let from_text = the == 1 && matches!(w, "next" | "following" | "previous" | "preceding")
            || matches!(w, "following" | "previous" | "preceding");
        if unit <= Unit::Hour {
            return Some(of(i, k + 1, TimeKind::Duration, Meaning::Fixed(unit.duration(Some(1.0))), "stretch"));
        }
        if unit == Unit::Day && n == 0 || unit == Unit::Day && w == "last" {
            return None;
        }
        if w == "past" {
            let half = lx.has(k + 1, &["and", "a", "half"]);
            if half || unit > Unit::Year {
                return Some(of(
                    i,
                    k + 1 + 3 * usize::from(half),
                    TimeKind::Duration,
                    Meaning::Fixed(unit.duration(Some(if half { 1.5 } else { 1.0 }))),
                    "stretch",
                ));
            }
        }
        let from = if from_text { From::Text } else { From::Publication };
        return make(k + 1, Meaning::Moved { unit, n: i64::from(n), from }, "shift-unit");
    }
    // "the past three months", "the last 24 hours", "the last few years"
    let (number_of, end) = amount(lx, k)?;
    let end = end + usize::from(lx.hyphen(end));
    let (unit, _) = Unit::of(lx.w(end))?;
    if w == "this" || w == "current" {
        return None;
    }
    let value = number_of.map_or_else(|| unit.duration(None), |n| unit.duration(Some(n)));
    Some(of(i, end + 1, TimeKind::Duration, Meaning::Fixed(value), "stretch"))
}

/// A number of units: a number, or "several", "a few" (no number).
fn amount(lx: &Lexed<'_>, i: usize) -> Option<(Option<f64>, usize)> {
    match lx.w(i) {
        "several" | "few" | "many" | "some" => return Some((None, i + 1)),
        "couple" => return Some((None, i + 1 + usize::from(lx.w(i + 1) == "of"))),
        "a" => match lx.w(i + 1) {
            "few" | "handful" => return Some((None, i + 2 + usize::from(lx.w(i + 2) == "of"))),
            "couple" | "number" if lx.w(i + 2) == "of" => return Some((None, i + 3)),
            _ => {}
        },
        _ => {}
    }
    let n = number(lx, i, false)?;
    match n.form {
        Form::Cardinal if n.scaled.is_none_or(|s| s < 1e6) => {
            // "three or four", "four–five": the lower one stands for both.
            let join = if lx.w(n.end) == "or" || lx.w(n.end) == "to" || lx.dash(n.end) && lx.tight(n.end) {
                n.end + 1
            } else {
                n.end
            };
            if join > n.end
                && let Some(m) = number(lx, join, false).filter(|m| m.form == Form::Cardinal && m.value > n.value)
            {
                return Some((Some(n.value), m.end));
            }
            Some((Some(n.value), n.end))
        }
        Form::Vague => Some((None, n.end + usize::from(lx.w(n.end) == "of"))),
        _ => None,
    }
}

/// "three days", "two days ago", "a year earlier", "11-month", "a year and a half".
fn counted(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let article = matches!(lx.w(i), "a" | "an" | "one") && {
        let k = if lx.dash(i + 1) { i + 2 } else { i + 1 };
        Unit::of(lx.w(k)).is_some_and(|(_, plural)| !plural)
    };
    let half_a = lx.has(i, &["half", "a"]) || lx.has(i, &["half", "an"]);
    let (n, mut at) = if article {
        (Some(1.0), i + 1)
    } else if half_a {
        (Some(0.5), i + 2)
    } else {
        // Only numbers and the few words of `amount` can open this.
        if !(lx.is_digits(i)
            || matches!(lx.w(i), "several" | "a" | "many" | "few" | "some")
            || crate::number::word(lx.w(i)).is_some())
        {
            return None;
        }
        if lx.tight(i) && i > 0 && (lx.is_word(i - 1) || matches!(lx.before(i, 1), "$" | "." | "/")) {
            return None;
        }
        amount(lx, i)?
    };
    let mut n = n;
    let hyphen = lx.dash(at) && lx.tight(at);
    at += usize::from(hyphen);
    // "two consecutive years", "nine straight months", "two full days", "the first nine months" is in `words`.
    if matches!(
        lx.w(at),
        "consecutive"
            | "straight"
            | "full"
            | "more"
            | "whole"
            | "long"
            | "calendar"
            | "other"
            | "additional"
            | "business"
            | "working"
    ) {
        at += 1;
    }
    let (unit, plural) = Unit::of(lx.w(at))?;
    if lx.w(i) == "some" && !plural
        || lx.w(at) == "second" && !lx.is_digits(i) && n != Some(1.0)
        || lx.w(at) == "quarter" && n.is_some_and(|n| n != 1.0)
        || lx.w(at) == "quarter" && article
    {
        return None;
    }
    if matches!(lx.w(i), "few" | "many" | "some") && n.is_none() && lx.w(i) == "some" && unit > Unit::Year {
        return None;
    }
    let mut end = at + 1;
    // "a year and a half", "a year-and-a-half"
    let step = |k: usize| if lx.hyphen(k) { k + 1 } else { k };
    if lx.w(step(end)) == "and" && lx.w(step(step(end) + 1)) == "a" {
        let k = step(step(step(end) + 1) + 1);
        if lx.w(k) == "half" {
            n = n.map(|n| n + 0.5);
            end = k + 1;
        }
    }
    if lx.hyphen(end) && matches!(lx.w(end + 1), "old" | "olds") || lx.w(end) == "old" || lx.has(end, &["of", "age"]) {
        return None; // an age
    }
    if lx.w(end) == "'" || lx.w(end) == "\u{2019}" {
        // "two days' notice", "a year's": stays a duration.
    }
    let direction = match lx.w(end) {
        "ago" => Some((-1.0, From::Publication, end + 1)),
        "earlier" | "before" | "previously" if lx.w(end) != "before" || matches!(lx.w(end + 1), "" | "." | ",") => {
            Some((-1.0, From::Text, end + 1))
        }
        "-" if matches!(lx.w(end + 1), "ago" | "earlier") => {
            Some((-1.0, if lx.w(end + 1) == "ago" { From::Publication } else { From::Text }, end + 2))
        }
        "later" | "afterwards" | "afterward" | "hence" => Some((1.0, From::Text, end + 1)),
        "from" if matches!(lx.w(end + 1), "now" | "today") => Some((1.0, From::Publication, end + 2)),
        _ => None,
    };
    if let Some((sign, from, e)) = direction {
        let Some(n) = n else {
            return Some(of(
                i,
                e,
                TimeKind::Date,
                Meaning::Ref(if sign < 0.0 { "PAST_REF" } else { "FUTURE_REF" }),
                "vague-distance",
            ));
        };
        if unit < Unit::Day {
            return Some(of(i, e, TimeKind::Time, Meaning::Fixed(unit.duration(Some(n))), "hours-away"));
        }
        let (unit, n) = if n.fract() == 0.0 {
            (unit, n)
        } else {
            match unit {
                Unit::Year => (Unit::Month, n * 12.0),
                Unit::Decade => (Unit::Year, n * 10.0),
                _ => (unit, n),
            }
        };
        return Some(of(i, e, TimeKind::Date, Meaning::Moved { unit, n: (sign * n).round() as i64, from }, "distance"));
    }
    if article && !hyphen && !plural {
        // "a day", "a year": a duration after "for", "in", "within"; a set after a number ("$5 a day").
        let prev = lx.before(i, 1);
        let rated = i > 0
            && (lx.is_digits(i - 1)
                || matches!(
                    prev,
                    "times"
                        | "million"
                        | "billion"
                        | "percent"
                        | "once"
                        | "twice"
                        | "barrels"
                        | "dollars"
                        | "%"
                        | "people"
                        | "tons"
                ));
        if lx.w(i) == "one" && lx.w(at) == "day" && matches!(lx.before(i, 1), "" | "," | "may" | "will") {
            return Some(of(i, end, TimeKind::Date, Meaning::Ref("FUTURE_REF"), "one-day"));
        }
        if rated && lx.w(i) != "one" {
            return Some(of(i, end, TimeKind::Set, Meaning::Fixed(unit.duration(Some(1.0))), "rate"));
        }
        if unit == Unit::Second || unit == Unit::Weekend {
            return None;
        }
    }
    if unit == Unit::Second && !lx.is_digits(i) && !plural {
        return None;
    }
    Some(of(i, end, TimeKind::Duration, Meaning::Fixed(unit.duration(n)), "duration"))
}

/// "every day", "each year", "daily", "per month", "annually".
fn set(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let make = |end, value: String| Some(of(i, end, TimeKind::Set, Meaning::Fixed(value), "set"));
    match lx.w(i) {
        "daily" if !lx.capital(i) => make(i + 1, "P1D".to_owned()),
        "weekly" if !lx.capital(i) => make(i + 1, "P1W".to_owned()),
        "monthly" if !lx.capital(i) => make(i + 1, "P1M".to_owned()),
        "yearly" | "annually" => make(i + 1, "P1Y".to_owned()),
        "nightly" => make(i + 1, "XXXX-XX-XXTNI".to_owned()),
        "per" => {
            let (unit, _) = Unit::of(lx.w(i + 1)).filter(|(u, p)| *u >= Unit::Day && !p)?;
            make(i + 2, unit.duration(Some(1.0)))
        }
        "every" | "each" => {
            if let Some((d, end)) = weekday(lx, i + 1) {
                return make(end, format!("XXXX-WXX-{}", d.to_monday_one_offset()));
            }
            if let Some(part) = day_part(lx.w(i + 1)) {
                return make(i + 2, format!("XXXX-XX-XX{part}"));
            }
            if let Some(s) = season(lx.w(i + 1)) {
                return make(i + 2, format!("XXXX-{}", ["SP", "SU", "FA", "WI"].get(s as usize)?));
            }
            if let Some((m, end)) = month(lx, i + 1) {
                return make(end, format!("XXXX-{m:02}"));
            }
            let other = usize::from(lx.w(i + 1) == "other" || lx.w(i + 1) == "single");
            if let Some((unit, plural)) = Unit::of(lx.w(i + 1 + other)) {
                let n = if lx.w(i + 1) == "other" { 2.0 } else { 1.0 };
                return (!plural && unit != Unit::Second)
                    .then(|| make(i + 2 + other, unit.duration(Some(n))))
                    .flatten();
            }
            let (n, end) = amount(lx, i + 1)?;
            let (unit, _) = Unit::of(lx.w(end))?;
            make(end + 1, unit.duration(n))
        }
        w => {
            // "Mondays", "weekends"
            let d = w.strip_suffix('s').filter(|w| w.len() > 5).and_then(weekday_name).filter(|_| lx.capital(i))?;
            make(i + 1, format!("XXXX-WXX-{}", d.to_monday_one_offset()))
        }
    }
}

/// "March 4 and 5": a day that leans on the month before it.
fn listed(lx: &Lexed<'_>, i: usize, last: Option<&Expression>) -> Option<Expression> {
    let last = last.filter(|l| i.checked_sub(1) == Some(l.end))?;
    if !(matches!(lx.before(i, 1), "and" | "or" | "to") || lx.dash(i - 1)) || !lx.is_digits(i) {
        return None;
    }
    match last.meaning {
        // "1915-17"
        Meaning::Date { year: Some(y), month: None, .. } => {
            let short: i16 = lx.w(i).parse().ok().filter(|_| lx.w(i).len() == 2 && lx.tight(i))?;
            let year = Some(y - y % 100 + short).filter(|_| short > y % 100);
            year.map(|_| {
                of(i, i + 1, TimeKind::Date, Meaning::Date { year, month: None, day: None, shift: None }, "short-year")
            })
        }
        Meaning::Date { year, month: Some(month), day: Some(_), shift } => {
            let (d, end) = day_number(lx, i)?;
            if crate::unit::unit(lx, end).is_some() || crate::number::plural(lx.w(end)) {
                return None;
            }
            let (year, end) = match year_after(lx, end + usize::from(lx.w(end) == ",")) {
                Some((y, e)) => (Some(y), e),
                None => (year, end),
            };
            Some(of(
                i,
                end,
                TimeKind::Date,
                Meaning::Date { year, month: Some(month), day: Some(d), shift },
                "listed-day",
            ))
        }
        _ => None,
    }
}

/// Words and fixed phrases.
fn words(lx: &Lexed<'_>, i: usize) -> Option<Expression> {
    let make = |end, meaning, rule| Some(of(i, end, TimeKind::Date, meaning, rule));
    let moved = |unit, n, from| Meaning::Moved { unit, n, from };
    let day = |n| moved(Unit::Day, n, From::Publication);
    let reference = |end, value| make(end, Meaning::Ref(value), "reference");
    match lx.w(i) {
        "today" => make(i + 1, day(0), "today"),
        "yesterday" => make(i + 1, day(-1), "yesterday"),
        "tomorrow" => make(i + 1, day(1), "tomorrow"),
        "tonight" => {
            let mut e = of(i, i + 1, TimeKind::Time, day(0), "tonight");
            e.part = Some("TNI");
            Some(e)
        }
        "overnight" => {
            let mut e = of(i, i + 1, TimeKind::Time, Meaning::OnDay, "overnight");
            e.part = Some("TNI");
            Some(e)
        }
        "now" if !matches!(lx.w(i + 1), "that" | "-") => reference(i + 1, "PRESENT_REF"),
        "currently" | "nowadays" | "presently" => reference(i + 1, "PRESENT_REF"),
        "current" if !lx.capital(i) && !matches!(lx.w(i + 1), "events" | "affairs" | "account") => {
            reference(i + 1, "PRESENT_REF")
        }
        "recently" | "lately" | "formerly" => reference(i + 1, "PAST_REF"),
        "recent" if !lx.capital(i) => Unit::of(lx.w(i + 1))
            .filter(|(_, p)| *p)
            .map(|(unit, _)| of(i, i + 2, TimeKind::Duration, Meaning::Fixed(unit.duration(None)), "recent")),
        "to" if lx.w(i + 1) == "date" && matches!(lx.w(i + 2), "" | "," | "." | ";" | ")") => {
            reference(i + 2, "PRESENT_REF")
        }
        "at" if lx.has(i + 1, &["the", "moment"]) => reference(i + 3, "PRESENT_REF"),
        "once" => None,
        "year" if lx.hyphen(i + 1) && lx.w(i + 2) == "end" => {
            make(i + 3, moved(Unit::Year, 0, From::Publication), "year-end")
        }
        "year" if lx.hyphen(i + 1) && matches!(lx.w(i + 2), "earlier" | "ago") => {
            make(i + 3, moved(Unit::Year, -1, From::Text), "year-earlier")
        }
        "weeks" | "months" | "years" | "days" | "hours" | "decades" | "centuries" | "minutes" if bare_plural(lx, i) => {
            let (unit, _) = Unit::of(lx.w(i))?;
            if matches!(lx.w(i + 1), "ago" | "earlier") {
                return reference(i + 2, "PAST_REF");
            }
            Some(of(i, i + 1, TimeKind::Duration, Meaning::Fixed(unit.duration(None)), "bare-units"))
        }
        "the" => match lx.w(i + 1) {
            "future" if !lx.is_word(i + 2) || lx.w(i + 2) != "of" => reference(i + 2, "FUTURE_REF"),
            "near" if lx.w(i + 2) == "future" => reference(i + 3, "FUTURE_REF"),
            "past" if !matches!(lx.w(i + 2), "week" | "month" | "year") && !lx.is_word(i + 2) => {
                reference(i + 2, "PAST_REF")
            }
            "present" if !lx.is_word(i + 2) => reference(i + 2, "PRESENT_REF"),
            "weekend" => make(i + 2, moved(Unit::Weekend, 0, From::Publication), "weekend"),
            "quarter" if !matches!(lx.w(i + 2), "of" | "million" | "century" | "final") => {
                make(i + 2, moved(Unit::Quarter, -1, From::Text), "the-quarter")
            }
            "latest" if lx.w(i + 2) == "quarter" => make(i + 3, moved(Unit::Quarter, -1, From::Text), "the-quarter"),
            "time" if lx.before(i, 1) == "at" && !matches!(lx.w(i + 2), "of" | "when" | "to" | "that") => {
                make(i + 2, Meaning::Same(Unit::Year), "at-the-time")
            }
            "first" | "last" | "final" | "next" => {
                // "the first nine months (of 1989)"
                let (n, end) = amount(lx, i + 2)?;
                let (unit, _) = Unit::of(lx.w(end))?;
                let mut end = end + 1;
                if lx.w(end) == "of"
                    && let Some(y) =
                        date(lx, end + 1).filter(|e| matches!(e.meaning, Meaning::Date { month: None, .. }))
                {
                    end = y.end;
                }
                Some(of(i, end, TimeKind::Duration, Meaning::Fixed(unit.duration(n)), "duration"))
            }
            _ => {
                let (n, end) = amount(lx, i + 1).filter(|(n, _)| n.is_some())?;
                let at = end + usize::from(lx.hyphen(end));
                let (unit, plural) = Unit::of(lx.w(at))?;
                if !plural && at == end
                    || lx.w(at + 1) == "old"
                    || lx.hyphen(at + 1) && lx.w(at + 2) == "old"
                    || unit == Unit::Second && !plural
                {
                    return None;
                }
                Some(of(
                    i + usize::from(at > end),
                    at + 1,
                    TimeKind::Duration,
                    Meaning::Fixed(unit.duration(n)),
                    "duration",
                ))
            }
        },
        "then" if matches!(lx.before(i, 1), "since" | "by" | "until") => make(i + 1, Meaning::Same(Unit::Day), "then"),
        "morning" | "evening" | "afternoon"
            if !lx.capital(i)
                && matches!(lx.before(i, 1), "early" | "late" | "the")
                && !matches!(lx.w(i + 1), "news" | "paper") =>
        {
            let mut e = of(i, i + 1, TimeKind::Time, Meaning::OnDay, "part-of-day");
            e.part = day_part(lx.w(i));
            Some(e)
        }
        _ => None,
    }
}

/// "for years", "weeks of fighting", "in recent" is above.
fn bare_plural(lx: &Lexed<'_>, i: usize) -> bool {
    let prev = lx.before(i, 1);
    !lx.capital(i)
        && (matches!(prev, "for" | "in" | "within" | "after" | "over" | "by" | "take" | "took" | "lasted" | "spent")
            || matches!(lx.w(i + 1), "of" | "ago" | "earlier" | "later" | "before") && !matches!(prev, "the" | "few"))
}
