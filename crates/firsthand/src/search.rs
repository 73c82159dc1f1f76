//! `firsthand search WORDS`.

use std::io::Write;

use firsthand_ledger::Ledger;

use crate::args::SearchArgs;
use crate::{ALL_WELL, output};

pub(crate) fn run(args: &SearchArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let hits = ledger.search(&args.words.join(" "), args.limit)?;
    let mut out = output::stdout();
    if args.output.json {
        hits.iter().try_for_each(|hit| output::json_line(&mut out, hit))?;
    } else if args.output.csv {
        let mut csv = csv::Writer::from_writer(&mut out);
        hits.iter().try_for_each(|hit| csv.serialize(hit))?;
        csv.flush()?;
    } else {
        for hit in &hits {
            let outlet = hit.outlet.as_deref().unwrap_or("outlet not known");
            let when = hit.published.as_deref().unwrap_or("undated");
            writeln!(
                out,
                "{}  {}\n  {outlet}, {when}, {}",
                hit.report,
                hit.title.as_deref().unwrap_or(&hit.key),
                hit.key
            )?;
            writeln!(out, "  {}\n", output::wrap(&hit.snippet, usize::from(output::terminal_width()) - 4, "  "))?;
        }
        match hits.len() {
            0 => writeln!(out, "no report has these words")?,
            1 => writeln!(out, "1 report")?,
            n => writeln!(out, "{n} reports")?,
        }
    }
    out.flush()?;
    Ok(ALL_WELL)
}
