//! What the words around a name and in it say against the model's label: ages
//! are people's, a lawyer's apposition names a person, "Hydro" ends companies.

use std::collections::BTreeMap;
use std::ops::Range;

use firsthand_model::EntityKind;
use firsthand_name::{TitleKind, given_gender, is_country, title};
use firsthand_span::fold;

use rustc_hash::FxHashSet;

use super::Words;
use super::mentions::Name;
use crate::coref::nouns::noun;

/// Words of one name that a pattern takes for a person's.
const MOST: usize = 4;
/// Words between a noun for a person and the comma: "the mayor of Upper Brel,".
const NOUN_BACK: usize = 7;

/// Last words of names of companies and institutions that a model takes for
/// people or places; `true`: also where it says place.
const BODIES: [(&str, bool); 44] = [
    ("Agency", true),
    ("Airlines", true),
    ("Airways", true),
    ("Bank", false),
    ("Capital", false),
    ("Courier", true),
    ("Energy", false),
    ("Ferries", true),
    ("Foundation", true),
    ("Gas", false),
    ("Gazette", true),
    ("Group", true),
    ("Herald", true),
    ("Holding", true),
    ("Holdings", true),
    ("Hospital", true),
    ("Hydro", true),
    ("Industries", true),
    ("Institute", true),
    ("Insurance", true),
    ("Lines", false),
    ("Logistics", true),
    ("Media", true),
    ("Ministry", true),
    ("Motors", true),
    ("Network", true),
    ("News", true),
    ("Observer", true),
    ("Oil", false),
    ("Partners", true),
    ("Petroleum", true),
    ("Pharma", true),
    ("Police", true),
    ("Power", false),
    ("Press", true),
    ("Railways", true),
    ("Shipping", true),
    ("Steel", false),
    ("Telecom", true),
    ("Telegraph", true),
    ("Times", true),
    ("Tribune", true),
    ("University", true),
    ("Watch", false),
];

fn body(words: &Words<'_>, tokens: &Range<usize>) -> Option<bool> {
    let last = tokens.clone().next_back().filter(|_| tokens.len() > 1)?;
    let word = words.words.get(last)?;
    BODIES.binary_search_by_key(word, |b| b.0).ok().and_then(|i| BODIES.get(i)).map(|b| b.1)
}

/// Whether a person's name is a company's: "Brel Hydro", "Tamsin Lines".
pub(super) fn is_company(words: &Words<'_>, tokens: &Range<usize>) -> bool {
    body(words, tokens).is_some()
}

/// Whether a place's name is an institution's: "Brel District Hospital".
pub(super) fn is_institution(words: &Words<'_>, tokens: &Range<usize>) -> bool {
    body(words, tokens) == Some(true) || tokens.clone().skip(1).any(|t| words.words.get(t) == Some(&"Trading"))
}

/// Whether an organisation's name is a river's or a mountain's: "River Brel".
pub(super) fn is_land(words: &Words<'_>, tokens: &Range<usize>) -> bool {
    tokens.len() == 2
        && words.words.get(tokens.start).is_some_and(|w| matches!(*w, "River" | "Lake" | "Mount" | "Cape" | "Strait"))
}

/// "Mara Vessik" where the model saw "Vessik": a known given name stands right
/// before, in the same sentence, and is no name of its own.
pub(super) fn take_given(words: &Words<'_>, names: &mut [Name]) {
    let mut free = 0;
    for name in names.iter_mut() {
        let start = name.tokens.start;
        let at = words.sentences.partition_point(|s| s.end <= start);
        let floor = words.sentences.get(at).map_or(start, |s| s.start).max(free);
        free = name.tokens.end;
        if name.kind != EntityKind::Person || name.tokens.len() != 1 || start <= floor {
            continue;
        }
        let before = words.words.get(start - 1).copied().unwrap_or("");
        if before.starts_with(char::is_uppercase) && given_gender(&fold(before)).is_some() {
            name.tokens.start = start - 1;
        }
    }
}

/// Drops what is a name only by the capital that opens a sentence: one word
/// that the text also writes small ("Coast guard refuses").
pub(super) fn drop_openers(words: &Words<'_>, names: &mut Vec<Name>) {
    let opens = |t: usize| {
        let at = words.sentences.partition_point(|s| s.end <= t);
        words.sentences.get(at).is_some_and(|s| s.start == t)
    };
    let suspect = |n: &Name| {
        n.tokens.len() == 1
            && opens(n.tokens.start)
            && words.words.get(n.tokens.start + 1).is_some_and(|w| {
                w.starts_with(char::is_lowercase) && noun(w).is_some_and(|n| n.kind == EntityKind::Organisation)
            })
    };
    if !names.iter().any(suspect) {
        return;
    }
    let small: FxHashSet<&str> = words.words.iter().copied().filter(|w| w.starts_with(char::is_lowercase)).collect();
    names.retain(|n| {
        !suspect(n) || !words.words.get(n.tokens.start).is_some_and(|w| small.contains(w.to_lowercase().as_str()))
    });
}

/// A person's name without the lower-case words that the model took in before
/// it ("plucky gran Ida Vale") and the country after it ("Ida Vale of Norway").
pub(super) fn person_bounds(words: &Words<'_>, tokens: Range<usize>) -> Range<usize> {
    let word = |t: usize| words.words.get(t).copied().unwrap_or("");
    let particle = |w: &str| {
        w.chars().count() <= 3
            || matches!(w, "della" | "dela" | "delle" | "degli" | "dalla" | "bint" | "zur" | "abu" | "ould")
            || w.contains(['-', '\'', '’'])
            || w.chars().next().is_none_or(|c| !c.is_lowercase())
    };
    let mut start = tokens.start;
    for t in tokens.clone() {
        if !particle(word(t)) && t + 2 < tokens.end {
            start = t + 1;
        }
    }
    // "Pensioner Ida Vale": a noun at the head of a sentence.
    while start + 2 < tokens.end && is_role(word(start)) && title(&fold(word(start))).is_none() {
        start += 1;
    }
    let of = (start + 2..tokens.end).find(|&t| word(t) == "of");
    let end = of
        .filter(|&t| {
            let rest: Vec<String> = (t + 1..tokens.end).map(|k| fold(word(k))).collect();
            is_country(&rest.join(" "))
        })
        .unwrap_or(tokens.end);
    start..end
}

/// A name that runs over a quotation mark ("“Brel Hydro” R. Holt") is what
/// stands after the last one inside it.
pub(super) fn unquoted(words: &Words<'_>, tokens: Range<usize>) -> Range<usize> {
    let mark = |t: &usize| words.words.get(*t).is_some_and(|w| matches!(*w, "”" | "“" | "\"" | "»" | "«" | "„"));
    match tokens.clone().rfind(mark) {
        Some(t) if t > tokens.start && t + 1 < tokens.end => t + 1..tokens.end,
        _ => tokens,
    }
}

/// A noun or title for one person.
pub(super) fn is_role(word: &str) -> bool {
    let folded = fold(word);
    noun(&folded).is_some_and(|n| n.kind == EntityKind::Person && !n.plural)
        || matches!(title(folded.trim_end_matches('.')), Some(TitleKind::Office | TitleKind::Rank))
}

/// Names of one word that were taken for an organisation's and stand "in" or
/// "near" often enough to be a place's, folded.
pub(super) fn placed(words: &Words<'_>, names: &[Name]) -> Vec<String> {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for name in names.iter().filter(|n| n.kind == EntityKind::Organisation && n.tokens.len() == 1) {
        let word = words.words.get(name.tokens.start).copied().unwrap_or("");
        if word.chars().skip(1).any(char::is_uppercase) {
            continue;
        }
        let before = name.tokens.start.checked_sub(1).and_then(|t| words.words.get(t)).copied().unwrap_or("");
        let count = counts.entry(fold(word)).or_default();
        count.0 += 1;
        let office = || name.tokens.start.checked_sub(2).and_then(|t| words.words.get(t)).is_some_and(|w| is_role(w));
        count.1 += u32::from(matches!(before, "in" | "near" | "In") || (before == "of" && office()));
    }
    counts.into_iter().filter(|(_, (all, inside))| inside * 3 >= *all && *inside > 0).map(|(name, _)| name).collect()
}

/// Finds people that the model missed or took for something else: "Ida Vale,
/// 61," and "their lawyer, Ida Vale, said".
pub(super) fn people(words: &Words<'_>, names: &mut Vec<Name>) {
    let word = |t: usize| words.words.get(t).copied().unwrap_or("");
    let capital = |t: usize| {
        let mut letters = word(t).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for sentence in &words.sentences {
        let mut t = sentence.start;
        while t < sentence.end {
            if !capital(t) {
                t += 1;
                continue;
            }
            let mut end = t;
            while end < sentence.end && capital(end) {
                end += 1;
            }
            let mut start = t;
            t = end;
            while end - start > 2 && is_role(word(start)) {
                start += 1;
            }
            let run = start..end;
            if !(2..=MOST).contains(&run.len()) || word(end) != "," || is_role(word(start)) || end + 1 >= sentence.end {
                continue;
            }
            let age = word(end + 1).parse::<u8>().is_ok_and(|n| (10..=110).contains(&n))
                && matches!(word(end + 2), "," | "." | ";" | ")" | "");
            if age || apposed(words, sentence, &run) || titled(words, sentence, &run) {
                found.push(run);
            }
        }
    }
    for run in found {
        let whole = run.clone().map(|t| fold(word(t))).collect::<Vec<_>>().join(" ");
        if is_country(&whole) || body(words, &run).is_some() {
            continue;
        }
        let from = names.partition_point(|n| n.tokens.end <= run.start);
        let to = names.partition_point(|n| n.tokens.start < run.end);
        let outside = names
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .any(|n| n.tokens.start < run.start || n.tokens.end > run.end);
        if !outside {
            names.splice(from..to, [Name { kind: EntityKind::Person, tokens: run }]);
        }
    }
}

/// "the head of the department Ida Vale, who": after an office in lower case.
fn titled(words: &Words<'_>, sentence: &Range<usize>, run: &Range<usize>) -> bool {
    let word = |t: usize| words.words.get(t).copied().unwrap_or("");
    let floor = sentence.start.max(run.start.saturating_sub(NOUN_BACK));
    let lower = |t: usize| word(t).starts_with(char::is_lowercase) && word(t).chars().all(char::is_alphabetic);
    let from = (floor..run.start).rev().take_while(|&t| lower(t)).last().unwrap_or(run.start);
    // The office may open the sentence.
    let from = if from > floor && is_role(word(from - 1)) { from - 1 } else { from };
    word(run.end + 1) == "who"
        && (from..run.start).any(|t| is_role(word(t)) && word(t + 1) == "of")
        && word(run.start.saturating_sub(1)) != "of"
}

/// "the mayor of Brel, Ida Vale,": between commas, after a noun for a person.
fn apposed(words: &Words<'_>, sentence: &Range<usize>, run: &Range<usize>) -> bool {
    let word = |t: usize| words.words.get(t).copied().unwrap_or("");
    let Some(comma) = run.start.checked_sub(1).filter(|&c| c > sentence.start && word(c) == ",") else { return false };
    let floor = sentence.start.max(comma.saturating_sub(NOUN_BACK));
    let noun_at = (floor..comma).rev().find(|&t| is_role(word(t)) && word(t).starts_with(char::is_lowercase));
    let Some(at) = noun_at else { return false };
    // Only "of …", "for …" may hang on the noun.
    let hangs = at + 1 == comma || matches!(word(at + 1), "of" | "for" | "in" | "at");
    let clear = (at + 1..comma).all(|t| word(t).chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')));
    // A list ("the mayor, Ida Vale, Bram Holt and …") tells as much; a second
    // noun phrase in capitals after a plural does not reach here.
    hangs && clear
}
