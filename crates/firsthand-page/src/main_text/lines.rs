use crate::html::{Dom, Id, Tag, decode};
use crate::write::is_invisible;

/// A line of the page: the text of a block element up to the next block or
/// line break, by its bytes in the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The nodes of its text, from the first through the last.
    pub(crate) first: Id,
    pub(crate) last: Id,
    /// Its first and one past its last byte in the source.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The innermost block element around it.
    pub(crate) block: Id,
}

impl Line {
    /// The pieces of its text: raw bytes and where they start.
    pub(crate) fn pieces<'a, 's>(&'a self, dom: &'a Dom<'s>) -> impl Iterator<Item = (Id, &'s str, usize)> + 'a {
        (self.first..=self.last).filter_map(|id| {
            let node = dom.node(id);
            if node.tag != Tag::Text {
                return None;
            }
            let (start, end) = (self.start.max(node.span.start as usize), self.end.min(node.span.end as usize));
            Some((id, dom.source().get(start..end)?, start))
        })
    }

    /// Appends its characters without white space, by which lines are
    /// compared; returns the bytes of them that stand in links.
    pub(crate) fn push_key(&self, dom: &Dom<'_>, out: &mut String) -> usize {
        let mut linked = 0;
        for (id, raw, _) in self.pieces(dom) {
            let from = out.len();
            push_key(&decode(raw), out);
            if out.len() > from && in_link(dom, id, self.block) {
                linked += out.len() - from;
            }
        }
        linked
    }

    /// Its words as a reader sees them.
    pub(crate) fn words(&self, dom: &Dom<'_>) -> String {
        let mut out = String::with_capacity(self.end - self.start);
        let mut space = false;
        for (_, raw, _) in self.pieces(dom) {
            for c in decode(raw).chars().filter(|c| !is_invisible(*c)) {
                if c.is_whitespace() {
                    space = !out.is_empty();
                    continue;
                }
                if std::mem::take(&mut space) {
                    out.push(' ');
                }
                out.push(c);
            }
        }
        out
    }
}

fn push_key(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.split_ascii_whitespace());
    } else {
        out.extend(text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)));
    }
}

/// Whether a text node stands in a link, inside the block or around it.
fn in_link(dom: &Dom<'_>, id: Id, block: Id) -> bool {
    let mut at = dom.node(id).parent;
    // A link around the whole block counts too: look two elements further.
    let mut beyond = 0;
    while at != 0 && beyond < 3 {
        if dom.tag(at) == Tag::A {
            return true;
        }
        beyond += u32::from(at <= block);
        at = dom.node(at).parent;
    }
    false
}

/// All lines of the page that a reader could see, in the order of the source.
pub(crate) fn lines(dom: &Dom<'_>) -> Vec<Line> {
    let mut lines = Lines::default();
    // Open block elements: where they end, and their ids.
    let mut open: Vec<(Id, Id)> = Vec::new();
    let mut pre = 0; // end of the open `pre`
    let mut i = 1;
    while i < dom.len() {
        while let Some(&(end, _)) = open.last()
            && end <= i
        {
            open.pop();
            lines.flush();
        }
        let node = dom.node(i);
        if node.tag.is_hidden() {
            if node.tag.is_block() {
                lines.flush();
            }
            i = node.end.max(i + 1);
            continue;
        }
        let block = open.last().map_or(0, |o| o.1);
        match node.tag {
            Tag::Text => {
                let raw = dom.raw(i);
                let at = node.span.start as usize;
                if i < pre {
                    let mut from = 0;
                    for part in raw.split_inclusive('\n') {
                        lines.text(dom, i, block, part, at + from);
                        if part.ends_with('\n') {
                            lines.soft_break();
                        }
                        from += part.len();
                    }
                } else {
                    lines.text(dom, i, block, raw, at);
                }
            }
            Tag::Br => lines.soft_break(),
            tag if tag.is_block() => {
                lines.flush();
                if node.end > i + 1 {
                    open.push((node.end, i));
                    if tag == Tag::Pre {
                        pre = node.end;
                    }
                }
            }
            _ => {}
        }
        i += 1;
    }
    lines.flush();
    lines.done
}

#[derive(Default)]
struct Lines {
    done: Vec<Line>,
    current: Option<Line>,
    /// Line breaks seen since the last text.
    breaks: u32,
}

impl Lines {
    fn flush(&mut self) {
        self.done.extend(self.current.take());
        self.breaks = 0;
    }

    fn soft_break(&mut self) {
        self.breaks += 1;
    }

    fn text(&mut self, dom: &Dom<'_>, id: Id, block: Id, raw: &str, at: usize) {
        let words = raw.trim();
        if words.is_empty() {
            return;
        }
        if self.breaks > 0
            && let Some(line) = self.current
            && (self.breaks > 1 || !goes_on(last_words(dom, &line), words))
        {
            self.flush();
        }
        self.breaks = 0;
        let line = self.current.get_or_insert(Line { first: id, last: id, start: at, end: at, block });
        line.last = id;
        line.end = at + raw.len();
    }
}

fn last_words<'s>(dom: &Dom<'s>, line: &Line) -> &'s str {
    let start = line.start.max(dom.node(line.last).span.start as usize);
    dom.source().get(start..line.end).unwrap_or_default().trim_end()
}

/// Whether a line is broken in mid-sentence: it does not end as a sentence
/// or a title does, and what follows starts small.
pub(crate) fn goes_on(before: &str, after: &str) -> bool {
    let open = before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ',');
    let small = after.chars().next().is_some_and(char::is_lowercase);
    open && small && before.len() > 30
}
