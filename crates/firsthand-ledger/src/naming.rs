//! How outlets and speakers name an entity, from what is stored.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_entity::naming::{NameUse, Overview, TermUse, loaded_terms, naming};
use firsthand_model::{Entity, Reading, ReportId};
use firsthand_span::fold;
use serde::Serialize;

use crate::{Ledger, Result};

/// Reports whose texts are looked through for terms at a time.
const AT_ONCE: usize = 64;

/// The names of one entity.
#[derive(Clone, Debug, Serialize)]
pub struct EntityNaming {
    /// Its id.
    pub entity: String,
    /// The name most reports use in full.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its names, by outlets, then by speakers.
    pub uses: Vec<NameUse>,
    /// The keys of its reports.
    pub keys: BTreeMap<ReportId, String>,
}

/// An entity that outlets name in more than one way.
#[derive(Clone, Debug, Serialize)]
pub struct NamedVariously {
    /// Its id.
    pub entity: String,
    /// The name most reports use in full.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How many outlets name it.
    pub outlets: usize,
    /// The names they use, most used first.
    pub names: Vec<(String, usize)>,
}

impl Ledger {
    /// The names of an entity, given by id or by a name that it alone has. The
    /// error says which others have the name.
    pub fn naming(&self, wanted: &str) -> Result<std::result::Result<EntityNaming, String>> {
        let entities = self.entities()?;
        let entity = match find(&entities, wanted) {
            Ok(entity) => entity,
            Err(reason) => return Ok(Err(reason)),
        };
        let reports: BTreeSet<ReportId> = entity.members.iter().map(|m| m.0).collect();
        let (readings, keys) = self.keyed(reports)?;
        let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
        let key = |id: ReportId| keys.get(&id).cloned().unwrap_or_default();
        let uses = naming(entity, &entities, &list, &key).uses;
        Ok(Ok(EntityNaming {
            entity: entity.id.to_string(),
            name: entity.name.clone(),
            kind: entity.kind.map(|k| k.to_string()),
            uses,
            keys,
        }))
    }

    /// Entities that two outlets or more name, in more than one way; those with
    /// most names first.
    pub fn named_variously(&self) -> Result<Vec<NamedVariously>> {
        let entities = self.entities()?;
        let mut overview = Overview::new(&entities);
        for id in self.report_ids()? {
            if let Some(reading) = self.digest(id)? {
                overview.add(id, &reading, &self.key(id)?);
            }
        }
        let mut out = Vec::new();
        for (id, outlets, names) in overview.finish().filter(|(_, outlets, names)| *outlets > 1 && names.len() > 1) {
            let Ok(at) = entities.binary_search_by_key(&id, |e| e.id) else { continue };
            let entity = &entities[at];
            out.push(NamedVariously {
                entity: id.to_string(),
                name: entity.name.clone(),
                kind: entity.kind.map(|k| k.to_string()),
                outlets,
                names,
            });
        }
        out.sort_by_key(|n| (std::cmp::Reverse((n.names.len(), n.outlets)), n.entity.clone()));
        Ok(out)
    }

    /// Where terms of the lexicon stand in the texts, with the keys of the reports.
    pub fn loaded_terms(&self) -> Result<(Vec<TermUse>, BTreeMap<ReportId, String>)> {
        let entities = self.entities()?;
        let ids = self.report_ids()?;
        let mut all: Vec<TermUse> = Vec::new();
        let mut keys: BTreeMap<ReportId, String> = BTreeMap::new();
        for some in ids.chunks(AT_ONCE) {
            let (readings, own) = self.keyed(some.iter().copied().collect())?;
            let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
            all.extend(loaded_terms(&entities, &list, &|id| own.get(&id).cloned().unwrap_or_default()));
            let named: BTreeSet<ReportId> = all.iter().flat_map(|t| t.places.iter().map(|p| p.report)).collect();
            keys.extend(own.into_iter().filter(|(id, _)| named.contains(id)));
        }
        let same = |a: &TermUse, b: &TermUse| {
            (&a.field, &a.term, &a.outlet, &a.voice, &a.reported).cmp(&(
                &b.field,
                &b.term,
                &b.outlet,
                &b.voice,
                &b.reported,
            ))
        };
        all.sort_by(same);
        all.dedup_by(|b, a| {
            let one = same(a, b).is_eq();
            if one {
                a.places.append(&mut b.places);
            }
            one
        });
        Ok((all, keys))
    }

    /// Readings with the keys of their reports.
    fn keyed(&self, ids: BTreeSet<ReportId>) -> Result<(Vec<(ReportId, Reading)>, BTreeMap<ReportId, String>)> {
        let (mut readings, mut keys) = (Vec::new(), BTreeMap::new());
        for id in ids {
            if let Some(reading) = self.digest(id)? {
                keys.insert(id, self.key(id)?);
                readings.push((id, reading));
            }
        }
        Ok((readings, keys))
    }
}

/// The entity of an id, or the one that has a name.
fn find<'e>(entities: &'e [Entity], wanted: &str) -> std::result::Result<&'e Entity, String> {
    if let Some((report, n)) = crate::comparison::parse_indexed(wanted, 'e') {
        let found = entities.iter().find(|e| e.members.contains(&(report, n)));
        return found.ok_or_else(|| format!("no entity is named `{wanted}`"));
    }
    let name = fold(wanted);
    let full = |e: &&Entity| fold(&e.name) == name;
    let any = |e: &&Entity| e.variants.iter().any(|v| fold(v) == name);
    let mut found: Vec<&Entity> = entities.iter().filter(full).collect();
    if found.is_empty() {
        found = entities.iter().filter(any).collect();
    }
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(format!("no entity is named `{wanted}`")),
        several => {
            let list: Vec<String> = several.iter().take(8).map(|e| format!("{} ({})", e.id, e.name)).collect();
            let more = several.len().saturating_sub(list.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Err(format!("several have the name `{wanted}`: {}{more}; name one by its id", list.join(", ")))
        }
    }
}
