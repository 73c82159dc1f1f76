/*!
The ledger: one SQLite file that keeps the original bytes, what each report
says, and what the reports say together.

* [`Ledger::open`] makes or opens the file (WAL, so it can be read while it is
  written), [`Ledger::put`] stores whole reports in one transaction each
  batch, [`Ledger::compare`] makes the comparison anew where anything changed.
* The views `reports`, `attributions`, `claims`, `measures`, `clusters`,
  `copies`, `contradictions` and `sources` are the same for the command line,
  the web pages, `sqlite3` and Datasette: [`Ledger::list`] reads them.
* [`Ledger::show`] gives one thing with its evidence and reasons,
  [`Ledger::search`] full text, [`Ledger::verify`] proves every stored span
  against the kept originals, [`export`] writes the JSON Lines export.
* [`Ledger::decide`] appends what an analyst decided; it is applied to each
  comparison anew.

The schema with its comments is in `schema.sql`.
*/

mod comparison;
mod decide;
mod error;
pub mod export;
mod gazetteer;
mod json;
mod list;
mod load;
mod naming;
mod put;
mod search;
mod show;
mod span_map;
mod timeline;
mod verify;
mod why;

use std::path::{Path, PathBuf};

pub use decide::{Deciding, DecisionRow};
pub use error::{Error, Result};
pub use gazetteer::Imported;
pub use list::{Filter, Listing, View};
pub use naming::{EntityNaming, NamedVariously};
pub use put::{Original, Stored, hash, report_id};
pub use search::Hit;
pub use show::{Evidence, Record};
pub use timeline::{ClusterTimeline, Wanted as TimelineWanted};
pub use verify::{Problem, Verification};
pub use why::Why;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

/// The version of the schema this program writes (`PRAGMA user_version`).
pub const SCHEMA_VERSION: i64 = 1;

/// Marks the file as a ledger (`PRAGMA application_id`): "frst".
const APPLICATION_ID: i64 = 0x6672_7374;

/// An open ledger. One writer at a time; readers are not blocked by it.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    path: PathBuf,
    /// Decisions in force, once they were asked for.
    decisions: std::cell::OnceCell<std::sync::Arc<[firsthand_model::Decision]>>,
}

impl Ledger {
    /// Opens the ledger for reading and writing; makes it where there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let db = Connection::open(path).map_err(|e| Error::open(path, e))?;
        let ledger = Ledger { db, path: path.to_owned(), decisions: Default::default() };
        ledger.prepare().map_err(|e| e.at(path))?;
        Ok(ledger)
    }

    /// Opens an existing ledger for reading only.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::Missing(path.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(|e| Error::open(path, e))?;
        db.busy_timeout(std::time::Duration::from_secs(20)).map_err(|e| Error::open(path, e))?;
        let ledger = Ledger { db, path: path.to_owned(), decisions: Default::default() };
        match ledger.check_version() {
            // A writer was killed while it made the file: only one who may
            // write can roll that back.
            Err(Error::Sqlite(e)) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ReadOnly) => {
                let writer = Connection::open(path).map_err(|e| Error::open(path, e))?;
                let _: i64 = writer
                    .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
                    .map_err(|e| Error::open(path, e))?;
                ledger.check_version().map_err(|e| e.at(path))?;
            }
            checked => checked.map_err(|e| e.at(path))?,
        }
        Ok(ledger)
    }

    /// Where the ledger lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many reports it holds.
    pub fn report_count(&self) -> Result<u64> {
        Ok(self.db.query_row("SELECT count(*) FROM report", [], |r| r.get(0))?)
    }

    fn prepare(&self) -> Result<()> {
        self.db.busy_timeout(std::time::Duration::from_secs(20))?;
        let empty: bool = self.db.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |r| r.get(0))?;
        if !empty {
            // Before anything is set: the journal mode is written into the
            // file, which may be another program's.
            self.check_version()?;
        }
        // WAL: readers go on while a writer works, and a killed writer leaves
        // whole transactions only. NORMAL loses at most the newest ones when
        // the power fails, never the file.
        self.db.pragma_update(None, "journal_mode", "WAL")?;
        self.db.pragma_update(None, "synchronous", "NORMAL")?;
        self.db.pragma_update(None, "foreign_keys", true)?;
        self.db.pragma_update(None, "cache_size", -32_000)?;
        if empty {
            let setup = format!(
                "BEGIN IMMEDIATE; {} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;",
                include_str!("schema.sql")
            );
            self.db.execute_batch(&setup)?;
        }
        self.check_version()
    }

    fn check_version(&self) -> Result<()> {
        let number = |name: &str| self.db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
        if number("application_id")? != APPLICATION_ID {
            return Err(Error::NotALedger);
        }
        match number("user_version")? {
            SCHEMA_VERSION => Ok(()),
            other => Err(Error::Version { found: other, known: SCHEMA_VERSION }),
        }
    }

    fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(self.db.query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0)).optional()?)
    }
}
