//! Figures of a story: what was found against what is known.
//!
//! A known claim is found if an own claim of its page has evidence that is
//! alike (Dice of letters ≥ .5), or that holds or lies in its words and has its
//! bounds. Each found claim has a partner, one to one, the best by bounds, Dice
//! and polarity; those left over share their best fit.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{ClaimId, CopyLink, ReportId, Verdict};
use serde::Deserialize;

use super::Story;
use super::place::Page;
use crate::{Row, Scores};

/// The truth of a story, as far as it is scored here.
#[derive(Deserialize)]
pub(crate) struct Truth {
    reports: BTreeMap<String, TruthReport>,
    clusters: Vec<TruthCluster>,
    #[serde(default)]
    contradictions: Vec<TruthVerdict>,
    #[serde(default)]
    updates: Vec<TruthVerdict>,
    #[serde(default)]
    not_contradictions: Vec<TruthVerdict>,
}

#[derive(Deserialize)]
struct TruthReport {
    #[serde(default)]
    furniture: Vec<String>,
}

#[derive(Deserialize)]
struct TruthCluster {
    id: String,
    independent: [u32; 2],
    claims: Vec<TruthClaim>,
}

#[derive(Deserialize)]
struct TruthClaim {
    id: String,
    file: String,
    words: String,
    #[serde(default)]
    voice: Vec<String>,
    origin: String,
    lower: Option<f64>,
    upper: Option<f64>,
    as_of: Option<String>,
    polarity: String,
    #[serde(default)]
    hedged: bool,
}

impl TruthClaim {
    fn bounded(&self) -> bool {
        self.lower.is_some() || self.upper.is_some()
    }
}

#[derive(Deserialize)]
struct TruthVerdict {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    claims: Vec<String>,
}

/// Counts that add up over stories.
#[derive(Default)]
pub(crate) struct Tally {
    shares: BTreeMap<&'static str, (f64, f64)>,
    counts: BTreeMap<&'static str, [f64; 4]>,
    means: BTreeMap<&'static str, (f64, f64)>,
    /// True intervals, for the best constant.
    intervals: Vec<[u32; 2]>,
}

impl Tally {
    fn share(&mut self, name: &'static str, hit: bool) {
        self.part(name, f64::from(u8::from(hit)));
    }

    fn part(&mut self, name: &'static str, hit: f64) {
        let row = self.shares.entry(name).or_default();
        row.0 += hit;
        row.1 += 1.0;
    }

    fn mean(&mut self, name: &'static str, value: f64) {
        let row = self.means.entry(name).or_default();
        row.0 += value;
        row.1 += 1.0;
    }

    fn prf(&mut self, name: &'static str, right: f64, predicted: f64, found: f64, gold: f64) {
        let row = self.counts.entry(name).or_default();
        for (sum, n) in row.iter_mut().zip([right, predicted, found, gold]) {
            *sum += n;
        }
    }

    /// The figures, in the order of the alphabet.
    pub(crate) fn scores(mut self) -> Scores {
        // The constant interval that hits most: what any count must beat.
        let best = (0..10u32)
            .flat_map(|low| (low..10).map(move |high| [low, high]))
            .map(|guess| self.intervals.iter().filter(|t| hit(guess, **t)).count())
            .max()
            .unwrap_or(0);
        self.shares.insert("independent.best_constant_hit", (best as f64, self.intervals.len() as f64));
        let mut rows: Vec<(String, Row)> = Vec::new();
        rows.extend(self.shares.iter().map(|(n, &(hit, of))| ((*n).to_owned(), Row::Share { hit, of })));
        rows.extend(self.counts.iter().map(|(n, &[right, predicted, found, gold])| {
            ((*n).to_owned(), Row::Counts { right, predicted, found, gold })
        }));
        rows.extend(
            self.means
                .iter()
                .map(|(n, &(sum, of))| ((*n).to_owned(), Row::Number { value: sum / of.max(1.0), unit: "mean" })),
        );
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        Scores { rows }
    }
}

/// Whether two intervals overlap and neither end is off by more than one.
fn hit(a: [u32; 2], b: [u32; 2]) -> bool {
    a[0] <= b[1] && b[0] <= a[1] && a[0].abs_diff(b[0]) <= 1 && a[1].abs_diff(b[1]) <= 1
}

/// How well an own claim fits a known one: bounds, Dice, polarity.
type Fit = (bool, u32, bool);

/// Which own claims stand for which known ones.
struct Map<'t> {
    truths: Vec<(&'t TruthCluster, &'t TruthClaim)>,
    /// Fits by known claim.
    fits: Vec<Vec<(Fit, ClaimId)>>,
    partner: Vec<Option<ClaimId>>,
    /// Known claims that an own claim stands for.
    stands_for: BTreeMap<ClaimId, Vec<usize>>,
    cluster: BTreeMap<ClaimId, usize>,
    origins: BTreeMap<ClaimId, BTreeSet<(usize, usize)>>,
}

/// Adds the figures of one story.
pub(crate) fn score(truth: &Truth, story: &Story, tally: &mut Tally) {
    let map = Map::new(truth, story);
    claims(&map, story, tally);
    clusters(&map, tally);
    independent(truth, &map, story, tally);
    origins(&map, tally);
    verdicts(truth, &map, story, tally);
}

impl<'t> Map<'t> {
    fn new(truth: &'t Truth, story: &Story) -> Self {
        let truths: Vec<_> = truth.clusters.iter().flat_map(|c| c.claims.iter().map(move |k| (c, k))).collect();
        let mut cluster = BTreeMap::new();
        let mut origins: BTreeMap<ClaimId, BTreeSet<(usize, usize)>> = BTreeMap::new();
        for (n, c) in story.comparison.clusters.iter().enumerate() {
            cluster.extend(c.claims.iter().map(|k| (*k, n)));
            for (o, origin) in c.origins.iter().enumerate() {
                for k in &origin.claims {
                    origins.entry(*k).or_default().insert((n, o));
                }
            }
        }
        let mut map = Map {
            fits: vec![Vec::new(); truths.len()],
            partner: vec![None; truths.len()],
            truths,
            stands_for: BTreeMap::new(),
            cluster,
            origins,
        };
        for (key, id, reading) in &story.pages {
            let page = Page::new(&reading.report.text, truth.reports.get(key).map_or(&[], |r| r.furniture.as_slice()));
            for i in 0..map.truths.len() {
                let known = map.truths[i].1;
                if known.file != *key {
                    continue;
                }
                let places = page.find(&known.words);
                for (index, claim) in reading.claims.iter().enumerate() {
                    let own = ClaimId { report: *id, index: index as u32 };
                    let same = !known.bounded()
                        || bounds(story, own).any(|(l, u)| near(l, known.lower) && near(u, known.upper));
                    let dice = places.iter().map(|p| page.dice(*p, claim.evidence)).fold(0.0, f64::max);
                    let within =
                        places.iter().any(|p| page.holds(*p, claim.evidence) || page.holds(claim.evidence, *p));
                    if dice >= 0.5 || (within && same) {
                        let polarity = known.polarity == claim.polarity.as_str();
                        map.fits[i].push(((same, (dice * 1000.0).round() as u32, polarity), own));
                    }
                }
            }
        }
        map.pair();
        map
    }

    /// One-to-one partners, the clusters most fits agree on deciding ties.
    fn pair(&mut self) {
        let mut votes: BTreeMap<(&str, Option<usize>), f64> = BTreeMap::new();
        for (i, fits) in self.fits.iter().enumerate() {
            let Some(best) = fits.iter().map(|f| f.0).max() else { continue };
            let top: Vec<_> = fits.iter().filter(|f| f.0 == best).collect();
            for f in &top {
                *votes.entry((self.truths[i].0.id.as_str(), self.cluster.get(&f.1).copied())).or_default() +=
                    1.0 / top.len() as f64;
            }
        }
        let mut scored: Vec<(Fit, i64, usize, ClaimId)> = Vec::new();
        for (i, fits) in self.fits.iter().enumerate() {
            for (fit, own) in fits {
                let vote =
                    votes.get(&(self.truths[i].0.id.as_str(), self.cluster.get(own).copied())).copied().unwrap_or(0.0);
                scored.push((*fit, (vote * 1000.0) as i64, i, *own));
            }
        }
        scored.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
        let mut taken = BTreeSet::new();
        for (_, _, i, own) in scored {
            if self.partner[i].is_none() && taken.insert(own) {
                self.partner[i] = Some(own);
            }
        }
        for i in 0..self.fits.len() {
            if self.partner[i].is_none() {
                self.partner[i] = self.fits[i].iter().max_by_key(|f| f.0).map(|f| f.1);
            }
            if let Some(own) = self.partner[i] {
                self.stands_for.entry(own).or_default().push(i);
            }
        }
        let mut spare: BTreeMap<ClaimId, (Fit, usize)> = BTreeMap::new();
        for (i, fits) in self.fits.iter().enumerate() {
            for (fit, own) in fits {
                if !self.stands_for.contains_key(own) && spare.get(own).is_none_or(|(best, _)| fit > best) {
                    spare.insert(*own, (*fit, i));
                }
            }
        }
        for (own, (_, i)) in spare {
            self.stands_for.entry(own).or_default().push(i);
        }
    }

    /// Known claims with their partners.
    fn found(&self) -> impl Iterator<Item = (usize, &TruthCluster, &TruthClaim, ClaimId)> {
        self.truths.iter().enumerate().filter_map(|(i, (c, k))| self.partner[i].map(|own| (i, *c, *k, own)))
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
        _ => false,
    }
}

fn bounds(story: &Story, claim: ClaimId) -> impl Iterator<Item = (Option<f64>, Option<f64>)> {
    let reading = story.pages.iter().find(|(_, id, _)| *id == claim.report).map(|(_, _, r)| r);
    let found = reading.and_then(|r| r.claims.get(claim.index as usize)).zip(reading);
    found.into_iter().flat_map(|(c, r)| {
        c.measures
            .iter()
            .filter_map(|m| r.measures.get(*m as usize))
            .map(|m| (m.lower.map(|b| b.value), m.upper.map(|b| b.value)))
    })
}

fn claims(map: &Map<'_>, story: &Story, tally: &mut Tally) {
    for (i, (_, known)) in map.truths.iter().enumerate() {
        tally.share("claims.recall", map.partner[i].is_some());
        let Some(own) = map.partner[i] else { continue };
        let fit = map.fits[i].iter().filter(|f| f.1 == own).map(|f| f.0).max().unwrap_or_default();
        tally.part("claims.evidence_dice", f64::from(fit.1) / 1000.0);
        tally.share("claims.polarity", fit.2);
        if known.bounded() {
            tally.share("claims.bounds", fit.0);
        }
        let Some(claim) =
            story.pages.iter().find(|p| p.1 == own.report).and_then(|p| p.2.claims.get(own.index as usize))
        else {
            continue;
        };
        if let Some(day) = &known.as_of {
            tally.share("claims.as_of", claim.as_of.is_some_and(|m| m.to_string().starts_with(day.as_str())));
        }
        tally.share("claims.hedged", known.hedged == (claim.modality == firsthand_model::Modality::Hedged));
        if let (Some(first), Some(last)) = (known.voice.first(), known.voice.last()) {
            let said: Vec<&str> = claim.voice.iter().map(|v| v.name.as_str()).collect();
            let right = |want: &str, got: Option<&&str>| got.is_some_and(|g| alike(want, g));
            let ends =
                right(first, said.first()) && (right(last, said.last()) || (known.voice.len() == 1 && said.len() == 1));
            tally.share("claims.voice_ends", ends);
        }
    }
    let fitting: BTreeSet<ClaimId> = map.fits.iter().flatten().map(|f| f.1).collect();
    let touched: BTreeSet<usize> = fitting.iter().filter_map(|c| map.cluster.get(c).copied()).collect();
    for (own, cluster) in &map.cluster {
        if touched.contains(cluster) {
            tally.share("claims.precision_touched", fitting.contains(own));
        }
    }
}

/// Whether two names share a word that is a name or a long one.
fn alike(a: &str, b: &str) -> bool {
    let words =
        |s: &str| -> BTreeSet<String> { firsthand_span::fold_words(s).into_iter().filter(|w| w.len() > 3).collect() };
    let (a, b) = (words(a), words(b));
    !a.is_disjoint(&b)
}

fn clusters(map: &Map<'_>, tally: &mut Tally) {
    let pairs: Vec<(&str, Option<usize>, ClaimId)> =
        map.found().map(|(_, c, _, own)| (c.id.as_str(), map.cluster.get(&own).copied(), own)).collect();
    let same = |a: &(&str, Option<usize>, ClaimId), b: &(&str, Option<usize>, ClaimId)| {
        a.1 == b.1 && (a.1.is_some() || a.2 == b.2)
    };
    let (mut precise, mut recalled) = (0.0, 0.0);
    for a in &pairs {
        let both = pairs.iter().filter(|b| a.0 == b.0 && same(a, b)).count() as f64;
        precise += both / pairs.iter().filter(|b| same(a, b)).count() as f64;
        recalled += both / pairs.iter().filter(|b| a.0 == b.0).count() as f64;
    }
    let n = pairs.len() as f64;
    tally.prf("clusters.b_cubed", precise, n, recalled, n);
}

fn independent(truth: &Truth, map: &Map<'_>, story: &Story, tally: &mut Tally) {
    for cluster in &truth.clusters {
        tally.intervals.push(cluster.independent);
        let mut got: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, c, _, own) in map.found() {
            if c.id == cluster.id
                && let Some(k) = map.cluster.get(&own)
            {
                *got.entry(*k).or_default() += 1;
            }
        }
        let best = got.iter().max_by_key(|(k, n)| (**n, format!("k{k}"))).map(|(k, _)| &story.comparison.clusters[*k]);
        let Some(best) = best else {
            for name in ["independent.hit", "independent.baseline_reports_hit", "independent.baseline_copies_hit"] {
                tally.share(name, false);
            }
            continue;
        };
        let reports: BTreeSet<ReportId> = best.claims.iter().map(|c| c.report).collect();
        let (low, high) = best.independent;
        let all = reports.len() as u32;
        let families = components(&reports, &story.comparison.copies);
        for (name, error, guess) in [
            ("independent.hit", "independent.midpoint_error", [low, high]),
            ("independent.baseline_reports_hit", "independent.baseline_reports_midpoint_error", [all, all]),
            ("independent.baseline_copies_hit", "independent.baseline_copies_midpoint_error", [families, families]),
        ] {
            tally.share(name, hit(guess, cluster.independent));
            let middle = |i: [u32; 2]| f64::from(i[0] + i[1]) / 2.0;
            tally.mean(error, (middle(guess) - middle(cluster.independent)).abs());
        }
        tally.mean("independent.width", f64::from(high - low));
        tally.share("independent.holds_truth", low <= cluster.independent[0] && cluster.independent[1] <= high);
    }
}

/// How many groups of reports are left when copies are joined.
fn components(reports: &BTreeSet<ReportId>, copies: &[CopyLink]) -> u32 {
    let list: Vec<ReportId> = reports.iter().copied().collect();
    let mut group: Vec<usize> = (0..list.len()).collect();
    for copy in copies.iter().filter(|c| c.how.shares_text()) {
        let at = |id: ReportId| list.binary_search(&id).ok();
        if let (Some(a), Some(b)) = (copy.parent.and_then(at), at(copy.child)) {
            let (from, to) = (group[a], group[b]);
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    group.into_iter().collect::<BTreeSet<_>>().len() as u32
}

fn origins(map: &Map<'_>, tally: &mut Tally) {
    let found: Vec<_> = map.found().collect();
    for (n, (_, c, known, own)) in found.iter().enumerate() {
        for (_, d, other, theirs) in found[n + 1..].iter().filter(|f| f.1.id == c.id) {
            debug_assert_eq!(c.id, d.id);
            let same = known.origin == other.origin;
            let shared = || {
                let of = |k: &ClaimId| map.origins.get(k);
                of(own).zip(of(theirs)).is_some_and(|(a, b)| !a.is_disjoint(b))
            };
            let got = own == theirs || shared();
            let right = f64::from(u8::from(same && got));
            tally.prf("origins.same", right, f64::from(u8::from(got)), right, f64::from(u8::from(same)));
        }
    }
}

/// Pairs of known claims that say a verdict: those named, and those alike in
/// cluster, origin, bounds and polarity, which say the same.
fn pairs(map: &Map<'_>, claims: &[usize]) -> (BTreeSet<(String, String)>, BTreeSet<(String, String)>) {
    let key = |i: usize| {
        let (c, k) = map.truths[i];
        format!("{}|{}|{:?}|{:?}|{}", c.id, k.origin, k.lower, k.upper, k.polarity)
    };
    let ordered = |a: String, b: String| if a <= b { (a, b) } else { (b, a) };
    let (mut named, mut wide) = (BTreeSet::new(), BTreeSet::new());
    if let [one] = claims {
        let id = map.truths[*one].1.id.clone();
        named.insert((id.clone(), id));
        return (named.clone(), named);
    }
    for (n, &a) in claims.iter().enumerate() {
        for &b in &claims[n + 1..] {
            named.insert(ordered(map.truths[a].1.id.clone(), map.truths[b].1.id.clone()));
            if key(a) != key(b) {
                wide.insert(ordered(key(a), key(b)));
            }
        }
    }
    let all = named.union(&wide).cloned().collect();
    (named, all)
}

fn verdicts(truth: &Truth, map: &Map<'_>, story: &Story, tally: &mut Tally) {
    let index: BTreeMap<&str, usize> = map.truths.iter().enumerate().map(|(i, (_, k))| (k.id.as_str(), i)).collect();
    let known = |list: &[TruthVerdict]| -> Vec<(Option<String>, BTreeSet<(String, String)>)> {
        list.iter()
            .map(|v| {
                let claims: Vec<usize> = v.claims.iter().filter_map(|k| index.get(k.as_str()).copied()).collect();
                (v.kind.clone(), pairs(map, &claims).1)
            })
            .filter(|(_, p)| !p.is_empty())
            .collect()
    };
    let own = |verdict: Verdict| -> Vec<(String, BTreeSet<(String, String)>, BTreeSet<(String, String)>)> {
        story
            .comparison
            .contradictions
            .iter()
            .filter(|c| c.verdict == verdict)
            .map(|c| {
                let mut claims: Vec<usize> =
                    c.claims.iter().filter_map(|k| map.stands_for.get(k)).flatten().copied().collect();
                claims.sort_unstable();
                claims.dedup();
                let (named, all) = pairs(map, &claims);
                (c.kind.as_str().to_owned(), named, all)
            })
            .collect()
    };
    let wanted = known(&truth.contradictions);
    let got = own(Verdict::Contradiction);
    let right: Vec<bool> = got.iter().map(|(_, _, p)| wanted.iter().any(|(_, w)| !w.is_disjoint(p))).collect();
    let found = wanted.iter().filter(|(_, w)| got.iter().any(|(_, _, p)| !w.is_disjoint(p))).count();
    let count = right.iter().filter(|r| **r).count() as f64;
    tally.prf("contradictions.items", count, got.len() as f64, found as f64, wanted.len() as f64);
    for group in [["figure", "time", "arithmetic", "order"].as_slice(), &["polarity", "actor", "place"]] {
        let name = if group.contains(&"figure") {
            "contradictions.figure_time_arithmetic_order"
        } else {
            "contradictions.polarity_actor_place"
        };
        let of = |kind: &str| group.contains(&kind);
        let (mine, hits): (Vec<_>, Vec<_>) =
            got.iter().zip(&right).filter(|((k, ..), _)| of(k)).map(|(g, r)| (g, u8::from(*r))).unzip();
        let theirs: Vec<_> = wanted.iter().filter(|(k, _)| k.as_deref().is_some_and(of)).collect();
        let reached = theirs.iter().filter(|(_, w)| got.iter().any(|(_, _, p)| !w.is_disjoint(p))).count();
        tally.prf(
            name,
            hits.iter().map(|h| f64::from(*h)).sum(),
            mine.len() as f64,
            reached as f64,
            theirs.len() as f64,
        );
    }
    for ((kind, _, p), r) in got.iter().zip(&right) {
        if *r {
            let fits = wanted.iter().any(|(k, w)| !w.is_disjoint(p) && k.as_deref() == Some(kind));
            tally.share("contradictions.type", fits);
        }
    }
    for (list, name) in [
        (&truth.updates, "contradictions.updates_wrong"),
        (&truth.not_contradictions, "contradictions.compatible_wrong"),
    ] {
        for (_, w) in known(list) {
            let wrong = got.iter().zip(&right).any(|((_, named, all), r)| !w.is_disjoint(if *r { named } else { all }));
            tally.share(name, wrong);
        }
    }
    let updates = own(Verdict::Update);
    for (_, w) in known(&truth.updates) {
        tally.share("contradictions.updates_found", updates.iter().any(|(_, _, p)| !w.is_disjoint(p)));
    }
}
