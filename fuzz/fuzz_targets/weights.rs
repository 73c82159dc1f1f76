//! Any bytes as a weight file, behind its packing: what is damaged is
//! refused, and what is opened can be used.
#![no_main]

use firsthand_language::kernel::Weights;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(packed) = zstd::encode_all(bytes, 1) else { return };
    let file = [b"FIRSTHW\x01".as_slice(), &packed].concat();
    if let Ok(weights) = Weights::open(&file) {
        let _ = (weights.bytes("a").is_ok(), weights.table::<3>("a").is_ok());
    }
    let _ = firsthand_language::names::Model::open(&file).is_ok();
    let _ = firsthand_language::syntax::Model::open(&file).is_ok();
    let _ = firsthand_attribution::learned::Model::open(&file).is_ok();
});
