use std::hash::Hasher;

use firsthand_span::fold;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::Text;
use crate::clock::published;
use crate::grams::Grams;
use crate::text::{BACKGROUND, FURNITURE, Prepared};
use crate::union::Union;

/// Shared grams by which two reports tell the same story: about 35 words ...
const STORY: usize = 14;
/// ... and at least this share of the shorter one's grams.
const STORY_SHARE: f64 = 0.15;
/// For reports shorter than that: so many grams, at least this share.
const SHORT_STORY: usize = 4;
const SHORT_SHARE: f64 = 0.5;
/// A sentence that stands in so many stories belongs to none of them: in the
/// first round, where footers may still hide that short reports belong
/// together, and in the second.
const STORIES: [usize; 2] = [8, 4];
/// An outlet's sentence in two of its stories so many seconds apart is its background.
const APART: i64 = 12 * 3600;
/// A report tells of diversity only by so many words around the sentence.
const AROUND: usize = 30;
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
    let voices: Vec<Voice> = texts.iter().map(Voice::of).collect();
    for (round, least) in STORIES.into_iter().enumerate() {
        let stories = stories(prepared, round > 0);
        mark_furniture(prepared, &stories, least);
        if round > 0 {
            mark_background(prepared, &stories, &voices);
        }
    }
}

/// Who published a report, as a number, and when.
struct Voice {
    outlet: u64,
    published: Option<(i64, i64)>,
}

impl Voice {
    fn of(text: &Text<'_>) -> Self {
        let outlet = text.report.outlet.as_ref().map_or(0, |outlet| {
            let mut hasher = rustc_hash::FxHasher::default();
            hasher.write(fold(&outlet.value).as_bytes());
            hasher.finish().max(1)
        });
        Voice { outlet, published: published(text.report) }
    }

    fn apart(&self, other: &Voice) -> bool {
        match (self.published, other.published) {
            (Some(a), Some(b)) => (a.0 - b.0).abs() >= APART,
            _ => false,
        }
    }
}

/// The story of each report.
fn stories(prepared: &[Prepared], short_too: bool) -> Vec<u32> {
    let grams = Grams::new(prepared);
    let sizes: Vec<usize> = prepared.par_iter().map(|p| p.own_len() * 2 / 5).collect();
    let pairs: Vec<(u32, u32)> = (0..prepared.len())
        .into_par_iter()
        .flat_map_iter(|doc| {
            let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
            grams.seeds(doc, |_, hit, _| {
                if hit.doc as usize != doc {
                    *counts.entry(hit.doc).or_default() += 1;
                }
            });
            let mut same: Vec<(u32, u32)> = counts
                .into_iter()
                .filter(|&(other, n)| {
                    let least = sizes[doc].min(sizes[other as usize]);
                    let share = n as f64 / least.max(1) as f64;
                    (n >= STORY && share >= STORY_SHARE) || (short_too && n >= SHORT_STORY && share >= SHORT_SHARE)
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

/// All sentences that may be repeated, equal ones together.
fn places(prepared: &[Prepared]) -> Vec<Place> {
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
    places
}

fn mark_furniture(prepared: &mut [Prepared], stories: &[u32], least: usize) {
    let sizes: Vec<usize> = prepared.par_iter().map(Prepared::own_len).collect();
    let places = places(prepared);
    let marked: Vec<&[Place]> = places
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| {
            if group.len() < least {
                return false;
            }
            let around = group.iter().filter(|p| sizes[p.1 as usize] >= AROUND);
            let mut seen: Vec<u32> = around.map(|p| stories[p.1 as usize]).collect();
            let places = seen.len();
            seen.sort_unstable();
            seen.dedup();
            seen.len() >= least && 2 * seen.len() >= places.min(3 * least)
        })
        .collect();
    flag(prepared, &marked, FURNITURE);
}

fn mark_background(prepared: &mut [Prepared], stories: &[u32], voices: &[Voice]) {
    let places = places(prepared);
    let marked: Vec<&[Place]> = places
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| {
            let mut seen: Vec<(u64, u32)> = group.iter().map(|p| (voices[p.1 as usize].outlet, p.1)).collect();
            seen.retain(|s| s.0 != 0);
            seen.sort_unstable();
            seen.windows(2).any(|w| {
                let (x, y) = (w[0].1 as usize, w[1].1 as usize);
                w[0].0 == w[1].0 && stories[x] != stories[y] && voices[x].apart(&voices[y])
            })
        })
        .collect();
    flag(prepared, &marked, BACKGROUND);
}

fn flag(prepared: &mut [Prepared], marked: &[&[Place]], flag: u8) {
    for &(_, doc, sentence) in marked.iter().copied().flatten() {
        let text = &mut prepared[doc as usize];
        let words = text.sentence(sentence as usize);
        text.flags[words].iter_mut().for_each(|f| *f |= flag);
    }
}
