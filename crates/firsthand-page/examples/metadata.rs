//! Prints what pages say about themselves, one JSON line per file:
//! `cargo run --release -p firsthand-page --example metadata -- FILE…`

use std::io::Write;

use firsthand_page::{Hints, read};
use serde_json::json;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let line = match read(&bytes, &Hints { key: path.clone(), ..Hints::default() }) {
            Ok(report) => {
                let moment = |m: &Option<firsthand_model::Found<firsthand_model::Moment>>| {
                    m.as_ref().map(|m| m.value.to_string())
                };
                let text = |m: &Option<firsthand_model::Found<String>>| m.as_ref().map(|m| m.value.clone());
                json!({
                    "file": path,
                    "title": text(&report.title),
                    "outlet": text(&report.outlet),
                    "byline": text(&report.byline),
                    "agency": text(&report.agency),
                    "published": moment(&report.published),
                    "published_how": report.published.as_ref().map(|p| p.how),
                    "modified": moment(&report.modified),
                    "captured": moment(&report.captured),
                    "dateline": report.dateline.as_ref().map(|d| &d.value.place),
                    "dateline_words": report.dateline.as_ref().map(|d| d.value.span.of(&report.text)),
                    "url": text(&report.url),
                })
            }
            Err(error) => json!({ "file": path, "error": error.to_string() }),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}
