//! Where the chains of a cluster's claims end, and how many such ends are
//! independent: at least and at most.
//!
//! *Certain* links make one origin: one speaker, one organisation and who
//! speaks for it, a copied passage, a cited report, one agency credit, an
//! outlet that repeats a figure others attribute. *Plausible* links only lower
//! the lower bound: an unidentified source may be any origin that says what it
//! says, and an outlet that names no source may have it from anyone who says
//! the same.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{ClaimId, EntityId, Origin, Polarity, Reading, Reason, ReportId, Why};
use firsthand_span::fold_words;

use crate::chain::{End, Leaning, circles, is_person, outlet_key};
use crate::item::Item;
use crate::relation::agree;
use crate::who::{Who, name_key};
/// The origins of a cluster and the interval of independent ones.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    pub(crate) list: Vec<Origin>,
    pub(crate) independent: (u32, u32),
    /// For each claim of the cluster, the index of its origin.
    pub(crate) of: Vec<usize>,
    /// Strength of each origin: what it may merge with.
    pub(crate) strength: Vec<Strength>,
}

/// How firmly an origin stands by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// Somebody is named.
    Speaker,
    /// Outlets in their own voice, naming nobody.
    Own,
    /// Somebody unidentified.
    Open,
    /// Outlets that only name each other: no support at all.
    Circular,
}

/// Works out the origins of a cluster. `members` index `items`.
pub(crate) fn origins(leaning: &Leaning<'_>) -> Origins {
    let &Leaning { who, readings, items, members, ends: known, .. } = leaning;
    let n = members.len();
    let mut ends: Vec<End> = members.iter().map(|&m| known.of[m].clone()).collect();
    let own: Vec<bool> = members.iter().map(|&m| known.own[m]).collect();
    let mut reasons: Vec<Why> = vec![Vec::new(); n];

    // What rests on another claim of the cluster: copied, cited or repeated.
    let mut rests_on: Vec<Option<usize>> = vec![None; n];
    for i in 0..n {
        if let Some((j, rule)) = leaning.of(i) {
            rests_on[i] = Some(j);
            let other = &readings[items[members[j]].reading].1.report;
            let name = other.outlet.as_ref().map(|o| o.value.as_str()).unwrap_or("another report");
            reasons[i].push(Reason::new(rule, name));
        } else if let Some(end) = leaning.counted(i) {
            ends[i] = end;
            reasons[i].push(Reason::rule("source-of-its-counts"));
        }
    }
    // Follow each chain to its end; a circle ends in all who cite each other.
    for i in 0..n {
        let mut path = vec![i];
        let mut at = i;
        while let Some(next) = rests_on[at] {
            if let Some(from) = path.iter().position(|&p| p == next) {
                let mut names: Vec<String> =
                    path[from..].iter().map(|&p| outlet_key(readings, &items[members[p]])).collect();
                names.sort();
                names.dedup();
                ends[i] = End::Named(names.join(" and "));
                reasons[i].push(Reason::new("circular-citation", "each names the other: no outside source"));
                at = i;
                break;
            }
            path.push(next);
            at = next;
        }
        if at != i {
            ends[i] = match &ends[at] {
                // A circle found earlier.
                End::Named(name) => End::Named(name.clone()),
                other => other.clone(),
            };
        }
    }
    // A cited outlet whose report says nothing of it is itself the end.
    for end in &mut ends {
        if let End::Cited(name) = end {
            let entity = who.named(name).filter(|&e| !who.is_place(e));
            *end = entity.map_or_else(|| End::Own(name_key(name)), End::Entity);
        }
    }

    // One name in one cluster is one origin, however the reports resolved it.
    let mut by_name: BTreeMap<BTreeSet<String>, Vec<(BTreeSet<String>, End)>> = BTreeMap::new();
    let names: Vec<Option<(BTreeSet<String>, BTreeSet<String>)>> = ends
        .iter()
        .map(|end| {
            let name = match end {
                End::Entity(id) => who.entity(*id).map(|e| name_key(&e.name)),
                End::Named(key) | End::Own(key) => Some(key.clone()),
                _ => None,
            };
            let name = name.filter(|k| !k.is_empty())?;
            let person = matches!(end, End::Entity(id) if is_person(who, *id));
            Some(if person { (fold_words(&name).into_iter().collect(), BTreeSet::new()) } else { who.office(&name) })
        })
        .collect();
    // Those that name their place first: "the coast guard" is one of two only
    // where there is but one.
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| names[i].as_ref().is_none_or(|(_, places)| places.is_empty()));
    for i in order {
        let Some((key, places)) = names[i].clone() else { continue };
        let known = by_name.entry(key).or_default();
        if let Some((_, end)) = known.iter().find(|(_, end)| *end == ends[i]) {
            ends[i] = end.clone();
            continue;
        }
        let fits = |p: &BTreeSet<String>| *p == places || p.is_empty() || places.is_empty();
        let mut candidates = known.iter().filter(|(p, _)| fits(p)).map(|(_, end)| end.clone());
        match (candidates.next(), candidates.next()) {
            (Some(one), None) => {
                ends[i] = one;
                reasons[i].push(Reason::rule("same-name"));
            }
            _ => known.push((places, ends[i].clone())),
        }
    }
    let circular = circles(readings, items, members);

    let mut groups: BTreeMap<End, Vec<usize>> = BTreeMap::new();
    for (i, end) in ends.iter().enumerate() {
        groups.entry(end.clone()).or_default().push(i);
    }
    let mut of = vec![0; n];
    let mut list = Vec::new();
    let mut strength = Vec::new();
    let mut ordered: Vec<(End, Vec<usize>)> = groups.into_iter().collect();
    ordered.sort_by_key(|(_, claims)| claims.first().copied());
    for (k, (end, claims)) in ordered.iter().enumerate() {
        for &c in claims {
            of[c] = k;
        }
        let mut why: Why = claims.iter().flat_map(|&c| reasons[c].iter().cloned()).collect();
        if matches!(end, End::Entity(_)) && claims.len() > 1 {
            why.insert(0, Reason::rule("same-speaker"));
        }
        let circle = claims.iter().all(|&c| circular[c]);
        if circle {
            why.push(Reason::new("circular-citation", "the outlets name each other: no outside source"));
        }
        why.sort();
        why.dedup();
        let (name, entity) = label(who, readings, items, members, end, claims);
        strength.push(match end {
            _ if circle => Strength::Circular,
            End::Open(..) => Strength::Open,
            _ if claims.iter().all(|&c| own[c]) => Strength::Own,
            _ => Strength::Speaker,
        });
        list.push(Origin {
            name,
            identified: !matches!(end, End::Open(..)),
            entity,
            claims: claims.iter().map(|&c| items[members[c]].id).collect(),
            why,
        });
    }
    let mut out = Origins { list, independent: (0, 0), of, strength };
    let all: Vec<usize> = (0..n).collect();
    out.independent = out.count(items, members, &all);
    out
}

impl Origins {
    /// How many independent origins some claims of the cluster rest on: at
    /// least, at most.
    pub(crate) fn count(&self, items: &[Item<'_>], members: &[usize], claims: &[usize]) -> (u32, u32) {
        let mut by: BTreeMap<(Strength, usize), Vec<usize>> = BTreeMap::new();
        for &c in claims {
            by.entry((self.strength[self.of[c]], self.of[c])).or_default().push(c);
        }
        // Those who only name each other add nothing to others; alone they are
        // perhaps one origin, perhaps none.
        let circular = by.keys().filter(|(s, _)| *s == Strength::Circular).count() as u32;
        by.retain(|(s, _), _| *s != Strength::Circular);
        if by.is_empty() {
            return (0, circular.min(1));
        }
        let mut kept: Vec<&Vec<usize>> = Vec::new();
        let mut names: Vec<BTreeSet<String>> = Vec::new();
        for ((strength, origin), claims) in &by {
            // "State police" may be the "Marenian State Police".
            let words: BTreeSet<String> =
                self.list.get(*origin).map(|o| fold_words(&o.name)).unwrap_or_default().into_iter().collect();
            let short = |other: &BTreeSet<String>| {
                words.len().min(other.len()) >= 2 && (words.is_subset(other) || other.is_subset(&words))
            };
            if *strength == Strength::Speaker {
                if names.iter().any(short) {
                    continue;
                }
                names.push(words);
            }
            let merges = *strength != Strength::Speaker
                && kept.iter().any(|k| {
                    let agrees = |&a: &usize| k.iter().any(|&b| agree(&items[members[a]], &items[members[b]]));
                    claims.iter().any(agrees)
                });
            if !merges {
                kept.push(claims);
            }
        }
        (kept.len() as u32, by.len() as u32)
    }
}
/// The name of an origin for a reader, and its entity.
fn label(
    who: &Who<'_>,
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    end: &End,
    claims: &[usize],
) -> (String, Option<EntityId>) {
    let innermost = || {
        claims
            .iter()
            .find_map(|&c| items[members[c]].claim.voice.iter().rev().map(|v| v.name.clone()).find(|n| !n.is_empty()))
    };
    match end {
        End::Entity(id) => (who.entity(*id).map(|e| e.name.clone()).unwrap_or_default(), Some(*id)),
        End::Open(..) => (innermost().unwrap_or_else(|| "unidentified".to_owned()), None),
        End::Own(key) | End::Cited(key) | End::Named(key) => {
            let printed = claims.iter().find_map(|&c| {
                let item = &items[members[c]];
                let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
                outlet.map(|o| o.value.clone()).filter(|o| name_key(o) == *key)
            });
            let linked = || {
                claims
                    .iter()
                    .flat_map(|&c| &items[members[c]].claim.voice)
                    .map(|v| v.name.clone())
                    .find(|n| name_key(n) == *key)
            };
            // An outlet that its page does not name is known by the report alone.
            let unnamed = || {
                let report = claims.first().map(|&c| items[members[c]].id.report.to_string());
                if report.as_ref() == Some(key) { format!("unnamed outlet of {key}") } else { key.clone() }
            };
            (printed.or_else(linked).unwrap_or_else(unnamed), None)
        }
    }
}

/// Sides of a cluster: claims by what they say, with the origins of each.
pub(crate) fn sides(items: &[Item<'_>], members: &[usize], origins: &Origins) -> Vec<firsthand_model::Side> {
    let mut by: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
    for (i, &m) in members.iter().enumerate() {
        let item = &items[m];
        let denied = item.claim.polarity == Polarity::Denied;
        let says = item.figure.as_ref().map(crate::relation::figure_words).unwrap_or_default();
        by.entry((denied, says)).or_default().push(i);
    }
    by.into_iter()
        .map(|((denied, says), claims)| {
            let says = match (denied, says.is_empty()) {
                (false, true) => "affirmed".to_owned(),
                (true, true) => "denied".to_owned(),
                (false, false) => says,
                (true, false) => format!("not {says}"),
            };
            let ids: Vec<ClaimId> = claims.iter().map(|&i| items[members[i]].id).collect();
            firsthand_model::Side { says, claims: ids, independent: origins.count(items, members, &claims) }
        })
        .collect()
}
