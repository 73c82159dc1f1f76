/*!
The plain data types that the stages of firsthand share.

Two layers, as data flows:

* A [`Reading`] is all that one report says by itself: the [`Report`] (text,
  metadata, blocks, map to the original bytes), its [`Analysis`] (sentences,
  tokens, mentions, entities), and what was found in it: [`Attribution`]s,
  [`Measure`]s, [`Time`]s, [`Place`]s and [`Claim`]s. It is a pure function
  of the report's bytes. Inside it, things name each other by their index
  (`u32`) in these lists.
* A [`Comparison`] is what many readings say together: [`Entity`]s across
  reports, [`CopyLink`]s and [`Family`]s, [`Cluster`]s with their
  [`Origin`]s, [`Contradiction`]s. It names reports by [`ReportId`] and
  things in them by [`ReportId`] and index.

The types know neither how they are made nor where they are stored. Every
result carries `why`: a list of [`Reason`]s, from which the command line, the
web pages and the exports make words.
*/

mod analysis;
mod attribution;
mod claim;
mod compare;
mod decision;
mod entity;
mod ids;
mod measure;
mod moment;
mod original;
mod outlets;
mod readings;
mod reason;
mod report;
mod words;

pub use analysis::{Analysis, Relation, Sentence, Tokens, Upos};
pub use attribution::{Attribution, AttributionClass, AttributionKind, Speaker};
pub use claim::{Argument, Claim, Modality, Polarity, Voice, VoiceKind};
pub use compare::{
    Cluster, Comparison, Contradiction, ContradictionKind, CopyHow, CopyLink, CopySpan, Family, Origin, Side, SpanKind,
    Verdict,
};
pub use decision::{Anchor, ClaimAnchor, Decision, DecisionVerb, Passage};
pub use entity::{Entity, EntityKind, Gender, LocalEntity, Mention, MentionKind};
pub use ids::{ClaimId, EntityId, ReportId};
pub use measure::{Approx, Bound, Change, Interval, Measure, Place, Time, TimeKind};
pub use moment::{Granularity, Moment};
pub use original::{Run, SpanMap};
pub use outlets::{Outlet, Outlets};
pub use readings::Readings;
pub use reason::{Reason, Why};
pub use report::{Block, BlockKind, Dateline, Found, How, Report};

use serde::{Deserialize, Serialize};

/// All that one report says by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The text, its metadata and its map to the original bytes.
    pub report: Report,
    /// Sentences, tokens, mentions and entities of the text.
    pub analysis: Analysis,
    /// Who said what.
    pub attributions: Vec<Attribution>,
    /// Quantities with their bounds.
    pub measures: Vec<Measure>,
    /// Dates, times, durations and sets.
    pub times: Vec<Time>,
    /// Places with coordinates where known.
    pub places: Vec<Place>,
    /// The checkable assertions.
    pub claims: Vec<Claim>,
}
