//! Readings back from the ledger, without their tokens.

use firsthand_model::{
    Analysis, Approx, Attribution, AttributionClass, AttributionKind, Block, BlockKind, Bound, Change, Claim, Dateline,
    EntityKind, Found, Gender, How, Interval, LocalEntity, Measure, Mention, MentionKind, Modality, Moment, Place,
    Polarity, Reading, Report, ReportId, SpanMap, Speaker, Time, TimeKind, Why,
};
use firsthand_span::Span;
use rusqlite::Row;
use rusqlite::types::{FromSql, ValueRef};

use crate::json::{Json, word};
use crate::span_map::unpack;
use crate::{Error, Ledger, Result};

/// How much of a reading is wanted.
#[derive(Clone, Copy)]
enum Depth {
    /// All that is stored.
    Record,
    /// What comparing needs.
    Digest,
}

impl Ledger {
    /// Every report's id, ascending.
    pub fn report_ids(&self) -> Result<Vec<ReportId>> {
        let mut statement = self.db.prepare_cached("SELECT id FROM report ORDER BY id")?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0))?;
        rows.map(|id| id.map_err(Error::from).and_then(|id| parse_id(&id))).collect()
    }

    /// A reading as it was stored, all but its tokens and sentences, with the
    /// speakers that analysts set.
    pub fn reading(&self, id: ReportId) -> Result<Option<Reading>> {
        self.decided(id, self.load(id, Depth::Record)?)
    }

    /// A reading as it was stored, whatever analysts decided.
    pub(crate) fn recorded(&self, id: ReportId) -> Result<Option<Reading>> {
        self.load(id, Depth::Record)
    }

    fn decided(&self, id: ReportId, reading: Option<Reading>) -> Result<Option<Reading>> {
        let Some(mut reading) = reading else { return Ok(None) };
        let decisions = self.in_force()?;
        firsthand_claim::decide::set_speakers(&mut reading, id, &decisions);
        Ok(Some(reading))
    }

    /// What comparing needs of a reading, as `firsthand_pipeline::digest`
    /// leaves it, without reading the rest.
    pub(crate) fn digest(&self, id: ReportId) -> Result<Option<Reading>> {
        self.decided(id, self.load(id, Depth::Digest)?)
    }

    /// When a report says it was published.
    pub(crate) fn published(&self, id: ReportId) -> Result<Option<Moment>> {
        let mut statement = self.db.prepare_cached("SELECT published FROM report WHERE id = ?1")?;
        let mut rows = statement.query([id.to_string()])?;
        let text: Option<String> = rows.next()?.map(|r| r.get(0)).transpose()?.flatten();
        Ok(text.and_then(|t| Moment::parse(&t)))
    }

    fn load(&self, id: ReportId, depth: Depth) -> Result<Option<Reading>> {
        let Some(row) = self.row_of(id)? else { return Ok(None) };
        let mut report = self
            .db
            .prepare_cached("SELECT * FROM report WHERE rowid = ?1")?
            .query_map([row], |r| Ok(report(r, depth)))?
            .next()
            .ok_or_else(|| Error::Damaged(format!("report {id}")))???;
        report.blocks = self.rows("block", row, |r| Ok(Block { kind: r.word(BlockKind::parse)?, span: r.span()? }))?;
        let mentions: Vec<Mention> = self.rows("mention", row, |r| {
            Ok(Mention {
                span: r.span()?,
                kind: r.word(MentionKind::parse)?,
                entity_kind: r.optional_word(EntityKind::parse)?,
                entity: r.get()?,
            })
        })?;
        let mut entities = self.rows("local_entity", row, |r| local_entity(r, depth))?;
        for (n, mention) in mentions.iter().enumerate() {
            if let Some(entity) = mention.entity.and_then(|e| entities.get_mut(e as usize)) {
                entity.mentions.push(n as u32);
            }
        }
        Ok(Some(Reading {
            report,
            analysis: Analysis { mentions, entities, ..Analysis::default() },
            attributions: self.rows("attribution", row, |r| attribution(r, depth))?,
            measures: self.rows("measure", row, |r| measure(r, depth))?,
            times: self.rows("time", row, |r| time(r, depth))?,
            places: self.rows("place", row, |r| place(r, depth))?,
            claims: self.rows("claim", row, |r| claim(r, depth))?,
        }))
    }

    /// The rows of a report in one of its tables, in order. `read` takes the
    /// columns after `report` and `n` one by one, as `schema.sql` lists them.
    fn rows<T>(&self, table: &str, row: i64, read: impl Fn(&mut Fields<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.db.prepare_cached(&format!("SELECT * FROM {table} WHERE report = ?1 ORDER BY n"))?;
        let mut rows = statement.query([row])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(read(&mut Fields { row, next: 2 })?);
        }
        out.shrink_to_fit();
        Ok(out)
    }
}

/// A report id from its written form.
pub(crate) fn parse_id(id: &str) -> Result<ReportId> {
    ReportId::parse(id).ok_or_else(|| Error::Damaged(format!("`{id}` is not a report id")))
}

/// The columns of a row, one by one: to look each up by its name takes longer
/// than to read it.
struct Fields<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Fields<'_> {
    fn field(&mut self) -> Result<ValueRef<'_>> {
        let at = self.next;
        self.next += 1;
        Ok(self.row.get_ref(at)?)
    }

    fn get<T: FromSql>(&mut self) -> Result<T> {
        let at = self.next;
        self.next += 1;
        Ok(self.row.get(at)?)
    }

    fn span(&mut self) -> Result<Span> {
        Ok(Span::from([self.get()?, self.get()?]))
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        Ok(self.get::<Json<T>>()?.0)
    }

    fn optional_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>> {
        Ok(self.get::<Option<Json<T>>>()?.map(|j| j.0))
    }

    fn text(&mut self) -> Result<Option<&str>> {
        let at = self.next;
        self.field()?.as_str_or_null().map_err(|_| Error::Damaged(format!("column {at} is not text")))
    }

    fn optional_word<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        Ok(self.text()?.and_then(parse))
    }

    fn word<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let word = self.text()?.unwrap_or_default();
        parse(word).ok_or_else(|| Error::Damaged(format!("`{word}` is no word that is known here")))
    }

    fn why(&mut self, depth: Depth) -> Result<Why> {
        match depth {
            Depth::Record => self.json(),
            Depth::Digest => Ok(Why::new()),
        }
    }
}

fn found<T>(r: &Row<'_>, column: &str, read: impl Fn(String) -> Option<T>) -> Result<Option<Found<T>>> {
    let Some(text) = r.get::<_, Option<String>>(column)? else { return Ok(None) };
    let how = word!(r, format!("{column}_how").as_str(), How);
    let value = read(text).ok_or_else(|| Error::Damaged(column.to_owned()))?;
    Ok(Some(Found { value, how }))
}

fn report(r: &Row<'_>, depth: Depth) -> Result<Report> {
    let dateline = |place| {
        let span = Span::from([r.get("dateline_start").ok()?, r.get("dateline_end").ok()?]);
        Some(Dateline { place, span })
    };
    let moment = |text: String| Moment::parse(&text);
    let map = match depth {
        Depth::Record => {
            let packed: Vec<u8> = r.get("map")?;
            unpack(&packed).ok_or_else(|| Error::Damaged("span map".to_owned()))?
        }
        Depth::Digest => SpanMap::default(),
    };
    Ok(Report {
        title: found(r, "title", Some)?,
        outlet: found(r, "outlet", Some)?,
        byline: found(r, "byline", Some)?,
        agency: found(r, "agency", Some)?,
        dateline: found(r, "dateline", dateline)?,
        published: found(r, "published", moment)?,
        modified: found(r, "modified", moment)?,
        captured: found(r, "captured", moment)?,
        language: found(r, "language", Some)?,
        url: found(r, "url", Some)?,
        encoding: r.get("encoding")?,
        text: r.get("text")?,
        blocks: Vec::new(),
        map,
    })
}

fn local_entity(r: &mut Fields<'_>, depth: Depth) -> Result<LocalEntity> {
    Ok(LocalEntity {
        name: r.get()?,
        kind: r.optional_word(EntityKind::parse)?,
        named: r.get()?,
        roles: r.json()?,
        variants: r.json()?,
        mentions: Vec::new(),
        gender: r.optional_word(Gender::parse)?,
        speaks_for: r.get()?,
        why: r.why(depth)?,
    })
}

fn attribution(r: &mut Fields<'_>, depth: Depth) -> Result<Attribution> {
    Ok(Attribution {
        kind: r.word(AttributionKind::parse)?,
        class: r.word(AttributionClass::parse)?,
        source: r.json()?,
        cue: r.json()?,
        content: r.json()?,
        speaker: speaker(r)?,
        addressee: r.optional_json()?,
        medium: r.optional_json()?,
        parent: r.get()?,
        negated: r.get()?,
        hedged: r.get()?,
        confidence: r.get()?,
        why: r.why(depth)?,
    })
}

fn speaker(r: &mut Fields<'_>) -> Result<Speaker> {
    let unidentified = r.text()? == Some("unidentified");
    let (entity, confidence, runner_up) = (r.get::<Option<u32>>()?, r.get::<Option<f32>>()?, r.get()?);
    Ok(match entity.zip(confidence) {
        Some((entity, confidence)) => Speaker::Entity { entity, confidence, runner_up },
        None if unidentified => Speaker::Unidentified,
        None => Speaker::Unknown,
    })
}

fn measure(r: &mut Fields<'_>, depth: Depth) -> Result<Measure> {
    Ok(Measure {
        span: r.span()?,
        value: r.get()?,
        lower: bound(r)?,
        upper: bound(r)?,
        approx: r.word(Approx::parse)?,
        unit: r.get()?,
        counted: r.get()?,
        counted_span: r.optional_json()?,
        what: r.get()?,
        subset_of: r.get()?,
        change: r.optional_word(Change::parse)?,
        negated: r.get()?,
        attribution: r.get()?,
        why: r.why(depth)?,
    })
}

fn bound(r: &mut Fields<'_>) -> Result<Option<Bound>> {
    let (value, inclusive) = (r.get::<Option<f64>>()?, r.get::<Option<bool>>()?);
    Ok(value.map(|value| Bound { value, inclusive: inclusive.unwrap_or(true) }))
}

fn time(r: &mut Fields<'_>, depth: Depth) -> Result<Time> {
    Ok(Time {
        span: r.span()?,
        kind: r.word(TimeKind::parse)?,
        value: r.get()?,
        interval: instant(r)?.zip(instant(r)?).map(|(start, end)| Interval { start, end }),
        alternatives: r.json()?,
        anchor_uncertain: r.get()?,
        why: r.why(depth)?,
    })
}

fn instant(r: &mut Fields<'_>) -> Result<Option<jiff::civil::DateTime>> {
    let text = r.text()?;
    text.map(|t| t.parse().map_err(|_| Error::Damaged(format!("time {t}")))).transpose()
}

fn place(r: &mut Fields<'_>, depth: Depth) -> Result<Place> {
    Ok(Place {
        span: r.span()?,
        name: r.get()?,
        country: r.get()?,
        admin: r.get()?,
        at: r.get::<Option<f64>>()?.zip(r.get::<Option<f64>>()?),
        geonames: r.get::<Option<i64>>()?.and_then(|g| u64::try_from(g).ok()),
        why: r.why(depth)?,
    })
}

fn claim(r: &mut Fields<'_>, depth: Depth) -> Result<Claim> {
    Ok(Claim {
        evidence: r.span()?,
        predicate: r.get()?,
        class: r.get()?,
        actor: r.optional_json()?,
        target: r.optional_json()?,
        place: r.get()?,
        time: r.get()?,
        measures: r.json()?,
        polarity: r.word(Polarity::parse)?,
        modality: r.word(Modality::parse)?,
        as_of: r.optional_word(Moment::parse)?,
        voice: r.json()?,
        attribution: r.get()?,
        why: r.why(depth)?,
    })
}
