//! `firsthand timeline`: what each origin is said to have told, by day.

use std::io::Write;

use anyhow::bail;
use firsthand_claim::{Did, Telling};
use firsthand_ledger::{ClusterTimeline, Ledger, TimelineWanted};
use firsthand_model::Moment;
use serde_json::json;

use crate::args::TimelineArgs;
use crate::{ALL_WELL, output};

/// Clusters that a terminal shows unless told otherwise.
const SHOWN: usize = 5;

pub(crate) fn run(args: &TimelineArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let table = !args.output.json && !args.output.csv;
    let limit = args.limit.or(table.then_some(SHOWN));
    let wanted = TimelineWanted { of: args.of.as_deref(), what: args.what.as_deref(), limit };
    let Some((lines, all)) = ledger.timelines(&wanted)? else {
        let named = args.of.as_deref().unwrap_or_default();
        bail!("no cluster, claim or report with claims in {} is named `{named}`", args.ledger.ledger.display());
    };
    let mut out = output::stdout();
    if args.output.json {
        lines.iter().try_for_each(|line| output::json_line(&mut out, line))?;
    } else if args.output.csv {
        csv(&mut out, &lines)?;
    } else {
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            print(&mut out, line)?;
        }
        match (lines.len(), all) {
            (0, _) => writeln!(out, "no figure is told with more than one value")?,
            (here, all) if here < all => writeln!(out, "\n{here} of {all} timelines; --limit N shows more")?,
            _ => {}
        }
    }
    out.flush()?;
    Ok(ALL_WELL)
}

/// A row for each telling.
fn csv(out: &mut impl Write, lines: &[ClusterTimeline]) -> anyhow::Result<()> {
    let columns = [
        "cluster",
        "origin",
        "identified",
        "day",
        "value",
        "lower",
        "lower_inclusive",
        "upper",
        "upper_inclusive",
        "as_of",
        "published",
        "outlet",
        "key",
        "claim",
        "words",
        "start",
        "end",
        "polarity",
        "modality",
        "headline",
        "overtaken_by",
    ];
    let columns = columns.map(str::to_owned).to_vec();
    let mut rows = Vec::new();
    for line in lines {
        for series in &line.timeline.series {
            for point in &series.points {
                rows.extend(point.tellings.iter().map(|t| {
                    vec![
                        json!(line.cluster),
                        json!(series.origin),
                        json!(series.identified),
                        json!(point.day),
                        json!(t.value),
                        json!(t.lower.map(|l| l.0)),
                        json!(t.lower.map(|l| l.1)),
                        json!(t.upper.map(|u| u.0)),
                        json!(t.upper.map(|u| u.1)),
                        json!(t.as_of.map(|m| m.to_string())),
                        json!(t.published.map(|m| m.to_string())),
                        json!(t.outlet),
                        json!(t.key),
                        json!(t.claim.to_string()),
                        json!(t.words),
                        json!(t.bytes.start),
                        json!(t.bytes.end),
                        json!(t.polarity),
                        json!(t.modality),
                        json!(t.headline),
                        json!(t.overtaken_by),
                    ]
                }));
            }
        }
    }
    let total = rows.len() as u64;
    Ok(firsthand_ledger::export::write_csv(out, &firsthand_ledger::Listing { columns, rows, total })?)
}

fn print(out: &mut impl Write, line: &ClusterTimeline) -> anyhow::Result<()> {
    let width = usize::from(output::terminal_width());
    writeln!(out, "{}\n  {}\n", line.cluster, output::wrap(&line.headline, width.saturating_sub(4), "  "))?;
    let mut table = output::table(&["told by", "as of", "value", "first published", "in", "reports", "evidence"]);
    for series in &line.timeline.series {
        let mut name = series.label();
        for point in &series.points {
            let Some(first) = point.tellings.first() else { continue };
            table.add_row([
                std::mem::take(&mut name),
                point.day.map_or_else(|| "unknown".to_owned(), |d| d.to_string()),
                point.value.clone(),
                moment(first.published),
                outlet(first).to_owned(),
                point.reports().to_string(),
                first.claim.to_string(),
            ]);
        }
    }
    output::whole(&mut table, 6);
    writeln!(out, "{table}\n")?;
    let mut table = output::table(&["value", "first published", "in", "last published", "in", "claims", "reports"]);
    for a in &line.timeline.values {
        table.add_row([
            a.value.clone(),
            moment(a.first.published),
            outlet(&a.first).to_owned(),
            moment(a.last.published),
            outlet(&a.last).to_owned(),
            a.claims.to_string(),
            a.reports.to_string(),
        ]);
    }
    writeln!(out, "{table}")?;
    for change in &line.timeline.changes {
        let lead = format!(
            "{}: {}, then {} (first told {} by {}, {})",
            change.origin,
            change.from.join(" and "),
            change.to.join(" and "),
            moment(change.first.published),
            outlet(&change.first),
            change.first.claim,
        );
        writeln!(out, "\n  {}", output::wrap(&lead, width.saturating_sub(4), "  "))?;
        for (did, words) in [
            (Did::TookOver, "told the later figure"),
            (Did::KeptTheOld, "published later, still with the earlier figure"),
            (Did::NothingLater, "told the earlier figure before, and nothing later is in the ledger"),
            (Did::Unclear, "told the earlier figure; whether before or after is not certain"),
        ] {
            let told: Vec<String> = (change.outlets.iter().filter(|t| t.did == did))
                .map(|t| format!("{} ({}, {})", t.outlet, moment(t.telling.published), t.telling.claim))
                .collect();
            if !told.is_empty() {
                let text = format!("{words}: {}", told.join("; "));
                writeln!(out, "    {}", output::wrap(&text, width.saturating_sub(8), "      "))?;
            }
        }
    }
    Ok(())
}

fn outlet(t: &Telling) -> &str {
    t.outlet.as_deref().unwrap_or(&t.key)
}

/// A moment without its seconds: "2024-06-11 10:20Z".
fn moment(at: Option<Moment>) -> String {
    at.map_or_else(
        || "undated".to_owned(),
        |m| {
            let text = m.to_string();
            let Some((day, clock)) = text.split_once('T') else { return text };
            let (minutes, rest) = clock.split_at_checked(5).unwrap_or((clock, ""));
            format!("{day} {minutes}{}", rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()))
        },
    )
}
