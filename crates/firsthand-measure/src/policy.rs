//! Policies that make one figure of many, for exports that need one.
//!
//! The ledger keeps what was printed. A policy is applied on the way out,
//! named and versioned in the export, and always gives the same answer for the
//! same measures in any order. None claims to be the rule of an institution.
//!
//! | policy | low | best | high |
//! | --- | --- | --- | --- |
//! | `range` | lowest end any source gives | – | highest end any source gives |
//! | `best-low-high` | as `range` | the value most measures print; the lower on a tie | as `range` |
//! | `conservative` | – | the lowest figure, words such as "dozens" from a table | – |
//!
//! An end that no source gives ("at least 12" has no upper one) counts with
//! the number it does give: a range says what was said, not what may be.

use std::sync::LazyLock;

use firsthand_model::Measure;

/// A named way to make one figure of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Lowest to highest.
    Range,
    /// The figure most often given, between lowest and highest.
    BestLowHigh,
    /// The lowest figure.
    Conservative,
}

/// What a policy makes of measures; `None` where they say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Lowest figure.
    pub low: Option<f64>,
    /// The one figure.
    pub best: Option<f64>,
    /// Highest figure.
    pub high: Option<f64>,
}

static WORDS: LazyLock<Vec<(&'static str, f64)>> = LazyLock::new(|| {
    include_str!("../data/word_numbers.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|row| row.split_once('\t').and_then(|(word, n)| Some((word, n.parse().ok()?))))
        .collect()
});

impl Policy {
    /// Every policy.
    pub const ALL: &[Policy] = &[Policy::Range, Policy::BestLowHigh, Policy::Conservative];

    /// Its name and version, as exports give it.
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Range => "range/1",
            Policy::BestLowHigh => "best-low-high/1",
            Policy::Conservative => "conservative/1",
        }
    }

    /// The policy of a name, with or without its version.
    pub fn parse(name: &str) -> Option<Policy> {
        Policy::ALL.iter().copied().find(|p| p.name() == name || p.name().split('/').next() == Some(name))
    }

    /// Applies the policy to measures of one thing, each with its words in the text.
    pub fn apply(self, measures: &[(&Measure, &str)]) -> Estimate {
        let ends: Vec<(f64, f64)> = measures.iter().filter_map(|(m, words)| ends(m, words)).collect();
        let low = ends.iter().map(|e| e.0).min_by(f64::total_cmp);
        let high = ends.iter().map(|e| e.1).max_by(f64::total_cmp);
        match self {
            Policy::Range => Estimate { low, best: None, high },
            Policy::Conservative => Estimate { low: None, best: low, high: None },
            Policy::BestLowHigh => {
                let mut printed: Vec<f64> = measures.iter().filter_map(|(m, _)| m.value).collect();
                printed.sort_by(f64::total_cmp);
                let mut best: Option<(usize, f64)> = None;
                for run in printed.chunk_by(|a, b| a == b) {
                    if best.is_none_or(|(n, _)| run.len() > n) {
                        best = run.first().map(|v| (run.len(), *v));
                    }
                }
                Estimate { low, best: best.map(|(_, v)| v), high }
            }
        }
    }
}

/// The ends a measure gives, the one standing in for a missing other.
fn ends(m: &Measure, words: &str) -> Option<(f64, f64)> {
    let low = m.lower.map(|b| b.value).or(m.value).or(m.upper.map(|b| b.value)).or_else(|| word_number(words))?;
    let high = m.upper.map(|b| b.value).or(m.value).unwrap_or(low);
    Some((low, high))
}

/// The table's number for the words of a vague measure; "tens of thousands" multiplies.
fn word_number(words: &str) -> Option<f64> {
    let lower = words.to_lowercase();
    let found: Vec<f64> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter_map(|w| WORDS.iter().find(|(word, _)| *word == w).map(|(_, n)| *n))
        .collect();
    (!found.is_empty()).then(|| found.iter().product())
}

#[cfg(test)]
mod tests {
    use super::*;
    use firsthand_model::{Approx, Bound};
    use firsthand_span::Span;

    fn measure(value: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Measure {
        let bound = |v: Option<f64>| v.map(|value| Bound { value, inclusive: true });
        Measure {
            span: Span::default(),
            value,
            lower: bound(lower),
            upper: bound(upper),
            approx: Approx::None,
            unit: "1".to_owned(),
            counted: None,
            counted_span: None,
            what: None,
            subset_of: None,
            change: None,
            negated: false,
            attribution: None,
            why: Vec::new(),
        }
    }

    #[test]
    fn the_same_measures_make_what_each_policy_says() {
        let (exact, open, again) = (
            measure(Some(12.0), Some(12.0), Some(12.0)),
            measure(Some(15.0), Some(15.0), None),
            measure(Some(15.0), None, None),
        );
        let vague = measure(None, None, None);
        let all = [(&exact, "12"), (&open, "at least 15"), (&again, "about 15"), (&vague, "dozens")];
        assert_eq!(Policy::Range.apply(&all), Estimate { low: Some(12.0), best: None, high: Some(15.0) });
        assert_eq!(Policy::BestLowHigh.apply(&all).best, Some(15.0));
        assert_eq!(Policy::Conservative.apply(&all[1..]).best, Some(12.0));
        assert_eq!(Policy::Conservative.apply(&[]), Estimate::default());
        assert_eq!(Policy::parse("range"), Some(Policy::Range));
    }

    #[test]
    fn words_multiply() {
        let vague = measure(None, None, None);
        assert_eq!(Policy::Conservative.apply(&[(&vague, "tens of thousands")]).best, Some(20_000.0));
    }
}
