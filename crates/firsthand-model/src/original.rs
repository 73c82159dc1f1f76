use firsthand_span::Span;
use serde::{Deserialize, Serialize};

/// A stretch of clean text and the bytes of the original it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Bytes of the clean text.
    pub clean: Span,
    /// First byte of the original.
    pub start: u64,
    /// One past the last byte of the original.
    pub end: u64,
    /// The two are the same bytes. Otherwise the run was decoded (a character
    /// reference, another encoding, white space made one space) and maps only
    /// as a whole.
    pub verbatim: bool,
}

/// Where each byte of a report's clean text came from, in order of the text.
///
/// Bytes in no run (the line breaks between blocks) were put in by us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanMap {
    /// Runs, ascending and without overlap in `clean`.
    pub runs: Vec<Run>,
}

impl SpanMap {
    /// The map of a text that is its own original.
    pub fn identity(len: usize) -> Self {
        let clean = Span::new(0, len);
        let runs = if clean.is_empty() {
            Vec::new()
        } else {
            vec![Run { clean, start: 0, end: u64::from(clean.end), verbatim: true }]
        };
        SpanMap { runs }
    }

    /// Adds a run after the others, joined to the last one where both are
    /// verbatim and adjoin on both sides. Empty runs are left out.
    pub fn push(&mut self, run: Run) {
        if run.clean.is_empty() {
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.verbatim
            && run.verbatim
            && last.clean.end == run.clean.start
            && last.end == run.start
        {
            last.clean.end = run.clean.end;
            last.end = run.end;
            return;
        }
        self.runs.push(run);
    }

    /// The ranges of the original behind a span of the clean text, in order
    /// of the text, adjoining ones joined. Decoded runs count whole.
    pub fn original(&self, span: Span) -> Vec<(u64, u64)> {
        let first = self.runs.partition_point(|r| r.clean.end <= span.start);
        let mut out: Vec<(u64, u64)> = Vec::new();
        for run in self.runs[first..].iter().take_while(|r| r.clean.start < span.end) {
            let Some(part) = run.clean.intersection(span) else { continue };
            let (start, end) = if run.verbatim {
                let start = run.start + u64::from(part.start - run.clean.start);
                (start, start + part.len() as u64)
            } else {
                (run.start, run.end)
            };
            match out.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => out.push((start, end)),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbatim_runs_map_by_byte_and_decoded_ones_whole() {
        // "a&amp;b" -> "a&b"
        let mut map = SpanMap::default();
        map.push(Run { clean: Span::new(0, 1), start: 10, end: 11, verbatim: true });
        map.push(Run { clean: Span::new(1, 2), start: 11, end: 16, verbatim: false });
        map.push(Run { clean: Span::new(2, 3), start: 16, end: 17, verbatim: true });
        assert_eq!(map.original(Span::new(0, 3)), [(10, 17)]);
        assert_eq!(map.original(Span::new(1, 2)), [(11, 16)]);
        assert_eq!(map.original(Span::new(2, 3)), [(16, 17)]);
        assert!(map.original(Span::new(3, 9)).is_empty());
    }
}
