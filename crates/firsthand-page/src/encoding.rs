/*!
Which characters the bytes of a page stand for, and which bytes each character
came from.

The order of evidence: a byte order mark; bytes that are valid UTF-8; the
charset a record's header or the page's `<meta>` names; what chardetng makes
of the letters. Valid UTF-8 stands above the names because text in another
encoding is almost never valid UTF-8, while wrong names are common.
*/

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes at the start in which a charset may be named, twice what browsers look at.
const NAMED_WITHIN: usize = 2048;

/// Bytes that the detector looks at.
const DETECT_WITHIN: usize = 1 << 18;

/// A page as characters.
#[derive(Debug)]
pub(crate) struct Decoded<'b> {
    /// The characters, without a byte order mark.
    pub(crate) text: Cow<'b, str>,
    /// How they were written.
    pub(crate) encoding: &'static Encoding,
    /// Where the bytes of the text came from.
    pub(crate) offsets: Offsets,
}

/// Decodes a page. `named` is the charset or content type of a record's header.
pub(crate) fn decode<'b>(bytes: &'b [u8], named: Option<&str>) -> Decoded<'b> {
    let (encoding, mark) = encoding_of(bytes, named);
    decode_as(bytes, encoding, mark)
}

fn decode_as<'b>(bytes: &'b [u8], encoding: &'static Encoding, mark: usize) -> Decoded<'b> {
    let body = &bytes[mark..];
    let (text, _) = encoding.decode_without_bom_handling(body);
    let offsets = match &text {
        Cow::Borrowed(_) => Offsets::Shifted(mark as u64),
        Cow::Owned(text) => Offsets::Pieces(pieces(body, mark, encoding, text)),
    };
    Decoded { text, encoding, offsets }
}

/// The encoding of a page, and the length of its byte order mark.
fn encoding_of(bytes: &[u8], named: Option<&str>) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(bytes) {
        return found;
    }
    if let Some(utf16) = looks_like_utf16(bytes) {
        return (utf16, 0);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (UTF_8, 0);
    }
    let head = &bytes[..bytes.len().min(NAMED_WITHIN)];
    let named = named.and_then(charset).or_else(|| meta_charset(head));
    if let Some(encoding) = named
        && encoding != UTF_16LE
        && encoding != UTF_16BE
    {
        // A page that calls itself UTF-8 and is not has some broken bytes;
        // one that is mostly broken has another encoding.
        if encoding != UTF_8 || mostly_utf8(bytes) {
            return (encoding, 0);
        }
    } else if mostly_utf8(bytes) {
        return (UTF_8, 0);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(DETECT_WITHIN)], true);
    (detector.guess(None, chardetng::Utf8Detection::Deny), 0)
}

/// Broken sequences are rare against good ones.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad * 20 <= good
}

/// Whether a decoded text is no text: a share of its characters no text has.
pub(crate) fn is_binary(text: &str) -> bool {
    let head = text.chars().take(4096);
    let (mut all, mut odd) = (0, 0);
    for c in head {
        all += 1;
        odd += u32::from(c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()));
    }
    odd * 10 > all
}

/// UTF-16 without a mark: every other byte of the start is zero.
fn looks_like_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(256) & !1];
    if head.len() < 16 {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 8 > head.len() * 3;
    match (zeros(0), zeros(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding that a label or a content type names.
fn charset(named: &str) -> Option<&'static Encoding> {
    let label = match named.to_ascii_lowercase().find("charset") {
        Some(at) => named[at + "charset".len()..].trim_start().strip_prefix('=')?,
        None => named,
    };
    let label = label.trim().trim_matches(['"', '\'']);
    let end = label.find([';', '"', '\'', ' ', ',', '>', '/']).unwrap_or(label.len());
    Encoding::for_label(label[..end].trim().as_bytes())
}

/// The charset that a page names in its own head: `<meta charset>`,
/// `<meta content="…; charset=…">`, `<?xml encoding="…"?>`, CSS `@charset`.
fn meta_charset(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = |word: &str| {
        head.match_indices(word).find_map(|(at, _)| {
            let value = head[at + word.len()..].trim_start().strip_prefix('=')?;
            charset(value.trim_start().trim_start_matches(['"', '\'']))
        })
    };
    after("charset").or_else(|| after("encoding"))
}

/// From bytes of the decoded text to bytes of the original.
#[derive(Debug)]
pub(crate) enum Offsets {
    /// The text is the original, less its first so many bytes.
    Shifted(u64),
    /// Decoded, piece by piece.
    Pieces(Vec<Piece>),
}

/// A stretch of decoded text and the bytes it was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// First byte of the decoded text.
    pub(crate) text: usize,
    /// One past the last byte of the decoded text.
    pub(crate) text_end: usize,
    /// First byte of the original.
    pub(crate) start: u64,
    /// One past the last byte of the original.
    pub(crate) end: u64,
    /// The two are the same bytes; otherwise the piece maps only as a whole.
    pub(crate) verbatim: bool,
}

impl Offsets {
    /// The pieces of the original behind a range of the decoded text, in
    /// order, verbatim ones cut to the range.
    pub(crate) fn pieces(&self, start: usize, end: usize) -> impl Iterator<Item = Piece> + '_ {
        let whole = match self {
            Offsets::Shifted(by) => Some(Piece {
                text: start,
                text_end: end,
                start: start as u64 + by,
                end: end as u64 + by,
                verbatim: true,
            }),
            Offsets::Pieces(_) => None,
        };
        let pieces = match self {
            Offsets::Shifted(_) => &[],
            Offsets::Pieces(pieces) => pieces.as_slice(),
        };
        let first = pieces.partition_point(|p| p.text_end <= start);
        let cut = pieces[first..].iter().take_while(move |p| p.text < end).map(move |p| {
            if !p.verbatim {
                return *p;
            }
            let (from, to) = (p.text.max(start), p.text_end.min(end));
            let shift = |at: usize| p.start + (at - p.text) as u64;
            Piece { text: from, text_end: to, start: shift(from), end: shift(to), verbatim: true }
        });
        whole.into_iter().chain(cut)
    }
}

/// Follows the decoder through the bytes. `text` is what it made of them.
fn pieces(body: &[u8], mark: usize, encoding: &'static Encoding, text: &str) -> Vec<Piece> {
    if encoding == UTF_8 {
        return utf8_pieces(body, mark);
    }
    let quick = encoding.is_ascii_compatible();
    let (pieces, same) = follow(body, mark, encoding, text, quick);
    // Skipping over ASCII is wrong in one case: a broken sequence after which
    // the decoder still holds bytes back.
    if same || !quick { pieces } else { follow(body, mark, encoding, text, false).0 }
}

fn utf8_pieces(body: &[u8], mark: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut read, mut written) = (mark as u64, 0);
    for chunk in body.utf8_chunks() {
        for (length, bytes, verbatim) in
            [(chunk.valid().len(), chunk.valid().len(), true), ("\u{FFFD}".len(), chunk.invalid().len(), false)]
        {
            if bytes > 0 {
                let end = read + bytes as u64;
                pieces.push(Piece { text: written, text_end: written + length, start: read, end, verbatim });
                (read, written) = (end, written + length);
            }
        }
    }
    pieces
}

/// Feeds the decoder byte by byte: what comes out belongs to the bytes that
/// went in since the last output. `quick` passes over ASCII at once.
fn follow(body: &[u8], mark: usize, encoding: &'static Encoding, text: &str, quick: bool) -> (Vec<Piece>, bool) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut first, mut at, mut written) = (0usize, 0usize, 0usize);
    let mut same = true;
    let mut out = [0u8; 64];
    let mut add = |first: usize, at: usize, written: usize, out: &[u8]| {
        let verbatim = body.get(first..at) == Some(out);
        same &= text.as_bytes().get(written..written + out.len()) == Some(out);
        let (start, end) = ((mark + first) as u64, (mark + at) as u64);
        match pieces.last_mut() {
            Some(last) if last.verbatim && verbatim && last.end == start => {
                last.text_end = written + out.len();
                last.end = end;
            }
            _ => pieces.push(Piece { text: written, text_end: written + out.len(), start, end, verbatim }),
        }
    };
    while at < body.len() {
        if quick && first == at {
            let ascii = Encoding::ascii_valid_up_to(&body[at..]);
            if ascii > 0 {
                add(at, at + ascii, written, &body[at..at + ascii]);
                (at, written) = (at + ascii, written + ascii);
                first = at;
                continue;
            }
        }
        let last = at + 1 == body.len();
        let (_, _, n, _) = decoder.decode_to_utf8(&body[at..=at], &mut out, last);
        at += 1;
        if n > 0 {
            add(first, at, written, &out[..n]);
            written += n;
            first = at;
        }
    }
    same &= written == text.len();
    (pieces, same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decodes a page whose encoding is known.
    fn decode_known<'b>(bytes: &'b [u8], label: &str) -> Option<Decoded<'b>> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let mark = Encoding::for_bom(bytes).filter(|(e, _)| *e == encoding).map_or(0, |(_, length)| length);
        Some(decode_as(bytes, encoding, mark))
    }

    fn told(bytes: &[u8], named: Option<&str>) -> (String, &'static str) {
        let decoded = decode(bytes, named);
        (decoded.text.into_owned(), decoded.encoding.name())
    }

    #[test]
    fn a_mark_then_utf8_then_names_then_letters() {
        assert_eq!(told(b"\xEF\xBB\xBFa", Some("windows-1251")), ("a".into(), "UTF-8"));
        assert_eq!(told("<meta charset=latin1>é".as_bytes(), None).1, "UTF-8");
        assert_eq!(told(b"<meta charset='windows-1251'>\xCF", None).0, "<meta charset='windows-1251'>П");
        assert_eq!(told(b"<?xml version='1.0' encoding='iso-8859-2'?><p>\xB1", None).1, "ISO-8859-2");
        assert_eq!(told(b"\x83e\x83X\x83g", Some("text/html; charset=\"Shift_JIS\"")).1, "Shift_JIS");
        let (french, _, _) =
            encoding_rs::WINDOWS_1252.encode("Le préfet a déclaré à la presse que l’été serait très sec.");
        assert_eq!(told(&french, None).1, "windows-1252");
        let utf16: Vec<u8> = "<p>plain</p> text".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(told(&utf16, None), ("<p>plain</p> text".into(), "UTF-16LE"));
    }

    #[test]
    fn one_broken_byte_does_not_change_the_encoding() {
        let mut bytes =
            "naïve café déjà vu über Ärger schön zoë crème brûlée élan fête où là çà né été île".as_bytes().to_vec();
        bytes.push(0xE9);
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.encoding.name(), "UTF-8");
        let last = decoded.offsets.pieces(decoded.text.len() - 3, decoded.text.len()).next().unwrap();
        assert_eq!((last.start, last.end, last.verbatim), (bytes.len() as u64 - 1, bytes.len() as u64, false));
    }

    const LABELS: &[&str] = &[
        "utf-8",
        "windows-1251",
        "shift_jis",
        "gb18030",
        "big5",
        "euc-jp",
        "euc-kr",
        "iso-2022-jp",
        "utf-16le",
        "x-user-defined",
    ];

    proptest! {
        /// Pieces tile the decoded text, ascend in the original, and a
        /// verbatim one is the same bytes.
        #[test]
        fn pieces_tile_the_text(bytes in prop::collection::vec(any::<u8>(), 0..200), label in prop::sample::select(LABELS)) {
            let decoded = decode_known(&bytes, label).unwrap();
            let (mut text, mut original) = (0, 0);
            for piece in decoded.offsets.pieces(0, decoded.text.len()) {
                prop_assert_eq!(piece.text, text);
                prop_assert!(piece.start >= original && piece.end > piece.start || piece.text == piece.text_end);
                (text, original) = (piece.text_end, piece.end);
                prop_assert!(original <= bytes.len() as u64);
                if piece.verbatim {
                    let same = &bytes[piece.start as usize..piece.end as usize];
                    prop_assert_eq!(same, &decoded.text.as_bytes()[piece.text..piece.text_end]);
                }
            }
            if !decoded.text.is_empty() {
                prop_assert_eq!(text, decoded.text.len());
            }
        }

        /// Text that the encoding can write is read back, character by character.
        #[test]
        fn characters_map_to_their_own_bytes(words in "[a-z дяж漢字カナ]{0,40}", label in prop::sample::select(LABELS)) {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, used, lossy) = encoding.encode(&words);
            prop_assume!(!lossy && used == encoding && encoding.name() != "ISO-2022-JP");
            let decoded = decode_known(&bytes, label).unwrap();
            prop_assert_eq!(&*decoded.text, &words);
            for (at, c) in words.char_indices() {
                let piece = decoded.offsets.pieces(at, at + c.len_utf8()).next().unwrap();
                let own = &bytes[piece.start as usize..piece.end as usize];
                let (back, _) = encoding.decode_without_bom_handling(own);
                prop_assert_eq!(back.chars().next(), Some(c));
            }
        }
    }
}
