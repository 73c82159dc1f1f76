//! HTTP responses as WARC keeps them: status, headers, and the body with its
//! transfer and content codings taken off.

use std::io::Read;

/// A response, taken apart.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Takes a response apart; the body at most `most` bytes long.
pub(crate) fn response(bytes: &[u8], most: usize) -> Result<Response, String> {
    let (head, body) = match memchr::memmem::find(bytes, b"\r\n\r\n") {
        Some(at) => (&bytes[..at], &bytes[at + 4..]),
        None => match memchr::memmem::find(bytes, b"\n\n") {
            Some(at) => (&bytes[..at], &bytes[at + 2..]),
            None => return Err("HTTP headers without an end".to_owned()),
        },
    };
    let head = String::from_utf8_lossy(head.get(..65_536).unwrap_or(head));
    let mut lines = head.lines();
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok());
    let status = status.ok_or_else(|| "no HTTP status line".to_owned())?;
    let headers: Vec<(String, &str)> =
        lines.filter_map(|l| l.split_once(':')).map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim())).collect();
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
    let chunked = header("transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked"));
    // Many crawlers keep the header but store the body without its chunks.
    let body = chunked.then(|| dechunk(body)).flatten().unwrap_or_else(|| body.to_vec());
    let coding = header("content-encoding").unwrap_or_default().to_ascii_lowercase();
    let body = decode(body, &coding, most)?;
    Ok(Response { status, content_type: header("content-type").map(str::to_owned), body })
}

/// Joins chunks; `None` where the body is not in chunks.
fn dechunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    loop {
        let end = memchr::memchr(b'\n', body.get(..body.len().min(1024))?)?;
        let line = std::str::from_utf8(&body[..end]).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        body = &body[end + 1..];
        if size == 0 {
            return Some(out);
        }
        match body.get(..size) {
            Some(chunk) => out.extend_from_slice(chunk),
            // Cut short: what there is.
            None => {
                out.extend_from_slice(body);
                return Some(out);
            }
        }
        body = body.get(size..)?;
        body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        if body.is_empty() {
            return Some(out);
        }
    }
}

fn decode(body: Vec<u8>, coding: &str, most: usize) -> Result<Vec<u8>, String> {
    let unpack = |reader: &mut dyn Read| -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        match reader.take(most as u64 + 1).read_to_end(&mut out) {
            Ok(_) if out.len() > most => Err(format!("larger than {} MiB", most >> 20)),
            Ok(_) => Ok(out),
            // A page cut short still says what it says.
            Err(_) if out.len() > 512 => Ok(out),
            Err(e) => Err(format!("{coding}: {e}")),
        }
    };
    match coding {
        // Stored unpacked although the header stands.
        "gzip" | "x-gzip" if !body.starts_with(&[0x1f, 0x8b]) => Ok(body),
        "gzip" | "x-gzip" => unpack(&mut flate2::read::MultiGzDecoder::new(body.as_slice())),
        "deflate" => unpack(&mut flate2::read::ZlibDecoder::new(body.as_slice()))
            .or_else(|_| unpack(&mut flate2::read::DeflateDecoder::new(body.as_slice())))
            .or(Ok(body)),
        "br" => {
            let unpacked = unpack(&mut brotli_decompressor::Decompressor::new(body.as_slice(), 4096));
            let is_text = body.first().is_some_and(|b| b.is_ascii_whitespace() || *b == b'<');
            match unpacked {
                Err(_) if is_text => Ok(body),
                other => other,
            }
        }
        "zstd" => match zstd::stream::read::Decoder::new(body.as_slice()) {
            Ok(mut reader) => unpack(&mut reader),
            Err(e) => Err(format!("zstd: {e}")),
        },
        _ => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::gzip;
    use super::*;

    #[test]
    fn codings_come_off_and_are_not_believed_blindly() {
        let most = 1 << 20;
        let read = |head: &str, body: &[u8]| {
            let bytes = [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat();
            response(&bytes, most).map(|r| String::from_utf8_lossy(&r.body).into_owned())
        };
        assert_eq!(
            read("Transfer-Encoding: chunked", b"4\r\nThe \r\n5;x=1\r\npier.\r\n0\r\n\r\n").unwrap(),
            "The pier."
        );
        assert_eq!(read("Transfer-Encoding: chunked", b"<p>The pier.").unwrap(), "<p>The pier.");
        assert_eq!(read("Content-Encoding: gzip", &gzip(b"The pier.")).unwrap(), "The pier.");
        assert_eq!(read("Content-Encoding: gzip", b"The pier.").unwrap(), "The pier.");
        assert_eq!(read("Content-Encoding: br", b"<p>The pier.").unwrap(), "<p>The pier.");
        assert!(read("Content-Encoding: gzip", &gzip(&vec![b'a'; 2 << 20])).is_err());
        assert!(response(b"nothing", most).is_err());
    }
}
