//! Runs the literate cases of `tests/cases/language`: `>` lines are a text,
//! `=` lines what must come of it.

use firsthand_language::text::split_text;
use firsthand_model::Analysis;

struct Case {
    line: usize,
    text: String,
    expected: Vec<String>,
}

fn cases(name: &str) -> Vec<Case> {
    let path = format!("{}/../../tests/cases/language/{name}.md", env!("CARGO_MANIFEST_DIR"));
    let mut cases: Vec<Case> = Vec::new();
    let mut reading = false;
    for (n, line) in std::fs::read_to_string(&path).expect("cases are there").lines().enumerate() {
        if let Some(text) = line.strip_prefix("> ") {
            if !std::mem::replace(&mut reading, true) {
                cases.push(Case { line: n + 1, text: String::new(), expected: Vec::new() });
            } else if let Some(case) = cases.last_mut() {
                case.text.push(' ');
            }
            cases.last_mut().expect("just opened").text.push_str(text);
            continue;
        }
        reading = false;
        if let Some(result) = line.strip_prefix("= ") {
            cases.last_mut().expect("a text comes first").expected.push(result.to_owned());
        }
    }
    assert!(cases.len() > 5 && cases.iter().all(|c| !c.expected.is_empty()), "{name}: cases with a text and a result");
    cases
}

fn run(name: &str, show: impl Fn(&str, &Analysis) -> Vec<String>) {
    let mut wrong = String::new();
    for case in cases(name) {
        let found = show(&case.text, &split_text(&case.text));
        if found != case.expected {
            wrong += &format!("{name}.md:{}\n  expected {:#?}\n  found    {found:#?}\n", case.line, case.expected);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn tokens() {
    run("tokens", |text, analysis| {
        let words: Vec<&str> = analysis.tokens.spans.iter().map(|s| s.of(text)).collect();
        vec![words.join(" | ")]
    });
}

#[test]
fn sentences() {
    run("sentences", |text, analysis| analysis.sentences.iter().map(|s| s.span.of(text).to_owned()).collect());
}
