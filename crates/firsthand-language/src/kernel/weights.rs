use std::io::Read;

use super::table::{BITS, Table};

const MAGIC: &[u8; 8] = b"FIRSTHW\x01";
/// More than all weights of the project together; guards against broken sizes.
const LARGEST: u64 = 256 << 20;

/// Why a weight file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightsError {
    /// Not a weight file, or one of another version.
    Version,
    /// Damaged: the compressed stream or its checksum fails.
    Damaged(String),
    /// A section of this name and shape is missing.
    Missing(String),
}

impl std::fmt::Display for WeightsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WeightsError::Version => f.write_str("not a weight file of this version"),
            WeightsError::Damaged(why) => write!(f, "weight file damaged: {why}"),
            WeightsError::Missing(name) => write!(f, "weight file has no section {name} of the shape expected"),
        }
    }
}

impl std::error::Error for WeightsError {}

/// Builds a weight file: named sections, compressed together, with a checksum.
#[derive(Clone, Debug, Default)]
pub struct WeightsWriter {
    sections: Vec<(String, Vec<u8>)>,
}

impl WeightsWriter {
    /// Adds a section of plain bytes.
    pub fn bytes(&mut self, name: &str, bytes: Vec<u8>) {
        self.sections.push((name.to_owned(), bytes));
    }

    /// Adds a table.
    pub fn table<const K: usize>(&mut self, name: &str, table: &Table<K>) {
        // Like goes beside like, so that it compresses: places, fingerprints, which classes, weights.
        let used = || table.checks.iter().zip(&table.weights).enumerate().filter(|(_, (c, _))| **c != 0);
        let mut out = Vec::new();
        varint(&mut out, table.bits as u64);
        varint(&mut out, K as u64);
        out.extend(table.scale.to_le_bytes());
        varint(&mut out, used().count() as u64);
        let mut last = 0;
        for (at, _) in used() {
            varint(&mut out, (at - last) as u64);
            last = at;
        }
        for byte in [0, 1] {
            out.extend(used().map(|(_, (check, _))| check.to_le_bytes()[byte]));
        }
        for class in 0..K {
            for (_, (_, weights)) in used() {
                let w = i64::from(weights[class]);
                varint(&mut out, ((w << 1) ^ (w >> 63)) as u64);
            }
        }
        self.bytes(name, out);
    }

    /// The file.
    pub fn finish(&self) -> std::io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        varint(&mut plain, self.sections.len() as u64);
        for (name, bytes) in &self.sections {
            varint(&mut plain, name.len() as u64);
            plain.extend(name.as_bytes());
            varint(&mut plain, bytes.len() as u64);
        }
        for (_, bytes) in &self.sections {
            plain.extend(bytes);
        }
        let mut encoder = zstd::Encoder::new(MAGIC.to_vec(), 19)?;
        encoder.include_checksum(true)?;
        encoder.window_log(23)?;
        std::io::Write::write_all(&mut encoder, &plain)?;
        encoder.finish()
    }
}

/// An opened weight file.
#[derive(Debug)]
pub struct Weights {
    plain: Vec<u8>,
    /// Name, start and end of each section.
    sections: Vec<(String, usize, usize)>,
}

impl Weights {
    /// Opens a file; fails where it is of another version or damaged.
    pub fn open(file: &[u8]) -> Result<Self, WeightsError> {
        let damaged = |e: std::io::Error| WeightsError::Damaged(e.to_string());
        let packed = file.strip_prefix(MAGIC.as_slice()).ok_or(WeightsError::Version)?;
        let decoder = zstd::Decoder::new(packed).map_err(damaged)?;
        let mut plain = Vec::new();
        decoder.take(LARGEST).read_to_end(&mut plain).map_err(damaged)?;
        let short = || WeightsError::Damaged("sections end early".to_owned());
        let mut at = Cursor { bytes: &plain, at: 0 };
        let count = at.varint().ok_or_else(short)?;
        let mut sizes = Vec::new();
        for _ in 0..count {
            let length = at.varint().ok_or_else(short)? as usize;
            let name = String::from_utf8_lossy(at.take(length).ok_or_else(short)?).into_owned();
            sizes.push((name, at.varint().ok_or_else(short)? as usize));
        }
        let mut start = at.at;
        let mut sections = Vec::new();
        for (name, size) in sizes {
            let end = start.checked_add(size).filter(|&end| end <= plain.len()).ok_or_else(short)?;
            sections.push((name, start, end));
            start = end;
        }
        Ok(Weights { plain, sections })
    }

    /// A section of plain bytes.
    pub fn bytes(&self, name: &str) -> Result<&[u8], WeightsError> {
        let section = self.sections.iter().find(|(n, _, _)| n == name);
        section
            .and_then(|&(_, start, end)| self.plain.get(start..end))
            .ok_or_else(|| WeightsError::Missing(name.to_owned()))
    }

    /// A table of K classes, unpacked.
    pub fn table<const K: usize>(&self, name: &str) -> Result<Table<K>, WeightsError> {
        let mut at = Cursor { bytes: self.bytes(name)?, at: 0 };
        at.table().ok_or_else(|| WeightsError::Missing(name.to_owned()))
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let part = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(part)
    }

    #[inline]
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn table<const K: usize>(&mut self) -> Option<Table<K>> {
        let bits = u32::try_from(self.varint()?).ok().filter(|bits| BITS.contains(bits))?;
        if self.varint()? != K as u64 {
            return None;
        }
        let scale = f32::from_le_bytes(self.take(4)?.try_into().ok()?);
        let used = self.varint()? as usize;
        let mut table = Table::empty(bits, scale);
        let len = table.checks.len();
        if used > len {
            return None;
        }
        let mut places = Vec::with_capacity(used);
        let mut last = 0usize;
        for _ in 0..used {
            last = last.checked_add(self.varint()? as usize).filter(|&at| at < len)?;
            places.push(last as u32);
        }
        let (low, high) = (self.take(used)?, self.take(used)?);
        for (i, &at) in places.iter().enumerate() {
            table.checks[at as usize] = u16::from_le_bytes([low[i], high[i]]);
        }
        for class in 0..K {
            for &at in &places {
                let w = self.varint()?;
                table.weights[at as usize][class] = ((w >> 1) as i64 ^ -((w & 1) as i64)) as i16;
            }
        }
        Some(table)
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::super::{Scorer, Trainer, join, template};
    use super::*;

    fn trained() -> Table<3> {
        let mut trainer = Trainer::<3>::perceptron();
        for i in 0..300u64 {
            let features = [template(0), join(template(1), i % 40), join(template(2), i % 7)];
            let guess = trainer.scores(&features).best();
            trainer.update(&features, (i % 3) as usize, guess);
        }
        Table::build(&trainer.average(), 7, 1)
    }

    #[test]
    fn a_file_gives_back_what_was_written() {
        let table = trained();
        let mut writer = WeightsWriter::default();
        writer.table("actions", &table);
        writer.bytes("words", b"abc".to_vec());
        let file = writer.finish().expect("whole");
        let weights = Weights::open(&file).expect("whole");
        assert_eq!(weights.table::<3>("actions").expect("whole"), table);
        assert_eq!(weights.bytes("words").expect("whole"), b"abc");
        assert!(matches!(weights.table::<2>("actions"), Err(WeightsError::Missing(_))));
        assert!(table.len() > 20);
    }

    #[test]
    fn every_damaged_byte_is_noticed_or_harmless() {
        let mut writer = WeightsWriter::default();
        writer.table("actions", &trained());
        let file = writer.finish().expect("whole");
        for i in 0..file.len() {
            let mut broken = file.clone();
            broken[i] ^= 0x20;
            if let Ok(weights) = Weights::open(&broken) {
                assert_eq!(weights.plain, Weights::open(&file).expect("whole").plain, "byte {i}");
            }
        }
        assert!(Weights::open(&file[..file.len() / 2]).is_err());
    }
}
