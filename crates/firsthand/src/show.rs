//! `firsthand show ID`: one thing with its evidence and the reasons for it.

use std::io::Write;

use anyhow::bail;
use firsthand_ledger::{Evidence, Ledger, Record};

use crate::args::ShowArgs;
use crate::{ALL_WELL, output};

pub(crate) fn run(args: &ShowArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let Some(record) = ledger.show(&args.id)? else {
        bail!("nothing in {} is named `{}`", args.ledger.ledger.display(), args.id);
    };
    let mut out = output::stdout();
    if args.json {
        output::json_line(&mut out, &record)?;
    } else {
        print(&mut out, &record)?;
    }
    out.flush()?;
    Ok(ALL_WELL)
}

fn print(out: &mut impl Write, record: &Record) -> anyhow::Result<()> {
    let width = usize::from(output::terminal_width()).saturating_sub(4);
    writeln!(out, "{} {}", record.kind, record.id)?;
    writeln!(out, "  {}", output::wrap(&record.heading, width, "  "))?;
    if !record.fields.is_empty() {
        writeln!(out)?;
        let label = record.fields.iter().map(|(l, _)| l.chars().count()).max().unwrap_or(0);
        let indent = " ".repeat(label + 4);
        for (name, value) in &record.fields {
            let value = output::wrap(value, width.saturating_sub(label + 2).max(20), &indent);
            writeln!(out, "  {name:label$}  {value}")?;
        }
    }
    if !record.evidence.is_empty() {
        writeln!(out, "\nevidence")?;
        record.evidence.iter().try_for_each(|e| print_evidence(out, e, width))?;
    }
    if !record.why.is_empty() {
        writeln!(out, "\nwhy")?;
        for reason in &record.why {
            writeln!(out, "  {}", output::wrap(&reason.to_string(), width, "    "))?;
        }
    }
    if !record.related.is_empty() {
        writeln!(out, "\nlinked to")?;
        for (relation, id, words) in &record.related {
            writeln!(out, "  {}", output::wrap(&format!("{relation}: {id}  {words}"), width, "    "))?;
        }
    }
    Ok(())
}

fn print_evidence(out: &mut impl Write, e: &Evidence, width: usize) -> anyhow::Result<()> {
    let outlet = e.outlet.as_deref().unwrap_or("outlet not known");
    writeln!(out, "  {} · {} ({outlet})", e.label, e.key)?;
    let words = format!("{}»{}«{}", e.before, e.words, e.after);
    writeln!(out, "    {}", output::wrap(&words, width.saturating_sub(2), "    "))?;
    let original: Vec<String> = e.original.iter().take(6).map(|(s, t)| format!("{s}..{t}")).collect();
    let more = if e.original.len() > 6 { format!(" and {} more pieces", e.original.len() - 6) } else { String::new() };
    writeln!(out, "    bytes {} of the text, {}{more} of the original", e.span, original.join(" "))?;
    Ok(())
}
