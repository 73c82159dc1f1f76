use firsthand_model::{Block, BlockKind, Run, SpanMap};
use firsthand_span::Span;

use crate::encoding::Decoded;
use crate::write::Clean;

/// The clean text of plain text: the text itself, every line a block.
pub(crate) fn clean(decoded: &Decoded<'_>, as_is: bool) -> Clean {
    let text = decoded.text.clone().into_owned();
    let mut map = SpanMap::default();
    for piece in decoded.offsets.pieces(0, text.len()) {
        let clean = Span::new(piece.text, piece.text_end);
        map.push(Run { clean, start: piece.start, end: piece.end, verbatim: piece.verbatim });
    }
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trim(&text);
        if !span.is_empty() {
            blocks.push(Block { kind: BlockKind::Body, span });
        }
        at += line.len();
    }
    let _ = as_is;
    Clean { text, blocks, map }
}
