//! What does not fit together inside a cluster, and what only seems so:
//! contradictions, updates, compatible figures, rounding, repeats.

mod figures;
mod sides;
mod sums;
mod times;

use std::collections::BTreeSet;

use firsthand_model::{BlockKind, ClaimId, Contradiction, ContradictionKind, Reading, Reason, ReportId, Verdict};
use jiff::civil::{Date, DateTime};

use crate::item::Item;
use crate::origin::Origins;

/// Most pairs of origins whose times or sides are listed for a cluster.
const MOST: usize = 60;

/// A cluster that is judged: its claims with what comparison knows of them.
pub(crate) struct Case<'c> {
    pub(crate) readings: &'c [(ReportId, &'c Reading)],
    pub(crate) items: &'c [Item<'c>],
    /// The claims of the cluster: indices in `items`, ascending.
    pub(crate) members: &'c [usize],
    pub(crate) origins: &'c Origins,
    /// The terms that half of the story's reports have.
    pub(crate) common: &'c BTreeSet<u32>,
}

impl<'c> Case<'c> {
    /// The `i`th claim of the cluster.
    fn item(&self, i: usize) -> &'c Item<'c> {
        &self.items[self.members[i]]
    }

    fn reading(&self, item: &Item<'_>) -> Option<&'c Reading> {
        self.readings.get(item.reading).map(|(_, r)| *r)
    }

    fn text(&self, item: &Item<'_>) -> &'c str {
        self.reading(item).map_or("", |r| r.report.text.as_str())
    }

    /// When a claim's report was published.
    fn published(&self, item: &Item<'_>) -> Option<DateTime> {
        self.reading(item).and_then(|r| r.report.published.as_ref()).map(|p| p.value.at)
    }

    /// Whether a claim stands in a headline.
    fn in_headline(&self, item: &Item<'_>) -> bool {
        let blocks = self.reading(item).map(|r| r.report.blocks.as_slice()).unwrap_or_default();
        let at = item.claim.evidence;
        blocks.iter().any(|b| matches!(b.kind, BlockKind::Title | BlockKind::Heading) && b.span.covers(at))
    }

    /// The name of an origin of the cluster.
    fn name(&self, origin: usize) -> &'c str {
        self.origins.list.get(origin).map_or("", |o| o.name.as_str())
    }
}

/// Takes a verdict: what it is, the claims one per side, the rule and the
/// reason in words.
type Add<'f> = dyn FnMut(Verdict, ContradictionKind, Vec<ClaimId>, &'static str, String) + 'f;

/// The verdicts on one cluster, sorted, and what was not compared in a very
/// large one: nothing is left out unsaid.
pub(crate) fn judge(cluster: u32, case: &Case<'_>) -> (Vec<Contradiction>, Vec<Reason>) {
    let mut out = Vec::new();
    let mut add = |verdict, kind, claims: Vec<ClaimId>, rule: &'static str, note: String| {
        out.push(Contradiction { cluster, verdict, kind, claims, why: vec![Reason::new(rule, note)] });
    };
    let values = figures::figures(case, &mut add);
    sums::sums(case, &mut add);
    let sides = [sides::polarity(case, &mut add), sides::kin(case, &mut add)];
    let times = [times::times(case, &mut add), times::order(case, &mut add)];
    let mut cut = Vec::new();
    if values > 0 {
        let note =
            format!("of more than {} values told, {values} that are told least were not compared", figures::VALUES);
        cut.push(Reason::new("values-left-out", note));
    }
    for (what, _) in [("sides", sides), ("times", times)].iter().filter(|(_, cut)| cut.contains(&true)) {
        let note = format!("of very many who differ in {what}, only the first {MOST} pairs are listed");
        cut.push(Reason::new("verdicts-left-out", note));
    }
    out.sort_by(|a, b| (a.verdict, a.kind, &a.claims).cmp(&(b.verdict, b.kind, &b.claims)));
    out.dedup_by(|a, b| a.verdict == b.verdict && a.kind == b.kind && a.claims == b.claims);
    (out, cut)
}

/// Share of the words of the claim that has fewer which the other has too.
fn overlap(a: &Item<'_>, b: &Item<'_>) -> f64 {
    let common = a.said.iter().filter(|t| b.said.binary_search(t).is_ok()).count();
    // One word in common is chance.
    if common < 2 { 0.0 } else { common as f64 / a.said.len().min(b.said.len()).max(1) as f64 }
}

fn day_words(day: Option<Date>) -> String {
    day.map_or_else(|| "an unknown day".to_owned(), crate::headline::day)
}
