use std::collections::BTreeMap;
use std::ops::Range;

use firsthand_model::{CopyHow, CopyLink, CopySpan, Family, Reason, ReportId, SpanKind};
use rustc_hash::FxHashMap;

use crate::Text;
use crate::arborescence::{Edge, cheapest};
use crate::direction::{Evidence, Signs, evidence};
use crate::pair::Pair;
use crate::text::{FURNITURE, Prepared};

/// Costs of what must have happened if one report was made from another.
/// One word changed, one passage cut or added, one passage moved.
const EDIT: f64 = 0.5;
const CUT: f64 = 1.0;
const ADDED: f64 = 1.0;
const MOVED: f64 = 1.0;
/// One word of text that some other report shares but the parent does not.
const FOREIGN: f64 = 0.2;
/// Being an origin: this and so much per shared word.
const ORIGIN: f64 = 4.0;
const ORIGIN_WORD: f64 = 0.2;
/// Words of shared text, not in the parents so far, that call for another parent.
const SECOND: usize = 25;
/// Components larger than this keep, per report, only the edges that fit best.
const LARGE: usize = 150;

/// The reports of one family and how they descend from each other.
pub(crate) struct Descent {
    pub links: Vec<CopyLink>,
    pub family: Family,
}

/// What one report took from another, seen from the child.
struct Fit<'p> {
    parent: usize,
    child: usize,
    pair: &'p Pair,
    cost: f64,
    evidence: Evidence,
}

struct Members<'a> {
    ranks: &'a [u32],
    texts: &'a [Text<'a>],
    prepared: &'a [Prepared],
    /// Per member and word: in how many other members it stands.
    shared: Vec<Vec<u16>>,
    /// How many members have a sentence, by its hash.
    wordings: FxHashMap<u64, u32>,
    /// Whether other members credit it.
    credited: Vec<f64>,
}

/// Draws the stemma of one component: `ranks` are its members, `pairs` all
/// pairs that share copied text among them.
pub(crate) fn descent(ranks: &[u32], pairs: &[&Pair], texts: &[Text<'_>], prepared: &[Prepared]) -> Descent {
    let index: FxHashMap<u32, usize> = ranks.iter().enumerate().map(|(i, &r)| (r, i)).collect();
    let mut wordings: FxHashMap<u64, u32> = FxHashMap::default();
    for &r in ranks {
        let text = &prepared[r as usize];
        for s in 0..text.sentence_count() {
            *wordings.entry(text.hash(text.sentence(s))).or_default() += 1;
        }
    }
    let credited = ranks
        .iter()
        .map(|&r| {
            let credited =
                ranks.iter().any(|&o| crate::direction::credits(texts[o as usize].report, texts[r as usize].report));
            f64::from(u8::from(credited))
        })
        .collect();
    let mut members = Members {
        wordings,
        credited,
        ranks,
        texts,
        prepared,
        shared: ranks.iter().map(|&r| vec![0; prepared[r as usize].len()]).collect(),
    };
    for pair in pairs {
        for (doc, side) in [(pair.a, 0), (pair.b, 1)] {
            let Some(&i) = index.get(&doc) else { continue };
            for p in text_pieces(pair) {
                let range = if side == 0 { p.a.clone() } else { p.b.clone() };
                members.shared[i][range].iter_mut().for_each(|n| *n = n.saturating_add(1));
            }
        }
    }
    let mut fits: Vec<Fit<'_>> = Vec::new();
    for pair in pairs {
        let (Some(&a), Some(&b)) = (index.get(&pair.a), index.get(&pair.b)) else { continue };
        fits.push(members.fit(pair, a, b));
        fits.push(members.fit(pair, b, a));
    }
    fits.sort_by(|x, y| (x.child, x.parent).cmp(&(y.child, y.parent)));
    let parents = members.first_parents(&fits);
    members.draw(&fits, &parents)
}

fn text_pieces(pair: &Pair) -> impl Iterator<Item = &crate::align::Piece> {
    pair.pieces.iter().filter(|p| p.kind != SpanKind::Background)
}

impl Members<'_> {
    fn text(&self, i: usize) -> &Prepared {
        &self.prepared[self.ranks[i] as usize]
    }

    fn fit<'p>(&self, pair: &'p Pair, parent: usize, child: usize) -> Fit<'p> {
        let (p, c) = (self.text(parent), self.text(child));
        let forward = pair.a == self.ranks[parent];
        let mut pieces: Vec<(_, _, usize, bool)> = text_pieces(pair)
            .map(|x| {
                if forward {
                    (x.a.clone(), x.b.clone(), x.same, x.exact)
                } else {
                    (x.b.clone(), x.a.clone(), x.same, x.exact)
                }
            })
            .collect();
        pieces.sort_by_key(|x| (x.1.start, x.0.start));
        let mut taken_p = vec![false; p.len()];
        let mut taken_c = vec![false; c.len()];
        let (mut edits, mut moved, mut last) = (0.0, 0, 0);
        for (from, to, same, exact) in &pieces {
            taken_p[from.clone()].fill(true);
            taken_c[to.clone()].fill(true);
            edits += (from.len().max(to.len()) - (*same).min(from.len().max(to.len()))) as f64;
            edits += if *exact { 0.0 } else { 0.5 };
            moved += usize::from(from.start < last);
            last = from.start;
        }
        let shared_c = &self.shared[child];
        let foreign = (0..c.len()).filter(|&w| !taken_c[w] && shared_c[w] > 0).count();
        let cuts = runs(p, &taken_p);
        let added = runs(c, &taken_c);
        let signs = self.signs(parent, child, &pieces, &taken_p, &taken_c);
        let evidence = evidence(self.report(parent), self.report(child), &signs);
        let cost = EDIT * edits
            + MOVED * moved as f64
            + CUT * cuts as f64
            + ADDED * added as f64
            + FOREIGN * foreign as f64
            + evidence.cost();
        Fit { parent, child, pair, cost, evidence }
    }

    fn signs(
        &self,
        parent: usize,
        child: usize,
        pieces: &[(Range<usize>, Range<usize>, usize, bool)],
        taken_p: &[bool],
        taken_c: &[bool],
    ) -> Signs {
        let (p, c) = (self.text(parent), self.text(child));
        let only = |i: usize, taken: &[bool]| {
            let (mut shared, mut own) = (0.0, 0.0);
            for (w, t) in taken.iter().enumerate() {
                if !t && self.text(i).flags[w] & FURNITURE == 0 {
                    *(if self.shared[i][w] > 0 { &mut shared } else { &mut own }) += 1.0;
                }
            }
            (shared, own)
        };
        let ((ps, po), (cs, co)) = (only(parent, taken_p), only(child, taken_c));
        let mut signs = Signs { only_shared: (ps, cs), only_own: (po, co), ..Signs::default() };
        for (from, to, _, _) in pieces {
            let (x, y) = (p.sentence(p.sentence_of(from.start)), c.sentence(c.sentence_of(to.start)));
            let n = |k: u64| self.wordings.get(&k).copied().unwrap_or(0);
            let (hx, hy) = (p.hash(x), c.hash(y));
            if hx != hy {
                let (nx, ny) = (n(hx), n(hy));
                if nx > ny {
                    signs.votes.0 += 1.0;
                } else if ny > nx {
                    signs.votes.1 += 1.0;
                }
            }
        }
        let central = |i: usize| self.shared[i].iter().map(|&n| f64::from(n)).sum::<f64>();
        signs.central = (central(parent), central(child));
        signs.credited = (self.credited[parent], self.credited[child]);
        signs
    }

    fn report(&self, i: usize) -> &firsthand_model::Report {
        self.texts[self.ranks[i] as usize].report
    }

    fn id(&self, i: usize) -> ReportId {
        self.texts[self.ranks[i] as usize].id
    }

    /// The best first parent of each member; `None` for an origin.
    fn first_parents(&self, fits: &[Fit<'_>]) -> Vec<Option<usize>> {
        let n = self.ranks.len();
        let mut edges: Vec<Edge> = (0..n)
            .map(|i| {
                let shared = self.shared[i].iter().filter(|&&k| k > 0).count();
                Edge { from: 0, to: i + 1, cost: ORIGIN + ORIGIN_WORD * shared as f64 }
            })
            .collect();
        for group in fits.chunk_by(|x, y| x.child == y.child) {
            let mut best: Vec<&Fit<'_>> = group.iter().collect();
            if n > LARGE {
                best.sort_by(|x, y| x.cost.total_cmp(&y.cost).then(x.parent.cmp(&y.parent)));
                best.truncate(8);
            }
            edges.extend(best.iter().map(|f| Edge { from: f.parent + 1, to: f.child + 1, cost: f.cost }));
        }
        cheapest(n + 1, &edges)[1..].iter().map(|p| p.checked_sub(1)).collect()
    }

    fn draw(&self, fits: &[Fit<'_>], parents: &[Option<usize>]) -> Descent {
        let mut links = Vec::new();
        let mut origins = 0;
        for (child, parent) in parents.iter().enumerate() {
            let Some(parent) = parent else {
                origins += 1;
                continue;
            };
            let from = fits.partition_point(|f| (f.child, f.parent) < (child, *parent));
            if let Some(fit) = fits.get(from).filter(|f| f.child == child && f.parent == *parent) {
                links.push(self.link(fit));
            }
        }
        let mut reports: Vec<ReportId> = (0..self.ranks.len()).map(|i| self.id(i)).collect();
        reports.sort_unstable();
        Descent { links, family: Family { reports, independent: (origins, origins) } }
    }

    fn link(&self, fit: &Fit<'_>) -> CopyLink {
        let child = self.text(fit.child);
        let parent = self.text(fit.parent);
        let spans = copy_spans(fit.pair, self.ranks[fit.child], child, parent);
        let own = child.own_len().max(1);
        let mut taken = vec![false; child.len()];
        let mut given = vec![false; parent.len()];
        let (mut same, mut all) = (0, 0);
        for p in text_pieces(fit.pair) {
            let (c, f) = if fit.pair.b == self.ranks[fit.child] { (&p.b, &p.a) } else { (&p.a, &p.b) };
            taken[c.clone()].fill(true);
            given[f.clone()].fill(true);
            same += p.same;
            all += c.len().max(f.len());
        }
        let share = taken.iter().filter(|t| **t).count() as f64 / own as f64;
        let kept = given.iter().filter(|t| **t).count() as f64 / parent.own_len().max(1) as f64;
        let how = if share < 0.6 {
            CopyHow::Merged
        } else if (same as f64) < 0.75 * all as f64 {
            CopyHow::Reworded
        } else if kept < 0.8 {
            CopyHow::Cut
        } else {
            CopyHow::Whole
        };
        let mut why = vec![Reason::new("shared-passages", format!("{} words in {} passages", same, spans.len()))];
        why.extend(fit.evidence.why.iter().cloned());
        CopyLink {
            parent: Some(self.id(fit.parent)),
            hidden: None,
            child: self.id(fit.child),
            how,
            directed: fit.evidence.known(),
            share: share.min(1.0),
            spans,
            why,
        }
    }
}

/// How many runs of sentences (not furniture) have no taken word.
fn runs(text: &Prepared, taken: &[bool]) -> usize {
    let (mut n, mut inside) = (0, false);
    for s in 0..text.sentence_count() {
        let words = text.sentence(s);
        if 2 * text.flagged(words.clone(), FURNITURE) >= words.len() || words.len() < 3 {
            continue;
        }
        let free = !taken[words].iter().any(|t| *t);
        n += usize::from(free && !inside);
        inside = free;
    }
    n
}

/// The passages as spans, neighbours of one kind joined, in order of the child.
pub(crate) fn copy_spans(pair: &Pair, child: u32, c: &Prepared, p: &Prepared) -> Vec<CopySpan> {
    let mut pieces: Vec<_> = pair
        .pieces
        .iter()
        .map(|x| if pair.b == child { (x.b.clone(), x.a.clone(), x.kind) } else { (x.a.clone(), x.b.clone(), x.kind) })
        .collect();
    pieces.sort_by_key(|x| (x.0.start, x.1.start));
    let mut joined: Vec<(std::ops::Range<usize>, std::ops::Range<usize>, SpanKind)> = Vec::new();
    for (to, from, kind) in pieces {
        match joined.last_mut() {
            Some(last) if last.2 == kind && last.0.end == to.start && last.1.end == from.start => {
                last.0.end = to.end;
                last.1.end = from.end;
            }
            _ => joined.push((to, from, kind)),
        }
    }
    joined
        .into_iter()
        .map(|(to, from, kind)| CopySpan { parent: Some(p.span(from)), child: c.span(to), kind })
        .collect()
}

/// Members of each component, both in order.
pub(crate) fn components(n: usize, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let mut union = crate::union::Union::new(n);
    for p in pairs.iter().filter(|p| p.copy) {
        union.join(p.a as usize, p.b as usize);
    }
    let mut groups: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for i in 0..n {
        groups.entry(union.find(i)).or_default().push(i as u32);
    }
    groups.into_values().filter(|g| g.len() > 1).collect()
}
