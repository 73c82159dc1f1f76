/*!
Name matching across spellings, and entities across reports.
*/

use firsthand_model::{Entity, Reading, ReportId};

/// Joins the entities of single reports. The order of `readings` changes
/// nothing.
pub fn join(_readings: &[(ReportId, &Reading)]) -> Vec<Entity> {
    Vec::new()
}
