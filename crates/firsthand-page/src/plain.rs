/*!
The clean text of plain text and Markdown: the text itself, byte by byte, with
its lines told apart.

Text that was scraped from a page has furniture in it: paths and menus above
the headline, buttons and dates around it, lists of other stories, comments
and notices below. What a line is shows in its words ([`judge`]) and in its
place: the report runs from its headline, through the first line that reads as
a sentence, to the last one. No line is dropped; furniture only gets its name.
*/

use firsthand_model::{Block, BlockKind, Run, SpanMap};
use firsthand_span::{Span, fold};

use crate::Hints;
use crate::encoding::Decoded;
use crate::furniture::{Judged, glued_date, has_date, is_caption, is_sentence, judge, leading_date, words};
use crate::main_text::goes_on;
use crate::write::Clean;

/// The clean text of plain text.
pub(crate) fn clean(decoded: &Decoded<'_>, hints: &Hints) -> Clean {
    let text = decoded.text.clone().into_owned();
    let mut map = SpanMap::default();
    for piece in decoded.offsets.pieces(0, text.len()) {
        let clean = Span::new(piece.text, piece.text_end);
        map.push(Run { clean, start: piece.start, end: piece.end, verbatim: piece.verbatim });
    }
    let paragraphs = paragraphs(&text);
    let blocks = if hints.as_is {
        as_is(&text, &paragraphs, hints.title.as_deref())
    } else {
        tell_apart(&text, &paragraphs, hints.title.as_deref())
    };
    Clean { text, blocks, map }
}

/// A line, or the lines that one paragraph was broken into.
#[derive(Clone, Copy, Debug)]
struct Paragraph {
    span: Span,
    /// An empty line (or the start of the text) stands before it.
    apart: bool,
    /// It is marked as a heading, of this level (Markdown).
    heading: Option<u8>,
}

/// The paragraphs of a text: its lines, where a line is not one paragraph
/// broken at a fixed width.
fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut lines: Vec<Paragraph> = Vec::new();
    let (mut at, mut apart) = (0, true);
    for line in text.split_inclusive(['\n', '\u{2028}', '\u{2029}', '\u{0C}', '\r']) {
        let span = Span::new(at, at + line.len()).trim(text);
        at += line.len();
        if span.is_empty() {
            // The `\n` of `\r\n` is no empty line.
            apart |= line != "\n" || !text[..at - 1].ends_with('\r');
            continue;
        }
        let (span, heading) = heading_mark(text, span);
        lines.push(Paragraph { span, apart, heading });
        apart = false;
    }
    let broken = lines.windows(2).filter(|w| !w[1].apart && goes_on(w[0].span.of(text), w[1].span.of(text))).count();
    // Text set to a fixed width: many lines break in mid-sentence.
    let width = if broken * 4 > lines.len() { wide(&lines) } else { usize::MAX };
    let mut out: Vec<Paragraph> = Vec::new();
    let mut last_line = 0; // length of the last line taken into the last paragraph
    for line in lines {
        if let Some(last) = out.last_mut()
            && !line.apart
            && line.heading.is_none()
            && last.heading.is_none()
            && (last_line >= width || goes_on(last.span.of(text), line.span.of(text)))
            && (last_line >= width || joins(last.span.of(text), line.span.of(text)))
        {
            last.span = last.span.cover(line.span);
        } else {
            out.push(line);
        }
        last_line = line.span.len();
    }
    out
}

/// Neither is furniture or a date that happens to look like half a sentence.
fn joins(before: &str, after: &str) -> bool {
    judge(after) == Judged::Text && (before.len() > 300 || glued_date(before).is_none())
}

/// Four fifths of the length that nine lines in ten stay under.
fn wide(lines: &[Paragraph]) -> usize {
    let mut lengths: Vec<usize> = lines.iter().map(|l| l.span.len()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() * 9 / 10).map_or(usize::MAX, |l| l * 4 / 5)
}

/// A Markdown heading without its mark, and its level.
fn heading_mark(text: &str, span: Span) -> (Span, Option<u8>) {
    let line = span.of(text);
    let level = line.bytes().take_while(|b| *b == b'#').count();
    if !(1..=6).contains(&level) || !line[level..].starts_with(' ') {
        return (span, None);
    }
    let inner = span.trim_matches(text, |c| c == '#' || c.is_whitespace());
    if inner.is_empty() { (span, None) } else { (inner, Some(level as u8)) }
}

/// The bytes are the text: every paragraph is body, but for the headline.
fn as_is(text: &str, paragraphs: &[Paragraph], title: Option<&str>) -> Vec<Block> {
    let title = title.map(fold).filter(|t| !t.is_empty());
    let kind = |i: usize, p: &Paragraph| match &title {
        Some(title) if i == 0 && fold(p.span.of(text)) == *title => BlockKind::Title,
        _ => BlockKind::Body,
    };
    paragraphs.iter().enumerate().map(|(i, p)| Block { kind: kind(i, p), span: p.span }).collect()
}

fn tell_apart(text: &str, paragraphs: &[Paragraph], title: Option<&str>) -> Vec<Block> {
    let lines: Vec<Line<'_>> = paragraphs.iter().map(|p| Line::new(p.span.of(text), *p)).collect();
    let body = body_start(&lines);
    let head = title_line(&lines[..body], title);
    let mut kinds = Vec::with_capacity(lines.len());
    for (i, line) in lines[..body].iter().enumerate() {
        kinds.push(head_kind(line, i, head));
    }
    body_kinds(&lines, body, &mut kinds);
    let mut blocks = Vec::with_capacity(kinds.len() + 1);
    for (line, kind) in lines.iter().zip(kinds) {
        let span = line.paragraph.span;
        if kind == BlockKind::Title
            && let Some(cut) = glued_date(line.words)
        {
            let cut = span.start as usize + cut;
            blocks.push(Block { kind, span: Span::new(span.start as usize, cut) });
            blocks.push(Block { kind: BlockKind::Meta, span: Span::new(cut, span.end as usize) });
        } else if kind == BlockKind::Title
            && let Some(cut) = leading_date(line.words)
        {
            let cut = span.start as usize + cut;
            blocks.push(Block { kind: BlockKind::Meta, span: Span::new(span.start as usize, cut) });
            blocks.push(Block { kind, span: Span::new(cut, span.end as usize) });
        } else if kind == BlockKind::Body
            && let Some(cut) = furniture_tail(line.words)
        {
            let cut = span.start as usize + cut;
            blocks.push(Block { kind, span: Span::new(span.start as usize, cut).trim(text) });
            blocks.push(Block { kind: BlockKind::Furniture, span: Span::new(cut, span.end as usize) });
        } else {
            blocks.push(Block { kind, span });
        }
    }
    blocks
}

/// Where a button's words at the end of a paragraph start ("… Read more").
fn furniture_tail(line: &str) -> Option<usize> {
    let cut = line.trim_end_matches(|c: char| !c.is_alphanumeric()).rfind(['.', '!', '?', '…', '"', '”'])?;
    let cut = cut + line[cut..].chars().next().map_or(1, char::len_utf8);
    let tail = &line[cut..];
    let start = cut + tail.len() - tail.trim_start().len();
    let words = &line[start..];
    (tail.starts_with(char::is_whitespace) && words.len() <= 40 && judge(words) == Judged::Furniture).then_some(start)
}

struct Line<'t> {
    words: &'t str,
    paragraph: Paragraph,
    judged: Judged,
    /// Reads as a sentence of a report.
    sentence: bool,
    count: usize,
}

impl<'t> Line<'t> {
    fn new(line: &'t str, paragraph: Paragraph) -> Self {
        let judged = if paragraph.heading.is_some() { Judged::Text } else { judge(line) };
        let count = words(line);
        let sentence = judged == Judged::Text && (is_sentence(line) || count > 40);
        Line { words: line, paragraph, judged, sentence, count }
    }

    fn is_text(&self) -> bool {
        self.judged == Judged::Text
    }

    /// An item of a list, or the words that open one.
    fn is_item(&self) -> bool {
        let marks = ['-', '–', '—', '•', '*', '▪', '◦', '●'];
        let rest = self.words.trim_start_matches(marks);
        let numbered = self.words.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < self.words.len() && rest.starts_with(' '))
            || (numbered.len() < self.words.len() && (numbered.starts_with(". ") || numbered.starts_with(") ")))
            || self.words.ends_with([':', ';', ','])
    }
}

/// Where the running text starts: at the first of two sentences that follow
/// each other, or at the only one; sentences right above them belong to it.
/// Without any, at the first line.
fn body_start(lines: &[Line<'_>]) -> usize {
    let prose = |l: &Line<'_>| l.sentence && l.count >= 8;
    let texts: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].is_text()).collect();
    let pair = texts.windows(2).find(|w| prose(&lines[w[0]]) && lines[w[1]].sentence).map(|w| w[0]);
    let first = pair.or_else(|| texts.iter().copied().find(|&i| prose(&lines[i])));
    let first = first.or_else(|| texts.iter().copied().find(|&i| lines[i].sentence));
    let Some(mut start) = first else {
        // Nothing reads as a sentence: a list, a poem, a headline alone.
        return texts.first().map_or(0, |&i| if texts.len() > 1 && i == 0 { 1 } else { i });
    };
    while start > 0 && lines[start - 1].sentence {
        start -= 1;
    }
    // A quotation or a list may open the text.
    while start > 0 && lines[start - 1].is_text() && lines[start - 1].is_item() && lines[start - 1].count > 3 {
        start -= 1;
    }
    start
}

/// The headline among the lines above the running text.
fn title_line(head: &[Line<'_>], title: Option<&str>) -> Option<usize> {
    if let Some(title) = title.map(fold).filter(|t| !t.is_empty())
        && let Some(i) = head.iter().rposition(|l| fold(l.words).starts_with(&title))
    {
        return Some(i);
    }
    if let Some(i) = head.iter().position(|l| l.paragraph.heading == Some(1)) {
        return Some(i);
    }
    let can = |l: &Line<'_>| l.is_text() && l.words.chars().any(char::is_alphabetic);
    let glued = |l: &Line<'_>| glued_date(l.words).is_some() || leading_date(l.words).is_some();
    if let Some(i) = head.iter().rposition(|l| can(l) && glued(l)) {
        return Some(i);
    }
    let dated = |i: usize| head.get(i + 1).is_some_and(|l| l.judged == Judged::Meta);
    // The first line of the last group of such lines is followed by its own
    // standfirst more often than by another headline.
    if let Some(i) = (0..head.len()).rev().find(|&i| can(&head[i]) && dated(i)) {
        return Some(i);
    }
    let last = head.iter().rposition(can)?;
    let above = last.checked_sub(1).filter(|&i| can(&head[i]) && head[i].count >= 4 && i > 0);
    match above {
        Some(above) if head[last].count >= 12 && head[above].count < head[last].count => Some(above),
        _ => Some(last),
    }
}

fn head_kind(line: &Line<'_>, i: usize, title: Option<usize>) -> BlockKind {
    match (line.judged, title) {
        (Judged::Text, Some(title)) if i == title => BlockKind::Title,
        (Judged::Text, _) if is_caption(line.words) => BlockKind::Caption,
        (Judged::Text, Some(title)) if i > title => {
            // Below the headline: a standfirst, or a place by itself.
            if line.count >= 6 { BlockKind::Heading } else { BlockKind::Meta }
        }
        (Judged::Meta, _) => BlockKind::Meta,
        _ if has_date(line.words) && !line.words.contains('|') => BlockKind::Meta,
        _ => BlockKind::Furniture,
    }
}

fn body_kinds(lines: &[Line<'_>], body: usize, kinds: &mut Vec<BlockKind>) {
    let sentences = |range: std::ops::Range<usize>| lines[range].iter().filter(|l| l.sentence).count();
    // Comments end the report, once there has been one.
    let end = (body..lines.len())
        .find(|&i| lines[i].judged == Judged::Comments && sentences(body..i) >= 1)
        .unwrap_or(lines.len());
    let last = (body..end).rev().find(|&i| lines[i].sentence).unwrap_or(end.max(body + 1) - 1);
    let mut listing = false; // inside a list of other stories
    for (i, line) in lines.iter().enumerate().skip(body) {
        let kind = match line.judged {
            _ if i >= end => BlockKind::Furniture,
            Judged::Meta => BlockKind::Meta,
            Judged::Furniture | Judged::Comments => BlockKind::Furniture,
            Judged::ListHead => {
                listing = true;
                BlockKind::Furniture
            }
            Judged::Text if line.paragraph.heading.is_some() => {
                listing = false;
                BlockKind::Heading
            }
            Judged::Text if line.sentence && (!listing || line.count >= 8) => {
                listing = false;
                BlockKind::Body
            }
            Judged::Text if listing => BlockKind::Furniture,
            Judged::Text if i < last => between(lines, i, end),
            Judged::Text => after(line, i == last + 1),
        };
        kinds.push(kind);
    }
}

/// A line between sentences that is none itself.
fn between(lines: &[Line<'_>], i: usize, end: usize) -> BlockKind {
    let line = &lines[i];
    let heads = line.paragraph.apart
        && line.count <= 14
        && !line.is_item()
        && lines[i + 1..end]
            .iter()
            .find(|l| l.judged != Judged::Meta)
            .is_some_and(|l| l.is_text() && l.count > line.count);
    if heads { BlockKind::Heading } else { BlockKind::Body }
}

/// A line after the last sentence that is none itself.
fn after(line: &Line<'_>, next: bool) -> BlockKind {
    let words = line.words;
    if line.is_item() && line.count >= 4 && !words.ends_with(':') || line.count >= 18 {
        return BlockKind::Body;
    }
    let signed = words.starts_with(['(', '/', '[', '-', '—', '–']) || words.chars().all(|c| !c.is_lowercase());
    if next && line.count <= 5 && signed { BlockKind::Meta } else { BlockKind::Furniture }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn kinds(text: &str) -> Vec<(&'static str, String)> {
        let report = read(text.as_bytes(), &Hints::default()).unwrap();
        crate::verify(text.as_bytes(), &report).unwrap();
        assert_eq!(report.text, text, "plain text is kept byte by byte");
        report.blocks.iter().map(|b| (b.kind.as_str(), b.span.of(&report.text).to_owned())).collect()
    }

    fn of<'k>(kinds: &'k [(&'static str, String)], kind: &str) -> Vec<&'k str> {
        kinds.iter().filter(|(k, _)| *k == kind).map(|(_, t)| t.as_str()).collect()
    }

    const SCRAPED: &str = "\
The Quell Examiner
Home > News > Harbour
Log in   Subscribe   Today's paper
Crane falls into Tolmere harbour, two hurt12 March 2021, 14:05
By Ansa Meriel in Tolmere
Share this: Print | E-mail

A crane fell into the harbour of Tolmere on Friday and two dockers were hurt, the port authority said.

The harbour master, Oda Finch, said the wind had been \"far stronger than forecast\".

Advertisement

Second fall in a year

A smaller crane fell in May. Nobody was hurt then.

\"We asked for new cranes,\" Finch said. \"We got a new sign.\"

Related stories
Ferry prices go up in April
Fishermen find a piano
© 2021 The Quell Examiner. All rights reserved.
Comments (2)
salty_dog: my brother works there, he says it was three cranes.
Reply
";

    #[test]
    fn scraped_text_is_told_apart() {
        let kinds = kinds(SCRAPED);
        assert_eq!(of(&kinds, "title"), ["Crane falls into Tolmere harbour, two hurt"]);
        assert_eq!(of(&kinds, "meta"), ["12 March 2021, 14:05", "By Ansa Meriel in Tolmere"]);
        assert_eq!(of(&kinds, "heading"), ["Second fall in a year"]);
        let body = of(&kinds, "body");
        assert_eq!(body.len(), 4, "{body:?}");
        assert!(body[3].starts_with("\"We asked"));
    }

    #[test]
    fn a_statement_keeps_its_list() {
        let text = "Statement on the crane\n15 March 2021\nTOLMERE\n\nThe port authority of Tolmere regrets the fall of a crane. Its demands are as follows:\n\n- a new crane before winter\n- two weeks of pay for the hurt dockers\n\nThe authority will report to the council in May.\n\nMedia contact: press desk, Pier 2\n";
        let kinds = kinds(text);
        assert_eq!(of(&kinds, "title"), ["Statement on the crane"]);
        assert_eq!(of(&kinds, "meta"), ["15 March 2021", "TOLMERE"]);
        assert_eq!(of(&kinds, "body").len(), 4);
        assert_eq!(of(&kinds, "furniture"), ["Media contact: press desk, Pier 2"]);
    }

    #[test]
    fn clean_text_stays_clean() {
        let text = "Crane falls in Tolmere\n\nTwo dockers were hurt when a crane fell, the port said.\n\nThe wind was strong, it added.\n\nReporting by Ansa Meriel; editing by Tor Quill\n";
        let kinds = kinds(text);
        assert_eq!(of(&kinds, "title"), ["Crane falls in Tolmere"]);
        assert_eq!(of(&kinds, "body").len(), 2);
        assert_eq!(of(&kinds, "meta"), ["Reporting by Ansa Meriel; editing by Tor Quill"]);
        assert!(of(&kinds, "furniture").is_empty());
    }

    #[test]
    fn lines_broken_at_a_fixed_width_are_one_paragraph() {
        let text = "Two dockers were hurt on Friday when a crane fell into the\nharbour of Tolmere, the port authority said. The harbour\nmaster, Oda Finch, said the wind had been far stronger than\nforecast by the office in Quell.\n\nA smaller crane fell in May, when nobody was near, and the\ncouncil was told of it.\n";
        let kinds = kinds(text);
        assert_eq!(of(&kinds, "body").len(), 2, "{kinds:?}");
    }

    #[test]
    fn markdown_headings_lose_their_marks() {
        let text = "# Crane falls in Tolmere\n\nTwo dockers were hurt when a crane fell, the port said.\n\n## The wind\n\nThe wind was strong, the port added later.\n";
        let kinds = kinds(text);
        assert_eq!(of(&kinds, "title"), ["Crane falls in Tolmere"]);
        assert_eq!(of(&kinds, "heading"), ["The wind"]);
    }

    #[test]
    fn comments_below_are_no_part_of_it_however_long() {
        let text = "they knew\nPosted by gull on March 14, 2021 at 1:14 am | 2 comments\n\nThe council was told about the crane in May, according to a letter.\n\nNobody answered the letter, as far as we can see.\n\n2 thoughts on \"they knew\"\nheron says: March 14, 2021 at 7:02 am\nI have seen that letter myself and it says there were four cranes that fell.\nLeave a Reply\n";
        let kinds = kinds(text);
        assert_eq!(of(&kinds, "title"), ["they knew"]);
        assert_eq!(of(&kinds, "body").len(), 2);
    }

    #[test]
    fn as_is_changes_nothing() {
        let text = "Share this\n\nHome | World\n";
        let hints = Hints { as_is: true, ..Hints::default() };
        let report = read(text.as_bytes(), &hints).unwrap();
        assert_eq!(report.text, text);
        assert!(report.blocks.iter().all(|b| b.kind == BlockKind::Body));
    }
}
