use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{EntityId, ReportId, Why};

words! {
    /// What an entity is.
    EntityKind {
        Person = "PER",
        Organisation = "ORG",
        /// Countries, regions, cities: places with a government.
        Gpe = "GPE",
        Location = "LOC",
        /// Armed and political groups, nationalities and religions as groups of people.
        Group = "GROUP",
        Document = "DOC",
    }
}

words! {
    /// How a text refers to an entity.
    MentionKind { Name = "name", Description = "description", Pronoun = "pronoun" }
}

words! {
    /// Grammatical gender of a person, from pronouns, titles and first names. Never exported.
    Gender { Female = "female", Male = "male" }
}

/// A name, description or pronoun in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Bytes of the clean text.
    pub span: Span,
    /// How it refers.
    pub kind: MentionKind,
    /// What it refers to, as far as known.
    pub entity_kind: Option<EntityKind>,
    /// Index in [`crate::Analysis::entities`]; `None` where resolution abstained.
    pub entity: Option<u32>,
}

/// A person, organisation or place within one report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalEntity {
    /// Fullest name, or the description where it is unnamed.
    pub name: String,
    /// What it is.
    pub kind: Option<EntityKind>,
    /// Whether a proper name is known.
    pub named: bool,
    /// Titles and roles, as printed ("Health Minister", "spokesman for the police").
    pub roles: Vec<String>,
    /// Other names and descriptions, as printed, without doubles.
    pub variants: Vec<String>,
    /// Indices in [`crate::Analysis::mentions`], ascending.
    pub mentions: Vec<u32>,
    /// Gender, where pronouns or titles show it.
    pub gender: Option<Gender>,
    /// The entity it speaks for (a spokesman's ministry), an index in the same list.
    pub speaks_for: Option<u32>,
    /// Why the mentions are one.
    pub why: Why,
}

/// A person, organisation or place across reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// The least of its members, so that no order of arrival changes it.
    pub id: EntityId,
    /// The name most reports use in full.
    pub name: String,
    /// What it is.
    pub kind: Option<EntityKind>,
    /// All names and descriptions, as printed, most frequent first.
    pub variants: Vec<String>,
    /// Its entities in single reports: report and index, ascending.
    pub members: Vec<(ReportId, u32)>,
    /// The entity it speaks for, where known.
    pub speaks_for: Option<EntityId>,
    /// Why the members are one.
    pub why: Why,
}
