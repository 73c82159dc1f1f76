//! Reports grouped into happenings.
//!
//! Two reports belong together if one copies the other, or if their claims
//! share enough rare words within two weeks and name the same people, bodies
//! and places: guides to one trade share their words, but no names. Candidates come from an inverted
//! index over the heaviest terms of each report, so the time is near-linear;
//! groups merge only where their centroids are close too, so that a chain of
//! half-related reports does not become one happening.

use firsthand_model::{BlockKind, CopyLink, MentionKind, Reading, ReportId};
use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::vector::{Sets, Terms, Vector};
use crate::words::words;

/// Terms by which a report is looked up.
const KEYS: usize = 30;
/// Terms in more reports than this say too little to look up by.
const MOST: usize = 400;
/// Least cosine of two reports of one happening. Reports of unlike happenings
/// stay below 0.10, most of one happening above 0.17 (three made-up stories).
const ALIKE: f32 = 0.13;
/// Reports of other happenings that a small collection is thought to lie among:
/// otherwise the words that all its reports share would count for nothing.
const BACKGROUND: f32 = 50.0;
/// Least cosine of the names in two reports of one happening. In unlike
/// reports that share their words it stays below 0.05, and every report of the
/// made-up stories has a neighbour above 0.15.
const NAMED_ALIKE: f32 = 0.08;
/// From this on the words alone are enough: short notes name few.
const WORDS_ALONE: f32 = 0.35;
/// Least cosine of the centroids of two groups that become one.
const CENTROIDS: f32 = 0.15;
/// Longest time between two reports that are linked directly, days.
const DAYS: i32 = 14;

/// What is asked of a report to find its story.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    report: ReportId,
    published: Option<Date>,
    /// The words of its own text by how often it has them.
    counts: Vector,
    /// The words of names in it, by how often it has them.
    names: Vector,
}

impl Sketch {
    pub(crate) fn new(report: ReportId, reading: &Reading) -> Self {
        let published = reading.report.published.as_ref().map(|p| p.value.date());
        Sketch { report, published, counts: counts(reading), names: names(reading) }
    }
}

/// The story of each report, named by its first report's index.
pub(crate) fn stories(sketches: Vec<Sketch>, copies: &[CopyLink]) -> Vec<usize> {
    let days: Vec<Option<Date>> = sketches.iter().map(|s| s.published).collect();
    let place: FxHashMap<ReportId, usize> = sketches.iter().enumerate().map(|(i, s)| (s.report, i)).collect();
    let (counts, names): (Vec<Vector>, Vec<Vector>) = sketches.into_iter().map(|s| (s.counts, s.names)).unzip();
    let (vectors, names) = (weighed(counts), weighed(names));

    let mut index: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    let keys: Vec<Vec<u32>> = vectors.iter().map(|v| v.heaviest(KEYS)).collect();
    for (i, terms) in keys.iter().enumerate() {
        for term in terms {
            index.entry(*term).or_default().push(i);
        }
    }
    let near = |(i, terms): (usize, &Vec<u32>)| {
        let mut near: Vec<usize> = terms
            .iter()
            .filter_map(|t| index.get(t))
            .filter(|list| list.len() <= MOST)
            .flat_map(|list| list.iter().copied().filter(|&j| j > i))
            .collect();
        near.sort_unstable();
        // One shared heavy word is chance.
        let shared: Vec<usize> =
            near.chunk_by(|a, b| a == b).filter(|run| run.len() > 1).filter_map(|run| run.first().copied()).collect();
        let mut out: Vec<(f32, usize, usize)> = Vec::new();
        for j in shared {
            let apart = days[i].zip(days[j]).and_then(|(a, b)| a.until(b).ok()).map_or(0, |s| s.get_days().abs());
            let cosine = vectors[i].dot(&vectors[j]);
            let named = || cosine >= WORDS_ALONE || names[i].dot(&names[j]) >= NAMED_ALIKE;
            if cosine >= ALIKE && apart <= DAYS && named() {
                out.push((cosine, i, j));
            }
        }
        out
    };
    let mut edges: Vec<(f32, usize, usize)> = keys.par_iter().enumerate().flat_map_iter(near).collect();
    edges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));

    let mut sets = Sets::new(vectors.len());
    let mut centroid: FxHashMap<usize, Vector> = FxHashMap::default();
    let mut join = |sets: &mut Sets, a: usize, b: usize, check: bool| {
        let (a, b) = (sets.find(a), sets.find(b));
        if a == b {
            return;
        }
        let of = |i: usize| centroid.get(&i).unwrap_or(&vectors[i]);
        if check && of(a).cosine(of(b)) < CENTROIDS {
            return;
        }
        let mut sum = of(a).clone();
        sum.add(of(b));
        let name = sets.join(a, b);
        centroid.insert(name, sum);
    };
    for copy in copies.iter().filter(|c| c.how.shares_text()) {
        if let (Some(&a), Some(&b)) = (copy.parent.and_then(|p| place.get(&p)), place.get(&copy.child)) {
            join(&mut sets, a, b, false);
        }
    }
    for (_, a, b) in edges {
        join(&mut sets, a, b, true);
    }
    (0..vectors.len()).map(|i| sets.find(i)).collect()
}

/// Counts weighed by how rare a term is among them, each of length one.
fn weighed(counts: Vec<Vector>) -> Vec<Vector> {
    let mut df: FxHashMap<u32, u32> = FxHashMap::default();
    for (term, _) in counts.iter().flat_map(|v| &v.0) {
        *df.entry(*term).or_default() += 1;
    }
    let n = counts.len() as f32 + BACKGROUND;
    counts
        .into_iter()
        .map(|mut v| {
            for (t, w) in &mut v.0 {
                *w = (1.0 + w.ln()) * (1.0 + n / df.get(t).copied().unwrap_or(1) as f32).ln();
            }
            let norm = v.norm().max(f32::MIN_POSITIVE);
            v.0.iter_mut().for_each(|(_, w)| *w /= norm);
            v.0.shrink_to_fit();
            v
        })
        .collect()
}

/// The words of the names that a report mentions by how often it does.
fn names(reading: &Reading) -> Vector {
    let text = reading.report.text.as_str();
    let named = reading.analysis.mentions.iter().filter(|m| m.kind == MentionKind::Name);
    let words = named.flat_map(|m| words(text, m.span)).filter(|w| !w.is_number() && !w.is_stop());
    Vector::new(
        words.filter(|w| w.span.of(text).starts_with(char::is_uppercase)).map(|w| (Terms.id(w.stem()), 1.0)).collect(),
    )
}

/// The words of a report's own text by how often it has them; words that begin
/// with a capital letter, mostly names, count double.
fn counts(reading: &Reading) -> Vector {
    let text = reading.report.text.as_str();
    let mut out = Vec::new();
    for block in &reading.report.blocks {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Meta) {
            continue;
        }
        for word in words(text, block.span).iter().filter(|w| !w.is_number() && !w.is_stop()) {
            let name = word.span.of(text).starts_with(char::is_uppercase);
            out.push((Terms.id(word.stem()), if name { 2.0 } else { 1.0 }));
        }
    }
    Vector::new(out)
}
