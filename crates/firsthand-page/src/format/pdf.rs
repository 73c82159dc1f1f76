//! The text layer of a PDF. What a report's spans point at is this text, not
//! the bytes of the PDF: the format has no running text of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Walk;
use crate::Hints;

/// Pages read of one document.
const MOST_PAGES: usize = 2_000;
/// Bytes that the streams of one page may unpack to.
const MOST_UNPACKED: usize = 64 << 20;

pub(super) fn walk(walk: &mut Walk<'_, '_>, bytes: &[u8], hints: Hints) {
    let most = walk.limits().member;
    // The parser is of good faith, but PDFs are not: a fault costs this file only.
    match catch_unwind(AssertUnwindSafe(|| text(bytes, most))) {
        Ok(Ok(text)) if text.trim().is_empty() => walk.skip(&hints.key, "PDF without a text layer"),
        Ok(Ok(text)) => {
            let key = format!("{}!text", hints.key);
            walk.page(
                text.into_bytes(),
                Hints { key, content_type: Some("text/plain; charset=utf-8".to_owned()), ..hints },
            );
        }
        Ok(Err(e)) => walk.skip(&hints.key, format!("PDF: {e}")),
        Err(_) => walk.skip(&hints.key, "PDF: a fault in its parser"),
    }
}

fn text(bytes: &[u8], most: usize) -> Result<String, String> {
    let document = lopdf::Document::load_mem(bytes).map_err(|e| e.to_string())?;
    if document.is_encrypted() {
        return Err("encrypted".to_owned());
    }
    let mut out = String::new();
    for page in document.get_pages().into_keys().take(MOST_PAGES) {
        // A page that cannot be read is left out; the others count.
        if let Ok(text) = document.extract_text_with_limit(&[page], MOST_UNPACKED) {
            out.push_str(text.trim_end());
            out.push_str("\n\n");
        }
        if out.len() > most {
            return Err(format!("larger than {} MiB", most >> 20));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::super::tests::read;

    #[test]
    fn a_text_layer_is_a_page() {
        use lopdf::content::{Content, Operation};
        use lopdf::{Document, Object, Stream, dictionary};
        let mut pdf = Document::with_version("1.5");
        let pages = pdf.new_object_id();
        let font = pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
        let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
        let content = Content {
            operations: vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![100.into(), 600.into()]),
                Operation::new("Tj", vec![Object::string_literal("The pier fell.")]),
                Operation::new("ET", vec![]),
            ],
        };
        let content = pdf.add_object(Stream::new(dictionary! {}, content.encode().unwrap()));
        let page = pdf.add_object(
            dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources },
        );
        pdf.objects.insert(
            pages,
            Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
        );
        let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        pdf.trailer.set("Root", catalog);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).unwrap();
        let (found, skips) = read(&bytes, "a.pdf", &Options::default());
        assert!(skips.is_empty(), "{skips:?}");
        assert!(found.len() == 1 && found[0].0 == "a.pdf!text" && found[0].1.contains("The pier fell."), "{found:?}");
        let (found, skips) = read(b"%PDF-1.4\nnothing", "b.pdf", &Options::default());
        assert!(found.is_empty() && skips[0].1.starts_with("PDF"));
    }
}
