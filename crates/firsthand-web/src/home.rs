//! The first page: how much there is, and the answers most reports speak to.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;
use firsthand_ledger::{Filter, Ledger, View};

use crate::State;
use crate::page::{Failure, page, plain};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    ledger: String,
    counts: Vec<(&'static str, u64)>,
    headlines: Vec<(String, String)>,
    contradictions: Vec<(String, String)>,
    skipped: Vec<(String, String)>,
}

pub(crate) async fn home(Shared(state): Shared<State>) -> Result<Response, Failure> {
    let ledger = state.open()?;
    let count =
        |view: View| Ok((view.name(), ledger.list(view, &Filter { limit: Some(0), ..Filter::default() })?.total));
    let counts: Result<Vec<_>, firsthand_ledger::Error> = View::ALL.into_iter().map(count).collect();
    let verdict = ("verdict".to_owned(), "contradiction".to_owned());
    page(&Home {
        ledger: state.ledger.display().to_string(),
        counts: counts?,
        headlines: pairs(&ledger, View::Clusters, "headline", Filter { limit: Some(12), ..Filter::default() })?,
        contradictions: pairs(
            &ledger,
            View::Contradictions,
            "why",
            Filter { equals: vec![verdict], limit: Some(12), ..Filter::default() },
        )?,
        skipped: ledger.skipped()?,
    })
}

/// Ids of a view's rows, with one of their columns.
fn pairs(ledger: &Ledger, view: View, column: &str, filter: Filter) -> Result<Vec<(String, String)>, Failure> {
    let listing = ledger.list(view, &filter)?;
    let at = |name: &str| listing.columns.iter().position(|c| c == name).unwrap_or(0);
    let (id, other) = (at("id"), at(column));
    Ok(listing.rows.iter().map(|row| (plain(&row[id]), plain(&row[other]))).collect())
}
