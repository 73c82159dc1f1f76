/*!
Names: which tokens name a person, an organisation, a place or a group.

[`label`] gives every token of a [`Words`] one of the [`LABELS`]. It is a
linear-chain model over hashed features ([`kernel`](crate::kernel)): the word,
its letters and shape, its neighbours, learned word classes ([`Classes`]),
gazetteers ([`gazetteer`]), and what the rest of the text shows of the same
word (seen in lower case? after a title? inside a longer name?). So a name
once clear is known in the whole report.

[`recognise`] turns the labels of a report into mentions.
*/

pub mod chain;
mod classes;
pub mod features;
pub mod gazetteer;
mod mentions;
mod model;
mod patterns;

pub use classes::Classes;
pub use features::Words;
pub use mentions::recognise;
pub use model::{Model, label};

/// The labels: O, then B and I of each kind of name.
pub const LABELS: [&str; 11] =
    ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-GROUP", "I-GROUP", "B-MISC", "I-MISC"];
/// How many labels there are.
pub const K: usize = LABELS.len();

/// Whether label `next` may follow `before` (an I needs its own B or I).
pub fn may_follow(before: usize, next: usize) -> bool {
    next == 0 || next % 2 == 1 || before == next || before + 1 == next
}

/// Spans of labels: kind (1 PER, 3 ORG, 5 LOC, 7 GROUP, 9 MISC) and token range.
pub fn chunks(labels: &[u8]) -> Vec<(u8, std::ops::Range<usize>)> {
    let mut out: Vec<(u8, std::ops::Range<usize>)> = Vec::new();
    for (i, &label) in labels.iter().enumerate() {
        match (label, out.last_mut()) {
            (0, _) => {}
            (l, Some(last)) if l % 2 == 0 && last.0 == l - 1 && last.1.end == i => last.1.end = i + 1,
            (l, _) => out.push((if l % 2 == 0 { l - 1 } else { l }, i..i + 1)),
        }
    }
    out
}
