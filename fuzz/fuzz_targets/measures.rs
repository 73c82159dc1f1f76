//! Any text as it is: figures, times and places are of the text, their
//! bounds and intervals the right way round.
#![no_main]

use firsthand_page::{Hints, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let hints = Hints { as_is: true, date: Some("2031-02-28T23:30:00+05:45".to_owned()), ..Hints::default() };
    let Ok(report) = read(text.as_bytes(), &hints) else { return };
    let analysis = firsthand_language::analyse(&report);
    for measure in firsthand_measure::measures(&report, &analysis, &[]) {
        assert!(measure.span.get(&report.text).is_some(), "measures are of the text");
        if let (Some(lower), Some(upper)) = (measure.lower, measure.upper) {
            assert!(lower.value <= upper.value, "bounds are the right way round");
        }
    }
    for time in firsthand_measure::times(&report, &analysis) {
        assert!(time.span.get(&report.text).is_some(), "times are of the text");
        assert!(time.interval.is_none_or(|i| i.start <= i.end), "intervals are the right way round");
    }
    for place in firsthand_measure::places(&report, &analysis) {
        assert!(place.span.get(&report.text).is_some(), "places are of the text");
    }
});
