//! Small pieces of English that the finders share: verb groups, sources to
//! the left and right of a cue, what may stand between cue and content.

use std::ops::Range;

use firsthand_model::Upos;

use crate::lexicon::{Cue, lexicon};
use crate::view::View;

/// A cue verb at a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verb {
    pub(crate) cue: Cue,
    /// Its tokens: the verb, and its particle if it has one.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The cue verb at token `t`, if its word may be a verb here.
pub(crate) fn verb_at(view: &View<'_>, t: usize) -> Option<Verb> {
    let form = view.lower(t);
    let lexicon = lexicon();
    let particle = view.lower(t + 1);
    let (cue, end) = match lexicon.phrasal(form, particle) {
        Some((cue, _)) => (cue, t + 2),
        None => lexicon.verb(form).map(|(cue, _)| (cue, t + 1))?,
    };
    if !view.may_be_verb(t) {
        return None;
    }
    // "a report", "the claims": a noun.
    let before = t.checked_sub(1).map_or("", |p| view.lower(p));
    let noun = matches!(
        before,
        "a" | "an" | "the" | "this" | "that" | "his" | "her" | "their" | "its" | "of" | "in" | "for" | "on"
    );
    let ambiguous = !(form.ends_with("ed") || matches!(form, "said" | "told" | "wrote" | "says" | "tells"));
    (!(noun && ambiguous)).then_some(Verb { cue, start: t, end })
}

/// First token of the verb group that ends before `verb`: its auxiliaries,
/// adverbs and negation.
pub(crate) fn group_start(view: &View<'_>, verb: usize, floor: usize) -> usize {
    let lexicon = lexicon();
    let mut t = verb;
    while t > floor {
        let word = view.lower(t - 1);
        let adverb = lexicon.is("adverb", word)
            || (word.len() > 4 && word.ends_with("ly") && word.is_ascii())
            || view.upos(t - 1) == Some(Upos::Adv);
        if lexicon.is("auxiliary", word) || lexicon.is("negation", word) || adverb {
            // "its" clitics split off as "'s" belong to the noun before them.
            if word == "'s" && view.upos(t - 1) != Some(Upos::Aux) {
                break;
            }
            t -= 1;
        } else {
            break;
        }
    }
    t
}

/// Words no source begins beyond.
fn breaks(word: &str) -> bool {
    matches!(
        word,
        "that"
            | "but"
            | "while"
            | "although"
            | "because"
            | "when"
            | "if"
            | "whether"
            | "though"
            | "so"
            | "as"
            | "then"
            | "than"
            | "until"
            | "since"
            | ";"
            | ":"
            | "—"
            | "–"
            | "--"
            | "-"
            | "("
            | "."
            | "!"
            | "?"
            | "…"
            | "and"
            | "or"
            | "where"
            | "after"
            | "before"
            | "what"
            | "how"
    )
}

/// The noun phrase that ends before token `end`, not before `floor`: a
/// pronoun, or back to a clause boundary, over one apposition.
pub(crate) fn source_left(view: &View<'_>, end: usize, floor: usize) -> Option<Range<usize>> {
    if end > floor && view.lower(end - 1) == "," && view.lower(end) != "," {
        // "Ida Vale, the harbour master, said": step over the closing comma.
        let open = (floor..end - 1).rev().take(24).find(|&t| view.lower(t) == ",")?;
        let head = noun_start(view, open, floor)?;
        // A comma pair with a name or noun before it is an apposition.
        let named = (head..open).any(|t| starts_upper(view, t)) || view.lower(head) == "the";
        let relative = matches!(view.lower(open + 1), "who" | "which" | "whose");
        if !named && !relative {
            return None;
        }
        return Some(head..end - 1).filter(|r| !r.is_empty());
    }
    if end > floor && view.lower(end - 1) == ")" {
        // "the Royal Mounted Police (RMP) confirmed"
        let open = (floor..end - 1).rev().take(8).find(|&t| view.lower(t) == "(")?;
        let start = noun_start(view, open, floor)?;
        return Some(start..end);
    }
    let start = noun_start(view, end, floor)?;
    (start < end).then_some(start..end)
}

fn starts_upper(view: &View<'_>, t: usize) -> bool {
    view.word(t).starts_with(char::is_uppercase)
}

fn noun_start(view: &View<'_>, end: usize, floor: usize) -> Option<usize> {
    let mut t = end;
    let last = end.checked_sub(1).filter(|&l| l >= floor)?;
    if lexicon().is("pronoun", view.lower(last)) || view.lower(last) == "there" {
        return (view.lower(last) != "there").then_some(last);
    }
    while t > floor {
        let word = view.lower(t - 1);
        if word == "," || view.is_mark(t - 1) || view.quote(t - 1) != view.quote(last) {
            break;
        }
        if breaks(word) {
            // "the army and the police said": joined nouns; "…, and Ida said": joined clauses.
            let joins = matches!(word, "and" | "or")
                && t >= 2 + floor
                && view.lower(t - 2) != ","
                && !has_verb(view, floor.max(t.saturating_sub(7)), t - 1);
            if !joins {
                break;
            }
        }
        if end - t > 24 {
            return None;
        }
        t -= 1;
    }
    while t < end && (lexicon().is("adverb", view.lower(t)) || view.is_punct(t)) {
        t += 1;
    }
    (t < end).then_some(t)
}

fn has_verb(view: &View<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|t| match view.upos(t) {
        Some(u) => matches!(u, Upos::Verb | Upos::Aux),
        None => lexicon().verb(view.lower(t)).is_some() || lexicon().is("auxiliary", view.lower(t)),
    })
}

/// The noun phrase that begins at token `start` (after an inverted cue or
/// "according to"), up to `limit`.
pub(crate) fn source_right(view: &View<'_>, start: usize, limit: usize) -> Option<Range<usize>> {
    if start >= limit || view.is_punct(start) {
        return None;
    }
    if matches!(view.lower(start), "that" | "this" | "these" | "those" | "both" | "one") {
        return None;
    }
    if lexicon().is("pronoun", view.lower(start)) {
        return Some(start..start + 1);
    }
    let mut t = start;
    while t < limit && t - start < 32 {
        let word = view.lower(t);
        if view.is_mark(t) || matches!(word, "." | "!" | "?" | ";" | ":" | ")" | "—" | "–" | "--" | "(") {
            break;
        }
        if t > start {
            if matches!(
                word,
                "when"
                    | "while"
                    | "as"
                    | "after"
                    | "before"
                    | "because"
                    | "adding"
                    | "but"
                    | "if"
                    | "where"
                    | "there"
                    | "that"
            ) || lexicon().is("day", word)
            {
                break;
            }
            if matches!(word, "on" | "in")
                && (lexicon().is("day", view.lower(t + 1))
                    || matches!(view.lower(t + 1), "a" | "an" | "his" | "her" | "response"))
            {
                break;
            }
            if word == "," && !(apposition(view, t + 1, limit) && verbless(view, t + 1, limit)) {
                break;
            }
        }
        t += 1;
    }
    while t > start && view.lower(t - 1) == "," {
        t -= 1;
    }
    (t > start).then_some(start..t)
}

/// Whether no clause of its own begins after a comma: no verb up to the next
/// comma, but in a relative clause.
fn verbless(view: &View<'_>, start: usize, limit: usize) -> bool {
    let end = (start..limit).find(|&t| view.lower(t) == ",").unwrap_or(limit);
    matches!(view.lower(start), "who" | "whose" | "which")
        || !(start..end)
            .any(|t| matches!(view.upos(t), Some(Upos::Verb | Upos::Aux)) && !view.lower(t).ends_with("ing"))
}

/// Whether an apposition ("the harbour master", "a fisherman of 40", "who …")
/// begins at a token.
fn apposition(view: &View<'_>, t: usize, limit: usize) -> bool {
    let word = view.lower(t);
    let noun = matches!(
        word,
        "the"
            | "a"
            | "an"
            | "who"
            | "whose"
            | "which"
            | "of"
            | "his"
            | "her"
            | "their"
            | "one"
            | "head"
            | "director"
            | "chief"
            | "president"
            | "chairman"
    );
    let age = word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty() && word.len() <= 2;
    t < limit && (noun || age || (starts_upper(view, t) && view.lower(t + 1) != "said"))
}

/// Steps over what stands between a cue and its content: an addressee,
/// adverbs, a day, "in a statement", then a colon, comma or "that".
/// Gives the first token of the content, whether "that" was there, and the
/// addressee.
pub(crate) fn content_start(view: &View<'_>, verb: &Verb, limit: usize) -> (usize, bool, Option<Range<usize>>) {
    let mut t = verb.end;
    let that = (t..limit.min(t + 16)).find(|&k| view.lower(k) == "that" && view.quote(k) == view.quote(verb.start));
    let plain_gap = |range: Range<usize>| {
        range.clone().all(|k| !matches!(view.lower(k), "." | ";" | ":") && !view.is_mark(k))
            && !has_verb(view, range.start, range.end)
    };
    let mut addressee = None;
    if verb.cue.addressee && t < limit && !matches!(view.lower(t), "that" | "to" | ":" | ",") && !view.is_mark(t) {
        let end = match that.filter(|&k| k > t && plain_gap(t..k)) {
            Some(k) => k,
            None => addressee_end(view, t, limit),
        };
        if end > t {
            addressee = Some(t..end);
            t = end;
        }
    }
    if let Some(k) = that.filter(|&k| k >= t && plain_gap(t..k)) {
        return (k + 1, true, addressee);
    }
    // "on Monday", "in a statement", "late Tuesday".
    loop {
        let word = view.lower(t);
        if lexicon().is("day", word) || (lexicon().is("adverb", word) && view.upos(t).is_none_or(|u| u == Upos::Adv)) {
            t += 1;
        } else if matches!(word, "on" | "late" | "early") && lexicon().is("day", view.lower(t + 1)) {
            t += 2;
        } else if matches!(word, "in" | "on" | "during" | "at" | "to" | "by" | "via" | "through") {
            let end = (t + 1..limit.min(t + 8)).find(|&k| lexicon().is("medium", view.lower(k)));
            match end.filter(|&k| !has_verb(view, t + 1, k)) {
                Some(k) => t = k + 1,
                None => break,
            }
        } else {
            break;
        }
        if t >= limit {
            break;
        }
    }
    while t < limit && matches!(view.lower(t), "," | ":" | "that") {
        t += 1;
    }
    (t.min(limit), false, addressee)
}

/// End of a bare addressee: a pronoun, or a run of capitalised words and
/// their articles.
fn addressee_end(view: &View<'_>, start: usize, limit: usize) -> usize {
    let word = view.lower(start);
    if matches!(word, "me" | "us" | "him" | "them" | "her" | "you" | "it" | "reporters" | "journalists" | "lawmakers") {
        return start + 1;
    }
    let mut t = start;
    if matches!(word, "the" | "a" | "an" | "his" | "their" | "my" | "our") {
        t += 1;
    }
    if starts_upper(view, t) {
        while t < limit
            && t - start < 8
            && (starts_upper(view, t) || matches!(view.lower(t), "'s" | "of" | "news" | "agency"))
        {
            t += 1;
        }
        return t;
    }
    if t > start { (t + 1).min(limit) } else { start }
}
