//! Figures that do not fit, and figures that only seem not to: updates,
//! compatible bounds, other scopes, rounding.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{ClaimId, ContradictionKind, Modality, Polarity, TimeKind, Verdict};
use jiff::civil::{Date, DateTime};

use super::{Add, Case, day_words, overlap};
use crate::item::{Counted, Dimension, Figure, Item};
use crate::origin::Strength;
use crate::relation::{day, disjoint, figure_words, grows, possible_only, range, rounds};

/// Most values, told each by an origin, that are compared in a cluster.
pub(super) const VALUES: usize = 150;

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

/// Compares the values of a cluster, each told by an origin; how many were
/// left out.
pub(super) fn figures(case: &Case<'_>, add: &mut Add<'_>) -> usize {
    let Case { members, origins, .. } = case;
    // Claims by origin and value.
    let mut by: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for i in 0..members.len() {
        let item = case.item(i);
        if let Some(f) = &item.figure
            && item.claim.polarity == Polarity::Affirmed
            && (f.lower.is_some() || f.upper.is_some() || f.value.is_some())
            && !refers(case, item)
        {
            by.entry((origins.of[i], figure_words(f))).or_default().push(i);
        }
    }
    // Text before headlines, the telling before the short, the firm before the hedged.
    let rank = |i: &usize| {
        let item = case.item(*i);
        let thin = item.said.len() < 2;
        let own = item.claim.attribution.is_none();
        (case.in_headline(item), thin, item.claim.modality != Modality::Asserted, own, *i)
    };
    let mut told: Vec<Told<'_>> = Vec::new();
    // Of very many values those told most often are compared.
    let mut by: Vec<((usize, String), Vec<usize>)> = by.into_iter().collect();
    let left_out = by.len().saturating_sub(VALUES);
    if left_out > 0 {
        by.sort_by_key(|(key, claims)| (std::cmp::Reverse(claims.len()), key.clone()));
        by.truncate(VALUES);
        by.sort_by(|a, b| a.0.cmp(&b.0));
    }
    for ((origin, _), claims) in &mut by {
        claims.sort_by_key(rank);
        let Some(best) = claims.first() else { continue };
        let mut days = BTreeMap::new();
        for &i in claims.iter() {
            days.entry(day(case.item(i))).or_insert(case.item(i));
        }
        told.push(Told {
            origin: *origin,
            item: case.item(*best),
            days,
            until: None,
            possible: claims.iter().all(|&i| possible_only(case.item(i), case.text(case.item(i)))),
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
    let name = |t: &Told<'_>| case.name(t.origin);
    let words = |t: &Told<'_>| t.item.figure.as_ref().map(figure_words).unwrap_or_default();
    let figure = ContradictionKind::Figure;
    // What happened long ago is counted no more.
    let counts = |t: &Told<'_>| grows(t.item) && t.item.past.is_none();
    // Contradictions are listed once for each two values: by those who told them first.
    let mut against: BTreeMap<(String, String), Against> = BTreeMap::new();
    for (n, a) in told.iter().enumerate() {
        for b in &told[n + 1..] {
            let (Some(f), Some(g)) = (&a.item.figure, &b.item.figure) else { continue };
            if f.unit != g.unit || !one_noun(f, g) {
                continue;
            }
            let (first, last) = if a.from() <= b.from() { (a, b) } else { (b, a) };
            let ids = vec![first.item.id, last.item.id];
            let firm = |t: &Told<'_>| origins.strength.get(t.origin) == Some(&Strength::Speaker);
            let mut oppose = |rank: u8, day: Option<Date>, ids: Vec<ClaimId>, note: String| {
                let key = if words(a) < words(b) { (words(a), words(b)) } else { (words(b), words(a)) };
                let rank = (rank, !(firm(a) && firm(b)), case.published(first.item).max(case.published(last.item)));
                let found = Against { rank, pair: (a.origin.min(b.origin), a.origin.max(b.origin)), ids, day, note };
                match against.get_mut(&key) {
                    Some(known) if found.rank < known.rank => *known = found,
                    Some(_) => {}
                    None => {
                        against.insert(key, found);
                    }
                }
            };
            if rounds(f, g) {
                let note = format!("{} is {} rounded", words(first), words(last));
                add(Verdict::Rounding, figure, ids, "rounding", note);
            } else if !disjoint(f, g) {
                if !f.same_value(g) {
                    let note = format!("{} and {} can both hold", words(first), words(last));
                    add(Verdict::Compatible, figure, ids, "bounds-overlap", note);
                }
            } else if !one_matter(a.item, b.item) {
                // Two figures of one cluster that may be of two matters say nothing of each other.
            } else if narrower(a.item, b.item, case.common) {
                let note = format!("{} and {} may count different places or groups", words(first), words(last));
                add(Verdict::OtherScope, figure, ids, "named-part", note);
            } else if !grows(a.item) && a.item.past.is_none() && other_day(case, a.item, b.item) {
                let note = format!("{} and {} are told of different days", words(first), words(last));
                add(Verdict::OtherScope, figure, ids, "other-day", note);
            } else if a.origin == b.origin {
                same_origin(case, (first, last), name(a), add);
            } else if a.possible || b.possible {
                let note = format!("{} or {} is only put as a possibility", words(first), words(last));
                add(Verdict::Compatible, figure, ids, "possibility", note);
            } else if let Some((day, x, y)) = same_day(a, b).filter(|_| counts(a)) {
                // Who speaks only for himself may be hours behind on such a day.
                if firm(a) && firm(b) {
                    let note =
                        format!("{} ({}) against {} ({}) on {}", words(a), name(a), words(b), name(b), day_words(day));
                    oppose(0, day, if a.from() <= b.from() { vec![x.id, y.id] } else { vec![y.id, x.id] }, note);
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
            } else if counts(a) && first.from() < last.from() && !fell(first.item, last.item) {
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
                oppose(1, None, ids, note);
            }
        }
    }
    // Of one day, two origins are listed once: by what they told last.
    let mut last: BTreeMap<_, (Option<DateTime>, (String, String))> = BTreeMap::new();
    for (key, found) in against.iter().filter(|(_, a)| a.rank.0 == 0) {
        let told = (found.rank.2, key.clone());
        let latest = last.entry((found.pair, found.day)).or_insert_with(|| told.clone());
        if told > *latest {
            *latest = told;
        }
    }
    let kept: BTreeSet<(String, String)> = last.into_values().map(|(_, key)| key).collect();
    against.retain(|key, a| a.rank.0 > 0 || kept.contains(key));
    // What two origins dispute on one day they need not dispute again across days.
    let disputed: BTreeSet<(usize, usize)> = against.values().filter(|a| a.rank.0 == 0).map(|a| a.pair).collect();
    for found in against.into_values() {
        if found.rank.0 == 0 || !disputed.contains(&found.pair) {
            add(Verdict::Contradiction, figure, found.ids, "figures-disjoint", found.note);
        }
    }
    left_out
}

/// A contradiction of two values that may be listed.
struct Against {
    /// The least is listed.
    rank: (u8, bool, Option<DateTime>),
    pair: (usize, usize),
    ids: Vec<ClaimId>,
    /// The day on which both are told, if it is one.
    day: Option<Date>,
    note: String,
}

/// The verdict on two disjoint figures of one origin.
fn same_origin(case: &Case<'_>, (first, last): (&Told<'_>, &Told<'_>), name: &str, add: &mut Add<'_>) {
    let words = |t: &Told<'_>| t.item.figure.as_ref().map(figure_words).unwrap_or_default();
    let ids = vec![first.item.id, last.item.id];
    let changes = grows(first.item) && first.item.past.is_none();
    if !changes && first.item.id.report != last.item.id.report && one_wording(first.item, last.item) {
        let note = format!("the same words of {name} are given with {} and with {}", words(first), words(last));
        add(Verdict::Contradiction, ContradictionKind::Figure, ids, "retold-differently", note);
    } else if first.from() < last.from() && (changes || told_by_name(first, last)) {
        let note = format!(
            "{name}: {} on {}, then {} on {}",
            words(first),
            day_words(first.from()),
            words(last),
            day_words(last.from())
        );
        add(Verdict::Update, ContradictionKind::Figure, ids, "later-by-same-origin", note);
    } else if same_hand(case, first.item, last.item) {
        let note = format!("{name}: {} and {} on one day", words(first), words(last));
        add(Verdict::Update, ContradictionKind::Figure, ids, "same-day-same-origin", note);
    } else if first.item.id.report == last.item.id.report {
        // Two prices, two places: a text that gives two figures of a matter tells of two things.
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
fn refers(case: &Case<'_>, item: &Item<'_>) -> bool {
    let words = item.claim.evidence.of(case.text(item));
    words.get(..7).is_some_and(|w| w.eq_ignore_ascii_case("of the "))
}

/// Whether two claims name days in their words that are not the same: two
/// occasions, or a day and a longer time. A day that only one names must lie
/// two days from the other's.
fn other_day(case: &Case<'_>, a: &Item<'_>, b: &Item<'_>) -> bool {
    let named = |i: &Item<'_>| {
        let time = case.reading(i)?.times.get(i.claim.time? as usize)?;
        (i.claim.evidence.covers(time.span) && matches!(time.kind, TimeKind::Date | TimeKind::Time))
            .then(|| time.interval.map(|t| (t.start.date(), t.end.date())))
            .flatten()
    };
    let apart = |x: Date, y: Date| x.until(y).map_or(0, |s| s.get_days().abs());
    match (named(a), named(b)) {
        (Some(x), Some(y)) => x != y,
        (Some(x), None) => day(b).is_some_and(|y| apart(x.0, y) >= 2),
        (None, Some(y)) => day(a).is_some_and(|x| apart(x, y.0) >= 2),
        _ => false,
    }
}

/// Whether two figures count the same noun as far as they name one.
fn one_noun(f: &Figure, g: &Figure) -> bool {
    use Counted::Things;
    !matches!((&f.counted, &g.counted), (Things(a), Things(b)) if a != b)
}

/// Whether two figures have one class or count one noun that is no currency.
fn keyed(a: &Item<'_>, b: &Item<'_>) -> bool {
    let (Some(f), Some(g)) = (&a.figure, &b.figure) else { return false };
    let sum = |f: &Figure| f.value.is_some_and(|v| v >= 1e6);
    f.counted == g.counted
        && ((f.class.is_some() && f.class == g.class)
            || (matches!(f.counted, Counted::Things(_)) && !sum(f) && !sum(g)))
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
    (keyed && f.dimension == Dimension::Count) || (common >= 2 && overlap(a, b) >= if keyed { 0.34 } else { 0.5 })
}

/// Whether two claims are one wording but for the figure.
fn one_wording(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.said.len().min(b.said.len()) >= 3 && overlap(a, b) >= 0.8
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
fn same_hand(case: &Case<'_>, a: &Item<'_>, b: &Item<'_>) -> bool {
    let later = a.id.report == b.id.report || case.published(a) != case.published(b);
    a.figure.is_some() && b.figure.is_some() && later && grows(a) && a.past.is_none()
}
