//! Whatever a page says: its reading points at its text, and comes back from
//! the ledger as it went in, in whatever order the pages come.

use firsthand_ledger::{Ledger, Stored};
use firsthand_model::{Reading, ReportId};
use firsthand_page::Hints;
use firsthand_span::Span;
use proptest::prelude::*;

/// Pieces that news is made of, and some that break it.
const PIECES: [&str; 24] = [
    "At least 12 people were killed",
    " on Monday",
    " in the village of Karst",
    ", the district office said",
    ", said Tilda Marn, who leads the rescue team",
    " “We had warned them for years,” she added",
    "\"No",
    "\u{201d}",
    ". ",
    ".\n\n",
    "\n",
    " between 20 and 30 houses",
    " denied that ",
    " according to the Valley Sheet",
    " Mr Orlo told reporters",
    " two thirds of 1,500",
    " last week",
    " 3 May 2031",
    " é\u{301}\u{200d}👩‍👩‍👧",
    " Её\u{a0}дом",
    "(",
    " — ",
    " %",
    " reportedly up to $4.5 million",
];

fn texts() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![8 => (0..PIECES.len()).prop_map(|i| PIECES[i].to_owned()), 1 => "\\PC{0,6}"];
    let text = prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat());
    prop::collection::vec(text, 1..5)
}

/// Every span of a reading.
fn spans(reading: &Reading) -> Vec<Span> {
    let mut all: Vec<Span> = reading.report.blocks.iter().map(|b| b.span).collect();
    all.extend(reading.report.dateline.iter().map(|d| d.value.span));
    all.extend(&reading.analysis.tokens.spans);
    all.extend(reading.analysis.sentences.iter().map(|s| s.span));
    all.extend(reading.analysis.mentions.iter().map(|m| m.span));
    for a in &reading.attributions {
        all.extend(a.source.iter().chain(&a.cue).chain(&a.content).chain(&a.addressee));
    }
    all.extend(reading.measures.iter().map(|m| m.span));
    all.extend(reading.times.iter().map(|t| t.span));
    all.extend(reading.places.iter().map(|p| p.span));
    all.extend(reading.claims.iter().map(|c| c.evidence));
    all
}

/// A ledger of these pages, compared: its readings as JSON, and the comparison.
fn kept(pages: &[(String, String, Reading)]) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut ledger = Ledger::open(&folder.path().join("l.db")).expect("a ledger");
    for (key, text, reading) in pages {
        let stored = Stored::new(text.as_bytes(), key, key, reading.clone());
        ledger.put(&[stored], "test").expect("it is kept");
    }
    ledger.compare("test").expect("they are compared");
    let verified = ledger.verify().expect("it can be verified");
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
    let ids: Vec<ReportId> = ledger.report_ids().expect("ids");
    let readings = ids.iter().map(|id| ledger.reading(*id).expect("it loads").expect("it is there"));
    let json = readings.map(|r| serde_json::to_string(&r).expect("JSON")).collect();
    let out = folder.path().join("out");
    firsthand_ledger::export::jsonl(&ledger, &out).expect("an export");
    let mut files: Vec<_> = std::fs::read_dir(out).expect("files").map(|f| f.expect("a file").path()).collect();
    files.sort();
    (json, files.iter().map(|f| std::fs::read_to_string(f).expect("a file")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_reading_points_at_its_text_and_comes_back(texts in texts()) {
        let hints = Hints { as_is: true, ..Hints::default() };
        let mut pages = Vec::new();
        for (n, text) in texts.iter().enumerate() {
            let Ok(reading) = firsthand_pipeline::read(text.as_bytes(), &hints) else { continue };
            for span in spans(&reading) {
                prop_assert!(span.get(&reading.report.text).is_some(), "{span:?} of {text:?}");
            }
            prop_assert_eq!(&firsthand_pipeline::read(text.as_bytes(), &hints).expect("again"), &reading);
            pages.push((format!("{n}.txt"), text.clone(), firsthand_pipeline::record(reading)));
        }
        let one = kept(&pages);
        let mut json: Vec<String> = pages.iter().map(|(_, _, r)| serde_json::to_string(r).expect("JSON")).collect();
        let mut loaded = one.0.clone();
        json.sort();
        loaded.sort();
        prop_assert_eq!(json, loaded, "what was kept is what was read");
        pages.reverse();
        prop_assert_eq!(kept(&pages), one, "the order changes nothing");
    }
}
