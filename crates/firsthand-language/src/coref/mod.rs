//! Which mentions stand for one entity.

use firsthand_model::{Analysis, Report};

/// Fills `analysis.entities`, and the entity of every mention that has one.
pub fn resolve(_report: &Report, _analysis: &mut Analysis) {}
