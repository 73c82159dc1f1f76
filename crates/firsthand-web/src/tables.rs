//! What stands beside a thing's evidence on its page: a cluster in the order
//! of time, an entity as outlets and speakers name it.

use firsthand_claim::{Did, Telling};
use firsthand_entity::naming::Voice;
use firsthand_ledger::{Ledger, Record, TimelineWanted};

/// A table of a page.
pub(crate) struct Side {
    pub(crate) title: &'static str,
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Sentences below it.
    pub(crate) notes: Vec<String>,
}

/// Words, and the id of what they lead to, or nothing.
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) link: String,
}

fn plain(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), link: String::new() }
}

fn linked(text: impl Into<String>, id: impl Into<String>) -> Cell {
    Cell { text: text.into(), link: id.into() }
}

/// The tables of a record's page.
pub(crate) fn tables(ledger: &Ledger, record: &Record) -> Result<Vec<Side>, firsthand_ledger::Error> {
    match record.kind {
        "cluster" => timeline(ledger, &record.id),
        "entity" => naming(ledger, &record.id),
        _ => Ok(Vec::new()),
    }
}

fn outlet(t: &Telling) -> String {
    t.outlet.clone().unwrap_or_else(|| t.key.clone())
}

fn when(t: &Telling) -> String {
    t.published.map_or_else(|| "undated".to_owned(), |m| m.to_string().replacen('T', " ", 1))
}

fn timeline(ledger: &Ledger, id: &str) -> Result<Vec<Side>, firsthand_ledger::Error> {
    let wanted = TimelineWanted { of: Some(id), limit: Some(1), ..TimelineWanted::default() };
    let Some((found, _)) = ledger.timelines(&wanted)? else { return Ok(Vec::new()) };
    let Some(line) = found.into_iter().next() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for series in &line.timeline.series {
        let mut name = series.label();
        for point in &series.points {
            let Some(first) = point.tellings.first() else { continue };
            rows.push(vec![
                plain(std::mem::take(&mut name)),
                plain(point.day.map_or_else(String::new, |d| d.to_string())),
                plain(&point.value),
                plain(when(first)),
                plain(outlet(first)),
                plain(point.reports().to_string()),
                linked("evidence", first.claim.to_string()),
            ]);
        }
    }
    let mut notes = Vec::new();
    for change in &line.timeline.changes {
        let of = |did: Did| {
            let named: Vec<&str> = change.outlets.iter().filter(|o| o.did == did).map(|o| o.outlet.as_str()).collect();
            named.join(", ")
        };
        let mut note = format!(
            "{}: {}, then {} (first by {}, {}).",
            change.origin,
            change.from.join(" and "),
            change.to.join(" and "),
            outlet(&change.first),
            when(&change.first)
        );
        for (did, words) in [
            (Did::KeptTheOld, "Published later, still with the earlier figure"),
            (Did::TookOver, "Told the later figure"),
            (Did::NothingLater, "Told the earlier one before, nothing later here"),
        ] {
            let named = of(did);
            if !named.is_empty() {
                note.push_str(&format!(" {words}: {named}."));
            }
        }
        notes.push(note);
    }
    let columns = &["told by", "as of", "value", "first published", "in", "reports", ""];
    Ok(vec![Side { title: "In the order of time", columns, rows, notes }])
}

fn naming(ledger: &Ledger, id: &str) -> Result<Vec<Side>, firsthand_ledger::Error> {
    let Ok(found) = ledger.naming(id)? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (speakers, title, columns) in [
        (false, "As outlets name it", &["outlet", "name", "kind", "times", "first place"][..]),
        (true, "As speakers name it, quoted", &["speaker", "name", "kind", "times", "first place"][..]),
    ] {
        let mut rows = Vec::new();
        let mut last = String::new();
        for used in &found.uses {
            let (is_speaker, who) = match &used.voice {
                Voice::Outlet(name) => (false, name),
                Voice::Speaker(name) => (true, name),
            };
            if is_speaker != speakers {
                continue;
            }
            let place = used.places.first().map_or_else(
                || plain(""),
                |p| {
                    let key = found.keys.get(&p.report).cloned().unwrap_or_default();
                    linked(format!("{key}, bytes {}", p.bytes), p.report.to_string())
                },
            );
            rows.push(vec![
                plain(if *who == last { "" } else { who.as_str() }),
                plain(&used.name),
                plain(used.kind.as_str()),
                plain(used.places.len().to_string()),
                place,
            ]);
            last.clone_from(who);
        }
        if !rows.is_empty() {
            out.push(Side { title, columns, rows, notes: Vec::new() });
        }
    }
    Ok(out)
}
