/*!
The ledger as pages on this machine.
*/

use std::path::Path;

/// What can go wrong with the pages.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] firsthand_ledger::Error),
    /// The network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Serves a ledger until interrupted.
pub fn serve(ledger: &Path, _port: u16) -> Result<(), Error> {
    firsthand_ledger::Ledger::open_read_only(ledger)?;
    Err(std::io::Error::other("in the making").into())
}
