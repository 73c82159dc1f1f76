//! The JSON Lines export. Spans are given in Unicode code points of the
//! report's `text` and, under `bytes`, in UTF-8 bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use firsthand_model::{Bound, ClaimId, Comparison, EntityId, Found, Reading, ReportId, Speaker};
use firsthand_span::{CodePoints, Span};
use serde_json::{Value, json};

use crate::comparison::cluster_id;
use crate::{Error, Ledger, Result};

/// Writes the export into a folder, which is made if needed.
pub fn jsonl(ledger: &Ledger, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
    let comparison = ledger.comparison()?;
    let entity_of = members(&comparison);
    let name_of = comparison.entities.iter().map(|e| (e.id, e.name.as_str())).collect();
    let origin_of = origins(&comparison);
    let mut reports = Lines::new(folder, "reports")?;
    let mut attributions = Lines::new(folder, "attributions")?;
    let mut measures = Lines::new(folder, "measures")?;
    let mut times = Lines::new(folder, "times")?;
    let mut places = Lines::new(folder, "places")?;
    let mut claims = Lines::new(folder, "claims")?;
    let mut mentions: BTreeMap<EntityId, Vec<Value>> = BTreeMap::new();
    for id in ledger.report_ids()? {
        let Some(reading) = ledger.reading(id)? else { continue };
        let (key, blake3) = ledger.key_and_hash(id)?;
        let one = One {
            id,
            reading: &reading,
            points: CodePoints::new(&reading.report.text),
            entity_of: &entity_of,
            name_of: &name_of,
        };
        reports.write(&one.report(&key, &blake3))?;
        (0..reading.attributions.len()).try_for_each(|n| attributions.write(&one.attribution(n)))?;
        (0..reading.measures.len()).try_for_each(|n| measures.write(&one.measure(n)))?;
        (0..reading.times.len()).try_for_each(|n| times.write(&one.time(n)))?;
        (0..reading.places.len()).try_for_each(|n| places.write(&one.place(n)))?;
        (0..reading.claims.len()).try_for_each(|n| claims.write(&one.claim(n, &origin_of)))?;
        for mention in &reading.analysis.mentions {
            let Some(entity) = mention.entity.and_then(|n| entity_of.get(&(id, n))) else { continue };
            let mut row = one.spanned(mention.span);
            row["report"] = json!(id);
            row["kind"] = json!(mention.kind);
            mentions.entry(*entity).or_default().push(row);
        }
    }
    [reports, attributions, measures, times, places, claims].into_iter().try_for_each(Lines::finish)?;
    write_comparison(ledger, folder, &comparison, &mut mentions)?;
    super::decisions::decisions(ledger, folder)
}

/// Which entity across reports each entity of a report belongs to.
fn members(comparison: &Comparison) -> BTreeMap<(ReportId, u32), EntityId> {
    comparison.entities.iter().flat_map(|e| e.members.iter().map(move |m| (*m, e.id))).collect()
}

/// Cluster and origin ids of each claim.
fn origins(comparison: &Comparison) -> BTreeMap<ClaimId, (String, Option<String>)> {
    let mut out: BTreeMap<ClaimId, (String, Option<String>)> = BTreeMap::new();
    for cluster in &comparison.clusters {
        let id = cluster_id(cluster);
        out.extend(cluster.claims.iter().map(|c| (*c, (id.clone(), None))));
        for (n, origin) in cluster.origins.iter().enumerate() {
            for claim in &origin.claims {
                if let Some(entry) = out.get_mut(claim) {
                    entry.1.get_or_insert_with(|| format!("{id}.o{n}"));
                }
            }
        }
    }
    out
}

fn write_comparison(
    ledger: &Ledger,
    folder: &Path,
    comparison: &Comparison,
    mentions: &mut BTreeMap<EntityId, Vec<Value>>,
) -> Result<()> {
    let mut lines = Lines::new(folder, "entities")?;
    for e in &comparison.entities {
        lines.write(&json!({
            "id": e.id.to_string(), "name": e.name, "type": e.kind, "variants": e.variants,
            "mentions": mentions.remove(&e.id).unwrap_or_default(),
            "speaks_for": e.speaks_for.map(|s| s.to_string()), "why": e.why,
        }))?;
    }
    lines.finish()?;
    let mut lines = Lines::new(folder, "clusters")?;
    for c in &comparison.clusters {
        let id = cluster_id(c);
        let mut reports: Vec<ReportId> = c.claims.iter().map(|k| k.report).collect();
        reports.dedup();
        let origins: Vec<Value> = (c.origins.iter().enumerate())
            .map(|(n, o)| {
                json!({ "id": format!("{id}.o{n}"), "name": o.name, "identified": o.identified,
                    "entity": o.entity.map(|e| e.to_string()), "claims": ids(&o.claims), "why": o.why })
            })
            .collect();
        let sides: Vec<Value> = (c.sides.iter())
            .map(|s| json!({ "says": s.says, "claims": ids(&s.claims), "independent": s.independent }))
            .collect();
        lines.write(&json!({
            "id": id, "story": c.story, "headline": c.headline, "kind": c.kind, "claims": ids(&c.claims),
            "reports": reports.len(), "origins": origins, "independent": c.independent, "sides": sides, "why": c.why,
        }))?;
    }
    lines.finish()?;
    write_copies(ledger, folder, comparison)?;
    let mut lines = Lines::new(folder, "contradictions")?;
    for (n, x) in comparison.contradictions.iter().enumerate() {
        let cluster = comparison.clusters.get(x.cluster as usize).map(cluster_id);
        lines.write(&json!({
            "id": format!("x{n}"), "cluster": cluster, "verdict": x.verdict,
            "type": x.kind,
            "claims": ids(&x.claims), "why": x.why,
        }))?;
    }
    lines.finish()?;
    let mut lines = Lines::new(folder, "families")?;
    for (n, f) in comparison.families.iter().enumerate() {
        lines.write(&json!({ "id": format!("family{n}"), "reports": f.reports, "independent": f.independent }))?;
    }
    lines.finish()
}

fn write_copies(ledger: &Ledger, folder: &Path, comparison: &Comparison) -> Result<()> {
    let mut texts: BTreeMap<ReportId, String> = BTreeMap::new();
    let mut lines = Lines::new(folder, "copies")?;
    for c in &comparison.copies {
        for id in [Some(c.child), c.parent].into_iter().flatten() {
            if let std::collections::btree_map::Entry::Vacant(e) = texts.entry(id) {
                e.insert(ledger.text(id)?);
            }
        }
        let child = CodePoints::new(texts.get(&c.child).map_or("", String::as_str));
        let parent = c.parent.and_then(|p| texts.get(&p)).map(|t| CodePoints::new(t));
        let spans: Vec<Value> = (c.spans.iter())
            .map(|s| {
                let there = parent.as_ref().zip(s.parent).map(|(points, span)| points.span(span));
                json!({ "parent": there, "child": child.span(s.child), "type": s.kind })
            })
            .collect();
        lines.write(&json!({
            "parent": c.parent, "hidden": c.hidden, "child": c.child, "how": c.how,
            "direction": if c.directed { "known" } else { "unknown" }, "share": c.share, "spans": spans, "why": c.why,
        }))?;
    }
    lines.finish()
}

fn ids(claims: &[ClaimId]) -> Vec<String> {
    claims.iter().map(ClaimId::to_string).collect()
}

impl Ledger {
    fn key_and_hash(&self, id: ReportId) -> Result<(String, String)> {
        let sql = "SELECT key, blake3 FROM report WHERE id = ?1";
        Ok(self.db.query_row(sql, [id.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    /// A report's clean text.
    pub fn text(&self, id: ReportId) -> Result<String> {
        Ok(self.db.query_row("SELECT text FROM report WHERE id = ?1", [id.to_string()], |r| r.get(0))?)
    }
}

/// One report's rows.
struct One<'a> {
    id: ReportId,
    reading: &'a Reading,
    points: CodePoints<'a>,
    entity_of: &'a BTreeMap<(ReportId, u32), EntityId>,
    /// Names of entities across reports.
    name_of: &'a BTreeMap<EntityId, &'a str>,
}

impl One<'_> {
    fn span(&self, span: Span) -> Value {
        json!(self.points.span(span))
    }

    fn spans(&self, spans: &[Span]) -> Value {
        spans.iter().map(|s| self.span(*s)).collect()
    }

    fn spanned(&self, span: Span) -> Value {
        json!({ "span": self.span(span), "bytes": span })
    }

    fn entity(&self, n: Option<u32>) -> Option<String> {
        self.entity_of.get(&(self.id, n?)).map(EntityId::to_string)
    }

    fn report(&self, key: &str, blake3: &str) -> Value {
        let r = &self.reading.report;
        fn text<T: ToString>(found: &Option<Found<T>>) -> Option<String> {
            found.as_ref().map(|f| f.value.to_string())
        }
        let how = |how: Option<firsthand_model::How>| how.map(|h| h.as_str());
        let blocks: Vec<Value> = (r.blocks.iter())
            .map(|b| {
                let mut row = self.spanned(b.span);
                row["kind"] = json!(b.kind);
                row["original"] = json!(r.map.original(b.span));
                row
            })
            .collect();
        json!({
            "id": self.id, "key": key, "title": text(&r.title), "outlet": text(&r.outlet), "byline": text(&r.byline),
            "agency": text(&r.agency), "published": text(&r.published), "published_how": how(r.published.as_ref().map(|f| f.how)),
            "modified": text(&r.modified), "dateline": r.dateline.as_ref().map(|d| &d.value.place),
            "language": text(&r.language), "url": text(&r.url), "blake3": blake3, "captured": text(&r.captured),
            "title_how": how(r.title.as_ref().map(|f| f.how)), "outlet_how": how(r.outlet.as_ref().map(|f| f.how)),
            "byline_how": how(r.byline.as_ref().map(|f| f.how)), "agency_how": how(r.agency.as_ref().map(|f| f.how)),
            "encoding": r.encoding, "text": r.text, "blocks": blocks,
        })
    }

    fn attribution(&self, n: usize) -> Value {
        let a = &self.reading.attributions[n];
        let local = a.speaker.entity().and_then(|e| self.reading.analysis.entities.get(e as usize));
        let words = |span: Option<Span>| span.map(|s| s.of(&self.reading.report.text).to_owned());
        // Where the text leaves the speaker open, the words it uses stand for him.
        let open = || (a.speaker == Speaker::Unidentified).then(|| words(a.source.first().copied())).flatten();
        // What another report calls by name has that name here too: "the ministry".
        let joined = a.speaker.entity().and_then(|n| self.entity_of.get(&(self.id, n)));
        let joined = joined.and_then(|id| self.name_of.get(id)).map(|name| (*name).to_owned());
        let name = joined.or_else(|| local.map(|e| e.name.clone())).or_else(open);
        let state = match a.speaker {
            Speaker::Unknown => "unknown",
            Speaker::Unidentified => "unidentified",
            Speaker::Entity { .. } => "known",
        };
        json!({
            "id": format!("{}.a{n}", self.id), "report": self.id, "kind": a.kind, "class": a.class,
            "source": self.spans(&a.source), "cue": self.spans(&a.cue), "content": self.spans(&a.content),
            "speaker": self.entity(a.speaker.entity()), "speaker_name": name, "speaker_state": state,
            "addressee": words(a.addressee), "medium": words(a.medium),
            "parent": a.parent.map(|p| format!("{}.a{p}", self.id)), "negated": a.negated, "hedged": a.hedged,
            "confidence": a.confidence, "why": a.why,
        })
    }

    fn measure(&self, n: usize) -> Value {
        let m = &self.reading.measures[n];
        let value = |b: Option<Bound>| b.map(|b| b.value);
        let inclusive = |b: Option<Bound>| b.map(|b| b.inclusive);
        json!({
            "id": format!("{}.m{n}", self.id), "report": self.id, "span": self.span(m.span), "bytes": m.span,
            "value": m.value, "lower": value(m.lower), "upper": value(m.upper), "lower_inclusive": inclusive(m.lower),
            "upper_inclusive": inclusive(m.upper), "approx": m.approx, "unit": m.unit, "counted": m.counted,
            "counted_span": m.counted_span.map(|s| self.span(s)), "what": m.what,
            "subset_of": m.subset_of.map(|s| format!("{}.m{s}", self.id)), "change": m.change, "negated": m.negated,
            "attribution": m.attribution.map(|a| format!("{}.a{a}", self.id)), "why": m.why,
        })
    }

    fn time(&self, n: usize) -> Value {
        let t = &self.reading.times[n];
        json!({
            "id": format!("{}.t{n}", self.id), "report": self.id, "span": self.span(t.span), "bytes": t.span,
            "kind": t.kind, "value": t.value, "start": t.interval.map(|i| i.start.to_string()),
            "end": t.interval.map(|i| i.end.to_string()), "anchor_uncertain": t.anchor_uncertain, "why": t.why,
        })
    }

    fn place(&self, n: usize) -> Value {
        let p = &self.reading.places[n];
        json!({
            "id": format!("{}.p{n}", self.id), "report": self.id, "span": self.span(p.span), "bytes": p.span,
            "name": p.name, "country": p.country, "admin": p.admin, "lat": p.at.map(|a| a.0), "lon": p.at.map(|a| a.1),
            "geonames": p.geonames, "why": p.why,
        })
    }

    fn claim(&self, n: usize, origin_of: &BTreeMap<ClaimId, (String, Option<String>)>) -> Value {
        let c = &self.reading.claims[n];
        let text = &self.reading.report.text;
        let id = ClaimId { report: self.id, index: n as u32 };
        let (cluster, origin) = origin_of.get(&id).map_or((None, None), |(k, o)| (Some(k), o.as_ref()));
        let voice: Vec<Value> = (c.voice.iter())
            .map(|v| json!({ "kind": v.kind, "name": v.name, "entity": self.entity(v.entity) }))
            .collect();
        let argument = |a: &Option<firsthand_model::Argument>| a.as_ref().map(|a| a.span.of(text).to_owned());
        json!({
            "id": id.to_string(), "report": self.id, "evidence": self.span(c.evidence), "bytes": c.evidence,
            "predicate": c.predicate, "class": c.class, "actor": argument(&c.actor), "target": argument(&c.target),
            "place": c.place.and_then(|p| self.reading.places.get(p as usize)).map(|p| &p.name),
            "time": c.time.and_then(|t| self.reading.times.get(t as usize)).map(|t| &t.value),
            "measures": c.measures.iter().map(|m| format!("{}.m{m}", self.id)).collect::<Vec<_>>(),
            "polarity": c.polarity, "modality": c.modality, "as_of": c.as_of.map(|m| m.to_string()), "voice": voice,
            "attribution": c.attribution.map(|a| format!("{}.a{a}", self.id)), "origin": origin, "cluster": cluster,
            "why": c.why,
        })
    }
}

/// A file of JSON Lines.
pub(super) struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    pub(super) fn new(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(format!("{name}.jsonl"));
        let file = File::create(&path).map_err(|e| Error::file(&path, e))?;
        Ok(Lines { path, out: BufWriter::new(file) })
    }

    pub(super) fn write(&mut self, row: &Value) -> Result<()> {
        serde_json::to_writer(&mut self.out, row)?;
        self.out.write_all(b"\n").map_err(|e| Error::file(&self.path, e))
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.out.flush().map_err(|e| Error::file(&self.path, e))
    }
}
