//! The listings as CSV files, one for each view.

use std::io::Write;
use std::path::Path;

use crate::list::{Filter, Listing, View};
use crate::{Error, Ledger, Result};

/// Writes `reports.csv`, `claims.csv` ... into a folder, which is made if needed.
pub fn csv(ledger: &Ledger, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
    for view in View::ALL {
        let path = folder.join(format!("{}.csv", view.name()));
        let file = std::fs::File::create(&path).map_err(|e| Error::file(&path, e))?;
        write_csv(file, &ledger.list(view, &Filter::default())?).map_err(|e| Error::file(&path, e))?;
    }
    Ok(())
}

/// Writes a listing as CSV. A cell that a spreadsheet would take for a
/// formula is led by an apostrophe: pages are written by strangers.
pub fn write_csv(out: impl Write, listing: &Listing) -> std::io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(&listing.columns)?;
    for row in &listing.rows {
        csv.write_record(row.iter().map(cell))?;
    }
    csv.flush()
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
