use std::path::{Path, PathBuf};

/// What can go wrong with a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("no ledger at {0} (make one with `firsthand read PATH`)")]
    Missing(PathBuf),
    /// It is a file of another kind.
    #[error("not a firsthand ledger")]
    NotALedger,
    /// Another version of the schema.
    #[error("the ledger has schema version {found}, this program knows {known}")]
    Version {
        /// In the file.
        found: i64,
        /// Of this program.
        known: i64,
    },
    /// A row does not read as what it should be.
    #[error("damaged row: {0}")]
    Damaged(String),
    /// SQLite's own word.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A JSON column or export.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A file of an export.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why. It stands in the message, so it is no `source` as well.
        cause: std::io::Error,
    },
    /// Any of these, with the ledger it happened to.
    #[error("{path}: {cause}")]
    At {
        /// The ledger.
        path: PathBuf,
        /// What happened. It stands in the message, so it is no `source` as well.
        cause: Box<Error>,
    },
}

/// A result of the ledger.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn at(self, path: &Path) -> Error {
        Error::At { path: path.to_owned(), cause: Box::new(self) }
    }

    pub(crate) fn open(path: &Path, source: rusqlite::Error) -> Error {
        Error::Sqlite(source).at(path)
    }

    pub(crate) fn file(path: &Path, cause: std::io::Error) -> Error {
        Error::File { path: path.to_owned(), cause }
    }
}
