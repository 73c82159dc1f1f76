/*!
The ledger as pages on this machine: server-rendered, readable without
JavaScript, every listing with its JSON and CSV twin.

The pages were written by strangers, so nothing of them is shown but escaped
text; every answer forbids scripts, frames and loads from elsewhere. The
server listens on the loopback address only and answers only to its own name,
so that a page in the same browser cannot reach it by another one (DNS
rebinding). It reads the ledger and never writes it.
*/

mod guard;
mod home;
mod listing;
mod page;
mod record;
mod search;
mod tables;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header;
use axum::middleware;
use axum::routing::get;
use firsthand_ledger::{Ledger, View};

/// Names of the listings, for the menu.
pub(crate) const VIEWS: [&str; 8] = {
    let mut names = [""; 8];
    let mut i = 0;
    while i < names.len() {
        names[i] = View::ALL[i].name();
        i += 1;
    }
    names
};

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

/// What every answer needs.
#[derive(Clone, Debug)]
pub(crate) struct State {
    ledger: PathBuf,
}

impl State {
    /// A reader of its own for each answer: opening costs less than a
    /// millisecond and readers never wait for each other.
    pub(crate) fn open(&self) -> Result<Ledger, firsthand_ledger::Error> {
        Ledger::open_read_only(&self.ledger)
    }
}

/// Serves a ledger on this machine until interrupted. `ready` is told the
/// address once the server listens (port 0 takes any free one).
pub fn serve(ledger: &Path, port: u16, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    Ledger::open_read_only(ledger)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        ready(address);
        let app = router(ledger, address.port());
        axum::serve(listener, app).with_graceful_shutdown(interrupted()).await?;
        Ok(())
    })
}

async fn interrupted() {
    // Without a handler for the signal the server runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The pages of a ledger, for a server on this port.
fn router(ledger: &Path, port: u16) -> Router {
    let style = || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../assets/style.css")) };
    Router::new()
        .route("/", get(home::home))
        .route("/style.css", get(style))
        .route("/search", get(search::search))
        .route("/show/{id}", get(record::show))
        .route("/{view}", get(listing::list))
        .fallback(|| async { page::Failure::NotFound("There is no such page".to_owned()) })
        .layer(middleware::from_fn(move |request, next| guard::guard(port, request, next)))
        .with_state(State { ledger: ledger.to_owned() })
}
