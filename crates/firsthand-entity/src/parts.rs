//! Disjoint sets that remember which reports they touch and why they were
//! joined.

use std::collections::BTreeMap;

use firsthand_model::{ReportId, Why};

/// Reasons kept per entity: enough for a reader.
const REASONS: usize = 6;

pub(crate) struct Parts {
    parent: Vec<u32>,
    /// Of a root: its members in each report.
    pub(crate) reports: Vec<BTreeMap<ReportId, Vec<u32>>>,
    pub(crate) why: Vec<Why>,
}

impl Parts {
    pub(crate) fn new(reports: impl Iterator<Item = ReportId>) -> Self {
        let reports: Vec<_> = reports.enumerate().map(|(i, r)| BTreeMap::from([(r, vec![i as u32])])).collect();
        Parts { parent: (0..reports.len() as u32).collect(), why: vec![Vec::new(); reports.len()], reports }
    }

    /// The root of a member. Indices come from `new`, so they are in bounds.
    pub(crate) fn root(&mut self, i: u32) -> u32 {
        let mut at = i;
        while self.parent[at as usize] != at {
            let up = self.parent[at as usize];
            self.parent[at as usize] = self.parent[up as usize];
            at = self.parent[at as usize];
        }
        at
    }

    /// Pairs of members of two roots that stand in one report.
    pub(crate) fn meetings(&self, a: u32, b: u32) -> impl Iterator<Item = (u32, u32)> {
        let (x, y) = (&self.reports[a as usize], &self.reports[b as usize]);
        let (x, y) = if x.len() <= y.len() { (x, y) } else { (y, x) };
        x.iter()
            .filter_map(|(report, ours)| y.get(report).map(|theirs| (ours, theirs)))
            .flat_map(|(ours, theirs)| ours.iter().flat_map(|&m| theirs.iter().map(move |&n| (m, n))))
    }

    /// Joins two roots.
    pub(crate) fn unite(&mut self, a: u32, b: u32, reason: firsthand_model::Reason) {
        if a == b {
            return;
        }
        let (keep, drop) = match self.reports[a as usize].len().cmp(&self.reports[b as usize].len()) {
            std::cmp::Ordering::Less => (b, a),
            std::cmp::Ordering::Greater => (a, b),
            std::cmp::Ordering::Equal => (a.min(b), a.max(b)),
        };
        self.parent[drop as usize] = keep;
        for (report, members) in std::mem::take(&mut self.reports[drop as usize]) {
            self.reports[keep as usize].entry(report).or_default().extend(members);
        }
        let more = std::mem::take(&mut self.why[drop as usize]);
        let why = &mut self.why[keep as usize];
        why.push(reason);
        why.extend(more);
        why.sort_unstable();
        why.dedup();
        why.truncate(REASONS);
    }
}
