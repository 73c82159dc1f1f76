//! Rules and models together: rules win where quotation marks decide, the
//! models everywhere else.

use firsthand_model::{AttributionClass, Reason};
use firsthand_span::Span;
use rustc_hash::FxHashSet;

use crate::found::Found;
use crate::hashed::Hashed;
use crate::learned::{Labelled, Model, by_cue, label};
use crate::rules::verb_at;
use crate::view::View;

/// A cue this probable makes an attribution.
const LEAST: f32 = 0.3;
/// So does one this probable where a plain verb stands before "that".
const LEAST_PLAIN: f32 = 0.08;

/// Whether a rule's find stands whatever the models say: the content is in
/// quotation marks.
fn certain(found: &Found) -> bool {
    found.confidence >= 0.9
}

/// Puts what the rules propose and what the models label into one list.
pub(crate) fn combine(view: &View<'_>, model: &Model, proposals: Vec<Found>) -> Vec<Found> {
    let hashed = Hashed::new(view, &proposals);
    let by_cue = by_cue(&proposals);
    let proposal = |t: usize| by_cue.get(&t).and_then(|&i| proposals.get(i));
    let least = |t: usize| match proposal(t) {
        Some(found) if certain(found) => 0.0,
        Some(found) if rule(found) == "says-that" && found.lexical.is_some_and(|c| c.plain) => LEAST_PLAIN,
        _ => LEAST,
    };
    let labelled = label(model, view, &hashed, &proposals, &least);
    let mut used: FxHashSet<usize> = FxHashSet::default();
    let mut out: Vec<Found> = Vec::with_capacity(proposals.len());
    for l in &labelled {
        if let Some(found) = merge(view, l, proposal(l.cue)) {
            used.insert(l.cue);
            out.push(found);
        }
    }
    for found in proposals {
        let done = found.cue_token.is_some_and(|t| used.contains(&t));
        if !done && (certain(&found) || rule(&found) == "adverb-of-hearsay") {
            out.push(found);
        }
    }
    out
}

fn rule(found: &Found) -> &str {
    found.why.first().map_or("", |r| &r.rule)
}

fn merge(view: &View<'_>, l: &Labelled, proposal: Option<&Found>) -> Option<Found> {
    if let Some(found) = proposal.filter(|f| certain(f)) {
        let mut found = found.clone();
        if !l.source.is_empty() {
            found.source.clone_from(&l.source);
        }
        return Some(found);
    }
    if l.content.is_empty() {
        return None;
    }
    let lexical = verb_at(view, l.cue).map(|v| v.cue).or_else(|| proposal.and_then(|p| p.lexical));
    let class = lexical.map_or(AttributionClass::Intention, |c| c.class);
    let cue = view.bytes(l.words.clone());
    let note = format!("{} ({:.2})", cue.of(view.text), l.probability);
    let content: Vec<Span> = l.content.clone();
    Some(Found {
        source: l.source.clone(),
        cue: vec![cue],
        cue_token: Some(l.cue),
        content,
        class,
        lexical,
        why: std::iter::once(Reason::new("cue-model", note))
            .chain(proposal.into_iter().flat_map(|p| p.why.clone()))
            .collect(),
        confidence: l.probability,
    })
}
