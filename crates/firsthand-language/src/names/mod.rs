//! Names, titles and mentions.

use firsthand_model::{Analysis, Report};

/// Fills `analysis.mentions` with the names of a report whose tokens are tagged.
pub fn recognise(_report: &Report, _analysis: &mut Analysis) {}
