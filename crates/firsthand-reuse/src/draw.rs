/*!
Drawings of a stemma: an indented text tree and an SVG picture.

Both are pure functions of links and names. A report with several parents
stands under its first one and is named, not repeated, under the others;
circles (outlets that name each other) end the same way.
*/

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use firsthand_model::{CopyHow, CopyLink, ReportId};

/// A node: a report, or a source that is not in the collection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Hidden(String),
    Report(ReportId),
}

struct Graph<'l> {
    /// Links by parent, in order of the child.
    below: BTreeMap<Node, Vec<&'l CopyLink>>,
    roots: Vec<Node>,
}

impl<'l> Graph<'l> {
    fn new(links: &'l [CopyLink]) -> Self {
        let mut below: BTreeMap<Node, Vec<&CopyLink>> = BTreeMap::new();
        let mut children: BTreeSet<Node> = BTreeSet::new();
        for link in links {
            below.entry(parent(link)).or_default().push(link);
            children.insert(Node::Report(link.child));
        }
        for list in below.values_mut() {
            list.sort_by_key(|x| (x.child, x.how));
        }
        let mut roots: Vec<Node> = below.keys().filter(|n| !children.contains(n)).cloned().collect();
        // A circle has no root: its least report is shown first.
        let mut reached = BTreeSet::new();
        for root in &roots {
            reach(root, &below, &mut reached);
        }
        for node in below.keys() {
            if !reached.contains(node) {
                roots.push(node.clone());
                reach(node, &below, &mut reached);
            }
        }
        Graph { below, roots }
    }
}

fn parent(link: &CopyLink) -> Node {
    match link.parent {
        Some(id) => Node::Report(id),
        None => Node::Hidden(link.hidden.clone().unwrap_or_default()),
    }
}

fn reach(from: &Node, below: &BTreeMap<Node, Vec<&CopyLink>>, reached: &mut BTreeSet<Node>) {
    let mut queue = vec![from.clone()];
    while let Some(node) = queue.pop() {
        if reached.insert(node.clone()) {
            queue.extend(below.get(&node).into_iter().flatten().map(|l| Node::Report(l.child)));
        }
    }
}

/// The stemma as lines, two spaces per generation.
///
/// `name` gives the words for a report. Unknown directions are marked `?`.
pub fn tree(links: &[CopyLink], name: impl Fn(ReportId) -> String) -> String {
    let graph = Graph::new(links);
    let mut out = String::new();
    let mut shown = BTreeSet::new();
    for root in &graph.roots {
        let mut queue: Vec<(Node, usize, Option<&CopyLink>)> = vec![(root.clone(), 0, None)];
        while let Some((node, depth, link)) = queue.pop() {
            let words = label(&node, &name);
            let again = !shown.insert(node.clone());
            let how = link.map_or_else(String::new, describe);
            let more = if again && graph.below.contains_key(&node) { " (see above)" } else { "" };
            // Writing to a string does not fail.
            let _ = writeln!(out, "{:indent$}{words}{how}{more}", "", indent = 2 * depth);
            if !again {
                let below = graph.below.get(&node).into_iter().flatten().rev();
                queue.extend(below.map(|l| (Node::Report(l.child), depth + 1, Some(*l))));
            }
        }
    }
    out
}

fn label(node: &Node, name: &impl Fn(ReportId) -> String) -> String {
    match node {
        Node::Report(id) => name(*id),
        Node::Hidden(key) => format!("[not in the collection: {}]", key.split('/').next().unwrap_or_default()),
    }
}

fn describe(link: &CopyLink) -> String {
    let unsure = if link.directed { "" } else { "?" };
    if link.how == CopyHow::Cites {
        format!(" ({}{unsure})", link.how)
    } else {
        format!(" ({}{unsure}, {:.0} %)", link.how, 100.0 * link.share)
    }
}

/// Width of a box and distances, in pixels.
const BOX: (usize, usize) = (220, 28);
const STEP: (usize, usize) = (260, 40);

/// The stemma as an SVG picture: generations from left to right, dashed lines
/// where the direction is unknown, dotted ones for citations, dashed boxes for
/// sources that are not in the collection.
pub fn svg(links: &[CopyLink], name: impl Fn(ReportId) -> String) -> String {
    let graph = Graph::new(links);
    let mut place: BTreeMap<Node, (usize, usize)> = BTreeMap::new();
    let mut row = 0;
    for root in &graph.roots {
        let mut queue = vec![(root.clone(), 0)];
        while let Some((node, depth)) = queue.pop() {
            if place.contains_key(&node) {
                continue;
            }
            place.insert(node.clone(), (depth, row));
            row += 1;
            let below = graph.below.get(&node).into_iter().flatten().rev();
            queue.extend(below.map(|l| (Node::Report(l.child), depth + 1)));
        }
    }
    let columns = place.values().map(|p| p.0 + 1).max().unwrap_or(0);
    let (width, height) = (columns * STEP.0 + 20, row * STEP.1 + 20);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>Stemma</title>\n"
    );
    for link in links {
        let (Some(from), Some(to)) = (place.get(&parent(link)), place.get(&Node::Report(link.child))) else { continue };
        let (x1, y1) = (from.0 * STEP.0 + 10 + BOX.0, from.1 * STEP.1 + 10 + BOX.1 / 2);
        let (x2, y2) = (to.0 * STEP.0 + 10, to.1 * STEP.1 + 10 + BOX.1 / 2);
        let dash = match (link.how, link.directed) {
            (CopyHow::Cites, _) => " stroke-dasharray=\"2 4\"",
            (_, false) => " stroke-dasharray=\"8 4\"",
            _ => "",
        };
        let middle = x1.midpoint(x2);
        let _ = writeln!(
            out,
            "<path d=\"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#555\"{dash}>\
             <title>{}</title></path>",
            escaped(describe(link).trim())
        );
    }
    for (node, (column, row)) in &place {
        let (x, y) = (column * STEP.0 + 10, row * STEP.1 + 10);
        let words = label(node, &name);
        let dash = if matches!(node, Node::Hidden(_)) { " stroke-dasharray=\"4 3\"" } else { "" };
        let short: String =
            if words.chars().count() > 32 { words.chars().take(31).chain(['…']).collect() } else { words.clone() };
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"#fff\" \
             stroke=\"#333\"{dash}/><text x=\"{}\" y=\"{}\">{}</text></g>",
            escaped(&words),
            BOX.0,
            BOX.1,
            x + 8,
            y + 18,
            escaped(&short)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML at all.
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(parent: Option<u8>, child: u8, how: CopyHow, directed: bool) -> CopyLink {
        CopyLink {
            parent: parent.map(id),
            hidden: parent.is_none().then(|| "Wire/1".to_owned()),
            child: id(child),
            how,
            directed,
            share: 0.5,
            spans: Vec::new(),
            why: Vec::new(),
        }
    }

    fn id(n: u8) -> ReportId {
        ReportId([0, 0, 0, 0, 0, n])
    }

    fn name(id: ReportId) -> String {
        format!("r{}", id.0[5])
    }

    #[test]
    fn merged_reports_and_hidden_sources_are_shown_once() {
        let links = [
            link(None, 1, CopyHow::Cut, true),
            link(Some(1), 3, CopyHow::Merged, true),
            link(Some(2), 3, CopyHow::Merged, false),
            link(Some(3), 4, CopyHow::Whole, true),
        ];
        assert_eq!(
            tree(&links, name),
            "[not in the collection: Wire]\n  r1 (cut, 50 %)\n    r3 (merged, 50 %)\n      r4 (whole, 50 %)\n\
             r2\n  r3 (merged?, 50 %) (see above)\n"
        );
    }

    #[test]
    fn a_circle_ends() {
        let links = [link(Some(1), 2, CopyHow::Cites, true), link(Some(2), 1, CopyHow::Cites, true)];
        assert_eq!(tree(&links, name), "r1\n  r2 (cites)\n    r1 (cites) (see above)\n");
        assert_eq!(svg(&links, name).matches("<rect").count(), 2);
    }

    #[test]
    fn names_are_escaped() {
        let links = [link(Some(1), 2, CopyHow::Whole, true)];
        assert!(svg(&links, |_| "a<b>&\"".to_owned()).contains("a&lt;b&gt;&amp;&quot;"));
    }
}
