//! Titles and appositions: what persons are, and whom descriptions mean.

use firsthand_model::{EntityKind, MentionKind, Reason, Upos};
use firsthand_name::{TitleKind, title};
use firsthand_span::fold;

use super::naming::Draft;
use super::nouns::noun;
use super::view::Look;

/// Words before a name that can be part of its role.
const REACH: usize = 8;

/// Gives entities their roles, and descriptions in apposition their entity.
pub(super) fn attach(look: &Look<'_>, drafts: &mut [Draft], of: &mut [Option<usize>]) {
    let upos = &look.analysis.tokens.upos;
    for i in 0..look.items.len() {
        let item = &look.items[i];
        let (Some(d), MentionKind::Name) = (of[i], item.kind) else { continue };
        let sentence = &look.analysis.sentences[item.sentence].tokens;
        let (floor, ceiling) = (sentence.start as usize, sentence.end as usize);
        if drafts[d].is_person() {
            // "Health Minister Dana Orlo", "ministry spokeswoman Irena Dolsk".
            let plain = firsthand_name::without_titles(look.words(item.tokens.clone()));
            let first = item.tokens.clone().find(|&t| {
                plain.starts_with(look.analysis.tokens.word(t, look.text))
                    && title(&fold(look.analysis.tokens.word(t, look.text))).is_none()
            });
            let name = first.unwrap_or(item.tokens.start);
            let mut start = item.tokens.start;
            let is_role = |t: usize| {
                let word = look.lower[t].trim_end_matches('.');
                matches!(title(word), Some(TitleKind::Office | TitleKind::Rank))
                    || noun(word).is_some_and(|n| n.kind == EntityKind::Person)
            };
            let led = start < name || (start > floor && is_role(start - 1));
            if led {
                while start > floor
                    && name - start < REACH
                    && (matches!(upos[start - 1], Upos::Noun | Upos::Propn | Upos::Adj)
                        || (look.lower[start - 1] == "-" && start > floor + 1))
                {
                    start -= 1;
                }
            }
            if start < name {
                let role = look.words(start..name);
                if (start..name).any(is_role) {
                    drafts[d].role(role);
                }
                drafts[d].variant(look.words(start..item.tokens.end));
            }
        }
        // "Dana Orlo, the health minister," and "Ostmar Hydro, the company that ...".
        let comma = |t: usize| look.lower.get(t).is_some_and(|w| w == ",");
        if comma(item.tokens.end) && item.tokens.end + 1 < ceiling {
            let after = (i + 1..look.items.len())
                .take_while(|&j| look.items[j].tokens.start <= item.tokens.end + 1)
                .find(|&j| {
                    look.items[j].tokens.start == item.tokens.end + 1 && look.items[j].kind == MentionKind::Description
                });
            if let Some(j) = after
                && of[j].is_none()
                && apposed(look, &drafts[d], j, ceiling)
            {
                join(look, drafts, of, d, j);
            }
        }
        // "Minister of Emergencies Dana Orlo".
        let beside = (0..i).rev().take(6).find(|&j| {
            let o = &look.items[j];
            o.tokens.end == item.tokens.start && o.kind == MentionKind::Description && o.mention.is_some()
        });
        if let Some(j) = beside
            && of[j].is_none()
            && drafts[d].is_person()
            && look.items[j].entity_kind == Some(EntityKind::Person)
            && !look.items[j].plural
            && look.items[j].tokens.clone().any(|t| matches!(look.lower[t].as_str(), "of" | "for"))
        {
            join(look, drafts, of, d, j);
            let both = look.words(look.items[j].tokens.start..item.tokens.end);
            drafts[d].variant(both);
        }
        // "the health minister, Dana Orlo".
        if item.tokens.start > floor + 1 && comma(item.tokens.start - 1) {
            let before = (0..i).rev().take(6).find(|&j| {
                look.items[j].tokens.end == item.tokens.start - 1
                    && look.items[j].kind == MentionKind::Description
                    && look.items[j].mention.is_some()
                    && look.items[j].entity_kind == drafts[d].kind
            });
            if let Some(j) = before
                && of[j].is_none()
                && look.items[j].mention.is_some()
                && look.items[j].entity_kind == drafts[d].kind
                && !look.items[j].plural
                && (look.items[j].definite || has_possessive(look, j) || closed(look, item.tokens.end))
                // After a list comma no apposition: "the minister, Orlo and Pell".
                && look.lower.get(item.tokens.end).is_none_or(|w| w != "and")
            {
                join(look, drafts, of, d, j);
                let both = look.words(look.items[j].tokens.start..item.tokens.end);
                drafts[d].variant(both);
            }
        }
    }
}

/// "a taxi driver, Dana Orlo, waiting": the apposition has its second comma.
fn closed(look: &Look<'_>, end: usize) -> bool {
    look.lower.get(end).is_some_and(|w| w == ",")
        && look.lower.get(end + 1).is_some_and(|w| !matches!(w.as_str(), "and" | "or" | "a" | "an"))
}

fn has_possessive(look: &Look<'_>, j: usize) -> bool {
    look.items[j].tokens.clone().any(|t| matches!(look.lower[t].as_str(), "'s" | "’s"))
}

/// Whether a description after a name and a comma stands for the name.
fn apposed(look: &Look<'_>, draft: &Draft, j: usize, ceiling: usize) -> bool {
    let item = &look.items[j];
    if item.plural || item.mention.is_none() {
        return false;
    }
    let fits = matches!(
        (draft.kind, item.entity_kind),
        (Some(EntityKind::Person), Some(EntityKind::Person))
            | (Some(EntityKind::Organisation), Some(EntityKind::Organisation))
    );
    if let (Some(a), Some(b)) = (draft.gender, item.gender)
        && a != b
    {
        return false;
    }
    let next = look.lower.get(item.tokens.end).map(String::as_str);
    let closed = item.tokens.end >= ceiling
        || matches!(
            next,
            Some(
                "," | "." | ";" | ")" | ":" | "who" | "that" | "which" | "and" | "in" | "at" | "for" | "with" | "from"
            )
        );
    fits && closed
}

fn join(look: &Look<'_>, drafts: &mut [Draft], of: &mut [Option<usize>], d: usize, j: usize) {
    of[j] = Some(d);
    let item = &look.items[j];
    let words = look.words(item.tokens.clone());
    let draft = &mut drafts[d];
    draft.items.push(j);
    draft.role(without_determiner(words));
    draft.variant(words);
    draft.gender = draft.gender.or(item.gender);
    if draft.why.len() < 8 {
        draft.why.push(Reason::new("apposition", words.to_owned()));
    }
}

/// A description without its article.
pub(super) fn without_determiner(words: &str) -> &str {
    let mut rest = words;
    while let Some((first, more)) = rest.split_once(' ') {
        match first.to_lowercase().as_str() {
            "the" | "a" | "an" | "this" | "that" | "these" | "those" | "some" | "one" => rest = more.trim_start(),
            _ => break,
        }
    }
    rest
}
