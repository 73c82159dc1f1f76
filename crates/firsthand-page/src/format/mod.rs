/*!
Containers: from a file to the pages in it.

[`members`] tells by content what a file is and hands out its pages one by
one: gzip and zstd of anything, zip, WARC and WACZ, MHTML, RSS, Atom and JSON
feeds, JSON Lines and CSV, PDF; anything else is one page. Containers may hold
containers, to a small depth.

Everything streams but what cannot (a feed, an MHTML page, a PDF, a zip
within another container), and those are held only up to a limit. Nothing a
file says about its own sizes is believed: outputs are counted. What is passed
over says why, as a [`Skipped`]; one bad member never stops the others.
Style sheets, scripts and pictures are no pages and are passed over silently.

```
use firsthand_page::format::{Options, members};

let zipped = b"{\"id\": \"a1\", \"title\": \"Pier falls\", \"text\": \"The pier fell.\"}\n";
let mut seen = Vec::new();
members(std::io::Cursor::new(zipped), "news.jsonl", &Options::default(), &mut |member| {
    let member = member.unwrap();
    seen.push((member.hints.key.clone(), member.hints.title.clone()));
    true
});
assert_eq!(seen, [("a1".to_owned(), Some("Pier falls".to_owned()))]);
```
*/

mod feed;
mod http;
mod limit;
mod mhtml;
mod pdf;
mod table;
mod warc;
mod zip;

use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};

use crate::Hints;
use limit::Counted;

/// A page of a file.
#[derive(Clone, Debug)]
pub struct Member {
    /// The page's own bytes, as they stood in the container.
    pub bytes: Vec<u8>,
    /// Its key and what the container says of it.
    pub hints: Hints,
}

/// Something that was passed over, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The key it would have had.
    pub key: String,
    /// In plain words.
    pub reason: String,
}

/// Takes members as they are found; `false` stops the reading.
pub type Sink<'a> = dyn FnMut(Result<Member, Skipped>) -> bool + 'a;

/// What bounds the work on one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one page or record.
    pub member: usize,
    /// Bytes of a container inside another that cannot be streamed.
    pub container: usize,
    /// Bytes handed out for one file in all.
    pub total: u64,
    /// How many times its own size a compressed stream may unpack to.
    pub ratio: u64,
    /// Containers within containers.
    pub depth: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { member: crate::MAX_BYTES, container: 256 << 20, total: 1 << 40, ratio: 300, depth: 4 }
    }
}

/// Names of the columns of a table, where the user gives them. Those left out
/// are looked for under their usual names.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The report's text.
    pub text: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Publication date.
    pub date: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Byline.
    pub byline: Option<String>,
    /// Agency credited.
    pub agency: Option<String>,
    /// Dateline.
    pub dateline: Option<String>,
    /// The record's id, which becomes the report's key.
    pub id: Option<String>,
}

/// A table format that the user names, or that an ending tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// One JSON object per line.
    JsonLines,
    /// Comma-separated values with a header row.
    Csv,
    /// Tab-separated values with a header row.
    Tsv,
}

/// How files are to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bounds of the work.
    pub limits: Limits,
    /// Columns of tables.
    pub columns: Columns,
    /// The file is such a table, whatever it looks like.
    pub table: Option<Table>,
    /// The bytes of a page are its clean text (see [`Hints::as_is`]).
    pub as_is: bool,
}

/// Hands out the pages of a file. `key` is what the file is called; members
/// of containers are called `key!member`, records of tables by their id.
pub fn members(mut input: impl Read + Seek, key: &str, options: &Options, sink: &mut Sink<'_>) {
    let mut walk = Walk { options, sink, total: 0, stopped: false };
    let mut head = [0u8; 4];
    let read = read_up_to(&mut input, &mut head).and_then(|n| input.seek(SeekFrom::Start(0)).map(|_| n));
    let hints = Hints { key: key.to_owned(), as_is: options.as_is, ..Hints::default() };
    match read {
        Err(e) => walk.skip(key, format!("cannot be read: {e}")),
        Ok(n) if is_zip(&head[..n]) => zip::walk(&mut walk, input, &hints, 0),
        Ok(_) => walk.stream(&mut BufReader::with_capacity(1 << 16, input), hints, 0),
    }
}

/// The walk through one file.
struct Walk<'a, 'b> {
    options: &'a Options,
    sink: &'a mut Sink<'b>,
    /// Bytes handed out.
    total: u64,
    /// The sink or a limit has ended it.
    stopped: bool,
}

/// Bytes looked at to tell what a stream is.
const HEAD: usize = 4096;

/// What a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gzip,
    Zstd,
    Zip,
    Warc,
    Pdf,
    Mhtml,
    Feed,
    Table(Table),
    Page,
}

impl Walk<'_, '_> {
    fn limits(&self) -> Limits {
        self.options.limits
    }

    fn skip(&mut self, key: &str, reason: impl Into<String>) {
        if !self.stopped {
            self.stopped = !(self.sink)(Err(Skipped { key: key.to_owned(), reason: reason.into() }));
        }
    }

    fn page(&mut self, bytes: Vec<u8>, hints: Hints) {
        if self.stopped {
            return;
        }
        self.total += bytes.len() as u64;
        if self.total > self.limits().total {
            self.skip(&hints.key, format!("more than {} bytes in one file: the rest is left out", self.limits().total));
            self.stopped = true;
            return;
        }
        self.stopped = !(self.sink)(Ok(Member { bytes, hints }));
    }

    /// Reads a stream of any kind. `hints.key` names it.
    fn stream(&mut self, input: &mut dyn BufRead, hints: Hints, depth: u8) {
        if self.stopped {
            return;
        }
        if depth > self.limits().depth {
            return self.skip(&hints.key, format!("containers nested more than {} deep", self.limits().depth));
        }
        let mut head = vec![0u8; HEAD];
        match read_up_to(input, &mut head) {
            Ok(n) => head.truncate(n),
            Err(e) => return self.skip(&hints.key, reason(&e)),
        }
        let kind = self.kind(&head, &hints.key, depth);
        let mut input = Cursor::new(head).chain(input);
        match kind {
            Kind::Gzip => {
                let counted = Counted::new(&mut input);
                let limits = self.limits();
                let packed = counted.count();
                let unpacked = flate2::bufread::MultiGzDecoder::new(BufReader::new(counted));
                let mut unpacked = BufReader::with_capacity(1 << 16, limit::Ratio::new(unpacked, packed, limits.ratio));
                self.stream(&mut unpacked, hints, depth + 1);
            }
            Kind::Zstd => {
                let counted = Counted::new(&mut input);
                let packed = counted.count();
                match zstd::stream::read::Decoder::new(counted) {
                    Ok(mut unpacked) => {
                        // 128 MiB, so that a frame cannot ask for more memory.
                        if let Err(e) = unpacked.window_log_max(27) {
                            return self.skip(&hints.key, format!("zstd: {e}"));
                        }
                        let ratio = limit::Ratio::new(unpacked, packed, self.limits().ratio);
                        self.stream(&mut BufReader::with_capacity(1 << 16, ratio), hints, depth + 1);
                    }
                    Err(e) => self.skip(&hints.key, format!("zstd: {e}")),
                }
            }
            Kind::Zip => {
                if let Some(bytes) = self.whole(&mut input, &hints.key, self.limits().container) {
                    zip::walk(self, Cursor::new(bytes), &hints, depth);
                }
            }
            Kind::Warc => warc::walk(self, &mut input, &hints, depth),
            Kind::Table(table) => table::walk(self, &mut input, table, &hints),
            Kind::Pdf | Kind::Mhtml | Kind::Feed | Kind::Page => {
                let Some(bytes) = self.whole(&mut input, &hints.key, self.limits().member) else { return };
                match kind {
                    Kind::Pdf => pdf::walk(self, &bytes, hints),
                    Kind::Mhtml => mhtml::walk(self, &bytes, hints),
                    Kind::Feed => feed::walk(self, bytes, hints),
                    _ => self.page(bytes, hints),
                }
            }
        }
    }

    /// A stream held whole, if it is not too long.
    fn whole(&mut self, input: &mut dyn Read, key: &str, most: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match input.take(most as u64 + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() > most => self.skip(key, format!("larger than {} MiB", most >> 20)),
            Ok(_) => return Some(bytes),
            Err(e) => self.skip(key, reason(&e)),
        }
        None
    }

    fn kind(&self, head: &[u8], key: &str, depth: u8) -> Kind {
        match head {
            [0x1f, 0x8b, ..] => return Kind::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Kind::Zstd,
            _ if is_zip(head) => return Kind::Zip,
            _ if head.starts_with(b"WARC/") => return Kind::Warc,
            _ => {}
        }
        // A format that the user names holds for the file, not for pages deep inside another.
        if let Some(table) = self.options.table
            && (depth == 0 || !key.contains('!'))
        {
            return Kind::Table(table);
        }
        if self.options.as_is {
            return table::told(head, key).map_or(Kind::Page, Kind::Table);
        }
        if memchr::memmem::find(head.get(..1024).unwrap_or(head), b"%PDF-").is_some_and(|at| at < 16) {
            Kind::Pdf
        } else if mhtml::is_mhtml(head) {
            Kind::Mhtml
        } else if feed::is_feed(head) {
            Kind::Feed
        } else {
            table::told(head, key).map_or(Kind::Page, Kind::Table)
        }
    }
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Reads until the buffer is full or the stream ends.
fn read_up_to(input: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut n = 0;
    while n < buffer.len() {
        match input.read(&mut buffer[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            // What came before the fault may still tell what it is; the fault comes again.
            Err(_) if n > 0 => break,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        // Our own limits say what they are.
        std::io::ErrorKind::Other => error.to_string(),
        _ => format!("damaged or cut short: {error}"),
    }
}

/// Whether a member of an archive is no page by its ending: what a page is
/// drawn with.
fn is_asset(name: &str) -> bool {
    let name = name.split(['?', '#']).next().unwrap_or(name);
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    matches!(
        ending.to_ascii_lowercase().as_str(),
        "js" | "mjs"
            | "css"
            | "map"
            | "png"
            | "jpg"
            | "jpeg"
            | "gif"
            | "webp"
            | "svg"
            | "ico"
            | "bmp"
            | "avif"
            | "woff"
            | "woff2"
            | "ttf"
            | "otf"
            | "eot"
            | "mp3"
            | "mp4"
            | "m4a"
            | "webm"
            | "ogg"
            | "wav"
            | "avi"
            | "mov"
            | "swf"
            | "cdx"
            | "cdxj"
            | "idx"
            | "exe"
            | "dll"
            | "db"
            | "sqlite"
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::Write;

    /// What comes out of some bytes: keys with texts, and skips with reasons.
    pub(crate) fn read(bytes: &[u8], key: &str, options: &Options) -> (Vec<(String, String)>, Vec<(String, String)>) {
        let (mut pages, mut skips) = (Vec::new(), Vec::new());
        members(Cursor::new(bytes), key, options, &mut |member| {
            match member {
                Ok(m) => pages.push((m.hints.key, String::from_utf8_lossy(&m.bytes).into_owned())),
                Err(s) => skips.push((s.key, s.reason)),
            }
            true
        });
        (pages, skips)
    }

    pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn a_page_is_itself_and_packing_changes_nothing() {
        let page = b"<p>The pier fell.</p>";
        let zst = zstd::stream::encode_all(&page[..], 1).unwrap();
        let two = [gzip(b"<p>The pier "), gzip(b"fell.</p>")].concat();
        for bytes in [page.to_vec(), gzip(page), zst, gzip(&gzip(page)), two] {
            let (pages, skips) = read(&bytes, "a.html", &Options::default());
            assert_eq!(pages, [("a.html".to_owned(), "<p>The pier fell.</p>".to_owned())]);
            assert!(skips.is_empty());
        }
    }

    #[test]
    fn bombs_and_ruins_say_why_they_are_passed_over() {
        let zeros = gzip(&vec![0u8; 80 << 20]);
        let mut cut = gzip(&b"The pier fell. ".repeat(1000));
        cut.truncate(40);
        let mut deep = b"x".to_vec();
        for _ in 0..8 {
            deep = gzip(&deep);
        }
        for (bytes, word) in [(zeros, "times"), (cut, "cut short"), (deep, "nested")] {
            // Zeros packed fast come to about 1:230.
            let limits = Limits { ratio: 100, ..Limits::default() };
            let (pages, skips) = read(&bytes, "a", &Options { limits, ..Options::default() });
            assert!(pages.is_empty());
            assert!(skips.len() == 1 && skips[0].1.contains(word), "{skips:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), start in 0usize..12) {
            let starts: [&[u8]; 12] = [
                b"", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06", b"WARC/1.0\r\n", b"%PDF-1.4\n",
                b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n", b"<rss version=\"2.0\"><channel>",
                b"{\"text\":\"", b"text,title\n", b"<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">",
            ];
            let _ = read(&[starts[start], &bytes].concat(), "f", &Options::default());
        }
    }
}
