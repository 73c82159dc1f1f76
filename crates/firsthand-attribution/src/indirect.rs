//! Indirect and mixed speech by rule: "S said (that) T", "T, S said",
//! "according to S, T", "T, reportedly".

use std::ops::Range;

use firsthand_model::{AttributionClass, Reason};
use firsthand_span::Span;

use crate::found::Found;
use crate::lexicon::{After, Cue, lexicon};
use crate::rules::{Verb, content_start, group_start, source_left, source_right, verb_at};
use crate::view::View;

/// Finds indirect speech in one utterance. `taken` tells cue tokens that
/// direct speech has used.
pub(crate) fn indirect(view: &View<'_>, utterance: &Range<usize>, taken: &dyn Fn(usize) -> bool, out: &mut Vec<Found>) {
    let end = trim_end(view, utterance.clone());
    for t in utterance.start..end {
        if taken(t) {
            continue;
        }
        phrase(view, t, utterance.start, end, out);
        let Some(verb) = verb_at(view, t) else { continue };
        if verb.cue.class == AttributionClass::Intention || verb.cue.predicative {
            continue;
        }
        // Inside a quotation the utterance is what the quotation holds of it.
        let (floor, ceiling) = bounds(view, t, utterance.start, end);
        let group = group_start(view, t, floor);
        let (start, that, addressee) = content_start(view, &verb, ceiling);
        if let Some(found) = parenthesis(view, &verb, group, floor, ceiling) {
            out.push(found);
            continue;
        }
        let clause = start < ceiling && (that || (verb.cue.plain && has_verb(view, start, ceiling)));
        let boundary = view.lower(start.saturating_sub(1)) == "," && !that;
        if clause && !boundary {
            let Some(source) = source_left(view, group, floor) else { continue };
            let content = view.bytes(start..content_end(view, start, ceiling));
            out.push(make(
                view,
                verb.start..verb.end,
                verb.cue,
                Some(source),
                vec![content],
                if that { "says-that" } else { "says-clause" },
            ));
        } else if verb.cue.plain && tail_only(view, start.max(verb.end), ceiling) {
            // "T, S said."
            let Some(source) = source_left(view, group, floor) else { continue };
            let Some(comma) = source.start.checked_sub(1).filter(|&c| c > floor && view.lower(c) == ",") else {
                continue;
            };
            let content = view.bytes(floor..comma);
            out.push(make(view, verb.start..verb.end, verb.cue, Some(source), vec![content], "clause-then-cue"));
        } else if verb.cue.plain && t > floor && view.lower(t - 1) == "," && addressee.is_none() {
            // "T, said S."
            let Some(source) = source_right(view, verb.end, ceiling).filter(|s| tail_only(view, s.end, ceiling)) else {
                continue;
            };
            let content = view.bytes(floor..t - 1);
            out.push(make(
                view,
                verb.start..verb.end,
                verb.cue,
                Some(source),
                vec![content],
                "clause-then-inverted-cue",
            ));
        }
    }
}

/// "T, S said, T": the cue and its source stand between commas in the middle
/// of what was said.
fn parenthesis(view: &View<'_>, verb: &Verb, group: usize, floor: usize, ceiling: usize) -> Option<Found> {
    if !verb.cue.plain || view.lower(verb.end) != "," || verb.end + 2 >= ceiling {
        return None;
    }
    let after = verb.end + 1;
    let goes_on = !view.is_mark(after)
        && (!matches!(view.lower(after), "adding" | "noting" | "citing" | "referring" | "and" | "but")
            || view.lower(after + 1) == "that");
    let source = source_left(view, group, floor)?;
    let comma = source.start.checked_sub(1).filter(|&c| c > floor && view.lower(c) == ",")?;
    let rest = has_verb(view, after, ceiling) || has_verb(view, floor, comma);
    if !goes_on || !rest || view.quote(floor).is_some() != view.quote(verb.start).is_some() {
        return None;
    }
    let content = vec![view.bytes(floor..comma), view.bytes(after..ceiling)];
    Some(make(view, verb.start..verb.end, verb.cue, Some(source), content, "cue-in-parenthesis"))
}

fn bounds(view: &View<'_>, t: usize, start: usize, end: usize) -> (usize, usize) {
    match view.quote(t) {
        None => (start, end),
        Some(q) => {
            let floor = (start..t)
                .rev()
                .find(|&k| view.quote(k) != Some(q) || matches!(view.lower(k), "." | "!" | "?"))
                .map_or(start, |k| k + 1);
            let ceiling =
                (t..end).find(|&k| view.quote(k) != Some(q) || matches!(view.lower(k), "." | "!" | "?")).unwrap_or(end);
            (floor, ceiling)
        }
    }
}

/// The utterance without its final stops.
pub(crate) fn trim_end(view: &View<'_>, range: Range<usize>) -> usize {
    let mut end = range.end;
    while end > range.start && matches!(view.lower(end - 1), "." | "!" | "?" | "…") {
        end -= 1;
    }
    end
}

fn has_verb(view: &View<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|t| match view.upos(t) {
        Some(_) => view.may_be_verb(t),
        None => {
            let word = view.lower(t);
            lexicon().is("auxiliary", word) || word.len() > 4 && word.ends_with("ed") || lexicon().verb(word).is_some()
        }
    })
}

/// Whether only a time, place or medium follows: a few words without a verb.
fn tail_only(view: &View<'_>, from: usize, to: usize) -> bool {
    to.saturating_sub(from) <= 9 && !has_verb(view, from, to) && !(from..to).any(|t| view.is_mark(t))
}

/// End of a bare content: the utterance, or a second cue that goes on with
/// the same source ("…, adding that").
fn content_end(view: &View<'_>, start: usize, limit: usize) -> usize {
    for t in start + 1..limit {
        let cut = view.lower(t) == "," || (view.lower(t) == "and" && t > start + 2);
        if !cut || view.quote(t).is_some() && view.quote(start).is_none() {
            continue;
        }
        let next = if view.lower(t + 1) == "and" || view.lower(t + 1) == "but" { t + 2 } else { t + 1 };
        let Some(verb) = verb_at(view, next).filter(|v| v.cue.plain) else { continue };
        let word = view.lower(next);
        if word.ends_with("ing") || content_start(view, &verb, limit).1 || word == "said" || word == "told" {
            return t;
        }
    }
    limit
}

/// Cues of fixed words.
fn phrase(view: &View<'_>, t: usize, floor: usize, end: usize, out: &mut Vec<Found>) {
    for phrase in lexicon().phrases(view.lower(t)) {
        let stop = t + phrase.words.len();
        if stop > end || !phrase.words.iter().enumerate().all(|(k, w)| view.lower(t + k) == *w) {
            continue;
        }
        let (floor, end) = bounds(view, t, floor, end);
        match phrase.after {
            After::Source => {
                let leads = t == floor || (t < floor + 3 && matches!(view.lower(t - 1), "and" | "but" | ","));
                // "per" leads only at the head of a sentence: "40 km per hour".
                if phrase.words.len() == 1 && !leads {
                    continue;
                }
                let Some(source) = source_right(view, stop, end) else { continue };
                let contents = if leads {
                    let start = (source.end..end).find(|&k| view.lower(k) == ",").map_or(source.end, |k| k + 1);
                    vec![start..end]
                } else {
                    let left = t - usize::from(view.lower(t - 1) == ",");
                    let mut parts = vec![floor..left];
                    // "the dam, according to the ministry, had cracks"
                    if view.lower(source.end) == "," && has_verb(view, source.end + 1, end) && view.lower(t - 1) == ","
                    {
                        parts.push(source.end + 1..end);
                    }
                    parts
                };
                let content: Vec<Span> =
                    contents.into_iter().filter(|c| !c.is_empty()).map(|c| view.bytes(c)).collect();
                if !content.is_empty() {
                    out.push(make(view, t..stop, phrase.cue, Some(source), content, "according-to"));
                }
            }
            After::Nothing => {
                let start = clause_start(view, t, floor);
                let stop_at = clause_end(view, stop, end);
                let content: Vec<Span> =
                    [start..t, stop..stop_at].into_iter().filter(|c| c.start < c.end).map(|c| view.bytes(c)).collect();
                if !content.is_empty() {
                    out.push(make(view, t..stop, phrase.cue, None, content, "adverb-of-hearsay"));
                }
            }
        }
    }
}

fn clause_start(view: &View<'_>, t: usize, floor: usize) -> usize {
    (floor..t)
        .rev()
        .find(|&k| {
            matches!(view.lower(k), ";" | ":" | "—" | "–" | "but" | "while" | "that" | "which" | "who")
                || view.is_mark(k)
        })
        .map_or(floor, |k| k + 1)
}

fn clause_end(view: &View<'_>, t: usize, end: usize) -> usize {
    (t..end).find(|&k| matches!(view.lower(k), ";" | "—" | "–" | "but" | "while") || view.is_mark(k)).unwrap_or(end)
}

fn make(
    view: &View<'_>,
    cue: Range<usize>,
    lexical: Cue,
    source: Option<Range<usize>>,
    content: Vec<Span>,
    rule: &'static str,
) -> Found {
    let span = view.bytes(cue.clone());
    Found {
        source: source.map(|s| view.bytes(s)).into_iter().collect(),
        cue: vec![span],
        cue_token: Some(cue.start),
        content,
        class: lexical.class,
        lexical: Some(lexical),
        why: vec![Reason::new(rule, span.of(view.text))],
        confidence: 0.7,
    }
}
