//! What the words around a name and in it say against the model's label: ages
//! are people's, a lawyer's apposition names a person, "Hydro" ends companies.

use std::ops::Range;

use firsthand_model::EntityKind;
use firsthand_name::{TitleKind, is_country, title};
use firsthand_span::fold;

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
    body(words, tokens) == Some(true)
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

/// A noun or title for one person.
fn is_role(word: &str) -> bool {
    let folded = fold(word);
    noun(&folded).is_some_and(|n| n.kind == EntityKind::Person && !n.plural)
        || matches!(title(folded.trim_end_matches('.')), Some(TitleKind::Office | TitleKind::Rank))
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
            if age || apposed(words, sentence, &run) {
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
