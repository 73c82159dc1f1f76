//! Reports grouped into happenings.
//!
//! Two reports belong together if one copies the other, or if their claims
//! share enough rare words within two weeks. Candidates come from an inverted
//! index over the heaviest terms of each report, so the time is near-linear;
//! groups merge only where their centroids are close too, so that a chain of
//! half-related reports does not become one happening.

use firsthand_model::{BlockKind, CopyLink, Reading, ReportId};
use rustc_hash::FxHashMap;

use crate::item::Terms;
use crate::vector::{Sets, Vector};
use crate::words::{stem, words};

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
/// Least cosine of the centroids of two groups that become one.
const CENTROIDS: f32 = 0.15;
/// Longest time between two reports that are linked directly, days.
const DAYS: i32 = 14;

/// The story of each reading, named by its first reading's index.
pub(crate) fn stories(readings: &[(ReportId, &Reading)], known: &mut Terms, copies: &[CopyLink]) -> Vec<usize> {
    let counts: Vec<Vector> = readings.iter().map(|(_, r)| counts(r, known)).collect();
    let mut df: FxHashMap<u32, u32> = FxHashMap::default();
    for (term, _) in counts.iter().flat_map(|c| &c.0) {
        *df.entry(*term).or_default() += 1;
    }
    let n = readings.len() as f32 + BACKGROUND;
    let vectors: Vec<Vector> = counts
        .into_iter()
        .map(|c| {
            let weigh =
                |(t, tf): (u32, f32)| (t, (1.0 + tf.ln()) * (1.0 + n / df.get(&t).copied().unwrap_or(1) as f32).ln());
            let v = Vector(c.0.into_iter().map(weigh).collect());
            let norm = v.norm().max(f32::MIN_POSITIVE);
            Vector(v.0.into_iter().map(|(t, w)| (t, w / norm)).collect())
        })
        .collect();

    let mut index: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    let keys: Vec<Vec<u32>> = vectors.iter().map(|v| v.heaviest(KEYS)).collect();
    for (i, terms) in keys.iter().enumerate() {
        for term in terms {
            index.entry(*term).or_default().push(i);
        }
    }
    let day = |i: usize| readings[i].1.report.published.as_ref().map(|p| p.value.date());
    let mut edges: Vec<(f32, usize, usize)> = Vec::new();
    for (i, terms) in keys.iter().enumerate() {
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
        for j in shared {
            let apart = day(i).zip(day(j)).and_then(|(a, b)| a.until(b).ok()).map_or(0, |s| s.get_days().abs());
            let cosine = vectors[i].dot(&vectors[j]);
            if cosine >= ALIKE && apart <= DAYS {
                edges.push((cosine, i, j));
            }
        }
    }
    edges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));

    let mut sets = Sets::new(readings.len());
    let mut centroid: FxHashMap<usize, Vector> = FxHashMap::default();
    let place: FxHashMap<ReportId, usize> = readings.iter().enumerate().map(|(i, (id, _))| (*id, i)).collect();
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
    (0..readings.len()).map(|i| sets.find(i)).collect()
}

/// The words of a report's own text by how often it has them; words that begin
/// with a capital letter, mostly names, count double.
fn counts(reading: &Reading, known: &mut Terms) -> Vector {
    let text = reading.report.text.as_str();
    let mut out = Vec::new();
    for block in &reading.report.blocks {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Meta) {
            continue;
        }
        for word in words(text, block.span).iter().filter(|w| !w.is_number() && !w.is_stop()) {
            let name = word.span.of(text).starts_with(char::is_uppercase);
            out.push((known.id(stem(&word.folded)), if name { 2.0 } else { 1.0 }));
        }
    }
    Vector::new(out)
}
