//! A listing as a page, as JSON and as CSV.

use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use firsthand_ledger::{Filter, Listing, View};
use serde::Deserialize;

use crate::State;
use crate::page::{Failure, page, plain};

/// Rows on one page.
const ROWS: u64 = 100;

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    down: Option<String>,
    #[serde(default)]
    offset: u64,
}

struct Cell {
    text: String,
    /// Id of what it names, or nothing.
    link: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    total: u64,
    query: String,
    sort: String,
    down: bool,
    /// The query of this page without its offset.
    keep: String,
    offset: u64,
    previous: u64,
    next: u64,
}

pub(crate) async fn list(
    Shared(state): Shared<State>,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let (name, twin) = name.rsplit_once('.').map_or((name.as_str(), None), |(n, twin)| (n, Some(twin)));
    let known = View::parse(name).filter(|_| matches!(twin, None | Some("json" | "csv")));
    let Some(view) = known else {
        return Err(Failure::NotFound("There is no such listing".to_owned()));
    };
    let ledger = state.open()?;
    let columns = ledger.columns(view)?;
    let down = wanted.down.is_some();
    let sort = columns.iter().find(|c| **c == wanted.sort).map(|c| (c.clone(), down));
    let filter = Filter {
        anywhere: Some(wanted.q.clone()).filter(|q| !q.trim().is_empty()),
        sort,
        limit: twin.is_none().then_some(ROWS),
        offset: if twin.is_none() { wanted.offset } else { 0 },
        ..Filter::default()
    };
    let listing = ledger.list(view, &filter)?;
    match twin {
        Some("json") => Ok(json(&listing)),
        Some(_) => Ok(csv(&listing)),
        None => page(&as_page(view, listing, wanted)),
    }
}

fn as_page(view: View, listing: Listing, wanted: Wanted) -> List {
    let down = wanted.down.is_some();
    let mut keep = form_urlencoded::Serializer::new(String::new());
    keep.append_pair("q", &wanted.q).append_pair("sort", &wanted.sort);
    if down {
        keep.append_pair("down", "1");
    }
    let rows =
        listing.rows.iter().map(|row| row.iter().zip(&listing.columns).map(|(v, c)| cell(v, c)).collect()).collect();
    List {
        name: view.name(),
        rows,
        columns: listing.columns,
        total: listing.total,
        keep: keep.finish(),
        query: wanted.q,
        sort: wanted.sort,
        down,
        offset: wanted.offset,
        previous: wanted.offset.saturating_sub(ROWS),
        next: wanted.offset + ROWS,
    }
}

fn cell(value: &serde_json::Value, column: &str) -> Cell {
    let text = plain(value);
    let names =
        matches!(column, "id" | "report" | "cluster" | "parent" | "child" | "claim_a" | "claim_b" | "entity" | "story");
    let class = if names {
        "id"
    } else if value.is_number() {
        "number"
    } else {
        ""
    };
    Cell { link: if names { text.clone() } else { String::new() }, text, class }
}

fn json(listing: &Listing) -> Response {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        (listing.rows.iter()).map(|row| listing.columns.iter().cloned().zip(row.iter().cloned()).collect()).collect();
    axum::Json(rows).into_response()
}

fn csv(listing: &Listing) -> Response {
    let mut out = Vec::new();
    // Writing into memory does not fail.
    let _ = firsthand_ledger::export::write_csv(&mut out, listing);
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], out).into_response()
}
