use crate::kernel::hash;

/// Word classes learned from unlabelled text: words used alike share one.
///
/// Two partitions, a coarse and a fine one; class 0 is "unknown".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes {
    /// Sorted 32-bit keys of words.
    keys: Vec<u32>,
    fine: Vec<u8>,
    coarse: Vec<u8>,
}

impl Classes {
    /// From words with their fine and coarse class. Words whose keys collide
    /// keep the first.
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, u8, u8)>) -> Self {
        let mut rows: Vec<(u32, u8, u8)> = words.into_iter().map(|(w, f, c)| (Self::key(w), f, c)).collect();
        rows.sort_by_key(|r| r.0);
        rows.dedup_by_key(|r| r.0);
        Classes {
            keys: rows.iter().map(|r| r.0).collect(),
            fine: rows.iter().map(|r| r.1).collect(),
            coarse: rows.iter().map(|r| r.2).collect(),
        }
    }

    fn key(word: &str) -> u32 {
        (hash(word) >> 32) as u32
    }

    /// The fine and coarse class of a word as written (digits as `0`).
    pub fn of(&self, word: &str) -> (u8, u8) {
        self.keys.binary_search(&Self::key(word)).map_or((0, 0), |i| (self.fine[i], self.coarse[i]))
    }

    /// How many words have a class.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no word has one.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// As bytes for a weight file: key gaps, then classes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = (self.keys.len() as u32).to_le_bytes().to_vec();
        for byte in 0..4 {
            out.extend(self.keys.iter().map(|k| k.to_le_bytes()[byte]));
        }
        out.extend(&self.fine);
        out.extend(&self.coarse);
        out
    }

    /// From bytes; `None` where they are not such a list.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (n, rest) = bytes.split_first_chunk::<4>()?;
        let n = u32::from_le_bytes(*n) as usize;
        if rest.len() != n.checked_mul(6)? {
            return None;
        }
        let keys: Vec<u32> =
            (0..n).map(|i| u32::from_le_bytes([rest[i], rest[n + i], rest[2 * n + i], rest[3 * n + i]])).collect();
        keys.is_sorted().then(|| Classes { keys, fine: rest[4 * n..5 * n].to_vec(), coarse: rest[5 * n..].to_vec() })
    }
}
