//! Whatever the bytes: no panic, and what comes out holds together.

use firsthand_page::{Hints, MAX_BYTES, MAX_TEXT, PageError, read, verify};
use proptest::prelude::*;

/// Reads and checks all that must hold of any report.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(report) = read(bytes, &Hints::default()) else { return Ok(()) };
    prop_assert_eq!(verify(bytes, &report), Ok(()));
    let mut at = 0;
    for block in &report.blocks {
        prop_assert!(block.span.start >= at && !block.span.is_empty());
        let words = block.span.get(&report.text);
        prop_assert!(words.is_some_and(|w| w.trim() == w && !w.is_empty()), "{:?}", words);
        at = block.span.end;
    }
    let (mut clean, mut runs) = (0, 0);
    for run in &report.map.runs {
        prop_assert!(run.clean.start >= clean && run.clean.get(&report.text).is_some());
        prop_assert!(run.start < run.end && run.end <= bytes.len() as u64);
        clean = run.clean.end;
        runs += 1;
    }
    prop_assert!(runs > 0);
    Ok(())
}

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Crane falls | The Quell Examiner</title></head>\
<body><nav><a href=/>Home</a> <a href=/n>News</a></nav><article><h1>Crane falls into Tolmere harbour</h1>\
<p class=byline>By Ansa Meriel</p><p>A crane fell into the harbour on Friday &amp; two dockers were hurt, the port\n authority&nbsp;said.</p>\
<figure><img src='data:image/png;base64,AAAA'><figcaption>The crane &#8212; in May.</figcaption></figure>\
<p>The wind was “strong”,<br>said the harbour master, <b>Oda</b> Finch.</p><ul><li>one<li>two</ul><table><tr><td>cell</table>\
<script>if (a < b) { document.write('<p>no</p>') }</script></article><footer>© 2021</footer></body></html>";

const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "&",
    "&#",
    "&amp",
    "\"",
    "'",
    "<p>",
    "</p>",
    "<div class=\"share\">",
    "</div>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<svg>",
    "<table>",
    "<tr>",
    "<td>",
    "<a href=x>",
    "</a>",
    "<pre>",
    "<br>",
    "\n",
    "\n\n",
    "é",
    "\u{200B}",
    "\u{AD}",
    "&nbsp;",
    "<h1>",
    "<textarea>",
    "<title>",
    "<template>",
    "<plaintext>",
    "\0",
    "\u{FEFF}",
    "word ",
    "Said the mayor. ",
    "By A. B.",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes)?;
    }

    #[test]
    fn any_text(text in "\\PC{0,300}") {
        check(text.as_bytes())?;
    }

    /// A page with pieces put in and cut out, in several encodings.
    #[test]
    fn mutated_pages(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(PIECES), 0usize..40), 0..12),
        encoding in prop::sample::select(&["utf-8", "windows-1251", "shift_jis", "utf-16le"][..]),
    ) {
        let mut page: Vec<char> = PAGE.chars().collect();
        for (at, piece, cut) in changes {
            let at = at.index(page.len() + 1);
            let end = (at + cut).min(page.len());
            page.splice(at..end, piece.chars());
        }
        let page: String = page.into_iter().collect();
        let bytes: Vec<u8> = match encoding {
            "utf-16le" => std::iter::once(0xFEFF).chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            label => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&page).0.into_owned(),
        };
        check(&bytes)?;
    }

    /// Lines of scraped text in any order stay, each in one block.
    #[test]
    fn no_line_of_plain_text_is_lost(
        lines in prop::collection::vec(prop::sample::select(&[
            "Home | News | Sport", "Crane falls in Tolmere", "12 March 2021, 14:05", "By Ansa Meriel", "", "Read more", "Comments (3)",
            "A crane fell into the harbour on Friday, the port authority said.", "Nobody was hurt, it added.", "Related stories",
            "- a new crane", "Tags: cranes", "© 2021 Examiner", "the wind was strong and",
        ][..]), 0..30),
    ) {
        let text = lines.join("\n");
        check(text.as_bytes())?;
        if let Ok(report) = read(text.as_bytes(), &Hints::default()) {
            prop_assert_eq!(&report.text, &text);
            let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count();
            let in_blocks: usize = report.blocks.iter().map(|b| letters(b.span.of(&report.text))).sum();
            prop_assert_eq!(in_blocks, letters(&text));
        }
    }
}

#[test]
fn nothing_and_binary_data_are_refused() {
    assert_eq!(read(b"", &Hints::default()).unwrap_err(), PageError::NoText);
    assert_eq!(read(b" \n\t ", &Hints::default()).unwrap_err(), PageError::NoText);
    assert_eq!(read(b"<html><body></body></html>", &Hints::default()).unwrap_err(), PageError::NoText);
    let png: Vec<u8> =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".iter().copied().chain((0..4000u32).map(|i| (i * 7919 % 256) as u8)).collect();
    assert!(read(&png, &Hints::default()).is_err());
    let big = vec![b'a'; MAX_BYTES + 1];
    assert_eq!(read(&big, &Hints::default()).unwrap_err(), PageError::TooLarge { size: MAX_BYTES + 1 });
}

/// On a thread with a small stack: nothing may recurse with the depth.
#[test]
fn deep_nesting_is_bounded() {
    let page = |open: &str, close: &str, n: usize| {
        let said = "<p>The crane fell into the harbour on Friday, the port authority said in Tolmere.</p>";
        format!("<html><body>{}{said}{said}{}</body></html>", open.repeat(n), close.repeat(n))
    };
    let pages = [
        page("<div>", "</div>", 100_000),
        page("<b>", "", 100_000),
        page("<table><tr><td>", "", 30_000),
        page("<a href=x><i>", "", 50_000),
        page("<ul><li>", "</ul>", 50_000),
        page("<svg><g>", "", 50_000),
        page("<font><p>", "", 30_000),
    ];
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for page in pages {
            let report = read(page.as_bytes(), &Hints::default()).unwrap();
            assert!(report.text.contains("The crane fell"), "{}", &page[..60]);
            assert_eq!(verify(page.as_bytes(), &report), Ok(()));
        }
    });
    worker.unwrap().join().unwrap();
}

/// Saved "complete" pages hold pictures as text; they cost no time and stay out of the way.
#[test]
fn a_page_with_megabytes_of_pictures() {
    let picture = "A".repeat(3 << 20);
    let body = "<p>The crane fell into the harbour on Friday, the port authority said in Tolmere.</p>".repeat(3);
    let page = format!(
        "<html><head><style>@font-face{{src:url(data:font/woff;base64,{picture})}}</style></head><body><article>\
         <h1>Crane falls</h1><img src=\"data:image/jpeg;base64,{picture}\"><div style='background:url(data:,{picture})'>{body}</div>\
         </article></body></html>"
    );
    let report = read(page.as_bytes(), &Hints::default()).unwrap();
    assert!(report.text.contains("The crane fell") && report.text.len() < 1000);
    assert_eq!(verify(page.as_bytes(), &report), Ok(()));
}

#[test]
fn one_line_as_long_as_a_report_may_be() {
    const SENTENCE: &str = "The crane fell, the port authority said. ";
    let line = SENTENCE.repeat(MAX_TEXT / SENTENCE.len());
    let report = read(line.as_bytes(), &Hints::default()).unwrap();
    assert_eq!(report.text, line);
    let page = |line: &str| format!("<html><body><p>{line}</p></body></html>");
    let (fits, longer) = (page(&line), page(&line.repeat(8)));
    let report = read(fits.as_bytes(), &Hints::default()).unwrap();
    assert_eq!(verify(fits.as_bytes(), &report), Ok(()));
    for bytes in [line.repeat(8).as_bytes(), longer.as_bytes()] {
        assert!(matches!(read(bytes, &Hints::default()), Err(PageError::TooLong { size }) if size > MAX_TEXT));
    }
}
