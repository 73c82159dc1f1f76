//! `firsthand compare A B`: what two files share.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use firsthand_model::{Comparison, CopyLink, Reading, ReportId};
use firsthand_page::Hints;
use firsthand_span::{CodePoints, Span};
use serde_json::json;

use crate::args::CompareArgs;
use crate::{ALL_WELL, output};

const A: ReportId = ReportId([0; 6]);
const B: ReportId = ReportId([1; 6]);

pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<u8> {
    let (a, b) = (reading(&args.a)?, reading(&args.b)?);
    let comparison = firsthand_pipeline::compare(&vec![(A, &a), (B, &b)]);
    let link = between(&comparison);
    let mut out = output::stdout();
    match (args.json, link) {
        (true, link) => output::json_line(&mut out, &as_json(link, &a, &b))?,
        (false, None) => writeln!(out, "the two share no passage")?,
        (false, Some(link)) => print(&mut out, link, &a, &b)?,
    }
    out.flush()?;
    Ok(ALL_WELL)
}

fn reading(path: &Path) -> anyhow::Result<Reading> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let hints = Hints { key: path.display().to_string(), ..Hints::default() };
    let reading = firsthand_pipeline::read(&bytes, &hints).with_context(|| path.display().to_string())?;
    Ok(firsthand_pipeline::digest(reading))
}

/// The link that shares most between the two.
fn between(comparison: &Comparison) -> Option<&CopyLink> {
    comparison.copies.iter().filter(|c| c.parent.is_some()).max_by(|x, y| x.share.total_cmp(&y.share))
}

fn as_json(link: Option<&CopyLink>, a: &Reading, b: &Reading) -> serde_json::Value {
    let Some(link) = link else {
        return json!({ "parent": null, "child": null, "how": null, "direction": "unknown", "share": 0.0, "spans": [], "why": [] });
    };
    let name = |id: Option<ReportId>| id.map(|id| if id == A { "A" } else { "B" });
    let (parent, child) = sides(link, a, b);
    let (there, here) = (CodePoints::new(&parent.report.text), CodePoints::new(&child.report.text));
    let spans: Vec<_> = (link.spans.iter())
        .map(|s| json!({ "parent": s.parent.map(|p| there.span(p)), "child": here.span(s.child), "type": s.kind }))
        .collect();
    json!({
        "parent": name(link.parent), "child": name(Some(link.child)), "how": link.how,
        "direction": if link.directed { "known" } else { "unknown" }, "share": link.share, "spans": spans, "why": link.why,
    })
}

fn sides<'r>(link: &CopyLink, a: &'r Reading, b: &'r Reading) -> (&'r Reading, &'r Reading) {
    if link.child == A { (b, a) } else { (a, b) }
}

fn print(out: &mut impl Write, link: &CopyLink, a: &Reading, b: &Reading) -> anyhow::Result<()> {
    let (parent, child) = sides(link, a, b);
    let name = |id: ReportId| if id == A { "A" } else { "B" };
    let (from, to) = (link.parent.map_or("?", name), name(link.child));
    let arrow = if link.directed { "copies" } else { "shares text with (direction not known)" };
    writeln!(out, "{to} {arrow} {from}: {}, {:.0} % of {to}'s text", link.how, 100.0 * link.share)?;
    for reason in &link.why {
        writeln!(out, "  why: {reason}")?;
    }
    let column = usize::from(output::terminal_width()).saturating_sub(9) / 2;
    for span in &link.spans {
        writeln!(out, "\n  {} ({} bytes)", span.kind, span.child.len())?;
        let here = span.child.of(&child.report.text);
        let there = span.parent.map_or("", |s| s.of(&parent.report.text));
        let (cut, added) = firsthand_reuse::differences(there, here);
        let left = lines(&format!("{from}: {}", marked(there, &cut, ["[-", "-]"])), column);
        let right = lines(&format!("{to}: {}", marked(here, &added, ["{+", "+}"])), column);
        for n in 0..left.len().max(right.len()) {
            let part = |lines: &[String]| lines.get(n).cloned().unwrap_or_default();
            writeln!(out, "    {}", format!("{:column$} │ {}", part(&left), part(&right)).trim_end())?;
        }
    }
    Ok(())
}

/// A passage with the words that the other one lacks between marks, as `wdiff` writes them.
fn marked(text: &str, only_here: &[Span], marks: [&str; 2]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in only_here {
        let (start, end) = (span.start as usize, span.end as usize);
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(marks[0]);
        out.push_str(span.of(text));
        out.push_str(marks[1]);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn lines(text: &str, width: usize) -> Vec<String> {
    output::wrap(text, width, "").lines().map(str::to_owned).collect()
}
