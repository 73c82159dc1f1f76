/*!
Byte spans of evidence, and the conversions around them.

Everything firsthand states points at bytes. A [`Span`] is a half-open range
of **UTF-8 bytes** in one report's clean text, stored as two `u32`s: a clean
text is at most 4 GiB (the page stage caps it far below). [`CodePoints`]
converts to and from the Unicode code points that exports use, and
[`fold()`] is the one folding function by which text is compared.

```
use firsthand_span::{CodePoints, Span};

let text = "Zoë said: “no”.";
let quoted = Span::find(text, "no").unwrap();
assert_eq!(quoted.of(text), "no");
assert_eq!(CodePoints::new(text).span(quoted), (11, 13));
```
*/

mod codepoints;
mod fold;

pub use codepoints::CodePoints;
pub use fold::{fold, fold_char, fold_words};

use serde::{Deserialize, Serialize};

/// A half-open range `[start, end)` of bytes in a text.
///
/// Ordered by start, then end. An empty span marks a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl From<[u32; 2]> for Span {
    fn from([start, end]: [u32; 2]) -> Self {
        Span { start, end: end.max(start) }
    }
}

impl From<Span> for [u32; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

impl Span {
    /// The span `[start, end)`; an end before the start is raised to it.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { start, end: end.max(start) }
    }

    /// Where `part` first stands in `text`.
    pub fn find(text: &str, part: &str) -> Option<Self> {
        text.find(part).map(|at| Span::new(at, at + part.len()))
    }

    /// The span of `part`, a slice **of the same allocation** as `text`;
    /// `None` if it lies elsewhere in memory.
    pub fn of_slice(text: &str, part: &str) -> Option<Self> {
        let at = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        (at + part.len() <= text.len()).then(|| Span::new(at, at + part.len()))
    }

    /// The bytes as a range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The words of the span: empty where it is out of bounds or cuts a
    /// character, so that reading evidence never panics. Use [`Span::get`]
    /// where that must be told apart.
    pub fn of(self, text: &str) -> &str {
        self.get(text).unwrap_or_default()
    }

    /// The words of the span, if it is in bounds and on character boundaries.
    pub fn get(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// Whether every byte of `other` is in `self`.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the byte at `at` is in the span.
    pub fn contains(self, at: u32) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The bytes that both hold.
    pub fn intersection(self, other: Span) -> Option<Span> {
        let span = Span { start: self.start.max(other.start), end: self.end.min(other.end) };
        (span.start < span.end).then_some(span)
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span without white space at its ends.
    pub fn trim(self, text: &str) -> Span {
        self.trim_matches(text, char::is_whitespace)
    }

    /// The span without characters at its ends for which `drop` holds.
    pub fn trim_matches(self, text: &str, drop: impl Fn(char) -> bool) -> Span {
        let words = self.of(text);
        let left = words.len() - words.trim_start_matches(&drop).len();
        let kept = words.trim_matches(&drop).len();
        let start = self.start as usize + left;
        Span::new(start, start + kept)
    }

    /// The span moved right by `by` bytes (for a part of a text).
    pub fn shift(self, by: u32) -> Span {
        Span { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_of_bounds_or_inside_a_character_is_no_text() {
        let text = "é";
        assert_eq!(Span::new(0, 1).get(text), None);
        assert_eq!(Span::new(0, 3).get(text), None);
        assert_eq!(Span::new(0, 1).of(text), "");
        assert_eq!(Span::new(0, 2).of(text), "é");
    }

    #[test]
    fn trimming_keeps_the_inside() {
        let text = "a “ b c ” d";
        let span = Span::new(1, text.len() - 2);
        assert_eq!(span.trim_matches(text, |c| !c.is_alphanumeric()).of(text), "b c");
        assert!(Span::new(1, 2).trim(text).is_empty());
    }

    #[test]
    fn serialises_as_a_pair() {
        assert_eq!(<[u32; 2]>::from(Span::new(3, 5)), [3, 5]);
        assert_eq!(Span::from([5, 3]), Span::new(5, 5));
    }
}
