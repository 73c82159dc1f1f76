//! Who is who in a collection, as far as origins ask: entities by name, the
//! organisations that people speak for, the reports of an outlet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use firsthand_model::{AttributionKind, CopyHow, CopyLink, Entity, EntityId, EntityKind, Reading, ReportId, Voice};
use firsthand_span::fold_words;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::item::Item;
use crate::words::stem;

/// What is known of who is who in a collection.
#[derive(Debug)]
pub(crate) struct Who<'a> {
    entities: &'a [Entity],
    pub(crate) entity_of: FxHashMap<(ReportId, u32), EntityId>,
    at: FxHashMap<EntityId, usize>,
    /// The entity that stands for an entity as an origin (its organisation, or itself).
    pub(crate) stands_for: FxHashMap<EntityId, EntityId>,
    /// Entities by the key of each of their names.
    pub(crate) by_name: BTreeMap<String, EntityId>,
    /// The keys of `by_name` that have at least two words, by their rarest word.
    by_word: FxHashMap<String, Vec<String>>,
    /// Reports by the key of their outlet's name.
    by_outlet: BTreeMap<String, Vec<ReportId>>,
    /// From the initials or short form of an outlet to the key of its name; none where two share them.
    initials: FxHashMap<String, Option<String>>,
    /// Stems of the names of places.
    places: BTreeSet<String>,
    /// Reports that a report names as its source.
    pub(crate) cites: FxHashMap<ReportId, Vec<ReportId>>,
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
    pub(crate) fn new(readings: &[(ReportId, &Reading)], entities: &'a [Entity], copies: &[CopyLink]) -> Self {
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
        let mut by_outlet: BTreeMap<String, Vec<ReportId>> = BTreeMap::new();
        for (report, reading) in readings {
            if let Some(outlet) = &reading.report.outlet {
                let mut keys = vec![name_key(&outlet.value)];
                keys.extend(short_form(&outlet.value));
                for key in keys {
                    by_outlet.entry(key).or_default().push(*report);
                }
            }
        }
        let mut initials: FxHashMap<String, Option<String>> = FxHashMap::default();
        for outlet in readings.iter().filter_map(|(_, r)| r.report.outlet.as_ref()) {
            let key = name_key(&outlet.value);
            let letters: String = outlet.value.split_whitespace().filter_map(|w| w.chars().next()).collect();
            let letters = (letters.len() > 2).then(|| letters.to_lowercase());
            for short in short_form(&outlet.value).into_iter().chain(letters) {
                initials
                    .entry(short)
                    .and_modify(|k| *k = k.take().filter(|k| *k == key))
                    .or_insert_with(|| Some(key.clone()));
            }
        }
        let mut cites: FxHashMap<ReportId, Vec<ReportId>> = FxHashMap::default();
        for copy in copies {
            if let (Some(parent), CopyHow::Cites) = (copy.parent, copy.how) {
                cites.entry(copy.child).or_default().push(parent);
            }
        }
        let by_word = by_rarest_word(&by_name);
        let places = place_stems(entities);
        let mut who = Who {
            entities,
            entity_of,
            at,
            stands_for: FxHashMap::default(),
            by_name,
            by_word,
            by_outlet,
            initials,
            cites,
            places,
        };
        let roles = Roles::new(readings, entities);
        who.stands_for = entities.iter().map(|e| (e.id, who.organisation(e, &roles))).collect();
        who
    }

    /// The entities whose names, of two words at least, lie wholly within the
    /// words of `key`, with the length of the name.
    pub(crate) fn within(&self, key: &str) -> impl Iterator<Item = (usize, EntityId)> {
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
    pub(crate) fn is_place(&self, id: EntityId) -> bool {
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
        if entity.kind != Some(EntityKind::Person) {
            return id;
        }
        let role = roles.role(entity);
        // "The chief prosecutor of the town" speaks for the prosecutors, not for what else has the town's name.
        let told = id == entity.id
            || self.entity(id).is_some_and(|e| {
                std::iter::once(&e.name).chain(&e.variants).any(|n| {
                    let (key, _) = self.office(n);
                    key.iter().any(|w| role.contains(w))
                })
            });
        match (id == entity.id, told) {
            (true, _) => roles.organisation(entity, &role).unwrap_or(id),
            (false, true) => id,
            (false, false) => roles.full(&role).unwrap_or(id),
        }
    }

    /// The entity a name stands for.
    pub(crate) fn named(&self, name: &str) -> Option<EntityId> {
        let key = name_key(name);
        if let Some(id) = self.by_name.get(&key).or_else(|| short_form(name).and_then(|s| self.by_name.get(&s))) {
            return Some(*id);
        }
        // A longer official name holds the one in use: all its words, two at least.
        self.within(&key).max_by_key(|found| found.0).map(|found| found.1)
    }

    /// The organisation whose name stands inside the name of a document.
    pub(crate) fn owner(&self, document: &str, own: Option<EntityId>) -> Option<EntityId> {
        self.within(&name_key(document))
            .filter(|(_, id)| {
                Some(*id) != own && self.entity(*id).is_some_and(|e| e.kind == Some(EntityKind::Organisation))
            })
            .max_by_key(|found| found.0)
            .map(|found| found.1)
    }

    /// The name by which an outlet or agency publishes here, where this is its
    /// short form or its initials; else the name as a key.
    pub(crate) fn outlet_name(&self, name: &str) -> String {
        let key = name_key(name);
        self.initials.get(&key).cloned().flatten().unwrap_or(key)
    }

    /// Whether a source is a place that cannot speak: one that is no state or
    /// town, or the label of a headline ("Varn: toll rises").
    pub(crate) fn is_label(&self, readings: &[(ReportId, &Reading)], item: &Item<'_>, link: &Voice) -> bool {
        let by_entity = link.entity.and_then(|e| self.entity_of.get(&(item.id.report, e)).copied());
        let by_name = self.by_name.get(&name_key(&link.name)).copied();
        let mut kinds = [by_entity, by_name].into_iter().flatten().filter_map(|e| self.entity(e)?.kind);
        let Some(kind) = kinds.find(|k| matches!(k, EntityKind::Location | EntityKind::Gpe)) else { return false };
        // "Varn: toll rises": a label, after which nobody speaks.
        let label = || {
            let (_, reading) = readings.get(item.reading)?;
            let attribution = reading.attributions.get(item.claim.attribution? as usize)?;
            let text = reading.report.text.as_str();
            let mut after =
                attribution.source.iter().chain(&attribution.cue).filter_map(|s| text.get(s.end as usize..));
            Some(attribution.kind == AttributionKind::Indirect && after.any(|t| t.trim_start().starts_with(':')))
        };
        kind == EntityKind::Location || (kind == EntityKind::Gpe && label() == Some(true))
    }

    /// What a name of an office says besides form: the stems of its words
    /// without those of offices at large, of who speaks for them and of places;
    /// and the places. "The prosecutors", "public prosecutor's office of the
    /// province" and "spokeswoman for the prosecutors" say one thing.
    pub(crate) fn office(&self, name: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let stems: BTreeSet<String> =
            fold_words(name).iter().map(|w| role_stem(w)).filter(|w| !FORM_STEMS.contains(w)).collect();
        let (places, stems): (BTreeSet<String>, BTreeSet<String>) =
            stems.into_iter().partition(|w| self.places.contains(w));
        let key: BTreeSet<String> = stems.iter().filter(|w| !VAGUE.contains(&w.as_str())).cloned().collect();
        match (key.is_empty(), stems.is_empty()) {
            (false, _) => (key, places),
            (true, false) => (stems, places),
            // A place alone is its own name.
            (true, true) => (places, BTreeSet::new()),
        }
    }

    /// The reports of the outlet that this name stands for.
    pub(crate) fn outlets(&self, name: &str) -> &[ReportId] {
        self.by_outlet.get(&self.outlet_name(name)).map_or(&[], Vec::as_slice)
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
        let places = place_stems(entities);
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

    /// The stems of a person's roles and titles.
    fn role(&self, person: &Entity) -> BTreeSet<String> {
        let mut role: BTreeSet<String> = BTreeSet::new();
        // The name may begin with a title that says the office.
        let own: BTreeSet<String> = fold_words(&person.name).into_iter().rev().take(2).collect();
        for (report, index) in &person.members {
            let local = self.readings.get(report).and_then(|r| r.analysis.entities.get(*index as usize));
            for text in local.iter().flat_map(|l| l.roles.iter().chain(&l.variants)) {
                role.extend(fold_words(text).into_iter().filter(|w| !own.contains(w)).map(|w| role_stem(&w)));
            }
        }
        role
    }

    /// The organisation whose name, but for places, stands wholly in a role:
    /// "the health minister" for the Ministry of Health.
    fn full(&self, role: &BTreeSet<String>) -> Option<EntityId> {
        role.iter()
            .filter_map(|w| self.names.get(w))
            .flatten()
            .filter(|(key, _)| key.is_subset(role))
            .max_by_key(|(key, id)| (key.len(), std::cmp::Reverse(*id)))
            .map(|(_, id)| *id)
    }

    /// The organisation that a person's role names.
    fn organisation(&self, person: &Entity, role: &BTreeSet<String>) -> Option<EntityId> {
        if let Some(id) = self.full(role) {
            return Some(id);
        }
        // "the ministry's spokeswoman", where the reports know one ministry.
        let mut heads: BTreeSet<EntityId> = BTreeSet::new();
        for (report, _) in &person.members {
            for word in role {
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

/// The stems of all names of places.
fn place_stems(entities: &[Entity]) -> BTreeSet<String> {
    entities
        .iter()
        .filter(|e| matches!(e.kind, Some(EntityKind::Gpe | EntityKind::Location)))
        .flat_map(|e| fold_words(&e.name))
        .map(|w| role_stem(&w))
        .collect()
}

static FORM_STEMS: LazyLock<FxHashSet<String>> = LazyLock::new(|| FORMS.iter().map(|w| role_stem(w)).collect());

/// Words for who speaks, and of words of form in the names of offices.
const FORMS: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "for",
    "his",
    "her",
    "its",
    "their",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "province",
    "country",
    "district",
    "state",
    "federal",
    "local",
];

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
