//! `firsthand verify`: the proof that the ledger says what its originals say.

use std::io::Write;

use firsthand_ledger::Ledger;

use crate::args::LedgerArgs;
use crate::{ALL_WELL, SOMETHING_WRONG, output};

pub(crate) fn run(args: &LedgerArgs) -> anyhow::Result<u8> {
    let checked = Ledger::open_read_only(&args.ledger)?.verify()?;
    for problem in &checked.problems {
        eprintln!("wrong: {}: {}", problem.id, problem.what);
    }
    let mut out = output::stdout();
    let verdict = match checked.problems.len() {
        0 => "all hold".to_owned(),
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    let (originals, reports, spans) = (checked.originals, checked.reports, checked.spans);
    writeln!(
        out,
        "{originals} originals hashed, {reports} reports re-read from them, {spans} spans sliced: {verdict}"
    )?;
    out.flush()?;
    Ok(if checked.problems.is_empty() { ALL_WELL } else { SOMETHING_WRONG })
}
