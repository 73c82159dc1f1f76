//! Parts that exceed their whole, within one sentence.
//!
//! "19 of the 43 dead were found in A, 15 in B and 11 in C" gives 45 of 43.
//! Parts are added up only where each is told of another place: groups of
//! people ("children", "women") may overlap.

use std::collections::BTreeSet;

use firsthand_model::{ContradictionKind, Measure, Polarity, Verdict};
use firsthand_span::Span;

use super::{Add, Case};
use crate::item::Item;
use crate::relation::number_words;

/// Each part that is larger than its whole, and parts that are so together.
pub(super) fn sums(case: &Case<'_>, add: &mut Add<'_>) {
    for i in 0..case.members.len() {
        let item = case.item(i);
        let Some(reading) = case.reading(item).filter(|_| item.claim.polarity == Polarity::Affirmed) else { continue };
        let measure = |i: &Item<'_>| i.claim.measures.first().and_then(|&m| reading.measures.get(m as usize));
        let Some(part) = measure(item).filter(|m| m.unit == "1") else { continue };
        let Some((index, whole)) = part.subset_of.and_then(|w| Some((w, reading.measures.get(w as usize)?))) else {
            continue;
        };
        let (Some(least), Some(most)) = (least(part), whole.upper.map(|b| b.value)) else { continue };
        // Claims ascend by report and place, so those of one sentence stand together.
        let at = case.members[i];
        let here = |o: &&Item<'_>| o.reading == item.reading && o.sentence == item.sentence;
        let before = case.items[..at].iter().rev().take_while(here);
        let after = || case.items[at + 1..].iter().take_while(here);
        let holds_whole = |o: &&Item<'_>| o.claim.measures.contains(&index);
        let whole_claim = before.chain(after()).find(holds_whole).map_or(item.id, |o| o.id);
        if least > most {
            let note = format!("a part of {} is more than the whole of {}", number_words(least), number_words(most));
            let ids = vec![whole_claim, item.id];
            add(Verdict::Contradiction, ContradictionKind::Arithmetic, ids, "part-exceeds", note);
            continue;
        }
        // The other parts: bare numbers of the same sentence, each of another place.
        let Some(place) = place_after(case, item, part) else { continue };
        let mut places = BTreeSet::from([place]);
        let (mut sum, mut ids) = (least, vec![whole_claim]);
        let mut terms = vec![number_words(least)];
        ids.extend((item.id != whole_claim).then_some(item.id));
        for other in after() {
            let Some(m) = measure(other).filter(|m| m.unit == "1" && m.counted.is_none()) else { continue };
            let (Some(value), Some(place)) = (least_exact(m), place_after(case, other, m)) else { continue };
            if places.insert(place) {
                sum += value;
                ids.push(other.id);
                terms.push(number_words(value));
            }
        }
        if places.len() > 1 && sum > most {
            let note = format!(
                "{} is {}, more than the whole of {}",
                terms.join(" + "),
                number_words(sum),
                number_words(most)
            );
            add(Verdict::Contradiction, ContradictionKind::Arithmetic, ids, "parts-exceed", note);
        }
    }
}

/// The least that a count can be by its words.
fn least(measure: &Measure) -> Option<f64> {
    measure.lower.map(|b| b.value)
}

/// The value of a count that is given to the unit.
fn least_exact(measure: &Measure) -> Option<f64> {
    least(measure).filter(|l| measure.upper.map(|b| b.value) == Some(*l))
}

/// The place that a part is told of: the name after the "in" or "at" that
/// follows its number.
fn place_after(case: &Case<'_>, item: &Item<'_>, measure: &Measure) -> Option<String> {
    let end = item.claim.evidence.end.max(measure.span.end);
    let tail = Span { start: measure.span.end, end }.get(case.text(item))?;
    let mut words = tail.split_whitespace();
    words.find(|w| matches!(*w, "in" | "at" | "from"))?;
    let name: Vec<&str> = words.take_while(|w| w.starts_with(char::is_uppercase)).collect();
    (!name.is_empty()).then(|| name.join(" ").trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned())
}
