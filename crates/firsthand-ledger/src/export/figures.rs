//! `figures.jsonl`: one figure for each cluster that tells figures, as a named
//! policy makes it of what was printed.

use std::collections::BTreeMap;
use std::path::Path;

use firsthand_model::{ClaimId, Measure, Polarity, ReportId};
use firsthand_pipeline::Policy;
use serde_json::json;

use super::jsonl::Lines;
use crate::comparison::cluster_id;
use crate::{Error, Ledger, Result};

/// A measure that a cluster's claim affirms, and its words.
struct Printed {
    claim: ClaimId,
    measure: Measure,
    words: String,
}

/// Writes a line for each cluster of figures, unit and policy. What is denied
/// is not counted. The ledger keeps what was printed; policies see only that.
pub fn figures(ledger: &Ledger, folder: &Path, policies: &[Policy]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
    let clusters = ledger.comparison()?.clusters;
    let mut wanted: BTreeMap<ReportId, Vec<(usize, ClaimId)>> = BTreeMap::new();
    for (n, cluster) in clusters.iter().enumerate().filter(|(_, c)| c.kind == "figure") {
        for &claim in &cluster.claims {
            wanted.entry(claim.report).or_default().push((n, claim));
        }
    }
    let mut printed: BTreeMap<(usize, String), Vec<Printed>> = BTreeMap::new();
    for (report, claims) in wanted {
        let Some(reading) = ledger.reading(report)? else { continue };
        for (cluster, id) in claims {
            let Some(claim) = reading.claims.get(id.index as usize) else { continue };
            let measure = claim.measures.first().and_then(|&m| reading.measures.get(m as usize));
            if let Some(measure) = measure.filter(|_| claim.polarity == Polarity::Affirmed) {
                let words = measure.span.of(&reading.report.text).to_owned();
                let key = (cluster, measure.unit.clone());
                printed.entry(key).or_default().push(Printed { claim: id, measure: measure.clone(), words });
            }
        }
    }
    let mut lines = Lines::new(folder, "figures")?;
    for ((cluster, unit), list) in &printed {
        let measures: Vec<(&Measure, &str)> = list.iter().map(|p| (&p.measure, p.words.as_str())).collect();
        let claims: Vec<String> = list.iter().map(|p| p.claim.to_string()).collect();
        for policy in policies {
            let made = policy.apply(&measures);
            lines.write(&json!({
                "cluster": clusters.get(*cluster).map(cluster_id), "policy": policy.name(), "unit": unit,
                "low": made.low, "best": made.best, "high": made.high, "claims": claims,
            }))?;
        }
    }
    lines.finish()
}
