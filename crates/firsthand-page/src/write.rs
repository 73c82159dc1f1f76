use firsthand_model::{Block, BlockKind, Run, SpanMap};
use firsthand_span::Span;

use crate::encoding::Offsets;
use crate::html::{push_reference, reference_length};

/// A clean text with its blocks and its map to the original.
#[derive(Debug, Default)]
pub(crate) struct Clean {
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) map: SpanMap,
}

/// Writes clean text from pieces of the decoded page, and keeps where each
/// byte came from.
pub(crate) struct Writer<'d> {
    offsets: &'d Offsets,
    clean: Clean,
    /// White space seen since the last character.
    space: Option<Space>,
    /// Where the block being written started.
    block: usize,
}

impl<'d> Writer<'d> {
    pub(crate) fn new(offsets: &'d Offsets) -> Self {
        Writer { offsets, clean: Clean::default(), space: None, block: 0 }
    }

    /// Adds HTML text: `raw` starts at byte `at` of the decoded page.
    pub(crate) fn html(&mut self, raw: &str, at: usize) {
        let bytes = raw.as_bytes();
        // Start of the characters not yet written, which go over as they are.
        let mut plain = 0;
        let mut i = 0;
        let mut decoded = String::new();
        while let Some(&byte) = bytes.get(i) {
            let (length, what) = match byte {
                b'&' => {
                    let length = reference_length(&bytes[i..]);
                    decoded.clear();
                    push_reference(&raw[i..i + length], &mut decoded);
                    let what = if decoded.chars().all(char::is_whitespace) {
                        What::Space
                    } else if decoded.chars().all(is_invisible) {
                        What::Nothing
                    } else if decoded == raw[i..i + length] {
                        What::Plain
                    } else {
                        What::Decoded
                    };
                    (length, what)
                }
                0x21..0x7F => (1, What::Plain),
                _ => {
                    let c = raw[i..].chars().next().unwrap_or(' ');
                    let what = if c.is_whitespace() {
                        What::Space
                    } else if is_invisible(c) {
                        What::Nothing
                    } else {
                        What::Plain
                    };
                    (c.len_utf8(), what)
                }
            };
            if what == What::Plain {
                if plain == i && self.space.is_some() {
                    self.put_space();
                }
            } else {
                self.verbatim(&raw[plain..i], at + plain);
                plain = i + length;
            }
            match what {
                What::Plain | What::Nothing => {}
                What::Space => self.saw_space(at + i, at + i + length, byte == b' '),
                What::Decoded => {
                    self.put_space();
                    let piece = decoded.replace(|c: char| is_invisible(c) || c.is_whitespace(), "");
                    self.put(&piece, at + i, at + i + length, false);
                }
            }
            i += length;
        }
        self.verbatim(&raw[plain..], at + plain);
    }

    /// A break between words that stands for no white space on the page.
    pub(crate) fn break_words(&mut self) {
        if self.space.is_none() && self.clean.text.len() > self.block {
            self.space = Some(Space::Put);
        }
    }

    /// Ends the block; an empty one is left out.
    pub(crate) fn end_block(&mut self, kind: BlockKind) {
        self.space = None;
        let end = self.clean.text.len();
        if end > self.block {
            self.clean.blocks.push(Block { kind, span: Span::new(self.block, end) });
        }
    }

    /// Starts a block on a new line, or after an empty one.
    pub(crate) fn start_block(&mut self, apart: bool) {
        if !self.clean.text.is_empty() {
            self.clean.text.push_str(if apart { "\n\n" } else { "\n" });
        }
        self.block = self.clean.text.len();
        self.space = None;
    }

    pub(crate) fn finish(self) -> Clean {
        self.clean
    }

    /// Keeps white space at decoded bytes `start..end`; `plain` if it is one space.
    fn saw_space(&mut self, start: usize, end: usize, plain: bool) {
        if self.clean.text.len() == self.block {
            return; // none at the start of a block
        }
        match &mut self.space {
            Some(Space::Seen { end: last, plain, .. }) if *last == start => {
                *last = end;
                *plain = false;
            }
            Some(Space::Seen { .. }) => {}
            put => *put = Some(Space::Seen { start, end, plain }),
        }
    }

    fn put_space(&mut self) {
        match self.space.take() {
            None => {}
            Some(Space::Put) => self.clean.text.push(' '),
            Some(Space::Seen { start, end, plain }) => self.put(" ", start, end, plain),
        }
    }

    fn verbatim(&mut self, words: &str, at: usize) {
        if !words.is_empty() {
            self.put_space();
            self.put(words, at, at + words.len(), true);
        }
    }

    /// Writes `words`, made from the decoded bytes `start..end`.
    fn put(&mut self, words: &str, start: usize, end: usize, same: bool) {
        let from = self.clean.text.len();
        self.clean.text.push_str(words);
        if words.is_empty() {
            return;
        }
        if same {
            for piece in self.offsets.pieces(start, end) {
                let clean = Span::new(from + piece.text.max(start) - start, from + piece.text_end.min(end) - start);
                let run = Run { clean, start: piece.start, end: piece.end, verbatim: piece.verbatim };
                self.clean.map.push(run);
            }
        } else {
            let (mut first, mut last) = (None, 0);
            for piece in self.offsets.pieces(start, end) {
                first.get_or_insert(piece.start);
                last = piece.end;
            }
            if let Some(first) = first {
                let clean = Span::new(from, from + words.len());
                self.clean.map.push(Run { clean, start: first, end: last, verbatim: false });
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Space {
    /// On the page, at these bytes of the decoded text; `plain` if it is one space.
    Seen { start: usize, end: usize, plain: bool },
    /// Put in by us, where a line break parts words.
    Put,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Plain,
    Space,
    Nothing,
    Decoded,
}

/// Characters that a reader does not see and that only get in the way of
/// comparing words: controls, soft hyphens, zero-width spaces.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() && !c.is_whitespace() || matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}
