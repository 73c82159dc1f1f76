//! Words that bound or loosen a figure, and the bounds they make.

use std::sync::LazyLock;

use firsthand_model::{Approx, Bound};
use rustc_hash::FxHashMap;

use crate::lex::Lexed;

struct Phrase {
    words: Vec<&'static str>,
    approx: Approx,
}

#[derive(Default)]
struct Table {
    /// Before the number, by last word; longer ones first.
    before: FxHashMap<&'static str, Vec<Phrase>>,
    /// After it, by first word; longer ones first.
    after: FxHashMap<&'static str, Vec<Phrase>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for row in include_str!("../data/hedges.tsv").lines().filter(|l| !l.starts_with('#')) {
        let mut fields = row.split('\t');
        let (Some(phrase), Some(approx), Some(side)) =
            (fields.next(), fields.next().and_then(Approx::parse), fields.next())
        else {
            continue;
        };
        let words: Vec<&'static str> = phrase.split(' ').collect();
        let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { continue };
        let list = if side == "before" { table.before.entry(last) } else { table.after.entry(first) }.or_default();
        let at = list.partition_point(|p| p.words.len() >= words.len());
        list.insert(at, Phrase { words, approx });
    }
    table
});

/// Words between a hedge and its number that change nothing: "at least another 12".
fn neutral(word: &str) -> bool {
    matches!(
        word,
        "another"
            | "just"
            | "only"
            | "exactly"
            | "additional"
            | "further"
            | "even"
            | "perhaps"
            | "possibly"
            | "maybe"
            | "record"
    )
}

/// The hedge that ends right before piece `i`, and its first piece. Of several
/// ("at least about two million") the one that bounds wins over "about".
pub(crate) fn before(lx: &Lexed<'_>, i: usize) -> Option<(Approx, usize)> {
    let mut found: Option<(Approx, usize)> = None;
    let mut at = i;
    while at > 0 {
        let matched = TABLE.before.get(lx.before(at, 1)).and_then(|list| {
            list.iter().find_map(|p| {
                let first = at.checked_sub(p.words.len())?;
                lx.has(first, &p.words).then_some((p.approx, first))
            })
        });
        // "takes over about 7000": a particle.
        let matched = matched.filter(|(_, first)| found.is_none() || lx.w(*first) != "over" || at - first > 1);
        if let Some((approx, first)) = matched {
            let keep = match found {
                Some((had, _)) if had != Approx::About => had,
                _ => approx,
            };
            found = Some((keep, first));
            at = first;
        } else if i - at < 2 && neutral(lx.before(at, 1)) && found.is_none() {
            at -= 1;
        } else {
            break;
        }
    }
    found
}

/// The hedge that starts at piece `i`, and the piece after it.
pub(crate) fn after(lx: &Lexed<'_>, i: usize) -> Option<(Approx, usize)> {
    let list = TABLE.after.get(lx.w(i))?;
    list.iter().find(|p| lx.has(i, &p.words)).map(|p| (p.approx, i + p.words.len()))
}

/// The ends that a hedge gives a plain number: only what the words say.
pub(crate) fn bounds(value: f64, approx: Approx) -> (Option<Bound>, Option<Bound>) {
    let end = |inclusive| Some(Bound { value, inclusive });
    match approx {
        Approx::None => (end(true), end(true)),
        Approx::AtLeast => (end(true), None),
        Approx::Over => (end(false), None),
        Approx::AtMost | Approx::UpTo => (None, end(true)),
        Approx::Nearly | Approx::LessThan => (None, end(false)),
        Approx::About | Approx::Between | Approx::Vague => (None, None),
    }
}
