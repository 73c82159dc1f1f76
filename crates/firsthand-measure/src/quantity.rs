//! Finds the quantities of a sentence: numbers with their hedge, range and
//! unit, told apart from numbers that count nothing (years, ages, scores ...).

use firsthand_model::{Approx, Bound};
use firsthand_span::Span;

use crate::hedge;
use crate::lex::Lexed;
use crate::number::{Form, Number, Word, number, plural, word};
use crate::unit::{Unit, money_before, unit};

/// What a number is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It counts or measures.
    Measure,
    /// "one of the reasons".
    Partitive,
    /// "one" without a noun.
    Pronoun,
    /// How old someone or something is.
    Age,
    /// The score of a game.
    Score,
    /// "several", "a few": counts in a casualty report, else says little.
    Loose,
    /// "no one".
    Nobody,
}

/// A quantity as its words put it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// From hedge to unit, bytes of the clean text.
    pub span: Span,
    /// What it is there for.
    pub role: Role,
    /// The number printed; `None` for ranges and vague ones.
    pub value: Option<f64>,
    /// Lower end.
    pub lower: Option<Bound>,
    /// Upper end.
    pub upper: Option<Bound>,
    /// The hedge.
    pub approx: Approx,
    /// UCUM, ISO 4217, `%` or `1`, with `/` and what it is per.
    pub unit: String,
    /// The size of a word without a number: 12 for "dozens".
    pub size: Option<f64>,
    /// Printed as a share of something ("a third"); `value` is in percent.
    pub fraction: bool,
    pub(crate) time_unit: bool,
    /// The pieces: of all, of the number, after everything.
    pub(crate) first: usize,
    pub(crate) number: usize,
    pub(crate) end: usize,
    /// Whether a counted noun may follow (no unit, or a unit before "of").
    pub(crate) hyphenated: bool,
}

const MONTHS: [&str; 24] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

fn month(lx: &Lexed<'_>, i: usize) -> bool {
    lx.capital(i) && MONTHS.contains(&lx.w(i))
}

/// The quantities of a sentence, in order.
pub(crate) fn quantities(lx: &Lexed<'_>) -> Vec<Quantity> {
    let mut out: Vec<Quantity> = Vec::new();
    let mut i = 0;
    while i < lx.len() {
        i = match read(lx, i, &mut out) {
            Some(next) if next > i => next,
            _ => i + 1,
        };
    }
    out
}

/// Reads what starts at piece `i`; the piece to go on from.
fn read(lx: &Lexed<'_>, i: usize, out: &mut Vec<Quantity>) -> Option<usize> {
    if lx.shape(i) == Some(crate::lex::Shape::Symbol) && !matches!(lx.w(i), "\u{bc}" | "\u{bd}" | "\u{be}") {
        return None;
    }
    if let Some(next) = loose(lx, i, out) {
        return Some(next);
    }
    if let Some(next) = bare_time(lx, i, out).or_else(|| one_unit(lx, i, out)) {
        return Some(next);
    }
    let money = money_before(lx, i);
    let n = number(lx, i, money.is_some()).or_else(|| million_dollar(lx, i))?;
    if n.form == Form::Ordinal {
        return Some(n.end);
    }
    // "the first half", "a hundred thousand per 100,000"
    let ranked = matches!(lx.before(i, 1), "first" | "second" | "latter" | "other") && lx.w(i) == "half";
    if ranked || lx.before(i, 1) == "per" && money.is_none() {
        return Some(n.end);
    }
    if money.is_none()
        && let Some(next) = not_a_quantity(lx, &n)
    {
        return Some(next);
    }
    Some(build(lx, n, money, out))
}

/// "million dollar house", "million Hongkongers": a scale without a number.
fn million_dollar(lx: &Lexed<'_>, i: usize) -> Option<Number> {
    let by = match word(lx.w(i)) {
        Some(Word::Scale(by)) => by,
        _ => return None,
    };
    Some(Number { first: i, end: i + 1, value: by, form: Form::Cardinal, scaled: Some(by), digits: false })
}

/// Numbers that name, date or label; the piece to go on from.
fn not_a_quantity(lx: &Lexed<'_>, n: &Number) -> Option<usize> {
    let (i, end) = (n.first, n.end);
    let prev = lx.before(i, 1);
    let next = lx.w(end);
    if n.digits {
        // "1980s", "in her 40s"
        if lx.tight(end) && next == "s"
            || matches!(next, "'" | "\u{2019}")
                && lx.w(end + 1) == "s"
                && lx.tight(end + 1)
                && n.value < 2100.0
                && n.value % 10.0 == 0.0
        {
            return Some(end + 1);
        }
        // "M21", "V10", "#12": tight after letters.
        if lx.tight(i) && i > 0 && (lx.is_word(i - 1) || matches!(prev, "#" | "@" | "_" | "\u{b0}")) {
            return Some(end);
        }
        // "1.1.1.1", "3:0": dotted and clock figures.
        if lx.tight(end) && matches!(next, "." | ":") && lx.tight(end + 1) && lx.is_digits(end + 1) {
            let mut at = end;
            while matches!(lx.w(at), "." | ":") && lx.is_digits(at + 1) && lx.tight(at + 1) {
                at += 2;
            }
            return Some(at);
        }
        if n.form == Form::Cardinal && next == "/" && lx.tight(end) && lx.is_digits(end + 1) && lx.tight(end + 1) {
            return Some(end + 2);
        }
        // "COVID -19"
        if i >= 2
            && lx.dash(i - 1)
            && lx.tight(i)
            && lx.raw(i - 2).len() > 2
            && lx.raw(i - 2).chars().all(char::is_uppercase)
        {
            return Some(end);
        }
        if lx.raw(i).len() > 1 && lx.raw(i).starts_with('0') && !lx.raw(i).contains('.') {
            return Some(end);
        }
        // Telephone numbers and dates: three or more runs joined by hyphens or slashes.
        if (lx.hyphen(end) || next == "/")
            && lx.is_digits(end + 1)
            && (lx.hyphen(end + 2) || lx.w(end + 2) == "/")
            && lx.is_digits(end + 3)
            && n.form == Form::Cardinal
        {
            return Some(end + 4);
        }
    }
    // "COVID-19", "AR-15", but "minus-5", "sub-7", "mid-..." are numbers.
    if i >= 2 && lx.hyphen(i - 1) && lx.is_word(i - 2) && lx.tight(i) {
        let word_before = lx.w(i - 2);
        if n.digits
            && !matches!(word_before, "minus" | "sub" | "to" | "or" | "and" | "under" | "over" | "pre" | "post" | "non")
            && unit(lx, i - 2).is_none()
        {
            return Some(end);
        }
        if !n.digits && word(word_before).is_none() && !matches!(word_before, "to" | "or" | "and" | "minus") {
            return Some(end);
        }
    }
    if date(lx, n) || clock(lx, n) || label(lx, n) || address(lx, n) {
        return Some(end);
    }
    if year(lx, n) {
        // "2015-16", "2015–2019"
        return Some(if lx.dash(end) && lx.is_digits(end + 1) && unit(lx, end + 2).is_none() { end + 2 } else { end });
    }
    if !n.digits && idiom(lx, n) {
        return Some(end);
    }
    None
}

fn date(lx: &Lexed<'_>, n: &Number) -> bool {
    let (i, end) = (n.first, n.end);
    if n.value.fract() != 0.0 || !(1.0..=31.0).contains(&n.value) || n.scaled.is_some() {
        return false;
    }
    let month_before =
        |k: usize| i.checked_sub(k).is_some_and(|j| month(lx, j) || lx.w(j) == "." && j > 0 && month(lx, j - 1));
    let month_after = month(lx, end) || lx.w(end) == "of" && month(lx, end + 1) || lx.hyphen(end) && month(lx, end + 1);
    if month_after {
        return lx.w(end) != "may" || unit(lx, end).is_none();
    }
    if month_before(1) {
        return unit(lx, end).is_none() && !(lx.w(i - 1) == "may" && plural(lx.w(end)));
    }
    // "March 4 and 5", "6-10 February", "12 and 13 March", "May 3-5"
    let joined = matches!(lx.before(i, 1), "and" | "to" | "or") || i > 0 && lx.dash(i - 1);
    let before = joined && i >= 3 && lx.is_digits(i - 2) && (month_before(3) || month_before(4));
    let after =
        (matches!(lx.w(end), "and" | "to" | "or") || lx.dash(end)) && lx.is_digits(end + 1) && month(lx, end + 2);
    (before || after) && !plural(lx.w(end)) && unit(lx, end).is_none()
}

fn clock(lx: &Lexed<'_>, n: &Number) -> bool {
    let (i, end) = (n.first, n.end);
    if n.scaled.is_some() || n.value > 2400.0 {
        return false;
    }
    let zone =
        |w: &str| matches!(w, "gmt" | "utc" | "est" | "edt" | "pst" | "pdt" | "cet" | "cest" | "bst" | "ist" | "et");
    match lx.w(end) {
        "a.m." | "p.m." | "a.m" | "p.m" | "am" | "pm" | "o'clock" | "o\u{2019}clock" | "noon" | "midnight" => {
            return true;
        }
        "hours" | "hrs" if n.digits && lx.raw(i).len() == 4 && n.value >= 100.0 => return true,
        "local" if lx.w(end + 1) == "time" => return true,
        w if zone(w) && lx.capital(end) => return true,
        "-" | "\u{2013}" | "to" if lx.is_digits(end + 1) && matches!(lx.w(end + 2), "a.m." | "p.m." | "am" | "pm") => {
            return true;
        }
        _ => {}
    }
    // "at six", "by 5:" with nothing to count.
    lx.before(i, 1) == "at"
        && n.value <= 12.0
        && n.value >= 1.0
        && n.value.fract() == 0.0
        && matches!(lx.w(end), "" | "." | "," | ";" | "on" | "in")
        && n.digits
}

/// A year by its shape and company.
fn year(lx: &Lexed<'_>, n: &Number) -> bool {
    let (i, end) = (n.first, n.end);
    if !n.digits
        || n.scaled.is_some()
        || lx.raw(i).len() != 4
        || n.value.fract() != 0.0
        || !(1000.0..2100.0).contains(&n.value)
    {
        return false;
    }
    let prev = lx.before(i, 1);
    if matches!(lx.w(end), "bc" | "ad" | "b.c." | "a.d." | "bce" | "ce") {
        return true;
    }
    let temporal = matches!(
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
            | "around"
            | "about"
    ) || month(lx, i.wrapping_sub(1))
        || i > 0 && (lx.dash(i - 1) || prev == "," || prev == "(");
    let counts = unit(lx, end).is_some()
        || plural(lx.w(end))
            && !matches!(lx.w(end), "sales" | "elections" | "olympics" | "games" | "finals" | "results");
    if n.value >= 1900.0 {
        let bounded = hedge::before(lx, i)
            .is_some_and(|(a, _)| !matches!(a, Approx::About | Approx::Nearly) && (a != Approx::UpTo || counts));
        let about = hedge::before(lx, i)
            .is_some_and(|(_, first)| !matches!(lx.before(first, 1), "in" | "since" | "from" | "until" | "by"));
        return !bounded
            && !(about
                && (counts
                    || lx.is_word(end) && matches!(prev, "roughly" | "approximately" | "some" | "nearly" | "almost")))
            && !(counts && !temporal);
    }
    temporal
        && !counts
        && hedge::before(lx, i).is_none()
        && matches!(
            prev,
            "in" | "since"
                | "until"
                | "by"
                | "before"
                | "after"
                | "during"
                | "early"
                | "late"
                | "year"
                | "from"
                | "between"
                | "and"
                | "to"
        )
        && !matches!(lx.w(end), "of")
}

/// "Article 50", "Flight 12", "iPhone 11", "Area 51".
fn label(lx: &Lexed<'_>, n: &Number) -> bool {
    let (i, end) = (n.first, n.end);
    if i == 0 || n.scaled.is_some() {
        return false;
    }
    let prev = lx.before(i, 1);
    if matches!(
        prev,
        "article"
            | "section"
            | "chapter"
            | "room"
            | "flight"
            | "route"
            | "highway"
            | "page"
            | "game"
            | "category"
            | "phase"
            | "season"
            | "episode"
            | "resolution"
            | "grade"
            | "type"
            | "title"
            | "level"
            | "channel"
            | "gate"
            | "platform"
            | "apartment"
            | "apt"
            | "suite"
            | "number"
            | "volume"
            | "figure"
            | "table"
            | "item"
            | "clause"
            | "paragraph"
            | "war"
            | "group"
            | "district"
            | "zone"
            | "tier"
            | "stage"
            | "act"
            | "formula"
            | "interstate"
            | "line"
            | "pier"
            | "terminal"
            | "block"
            | "unit"
            | "division"
            | "version"
            | "step"
            | "part"
            | "lot"
            | "exit"
            | "model"
            | "mark"
            | "size"
            | "top"
    ) && (n.digits || lx.capital(i - 1))
        && prev != "top"
        && !plural(lx.w(end))
        && unit(lx, end).is_none()
    {
        return true;
    }
    if matches!(lx.w(end), "zip") || prev == "area" && lx.capital(i - 1) {
        return true;
    }
    // "the bottom three"
    if matches!(prev, "bottom" | "top") && (!lx.is_word(end) || stops(lx.w(end))) && lx.before(i, 2) == "the" {
        return true;
    }
    if prev == "." && i >= 2 && matches!(lx.w(i - 2), "no" | "nos") {
        return true;
    }
    // A figure after a capitalised word that is no start of the sentence.
    n.digits
        && i >= 2
        && lx.raw(i - 1).contains(char::is_uppercase)
        && lx.is_word(i - 1)
        && !month(lx, i - 1)
        && hedge::before(lx, i).is_none()
        && unit(lx, end).is_none()
        && !lx.w(i).contains([',', '.'])
        && !plural(lx.w(end))
        && (lx.raw(i - 1).len() > 1 || lx.raw(i - 2) == "&")
        && lx.raw(i - 2) != "."
        && n.value < 10_000.0
}

fn address(lx: &Lexed<'_>, n: &Number) -> bool {
    if !n.digits || n.value.fract() != 0.0 || !lx.capital(n.end) && !lx.is_digits(n.end) && !lx.dash(n.end) {
        return false;
    }
    let mut capitals = false;
    for k in n.end..n.end + 5 {
        if matches!(
            lx.w(k),
            "street"
                | "st"
                | "road"
                | "rd"
                | "avenue"
                | "ave"
                | "lane"
                | "drive"
                | "blvd"
                | "boulevard"
                | "way"
                | "square"
                | "court"
                | "crescent"
                | "terrace"
        ) && lx.capital(k)
        {
            return capitals || lx.capital(k);
        }
        if !(lx.capital(k) || lx.is_digits(k) || lx.hyphen(k)) {
            return false;
        }
        capitals = true;
    }
    false
}

/// "one another", "one day", "no one", "the one": words that count nothing.
fn idiom(lx: &Lexed<'_>, n: &Number) -> bool {
    let (i, end) = (n.first, n.end);
    let prev = lx.before(i, 1);
    let next = lx.w(end);
    if n.value == 1.0 && n.end == i + 1 {
        if matches!(next, "another" | "thing" | "day" | "'" | "\u{2019}")
            && !(next == "day" && matches!(prev, "in" | "of" | "than" | "within" | "just" | "only"))
        {
            return true;
        }
        if lx.hyphen(end) && matches!(lx.w(end + 1), "off" | "time" | "on" | "sided" | "way" | "stop" | "another") {
            return true;
        }
        if matches!(
            prev,
            "the"
                | "this"
                | "that"
                | "each"
                | "any"
                | "every"
                | "which"
                | "no"
                | "another"
                | "some"
                | "number"
                | "day"
                | "whole"
                | "good"
                | "new"
                | "big"
        ) && !lx.is_word(end)
        {
            return true;
        }
        if matches!(prev, "this" | "that" | "any" | "every" | "which" | "each" | "such") {
            return true;
        }
    }
    // "Goody Two-Shoes"
    if lx.hyphen(end) && lx.capital(end + 1) && lx.capital(i) && i > 0 {
        return true;
    }
    if lx.hyphen(end) && matches!(lx.w(end + 1), "fold" | "way" | "star" | "time" | "times" | "sided") && n.value < 10.0
    {
        return true;
    }
    false
}

/// "several", "a few", "a handful of", "a couple of", "a number of", "no one".
fn loose(lx: &Lexed<'_>, i: usize, out: &mut Vec<Quantity>) -> Option<usize> {
    let (end, role) = match lx.w(i) {
        "several" => (i + 1, Role::Loose),
        "a" => match lx.w(i + 1) {
            "few" => (i + 2, Role::Loose),
            "handful" if lx.w(i + 2) == "of" => (i + 2, Role::Measure),
            "couple" | "number" if lx.w(i + 2) == "of" => (i + 2, Role::Measure),
            _ => return None,
        },
        "no" if lx.w(i + 1) == "one" && lx.w(i + 2) != "of" => (i + 2, Role::Nobody),
        "no" if lx.w(i + 1) == "-" && lx.w(i + 2) == "one" => (i + 3, Role::Nobody),
        "nobody" => (i + 1, Role::Nobody),
        "no" if matches!(
            lx.w(i + 1),
            "casualties"
                | "injuries"
                | "fatalities"
                | "deaths"
                | "victims"
                | "arrests"
                | "people"
                | "civilians"
                | "survivors"
        ) =>
        {
            (i + 1, Role::Nobody)
        }
        _ => return None,
    };
    // "several hundred", "a few thousand": vague too, of that size.
    let scale = match word(lx.w(end)) {
        Some(Word::Hundred) => Some(100.0),
        Some(Word::Scale(by)) => Some(by),
        Some(Word::Dozen) => Some(12.0),
        _ => None,
    };
    let (end, role) = match scale {
        Some(_) if role != Role::Nobody => (end + 1, Role::Measure),
        _ => (end, role),
    };
    let at = if lx.w(end) == "of" { end + 1 } else { end };
    let timed = unit(lx, at).filter(|u| u.time || u.code == "decade");
    if timed.is_some() || lx.before(i, 1) == "last" {
        return Some(end);
    }
    let (value, lower, upper, approx) = if role == Role::Nobody {
        let zero = Some(Bound { value: 0.0, inclusive: true });
        (Some(0.0), zero, zero, Approx::None)
    } else {
        (None, None, None, Approx::Vague)
    };
    out.push(Quantity {
        span: lx.span(i, end),
        role,
        value,
        lower,
        upper,
        approx,
        unit: "1".to_owned(),
        size: scale,
        fraction: false,
        time_unit: false,
        first: i,
        number: i,
        end,
        hyphenated: false,
    });
    Some(end)
}

/// "for years", "decades of conflict": a duration without a number.
fn bare_time(lx: &Lexed<'_>, i: usize, out: &mut Vec<Quantity>) -> Option<usize> {
    let w = lx.w(i);
    if !w.ends_with('s')
        || !matches!(
            w,
            "seconds" | "minutes" | "hours" | "days" | "weeks" | "months" | "years" | "decades" | "centuries"
        )
    {
        return None;
    }
    let prev = lx.before(i, 1);
    if !(prev == "for" && !matches!(lx.w(i + 1), "to")
        || lx.w(i + 1) == "of" && !matches!(prev, "last" | "past" | "the" | "few" | "of"))
        || lx.capital(i) && i > 0
    {
        return None;
    }
    let u = unit(lx, i)?;
    out.push(Quantity {
        span: lx.span(i, i + 1),
        role: Role::Measure,
        value: None,
        lower: None,
        upper: None,
        approx: Approx::Vague,
        unit: u.code.to_owned(),
        size: None,
        fraction: false,
        time_unit: true,
        first: i,
        number: i,
        end: i + 1,
        hyphenated: false,
    });
    Some(i + 1)
}

/// "within a month", "the past year and a half": one unit without a number.
fn one_unit(lx: &Lexed<'_>, i: usize, out: &mut Vec<Quantity>) -> Option<usize> {
    let (at, value, approx) = match lx.w(i) {
        "within" if matches!(lx.w(i + 1), "a" | "an") => (i + 2, 1.0, Approx::AtMost),
        "hour" | "day" | "week" | "month" | "year" | "decade"
            if lx.has(i + 1, &["and", "a", "half"]) && !lx.is_digits(i.wrapping_sub(1)) =>
        {
            (i, 1.5, Approx::None)
        }
        _ => return None,
    };
    let u = unit(lx, at).filter(|u| u.time)?;
    let end = if value == 1.0 { u.end } else { u.end + 3 };
    let (lower, upper) = hedge::bounds(value, approx);
    out.push(Quantity {
        span: lx.span(i, end),
        role: Role::Measure,
        value: Some(value),
        lower,
        upper,
        approx,
        unit: u.code.to_owned(),
        size: None,
        fraction: false,
        time_unit: true,
        first: i,
        number: i,
        end,
        hyphenated: false,
    });
    Some(end)
}

/// What joins the two numbers of a range at piece `at`; the piece after it.
fn joint(lx: &Lexed<'_>, at: usize) -> Option<(usize, Joint)> {
    if lx.hyphen(at) && matches!(lx.w(at + 1), "to" | "or") && lx.hyphen(at + 2) {
        return Some((at + 3, Joint::To));
    }
    if lx.dash(at) {
        return Some((at + 1, Joint::Dash));
    }
    match lx.w(at) {
        "to" if lx.hyphen(at + 1) => Some((at + 2, Joint::To)),
        "to" if lx.w(at + 1) == "between" => None,
        "to" => Some((at + 1, Joint::To)),
        "and" => Some((at + 1, Joint::And)),
        "or" => Some((at + 1, Joint::Or)),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Joint {
    Dash,
    To,
    And,
    Or,
}

/// Money signs at piece `i`: the piece of the number after them.
fn skip_money(lx: &Lexed<'_>, i: usize) -> usize {
    (i..i + 3)
        .find(|&k| lx.is_digits(k))
        .filter(|&k| k == i || money_before(lx, k).is_some_and(|(_, back)| k - back <= i))
        .unwrap_or(i)
}

/// Builds the quantity of number `n`; the piece after it.
fn build(lx: &Lexed<'_>, n: Number, money: Option<(&'static str, usize)>, out: &mut Vec<Quantity>) -> usize {
    let mut first = money.map_or(n.first, |(_, back)| n.first - back);
    let negative = sign(lx, &mut first, n.first, money.is_some());
    let mut end = n.end;
    let mut u = money.map(|(code, _)| Unit { code, end, time: false, money: true });
    let hyphen_unit = |at: usize| if lx.hyphen(at) { at + 1 } else { at };
    let read_unit = |at: usize| -> Option<Unit> {
        let found = unit(lx, hyphen_unit(at))?;
        // "one second" is time; "the second half" never comes here.
        Some(found)
    };
    let hedged = hedge::before(lx, first);
    let between = lx.before(first, 1) == "between"
        || hedged.is_some_and(|(_, f)| lx.before(f, 1) == "between")
        || lx.before(first, 1) == "anywhere";
    let from = lx.before(first, 1) == "from";
    let mut range: Option<f64> = None;
    let mut value = n.value;
    let unit_between = if u.is_none() { read_unit(end) } else { None };
    let joint_at = unit_between.map_or(end, |u| u.end);
    if n.form == Form::Cardinal
        && let Some((at, how)) = joint(lx, joint_at)
    {
        let second = skip_money(lx, at);
        let m = number(lx, second, u.is_some()).filter(|m| m.form == Form::Cardinal && m.first == second);
        if let Some(m) = m {
            let unit_after = if second > at { u } else { read_unit(m.end) };
            let shared = match (n.scaled, m.scaled) {
                (None, Some(by)) if value < 1000.0 && value * by <= m.value * 1.0000001 => by,
                _ => 1.0,
            };
            let rising = value * shared < m.value;
            let same_kind = match (u.or(unit_between), unit_after) {
                (Some(a), Some(b)) => a.code == b.code || a.money && b.money,
                (Some(_), None) => how == Joint::To && from || unit_between.is_none(),
                _ => true,
            };
            let counted = unit_after.is_some()
                || u.is_some()
                || unit_between.is_some()
                || plural(lx.w(m.end))
                || m.scaled.is_some()
                || between
                || from;
            let fits = match how {
                Joint::Dash => rising && (counted || !n.digits) || shared > 1.0,
                Joint::To => {
                    rising && (counted || from || n.scaled.is_some() || !n.digits || unit_after.is_some())
                        || from && same_kind
                }
                Joint::And => between,
                Joint::Or => rising && !n.digits && m.value - value <= 2.0 && (m.end == second + 1),
            };
            if fits
                && same_kind
                && (!(how == Joint::Dash && unit_after.is_none() && u.is_none())
                    || plural(lx.w(m.end))
                    || !n.digits
                    || m.scaled.is_some()
                    || lx.hyphen(m.end)
                    || lx.is_word(m.end) && !lx.capital(m.end) && m.value > 30.0
                    || between
                    || from)
            {
                value *= shared;
                range = Some(m.value);
                end = m.end;
                u = u.or(unit_after.filter(|_| second == at)).or(unit_between).map(|x| Unit { end, ..x });
            } else if how == Joint::Dash
                && n.digits
                && m.digits
                && lx.hyphen(joint_at)
                && unit_after.is_none()
                && u.is_none()
            {
                return score(lx, n, m, out);
            }
        }
    }
    let mut hyphenated = false;
    if let Some(found) = read_unit(end).filter(|f| !takes_no_unit(lx, &n, f, u, end)) {
        hyphenated = lx.hyphen(end);
        let keep = u.filter(|u| u.money).map_or(found.code, |u| u.code);
        u = Some(Unit { code: keep, ..found });
        end = found.end;
    } else if range.is_none()
        && let Some(found) = unit_between
        && !takes_no_unit(lx, &n, &found, u, n.end)
    {
        hyphenated = lx.hyphen(n.end);
        u = Some(found);
        end = found.end;
    }
    if u.is_some_and(|u| u.money) && matches!(lx.raw(end), "US" | "U.S." | "sterling") {
        end += 1;
    }
    // "year and a half" after a bare unit is read with the number before it.
    let mut extra = 0.0;
    if u.is_some() && range.is_none() && lx.has(end, &["and", "a", "half"]) {
        extra = 0.5;
        end += 3;
    }
    value += extra;
    if negative {
        value = -value;
    }
    let mut fraction = n.form == Form::Fraction;
    let mut approx = hedged.map_or(Approx::None, |(a, _)| a);
    if approx == Approx::Nearly && value == 0.0 {
        approx = Approx::About;
    }
    if let Some((_, f)) = hedged {
        if temporal_over(lx, f, approx, u) {
            approx = Approx::None;
        } else {
            first = f;
        }
    }
    if lx.before(first, 1) == "within" && u.is_some_and(|u| u.time) && approx == Approx::None {
        approx = Approx::AtMost;
        first -= 1;
    }
    if let Some((a, e)) = hedge::after(lx, end).filter(|_| approx == Approx::None)
        && !(lx.w(end) == "plus" && lx.is_word(end + 1) && !lx.hyphen(end.wrapping_sub(1)))
        && !(lx.w(end) == "+" && lx.is_digits(end + 1))
    {
        approx = a;
        end = e;
    }
    // "one in five", "one out of every thousand", "9 out of 10"
    if range.is_none()
        && u.is_none()
        && n.form == Form::Cardinal
        && let Some((below, e)) = out_of(lx, end)
        && below > value
    {
        value /= below;
        end = e;
        fraction = true;
    }
    let role = role(lx, &n, end, u, fraction, first, hyphenated);
    let mut code = u.map_or_else(|| "1".to_owned(), |u| u.code.to_owned());
    if fraction && u.is_none() {
        if n.form == Form::Fraction {
            value *= 100.0;
        }
        code = if n.form == Form::Fraction { "%" } else { "1" }.to_owned();
    }
    if let Some((per, e)) = rate(lx, end, u) {
        code = if code == "1" { per } else { code + &per };
        end = e;
    }
    let (lower, upper, printed) = if n.form == Form::Vague {
        approx = Approx::Vague;
        (None, None, None)
    } else if let Some(high) = range {
        let ends = (
            Some(Bound { value: value.min(high), inclusive: true }),
            Some(Bound { value: value.max(high), inclusive: true }),
        );
        approx = if matches!(approx, Approx::About | Approx::Nearly) { Approx::About } else { Approx::Between };
        (ends.0, ends.1, None)
    } else {
        let (lower, upper) = hedge::bounds(value, approx);
        (lower, upper, Some(value))
    };
    if between && range.is_some() && lx.before(first, 1) == "between" {
        first -= 1;
    }
    out.push(Quantity {
        span: lx.span(first, end),
        role,
        value: printed,
        lower,
        upper,
        approx,
        unit: code,
        size: (n.form == Form::Vague).then_some(n.value),
        fraction,
        time_unit: u.is_some_and(|u| u.time),
        first,
        number: n.first,
        end,
        hyphenated,
    });
    end
}

/// "-5", "minus 387", "$-50.8bn".
fn sign(lx: &Lexed<'_>, first: &mut usize, i: usize, money: bool) -> bool {
    if i > 0 && lx.dash(i - 1) && lx.tight(i) {
        let minus = i >= 2 && lx.w(i - 2) == "minus";
        let alone = !lx.tight(i - 1) || i >= 2 && matches!(lx.w(i - 2), "$" | "(") && money;
        if minus || alone && lx.is_digits(i) {
            *first = (*first).min(if minus { i - 2 } else { i - 1 });
            return true;
        }
    }
    if lx.before(*first, 1) == "minus" {
        *first -= 1;
        return true;
    }
    false
}

/// A unit word that is none here: "one second" is, "two million people" has
/// none, "5 am" is a clock, "won" and "real" need money.
fn takes_no_unit(lx: &Lexed<'_>, n: &Number, found: &Unit, had: Option<Unit>, at: usize) -> bool {
    if had.is_some_and(|u| u.money) {
        return !found.money || found.code != had.map_or("", |u| u.code) && lx.capital(at);
    }
    match lx.w(at) {
        "won" | "real" | "stone" | "second" if n.value != 1.0 && lx.w(at) != "second" => n.scaled.is_none(),
        "rand" | "lei" | "dong" => n.scaled.is_none() && !n.digits,
        "pound" | "pounds" => false,
        _ => false,
    }
}

/// "over 18 months", "over the four days": time that passes, no bound.
fn temporal_over(lx: &Lexed<'_>, f: usize, approx: Approx, u: Option<Unit>) -> bool {
    approx == Approx::Over
        && lx.w(f) == "over"
        && u.is_some_and(|u| u.time)
        && !matches!(lx.before(f, 1), "for" | "of" | "just" | "well" | "is" | "was" | "after" | "a")
}

fn score(lx: &Lexed<'_>, n: Number, m: Number, out: &mut Vec<Quantity>) -> usize {
    let mut end = m.end;
    while lx.hyphen(end) && lx.is_digits(end + 1) {
        end += 2;
    }
    if n.value < 300.0 && m.value < 300.0 {
        out.push(Quantity {
            span: lx.span(n.first, end),
            role: Role::Score,
            value: None,
            lower: Some(Bound { value: n.value, inclusive: true }),
            upper: Some(Bound { value: m.value, inclusive: true }),
            approx: Approx::None,
            unit: "1".to_owned(),
            size: None,
            fraction: false,
            time_unit: false,
            first: n.first,
            number: n.first,
            end,
            hyphenated: false,
        });
    }
    end
}

/// "in five", "out of every thousand", "in every 10".
fn out_of(lx: &Lexed<'_>, at: usize) -> Option<(f64, usize)> {
    let mut k = match lx.w(at) {
        "in" => at + 1,
        "out" if lx.w(at + 1) == "of" => at + 2,
        "-" if lx.has(at + 1, &["in", "-"]) => at + 3,
        _ => return None,
    };
    let every = lx.w(k) == "every";
    k += usize::from(every);
    let below = number(lx, k, false).or_else(|| million_dollar(lx, k)).or_else(|| {
        (lx.w(k) == "hundred").then_some(Number {
            first: k,
            end: k + 1,
            value: 100.0,
            form: Form::Cardinal,
            scaled: None,
            digits: false,
        })
    })?;
    let plain = below.form == Form::Cardinal
        && below.value.fract() == 0.0
        && unit(lx, below.end).is_none()
        && below.value < 1e7;
    // "two in 2019" is no share, nor is "one in three cities" sure; "one in ten" is.
    (plain && (lx.w(at) != "in" || every || below.value <= 100.0 || !below.digits) && !plural(lx.w(k)))
        .then_some((below.value, below.end))
}

/// "per barrel", "a month", "an ounce", "-a-day", "/day": what a rate is per.
fn rate(lx: &Lexed<'_>, at: usize, u: Option<Unit>) -> Option<(String, usize)> {
    let k = match lx.w(at) {
        "per" => at + 1,
        "/" if lx.tight(at) && lx.is_word(at + 1) => at + 1,
        "a" | "an" if u.is_some_and(|u| u.money) || unit(lx, at + 1).is_some_and(|u| u.time) => at + 1,
        "-" if lx.w(at + 1) == "a" && lx.w(at + 2) == "-" => at + 3,
        _ => return None,
    };
    if let Some(per) = unit(lx, k) {
        return Some((format!("/{}", per.code), per.end));
    }
    if lx.w(at) != "per" {
        return None;
    }
    if let Some(n) = number(lx, k, false) {
        return Some((
            if n.value.log10().fract() == 0.0 { format!("/10*{}", n.value.log10()) } else { format!("/{}", n.value) },
            n.end,
        ));
    }
    (lx.is_word(k) && !matches!(lx.w(k), "cent")).then(|| (format!("/{{{}}}", lx.w(k)), k + 1))
}

fn role(
    lx: &Lexed<'_>,
    n: &Number,
    end: usize,
    u: Option<Unit>,
    fraction: bool,
    first: usize,
    hyphenated: bool,
) -> Role {
    let prev = lx.before(first, 1);
    let year_like = u.is_some_and(|u| u.time);
    if year_like
        && (lx.hyphen(end) && matches!(lx.w(end + 1), "old" | "olds")
            || matches!(lx.w(end), "old" | "olds")
            || lx.has(end, &["of", "age"])
            || hyphenated && matches!(lx.w(end), "son" | "daughter" | "baby" | "boy" | "girl" | "infant" | "toddler"))
    {
        return Role::Age;
    }
    if u.is_none() && n.scaled.is_none() && n.value < 120.0 && !fraction {
        if matches!(prev, "aged" | "age" | "ages" | "turned" | "turning")
            || lx.before(first, 2) == "age" && prev == "of"
        {
            return Role::Age;
        }
        // "He was 79."
        if n.digits
            && n.value >= 15.0
            && first == n.first
            && matches!(prev, "was" | "is")
            && (matches!(lx.before(first, 2), "he" | "she" | ",") || first >= 2 && lx.capital(first - 2))
            && matches!(lx.w(end), "." | "" | "," | "and" | "when")
        {
            return Role::Age;
        }
        // "Name, 45," between commas or brackets.
        if n.digits
            && first >= 2
            && prev == ","
            && lx.is_word(first - 2)
            && lx.capital(first - 2)
            && matches!(lx.w(end), "," | "." | ";" | "" | ")")
            || n.digits
                && prev == "("
                && lx.w(end) == ")"
                && first >= 2
                && lx.capital(first - 2)
                && lx.is_word(first - 2)
        {
            return Role::Age;
        }
    }
    if n.value == 1.0 && n.form == Form::Cardinal && !n.digits && u.is_none() && !fraction && !hyphenated {
        if lx.w(end) == "of" {
            return Role::Partitive;
        }
        if first == n.first && (!lx.is_word(end) || stops(lx.w(end))) && !lx.hyphen(end) && lx.w(end) != "per" {
            return Role::Pronoun;
        }
    }
    Role::Measure
}

/// Words that end a noun phrase.
pub(crate) fn stops(word: &str) -> bool {
    matches!(
        word,
        "" | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "being"
            | "has"
            | "have"
            | "had"
            | "will"
            | "would"
            | "can"
            | "could"
            | "may"
            | "might"
            | "must"
            | "should"
            | "shall"
            | "do"
            | "does"
            | "did"
            | "in"
            | "on"
            | "at"
            | "by"
            | "for"
            | "from"
            | "with"
            | "to"
            | "into"
            | "onto"
            | "after"
            | "before"
            | "since"
            | "until"
            | "during"
            | "over"
            | "under"
            | "above"
            | "below"
            | "between"
            | "among"
            | "amid"
            | "against"
            | "across"
            | "through"
            | "near"
            | "off"
            | "out"
            | "up"
            | "down"
            | "and"
            | "or"
            | "but"
            | "nor"
            | "than"
            | "that"
            | "which"
            | "who"
            | "whom"
            | "whose"
            | "where"
            | "when"
            | "while"
            | "if"
            | "as"
            | "because"
            | "so"
            | "the"
            | "a"
            | "an"
            | "this"
            | "these"
            | "those"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "your"
            | "my"
            | "he"
            | "she"
            | "it"
            | "they"
            | "we"
            | "you"
            | "i"
            | "not"
            | "of"
            | "per"
            | "each"
            | "including"
            | "about"
            | "within"
            | "without"
            | "ago"
            | "earlier"
            | "later"
            | "also"
            | "all"
            | "both"
            | "there"
            | "said"
            | "says"
            | "told"
            | "killed"
            | "injured"
            | "wounded"
            | "died"
            | "worldwide"
            | "nationwide"
            | "respectively"
            | "hurt"
            | "remain"
            | "remained"
            | "took"
            | "showed"
            | "left"
            | "came"
            | "went"
    )
}
