//! Full-text search.

use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use crate::State;
use crate::page::{Failure, page};

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
}

struct Found {
    report: String,
    title: String,
    about: String,
    /// Words, and whether they are a hit.
    pieces: Vec<(bool, String)>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    query: String,
    hits: Vec<Found>,
}

pub(crate) async fn search(Shared(state): Shared<State>, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let hits = state.open()?.search(&wanted.q, 50)?;
    let hits = hits
        .into_iter()
        .map(|hit| Found {
            about: [hit.outlet, hit.published, Some(hit.key.clone())]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            title: hit.title.unwrap_or(hit.key),
            pieces: pieces(&hit.snippet),
            report: hit.report,
        })
        .collect();
    page(&SearchPage { query: wanted.q, hits })
}

/// A snippet cut at the brackets around its hits.
fn pieces(snippet: &str) -> Vec<(bool, String)> {
    snippet.split('[').enumerate().fold(Vec::new(), |mut out, (n, part)| {
        match part.split_once(']').filter(|_| n > 0) {
            Some((hit, rest)) => out.extend([(true, hit.to_owned()), (false, rest.to_owned())]),
            None => out.push((false, part.to_owned())),
        }
        out
    })
}
