use firsthand_model::{Analysis, EntityKind, ReportId};
use firsthand_name::{TitleKind, title, without_titles};
use firsthand_span::fold;

/// What joining needs to know of one entity of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalName {
    /// Fullest name without titles, or the description of an unnamed one.
    pub name: String,
    /// What it is.
    pub kind: Option<EntityKind>,
    /// Whether a proper name is known.
    pub named: bool,
    /// All printed forms.
    pub variants: Vec<String>,
    /// Folded words of public roles: offices and ranks ("admiral").
    pub roles: Vec<String>,
    /// Index of the entity it speaks for.
    pub speaks_for: Option<u32>,
    /// How often it is mentioned.
    pub mentions: usize,
}

/// What joining needs to know of one report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportNames {
    /// The report.
    pub report: ReportId,
    /// Its entities, in the order of the analysis.
    pub names: Vec<LocalName>,
}

impl ReportNames {
    /// Takes from an analysis what joining needs.
    pub fn new(report: ReportId, analysis: &Analysis) -> Self {
        let names = analysis
            .entities
            .iter()
            .map(|e| {
                let person = e.kind == Some(EntityKind::Person);
                let name = if person && e.named { without_titles(&e.name) } else { e.name.as_str() };
                let mut roles: Vec<String> = Vec::new();
                if person {
                    for role in &e.roles {
                        for word in fold(role).split_whitespace() {
                            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
                            if matches!(title(word), Some(TitleKind::Office | TitleKind::Rank)) {
                                roles.push(word.to_owned());
                            }
                        }
                    }
                    roles.sort_unstable();
                    roles.dedup();
                }
                LocalName {
                    name: name.to_owned(),
                    kind: e.kind,
                    named: e.named,
                    variants: e.variants.clone(),
                    roles,
                    speaks_for: e.speaks_for,
                    mentions: e.mentions.len(),
                }
            })
            .collect();
        ReportNames { report, names }
    }
}
