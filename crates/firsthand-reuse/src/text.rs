use std::hash::Hasher;
use std::ops::Range;

use firsthand_model::{BlockKind, Report};
use firsthand_span::{Span, fold};
use rustc_hash::FxHasher;

use crate::Text;

/// The word stands in quotation marks.
pub(crate) const QUOTED: u8 = 1;
/// The word's sentence is repeated around reports that have nothing else in
/// common: not part of any report.
pub(crate) const FURNITURE: u8 = 2;
/// The word's sentence is one that an outlet repeats from story to story.
pub(crate) const BACKGROUND: u8 = 4;

/// A report's running text as the comparison sees it: folded words with their
/// bytes, grouped in sentences. One list per property: 100,000 reports must
/// stay in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepared {
    /// Hash of each folded word.
    pub words: Vec<u32>,
    /// First byte of each word.
    starts: Vec<u32>,
    /// Length of each word in bytes.
    lens: Vec<u16>,
    /// `QUOTED`, `FURNITURE`, `BACKGROUND`.
    pub flags: Vec<u8>,
    /// First word of each sentence, and one past the last word at the end.
    sentences: Vec<u32>,
    /// Index of the first sentence of each paragraph.
    paragraphs: Vec<u32>,
}

impl Prepared {
    pub(crate) fn new(text: &Text<'_>) -> Self {
        let mut out = Prepared::default();
        let mut quotations = text.quotations.iter().copied().peekable();
        for part in running_text(text.report) {
            out.paragraph(&text.report.text, part);
        }
        for i in 0..out.words.len() {
            while quotations.next_if(|q| q.end <= out.starts[i]).is_some() {}
            if quotations.peek().is_some_and(|q| q.contains(out.starts[i])) {
                out.flags[i] |= QUOTED;
            }
        }
        out.sentences.push(out.words.len() as u32);
        out.words.shrink_to_fit();
        out.starts.shrink_to_fit();
        out.lens.shrink_to_fit();
        out.flags.shrink_to_fit();
        out.sentences.shrink_to_fit();
        out.paragraphs.shrink_to_fit();
        out
    }

    /// Adds the words of one paragraph: `text[part]`.
    fn paragraph(&mut self, text: &str, part: Span) {
        let words = part.of(text);
        let base = part.start as usize;
        let (mut new_sentence, mut quote) = (true, None);
        let mut gap_start = 0;
        let before = self.words.len();
        for word in word_ranges(words) {
            let gap = &words[gap_start..word.start];
            if !new_sentence && ends_sentence(&words[..gap_start], gap, &words[word.clone()]) {
                new_sentence = true;
            }
            quote = quote_after(quote, gap);
            gap_start = word.end;
            if std::mem::take(&mut new_sentence) {
                if self.words.len() == before {
                    self.paragraphs.push(self.sentences.len() as u32);
                }
                self.sentences.push(self.words.len() as u32);
            }
            self.words.push(hash_word(&words[word.clone()]));
            self.starts.push((base + word.start) as u32);
            self.lens.push(word.len().min(usize::from(u16::MAX)) as u16);
            self.flags.push(if quote.is_some() { QUOTED } else { 0 });
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn sentence_count(&self) -> usize {
        self.sentences.len().saturating_sub(1)
    }

    /// The words of sentence `i`.
    pub(crate) fn sentence(&self, i: usize) -> Range<usize> {
        match (self.sentences.get(i), self.sentences.get(i + 1)) {
            (Some(&a), Some(&b)) => a as usize..b as usize,
            _ => 0..0,
        }
    }

    /// The sentence that word `at` stands in.
    pub(crate) fn sentence_of(&self, at: usize) -> usize {
        self.sentences.partition_point(|&s| s as usize <= at).saturating_sub(1)
    }

    /// The words of each paragraph.
    pub(crate) fn paragraph_words(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        (0..self.paragraphs.len()).map(|i| {
            let first = self.paragraphs[i] as usize;
            let last = self.paragraphs.get(i + 1).map_or(self.sentence_count(), |&p| p as usize);
            self.sentence(first).start..self.sentence(last.saturating_sub(1)).end
        })
    }

    /// Bytes of word `i`.
    pub(crate) fn word(&self, i: usize) -> Span {
        match (self.starts.get(i), self.lens.get(i)) {
            (Some(&start), Some(&len)) => Span { start, end: start + u32::from(len) },
            _ => Span::default(),
        }
    }

    /// Bytes from the first to the last word of a range.
    pub(crate) fn span(&self, words: Range<usize>) -> Span {
        if words.is_empty() {
            return Span::default();
        }
        Span { start: self.word(words.start).start, end: self.word(words.end - 1).end }
    }

    /// How many words of a range have a flag.
    pub(crate) fn flagged(&self, words: Range<usize>, flag: u8) -> usize {
        self.flags.get(words).map_or(0, |f| f.iter().filter(|&&f| f & flag != 0).count())
    }

    /// Words that are not furniture.
    pub(crate) fn own_len(&self) -> usize {
        self.len() - self.flagged(0..self.len(), FURNITURE)
    }

    /// One number for the words of a range.
    pub(crate) fn hash(&self, words: Range<usize>) -> u64 {
        let mut hasher = FxHasher::default();
        for &w in self.words.get(words).unwrap_or_default() {
            hasher.write_u32(w);
        }
        hasher.finish()
    }
}

/// The lines of the blocks that are the report's own running text.
fn running_text(report: &Report) -> Vec<Span> {
    let whole = [Span::new(0, report.text.len())];
    let body: Vec<Span> = if report.blocks.is_empty() {
        whole.to_vec()
    } else {
        let own = [BlockKind::Body, BlockKind::Caption, BlockKind::Heading];
        report.blocks.iter().filter(|b| own.contains(&b.kind)).map(|b| b.span).collect()
    };
    let dateline = report.dateline.as_ref().map(|d| d.value.span).filter(|s| !s.is_empty());
    let mut out = Vec::new();
    for block in body {
        let mut at = block.start;
        for line in block.of(&report.text).split('\n') {
            let mut span = Span { start: at, end: at + line.len() as u32 };
            at = span.end + 1;
            if let Some(d) = dateline.filter(|&d| span.covers(d)) {
                span.start = d.end;
            }
            if !span.is_empty() {
                out.push(span);
            }
        }
    }
    out
}

/// The maximal runs of letters, digits and inner apostrophes.
pub(crate) fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.by_ref().find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            let inner =
                matches!(c, '\'' | '’') && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphanumeric);
            // Combining marks belong to the letter before them.
            if !(c.is_alphanumeric() || inner || ('\u{300}'..='\u{36F}').contains(&c)) {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        Some(start..end)
    })
}

/// Whether a sentence ends between `before` and `word`: a full stop that does
/// not follow an abbreviation, or another final mark, and a capital, digit or
/// opening mark after it. Scripts without capitals count as capital.
fn ends_sentence(before: &str, gap: &str, word: &str) -> bool {
    let Some(mark) = gap.find(['.', '!', '?', '…', '。', '؟', '।']) else { return false };
    let Some(first) = word.chars().next() else { return false };
    if !gap[mark..].contains(char::is_whitespace) || first.is_lowercase() {
        return false;
    }
    if !gap[mark..].starts_with('.') || gap[..mark].contains(['"', '”', '’', ')']) {
        return true;
    }
    // "Mr. Smith", "J. Smith", "St. Anne": a short capitalised word before the stop.
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let short = last.chars().count() <= 3 && last.chars().next().is_some_and(char::is_uppercase);
    !(short && gap[mark + 1..].trim_end_matches(['"', '“']) == " ")
}

/// Which quotation mark is open after a gap between words.
fn quote_after(mut open: Option<char>, gap: &str) -> Option<char> {
    for (at, c) in gap.char_indices() {
        let before = gap[..at].chars().next_back();
        let last = at + c.len_utf8() == gap.len();
        open = match (open, c) {
            (None, '"' | '“' | '«' | '„' | '‘') => Some(c),
            // A plain apostrophe opens only between a space and a word ...
            (None, '\'') if last && before.is_none_or(char::is_whitespace) && gap.len() > 1 => Some(c),
            (Some('"'), '"') | (Some('“' | '„'), '”' | '“') | (Some('«'), '»') => None,
            // ... and closes only right after a word or its stop.
            (Some('‘'), '’') | (Some('\''), '\'') if !before.is_some_and(char::is_whitespace) => None,
            (open, _) => open,
        };
    }
    open
}

/// The number by which a word is compared.
pub(crate) fn hash_word(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    if word.is_ascii() {
        let mut short = [0_u8; 32];
        if let Some(lower) = short.get_mut(..word.len()) {
            lower.copy_from_slice(word.as_bytes());
            lower.make_ascii_lowercase();
            hasher.write(lower);
        } else {
            hasher.write(word.to_ascii_lowercase().as_bytes());
        }
    } else {
        hasher.write(fold(word).as_bytes());
    }
    let h = hasher.finish();
    (h ^ (h >> 32)) as u32
}
