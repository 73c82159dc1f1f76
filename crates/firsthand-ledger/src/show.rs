//! One thing of the ledger with its evidence, its reasons and what it is
//! linked to: what `show` prints and a page shows.

use firsthand_model::{Bound, Claim, ClaimId, Cluster, Found, Measure, Reading, Reason, ReportId, Speaker, Why};
use firsthand_span::Span;
use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::comparison::parse_indexed;
use crate::{Ledger, Result};

/// How many bytes of context are shown on each side of evidence.
const CONTEXT: usize = 90;

/// One thing of the ledger.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// `report`, `attribution`, `claim` ...
    pub kind: &'static str,
    /// A line that says what it is.
    pub heading: String,
    /// What is known of it, label and value.
    pub fields: Vec<(String, String)>,
    /// The words it rests on.
    pub evidence: Vec<Evidence>,
    /// Why it is held to be so.
    pub why: Vec<Reason>,
    /// What it is linked to: relation, id, words.
    pub related: Vec<(String, String, String)>,
}

/// Words of a report, with where they stand.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// What the words are to the thing: "source", "content" ...
    pub label: String,
    /// The report's id.
    pub report: String,
    /// The report's key.
    pub key: String,
    /// The report's outlet.
    pub outlet: Option<String>,
    /// Bytes of the clean text.
    pub span: Span,
    /// The words before, on the same line.
    pub before: String,
    /// The words.
    pub words: String,
    /// The words after, on the same line.
    pub after: String,
    /// The same bytes in the original.
    pub original: Vec<(u64, u64)>,
}

/// A reading with what names it.
struct Source {
    id: ReportId,
    key: String,
    reading: Reading,
}

impl Source {
    fn evidence(&self, label: &str, span: Span) -> Evidence {
        let text = &self.reading.report.text;
        let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
        let mut from = start.saturating_sub(CONTEXT);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (end + CONTEXT).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        let before = text.get(from..start).unwrap_or_default();
        let after = text.get(end..to).unwrap_or_default();
        let (before, cut_before) = before.rsplit_once('\n').map_or((before, from > 0), |(_, line)| (line, false));
        let (after, cut_after) = after.split_once('\n').map_or((after, to < text.len()), |(line, _)| (line, false));
        Evidence {
            label: label.to_owned(),
            report: self.id.to_string(),
            key: self.key.clone(),
            outlet: self.reading.report.outlet.as_ref().map(|o| o.value.clone()),
            span,
            before: format!("{}{before}", if cut_before { "…" } else { "" }),
            words: span.of(text).to_owned(),
            after: format!("{after}{}", if cut_after { "…" } else { "" }),
            original: self.reading.report.map.original(span),
        }
    }

    fn words(&self, span: Span) -> String {
        span.of(&self.reading.report.text).replace('\n', " ")
    }

    fn entity_name(&self, entity: Option<u32>) -> Option<&str> {
        self.reading.analysis.entities.get(entity? as usize).map(|e| e.name.as_str())
    }
}

impl Ledger {
    /// A thing by its id, or a report by its key. `None` if there is none.
    pub fn show(&self, id: &str) -> Result<Option<Record>> {
        let Some(mut record) = self.look_up(id)? else { return Ok(None) };
        // Clusters and verdicts carry what was decided on them among their reasons.
        if !matches!(record.kind, "cluster" | "contradiction") {
            let decided = self.decided_on(&record.id)?;
            record.fields.extend(decided.into_iter().map(|told| ("decided".to_owned(), told)));
        }
        Ok(Some(record))
    }

    fn look_up(&self, id: &str) -> Result<Option<Record>> {
        if let Some(n) = id.strip_prefix("copy").and_then(|n| n.parse().ok()) {
            return self.show_copy(n);
        }
        if let Some(n) = id.strip_prefix('x').and_then(|n| n.parse().ok()) {
            return self.show_contradiction(n);
        }
        let letter = id.split_once('.').and_then(|(_, rest)| rest.chars().next());
        if let Some((letter, (report, n))) = letter.and_then(|l| Some((l, parse_indexed(id, l)?))) {
            let n = n as usize;
            return match letter {
                'e' => self.show_entity(id),
                'k' => self.show_cluster(id),
                'a' => self.source(report)?.map_or(Ok(None), |s| Ok(show_attribution(&s, n))),
                'm' => self.source(report)?.map_or(Ok(None), |s| Ok(show_measure(&s, n))),
                'c' => self.source(report)?.map_or(Ok(None), |s| self.show_claim(&s, n)),
                _ => Ok(None),
            };
        }
        let by_key = "SELECT id FROM report WHERE id = ?1 OR key = ?1 ORDER BY id LIMIT 1";
        let found: Option<String> = self.db.query_row(by_key, [id], |r| r.get(0)).optional()?;
        match found.and_then(|id| ReportId::parse(&id)) {
            Some(report) => Ok(self.source(report)?.map(|s| show_report(&s))),
            None => Ok(None),
        }
    }

    fn source(&self, id: ReportId) -> Result<Option<Source>> {
        let Some(reading) = self.reading(id)? else { return Ok(None) };
        let key = self.db.query_row("SELECT key FROM report WHERE id = ?1", [id.to_string()], |r| r.get(0))?;
        Ok(Some(Source { id, key, reading }))
    }

    fn claim_evidence(&self, id: ClaimId, label: &str) -> Result<Option<Evidence>> {
        let Some(source) = self.source(id.report)? else { return Ok(None) };
        let claim = source.reading.claims.get(id.index as usize);
        Ok(claim.map(|c| source.evidence(label, c.evidence)))
    }

    fn show_claim(&self, s: &Source, n: usize) -> Result<Option<Record>> {
        let Some(c) = s.reading.claims.get(n) else { return Ok(None) };
        let mut fields = vec![
            ("predicate".to_owned(), c.predicate.clone()),
            ("polarity".to_owned(), c.polarity.to_string()),
            ("modality".to_owned(), c.modality.to_string()),
            ("voice".to_owned(), voice(c)),
        ];
        let mut field = |label: &str, value: Option<String>| fields.extend(value.map(|v| (label.to_owned(), v)));
        field("class", c.class.clone());
        field("actor", c.actor.as_ref().map(|a| s.words(a.span)));
        field("target", c.target.as_ref().map(|a| s.words(a.span)));
        field("place", c.place.and_then(|p| s.reading.places.get(p as usize)).map(|p| p.name.clone()));
        field("time", c.time.and_then(|t| s.reading.times.get(t as usize)).map(|t| t.value.clone()));
        field("as of", c.as_of.map(|m| m.to_string()));
        for m in c.measures.iter().filter_map(|m| s.reading.measures.get(*m as usize)) {
            field("measure", Some(format!("{} ({})", s.words(m.span), bounds(m))));
        }
        let id = ClaimId { report: s.id, index: n as u32 }.to_string();
        let mut related = Vec::new();
        related.extend(c.attribution.map(|a| ("said in".to_owned(), format!("{}.a{a}", s.id), String::new())));
        let cluster: Option<(String, String)> = self
            .db
            .query_row(
                "SELECT k.id, k.headline FROM cluster_claim m JOIN cluster k ON k.id = m.cluster WHERE m.report = ?1 AND m.n = ?2",
                rusqlite::params![s.id.to_string(), n],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        related.extend(cluster.map(|(k, headline)| ("cluster".to_owned(), k, headline)));
        related.push(("report".to_owned(), s.id.to_string(), s.key.clone()));
        Ok(Some(Record {
            id,
            kind: "claim",
            heading: s.words(c.evidence),
            fields,
            evidence: vec![s.evidence("evidence", c.evidence)],
            why: c.why.clone(),
            related,
        }))
    }

    fn show_entity(&self, id: &str) -> Result<Option<Record>> {
        // The id of any of its entities in single reports names it too.
        let member = parse_indexed(id, 'e').map(|(report, n)| (report.to_string(), n));
        let sql = "SELECT entity FROM entity_member WHERE report = ?1 AND n = ?2";
        let joined: Option<String> = match member {
            Some(member) => self.db.query_row(sql, member, |r| r.get(0)).optional()?,
            None => None,
        };
        let id = joined.as_deref().unwrap_or(id);
        let Some(e) = self.entity(id)? else { return Ok(None) };
        let mut record = Record {
            id: id.to_owned(),
            kind: "entity",
            heading: e.name.clone(),
            why: e.why.clone(),
            ..Record::default()
        };
        record.fields.extend(e.kind.map(|k| ("type".to_owned(), k.to_string())));
        record.fields.push(("names".to_owned(), e.variants.join(" · ")));
        for (report, n) in &e.members {
            let Some(s) = self.source(*report)? else { continue };
            let mentions = s.reading.analysis.mentions.iter().filter(|m| m.entity == Some(*n));
            record.evidence.extend(mentions.take(3).map(|m| s.evidence(m.kind.as_str(), m.span)));
            if let Some(local) = s.reading.analysis.entities.get(*n as usize) {
                let names = local.variants.join(" · ");
                record.related.push((format!("in {}", s.key), format!("{report}.e{n}"), names));
            }
            for (i, a) in s.reading.attributions.iter().enumerate().filter(|(_, a)| a.speaker.entity() == Some(*n)) {
                let words = a.content.first().map(|c| s.words(*c)).unwrap_or_default();
                record.related.push((format!("said in {}", s.key), format!("{report}.a{i}"), words));
            }
        }
        Ok(Some(record))
    }

    fn show_cluster(&self, id: &str) -> Result<Option<Record>> {
        let Some(k) = self.cluster(id)? else { return Ok(None) };
        let mut record = Record {
            id: id.to_owned(),
            kind: "cluster",
            heading: k.headline.clone(),
            fields: cluster_fields(&k),
            why: k.why.clone(),
            ..Record::default()
        };
        // As the story went: by the day a report came out; undated ones last.
        let mut told: Vec<(Option<jiff::civil::Date>, ClaimId)> = Vec::with_capacity(k.claims.len());
        for claim in &k.claims {
            told.push((self.published(claim.report)?.map(|m| m.date()), *claim));
        }
        told.sort_by_key(|&(day, claim)| (day.is_none(), day, claim));
        for (day, claim) in told {
            let day = day.map_or_else(|| "undated".to_owned(), |d| d.to_string());
            let origin = k.origins.iter().find(|o| o.claims.contains(&claim)).map_or("no origin", |o| &o.name);
            let side = k.sides.iter().find(|s| s.claims.contains(&claim)).map(|s| format!(", says {}", s.says));
            let label = format!("{day}, {claim}{}, origin: {origin}", side.unwrap_or_default());
            record.evidence.extend(self.claim_evidence(claim, &label)?);
        }
        for (n, x) in self.contradictions_in(id)? {
            record.related.push((format!("{} ({})", x.verdict, x.kind), format!("x{n}"), notes(&x.why)));
        }
        Ok(Some(record))
    }

    fn show_contradiction(&self, n: i64) -> Result<Option<Record>> {
        let Some((cluster, x)) = self.contradiction(n)? else { return Ok(None) };
        let mut record = Record {
            id: format!("x{n}"),
            kind: "contradiction",
            heading: format!("{} ({}): {}", x.verdict, x.kind, notes(&x.why)),
            why: x.why.clone(),
            ..Record::default()
        };
        for claim in &x.claims {
            record.evidence.extend(self.claim_evidence(*claim, &claim.to_string())?);
        }
        if let Some(k) = self.cluster(&cluster)? {
            record.related.push(("cluster".to_owned(), cluster, k.headline));
        }
        Ok(Some(record))
    }

    fn show_copy(&self, n: i64) -> Result<Option<Record>> {
        let Some(c) = self.copy(n)? else { return Ok(None) };
        let Some(child) = self.source(c.child)? else { return Ok(None) };
        let parent = match c.parent {
            Some(p) => self.source(p)?,
            None => None,
        };
        let from = parent.as_ref().map_or_else(
            || format!("a source not here ({})", c.hidden.as_deref().unwrap_or("unnamed")),
            |p| p.key.clone(),
        );
        let mut record = Record {
            id: format!("copy{n}"),
            kind: "copy",
            heading: format!("{} ← {from}: {}, {:.0} % of its text", child.key, c.how, 100.0 * c.share),
            fields: vec![("direction".to_owned(), if c.directed { "known" } else { "unknown" }.to_owned())],
            why: c.why.clone(),
            ..Record::default()
        };
        record.related.push(("child".to_owned(), c.child.to_string(), child.key.clone()));
        record.related.extend(parent.as_ref().map(|p| ("parent".to_owned(), p.id.to_string(), p.key.clone())));
        for span in &c.spans {
            record.evidence.push(child.evidence(&format!("{} in the copy", span.kind), span.child));
            if let (Some(parent), Some(there)) = (&parent, span.parent) {
                record.evidence.push(parent.evidence(&format!("{} in the parent", span.kind), there));
            }
        }
        Ok(Some(record))
    }
}

fn notes(why: &Why) -> String {
    why.iter().map(|r| if r.note.is_empty() { r.rule.as_ref() } else { &r.note }).collect::<Vec<_>>().join("; ")
}

/// Reasons of one rule together: "copied passage: Northwire, Orsava Post; same name".
fn by_rule(why: &Why) -> String {
    let mut rules: Vec<(&str, Vec<&str>)> = Vec::new();
    for reason in why {
        let at = rules.iter().position(|(rule, _)| *rule == reason.rule).unwrap_or(rules.len());
        if at == rules.len() {
            rules.push((&reason.rule, Vec::new()));
        }
        if !reason.note.is_empty() && !rules[at].1.contains(&reason.note.as_str()) {
            rules[at].1.push(&reason.note);
        }
    }
    let told = rules.into_iter().map(|(rule, notes)| {
        let rule = rule.replace('-', " ");
        if notes.is_empty() { rule } else { format!("{rule}: {}", notes.join(", ")) }
    });
    told.collect::<Vec<_>>().join("; ")
}

fn voice(claim: &Claim) -> String {
    claim.voice.iter().map(|v| v.name.as_str()).collect::<Vec<_>>().join(" ← ")
}

fn bounds(m: &Measure) -> String {
    let end = |b: Option<Bound>, open: &str| b.map_or(open.to_owned(), |b| b.value.to_string());
    let left = if m.lower.is_none_or(|b| b.inclusive) { '[' } else { '(' };
    let right = if m.upper.is_none_or(|b| b.inclusive) { ']' } else { ')' };
    format!("{left}{}, {}{right}", end(m.lower, "-∞"), end(m.upper, "∞"))
}

fn cluster_fields(k: &Cluster) -> Vec<(String, String)> {
    let mut reports: Vec<ReportId> = k.claims.iter().map(|c| c.report).collect();
    reports.dedup();
    let range = |(low, high): (u32, u32)| if low == high { low.to_string() } else { format!("{low} to {high}") };
    let mut fields = vec![
        ("kind".to_owned(), k.kind.clone()),
        ("reports".to_owned(), reports.len().to_string()),
        ("claims".to_owned(), k.claims.len().to_string()),
        ("independent origins".to_owned(), range(k.independent)),
    ];
    for origin in &k.origins {
        let label = if origin.identified { "origin" } else { "origin (unidentified)" };
        let because = if origin.why.is_empty() { String::new() } else { format!("; {}", by_rule(&origin.why)) };
        fields.push((label.to_owned(), format!("{}: {}{because}", origin.name, claims(origin.claims.len()))));
    }
    for side in &k.sides {
        fields.push((
            "side".to_owned(),
            format!("{}: {}, independent origins: {}", side.says, claims(side.claims.len()), range(side.independent)),
        ));
    }
    fields
}

fn claims(n: usize) -> String {
    if n == 1 { "1 claim".to_owned() } else { format!("{n} claims") }
}

fn show_attribution(s: &Source, n: usize) -> Option<Record> {
    let a = s.reading.attributions.get(n)?;
    let speaker = match &a.speaker {
        Speaker::Unknown => "not known".to_owned(),
        Speaker::Unidentified => "unidentified by the text".to_owned(),
        Speaker::Entity { entity, confidence, runner_up } => {
            let name = s.entity_name(Some(*entity)).unwrap_or_default();
            let other = s.entity_name(*runner_up).map(|n| format!(", next best: {n}")).unwrap_or_default();
            format!("{name} (confidence {confidence:.2}{other})")
        }
    };
    let mut fields = vec![
        ("speaker".to_owned(), speaker),
        ("kind".to_owned(), a.kind.to_string()),
        ("class".to_owned(), a.class.to_string()),
        ("confidence".to_owned(), format!("{:.2}", a.confidence)),
    ];
    if a.negated {
        fields.push(("negated".to_owned(), "yes".to_owned()));
    }
    if a.hedged {
        fields.push(("hedged".to_owned(), "yes".to_owned()));
    }
    let mut evidence = Vec::new();
    let parts = [("source", &a.source), ("cue", &a.cue), ("content", &a.content)];
    for (label, spans) in parts {
        evidence.extend(spans.iter().map(|span| s.evidence(label, *span)));
    }
    evidence.extend(a.addressee.map(|span| s.evidence("addressee", span)));
    evidence.extend(a.medium.map(|span| s.evidence("medium", span)));
    let mut related = vec![("report".to_owned(), s.id.to_string(), s.key.clone())];
    related.extend(a.parent.map(|p| ("within".to_owned(), format!("{}.a{p}", s.id), String::new())));
    let heading = a.content.iter().map(|c| s.words(*c)).collect::<Vec<_>>().join(" … ");
    Some(Record {
        id: format!("{}.a{n}", s.id),
        kind: "attribution",
        heading,
        fields,
        evidence,
        why: a.why.clone(),
        related,
    })
}

fn show_measure(s: &Source, n: usize) -> Option<Record> {
    let m = s.reading.measures.get(n)?;
    let mut fields = vec![
        ("bounds".to_owned(), bounds(m)),
        ("approx".to_owned(), m.approx.to_string()),
        ("unit".to_owned(), m.unit.clone()),
    ];
    let mut field = |label: &str, value: Option<String>| fields.extend(value.map(|v| (label.to_owned(), v)));
    field("value", m.value.map(|v| v.to_string()));
    field("counted", m.counted.clone());
    field("what", m.what.clone());
    field("change", m.change.map(|c| c.to_string()));
    let mut related = vec![("report".to_owned(), s.id.to_string(), s.key.clone())];
    related.extend(m.subset_of.map(|p| ("part of".to_owned(), format!("{}.m{p}", s.id), String::new())));
    related.extend(m.attribution.map(|a| ("said in".to_owned(), format!("{}.a{a}", s.id), String::new())));
    let mut evidence = vec![s.evidence("measure", m.span)];
    evidence.extend(m.counted_span.map(|span| s.evidence("counted", span)));
    Some(Record {
        id: format!("{}.m{n}", s.id),
        kind: "measure",
        heading: s.words(m.span),
        fields,
        evidence,
        why: m.why.clone(),
        related,
    })
}

fn show_report(s: &Source) -> Record {
    let r = &s.reading.report;
    let mut fields = vec![("key".to_owned(), s.key.clone())];
    fn found<T: ToString>(fields: &mut Vec<(String, String)>, label: &str, value: &Option<Found<T>>) {
        let value =
            value.as_ref().map_or("not known".to_owned(), |f| format!("{} (from {})", f.value.to_string(), f.how));
        fields.push((label.to_owned(), value));
    }
    found(&mut fields, "outlet", &r.outlet);
    found(&mut fields, "byline", &r.byline);
    found(&mut fields, "agency", &r.agency);
    found(&mut fields, "published", &r.published);
    found(&mut fields, "modified", &r.modified);
    found(&mut fields, "language", &r.language);
    found(&mut fields, "address", &r.url);
    let dateline = r.dateline.as_ref().map(|d| Found { value: d.value.place.clone(), how: d.how });
    found(&mut fields, "dateline", &dateline);
    let mut related = Vec::new();
    for (n, a) in s.reading.attributions.iter().enumerate() {
        let words = a.content.first().map(|c| s.words(*c)).unwrap_or_default();
        let who = s.entity_name(a.speaker.entity()).unwrap_or("not known");
        related.push((format!("{who} ({})", a.kind), format!("{}.a{n}", s.id), words));
    }
    for (n, c) in s.reading.claims.iter().enumerate() {
        related.push((format!("claim: {}", c.predicate), format!("{}.c{n}", s.id), s.words(c.evidence)));
    }
    let heading = r.title.as_ref().map_or_else(|| s.key.clone(), |t| t.value.clone());
    let evidence = r.blocks.iter().map(|b| s.evidence(b.kind.as_str(), b.span)).collect();
    Record { id: s.id.to_string(), kind: "report", heading, fields, evidence, why: Vec::new(), related }
}
