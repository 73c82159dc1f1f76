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

use firsthand_model::{
    ClaimId, CopyHow, CopyLink, Entity, EntityId, EntityKind, Origin, Polarity, Reading, Reason, ReportId, VoiceKind,
    Why,
};
use firsthand_span::fold_words;
use rustc_hash::FxHashMap;

use crate::cluster::Copied;
use crate::item::Item;
use crate::relation::agree;
use crate::words::stem;

/// What is known of who is who in a collection.
#[derive(Debug)]
pub(crate) struct Who<'a> {
    entities: &'a [Entity],
    entity_of: FxHashMap<(ReportId, u32), EntityId>,
    at: FxHashMap<EntityId, usize>,
    /// The entity that stands for an entity as an origin (its organisation, or itself).
    stands_for: FxHashMap<EntityId, EntityId>,
    /// Entities by the key of each of their names.
    by_name: BTreeMap<String, EntityId>,
    /// The keys of `by_name` that have at least two words, by their rarest word.
    by_word: FxHashMap<String, Vec<String>>,
    /// Reports by the key of their outlet's name.
    by_outlet: BTreeMap<String, Vec<usize>>,
    /// Reports that a report names as its source.
    cites: FxHashMap<ReportId, Vec<ReportId>>,
}

/// A name as a key: folded content words, without articles and bracketed
/// short forms.
pub(crate) fn name_key(name: &str) -> String {
    let bare = name.split('(').next().filter(|b| !b.trim().is_empty()).unwrap_or(name);
    let mut words = fold_words(bare);
    for w in &mut words {
        if let Some(base) = w.strip_suffix("'s") {
            *w = base.to_owned();
        }
    }
    words.retain(|w| !matches!(w.as_str(), "the" | "a" | "an" | "of" | "for" | "and" | "newspaper"));
    words.join(" ")
}

/// The bracketed short form of a name: "Long Name (LN)".
fn short_form(name: &str) -> Option<String> {
    let (_, rest) = name.split_once('(')?;
    let short = rest.split(')').next()?.trim();
    (!short.is_empty()).then(|| name_key(short))
}

impl<'a> Who<'a> {
    pub(crate) fn new(readings: &[(ReportId, &'a Reading)], entities: &'a [Entity], copies: &[CopyLink]) -> Self {
        let mut entity_of = FxHashMap::default();
        let mut at = FxHashMap::default();
        let mut by_name = BTreeMap::new();
        for (i, e) in entities.iter().enumerate() {
            at.insert(e.id, i);
            for m in &e.members {
                entity_of.insert(*m, e.id);
            }
            for name in std::iter::once(&e.name).chain(&e.variants) {
                let capital = name.split_whitespace().any(|w| w.starts_with(char::is_uppercase));
                let key = name_key(name);
                if capital && key.len() > 2 {
                    by_name.entry(key).or_insert(e.id);
                }
            }
        }
        let mut by_outlet: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, (_, reading)) in readings.iter().enumerate() {
            if let Some(outlet) = &reading.report.outlet {
                let mut keys = vec![name_key(&outlet.value)];
                keys.extend(short_form(&outlet.value));
                for key in keys {
                    by_outlet.entry(key).or_default().push(i);
                }
            }
        }
        let mut cites: FxHashMap<ReportId, Vec<ReportId>> = FxHashMap::default();
        for copy in copies {
            if let (Some(parent), CopyHow::Cites) = (copy.parent, copy.how) {
                cites.entry(copy.child).or_default().push(parent);
            }
        }
        let by_word = by_rarest_word(&by_name);
        let mut who =
            Who { entities, entity_of, at, stands_for: FxHashMap::default(), by_name, by_word, by_outlet, cites };
        let roles = Roles::new(readings, entities);
        who.stands_for = entities.iter().map(|e| (e.id, who.organisation(e, &roles))).collect();
        who
    }

    /// The entities whose names, of two words at least, lie wholly within the
    /// words of `key`, with the length of the name.
    fn within(&self, key: &str) -> impl Iterator<Item = (usize, EntityId)> {
        let words: BTreeSet<&str> = key.split_whitespace().collect();
        let keys: BTreeSet<&String> = words.iter().filter_map(|w| self.by_word.get(*w)).flatten().collect();
        keys.into_iter()
            .filter(move |k| k.split_whitespace().all(|w| words.contains(w)))
            .filter_map(|k| Some((k.len(), *self.by_name.get(k)?)))
    }

    pub(crate) fn entity(&self, id: EntityId) -> Option<&'a Entity> {
        self.at.get(&id).and_then(|&i| self.entities.get(i))
    }

    /// Places say nothing, so they end no chain.
    fn is_place(&self, id: EntityId) -> bool {
        let kind = self.entity(id).and_then(|e| e.kind);
        matches!(kind, Some(EntityKind::Gpe | EntityKind::Location))
    }

    /// The organisation an entity speaks for, followed to its end (a place is
    /// none); itself where none is known.
    fn organisation(&self, entity: &Entity, roles: &Roles<'_>) -> EntityId {
        let mut id = entity.id;
        for _ in 0..4 {
            match self.entity(id).and_then(|e| e.speaks_for) {
                Some(next) if next != id && !self.is_place(next) => id = next,
                _ => break,
            }
        }
        if id == entity.id && entity.kind == Some(EntityKind::Person) {
            return roles.organisation(entity).unwrap_or(id);
        }
        id
    }

    /// The entity a name stands for.
    fn named(&self, name: &str) -> Option<EntityId> {
        let key = name_key(name);
        if let Some(id) = self.by_name.get(&key).or_else(|| short_form(name).and_then(|s| self.by_name.get(&s))) {
            return Some(*id);
        }
        // A longer official name holds the one in use: all its words, two at least.
        self.within(&key).max_by_key(|found| found.0).map(|found| found.1)
    }

    /// The organisation whose name stands inside the name of a document.
    fn owner(&self, document: &str, own: Option<EntityId>) -> Option<EntityId> {
        self.within(&name_key(document))
            .filter(|(_, id)| {
                Some(*id) != own && self.entity(*id).is_some_and(|e| e.kind == Some(EntityKind::Organisation))
            })
            .max_by_key(|found| found.0)
            .map(|found| found.1)
    }

    /// The reports of the outlet that this name stands for.
    fn outlets(&self, name: &str) -> &[usize] {
        self.by_outlet.get(&name_key(name)).map_or(&[], Vec::as_slice)
    }
}

/// Each key of two words or more under the word of it that fewest keys have.
fn by_rarest_word(by_name: &BTreeMap<String, EntityId>) -> FxHashMap<String, Vec<String>> {
    let keys = || by_name.keys().filter(|k| k.contains(' '));
    let mut count: FxHashMap<&str, usize> = FxHashMap::default();
    for word in keys().flat_map(|k| k.split_whitespace()) {
        *count.entry(word).or_default() += 1;
    }
    let mut out: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for key in keys() {
        if let Some(word) = key.split_whitespace().min_by_key(|w| (count.get(w), *w)) {
            out.entry(word.to_owned()).or_default().push(key.clone());
        }
    }
    out
}

/// What finds the organisation that a person's role names.
struct Roles<'a> {
    readings: FxHashMap<ReportId, &'a Reading>,
    /// For the first stem of an organisation's name, the stems of the name.
    names: FxHashMap<String, Vec<(BTreeSet<String>, EntityId)>>,
    /// Organisations of a report by the stem of their head noun.
    heads: FxHashMap<(ReportId, String), Vec<EntityId>>,
}

impl<'a> Roles<'a> {
    fn new(readings: &[(ReportId, &'a Reading)], entities: &[Entity]) -> Self {
        let places: BTreeSet<String> = entities
            .iter()
            .filter(|e| matches!(e.kind, Some(EntityKind::Gpe | EntityKind::Location)))
            .flat_map(|e| fold_words(&e.name))
            .map(|w| role_stem(&w))
            .collect();
        let mut out = Roles {
            readings: readings.iter().map(|(id, r)| (*id, *r)).collect(),
            names: FxHashMap::default(),
            heads: FxHashMap::default(),
        };
        for e in entities {
            if !matches!(e.kind, Some(EntityKind::Organisation | EntityKind::Group) | None) {
                continue;
            }
            for name in std::iter::once(&e.name).chain(&e.variants) {
                let key: BTreeSet<String> = name_key(name)
                    .split_whitespace()
                    .map(role_stem)
                    .filter(|w| !places.contains(w) && !VAGUE.contains(&w.as_str()))
                    .collect();
                if let Some(first) = key.first() {
                    out.names.entry(first.clone()).or_default().push((key, e.id));
                }
            }
            let words = fold_words(e.name.split('(').next().unwrap_or_default());
            let of = words.iter().position(|w| matches!(w.as_str(), "of" | "for"));
            let head = of.map_or(words.last(), |i| words.get(i.wrapping_sub(1))).map(|h| role_stem(h));
            if let Some(head) = head.filter(|h| !places.contains(h)) {
                let mut reports: Vec<ReportId> = e.members.iter().map(|(r, _)| *r).collect();
                reports.dedup();
                for report in reports {
                    out.heads.entry((report, head.clone())).or_default().push(e.id);
                }
            }
        }
        out
    }

    /// The organisation that a person's role names: "the health minister" for
    /// the Ministry of Health. All content words of its name but those of
    /// places must stand in the role.
    fn organisation(&self, person: &Entity) -> Option<EntityId> {
        let mut role: BTreeSet<String> = BTreeSet::new();
        let own: BTreeSet<String> = fold_words(&person.name).into_iter().collect();
        for (report, index) in &person.members {
            let local = self.readings.get(report).and_then(|r| r.analysis.entities.get(*index as usize));
            for text in local.iter().flat_map(|l| l.roles.iter().chain(&l.variants)) {
                role.extend(fold_words(text).into_iter().filter(|w| !own.contains(w)).map(|w| role_stem(&w)));
            }
        }
        let full = role
            .iter()
            .filter_map(|w| self.names.get(w))
            .flatten()
            .filter(|(key, _)| key.is_subset(&role))
            .max_by_key(|(key, id)| (key.len(), std::cmp::Reverse(*id)));
        if let Some((_, id)) = full {
            return Some(*id);
        }
        // "the ministry's spokeswoman", where the reports know one ministry.
        let mut heads: BTreeSet<EntityId> = BTreeSet::new();
        for (report, _) in &person.members {
            for word in &role {
                heads.extend(self.heads.get(&(*report, word.clone())).into_iter().flatten());
            }
        }
        heads.first().copied().filter(|_| heads.len() == 1)
    }
}

/// A stem that is one for an office and who holds it: minister and ministry.
pub(crate) fn role_stem(word: &str) -> String {
    let s = stem(word);
    if s.starts_with("minist") { "minist".to_owned() } else { s }
}

/// Stems too common in names of organisations to tell them apart.
pub(crate) const VAGUE: &[&str] = &[
    "republic",
    "offic",
    "national",
    "stat",
    "public",
    "central",
    "general",
    "department",
    "company",
    "press",
    "servic",
    "group",
];

/// Where a chain ends, before claims are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// An entity, or the organisation it speaks for.
    Entity(EntityId),
    /// Someone or something named, by the key of the name.
    Named(String),
    /// Nobody in particular: the report and the words.
    Open(ReportId, String),
    /// A cited outlet with these reports in the collection.
    Cited(String),
    /// The outlet's own word.
    Own(String),
}

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
pub(crate) fn origins(
    who: &Who<'_>,
    readings: &[(ReportId, &Reading)],
    items: &[Item<'_>],
    members: &[usize],
    copied: &Copied,
) -> Origins {
    let n = members.len();
    let mut ends: Vec<End> = members.iter().map(|&m| end(who, readings, &items[m])).collect();
    let own: Vec<bool> = members
        .iter()
        .map(|&m| items[m].claim.voice.iter().all(|v| matches!(v.kind, VoiceKind::Outlet | VoiceKind::Agency)))
        .collect();
    let mut reasons: Vec<Why> = vec![Vec::new(); n];

    let named: BTreeSet<usize> = ends
        .iter()
        .filter_map(|e| if let End::Cited(name) = e { Some(who.outlets(name)) } else { None })
        .flatten()
        .copied()
        .collect();

    // What rests on another claim of the cluster: copied, cited or repeated.
    let mut rests_on: Vec<Option<usize>> = vec![None; n];
    for i in 0..n {
        let item = &items[members[i]];
        let leans = match &ends[i] {
            End::Open(..) => copied_from(items, members, copied, i).map(|j| (j, "copied-passage")),
            End::Cited(name) => cited(who, items, members, name, i).map(|j| (j, "cites-report")),
            _ if own[i] => copied_from(items, members, copied, i)
                .map(|j| (j, "copied-passage"))
                // Whom others name as their source does not repeat them.
                .or_else(|| {
                    (!named.contains(&item.reading))
                        .then_some(())
                        .and_then(|()| repeated(items, members, &ends, &own, i))
                        .map(|j| (j, "repeats-attributed"))
                })
                .or_else(|| named_source(who, items, members, i).map(|j| (j, "cites-report"))),
            _ => None,
        };
        if let Some((j, rule)) = leans {
            rests_on[i] = Some(j);
            let other = &readings[items[members[j]].reading].1.report;
            let name = other.outlet.as_ref().map(|o| o.value.as_str()).unwrap_or("another report");
            reasons[i].push(Reason::new(rule, name));
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
    let mut by_name: BTreeMap<String, End> = BTreeMap::new();
    for i in 0..n {
        let name = match &ends[i] {
            End::Entity(id) => who.entity(*id).map(|e| name_key(&e.name)),
            End::Named(key) | End::Own(key) => Some(key.clone()),
            _ => None,
        };
        let Some(name) = name.filter(|k| !k.is_empty()) else { continue };
        match by_name.get(&name) {
            Some(first) if *first != ends[i] => {
                ends[i] = first.clone();
                reasons[i].push(Reason::new("same-name", name));
            }
            Some(_) => {}
            None => {
                by_name.insert(name, ends[i].clone());
            }
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

/// Whether a report only says that somebody of a kind spoke: "a nurse", "an
/// official". Who that is, and whether others heard the same one, is open.
fn indefinite(readings: &[(ReportId, &Reading)], item: &Item<'_>, entity: Option<u32>) -> bool {
    let local = readings.get(item.reading).and_then(|(_, r)| r.analysis.entities.get(entity? as usize));
    local.is_some_and(|e| {
        let lower = |v: &String| v.to_lowercase();
        !e.named
            && e.speaks_for.is_none()
            && e.variants.iter().chain([&e.name]).map(lower).any(|v| v.starts_with("a ") || v.starts_with("an "))
    })
}

/// For each claim of a cluster, whether it stands in one of two outlets that
/// each give the other as their source, and rests on nobody else.
fn circles(readings: &[(ReportId, &Reading)], items: &[Item<'_>], members: &[usize]) -> Vec<bool> {
    let outlet: Vec<String> = members.iter().map(|&m| outlet_key(readings, &items[m])).collect();
    let mut cites: BTreeSet<(&str, String)> = BTreeSet::new();
    for (own, &m) in outlet.iter().zip(members) {
        for link in items[m].claim.voice.iter().filter(|v| !matches!(v.kind, VoiceKind::Outlet | VoiceKind::Agency)) {
            let name = name_key(&link.name);
            if name != *own && outlet.contains(&name) {
                cites.insert((own, name));
            }
        }
    }
    let partner = |own: &str| -> BTreeSet<&str> {
        let back = |name: &str| cites.contains(&(name, own.to_owned()));
        outlet.iter().map(String::as_str).filter(|o| cites.contains(&(own, (*o).to_owned())) && back(o)).collect()
    };
    (outlet.iter().zip(members))
        .map(|(own, &m)| {
            let partners = partner(own);
            let mut others = items[m].claim.voice.iter().filter(|v| !matches!(v.kind, VoiceKind::Outlet));
            !partners.is_empty()
                && others.all(|v| v.kind == VoiceKind::Unidentified || partners.contains(name_key(&v.name).as_str()))
        })
        .collect()
}

/// Where a claim's chain ends by its own voice.
fn end(who: &Who<'_>, readings: &[(ReportId, &Reading)], item: &Item<'_>) -> End {
    for link in item.claim.voice.iter().rev() {
        match link.kind {
            VoiceKind::Outlet => break,
            VoiceKind::Agency => {
                return End::Own(name_key(&link.name));
            }
            VoiceKind::Unidentified => {
                let words: Vec<String> =
                    fold_words(&link.name).into_iter().filter(|w| !matches!(w.as_str(), "the" | "a" | "an")).collect();
                return End::Open(item.id.report, words.join(" "));
            }
            VoiceKind::CitedOutlet => return End::Cited(link.name.clone()),
            VoiceKind::Speaker if indefinite(readings, item, link.entity) => {
                return End::Open(item.id.report, name_key(&link.name));
            }
            VoiceKind::Speaker | VoiceKind::Document => {
                if !who.outlets(&link.name).is_empty() && outlet_key(readings, item) != name_key(&link.name) {
                    return End::Cited(link.name.clone());
                }
                let entity = link
                    .entity
                    .and_then(|e| who.entity_of.get(&(item.id.report, e)).copied())
                    .or_else(|| who.named(&link.name));
                // A document of somebody ("the company's manifest") is that somebody's word.
                let owner = (link.kind == VoiceKind::Document).then(|| who.owner(&link.name, entity)).flatten();
                if let Some(entity) = owner.or(entity).filter(|&e| !who.is_place(e)) {
                    return End::Entity(who.stands_for.get(&entity).copied().unwrap_or(entity));
                }
                let key = name_key(&link.name);
                // A place that speaks stands for those who govern it.
                if who.by_name.get(&key).is_some_and(|&e| who.is_place(e)) {
                    return End::Named(format!("authorities of {}", link.name));
                }
                if !key.is_empty() {
                    return End::Named(key);
                }
            }
        }
    }
    own(who, readings, item)
}

fn outlet_key(readings: &[(ReportId, &Reading)], item: &Item<'_>) -> String {
    let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
    outlet.map_or_else(|| item.id.report.to_string(), |o| name_key(&o.value))
}

/// The outlet's own word: its entity where it is one that also speaks (a
/// ministry that publishes), else the outlet.
fn own(who: &Who<'_>, readings: &[(ReportId, &Reading)], item: &Item<'_>) -> End {
    let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
    match outlet.and_then(|o| who.named(&o.value)).filter(|&e| !who.is_place(e)) {
        Some(entity) => End::Entity(who.stands_for.get(&entity).copied().unwrap_or(entity)),
        None => End::Own(outlet_key(readings, item)),
    }
}

/// The claim of the cluster from whose passage this one is copied.
fn copied_from(items: &[Item<'_>], members: &[usize], copied: &Copied, i: usize) -> Option<usize> {
    let item = &items[members[i]];
    let fits = |&j: &usize| {
        let other = &items[members[j]];
        j != i && copied.descends(item.id, other.id, item.claim.evidence, other.claim.evidence)
    };
    let same = (0..members.len()).filter(fits).min_by_key(|&j| (!same_side(item, &items[members[j]]), j));
    same.filter(|&j| copied.same_words(item, &items[members[j]]))
}

/// The claim of a cited outlet's report that says the same.
fn cited(who: &Who<'_>, items: &[Item<'_>], members: &[usize], name: &str, i: usize) -> Option<usize> {
    let reports = who.outlets(name);
    let item = &items[members[i]];
    (0..members.len())
        .filter(|&j| j != i && reports.contains(&items[members[j]].reading))
        .min_by_key(|&j| (!same_side(item, &items[members[j]]), j))
}

/// A claim of a report that this one's report names as a source, and that says
/// the same.
fn named_source(who: &Who<'_>, items: &[Item<'_>], members: &[usize], i: usize) -> Option<usize> {
    let item = &items[members[i]];
    let cited = who.cites.get(&item.id.report)?;
    (0..members.len())
        .filter(|&j| j != i && cited.contains(&items[members[j]].id.report))
        .find(|&j| same_side(item, &items[members[j]]))
}

/// An attributed claim of the cluster whose figure (or clock time) this one
/// repeats without naming anybody.
fn repeated(items: &[Item<'_>], members: &[usize], ends: &[End], own: &[bool], i: usize) -> Option<usize> {
    let item = &items[members[i]];
    (0..members.len()).filter(|&j| j != i && !own[j] && matches!(ends[j], End::Entity(_) | End::Named(_))).find(|&j| {
        let other = &items[members[j]];
        match (&item.figure, &other.figure) {
            (Some(f), Some(g)) => f.same_value(g),
            (None, None) => item.clock.is_some() && item.clock == other.clock,
            _ => false,
        }
    })
}

/// Whether two claims say one thing: value and polarity.
fn same_side(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.claim.polarity == b.claim.polarity
        && match (&a.figure, &b.figure) {
            (Some(f), Some(g)) => f.same_value(g),
            (None, None) => true,
            _ => false,
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
            (printed.or_else(linked).unwrap_or_else(|| key.clone()), None)
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
