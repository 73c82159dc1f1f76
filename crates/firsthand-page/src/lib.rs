/*!
From the bytes of a saved page to a report: formats, encodings, main text,
metadata, furniture, and the map from clean text back to the bytes.
*/

use firsthand_model::{Moment, Report};

/// What is known of a page besides its bytes.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Where it was found: a path relative to what was read, with members of
    /// archives as `archive!member`. Only its ending is ever used.
    pub key: String,
    /// Content type and charset from a record's headers.
    pub content_type: Option<String>,
    /// Address from a record's headers or a mapped column.
    pub url: Option<String>,
    /// When it was captured.
    pub captured: Option<Moment>,
    /// Mapped columns, which outrank what the page says.
    pub title: Option<String>,
    /// Publication date as written in the column.
    pub date: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Byline.
    pub byline: Option<String>,
    /// Agency credited.
    pub agency: Option<String>,
    /// Dateline.
    pub dateline: Option<String>,
    /// The bytes are the clean text itself, unchanged; nothing is furniture.
    pub as_is: bool,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// Nothing in it is text.
    #[error("no text found")]
    NoText,
}

/// Reads one page. A pure function of its arguments.
pub fn read(_bytes: &[u8], _hints: &Hints) -> Result<Report, PageError> {
    Err(PageError::NoText)
}
