//! Runs the literate cases under `tests/cases/{measure,time}`.
//!
//! A case is a quoted text (`> …`), a `published:` line before it if any, and
//! list items: the words a result starts with and what is expected of it.
//! `- none` expects no result.

use std::path::{Path, PathBuf};

use firsthand_measure::{measures, times};
use firsthand_model::{Analysis, Block, BlockKind, Bound, Found, How, Measure, Moment, Report, Time};
use firsthand_span::Span;

struct Case {
    at: String,
    published: Option<Moment>,
    text: String,
    expected: Vec<(String, Vec<(String, String)>)>,
}

fn cases(folder: &str) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("cases folder").map(|f| f.expect("file").path()).collect();
    files.sort();
    let mut out: Vec<Case> = Vec::new();
    for file in files {
        let mut published = None;
        for (n, line) in std::fs::read_to_string(&file).expect("readable").lines().enumerate() {
            if line.starts_with('#') {
                published = None;
            } else if let Some(date) = line.strip_prefix("published: ") {
                published = Some(Moment::day(date.parse().expect("a date")));
            } else if let Some(text) = line.strip_prefix("> ") {
                let at = format!("{}:{}", file.display(), n + 1);
                out.push(Case { at, published, text: text.to_owned(), expected: Vec::new() });
            } else if let Some(rest) = line.strip_prefix("- `") {
                let (words, wanted) = rest.split_once("`: ").expect("`words`: wanted");
                let wanted = wanted.split(", ").map(|w| {
                    let (key, value) = w.split_once(' ').expect("key value");
                    (key.to_owned(), value.to_owned())
                });
                let case = out.last_mut().expect("a text before its list");
                case.expected.push((words.to_owned(), wanted.collect()));
            }
        }
    }
    assert!(!out.is_empty(), "no cases in {}", root.display());
    out
}

fn read(case: &Case) -> (Report, Analysis) {
    let report = Report {
        text: case.text.clone(),
        blocks: vec![Block { kind: BlockKind::Body, span: Span::new(0, case.text.len()) }],
        published: case.published.map(|p| Found::new(p, How::Given)),
        language: Some(Found::new("en".to_owned(), How::Given)),
        ..Report::default()
    };
    let analysis = firsthand_language::analyse(&report);
    (report, analysis)
}

fn bound(b: Option<Bound>) -> String {
    b.map_or_else(|| "-".to_owned(), |b| if b.inclusive { b.value.to_string() } else { format!("{} open", b.value) })
}

fn of_measure(m: &Measure, key: &str, all: &[Measure], text: &str) -> String {
    let or = |s: Option<&str>| s.unwrap_or("-").to_owned();
    match key {
        "value" => m.value.map_or_else(|| "-".to_owned(), |v| v.to_string()),
        "lower" => bound(m.lower),
        "upper" => bound(m.upper),
        "approx" => m.approx.to_string(),
        "unit" => m.unit.clone(),
        "counted" => or(m.counted.as_deref()),
        "what" => or(m.what.as_deref()),
        "change" => or(m.change.map(|c| c.as_str())),
        "part" => m
            .subset_of
            .and_then(|i| all.get(i as usize))
            .map_or_else(|| "-".to_owned(), |w| format!("of `{}`", w.span.of(text))),
        other => panic!("unknown key {other}"),
    }
}

fn of_time(t: &Time, key: &str) -> String {
    let instant = |t: Option<jiff::civil::DateTime>| t.map_or_else(|| "-".to_owned(), |t| t.to_string());
    match key {
        "value" => t.value.clone(),
        "kind" => t.kind.to_string(),
        "from" => instant(t.interval.map(|i| i.start)),
        "to" => instant(t.interval.map(|i| i.end)),
        other => panic!("unknown key {other}"),
    }
}

/// Compares results, as words with a way to look up a key, with what a case expects.
fn compare(case: &Case, found: &[&str], look: impl Fn(usize, &str) -> String, wrong: &mut Vec<String>) {
    if found.len() != case.expected.len() {
        wrong.push(format!("{}: {} expected, found {found:?}", case.at, case.expected.len()));
        return;
    }
    for (i, (words, wanted)) in case.expected.iter().enumerate() {
        if !found[i].starts_with(words.as_str()) {
            wrong.push(format!("{}: `{words}` expected, found `{}`", case.at, found[i]));
        }
        for (key, value) in wanted {
            let got = look(i, key);
            if got != *value {
                wrong.push(format!("{}: `{words}` {key}: expected {value}, got {got}", case.at));
            }
        }
    }
}

#[test]
fn measures_read_as_the_cases_say() {
    let mut wrong = Vec::new();
    for case in cases("measure") {
        let (report, analysis) = read(&case);
        let all = measures(&report, &analysis, &[]);
        let found: Vec<&str> = all.iter().map(|m| m.span.of(&report.text)).collect();
        compare(&case, &found, |i, key| of_measure(&all[i], key, &all, &report.text), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn times_read_as_the_cases_say() {
    let mut wrong = Vec::new();
    for case in cases("time") {
        let (report, analysis) = read(&case);
        let all = times(&report, &analysis);
        let found: Vec<&str> = all.iter().map(|t| t.span.of(&report.text)).collect();
        compare(&case, &found, |i, key| of_time(&all[i], key), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
