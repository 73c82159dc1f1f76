//! Claims about the same thing, within one story.
//!
//! Three signs join claims: the same key of a figure (class of event, counted
//! noun, time), the same words weighed by how rare they are in the story, and
//! the same number or clock time. Different keys, parts and wholes, and
//! different happenings never join.
//!
//! The thresholds were set by hand on three made-up stories: between 0.32 and
//! 0.40, 0.28 and 0.34, and 1.5 and 1.7 for a class, each story's B-cubed F1
//! moves by up to 3 points.

use std::collections::BTreeSet;

use firsthand_model::{ClaimId, CopyLink, ReportId};
use firsthand_span::Span;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::item::{Counted, Item, of_people};
use crate::vector::{Sets, Vector};

/// Least similarity of two claims that are joined.
pub(crate) const ALIKE: f32 = 0.36;
/// Least cosine of the centroids of two clusters that become one.
const CENTROIDS: f32 = 0.32;
/// Added to that for each e-fold of the pairs of claims that the two hold.
const CROWD: f32 = 0.02;
/// Terms in more claims of a story than this are not looked up by.
const MOST: usize = 150;
/// Weight of a class beside a word: that something sank says more than any word it is told with.
const CLASS: f32 = 1.60;
/// From this on counts of things are sums of money, whose noun says little.
const SUMS: f64 = 1e6;
/// Weight of the terms of a claim's sentence beside its own.
const CONTEXT: f32 = 0.35;
/// Added where both count the same things.
const SAME_THINGS: f32 = 0.25;
/// Added where both say when something of one class happened: by the clock.
const BOTH_CLOCKS: f32 = 0.20;
/// Added where both tell what became of one person, or how one is related.
const SAME_PERSON: f32 = 0.30;
/// Added where both name the same clock time.
const SAME_CLOCK: f32 = 0.30;

/// From this on two claims that are not joined may yet be about one thing. Of
/// clusters with such a pair in three made-up stories (from 0.20 on) one in
/// seven belonged together; of those whose claims the truth lists, one in three.
const NEAR: f32 = 0.22;
/// Neighbours of a claim below [`ALIKE`] that are kept.
const NEIGHBOURS: usize = 3;

/// The clusters of a story and what stands near them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clustered {
    /// Indices into the items, each group ascending.
    pub(crate) groups: Vec<Vec<usize>>,
    /// Pairs of items that may be about one thing and were not joined, with
    /// their likeness: the most alike first.
    pub(crate) near: Vec<(f32, usize, usize)>,
}

/// Groups the claims of one story, given as indices into `items`.
pub(crate) fn clusters(items: &[Item<'_>], members: &[usize], copies: &Copied, classes: &BTreeSet<u32>) -> Clustered {
    let vectors = vectors(items, members, classes);
    let mut sets = Sets::new(members.len());
    let mut groups: Vec<Group> = (0..members.len()).map(|i| Group::one(items, members[i], &vectors[i])).collect();
    let mut join = |sets: &mut Sets, a: usize, b: usize, least: f32| {
        let (a, b) = (sets.find(a), sets.find(b));
        if a == b || !groups[a].may_join(&groups[b], items) {
            return;
        }
        // The more two groups hold, the likelier some of their claims are alike by chance.
        let held = (groups[a].size * groups[b].size) as f32;
        if least > 0.0 && groups[a].sum.cosine(&groups[b].sum) < least + CROWD * held.ln() {
            return;
        }
        let name = sets.join(a, b);
        let other = std::mem::take(&mut groups[a + b - name]);
        groups[name].absorb(other, items);
    };

    // Figures of one key.
    let mut keyed: Vec<usize> =
        (0..members.len()).filter(|&i| items[members[i]].figure.as_ref().is_some_and(|f| f.class.is_some())).collect();
    keyed.sort_by(|&a, &b| key(&items[members[a]]).cmp(&key(&items[members[b]])).then(a.cmp(&b)));
    for pair in keyed.windows(2) {
        let (a, b) = (&items[members[pair[0]]], &items[members[pair[1]]]);
        if let (Some(f), Some(g)) = (&a.figure, &b.figure)
            && f.same_key(g)
            && a.past == b.past
        {
            join(&mut sets, pair[0], pair[1], 0.0);
        }
    }

    let meetings = Meetings::new(items, members);
    let mut edges: Vec<(f32, usize, usize)> = (0..members.len())
        .into_par_iter()
        .flat_map_iter(|a| {
            let like =
                |&b: &usize| similarity(&items[members[a]], &items[members[b]], vectors[a].dot(&vectors[b]), copies);
            let met = meetings.after(a).into_iter().map(move |b| (like(&b), a, b));
            let (mut edges, mut near): (Vec<_>, Vec<_>) = met.filter(|e| e.0 >= NEAR).partition(|e| e.0 >= ALIKE);
            near.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.2.cmp(&y.2)));
            edges.extend(near.into_iter().take(NEIGHBOURS));
            edges
        })
        .collect();
    edges.par_sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let joined = edges.partition_point(|e| e.0 >= ALIKE);
    for &(s, a, b) in &edges[..joined] {
        // The same words, or one number that is not round, need no more.
        let number = match (&items[members[a]].figure, &items[members[b]].figure) {
            (Some(f), Some(g)) => f.same_value(g) && f.telling() >= ALIKE,
            _ => false,
        };
        join(&mut sets, a, b, if s >= 0.95 || number { 0.0 } else { CENTROIDS });
    }
    edges.retain(|&(_, a, b)| sets.find(a) != sets.find(b));
    Clustered {
        near: edges.into_iter().map(|(s, a, b)| (s, members[a], members[b])).collect(),
        groups: sets.groups().into_iter().map(|g| g.into_iter().map(|i| members[i]).collect()).collect(),
    }
}

/// The claims of a story as vectors of their terms, weighed by how rare these
/// are in it.
pub(crate) fn vectors(items: &[Item<'_>], members: &[usize], classes: &BTreeSet<u32>) -> Vec<Vector> {
    let mut df: FxHashMap<u32, u32> = FxHashMap::default();
    let distinct: BTreeSet<&[u32]> = members.iter().map(|&m| items[m].terms.as_slice()).collect();
    for term in distinct.iter().flat_map(|t| t.iter()) {
        *df.entry(*term).or_default() += 1;
    }
    let n = distinct.len() as f32;
    members
        .iter()
        .map(|&m| {
            let weigh = |&t: &u32| (t, (1.0 + n / (1.0 + df.get(&t).copied().unwrap_or(0) as f32)).ln());
            let strong = |(t, w): (u32, f32)| (t, if classes.contains(&t) { CLASS * w } else { w });
            let mut all: Vec<(u32, f32)> = items[m].terms.iter().map(weigh).map(strong).collect();
            all.extend(items[m].context.iter().map(weigh).map(|(t, w)| (t, CONTEXT * w)));
            let v = Vector::new(all);
            let norm = v.norm().max(f32::MIN_POSITIVE);
            Vector(v.0.into_iter().map(|(t, w)| (t, w / norm)).collect())
        })
        .collect()
}

fn key<'i>(
    item: &'i Item<'_>,
) -> Option<(&'i crate::item::Dimension, Option<&'static str>, &'i crate::item::Counted, Option<i16>)> {
    item.figure.as_ref().map(|f| (&f.dimension, f.class, &f.counted, item.past))
}

/// What two claims lose in likeness of which only one has a figure: "12 died
/// when the roof fell" is not "the roof fell".
const FIGURE_ONLY_ONE: f32 = 0.35;

/// Whether two figures print one number that is too telling to be chance.
fn one_number(f: &crate::item::Figure, g: &crate::item::Figure) -> bool {
    f.same_value(g) && f.telling() >= crate::item::TELLING
}

/// How alike two claims are: 1 for the same words.
pub(crate) fn similarity(a: &Item<'_>, b: &Item<'_>, cosine: f32, copies: &Copied) -> f32 {
    if let (Some(f), Some(g)) = (&a.figure, &b.figure) {
        if !f.may_match(g) || (a.past != b.past && !one_number(f, g)) {
            return 0.0;
        }
        // Sums of one currency are about one thing no more than other sums.
        let sum = |f: &crate::item::Figure| f.value.or(f.lower).or(f.upper).is_some_and(|v| v >= SUMS);
        let things = match (&f.counted, &g.counted) {
            (Counted::Things(a), Counted::Things(b)) => a == b && !sum(f) && !sum(g),
            (Counted::Part(a), Counted::Part(b)) => a == b && !a.is_empty(),
            _ => false,
        };
        let bonus = if f.same_value(g) { f.telling() } else { 0.0 };
        return cosine + bonus + if things { SAME_THINGS } else { 0.0 };
    }
    let mut s = cosine;
    if a.clock.is_some() && a.clock == b.clock {
        s += SAME_CLOCK;
    } else if a.clock.is_some() && b.clock.is_some() && a.claim.class.is_some() && a.claim.class == b.claim.class {
        s += BOTH_CLOCKS;
    }
    if let (Some(c), Some(d)) = (&a.claim.class, &b.claim.class) {
        let shared = a.persons.iter().any(|p| b.persons.contains(p));
        if shared && ((a.fate && b.fate) || (c == d && c == "related")) {
            s += SAME_PERSON;
        }
    }
    if s < 0.95 && s > 0.4 && copies.aligned(a.id, b.id, a.claim.evidence, b.claim.evidence) {
        s += 0.25;
    }
    // A clause of a figure and one without share a subject more often than a claim.
    if a.figure.is_some() != b.figure.is_some() { s - FIGURE_ONLY_ONE } else { s }
}

/// Which claims meet: those that share a term that is not everywhere, a clock
/// time or a number.
struct Meetings {
    /// Claims that share one thing, ascending.
    lists: Vec<Vec<u32>>,
    /// For each claim the lists that it is in.
    of: Vec<Vec<u32>>,
}

impl Meetings {
    fn new(items: &[Item<'_>], members: &[usize]) -> Self {
        let mut terms: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut clocks: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (i, &m) in members.iter().enumerate() {
            for term in &items[m].terms {
                terms.entry(*term).or_default().push(i as u32);
            }
            let value = items[m].figure.as_ref().and_then(|f| Some(format!("{} {}", f.value.or(f.lower)?, f.unit)));
            for key in items[m].clock.iter().cloned().chain(value) {
                clocks.entry(key).or_default().push(i as u32);
            }
        }
        let lists = terms.into_values().chain(clocks.into_values());
        let lists: Vec<Vec<u32>> = lists.filter(|l| l.len() > 1 && l.len() <= MOST).collect();
        let mut of: Vec<Vec<u32>> = vec![Vec::new(); members.len()];
        for (n, list) in lists.iter().enumerate() {
            list.iter().for_each(|&i| of[i as usize].push(n as u32));
        }
        Meetings { lists, of }
    }

    /// The claims after this one that meet it, ascending.
    fn after(&self, claim: usize) -> Vec<usize> {
        let lists = self.of[claim].iter().map(|&l| &self.lists[l as usize]);
        let mut out: Vec<usize> =
            lists.flat_map(|l| l[l.partition_point(|&i| i as usize <= claim)..].iter().map(|&i| i as usize)).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// A cluster in the making.
#[derive(Clone, Debug, Default)]
struct Group {
    sum: Vector,
    size: usize,
    /// An item for each distinct key of its figures: what decides whether others may join.
    figures: Vec<usize>,
}

impl Group {
    fn one(items: &[Item<'_>], member: usize, vector: &Vector) -> Self {
        let figures = if items[member].figure.is_some() { vec![member] } else { Vec::new() };
        Group { sum: vector.clone(), size: 1, figures }
    }

    fn may_join(&self, other: &Group, items: &[Item<'_>]) -> bool {
        // A count of people and an event without one are two things to ask.
        if self.figures.is_empty() != other.figures.is_empty()
            && self
                .figures
                .iter()
                .chain(&other.figures)
                .any(|&f| items[f].figure.as_ref().is_some_and(|f| f.class.is_some_and(of_people)))
        {
            return false;
        }
        self.figures.iter().all(|&a| {
            other.figures.iter().all(|&b| match (&items[a].figure, &items[b].figure) {
                (Some(f), Some(g)) => f.may_match(g) && (items[a].past == items[b].past || one_number(f, g)),
                _ => true,
            })
        })
    }

    fn absorb(&mut self, other: Group, items: &[Item<'_>]) {
        self.sum.add(&other.sum);
        self.size += other.size;
        self.figures.extend(other.figures);
        self.figures.sort_by(|&a, &b| key(&items[a]).cmp(&key(&items[b])).then(a.cmp(&b)));
        self.figures.dedup_by(|a, b| key(&items[*a]) == key(&items[*b]));
    }
}

/// Which passages are copies, by pair of reports.
#[derive(Debug, Default)]
pub(crate) struct Copied {
    spans: FxHashMap<(ReportId, ReportId), Vec<firsthand_model::CopySpan>>,
}

impl Copied {
    pub(crate) fn new(copies: &[CopyLink]) -> Self {
        let mut spans: FxHashMap<(ReportId, ReportId), Vec<firsthand_model::CopySpan>> = FxHashMap::default();
        for copy in copies {
            if let Some(parent) = copy.parent {
                spans.entry((parent, copy.child)).or_default().extend(copy.spans.iter().cloned());
            }
        }
        Copied { spans }
    }

    /// Whether `child` stands in a passage copied from that of `parent`.
    pub(crate) fn descends(&self, child: ClaimId, parent: ClaimId, ct: Span, pt: Span) -> bool {
        self.spans.get(&(parent.report, child.report)).is_some_and(|spans| {
            spans.iter().any(|s| {
                s.kind != firsthand_model::SpanKind::Furniture
                    && s.child.overlaps(ct)
                    && s.parent.is_some_and(|sp| sp.overlaps(pt))
            })
        })
    }

    /// Whether two claims of aligned passages are the same sentence: most of
    /// their terms, or their figure.
    pub(crate) fn same_words(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        let common = a.terms.iter().filter(|t| b.terms.binary_search(t).is_ok()).count();
        let figures = matches!((&a.figure, &b.figure), (Some(f), Some(g)) if f.same_value(g));
        figures || 2 * common >= a.terms.len().min(b.terms.len()).max(1)
    }

    /// Whether the two stand in passages that are copies of each other.
    pub(crate) fn aligned(&self, a: ClaimId, b: ClaimId, at: Span, bt: Span) -> bool {
        let one = |parent: ClaimId, child: ClaimId, p: Span, c: Span| {
            self.spans.get(&(parent.report, child.report)).is_some_and(|spans| {
                spans.iter().any(|s| s.child.overlaps(c) && s.parent.is_some_and(|sp| sp.overlaps(p)))
            })
        };
        one(a, b, at, bt) || one(b, a, bt, at)
    }
}
