use std::panic::{AssertUnwindSafe, catch_unwind};

use firsthand_model::BlockKind;
use rustc_hash::FxHashSet;

use crate::encoding::Offsets;
use crate::html::{Dom, Id, Tag, decode};
use crate::write::{Clean, Writer, is_invisible};

/// A line of the page: the text of a block up to the next block or line break.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The nodes of its text, from the first through the last.
    pub(crate) first: Id,
    pub(crate) last: Id,
    /// The innermost block element around it.
    pub(crate) block: Id,
}

/// All lines of the page that a reader could see.
pub(crate) fn lines(dom: &Dom<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    // Open block elements: where they end, and their ids.
    let mut open: Vec<(Id, Id)> = Vec::new();
    let mut current: Option<Line> = None;
    let mut i = 1;
    while i < dom.len() {
        while let Some(&(end, _)) = open.last()
            && end <= i
        {
            open.pop();
            lines.extend(current.take());
        }
        let node = dom.node(i);
        if node.tag.is_hidden() {
            if node.tag.is_block() {
                lines.extend(current.take());
            }
            i = node.end.max(i + 1);
            continue;
        }
        if node.tag == Tag::Text {
            if !dom.raw(i).trim().is_empty() {
                let block = open.last().map_or(0, |o| o.1);
                current.get_or_insert(Line { first: i, last: i, block }).last = i;
            }
        } else if node.tag == Tag::Br {
            lines.extend(current.take());
        } else if node.tag.is_block() {
            lines.extend(current.take());
            if node.end > i + 1 {
                open.push((node.end, i));
            }
        }
        i += 1;
    }
    lines.extend(current);
    lines
}

/// The words of a line without white space, by which lines are compared.
fn key(dom: &Dom<'_>, line: &Line) -> String {
    let mut out = String::new();
    for i in line.first..=line.last {
        if dom.tag(i) == Tag::Text {
            push_key(&decode(dom.raw(i)), &mut out);
        }
    }
    out
}

fn push_key(text: &str, out: &mut String) {
    out.extend(text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)));
}

/// The main text as lines without white space.
fn main_lines(html: &str) -> Vec<String> {
    let mut options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision);
    options.config.min_output_size = 0;
    // The extractor is not ours: a panic in it costs one page its choice of
    // lines, never the run.
    let found = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(html, &options)));
    let Ok(Ok(found)) = found else { return Vec::new() };
    let dom = Dom::parse(&found.content_html);
    lines(&dom).iter().map(|line| key(&dom, line)).collect()
}

/// The clean text of an HTML page.
pub(crate) fn clean(dom: &Dom<'_>, offsets: &Offsets, _title: Option<&str>) -> Clean {
    let wanted: FxHashSet<String> = main_lines(dom.source()).into_iter().collect();
    let mut writer = Writer::new(offsets);
    for line in lines(dom) {
        if !wanted.contains(&key(dom, &line)) {
            continue;
        }
        writer.start_block(false);
        for i in line.first..=line.last {
            let node = dom.node(i);
            if node.tag == Tag::Text {
                writer.html(dom.raw(i), node.span.start as usize);
            }
        }
        let kind = if dom.tag(line.block).is_heading() { BlockKind::Heading } else { BlockKind::Body };
        writer.end_block(kind);
    }
    writer.finish()
}
