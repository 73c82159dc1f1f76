//! Times that lie apart, and what is told before it happened.

use std::collections::BTreeMap;

use firsthand_model::{ContradictionKind, Granularity, Interval, Modality, Polarity, Time, TimeKind, Tokens, Verdict};

use super::{Add, Case, MOST};
use crate::clause::is_verb;
use crate::item::Item;
use crate::relation::{CLOCK_SLACK, minutes_apart, same_matter};
use crate::words::{is_irregular_verb, stem, words};

/// Two times of one event, told by two origins: listed once for each two
/// values, by the claims that stand nearest to their origins. Whether some were
/// left out.
pub(super) fn times(case: &Case<'_>, add: &mut Add<'_>) -> bool {
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    // The claim that is nearest to its origin: told by the origin itself, then attributed, then any.
    let rank = |i: usize| {
        let item = case.item(i);
        let outlet = case.reading(item).and_then(|r| r.report.outlet.as_ref());
        let itself = outlet.is_some_and(|o| case.name(case.origins.of[i]) == o.value);
        let own = item.claim.attribution.is_none();
        (case.in_headline(item), item.said.len() < 3, !itself || !own, own, i)
    };
    for i in 0..case.members.len() {
        let item = case.item(i);
        let Some(time) = named_time(case, item).filter(|_| item.figure.is_none()) else { continue };
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
    let (mut listed, mut cut) = (0, false);
    for (n, (v, i)) in list.iter().enumerate() {
        for (w, j) in &list[n + 1..] {
            let (a, b) = (case.item(*i), case.item(*j));
            let (p, q) = (case.origins.of[*i], case.origins.of[*j]);
            let one_class = a.claim.class.is_some() && a.claim.class == b.claim.class;
            let clocks = a.clock.is_some() && b.clock.is_some() && one_class;
            let planned = |i: &Item<'_>| i.claim.modality == Modality::Planned;
            let plans = planned(a) && planned(b) && one_class;
            if p == q || !(same_matter(a, b) || clocks || plans) {
                continue;
            }
            if listed >= MOST {
                cut = true;
                continue;
            }
            if apart(case, a, b) {
                listed += 1;
                let note = format!("{v} ({}) against {w} ({})", case.name(p), case.name(q));
                add(Verdict::Contradiction, ContradictionKind::Time, vec![a.id, b.id], "times-apart", note);
            }
        }
    }
    cut
}

/// A report that tells as done what, by its own words, lay days after its
/// publication; beside it the first other claim of the same time. Whether some
/// were left out.
pub(super) fn order(case: &Case<'_>, add: &mut Add<'_>) -> bool {
    let (mut listed, mut cut) = (0, false);
    for i in 0..case.members.len() {
        let item = case.item(i);
        let Some(note) = told_before(case, item) else { continue };
        if listed >= MOST {
            cut = true;
            continue;
        }
        let day = |item: &Item<'_>| named_time(case, item).and_then(|t| t.interval).map(|t| t.start.date());
        let other = (0..case.members.len())
            .map(|j| case.item(j))
            .find(|o| o.id.report != item.id.report && day(o).is_some() && day(o) == day(item));
        let ids = std::iter::once(item.id).chain(other.map(|o| o.id)).collect();
        listed += 1;
        add(Verdict::Contradiction, ContradictionKind::Order, ids, "told-before", note);
    }
    cut
}

/// Whether a claim tells as done what its own words date after the day of
/// publication: a wrong clock, or words that were put in later.
fn told_before(case: &Case<'_>, item: &Item<'_>) -> Option<String> {
    let published = case.reading(item)?.report.published.as_ref()?.value;
    let time = named_time(case, item).filter(|t| t.kind == TimeKind::Date)?.interval?;
    let day = time.start.date();
    // A year or a month to come is often told of as done: "sales in 2030 reached …". On the day after, it is
    // already evening elsewhere.
    let one_day = day.until(time.end.date()).is_ok_and(|s| s.get_days() <= 1);
    let ahead = published.date().until(day).map_or(0, |s| s.get_days());
    if !one_day || ahead < 2 || published.granularity < Granularity::Day {
        return None;
    }
    let said = words(case.text(item), item.claim.evidence);
    let open = ["will", "would", "to", "if", "until", "by", "due", "from"];
    let predicate = stem(&item.claim.predicate);
    let verb = said.iter().find(|w| stem(&w.folded) == predicate && is_verb(w, &Tokens::default()))?.folded.as_str();
    let done = match verb {
        "is" | "are" | "am" | "be" | "have" | "do" => false,
        w if w.ends_with("ing") || w.ends_with('s') && w != "was" => false,
        w => is_irregular_verb(w) || w.ends_with("ed"),
    };
    (done && !said.iter().any(|w| open.contains(&w.folded.as_str())))
        .then(|| format!("told as done on {day}, published on {}", published.date()))
}

/// The time that a claim names in its own words.
fn named_time<'c>(case: &Case<'c>, item: &Item<'_>) -> Option<&'c Time> {
    let time = case.reading(item)?.times.get(item.claim.time? as usize)?;
    item.claim.evidence.covers(time.span).then_some(time)
}

/// Whether the times of two claims cannot be one.
fn apart(case: &Case<'_>, a: &Item<'_>, b: &Item<'_>) -> bool {
    match (&a.clock, &b.clock) {
        (Some(c), Some(d)) => minutes_apart(c, d).is_some_and(|m| m > CLOCK_SLACK),
        (None, None) => {
            let interval = |item| named_time(case, item).and_then(|t| t.interval);
            let before = |x: Interval, y: Interval| x.end <= y.start;
            matches!((interval(a), interval(b)), (Some(x), Some(y)) if before(x, y) || before(y, x))
        }
        _ => false,
    }
}
