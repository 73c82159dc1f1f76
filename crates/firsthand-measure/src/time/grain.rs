//! Stretches of the calendar: their TIMEX3 values and their intervals.

use firsthand_model::Interval;
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Grain {
    Day(Date),
    /// The ISO week that starts on this Monday.
    Week(Date),
    /// Saturday and Sunday of the week that starts on this Monday.
    Weekend(Date),
    Month(i16, i8),
    Quarter(i16, i8),
    Half(i16, i8),
    /// 0 spring, 1 summer, 2 autumn, 3 winter.
    Season(i16, i8),
    Year(i16),
    /// Its first year.
    Decade(i16),
    /// Its first year, less one: 1900 for the twentieth.
    Century(i16),
    /// A year before our era.
    Bc(i16),
}

/// A unit of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// The unit of a word, and whether the word is plural.
    pub(crate) fn of(word: &str) -> Option<(Unit, bool)> {
        Some(match word {
            "second" => (Unit::Second, false),
            "seconds" => (Unit::Second, true),
            "minute" => (Unit::Minute, false),
            "minutes" => (Unit::Minute, true),
            "hour" => (Unit::Hour, false),
            "hours" => (Unit::Hour, true),
            "day" => (Unit::Day, false),
            "days" => (Unit::Day, true),
            "week" => (Unit::Week, false),
            "weeks" => (Unit::Week, true),
            "weekend" => (Unit::Weekend, false),
            "weekends" => (Unit::Weekend, true),
            "month" => (Unit::Month, false),
            "months" => (Unit::Month, true),
            "quarter" => (Unit::Quarter, false),
            "quarters" => (Unit::Quarter, true),
            "year" => (Unit::Year, false),
            "years" => (Unit::Year, true),
            "decade" => (Unit::Decade, false),
            "decades" => (Unit::Decade, true),
            "century" => (Unit::Century, false),
            "centuries" => (Unit::Century, true),
            _ => return None,
        })
    }

    /// A duration of so many, as in TIMEX3: "P3D", "PT36M", "PXY" for an unknown number.
    pub(crate) fn duration(self, n: Option<f64>) -> String {
        // One and a half years are eighteen months, and so on down.
        let (unit, n) = match (self, n) {
            (Unit::Year, Some(n)) if n.fract() != 0.0 && (n * 12.0).fract() == 0.0 => (Unit::Month, Some(n * 12.0)),
            (Unit::Hour, Some(n)) if n.fract() != 0.0 && (n * 60.0).fract() == 0.0 => (Unit::Minute, Some(n * 60.0)),
            (Unit::Day, Some(n)) if n.fract() != 0.0 && (n * 24.0).fract() == 0.0 => (Unit::Hour, Some(n * 24.0)),
            other => other,
        };
        let n = n.map_or_else(|| "X".to_owned(), |n| n.to_string());
        match unit {
            Unit::Second => format!("PT{n}S"),
            Unit::Minute => format!("PT{n}M"),
            Unit::Hour => format!("PT{n}H"),
            Unit::Day => format!("P{n}D"),
            Unit::Week => format!("P{n}W"),
            Unit::Weekend => format!("P{n}WE"),
            Unit::Month => format!("P{n}M"),
            Unit::Quarter => format!("P{n}Q"),
            Unit::Year => format!("P{n}Y"),
            Unit::Decade => format!("P{n}DE"),
            Unit::Century => format!("P{n}CE"),
        }
    }
}

pub(crate) fn day(y: i16, m: i8, d: i8) -> Option<Date> {
    Date::new(y, m, d).ok()
}

fn midnight(d: Date) -> DateTime {
    d.to_datetime(Time::midnight())
}

/// The day `n` days on; the same day where the calendar ends.
pub(crate) fn plus_days(d: Date, n: i64) -> Date {
    Span::new().try_days(n).ok().and_then(|s| d.checked_add(s).ok()).unwrap_or(d)
}

/// The Monday of a day's ISO week.
pub(crate) fn monday(d: Date) -> Date {
    plus_days(d, -i64::from(d.weekday().to_monday_zero_offset()))
}

/// Month `n` months after `y`-`m`.
pub(crate) fn plus_months(y: i16, m: i8, n: i64) -> (i16, i8) {
    let all = i64::from(y) * 12 + i64::from(m) - 1 + n;
    let y = all.div_euclid(12).clamp(-9998, 9998);
    (y as i16, (all.rem_euclid(12) + 1) as i8)
}

/// Northern seasons, as TIMEX3 users count them: spring from March on.
pub(crate) fn season_of(m: i8) -> i8 {
    match m {
        3..=5 => 0,
        6..=8 => 1,
        9..=11 => 2,
        _ => 3,
    }
}

impl Grain {
    /// The TIMEX3 value.
    pub(crate) fn value(self) -> String {
        match self {
            Grain::Day(d) => d.to_string(),
            Grain::Week(d) => {
                let w = d.iso_week_date();
                format!("{:04}-W{:02}", w.year(), w.week())
            }
            Grain::Weekend(d) => {
                let w = d.iso_week_date();
                format!("{:04}-W{:02}-WE", w.year(), w.week())
            }
            Grain::Month(y, m) => format!("{y:04}-{m:02}"),
            Grain::Quarter(y, q) => format!("{y:04}-Q{q}"),
            Grain::Half(y, h) => format!("{y:04}-H{h}"),
            Grain::Season(y, s) => format!("{y:04}-{}", ["SP", "SU", "FA", "WI"].get(s as usize).unwrap_or(&"SP")),
            Grain::Year(y) => format!("{y:04}"),
            Grain::Decade(y) => format!("{:03}X", y / 10),
            Grain::Century(y) => format!("{:02}XX", y / 100),
            Grain::Bc(y) => format!("BC{y:04}"),
        }
    }

    /// First and last-but-one instant; `None` where the calendar ends.
    pub(crate) fn interval(self) -> Option<Interval> {
        let month = |y: i16, m: i8, n: i64| {
            let (y2, m2) = plus_months(y, m, n);
            Some((day(y, m, 1)?, day(y2, m2, 1)?))
        };
        let (start, end) = match self {
            Grain::Day(d) => (d, plus_days(d, 1)),
            Grain::Week(d) => (d, plus_days(d, 7)),
            Grain::Weekend(d) => (plus_days(d, 5), plus_days(d, 7)),
            Grain::Month(y, m) => month(y, m, 1)?,
            Grain::Quarter(y, q) => month(y, 3 * q - 2, 3)?,
            Grain::Half(y, h) => month(y, 6 * h - 5, 6)?,
            Grain::Season(y, 3) => month(y, 12, 3)?,
            Grain::Season(y, s) => month(y, 3 + 3 * s, 3)?,
            Grain::Year(y) => month(y, 1, 12)?,
            Grain::Decade(y) => month(y, 1, 120)?,
            Grain::Century(y) => month(y.checked_add(1)?, 1, 1200)?,
            Grain::Bc(_) => return None,
        };
        Some(Interval { start: midnight(start), end: midnight(end) })
    }

    /// The year it lies in.
    pub(crate) fn year(self) -> Option<i16> {
        match self {
            Grain::Day(d) | Grain::Week(d) | Grain::Weekend(d) => Some(d.year()),
            Grain::Month(y, _) | Grain::Quarter(y, _) | Grain::Half(y, _) | Grain::Season(y, _) | Grain::Year(y) => {
                Some(y)
            }
            _ => None,
        }
    }

    /// The month it lies in, where it is no longer than one.
    pub(crate) fn month(self) -> Option<(i16, i8)> {
        match self {
            Grain::Day(d) | Grain::Week(d) | Grain::Weekend(d) => Some((d.year(), d.month())),
            Grain::Month(y, m) => Some((y, m)),
            _ => None,
        }
    }

    /// The day, where it is one.
    pub(crate) fn day(self) -> Option<Date> {
        match self {
            Grain::Day(d) => Some(d),
            _ => None,
        }
    }

    /// This stretch in units of `unit`, moved by `n` of them.
    pub(crate) fn moved(self, unit: Unit, n: i64) -> Option<Grain> {
        let d = self.day();
        let at = self.month();
        let y = self.year();
        Some(match unit {
            Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => {
                Grain::Day(plus_days(d?, if unit == Unit::Day { n } else { 0 }))
            }
            Unit::Week => Grain::Week(monday(plus_days(d?, n.checked_mul(7)?))),
            Unit::Weekend => Grain::Weekend(monday(plus_days(d?, n.checked_mul(7)?))),
            Unit::Month => {
                let (y, m) = at?;
                let (y, m) = plus_months(y, m, n);
                Grain::Month(y, m)
            }
            Unit::Quarter => {
                let (y, m) = match self {
                    Grain::Quarter(y, q) => (y, 3 * q - 2),
                    _ => at?,
                };
                let (y, m) = plus_months(y, m, n.checked_mul(3)?);
                Grain::Quarter(y, (m - 1) / 3 + 1)
            }
            Unit::Year => {
                Grain::Year(i16::try_from(i64::from(y?).checked_add(n)?).ok().filter(|y| (1..9990).contains(y))?)
            }
            Unit::Decade => {
                let y = i64::from(y?).checked_add(n.checked_mul(10)?)?;
                Grain::Decade(i16::try_from(y - y.rem_euclid(10)).ok().filter(|y| (0..9990).contains(y))?)
            }
            Unit::Century => {
                let y = i64::from(y?).checked_add(n.checked_mul(100)?)?;
                Grain::Century(i16::try_from(y - y.rem_euclid(100)).ok().filter(|y| (0..9890).contains(y))?)
            }
        })
    }
}
