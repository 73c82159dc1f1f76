//! Proving the ledger against the bytes it keeps.

use firsthand_model::{Reading, ReportId};
use firsthand_span::Span;

use crate::put::seal;
use crate::{Ledger, Result};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The report or original.
    pub id: String,
    /// What is wrong with it.
    pub what: String,
}

/// What was checked, and what does not hold.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Verification {
    /// Originals hashed again.
    pub originals: u64,
    /// Reports re-read from their originals.
    pub reports: u64,
    /// Spans sliced again.
    pub spans: u64,
    /// What does not hold; empty if all is well.
    pub problems: Vec<Problem>,
}

impl Ledger {
    /// Hashes every kept original again, re-reads every report's text from
    /// it through the span map, slices every span, and compares all that was
    /// recorded with its seal.
    pub fn verify(&self) -> Result<Verification> {
        let mut out = Verification::default();
        let integrity: String = self.db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
        if integrity != "ok" {
            out.problems.push(Problem { id: "file".into(), what: integrity });
        }
        for id in self.report_ids()? {
            match self.verify_report(id, &mut out) {
                Ok(()) => {}
                Err(e) => out.problems.push(Problem { id: id.to_string(), what: e.to_string() }),
            }
        }
        Ok(out)
    }

    fn verify_report(&self, id: ReportId, out: &mut Verification) -> Result<()> {
        let Some(reading) = self.recorded(id)? else { return Ok(()) };
        let mut problem = |what: String| out.problems.push(Problem { id: id.to_string(), what });
        let (sealed, blake3): (String, String) =
            self.db.query_row("SELECT seal, blake3 FROM report WHERE id = ?1", [id.to_string()], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        if seal(&reading) != sealed {
            problem("what is recorded differs from what was read".into());
        }
        let original = self.original(&blake3)?;
        if blake3::hash(&original).to_hex().as_str() != blake3 {
            problem("the kept original has another hash".into());
        }
        if let Err(mismatch) = firsthand_page::verify(&original, &reading.report) {
            problem(mismatch.to_string());
        }
        let mut spans = 0;
        for span in spans_of(&reading) {
            spans += 1;
            if span.get(&reading.report.text).is_none() {
                problem(format!("the span {span} is not one of the text"));
            }
        }
        out.originals += 1;
        out.reports += 1;
        out.spans += spans;
        Ok(())
    }

    /// The bytes a report was read from.
    pub fn original(&self, blake3: &str) -> Result<Vec<u8>> {
        let (length, compressed): (usize, Vec<u8>) =
            self.db.query_row("SELECT length, bytes FROM original WHERE blake3 = ?1", [blake3], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        zstd::bulk::decompress(&compressed, length)
            .map_err(|e| crate::Error::Damaged(format!("original {blake3}: {e}")))
    }
}

/// Every span that a reading holds.
fn spans_of(reading: &Reading) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    spans.extend(reading.report.blocks.iter().map(|b| b.span));
    spans.extend(reading.report.dateline.iter().map(|d| d.value.span));
    spans.extend(reading.analysis.mentions.iter().map(|m| m.span));
    for a in &reading.attributions {
        spans.extend(a.source.iter().chain(&a.cue).chain(&a.content).chain(&a.addressee).chain(&a.medium));
    }
    for m in &reading.measures {
        spans.push(m.span);
        spans.extend(m.counted_span);
    }
    spans.extend(reading.times.iter().map(|t| t.span));
    spans.extend(reading.places.iter().map(|p| p.span));
    for c in &reading.claims {
        spans.push(c.evidence);
        spans.extend(c.actor.iter().chain(&c.target).map(|a| a.span));
    }
    spans
}
