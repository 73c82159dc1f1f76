use crate::html::{Dom, Id, Tag, is_space};

/// Longest attribute value kept, in bytes.
const MAX_VALUE: usize = 400;

/// Most bytes and elements that the finder is given; the largest pages that
/// people write have a tenth of either.
const MAX_BYTES: usize = 4 << 20;
const MAX_ELEMENTS: usize = 50_000;

/// How the page begins. The finder looks for title, author and keywords too,
/// and without these it searches the whole page for them again and again; what
/// it says of them is not used, and nothing else in it reads these names.
const HEAD: &str = "<!DOCTYPE html><html><head><meta name=\"citation_title\" content=\"-\">\
    <meta name=\"citation_author\" content=\"A B\"><meta name=\"citation_keywords\" content=\"-\"></head><body>";

/// The page as the main-text finder should see it: well nested, without
/// scripts, styles, forms' inputs, drawings, comments, `data:` addresses and the head.
///
/// Besides saving most of the finder's time (scripts are more than half of
/// many pages), this bounds what it is given: [`Dom`] bounds the depth,
/// elements without text are left out, and a page of more than [`MAX_ELEMENTS`]
/// or [`MAX_BYTES`] is none for it.
pub(crate) fn slim(dom: &Dom<'_>) -> Option<String> {
    let texts = texts_before(dom);
    let mut elements = 0;
    let mut out = String::with_capacity(dom.source().len() / 3 + 64);
    out.push_str(HEAD);
    // Open elements: where they end, and their names.
    let mut open: Vec<(Id, &str)> = Vec::new();
    let mut i = 1;
    while i < dom.len() {
        while let Some(&(end, name)) = open.last()
            && end <= i
        {
            open.pop();
            close(name, &mut out);
        }
        let node = dom.node(i);
        if node.tag.is_hidden() {
            i = node.end.max(i + 1);
            continue;
        }
        match node.tag {
            Tag::Text => out.push_str(dom.raw(i)),
            Tag::Raw | Tag::Root => {}
            Tag::Html | Tag::Body => {}
            // A form around the whole page must not take the page with it.
            Tag::Form if holds_paragraphs(dom, i) => {}
            Tag::Link | Tag::Meta | Tag::Base | Tag::Input | Tag::Source | Tag::Track | Tag::Param | Tag::Col => {}
            // Nothing to read in it: the finder is not asked for pictures.
            Tag::Img => {}
            tag if !tag.is_void() && texts.get(node.end as usize) == texts.get(i as usize) => {
                i = node.end.max(i + 1);
                continue;
            }
            tag => {
                elements += 1;
                if elements > MAX_ELEMENTS || out.len() > MAX_BYTES {
                    return None;
                }
                let name = dom.name(i);
                start(dom, i, name, &mut out);
                if !tag.is_void() {
                    if node.end > i + 1 {
                        open.push((node.end, name));
                    } else {
                        close(name, &mut out);
                    }
                }
            }
        }
        i += 1;
    }
    while let Some((_, name)) = open.pop() {
        close(name, &mut out);
    }
    out.push_str("</body></html>");
    (out.len() <= MAX_BYTES).then_some(out)
}

/// How many texts with words in them stand before each node; one more for the end.
fn texts_before(dom: &Dom<'_>) -> Vec<u32> {
    let mut texts = Vec::with_capacity(dom.len() as usize + 1);
    let mut n = 0;
    texts.push(0);
    for (id, node) in dom.nodes() {
        n += u32::from(node.tag == Tag::Text && !dom.raw(id).trim_start().is_empty());
        texts.push(n);
    }
    texts
}

fn holds_paragraphs(dom: &Dom<'_>, form: Id) -> bool {
    dom.descendants(form).filter(|(_, n)| matches!(n.tag, Tag::P | Tag::Article | Tag::H1)).take(3).count() == 3
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn start(dom: &Dom<'_>, id: Id, name: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    for (name, value) in dom.attributes(id) {
        // What the finder's rules look at; the rest costs time.
        let wanted = matches!(
            name.len(),
            2..=14 if ["class", "id", "itemprop", "role", "href", "style", "rel", "aria-hidden", "data-component", "data-testid", "lang", "title", "type"]
                .iter()
                .any(|w| name.eq_ignore_ascii_case(w))
        );
        if !wanted || value.len() > MAX_VALUE || name.bytes().any(is_space) {
            continue;
        }
        let quote = if value.contains('"') { '\'' } else { '"' };
        if value.contains(quote) {
            continue;
        }
        out.push(' ');
        out.push_str(name);
        out.push('=');
        out.push(quote);
        out.push_str(value);
        out.push(quote);
    }
    out.push('>');
}
