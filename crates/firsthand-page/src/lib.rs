/*!
From the bytes of a saved page to a report: formats, encodings, main text,
metadata, furniture, and the map from clean text back to the bytes.

[`read`] is a pure function of the bytes and the [`Hints`]. What happens in it:

1. The bytes are decoded; which bytes each character came from is kept.
2. By its content, the page is HTML or plain text.
3. HTML is read twice: into a light tree that keeps every byte position, and,
   slimmed down, by the crate `trafilatura`, which finds the main text but
   keeps no positions. Its answer only *chooses* among the lines of the first
   reading; the clean text is written from these, so that all of it maps back.
   In plain text every line stays, and lines of furniture are told apart.
4. The page's word about itself (title, byline, dates) is gathered.

[`verify()`] proves a report against its original.

```
use firsthand_page::{Hints, read, verify};

let page = b"FERRY RUNS AGAIN\n\nThe ferry between Lome and Ostreve ran again on Monday, the port said.\n";
let report = read(page, &Hints::default()).unwrap();
assert!(report.text.contains("The ferry between"));
verify(page, &report).unwrap();
```
*/

mod encoding;
pub mod format;
mod furniture;
mod html;
mod main_text;
mod metadata;
mod outlets;
mod plain;
mod verify;
mod write;

pub use verify::{Mismatch, verify};

use std::sync::Arc;

use firsthand_model::{Found, How, Moment, Outlets, Report};

/// Bytes of one page that are read at most.
pub const MAX_BYTES: usize = 64 << 20;

/// Bytes of clean text that one report may hold: some three novels. What is
/// longer is no report but an archive in one file, and would cost more time
/// and memory than all others together.
pub const MAX_TEXT: usize = 1 << 20;

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
    /// The fields above come from a record (a feed's entry), not from the user.
    pub record: bool,
    /// The bytes are the clean text itself, unchanged; nothing is furniture.
    pub as_is: bool,
    /// What the user knows of outlets.
    pub outlets: Option<Arc<Outlets>>,
}

/// Why a page could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// Nothing in it is text.
    #[error("no text found")]
    NoText,
    /// Its bytes are not text in any encoding.
    #[error("not a text: binary data")]
    Binary,
    /// It is larger than [`MAX_BYTES`].
    #[error("too large: {size} bytes, at most {MAX_BYTES} are read")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It has more elements than any page a person wrote.
    #[error("too many elements for a page")]
    TooManyElements,
    /// Its text is longer than [`MAX_TEXT`].
    #[error("too long for one report: a text of {size} bytes, at most {MAX_TEXT} are read")]
    TooLong {
        /// The size of its text in bytes.
        size: usize,
    },
}

/// Reads one page. A pure function of its arguments.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Report, PageError> {
    if bytes.len() > MAX_BYTES {
        return Err(PageError::TooLarge { size: bytes.len() });
    }
    let decoded = encoding::decode(bytes, hints.content_type.as_deref());
    if encoding::is_binary(&decoded.text) {
        return Err(PageError::Binary);
    }
    let (clean, found) = if !hints.as_is && html::looks_like_html(&decoded.text) {
        let dom = html::Dom::parse(&decoded.text);
        if dom.is_cut() {
            return Err(PageError::TooManyElements);
        }
        let found = metadata::html(&dom, hints);
        (main_text::clean(&dom, &decoded.offsets, found.title.as_ref().map(|t| t.value.as_str())), Some(found))
    } else {
        (plain::clean(&decoded, hints), None)
    };
    if clean.text.trim().is_empty() {
        return Err(PageError::NoText);
    }
    if clean.text.len() > MAX_TEXT {
        return Err(PageError::TooLong { size: clean.text.len() });
    }
    let found = metadata::text(&clean.text, &clean.blocks, found, hints);
    let mut report = Report {
        title: found.title,
        outlet: found.outlet,
        byline: found.byline,
        agency: found.agency,
        dateline: found.dateline,
        published: found.published,
        modified: found.modified,
        captured: found.captured,
        language: language(&clean.text).map(|code| Found::new(code.to_owned(), How::Inferred)),
        url: found.url,
        encoding: decoded.encoding.name().to_owned(),
        text: clean.text,
        blocks: clean.blocks,
        map: clean.map,
    };
    if let Some(known) = &hints.outlets {
        outlets::apply(&mut report, known);
    }
    Ok(report)
}

/// When a page says it was published, whether or not it holds a text.
pub fn published(bytes: &[u8], hints: &Hints) -> Option<Found<Moment>> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let decoded = encoding::decode(bytes, hints.content_type.as_deref());
    if html::looks_like_html(&decoded.text) {
        metadata::html(&html::Dom::parse(&decoded.text), hints).published
    } else {
        read(bytes, hints).ok()?.published
    }
}

/// The language of a text as an ISO 639-1 code, where its letters tell.
fn language(text: &str) -> Option<&'static str> {
    // Enough to tell by, and few enough to cost nothing.
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let info = whatlang::detect(&text[..end]).filter(whatlang::Info::is_reliable)?;
    iso_639_1(info.lang())
}

fn iso_639_1(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang::*;
    Some(match lang {
        Afr => "af",
        Aka => "ak",
        Amh => "am",
        Ara => "ar",
        Aze => "az",
        Bel => "be",
        Ben => "bn",
        Bul => "bg",
        Cat => "ca",
        Ces => "cs",
        Cmn => "zh",
        Dan => "da",
        Deu => "de",
        Ell => "el",
        Eng => "en",
        Epo => "eo",
        Est => "et",
        Fin => "fi",
        Fra => "fr",
        Guj => "gu",
        Heb => "he",
        Hin => "hi",
        Hrv => "hr",
        Hun => "hu",
        Hye => "hy",
        Ind => "id",
        Ita => "it",
        Jav => "jv",
        Jpn => "ja",
        Kan => "kn",
        Kat => "ka",
        Khm => "km",
        Kor => "ko",
        Lat => "la",
        Lav => "lv",
        Lit => "lt",
        Mal => "ml",
        Mar => "mr",
        Mkd => "mk",
        Mya => "my",
        Nep => "ne",
        Nld => "nl",
        Nob => "nb",
        Ori => "or",
        Pan => "pa",
        Pes => "fa",
        Pol => "pl",
        Por => "pt",
        Ron => "ro",
        Rus => "ru",
        Sin => "si",
        Slk => "sk",
        Slv => "sl",
        Sna => "sn",
        Spa => "es",
        Srp => "sr",
        Swe => "sv",
        Tam => "ta",
        Tel => "te",
        Tgl => "tl",
        Tha => "th",
        Tuk => "tk",
        Tur => "tr",
        Ukr => "uk",
        Urd => "ur",
        Uzb => "uz",
        Vie => "vi",
        Yid => "yi",
        Zul => "zu",
        Cym => "cy",
    })
}
