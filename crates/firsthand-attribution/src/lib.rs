/*!
Who said what: sources, cues, contents, and the speakers behind them.

An attribution is "X (source) said (cue) that Y (content)". Everything the
ledger states later hangs on it, because the voice of a claim is the chain of
attributions around it. Three finders work one after the other:

1. `quotes` matches the quotation marks of every style, over paragraphs
   and past missing marks, and `direct` gives each quotation its cue and
   source. This is deterministic: what stands in quotation marks is certain.
2. `indirect` knows the few patterns that carry most indirect speech.
3. What is found gets its details (negation, hedging, addressee, medium), its
   place in the nesting, and its speaker: an entity of the report, or an
   honest "unidentified" or "unknown".

Nothing here knows any outlet, country or person by name: the same rules for
everyone. English lives in the data files of `data/`, not in the code.
*/

mod combine;
pub mod crf;
mod details;
mod direct;
mod features;
mod found;
mod hashed;
mod indirect;
pub mod learned;
mod lexicon;
mod nesting;
mod outlet;
mod quotes;
mod rules;
mod speaker;
mod view;

use firsthand_model::{Analysis, Attribution, Report};
use rustc_hash::FxHashSet;

use crate::found::Found;
use crate::learned::Model;
use crate::speaker::Resolved;
use crate::view::View;

/// Finds the attributions of a report, in order of their content. Speakers
/// that no mention stood for yet ("the ministry's spokesman") are added to
/// the analysis as mentions and entities.
pub fn attribute(report: &Report, analysis: &mut Analysis) -> Vec<Attribution> {
    attribute_with(Model::builtin(), report, analysis)
}

/// [`attribute`] with another model, or by rules alone.
pub fn attribute_with(model: Option<&Model>, report: &Report, analysis: &mut Analysis) -> Vec<Attribution> {
    if analysis.tokens.is_empty() {
        return Vec::new();
    }
    let outlet = outlet::know(report, analysis);
    let view = View::new(report, analysis);
    let proposals = propose(&view);
    let mut found = match model {
        Some(model) => combine::combine(&view, model, proposals),
        None => proposals,
    };
    found.sort_by_key(|f| (f.start(), std::cmp::Reverse(f.content.iter().map(|s| s.end).max()), f.cue_token));
    let parents = nesting::parents(&found);
    let (speakers, added) = speaker::resolve(&view, &found, &parents, outlet);
    let out = found.iter().zip(parents).zip(speakers).map(|((f, parent), s)| finish(&view, f, parent, s)).collect();
    speaker::apply(analysis, added);
    out
}

/// What the rules find.
fn propose(view: &View<'_>) -> Vec<Found> {
    let mut found = direct::direct(view);
    let taken: FxHashSet<usize> = found.iter().filter_map(|f| f.cue_token).collect();
    for paragraph in &view.paragraphs {
        for utterance in &paragraph.utterances {
            indirect::indirect(view, utterance, &|t| taken.contains(&t), &mut found);
        }
    }
    found
}

fn finish(view: &View<'_>, found: &Found, parent: Option<u32>, resolved: Resolved) -> Attribution {
    let details = details::details(view, found);
    Attribution {
        kind: found.kind(view),
        class: found.class,
        source: found.source.clone(),
        cue: found.cue.clone(),
        content: found.content.iter().map(|c| details::trim(view, *c)).filter(|c| !c.is_empty()).collect(),
        speaker: resolved.speaker,
        addressee: details.addressee,
        medium: details.medium,
        parent,
        negated: details.negated,
        hedged: details.hedged,
        confidence: found.confidence,
        why: found.why.iter().cloned().chain(resolved.why).collect(),
    }
}
