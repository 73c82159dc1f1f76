use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::Why;
use crate::words::words;

words! {
    /// How the content is given.
    AttributionKind {
        /// Wholly in quotation marks.
        Direct = "direct",
        /// Without quotation marks.
        Indirect = "indirect",
        /// Partly in quotation marks.
        Mixed = "mixed",
    }
}

words! {
    /// What sort of act the cue names.
    AttributionClass {
        Speech = "speech",
        Writing = "writing",
        Belief = "belief",
        Document = "document",
        /// Accusing, promising, ordering: acts done in words.
        Act = "act",
        /// Plans, wishes and expectations that nobody states.
        Intention = "intention",
    }
}

/// Whom a source stands for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Speaker {
    /// Not resolved: said so rather than guessed.
    #[default]
    Unknown,
    /// The text itself leaves it open: "officials said", "reportedly".
    Unidentified,
    /// An entity of the report.
    Entity {
        /// Index in [`crate::Analysis::entities`].
        entity: u32,
        /// 0 to 1.
        confidence: f32,
        /// The next best entity, where there is one.
        runner_up: Option<u32>,
    },
}

impl Speaker {
    /// The entity, where resolved.
    pub fn entity(&self) -> Option<u32> {
        match self {
            Speaker::Entity { entity, .. } => Some(*entity),
            _ => None,
        }
    }
}

/// "X (source) said (cue) that Y (content)".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Direct, indirect or mixed.
    pub kind: AttributionKind,
    /// Speech, writing, belief ...
    pub class: AttributionClass,
    /// Who: spans of the clean text; empty where nobody is named.
    pub source: Vec<Span>,
    /// The words that mark it, without auxiliaries.
    pub cue: Vec<Span>,
    /// What, in pieces, without outer quotation marks; with the "that" of its
    /// clause, as the corpora mark it.
    pub content: Vec<Span>,
    /// Whom the source stands for.
    pub speaker: Speaker,
    /// Whom it was said to ("told the Daily Courier").
    pub addressee: Option<Span>,
    /// In what ("in a statement", "on Telegram").
    pub medium: Option<Span>,
    /// Index of the attribution whose content this stands in.
    pub parent: Option<u32>,
    /// The cue is negated or denies.
    pub negated: bool,
    /// The cue or the content's main clause hedges.
    pub hedged: bool,
    /// 0 to 1: how sure the finding (not the speaker) is.
    pub confidence: f32,
    /// How it was found.
    pub why: Why,
}
