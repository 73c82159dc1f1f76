//! `firsthand decide`: what an analyst decides, appended to the ledger. The
//! clock is read here and nowhere deeper.

use std::io::Write;

use anyhow::bail;
use firsthand_ledger::{Deciding, DecisionRow, Ledger, Listing};
use firsthand_model::{DecisionVerb, Moment};
use serde_json::json;

use crate::args::{Decide, DecideArgs, DecidedBy, LedgerArgs, OutputArgs};
use crate::read::reader;
use crate::{ALL_WELL, output};

pub(crate) fn run(args: &DecideArgs) -> anyhow::Result<u8> {
    match &args.what {
        Decide::Confirm { id, by } => decide(DecisionVerb::Confirm, id, None, by),
        Decide::Reject { id, by } => decide(DecisionVerb::Reject, id, None, by),
        Decide::Merge { a, b, by } => decide(DecisionVerb::Merge, a, Some(b), by),
        Decide::Split { a, b, by } => decide(DecisionVerb::Split, a, Some(b), by),
        Decide::SetSpeaker { attribution, speaker, by } => {
            decide(DecisionVerb::SetSpeaker, attribution, Some(speaker), by)
        }
        Decide::Note { id, by } => decide(DecisionVerb::Note, id, None, by),
        Decide::Undo { decision, by } => decide(DecisionVerb::Undo, decision, None, by),
        Decide::List { ledger, output } => list(ledger, *output),
    }
}

fn decide(verb: DecisionVerb, subject: &str, object: Option<&str>, by: &DecidedBy) -> anyhow::Result<u8> {
    let path = &by.ledger.ledger;
    if !path.exists() {
        bail!("no ledger at {}", path.display());
    }
    let at = match &by.at {
        Some(at) if Moment::parse(at).is_none() => bail!("`{at}` is no time; write 2031-05-02 or 2031-05-02T08:00:00Z"),
        Some(at) => at.clone(),
        None => jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    let mut ledger = Ledger::open(path)?;
    let deciding = Deciding { verb, subject, object, who: &by.by, why: &by.why, at: &at };
    let reader = reader(ledger.gazetteer()?.as_ref());
    let n = match ledger.decide(&deciding, &reader)? {
        Ok(n) => n,
        Err(reason) => bail!("{}: {reason}", path.display()),
    };
    let mut out = output::stdout();
    if let Some(row) = ledger.decision_rows()?.into_iter().find(|r| r.id == n) {
        writeln!(out, "decision {n}: {}", told(&row))?;
    }
    out.flush()?;
    Ok(ALL_WELL)
}

/// "merge 1880ee0eea22.c0 with ...".
fn told(row: &DecisionRow) -> String {
    let subject = row.subject.clone().unwrap_or_else(|| format!("“{}”", row.words));
    let object = row.object.as_ref().map(|o| format!(", {o}")).unwrap_or_default();
    format!("{} {subject}{object}, by {}: {}", row.verb, row.by, row.why)
}

fn list(ledger: &LedgerArgs, format: OutputArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&ledger.ledger)?;
    let rows = ledger.decision_rows()?;
    let mut out = output::stdout();
    if format.json {
        rows.iter().try_for_each(|row| output::json_line(&mut out, row))?;
    } else if format.csv {
        let columns = ["id", "at", "by", "verb", "subject", "words", "object", "why", "state"];
        let cells = rows.iter().map(|r| {
            vec![
                json!(r.id),
                json!(r.at),
                json!(r.by),
                json!(r.verb),
                json!(r.subject),
                json!(r.words),
                json!(r.object),
                json!(r.why),
                json!(r.state),
            ]
        });
        let listing =
            Listing { columns: columns.map(str::to_owned).to_vec(), rows: cells.collect(), total: rows.len() as u64 };
        crate::list::print_data(&mut out, &listing, format)?;
    } else {
        let mut table = output::table(&["id", "at", "by", "what", "on", "why", "state"]);
        for r in &rows {
            let object = r.object.as_ref().map(|o| format!(", {o}")).unwrap_or_default();
            let subject = r.subject.as_ref().map_or_else(String::new, |s| format!("{s} "));
            table.add_row([
                r.id.to_string(),
                r.at.split('T').next().unwrap_or_default().to_owned(),
                r.by.clone(),
                r.verb.to_string(),
                format!("{subject}“{}”{object}", r.words),
                r.why.clone(),
                r.state.clone(),
            ]);
        }
        writeln!(out, "{table}")?;
        if rows.is_empty() {
            writeln!(out, "no decisions")?;
        }
    }
    out.flush()?;
    Ok(ALL_WELL)
}
