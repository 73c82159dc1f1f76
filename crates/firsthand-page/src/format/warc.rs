//! WARC records (ISO 28500), read by a small reader of our own: the framing is
//! a dozen lines of rules, and the crates for it either rest on outdated
//! parsers or read records of any length into memory.

use std::io::{BufRead, Read};

use super::{Walk, http, is_asset, reason};
use crate::Hints;
use crate::metadata::moment;

/// Bytes of a record's headers.
const MOST_HEADERS: usize = 1 << 16;

struct Record {
    headers: Vec<(String, String)>,
}

impl Record {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

pub(super) fn walk(walk: &mut Walk<'_, '_>, input: &mut dyn BufRead, hints: &Hints, depth: u8) {
    let mut number = 0u64;
    while !walk.stopped {
        let record = match next(input) {
            Ok(Some(record)) => record,
            Ok(None) => return,
            Err(e) => return walk.skip(&hints.key, e),
        };
        number += 1;
        let target = record.get("warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_owned());
        let key = format!("{}!{}", hints.key, target.clone().unwrap_or_else(|| format!("record {number}")));
        let Some(length) = record.get("content-length").and_then(|l| l.parse::<u64>().ok()) else {
            walk.skip(&key, "WARC record without a length");
            continue;
        };
        let wanted = matches!(record.get("warc-type"), Some("response" | "resource" | "conversion"));
        let mut body = Vec::new();
        let most = walk.limits().member as u64;
        let mut part = input.take(length);
        if wanted
            && length <= most
            && let Err(e) = part.read_to_end(&mut body)
        {
            return walk.skip(&key, reason(&e));
        }
        let left = part.limit();
        match std::io::copy(&mut part, &mut std::io::sink()) {
            Ok(n) if n < left || wanted && length <= most && (body.len() as u64) < length => {
                walk.skip(&key, "WARC record is cut short, or its length is wrong");
                return;
            }
            Ok(_) => {}
            Err(e) => return walk.skip(&key, reason(&e)),
        }
        let fits = match ends(input) {
            Ok(fits) => fits,
            Err(e) => return walk.skip(&key, reason(&e)),
        };
        if !fits {
            walk.skip(&key, "WARC record's length is wrong");
            continue;
        }
        match record.get("warc-type") {
            Some("revisit") => walk.skip(&key, "WARC revisit: the same bytes as at an earlier visit"),
            _ if !wanted => {}
            _ if length > most => walk.skip(&key, format!("larger than {} MiB", most >> 20)),
            _ => payload(walk, &record, body, key, target, hints, depth),
        }
    }
}

fn payload(
    walk: &mut Walk<'_, '_>,
    record: &Record,
    body: Vec<u8>,
    key: String,
    target: Option<String>,
    hints: &Hints,
    depth: u8,
) {
    let kind = record.get("content-type").unwrap_or_default().to_ascii_lowercase();
    let (body, content_type) = if kind.starts_with("application/http") {
        match http::response(&body, walk.limits().member) {
            // Redirects and errors are no reports.
            Ok(r) if r.status != 200 => return,
            Ok(r) => (r.body, r.content_type),
            Err(e) => return walk.skip(&key, e),
        }
    } else {
        (body, record.get("content-type").map(str::to_owned))
    };
    let media =
        content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let page = media.is_empty()
        || matches!(
            media.as_str(),
            "text/html" | "text/plain" | "text/markdown" | "application/pdf" | "multipart/related"
        )
        || media.ends_with("xml") && !media.contains("svg")
        || media.contains("feed");
    let web = target.as_deref().is_none_or(|t| t.starts_with("http"));
    if !page || !web || body.is_empty() || media.is_empty() && target.as_deref().is_some_and(is_asset) {
        return;
    }
    let member = Hints {
        key,
        content_type,
        url: target,
        captured: record.get("warc-date").and_then(moment),
        as_is: hints.as_is,
        ..Hints::default()
    };
    walk.stream(&mut body.as_slice(), member, depth + 1);
}

/// The headers of the next record; what is no record is read over.
fn next(input: &mut dyn BufRead) -> Result<Option<Record>, String> {
    let mut found = false;
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut read = 0;
    loop {
        let mut line = Vec::new();
        let n = input.take(MOST_HEADERS as u64).read_until(b'\n', &mut line).map_err(|e| reason(&e))?;
        if n == 0 {
            return if found { Err("WARC headers are cut short".to_owned()) } else { Ok(None) };
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if !found {
            found = text.starts_with("WARC/");
            continue;
        }
        read += n;
        if read > MOST_HEADERS {
            return Err("WARC headers without an end".to_owned());
        }
        if text.is_empty() {
            return Ok(Some(Record { headers }));
        }
        if text.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if let Some((name, value)) = text.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
}

/// Whether the next record, or the end, follows; only line breaks may stand between.
fn ends(input: &mut dyn BufRead) -> std::io::Result<bool> {
    loop {
        let buffer = input.fill_buf()?;
        match buffer.iter().position(|b| !matches!(b, b'\r' | b'\n')) {
            None if buffer.is_empty() => return Ok(true),
            None => {
                let n = buffer.len();
                input.consume(n);
            }
            Some(at) => {
                input.consume(at);
                let rest = input.fill_buf()?;
                let n = rest.len().min(5);
                return Ok(rest[..n] == b"WARC/"[..n]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::tests::{gzip, read};

    fn record(kind: &str, uri: &str, content_type: &str, body: &[u8], length: usize) -> Vec<u8> {
        let head = format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2031-02-03T04:05:06Z\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), body, b"\r\n\r\n"].concat()
    }

    fn response(uri: &str, head: &str, body: &str) -> Vec<u8> {
        let body = format!("HTTP/1.1 {head}\r\n\r\n{body}");
        record("response", uri, "application/http; msgtype=response", body.as_bytes(), body.len())
    }

    #[test]
    fn responses_and_resources_are_pages() {
        let parts = [
            record("warcinfo", "", "application/warc-fields", b"a: b", 4),
            response("https://vell.example/a", "200 OK\r\nContent-Type: text/html; charset=utf-8", "<p>One.</p>"),
            response("https://vell.example/b", "404 Not Found\r\nContent-Type: text/html", "<p>No.</p>"),
            response("https://vell.example/x.png", "200 OK\r\nContent-Type: image/png", "png"),
            record("resource", "https://vell.example/c", "text/plain", b"Two.", 4),
            record("revisit", "https://vell.example/a", "application/http", b"", 0),
        ];
        let whole = parts.concat();
        let packed: Vec<u8> = parts.iter().flat_map(|p| gzip(p)).collect();
        for bytes in [whole, packed] {
            let (pages, skips) = read(&bytes, "w", &Options::default());
            let keys: Vec<_> = pages.iter().map(|(k, t)| (k.as_str(), t.as_str())).collect();
            assert_eq!(keys, [("w!https://vell.example/a", "<p>One.</p>"), ("w!https://vell.example/c", "Two.")]);
            assert!(skips.len() == 1 && skips[0].1.contains("revisit"), "{skips:?}");
        }
    }

    #[test]
    fn a_lying_length_costs_only_its_record() {
        let short = record("resource", "https://vell.example/a", "text/plain", b"One, and more.", 4);
        let good = record("resource", "https://vell.example/b", "text/plain", b"Two.", 4);
        let (pages, skips) = read(&[short, good.clone()].concat(), "w", &Options::default());
        assert_eq!(pages, [("w!https://vell.example/b".to_owned(), "Two.".to_owned())]);
        assert!(skips.len() == 1 && skips[0].1.contains("length"), "{skips:?}");
        let long = record("resource", "https://vell.example/c", "text/plain", b"Three.", 99_999_999);
        let (pages, skips) = read(&[good, long].concat(), "w", &Options::default());
        assert_eq!(pages.len(), 1);
        assert!(skips.len() == 1 && skips[0].1.contains("length"), "{skips:?}");
    }
}
