/*!
Task `reuse`: copy links against reports of known derivation.

Data: folders written by the news generator (`docs.jsonl`, `truth.jsonl`,
`pairs.jsonl`, `stories.jsonl`), or the path of a `docs.jsonl` in one.
Predictions: a folder with `reports.jsonl`, `copies.jsonl` and
`families.jsonl` as the export writes them, one sub-folder per data set.
*/

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use firsthand_model::{Block, BlockKind, CopyLink, Dateline, Family, Found, How, Moment, Report, ReportId};
use firsthand_reuse::Text;
use firsthand_span::{CodePoints, Span};
use serde::Deserialize;
use serde_json::json;

use crate::{Options, Scores, jsonl};

#[derive(Deserialize)]
struct Doc {
    id: String,
    outlet: Option<String>,
    title: Option<String>,
    byline: Option<String>,
    dateline: Option<String>,
    credit: Option<String>,
    published: Option<String>,
    text: String,
    /// Lines of the text that are not the report, where the page stage would know.
    #[serde(default)]
    furniture: Vec<String>,
}

/// Runs the task.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let scores = Scores::default();
    for path in &options.data {
        let folder = if path.is_dir() { path.clone() } else { path.parent().unwrap_or(Path::new("")).to_owned() };
        let mut docs: Vec<Doc> = jsonl(&folder.join("docs.jsonl"))?;
        let reports: Vec<Report> = docs.iter_mut().map(report).collect();
        let ids: Vec<ReportId> = (0..docs.len()).map(id).collect();
        let texts: Vec<Text<'_>> =
            reports.iter().zip(&ids).map(|(report, &id)| Text { id, report, quotations: &[] }).collect();
        let started = std::time::Instant::now();
        let (links, families) = firsthand_reuse::compare(&texts);
        eprintln!("{} reports, {} links, {:?}", texts.len(), links.len(), started.elapsed());
        if let Some(out) = &options.predictions {
            let name = folder.file_name().map_or_else(PathBuf::new, PathBuf::from);
            write(&out.join(name), &docs, &reports, &links, &families)?;
        }
    }
    Ok(scores)
}

/// The n-th record's id: any will do that is told apart.
fn id(n: usize) -> ReportId {
    let b = (n as u64).to_be_bytes();
    ReportId([b[2], b[3], b[4], b[5], b[6], b[7]])
}

/// The record as a report; its text moves there.
fn report(doc: &mut Doc) -> Report {
    let given =
        |v: &Option<String>| v.as_ref().filter(|v| !v.trim().is_empty()).map(|v| Found::new(v.clone(), How::Given));
    let dateline = given(&doc.dateline)
        .and_then(|d| Span::find(&doc.text, &d.value).map(|span| Dateline { place: d.value, span }))
        .map(|d| Found::new(d, How::Given));
    Report {
        title: given(&doc.title),
        outlet: given(&doc.outlet),
        byline: given(&doc.byline),
        agency: given(&doc.credit),
        dateline,
        published: doc.published.as_deref().and_then(moment).map(|m| Found::new(m, How::Given)),
        blocks: blocks(doc),
        text: std::mem::take(&mut doc.text),
        ..Report::default()
    }
}

/// One block per line.
fn blocks(doc: &Doc) -> Vec<Block> {
    let mut at = 0;
    let mut out = Vec::new();
    for line in doc.text.split('\n') {
        let span = Span::new(at, at + line.len());
        at += line.len() + 1;
        let kind = if doc.furniture.iter().any(|f| f == line) { BlockKind::Furniture } else { BlockKind::Body };
        if !span.is_empty() {
            out.push(Block { kind, span });
        }
    }
    out
}

/// `2024-01-31`, `2024-01-31T08:30Z`, `2024-01-31T08:30:00+02:00`.
fn moment(text: &str) -> Option<Moment> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let Some(clock) = text.get(11..) else { return Some(Moment::day(date)) };
    let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let time: jiff::civil::Time = clock.get(..zone)?.parse().ok()?;
    let offset = match clock.get(zone..)? {
        "" => None,
        "Z" => Some(0),
        z => {
            let (h, m) = z.get(1..)?.split_once(':')?;
            let seconds = h.parse::<i32>().ok()? * 3600 + m.parse::<i32>().ok()? * 60;
            Some(if z.starts_with('-') { -seconds } else { seconds })
        }
    };
    Some(Moment::clock(date.to_datetime(time), offset))
}

/// Writes what was found as the export does.
fn write(
    folder: &Path,
    docs: &[Doc],
    reports: &[Report],
    links: &[CopyLink],
    families: &[Family],
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let index = |id: ReportId| reports.get(usize::try_from(number(id)).unwrap_or(usize::MAX));
    let points = |id: Option<ReportId>, span: Option<Span>| {
        let text = index(id?)?.text.as_str();
        let (start, end) = CodePoints::new(text).span(span?);
        Some([start, end])
    };
    let mut lines = String::new();
    for (n, (doc, report)) in docs.iter().zip(reports).enumerate() {
        writeln!(lines, "{}", json!({"id": id(n), "key": doc.id, "text": report.text}))?;
    }
    let mut copies = String::new();
    for link in links {
        let spans: Vec<_> = link
            .spans
            .iter()
            .map(|s| json!({"parent": points(link.parent, s.parent), "child": points(Some(link.child), Some(s.child)), "type": s.kind}))
            .collect();
        let why: Vec<String> = link.why.iter().map(ToString::to_string).collect();
        let direction = if link.directed { "known" } else { "unknown" };
        writeln!(
            copies,
            "{}",
            json!({"parent": link.parent, "hidden": link.hidden, "child": link.child, "how": link.how,
                "direction": direction, "share": link.share, "spans": spans, "why": why})
        )?;
    }
    let mut out = String::new();
    for (n, f) in families.iter().enumerate() {
        let (low, high) = f.independent;
        writeln!(out, "{}", json!({"id": format!("f{n}"), "reports": f.reports, "independent": [low, high]}))?;
    }
    for (name, text) in [("reports", lines), ("copies", copies), ("families", out)] {
        let path = folder.join(name).with_extension("jsonl");
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn number(id: ReportId) -> u64 {
    id.0.iter().fold(0, |n, &b| n << 8 | u64::from(b))
}
