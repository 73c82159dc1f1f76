//! Any text as it is: sentences and tokens are in order, of the text, and
//! what points at them points at something.
#![no_main]

use firsthand_page::{Hints, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(report) = read(text.as_bytes(), &Hints { as_is: true, ..Hints::default() }) else { return };
    let analysis = firsthand_language::analyse(&report);
    let tokens = &analysis.tokens;
    let mut end = 0;
    for span in &tokens.spans {
        assert!(span.start >= end && span.start < span.end, "tokens are in order and not empty");
        assert!(span.get(&report.text).is_some(), "tokens are of the text");
        end = span.end;
    }
    let tagged = tokens.heads.len();
    assert!(tagged == 0 || tagged == tokens.len(), "all tokens have a head or none");
    assert!(tokens.heads.iter().all(|&head| (head as usize) < tagged), "heads are tokens");
    let mut end = 0;
    for sentence in &analysis.sentences {
        assert!(sentence.span.get(&report.text).is_some(), "sentences are of the text");
        assert!(sentence.tokens.start >= end && sentence.tokens.end as usize <= tokens.len(), "sentences are in order");
        assert!((sentence.block as usize) < report.blocks.len(), "sentences stand in blocks");
        end = sentence.tokens.end;
    }
    for mention in &analysis.mentions {
        assert!(mention.span.get(&report.text).is_some(), "mentions are of the text");
        assert!(mention.entity.is_none_or(|e| (e as usize) < analysis.entities.len()), "mentions are of entities");
    }
});
