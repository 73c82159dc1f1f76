/*!
The clean text of an HTML page.
*/

mod choose;
mod kinds;
mod lines;
mod region;
mod slim;

use crate::encoding::Offsets;
use crate::html::Dom;
use crate::write::{Clean, Writer};
use choose::Keys;
use kinds::Kinds;
pub(crate) use lines::goes_on;
use lines::{Line, lines};

/// The clean text of an HTML page, `title` being the headline it names.
pub(crate) fn clean(dom: &Dom<'_>, offsets: &Offsets, title: Option<&str>) -> Clean {
    let lines = lines(dom);
    let keys = Keys::of(dom, &lines);
    let chosen = choose::choose(dom, &lines, &keys);
    let kinds = Kinds::new(dom, &lines, &keys, &chosen).find(title);
    let mut writer = Writer::new(offsets);
    for (line, kind) in lines.iter().zip(kinds) {
        let Some(kind) = kind else { continue };
        writer.start_block(false);
        write(dom, line, &mut writer);
        writer.end_block(kind);
    }
    writer.finish()
}

fn write(dom: &Dom<'_>, line: &Line, writer: &mut Writer<'_>) {
    let mut end = None;
    for (_, raw, at) in line.pieces(dom) {
        // A line break that parts words without white space around it.
        if end.is_some_and(|end| end != at) && dom.source().get(end.unwrap_or(0)..at).is_some_and(has_break) {
            writer.break_words();
        }
        writer.html(raw, at);
        end = Some(at + raw.len());
    }
}

fn has_break(markup: &str) -> bool {
    markup.as_bytes().windows(3).any(|w| w.eq_ignore_ascii_case(b"<br"))
}
