/*!
The checkable assertions of a report; over many reports their clusters,
origins, corroboration and contradictions.
*/

mod clause;
mod cluster;
mod compare;
mod extract;
mod headline;
mod item;
mod judge;
mod origin;
mod relation;
mod story;
mod vector;
mod voice;
mod words;

use firsthand_model::{Claim, Cluster, Contradiction, CopyLink, Entity, Family, Reading, ReportId};

/// The claims of a reading (whose `claims` are not yet filled), in order of
/// their evidence.
pub fn claims(reading: &Reading) -> Vec<Claim> {
    extract::claims(reading)
}

/// What is known of a collection before its claims are compared.
#[derive(Clone, Copy, Debug)]
pub struct Collection<'a> {
    /// The readings.
    pub readings: &'a [(ReportId, &'a Reading)],
    /// Entities across them.
    pub entities: &'a [Entity],
    /// Who copied whom.
    pub copies: &'a [CopyLink],
    /// Copy families.
    pub families: &'a [Family],
}

/// Clusters with their origins and corroboration, and what does not fit
/// together in them. The order of readings changes nothing.
pub fn compare(collection: &Collection<'_>) -> (Vec<Cluster>, Vec<Contradiction>) {
    compare::compare(collection)
}
