//! One thing with its evidence; a report as its text with what stands in it.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use firsthand_ledger::Record;
use firsthand_model::{Reading, ReportId};
use firsthand_span::Span;

use crate::State;
use crate::page::{Failure, page};
use crate::tables::{Side, tables};

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    record: Record,
    tables: Vec<Side>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    record: Record,
    blocks: Vec<BlockView>,
}

struct BlockView {
    kind: &'static str,
    start: u32,
    pieces: Vec<Piece>,
}

/// Words with one set of marks: overlapping spans are cut where any begins
/// or ends.
struct Piece {
    text: String,
    class: String,
    title: String,
}

struct Mark {
    span: Span,
    class: &'static str,
    title: String,
}

pub(crate) async fn show(Shared(state): Shared<State>, Path(id): Path<String>) -> Result<Response, Failure> {
    let ledger = state.open()?;
    let (name, json) = id.strip_suffix(".json").map_or((id.as_str(), false), |name| (name, true));
    let (record, json) = match ledger.show(name)? {
        Some(record) => (Some(record), json),
        None => (ledger.show(&id)?, false), // a report's key may end so
    };
    let Some(record) = record else {
        return Err(Failure::NotFound(format!("Nothing in the ledger is named {id}")));
    };
    if json {
        return Ok(axum::Json(record).into_response());
    }
    let reading = match ReportId::parse(&record.id).filter(|_| record.kind == "report") {
        Some(report) => ledger.reading(report)?,
        None => None,
    };
    match reading {
        Some(reading) => page(&ReportPage { blocks: blocks(&reading), record }),
        None => page(&RecordPage { tables: tables(&ledger, &record)?, record }),
    }
}

fn blocks(reading: &Reading) -> Vec<BlockView> {
    let marks = marks(reading);
    let text = &reading.report.text;
    let block = |b: &firsthand_model::Block| BlockView {
        kind: b.kind.as_str(),
        start: b.span.start,
        pieces: pieces(text, b.span, &marks),
    };
    reading.report.blocks.iter().map(block).collect()
}

fn marks(reading: &Reading) -> Vec<Mark> {
    let mut marks = Vec::new();
    for a in &reading.attributions {
        let who = a.speaker.entity().and_then(|e| reading.analysis.entities.get(e as usize));
        let who = who.map_or("someone", |e| e.name.as_str());
        marks.extend(a.content.iter().map(|span| Mark {
            span: *span,
            class: "said",
            title: format!("{} speech of {who}", a.kind),
        }));
    }
    for c in &reading.claims {
        marks.push(Mark {
            span: c.evidence,
            class: "claim",
            title: format!("claim: {} ({})", c.predicate, c.polarity),
        });
    }
    for m in &reading.measures {
        let what = m.what.as_deref().unwrap_or("measure");
        marks.push(Mark {
            span: m.span,
            class: "figure",
            title: format!("{what}: {}", m.counted.as_deref().unwrap_or(&m.unit)),
        });
    }
    marks
}

fn pieces(text: &str, block: Span, marks: &[Mark]) -> Vec<Piece> {
    let here: Vec<&Mark> = marks.iter().filter(|m| m.span.overlaps(block)).collect();
    let mut cuts: Vec<u32> = vec![block.start, block.end];
    cuts.extend(here.iter().flat_map(|m| [m.span.start, m.span.end]).filter(|at| block.contains(*at)));
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[u32]| {
        let span = Span { start: pair[0], end: pair[1] };
        let over: Vec<&&Mark> = here.iter().filter(|m| m.span.overlaps(span)).collect();
        let mut classes: Vec<&str> = over.iter().map(|m| m.class).collect();
        classes.sort_unstable();
        classes.dedup();
        let titles: Vec<&str> = over.iter().map(|m| m.title.as_str()).collect();
        Piece { text: span.of(text).to_owned(), class: classes.join(" "), title: titles.join("; ") }
    };
    cuts.windows(2).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_marks_are_cut_and_nothing_is_lost() {
        let text = "one two three";
        let mark = |start, end, class| Mark { span: Span::new(start, end), class, title: String::new() };
        let pieces = pieces(text, Span::new(0, 13), &[mark(0, 7, "said"), mark(4, 13, "claim")]);
        let shown: Vec<(&str, &str)> = pieces.iter().map(|p| (p.text.as_str(), p.class.as_str())).collect();
        assert_eq!(shown, [("one ", "said"), ("two", "claim said"), (" three", "claim")]);
    }
}
