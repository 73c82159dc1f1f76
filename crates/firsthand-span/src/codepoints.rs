use crate::Span;

/// Every this many bytes the code-point count is kept.
const STEP: usize = 256;

/// Converts byte offsets of one text to Unicode code points and back.
///
/// Memory: 4 bytes per 256 bytes of text. Each conversion reads at most 256
/// bytes. An ASCII text needs no table at all.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `i * STEP`; empty for ASCII text.
    before: Vec<u32>,
}

impl<'t> CodePoints<'t> {
    /// Indexes `text`; linear in its length.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return CodePoints { text, before: Vec::new() };
        }
        let mut before = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0u32;
        for chunk in text.as_bytes().chunks(STEP) {
            before.push(count);
            count += starts(chunk);
        }
        CodePoints { text, before }
    }

    /// Code points before byte `at`. A byte inside a character counts as that
    /// character's end; one past the text as the text's end.
    pub fn of_byte(&self, at: u32) -> u32 {
        let at = (at as usize).min(self.text.len());
        if self.before.is_empty() {
            return at as u32;
        }
        let step = (at / STEP).min(self.before.len() - 1);
        self.before[step] + starts(&self.text.as_bytes()[step * STEP..at])
    }

    /// The byte at which code point `at` starts; the text's end if there are
    /// fewer.
    pub fn to_byte(&self, at: u32) -> u32 {
        if self.before.is_empty() {
            return at.min(self.text.len() as u32);
        }
        let step = self.before.partition_point(|&n| n <= at).saturating_sub(1);
        let mut left = at - self.before[step];
        for (i, &b) in self.text.as_bytes().iter().enumerate().skip(step * STEP) {
            if is_start(b) {
                if left == 0 {
                    return i as u32;
                }
                left -= 1;
            }
        }
        self.text.len() as u32
    }

    /// A span as code points `(start, end)`.
    pub fn span(&self, span: Span) -> (u32, u32) {
        (self.of_byte(span.start), self.of_byte(span.end))
    }

    /// A pair of code points as a span of bytes.
    pub fn bytes(&self, start: u32, end: u32) -> Span {
        Span::from([self.to_byte(start), self.to_byte(end)])
    }
}

fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&b| is_start(b)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_characters() {
        let text = "aé漢🙂 ".repeat(200);
        let points = CodePoints::new(&text);
        for (n, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.of_byte(byte as u32), n as u32);
            assert_eq!(points.to_byte(n as u32), byte as u32);
        }
        assert_eq!(points.to_byte(u32::MAX), text.len() as u32);
        assert_eq!(points.of_byte(u32::MAX), text.chars().count() as u32);
    }

    #[test]
    fn ascii_is_the_identity() {
        let points = CodePoints::new("plain");
        assert_eq!(points.span(Span::new(1, 9)), (1, 5));
        assert_eq!(points.bytes(1, 3), Span::new(1, 3));
    }
}
