//! What does not fit together inside a cluster, and what only seems so:
//! contradictions, updates, compatible figures, rounding, repeats.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    ClaimId, Contradiction, ContradictionKind, Modality, Polarity, Reading, Reason, ReportId, TimeKind, Verdict,
};
use jiff::civil::Date;

use crate::item::Item;
use crate::origin::{Origins, Strength};
use crate::relation::{
    CLOCK_SLACK, disjoint, figure_words, grows, minutes_apart, opposed, possible_only, range, rounds,
};

/// Most verdicts of one type listed for a cluster.
const MOST: usize = 60;

/// A value told by one origin: its claims, and the days on which it stood.
struct Told<'i> {
    origin: usize,
    item: &'i Item<'i>,
    from: Option<Date>,
    /// The day a later figure of the same origin took its place.
    until: Option<Date>,
    /// Only ever put as a possibility.
    possible: bool,
}

/// The verdicts on one cluster.
pub(crate) fn judge(
    cluster: u32,
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    origins: &Origins,
    common: &BTreeSet<u32>,
) -> Vec<Contradiction> {
    let mut out = Vec::new();
    let mut add = |verdict, kind, claims: Vec<ClaimId>, rule: &'static str, note: String| {
        out.push(Contradiction { cluster, verdict, kind, claims, why: vec![Reason::new(rule, note)] });
    };
    figures(readings, items, members, origins, common, &mut add);
    polarity(readings, items, members, origins, &mut add);
    times(readings, items, members, origins, &mut add);
    out.sort_by(|a, b| (a.verdict, a.kind, &a.claims).cmp(&(b.verdict, b.kind, &b.claims)));
    out.dedup_by(|a, b| a.verdict == b.verdict && a.kind == b.kind && a.claims == b.claims);
    out
}

type Add<'f> = dyn FnMut(Verdict, ContradictionKind, Vec<ClaimId>, &'static str, String) + 'f;

fn text<'r>(readings: &[(ReportId, &'r Reading)], item: &Item<'_>) -> &'r str {
    readings.get(item.reading).map_or("", |(_, r)| r.report.text.as_str())
}

fn figures(
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    origins: &Origins,
    common: &BTreeSet<u32>,
    add: &mut Add<'_>,
) {
    // Claims by origin and value.
    let mut by: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (i, &m) in members.iter().enumerate() {
        let item = &items[m];
        if let Some(f) = &item.figure
            && item.claim.polarity == Polarity::Affirmed
            && (f.lower.is_some() || f.upper.is_some() || f.value.is_some())
        {
            by.entry((origins.of[i], figure_words(f))).or_default().push(i);
        }
    }
    let mut told: Vec<Told<'_>> = Vec::new();
    for ((origin, _), claims) in &by {
        let day = |i: usize| items[members[i]].claim.as_of.map(|m| m.date());
        let firmness = |i: usize| (items[members[i]].claim.modality != Modality::Asserted, day(i), i);
        let Some(best) = claims.iter().copied().min_by_key(|&i| firmness(i)) else { continue };
        told.push(Told {
            origin: *origin,
            item: &items[members[best]],
            from: claims.iter().filter_map(|&i| day(i)).min(),
            until: None,
            possible: claims.iter().all(|&i| possible_only(&items[members[i]], text(readings, &items[members[i]]))),
        });
    }
    for i in 0..told.len() {
        told[i].until = told
            .iter()
            .filter(|t| t.origin == told[i].origin && t.from > told[i].from)
            .filter(|t| matches!((&t.item.figure, &told[i].item.figure), (Some(f), Some(g)) if disjoint(f, g) || !f.same_value(g)))
            .filter_map(|t| t.from)
            .min();
    }
    let name = |t: &Told<'_>| origins.list.get(t.origin).map_or("", |o| o.name.as_str());
    let mut listed = 0;
    for (n, a) in told.iter().enumerate() {
        for b in &told[n + 1..] {
            let (Some(f), Some(g)) = (&a.item.figure, &b.item.figure) else { continue };
            if f.unit != g.unit || listed >= MOST {
                continue;
            }
            let ids = if a.from <= b.from { vec![a.item.id, b.item.id] } else { vec![b.item.id, a.item.id] };
            let (first, last) = if a.from <= b.from { (a, b) } else { (b, a) };
            let words = |t: &Told<'_>| t.item.figure.as_ref().map(figure_words).unwrap_or_default();
            listed += 1;
            if !disjoint(f, g) {
                if rounds(f, g) {
                    add(
                        Verdict::Rounding,
                        ContradictionKind::Figure,
                        ids,
                        "rounding",
                        format!("{} is {} rounded", words(first), words(last)),
                    );
                } else if !f.same_value(g) {
                    add(
                        Verdict::Compatible,
                        ContradictionKind::Figure,
                        ids,
                        "bounds-overlap",
                        format!("{} and {} can both hold", words(first), words(last)),
                    );
                }
                continue;
            }
            if rounds(f, g) {
                add(
                    Verdict::Rounding,
                    ContradictionKind::Figure,
                    ids,
                    "rounding",
                    format!("{} is {} rounded", words(first), words(last)),
                );
            } else if !one_matter(a.item, b.item) {
                listed -= 1;
            } else if narrower(a.item, b.item, common) {
                add(
                    Verdict::OtherScope,
                    ContradictionKind::Figure,
                    ids,
                    "named-part",
                    format!("{} and {} may count different places or groups", words(first), words(last)),
                );
            } else if a.origin == b.origin {
                if first.from < last.from {
                    let note = format!(
                        "{}: {} on {}, then {} on {}",
                        name(a),
                        words(first),
                        day_words(first.from),
                        words(last),
                        day_words(last.from)
                    );
                    add(Verdict::Update, ContradictionKind::Figure, ids, "later-by-same-origin", note);
                } else if same_hand(readings, a.item, b.item) {
                    add(
                        Verdict::Update,
                        ContradictionKind::Figure,
                        ids,
                        "same-day-same-origin",
                        format!("{}: {} and {} on one day", name(a), words(first), words(last)),
                    );
                } else {
                    // One origin, one day, two figures: told differently by those who repeat it.
                    add(
                        Verdict::Contradiction,
                        ContradictionKind::Figure,
                        ids,
                        "retold-differently",
                        format!("{} is given as {} and as {}", name(a), words(first), words(last)),
                    );
                }
            } else if a.possible || b.possible {
                add(
                    Verdict::Compatible,
                    ContradictionKind::Figure,
                    ids,
                    "possibility",
                    format!("{} or {} is only put as a possibility", words(first), words(last)),
                );
            } else if first.until.is_some_and(|until| last.from >= Some(until)) {
                add(
                    Verdict::Compatible,
                    ContradictionKind::Figure,
                    ids,
                    "overtaken",
                    format!(
                        "{} of {} was overtaken by {}'s own later figure",
                        words(first),
                        day_words(first.from),
                        name(first)
                    ),
                );
            } else {
                add(
                    Verdict::Contradiction,
                    ContradictionKind::Figure,
                    ids,
                    "figures-disjoint",
                    format!("{} ({}) against {} ({})", words(first), name(first), words(last), name(last)),
                );
            }
        }
    }
}

/// Whether two disjoint figures are firmly about one matter: one class and
/// counted noun, or most of their words.
fn one_matter(a: &Item<'_>, b: &Item<'_>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let keyed = f.class.is_some() && f.class == g.class && f.counted == g.counted;
    (keyed && f.dimension == crate::item::Dimension::Count) || overlap(a, b) >= if keyed { 0.34 } else { 0.5 }
}

/// Share of the terms of the claim that has fewer which the other has too.
fn overlap(a: &Item<'_>, b: &Item<'_>) -> f64 {
    let common = a.terms.iter().filter(|t| b.terms.binary_search(t).is_ok()).count();
    common as f64 / a.terms.len().min(b.terms.len()).max(1) as f64
}

/// Whether the smaller figure names a place or group that the larger one does
/// not, and that is not what the whole story is about.
fn narrower(a: &Item<'_>, b: &Item<'_>, common: &BTreeSet<u32>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let (small, large) = if range(f).0 <= range(g).0 { (a, b) } else { (b, a) };
    small.names.iter().any(|n| !common.contains(n) && large.terms.binary_search(n).is_err())
        && !large.names.iter().any(|n| !common.contains(n) && small.terms.binary_search(n).is_err())
}

/// Whether both claims come down the same chain, so that a difference is a
/// change of mind, not of retelling.
fn same_hand(readings: &[(ReportId, &Reading)], a: &Item<'_>, b: &Item<'_>) -> bool {
    let clock =
        |i: &Item<'_>| readings.get(i.reading).and_then(|(_, r)| r.report.published.as_ref()).map(|p| p.value.at);
    a.id.report == b.id.report
        || (a.figure.as_ref().zip(b.figure.as_ref()).is_some() && clock(a) != clock(b) && grows(a))
}

fn day_words(day: Option<Date>) -> String {
    day.map_or_else(|| "an unknown day".to_owned(), crate::headline::day)
}

fn polarity(
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    origins: &Origins,
    add: &mut Add<'_>,
) {
    // The claims of each origin on each side.
    let side = |denied: bool| {
        let mut by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, &m) in members.iter().enumerate() {
            let item = &items[m];
            if (item.claim.polarity == Polarity::Denied) == denied && !possible_only(item, text(readings, item)) {
                by.entry(origins.of[i]).or_default().push(i);
            }
        }
        by
    };
    let (yes, no) = (side(false), side(true));
    let mut listed = 0;
    for (&p, affirming) in &yes {
        for (&q, denying) in &no {
            if p == q || listed >= MOST {
                continue;
            }
            let pairs = affirming.iter().flat_map(|&i| denying.iter().map(move |&j| (i, j)));
            let best = pairs
                .filter(|&(i, j)| {
                    let (a, b) = (&items[members[i]], &items[members[j]]);
                    // Who denies a rumour names it in the same breath.
                    let rumour = a.id.report == b.id.report && origins.strength[p] == Strength::Open;
                    opposed(a, b) && !rumour && same_matter(a, b)
                })
                .max_by(|x, y| {
                    let of = |&(i, j): &(usize, usize)| overlap(&items[members[i]], &items[members[j]]);
                    of(x).total_cmp(&of(y)).then(y.cmp(x))
                });
            if let Some((i, j)) = best {
                listed += 1;
                let note = format!("{} says so, {} denies it", origins.list[p].name, origins.list[q].name);
                add(
                    Verdict::Contradiction,
                    ContradictionKind::Polarity,
                    vec![items[members[i]].id, items[members[j]].id],
                    "affirmed-denied",
                    note,
                );
            }
        }
    }
}

/// Whether an affirmed and a denied claim are about one matter: a class and
/// another word in common, or most words.
fn same_matter(a: &Item<'_>, b: &Item<'_>) -> bool {
    let common = a.terms.iter().filter(|t| b.terms.binary_search(t).is_ok()).count();
    let class = a.claim.class.is_some() && a.claim.class == b.claim.class;
    (class && common >= 2) || (common >= 2 && overlap(a, b) >= 0.6) || (class && common >= 1 && overlap(a, b) >= 0.5)
}

fn times(
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    origins: &Origins,
    add: &mut Add<'_>,
) {
    // Times in the claims themselves, by origin and value.
    let mut by: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for (i, &m) in members.iter().enumerate() {
        let item = &items[m];
        let Some((_, reading)) = readings.get(item.reading) else { continue };
        let time = item.claim.time.and_then(|t| reading.times.get(t as usize));
        let Some(time) = time.filter(|t| item.claim.evidence.covers(t.span) && item.figure.is_none()) else { continue };
        if item.claim.polarity == Polarity::Denied || matches!(time.kind, TimeKind::Duration | TimeKind::Set) {
            continue;
        }
        by.entry((origins.of[i], time.value.clone())).or_insert(i);
    }
    let list: Vec<((usize, String), usize)> = by.into_iter().collect();
    let mut listed = 0;
    for (n, ((p, v), i)) in list.iter().enumerate() {
        for ((q, w), j) in &list[n + 1..] {
            let (a, b) = (&items[members[*i]], &items[members[*j]]);
            if p == q || listed >= MOST || a.claim.class != b.claim.class {
                continue;
            }
            let apart = match (&a.clock, &b.clock) {
                (Some(c), Some(d)) => minutes_apart(c, d).is_some_and(|m| m > CLOCK_SLACK),
                (None, None) => {
                    let interval = |item: &Item<'_>| {
                        let (_, reading) = readings.get(item.reading)?;
                        reading.times.get(item.claim.time? as usize)?.interval
                    };
                    matches!((interval(a), interval(b)), (Some(x), Some(y)) if x.end <= y.start || y.end <= x.start)
                }
                _ => false,
            };
            if apart {
                listed += 1;
                let note = format!("{v} ({}) against {w} ({})", origins.list[*p].name, origins.list[*q].name);
                add(Verdict::Contradiction, ContradictionKind::Time, vec![a.id, b.id], "times-apart", note);
            }
        }
    }
}
