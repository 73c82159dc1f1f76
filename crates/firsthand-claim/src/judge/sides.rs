//! Who affirms and who denies, and who gives another answer to how people are
//! related.

use std::collections::BTreeMap;

use firsthand_model::{ContradictionKind, Polarity, Verdict};

use super::{Add, Case, MOST, overlap};
use crate::origin::Strength;
use crate::relation::{opposed, other_kin, possible_only, same_matter};

/// Most origins that affirm what one denies which are listed against it.
const AGAINST: usize = 2;

/// Affirmed by one origin, denied by another: listed for each origin that
/// denies, with the claims of others that are most like its own. Whether some
/// who deny were left out.
pub(super) fn polarity(case: &Case<'_>, add: &mut Add<'_>) -> bool {
    // The claims of each origin on each side.
    let side = |denied: bool| {
        let mut by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..case.members.len() {
            let item = case.item(i);
            if (item.claim.polarity == Polarity::Denied) == denied && !possible_only(item, case.text(item)) {
                by.entry(case.origins.of[i]).or_default().push(i);
            }
        }
        by
    };
    let (yes, no) = (side(false), side(true));
    for (&q, denying) in no.iter().take(MOST) {
        // The pair that is most alike, for each other origin that affirms.
        let mut best: Vec<(f64, usize, usize)> = Vec::new();
        for (&p, affirming) in yes.iter().filter(|&(&p, _)| p != q) {
            let pairs = affirming.iter().flat_map(|&i| denying.iter().map(move |&j| (i, j)));
            let alike = pairs
                .filter(|&(i, j)| {
                    let (a, b) = (case.item(i), case.item(j));
                    // Who denies a rumour names it in the same breath.
                    let rumour = a.id.report == b.id.report && case.origins.strength[p] == Strength::Open;
                    opposed(a, b)
                        && a.said.len() >= 2
                        && !rumour
                        && same_matter(a, b)
                        && !denies_plan(b.claim.evidence.of(case.text(b)))
                })
                .map(|(i, j)| (overlap(case.item(i), case.item(j)), i, j))
                .max_by(|x, y| x.0.total_cmp(&y.0).then((y.1, y.2).cmp(&(x.1, x.2))));
            best.extend(alike);
        }
        best.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for &(_, i, j) in best.iter().take(AGAINST) {
            let note = format!("{} says so, {} denies it", case.name(case.origins.of[i]), case.name(q));
            let ids = vec![case.item(i).id, case.item(j).id];
            add(Verdict::Contradiction, ContradictionKind::Polarity, ids, "affirmed-denied", note);
        }
    }
    no.len() > MOST
}

/// Two origins that name unlike kinships of the same people: "sister" and
/// "cousin" of one. Whether some were left out.
pub(super) fn kin(case: &Case<'_>, add: &mut Add<'_>) -> bool {
    // The first claim by origin and kinship.
    let mut told: BTreeMap<(usize, &[String]), usize> = BTreeMap::new();
    for i in 0..case.members.len() {
        let kin = case.item(i).kin.as_slice();
        if !kin.is_empty() {
            told.entry((case.origins.of[i], kin)).or_insert(i);
        }
    }
    let cut = told.len() > MOST;
    let told: Vec<((usize, &[String]), usize)> = told.into_iter().take(MOST).collect();
    for (n, ((p, x), i)) in told.iter().enumerate() {
        for ((q, y), j) in &told[n + 1..] {
            let (a, b) = (case.item(*i), case.item(*j));
            let people = a.people.iter().filter(|t| b.people.binary_search(t).is_ok()).count();
            if p != q && people > 0 && other_kin(a, b) {
                let words = |k: &[String]| k.join(", ");
                let note = format!("{} ({}) against {} ({})", words(x), case.name(*p), words(y), case.name(*q));
                add(Verdict::Contradiction, ContradictionKind::Actor, vec![a.id, b.id], "other-kinship", note);
            }
        }
    }
    cut
}

/// Whether what is denied is only a plan or a thought, which the event itself
/// does not contradict.
fn denies_plan(text: &str) -> bool {
    text.split_whitespace().any(|w| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        ["consider", "plan", "intend", "expect", "propos"].iter().any(|p| w.starts_with(p))
    })
}
