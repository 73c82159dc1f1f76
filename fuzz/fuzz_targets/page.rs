//! Any bytes: the page stage never panics, its blocks are in bounds and in
//! order, and its text reads again from the original.
#![no_main]

use firsthand_page::{Hints, read, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(report) = read(bytes, &Hints::default()) else { return };
    verify(bytes, &report).expect("the text reads again from the original");
    let mut at = 0;
    for block in &report.blocks {
        assert!(block.span.start >= at, "blocks are in order");
        assert!(block.span.get(&report.text).is_some(), "blocks are of the text");
        at = block.span.end;
    }
});
