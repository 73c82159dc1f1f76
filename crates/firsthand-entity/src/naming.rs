//! How outlets and speakers name one entity, and where terms stand between
//! which a writer has a choice.
//!
//! Descriptive only: names and terms are counted, with every place where they
//! stand; nobody is scored. Only what the reports of the collection print is
//! used, and only as far as they are joined: a person is looked up nowhere
//! else. Words in quotation marks are the speaker's, all others the outlet's,
//! also where it reports what someone said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use firsthand_model::{Attribution, AttributionKind, BlockKind, Entity, EntityId, MentionKind, Reading, ReportId};
use firsthand_span::{Span, fold, fold_words};
use serde::Serialize;

static TERMS: &str = include_str!("../data/loaded_terms.tsv");

/// One place where a name or term stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The report.
    pub report: ReportId,
    /// Bytes of the clean text.
    pub bytes: Span,
    /// The words there.
    pub words: String,
}

/// In whose words something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase", tag = "by", content = "name")]
pub enum Voice {
    /// The outlet's own.
    Outlet(String),
    /// Those of a speaker, in quotation marks.
    Speaker(String),
}

/// A name as one outlet or speaker uses it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NameUse {
    /// In whose words.
    pub voice: Voice,
    /// The name as mostly printed, without an article.
    pub name: String,
    /// A name or a description.
    pub kind: MentionKind,
    /// Terms of the lexicon that it holds, each with its field.
    pub terms: Vec<(String, String)>,
    /// Where it stands, in order of report and place.
    pub places: Vec<Place>,
}

/// All names of an entity: by outlets, then by speakers; each with its most used name first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Naming {
    /// The uses.
    pub uses: Vec<NameUse>,
}

/// A term of the lexicon as it stands in the texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermUse {
    /// What the terms of its field stand for.
    pub field: String,
    /// The term.
    pub term: String,
    /// The outlet in which it stands.
    pub outlet: String,
    /// In whose words.
    pub voice: Voice,
    /// Whom the outlet reports there without quotation marks.
    pub reported: Option<String>,
    /// Where.
    pub places: Vec<Place>,
}

/// The names that reports give an entity. `readings` must hold its reports;
/// `key` names a report whose outlet is not known.
pub fn naming(
    entity: &Entity,
    entities: &[Entity],
    readings: &[(ReportId, &Reading)],
    key: &dyn Fn(ReportId) -> String,
) -> Naming {
    let named = Names::new(entities);
    let members: BTreeSet<(ReportId, u32)> = entity.members.iter().copied().collect();
    let mut by: BTreeMap<(Voice, MentionKind, String), Vec<Place>> = BTreeMap::new();
    for (report, reading) in readings {
        let text = reading.report.text.as_str();
        for mention in &reading.analysis.mentions {
            let ours = mention.entity.is_some_and(|e| members.contains(&(*report, e)));
            if !ours || mention.kind == MentionKind::Pronoun || !is_told(reading, mention.span) {
                continue;
            }
            let words = bare(mention.span.of(text));
            let voice = match quoted(reading, mention.span) {
                Some(a) => Voice::Speaker(named.speaker(*report, reading, a)),
                None => Voice::Outlet(outlet(*report, reading, key)),
            };
            let place = Place { report: *report, bytes: mention.span, words: words.to_owned() };
            by.entry((voice, mention.kind, fold(words))).or_default().push(place);
        }
    }
    let mut uses: Vec<NameUse> = by
        .into_iter()
        .map(|((voice, kind, _), mut places)| {
            places.sort();
            NameUse { voice, kind, name: mostly(&places), terms: terms_in(&mostly(&places)), places }
        })
        .collect();
    uses.sort_by(|a, b| {
        let count = |u: &NameUse| std::cmp::Reverse(u.places.len());
        (&a.voice, count(a), &a.name).cmp(&(&b.voice, count(b), &b.name))
    });
    Naming { uses }
}

/// How many outlets name each entity in their own words, and by which names:
/// reports are added one at a time, so that none need be held.
#[derive(Debug)]
pub struct Overview {
    of: BTreeMap<(ReportId, u32), EntityId>,
    found: BTreeMap<EntityId, (BTreeSet<String>, BTreeMap<String, (String, usize)>)>,
}

impl Overview {
    /// Of these entities, with no report added.
    pub fn new(entities: &[Entity]) -> Self {
        let of = entities.iter().flat_map(|e| e.members.iter().map(move |m| (*m, e.id))).collect();
        Overview { of, found: BTreeMap::new() }
    }

    /// Adds a report; `key` names it where its outlet is not known.
    pub fn add(&mut self, report: ReportId, reading: &Reading, key: &str) {
        for mention in reading.analysis.mentions.iter().filter(|m| m.kind != MentionKind::Pronoun) {
            let Some(id) = mention.entity.and_then(|e| self.of.get(&(report, e))) else { continue };
            if !is_told(reading, mention.span) || quoted(reading, mention.span).is_some() {
                continue;
            }
            let name = bare(mention.span.of(&reading.report.text));
            let (outlets, names) = self.found.entry(*id).or_default();
            outlets.insert(outlet(report, reading, &|_| key.to_owned()));
            names.entry(fold(name)).or_insert_with(|| (name.to_owned(), 0)).1 += 1;
        }
    }

    /// For each entity how many outlets name it, and the names with how often
    /// they stand, most used first.
    pub fn finish(self) -> impl Iterator<Item = (EntityId, usize, Vec<(String, usize)>)> {
        self.found.into_iter().map(|(id, (outlets, names))| {
            let mut names: Vec<(String, usize)> = names.into_values().collect();
            names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            (id, outlets.len(), names)
        })
    }
}

/// Where terms of the lexicon stand in the texts of reports.
pub fn loaded_terms(
    entities: &[Entity],
    readings: &[(ReportId, &Reading)],
    key: &dyn Fn(ReportId) -> String,
) -> Vec<TermUse> {
    let named = Names::new(entities);
    type Key = (usize, usize, String, Voice, Option<String>);
    let mut by: BTreeMap<Key, Vec<Place>> = BTreeMap::new();
    for (report, reading) in readings {
        for block in &reading.report.blocks {
            if matches!(block.kind, BlockKind::Furniture | BlockKind::Meta) {
                continue;
            }
            for (field, term, bytes) in LEXICON.find(&reading.report.text, block.span) {
                let outlet = outlet(*report, reading, key);
                let (voice, reported) = match quoted(reading, bytes) {
                    Some(a) => (Voice::Speaker(named.speaker(*report, reading, a)), None),
                    None => {
                        let inside = innermost(reading, bytes).map(|a| named.speaker(*report, reading, a));
                        (Voice::Outlet(outlet.clone()), inside)
                    }
                };
                let words = bytes.of(&reading.report.text).to_owned();
                let place = Place { report: *report, bytes, words };
                by.entry((field, term, outlet, voice, reported)).or_default().push(place);
            }
        }
    }
    by.into_iter()
        .map(|((field, term, outlet, voice, reported), mut places)| {
            places.sort();
            let (name, terms) = &LEXICON.fields[field];
            TermUse { field: name.clone(), term: terms[term].join(" "), outlet, voice, reported, places }
        })
        .collect()
}

/// The other terms of a field of the lexicon, in its order.
pub fn field_terms(field: &str) -> Vec<String> {
    let found = LEXICON.fields.iter().find(|(name, _)| name == field);
    found.map(|(_, terms)| terms.iter().map(|t| t.join(" ")).collect()).unwrap_or_default()
}

/// Whether a place is part of what the report tells.
fn is_told(reading: &Reading, span: Span) -> bool {
    let block = reading.report.block_at(span.start);
    block.is_none_or(|b| !matches!(b.kind, BlockKind::Furniture | BlockKind::Meta))
}

fn outlet(id: ReportId, reading: &Reading, key: &dyn Fn(ReportId) -> String) -> String {
    reading.report.outlet.as_ref().map_or_else(|| key(id), |o| o.value.clone())
}

/// The attribution nearest around a place, whatever its kind.
fn innermost(reading: &Reading, span: Span) -> Option<&Attribution> {
    let around = |a: &&Attribution| a.content.iter().any(|c| c.covers(span));
    let length = |a: &&Attribution| a.content.iter().map(|c| c.len()).sum::<usize>();
    reading.attributions.iter().filter(around).min_by_key(length)
}

/// The attribution in whose quotation marks a place stands.
fn quoted(reading: &Reading, span: Span) -> Option<&Attribution> {
    let a = innermost(reading, span)?;
    let content = a.content.iter().find(|c| c.covers(span))?;
    match a.kind {
        AttributionKind::Direct => Some(a),
        AttributionKind::Indirect => None,
        // Partly quoted: an opening mark before it that none closes.
        AttributionKind::Mixed => {
            let before = Span { start: content.start, end: span.start }.of(&reading.report.text);
            let open = before.chars().fold(false, |open, c| match c {
                '“' | '«' | '„' => true,
                '”' | '»' => false,
                '"' => !open,
                _ => open,
            });
            open.then_some(a)
        }
    }
}

/// Names of entities across reports, by their entities in single reports.
struct Names<'a> {
    of: BTreeMap<(ReportId, u32), (EntityId, &'a str)>,
}

impl<'a> Names<'a> {
    fn new(entities: &'a [Entity]) -> Self {
        let of = entities.iter().flat_map(|e| e.members.iter().map(move |m| (*m, (e.id, e.name.as_str())))).collect();
        Names { of }
    }

    fn speaker(&self, report: ReportId, reading: &Reading, a: &Attribution) -> String {
        let joined = a.speaker.entity().and_then(|e| self.of.get(&(report, e))).map(|(_, name)| (*name).to_owned());
        let local = || Some(reading.analysis.entities.get(a.speaker.entity()? as usize)?.name.clone());
        let words = || Some(bare(a.source.first()?.of(&reading.report.text)).to_owned()).filter(|w| !w.is_empty());
        joined.or_else(local).or_else(words).unwrap_or_else(|| "someone not named".to_owned())
    }
}

/// A name without a leading article and a possessive ending.
fn bare(words: &str) -> &str {
    let words = words.trim();
    let first = words.split_whitespace().next().unwrap_or_default();
    let rest = words.get(first.len()..).unwrap_or_default().trim_start();
    let article = matches!(first.to_lowercase().as_str(), "the" | "a" | "an") && !rest.is_empty();
    let words = if article { rest } else { words };
    words.strip_suffix("'s").or_else(|| words.strip_suffix("’s")).unwrap_or(words)
}

/// The form that most places print; the first of these on a tie.
fn mostly(places: &[Place]) -> String {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for p in places {
        *count.entry(&p.words).or_default() += 1;
    }
    let best = count.values().max().copied().unwrap_or_default();
    places.iter().find(|p| count.get(p.words.as_str()) == Some(&best)).map(|p| p.words.clone()).unwrap_or_default()
}

fn terms_in(name: &str) -> Vec<(String, String)> {
    let found = LEXICON.find(name, Span::new(0, name.len()));
    found
        .into_iter()
        .map(|(f, t, _)| {
            let (field, terms) = &LEXICON.fields[f];
            (terms[t].join(" "), field.clone())
        })
        .collect()
}

/// Fields with their terms as words.
struct Lexicon {
    fields: Vec<(String, Vec<Vec<String>>)>,
    /// By first word: field and term, those of more words first.
    by_first: BTreeMap<String, Vec<(usize, usize)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut fields: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    for (field, terms) in TERMS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')) {
        let terms = terms.split(',').map(fold_words).filter(|t| !t.is_empty()).collect();
        fields.push((field.to_owned(), terms));
    }
    let mut by_first: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (f, (_, terms)) in fields.iter().enumerate() {
        for (t, term) in terms.iter().enumerate() {
            by_first.entry(term[0].clone()).or_default().push((f, t));
        }
    }
    for list in by_first.values_mut() {
        list.sort_by_key(|&(f, t)| (std::cmp::Reverse(fields[f].1[t].len()), f, t));
    }
    Lexicon { fields, by_first }
});

impl Lexicon {
    /// The terms in a part of a text: field, term and place.
    fn find(&self, text: &str, part: Span) -> Vec<(usize, usize, Span)> {
        let words = spanned_words(text, part);
        let mut out = Vec::new();
        let mut i = 0;
        while let Some((word, span)) = words.get(i) {
            let starts = singulars(word).find_map(|w| self.by_first.get(&w));
            let fits = |&&(f, t): &&(usize, usize)| {
                let term = &self.fields[f].1[t];
                let rest = words.get(i..i + term.len());
                rest.is_some_and(|rest| {
                    // Only the last word has a plural.
                    let last = rest.len() - 1;
                    rest.iter()
                        .zip(term)
                        .enumerate()
                        .all(|(n, ((w, _), t))| w == t || (n == last && singulars(w).any(|s| s == *t)))
                })
            };
            // One place may stand in several fields; the longest term decides how far it goes.
            let found: Vec<(usize, usize)> = starts.into_iter().flatten().filter(fits).copied().collect();
            let length = found.first().map_or(0, |&(f, t)| self.fields[f].1[t].len());
            for (f, t) in found.into_iter().filter(|&(f, t)| self.fields[f].1[t].len() == length) {
                let end = words.get(i + length - 1).map_or(span.end, |(_, s)| s.end);
                out.push((f, t, Span { start: span.start, end }));
            }
            i += length.max(1);
        }
        out
    }
}

/// A word and what it may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = String> {
    let cut = |end: &str, by: &str| word.strip_suffix(end).map(|s| format!("{s}{by}"));
    let men = cut("men", "man");
    [Some(word.to_owned()), cut("ies", "y"), cut("es", ""), cut("s", ""), men].into_iter().flatten()
}

/// The folded words of a part of a text with their places; hyphens part words.
fn spanned_words(text: &str, part: Span) -> Vec<(String, Span)> {
    let mut out = Vec::new();
    let mut start = None;
    let within = part.of(text);
    let ends = within.char_indices().map(|(i, c)| (i, c.is_alphanumeric())).chain([(within.len(), false)]);
    for (i, inside) in ends {
        match (start, inside) {
            (None, true) => start = Some(i),
            (Some(from), false) => {
                let span = Span::new(part.start as usize + from, part.start as usize + i);
                out.push((fold(span.of(text)), span));
                start = None;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let all = LEXICON.find(text, Span::new(0, text.len()));
        all.into_iter().map(|(f, _, s)| (LEXICON.fields[f].0.clone(), s.of(text).to_owned())).collect()
    }

    #[test]
    fn terms_are_found_in_the_plural_and_the_longest_goes_first() {
        assert_eq!(found("The Gunmen left."), [("armed".to_owned(), "Gunmen".to_owned())]);
        assert_eq!(found("illegal immigrants and migrants").len(), 2);
        assert_eq!(found("a freedom fighter")[0].1, "freedom fighter");
        assert_eq!(found("The far-right crowd was parted by a fence")[0].1, "far-right");
        assert!(found("The residence of the regiment").is_empty());
    }

    #[test]
    fn every_field_has_a_choice_and_no_term_twice() {
        assert!(LEXICON.fields.len() > 10);
        for (field, terms) in &LEXICON.fields {
            let distinct: BTreeSet<_> = terms.iter().collect();
            assert!(terms.len() >= 4 && distinct.len() == terms.len(), "{field}");
        }
    }

    #[test]
    fn names_lose_articles_and_endings() {
        assert_eq!(bare("the ministry's"), "ministry");
        assert_eq!(bare("The"), "The");
        assert_eq!(bare("Anders"), "Anders");
    }
}
