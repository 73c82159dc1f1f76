//! `firsthand why A B`: why two claims are or are not the same, independent,
//! in contradiction; or what links two reports.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;
use firsthand_claim::{Answer, Because, ClaimTold, Holds, Pair, Quote};
use firsthand_ledger::{Ledger, Why};
use firsthand_model::ReportId;

use crate::args::WhyArgs;
use crate::{ALL_WELL, output};

type Keys = BTreeMap<ReportId, String>;

pub(crate) fn run(args: &WhyArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let found = match ledger.why(&args.a, &args.b)? {
        Ok(found) => found,
        Err(reason) => bail!("{}: {reason}", args.ledger.ledger.display()),
    };
    let mut out = output::stdout();
    if args.json {
        output::json_line(&mut out, &found)?;
    } else {
        match &found {
            Why::Claims { of_clusters, pair, keys } => claims(&mut out, of_clusters.as_ref(), pair, keys)?,
            Why::Reports { reports, links, clusters, keys } => {
                reports_linked(&mut out, reports, links, clusters, keys)?
            }
        }
    }
    out.flush()?;
    Ok(ALL_WELL)
}

fn width() -> usize {
    usize::from(output::terminal_width())
}

fn claims(out: &mut impl Write, of: Option<&[String; 2]>, pair: &Pair, keys: &Keys) -> anyhow::Result<()> {
    if let Some([a, b]) = of {
        writeln!(out, "of {a} and {b}, the two claims that are most alike:\n")?;
    }
    for (letter, claim) in ["A", "B"].iter().zip(&pair.claims) {
        told(out, letter, claim, keys)?;
    }
    // The two claims themselves are quoted above.
    let shown = [&pair.claims[0].quote, &pair.claims[1].quote];
    answer(out, "the same?", &pair.same, keys, &shown)?;
    answer(out, "independent?", &pair.independent, keys, &shown)?;
    answer(out, "in contradiction?", &pair.contradiction, keys, &shown)
}

fn told(out: &mut impl Write, letter: &str, claim: &ClaimTold, keys: &Keys) -> anyhow::Result<()> {
    let id = claim.quote.claim.map(|c| c.to_string()).unwrap_or_default();
    let when = claim.published.as_deref().unwrap_or("undated");
    let outlet = claim.outlet.as_deref().unwrap_or("outlet not known");
    writeln!(out, "{letter}  {id}, {outlet}, {when}")?;
    writeln!(out, "   says {}; by way of {}", claim.says, claim.voice.join(" ← "))?;
    quote(out, &claim.quote, keys, "   ")?;
    writeln!(out)?;
    Ok(())
}

fn answer(out: &mut impl Write, question: &str, answer: &Answer, keys: &Keys, shown: &[&Quote]) -> anyhow::Result<()> {
    let word = match answer.answer {
        Holds::Yes => "yes",
        Holds::No => "no",
        Holds::Perhaps => "perhaps",
        Holds::NotCompared => "not compared",
    };
    let lead = format!("{question} {word}. {}", answer.says);
    writeln!(out, "{}", output::wrap(&lead, width(), "  "))?;
    because(out, &answer.because, keys, shown)?;
    writeln!(out)?;
    Ok(())
}

fn because(out: &mut impl Write, reasons: &[Because], keys: &Keys, shown: &[&Quote]) -> anyhow::Result<()> {
    for reason in reasons {
        writeln!(out, "  - {}", output::wrap(&reason.note, width().saturating_sub(4), "    "))?;
        let new = reason.evidence.iter().filter(|q| !shown.contains(q));
        new.into_iter().try_for_each(|q| quote(out, q, keys, "      "))?;
    }
    Ok(())
}

fn quote(out: &mut impl Write, quote: &Quote, keys: &Keys, indent: &str) -> anyhow::Result<()> {
    let words = format!("»{}«", quote.words);
    writeln!(out, "{indent}{}", output::wrap(&words, width().saturating_sub(indent.len()), indent))?;
    let report = quote.report.to_string();
    let key = keys.get(&quote.report).unwrap_or(&report);
    writeln!(out, "{indent}{key}, bytes {} of the text", quote.bytes)?;
    Ok(())
}

fn reports_linked(
    out: &mut impl Write,
    reports: &[ReportId; 2],
    links: &[Because],
    clusters: &[(String, String, String)],
    keys: &Keys,
) -> anyhow::Result<()> {
    let name = |id: &ReportId| keys.get(id).cloned().unwrap_or_else(|| id.to_string());
    writeln!(out, "A  {} ({})\nB  {} ({})\n", name(&reports[0]), reports[0], name(&reports[1]), reports[1])?;
    if links.is_empty() {
        writeln!(out, "nothing links them: no copy, no text behind both, no common credit")?;
    }
    because(out, links, keys, &[])?;
    if !clusters.is_empty() {
        writeln!(out)?;
        let mut table = output::table(&["both speak to", "A says", "B says"]);
        for (id, a, b) in clusters {
            table.add_row([id, a, b]);
        }
        writeln!(out, "{table}")?;
    }
    Ok(())
}
