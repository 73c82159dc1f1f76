//! What a head noun refers to.

use std::sync::LazyLock;

use firsthand_model::{EntityKind, Gender};
use rustc_hash::FxHashMap;

/// What a noun says of what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noun {
    pub(crate) kind: EntityKind,
    pub(crate) gender: Option<Gender>,
    /// Stands for several people.
    pub(crate) plural: bool,
}

static NOUNS: LazyLock<FxHashMap<&'static str, Noun>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for line in include_str!("data/nouns.tsv").lines().filter(|l| !l.starts_with('#')) {
        let Some((kind, list)) = line.split_once('\t') else { continue };
        let kind = match kind {
            "person" => EntityKind::Person,
            "org" => EntityKind::Organisation,
            "group" => EntityKind::Group,
            _ => EntityKind::Document,
        };
        for entry in list.split('|') {
            let (word, mark) = match entry.rsplit_once(' ') {
                Some((word, mark)) if mark.len() == 1 => (word, mark),
                _ => (entry, ""),
            };
            let gender = match mark {
                "f" => Some(Gender::Female),
                "m" => Some(Gender::Male),
                _ => None,
            };
            out.entry(word).or_insert(Noun { kind, gender, plural: mark == "s" || kind == EntityKind::Group });
        }
    }
    out
});

/// The entry of a noun, by its lower-case form: singular or listed plural.
pub(crate) fn noun(lower: &str) -> Option<Noun> {
    if let Some(noun) = NOUNS.get(lower) {
        return Some(*noun);
    }
    let singular = lower.strip_suffix('s')?;
    let found = NOUNS.get(singular).or_else(|| NOUNS.get(singular.strip_suffix('e')?))?;
    Some(match found.kind {
        EntityKind::Person => Noun { kind: EntityKind::Group, gender: found.gender, plural: true },
        _ => Noun { plural: true, ..*found },
    })
}

/// A pronoun: gender, number, person; `None` for other words.
pub(crate) fn pronoun(lower: &str) -> Option<Pronoun> {
    use Pronoun::*;
    Some(match lower {
        "he" | "him" | "his" | "himself" => He,
        "she" | "her" | "hers" | "herself" => She,
        "they" | "them" | "their" | "theirs" | "themselves" => They,
        "it" | "its" | "itself" => It,
        "who" | "whom" | "whose" => Who,
        "i" | "me" | "my" | "mine" | "myself" => I,
        "we" | "us" | "our" | "ours" | "ourselves" => We,
        _ => return None,
    })
}

/// The pronouns that are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pronoun {
    He,
    She,
    They,
    It,
    Who,
    I,
    We,
}
