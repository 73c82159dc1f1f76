/*!
Who copied whom: aligned text reuse, typed, and the stemma.
*/

use firsthand_model::{CopyLink, Family, Report, ReportId};
use firsthand_span::Span;

/// What the comparison of texts needs of one report.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Its id.
    pub id: ReportId,
    /// Its text and metadata.
    pub report: &'a Report,
    /// Passages in quotation marks, ascending: shared without copying by all
    /// who heard them.
    pub quotations: &'a [Span],
}

/// Copy links and families of a collection. The order of `texts` changes
/// nothing.
pub fn compare(_texts: &[Text<'_>]) -> (Vec<CopyLink>, Vec<Family>) {
    (Vec::new(), Vec::new())
}
