use memchr::{memchr, memchr2, memmem};

use super::Tag;

/// A piece of markup, by its bytes in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Text with character references.
    Text { start: usize, end: usize },
    /// The raw text of a script, style sheet or the like.
    Raw { start: usize, end: usize },
    /// A start tag: its whole bytes, and the end of its name.
    Start { tag: Tag, start: usize, name_end: usize, end: usize, self_closing: bool },
    /// An end tag.
    End { tag: Tag, start: usize, name_end: usize },
}

/// Cuts HTML into tokens as the HTML standard does, but only as finely as
/// reading needs: comments, declarations and processing instructions are
/// passed over, attributes are cut when asked for ([`attributes`]).
///
/// Linear: every byte is looked at a bounded number of times.
pub(crate) struct Tokens<'s> {
    source: &'s [u8],
    at: usize,
    /// The element whose raw text comes next.
    raw: Option<(Tag, &'s [u8])>,
    /// Open `svg` or `math` elements, in which `CDATA` is text.
    pub(crate) foreign: u32,
}

impl<'s> Tokens<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Tokens { source: source.as_bytes(), at: 0, raw: None, foreign: 0 }
    }

    /// The rest is plain text, or raw text up to the end tag of `name`.
    fn raw_text(&mut self, tag: Tag, name: &'s [u8]) -> Option<Token> {
        let start = self.at;
        let end = if tag == Tag::Plaintext { self.source.len() } else { end_tag(self.source, start, tag, name) };
        self.at = end;
        if start == end {
            return None;
        }
        let references = tag.is_escapable_raw() || tag == Tag::Plaintext;
        Some(if references { Token::Text { start, end } } else { Token::Raw { start, end } })
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if let Some((tag, name)) = self.raw.take()
            && let Some(token) = self.raw_text(tag, name)
        {
            return Some(token);
        }
        loop {
            let start = self.at;
            let rest = self.source.get(start..).filter(|rest| !rest.is_empty())?;
            // The text up to the next thing that is markup.
            let mut from = 0;
            let markup = loop {
                match memchr(b'<', &rest[from..]) {
                    None => break rest.len(),
                    Some(i) if opens_markup(&rest[from + i..]) => break from + i,
                    Some(i) => from += i + 1,
                }
            };
            if markup > 0 {
                self.at = start + markup;
                return Some(Token::Text { start, end: self.at });
            }
            match rest[1] {
                b'!' if self.foreign > 0 && rest.starts_with(b"<![CDATA[") => {
                    let body = start + 9;
                    let end = memmem::find(&self.source[body..], b"]]>").map(|i| body + i);
                    self.at = end.map_or(self.source.len(), |e| e + 3);
                    let end = end.unwrap_or(self.source.len());
                    if end > body {
                        return Some(Token::Raw { start: body, end });
                    }
                }
                b'!' | b'?' => self.at = start + end_of_comment(rest),
                b'/' if !rest.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                    // `</>` and `</ junk>` are comments.
                    self.at = start + memchr(b'>', rest).map_or(rest.len(), |i| i + 1);
                }
                first => {
                    let name = start + 1 + usize::from(first == b'/');
                    let name_end = name + name_length(&self.source[name..]);
                    let (end, self_closing) = end_of_tag(self.source, name_end);
                    self.at = end;
                    let tag = Tag::of(&self.source[name..name_end]);
                    if end == self.source.len() && self.source.last() != Some(&b'>') {
                        return None; // a tag cut off by the end of the file is dropped
                    }
                    if first == b'/' {
                        return Some(Token::End { tag, start, name_end });
                    }
                    if self.foreign == 0 && (tag.is_raw() || tag.is_escapable_raw() || tag == Tag::Plaintext) {
                        self.raw = Some((tag, &self.source[name..name_end]));
                    }
                    return Some(Token::Start { tag, start, name_end, end, self_closing });
                }
            }
        }
    }
}

/// Whether a `<` opens a tag, a comment or the like, rather than standing for itself.
fn opens_markup(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => rest.len() > 2,
        Some(c) => c.is_ascii_alphabetic(),
        None => false,
    }
}

/// Length of a tag's name.
fn name_length(rest: &[u8]) -> usize {
    rest.iter().position(|c| is_space(*c) || matches!(c, b'/' | b'>')).unwrap_or(rest.len())
}

pub(crate) fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

/// Length of a comment, declaration or processing instruction.
fn end_of_comment(rest: &[u8]) -> usize {
    if !rest.starts_with(b"<!--") {
        return memchr(b'>', rest).map_or(rest.len(), |i| i + 1);
    }
    if rest[4..].starts_with(b">") {
        return 5;
    }
    if rest[4..].starts_with(b"->") {
        return 6;
    }
    let mut from = 4;
    while let Some(i) = memmem::find(&rest[from..], b"--") {
        let dashes = from + i + 2;
        match (rest.get(dashes), rest.get(dashes + 1)) {
            (Some(b'>'), _) => return dashes + 1,
            (Some(b'!'), Some(b'>')) => return dashes + 2,
            _ => from = dashes - 1,
        }
    }
    rest.len()
}

/// Where the start tag goes on after its name: one past its `>`, and whether
/// it ends in `/>`.
fn end_of_tag(source: &[u8], name_end: usize) -> (usize, bool) {
    let mut attributes = Attributes { source, at: name_end, self_closing: false };
    while attributes.next().is_some() {}
    (attributes.at, attributes.self_closing)
}

/// An attribute: the bytes of its name, and of its value where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: (usize, usize),
    pub(crate) value: (usize, usize),
}

/// The attributes of the start tag whose name ends at `name_end`.
pub(crate) fn attributes(source: &str, name_end: usize) -> impl Iterator<Item = Attribute> {
    Attributes { source: source.as_bytes(), at: name_end, self_closing: false }
}

struct Attributes<'s> {
    source: &'s [u8],
    /// Where to go on; after the last attribute, one past the tag's `>`.
    at: usize,
    self_closing: bool,
}

impl Iterator for Attributes<'_> {
    type Item = Attribute;

    fn next(&mut self) -> Option<Attribute> {
        let source = self.source;
        let mut at = self.at;
        loop {
            match source.get(at) {
                Some(b'/') => self.self_closing = source.get(at + 1) == Some(&b'>'),
                Some(c) if is_space(*c) => {}
                Some(b'>') => {
                    self.at = at + 1;
                    return None;
                }
                None => {
                    self.at = at;
                    return None;
                }
                Some(_) => break,
            }
            at += 1;
        }
        let name = at;
        // A leading `=` is part of the name.
        at += 1;
        while source.get(at).is_some_and(|c| !is_space(*c) && !matches!(c, b'/' | b'>' | b'=')) {
            at += 1;
        }
        let name = (name, at);
        let mut next = at;
        while source.get(next).is_some_and(|c| is_space(*c)) {
            next += 1;
        }
        if source.get(next) != Some(&b'=') {
            self.at = at;
            return Some(Attribute { name, value: (at, at) });
        }
        next += 1;
        while source.get(next).is_some_and(|c| is_space(*c)) {
            next += 1;
        }
        let value = match source.get(next) {
            Some(&quote @ (b'"' | b'\'')) => {
                let start = next + 1;
                let end = memchr(quote, &source[start..]).map_or(source.len(), |i| start + i);
                self.at = (end + 1).min(source.len());
                (start, end)
            }
            _ => {
                let mut end = next;
                while source.get(end).is_some_and(|c| !is_space(*c) && *c != b'>') {
                    end += 1;
                }
                self.at = end;
                (next, end)
            }
        };
        Some(Attribute { name, value })
    }
}

/// Where the raw text of an element ends: at its end tag, or the end of the
/// source. A script that opens a comment and a script in it ends later, as
/// the standard wants.
fn end_tag(source: &[u8], from: usize, tag: Tag, name: &[u8]) -> usize {
    let mut at = from;
    let mut in_comment = false; // `<!--` seen in a script
    let mut in_inner = false; // `<script` seen in that comment
    loop {
        let next = if in_comment { memchr2(b'<', b'-', &source[at..]) } else { memchr(b'<', &source[at..]) };
        let Some(i) = next else { return source.len() };
        at += i;
        let rest = &source[at..];
        if rest.starts_with(b"-->") {
            (in_comment, in_inner) = (false, false);
        } else if tag == Tag::Script && rest.starts_with(b"<!--") {
            // `<!-->` and `<!--->` close at once: the dashes are looked at again.
            in_comment = true;
            at += 1;
        } else if in_comment && !in_inner && is_tag(&rest[1.min(rest.len())..], name) && rest[0] == b'<' {
            in_inner = true;
        } else if rest.starts_with(b"</") && is_tag(&rest[2..], name) {
            if !in_inner {
                return at;
            }
            in_inner = false;
        }
        at += 1;
    }
}

/// Whether a tag of this name stands here.
fn is_tag(rest: &[u8], name: &[u8]) -> bool {
    rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
        && rest.get(name.len()).is_some_and(|c| is_space(*c) || matches!(c, b'/' | b'>'))
}
