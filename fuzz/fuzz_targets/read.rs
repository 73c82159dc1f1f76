//! Any bytes: all stages of one report never panic, give the same twice, and
//! every span they give is one of the text.
#![no_main]

use firsthand_page::Hints;
use firsthand_pipeline::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = read(bytes, &Hints::default()) else { return };
    let text = &reading.report.text;
    for a in &reading.attributions {
        for span in a.source.iter().chain(&a.cue).chain(&a.content) {
            assert!(span.get(text).is_some());
        }
    }
    for m in &reading.measures {
        assert!(m.span.get(text).is_some());
    }
    for c in &reading.claims {
        assert!(c.evidence.get(text).is_some());
    }
    assert_eq!(read(bytes, &Hints::default()).ok(), Some(reading));
});
