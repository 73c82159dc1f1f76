//! Any text as it is: what is attributed is of the text, and its parts point
//! at each other only where there is something.
#![no_main]

use firsthand_model::Speaker;
use firsthand_page::{Hints, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(report) = read(text.as_bytes(), &Hints { as_is: true, ..Hints::default() }) else { return };
    let mut analysis = firsthand_language::analyse(&report);
    let all = firsthand_attribution::attribute(&report, &mut analysis);
    for a in &all {
        assert!(!a.content.is_empty(), "something is said");
        for span in a.source.iter().chain(&a.cue).chain(&a.content) {
            assert!(span.get(&report.text).is_some(), "spans are of the text");
        }
        assert!((0.0..=1.0).contains(&a.confidence), "a confidence is a share");
        assert!(a.parent.is_none_or(|p| (p as usize) < all.len()), "a parent is there");
        if let Speaker::Entity { entity, .. } = a.speaker {
            assert!((entity as usize) < analysis.entities.len(), "a speaker is there");
        }
    }
});
