/*!
The checkable assertions of a report; over many reports their clusters,
origins, corroboration and contradictions.

[`claims`] works on one reading. Each sentence is cut by voice (what the outlet
says itself, what it attributes to whom, to any depth) and then into clauses; a
clause gives one claim per figure, or one for itself. Predicates get a class
from an open lexicon (`data/predicates.tsv`), with PLOVER types beside.

[`compare()`] works on many readings without their tokens. Reports are grouped
into stories, and only claims of one story are compared, so the time stays
near-linear. Claims join a cluster by the key of their figure, by their words
weighed within the story, by equal numbers and clock times; parts and wholes,
classes that count people, and earlier happenings are kept apart. Each claim's
voice is followed to its end. Certain links (one speaker or organisation, a
copied passage, a cited report, a figure repeated) make one origin; plausible
ones (an unidentified source, an outlet that names nobody) only lower the lower
bound. So `independent` is an interval: every plausible merge made, only
certain ones made. Where both are one number, a claim of another origin that
may say the same in other words opens the upper end by one, and is named. What
differs inside a cluster gets a verdict with a reason.

[`headline()`] tells a cluster in plain English, [`timeline()`] in the order of time;
[`why()`] says of two claims whether they are the same, independent, in contradiction. Nothing here says what is true.
*/

mod chain;
mod clause;
mod cluster;
mod compare;
pub mod decide;
mod extract;
mod headline;
mod item;
mod judge;
mod near;
mod origin;
mod relation;
mod story;
mod timeline;
mod vector;
mod voice;
mod who;
mod why;
mod words;

pub use headline::{Descent, headline};
pub use timeline::{Appearance, Change, Did, Point, Series, Source, Telling, Timeline, TookOver, timeline};
pub use why::{Answer, Because, ClaimTold, Holds, Known, Pair, Quote, Reports, closest, why, why_reports};

use firsthand_model::{Claim, Cluster, Contradiction, CopyLink, Entity, Family, Reading, Readings};

/// The claims of a reading (whose `claims` are not yet filled), in order of
/// their evidence.
pub fn claims(reading: &Reading) -> Vec<Claim> {
    extract::claims(reading)
}

/// What is known of a collection before its claims are compared.
#[derive(Clone, Copy, Debug)]
pub struct Collection<'a> {
    /// The readings.
    pub readings: &'a dyn Readings,
    /// Entities across them.
    pub entities: &'a [Entity],
    /// Who copied whom.
    pub copies: &'a [CopyLink],
    /// Copy families.
    pub families: &'a [Family],
    /// What analysts decided, found in the readings.
    pub orders: &'a decide::Orders,
}

/// Clusters with their origins and corroboration, and what does not fit
/// together in them. The order of readings changes nothing.
pub fn compare(collection: &Collection<'_>) -> (Vec<Cluster>, Vec<Contradiction>) {
    compare::compare(collection)
}
