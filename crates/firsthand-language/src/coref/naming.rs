//! Names that stand for one entity.

use std::collections::BTreeMap;

use firsthand_model::{EntityKind, Gender, MentionKind, Reason, Why};
use firsthand_name::{Name, Scope, TitleKind, title, without_titles};
use firsthand_span::fold;
use rustc_hash::FxHashMap;

use super::view::Look;

/// An entity in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) kind: Option<EntityKind>,
    /// Names as printed, without titles; empty for unnamed ones.
    pub(super) names: Vec<String>,
    pub(super) parsed: Vec<Name>,
    /// Roles as printed.
    pub(super) roles: Vec<String>,
    /// Printed forms, names with titles and descriptions.
    pub(super) variants: Vec<String>,
    /// Indices of items, in the order found.
    pub(super) items: Vec<usize>,
    /// Ranks and offices that stood before the names.
    titles: Vec<(String, TitleKind)>,
    pub(super) gender: Option<Gender>,
    pub(super) plural: bool,
    pub(super) speaks_for: Option<usize>,
    /// For unnamed ones: the description.
    pub(super) description: Option<String>,
    pub(super) why: Why,
}

impl Draft {
    pub(super) fn new(kind: Option<EntityKind>) -> Self {
        Draft {
            kind,
            names: Vec::new(),
            parsed: Vec::new(),
            roles: Vec::new(),
            variants: Vec::new(),
            items: Vec::new(),
            titles: Vec::new(),
            gender: None,
            plural: false,
            speaks_for: None,
            description: None,
            why: Vec::new(),
        }
    }

    /// Adds an item, keeping their order.
    fn insert(&mut self, i: usize) {
        let at = self.items.partition_point(|&j| j < i);
        self.items.insert(at, i);
    }

    /// The last item before `i`.
    fn before(&self, i: usize) -> Option<usize> {
        self.items.partition_point(|&j| j < i).checked_sub(1).and_then(|at| self.items.get(at)).copied()
    }

    pub(super) fn named(&self) -> bool {
        !self.names.is_empty()
    }

    pub(super) fn is_person(&self) -> bool {
        self.kind == Some(EntityKind::Person)
    }

    pub(super) fn variant(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() && !self.variants.contains(&text) && self.variants.len() < 64 {
            self.variants.push(text);
        }
    }

    pub(super) fn role(&mut self, text: &str) {
        let text = text.trim().to_owned();
        if !text.is_empty() && !self.roles.contains(&text) && self.roles.len() < 16 {
            self.roles.push(text);
        }
    }

    fn add_name(&mut self, name: &str, kind: Option<EntityKind>) {
        if !self.names.iter().any(|n| n == name) && self.names.len() < 16 {
            self.names.push(name.to_owned());
            self.parsed.push(Name::new(name, kind));
        }
    }
}

/// The ranks and offices before a name.
fn titles(text: &str) -> Vec<(String, TitleKind)> {
    let plain = without_titles(text);
    let before = text.find(plain).and_then(|n| text.get(..n)).unwrap_or("");
    fold(before)
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|w| Some((w.to_owned(), title(w)?)))
        .filter(|(_, kind)| matches!(kind, TitleKind::Office | TitleKind::Rank))
        .collect()
}

/// A rank on one side and an office on the other: "Captain Maret" is not
/// "Transport Minister Lena Maret".
fn at_odds(a: &[(String, TitleKind)], b: &[(String, TitleKind)]) -> bool {
    !a.is_empty() && !b.is_empty() && a.iter().all(|(_, x)| b.iter().all(|(_, y)| x != y))
}

/// A place and an organisation: a hospital is no part of the town it is named
/// after, nor the other way round.
fn place_and_body(a: Option<EntityKind>, b: Option<EntityKind>) -> bool {
    let place = |k| matches!(k, Some(EntityKind::Gpe | EntityKind::Location));
    let body = |k| k == Some(EntityKind::Organisation);
    (place(a) && body(b)) || (body(a) && place(b))
}

/// The name part of a printed name: without titles for persons.
fn bare(text: &str, kind: Option<EntityKind>) -> &str {
    if kind == Some(EntityKind::Person) { without_titles(text) } else { text.strip_suffix("'s").unwrap_or(text) }
}

/// Groups the names of a text; gives each name item its entity.
pub(super) fn group(look: &Look<'_>, of: &mut [Option<usize>]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut exact: FxHashMap<(bool, String), usize> = FxHashMap::default();
    let names: Vec<(usize, &str, Name)> = look
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.kind == MentionKind::Name)
        .map(|(i, item)| {
            let text = look.words(item.tokens.clone());
            (i, text, Name::new(text, item.entity_kind))
        })
        .collect();
    let short =
        |name: &Name, text: &str| !name.is_full() || text.chars().all(|c| c.is_uppercase() || !c.is_alphabetic());
    // Full names first, then the short forms that lean on them.
    let (later, first): (Vec<_>, Vec<_>) = names.into_iter().partition(|(_, text, name)| short(name, text));
    let full = first.len();
    for (n, (i, text, name)) in first.into_iter().chain(later).enumerate() {
        let item = &look.items[i];
        let kind = item.entity_kind;
        let person = kind == Some(EntityKind::Person);
        let titles = if person { titles(text) } else { Vec::new() };
        let key = (person, fold(bare(text, kind)));
        let mut best: Option<(f32, Option<usize>, usize, &'static str)> = None;
        // An exact full name needs no search; a bare surname might mean several people.
        let known = exact.get(&key).copied().filter(|_| n < full || !person);
        if let Some(draft) = known {
            best = Some((1.0, None, draft, "name"));
        } else {
            let mut seen: Vec<usize> =
                name.block_keys().iter().filter_map(|k| blocks.get(k)).flatten().copied().collect();
            seen.sort_unstable();
            seen.dedup();
            for d in seen {
                let draft = &drafts[d];
                if draft.is_person() != person
                    || (draft.kind == Some(EntityKind::Group)) != (kind == Some(EntityKind::Group))
                {
                    continue;
                }
                if let (Some(a), Some(b)) = (draft.gender, item.gender)
                    && a != b
                {
                    continue;
                }
                if !name.is_full() && at_odds(&draft.titles, &titles) {
                    continue;
                }
                let Some(m) = draft
                    .parsed
                    .iter()
                    .map(|p| p.compare(&name, Scope::Story))
                    .max_by(|a, b| a.score.total_cmp(&b.score))
                    .filter(|m| m.is_same() && (m.rule == "name" || !place_and_body(draft.kind, kind)))
                else {
                    continue;
                };
                // Among people of one surname: the one named last before this.
                let last = draft.before(i);
                let score = (m.score * 10.0).round() / 10.0;
                let better = best.is_none_or(|(s, l, _, _)| (score, last) > (s, l));
                if better {
                    best = Some((score, last, d, m.rule));
                }
            }
        }
        let d = match best {
            Some((_, _, d, rule)) => {
                if rule != "name" {
                    let reason = Reason::new(rule, text.to_owned());
                    if !drafts[d].why.contains(&reason) && drafts[d].why.len() < 8 {
                        drafts[d].why.push(reason);
                    }
                }
                d
            }
            None => {
                drafts.push(Draft::new(kind));
                drafts.len() - 1
            }
        };
        let draft = &mut drafts[d];
        draft.insert(i);
        draft.gender = draft.gender.or(item.gender);
        draft.plural |= item.plural;
        for title in titles {
            if !draft.titles.contains(&title) && draft.titles.len() < 8 {
                draft.titles.push(title);
            }
        }
        let plain = bare(text, kind);
        draft.add_name(plain, kind);
        draft.variant(plain);
        draft.variant(text);
        exact.entry(key).or_insert(d);
        for k in name.block_keys() {
            let list = blocks.entry(k).or_default();
            if !list.contains(&d) && list.len() < 64 {
                list.push(d);
            }
        }
        of[i] = Some(d);
    }
    drafts
}
