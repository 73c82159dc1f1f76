use crate::html::{Dom, Id, Tag, is_space};

/// Longest attribute value kept, in bytes.
const MAX_VALUE: usize = 400;

/// The page as the main-text finder should see it: well nested, without
/// scripts, styles, forms' inputs, drawings, comments, `data:` addresses and the head.
///
/// Besides saving most of the finder's time (scripts are more than half of
/// many pages), this bounds what it is given: [`Dom`] bounds the depth.
pub(crate) fn slim(dom: &Dom<'_>) -> String {
    let mut out = String::with_capacity(dom.source().len() / 3 + 64);
    out.push_str("<!DOCTYPE html><html><body>");
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
            tag => {
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
    out
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
