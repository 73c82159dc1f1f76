//! The report's own outlet and agency as entities: "told the Daybook" in the
//! Brel Daybook is the paper itself, and what a ministry puts on its own site
//! bears the ministry's full name nowhere but there.

use firsthand_model::{Analysis, EntityKind, LocalEntity, Reason, Report};
use firsthand_name::{Scope, compare, is_country, is_people};
use firsthand_span::fold;

/// Names the entities that are the report's outlet or agency in full, and adds
/// those that the text does not mention. Gives the outlet's index.
pub(crate) fn know(report: &Report, analysis: &mut Analysis) -> Option<u32> {
    for found in [&report.outlet, &report.agency].into_iter().flatten() {
        let name = found.value.trim();
        if name.is_empty() || name.len() > 120 || !name.starts_with(char::is_uppercase) {
            continue;
        }
        let folded = fold(name);
        let full = without_article(&folded);
        let place = is_country(full) || is_people(full);
        let own = |e: &LocalEntity| e.named && matches!(e.kind, Some(EntityKind::Organisation) | None);
        let short = |e: &LocalEntity| {
            let known = fold(&e.name);
            let known = without_article(&known);
            known == full || (!known.is_empty() && full.strip_suffix(known).is_some_and(|rest| rest.ends_with(' ')))
        };
        // "Ministry of Emergencies" on the site of the "… of the Republic of Brel", "BTA" on the Brel Telegraph Agency's.
        let known_by = |e: &LocalEntity| {
            let known = fold(&e.name);
            let known = without_article(&known);
            let opening = known.contains(' ') && full.strip_prefix(known).is_some_and(|rest| rest.starts_with(" of "));
            let kind = Some(EntityKind::Organisation);
            opening || compare(&e.name, name, kind, Scope::Story).rule == "acronym"
        };
        if let Some(entity) = analysis.entities.iter_mut().find(|e| own(e) && known_by(e)) {
            if !entity.variants.iter().any(|v| v == name) {
                entity.variants.push(name.to_owned());
                entity.why.push(Reason::new("outlet", name));
            }
        } else if let Some(entity) = analysis.entities.iter_mut().find(|e| own(e) && short(e)) {
            if fold(&entity.name) != folded {
                let old = std::mem::replace(&mut entity.name, name.to_owned());
                for form in [old, name.to_owned()] {
                    if !entity.variants.contains(&form) {
                        entity.variants.push(form);
                    }
                }
                entity.why.push(Reason::new("outlet", name));
            }
        } else if !place && !analysis.entities.iter().any(|e| fold(&e.name) == folded) {
            analysis.entities.push(LocalEntity {
                name: name.to_owned(),
                kind: Some(EntityKind::Organisation),
                named: true,
                roles: Vec::new(),
                variants: vec![name.to_owned()],
                mentions: Vec::new(),
                gender: None,
                speaks_for: None,
                why: vec![Reason::new("outlet", name)],
            });
        }
    }
    let own = fold(report.outlet.as_ref()?.value.trim());
    let known = |e: &LocalEntity| fold(&e.name) == own || e.variants.iter().any(|v| fold(v) == own);
    analysis.entities.iter().position(known).map(|i| i as u32)
}

fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").unwrap_or(name)
}
