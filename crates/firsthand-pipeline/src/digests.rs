use std::borrow::Cow;

use firsthand_model::{Reading, Readings, ReportId};

use crate::digest;

/// The digests of many readings, packed: a reading of many small lists and
/// strings takes a hundred kilobytes in memory, twenty as a string of bytes,
/// and eight compressed.
#[derive(Clone, Debug, Default)]
pub struct Digests(Vec<Packed>);

#[derive(Clone, Debug)]
struct Packed {
    id: ReportId,
    /// Bytes before they were compressed.
    length: usize,
    bytes: Box<[u8]>,
}

/// Twice as fast as zstd's own choice, for a tenth more bytes.
const LEVEL: i32 = 1;

impl Digests {
    /// Room for none yet.
    pub fn new() -> Self {
        Digests::default()
    }

    /// Adds the [`digest`] of a reading.
    pub fn push(&mut self, id: ReportId, reading: Reading) {
        // Packing fails only on lists of unknown length and on types that the
        // model does not have.
        let plain = postcard::to_allocvec(&digest(reading)).unwrap_or_default();
        let bytes = zstd::bulk::compress(&plain, LEVEL).unwrap_or_default();
        self.0.push(Packed { id, length: plain.len(), bytes: bytes.into_boxed_slice() });
    }
}

impl Readings for Digests {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn id(&self, at: usize) -> ReportId {
        self.0[at].id
    }

    fn reading(&self, at: usize) -> Cow<'_, Reading> {
        // What `push` wrote can be read: see the test.
        let Packed { length, bytes, .. } = &self.0[at];
        let plain = zstd::bulk::decompress(bytes, *length).unwrap_or_default();
        Cow::Owned(postcard::from_bytes(&plain).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;
    use firsthand_page::Hints;

    #[test]
    fn what_is_packed_is_unpacked() {
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/orsava/pages");
        let mut digests = Digests::new();
        let mut kept: Vec<Reading> = Vec::new();
        for page in std::fs::read_dir(pages).expect("the example is part of the project") {
            let page = page.expect("a readable folder").path();
            let bytes = std::fs::read(&page).expect("a readable page");
            let hints = Hints { key: page.display().to_string(), ..Hints::default() };
            let reading = read(&bytes, &hints).expect("a page with a text");
            digests.push(ReportId::default(), reading.clone());
            kept.push(digest(reading));
        }
        assert!(kept.len() > 10 && kept.iter().any(|r| !r.claims.is_empty() && !r.times.is_empty()));
        for (at, reading) in kept.iter().enumerate() {
            assert_eq!(&*digests.reading(at), reading);
        }
    }
}
