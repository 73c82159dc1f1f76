//! What may speak to a cluster in other words: claims near those of it that
//! were not joined. They are offered as suggestions, and where the origins
//! found seem to be known to the unit, they open the upper end by one.

use std::collections::BTreeSet;

use firsthand_model::{Reading, Reason, ReportId};
use rustc_hash::FxHashMap;

use crate::chain::{End, Ends};
use crate::item::Item;
use crate::origin::Origins;

/// The neighbours of each claim that has any: the most alike first.
pub(crate) struct Near(FxHashMap<usize, Vec<(f32, usize)>>);

impl Near {
    /// Of pairs of items, the most alike first.
    pub(crate) fn new(pairs: &[(f32, usize, usize)]) -> Self {
        let mut of: FxHashMap<usize, Vec<(f32, usize)>> = FxHashMap::default();
        for &(s, a, b) in pairs {
            of.entry(a).or_default().push((s, b));
            of.entry(b).or_default().push((s, a));
        }
        Near(of)
    }

    /// The claim of another report and another origin that is nearest to those
    /// of a cluster.
    pub(crate) fn nearest(&self, items: &[Item<'_>], members: &[usize], ends: &Ends) -> Option<usize> {
        let known: BTreeSet<&End> = members.iter().map(|&m| &ends.of[m]).collect();
        let mut best: Option<(f32, usize)> = None;
        for &m in members {
            let others = self.0.get(&m).into_iter().flatten();
            let fits = |o: &&(f32, usize)| {
                members.binary_search(&o.1).is_err()
                    && items[o.1].id.report != items[m].id.report
                    && !known.contains(&ends.of[o.1])
            };
            for &(s, o) in others.filter(fits).take(1) {
                if best.is_none_or(|(t, b)| (s, std::cmp::Reverse(o)) > (t, std::cmp::Reverse(b))) {
                    best = Some((s, o));
                }
            }
        }
        best.map(|(_, o)| o)
    }

    /// Opens the interval of a cluster whose origins seem to be counted
    /// exactly, and says which claim may be one more.
    pub(crate) fn open(
        &self,
        readings: &[(ReportId, &Reading)],
        items: &[Item<'_>],
        members: &[usize],
        ends: &Ends,
        origins: &mut Origins,
    ) -> Option<Reason> {
        let (low, high) = origins.independent;
        let other = if low == high { self.nearest(items, members, ends)? } else { return None };
        origins.independent = (low, high + 1);
        let outlet = readings.get(items[other].reading).and_then(|(_, r)| r.report.outlet.as_ref());
        let outlet = outlet.map_or("an unnamed outlet", |o| o.value.as_str());
        Some(Reason::new("perhaps-in-other-words", format!("{} in {outlet} may say the same", items[other].id)))
    }
}
