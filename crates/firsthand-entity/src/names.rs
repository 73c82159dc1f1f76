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
    /// Offices as content words, for each role that names more than a rank:
    /// "health minister", "director of Brel Hydro". Sorted.
    pub offices: Vec<Vec<String>>,
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
                let mut offices: Vec<Vec<String>> = Vec::new();
                if person {
                    offices.extend(e.roles.iter().filter_map(|role| office(role)));
                    offices.sort_unstable();
                    offices.dedup();
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
                    offices,
                    speaks_for: e.speaks_for,
                    mentions: e.mentions.len(),
                }
            })
            .collect();
        ReportNames { report, names }
    }
}

/// Offices that one person holds at a time, so that "the health minister" of
/// one report can be the minister whom another names.
const HELD_BY_ONE: [&str; 28] = [
    "ambassador",
    "boss",
    "captain",
    "chairman",
    "chairwoman",
    "chancellor",
    "chief",
    "commander",
    "commissioner",
    "coordinator",
    "director",
    "emir",
    "governor",
    "head",
    "king",
    "leader",
    "manager",
    "master",
    "mayor",
    "minister",
    "premier",
    "president",
    "prosecutor",
    "queen",
    "secretary",
    "speaker",
    "superintendent",
    "watchman",
];

/// The content words of a role that one person holds, if it says of what.
pub(crate) fn office(role: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = fold(role)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| {
            !w.is_empty()
                && !matches!(
                    *w,
                    "s" | "the" | "a" | "an" | "of" | "for" | "in" | "at" | "and" | "his" | "her" | "its" | "their"
                )
                // "of the regime", "the country's": every minister is some country's.
                && !matches!(*w, "regime" | "country" | "government" | "republic" | "state" | "nation")
        })
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    let held = words.iter().any(|w| HELD_BY_ONE.binary_search(&w.as_str()).is_ok());
    let former = words.iter().any(|w| matches!(w.as_str(), "former" | "ex" | "deputy" | "vice" | "then" | "acting"));
    (words.len() > 1 && words.len() <= 8 && held && !former).then_some(words)
}
