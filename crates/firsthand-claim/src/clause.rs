//! Sentences cut into clauses: the pieces that single assertions stand in.
//!
//! Works on words and punctuation, and on part-of-speech tags where the
//! language stage gives them; a piece that has no verb stays with the piece
//! before it. Attribution frames ("the ministry said") are cut away by the
//! caller, who passes the stretch that is left.

use firsthand_model::{Tokens, Upos};
use firsthand_span::Span;

use crate::words::{Word, stem, words};

/// Words that open a clause wherever they stand, if a verb follows.
const OPENERS: &[&str] = &[
    "but", "while", "because", "when", "after", "before", "although", "though", "whereas", "until", "unless", "if",
    "where", "as",
];
/// Words that open a clause after a comma.
const AFTER_COMMA: &[&str] = &[
    "and",
    "or",
    "so",
    "since",
    "with",
    "leaving",
    "including",
    "nor",
    "yet",
    "then",
    "for",
    "not",
    "of",
    "among",
    "that",
];
/// Words that open a clause about the noun before them.
const RELATIVE: &[&str] = &["who", "which", "whose", "whom"];
const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "do", "does", "did", "will",
    "would", "can", "could", "may", "might", "must", "shall", "should", "isn't", "aren't", "wasn't", "weren't",
    "don't", "didn't", "doesn't", "won't", "can't", "couldn't", "cannot", "hasn't", "haven't", "hadn't",
];

/// Whether a word can be a verb: by its tag where there is one, by its form
/// otherwise.
pub(crate) fn is_verb(word: &Word, tokens: &Tokens) -> bool {
    let range = tokens.within(word.span);
    if !range.is_empty() {
        return range.into_iter().any(|i| matches!(tokens.upos.get(i), Some(Upos::Verb | Upos::Aux)));
    }
    let w = word.folded.as_str();
    AUXILIARIES.contains(&w)
        || (w.len() > 4 && w.ends_with("ed"))
        || (w.len() > 5 && w.ends_with("ing"))
        || crate::words::is_irregular_verb(w)
        || (w.len() > 3 && w.ends_with('s') && crate::words::class_of(&stem(w)).is_some())
}

/// Cuts a stretch of one sentence into clauses, in order. A relative clause
/// between commas is given beside the clause it interrupts.
pub(crate) fn clauses(text: &str, stretch: Span, tokens: &Tokens) -> Vec<Span> {
    let all = words(text, stretch);
    let Some((first, last)) = all.first().zip(all.last()) else { return Vec::new() };
    let verb: Vec<bool> = all.iter().map(|w| is_verb(w, tokens)).collect();
    let gap = |i: usize| Span { start: all[i - 1].span.end, end: all[i].span.start }.of(text);

    // Word indices at which a piece begins.
    let mut cuts = vec![0];
    let mut inner = Vec::new();
    let mut i = 1;
    while i < all.len() {
        let between = gap(i);
        let word = all[i].folded.as_str();
        let comma = between.contains(',');
        let hard = between.contains([';', '"', '“', '”', '«', '»', '—', '–'])
            || between.contains(" - ")
            || between.contains(": ");
        let rest_has_verb = || verb[i..].contains(&true);
        let since_cut = *cuts.last().unwrap_or(&0);
        if RELATIVE.contains(&word) && comma {
            // Up to the comma that closes it, or to the end.
            let close = (i + 1..all.len()).find(|&j| gap(j).contains(',') && verb[i..j].contains(&true));
            let end = close.unwrap_or(all.len());
            inner.push(Span { start: all[i].span.start, end: all[end - 1].span.end });
            if close.is_none() {
                cuts.push(i);
            }
            i = end;
            continue;
        }
        let next = all.get(i + 1).map_or("", |w| w.folded.as_str());
        let measured = word == "as"
            && matches!(
                next,
                "many"
                    | "much"
                    | "early"
                    | "late"
                    | "well"
                    | "few"
                    | "of"
                    | "long"
                    | "soon"
                    | "far"
                    | "little"
                    | "big"
                    | "large"
            );
        let second_as = word == "as" && i >= 2 && all[i - 2].folded == "as";
        let counted = || all[since_cut..i].iter().any(Word::is_number);
        let opens = hard
            || (OPENERS.contains(&word) && !measured && !second_as && rest_has_verb())
            || (comma && AFTER_COMMA.contains(&word))
            || (comma && word.ends_with("ing") && verb[i] && counted())
            || (word == "and" && verb[since_cut..i].contains(&true) && verb_before_next_and(&all, &verb, i));
        if opens {
            cuts.push(i);
        }
        i += 1;
    }
    cuts.dedup();

    // A piece without a verb goes with the one before it.
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for (n, &from) in cuts.iter().enumerate() {
        let to = cuts.get(n + 1).copied().unwrap_or(all.len());
        let counts = all[from..to].iter().any(Word::is_number);
        match pieces.last_mut() {
            Some(piece) if !verb[from..to].contains(&true) && !(counts && gap(from).contains(',')) => piece.1 = to,
            Some(piece)
                if !verb[piece.0..piece.1].contains(&true) && !all[piece.0..piece.1].iter().any(Word::is_number) =>
            {
                piece.1 = to;
            }
            _ => pieces.push((from, to)),
        }
    }
    let mut out: Vec<Span> = pieces
        .into_iter()
        .map(|(from, to)| {
            let lead = all[from..to]
                .iter()
                .take(to - from - 1)
                .take_while(|w| {
                    !first_words(&all, from)
                        && matches!(
                            w.folded.as_str(),
                            "and"
                                | "but"
                                | "that"
                                | "or"
                                | "so"
                                | "while"
                                | "as"
                                | "after"
                                | "before"
                                | "when"
                                | "then"
                        )
                })
                .count();
            Span { start: all[from + lead].span.start, end: all[to - 1].span.end }
        })
        .collect();
    if out.is_empty() {
        out.push(first.span.cover(last.span));
    }
    out.extend(inner);
    out.sort_unstable();
    out.dedup();
    out
}

/// "as many as", which is part of a figure.
fn first_words(all: &[Word], from: usize) -> bool {
    all[from].folded == "as" && all.get(from + 1).is_some_and(|w| matches!(w.folded.as_str(), "many" | "much" | "few"))
}

/// Whether a verb follows before the next "and": "X was found and Y was held"
/// cuts, "X and Y were held" does not.
fn verb_before_next_and(all: &[Word], verb: &[bool], at: usize) -> bool {
    let end = (at + 1..all.len()).find(|&j| all[j].folded == "and").unwrap_or(all.len());
    verb[at..end].contains(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        clauses(text, Span::new(0, text.len()), &Tokens::default()).into_iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn coordinated_clauses_part() {
        assert_eq!(
            cut("Ten people were hurt and about 30 were missing after a wall collapsed"),
            ["Ten people were hurt", "about 30 were missing", "a wall collapsed"]
        );
        assert_eq!(cut("The mayor and the bishop were seen"), ["The mayor and the bishop were seen"]);
    }

    #[test]
    fn a_relative_clause_stands_beside_what_it_interrupts() {
        assert_eq!(
            cut("Captain Orn, who has sailed for ten years, is missing"),
            ["Captain Orn, who has sailed for ten years, is missing", "who has sailed for ten years"]
        );
    }

    #[test]
    fn nothing_panics_on_odd_text() {
        for text in ["", " ", "…", "and", "and and and", "“", "12", "who", ", who"] {
            cut(text);
        }
    }
}
