use std::borrow::Cow;

use firsthand_span::Span;

use super::reference::decode_attribute;
use super::tag::Tag;
use super::token::{Token, Tokens, attributes};

/// A node, by its place in the source order.
pub(crate) type Id = u32;

/// Elements open at once; what is nested deeper becomes the children of the
/// deepest, so that nothing that walks the tree can overflow a stack.
const MAX_DEPTH: usize = 250;

/// Nodes kept. No page that a person wrote comes near; [`Dom::is_cut`] says
/// that one has more.
const MAX_NODES: usize = 1_500_000;

/// An element or a run of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) tag: Tag,
    /// The element it stands in; itself for the root.
    pub(crate) parent: Id,
    /// One past the last node inside it: `id + 1..end` are its descendants.
    pub(crate) end: Id,
    /// Its bytes in the source: of the text, or of the start tag.
    pub(crate) span: Span,
    /// End of the name in the start tag.
    name_end: u32,
}

/// A page as a flat tree in source order: node 0 is the root, and a node's
/// descendants follow it.
///
/// The tree is nearly that of the HTML standard: implied end tags are put in,
/// but misnested formatting is not repaired and nothing is moved, so that text
/// stays in the order of the source.
#[derive(Debug)]
pub(crate) struct Dom<'s> {
    source: &'s str,
    nodes: Vec<Node>,
    cut: bool,
}

impl<'s> Dom<'s> {
    /// Reads a page of at most 4 GiB; linear in its length.
    pub(crate) fn parse(source: &'s str) -> Self {
        let mut builder = Builder::new(source);
        let mut tokens = Tokens::new(source);
        let mut cut = false;
        while let Some(token) = tokens.next() {
            if builder.nodes.len() >= MAX_NODES {
                cut = true;
                break;
            }
            builder.add(token);
            tokens.foreign = builder.foreign;
        }
        builder.close_to(0);
        Dom { source, nodes: builder.nodes, cut }
    }

    /// Whether the page has more nodes than are kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The whole decoded page.
    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> Id {
        self.nodes.len() as Id
    }

    /// A node; the root where there is none of that number.
    pub(crate) fn node(&self, id: Id) -> Node {
        // The root always exists.
        self.nodes.get(id as usize).copied().unwrap_or(self.nodes[0])
    }

    /// What a node is.
    pub(crate) fn tag(&self, id: Id) -> Tag {
        self.node(id).tag
    }

    /// All nodes with their ids, in source order.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (Id, Node)> + '_ {
        self.nodes.iter().enumerate().map(|(i, n)| (i as Id, *n))
    }

    /// All elements of one kind, in source order.
    pub(crate) fn elements(&self, tag: Tag) -> impl Iterator<Item = Id> + '_ {
        self.nodes().filter(move |(_, n)| n.tag == tag).map(|(id, _)| id)
    }

    /// The nodes inside a node, in source order.
    pub(crate) fn descendants(&self, id: Id) -> impl Iterator<Item = (Id, Node)> + '_ {
        (id + 1..self.node(id).end).map(|i| (i, self.node(i)))
    }

    /// The elements around a node, innermost first, without the root.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let up = move |id: Id| Some(self.node(id).parent).filter(|&p| p != 0);
        std::iter::successors(up(id), move |&id| up(id))
    }

    /// The value of an attribute (name in lower case), references decoded.
    pub(crate) fn attr(&self, id: Id, name: &str) -> Option<Cow<'s, str>> {
        self.attributes(id).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| decode_attribute(v))
    }

    /// The attributes of an element: names as written, values undecoded.
    pub(crate) fn attributes(&self, id: Id) -> impl Iterator<Item = (&'s str, &'s str)> + use<'s> {
        let node = self.node(id);
        let source = self.source;
        // Only elements have attributes; text gets an empty range.
        let is_element = node.name_end != 0;
        let tag = &source[..if is_element { node.span.end as usize } else { 0 }];
        attributes(tag, node.name_end as usize)
            .filter_map(move |a| Some((source.get(a.name.0..a.name.1)?, source.get(a.value.0..a.value.1)?)))
    }

    /// The name of an element as written.
    pub(crate) fn name(&self, id: Id) -> &'s str {
        let node = self.node(id);
        self.source.get(node.span.start as usize + 1..node.name_end as usize).unwrap_or_default()
    }

    /// The source bytes of a text or raw-text node.
    pub(crate) fn raw(&self, id: Id) -> &'s str {
        let node = self.node(id);
        if node.name_end == 0 { node.span.of(self.source) } else { "" }
    }

    /// All raw text inside an element (the body of a script).
    pub(crate) fn script(&self, id: Id) -> &'s str {
        self.descendants(id).find(|(_, n)| n.tag == Tag::Raw).map_or("", |(i, _)| self.raw(i))
    }
}

/// The tree while it grows.
struct Builder<'s> {
    source: &'s str,
    nodes: Vec<Node>,
    /// Open elements, outermost first; the root stays.
    open: Vec<Id>,
    /// Elements opened past [`MAX_DEPTH`] and not yet closed.
    beyond: u32,
    /// Open `svg` and `math` elements.
    foreign: u32,
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Self {
        let root = Node { tag: Tag::Root, parent: 0, end: 0, span: Span::default(), name_end: 0 };
        let mut nodes = Vec::with_capacity(source.len() / 40 + 1);
        nodes.push(root);
        Builder { source, nodes, open: vec![0], beyond: 0, foreign: 0 }
    }

    fn add(&mut self, token: Token) {
        match token {
            Token::Text { start, end } => self.leaf(Tag::Text, start, end),
            Token::Raw { start, end } => self.leaf(Tag::Raw, start, end),
            Token::End { tag, start, name_end } => self.end(tag, start, name_end),
            Token::Start { tag, start, name_end, end, self_closing } => {
                self.implied_ends(tag);
                if matches!(tag, Tag::Html | Tag::Body) && self.open.iter().any(|&i| self.tag(i) == tag) {
                    return;
                }
                let id = self.push(tag, start, end, name_end);
                if tag.is_void() || (self_closing && (self.foreign > 0 || matches!(tag, Tag::Svg | Tag::Math))) {
                    return;
                }
                if self.open.len() >= MAX_DEPTH {
                    self.beyond = self.beyond.saturating_add(1);
                    return;
                }
                self.foreign += u32::from(matches!(tag, Tag::Svg | Tag::Math));
                self.open.push(id);
            }
        }
    }

    fn tag(&self, id: Id) -> Tag {
        self.nodes.get(id as usize).map_or(Tag::Root, |n| n.tag)
    }

    fn push(&mut self, tag: Tag, start: usize, end: usize, name_end: usize) -> Id {
        let id = self.nodes.len() as Id;
        let parent = self.open.last().copied().unwrap_or(0);
        self.nodes.push(Node { tag, parent, end: id + 1, span: Span::new(start, end), name_end: name_end as u32 });
        id
    }

    fn leaf(&mut self, tag: Tag, start: usize, end: usize) {
        self.push(tag, start, end, 0);
    }

    /// Closes open elements down to a depth.
    fn close_to(&mut self, depth: usize) {
        let end = self.nodes.len() as Id;
        while self.open.len() > depth {
            let Some(id) = self.open.pop() else { break };
            if let Some(node) = self.nodes.get_mut(id as usize) {
                node.end = end;
                self.foreign -= u32::from(matches!(node.tag, Tag::Svg | Tag::Math)).min(self.foreign);
            }
        }
        self.beyond = 0;
    }

    /// Depth of the innermost open element for which `wanted` holds, unless
    /// one for which `stop` holds is further in.
    fn find(&self, wanted: impl Fn(Tag) -> bool, stop: impl Fn(Tag) -> bool) -> Option<usize> {
        for (depth, &id) in self.open.iter().enumerate().skip(1).rev() {
            let tag = self.tag(id);
            if wanted(tag) {
                return Some(depth);
            }
            if stop(tag) {
                return None;
            }
        }
        None
    }

    /// The end tags that a start tag implies.
    fn implied_ends(&mut self, tag: Tag) {
        use Tag::*;
        if self.foreign > 0 {
            if !tag.breaks_out() {
                return;
            }
            // Out of the outermost drawing that no HTML inside it protects.
            let mut outermost = None;
            for (depth, &id) in self.open.iter().enumerate().skip(1).rev() {
                match self.tag(id) {
                    ForeignObject | Desc | Title => break,
                    Svg | Math => outermost = Some(depth),
                    _ => {}
                }
            }
            let Some(depth) = outermost else { return };
            self.close_to(depth);
        }
        let table = |t: Tag| matches!(t, Table | Template);
        let found = match tag {
            Li => self.find(|t| t == Li, |t| matches!(t, Ul | Ol | Menu | Dir) || t.is_scope()),
            Dd | Dt => self.find(|t| matches!(t, Dd | Dt), |t| t == Dl || t.is_scope()),
            Option | Optgroup => self.find(|t| t == Option, |t| t != Option),
            A => self.find(|t| t == A, Tag::is_scope),
            Button => self.find(|t| t == Button, |t| matches!(t, Table | Td | Th | Caption)),
            Td | Th => self.find(|t| matches!(t, Td | Th), |t| table(t) || t == Tr),
            Tr => self.find(|t| t == Tr, |t| table(t) || matches!(t, Tbody | Thead | Tfoot)),
            Tbody | Thead | Tfoot => self.find(|t| matches!(t, Tbody | Thead | Tfoot | Caption | Colgroup), table),
            Body => self.find(|t| t == Head, |_| false),
            _ if tag.is_heading() => self.find(Tag::is_heading, |t| !t.is_heading()),
            _ => None,
        };
        if let Some(depth) = found {
            self.close_to(depth);
        }
        if tag.closes_p()
            && let Some(depth) = self.find(|t| t == P, Tag::is_scope)
        {
            self.close_to(depth);
        }
        // Anything that is not head matter ends the head.
        let head_matter = matches!(
            tag,
            Base | Link | Meta | Title | Script | Style | Noscript | Template | Head | Html | Basefont | Bgsound
        );
        if !head_matter && self.open.last().is_some_and(|&id| matches!(self.tag(id), Head)) {
            self.close_to(self.open.len() - 1);
        }
    }

    fn end(&mut self, tag: Tag, start: usize, name_end: usize) {
        if self.beyond > 0 && !tag.is_void() {
            self.beyond -= 1;
            return;
        }
        if matches!(tag, Tag::Body | Tag::Html) {
            return; // what follows still belongs to the body
        }
        let source = self.source;
        let name = &source[(start + 2).min(name_end)..name_end];
        // A block's end tag closes all inside it; any other one only reaches
        // to the next block.
        let is_block = tag.is_block();
        let mut found = None;
        for (depth, &id) in self.open.iter().enumerate().skip(1).rev() {
            let open = self.tag(id);
            let same = if tag == Tag::Other {
                open == tag
                    && self.nodes.get(id as usize).is_some_and(|n| {
                        let from = n.span.start as usize + 1;
                        source.get(from..n.name_end as usize).is_some_and(|n| n.eq_ignore_ascii_case(name))
                    })
            } else {
                open == tag || (tag.is_heading() && open.is_heading())
            };
            if same {
                found = Some(depth);
                break;
            }
            let stop = match tag {
                Tag::Table => matches!(open, Tag::Template),
                Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Td | Tag::Th | Tag::Caption => {
                    matches!(open, Tag::Table | Tag::Template)
                }
                Tag::Li => matches!(open, Tag::Ul | Tag::Ol) || open.is_scope(),
                Tag::Head | Tag::Svg | Tag::Math | Tag::Template => false,
                _ if is_block => open.is_scope() && !matches!(tag, Tag::Button | Tag::Object),
                _ => open.is_block() && tag != Tag::A,
            };
            if stop {
                break;
            }
        }
        if let Some(depth) = found {
            self.close_to(depth);
        }
    }
}
