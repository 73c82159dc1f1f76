//! What a cue says beside who and what: negation, hedging, addressee, medium.

use firsthand_span::Span;

use crate::found::Found;
use crate::lexicon::lexicon;
use crate::rules::{content_start, group_start, verb_at};
use crate::view::View;

/// The details of one attribution.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Details {
    pub(crate) negated: bool,
    pub(crate) hedged: bool,
    pub(crate) addressee: Option<Span>,
    pub(crate) medium: Option<Span>,
}

/// Reads the details off the words around the cue.
pub(crate) fn details(view: &View<'_>, found: &Found) -> Details {
    let mut out = Details::default();
    let hedges = found.lexical.is_some_and(|c| c.hedges);
    out.negated = found.lexical.is_some_and(|c| c.denies);
    if let Some(t) = found.cue_token {
        let sentence = view.analysis.sentences.partition_point(|s| s.tokens.start as usize <= t).checked_sub(1);
        let sentence = sentence.and_then(|s| view.analysis.sentences.get(s));
        let floor = sentence.map_or(0, |s| s.tokens.start as usize);
        let limit = sentence.map_or(t + 1, |s| s.tokens.end as usize);
        let group = group_start(view, t, floor);
        out.negated |= (group..t)
            .any(|k| matches!(view.lower(k), "not" | "n't" | "never" | "neither" | "nor" | "cannot" | "without"));
        if let Some(verb) = verb_at(view, t) {
            let (start, _, addressee) = content_start(view, &verb, limit);
            out.addressee = addressee.map(|a| view.bytes(a));
            out.medium = medium(view, verb.end, start.max(verb.end + 8).min(limit), found);
        }
    }
    out.hedged = hedges || content_hedged(view, found);
    out
}

/// "in a statement", "on Telegram": a preposition and a noun of the medium
/// list near the cue, outside the content.
fn medium(view: &View<'_>, from: usize, to: usize, found: &Found) -> Option<Span> {
    let at = (from..to)
        .find(|&t| lexicon().is("medium", view.lower(t)) && !found.content.iter().any(|c| c.overlaps(view.span(t))))?;
    let start = (from..at)
        .rev()
        .take(6)
        .find(|&t| matches!(view.lower(t), "in" | "on" | "during" | "at" | "by" | "via" | "through" | "to"))?;
    Some(view.bytes(start + 1..at + 1))
}

/// Whether a hedge stands before or at the first verb of the content.
fn content_hedged(view: &View<'_>, found: &Found) -> bool {
    let Some(first) = found.content.first() else { return false };
    let tokens = view.analysis.tokens.within(*first);
    let mut seen_verb = false;
    for t in tokens.take(14) {
        let word = view.lower(t);
        if lexicon().is("hedge", word) {
            return true;
        }
        if seen_verb {
            return false;
        }
        seen_verb = view.upos(t).is_some() && view.may_be_verb(t) && !lexicon().is("auxiliary", word);
    }
    false
}

/// A content without white space, outer quotation marks and stray
/// punctuation at its ends.
pub(crate) fn trim(view: &View<'_>, content: Span) -> Span {
    let content = content.trim(view.text);
    let outer = view.quotes_near(content).any(|q| content.covers(q.outer));
    content.trim_matches(view.text, |c| c.is_whitespace() || ",;:".contains(c) || (!outer && "\"“”«»„".contains(c)))
}
