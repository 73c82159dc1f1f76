//! Tokens and sentences with their bytes.

mod lexicon;
mod scan;
mod sentences;

pub use scan::tokenise;

use firsthand_model::{Analysis, BlockKind, Report, Sentence};
use firsthand_span::Span;

/// Fills tokens (spans only) and sentences of a report: furniture and meta
/// blocks are left out, and so is the dateline that opens the text.
pub(crate) fn split(report: &Report, analysis: &mut Analysis) {
    let text = report.text.as_str();
    let dateline = report.dateline.as_ref().map(|d| d.value.span);
    for (index, block) in report.blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Meta | BlockKind::Caption) {
            continue;
        }
        let mut span = block.span;
        if let Some(line) = dateline
            && block.span.contains(line.start)
            && block.kind == BlockKind::Body
            && Span::new(span.start as usize, line.start as usize).trim(text).is_empty()
        {
            span.start = line.end.clamp(span.start, span.end);
        }
        split_block(text, span, index as u32, analysis);
    }
}

/// Tokens and sentences of a text that is one block.
pub fn split_text(text: &str) -> Analysis {
    let mut analysis = Analysis::default();
    split_block(text, Span::new(0, text.len()), 0, &mut analysis);
    analysis
}

/// Tokens of one sentence at most. Longer ones (tables run together, texts
/// without stops) are cut there, so that no stage's work grows with the square
/// of a hostile line.
const MOST_TOKENS: usize = 400;

/// Tokens and sentences of one block, appended.
pub(crate) fn split_block(text: &str, span: Span, block: u32, analysis: &mut Analysis) {
    let first = analysis.tokens.spans.len();
    tokenise(text, span, &mut analysis.tokens.spans);
    let spans = &analysis.tokens.spans[first..];
    let mut start = 0;
    sentences::boundaries(text, spans, |end| {
        while start < end {
            let stop = end.min(start + MOST_TOKENS);
            if let (Some(a), Some(b)) = (spans.get(start), spans.get(stop - 1)) {
                let tokens = (first + start) as u32..(first + stop) as u32;
                analysis.sentences.push(Sentence { span: a.cover(*b), tokens, block });
            }
            start = stop;
        }
    });
}
