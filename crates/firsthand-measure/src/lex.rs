//! The pieces of a sentence that the grammars of numbers and times read.
//!
//! The tokens of the language stage follow a treebank; figures need finer
//! cuts ("50mph", "12-roll", "US$3.4bn"). This lexer cuts words, digit runs
//! and single symbols, and works on any text, tagged or not.

/// What a piece is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, with inner apostrophes and the dots of "a.m." or "U.S.".
    Word,
    /// Digits, with grouping commas and a decimal point.
    Digits,
    /// One character of anything else.
    Symbol,
}

/// A piece: bytes of the sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) shape: Shape,
    /// No white space before it.
    pub(crate) tight: bool,
}

/// A sentence cut into pieces. The buffers are kept from one to the next.
#[derive(Default)]
pub(crate) struct Lexed<'t> {
    /// The sentence as printed.
    pub(crate) text: &'t str,
    /// Where it starts in the clean text.
    pub(crate) base: u32,
    lower: String,
    pub(crate) pieces: Vec<Piece>,
}

impl<'t> Lexed<'t> {
    /// Cuts `text`, which starts at byte `base` of the clean text.
    pub(crate) fn read(&mut self, text: &'t str, base: u32) {
        self.text = text;
        self.base = base;
        self.lower.clear();
        self.lower.push_str(text);
        self.lower.make_ascii_lowercase();
        self.pieces.clear();
        let mut at = 0;
        let mut tight = false;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            if c.is_whitespace() {
                at += c.len_utf8();
                tight = false;
                continue;
            }
            let rest = &text[at..];
            let (len, shape) = if c.is_ascii_digit() {
                (digits(rest), Shape::Digits)
            } else if c == '.' && !tight && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                (1 + digits(&rest[1..]), Shape::Digits)
            } else if c.is_alphabetic() {
                (word(rest), Shape::Word)
            } else {
                (c.len_utf8(), Shape::Symbol)
            };
            self.pieces.push(Piece { start: at as u32, end: (at + len) as u32, shape, tight });
            at += len;
            tight = true;
        }
    }

    /// How many pieces there are.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Piece `i` in lower case (ASCII); empty out of range.
    pub(crate) fn w(&self, i: usize) -> &str {
        self.pieces.get(i).and_then(|p| self.lower.get(p.start as usize..p.end as usize)).unwrap_or_default()
    }

    /// Piece `i` as printed; empty out of range.
    pub(crate) fn raw(&self, i: usize) -> &'t str {
        self.pieces.get(i).and_then(|p| self.text.get(p.start as usize..p.end as usize)).unwrap_or_default()
    }

    /// The piece before `i`, in lower case.
    pub(crate) fn before(&self, i: usize, by: usize) -> &str {
        i.checked_sub(by).map_or("", |j| self.w(j))
    }

    pub(crate) fn shape(&self, i: usize) -> Option<Shape> {
        self.pieces.get(i).map(|p| p.shape)
    }

    pub(crate) fn is_word(&self, i: usize) -> bool {
        self.shape(i) == Some(Shape::Word)
    }

    pub(crate) fn is_digits(&self, i: usize) -> bool {
        self.shape(i) == Some(Shape::Digits)
    }

    /// No white space between piece `i` and the one before it.
    pub(crate) fn tight(&self, i: usize) -> bool {
        self.pieces.get(i).is_some_and(|p| p.tight)
    }

    /// Whether piece `i` is a hyphen or dash.
    pub(crate) fn dash(&self, i: usize) -> bool {
        matches!(self.w(i), "-" | "\u{2010}" | "\u{2011}" | "\u{2012}" | "\u{2013}" | "\u{2014}" | "\u{2212}")
    }

    /// A hyphen between two pieces without white space.
    pub(crate) fn hyphen(&self, i: usize) -> bool {
        self.dash(i) && self.tight(i) && self.tight(i + 1)
    }

    /// Whether piece `i` starts with a capital letter.
    pub(crate) fn capital(&self, i: usize) -> bool {
        self.raw(i).starts_with(char::is_uppercase)
    }

    /// Whether the pieces from `i` on are these words.
    pub(crate) fn has(&self, i: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(k, w)| self.w(i + k) == *w)
    }

    /// The bytes of pieces `first..end` in the clean text.
    pub(crate) fn span(&self, first: usize, end: usize) -> firsthand_span::Span {
        let start = self.pieces.get(first).map_or(0, |p| p.start);
        let last = end.checked_sub(1).and_then(|i| self.pieces.get(i)).map_or(start, |p| p.end);
        firsthand_span::Span { start, end: last.max(start) }.shift(self.base)
    }
}

/// Length of the digit run at the start: "1,234,567.8", but "4,5" and "5." are cut.
fn digits(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = run(0);
    if at <= 3 {
        while bytes.get(at) == Some(&b',') && run(at + 1) == 3 {
            at += 4;
        }
    }
    if bytes.get(at) == Some(&b'.') && run((at + 1).min(bytes.len())) > 0 {
        let tail = run(at + 1);
        // "1.1.1.1" is no number; the caller sees the dots.
        at += 1 + tail;
    }
    at
}

/// Length of the word at the start.
fn word(text: &str) -> usize {
    // Dotted abbreviations: single letters, each followed by a dot.
    let bytes = text.as_bytes();
    let mut at = 0;
    while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && bytes.get(at + 1) == Some(&b'.') {
        at += 2;
    }
    if at >= 4 && !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return at;
    }
    if at == 2
        && bytes.get(2).is_some_and(u8::is_ascii_alphabetic)
        && !bytes.get(3).is_some_and(u8::is_ascii_alphanumeric)
    {
        return 3; // "a.m" without its last dot
    }
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if c.is_alphabetic() || is_mark(c) {
            end = i + c.len_utf8();
        } else if matches!(c, '\'' | '\u{2019}') && chars.peek().is_some_and(|(_, n)| n.is_alphabetic()) {
            // A possessive is a piece of its own: "year" + "'s".
            let rest = &text[i + c.len_utf8()..];
            if rest.starts_with(['s', 'S']) && !rest[1..].starts_with(char::is_alphanumeric) {
                break;
            }
        } else {
            break;
        }
    }
    end.max(1)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut lexed = Lexed::default();
        lexed.read(text, 0);
        (0..lexed.len()).map(|i| lexed.raw(i)).collect()
    }

    #[test]
    fn figures_units_and_signs_come_apart() {
        assert_eq!(cut("US$3.4bn, 12-roll"), ["US", "$", "3.4", "bn", ",", "12", "-", "roll"]);
        assert_eq!(cut("1,234,567.5 and 4,5."), ["1,234,567.5", "and", "4", ",", "5", "."]);
        assert_eq!(cut("at 11 a.m. O'Neil's .5"), ["at", "11", "a.m.", "O'Neil", "'", "s", ".5"]);
        assert_eq!(cut("1980s 13:40"), ["1980", "s", "13", ":", "40"]);
    }
}
