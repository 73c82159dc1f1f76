//! The span map as a compact blob: per run five varints (gap before it in the
//! clean text, its length, the signed jump in the original, the length
//! there, verbatim). About 5 bytes a run, against 60 as a row.

use firsthand_model::{Run, SpanMap};
use firsthand_span::Span;

pub(crate) fn pack(map: &SpanMap) -> Vec<u8> {
    let mut out = Vec::with_capacity(map.runs.len() * 6);
    let (mut clean, mut original) = (0u32, 0u64);
    for run in &map.runs {
        put(&mut out, u64::from(run.clean.start.saturating_sub(clean)));
        put(&mut out, run.clean.len() as u64);
        let jump = run.start.wrapping_sub(original) as i64;
        put(&mut out, ((jump << 1) ^ (jump >> 63)) as u64);
        put(&mut out, ((run.end - run.start) << 1) | u64::from(run.verbatim));
        (clean, original) = (run.clean.end, run.end);
    }
    out
}

/// `None` if the blob is damaged.
pub(crate) fn unpack(mut bytes: &[u8]) -> Option<SpanMap> {
    let mut runs = Vec::new();
    let (mut clean, mut original) = (0u32, 0u64);
    while !bytes.is_empty() {
        let start = clean.checked_add(u32::try_from(take(&mut bytes)?).ok()?)?;
        let end = start.checked_add(u32::try_from(take(&mut bytes)?).ok()?)?;
        let jump = take(&mut bytes)?;
        let from = original.wrapping_add(((jump >> 1) as i64 ^ -((jump & 1) as i64)) as u64);
        let length = take(&mut bytes)?;
        let to = from.checked_add(length >> 1)?;
        runs.push(Run { clean: Span { start, end }, start: from, end: to, verbatim: length & 1 == 1 });
        (clean, original) = (end, to);
    }
    Some(SpanMap { runs })
}

fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comes_back_as_it_was(parts in proptest::collection::vec((0u32..9, 1u32..300, 0u64..1 << 40, 0u64..999, any::<bool>()), 0..40)) {
            let mut at = 0;
            let runs = parts.into_iter().map(|(gap, len, start, length, verbatim)| {
                let clean = Span { start: at + gap, end: at + gap + len };
                at = clean.end;
                Run { clean, start, end: start + length, verbatim }
            }).collect();
            let map = SpanMap { runs };
            prop_assert_eq!(unpack(&pack(&map)), Some(map));
        }

        #[test]
        fn damage_is_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes);
        }
    }
}
