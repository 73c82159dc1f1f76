//! What the reports say together: made from the stored readings, kept in
//! tables of its own, replaced as a whole in one transaction.

use std::collections::BTreeMap;

use firsthand_model::{
    ClaimId, Cluster, Comparison, Contradiction, ContradictionKind, CopyHow, CopyLink, Entity, EntityId, EntityKind,
    Family, Origin, ReportId, Verdict,
};
use firsthand_pipeline::Digests;
use rusqlite::{Row, Transaction, params};

use crate::json::{Json, word};
use crate::load::parse_id;
use crate::{Error, Ledger, Result};

/// The tables of the comparison, in an order that empties them safely.
const TABLES: [&str; 8] =
    ["contradiction", "origin", "cluster_claim", "cluster", "family", "copy", "entity_member", "entity"];

impl Ledger {
    /// Whether the comparison belongs to the reports that are stored now.
    pub fn is_compared(&self, reader: &str) -> Result<bool> {
        Ok(self.meta("compared")?.as_deref() == Some(reader))
    }

    /// Makes the comparison anew unless it is up to date. Returns whether it did.
    pub fn compare(&mut self, reader: &str) -> Result<bool> {
        if self.is_compared(reader)? {
            return Ok(false);
        }
        // Reports may have come since decisions were last looked up.
        self.decisions = Default::default();
        let mut digests = Digests::new();
        for id in self.report_ids()? {
            if let Some(reading) = self.digest(id)? {
                digests.push(id, reading);
            }
        }
        let comparison = firsthand_pipeline::compare_decided(&digests, &self.in_force()?);
        drop(digests);
        let tx = self.db.transaction()?;
        // Rows in the order of their keys, and indices made of whole tables: else every row is a page
        // somewhere in a tree that no longer fits into the cache.
        let indices: Vec<(String, String)> = tx
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('entity_member', 'cluster_claim')")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (name, _) in &indices {
            tx.execute(&format!("DROP INDEX {name}"), [])?;
        }
        for table in TABLES {
            tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
        store(&tx, &comparison)?;
        for (_, sql) in &indices {
            tx.execute(sql, [])?;
        }
        tx.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('compared', ?1)", [reader])?;
        tx.commit()?;
        Ok(true)
    }

    /// The comparison as stored.
    pub fn comparison(&self) -> Result<Comparison> {
        let mut comparison = Comparison {
            entities: self.entities()?,
            copies: self.all("SELECT * FROM copy ORDER BY n", [], copy)?,
            families: self.all("SELECT * FROM family ORDER BY n", [], |r| {
                Ok(Family { reports: r.get::<_, Json<_>>("reports")?.0, independent: (r.get("low")?, r.get("high")?) })
            })?,
            clusters: self.all("SELECT * FROM cluster ORDER BY n", [], cluster)?,
            contradictions: Vec::new(),
        };
        let mut at: BTreeMap<String, u32> = BTreeMap::new();
        for (n, cluster) in comparison.clusters.iter_mut().enumerate() {
            at.insert(cluster_id(cluster), n as u32);
            self.fill(cluster)?;
        }
        comparison.contradictions = self.all("SELECT * FROM contradiction ORDER BY n", [], |r| {
            let cluster: String = r.get("cluster")?;
            let at = at.get(&cluster).ok_or_else(|| Error::Damaged(format!("cluster {cluster}")))?;
            contradiction(r, *at)
        })?;
        Ok(comparison)
    }

    /// Entities across reports with their members, ascending by id.
    pub(crate) fn entities(&self) -> Result<Vec<Entity>> {
        let mut entities = self.all("SELECT * FROM entity", [], entity)?;
        entities.sort_by_key(|e| e.id);
        for e in &mut entities {
            e.members = self.members(e.id)?;
        }
        Ok(entities)
    }

    /// One entity with its members.
    pub(crate) fn entity(&self, id: &str) -> Result<Option<Entity>> {
        let Some(mut found) = self.all("SELECT * FROM entity WHERE id = ?1", [id], entity)?.pop() else {
            return Ok(None);
        };
        found.members = self.members(found.id)?;
        Ok(Some(found))
    }

    /// One cluster with its claims and origins.
    pub(crate) fn cluster(&self, id: &str) -> Result<Option<Cluster>> {
        let Some(mut found) = self.all("SELECT * FROM cluster WHERE id = ?1", [id], cluster)?.pop() else {
            return Ok(None);
        };
        self.fill(&mut found)?;
        Ok(Some(found))
    }

    /// One copy link.
    pub(crate) fn copy(&self, n: i64) -> Result<Option<CopyLink>> {
        Ok(self.all("SELECT * FROM copy WHERE n = ?1", [n], copy)?.pop())
    }

    /// One contradiction with the id of its cluster. Its index there means nothing.
    pub(crate) fn contradiction(&self, n: i64) -> Result<Option<(String, Contradiction)>> {
        let row = |r: &Row<'_>| Ok((r.get("cluster")?, contradiction(r, 0)?));
        Ok(self.all("SELECT * FROM contradiction WHERE n = ?1", [n], row)?.pop())
    }

    /// The contradictions of a cluster, with their numbers.
    pub(crate) fn contradictions_in(&self, cluster: &str) -> Result<Vec<(i64, Contradiction)>> {
        let row = |r: &Row<'_>| Ok((r.get("n")?, contradiction(r, 0)?));
        self.all("SELECT * FROM contradiction WHERE cluster = ?1 ORDER BY n", [cluster], row)
    }

    fn members(&self, id: EntityId) -> Result<Vec<(ReportId, u32)>> {
        let sql = "SELECT report, n FROM entity_member WHERE entity = ?1 ORDER BY report, n";
        self.all(sql, [id.to_string()], |r| Ok((parse_id(&r.get::<_, String>("report")?)?, r.get("n")?)))
    }

    fn fill(&self, cluster: &mut Cluster) -> Result<()> {
        let id = cluster_id(cluster);
        let sql = "SELECT report, n FROM cluster_claim WHERE cluster = ?1 ORDER BY report, n";
        cluster.claims = self.all(sql, [&id], |r| {
            Ok(ClaimId { report: parse_id(&r.get::<_, String>("report")?)?, index: r.get("n")? })
        })?;
        cluster.origins = self.all("SELECT * FROM origin WHERE cluster = ?1 ORDER BY n", [&id], |r| {
            Ok(Origin {
                name: r.get("name")?,
                identified: r.get("identified")?,
                entity: r.get::<_, Option<String>>("entity")?.map(|e| parse_entity(&e)).transpose()?,
                claims: r.get::<_, Json<_>>("claims")?.0,
                why: r.get::<_, Json<_>>("why")?.0,
            })
        })?;
        Ok(())
    }

    fn all<T, P: rusqlite::Params>(
        &self,
        sql: &str,
        params: P,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(read(row)?);
        }
        Ok(out)
    }
}

/// A cluster is named by its first claim, with `k` for the letter.
pub(crate) fn cluster_id(cluster: &Cluster) -> String {
    cluster.claims.first().map_or_else(String::new, |c| format!("{}.k{}", c.report, c.index))
}

fn store(tx: &Transaction<'_>, comparison: &Comparison) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT INTO entity VALUES (?1,?2,?3,?4,?5,?6)")?;
    for e in &comparison.entities {
        let id = e.id.to_string();
        let kind = e.kind.map(|k| k.as_str());
        insert.execute(params![
            id,
            e.name,
            kind,
            Json(&e.variants),
            e.speaks_for.map(|s| s.to_string()),
            Json(&e.why)
        ])?;
    }
    let mut members: Vec<(ReportId, u32, EntityId)> =
        comparison.entities.iter().flat_map(|e| e.members.iter().map(|&(report, n)| (report, n, e.id))).collect();
    members.sort_unstable();
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO entity_member VALUES (?1,?2,?3)")?;
    for (report, n, entity) in members {
        insert.execute(params![report.to_string(), n, entity.to_string()])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO copy VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")?;
    for (n, c) in comparison.copies.iter().enumerate() {
        let parent = c.parent.map(|p| p.to_string());
        insert.execute(params![
            n,
            parent,
            c.hidden,
            c.child.to_string(),
            c.how.as_str(),
            c.directed,
            c.share,
            Json(&c.spans),
            Json(&c.why)
        ])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO family VALUES (?1,?2,?3,?4)")?;
    for (n, f) in comparison.families.iter().enumerate() {
        insert.execute(params![n, Json(&f.reports), f.independent.0, f.independent.1])?;
    }
    for (n, c) in comparison.clusters.iter().enumerate() {
        store_cluster(tx, n, c)?;
    }
    let mut claims: Vec<(ClaimId, u32)> =
        comparison.clusters.iter().zip(0..).flat_map(|(c, n)| c.claims.iter().map(move |&claim| (claim, n))).collect();
    claims.sort_unstable();
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO cluster_claim VALUES (?1,?2,?3)")?;
    for (claim, n) in claims {
        let Some(cluster) = comparison.clusters.get(n as usize) else { continue };
        insert.execute(params![claim.report.to_string(), claim.index, cluster_id(cluster)])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO contradiction VALUES (?1,?2,?3,?4,?5,?6)")?;
    for (n, x) in comparison.contradictions.iter().enumerate() {
        let Some(cluster) = comparison.clusters.get(x.cluster as usize) else { continue };
        insert.execute(params![
            n,
            cluster_id(cluster),
            x.verdict.as_str(),
            x.kind.as_str(),
            Json(&x.claims),
            Json(&x.why)
        ])?;
    }
    Ok(())
}

fn store_cluster(tx: &Transaction<'_>, n: usize, c: &Cluster) -> Result<()> {
    let id = cluster_id(c);
    let mut reports: Vec<ReportId> = c.claims.iter().map(|k| k.report).collect();
    reports.sort_unstable();
    reports.dedup();
    tx.prepare_cached("INSERT INTO cluster VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")?.execute(params![
        id,
        n,
        c.story.to_string(),
        c.headline,
        c.kind,
        reports.len(),
        c.independent.0,
        c.independent.1,
        Json(&c.sides),
        Json(&c.why)
    ])?;
    let mut insert = tx.prepare_cached("INSERT INTO origin VALUES (?1,?2,?3,?4,?5,?6,?7)")?;
    for (n, o) in c.origins.iter().enumerate() {
        let entity = o.entity.map(|e| e.to_string());
        insert.execute(params![id, n, o.name, o.identified, entity, Json(&o.claims), Json(&o.why)])?;
    }
    Ok(())
}

/// An entity's id from its written form `REPORT.eN`.
pub(crate) fn parse_entity(id: &str) -> Result<EntityId> {
    let (report, index) = parse_indexed(id, 'e').ok_or_else(|| Error::Damaged(format!("entity `{id}`")))?;
    Ok(EntityId { report, index })
}

/// A report and an index from `REPORT.xN`, where `x` is `letter`.
pub(crate) fn parse_indexed(id: &str, letter: char) -> Option<(ReportId, u32)> {
    let (report, index) = id.split_once('.')?;
    Some((ReportId::parse(report)?, index.strip_prefix(letter)?.parse().ok()?))
}

fn entity(r: &Row<'_>) -> Result<Entity> {
    Ok(Entity {
        id: parse_entity(&r.get::<_, String>("id")?)?,
        name: r.get("name")?,
        kind: r.get::<_, Option<String>>("type")?.and_then(|k| EntityKind::parse(&k)),
        variants: r.get::<_, Json<_>>("variants")?.0,
        members: Vec::new(),
        speaks_for: r.get::<_, Option<String>>("speaks_for")?.map(|e| parse_entity(&e)).transpose()?,
        why: r.get::<_, Json<_>>("why")?.0,
    })
}

fn copy(r: &Row<'_>) -> Result<CopyLink> {
    Ok(CopyLink {
        parent: r.get::<_, Option<String>>("parent")?.map(|p| parse_id(&p)).transpose()?,
        hidden: r.get("hidden")?,
        child: parse_id(&r.get::<_, String>("child")?)?,
        how: word!(r, "how", CopyHow),
        directed: r.get("directed")?,
        share: r.get("share")?,
        spans: r.get::<_, Json<_>>("spans")?.0,
        why: r.get::<_, Json<_>>("why")?.0,
    })
}

fn cluster(r: &Row<'_>) -> Result<Cluster> {
    let id: String = r.get("id")?;
    let (report, index) = parse_indexed(&id, 'k').ok_or_else(|| Error::Damaged(format!("cluster `{id}`")))?;
    Ok(Cluster {
        story: parse_id(&r.get::<_, String>("story")?)?,
        headline: r.get("headline")?,
        kind: r.get("kind")?,
        claims: vec![ClaimId { report, index }],
        origins: Vec::new(),
        independent: (r.get("low")?, r.get("high")?),
        sides: r.get::<_, Json<_>>("sides")?.0,
        why: r.get::<_, Json<_>>("why")?.0,
    })
}

fn contradiction(r: &Row<'_>, cluster: u32) -> Result<Contradiction> {
    Ok(Contradiction {
        cluster,
        verdict: word!(r, "verdict", Verdict),
        kind: word!(r, "kind", ContradictionKind),
        claims: r.get::<_, Json<_>>("claims")?.0,
        why: r.get::<_, Json<_>>("why")?.0,
    })
}
