//! One body under several names: "State police", "Marenian State Police" and a
//! police superintendent; a health minister and the health ministry.
//!
//! Only names with a word for an office are compared, and only inside one
//! cluster: the shorter name's words must all stand in the longer one, and in
//! no other name of the cluster that differs from it.

use std::collections::BTreeSet;

use firsthand_model::{Reason, Why};
use firsthand_span::fold_words;

use crate::item::Item;
use crate::origin::{End, VAGUE, Who, name_key, role_stem};

/// Words for bodies that speak through many mouths, as stems.
const BODIES: &[&str] = &[
    "minist",
    "polic",
    "prosecut",
    "guard",
    "army",
    "militar",
    "government",
    "governor",
    "parliament",
    "court",
    "hospital",
    "authorit",
    "council",
    "mayor",
    "navy",
    "fire",
    "rescu",
    "agency",
    "commission",
];
/// Ranks that only police have.
const POLICE: &[&str] = &["superintendent", "constable", "sergeant", "detective", "inspector"];
/// Words after which a person's own name begins.
const TITLES: &[&str] = &[
    "minister",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "chief",
    "superintendent",
    "constable",
    "sergeant",
    "detective",
    "inspector",
    "governor",
    "mayor",
    "prosecutor",
    "commander",
    "secretary",
];

/// The words of a name that say which office speaks, none where it names none.
fn office(name: &str) -> BTreeSet<String> {
    let key = name_key(name);
    let words: Vec<&str> = key.split_whitespace().collect();
    // "minister of health Ann Bo" keeps the word after its "of"; others end at the title.
    let of = fold_words(name).iter().any(|w| w == "of" || w == "for");
    let title = words.iter().position(|w| TITLES.contains(w)).map(|i| i + 1 + usize::from(of));
    let mut out: BTreeSet<String> = words
        .iter()
        .take(title.unwrap_or(words.len()))
        .map(|w| if POLICE.contains(w) { "polic".to_owned() } else { body(w) })
        .filter(|w| !TITLES.contains(&w.as_str()) && !VAGUE.contains(&w.as_str()))
        .collect();
    if !out.iter().any(|w| BODIES.contains(&w.as_str())) {
        out.clear();
    }
    out
}

/// The stem of a word, one for all words of a body.
fn body(word: &str) -> String {
    let known = ["polic", "prosecut", "authorit", "governor"].into_iter().find(|b| word.starts_with(b));
    known.map_or_else(|| role_stem(word), str::to_owned)
}

/// Makes one end of the ends of a cluster that name one office.
pub(crate) fn unite(
    who: &Who<'_>,
    items: &[Item<'_>],
    members: &[usize],
    own: &[bool],
    ends: &mut [End],
    reasons: &mut [Why],
) {
    let mut known: Vec<(End, BTreeSet<String>, String)> = Vec::new();
    for (i, end) in ends.iter().enumerate() {
        if own[i] || known.iter().any(|(e, ..)| e == end) {
            continue;
        }
        let name = match end {
            End::Entity(id) => who.entity(*id).map(|e| e.name.clone()).unwrap_or_default(),
            End::Named(key) => items[members[i]].claim.voice.last().map_or_else(|| key.clone(), |v| v.name.clone()),
            _ => continue,
        };
        let words = office(&name);
        if !words.is_empty() {
            known.push((end.clone(), words, name));
        }
    }
    known.sort();
    // Each name goes to the longest that holds it, unless two that differ do.
    let target: Vec<usize> = known
        .iter()
        .enumerate()
        .map(|(i, (_, words, _))| {
            let holds: Vec<usize> =
                (0..known.len()).filter(|&j| known[j].1.is_superset(words) && known[j].1.len() > words.len()).collect();
            let longest = holds.iter().copied().max_by_key(|&j| (known[j].1.len(), std::cmp::Reverse(j)));
            let same = (0..known.len()).find(|&j| known[j].1 == *words).unwrap_or(i);
            match longest {
                Some(top) if holds.iter().all(|&j| known[j].1.is_subset(&known[top].1)) => {
                    (0..known.len()).find(|&j| known[j].1 == known[top].1).unwrap_or(top)
                }
                _ => same,
            }
        })
        .collect();
    for (i, end) in ends.iter_mut().enumerate() {
        let Some(k) = known.iter().position(|(e, ..)| e == end) else { continue };
        let to = target[k];
        if to != k {
            *end = known[to].0.clone();
            reasons[i].push(Reason::new("same-office", format!("{} and {}", known[k].2, known[to].2)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_known_by_its_words() {
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(office("Superintendent Ulo Varr"), set(&["polic"]));
        assert_eq!(office("police spokesman Ulo Varr"), set(&["polic"]));
        assert!(office("Tarnish State Police").contains("polic"));
        assert_eq!(office("Ulo Varr"), set(&[]));
        assert_eq!(office("the health ministry"), office("Health Minister Ana Ulm"));
        assert_ne!(office("the health ministry"), office("the interior ministry"));
    }
}
