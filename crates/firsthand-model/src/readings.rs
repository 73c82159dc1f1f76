use std::borrow::Cow;

use crate::{Reading, ReportId};

/// The readings of a collection, looked at a few at a time.
///
/// Ten thousand readings fill a gigabyte, and most stages of a comparison
/// look at one after the other. So what they are given may keep readings in a
/// smaller form and unpack one when it is asked for.
pub trait Readings: Sync + std::fmt::Debug {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The report of the reading at `at`, which is less than [`len`](Self::len).
    fn id(&self, at: usize) -> ReportId;

    /// The reading at `at`, which is less than [`len`](Self::len).
    fn reading(&self, at: usize) -> Cow<'_, Reading>;
}

impl Readings for Vec<(ReportId, &Reading)> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn id(&self, at: usize) -> ReportId {
        self[at].0
    }

    fn reading(&self, at: usize) -> Cow<'_, Reading> {
        Cow::Borrowed(self[at].1)
    }
}
