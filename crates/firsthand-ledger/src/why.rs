//! Why two things of the ledger are, or are not, the same, independent, in
//! contradiction: what is stored, put to `firsthand_claim::why`.

use std::collections::BTreeMap;

use firsthand_claim::{Because, Known, Pair, Reports};
use firsthand_model::{ClaimId, Cluster, Contradiction, Reading, ReportId};
use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::comparison::{cluster_id, parse_indexed};
use crate::load::parse_id;
use crate::{Ledger, Result};

/// The answers about two claims, or what links two reports.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Why {
    /// About two claims; of two clusters those that are most alike.
    Claims {
        /// The clusters that were asked about, where they were.
        of_clusters: Option<[String; 2]>,
        /// The answers.
        #[serde(flatten)]
        pair: Box<Pair>,
        /// The keys of the reports quoted.
        keys: BTreeMap<ReportId, String>,
    },
    /// About two reports.
    Reports {
        /// The reports.
        reports: [ReportId; 2],
        /// Copies, one text behind both, one credit; empty where nothing links them.
        links: Vec<Because>,
        /// Clusters to which both speak: id, and what the one and the other say.
        clusters: Vec<(String, String, String)>,
        /// The keys of the reports quoted.
        keys: BTreeMap<ReportId, String>,
    },
}

/// What an id names.
enum Thing {
    Claim(ClaimId),
    Cluster(Box<Cluster>),
    Report(ReportId),
}

impl Ledger {
    /// Puts two claims, clusters or reports (these by id or key) side by side.
    /// The error says what of the two is not such a thing.
    pub fn why(&self, a: &str, b: &str) -> Result<std::result::Result<Why, String>> {
        let (x, y) = match (self.thing(a)?, self.thing(b)?) {
            (Some(x), Some(y)) => (x, y),
            (x, _) => {
                let which = if x.is_none() { a } else { b };
                return Ok(Err(format!("no claim, cluster or report is named `{which}`")));
            }
        };
        match (x, y) {
            (Thing::Claim(x), Thing::Claim(y)) => self.why_claims([x, y], None),
            (Thing::Cluster(x), Thing::Cluster(y)) => {
                let of = [cluster_id(&x), cluster_id(&y)];
                let comparison = self.comparison()?;
                let readings = self.story_readings(&[x.claims.first(), y.claims.first()].map(|c| c.copied()))?;
                let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
                let reports = Reports { readings: &list, entities: &comparison.entities, copies: &comparison.copies };
                match firsthand_claim::closest(&x, &y, &reports) {
                    Some(pair) => self.why_claims(pair, Some(of)),
                    None => Ok(Err("one of the clusters is empty".to_owned())),
                }
            }
            (Thing::Report(x), Thing::Report(y)) => self.why_reports([x, y]).map(Ok),
            _ => Ok(Err("name two claims, two clusters or two reports".to_owned())),
        }
    }

    fn thing(&self, id: &str) -> Result<Option<Thing>> {
        if let Some((report, index)) = parse_indexed(id, 'c') {
            let known = self.digest(report)?.is_some_and(|r| (index as usize) < r.claims.len());
            return Ok(known.then_some(Thing::Claim(ClaimId { report, index })));
        }
        if parse_indexed(id, 'k').is_some() {
            return Ok(self.cluster(id)?.map(|c| Thing::Cluster(Box::new(c))));
        }
        let sql = "SELECT id FROM report WHERE id = ?1 OR key = ?1 ORDER BY id LIMIT 1";
        let found: Option<String> = self.db.query_row(sql, [id], |r| r.get(0)).optional()?;
        Ok(found.map(|id| parse_id(&id)).transpose()?.map(Thing::Report))
    }

    fn why_claims(
        &self,
        pair: [ClaimId; 2],
        of_clusters: Option<[String; 2]>,
    ) -> Result<std::result::Result<Why, String>> {
        let comparison = self.comparison()?;
        let readings = self.story_readings(&pair.map(Some))?;
        let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
        let reports = Reports { readings: &list, entities: &comparison.entities, copies: &comparison.copies };
        let clusters = pair.map(|claim| comparison.clusters.iter().find(|k| k.claims.contains(&claim)));
        let mut verdicts: Vec<(String, Contradiction)> = Vec::new();
        for id in clusters.iter().flatten().map(|k| cluster_id(k)) {
            verdicts.extend(self.contradictions_in(&id)?.into_iter().map(|(n, x)| (format!("x{n}"), x)));
        }
        let known = Known { reports, clusters, verdicts: &verdicts };
        let Some(found) = firsthand_claim::why(pair, &known) else {
            return Ok(Err("one of the claims is not in the ledger".to_owned()));
        };
        let keys = self.keys(&readings)?;
        Ok(Ok(Why::Claims { of_clusters, pair: Box::new(found), keys }))
    }

    fn why_reports(&self, pair: [ReportId; 2]) -> Result<Why> {
        let comparison = self.comparison()?;
        // The reports themselves and all that links may lead through.
        let mut readings: Vec<(ReportId, Reading)> = Vec::new();
        for id in self.report_ids()? {
            let linked = comparison.families.iter().any(|f| f.reports.contains(&id) && f.reports.contains(&pair[0]));
            if linked || pair.contains(&id) {
                readings.extend(self.digest(id)?.map(|r| (id, r)));
            }
        }
        let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
        let reports = Reports { readings: &list, entities: &comparison.entities, copies: &comparison.copies };
        let links = firsthand_claim::why_reports(pair[0], pair[1], &reports);
        let mut clusters = Vec::new();
        for k in &comparison.clusters {
            let says = |report: ReportId| {
                let mut says: Vec<&str> = (k.sides.iter())
                    .filter(|s| s.claims.iter().any(|c| c.report == report))
                    .map(|s| s.says.as_str())
                    .collect();
                says.dedup();
                (!says.is_empty()).then(|| says.join(", "))
            };
            if let (Some(a), Some(b)) = (says(pair[0]), says(pair[1])) {
                clusters.push((cluster_id(k), a, b));
            }
        }
        Ok(Why::Reports { reports: pair, links, clusters, keys: self.keys(&readings)? })
    }

    fn keys(&self, readings: &[(ReportId, Reading)]) -> Result<BTreeMap<ReportId, String>> {
        readings.iter().map(|(id, _)| Ok((*id, self.key(*id)?))).collect()
    }

    /// The readings of the stories that these claims belong to, ascending by id.
    fn story_readings(&self, claims: &[Option<ClaimId>]) -> Result<Vec<(ReportId, Reading)>> {
        let mut ids: Vec<ReportId> = claims.iter().flatten().map(|c| c.report).collect();
        let sql = "SELECT DISTINCT m.report FROM cluster_claim m JOIN cluster k ON k.id = m.cluster WHERE k.story IN
                   (SELECT k.story FROM cluster_claim m JOIN cluster k ON k.id = m.cluster WHERE m.report = ?1)";
        let mut statement = self.db.prepare_cached(sql)?;
        for claim in claims.iter().flatten() {
            let rows = statement.query_map([claim.report.to_string()], |r| r.get::<_, String>(0))?;
            for id in rows {
                ids.push(parse_id(&id?)?);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut out = Vec::with_capacity(ids.len());
        for id in ids {
            out.extend(self.digest(id)?.map(|r| (id, r)));
        }
        Ok(out)
    }
}
