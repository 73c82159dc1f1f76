//! Storing whole reports.

use std::collections::HashSet;

use firsthand_model::{Found, How, Reading, Report, ReportId, Speaker};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::json::Json;
use crate::load::parse_id;
use crate::span_map::pack;
use crate::{Ledger, Result};

/// The bytes a report was read from.
#[derive(Clone, Debug)]
pub struct Original {
    /// BLAKE3, hexadecimal.
    pub blake3: String,
    /// Length in bytes.
    pub length: u64,
    /// zstd-compressed.
    pub compressed: Vec<u8>,
}

impl Original {
    /// Hashes and compresses; pure, so that workers can do it.
    pub fn new(bytes: &[u8]) -> Self {
        // Level 3: pages shrink to a fifth in about a millisecond each.
        let compressed = zstd::bulk::compress(bytes, 3).unwrap_or_default();
        Original { blake3: hash(bytes), length: bytes.len() as u64, compressed }
    }
}

/// BLAKE3 of bytes, hexadecimal: what names an original.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The id of the report that a location holds.
pub fn report_id(blake3: &str, key: &str) -> ReportId {
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3.as_bytes()).update(&[0]).update(key.as_bytes());
    let mut id = [0; 6];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..6]);
    ReportId(id)
}

/// A report ready to be stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its id.
    pub id: ReportId,
    /// Path relative to what was read, or record id.
    pub key: String,
    /// Where it was found, in full.
    pub location: String,
    /// Its bytes.
    pub original: Original,
    /// What it says, without its tokens.
    pub reading: Reading,
    /// See `seal`.
    pub seal: String,
}

impl Stored {
    /// Seals a reading of these bytes, found at `location`. Pure, so that
    /// workers can do it.
    pub fn new(bytes: &[u8], key: &str, location: &str, reading: Reading) -> Self {
        let original = Original::new(bytes);
        let reading = firsthand_pipeline::record(reading);
        Stored {
            id: report_id(&original.blake3, key),
            key: key.to_owned(),
            location: location.to_owned(),
            seal: seal(&reading),
            original,
            reading,
        }
    }
}

/// BLAKE3 (hexadecimal) of a reading as JSON: two readings with one seal say
/// the same of the same words.
pub(crate) fn seal(reading: &Reading) -> String {
    let mut hasher = blake3::Hasher::new();
    // Writing into a hasher cannot fail, and the model holds nothing that
    // JSON cannot; if it ever did, the seals would differ and verify say so.
    let _ = serde_json::to_writer(&mut hasher, reading);
    hasher.finalize().to_hex().to_string()
}

impl Ledger {
    /// The reports that this version of the stages has read: they need no
    /// second reading.
    pub fn ids_read_by(&self, reader: &str) -> Result<HashSet<ReportId>> {
        let mut statement = self.db.prepare_cached("SELECT id FROM report WHERE reader = ?1")?;
        let ids = statement.query_map([reader], |r| r.get::<_, String>(0))?;
        ids.map(|id| parse_id(&id?)).collect()
    }

    /// Stores reports in one transaction: all of them or none. What stood at
    /// the same location before is replaced. The comparison is out of date
    /// afterwards, and says so.
    pub fn put(&mut self, reports: &[Stored], reader: &str) -> Result<()> {
        let tx = self.db.transaction()?;
        for report in reports {
            tx.prepare_cached("DELETE FROM report WHERE location = ?1 OR id = ?2")?
                .execute(params![report.location, report.id.to_string()])?;
            tx.prepare_cached("DELETE FROM skipped WHERE location = ?1")?.execute([&report.location])?;
            tx.prepare_cached("INSERT OR IGNORE INTO original(blake3, length, bytes) VALUES (?1, ?2, ?3)")?
                .execute(params![report.original.blake3, report.original.length, report.original.compressed])?;
            let row = insert_report(&tx, report, reader)?;
            insert_reading(&tx, row, &report.reading)?;
        }
        tx.execute("DELETE FROM meta WHERE key = 'compared'", [])?;
        tx.commit()?;
        Ok(())
    }

    /// Notes that a location was passed over.
    pub fn skip(&mut self, location: &str, key: &str, reason: &str) -> Result<()> {
        self.db
            .prepare_cached("INSERT OR REPLACE INTO skipped(location, key, reason) VALUES (?1, ?2, ?3)")?
            .execute([location, key, reason])?;
        Ok(())
    }

    /// The rowid of a report.
    pub(crate) fn row_of(&self, id: ReportId) -> Result<Option<i64>> {
        Ok(self.db.query_row("SELECT rowid FROM report WHERE id = ?1", [id.to_string()], |r| r.get(0)).optional()?)
    }
}

fn value<T: ToString>(found: &Option<Found<T>>) -> Option<String> {
    found.as_ref().map(|f| f.value.to_string())
}

fn how<T>(found: &Option<Found<T>>) -> Option<&'static str> {
    found.as_ref().map(|f| How::as_str(f.how))
}

fn insert_report(tx: &Transaction<'_>, stored: &Stored, reader: &str) -> Result<i64> {
    let r: &Report = &stored.reading.report;
    let dateline = r.dateline.as_ref().map(|d| &d.value);
    tx.prepare_cached(
        "INSERT INTO report(id, key, location, blake3, reader, title, title_how, outlet, outlet_how, byline,
           byline_how, agency, agency_how, published, published_how, modified, modified_how, captured, captured_how,
           language, language_how, url, url_how, dateline, dateline_how, dateline_start, dateline_end, encoding, text, map, seal)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31)",
    )?
    .execute(params![
        stored.id.to_string(),
        stored.key,
        stored.location,
        stored.original.blake3,
        reader,
        value(&r.title),
        how(&r.title),
        value(&r.outlet),
        how(&r.outlet),
        value(&r.byline),
        how(&r.byline),
        value(&r.agency),
        how(&r.agency),
        value(&r.published),
        how(&r.published),
        value(&r.modified),
        how(&r.modified),
        value(&r.captured),
        how(&r.captured),
        value(&r.language),
        how(&r.language),
        value(&r.url),
        how(&r.url),
        dateline.map(|d| &d.place),
        how(&r.dateline),
        dateline.map(|d| d.span.start),
        dateline.map(|d| d.span.end),
        r.encoding,
        r.text,
        pack(&r.map),
        stored.seal,
    ])?;
    Ok(tx.last_insert_rowid())
}

fn insert_reading(tx: &Transaction<'_>, row: i64, reading: &Reading) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT INTO block VALUES (?1,?2,?3,?4,?5)")?;
    for (n, b) in reading.report.blocks.iter().enumerate() {
        insert.execute(params![row, n, b.kind.as_str(), b.span.start, b.span.end])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO mention VALUES (?1,?2,?3,?4,?5,?6,?7)")?;
    for (n, m) in reading.analysis.mentions.iter().enumerate() {
        let kind = m.entity_kind.map(|k| k.as_str());
        insert.execute(params![row, n, m.span.start, m.span.end, m.kind.as_str(), kind, m.entity])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO local_entity VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")?;
    for (n, e) in reading.analysis.entities.iter().enumerate() {
        insert.execute(params![
            row,
            n,
            e.name,
            e.kind.map(|k| k.as_str()),
            e.named,
            Json(&e.roles),
            Json(&e.variants),
            e.gender.map(|g| g.as_str()),
            e.speaks_for,
            Json(&e.why)
        ])?;
    }
    insert_attributions(tx, row, reading)?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO measure VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)",
    )?;
    for (n, m) in reading.measures.iter().enumerate() {
        insert.execute(params![
            row,
            n,
            m.span.start,
            m.span.end,
            m.value,
            m.lower.map(|b| b.value),
            m.lower.map(|b| b.inclusive),
            m.upper.map(|b| b.value),
            m.upper.map(|b| b.inclusive),
            m.approx.as_str(),
            m.unit,
            m.counted,
            m.counted_span.map(Json),
            m.what,
            m.subset_of,
            m.change.map(|c| c.as_str()),
            m.negated,
            m.attribution,
            Json(&m.why)
        ])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO time VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")?;
    for (n, t) in reading.times.iter().enumerate() {
        insert.execute(params![
            row,
            n,
            t.span.start,
            t.span.end,
            t.kind.as_str(),
            t.value,
            t.interval.map(|i| i.start.to_string()),
            t.interval.map(|i| i.end.to_string()),
            Json(&t.alternatives),
            t.anchor_uncertain,
            Json(&t.why)
        ])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO place VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")?;
    for (n, p) in reading.places.iter().enumerate() {
        let (lat, lon) = p.at.unzip();
        let geonames = p.geonames.and_then(|g| i64::try_from(g).ok());
        insert.execute(params![
            row,
            n,
            p.span.start,
            p.span.end,
            p.name,
            p.country,
            p.admin,
            lat,
            lon,
            geonames,
            Json(&p.why)
        ])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO claim VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)")?;
    for (n, c) in reading.claims.iter().enumerate() {
        insert.execute(params![
            row,
            n,
            c.evidence.start,
            c.evidence.end,
            c.predicate,
            c.class,
            c.actor.as_ref().map(Json),
            c.target.as_ref().map(Json),
            c.place,
            c.time,
            Json(&c.measures),
            c.polarity.as_str(),
            c.modality.as_str(),
            c.as_of.map(|m| m.to_string()),
            Json(&c.voice),
            c.attribution,
            Json(&c.why)
        ])?;
    }
    Ok(())
}

fn insert_attributions(tx: &Transaction<'_>, row: i64, reading: &Reading) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO attribution VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
    )?;
    for (n, a) in reading.attributions.iter().enumerate() {
        let (state, entity, confidence, runner_up) = match a.speaker {
            Speaker::Unknown => ("unknown", None, None, None),
            Speaker::Unidentified => ("unidentified", None, None, None),
            Speaker::Entity { entity, confidence, runner_up } => ("known", Some(entity), Some(confidence), runner_up),
        };
        insert.execute(params![
            row,
            n,
            a.kind.as_str(),
            a.class.as_str(),
            Json(&a.source),
            Json(&a.cue),
            Json(&a.content),
            state,
            entity,
            confidence,
            runner_up,
            a.addressee.map(Json),
            a.medium.map(Json),
            a.parent,
            a.negated,
            a.hedged,
            a.confidence,
            Json(&a.why)
        ])?;
    }
    Ok(())
}
