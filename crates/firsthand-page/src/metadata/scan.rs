//! One light pass over a page: what the metadata rules look at, and no tree.

use crate::html::{Dom, Id, Tag, decode};

/// What an element's name, class, id or property says about the text in it.
pub(crate) mod mark {
    /// Byline, author.
    pub(crate) const BYLINE: u16 = 1;
    /// A date or time of the report.
    pub(crate) const DATE: u16 = 2;
    /// A date of change.
    pub(crate) const MODIFIED: u16 = 4;
    /// Menus, footers, comments, related links.
    pub(crate) const FURNITURE: u16 = 8;
    /// Page header: the outlet's name.
    pub(crate) const MASTHEAD: u16 = 16;
    /// A quotation, such as a copied article in a blog.
    pub(crate) const QUOTE: u16 = 32;
    /// Figure captions.
    pub(crate) const CAPTION: u16 = 64;
    /// Emphasised.
    pub(crate) const EMPHASIS: u16 = 128;
    /// Given as the date of first publication.
    pub(crate) const PUBLISHED: u16 = 256;
    /// The outlet's or site's name.
    pub(crate) const SITE: u16 = 512;
}

/// Visible text between two block boundaries, white space made single.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// Marks of the blocks around it and of the elements in it.
    pub(crate) marks: u16,
    /// 1 to 6 for h1 to h6, else 0.
    pub(crate) heading: u8,
    /// Bytes of `text` in inline elements with marks of their own.
    pub(crate) parts: Vec<Part>,
    /// All of its text is in links.
    pub(crate) all_links: bool,
}

/// A stretch of a line.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) marks: u16,
}

/// A `<time>` element, or another with a machine-readable date.
#[derive(Debug)]
pub(crate) struct TimeElement {
    pub(crate) datetime: String,
    pub(crate) text: String,
    pub(crate) marks: u16,
    /// Index of the line it stands in.
    pub(crate) line: usize,
}

/// What one pass collects.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Name, property or itemprop (lower case) and content, in order.
    pub(crate) metas: Vec<(String, String)>,
    pub(crate) json_ld: Vec<String>,
    pub(crate) title: String,
    pub(crate) canonical: Option<String>,
    pub(crate) lang: Option<String>,
    /// The first comments, where saving programs leave their notes.
    pub(crate) comments: Vec<String>,
    pub(crate) times: Vec<TimeElement>,
    pub(crate) lines: Vec<Line>,
}

impl Scan {
    /// Content of the first meta element of that name.
    pub(crate) fn meta(&self, name: &str) -> Option<&str> {
        self.metas.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// Where the headline itself stands in what looks like furniture, the
    /// names are not to be trusted: the mark is taken off around it.
    pub(crate) fn trust(&mut self, title: Option<usize>) {
        let Some(t) = title.filter(|&t| self.lines.get(t).is_some_and(|l| l.marks & mark::FURNITURE != 0)) else {
            return;
        };
        let around = t.saturating_sub(6)..t + 40;
        for line in self.lines.iter_mut().take(around.end).skip(around.start) {
            line.marks &= !mark::FURNITURE;
        }
        for time in self.times.iter_mut().filter(|time| around.contains(&time.line)) {
            time.marks &= !mark::FURNITURE;
        }
    }

    /// Looks once at every node of a page. Linear in their number.
    pub(crate) fn new(dom: &Dom<'_>) -> Self {
        let mut scanner =
            Scanner { dom, scan: Scan::default(), stack: Vec::new(), line: Line::default(), space: false, linked: 0 };
        let mut id = 1;
        while id < dom.len() {
            let node = dom.node(id);
            scanner.close_before(id);
            id = if scanner.node(id, node.tag) { id + 1 } else { node.end.max(id + 1) };
        }
        scanner.close_before(Id::MAX);
        scanner.flush();
        scanner.scan.comments = comments(dom.source());
        scanner.scan
    }
}

/// Comments at the head of a page, where saving programs leave their notes.
fn comments(source: &str) -> Vec<String> {
    let mut end = source.len().min(8192);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = &source[..end];
    let mut out = Vec::new();
    while let Some((_, tail)) = rest.split_once("<!--") {
        let Some((comment, tail)) = tail.split_once("-->") else { break };
        out.push(comment.to_owned());
        rest = tail;
    }
    out
}

/// The end of a part whose element is not closed yet.
const OPEN: usize = usize::MAX;

struct Open {
    tag: Tag,
    end: Id,
    marks: u16,
    part: Option<usize>,
    time: Option<usize>,
}

struct Scanner<'d, 's> {
    dom: &'d Dom<'s>,
    scan: Scan,
    stack: Vec<Open>,
    line: Line,
    space: bool,
    linked: usize,
}

impl Scanner<'_, '_> {
    /// Takes in a node; `false` where what is inside it is not looked at.
    fn node(&mut self, id: Id, tag: Tag) -> bool {
        match tag {
            Tag::Text => self.text(&decode(self.dom.raw(id))),
            Tag::Raw => {}
            Tag::Html => {
                self.scan.lang = self.attribute(id, "lang").filter(|l| !l.is_empty());
                return self.open(id, tag);
            }
            Tag::Meta => self.meta(id),
            Tag::Link => {
                let rel = self.attribute(id, "rel").unwrap_or_default();
                if self.scan.canonical.is_none() && rel.eq_ignore_ascii_case("canonical") {
                    self.scan.canonical = self.attribute(id, "href").filter(|h| !h.is_empty());
                }
            }
            Tag::Script => {
                if self.attribute(id, "type").is_some_and(|t| t.to_ascii_lowercase().contains("ld+json")) {
                    self.scan.json_ld.push(self.dom.script(id).to_owned());
                }
                return false;
            }
            Tag::Title => {
                if self.scan.title.is_empty() {
                    self.scan.title =
                        self.dom.descendants(id).map(|(i, _)| decode(self.dom.raw(i))).collect::<Vec<_>>().concat();
                }
                return false;
            }
            Tag::Br | Tag::Hr => self.flush(),
            Tag::Head => return true,
            tag if tag.is_hidden() || tag.is_void() => return false,
            _ => return self.open(id, tag),
        }
        true
    }

    fn attribute(&self, id: Id, name: &str) -> Option<String> {
        self.dom.attr(id, name).map(|v| v.trim().to_owned())
    }

    fn open(&mut self, id: Id, tag: Tag) -> bool {
        let block = tag.is_block();
        if block {
            self.flush();
        }
        let around = self.stack.last().map_or(0, |o| o.marks);
        let (marks, datetime) = self.marks(id, tag);
        let mut open = Open { tag, end: self.dom.node(id).end, marks: around | marks, part: None, time: None };
        if tag == Tag::Time || datetime.is_some() {
            self.scan.times.push(TimeElement {
                datetime: datetime.unwrap_or_default(),
                text: String::new(),
                marks: around | marks | mark::DATE,
                line: self.scan.lines.len(),
            });
            open.time = Some(self.scan.times.len() - 1);
        }
        if !block && marks != 0 {
            let at = self.line.text.len() + usize::from(self.space && !self.line.text.is_empty());
            self.line.parts.push(Part { start: at, end: OPEN, marks });
            open.part = Some(self.line.parts.len() - 1);
        }
        self.stack.push(open);
        if block {
            self.start_line();
        }
        true
    }

    fn meta(&mut self, id: Id) {
        let content = self.attribute(id, "content").unwrap_or_default();
        if content.is_empty() {
            return;
        }
        for key in ["property", "name", "itemprop"] {
            if let Some(name) = self.attribute(id, key).filter(|n| !n.is_empty()) {
                self.scan.metas.push((name.to_ascii_lowercase(), content.clone()));
            }
        }
    }

    /// Marks of an element, and its machine-readable date.
    fn marks(&mut self, id: Id, tag: Tag) -> (u16, Option<String>) {
        let mut marks = match tag {
            Tag::Nav | Tag::Footer | Tag::Aside | Tag::Form | Tag::Button => mark::FURNITURE,
            Tag::Blockquote | Tag::Q => mark::QUOTE,
            Tag::Figcaption => mark::CAPTION,
            Tag::Em | Tag::I | Tag::B | Tag::Strong | Tag::Address => mark::EMPHASIS,
            Tag::Time => mark::DATE,
            _ => 0,
        };
        let structural = matches!(tag, Tag::Html | Tag::Body | Tag::Main | Tag::Article);
        let (mut prop, mut content, mut datetime) = (None, None, None);
        for (name, value) in self.dom.attributes(id) {
            match name.to_ascii_lowercase().as_str() {
                "class" | "id" | "rel" | "data-testid" if !structural => marks |= class_marks(value),
                "itemprop" => prop = Some(value.to_ascii_lowercase()),
                "content" => content = Some(decode(value).trim().to_owned()),
                "datetime" | "data-datetime" => datetime = Some(decode(value).trim().to_owned()),
                "title" if tag == Tag::Abbr => datetime = Some(decode(value).trim().to_owned()),
                "data-utime" | "data-timestamp" if datetime.is_none() => datetime = Some(value.trim().to_owned()),
                "pubdate" => marks |= mark::DATE | mark::PUBLISHED,
                _ => {}
            }
        }
        if let Some(prop) = prop {
            marks |= match prop.as_str() {
                p if p.contains("datepublished") || p.contains("datecreated") => mark::DATE | mark::PUBLISHED,
                p if p.contains("datemodified") => mark::DATE | mark::MODIFIED,
                p if p.contains("author") || p.contains("creator") => mark::BYLINE,
                _ => 0,
            };
            if let Some(value) = content.or_else(|| datetime.clone()) {
                self.scan.metas.push((prop, value));
            }
        }
        (marks, datetime)
    }

    /// Closes the elements that end before node `id`.
    fn close_before(&mut self, id: Id) {
        while self.stack.last().is_some_and(|o| o.end <= id) {
            let Some(open) = self.stack.pop() else { return };
            if let Some(part) = open.part.and_then(|p| self.line.parts.get_mut(p)) {
                part.end = self.line.text.len();
            }
            if open.tag.is_block() {
                // The line belongs to what is being closed.
                self.flush();
            }
        }
    }

    fn text(&mut self, text: &str) {
        let before = self.line.text.len();
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
            } else {
                if std::mem::take(&mut self.space) && !self.line.text.is_empty() {
                    self.line.text.push(' ');
                }
                self.line.text.push(c);
            }
        }
        let added = self.line.text.len() - before;
        if added == 0 {
            return;
        }
        for open in self.stack.iter().rev().take(12) {
            if open.tag == Tag::A {
                self.linked += added;
            }
            if let Some(element) = open.time.and_then(|t| self.scan.times.get_mut(t)) {
                element.text.push_str(self.line.text.get(before..).unwrap_or_default());
            }
        }
    }

    fn flush(&mut self) {
        self.space = false;
        let mut line = std::mem::take(&mut self.line);
        let linked = std::mem::take(&mut self.linked);
        if !line.text.is_empty() {
            let end = line.text.len();
            for part in &mut line.parts {
                // Still open: it goes on to the end of the line.
                if part.end == OPEN {
                    part.end = end;
                }
            }
            line.parts.retain(|p| p.start < p.end);
            line.marks |= line.parts.iter().filter(|p| p.end - p.start == end).fold(0, |m, p| m | p.marks);
            line.all_links = linked >= end;
            self.scan.lines.push(line);
        }
        for open in &mut self.stack {
            open.part = None;
        }
        self.start_line();
    }

    fn start_line(&mut self) {
        self.line.marks = self.stack.last().map_or(0, |o| o.marks);
        self.line.heading = self.stack.iter().rev().take(6).find_map(|o| heading(o.tag)).unwrap_or(0);
    }
}

fn heading(tag: Tag) -> Option<u8> {
    [Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6].iter().position(|&h| h == tag).map(|i| i as u8 + 1)
}

/// Words of class names and ids, and what they mark. Written for this
/// project; the usual names of publishing systems and their German, French,
/// Spanish, Italian and Scandinavian kin.
const CLASSES: &str = include_str!("data/classes.tsv");

fn class_marks(classes: &str) -> u16 {
    use std::sync::LazyLock;
    static WORDS: LazyLock<Vec<(&str, u16)>> = LazyLock::new(|| {
        let mut words: Vec<_> = super::rows(CLASSES)
            .filter_map(|row| {
                let (kind, word) = row.split_once('\t')?;
                let mark = match kind {
                    "byline" => mark::BYLINE,
                    "date" => mark::DATE,
                    "published" => mark::DATE | mark::PUBLISHED,
                    "modified" => mark::DATE | mark::MODIFIED,
                    "furniture" => mark::FURNITURE,
                    "masthead" => mark::MASTHEAD,
                    "site" => mark::SITE,
                    _ => return None,
                };
                Some((word, mark))
            })
            .collect();
        words.sort_unstable();
        words
    });
    let mut marks = 0;
    for class in classes.split_ascii_whitespace() {
        // Topics, not parts: WordPress prints them as classes of the article.
        if class.starts_with("tag-") || class.starts_with("category-") {
            continue;
        }
        // The foot of an entry holds its date and author, that of a page does not.
        let mut negated = ["post", "entry", "article", "story"].iter().any(|w| class.starts_with(w));
        for word in class.split(|c: char| !c.is_ascii_alphanumeric()) {
            if matches!(word, "has" | "no" | "with" | "hide" | "without") {
                negated = true;
            } else if word.len() < 20
                && let word = word.to_ascii_lowercase()
                && let Ok(i) = WORDS.binary_search_by(|(w, _)| (*w).cmp(word.as_str()))
            {
                let (_, mark) = WORDS[i];
                marks |= if negated { mark & !mark::FURNITURE } else { mark };
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_carry_the_marks_of_what_holds_them() {
        let scan = Scan::new(&Dom::parse(
            "<title>A &amp; B</title><nav><li>Home</nav><h1>Big <b>storm</b></h1>\
             <p class=byline>By <a rel=author>Ida Holm</a> <time datetime=2031-02-03>3 Feb</time><p>Rain fell.<script>x</script>",
        ));
        assert_eq!(scan.title, "A & B");
        let lines: Vec<_> = scan.lines.iter().map(|l| (l.text.as_str(), l.heading, l.marks)).collect();
        assert_eq!(lines[0], ("Home", 0, mark::FURNITURE));
        assert_eq!(lines[1], ("Big storm", 1, 0));
        assert_eq!(lines[2].0, "By Ida Holm 3 Feb");
        assert!(lines[2].2 & mark::BYLINE != 0);
        assert_eq!(lines[3].0, "Rain fell.");
        assert_eq!(scan.times[0].datetime, "2031-02-03");
        assert_eq!(scan.times[0].line, 2);
    }

    #[test]
    fn an_empty_icon_marks_nothing() {
        let scan = Scan::new(&Dom::parse("<p><i class=icon-calendar></i> 3 Feb 2031</p>"));
        assert!(scan.lines[0].parts.is_empty() && scan.lines[0].marks == 0);
    }

    #[test]
    fn deep_nesting_is_linear_and_harmless() {
        let page = "<div>".repeat(100_000) + "x" + &"</div>".repeat(100_000);
        assert_eq!(Scan::new(&Dom::parse(&page)).lines.len(), 1);
    }
}
