/*!
How many, when, where: measures with bounds, times with anchors, places with
coordinates.
*/

use firsthand_model::{Analysis, Attribution, Measure, Place, Report, Time};

/// The quantities of a report, in order of their spans.
pub fn measures(_report: &Report, _analysis: &Analysis, _attributions: &[Attribution]) -> Vec<Measure> {
    Vec::new()
}

/// The time expressions of a report, in order of their spans, anchored on its
/// publication time.
pub fn times(_report: &Report, _analysis: &Analysis) -> Vec<Time> {
    Vec::new()
}

/// The places a report names, in order of their spans.
pub fn places(_report: &Report, _analysis: &Analysis) -> Vec<Place> {
    Vec::new()
}
