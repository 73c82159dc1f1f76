use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{ContradictionKind, Polarity, Reason, ReportId};

words! {
    /// What an analyst decided.
    DecisionVerb {
        /// Looked at and held to be right. The claims of a confirmed cluster stay together.
        Confirm = "confirm",
        /// Held to be wrong: a claim is left out, a cluster taken apart, a verdict turned.
        Reject = "reject",
        /// Two are about one thing, or are one entity.
        Merge = "merge",
        /// Two are not.
        Split = "split",
        /// Who is speaking.
        SetSpeaker = "set-speaker",
        /// A remark, without effect.
        Note = "note",
        /// Takes an earlier decision back.
        Undo = "undo",
    }
}

/// Words of a report by which something is found again after every re-read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The report, made from the two below.
    pub report: ReportId,
    /// BLAKE3 of its original.
    pub blake3: String,
    /// Its key.
    pub key: String,
    /// Where the words stood in the clean text.
    pub bytes: Span,
    /// The words.
    pub words: String,
}

/// A claim by its evidence and by what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimAnchor {
    /// The evidence.
    pub evidence: Passage,
    /// Its predicate.
    pub predicate: String,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// The words of its figure, where it has one.
    pub figure: Option<String>,
}

/// What a decision is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Anchor {
    /// A claim.
    Claim(ClaimAnchor),
    /// A cluster, by its claims when it was decided on.
    Cluster {
        /// The claims.
        claims: Vec<ClaimAnchor>,
    },
    /// A verdict on claims.
    Contradiction {
        /// The claims.
        claims: Vec<ClaimAnchor>,
        /// In what they differ.
        of: ContradictionKind,
    },
    /// An attribution, by its content and cue.
    Attribution {
        /// From the first to the last word of the content.
        content: Passage,
        /// The words of the cue.
        cue: String,
    },
    /// An entity, by one place where a report names it.
    Entity {
        /// The place.
        mention: Passage,
        /// Its name when it was decided on.
        name: String,
    },
    /// A whole report; the passage is empty.
    Report(Passage),
    /// Somebody by name alone.
    Name {
        /// The name.
        name: String,
    },
    /// An earlier decision.
    Decision {
        /// Its number.
        n: i64,
    },
}

impl Anchor {
    /// All passages it rests on.
    pub fn passages(&self) -> Vec<&Passage> {
        match self {
            Anchor::Claim(claim) => vec![&claim.evidence],
            Anchor::Cluster { claims } | Anchor::Contradiction { claims, .. } => {
                claims.iter().map(|c| &c.evidence).collect()
            }
            Anchor::Attribution { content, .. } => vec![content],
            Anchor::Entity { mention, .. } => vec![mention],
            Anchor::Report(report) => vec![report],
            Anchor::Name { .. } | Anchor::Decision { .. } => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn passages_mut(&mut self) -> Vec<&mut Passage> {
        match self {
            Anchor::Claim(claim) => vec![&mut claim.evidence],
            Anchor::Cluster { claims } | Anchor::Contradiction { claims, .. } => {
                claims.iter_mut().map(|c| &mut c.evidence).collect()
            }
            Anchor::Attribution { content, .. } => vec![content],
            Anchor::Entity { mention, .. } => vec![mention],
            Anchor::Report(report) => vec![report],
            Anchor::Name { .. } | Anchor::Decision { .. } => Vec::new(),
        }
    }
}

/// What an analyst decided: appended, never overwritten, applied again after
/// every re-read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its number, in the order they were made.
    pub n: i64,
    /// When, ISO 8601: stated by whoever recorded it.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub verb: DecisionVerb,
    /// On what.
    pub subject: Anchor,
    /// With what, or whom.
    pub object: Option<Anchor>,
    /// Why, in the analyst's words.
    pub why: String,
}

impl Decision {
    /// "merged by R. on 2031-05-02 (decision 3): why".
    pub fn told(&self) -> String {
        let did = match self.verb {
            DecisionVerb::Confirm => "confirmed",
            DecisionVerb::Reject => "rejected",
            DecisionVerb::Merge => "merged",
            DecisionVerb::Split => "split",
            DecisionVerb::SetSpeaker => "speaker set",
            DecisionVerb::Note => "noted",
            DecisionVerb::Undo => "undone",
        };
        let day = self.at.split('T').next().unwrap_or_default();
        format!("{did} by {} on {day} (decision {}): {}", self.who, self.n, self.why)
    }

    /// The same as a reason.
    pub fn reason(&self) -> Reason {
        let rule = match self.verb {
            DecisionVerb::Confirm => "decided-confirm",
            DecisionVerb::Reject => "decided-reject",
            DecisionVerb::Merge => "decided-merge",
            DecisionVerb::Split => "decided-split",
            DecisionVerb::SetSpeaker => "decided-set-speaker",
            DecisionVerb::Note => "decided-note",
            DecisionVerb::Undo => "decided-undo",
        };
        Reason::new(rule, self.told())
    }

    /// Those of `all` (ascending by number) that no later one takes back, and
    /// that are not such takings-back themselves.
    pub fn in_force(all: &[Decision]) -> Vec<Decision> {
        let mut undone: Vec<i64> = Vec::new();
        for decision in all.iter().rev() {
            if let (DecisionVerb::Undo, Anchor::Decision { n }) = (decision.verb, &decision.subject)
                && !undone.contains(&decision.n)
            {
                undone.push(*n);
            }
        }
        all.iter().filter(|d| d.verb != DecisionVerb::Undo && !undone.contains(&d.n)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(n: i64, verb: DecisionVerb, of: i64) -> Decision {
        let subject = Anchor::Decision { n: of };
        Decision {
            n,
            at: "2031-05-02T08:00:00Z".into(),
            who: "R.".into(),
            verb,
            subject,
            object: None,
            why: "so".into(),
        }
    }

    #[test]
    fn an_undone_undoing_leaves_the_first_in_force() {
        let all = [
            decision(1, DecisionVerb::Note, 0),
            decision(2, DecisionVerb::Undo, 1),
            decision(3, DecisionVerb::Undo, 2),
        ];
        assert!(Decision::in_force(&all[..2]).is_empty());
        assert_eq!(Decision::in_force(&all), [all[0].clone()]);
        assert_eq!(all[0].told(), "noted by R. on 2031-05-02 (decision 1): so");
    }
}
