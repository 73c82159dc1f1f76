use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One reason for a result: which rule, model or link made it, and on what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// Stable kebab-case id of the rule, model or kind of link, such as
    /// `cue-verb` or `same-agency-credit`.
    pub rule: Cow<'static, str>,
    /// What it saw, in plain words for a reader; may be empty.
    pub note: String,
}

/// The reasons for one result, most important first.
pub type Why = Vec<Reason>;

impl Reason {
    /// A reason with a note.
    pub fn new(rule: &'static str, note: impl Into<String>) -> Self {
        Reason { rule: Cow::Borrowed(rule), note: note.into() }
    }

    /// A reason whose rule says it all.
    pub fn rule(rule: &'static str) -> Self {
        Reason::new(rule, "")
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.note.is_empty() { f.write_str(&self.rule) } else { write!(f, "{}: {}", self.rule, self.note) }
    }
}
