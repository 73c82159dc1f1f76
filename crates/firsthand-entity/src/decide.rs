//! What analysts decided on entities, applied to those that were joined.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{Entity, EntityId, LocalEntity, Readings, Reason, ReportId};
use firsthand_span::{fold, fold_words};

/// Two entities of single reports that were decided to be one, or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// One.
    pub a: (ReportId, u32),
    /// The other.
    pub b: (ReportId, u32),
    /// Whether they are two.
    pub apart: bool,
    /// Who decided so, and why.
    pub reason: Reason,
}

/// The entities as they were decided to be. Decisions are applied one after
/// the other, so that of two that contradict each other the later one holds.
/// Where an entity is split, its other members go to whichever of the two
/// shares more of their names, on a tie to the first.
pub fn decide(mut entities: Vec<Entity>, decided: &[Decided], readings: &dyn Readings) -> Vec<Entity> {
    if decided.is_empty() {
        return entities;
    }
    let at: BTreeMap<ReportId, usize> = (0..readings.len()).map(|at| (readings.id(at), at)).collect();
    let local = |(report, n): (ReportId, u32)| -> Option<LocalEntity> {
        readings.reading(*at.get(&report)?).analysis.entities.get(n as usize).cloned()
    };
    for link in decided {
        let of = |member, entities: &[Entity]| entities.iter().position(|e| e.members.contains(&member));
        let (Some(x), Some(y)) = (of(link.a, &entities), of(link.b, &entities)) else { continue };
        match (link.apart, x == y) {
            (false, false) => {
                let (low, high) = (x.min(y), x.max(y));
                let other = entities.remove(high);
                let (old, gone) = (entities[low].id, other.id);
                entities[low] = merged(&entities[low], &other, &link.reason);
                let new = entities[low].id;
                for e in &mut entities {
                    if e.speaks_for.is_some_and(|s| s == old || s == gone) {
                        e.speaks_for = Some(new).filter(|n| *n != e.id);
                    }
                }
            }
            (true, true) => {
                let whole = entities.remove(x);
                let (own, other) = parted(&whole, link, &local);
                entities.push(rebuilt(&whole, own, &link.reason, &local));
                entities.push(rebuilt(&whole, other, &link.reason, &local));
            }
            // Already so: only say who agreed.
            (false, true) => entities[x].why.push(link.reason.clone()),
            (true, false) => {
                entities[x].why.push(link.reason.clone());
                entities[y].why.push(link.reason.clone());
            }
        }
    }
    entities.sort_by_key(|e| e.id);
    entities
}

fn merged(a: &Entity, b: &Entity, reason: &Reason) -> Entity {
    // The name of the one that more reports know.
    let (major, minor) = if (b.members.len(), std::cmp::Reverse(b.id)) > (a.members.len(), std::cmp::Reverse(a.id)) {
        (b, a)
    } else {
        (a, b)
    };
    let mut out = major.clone();
    out.id = a.id.min(b.id);
    out.kind = major.kind.or(minor.kind);
    out.members.extend(&minor.members);
    out.members.sort_unstable();
    for variant in &minor.variants {
        if !out.variants.contains(variant) {
            out.variants.push(variant.clone());
        }
    }
    let own = |s: &EntityId| *s != a.id && *s != b.id;
    out.speaks_for = major.speaks_for.filter(own).or(minor.speaks_for.filter(own));
    out.why.extend(minor.why.iter().cloned());
    out.why.push(reason.clone());
    out
}

type Member = (ReportId, u32);

/// The members of either side.
fn parted(whole: &Entity, link: &Decided, local: &dyn Fn(Member) -> Option<LocalEntity>) -> (Vec<Member>, Vec<Member>) {
    let words = |member: Member| -> (BTreeSet<String>, BTreeSet<String>) {
        let Some(e) = local(member) else { return Default::default() };
        let names: BTreeSet<String> = std::iter::once(&e.name).chain(&e.variants).map(|n| fold(n)).collect();
        let words = names.iter().flat_map(|n| fold_words(n)).collect();
        (names, words)
    };
    let (a, b) = (words(link.a), words(link.b));
    whole.members.iter().copied().partition(|&member| {
        if member == link.a || member == link.b {
            return member == link.a;
        }
        let own = words(member);
        let shared = |side: &(BTreeSet<String>, BTreeSet<String>)| {
            (own.0.intersection(&side.0).count(), own.1.intersection(&side.1).count())
        };
        shared(&a) >= shared(&b)
    })
}

/// An entity of some of the members of another.
fn rebuilt(
    whole: &Entity,
    mut members: Vec<Member>,
    reason: &Reason,
    local: &dyn Fn(Member) -> Option<LocalEntity>,
) -> Entity {
    members.sort_unstable();
    let found: Vec<LocalEntity> = members.iter().filter_map(|m| local(*m)).collect();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut variants: BTreeMap<&str, usize> = BTreeMap::new();
    for e in &found {
        if e.named {
            *names.entry(&e.name).or_default() += 1;
        }
        for v in std::iter::once(&e.name).chain(&e.variants) {
            *variants.entry(v).or_default() += 1;
        }
    }
    let name = names.iter().max_by_key(|(name, n)| (**n, name.len(), std::cmp::Reverse(**name))).map(|(n, _)| *n);
    let mut ordered: Vec<(&str, usize)> = variants.into_iter().collect();
    ordered.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let id = members.first().map_or(whole.id, |(report, index)| EntityId { report: *report, index: *index });
    let mut why = whole.why.clone();
    why.push(reason.clone());
    Entity {
        id,
        name: name.map_or_else(|| found.first().map_or_else(String::new, |e| e.name.clone()), str::to_owned),
        kind: found.iter().find_map(|e| e.kind).or(whole.kind),
        variants: ordered.into_iter().map(|(v, _)| v.to_owned()).collect(),
        members,
        speaks_for: whole.speaks_for.filter(|s| *s != id),
        why,
    }
}
