use std::collections::BTreeMap;
use std::ops::Range;

use firsthand_model::{CopyHow, CopyLink, CopySpan, Family, Reason, Report, ReportId, SpanKind};
use rustc_hash::FxHashMap;

use crate::Text;
use crate::arborescence::{Edge, cheapest};
use crate::bits::Bits;
use crate::cites::Named;
use crate::clock::{Order, order};
use crate::direction::{Evidence, Signs, evidence};
use crate::origins::Shares;
use crate::pair::Pair;
use crate::text::{FURNITURE, Prepared};
use crate::union::Union;

/// Costs of what must have happened if one report was made from another.
/// One word changed, one passage cut or added, one passage moved.
const EDIT: f64 = 0.5;
const CUT: f64 = 1.0;
const ADDED: f64 = 1.0;
const MOVED: f64 = 1.0;
/// One word that some other report shares and no parent has: it must have come from somewhere.
const NOVEL: f64 = 0.2;
/// Being an origin.
const ORIGIN: f64 = 4.0;
/// Each further parent ...
const FURTHER: f64 = 5.0;
/// ... and what a report saves by naming the outlet of a parent.
const NAMES: f64 = 3.0;
/// At most so many parents.
const PARENTS: usize = 4;
/// Reports that share so many words, and one in so many of the shorter one's, have a source in common.
const COMMON: usize = 15;
const COMMON_SHARE: f64 = 6.0;
/// Rounds of improvement.
const ROUNDS: usize = 4;
/// Components larger than this keep, per report, only the edges that fit best.
const LARGE: usize = 150;

/// The reports of one family and how they descend from each other.
pub(crate) struct Descent {
    pub links: Vec<CopyLink>,
    pub families: Vec<Family>,
}

/// What one report took from another, seen from the child.
struct Fit<'p> {
    parent: usize,
    child: usize,
    pair: &'p Pair,
    /// What must have been changed.
    changes: f64,
    /// What the direction costs.
    against: f64,
    /// Words of the child that the parent has.
    taken: Bits,
    evidence: Evidence,
}

impl Fit<'_> {
    fn cost(&self) -> f64 {
        self.changes + self.against
    }
}

struct Members<'a> {
    ranks: &'a [u32],
    texts: &'a [Text<'a>],
    prepared: &'a [Prepared],
    named: &'a Named,
    /// Per member and word: in how many other members it stands.
    shared: Vec<Vec<u16>>,
    /// Per member: the words that some other member shares.
    held: Vec<Bits>,
    /// How many members have a sentence, by its hash.
    wordings: FxHashMap<u64, u32>,
    /// Whether other members credit it.
    credited: Vec<f64>,
}

/// Draws the stemma of one component: `ranks` are its members, `pairs` all
/// pairs that share copied text among them.
pub(crate) fn descent(
    ranks: &[u32],
    pairs: &[&Pair],
    texts: &[Text<'_>],
    prepared: &[Prepared],
    named: &Named,
) -> Descent {
    let index: FxHashMap<u32, usize> = ranks.iter().enumerate().map(|(i, &r)| (r, i)).collect();
    let mut wordings: FxHashMap<u64, u32> = FxHashMap::default();
    for &r in ranks {
        let text = &prepared[r as usize];
        for s in 0..text.sentence_count() {
            *wordings.entry(text.hash(text.sentence(s))).or_default() += 1;
        }
    }
    let credited = named.credited_among(ranks).into_iter().map(|c| f64::from(u8::from(c))).collect();
    let mut members = Members {
        wordings,
        credited,
        ranks,
        texts,
        prepared,
        named,
        held: Vec::new(),
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
    members.held = members.shared.iter().map(|s| Bits::of(&s.iter().map(|&n| n > 0).collect::<Vec<_>>())).collect();
    let mut fits: Vec<Fit<'_>> = Vec::new();
    for pair in pairs {
        let (Some(&a), Some(&b)) = (index.get(&pair.a), index.get(&pair.b)) else { continue };
        fits.push(members.fit(pair, a, b));
        fits.push(members.fit(pair, b, a));
    }
    fits.sort_by_key(|x| (x.child, x.parent));
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
        let cuts = runs(p, &taken_p);
        let added = runs(c, &taken_c);
        let signs = self.signs(parent, child, &pieces, &taken_p, &taken_c);
        let evidence = evidence(self.report(parent), self.report(child), &signs);
        let changes = EDIT * edits + MOVED * moved as f64 + CUT * cuts as f64 + ADDED * added as f64;
        let against = evidence.cost() - NAMES * signs.named.0 * (1.0 - signs.named.1);
        Fit { parent, child, pair, changes, against, taken: Bits::of(&taken_c), evidence }
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
        let names =
            |x: usize, y: usize| f64::from(u8::from(self.named.names(self.ranks[x] as usize, self.ranks[y] as usize)));
        signs.named = (names(child, parent), names(parent, child));
        signs.credited = (self.credited[parent], self.credited[child]);
        let credits = |x: usize, y: usize| self.named.credits(self.ranks[x] as usize, self.ranks[y] as usize);
        signs.credit = (credits(child, parent), credits(parent, child));
        signs
    }

    fn report(&self, i: usize) -> &Report {
        self.texts[self.ranks[i] as usize].report
    }

    fn id(&self, i: usize) -> ReportId {
        self.texts[self.ranks[i] as usize].id
    }

    /// The best first parent of each member; `None` for an origin.
    fn first_parents(&self, fits: &[Fit<'_>]) -> Vec<Option<usize>> {
        let n = self.ranks.len();
        let mut edges: Vec<Edge> =
            (0..n).map(|i| Edge { from: 0, to: i + 1, cost: ORIGIN + NOVEL * self.held[i].count() as f64 }).collect();
        for group in fits.chunk_by(|x, y| x.child == y.child) {
            let cost = |f: &Fit<'_>| f.cost() + NOVEL * self.held[f.child].beyond(&f.taken) as f64;
            let mut best: Vec<&Fit<'_>> = group.iter().collect();
            if n > LARGE {
                best.sort_by(|x, y| cost(x).total_cmp(&cost(y)).then(x.parent.cmp(&y.parent)));
                best.truncate(8);
            }
            edges.extend(best.iter().map(|f| Edge { from: f.parent + 1, to: f.child + 1, cost: cost(f) }));
        }
        cheapest(n + 1, &edges)[1..].iter().map(|p| p.checked_sub(1)).collect()
    }

    fn draw(&self, fits: &[Fit<'_>], parents: &[Option<usize>]) -> Descent {
        let from: Vec<usize> = (0..=self.ranks.len()).map(|i| fits.partition_point(|f| f.child < i)).collect();
        let parents = improve(self, fits, &from, parents);
        let mut links: Vec<CopyLink> = parents.iter().flatten().map(|&f| self.link(&fits[f])).collect();
        let families = self.families(fits, &parents, &mut links);
        Descent { links, families }
    }

    /// Members joined by links, or by a source that is not in the collection:
    /// such sources get links of their own.
    fn families(&self, fits: &[Fit<'_>], parents: &[Vec<usize>], links: &mut Vec<CopyLink>) -> Vec<Family> {
        let n = self.ranks.len();
        let mut joined = Union::new(n);
        for &f in parents.iter().flatten() {
            joined.join(fits[f].parent, fits[f].child);
        }
        // Parts that share much, though no member can descend from another: their source is hidden.
        for fit in fits.iter().filter(|f| f.parent < f.child) {
            let (a, b) = (joined.find(fit.parent), joined.find(fit.child));
            let words = fit.taken.count();
            let shorter = self.text(fit.parent).own_len().min(self.text(fit.child).own_len());
            if a == b || words < COMMON || words as f64 * COMMON_SHARE < shorter as f64 {
                continue;
            }
            joined.join(a, b);
            let back = fits.iter().find(|f| (f.parent, f.child) == (fit.child, fit.parent));
            let direct = back.filter(|f| f.evidence.weight > fit.evidence.weight).unwrap_or(fit);
            let most = 2 * direct.taken.count() >= self.text(direct.child).own_len();
            let names = |x: usize, y: usize| self.named.names(self.ranks[x] as usize, self.ranks[y] as usize);
            if (most || names(direct.child, direct.parent)) && self.may_descend(direct) {
                // Nothing speaks for a third text that nobody has seen.
                links.push(self.link(direct));
                continue;
            }
            let key = format!("common source/{}", self.id(fit.parent).min(self.id(fit.child)));
            let why = Reason::new(
                "neither-from-the-other",
                format!("{words} words stand in both, and neither has them from the other: a source that is not here"),
            );
            links.push(self.hidden(fit.parent, &key, self.sides(fit, fit.parent), why.clone()));
            links.push(self.hidden(fit.child, &key, self.sides(fit, fit.child), why));
        }
        self.absent_agencies(parents, &mut joined, links);
        let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        (0..n).for_each(|i| out.entry(joined.find(i)).or_default().push(i));
        let from: Vec<usize> = (0..=n).map(|i| fits.partition_point(|f| f.child < i)).collect();
        let shared = |child: usize, parent: usize| {
            let own = &fits[from[child]..from[child + 1]];
            own.binary_search_by_key(&parent, |f| f.parent).map_or(0, |at| own[at].taken.count())
        };
        out.into_values()
            .filter(|members| members.len() > 1)
            .map(|members| {
                let words: Vec<(usize, usize)> =
                    members.iter().map(|&i| (self.held[i].count(), self.text(i).own_len())).collect();
                let independent = Shares::new(&words, |i, j| shared(members[i], members[j])).origins();
                let mut reports: Vec<ReportId> = members.iter().map(|&i| self.id(i)).collect();
                reports.sort_unstable();
                Family { reports, independent }
            })
            .collect()
    }

    /// Whether a report may have its words from this parent: unless it credits
    /// another source for them, or both name each other.
    fn may_descend(&self, fit: &Fit<'_>) -> bool {
        let (x, y) = (self.ranks[fit.parent] as usize, self.ranks[fit.child] as usize);
        if self.named.names(x, y) && self.named.names(y, x) {
            return false;
        }
        self.report(fit.child).agency.is_none() || self.named.is_agency(y, x) || self.named.is_agency(y, y)
    }

    /// An agency that origins of a family credit and that published none of
    /// its members is their hidden source.
    fn absent_agencies(&self, parents: &[Vec<usize>], joined: &mut Union, links: &mut Vec<CopyLink>) {
        let mut credits: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        for (i, parents) in parents.iter().enumerate() {
            let report = self.report(i);
            let Some(agency) = report.agency.as_ref().filter(|_| parents.is_empty()) else { continue };
            let here = self.ranks.iter().any(|&o| self.named.is_agency(self.ranks[i] as usize, o as usize));
            if !here {
                credits.entry((joined.find(i), agency.value.clone())).or_default().push(i);
            }
        }
        for ((_, agency), members) in credits {
            let first = members.iter().map(|&i| self.id(i)).min().unwrap_or_default();
            for i in members {
                let why =
                    Reason::new("credits-absent-agency", format!("it credits {agency}, of which no report is here"));
                links.push(self.hidden(i, &format!("{agency}/{first}"), Vec::new(), why));
            }
        }
    }

    /// The passages of one side of a pair.
    fn sides(&self, fit: &Fit<'_>, member: usize) -> Vec<CopySpan> {
        let first = fit.pair.a == self.ranks[member];
        let text = self.text(member);
        let mut spans: Vec<CopySpan> = text_pieces(fit.pair)
            .map(|p| {
                let words = if first { p.a.clone() } else { p.b.clone() };
                CopySpan { parent: None, child: text.span(words), kind: p.kind }
            })
            .collect();
        spans.sort_by_key(|s| s.child);
        spans
    }

    fn hidden(&self, child: usize, key: &str, spans: Vec<CopySpan>, why: Reason) -> CopyLink {
        let own: usize = self.text(child).span(0..self.text(child).len()).len();
        let share = spans.iter().map(|s| s.child.len()).sum::<usize>() as f64 / own.max(1) as f64;
        CopyLink {
            parent: None,
            hidden: Some(key.to_owned()),
            child: self.id(child),
            how: if spans.is_empty() || share >= 0.5 { CopyHow::Whole } else { CopyHow::Merged },
            directed: true,
            share: share.min(1.0),
            spans,
            why: vec![why],
        }
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
        let how = if share < 0.5 {
            CopyHow::Merged
        } else if (same as f64) < 0.75 * all as f64 {
            CopyHow::Reworded
        } else if kept < 0.7 {
            CopyHow::Cut
        } else {
            CopyHow::Whole
        };
        let mut why = vec![shared(same, spans.len())];
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

/// Parents of each member, several where texts were merged, while it is drawn.
#[derive(Clone)]
struct Dag<'d> {
    members: &'d Members<'d>,
    fits: &'d [Fit<'d>],
    /// Per member: where its fits begin in `fits`.
    from: &'d [usize],
    /// Per member: indices in `fits`.
    parents: Vec<Vec<usize>>,
}

impl Dag<'_> {
    /// What one member costs with these parents.
    fn cost(&self, child: usize, parents: &[usize]) -> f64 {
        let mut taken = Bits::default();
        let mut cost = if parents.is_empty() { ORIGIN } else { FURTHER * (parents.len() - 1) as f64 };
        for (n, &f) in parents.iter().enumerate() {
            let fit = &self.fits[f];
            taken.add(&fit.taken);
            // What a further parent's text lost on the way is not told from what was never wanted.
            cost += fit.against + if n == 0 { fit.changes } else { 0.0 };
        }
        cost + NOVEL * self.members.held[child].beyond(&taken) as f64
    }

    fn total(&self) -> f64 {
        (0..self.parents.len()).map(|i| self.cost(i, &self.parents[i])).sum()
    }

    /// Whether `member` is `of` or descends from it.
    fn descends(&self, member: usize, of: usize) -> bool {
        let mut seen = vec![false; self.parents.len()];
        let mut queue = vec![member];
        while let Some(at) = queue.pop() {
            if at == of {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                queue.extend(self.parents[at].iter().map(|&f| self.fits[f].parent));
            }
        }
        false
    }

    /// The best parents of one member, the others' being as they are.
    fn choose(&self, child: usize) -> Vec<usize> {
        let open: Vec<usize> =
            (self.from[child]..self.from[child + 1]).filter(|&f| !self.descends(self.fits[f].parent, child)).collect();
        let mut chosen = Vec::new();
        let mut cost = self.cost(child, &chosen);
        while chosen.len() < PARENTS {
            let with = |f: usize| {
                let mut parents = chosen.clone();
                parents.push(f);
                self.cost(child, &parents)
            };
            let best = open.iter().map(|&f| (with(f), f)).min_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
            match best {
                Some((less, f)) if less < cost => {
                    chosen.push(f);
                    cost = less;
                }
                _ => break,
            }
        }
        chosen
    }

    /// Chooses anew for every member, once.
    fn settle(&mut self, but: Option<usize>) {
        for child in (0..self.parents.len()).filter(|&c| Some(c) != but) {
            self.parents[child] = self.choose(child);
        }
    }
}

impl Dag<'_> {
    /// The same with one more origin, the others settled around it.
    fn with_origin(&self, origin: usize) -> Self {
        let mut other = self.clone();
        other.parents[origin].clear();
        other.settle(Some(origin));
        other.settle(None);
        other
    }
}

/// Makes a tree cheaper: members take further parents, and each is tried as an
/// origin from which its parent may then descend.
fn improve<'d>(
    members: &'d Members<'d>,
    fits: &'d [Fit<'d>],
    from: &'d [usize],
    tree: &[Option<usize>],
) -> Vec<Vec<usize>> {
    let parents = tree
        .iter()
        .enumerate()
        .map(|(child, parent)| {
            let mut own = from[child]..from[child + 1];
            own.find(|&f| Some(fits[f].parent) == *parent).into_iter().collect()
        })
        .collect();
    let mut dag = Dag { members, fits, from, parents };
    dag.settle(None);
    if tree.len() > LARGE {
        return dag.parents;
    }
    let mut total = dag.total();
    for _ in 0..ROUNDS {
        let before = total;
        for origin in 0..tree.len() {
            if dag.parents[origin].is_empty() {
                continue;
            }
            let other = dag.with_origin(origin);
            let cost = other.total();
            if cost + 1e-9 < total {
                (dag, total) = (other, cost);
            }
        }
        if total >= before {
            break;
        }
    }
    dag.parents
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

/// A link between two reports that share quotations or background only.
pub(crate) fn little(pair: &Pair, how: CopyHow, texts: &[Text<'_>], prepared: &[Prepared]) -> CopyLink {
    let (a, b) = (pair.a as usize, pair.b as usize);
    let (parent, child) = (&prepared[a], &prepared[b]);
    let mut spans = copy_spans(pair, pair.b, child, parent);
    let kind = if how == CopyHow::QuotesOnly { SpanKind::Quotation } else { SpanKind::Background };
    spans.retain(|s| s.kind == kind);
    let words: usize = pair.pieces.iter().filter(|p| p.kind == kind).map(|p| p.b.len()).sum();
    CopyLink {
        parent: Some(texts[a].id),
        hidden: None,
        child: texts[b].id,
        how,
        directed: matches!(order(texts[a].report, texts[b].report), Order::Before(_)),
        share: (words as f64 / child.own_len().max(1) as f64).min(1.0),
        why: vec![shared(pair.words(kind), spans.len())],
        spans,
    }
}

fn shared(words: usize, passages: usize) -> Reason {
    let plural = if passages == 1 { "" } else { "s" };
    Reason::new("shared-passages", format!("{words} words stand in both, in {passages} passage{plural}"))
}

/// Members of each component, both in order.
pub(crate) fn components(n: usize, pairs: &[Pair]) -> Vec<Vec<u32>> {
    let mut union = Union::new(n);
    for p in pairs.iter().filter(|p| p.copy) {
        union.join(p.a as usize, p.b as usize);
    }
    let mut groups: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for i in 0..n {
        groups.entry(union.find(i)).or_default().push(i as u32);
    }
    groups.into_values().filter(|g| g.len() > 1).collect()
}
