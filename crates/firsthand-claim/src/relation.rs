//! How two claims of a cluster stand to each other: what their figures,
//! times and polarity allow.

use firsthand_model::{Modality, Polarity};

use crate::item::{Dimension, Figure, Item};

/// Share by which a figure that is only "about" may be off. A matter of
/// policy: news English rounds to one or two digits.
const ABOUT: f64 = 0.10;

/// The values a figure allows, with what its hedge implies: "about 40" is 36
/// to 44, "nearly 190" 171 to 190.
pub(crate) fn range(f: &Figure) -> (f64, f64) {
    match (f.lower, f.upper, f.value) {
        (Some(lower), Some(upper), _) => (lower, upper),
        (Some(lower), None, _) => (lower, f64::INFINITY),
        (None, Some(upper), _) => (0.0, upper),
        (None, None, Some(v)) => (v * (1.0 - ABOUT), v * (1.0 + ABOUT)),
        (None, None, None) => (0.0, f64::INFINITY),
    }
}

/// Whether no value fits both figures.
pub(crate) fn disjoint(a: &Figure, b: &Figure) -> bool {
    if a.unit != b.unit {
        return false;
    }
    let ((a0, a1), (b0, b1)) = (range(a), range(b));
    a1 < b0 || b1 < a0
}

/// Whether one figure is the other rounded.
pub(crate) fn rounds(a: &Figure, b: &Figure) -> bool {
    let rounded = |rough: &Figure, exact: &Figure| {
        let (Some(r), Some(e)) = (rough.value.or(rough.lower).or(rough.upper), exact.value) else { return false };
        let hedged = rough.lower != rough.upper || rough.approximate;
        r != e && hedged && e > 0.0 && ((r - e) / e).abs() <= ABOUT
    };
    a.unit == b.unit && (rounded(a, b) || rounded(b, a))
}

/// Whether the words name a possibility that no present figure contradicts.
pub(crate) fn possible_only(item: &Item<'_>, text: &str) -> bool {
    let possible = ["could", "might", "may", "feared", "fear", "fears", "if"];
    matches!(item.claim.modality, Modality::Conditional | Modality::Planned)
        || (item.claim.modality == Modality::Hedged
            && item
                .claim
                .evidence
                .of(text)
                .split_whitespace()
                .any(|w| possible.contains(&w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())))
}

/// Whether two claims may both come from one mouth: nothing in them excludes
/// it.
pub(crate) fn agree(a: &Item<'_>, b: &Item<'_>) -> bool {
    if a.claim.polarity != b.claim.polarity {
        return false;
    }
    if other_kin(a, b) {
        return false;
    }
    match (&a.figure, &b.figure) {
        // A count that grows by the day may be the same one told later.
        (Some(f), Some(g)) => !disjoint(f, g) || (grows(a) && day(a).is_some() && day(a) != day(b)),
        _ => match (&a.clock, &b.clock) {
            (Some(c), Some(d)) => minutes_apart(c, d).is_none_or(|m| m <= CLOCK_SLACK),
            _ => true,
        },
    }
}

/// Whether both say how people are related, and not the same.
pub(crate) fn other_kin(a: &Item<'_>, b: &Item<'_>) -> bool {
    !a.kin.is_empty() && !b.kin.is_empty() && a.kin.iter().all(|k| !b.kin.contains(k))
}

/// Figures that are counted up or down as news comes in.
pub(crate) fn grows(item: &Item<'_>) -> bool {
    matches!(
        item.figure.as_ref().and_then(|f| f.class),
        Some(
            "killed"
                | "injured"
                | "missing"
                | "rescued"
                | "arrested"
                | "displaced"
                | "found"
                | "destroyed"
                | "infected"
        )
    )
}

/// The day as of which a claim holds.
pub(crate) fn day(item: &Item<'_>) -> Option<jiff::civil::Date> {
    item.claim.as_of.map(|m| m.date())
}

/// Clock times this close, in minutes, are one time told differently.
pub(crate) const CLOCK_SLACK: i32 = 10;

/// Minutes between two clock times of "HH:MM", the short way round midnight.
pub(crate) fn minutes_apart(a: &str, b: &str) -> Option<i32> {
    let minutes = |t: &str| {
        let (h, m) = t.split_once(':')?;
        Some(h.parse::<i32>().ok()? * 60 + m.parse::<i32>().ok()?)
    };
    let apart = (minutes(a)? - minutes(b)?).rem_euclid(24 * 60);
    Some(apart.min(24 * 60 - apart))
}

/// A figure in plain words: "61", "at least 66", "about 40", "220 to 260",
/// with the unit where it is not a count.
pub(crate) fn figure_words(f: &Figure) -> String {
    let number = match (f.lower, f.upper, f.value) {
        (Some(a), Some(b), _) if a == b => number_words(a),
        (Some(a), Some(b), _) => format!("{} to {}", number_words(a), number_words(b)),
        (Some(a), None, _) => format!("at least {}", number_words(a)),
        (None, Some(b), _) => format!("at most {}", number_words(b)),
        (None, None, Some(v)) => format!("about {}", number_words(v)),
        (None, None, None) => "a number not given".to_owned(),
    };
    match f.dimension {
        Dimension::Count => number,
        Dimension::Percent => format!("{number} %"),
        Dimension::Money => format!("{number} {}", f.unit),
    }
}

/// A number with thousands marked: "1,140", "412 million", "2.5".
pub(crate) fn number_words(v: f64) -> String {
    for (size, word) in [(1e9, "billion"), (1e6, "million")] {
        if v.abs() >= size && (v / size * 1000.0).fract().abs() < 1e-6 {
            return format!("{} {word}", plain(v / size));
        }
    }
    plain(v)
}

fn plain(v: f64) -> String {
    if v.fract().abs() > 1e-9 || v.abs() >= 1e15 {
        return format!("{v}");
    }
    let digits = format!("{:.0}", v.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if v < 0.0 { format!("-{out}") } else { out }
}

/// Whether two claims without figures are about one matter: a class and
/// another word in common, or most words of the longer one. Whom they speak of
/// is not enough.
pub(crate) fn same_matter(a: &Item<'_>, b: &Item<'_>) -> bool {
    let common = a.said.iter().filter(|t| b.said.binary_search(t).is_ok()).count();
    let class = a.claim.class.is_some() && a.claim.class == b.claim.class;
    let share = common as f64 / a.said.len().max(b.said.len()).max(1) as f64;
    (class && common >= 2 && share >= 0.3) || (common >= 2 && share >= 0.5) || (class && common >= 1 && share >= 0.5)
}

/// Whether the claims take opposite sides.
pub(crate) fn opposed(a: &Item<'_>, b: &Item<'_>) -> bool {
    (a.claim.polarity == Polarity::Denied) != (b.claim.polarity == Polarity::Denied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_plainly() {
        assert_eq!(number_words(1140.0), "1,140");
        assert_eq!(number_words(412e6), "412 million");
        assert_eq!(number_words(2.5), "2.5");
        assert_eq!(number_words(61.0), "61");
    }

    #[test]
    fn clock_times_go_round_midnight() {
        assert_eq!(minutes_apart("23:52", "00:10"), Some(18));
        assert_eq!(minutes_apart("21:40", "22:20"), Some(40));
        assert_eq!(minutes_apart("x", "22:20"), None);
    }
}
