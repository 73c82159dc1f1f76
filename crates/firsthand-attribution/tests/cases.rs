//! Runs the literate cases of `tests/cases/attribution`.

use std::path::PathBuf;

use firsthand_model::{Analysis, Attribution, Block, BlockKind, Report, Speaker};
use firsthand_span::Span;

struct Case {
    title: String,
    text: String,
    wanted: Vec<String>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    for line in markdown.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            out.push(Case { title: title.to_owned(), text: String::new(), wanted: Vec::new() });
        }
        let Some(case) = out.last_mut() else { continue };
        if let Some(words) = line.strip_prefix('>') {
            if !case.text.is_empty() {
                case.text.push('\n');
            }
            case.text.push_str(words.trim());
        } else if let Some(wanted) = line.strip_prefix("- ") {
            case.wanted.push(wanted.trim().to_owned());
        }
    }
    out
}

fn report(text: &str) -> Report {
    let mut report = Report { text: text.to_owned(), ..Report::default() };
    let mut at = 0;
    // One line is one paragraph; a line after a line without a gap goes on.
    for part in text.split("\n\n") {
        report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(at, at + part.len()).trim(text) });
        at += part.len() + 2;
    }
    report
}

fn words(spans: &[Span], text: &str) -> String {
    let drop = |c: char| c.is_whitespace() || ",.;:!?\"“”„«»".contains(c);
    let parts: Vec<&str> = spans.iter().map(|s| s.of(text).trim_matches(drop)).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(" … ") }
}

fn plain(field: &str) -> String {
    field.trim().trim_matches(|c: char| ",.;:!?".contains(c)).to_owned()
}

fn name<'a>(a: &Attribution, analysis: &'a Analysis) -> &'a str {
    a.speaker.entity().and_then(|e| analysis.entities.get(e as usize)).map_or("", |e| &e.name)
}

/// Whether an attribution is what a line wants of it.
fn fits(line: &str, a: &Attribution, all: &[Attribution], analysis: &Analysis, text: &str) -> bool {
    let mut fields = line.split(" | ");
    let mut next = || plain(fields.next().unwrap_or(""));
    let (kind, source, cue, content) = (next(), next(), next(), next());
    let more = fields.next().unwrap_or("");
    let same = kind == a.kind.as_str()
        && source == words(&a.source, text)
        && cue == words(&a.cue, text)
        && content == words(&a.content, text);
    let parent = a.parent.and_then(|p| all.get(p as usize));
    same && more.split(';').map(str::trim).filter(|m| !m.is_empty()).all(|m| match m.split_once(' ') {
        None if m == "negated" => a.negated,
        None if m == "hedged" => a.hedged,
        None if m == "unidentified" => a.speaker == Speaker::Unidentified,
        Some(("speaker", wanted)) => name(a, analysis) == wanted,
        Some(("to", wanted)) => a.addressee.is_some_and(|s| s.of(text) == wanted),
        Some(("in", wanted)) => a.medium.is_some_and(|s| s.of(text) == wanted),
        Some(("inside", _)) => parent.is_some(),
        _ => panic!("no such wish: {m}"),
    })
}

#[test]
fn the_cases_hold() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/attribution");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("folder of cases").map(|f| f.expect("file").path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files.iter().filter(|f| !f.ends_with("README.md")) {
        let markdown = std::fs::read_to_string(file).expect("readable");
        for case in cases(&markdown) {
            count += 1;
            let report = report(&case.text);
            let mut analysis = firsthand_language::analyse(&report);
            let found = firsthand_attribution::attribute(&report, &mut analysis);
            let wanted: Vec<&String> = case.wanted.iter().filter(|w| *w != "nothing").collect();
            let met = wanted.len() == found.len()
                && wanted.iter().all(|w| found.iter().any(|a| fits(w, a, &found, &analysis, &report.text)));
            let gap = case.title.ends_with("(known gap)");
            if met == gap {
                let got: Vec<String> = found
                    .iter()
                    .map(|a| {
                        let [s, c, t] = [&a.source, &a.cue, &a.content].map(|x| words(x, &report.text));
                        format!(
                            "    {} | {s} | {c} | {t} | {} {:?} neg={} hedged={} {:?}",
                            a.kind,
                            name(a, &analysis),
                            a.speaker,
                            a.negated,
                            a.hedged,
                            a.why
                        )
                    })
                    .collect();
                let verdict = if gap { "met: take the mark off" } else { "not met" };
                wrong.push(format!("{}: {}: {verdict}\n{}", file.display(), case.title, got.join("\n")));
            }
        }
    }
    assert!(count > 30, "only {count} cases read");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
