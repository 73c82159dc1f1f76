use std::borrow::Cow;

use memchr::memchr;

/// Text with its character references decoded, as the HTML standard does in
/// text (not in attributes, where `&copy=1` stays as it is; see
/// [`decode_attribute`]).
pub(crate) fn decode(raw: &str) -> Cow<'_, str> {
    if memchr(b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(i) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let length = reference_length(rest.as_bytes());
        push_reference(&rest[..length], &mut out);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// An attribute's value with its character references decoded. A reference
/// without its semicolon that a letter, digit or `=` follows is no reference.
pub(crate) fn decode_attribute(raw: &str) -> Cow<'_, str> {
    if memchr(b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(i) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let length = reference_length(rest.as_bytes());
        let reference = &rest[..length];
        let cut = reference.as_bytes().get(1).is_some_and(|c| c.is_ascii_alphabetic())
            && !reference.ends_with(';')
            && (!KNOWN_WITHOUT_SEMICOLON.contains(&&reference[1..]) || rest.as_bytes().get(length) == Some(&b'='));
        if cut {
            out.push_str(reference)
        } else {
            push_reference(reference, &mut out)
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// References that old pages write without a semicolon, with nothing after them.
const KNOWN_WITHOUT_SEMICOLON: &[&str] = &["amp", "lt", "gt", "quot", "nbsp", "copy", "reg"];

/// Bytes of the reference that the `&` at the start may open: through its
/// semicolon, or as far as its name can go.
pub(crate) fn reference_length(rest: &[u8]) -> usize {
    let hash = usize::from(rest.get(1) == Some(&b'#'));
    let name = rest[1 + hash..].iter().take(40).take_while(|c| c.is_ascii_alphanumeric()).count();
    let end = 1 + hash + name;
    end + usize::from(rest.get(end) == Some(&b';'))
}

/// Appends what a reference (`&…;`) stands for; itself where it is none.
pub(crate) fn push_reference(reference: &str, out: &mut String) {
    match reference {
        "&" => out.push('&'),
        "&amp;" => out.push('&'),
        "&lt;" => out.push('<'),
        "&gt;" => out.push('>'),
        "&quot;" | "&#34;" => out.push('"'),
        "&apos;" | "&#39;" | "&#039;" | "&#x27;" => out.push('\''),
        "&nbsp;" | "&#160;" => out.push('\u{A0}'),
        "&rsquo;" | "&#8217;" => out.push('’'),
        "&lsquo;" | "&#8216;" => out.push('‘'),
        "&rdquo;" | "&#8221;" => out.push('”'),
        "&ldquo;" | "&#8220;" => out.push('“'),
        "&ndash;" | "&#8211;" => out.push('–'),
        "&mdash;" | "&#8212;" => out.push('—'),
        _ => {
            // The table of 2,231 names and the rules for bad numbers are html5gum's.
            let from = out.len();
            for token in html5gum::Tokenizer::new(reference) {
                let Ok(token) = token;
                if let html5gum::Token::String(text) = token {
                    out.push_str(&String::from_utf8_lossy(&text.value));
                }
            }
            if out.len() == from {
                out.push_str(reference);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_named_numbered_and_broken_references() {
        assert_eq!(
            decode("a &amp; b &eacute;&#233;&#xE9; &notit; &; &zzz; &#0; & &amp"),
            "a & b ééé ¬it; &; &zzz; \u{FFFD} & &"
        );
        assert_eq!(decode("&#151;"), "—"); // windows-1252, as browsers read it
    }

    #[test]
    fn attributes_keep_query_strings() {
        assert_eq!(decode_attribute("/x?a=1&copy=2&amp;b=3&lt"), "/x?a=1&copy=2&b=3<");
    }
}
