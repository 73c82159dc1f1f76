//! Quotation marks of every style, matched by a state machine.
//!
//! One pass per paragraph. A mark that can only open or only close (`“`, `«`)
//! says so; one that can do both (`"`, `'`, `’`) is told by what stands on its
//! two sides and by what is open. A paragraph that ends inside a quotation
//! hands it on if the next one begins with an opening mark, as print does
//! for a speech of several paragraphs; otherwise its closing mark is missing.

use firsthand_model::{BlockKind, Report};
use firsthand_span::Span;

/// Where a quotation's end comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A closing mark.
    Marked,
    /// None in this paragraph; the next one opens again.
    Continued,
    /// None at all: ended at the paragraph or sentence.
    Missing,
}

/// Words between quotation marks, within one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// With the marks.
    pub(crate) outer: Span,
    /// Without them.
    pub(crate) inner: Span,
    /// Index of the block.
    pub(crate) block: u32,
    /// 0 for an outermost quotation, 1 for one inside it.
    pub(crate) depth: u8,
    /// Where its end comes from.
    pub(crate) end: End,
    /// Whether it goes on from the paragraph before.
    pub(crate) resumed: bool,
}

impl Quotation {
    /// The last letter-like or punctuation character inside.
    pub(crate) fn last_char(&self, text: &str) -> Option<char> {
        self.inner.of(text).trim_end().chars().next_back()
    }
}

/// A family of marks: those that open, those that close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `"`, `“ ”`, `„ “`, `''`.
    Double,
    /// `'`, `‘ ’`, `‚ ‘`.
    Single,
    /// `« »` and `» «`.
    Guillemet,
    /// `‹ ›`.
    Angle,
}

/// How a mark may act, from its shape and neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Open,
    Close,
    Either,
}

struct Mark {
    at: usize,
    len: usize,
    style: Style,
    role: Role,
}

/// All quotations of the text's blocks, in order of their opening mark.
pub(crate) fn quotations(report: &Report) -> Vec<Quotation> {
    let text = report.text.as_str();
    let mut out: Vec<Quotation> = Vec::new();
    let mut carried = false;
    for (index, block) in report.blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Meta) {
            continue;
        }
        let from = out.len();
        let open = scan(text, block.span, index as u32, &mut out);
        if carried && out.get(from).is_some_and(|q| opens_block(text, block.span, q)) {
            if let Some(first) = out.get_mut(from) {
                first.resumed = true;
            }
            if let Some(last) =
                out.get_mut(..from).and_then(|before| before.iter_mut().rfind(|q| q.end == End::Missing))
            {
                last.end = End::Continued;
            }
        }
        carried = open;
    }
    out
}

fn opens_block(text: &str, block: Span, q: &Quotation) -> bool {
    q.depth == 0 && text.get(block.start as usize..q.outer.start as usize).is_some_and(|s| s.trim().is_empty())
}

/// Reads one block; says whether it ends inside a quotation that ran to its end.
fn scan(text: &str, block: Span, index: u32, out: &mut Vec<Quotation>) -> bool {
    let marks = marks(text, block);
    // The open quotations: index in `out`, style, index of the opening mark.
    let mut open: Vec<(usize, Style, usize)> = Vec::new();
    for (m, mark) in marks.iter().enumerate() {
        let held = open.iter().rposition(|&(_, style, _)| style == mark.style);
        let closes = match (held, mark.role) {
            (Some(_), Role::Close | Role::Either) => true,
            (Some(_), Role::Open) => false,
            (None, _) => false,
        };
        if let (true, Some(level)) = (closes, held) {
            if mark.style == Style::Single && !closes_single(text, &marks, m, open.get(level).map_or(0, |o| o.2)) {
                continue;
            }
            if let Some(&(quote, _, _)) = open.get(level) {
                finish(out, quote, mark.at, mark.at + mark.len, End::Marked);
            }
            // What was opened inside and never closed was no quotation.
            for &(inner, _, _) in open.iter().skip(level + 1) {
                drop_later(out, inner);
            }
            open.truncate(level);
        } else if mark.role != Role::Close && (mark.style != Style::Single || has_single_end(text, &marks, m)) {
            if let Some(level) = held {
                // Opened again before it closed: its closing mark is missing.
                if let Some(&(quote, _, at)) = open.get(level) {
                    let start = marks.get(at).map_or(mark.at, |k| k.at + k.len);
                    let end = sentence_end(text, start, mark.at);
                    finish(out, quote, end, end, End::Missing);
                }
                open.truncate(level);
            }
            let depth = open.len().min(9) as u8;
            open.push((out.len(), mark.style, m));
            let outer = Span::new(mark.at, mark.at + mark.len);
            let inner = Span::new(mark.at + mark.len, mark.at + mark.len);
            out.push(Quotation { outer, inner, block: index, depth, end: End::Missing, resumed: false });
        }
    }
    let mut to_end = false;
    for (level, &(quote, style, _)) in open.iter().enumerate() {
        let start = out.get(quote).map_or(0, |q| q.inner.start as usize);
        // An odd mark in the middle of a sentence is a slip, not a speech to the end.
        let credible = level == 0 && style != Style::Single && begins_speech(text, block, start);
        if credible {
            let end = block.start as usize + block.of(text).trim_end().len();
            finish(out, quote, end, end, End::Missing);
            to_end = true;
        } else {
            drop_later(out, quote);
        }
    }
    out.retain(|q| q.inner.start != u32::MAX && (q.block != index || !q.inner.is_empty()));
    to_end
}

fn finish(out: &mut [Quotation], quote: usize, inner_end: usize, outer_end: usize, end: End) {
    if let Some(q) = out.get_mut(quote) {
        q.inner = Span::new(q.inner.start as usize, inner_end);
        q.outer = Span::new(q.outer.start as usize, outer_end);
        q.end = end;
    }
}

/// Marks a quotation to be left out, without moving the others' indices.
fn drop_later(out: &mut [Quotation], quote: usize) {
    if let Some(q) = out.get_mut(quote) {
        q.inner = Span { start: u32::MAX, end: u32::MAX };
    }
}

/// Whether words that run unclosed to the block's end look like speech: they
/// open the block, or stand after a comma, colon or sentence end.
fn begins_speech(text: &str, block: Span, start: usize) -> bool {
    let before = text.get(block.start as usize..start).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || mark_style(c).is_some());
    before.is_empty() || before.ends_with([',', ':', '.', '!', '?', '—', '–'])
}

/// End of the first sentence in `[start, limit)`, or its trimmed end.
fn sentence_end(text: &str, start: usize, limit: usize) -> usize {
    let part = text.get(start..limit).unwrap_or_default();
    let mut chars = part.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '.' | '!' | '?' | '…') && chars.peek().is_none_or(|&(_, next)| next.is_whitespace()) {
            return start + at + c.len_utf8();
        }
    }
    start + part.trim_end().len()
}

fn mark_style(c: char) -> Option<Style> {
    match c {
        '"' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂' => Some(Style::Double),
        '\'' | '‘' | '’' | '‚' | '‛' | '`' => Some(Style::Single),
        '«' | '»' => Some(Style::Guillemet),
        '‹' | '›' => Some(Style::Angle),
        _ => None,
    }
}

/// The marks of a block with their roles; apostrophes left out.
fn marks(text: &str, block: Span) -> Vec<Mark> {
    let words = block.of(text);
    let base = block.start as usize;
    let mut out = Vec::new();
    let mut low = false; // a „ is open, so “ closes
    let mut inverted = None; // » opens and « closes, told by the first of them
    let mut previous: Option<char> = None;
    let mut chars = words.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut len = c.len_utf8();
        let Some(mut style) = mark_style(c) else {
            previous = Some(c);
            continue;
        };
        let mut next = chars.peek().map(|&(_, n)| n);
        // Two single marks in a row are a double one.
        if style == Style::Single && next == Some(c) && c != '‚' {
            style = Style::Double;
            len *= 2;
            chars.next();
            next = chars.peek().map(|&(_, n)| n);
        }
        let left_edge =
            previous.is_none_or(|p| p.is_whitespace() || "([{—–-/|*:".contains(p) || mark_style(p).is_some());
        let right_edge =
            next.is_none_or(|n| !n.is_alphanumeric() && !matches!(n, '$' | '£' | '€' | '#' | '@' | '[' | '('));
        let shape = match (left_edge, right_edge) {
            (true, false) => Role::Open,
            (false, true) => Role::Close,
            _ => Role::Either,
        };
        let role = match c {
            '„' | '‚' | '‹' => {
                low |= c == '„';
                Role::Open
            }
            '“' if low => {
                low = false;
                Role::Close
            }
            '“' | '‘' | '‛' | '‟' => Role::Open,
            '”' => {
                low = false;
                // „…” and ”…” are both in use; the second opens with ”.
                if shape == Role::Open { Role::Either } else { Role::Close }
            }
            '›' => Role::Close,
            '«' | '»' => {
                let first_is_right = *inverted.get_or_insert(c == '»');
                if (c == '»') == first_is_right { Role::Open } else { Role::Close }
            }
            '’' => {
                // An apostrophe inside or before a word, or a closing mark.
                let inside = previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
                if len == 3 && (inside || !right_edge) {
                    previous = Some(c);
                    continue;
                }
                Role::Close
            }
            '\'' | '`' => {
                let inside = previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
                if style == Style::Single && inside {
                    previous = Some(c);
                    continue;
                }
                if c == '`' { Role::Open } else { shape }
            }
            _ => shape,
        };
        out.push(Mark { at: base + at, len, style, role });
        previous = Some(c);
    }
    out
}

/// Whether a single mark that might be an apostrophe ("the workers' boats")
/// closes: it does if punctuation stands before or after it, or if no better
/// candidate follows.
fn closes_single(text: &str, marks: &[Mark], m: usize, opener: usize) -> bool {
    let Some(mark) = marks.get(m) else { return false };
    if strong_single_end(text, mark) {
        return true;
    }
    let plural = text.get(..mark.at).is_some_and(|s| s.ends_with(['s', 'S', 'x', 'z']));
    let later = marks
        .iter()
        .skip(m + 1)
        .take_while(|k| k.style != Style::Single || k.role != Role::Open)
        .take(4)
        .any(|k| k.style == Style::Single && k.role != Role::Open);
    let _ = opener;
    !(plural && later)
}

fn strong_single_end(text: &str, mark: &Mark) -> bool {
    let before = text.get(..mark.at).and_then(|s| s.chars().next_back());
    let after = text.get(mark.at + mark.len..).and_then(|s| s.chars().next());
    before.is_some_and(|c| matches!(c, '.' | ',' | '!' | '?' | '…'))
        || after.is_none_or(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | ')' | '"' | '”'))
}

/// Whether a single opening mark has an end in its block: without one it is
/// an apostrophe ("’tis", "'90s").
fn has_single_end(text: &str, marks: &[Mark], m: usize) -> bool {
    let Some(open) = marks.get(m) else { return false };
    let next = marks.iter().skip(m + 1).filter(|k| k.style == Style::Single).take(24);
    for mark in next {
        if mark.role == Role::Open {
            // Two openers in a row: only curly ones are sure to open.
            if text.get(open.at..).is_some_and(|s| s.starts_with('\'')) {
                return false;
            }
            continue;
        }
        let plural = text.get(..mark.at).is_some_and(|s| s.ends_with(['s', 'S']));
        if strong_single_end(text, mark) || !plural {
            return mark.at - open.at <= 4000;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use firsthand_model::Block;

    fn found(text: &str) -> Vec<(String, u8, End, bool)> {
        let mut report = Report { text: text.to_owned(), ..Report::default() };
        let mut at = 0;
        for line in text.split('\n') {
            if !line.trim().is_empty() {
                report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(at, at + line.len()) });
            }
            at += line.len() + 1;
        }
        quotations(&report).iter().map(|q| (q.inner.of(text).to_owned(), q.depth, q.end, q.resumed)).collect()
    }

    fn words(text: &str) -> Vec<String> {
        found(text).into_iter().map(|q| q.0).collect()
    }

    #[test]
    fn all_styles() {
        for text in [
            "She said \"we left early\" and sat down.",
            "She said “we left early” and sat down.",
            "She said ‘we left early’ and sat down.",
            "She said 'we left early' and sat down.",
            "She said «we left early» and sat down.",
            "She said »we left early« and sat down.",
            "She said „we left early“ and sat down.",
            "She said „we left early” and sat down.",
            "She said ‹we left early› and sat down.",
            "She said ''we left early'' and sat down.",
        ] {
            assert_eq!(words(text), ["we left early"], "{text}");
        }
    }

    #[test]
    fn apostrophes_are_not_marks() {
        assert_eq!(words("The workers' boats and Ida's oars weren't in the '90s list."), Vec::<String>::new());
        assert_eq!(words("The workers’ boats and Ida’s oars weren’t there."), Vec::<String>::new());
        assert_eq!(words("'The workers' boats weren't there,' Ida said."), ["The workers' boats weren't there,"]);
        assert_eq!(words("‘The workers’ boats weren’t there,’ Ida said."), ["The workers’ boats weren’t there,"]);
    }

    #[test]
    fn nested_marks() {
        let all = found("“He told me ‘go home’ and I went,” she said.");
        assert_eq!(all[0].0, "He told me ‘go home’ and I went,");
        assert_eq!((all[1].0.as_str(), all[1].1), ("go home", 1));
    }

    #[test]
    fn paragraphs_with_repeated_opening_marks() {
        let all = found("“We waited all night.\n“Nobody came.”\nThe end.");
        assert_eq!(all[0].2, End::Continued);
        assert!(all[1].3);
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn missing_closing_marks() {
        assert_eq!(words("Ida said: “We waited all night.\nThe end."), ["We waited all night."]);
        assert_eq!(words("“We waited. Nobody came, Ida said. “It was dark.”"), ["We waited.", "It was dark."]);
        assert_eq!(words("The 12\" pipe burst in the night."), Vec::<String>::new());
    }

    proptest::proptest! {
        #[test]
        fn spans_are_sound(text in "[a-z .,'\"“”‘’«»„\\n]{0,80}") {
            let mut report = Report { text: text.clone(), ..Report::default() };
            report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(0, text.len()) });
            for q in quotations(&report) {
                assert!(q.inner.get(&text).is_some() && q.outer.get(&text).is_some());
                assert!(q.outer.covers(q.inner));
            }
        }
    }
}
