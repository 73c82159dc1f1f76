//! What the finders hand on: an attribution before its speaker is known.

use firsthand_model::{AttributionClass, AttributionKind, Reason};
use firsthand_span::Span;

use crate::lexicon::Cue;
use crate::view::View;

/// A found attribution.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Who, in pieces.
    pub(crate) source: Vec<Span>,
    /// The cue's words.
    pub(crate) cue: Vec<Span>,
    /// The cue's main token.
    pub(crate) cue_token: Option<usize>,
    /// What, in pieces.
    pub(crate) content: Vec<Span>,
    /// Class of the cue.
    pub(crate) class: AttributionClass,
    /// What the lexicon knows of the cue.
    pub(crate) lexical: Option<Cue>,
    /// The rule, model or link that found it.
    pub(crate) why: Vec<Reason>,
    /// 0 to 1.
    pub(crate) confidence: f32,
}

impl Found {
    /// First byte of the content.
    pub(crate) fn start(&self) -> u32 {
        self.content.iter().map(|s| s.start).min().unwrap_or(0)
    }

    /// Direct, indirect or mixed, from how much of the content's letters is
    /// inside quotation marks.
    pub(crate) fn kind(&self, view: &View<'_>) -> AttributionKind {
        let (mut inside, mut letters) = (0usize, 0usize);
        for piece in &self.content {
            letters += count(piece.of(view.text));
            // A content within an outer quotation is judged by the marks
            // within that quotation.
            let mut end = piece.start;
            for quote in view.quotes_near(*piece) {
                let whole = fills(*piece, quote.inner) || !quote.inner.covers(*piece);
                if let Some(both) = quote.inner.intersection(*piece).filter(|_| whole) {
                    let fresh = Span { start: both.start.max(end), end: both.end.max(end) };
                    inside += count(fresh.of(view.text));
                    end = end.max(both.end);
                }
            }
        }
        match inside {
            0 => AttributionKind::Indirect,
            n if n * 100 >= letters * 92 => AttributionKind::Direct,
            _ => AttributionKind::Mixed,
        }
    }
}

fn count(words: &str) -> usize {
    words.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether a piece is all of a quotation but for punctuation at its ends.
fn fills(piece: Span, inner: Span) -> bool {
    inner.len().saturating_sub(piece.len()) <= 2
}
