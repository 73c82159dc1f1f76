//! No text makes the stage panic, and every span it gives can be read.

use firsthand_measure::{measures, places, times};
use firsthand_model::{Block, BlockKind, Found, How, Moment, Report};
use firsthand_span::Span;
use proptest::prelude::*;

fn check(text: String) {
    let report = Report {
        blocks: vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }],
        published: Some(Found::new(Moment::day(jiff::civil::date(2024, 2, 29)), How::Given)),
        language: Some(Found::new("en".to_owned(), How::Given)),
        text,
        ..Report::default()
    };
    let analysis = firsthand_language::analyse(&report);
    let found = measures(&report, &analysis, &[]);
    for m in &found {
        assert!(m.span.get(&report.text).is_some_and(|w| !w.is_empty()));
        assert!(m.counted_span.is_none_or(|s| s.get(&report.text).is_some()));
        assert!(m.lower.zip(m.upper).is_none_or(|(l, u)| l.value <= u.value));
        assert!(m.subset_of.is_none_or(|w| (w as usize) < found.len()));
    }
    for t in times(&report, &analysis) {
        assert!(t.span.get(&report.text).is_some_and(|w| !w.is_empty()));
        assert!(t.interval.is_none_or(|i| i.start < i.end));
    }
    for p in places(&report, &analysis) {
        assert!(p.span.get(&report.text).is_some());
    }
}

proptest! {
    #[test]
    fn any_characters(text in "\\PC{0,120}") {
        check(text);
    }

    /// Words of the grammars in any order reach the deep branches.
    #[test]
    fn words_of_the_grammars(words in prop::collection::vec(prop::sample::select(vec![
        "at", "least", "12", "million", "-", "to", "and", "a", "half", "$", "US", "between", "the", "of", "in", "May", "2024", "last", "next", "year",
        "years", "ago", "Friday", "early", "9999999999999999999", "per", "100,000", "one", "two", "no", "dozens", "killed", "people", ",", ".", "3:45",
        "p.m.", "quarter", "first", "every", "century", "BC", "0", "1/2", "%", "é", "days", "later", "31", "February", "minus", "Georgia", "Paris",
    ]), 0..24), tight in any::<bool>()) {
        check(words.join(if tight { "" } else { " " }));
    }
}
