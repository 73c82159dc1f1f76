use firsthand_span::fold;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::Text;
use crate::grams::Grams;
use crate::text::{BACKGROUND, FURNITURE, Prepared};
use crate::union::Union;

/// Shared grams by which two reports tell the same story: about 35 words ...
const STORY: usize = 14;
/// ... and at least this share of the shorter one's grams.
const STORY_SHARE: f64 = 0.15;
/// A sentence that stands in so many stories belongs to none of them.
const STORIES: usize = 4;
/// Sentences of fewer words are too short to tell.
const SHORT: usize = 3;

/// Marks the sentences that are repeated across stories.
///
/// A footer stands in many reports that have nothing else in common; a
/// paragraph of an agency text stands in many that share the rest of it too.
/// So what counts is not in how many reports a sentence stands, but in how
/// many *stories*: groups of reports joined by other shared text. Marked
/// sentences no longer join, so a second round sees what the first one hid.
pub(crate) fn mark(texts: &[Text<'_>], prepared: &mut [Prepared]) {
    let outlets: Vec<u64> = texts.iter().map(|t| outlet_key(t)).collect();
    for _ in 0..2 {
        let stories = stories(prepared);
        if !mark_round(prepared, &stories, &outlets) {
            break;
        }
    }
}

fn outlet_key(text: &Text<'_>) -> u64 {
    use std::hash::Hasher;
    let Some(outlet) = &text.report.outlet else { return 0 };
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(fold(&outlet.value).as_bytes());
    hasher.finish().max(1)
}

/// The story of each report.
fn stories(prepared: &[Prepared]) -> Vec<u32> {
    let grams = Grams::new(prepared);
    let sizes: Vec<usize> = prepared.par_iter().map(|p| p.own_len() / 2).collect();
    let pairs: Vec<(u32, u32)> = (0..prepared.len())
        .into_par_iter()
        .flat_map_iter(|doc| {
            let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
            grams.seeds(doc, |_, hit| {
                if hit.doc as usize != doc {
                    *counts.entry(hit.doc).or_default() += 1;
                }
            });
            let mut same: Vec<(u32, u32)> = counts
                .into_iter()
                .filter(|&(other, n)| {
                    let least = sizes[doc].min(sizes[other as usize]);
                    n >= STORY && n as f64 >= STORY_SHARE * least as f64
                })
                .map(|(other, _)| (other, doc as u32))
                .collect();
            same.sort_unstable();
            same
        })
        .collect();
    let mut union = Union::new(prepared.len());
    for (a, b) in pairs {
        union.join(a as usize, b as usize);
    }
    (0..prepared.len()).map(|i| union.find(i) as u32).collect()
}

/// One sentence somewhere: its words as a number, report and index.
type Place = (u64, u32, u32);

fn mark_round(prepared: &mut [Prepared], stories: &[u32], outlets: &[u64]) -> bool {
    let mut places: Vec<Place> = prepared
        .par_iter()
        .enumerate()
        .flat_map_iter(|(doc, text)| {
            (0..text.sentence_count())
                .filter(|&s| text.sentence(s).len() >= SHORT && text.flagged(text.sentence(s), FURNITURE) == 0)
                .map(move |s| (text.hash(text.sentence(s)), doc as u32, s as u32))
        })
        .collect();
    places.par_sort_unstable();
    let marks: Vec<(Place, u8)> = places
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .flat_map_iter(|group| {
            judge(group, stories, outlets).map(|flag| group.iter().map(move |&p| (p, flag))).into_iter().flatten()
        })
        .collect();
    for &((_, doc, sentence), flag) in &marks {
        let text = &mut prepared[doc as usize];
        let words = text.sentence(sentence as usize);
        text.flags[words].iter_mut().for_each(|f| *f |= flag);
    }
    marks.iter().any(|(_, flag)| *flag == FURNITURE)
}

/// What a repeated sentence is, if it is not of one story.
fn judge(group: &[Place], stories: &[u32], outlets: &[u64]) -> Option<u8> {
    let mut seen: Vec<(u32, u64)> =
        group.iter().map(|&(_, doc, _)| (stories[doc as usize], outlets[doc as usize])).collect();
    seen.sort_unstable();
    seen.dedup();
    let n = seen.chunk_by(|a, b| a.0 == b.0).count();
    if n >= STORIES && 2 * n >= group.len().min(3 * STORIES) {
        return Some(FURNITURE);
    }
    // One outlet's sentence in two of its stories.
    let mut by_outlet: Vec<(u64, u32)> =
        seen.iter().filter(|s| s.1 != 0).map(|&(story, outlet)| (outlet, story)).collect();
    by_outlet.sort_unstable();
    by_outlet.windows(2).any(|w| w[0].0 == w[1].0).then_some(BACKGROUND)
}
