//! Clusters laid out in time, from what is stored.

use std::collections::BTreeMap;

use firsthand_claim::{Source, Timeline};
use firsthand_model::{Reading, ReportId};
use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::{Ledger, Result};

/// Readings kept in memory between clusters of one story.
const KEPT: usize = 400;

/// A cluster in the order of time.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterTimeline {
    /// The cluster's id.
    pub cluster: String,
    /// What it is about and how it stands, in a few sentences.
    pub headline: String,
    /// Its kind: `figure`, `event` ...
    pub kind: String,
    /// Series, values and changes.
    #[serde(flatten)]
    pub timeline: Timeline,
}

/// Which clusters are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// A cluster or claim, or a report (by id or key): then the figures of its story.
    pub of: Option<&'a str>,
    /// Only clusters most of whose claims are of this class, such as `killed`.
    pub what: Option<&'a str>,
    /// At most this many.
    pub limit: Option<usize>,
}

impl Ledger {
    /// Clusters in the order of time, those most reports speak to first; and how
    /// many there are without the limit. Unless one is named, only figures; and
    /// unless a class is named, only those told with more than one value. `None` if nothing is named so.
    pub fn timelines(&self, wanted: &Wanted<'_>) -> Result<Option<(Vec<ClusterTimeline>, usize)>> {
        let Some(ids) = self.clusters_wanted(wanted)? else { return Ok(None) };
        let all = ids.len();
        let mut readings: BTreeMap<ReportId, (String, Reading)> = BTreeMap::new();
        let mut out = Vec::new();
        for id in ids.into_iter().take(wanted.limit.unwrap_or(usize::MAX)) {
            let Some(cluster) = self.cluster(&id)? else { continue };
            if readings.len() > KEPT {
                readings.clear();
            }
            for claim in &cluster.claims {
                if let std::collections::btree_map::Entry::Vacant(e) = readings.entry(claim.report)
                    && let Some(reading) = self.digest(claim.report)?
                {
                    e.insert((self.key(claim.report)?, reading));
                }
            }
            let sources: Vec<Source<'_>> =
                readings.iter().map(|(id, (key, reading))| Source { id: *id, key, reading }).collect();
            let timeline = firsthand_claim::timeline(&cluster, &sources);
            out.push(ClusterTimeline { cluster: id, headline: cluster.headline, kind: cluster.kind, timeline });
        }
        Ok(Some((out, all)))
    }

    /// The key of a report.
    pub(crate) fn key(&self, id: ReportId) -> Result<String> {
        Ok(self.db.query_row("SELECT key FROM report WHERE id = ?1", [id.to_string()], |r| r.get(0))?)
    }

    fn clusters_wanted(&self, wanted: &Wanted<'_>) -> Result<Option<Vec<String>>> {
        let mut story = None;
        if let Some(of) = wanted.of {
            if let Some(cluster) = self.cluster_of(of)? {
                return Ok(Some(vec![cluster]));
            }
            let by_report = "SELECT k.story FROM report r JOIN cluster_claim m ON m.report = r.id \
                             JOIN cluster k ON k.id = m.cluster WHERE r.id = ?1 OR r.key = ?1 \
                             GROUP BY k.story ORDER BY count(*) DESC, k.story LIMIT 1";
            story = self.db.query_row(by_report, [of], |r| r.get::<_, String>(0)).optional()?;
            if story.is_none() {
                return Ok(None);
            }
        }
        let sql = "SELECT k.id FROM cluster k WHERE (?1 IS NULL OR k.story = ?1)
             AND k.kind = 'figure'
             AND CASE WHEN ?2 IS NULL THEN json_array_length(k.sides) > 1
               ELSE 2 * (SELECT count(*) FROM cluster_claim m JOIN report r ON r.id = m.report
                         JOIN claim c ON c.report = r.rowid AND c.n = m.n WHERE m.cluster = k.id AND c.class = ?2)
                    > (SELECT count(*) FROM cluster_claim m WHERE m.cluster = k.id) END
             ORDER BY k.reports DESC, (SELECT count(*) FROM cluster_claim m WHERE m.cluster = k.id) DESC, k.n";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement.query_map(rusqlite::params![story, wanted.what], |r| r.get(0))?;
        Ok(Some(ids.collect::<rusqlite::Result<_>>()?))
    }

    /// The cluster that an id names: its own, or that of one of its claims.
    pub(crate) fn cluster_of(&self, id: &str) -> Result<Option<String>> {
        if let Some((report, n)) = crate::comparison::parse_indexed(id, 'c') {
            let sql = "SELECT cluster FROM cluster_claim WHERE report = ?1 AND n = ?2";
            return Ok(self.db.query_row(sql, rusqlite::params![report.to_string(), n], |r| r.get(0)).optional()?);
        }
        Ok(self.db.query_row("SELECT id FROM cluster WHERE id = ?1", [id], |r| r.get(0)).optional()?)
    }
}
