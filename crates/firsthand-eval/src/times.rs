//! Time expressions: TimeBank, AQUAINT and WikiWars (TIMEX3), and the
//! project's own articles. As in TempEval-3: spans strict and relaxed
//! (overlapping, one to one), and the value of relaxed matches.

use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::{CodePoints, Span};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::measures::{match_spans, moment, report};
use crate::{Options, Scores, jsonl};

#[derive(Deserialize)]
struct Document {
    id: String,
    text: String,
    dct: Option<String>,
    published: Option<String>,
    #[serde(default)]
    timex: Vec<Timex>,
    #[serde(default)]
    times: Vec<Annotated>,
}

#[derive(Deserialize)]
struct Timex {
    start: u32,
    end: u32,
    r#type: String,
    value: String,
}

#[derive(Deserialize)]
struct Annotated {
    span: (u32, u32),
    kind: String,
    value: String,
}

/// Notations that mean the same are made one: a trailing Z or `:00`, the `X`
/// of decades, `DE`/`E` and `CE`/`C` of decades and centuries in durations.
fn plain(value: &str) -> String {
    let mut v = value.trim().to_uppercase();
    if v.contains('T') && !v.starts_with('P') {
        v = v.trim_end_matches('Z').to_owned();
        while let Some(short) = v.strip_suffix(":00") {
            v = short.to_owned();
        }
    }
    if v.starts_with('P') {
        v = v.replace("DE", "E").replace("CE", "C");
    } else if v.len() == 4 && v.ends_with('X') && !v.starts_with('X') {
        v = v.trim_end_matches('X').to_owned();
    }
    v
}

/// Scores time expressions.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    let mut lines = Vec::new();
    for path in &options.data {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let [mut strict, mut relaxed, mut valued, mut predicted, mut gold] = [0; 5];
        let mut kinds = (0, 0);
        for document in jsonl::<Document>(path)? {
            let date = document.dct.as_deref().or(document.published.as_deref()).and_then(moment);
            let mut report = report(&document.text, date);
            if document.dct.is_some() {
                paragraphs(&mut report);
            }
            let analysis = firsthand_language::analyse(&report);
            let times = firsthand_measure::times(&report, &analysis);
            let codes = CodePoints::new(&document.text);
            let found: Vec<(u32, u32)> = times.iter().map(|t| codes.span(t.span)).collect();
            let mut wanted: Vec<((u32, u32), &str, &str)> =
                document.timex.iter().map(|t| ((t.start, t.end), t.r#type.as_str(), t.value.as_str())).collect();
            wanted.extend(document.times.iter().map(|t| (t.span, t.kind.as_str(), t.value.as_str())));
            let spans: Vec<(u32, u32)> = wanted.iter().map(|w| w.0).collect();
            let pairs = match_spans(&spans, &found);
            predicted += found.len();
            gold += wanted.len();
            relaxed += pairs.len();
            let mut hit = vec![false; found.len()];
            for &(i, j) in &pairs {
                hit[j] = true;
                strict += usize::from(spans[i] == found[j]);
                kinds = (kinds.0 + usize::from(wanted[i].1 == times[j].kind.as_str()), kinds.1 + 1);
                let same = plain(wanted[i].2) == plain(&times[j].value);
                valued += usize::from(same);
                if !same {
                    let at = times[j].span;
                    lines.push(json!({"id": document.id, "dct": document.dct, "words": at.of(&document.text), "gold": wanted[i].2, "value": times[j].value, "rule": times[j].why.iter().map(ToString::to_string).collect::<Vec<_>>(),
                        "around": around(&document.text, at)}));
                }
            }
            for (i, w) in wanted.iter().enumerate().filter(|(i, _)| !pairs.iter().any(|p| p.0 == *i)) {
                let at = codes.bytes(w.0.0, w.0.1);
                lines.push(json!({"id": document.id, "missed": at.of(&document.text), "gold": w.2, "i": i, "around": around(&document.text, at)}));
            }
            for (t, _) in times.iter().zip(&hit).filter(|(_, hit)| !**hit) {
                lines.push(json!({"id": document.id, "extra": t.span.of(&document.text), "value": t.value, "around": around(&document.text, t.span)}));
            }
        }
        scores.counts(format!("{name} strict"), strict, predicted, gold);
        scores.counts(format!("{name} relaxed"), relaxed, predicted, gold);
        scores.counts(format!("{name} value"), valued, predicted, gold);
        scores.share(format!("{name} kind"), kinds.0, kinds.1);
    }
    if let Some(path) = &options.predictions {
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        std::fs::write(path, lines.join("\n") + "\n")?;
    }
    Ok(scores)
}

fn around(text: &str, at: Span) -> String {
    let start = (0..=(at.start as usize).saturating_sub(50)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let end =
        ((at.end as usize + 40).min(text.len())..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    text.get(start..end).unwrap_or_default().replace('\n', " ")
}

/// These corpora wrap lines inside sentences: a block ends at an empty line.
fn paragraphs(report: &mut Report) {
    let mut blocks = Vec::new();
    let mut at = 0;
    for part in report.text.split("\n\n") {
        let span = Span::new(at, at + part.len()).trim(&report.text);
        if !span.is_empty() {
            blocks.push(Block { kind: BlockKind::Body, span });
        }
        at += part.len() + 2;
    }
    report.blocks = blocks;
}
