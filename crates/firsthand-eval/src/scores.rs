use std::fmt;

use serde::Serialize;

/// One measured figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Row {
    /// Precision and recall, from counts.
    Counts {
        /// Predictions that are right.
        right: f64,
        /// Predictions.
        predicted: f64,
        /// Gold items that were found.
        found: f64,
        /// Gold items.
        gold: f64,
    },
    /// A share of a count.
    Share {
        /// How many.
        hit: f64,
        /// Of how many.
        of: f64,
    },
    /// A plain number with its unit.
    Number {
        /// The number.
        value: f64,
        /// Its unit.
        unit: &'static str,
    },
}

impl Row {
    /// The one figure that a floor is set on: F1 or share in percent, or the number.
    pub fn headline(&self) -> f64 {
        match *self {
            Row::Counts { .. } => {
                let (p, r) = self.precision_recall();
                if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
            }
            Row::Share { hit, of } => percent(hit, of),
            Row::Number { value, .. } => value,
        }
    }

    fn precision_recall(&self) -> (f64, f64) {
        match *self {
            Row::Counts { right, predicted, found, gold } => (percent(right, predicted), percent(found, gold)),
            _ => (0.0, 0.0),
        }
    }
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * part / whole } else { 0.0 }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Row::Counts { right, predicted, gold, .. } => {
                let (p, r) = self.precision_recall();
                write!(f, "P {p:6.2} R {r:6.2} F1 {:6.2}  ({right} {predicted} {gold})", self.headline())
            }
            Row::Share { hit, of } => write!(f, "{:8.2} ({hit} of {of})", self.headline()),
            Row::Number { value, unit } => write!(f, "{value:8.2} {unit}"),
        }
    }
}

/// The figures of a task, in the order they were added.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Name and figure.
    pub rows: Vec<(String, Row)>,
}

impl Scores {
    /// Adds precision and recall from counts with one-to-one matches.
    pub fn counts(&mut self, name: impl Into<String>, right: usize, predicted: usize, gold: usize) {
        let [right, predicted, gold] = [right, predicted, gold].map(|n| n as f64);
        self.rows.push((name.into(), Row::Counts { right, predicted, found: right, gold }));
    }

    /// Adds a share.
    pub fn share(&mut self, name: impl Into<String>, hit: usize, of: usize) {
        self.rows.push((name.into(), Row::Share { hit: hit as f64, of: of as f64 }));
    }

    /// Adds a number.
    pub fn number(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.rows.push((name.into(), Row::Number { value, unit }));
    }

    /// The headline figure of a row.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.rows.iter().find(|(n, _)| n == name).map(|(_, row)| row.headline())
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        self.rows.iter().try_for_each(|(name, row)| writeln!(f, "{name:width$}  {row}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_is_the_harmonic_mean() {
        let mut scores = Scores::default();
        scores.counts("x", 1, 2, 4);
        assert!((scores.get("x").unwrap_or(0.0) - 100.0 / 3.0).abs() < 1e-9);
        assert_eq!(scores.to_string(), "x  P  50.00 R  25.00 F1  33.33  (1 2 4)\n");
    }
}
