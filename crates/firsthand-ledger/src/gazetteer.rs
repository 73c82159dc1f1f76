//! The gazetteer that a user added: kept in the ledger, so that whoever gets
//! the file can read the same pages to the same places.

use std::io::Read;

use rusqlite::OptionalExtension;

use crate::{Error, Ledger, Result};

/// How hard the rows are compressed: they are written once.
const LEVEL: i32 = 9;
/// Most bytes that the rows may have when unpacked.
const MOST: u64 = 1 << 30;

/// A gazetteer that a user imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The file it came from, without its folder.
    pub name: String,
    /// How many places it has.
    pub places: u64,
    /// BLAKE3 of `rows`, in hexadecimal.
    pub blake3: String,
    /// A place a line, as `firsthand_measure::row_of_dump` gives them.
    pub rows: String,
}

impl Ledger {
    /// Keeps these places beside the built-in ones, in the stead of any
    /// imported before. Reports are read again with them at the next reading.
    pub fn import_gazetteer(&mut self, name: &str, rows: &str) -> Result<()> {
        let packed = zstd::encode_all(rows.as_bytes(), LEVEL).map_err(|e| Error::Damaged(e.to_string()))?;
        let blake3 = blake3::hash(rows.as_bytes()).to_hex();
        let tx = self.db.transaction()?;
        tx.execute_batch(
            "CREATE TABLE IF NOT EXISTS gazetteer (
                 name TEXT NOT NULL, places INTEGER NOT NULL, blake3 TEXT NOT NULL, rows BLOB NOT NULL
             ) STRICT;
             DELETE FROM gazetteer;",
        )?;
        tx.execute(
            "INSERT INTO gazetteer(name, places, blake3, rows) VALUES (?1, ?2, ?3, ?4)",
            (name, rows.lines().count() as i64, blake3.as_str(), packed),
        )?;
        tx.commit()?;
        Ok(())
    }

    /// The gazetteer that was imported, if any.
    pub fn gazetteer(&self) -> Result<Option<Imported>> {
        if !self.has_gazetteer()? {
            return Ok(None);
        }
        let mut statement = self.db.prepare("SELECT name, places, blake3, rows FROM gazetteer")?;
        let row = statement
            .query_row([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?, r.get(2)?, r.get::<_, Vec<u8>>(3)?)))
            .optional()?;
        let Some((name, places, blake3, packed)) = row else { return Ok(None) };
        let mut rows = Vec::new();
        let unpacked = zstd::Decoder::new(packed.as_slice()).and_then(|d| d.take(MOST).read_to_end(&mut rows));
        unpacked.map_err(|e| Error::Damaged(format!("gazetteer: {e}")))?;
        let rows = String::from_utf8_lossy(&rows).into_owned();
        Ok(Some(Imported { name, places: places.unsigned_abs(), blake3, rows }))
    }

    /// Takes the imported gazetteer out; whether there was one.
    pub fn remove_gazetteer(&mut self) -> Result<bool> {
        Ok(self.has_gazetteer()? && self.db.execute("DELETE FROM gazetteer", [])? > 0)
    }

    fn has_gazetteer(&self) -> Result<bool> {
        let mut statement =
            self.db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'gazetteer'")?;
        Ok(statement.exists([])?)
    }
}
