use crate::words::words;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

words! {
    /// How finely a moment is known.
    Granularity { Year = "year", Month = "month", Day = "day", Minute = "minute", Second = "second" }
}

/// A point in time as a page states it: no more is claimed than was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Date and clock time as printed; parts finer than `granularity` are the
    /// first possible ones and mean nothing.
    pub at: DateTime,
    /// Offset from UTC in seconds, if the page states it or the outlet's zone is known.
    pub offset: Option<i32>,
    /// How much of `at` was printed.
    pub granularity: Granularity,
}

impl Moment {
    /// A moment known to the day.
    pub fn day(date: Date) -> Self {
        Moment { at: date.to_datetime(Time::midnight()), offset: None, granularity: Granularity::Day }
    }

    /// A moment known to the second, or to the minute where seconds are zero.
    pub fn clock(at: DateTime, offset: Option<i32>) -> Self {
        let granularity = if at.second() == 0 { Granularity::Minute } else { Granularity::Second };
        Moment { at, offset, granularity }
    }

    /// Reads back what [`Display`](std::fmt::Display) writes. Clock times
    /// without seconds are taken too.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, clock) = text.split_once(['T', ' ']).map_or((text, None), |(d, c)| (d, Some(c)));
        let mut parts = day.splitn(3, '-').map(|p| p.parse::<i16>().ok());
        let year = parts.next()??;
        let month = parts.next();
        let dom = parts.next();
        let date =
            Date::new(year, i8::try_from(month.unwrap_or(Some(1))?).ok()?, i8::try_from(dom.unwrap_or(Some(1))?).ok()?)
                .ok()?;
        let Some(clock) = clock else {
            let granularity = match (month, dom) {
                (None, _) => Granularity::Year,
                (_, None) => Granularity::Month,
                _ => Granularity::Day,
            };
            return Some(Moment { granularity, ..Moment::day(date) });
        };
        let zone_at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
        let (clock, zone) = clock.split_at_checked(zone_at)?;
        let mut hms = clock.trim().splitn(3, ':');
        let mut next = || hms.next().map(|p| p.split(['.', ',']).next().unwrap_or(p).parse::<i8>().ok());
        let time = Time::new(next()??, next()??, next().unwrap_or(Some(0))?, 0).ok()?;
        Some(Moment::clock(date.to_datetime(time), parse_offset(zone)?))
    }

    /// The printed date.
    pub fn date(&self) -> Date {
        self.at.date()
    }

    /// Whether a clock time was printed.
    pub fn has_clock(&self) -> bool {
        self.granularity >= Granularity::Minute
    }

    /// The instants (UTC seconds since 1970) between which the moment lies,
    /// half-open. Without a zone it may be anywhere from UTC-12 to UTC+14.
    pub fn bounds(&self) -> (i64, i64) {
        let day = self.at.date();
        let (start, end) = match self.granularity {
            Granularity::Second => (self.at, self.at.saturating_add(jiff::Span::new().seconds(1))),
            Granularity::Minute => (self.at, self.at.saturating_add(jiff::Span::new().minutes(1))),
            Granularity::Day => (start_of(day), start_of(day.saturating_add(jiff::Span::new().days(1)))),
            Granularity::Month => {
                let first = day.first_of_month();
                (start_of(first), start_of(first.saturating_add(jiff::Span::new().months(1))))
            }
            Granularity::Year => {
                let first = day.first_of_year();
                (start_of(first), start_of(first.saturating_add(jiff::Span::new().years(1))))
            }
        };
        let seconds = |t: DateTime| Offset::UTC.to_timestamp(t).map_or(0, |s| s.as_second());
        match self.offset {
            Some(offset) => (seconds(start) - i64::from(offset), seconds(end) - i64::from(offset)),
            None => (seconds(start) - 14 * 3600, seconds(end) + 12 * 3600),
        }
    }
}

/// Seconds east of UTC; `Some(None)` where no zone is written.
fn parse_offset(zone: &str) -> Option<Option<i32>> {
    let sign = match zone.as_bytes().first() {
        None => return Some(None),
        Some(b'Z' | b'z') => return Some(Some(0)),
        Some(b'-') => -1,
        _ => 1,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Some(0), |m| m.parse().ok())?;
    (hours < 24 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
}

fn start_of(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

impl std::fmt::Display for Moment {
    /// ISO 8601, as fine as known: `2024`, `2024-05`, `2024-05-12`,
    /// `2024-05-12T08:00:00`, `2024-05-12T08:00:00+02:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let d = self.at.date();
        match self.granularity {
            Granularity::Year => write!(f, "{:04}", d.year()),
            Granularity::Month => write!(f, "{:04}-{:02}", d.year(), d.month()),
            Granularity::Day => write!(f, "{d}"),
            _ => {
                write!(f, "{d}T{:02}:{:02}:{:02}", self.at.hour(), self.at.minute(), self.at.second())?;
                match self.offset {
                    None => Ok(()),
                    Some(0) => f.write_str("Z"),
                    Some(s) => {
                        let sign = if s < 0 { '-' } else { '+' };
                        write!(f, "{sign}{:02}:{:02}", s.abs() / 3600, s.abs() % 3600 / 60)
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn prints_what_is_known_and_no_more() {
        let at = date(2024, 5, 12).at(8, 30, 0, 0);
        assert_eq!(Moment::clock(at, Some(-5400)).to_string(), "2024-05-12T08:30:00-01:30");
        assert_eq!(Moment::clock(at, None).to_string(), "2024-05-12T08:30:00");
        assert_eq!(Moment::day(at.date()).to_string(), "2024-05-12");
        assert_eq!(Moment { granularity: Granularity::Month, ..Moment::day(at.date()) }.to_string(), "2024-05");
    }

    #[test]
    fn reads_back_what_it_prints() {
        for text in [
            "2024",
            "2024-05",
            "2024-05-12",
            "2024-05-12T08:30:00",
            "2024-05-12T08:30:05-01:30",
            "2024-05-12T08:30:00Z",
        ] {
            assert_eq!(Moment::parse(text).map(|m| m.to_string()).as_deref(), Some(text));
        }
        for bad in ["", "today", "2024-13", "2024-05-12T", "2024-05-12T25:00", "2024-05-12T08:00+9"] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn bounds_widen_where_the_zone_is_unknown() {
        let at = date(1970, 1, 2).at(0, 0, 0, 0);
        assert_eq!(Moment::clock(at, Some(3600)).bounds(), (82_800, 82_860));
        assert_eq!(Moment::day(at.date()).bounds(), (86_400 - 50_400, 172_800 + 43_200));
    }
}
