//! What does not fit together inside a cluster, and what only seems so:
//! contradictions, updates, compatible figures, rounding, repeats.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    BlockKind, ClaimId, Contradiction, ContradictionKind, Modality, Polarity, Reading, Reason, ReportId, TimeKind,
    Verdict,
};
use jiff::civil::Date;

use crate::item::Item;
use crate::origin::{Origins, Strength};
use crate::relation::{
    CLOCK_SLACK, day, disjoint, figure_words, grows, minutes_apart, opposed, possible_only, range, rounds, same_matter,
};

/// Most verdicts of one type listed for a cluster.
const MOST: usize = 60;

/// A value told by one origin, with the claims that tell it by day.
struct Told<'i> {
    origin: usize,
    /// The claim that tells it best.
    item: &'i Item<'i>,
    /// Its best claim of each day.
    days: BTreeMap<Option<Date>, &'i Item<'i>>,
    /// The day a later figure of the same origin took its place.
    until: Option<Date>,
    /// Only ever put as a possibility.
    possible: bool,
}

impl Told<'_> {
    fn from(&self) -> Option<Date> {
        self.days.keys().flatten().next().copied()
    }
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
            && !refers(readings, item)
        {
            by.entry((origins.of[i], figure_words(f))).or_default().push(i);
        }
    }
    // Text before headlines, the firm before the hedged, the telling before the short.
    let rank = |i: &usize| {
        let item = &items[members[*i]];
        let thin = item.said.len() < 2;
        let own = item.claim.attribution.is_none();
        (in_headline(readings, item), item.claim.modality != Modality::Asserted, thin, own, *i)
    };
    let mut told: Vec<Told<'_>> = Vec::new();
    for ((origin, _), claims) in &mut by {
        claims.sort_by_key(rank);
        let Some(best) = claims.first() else { continue };
        let mut days = BTreeMap::new();
        for &i in claims.iter() {
            days.entry(day(&items[members[i]])).or_insert(&items[members[i]]);
        }
        told.push(Told {
            origin: *origin,
            item: &items[members[*best]],
            days,
            until: None,
            possible: claims.iter().all(|&i| possible_only(&items[members[i]], text(readings, &items[members[i]]))),
        });
    }
    for i in 0..told.len() {
        told[i].until = told
            .iter()
            .filter(|t| t.origin == told[i].origin && t.from() > told[i].from())
            .filter(|t| matches!((&t.item.figure, &told[i].item.figure), (Some(f), Some(g)) if disjoint(f, g) || !f.same_value(g)))
            .filter_map(Told::from)
            .min();
    }
    let name = |t: &Told<'_>| origins.list.get(t.origin).map_or("", |o| o.name.as_str());
    let words = |t: &Told<'_>| t.item.figure.as_ref().map(figure_words).unwrap_or_default();
    let figure = ContradictionKind::Figure;
    // Contradictions are listed once for each two values: by those who told them first.
    let mut against: BTreeMap<(String, String), Against> = BTreeMap::new();
    let mut listed = 0;
    for (n, a) in told.iter().enumerate() {
        for b in &told[n + 1..] {
            let (Some(f), Some(g)) = (&a.item.figure, &b.item.figure) else { continue };
            if f.unit != g.unit || listed >= MOST || !one_noun(f, g) {
                continue;
            }
            let (first, last) = if a.from() <= b.from() { (a, b) } else { (b, a) };
            let ids = vec![first.item.id, last.item.id];
            let firm = |t: &Told<'_>| origins.strength.get(t.origin) == Some(&Strength::Speaker);
            let mut oppose = |rank: u8, ids: Vec<ClaimId>, note: String| {
                let key = if words(a) < words(b) { (words(a), words(b)) } else { (words(b), words(a)) };
                let rank =
                    (rank, !(firm(a) && firm(b)), published(readings, first.item).max(published(readings, last.item)));
                let found = Against { rank, pair: (a.origin.min(b.origin), a.origin.max(b.origin)), ids, note };
                match against.get_mut(&key) {
                    Some(known) if found.rank < known.rank => *known = found,
                    Some(_) => {}
                    None => {
                        against.insert(key, found);
                    }
                }
            };
            listed += 1;
            if rounds(f, g) {
                let note = format!("{} is {} rounded", words(first), words(last));
                add(Verdict::Rounding, figure, ids, "rounding", note);
            } else if !disjoint(f, g) {
                if !f.same_value(g) {
                    let note = format!("{} and {} can both hold", words(first), words(last));
                    add(Verdict::Compatible, figure, ids, "bounds-overlap", note);
                }
            } else if !one_matter(a.item, b.item) {
                listed -= 1;
            } else if narrower(a.item, b.item, common) {
                let note = format!("{} and {} may count different places or groups", words(first), words(last));
                add(Verdict::OtherScope, figure, ids, "named-part", note);
            } else if !grows(a.item) && a.item.past.is_none() && other_day(readings, a.item, b.item) {
                let note = format!("{} and {} are told of different days", words(first), words(last));
                add(Verdict::OtherScope, figure, ids, "other-day", note);
            } else if a.origin == b.origin {
                same_origin(readings, (first, last), name(a), add);
            } else if a.possible || b.possible {
                let note = format!("{} or {} is only put as a possibility", words(first), words(last));
                add(Verdict::Compatible, figure, ids, "possibility", note);
            } else if let Some((day, x, y)) = same_day(a, b).filter(|_| grows(a.item)) {
                // Who speaks only for himself may be hours behind on such a day.
                if firm(a) && firm(b) {
                    let note =
                        format!("{} ({}) against {} ({}) on {}", words(a), name(a), words(b), name(b), day_words(day));
                    oppose(0, if a.from() <= b.from() { vec![x.id, y.id] } else { vec![y.id, x.id] }, note);
                } else {
                    let note = format!("{} and {} of one day: such counts change by the hour", words(a), words(b));
                    add(Verdict::Compatible, figure, ids, "same-day-count", note);
                }
            } else if first.until.is_some_and(|until| last.from() >= Some(until)) {
                let note = format!(
                    "{} of {} was overtaken by {}'s own later figure",
                    words(first),
                    day_words(first.from()),
                    name(first)
                );
                add(Verdict::Compatible, figure, ids, "overtaken", note);
            } else if grows(a.item) && (first.from() < last.from()) && !fell(first.item, last.item) {
                let note = format!(
                    "{} on {}, {} on {}: such counts change as news comes in",
                    words(first),
                    day_words(first.from()),
                    words(last),
                    day_words(last.from())
                );
                add(Verdict::Compatible, figure, ids, "later-count", note);
            } else {
                let note = format!("{} ({}) against {} ({})", words(first), name(first), words(last), name(last));
                oppose(1, ids, note);
            }
        }
    }
    // What two origins dispute on one day they need not dispute again across days.
    let disputed: BTreeSet<(usize, usize)> = against.values().filter(|a| a.rank.0 == 0).map(|a| a.pair).collect();
    for found in against.into_values() {
        if found.rank.0 == 0 || !disputed.contains(&found.pair) {
            add(Verdict::Contradiction, figure, found.ids, "figures-disjoint", found.note);
        }
    }
}

/// A contradiction of two values that may be listed.
struct Against {
    /// The least is listed.
    rank: (u8, bool, Option<jiff::civil::DateTime>),
    pair: (usize, usize),
    ids: Vec<ClaimId>,
    note: String,
}

/// When a claim's report was published.
fn published(readings: &[(ReportId, &Reading)], item: &Item<'_>) -> Option<jiff::civil::DateTime> {
    readings.get(item.reading).and_then(|(_, r)| r.report.published.as_ref()).map(|p| p.value.at)
}

/// The verdict on two disjoint figures of one origin.
fn same_origin(
    readings: &[(ReportId, &Reading)],
    (first, last): (&Told<'_>, &Told<'_>),
    name: &str,
    add: &mut Add<'_>,
) {
    let words = |t: &Told<'_>| t.item.figure.as_ref().map(figure_words).unwrap_or_default();
    let ids = vec![first.item.id, last.item.id];
    let changes = grows(first.item) && first.item.past.is_none();
    if first.from() < last.from() && (changes || told_by_name(first, last)) {
        let note = format!(
            "{name}: {} on {}, then {} on {}",
            words(first),
            day_words(first.from()),
            words(last),
            day_words(last.from())
        );
        add(Verdict::Update, ContradictionKind::Figure, ids, "later-by-same-origin", note);
    } else if same_hand(readings, first.item, last.item) {
        let note = format!("{name}: {} and {} on one day", words(first), words(last));
        add(Verdict::Update, ContradictionKind::Figure, ids, "same-day-same-origin", note);
    } else if keyed(first.item, last.item) || overlap(first.item, last.item) >= 0.6 {
        // One origin, one matter that does not change, two figures: told differently by those who repeat it.
        let note = format!("{name} is given with {} and with {}", words(first), words(last));
        add(Verdict::Contradiction, ContradictionKind::Figure, ids, "retold-differently", note);
    }
}

/// Whether the origin itself speaks in both, so that it may have changed its
/// figure: not where outlets only repeat what others print.
fn told_by_name(a: &Told<'_>, b: &Told<'_>) -> bool {
    let spoken = |t: &Told<'_>| t.item.claim.attribution.is_some();
    spoken(a) && spoken(b) && a.item.past.is_none()
}

/// The latest day on which both figures are told, and a claim of each.
fn same_day<'i>(a: &Told<'i>, b: &Told<'i>) -> Option<(Option<Date>, &'i Item<'i>, &'i Item<'i>)> {
    a.days.iter().rev().filter(|(d, _)| d.is_some()).find_map(|(d, x)| b.days.get(d).map(|y| (*d, *x, *y)))
}

/// Whether a count that only grows is told lower later.
fn fell(first: &Item<'_>, last: &Item<'_>) -> bool {
    let cumulative =
        matches!(first.figure.as_ref().and_then(|f| f.class), Some("killed" | "injured" | "arrested" | "destroyed"));
    match (&first.figure, &last.figure) {
        (Some(f), Some(g)) => cumulative && range(g).1 < range(f).0,
        _ => false,
    }
}

/// Whether a claim only refers to a figure told before: "of the 241".
fn refers(readings: &[(ReportId, &Reading)], item: &Item<'_>) -> bool {
    let words = item.claim.evidence.of(text(readings, item));
    words.get(..7).is_some_and(|w| w.eq_ignore_ascii_case("of the "))
}

/// Whether two claims name days in their words that lie apart: two occasions.
/// A day that only one names must lie two days from the other's.
fn other_day(readings: &[(ReportId, &Reading)], a: &Item<'_>, b: &Item<'_>) -> bool {
    let named = |i: &Item<'_>| {
        let (_, reading) = readings.get(i.reading)?;
        let time = reading.times.get(i.claim.time? as usize)?;
        (i.claim.evidence.covers(time.span) && matches!(time.kind, TimeKind::Date | TimeKind::Time))
            .then(|| time.interval.map(|t| t.start.date()))
            .flatten()
    };
    let apart = |x: Date, y: Date| x.until(y).map_or(0, |s| s.get_days().abs());
    match (named(a), named(b)) {
        (Some(x), Some(y)) => apart(x, y) >= 1,
        (Some(x), None) => day(b).is_some_and(|y| apart(x, y) >= 2),
        (None, Some(y)) => day(a).is_some_and(|x| apart(x, y) >= 2),
        _ => false,
    }
}

/// Whether two figures count the same noun as far as they name one.
fn one_noun(f: &crate::item::Figure, g: &crate::item::Figure) -> bool {
    use crate::item::Counted::Things;
    !matches!((&f.counted, &g.counted), (Things(a), Things(b)) if a != b)
}

/// Whether a claim stands in a headline.
fn in_headline(readings: &[(ReportId, &Reading)], item: &Item<'_>) -> bool {
    let blocks = readings.get(item.reading).map(|(_, r)| r.report.blocks.as_slice()).unwrap_or_default();
    let at = item.claim.evidence;
    blocks.iter().any(|b| matches!(b.kind, BlockKind::Title | BlockKind::Heading) && b.span.covers(at))
}

/// Whether two figures have one class or count one noun that is no currency.
fn keyed(a: &Item<'_>, b: &Item<'_>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let sum = |f: &crate::item::Figure| f.value.is_some_and(|v| v >= 1e6);
    f.counted == g.counted
        && ((f.class.is_some() && f.class == g.class)
            || (matches!(f.counted, crate::item::Counted::Things(_)) && !sum(f) && !sum(g)))
}

/// Whether two disjoint figures are firmly about one matter: one class and
/// counted noun, or most of their words.
fn one_matter(a: &Item<'_>, b: &Item<'_>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let keyed = f.class.is_some() && f.class == g.class && f.counted == g.counted;
    let per = |i: &Item<'_>| i.said_rate;
    if per(a) != per(b) {
        return false;
    }
    let common = a.said.iter().filter(|t| b.said.binary_search(t).is_ok()).count();
    (keyed && f.dimension == crate::item::Dimension::Count)
        || (common >= 2 && overlap(a, b) >= if keyed { 0.34 } else { 0.5 })
}

/// Share of the words of the claim that has fewer which the other has too.
fn overlap(a: &Item<'_>, b: &Item<'_>) -> f64 {
    let common = a.said.iter().filter(|t| b.said.binary_search(t).is_ok()).count();
    // One word in common is chance.
    if common < 2 { 0.0 } else { common as f64 / a.said.len().min(b.said.len()).max(1) as f64 }
}

/// Whether the smaller figure names a place or group that the larger one does
/// not, and that is not what the whole story is about.
fn narrower(a: &Item<'_>, b: &Item<'_>, common: &BTreeSet<u32>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let (small, large) = if range(f).0 <= range(g).0 { (a, b) } else { (b, a) };
    // "52 survivors are treated": of whom that is told is less than all.
    if small.figure.as_ref().is_some_and(|f| f.scoped) {
        return true;
    }
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
                    opposed(a, b)
                        && a.said.len() >= 2
                        && !rumour
                        && same_matter(a, b)
                        && !denies_plan(b.claim.evidence.of(text(readings, b)))
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

/// Whether what is denied is only a plan or a thought, which the event itself
/// does not contradict.
fn denies_plan(text: &str) -> bool {
    text.split_whitespace().any(|w| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        ["consider", "plan", "intend", "expect", "propos"].iter().any(|p| w.starts_with(p))
    })
}

fn times(
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    origins: &Origins,
    add: &mut Add<'_>,
) {
    // Times in the claims themselves: for each value the claim that is nearest
    // to its origin, told by the origin itself, then attributed, then any.
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    let rank = |i: usize| {
        let item = &items[members[i]];
        let origin = origins.list.get(origins.of[i]);
        let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
        let itself = origin.zip(outlet).is_some_and(|(o, r)| o.name == r.value);
        let own = item.claim.attribution.is_none();
        (in_headline(readings, item), item.said.len() < 3, !itself || !own, own, i)
    };
    for (i, &m) in members.iter().enumerate() {
        let item = &items[m];
        let Some((_, reading)) = readings.get(item.reading) else { continue };
        let time = item.claim.time.and_then(|t| reading.times.get(t as usize));
        let Some(time) = time.filter(|t| item.claim.evidence.covers(t.span) && item.figure.is_none()) else { continue };
        if item.claim.polarity == Polarity::Denied || matches!(time.kind, TimeKind::Duration | TimeKind::Set) {
            continue;
        }
        let value = item.clock.clone().unwrap_or_else(|| time.value.clone());
        let best = by.entry(value).or_insert(i);
        if rank(i) < rank(*best) {
            *best = i;
        }
    }
    let list: Vec<(String, usize)> = by.into_iter().collect();
    let mut listed = 0;
    for (n, (v, i)) in list.iter().enumerate() {
        for (w, j) in &list[n + 1..] {
            let (a, b) = (&items[members[*i]], &items[members[*j]]);
            let (p, q) = (origins.of[*i], origins.of[*j]);
            let clocks =
                a.clock.is_some() && b.clock.is_some() && a.claim.class.is_some() && a.claim.class == b.claim.class;
            let planned = |i: &Item<'_>| i.claim.modality == Modality::Planned;
            let plans = planned(a) && planned(b) && a.claim.class.is_some() && a.claim.class == b.claim.class;
            let matter = same_matter(a, b) || clocks || plans;
            if p == q || listed >= MOST || !matter {
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
                let note = format!("{v} ({}) against {w} ({})", origins.list[p].name, origins.list[q].name);
                add(Verdict::Contradiction, ContradictionKind::Time, vec![a.id, b.id], "times-apart", note);
            }
        }
    }
}
