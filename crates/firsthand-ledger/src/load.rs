//! Readings back from the ledger, without their tokens.

use firsthand_model::{
    Analysis, Approx, Attribution, AttributionClass, AttributionKind, Block, BlockKind, Bound, Change, Claim, Dateline,
    EntityKind, Found, Gender, How, Interval, LocalEntity, Measure, Mention, MentionKind, Modality, Moment, Place,
    Polarity, Reading, Report, ReportId, SpanMap, Speaker, Time, TimeKind, Why,
};
use firsthand_span::Span;
use rusqlite::Row;

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
        report.blocks = self.rows("block", row, |r| Ok(Block { kind: word!(r, "kind", BlockKind), span: span(r)? }))?;
        let mentions: Vec<Mention> = self.rows("mention", row, |r| {
            Ok(Mention {
                span: span(r)?,
                kind: word!(r, "kind", MentionKind),
                entity_kind: r.get::<_, Option<String>>("type")?.and_then(|k| EntityKind::parse(&k)),
                entity: r.get("entity")?,
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

    /// The rows of a report in one of its tables, in order.
    fn rows<T>(&self, table: &str, row: i64, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.db.prepare_cached(&format!("SELECT * FROM {table} WHERE report = ?1 ORDER BY n"))?;
        let mut rows = statement.query([row])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(read(row)?);
        }
        out.shrink_to_fit();
        Ok(out)
    }
}

/// A report id from its written form.
pub(crate) fn parse_id(id: &str) -> Result<ReportId> {
    ReportId::parse(id).ok_or_else(|| Error::Damaged(format!("`{id}` is not a report id")))
}

fn span(r: &Row<'_>) -> Result<Span> {
    Ok(Span::from([r.get("start")?, r.get("end")?]))
}

fn json<T: serde::de::DeserializeOwned>(r: &Row<'_>, column: &str) -> Result<T> {
    Ok(r.get::<_, Json<T>>(column)?.0)
}

fn why(r: &Row<'_>, depth: Depth) -> Result<Why> {
    match depth {
        Depth::Record => json(r, "why"),
        Depth::Digest => Ok(Why::new()),
    }
}

fn optional_json<T: serde::de::DeserializeOwned>(r: &Row<'_>, column: &str) -> Result<Option<T>> {
    Ok(r.get::<_, Option<Json<T>>>(column)?.map(|j| j.0))
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

fn local_entity(r: &Row<'_>, depth: Depth) -> Result<LocalEntity> {
    Ok(LocalEntity {
        name: r.get("name")?,
        kind: r.get::<_, Option<String>>("type")?.and_then(|k| EntityKind::parse(&k)),
        named: r.get("named")?,
        roles: json(r, "roles")?,
        variants: json(r, "variants")?,
        mentions: Vec::new(),
        gender: r.get::<_, Option<String>>("gender")?.and_then(|g| Gender::parse(&g)),
        speaks_for: r.get("speaks_for")?,
        why: why(r, depth)?,
    })
}

fn attribution(r: &Row<'_>, depth: Depth) -> Result<Attribution> {
    let speaker = match r.get::<_, String>("speaker")?.as_str() {
        "unidentified" => Speaker::Unidentified,
        "known" => Speaker::Entity {
            entity: r.get("speaker_entity")?,
            confidence: r.get("speaker_confidence")?,
            runner_up: r.get("speaker_runner_up")?,
        },
        _ => Speaker::Unknown,
    };
    Ok(Attribution {
        kind: word!(r, "kind", AttributionKind),
        class: word!(r, "class", AttributionClass),
        source: json(r, "source")?,
        cue: json(r, "cue")?,
        content: json(r, "content")?,
        speaker,
        addressee: optional_json(r, "addressee")?,
        medium: optional_json(r, "medium")?,
        parent: r.get("parent")?,
        negated: r.get("negated")?,
        hedged: r.get("hedged")?,
        confidence: r.get("confidence")?,
        why: why(r, depth)?,
    })
}

fn measure(r: &Row<'_>, depth: Depth) -> Result<Measure> {
    let bound = |end: &str| -> Result<Option<Bound>> {
        let Some(value) = r.get(end)? else { return Ok(None) };
        let inclusive = r.get::<_, Option<bool>>(format!("{end}_inclusive").as_str())?.unwrap_or(true);
        Ok(Some(Bound { value, inclusive }))
    };
    Ok(Measure {
        span: span(r)?,
        value: r.get("value")?,
        lower: bound("lower")?,
        upper: bound("upper")?,
        approx: word!(r, "approx", Approx),
        unit: r.get("unit")?,
        counted: r.get("counted")?,
        counted_span: optional_json(r, "counted_span")?,
        what: r.get("what")?,
        subset_of: r.get("subset_of")?,
        change: r.get::<_, Option<String>>("change")?.and_then(|c| Change::parse(&c)),
        negated: r.get("negated")?,
        attribution: r.get("attribution")?,
        why: why(r, depth)?,
    })
}

fn time(r: &Row<'_>, depth: Depth) -> Result<Time> {
    let at = |column: &str| -> Result<Option<jiff::civil::DateTime>> {
        let text: Option<String> = r.get(column)?;
        text.map(|t| t.parse().map_err(|_| Error::Damaged(format!("time {t}")))).transpose()
    };
    Ok(Time {
        span: span(r)?,
        kind: word!(r, "kind", TimeKind),
        value: r.get("value")?,
        interval: at("first")?.zip(at("until")?).map(|(start, end)| Interval { start, end }),
        alternatives: json(r, "alternatives")?,
        anchor_uncertain: r.get("anchor_uncertain")?,
        why: why(r, depth)?,
    })
}

fn place(r: &Row<'_>, depth: Depth) -> Result<Place> {
    let at = r.get::<_, Option<f64>>("lat")?.zip(r.get::<_, Option<f64>>("lon")?);
    Ok(Place {
        span: span(r)?,
        name: r.get("name")?,
        country: r.get("country")?,
        admin: r.get("admin")?,
        at,
        geonames: r.get::<_, Option<i64>>("geonames")?.and_then(|g| u64::try_from(g).ok()),
        why: why(r, depth)?,
    })
}

fn claim(r: &Row<'_>, depth: Depth) -> Result<Claim> {
    Ok(Claim {
        evidence: span(r)?,
        predicate: r.get("predicate")?,
        class: r.get("class")?,
        actor: optional_json(r, "actor")?,
        target: optional_json(r, "target")?,
        place: r.get("place")?,
        time: r.get("time")?,
        measures: json(r, "measures")?,
        polarity: word!(r, "polarity", Polarity),
        modality: word!(r, "modality", Modality),
        as_of: r.get::<_, Option<String>>("as_of")?.and_then(|m| Moment::parse(&m)),
        voice: json(r, "voice")?,
        attribution: r.get("attribution")?,
        why: why(r, depth)?,
    })
}
