use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{ClaimId, Entity, EntityId, ReportId, Why};

words! {
    /// How a report descends from another.
    CopyHow {
        Whole = "whole", Cut = "cut", Reworded = "reworded", Merged = "merged",
        /// Only quotations are shared: perhaps one press conference.
        QuotesOnly = "quotes-only",
        /// Only a paragraph that is repeated in every story is shared.
        BackgroundOnly = "background-only",
        /// Names the other without sharing its text.
        Cites = "cites",
    }
}

impl CopyHow {
    /// Whether report text (not only quotations, background or a name) is shared.
    pub fn shares_text(self) -> bool {
        matches!(self, CopyHow::Whole | CopyHow::Cut | CopyHow::Reworded | CopyHow::Merged)
    }
}

words! {
    /// What a shared passage is.
    SpanKind {
        /// Running text: the sign of copying.
        Narration = "narration",
        Quotation = "quotation",
        Background = "background",
        Furniture = "furniture",
        Title = "title",
    }
}

/// A passage that two reports share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopySpan {
    /// In the parent; `None` where the parent is not in the collection.
    pub parent: Option<Span>,
    /// In the child.
    pub child: Span,
    /// What it is.
    pub kind: SpanKind,
}

/// Direct descent of one report from another, or from a source that is not in
/// the collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyLink {
    /// The earlier report; `None` for a hidden source.
    pub parent: Option<ReportId>,
    /// Names the hidden source that its children share.
    pub hidden: Option<String>,
    /// The later report.
    pub child: ReportId,
    /// How it descends.
    pub how: CopyHow,
    /// Whether parent and child are known to be this way round.
    pub directed: bool,
    /// Share of the child's text, 0 to 1.
    pub share: f64,
    /// Shared passages, in order of the child.
    pub spans: Vec<CopySpan>,
    /// The evidence, for the link and for its direction.
    pub why: Why,
}

/// Reports joined by copy links or a shared hidden source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Members, ascending.
    pub reports: Vec<ReportId>,
    /// Independent origins of their texts: at least, at most.
    pub independent: (u32, u32),
}

/// Where a claim's chain ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name, or the words that leave it open.
    pub name: String,
    /// Whether it is known who it is.
    pub identified: bool,
    /// The entity, where it is one.
    pub entity: Option<EntityId>,
    /// The claims that rest on it, ascending.
    pub claims: Vec<ClaimId>,
    /// The links by which they are one.
    pub why: Why,
}

/// The claims of a cluster that say one thing: a value, or yes or no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// What they say, such as "12" or "denied".
    pub says: String,
    /// The claims, ascending.
    pub claims: Vec<ClaimId>,
    /// Independent origins of this side: at least, at most.
    pub independent: (u32, u32),
}

/// Claims of different reports (or places in one) about the same thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// The happening it belongs to: the least report of it.
    pub story: ReportId,
    /// What it is about, in plain words.
    pub headline: String,
    /// `figure`, `polarity`, `actor`, `time`, `place`, `event` ...
    pub kind: String,
    /// Members, ascending; the first names the cluster.
    pub claims: Vec<ClaimId>,
    /// Where their chains end.
    pub origins: Vec<Origin>,
    /// Independent origins that speak to it, whatever they say: at least, at most.
    pub independent: (u32, u32),
    /// The same, per side.
    pub sides: Vec<Side>,
    /// Why the claims are about the same thing.
    pub why: Why,
}

words! {
    /// What became of two claims that differ.
    Verdict {
        Contradiction = "contradiction",
        /// A later figure by the same origin.
        Update = "update",
        /// Both can hold.
        Compatible = "compatible",
        OtherScope = "other-scope",
        Rounding = "rounding",
        /// An old figure repeated.
        Repeat = "repeat",
    }
}

words! {
    /// In what two claims differ.
    ContradictionKind {
        Figure = "figure", Time = "time", Place = "place",
        /// Who did it, or what caused it.
        Actor = "actor",
        Polarity = "polarity",
        /// Parts exceed the whole.
        Arithmetic = "arithmetic",
        /// Told before it happened, or quoted before it was published.
        Order = "order",
    }
}

/// Claims of one cluster that do not say the same, and what that means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Index in [`Comparison::clusters`].
    pub cluster: u32,
    /// What it comes to.
    pub verdict: Verdict,
    /// In what they differ.
    pub kind: ContradictionKind,
    /// One claim per side (for `arithmetic`: the whole and its parts).
    pub claims: Vec<ClaimId>,
    /// The reason, in a sentence.
    pub why: Why,
}

/// What many readings say together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Entities across reports, ascending by id.
    pub entities: Vec<Entity>,
    /// Direct descents, ascending by child, then parent.
    pub copies: Vec<CopyLink>,
    /// Copy families, ascending.
    pub families: Vec<Family>,
    /// Claim clusters, ascending by their first claim.
    pub clusters: Vec<Cluster>,
    /// Contradictions, updates and the like, by cluster.
    pub contradictions: Vec<Contradiction>,
}
