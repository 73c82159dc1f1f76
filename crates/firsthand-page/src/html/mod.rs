/*!
A light reading of HTML that never loses the bytes.

The crates that find a page's main text build a DOM without positions. So the
page is read a second time, cheaply: [`token`] cuts the source into tags and
text by their byte ranges, and [`Dom`] keeps them as a flat tree in source
order. Metadata, the slim page handed to the main-text finder, and the clean
text with its map to the bytes are all made from it.
*/

mod dom;
mod reference;
mod tag;
mod token;

pub(crate) use dom::{Dom, Id};
pub(crate) use reference::{decode, push_reference, reference_length};
pub(crate) use tag::Tag;
pub(crate) use token::is_space;

/// Whether a text is HTML: it opens with a tag, or holds block markup early on.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let head = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let mut end = head.len().min(4096);
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    let head = &head[..end];
    if head.starts_with("<!") || head.starts_with("<?xml") {
        return true;
    }
    let mut tags = 0;
    for (at, _) in head.match_indices('<') {
        let name = head[at + 1..].trim_start_matches('/');
        let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let closed =
            name.as_bytes().get(length).is_some_and(|c| matches!(c, b'>' | b' ' | b'/' | b'\n' | b'\r' | b'\t'));
        if closed && Tag::of(&name.as_bytes()[..length]) != Tag::Other {
            if at == 0 {
                return true;
            }
            tags += 1;
        }
    }
    tags >= 4
}
