//! Where sentences end, within one block.

use firsthand_span::Span;

use super::lexicon::{Abbreviation, Lexicon};

/// Words that open a sentence far more often than they follow "Inc." or
/// "U.S." within one.
const OPENERS: &[&str] = &[
    "The",
    "A",
    "An",
    "He",
    "She",
    "It",
    "They",
    "We",
    "I",
    "In",
    "On",
    "At",
    "But",
    "And",
    "This",
    "That",
    "These",
    "Those",
    "There",
    "His",
    "Her",
    "Its",
    "Their",
    "For",
    "As",
    "If",
    "When",
    "While",
    "After",
    "Before",
    "Since",
    "However",
    "Meanwhile",
    "Although",
    "Some",
    "Many",
    "Most",
    "By",
    "With",
    "No",
    "Not",
    "You",
    "What",
    "Who",
    "Why",
    "How",
    "According",
    "Earlier",
    "So",
    "Or",
    "From",
    "Both",
    "One",
    "Two",
    "Under",
    "During",
    "Despite",
];

/// Verbs that go on with a sentence after a question or exclamation in quotes.
const SAYING: &[&str] = &[
    "said",
    "says",
    "asked",
    "asks",
    "added",
    "told",
    "wrote",
    "writes",
    "shouted",
    "cried",
    "replied",
    "chanted",
    "exclaimed",
    "screamed",
    "yelled",
    "wondered",
    "read",
    "tweeted",
    "posted",
    "answered",
    "declared",
    "insisted",
    "recalled",
    "joked",
    "called",
    "demanded",
    "continued",
];

fn is_closing(word: &str) -> bool {
    matches!(word, "\"" | "”" | "’" | "'" | "''" | "’’" | "»" | ")" | "]" | "}" | "›")
}

fn is_opening(word: &str) -> bool {
    matches!(word, "“" | "‘" | "``" | "«" | "(" | "[" | "‘‘" | "‹")
}

/// Calls `end` with the index one past the last token of each sentence, the
/// last always being `tokens.len()` (not at all where there are no tokens).
pub(super) fn boundaries(text: &str, tokens: &[Span], mut end: impl FnMut(usize)) {
    let block = Block { text, tokens };
    let mut start = 0;
    // Straight quotation marks seen in the block so far: odd means one is open.
    let mut marks = 0u32;
    let mut i = 0;
    while i < tokens.len() {
        marks += u32::from(block.word(i) == "\"");
        let next = block.after(i, marks);
        if let Some(next) = next.filter(|&n| n > i + 1 || n < tokens.len()) {
            marks += (i + 1..next).filter(|&k| block.word(k) == "\"").count() as u32;
            if next < tokens.len() {
                end(next);
                start = next;
            }
            i = next;
        } else {
            i += 1;
        }
    }
    if start < tokens.len() {
        end(tokens.len());
    }
}

struct Block<'a> {
    text: &'a str,
    tokens: &'a [Span],
}

impl Block<'_> {
    fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |s| s.of(self.text))
    }

    /// Bytes between token `i` and the next.
    fn gap(&self, i: usize) -> &str {
        match (self.tokens.get(i), self.tokens.get(i + 1)) {
            (Some(a), Some(b)) => self.text.get(a.end as usize..b.start as usize).unwrap_or_default(),
            _ => "",
        }
    }

    fn touches(&self, i: usize) -> bool {
        self.tokens.get(i + 1).is_some() && self.gap(i).is_empty()
    }

    /// Where the next sentence starts if token `i` ends one.
    fn after(&self, i: usize, marks: u32) -> Option<usize> {
        if self.gap(i).bytes().filter(|&b| b == b'\n').count() > 1 {
            return Some(i + 1);
        }
        let word = self.word(i);
        let last = word.chars().next_back()?;
        if !matches!(last, '.' | '!' | '?' | '…' | '。' | '؟') {
            return None;
        }
        let mark = !word.contains(char::is_alphanumeric);
        let mut next = i + 1;
        let mut open = marks % 2 == 1;
        let mut quoted = false;
        while next < self.tokens.len() && is_closing(self.word(next)) {
            let w = self.word(next);
            // A straight mark after a space opens, unless one is already open and nothing follows it closely.
            if matches!(w, "\"" | "'") && !self.touches(next - 1) && (!open || self.touches(next)) {
                break;
            }
            if matches!(w, "\"") {
                open = !open;
            }
            quoted |= !matches!(w, ")" | "]" | "}");
            next += 1;
        }
        // Footnote marks: "said.[3]", "said. [3]".
        while next + 2 < self.tokens.len()
            && self.word(next) == "["
            && self.word(next + 2) == "]"
            && self.word(next + 1).bytes().all(|b| b.is_ascii_digit())
        {
            next += 3;
        }
        if next >= self.tokens.len() {
            return Some(next);
        }
        self.opens(i, next, mark, quoted).then_some(next)
    }

    /// Whether token `next` opens a sentence after the stop at token `i`.
    fn opens(&self, i: usize, next: usize, mark: bool, quoted: bool) -> bool {
        let stop = self.word(i);
        let mut first = next;
        while first < self.tokens.len()
            && (is_opening(self.word(first)) || matches!(self.word(first), "\"" | "'" | "-" | "–" | "—" | "•"))
        {
            first += 1;
        }
        let word = self.word(first);
        let Some(initial) = word.chars().next() else { return false };
        let upper = initial.is_uppercase() || !initial.is_lowercase() && initial.is_alphabetic();
        let digit = initial.is_numeric();
        let (question, dots) = (stop.contains(['!', '?', '؟']), stop.starts_with("..") || stop.contains('…'));
        if mark && !question && !dots {
            // A plain stop. Glued to what follows: "3.org", "end.The".
            if next == i + 1 && self.touches(i) {
                return upper && !is_opening(word);
            }
            return upper || digit || first > next || matches!(initial, '$' | '€' | '£' | '#' | '@');
        }
        if question || dots {
            if !(upper || (digit && question) || first > next && !initial.is_lowercase()) {
                return false;
            }
            if quoted && self.speaks(next) {
                return false;
            }
            return !dots || upper;
        }
        // An abbreviation, which may also end the sentence.
        if !upper && first == next {
            return false;
        }
        let body = stop.trim_end_matches('.');
        let opener = OPENERS.contains(&word);
        if body.chars().count() == 1 {
            return opener && first == next && !matches!(word, "A" | "I") && i > 0 && !self.name_before(i);
        }
        match Lexicon::get().abbreviation(body) {
            Some(Abbreviation::Title) => false,
            Some(Abbreviation::Number | Abbreviation::Inner) => opener,
            Some(Abbreviation::End) => opener || first > next,
            // "U.S.", "a.m."
            None => opener || first > next || body.starts_with(char::is_lowercase),
        }
    }

    /// Whether token `i` (an initial) stands within a name.
    fn name_before(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|p| self.word(p).starts_with(char::is_uppercase))
    }

    /// Whether a verb of saying follows before the clause ends.
    fn speaks(&self, next: usize) -> bool {
        for k in next..(next + 6).min(self.tokens.len()) {
            let word = self.word(k);
            if SAYING.contains(&word) {
                return true;
            }
            if matches!(word, "." | "," | ":" | ";" | "!" | "?" | "\"" | "“") {
                return false;
            }
        }
        false
    }
}
