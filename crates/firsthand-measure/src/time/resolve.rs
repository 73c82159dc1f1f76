//! Anchors expressions: on the publication, or on the date spoken of last.

use firsthand_model::{Interval, Moment};
use jiff::civil::{Date, DateTime, Time, Weekday};

use super::grain::{Grain, Unit, day, monday, plus_days, season_of};
use super::grammar::{Clock, Expression, Feast, From, Meaning};
use crate::lex::Lexed;

/// Which way the words around an expression look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    Open,
}

/// When the report was published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    date: Date,
}

impl Anchor {
    pub(crate) fn new(moment: &Moment) -> Self {
        Anchor { date: moment.date() }
    }
}

/// What an expression came to.
pub(crate) struct Resolved {
    pub(crate) value: String,
    pub(crate) interval: Option<Interval>,
    pub(crate) alternatives: Vec<Interval>,
    /// It rests on the publication date.
    pub(crate) anchored: bool,
    pub(crate) rule: &'static str,
}

/// Carries the dates spoken of from one expression to the next.
pub(crate) struct Resolver {
    anchor: Option<Anchor>,
    /// The text tells of times long before its publication: dates lean on one
    /// another, not on it.
    narrative: bool,
    /// The last stretch, day, and quarter spoken of.
    last: Option<Grain>,
    last_day: Option<Date>,
    last_quarter: Option<Grain>,
    /// The text reports on a quarter: "a year earlier" means its like.
    quarterly: bool,
}

/// Irregular past forms that news is told in.
fn past_form(w: &str) -> bool {
    matches!(
        w,
        "was"
            | "were"
            | "had"
            | "did"
            | "said"
            | "told"
            | "came"
            | "went"
            | "took"
            | "made"
            | "held"
            | "met"
            | "began"
            | "fell"
            | "rose"
            | "won"
            | "lost"
            | "left"
            | "found"
            | "struck"
            | "shot"
            | "hit"
            | "broke"
            | "gave"
            | "got"
            | "saw"
            | "sent"
            | "brought"
            | "led"
            | "set"
            | "put"
            | "sold"
            | "bought"
            | "wrote"
            | "spoke"
            | "flew"
            | "drove"
            | "fled"
            | "became"
            | "ran"
            | "grew"
            | "cut"
            | "paid"
            | "kept"
            | "stood"
            | "fought"
            | "died"
            | "ago"
            | "knew"
            | "felt"
            | "built"
            | "quit"
            | "shut"
            | "threw"
            | "since"
    ) || w.len() > 4
        && w.ends_with("ed")
        && !matches!(
            w,
            "need"
                | "indeed"
                | "exceed"
                | "proceed"
                | "succeed"
                | "expected"
                | "scheduled"
                | "planned"
                | "slated"
                | "supposed"
        )
}

fn future_form(lx: &Lexed<'_>, i: usize) -> bool {
    match lx.w(i) {
        "will" | "shall" | "won't" | "scheduled" | "slated" | "due" | "upcoming" | "deadline" | "tentatively"
        | "expires" | "until" | "plans" | "planned" => true,
        "ll" => true,
        "expects" | "expect" | "hopes" | "hope" | "intends" | "supposed" => true,
        // "as soon as Tuesday", "a summit set for April"
        "soon" | "early" => lx.before(i, 1) == "as" && lx.w(i + 1) == "as",
        "set" => lx.w(i + 1) == "for",
        "expected" => lx.w(i + 1) == "to" || lx.w(i + 1) == "in" || lx.w(i + 1) == "on",
        "is" | "are" => {
            lx.w(i + 1) == "to" || lx.w(i + 1) == "set" || lx.w(i + 1) == "expected" || lx.w(i + 1) == "scheduled"
        }
        "to" => matches!(
            lx.before(i, 1),
            "going" | "set" | "plan" | "plans" | "wants" | "hopes" | "intends" | "vowed" | "agreed" | "decided"
        ),
        "may" | "could" | "can" => !lx.capital(i),
        _ => false,
    }
}

/// The tense of the words nearest to an expression.
pub(crate) fn tense(lx: &Lexed<'_>, e: &Expression) -> Tense {
    for step in 1..14usize {
        // To the left first: English puts the time after its verb.
        if let Some(i) = e.first.checked_sub(step) {
            if future_form(lx, i) {
                return Tense::Future;
            }
            if past_form(lx.w(i)) {
                // "to be paid in January"
                return if lx.before(i, 1) == "be" { Tense::Future } else { Tense::Past };
            }
        }
        let i = e.end + step - 1;
        if step <= 10 {
            if future_form(lx, i) && lx.w(i) != "until" {
                return Tense::Future;
            }
            if past_form(lx.w(i)) {
                return Tense::Past;
            }
        }
    }
    Tense::Open
}

impl Resolver {
    pub(crate) fn new<'e>(anchor: Option<Anchor>, all: impl Iterator<Item = &'e Expression>) -> Self {
        let (mut years, mut far, mut deictic) = (0usize, 0usize, 0usize);
        let mut quarters = 0usize;
        for e in all {
            quarters += usize::from(matches!(
                e.meaning,
                Meaning::Quarter { year: None, .. } | Meaning::Moved { unit: Unit::Quarter, .. }
            ));
            deictic += usize::from(matches!(
                e.meaning,
                Meaning::Weekday { .. }
                    | Meaning::Moved { from: From::Publication, .. }
                    | Meaning::Date { shift: Some(_), .. }
            ));
            let year = match e.meaning {
                Meaning::Date { year: Some(y), .. } => Some(y),
                Meaning::Bc(_) => Some(-1),
                _ => None,
            };
            if let (Some(y), Some(a)) = (year, anchor) {
                years += 1;
                far += usize::from((i32::from(a.date.year()) - i32::from(y)).abs() > 1);
            }
        }
        let narrative = anchor.is_none() || years >= 6 && far * 10 >= years * 8 && deictic * 4 <= years;
        Resolver { anchor, narrative, last: None, last_day: None, last_quarter: None, quarterly: quarters > 0 }
    }

    pub(crate) fn resolve(&mut self, e: &Expression, tense: Tense) -> Resolved {
        let mut alternatives = Vec::new();
        let mut rule = "anchored-on-publication";
        let grain = match &e.meaning {
            Meaning::Fixed(value) => return fixed(value),
            Meaning::Ref(value) => return fixed(value),
            Meaning::Fiscal(y) => {
                self.last = Some(Grain::Year(*y));
                return Resolved {
                    value: format!("FY{y:04}"),
                    interval: None,
                    alternatives: vec![],
                    anchored: false,
                    rule: "as-printed",
                };
            }
            Meaning::Decade(y) => Some(Grain::Decade(*y)),
            Meaning::Century(y) => Some(Grain::Century(*y)),
            Meaning::Bc(y) => Some(Grain::Bc(*y)),
            Meaning::Date { year: Some(y), month, day: d, .. } => {
                rule = "as-printed";
                self.printed(*y, *month, *d)
            }
            Meaning::Date { year: None, month: Some(m), day: d, shift } => {
                self.month(*m, *d, *shift, tense, &mut alternatives)
            }
            Meaning::Date { .. } => None,
            Meaning::Weekday { day, shift } => self.weekday(*day, *shift, tense, &mut alternatives),
            Meaning::Moved { unit, n, from } => {
                if *from == From::Text {
                    rule = "anchored-on-text";
                }
                self.moved(*unit, *n, *from, e.rule == "distance")
            }
            Meaning::Season { season, year, shift } => self.season(*season, *year, *shift, tense),
            Meaning::Quarter { quarter, year, shift } => self.quarter(*quarter, *year, *shift),
            Meaning::Half { half, year, shift } => {
                let y = year.or_else(|| self.base_year(shift.unwrap_or(0)));
                y.map(|y| Grain::Half(y, *half))
            }
            Meaning::Same(unit) => {
                rule = "anchored-on-text";
                if e.rule == "of-the-unit" && !self.narrative {
                    rule = "anchored-on-publication";
                    self.base(From::Publication).and_then(|g| g.moved(*unit, 0))
                } else {
                    self.same(*unit)
                }
            }
            Meaning::OnDay => {
                rule = "anchored-on-text";
                let day = self.last_day.or_else(|| self.anchor.filter(|_| !self.narrative).map(|a| a.date));
                day.map(Grain::Day)
            }
            Meaning::Feast(feast) => self.feast(feast, tense).map(Grain::Day),
        };
        let anchored = rule == "anchored-on-publication" && self.anchor.is_some();
        let Some(grain) = grain else {
            let value = unanchored(&e.meaning, e.part, e.clock);
            return Resolved { value, interval: None, alternatives: vec![], anchored: false, rule: "no-anchor" };
        };
        let compared = matches!(e.meaning, Meaning::Moved { unit: Unit::Year, n: -1, from: From::Text });
        if !matches!(e.meaning, Meaning::OnDay | Meaning::Decade(_) | Meaning::Century(_))
            && !(compared && !self.narrative)
        {
            if !self.narrative || !self.strays(grain) {
                self.last = Some(grain);
            }
            if let Some(d) = grain.day() {
                self.last_day = Some(d);
            }
            if matches!(grain, Grain::Quarter(..)) {
                self.last_quarter = Some(grain);
            }
        }
        let mut value = grain.value();
        let mut interval = grain.interval();
        if let (Some(d), Some(c)) = (grain.day(), e.clock) {
            value.push_str(&clock_value(c));
            interval = clock_interval(d, c);
            alternatives.clear();
        } else if let (Some(d), Some(part)) = (grain.day(), e.part) {
            value.push_str(part);
            interval = part_interval(d, part);
            alternatives.clear();
        }
        Resolved { value, interval, alternatives, anchored, rule }
    }

    /// A year far from those told of, in a text that tells of one time: an aside.
    fn strays(&self, grain: Grain) -> bool {
        self.last.and_then(Grain::year).zip(grain.year()).is_some_and(|(a, b)| (i32::from(a) - i32::from(b)).abs() > 25)
            && self.last.is_some_and(|g| g.month().is_some())
            && matches!(grain, Grain::Year(_))
    }

    fn printed(&self, y: i16, month: Option<i8>, d: Option<i8>) -> Option<Grain> {
        match (month, d) {
            (Some(m), Some(d)) => day(y, m, d).map(Grain::Day),
            (Some(m), None) => Some(Grain::Month(y, m)),
            _ => Some(Grain::Year(y)),
        }
    }

    /// The year that "last year", "this year", "that year" name.
    fn base_year(&self, shift: i8) -> Option<i16> {
        if shift == 2 {
            return self.last.and_then(Grain::year).or(self.anchor.map(|a| a.date.year()));
        }
        let base = match (self.narrative, self.anchor) {
            (false, Some(a)) => a.date.year(),
            _ => self.last.and_then(Grain::year)?,
        };
        Some(base + i16::from(shift))
    }

    /// "May", "May 12", "last May", "May last year".
    fn month(
        &self,
        m: i8,
        d: Option<i8>,
        shift: Option<i8>,
        tense: Tense,
        alternatives: &mut Vec<Interval>,
    ) -> Option<Grain> {
        let make = |y: i16| match d {
            Some(d) => day(y, m, d).map(Grain::Day),
            None => Some(Grain::Month(y, m)),
        };
        if let Some(n) = shift.filter(|n| *n < 8) {
            return make(self.base_year(n)?);
        }
        if self.narrative {
            let y = self.last.and_then(Grain::year)?;
            // From December on to February: the year turned.
            let turned = self.last.and_then(Grain::month).is_some_and(|(_, then)| then - m >= 9);
            return make(if turned { y + 1 } else { y });
        }
        let now = self.anchor?.date;
        let (y, this) = (now.year(), (now.month(), now.day()));
        let asked = (m, d.unwrap_or(if m == now.month() { now.day() } else { 1 }));
        let before = if asked <= this { y } else { y - 1 };
        let after = if asked >= this { y } else { y + 1 };
        // `shift` 9, 10, 11: "last May", "this May", "next May".
        let (chosen, other) = match shift {
            Some(9) => (if d.is_none() && m == now.month() { y - 1 } else { before }, None),
            Some(10) => (y, None),
            Some(11) => (if d.is_none() && m == now.month() { y + 1 } else { after }, None),
            _ => match tense {
                // A day most of a year back would be given with its year.
                Tense::Past if d.is_some() && months_back(now, m, before) >= 9 => (after, Some(before)),
                Tense::Past => (before, None),
                Tense::Future if d.is_some() && months_back(now, m, before) <= 1 && after > y => (before, Some(after)),
                Tense::Future => (after, None),
                // Not after publication, unless that lies most of a year back.
                Tense::Open => {
                    if months_back(now, m, before) >= 9 {
                        (after, Some(before))
                    } else {
                        (before, Some(after))
                    }
                }
            },
        };
        if let Some(i) = other.filter(|o| *o != chosen).and_then(make).and_then(Grain::interval) {
            alternatives.push(i);
        }
        make(chosen)
    }

    /// "Friday", "last Friday", "next Friday", "Friday last week".
    fn weekday(
        &self,
        asked: Weekday,
        shift: Option<i8>,
        tense: Tense,
        alternatives: &mut Vec<Interval>,
    ) -> Option<Grain> {
        let now = match self.last_day.filter(|_| self.narrative) {
            Some(day) => day,
            None => self.anchor?.date,
        };
        let back = i64::from(now.weekday().since(asked));
        let on = i64::from(now.weekday().until(asked));
        let in_week = |weeks: i64| plus_days(monday(now), 7 * weeks + i64::from(asked.to_monday_zero_offset()));
        let chosen = match shift {
            Some(-3) => in_week(-1),
            Some(2) => in_week(0),
            Some(3) => in_week(1),
            Some(-1) => plus_days(now, -if back == 0 { 7 } else { back }),
            Some(1) => plus_days(now, if on == 0 { 7 } else { on }),
            Some(_) => {
                let past = tense == Tense::Past;
                plus_days(now, if past { -back } else { on })
            }
            None => match tense {
                Tense::Future => plus_days(now, on),
                Tense::Past => plus_days(now, -back),
                Tense::Open => {
                    if on > 0
                        && let Some(i) = Grain::Day(plus_days(now, on)).interval()
                    {
                        alternatives.push(i);
                    }
                    plus_days(now, -back)
                }
            },
        };
        Some(Grain::Day(chosen))
    }

    /// The day relative expressions count from.
    fn base(&self, from: From) -> Option<Grain> {
        let publication = self.anchor.map(|a| Grain::Day(a.date));
        match from {
            From::Publication if !self.narrative => publication,
            From::Publication => self.last.or(publication),
            From::Text => self.last.or(publication),
        }
    }

    fn moved(&self, unit: Unit, n: i64, from: From, ago: bool) -> Option<Grain> {
        if unit == Unit::Quarter {
            if from == From::Text
                && let Some(q) = self.last_quarter
            {
                return Some(q);
            }
            return self.base(From::Publication)?.moved(unit, n);
        }
        // "a year earlier" in a report on quarters is the same quarter of the year before; elsewhere in
        // news it counts from the report, whatever year was spoken of last.
        if unit == Unit::Year && n == -1 && !self.narrative && (from == From::Text || ago && self.quarterly) {
            return match self.last_quarter {
                Some(Grain::Quarter(y, q)) => Some(Grain::Quarter(y - 1, q)),
                _ if self.quarterly => match self.base(From::Publication)?.moved(Unit::Quarter, -1)? {
                    Grain::Quarter(y, q) => Some(Grain::Quarter(y - 1, q)),
                    other => Some(other),
                },
                _ => self.base(From::Publication)?.moved(unit, n),
            };
        }
        if unit == Unit::Weekend && n == 0 {
            // The weekend before, for a report of Monday to Thursday; the coming or present one else.
            let now = self.base(From::Publication)?.day()?;
            let early = now.weekday().to_monday_zero_offset() < 4;
            return Some(Grain::Weekend(plus_days(monday(now), if early { -7 } else { 0 })));
        }
        let base = self.base(from)?;
        // "two days later" after a month or a year: the day is not known.
        let base = match unit {
            Unit::Day | Unit::Week if base.day().is_none() => {
                Grain::Day(if self.narrative || from == From::Text { self.last_day? } else { self.anchor?.date })
            }
            Unit::Month if base.month().is_none() => {
                Grain::Day(if self.narrative { self.last_day? } else { self.anchor?.date })
            }
            _ => base,
        };
        // "a year earlier" in news counts from the report where the text gave no year of its own.
        base.moved(unit, n)
    }

    fn season(&self, s: i8, year: Option<i16>, shift: Option<i8>, tense: Tense) -> Option<Grain> {
        if let Some(y) = year {
            return Some(Grain::Season(y, s));
        }
        if self.narrative && shift.is_none_or(|n| n == 2) {
            return self.last.and_then(Grain::year).map(|y| Grain::Season(y, s));
        }
        let now = self.anchor?.date;
        let (y, this) = (now.year(), season_of(now.month()));
        // Winter is named by the year it starts in.
        let y = if this == 3 && now.month() <= 2 { y - 1 } else { y };
        let year = match shift {
            Some(0) => now.year(),
            Some(-2) => now.year() - 1,
            Some(n) if n < 0 => {
                if s < this {
                    y
                } else {
                    y - 1
                }
            }
            Some(_) => {
                if s > this {
                    y
                } else {
                    y + 1
                }
            }
            None if tense == Tense::Future => {
                if s >= this {
                    y
                } else {
                    y + 1
                }
            }
            None => {
                if s <= this {
                    y
                } else {
                    y - 1
                }
            }
        };
        Some(Grain::Season(year, s))
    }

    fn quarter(&self, q: i8, year: Option<i16>, shift: Option<i8>) -> Option<Grain> {
        if let Some(y) = year.or_else(|| shift.and_then(|n| self.base_year(n))) {
            return Some(Grain::Quarter(y, q));
        }
        let now = self.anchor?.date;
        let this = (now.month() - 1) / 3 + 1;
        Some(Grain::Quarter(if q <= this { now.year() } else { now.year() - 1 }, q))
    }

    fn same(&self, unit: Unit) -> Option<Grain> {
        match unit {
            Unit::Day => {
                self.last_day.filter(|_| self.last.is_none_or(|g| g.day().is_some())).map(Grain::Day).or(self.last)
            }
            Unit::Week => self.last_day.map(|d| Grain::Week(monday(d))),
            Unit::Month => self.last.and_then(Grain::month).map(|(y, m)| Grain::Month(y, m)),
            _ => self.last.and_then(Grain::year).map(Grain::Year),
        }
    }

    fn feast(&self, f: &Feast, tense: Tense) -> Option<Date> {
        let on = |y: i16| -> Option<Date> {
            if f.easter {
                return easter(y);
            }
            match f.nth {
                Some((n, weekday)) => day(y, f.month, 1)?.nth_weekday_of_month(n, weekday).ok(),
                None => day(y, f.month, f.day),
            }
        };
        if let Some(y) = f.year {
            return on(y);
        }
        if self.narrative {
            return on(self.last.and_then(Grain::year)?);
        }
        let now = self.anchor?.date;
        let this = on(now.year())?;
        let future = f.shift == Some(1) || f.shift.is_none() && tense == Tense::Future;
        if future {
            if this >= now { Some(this) } else { on(now.year() + 1) }
        } else if this <= now {
            Some(this)
        } else {
            on(now.year() - 1)
        }
    }
}

/// How many months month `m` of year `y` lies before `now`.
fn months_back(now: Date, m: i8, y: i16) -> i32 {
    i32::from(now.month()) - i32::from(m) + 12 * i32::from(now.year() - y)
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(y: i16) -> Option<Date> {
    let year = i32::from(y);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(y, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?)
}

fn fixed(value: &str) -> Resolved {
    Resolved { value: value.to_owned(), interval: None, alternatives: vec![], anchored: false, rule: "as-printed" }
}

fn clock_value(c: Clock) -> String {
    let zone = if c.utc { "Z" } else { "" };
    match c.minute {
        Some(m) => format!("T{:02}:{m:02}{zone}", c.hour),
        None => format!("T{:02}:00{zone}", c.hour),
    }
}

/// The minute, or the hour where only that was printed. A time in UTC has no
/// interval: intervals are in the report's own zone, which may not be known.
fn clock_interval(d: Date, c: Clock) -> Option<Interval> {
    if c.utc {
        return None;
    }
    let start = d.to_datetime(Time::new(c.hour, c.minute.unwrap_or(0), 0, 0).ok()?);
    let step = if c.minute.is_some() { jiff::Span::new().minutes(1) } else { jiff::Span::new().hours(1) };
    Some(Interval { start, end: start.checked_add(step).ok()? })
}

/// Parts of the day by the hours most style guides give them; a night runs into the next day.
fn part_interval(d: Date, part: &str) -> Option<Interval> {
    let at = |d: Date, h: i8| -> Option<DateTime> { Some(d.to_datetime(Time::new(h, 0, 0, 0).ok()?)) };
    let (start, end) = match part {
        "TMO" => (at(d, 0)?, at(d, 12)?),
        "TMI" => (at(d, 11)?, at(d, 14)?),
        "TAF" => (at(d, 12)?, at(d, 18)?),
        "TEV" => (at(d, 17)?, at(plus_days(d, 1), 0)?),
        "TNI" => (at(d, 18)?, at(plus_days(d, 1), 6)?),
        _ => return Grain::Day(d).interval(),
    };
    Some(Interval { start, end })
}

/// The value of what cannot be anchored: `X` for what was not printed.
fn unanchored(meaning: &Meaning, part: Option<&str>, clock: Option<Clock>) -> String {
    let tail = clock.map(clock_value).unwrap_or_else(|| part.unwrap_or_default().to_owned());
    let head = match meaning {
        Meaning::Date { month: Some(m), day: Some(d), .. } => format!("XXXX-{m:02}-{d:02}"),
        Meaning::Date { month: Some(m), .. } => format!("XXXX-{m:02}"),
        Meaning::Weekday { day, .. } => format!("XXXX-WXX-{}", day.to_monday_one_offset()),
        Meaning::Season { season, .. } => {
            format!("XXXX-{}", ["SP", "SU", "FA", "WI"].get(*season as usize).unwrap_or(&"SP"))
        }
        Meaning::Quarter { quarter, .. } => format!("XXXX-Q{quarter}"),
        Meaning::Half { half, .. } => format!("XXXX-H{half}"),
        Meaning::Moved { unit, .. } | Meaning::Same(unit) => match unit {
            Unit::Year => "XXXX",
            Unit::Month => "XXXX-XX",
            Unit::Week => "XXXX-WXX",
            Unit::Weekend => "XXXX-WXX-WE",
            Unit::Quarter => "XXXX-QX",
            Unit::Decade => "XXXX",
            Unit::Century => "XXXX",
            _ => "XXXX-XX-XX",
        }
        .to_owned(),
        Meaning::Feast(f) if f.nth.is_none() && !f.easter => format!("XXXX-{:02}-{:02}", f.month, f.day),
        _ => "XXXX-XX-XX".to_owned(),
    };
    head + &tail
}
