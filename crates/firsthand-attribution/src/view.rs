//! A text as this crate reads it: tokens with their folded words and
//! quotation depth, and paragraphs cut into utterances.

use std::ops::Range;

use firsthand_model::{Analysis, Report, Upos};
use firsthand_span::Span;

use crate::quotes::{Quotation, quotations};

/// No quotation.
pub(crate) const OUTSIDE: u32 = u32::MAX;

/// One block's tokens and sentences.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    /// Tokens.
    pub(crate) tokens: Range<usize>,
    /// Sentences as token ranges; none is cut inside a quotation.
    pub(crate) utterances: Vec<Range<usize>>,
    /// Its outermost quotations, as indices.
    pub(crate) quotes: Range<usize>,
}

/// The text and what is known of it.
pub(crate) struct View<'a> {
    pub(crate) text: &'a str,
    pub(crate) analysis: &'a Analysis,
    pub(crate) quotes: Vec<Quotation>,
    pub(crate) paragraphs: Vec<Paragraph>,
    /// Outermost quotation that holds a token, or [`OUTSIDE`].
    quote_of: Vec<u32>,
    /// Whether a token is a quotation mark of some quotation.
    marks: Vec<bool>,
    lower: String,
    lower_spans: Vec<Span>,
    /// Whether tokens carry tags and heads.
    pub(crate) tagged: bool,
}

impl<'a> View<'a> {
    /// Reads the quotations and lays out the paragraphs.
    pub(crate) fn new(report: &'a Report, analysis: &'a Analysis) -> Self {
        let text = report.text.as_str();
        let quotes = quotations(report);
        let tokens = &analysis.tokens;
        let n = tokens.len();
        let mut lower = String::with_capacity(text.len());
        let mut lower_spans = Vec::with_capacity(n);
        for span in &tokens.spans {
            let start = lower.len();
            let word = span.of(text);
            if word.is_ascii() {
                lower.extend(word.bytes().map(|b| char::from(b.to_ascii_lowercase())));
            } else {
                lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
            }
            lower_spans.push(Span::new(start, lower.len()));
        }
        let mut quote_of = vec![OUTSIDE; n];
        let mut marks = vec![false; n];
        for (q, quote) in quotes.iter().enumerate() {
            for t in tokens.within(quote.outer) {
                let Some(span) = tokens.spans.get(t) else { continue };
                if quote.inner.overlaps(*span) {
                    if quote.depth == 0 {
                        quote_of[t] = q as u32;
                    }
                } else {
                    marks[t] = true;
                }
            }
        }
        let tagged = tokens.upos.iter().any(|u| !matches!(u, Upos::X | Upos::Punct));
        let mut view =
            View { text, analysis, quotes, paragraphs: Vec::new(), quote_of, marks, lower, lower_spans, tagged };
        view.lay_out();
        view
    }

    fn lay_out(&mut self) {
        let sentences = &self.analysis.sentences;
        let mut from = 0;
        while let Some(first) = sentences.get(from) {
            let count = sentences.iter().skip(from).take_while(|s| s.block == first.block).count().max(1);
            let mut utterances: Vec<Range<usize>> = Vec::new();
            for sentence in sentences.iter().skip(from).take(count) {
                let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
                match utterances.last_mut() {
                    Some(last) if self.joins(last.end) => last.end = range.end,
                    _ => utterances.push(range),
                }
            }
            let tokens = utterances.first().map_or(0, |u| u.start)..utterances.last().map_or(0, |u| u.end);
            let start = self.quotes.partition_point(|q| q.block < first.block);
            let end = self.quotes.partition_point(|q| q.block <= first.block);
            self.paragraphs.push(Paragraph { tokens, utterances, quotes: start..end });
            from += count;
        }
    }

    /// Whether the sentence boundary before token `at` lies inside a
    /// quotation, or cuts a cue from its quotation.
    fn joins(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let inside = self.quote(before).is_some() && self.quote(before) == self.quote(at);
        let dangling = self.is_mark(at) && self.quote(before).is_some() && self.quote(at + 1).is_none();
        let lower = self.is_mark(before) && self.word(at).starts_with(char::is_lowercase);
        inside || dangling || lower
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.lower_spans.len()
    }

    /// The folded word of a token; empty past the end.
    pub(crate) fn lower(&self, t: usize) -> &str {
        self.lower_spans.get(t).map_or("", |s| s.of(&self.lower))
    }

    /// The word of a token as printed.
    pub(crate) fn word(&self, t: usize) -> &'a str {
        self.span(t).of(self.text)
    }

    /// The bytes of a token; empty past the end.
    pub(crate) fn span(&self, t: usize) -> Span {
        self.analysis.tokens.spans.get(t).copied().unwrap_or_default()
    }

    /// The bytes of a range of tokens.
    pub(crate) fn bytes(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            return Span::default();
        }
        self.span(range.start).cover(self.span(range.end - 1))
    }

    /// The outermost quotation around a token.
    pub(crate) fn quote(&self, t: usize) -> Option<usize> {
        self.quote_of.get(t).filter(|&&q| q != OUTSIDE).map(|&q| q as usize)
    }

    /// Whether a token is a quotation mark.
    pub(crate) fn is_mark(&self, t: usize) -> bool {
        self.marks.get(t).copied().unwrap_or(false)
    }

    /// The tag of a token, where tokens are tagged.
    pub(crate) fn upos(&self, t: usize) -> Option<Upos> {
        if self.tagged { self.analysis.tokens.upos.get(t).copied() } else { None }
    }

    /// Whether a token can be a finite or non-finite verb form; true where
    /// tags are missing.
    pub(crate) fn may_be_verb(&self, t: usize) -> bool {
        self.upos(t).is_none_or(|u| matches!(u, Upos::Verb | Upos::Aux))
    }

    /// Whether the token is punctuation by its first character.
    pub(crate) fn is_punct(&self, t: usize) -> bool {
        self.lower(t).chars().next().is_none_or(|c| !c.is_alphanumeric() && !"$£€#@%'&".contains(c))
    }

    /// The quotations of the block in which a span starts, that share a byte
    /// with the span.
    pub(crate) fn quotes_near(&self, span: Span) -> impl Iterator<Item = &Quotation> {
        // Quotations are in order of their openings and none crosses a block.
        let end = self.quotes.partition_point(|q| q.outer.start < span.end);
        let block = self.quotes.get(end.wrapping_sub(1)).map(|q| q.block);
        let start = block.map_or(end, |b| self.quotes.partition_point(|q| q.block < b));
        self.quotes.get(start..end).unwrap_or_default().iter().filter(move |q| q.outer.overlaps(span))
    }
}
