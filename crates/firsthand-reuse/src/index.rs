use firsthand_model::ReportId;
use rustc_hash::FxHashMap;

use crate::Text;
use crate::grams::winnow;
use crate::text::Prepared;

/// A gram in more reports than this says nothing about two of them.
const COMMON: usize = 200;

/// Finds the reports that share passages with a new one, without comparing it
/// with all.
///
/// Adding a report costs what its own passages cost: their number, and the
/// reports that hold them. The order in which reports are added changes no
/// answer.
#[derive(Debug, Default)]
pub struct Index {
    grams: FxHashMap<u64, Vec<u32>>,
    ids: Vec<ReportId>,
    known: FxHashMap<ReportId, u32>,
}

/// A report that shares passages with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// The report.
    pub id: ReportId,
    /// Sampled word sequences of five that both hold; each eight words in a
    /// row hold at least one.
    pub shared: usize,
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Index::default()
    }

    /// How many reports it holds.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a report and answers with those that share passages with it, most
    /// shared first. A report that is there already is not added again.
    pub fn add(&mut self, text: &Text<'_>) -> Vec<Neighbour> {
        let grams = grams(text);
        let found = self.sharing(&grams, text.id);
        if let std::collections::hash_map::Entry::Vacant(slot) = self.known.entry(text.id) {
            let n = self.ids.len() as u32;
            slot.insert(n);
            self.ids.push(text.id);
            for gram in grams {
                self.grams.entry(gram).or_default().push(n);
            }
        }
        found
    }

    /// The reports that share passages with a text, most shared first; not
    /// the report itself.
    pub fn neighbours(&self, text: &Text<'_>) -> Vec<Neighbour> {
        self.sharing(&grams(text), text.id)
    }

    fn sharing(&self, grams: &[u64], own: ReportId) -> Vec<Neighbour> {
        let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
        for docs in grams.iter().filter_map(|g| self.grams.get(g)).filter(|docs| docs.len() <= COMMON) {
            for &doc in docs {
                *counts.entry(doc).or_default() += 1;
            }
        }
        let mut out: Vec<Neighbour> = counts
            .into_iter()
            .map(|(doc, shared)| Neighbour { id: self.ids[doc as usize], shared })
            .filter(|n| n.id != own)
            .collect();
        out.sort_unstable_by_key(|n| (std::cmp::Reverse(n.shared), n.id));
        out
    }
}

/// The different sampled grams of a text.
fn grams(text: &Text<'_>) -> Vec<u64> {
    let mut out = Vec::new();
    winnow(&Prepared::new(text), |hash, _| out.push(hash));
    out.sort_unstable();
    out.dedup();
    out
}
