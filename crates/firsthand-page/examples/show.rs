//! Prints what the page stage makes of files: blocks by kind, metadata, and whether the map holds.
use std::io::{Read, Write};
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let mut bytes = std::fs::read(&path)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut plain)?;
            bytes = plain;
        }
        writeln!(out, "== {path}")?;
        match firsthand_page::read(&bytes, &firsthand_page::Hints { key: path, ..Default::default() }) {
            Err(e) => writeln!(out, "{e}")?,
            Ok(r) => {
                writeln!(out, "title {:?} language {:?} encoding {}", r.title, r.language, r.encoding)?;
                for b in &r.blocks {
                    writeln!(out, "{:9} {}", b.kind.as_str(), b.span.of(&r.text))?;
                }
                if let Err(e) = firsthand_page::verify(&bytes, &r) {
                    writeln!(out, "WRONG: {e}")?;
                }
            }
        }
    }
    Ok(())
}
