//! Descriptions and pronouns in the order of the text, and the entities made
//! of it all.

use std::collections::BTreeMap;

use firsthand_model::{Analysis, EntityKind, LocalEntity, Mention, MentionKind, Reason, Report};
use firsthand_name::{Name, Scope};
use firsthand_span::fold;

use super::naming::{self, Draft};
use super::nouns::Pronoun;
use super::ranking::{Known, choose, is_speech};
use super::roles::{self, without_determiner};
use super::view::{Item, Look};

/// Mentions back that a description looks at, so that long texts stay linear.
const LOOKED_BACK: usize = 600;
/// Organisations that persons of one text can speak for.
const BODIES: usize = 400;

/// Sentences back in which "the company" finds its company.
const NEAR: usize = 4;

/// Fills `analysis.entities`, and the entity of every mention that has one.
pub fn resolve(report: &Report, analysis: &mut Analysis) {
    let (entities, of, extra) = {
        let look = Look::new(report, analysis);
        let mut state = State { of: vec![None; look.items.len()], drafts: Vec::new(), unnamed: BTreeMap::new() };
        state.drafts = naming::group(&look, &mut state.of);
        roles::attach(&look, &mut state.drafts, &mut state.of);
        state.run(&look);
        state.offices();
        state.speakers();
        state.finish(&look)
    };
    let old = std::mem::take(&mut analysis.mentions);
    let mut mentions: Vec<(Mention, usize)> = old.into_iter().enumerate().map(|(i, m)| (m, i)).collect();
    let first_extra = mentions.len();
    mentions.extend(extra.into_iter().enumerate().map(|(i, m)| (m, first_extra + i)));
    for (mention, i) in &mut mentions {
        if let Some(entity) = of.get(*i) {
            mention.entity = *entity;
        }
        if mention.entity_kind.is_none() {
            mention.entity_kind = mention.entity.and_then(|e| entities.get(e as usize)).and_then(|e| e.kind);
        }
    }
    mentions.sort_by_key(|(m, _)| (m.span.start, std::cmp::Reverse(m.span.end), m.kind));
    analysis.mentions = mentions.into_iter().map(|(m, _)| m).collect();
    analysis.entities = entities;
    for (i, mention) in analysis.mentions.iter().enumerate() {
        if let Some(entity) = mention.entity.and_then(|e| analysis.entities.get_mut(e as usize)) {
            entity.mentions.push(i as u32);
        }
    }
}

pub(super) struct State {
    /// The draft of each item.
    pub(super) of: Vec<Option<usize>>,
    pub(super) drafts: Vec<Draft>,
    /// Unnamed entities by their folded description.
    unnamed: BTreeMap<String, usize>,
}

impl State {
    fn known(&self, j: usize) -> Known {
        self.of[j].map_or_else(Known::default, |d| {
            let draft = &self.drafts[d];
            Known { entity: Some(d), gender: draft.gender, mentions: draft.items.len(), named: draft.named() }
        })
    }

    fn assign(&mut self, i: usize, d: usize, item: &Item) {
        self.of[i] = Some(d);
        let draft = &mut self.drafts[d];
        draft.items.push(i);
        if draft.is_person() || draft.kind.is_none() {
            draft.gender = draft.gender.or(item.gender);
        }
    }

    fn run(&mut self, look: &Look<'_>) {
        for i in 0..look.items.len() {
            if self.of[i].is_some() {
                continue;
            }
            let item = &look.items[i];
            match (item.kind, item.pronoun) {
                (MentionKind::Description, _) if item.mention.is_some() => self.description(look, i),
                (MentionKind::Pronoun, Some(Pronoun::I | Pronoun::We)) => {
                    if let Some(j) = speaker(look, i)
                        && let Some(d) = self.of[j]
                        // "we" in a statement is the body that speaks; in talk it may be anyone.
                        && (item.pronoun == Some(Pronoun::I) || !self.drafts[d].is_person())
                    {
                        self.assign(i, d, item);
                    }
                }
                (MentionKind::Pronoun, Some(_)) => {
                    if let Some((j, _)) = choose(look, i, |j| self.known(j)) {
                        let d = self.of[j].unwrap_or_else(|| {
                            let d = self.plain(look, j);
                            self.of[j] = Some(d);
                            d
                        });
                        self.assign(i, d, item);
                    }
                }
                _ => {}
            }
        }
    }

    /// An entity for a phrase that so far was none.
    fn plain(&mut self, look: &Look<'_>, j: usize) -> usize {
        let item = &look.items[j];
        let words = look.words(item.tokens.clone());
        let mut draft = Draft::new(item.entity_kind);
        draft.description = Some(without_determiner(words).to_owned());
        draft.variant(words);
        draft.gender = item.gender;
        draft.plural = item.plural;
        draft.items.push(j);
        if item.entity_kind == Some(EntityKind::Organisation) {
            draft.parsed.push(Name::new(without_determiner(words), item.entity_kind));
        }
        self.drafts.push(draft);
        self.drafts.len() - 1
    }

    fn description(&mut self, look: &Look<'_>, i: usize) {
        let item = &look.items[i];
        let words = look.words(item.tokens.clone());
        let bare = without_determiner(words);
        let indefinite = matches!(
            look.lower[item.tokens.start].as_str(),
            "a" | "an" | "another" | "one" | "some" | "two" | "three" | "several" | "many" | "no"
        );
        let found = if indefinite { None } else { self.place_of(look, i).or_else(|| self.antecedent(look, i, bare)) };
        if let Some((d, rule)) = found {
            self.assign(i, d, item);
            let draft = &mut self.drafts[d];
            draft.variant(words);
            let reason = Reason::new(rule, words.to_owned());
            if draft.why.len() < 8 && !draft.why.contains(&reason) {
                draft.why.push(reason);
            }
            return;
        }
        let key = fold(bare);
        let again = self.unnamed.get(&key).copied().filter(|&d| {
            !indefinite && (item.definite || item.plural || self.drafts[d].kind != Some(EntityKind::Person))
        });
        let d = match again {
            Some(d) => {
                self.assign(i, d, item);
                self.drafts[d].variant(words);
                d
            }
            None => {
                let d = self.plain(look, i);
                self.of[i] = Some(d);
                self.drafts[d].role(if item.entity_kind == Some(EntityKind::Person) { bare } else { "" });
                self.unnamed.insert(key, d);
                d
            }
        };
        debug_assert!(d < self.drafts.len());
    }

    /// "the town of Brel" is Brel.
    fn place_of(&self, look: &Look<'_>, i: usize) -> Option<(usize, &'static str)> {
        let item = &look.items[i];
        let of = look.lower.get(item.head + 1).is_some_and(|w| w == "of");
        let place =
            matches!(look.lower[item.head].as_str(), "town" | "city" | "village" | "province" | "port" | "state");
        if !of || !place {
            return None;
        }
        let whole = |j: &usize| {
            let other = &look.items[*j];
            other.kind == MentionKind::Name && other.tokens == (item.head + 2..item.tokens.end)
        };
        let j = (i + 1..look.items.len()).take(8).find(whole)?;
        let d = self.of[j]?;
        matches!(self.drafts[d].kind, Some(EntityKind::Gpe | EntityKind::Location)).then_some((d, "place"))
    }

    /// The entity that a definite description goes back to.
    fn antecedent(&self, look: &Look<'_>, i: usize, bare: &str) -> Option<(usize, &'static str)> {
        let item = &look.items[i];
        let head = look.lower[item.head].as_str();
        let content: Vec<&str> =
            item.tokens.clone().map(|t| look.lower[t].as_str()).filter(|w| is_content(w) && *w != head).collect();
        let kind = item.entity_kind?;
        let recent = |fits: &dyn Fn(&Draft) -> bool, back: usize| {
            (0..i).rev().take(LOOKED_BACK).take_while(|&j| look.items[j].sentence + back >= item.sentence).find_map(
                |j| {
                    let d = self.of[j]?;
                    fits(&self.drafts[d]).then_some(d)
                },
            )
        };
        match kind {
            EntityKind::Person => {
                let fits = |draft: &Draft| {
                    draft.is_person()
                        && !draft.plural
                        && (draft.gender.is_none() || item.gender.is_none() || draft.gender == item.gender)
                        && draft.roles.iter().any(|role| {
                            let role = fold(role);
                            let words: Vec<&str> = role.split(|c: char| !c.is_alphanumeric()).collect();
                            same_office(&words, head) && content.iter().all(|w| words.contains(w))
                        })
                };
                (item.definite || content.len() > 1)
                    .then(|| recent(&fits, usize::MAX / 2))
                    .flatten()
                    .map(|d| (d, "role"))
            }
            EntityKind::Organisation => {
                let described = Name::new(bare, Some(EntityKind::Organisation));
                let by_name = |draft: &Draft| {
                    draft.kind == Some(EntityKind::Organisation)
                        && (draft.parsed.iter().any(|n| {
                            let m = n.compare(&described, Scope::Story);
                            m.is_same() && !content.is_empty()
                        }) || (content.is_empty()
                            && item.definite
                            && draft.names.iter().chain(&draft.description).any(|n| is_headed(n, head))))
                };
                if let Some(d) = recent(&by_name, usize::MAX / 2) {
                    return Some((d, "part"));
                }
                let generic = matches!(
                    head,
                    "company"
                        | "firm"
                        | "group"
                        | "organisation"
                        | "organization"
                        | "charity"
                        | "operator"
                        | "airline"
                        | "carrier"
                        | "manufacturer"
                        | "network"
                );
                let any = |draft: &Draft| {
                    draft.kind == Some(EntityKind::Organisation)
                        && draft.named()
                        && !draft.names.iter().any(|n| is_public_body(n))
                };
                // Only "the company" itself: another's name in it means another company.
                (generic && item.definite && content.is_empty())
                    .then(|| recent(&any, NEAR))
                    .flatten()
                    .map(|d| (d, "generic"))
            }
            EntityKind::Document => {
                let fits = |draft: &Draft| {
                    draft.kind == Some(EntityKind::Document)
                        && draft.description.as_ref().is_some_and(|t| fold(t).split_whitespace().any(|w| w == head))
                };
                (item.definite && content.is_empty())
                    .then(|| recent(&fits, usize::MAX / 2))
                    .flatten()
                    .map(|d| (d, "document"))
            }
            _ => None,
        }
    }

    /// "prosecutors" are those of the one prosecutor's office of the text.
    fn offices(&mut self) {
        let is_office = |draft: &Draft| {
            draft.kind == Some(EntityKind::Organisation)
                && draft.names.iter().chain(&draft.description).any(|form| {
                    let words = content_words(form);
                    words.iter().any(|w| w == "prosecutor" || w == "prosecutors" || w == "prosecution")
                        && words.iter().any(|w| w == "office" || w == "service")
                })
        };
        let is_people =
            |draft: &Draft| !draft.named() && draft.description.as_ref().is_some_and(|t| fold(t) == "prosecutors");
        let offices: Vec<usize> = (0..self.drafts.len()).filter(|&d| is_office(&self.drafts[d])).take(2).collect();
        let [office] = offices[..] else { return };
        for d in 0..self.drafts.len() {
            if d == office || !is_people(&self.drafts[d]) {
                continue;
            }
            let items = std::mem::take(&mut self.drafts[d].items);
            for &i in &items {
                self.of[i] = Some(office);
            }
            self.drafts[office].items.extend(items);
            for form in std::mem::take(&mut self.drafts[d].variants) {
                self.drafts[office].variant(&form);
            }
            let reason = Reason::new("office", "prosecutors");
            if self.drafts[office].why.len() < 8 {
                self.drafts[office].why.push(reason);
            }
        }
    }

    /// Whom persons speak for: the organisation in their role.
    fn speakers(&mut self) {
        const VOICES: [&str; 15] = [
            "spokesman",
            "spokeswoman",
            "spokesperson",
            "coordinator",
            "chief",
            "boss",
            "head",
            "director",
            "ceo",
            "chairman",
            "chairwoman",
            "commander",
            "official",
            "officer",
            "representative",
        ];
        // Each organisation by the words of its names and descriptions.
        let bodies: Vec<(usize, Vec<Vec<String>>)> = self
            .drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.kind == Some(EntityKind::Organisation))
            .take(BODIES)
            .map(|(e, draft)| {
                (e, draft.names.iter().chain(&draft.description).map(|form| content_words(form)).collect())
            })
            .collect();
        for d in 0..self.drafts.len() {
            if !self.drafts[d].is_person() {
                continue;
            }
            let mut best: Option<(usize, usize)> = None;
            for role in &self.drafts[d].roles {
                let words = content_words(role);
                if !words.iter().any(|w| VOICES.contains(&w.as_str())) {
                    continue;
                }
                for (e, forms) in &bodies {
                    let fit = forms.iter().filter_map(|form| fits_role(form, &words)).max();
                    if let Some(fit) = fit
                        && best.is_none_or(|(other, _)| fit > other)
                    {
                        best = Some((fit, *e));
                    }
                }
            }
            self.drafts[d].speaks_for = best.map(|(_, e)| e);
        }
    }

    /// Entities in order of first mention; the entity of each old mention;
    /// mentions to add for phrases that pronouns stand for.
    fn finish(mut self, look: &Look<'_>) -> (Vec<LocalEntity>, Vec<Option<u32>>, Vec<Mention>) {
        for draft in &mut self.drafts {
            draft.items.sort_unstable();
        }
        let mut order: Vec<usize> = (0..self.drafts.len()).filter(|&d| !self.drafts[d].items.is_empty()).collect();
        order.sort_by_key(|&d| self.drafts[d].items.first().copied());
        let mut new = vec![None; self.drafts.len()];
        for (n, &d) in order.iter().enumerate() {
            new[d] = Some(n as u32);
        }
        let mut of = vec![None; look.analysis.mentions.len()];
        let mut extra = Vec::new();
        for (i, item) in look.items.iter().enumerate() {
            let entity = self.of[i].and_then(|d| new[d]);
            match (item.mention, entity) {
                (Some(m), _) => of[m] = entity,
                (None, Some(_)) => extra.push(Mention {
                    span: look.span(item.tokens.clone()),
                    kind: MentionKind::Description,
                    entity_kind: self.of[i].and_then(|d| self.drafts[d].kind),
                    entity,
                }),
                (None, None) => {}
            }
        }
        let entities = order
            .iter()
            .map(|&d| {
                let draft = &self.drafts[d];
                let mut why = draft.why.clone();
                if why.is_empty() {
                    why.push(Reason::rule(if draft.named() { "name" } else { "description" }));
                }
                LocalEntity {
                    name: fullest(draft),
                    kind: draft.kind,
                    named: draft.named(),
                    roles: draft.roles.clone(),
                    variants: draft.variants.clone(),
                    mentions: Vec::new(),
                    gender: draft.gender.filter(|_| draft.is_person()),
                    speaks_for: draft.speaks_for.and_then(|e| new[e]),
                    why,
                }
            })
            .collect();
        (entities, of, extra)
    }
}

/// The fullest proper name: most words, then longest; the first on a tie.
fn fullest(draft: &Draft) -> String {
    let size = |n: &String| {
        (n.split_whitespace().filter(|w| w.trim_end_matches('.').chars().count() > 1).count(), n.chars().count())
    };
    let mut best: Option<&String> = None;
    for name in &draft.names {
        if best.is_none_or(|b| size(name) > size(b)) {
            best = Some(name);
        }
    }
    best.cloned().or_else(|| draft.description.clone()).unwrap_or_default()
}

fn is_content(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
        && !matches!(
            word,
            "the"
                | "a"
                | "an"
                | "of"
                | "for"
                | "at"
                | "in"
                | "from"
                | "this"
                | "that"
                | "these"
                | "those"
                | "his"
                | "her"
                | "its"
                | "their"
                | "'s"
                | "’s"
                | "s"
                | "and"
                | "then"
                | "former"
                | "same"
        )
}

fn content_words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|w| is_content(w))
        .map(str::to_owned)
        .collect()
}

/// How well the words of an organisation stand in a role: all of them, or its
/// head noun alone ("ministry spokeswoman"); more is better.
fn fits_role(form: &[String], role: &[String]) -> Option<usize> {
    let body =
        |w: &String| role.contains(w) && super::nouns::noun(w).is_some_and(|n| n.kind == EntityKind::Organisation);
    if !form.is_empty() && form.iter().all(|w| role.contains(w)) {
        Some(form.len() * 2)
    } else {
        (form.first().is_some_and(body) || form.last().is_some_and(body)).then_some(1)
    }
}

/// "the admiral" for a "rear admiral", "the spokesman" for a "spokesman for ...".
fn same_office(role: &[&str], head: &str) -> bool {
    let tail = |w: &str| w.rsplit('-').next().is_some_and(|t| t == head) || head.rsplit('-').next() == Some(w);
    role.iter().any(|w| *w == head || tail(w))
}

/// Whether a name of a body opens or ends, before "of" and its like, in a
/// noun: "the bank" for "Provincial Bank of Brel" and for "Bank Velmo", but not
/// "the province" for an "office of the province".
fn is_headed(name: &str, head: &str) -> bool {
    let name = fold(name);
    let mut own = name.split_whitespace().take_while(|w| !matches!(*w, "of" | "for" | "in" | "at"));
    let first = own.next();
    first == Some(head) || own.last() == Some(head)
}

/// Names of state bodies, which "the company" never means.
fn is_public_body(name: &str) -> bool {
    let name = fold(name);
    name.split_whitespace().any(|w| {
        matches!(
            w,
            "ministry"
                | "government"
                | "police"
                | "court"
                | "parliament"
                | "council"
                | "army"
                | "navy"
                | "guard"
                | "department"
                | "authority"
                | "commission"
                | "committee"
                | "congress"
                | "senate"
                | "party"
                | "nations"
                | "union"
                | "agency"
                | "office"
                | "force"
                | "forces"
                | "news"
                | "times"
                | "post"
                | "university"
        )
    })
}

/// Who speaks the quotation in which item `i` stands: the subject of a verb of
/// saying outside the marks, in this sentence or a neighbouring one.
fn speaker(look: &Look<'_>, i: usize) -> Option<usize> {
    let item = &look.items[i];
    if !item.quoted {
        return None;
    }
    let tokens = &look.analysis.tokens;
    let in_sentence = |s: usize| {
        let from = look.items.partition_point(|o| o.sentence < s);
        (from..look.items.len()).take(LOOKED_BACK).take_while(move |&j| look.items[j].sentence == s).find(|&j| {
            let o = &look.items[j];
            let verb = tokens.heads.get(o.head).map_or(o.head, |&h| h as usize);
            !o.quoted
                && j != i
                && o.relation == firsthand_model::Relation::Nsubj
                && is_speech(tokens.lemma(verb))
                && o.pronoun.is_none_or(|p| !matches!(p, Pronoun::I | Pronoun::We))
        })
    };
    let block = |s: usize| look.analysis.sentences.get(s).map(|x| x.block);
    in_sentence(item.sentence)
        .or_else(|| item.sentence.checked_sub(1).filter(|&s| block(s) == block(item.sentence)).and_then(in_sentence))
}
