//! Answers: pages, and what is said where there is none.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Failure {
    NotFound(String),
    Ledger(firsthand_ledger::Error),
    Template(askama::Error),
}

impl From<firsthand_ledger::Error> for Failure {
    fn from(error: firsthand_ledger::Error) -> Self {
        Failure::Ledger(error)
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    message: String,
}

/// A template as a page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render().map_err(Failure::Template)?).into_response())
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Failure::NotFound(message) => (StatusCode::NOT_FOUND, message),
            Failure::Ledger(e) => (StatusCode::INTERNAL_SERVER_ERROR, format!("The ledger could not be read: {e}")),
            Failure::Template(e) => (StatusCode::INTERNAL_SERVER_ERROR, format!("The page could not be made: {e}")),
        };
        let page = Message { message: message.clone() }.render().map(Html);
        page.map_or_else(|_| (status, message).into_response(), |html| (status, html).into_response())
    }
}

/// A JSON cell as a person reads it.
pub(crate) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(n) if n.is_f64() => format!("{:.2}", n.as_f64().unwrap_or_default()),
        other => other.to_string(),
    }
}
