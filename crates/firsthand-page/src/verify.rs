use encoding_rs::Encoding;
use firsthand_model::{Report, Run};
use firsthand_span::Span;

use crate::html::decode;
use crate::write::is_invisible;

/// Where a report does not read as its original does.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Its encoding is not one that is known.
    #[error("unknown encoding {0:?}")]
    Encoding(String),
    /// A run reaches past the end of a text, cuts a character, or is out of order.
    #[error("the run at {clean} of the clean text is out of place")]
    Place {
        /// Its bytes of the clean text.
        clean: Span,
    },
    /// The original reads otherwise.
    #[error("the clean text at {clean} reads {words:?}, the original at {start}..{end} {original:?}")]
    Words {
        /// Bytes of the clean text.
        clean: Span,
        /// What they read.
        words: String,
        /// First byte of the original.
        start: u64,
        /// One past the last byte of the original.
        end: u64,
        /// What these read.
        original: String,
    },
    /// Words of the clean text are in no run, so that nothing shows where they came from.
    #[error("the clean text at {clean} comes from nowhere: {words:?}")]
    Unmapped {
        /// Bytes of the clean text.
        clean: Span,
        /// What they read.
        words: String,
    },
    /// A block is out of bounds or out of order.
    #[error("the block at {span} is out of place")]
    Block {
        /// Its span.
        span: Span,
    },
}

/// Proves a report against its original: every run is read again from the
/// bytes, decoded with the report's encoding, and must say what the clean text
/// says; and no word of the clean text may be outside the runs.
pub fn verify(original: &[u8], report: &Report) -> Result<(), Mismatch> {
    let encoding =
        Encoding::for_label(report.encoding.as_bytes()).ok_or_else(|| Mismatch::Encoding(report.encoding.clone()))?;
    let mut at = 0;
    for run in &report.map.runs {
        if run.clean.start < at {
            return Err(Mismatch::Place { clean: run.clean });
        }
        check_gap(&report.text, Span { start: at, end: run.clean.start })?;
        check_run(original, encoding, &report.text, run)?;
        at = run.clean.end;
    }
    check_gap(&report.text, Span { start: at, end: Span::new(0, report.text.len()).end })?;
    let mut at = 0;
    for block in &report.blocks {
        if block.span.start < at || block.span.get(&report.text).is_none() {
            return Err(Mismatch::Block { span: block.span });
        }
        // Marks of plain text (`# ` before a heading) may stand between blocks, words may not.
        let gap = Span { start: at, end: block.span.start }.of(&report.text);
        if gap.chars().any(char::is_alphanumeric) {
            return Err(Mismatch::Block { span: block.span });
        }
        at = block.span.end;
    }
    Ok(())
}

/// Between runs stands nothing but white space.
fn check_gap(text: &str, gap: Span) -> Result<(), Mismatch> {
    let words = gap.get(text).ok_or(Mismatch::Place { clean: gap })?;
    if words.trim().is_empty() { Ok(()) } else { Err(Mismatch::Unmapped { clean: gap, words: words.to_owned() }) }
}

fn check_run(original: &[u8], encoding: &'static Encoding, text: &str, run: &Run) -> Result<(), Mismatch> {
    let place = || Mismatch::Place { clean: run.clean };
    let words = run.clean.get(text).ok_or_else(place)?;
    let range = usize::try_from(run.start).ok().zip(usize::try_from(run.end).ok()).ok_or_else(place)?;
    let bytes = original.get(range.0..range.1).ok_or_else(place)?;
    if run.verbatim && bytes == words.as_bytes() {
        return Ok(());
    }
    let (read, _) = encoding.decode_without_bom_handling(bytes);
    // White space at the ends of a decoded run ("&nbspword") says nothing.
    if !run.verbatim && (*read == *words || plain(&decode(&read)).trim() == plain(words).trim()) {
        return Ok(());
    }
    Err(Mismatch::Words {
        clean: run.clean,
        words: words.to_owned(),
        start: run.start,
        end: run.end,
        original: read.into_owned(),
    })
}

/// Words with plain single spaces and nothing invisible, as clean text has them.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}
