//! MHTML: a page saved with its parts as one mail-like file. The first HTML
//! part is the page; where and when it was saved stands in the headers.
//!
//! A small reader of our own: the mail crates nest parts by recursion, which
//! a made-up file can drive as deep as it likes.

use super::Walk;
use crate::Hints;
use crate::metadata::moment;

type Headers = Vec<(String, String)>;

pub(super) fn is_mhtml(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let first = text.lines().next().unwrap_or_default();
    first
        .split_once(':')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && text.contains("mime-version:")
        && text.contains("multipart/related")
}

pub(super) fn walk(walk: &mut Walk<'_, '_>, bytes: &[u8], hints: Hints) {
    let (headers, body) = split(bytes);
    let Some(boundary) = get(&headers, "content-type").and_then(|t| parameter(t, "boundary")) else {
        return walk.skip(&hints.key, "MHTML without a boundary");
    };
    let mark = format!("--{boundary}");
    let starts: Vec<usize> = memchr::memmem::find_iter(body, mark.as_bytes()).take(100_000).collect();
    let url =
        ["snapshot-content-location", "content-location"].iter().find_map(|n| get(&headers, n)).map(str::to_owned);
    for (i, &start) in starts.iter().enumerate() {
        let from = start + mark.len();
        let to = starts.get(i + 1).copied().unwrap_or(body.len());
        let part = body.get(from..to).unwrap_or_default();
        let part = part.strip_prefix(b"\r\n").or_else(|| part.strip_prefix(b"\n")).unwrap_or(part);
        let (own, content) = split(part);
        let kind = get(&own, "content-type").unwrap_or_default();
        if !kind.to_ascii_lowercase().contains("html") {
            continue;
        }
        let page = match get(&own, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted_printable(content),
            "base64" => base64(content),
            _ => content.to_vec(),
        };
        let location = get(&own, "content-location").map(str::to_owned);
        let hints = Hints {
            key: format!("{}!{}", hints.key, location.as_deref().or(url.as_deref()).unwrap_or("page")),
            content_type: Some(kind.to_owned()),
            url: url.or(location).filter(|u| u.starts_with("http")).or_else(|| hints.url.clone()),
            captured: get(&headers, "date").and_then(moment).or(hints.captured),
            ..hints
        };
        return walk.page(page, hints);
    }
    walk.skip(&hints.key, "MHTML without an HTML part");
}

/// Headers (names in lower case, folded lines joined) and what follows them.
fn split(bytes: &[u8]) -> (Headers, &[u8]) {
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| (at, at + 4));
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| (at, at + 2));
    let (end, body) = match (crlf, lf) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or((bytes.len(), bytes.len())),
    };
    let text = String::from_utf8_lossy(&bytes[..end.min(1 << 16)]);
    let mut headers = Headers::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, &bytes[body..])
}

fn get<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|p| {
        let (n, v) = p.split_once('=')?;
        let v = v.trim().trim_matches('"');
        (n.trim().eq_ignore_ascii_case(name) && !v.is_empty()).then(|| v.to_owned())
    })
}

fn quoted_printable(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let mut i = 0;
    let hex = |b: Option<&u8>| b.and_then(|b| (*b as char).to_digit(16));
    while let Some(&b) = content.get(i) {
        if b != b'=' {
            out.push(b);
            i += 1;
        } else if let (Some(a), Some(b)) = (hex(content.get(i + 1)), hex(content.get(i + 2))) {
            out.push((a * 16 + b) as u8);
            i += 3;
        } else {
            // A soft line break; spaces may stand before it.
            let end = content[i + 1..]
                .iter()
                .position(|b| !matches!(b, b' ' | b'\t' | b'\r'))
                .map_or(content.len(), |n| i + 1 + n);
            if content.get(end) == Some(&b'\n') {
                i = end + 1;
            } else {
                out.push(b'=');
                i += 1;
            }
        }
    }
    out
}

fn base64(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() / 4 * 3);
    let (mut bits, mut n) = (0u32, 0);
    for &b in content {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Options, members};
    use std::io::Cursor;

    #[test]
    fn the_html_part_is_the_page() {
        let file = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://vell.example/a\r\nDate: Mon, 3 Feb 2031 04:05:06 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--b--\"\r\n\r\n----b--\r\nContent-Type: text/css\r\n\r\np{}\r\n----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>The pi=\r\ner fell=2E 2=3D2</p>\r\n----b----\r\n";
        let mut seen = Vec::new();
        members(Cursor::new(file), "p.mhtml", &Options::default(), &mut |m| {
            seen.push(m.unwrap());
            true
        });
        assert_eq!(seen.len(), 1);
        assert_eq!(String::from_utf8_lossy(&seen[0].bytes).trim(), "<p>The pier fell. 2=2</p>");
        assert_eq!(seen[0].hints.url.as_deref(), Some("https://vell.example/a"));
        assert_eq!(seen[0].hints.captured.map(|m| m.to_string()).as_deref(), Some("2031-02-03T04:05:06Z"));
        assert_eq!(super::base64(b"VGhl\r\nIHBpZXI="), b"The pier");
    }
}
