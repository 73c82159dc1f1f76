use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{Moment, SpanMap};

words! {
    /// How a piece of metadata was found, best evidence first.
    How {
        /// Said by the user: a mapped column or the command line.
        Given = "given",
        /// schema.org JSON-LD in the page.
        JsonLd = "json-ld",
        /// OpenGraph or article:* meta elements.
        OpenGraph = "opengraph",
        /// Other meta elements, Dublin Core, microdata.
        Meta = "meta",
        /// A `<time>` element.
        TimeElement = "time-element",
        /// Fields of a feed entry or headers of a record.
        Record = "record",
        /// The page's address.
        Url = "url",
        /// A heading or `<title>` element.
        Heading = "heading",
        /// Words a reader sees.
        VisibleText = "visible-text",
        /// The line that opens the text.
        Dateline = "dateline",
        /// The user's outlets.toml.
        Outlets = "outlets-file",
        /// Concluded from other things; the weakest.
        Inferred = "inferred",
    }
}

/// A value and how it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// What it rests on.
    pub how: How,
}

impl<T> Found<T> {
    /// A value found in this way.
    pub fn new(value: T, how: How) -> Self {
        Found { value, how }
    }
}

/// The place (and date) line that opens a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place as printed, such as "PORT ESSEL, Velmora".
    pub place: String,
    /// The whole line in the clean text, up to and with its dash.
    pub span: Span,
}

words! {
    /// What a block of the clean text is.
    BlockKind {
        /// The headline.
        Title = "title",
        /// A sub-heading.
        Heading = "heading",
        /// Running text.
        Body = "body",
        /// The caption of a picture or video.
        Caption = "caption",
        /// On the page but not the report: menus, share lines, related links.
        Furniture = "furniture",
        /// Byline, dates, credits: about the report.
        Meta = "meta",
    }
}

/// A paragraph-like part of the clean text. Blocks are in order of the text
/// and do not overlap; between them stand only line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of the clean text.
    pub span: Span,
}

/// One published text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Headline.
    pub title: Option<Found<String>>,
    /// Who published it.
    pub outlet: Option<Found<String>>,
    /// The persons named as authors, joined by ", ".
    pub byline: Option<Found<String>>,
    /// The wire service credited.
    pub agency: Option<Found<String>>,
    /// The place/date line that opens the text.
    pub dateline: Option<Found<Dateline>>,
    /// When it was published. Never a modification date.
    pub published: Option<Found<Moment>>,
    /// When it was last changed, by its own word.
    pub modified: Option<Found<Moment>>,
    /// When the page was saved.
    pub captured: Option<Found<Moment>>,
    /// ISO 639-1 code of the text's language.
    pub language: Option<Found<String>>,
    /// Canonical address.
    pub url: Option<Found<String>>,
    /// Character encoding of the original, as a WHATWG label.
    pub encoding: String,
    /// The clean text, UTF-8: blocks separated by line breaks.
    pub text: String,
    /// The parts of the text.
    pub blocks: Vec<Block>,
    /// From clean text to the bytes of the original.
    pub map: SpanMap,
}

impl Report {
    /// The block at a byte of the clean text.
    pub fn block_at(&self, at: u32) -> Option<&Block> {
        let i = self.blocks.partition_point(|b| b.span.end <= at);
        self.blocks.get(i).filter(|b| b.span.contains(at))
    }
}
