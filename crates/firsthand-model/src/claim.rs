use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{Moment, Why};

words! {
    /// Whether the claim says so or denies it.
    Polarity { Affirmed = "affirmed", Denied = "denied" }
}

words! {
    /// How firmly it is put.
    Modality { Asserted = "asserted", Hedged = "hedged", Planned = "planned", Conditional = "conditional" }
}

words! {
    /// What a link of a voice is.
    VoiceKind {
        Outlet = "outlet", Agency = "agency", CitedOutlet = "cited_outlet", Speaker = "speaker",
        Document = "document", Unidentified = "unidentified",
    }
}

/// One link of the chain an assertion came down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// What it is.
    pub kind: VoiceKind,
    /// Its name as printed or resolved; the words of the source where unidentified.
    pub name: String,
    /// Index in [`crate::Analysis::entities`].
    pub entity: Option<u32>,
}

/// Who did it, to whom, where: an argument of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Bytes of the clean text.
    pub span: Span,
    /// Index in [`crate::Analysis::entities`].
    pub entity: Option<u32>,
}

/// One checkable assertion in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Where it stands: within one sentence.
    pub evidence: Span,
    /// Lemma of what is asserted, such as `kill` or `deny`.
    pub predicate: String,
    /// Class of the predicate, such as `killed`, `attacked`, `announced`.
    pub class: Option<String>,
    /// Who did it.
    pub actor: Option<Argument>,
    /// To whom or what.
    pub target: Option<Argument>,
    /// Index in [`crate::Reading::places`].
    pub place: Option<u32>,
    /// Index in [`crate::Reading::times`].
    pub time: Option<u32>,
    /// Indices in [`crate::Reading::measures`].
    pub measures: Vec<u32>,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// How firmly.
    pub modality: Modality,
    /// The time as of which it holds (a toll's day).
    pub as_of: Option<Moment>,
    /// The chain it came down, outermost (the outlet) first.
    pub voice: Vec<Voice>,
    /// Index of the innermost attribution it stands in.
    pub attribution: Option<u32>,
    /// How it was found.
    pub why: Why,
}
