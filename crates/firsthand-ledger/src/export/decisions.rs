//! `decisions.jsonl`: what analysts decided, with what each is about now.

use std::io::Write;
use std::path::Path;

use crate::{Error, Ledger, Result};

/// Writes every decision, in the order they were made, one a line.
pub(super) fn decisions(ledger: &Ledger, folder: &Path) -> Result<()> {
    let mut out = Vec::new();
    for row in ledger.decision_rows()? {
        serde_json::to_writer(&mut out, &row)?;
        out.push(b'\n');
    }
    let path = folder.join("decisions.jsonl");
    let mut file = std::fs::File::create(&path).map_err(|e| Error::file(&path, e))?;
    file.write_all(&out).map_err(|e| Error::file(&path, e))
}
