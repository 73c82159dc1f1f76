//! What analysts decided: appended, never changed, found again by what the
//! decisions are about, and shown with it.

use std::sync::Arc;

use firsthand_claim::decide::{claim_anchor, content_of, cue_of, find_attribution, find_claim, find_entity};
use firsthand_model::{Anchor, ClaimAnchor, ClaimId, Decision, DecisionVerb, MentionKind, Passage, Reading, ReportId};
use firsthand_span::Span;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use crate::comparison::parse_indexed;
use crate::json::Json;
use crate::list::View;
use crate::load::parse_id;
use crate::{Ledger, Result};

/// A decision to be recorded.
#[derive(Clone, Debug)]
pub struct Deciding<'a> {
    /// What is decided.
    pub verb: DecisionVerb,
    /// On what: an id; of `undo` the number of a decision.
    pub subject: &'a str,
    /// With what: an id; of `set-speaker` also a name, or `unknown`.
    pub object: Option<&'a str>,
    /// Who decides.
    pub who: &'a str,
    /// Why.
    pub why: &'a str,
    /// When, ISO 8601.
    pub at: &'a str,
}

/// A decision as a reader needs it.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionRow {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub verb: DecisionVerb,
    /// On what: the id it has now, where it is found.
    pub subject: Option<String>,
    /// The words that it names it by.
    pub words: String,
    /// With what: id or name.
    pub object: Option<String>,
    /// Why.
    pub why: String,
    /// `in force`, `undone by N`, or `unanchored`: what it is about is not found any more.
    pub state: String,
}

type Answer<T> = Result<std::result::Result<T, String>>;

impl Ledger {
    /// Every decision, in the order they were made.
    pub fn decisions(&self) -> Result<Vec<Decision>> {
        let mut statement = self.db.prepare_cached("SELECT * FROM decision ORDER BY n")?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            out.push(Decision {
                n: r.get("n")?,
                at: r.get("at")?,
                who: r.get("who")?,
                verb: crate::json::word!(r, "verb", DecisionVerb),
                subject: r.get::<_, Json<_>>("subject")?.0,
                object: r.get::<_, Option<Json<_>>>("object")?.map(|o| o.0),
                why: r.get("note")?,
            });
        }
        Ok(out)
    }

    /// The decisions that hold, naming reports as they are named now: the same
    /// bytes under another key are the same report to a decision, where there
    /// is only one such.
    pub(crate) fn in_force(&self) -> Result<Arc<[Decision]>> {
        if let Some(known) = self.decisions.get() {
            return Ok(Arc::clone(known));
        }
        let mut decisions = Decision::in_force(&self.decisions()?);
        for decision in &mut decisions {
            let object = decision.object.iter_mut().flat_map(Anchor::passages_mut);
            for passage in decision.subject.passages_mut().into_iter().chain(object) {
                self.renew(passage)?;
            }
        }
        Ok(Arc::clone(self.decisions.get_or_init(|| decisions.into())))
    }

    fn renew(&self, passage: &mut Passage) -> Result<()> {
        if self.row_of(passage.report)?.is_none() {
            let mut statement = self.db.prepare_cached("SELECT id, key FROM report WHERE blake3 = ?1 LIMIT 2")?;
            let found = statement.query_map([&passage.blake3], |r| Ok((r.get(0)?, r.get(1)?)))?;
            if let [(id, key)] = &found.collect::<rusqlite::Result<Vec<(String, String)>>>()?[..] {
                passage.report = parse_id(id)?;
                passage.key = key.clone();
            }
        }
        Ok(())
    }

    /// Appends a decision and applies it. The number it got, or why it cannot
    /// be made.
    pub fn decide(&mut self, wanted: &Deciding<'_>, reader: &str) -> Answer<i64> {
        if wanted.who.trim().is_empty() || wanted.why.trim().is_empty() {
            return Ok(Err("say who decides and why".to_owned()));
        }
        let (subject, object) = match self.anchors(wanted)? {
            Ok(anchors) => anchors,
            Err(reason) => return Ok(Err(reason)),
        };
        let tx = self.db.transaction()?;
        tx.execute(
            "INSERT INTO decision(at, who, verb, subject, object, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                wanted.at,
                wanted.who.trim(),
                wanted.verb.as_str(),
                Json(&subject),
                object.as_ref().map(Json),
                wanted.why.trim()
            ],
        )?;
        let n = tx.last_insert_rowid();
        tx.execute("DELETE FROM meta WHERE key = 'compared'", [])?;
        tx.commit()?;
        self.decisions = Default::default();
        self.compare(reader)?;
        Ok(Ok(n))
    }

    /// What a decision is about, described so that it is found again.
    fn anchors(&self, wanted: &Deciding<'_>) -> Answer<(Anchor, Option<Anchor>)> {
        use DecisionVerb as V;
        let fail = |reason: &str| Ok(Err(reason.to_owned()));
        if wanted.verb == V::Undo {
            let n = wanted.subject.trim_start_matches('d').parse().unwrap_or(-1);
            let known = self.decisions()?.iter().any(|d| d.n == n);
            return Ok(if known {
                Ok((Anchor::Decision { n }, None))
            } else {
                Err(format!("there is no decision `{}`", wanted.subject))
            });
        }
        let Some(subject) = self.anchor(wanted.subject)? else {
            return Ok(Err(format!("nothing that can be decided on is named `{}`", wanted.subject)));
        };
        let object = match wanted.object {
            None => None,
            Some(id) => match self.anchor(id)? {
                Some(anchor) => Some(anchor),
                // An unknown speaker is one by no name.
                None if wanted.verb == V::SetSpeaker => {
                    if parse_indexed(id, 'e').is_some() {
                        return Ok(Err(format!("no entity is named `{id}`")));
                    }
                    Some(Anchor::Name { name: id.to_owned() })
                }
                None => return Ok(Err(format!("nothing that can be decided on is named `{id}`"))),
            },
        };
        let claimish = |a: &Anchor| matches!(a, Anchor::Claim(_) | Anchor::Cluster { .. });
        match (wanted.verb, &subject, &object) {
            (
                V::Confirm | V::Reject,
                Anchor::Claim(_) | Anchor::Cluster { .. } | Anchor::Contradiction { .. },
                None,
            ) => {}
            (V::Confirm | V::Reject, ..) => {
                return fail("only claims, clusters and contradictions are confirmed or rejected");
            }
            (V::Merge, a, Some(b)) if claimish(a) && claimish(b) => {}
            (V::Merge | V::Split, Anchor::Entity { .. }, Some(Anchor::Entity { .. })) => {}
            (V::Merge, ..) => return fail("two claims or clusters are merged, or two entities"),
            (V::Split, Anchor::Claim(_), Some(b)) if claimish(b) => {}
            (V::Split, ..) => return fail("a claim is split from a claim or a cluster, or an entity from an entity"),
            (V::SetSpeaker, Anchor::Attribution { .. }, Some(Anchor::Entity { .. } | Anchor::Name { .. })) => {}
            (V::SetSpeaker, ..) => return fail("the speaker of an attribution is set to an entity or a name"),
            _ => {}
        }
        // "unknown" takes the speaker away.
        let object = object.filter(|o| !matches!(o, Anchor::Name { name } if name == "unknown"));
        if wanted.verb != V::SetSpeaker && object.as_ref() == Some(&subject) {
            return fail("that is one and the same");
        }
        Ok(Ok((subject, object)))
    }

    fn passage(&self, report: ReportId, reading: &Reading, bytes: Span) -> Result<Passage> {
        let sql = "SELECT blake3, key FROM report WHERE id = ?1";
        let (blake3, key) = self.db.query_row(sql, [report.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(Passage { report, blake3, key, bytes, words: bytes.of(&reading.report.text).to_owned() })
    }

    fn claim_anchor(&self, id: ClaimId) -> Result<Option<ClaimAnchor>> {
        let Some(reading) = self.digest(id.report)? else { return Ok(None) };
        let Some(claim) = reading.claims.get(id.index as usize) else { return Ok(None) };
        let passage = self.passage(id.report, &reading, claim.evidence)?;
        Ok(Some(claim_anchor(&reading, claim, passage)))
    }

    fn claim_anchors(&self, ids: &[ClaimId]) -> Result<Vec<ClaimAnchor>> {
        ids.iter().filter_map(|id| self.claim_anchor(*id).transpose()).collect()
    }

    fn anchor(&self, id: &str) -> Result<Option<Anchor>> {
        if let Some((report, index)) = parse_indexed(id, 'c') {
            return Ok(self.claim_anchor(ClaimId { report, index })?.map(Anchor::Claim));
        }
        if parse_indexed(id, 'k').is_some() {
            let Some(cluster) = self.cluster(id)? else { return Ok(None) };
            return Ok(Some(Anchor::Cluster { claims: self.claim_anchors(&cluster.claims)? }));
        }
        if let Some(n) = id.strip_prefix('x').and_then(|n| n.parse().ok()) {
            let Some((_, found)) = self.contradiction(n)? else { return Ok(None) };
            return Ok(Some(Anchor::Contradiction { claims: self.claim_anchors(&found.claims)?, of: found.kind }));
        }
        if let Some((report, n)) = parse_indexed(id, 'a') {
            let Some(reading) = self.digest(report)? else { return Ok(None) };
            let found = reading.attributions.get(n as usize).and_then(|a| Some((a, content_of(a)?)));
            let Some((a, content)) = found else { return Ok(None) };
            let cue = cue_of(&reading, a);
            return Ok(Some(Anchor::Attribution { content: self.passage(report, &reading, content)?, cue }));
        }
        if let Some((report, n)) = parse_indexed(id, 'e') {
            let Some(reading) = self.digest(report)? else { return Ok(None) };
            let of = |m: &&firsthand_model::Mention| m.entity == Some(n);
            let mentions = &reading.analysis.mentions;
            let named = mentions.iter().filter(of).find(|m| m.kind == MentionKind::Name);
            let Some(mention) = named.or_else(|| mentions.iter().find(of)) else { return Ok(None) };
            let name = reading.analysis.entities.get(n as usize).map(|e| e.name.clone()).unwrap_or_default();
            return Ok(Some(Anchor::Entity { mention: self.passage(report, &reading, mention.span)?, name }));
        }
        let sql = "SELECT id FROM report WHERE id = ?1 OR key = ?1 ORDER BY id LIMIT 1";
        let found: Option<String> = self.db.query_row(sql, [id], |r| r.get(0)).optional()?;
        let Some(report) = found.map(|id| parse_id(&id)).transpose()? else { return Ok(None) };
        let Some(reading) = self.digest(report)? else { return Ok(None) };
        Ok(Some(Anchor::Report(self.passage(report, &reading, Span::default())?)))
    }

    /// Every decision with what became of it.
    pub fn decision_rows(&self) -> Result<Vec<DecisionRow>> {
        let all = self.decisions()?;
        let holding = self.in_force()?;
        let mut out = Vec::new();
        for decision in &all {
            let current = holding.iter().find(|d| d.n == decision.n);
            let shown = current.unwrap_or(decision);
            let subject = self.id_of(&shown.subject)?;
            let object = match &shown.object {
                Some(Anchor::Name { name }) => Some(name.clone()),
                Some(anchor) => Some(self.id_of(anchor)?.unwrap_or_else(|| format!("“{}”", words_of(anchor)))),
                None if shown.verb == DecisionVerb::SetSpeaker => Some("unknown".to_owned()),
                None => None,
            };
            let lost = match &shown.object {
                Some(anchor) => self.id_of(anchor)?.is_none() && !matches!(anchor, Anchor::Name { .. }),
                None => false,
            };
            let undone = all.iter().rev().find(|u| {
                u.verb == DecisionVerb::Undo && matches!(u.subject, Anchor::Decision { n } if n == decision.n)
            });
            let state = match (current, undone) {
                (None, Some(by)) => format!("undone by {}", by.n),
                _ if decision.verb != DecisionVerb::Undo && (subject.is_none() || lost) => "unanchored".to_owned(),
                _ => "in force".to_owned(),
            };
            out.push(DecisionRow {
                id: decision.n,
                at: decision.at.clone(),
                by: decision.who.clone(),
                verb: decision.verb,
                words: words_of(&shown.subject),
                subject,
                object,
                why: decision.why.clone(),
                state,
            });
        }
        Ok(out)
    }

    /// The id that a thing has now, if it is found.
    fn id_of(&self, anchor: &Anchor) -> Result<Option<String>> {
        Ok(match anchor {
            Anchor::Claim(claim) => self.claim_of(claim)?.map(|c| c.to_string()),
            Anchor::Cluster { claims } => {
                for claim in claims {
                    if let Some(id) = self.claim_of(claim)?
                        && let Some(cluster) = self.cluster_of(&id.to_string())?
                    {
                        return Ok(Some(cluster));
                    }
                }
                // A rejected cluster has none any more; its claims are what it was.
                claims.first().map(|c| self.claim_of(c)).transpose()?.flatten().map(|c| c.to_string())
            }
            Anchor::Contradiction { claims, of } => {
                let mut ids = Vec::new();
                for claim in claims {
                    ids.extend(self.claim_of(claim)?);
                }
                ids.sort_unstable();
                let Some(first) = ids.first() else { return Ok(None) };
                let Some(cluster) = self.cluster_of(&first.to_string())? else { return Ok(None) };
                let found = self.contradictions_in(&cluster)?.into_iter().find(|(_, x)| {
                    let mut own = x.claims.clone();
                    own.sort_unstable();
                    x.kind == *of && own == ids
                });
                found.map(|(n, _)| format!("x{n}"))
            }
            Anchor::Attribution { content, cue } => self
                .digest(content.report)?
                .and_then(|r| find_attribution(&r, content, cue))
                .map(|n| format!("{}.a{n}", content.report)),
            Anchor::Entity { mention, .. } => {
                let local = self.digest(mention.report)?.and_then(|r| find_entity(&r, mention));
                let Some(n) = local else { return Ok(None) };
                let sql = "SELECT entity FROM entity_member WHERE report = ?1 AND n = ?2";
                self.db.query_row(sql, params![mention.report.to_string(), n], |r| r.get(0)).optional()?
            }
            Anchor::Report(passage) => self.row_of(passage.report)?.map(|_| passage.report.to_string()),
            Anchor::Decision { n } => Some(n.to_string()),
            Anchor::Name { .. } => None,
        })
    }

    fn claim_of(&self, anchor: &ClaimAnchor) -> Result<Option<ClaimId>> {
        let report = anchor.evidence.report;
        let found = self.digest(report)?.and_then(|r| find_claim(&r, anchor));
        Ok(found.map(|index| ClaimId { report, index }))
    }

    /// What was decided on a thing, one line a decision.
    pub(crate) fn decided_on(&self, id: &str) -> Result<Vec<String>> {
        let mut out = Vec::new();
        for decision in self.in_force()?.iter() {
            let mut about = false;
            for anchor in std::iter::once(&decision.subject).chain(&decision.object) {
                // Entities go by many reports, all else stands in its own.
                let own = id.get(..12).and_then(ReportId::parse);
                let elsewhere =
                    parse_indexed(id, 'e').is_none() && !anchor.passages().iter().any(|p| Some(p.report) == own);
                if elsewhere {
                    continue;
                }
                about |= self.id_of(anchor)?.as_deref() == Some(id);
                let parts = match anchor {
                    Anchor::Cluster { claims } | Anchor::Contradiction { claims, .. } => claims.as_slice(),
                    _ => &[],
                };
                for claim in parts.iter().filter(|_| parse_indexed(id, 'c').is_some()) {
                    about |= self.claim_of(claim)?.is_some_and(|c| c.to_string() == id);
                }
            }
            if about {
                out.push(decision.told());
            }
        }
        Ok(out)
    }

    /// Lets a listing show what was decided: by views of the connection alone,
    /// so that nothing is written into the ledger. Without decisions listings
    /// are as the schema has them.
    pub(crate) fn lay_over(&self, view: View) -> Result<()> {
        self.db.execute_batch(
            "DROP VIEW IF EXISTS temp.attributions; DROP VIEW IF EXISTS temp.claims; DROP VIEW IF EXISTS temp.clusters;
             DROP TABLE IF EXISTS temp.decided;",
        )?;
        let decisions = self.in_force()?;
        if decisions.is_empty() || !matches!(view, View::Attributions | View::Claims | View::Clusters) {
            return Ok(());
        }
        self.db.execute_batch(
            "CREATE TEMP TABLE decided(id TEXT, told TEXT, speaker_set INTEGER, entity TEXT, name TEXT);",
        )?;
        let mut insert = self.db.prepare("INSERT INTO temp.decided VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for decision in decisions.iter() {
            for anchor in std::iter::once(&decision.subject).chain(&decision.object) {
                match (view, anchor) {
                    (View::Attributions, Anchor::Attribution { content, cue }) => {
                        let Some((id, entity, name)) = self.speaker_of(content, cue)? else { continue };
                        let set = decision.verb == DecisionVerb::SetSpeaker;
                        insert.execute(params![id, decision.told(), set, entity, name])?;
                    }
                    (View::Claims, Anchor::Claim(claim)) => {
                        let Some(id) = self.claim_of(claim)? else { continue };
                        insert.execute(params![id.to_string(), decision.told(), false, None::<&str>, None::<&str>])?;
                    }
                    (View::Claims, Anchor::Cluster { claims } | Anchor::Contradiction { claims, .. }) => {
                        for claim in claims {
                            let Some(id) = self.claim_of(claim)? else { continue };
                            insert.execute(params![
                                id.to_string(),
                                decision.told(),
                                false,
                                None::<&str>,
                                None::<&str>
                            ])?;
                        }
                    }
                    _ => {}
                }
            }
        }
        let told = "(SELECT group_concat(d.told, '; ') FROM decided d WHERE d.id = v.id) AS decided";
        // A cluster carries what was decided on its claims among its reasons.
        let reasons = "(SELECT group_concat(w.value ->> 'note', '; ') FROM main.cluster k, json_each(k.why) w
                        WHERE k.id = v.id AND w.value ->> 'rule' LIKE 'decided-%') AS decided";
        let set = "EXISTS (SELECT 1 FROM decided d WHERE d.id = v.id AND d.speaker_set)";
        let last = |column: &str| {
            format!(
                "(SELECT d.{column} FROM decided d WHERE d.id = v.id AND d.speaker_set ORDER BY d.rowid DESC LIMIT 1)"
            )
        };
        let sql = match view {
            View::Attributions => format!(
                "CREATE TEMP VIEW attributions AS
                 SELECT v.id, v.report, v.key, v.outlet, CASE WHEN {set} THEN {} ELSE v.speaker END AS speaker,
                   v.kind, v.class, v.source, v.cue, v.content, v.negated, v.hedged, v.parent, v.confidence,
                   CASE WHEN {set} THEN {} ELSE v.entity END AS entity, {told} FROM main.attributions v",
                last("name"),
                last("entity")
            ),
            View::Claims => format!("CREATE TEMP VIEW claims AS SELECT v.*, {told} FROM main.claims v"),
            _ => format!("CREATE TEMP VIEW clusters AS SELECT v.*, {reasons} FROM main.clusters v"),
        };
        Ok(self.db.execute_batch(&sql)?)
    }

    /// An attribution's id, with the entity and name of its speaker as they are now.
    fn speaker_of(&self, content: &Passage, cue: &str) -> Result<Option<(String, Option<String>, Option<String>)>> {
        let Some(reading) = self.digest(content.report)? else { return Ok(None) };
        let Some(n) = find_attribution(&reading, content, cue) else { return Ok(None) };
        let speaker = reading.attributions.get(n as usize).and_then(|a| a.speaker.entity());
        let local = speaker.and_then(|e| reading.analysis.entities.get(e as usize)).map(|e| e.name.clone());
        let sql = "SELECT e.id, e.name FROM entity_member m JOIN entity e ON e.id = m.entity
                   WHERE m.report = ?1 AND m.n = ?2";
        let found = params![content.report.to_string(), speaker];
        let joined: Option<(String, String)> =
            self.db.query_row(sql, found, |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let (entity, name) = joined.map_or((None, local), |(id, name)| (Some(id), Some(name)));
        Ok(Some((format!("{}.a{n}", content.report), entity, name)))
    }
}

/// The words by which a thing is named.
fn words_of(anchor: &Anchor) -> String {
    let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    match anchor {
        Anchor::Name { name } | Anchor::Entity { name, .. } => name.clone(),
        Anchor::Decision { n } => format!("decision {n}"),
        Anchor::Report(passage) => passage.key.clone(),
        other => {
            let passages = other.passages();
            let first = passages.first().map(|p| plain(&p.words)).unwrap_or_default();
            let more = passages.len().saturating_sub(1);
            if more > 0 { format!("{first} (and {more} more)") } else { first }
        }
    }
}
