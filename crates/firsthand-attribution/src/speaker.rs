//! Whom a source stands for.
//!
//! Each source is taken apart as English noun phrases are: a core ("the harbour
//! master"), what hangs on it ("of Brel", "who asked not to be named") and
//! appositions ("Ida Vale, the harbour master"). A name in the right place
//! decides; a pronoun goes by coreference, or failing that by who spoke
//! before; a description becomes an entity of its own, unless an earlier one
//! has the same head. What the text itself leaves open stays open.

use firsthand_model::{
    Analysis, AttributionClass, EntityKind, Gender, LocalEntity, Mention, MentionKind, Reason, Relation, Speaker, Upos,
};
use firsthand_name::{Scope, TitleKind, compare, title};
use firsthand_span::{Span, fold};

use crate::found::Found;
use crate::lexicon::speakers;
use crate::view::View;

/// Mentions and entities to be added to the analysis.
#[derive(Debug, Default)]
pub(crate) struct Added {
    pub(crate) mentions: Vec<Mention>,
    pub(crate) entities: Vec<LocalEntity>,
    /// Further printed forms of entities, as sources give them.
    variants: Vec<(u32, String)>,
}

/// A speaker found for a source.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) speaker: Speaker,
    pub(crate) why: Option<Reason>,
}

/// Bytes of a source that is kept as a printed form of its speaker.
const LONGEST_FORM: usize = 100;
/// Printed forms kept of one entity.
const MOST_FORMS: usize = 64;

struct Resolver<'v, 'a> {
    view: &'v View<'a>,
    added: Added,
    /// The report's own outlet.
    outlet: Option<u32>,
    /// Who spoke so far, in order.
    past: Vec<u32>,
}

/// Resolves the speakers of `found`, whose parents are known. Works in order
/// of the cues, so that "he added" can look back.
pub(crate) fn resolve(
    view: &View<'_>,
    found: &[Found],
    parents: &[Option<u32>],
    outlet: Option<u32>,
) -> (Vec<Resolved>, Added) {
    let mut resolver = Resolver { view, added: Added::default(), outlet, past: Vec::new() };
    let mut order: Vec<usize> = (0..found.len()).collect();
    // A parent first, as "I" inside its content is its speaker; then by place.
    let depth = |i: usize| {
        let (mut at, mut n) = (i, 0);
        while let Some(p) = parents.get(at).copied().flatten().filter(|_| n < 8) {
            (at, n) = (p as usize, n + 1);
        }
        (found.get(at).map_or(0, anchor), n)
    };
    order.sort_by_key(|&i| (depth(i), found.get(i).map_or(0, anchor), i));
    let nothing = Resolved { speaker: Speaker::Unknown, why: None };
    let mut out = vec![nothing; found.len()];
    let mut last: Option<usize> = None;
    for i in order {
        let Some(f) = found.get(i) else { continue };
        let parent = parents.get(i).copied().flatten().and_then(|p| out.get(p as usize)).map(|r| r.speaker.clone());
        let before = last.filter(|_| parent.is_none()).and_then(|l| found.get(l).zip(out.get(l)));
        let resolved = resolver.one(f, parent, before.map(|(f, r)| (f, r.speaker.clone())));
        if let Some(slot) = out.get_mut(i) {
            *slot = resolved;
        }
        if parents.get(i).copied().flatten().is_none() {
            last = Some(i);
        }
    }
    (out, resolver.added)
}

fn anchor(f: &Found) -> u32 {
    f.source.first().or(f.cue.first()).or(f.content.first()).map_or(0, |s| s.start)
}

/// The piece of a source that stands nearest to its cue.
fn nearest(f: &Found) -> Option<Span> {
    let Some(cue) = f.cue.first() else { return f.source.first().copied() };
    let gap = |s: &Span| if s.end <= cue.start { cue.start - s.end } else { s.start.saturating_sub(cue.end) };
    f.source.iter().copied().min_by_key(gap)
}

/// A source taken apart.
struct Parts {
    /// The core noun phrase.
    core: Span,
    /// Core with what hangs on it, without appositions.
    full: Span,
    /// Starts of what follows a comma.
    after_comma: Vec<u32>,
    end: u32,
}

impl Resolver<'_, '_> {
    fn one(&mut self, f: &Found, parent: Option<Speaker>, before: Option<(&Found, Speaker)>) -> Resolved {
        let view = self.view;
        let Some(source) = nearest(f) else {
            return self.without_source(f, before);
        };
        let words = fold(source.of(view.text));
        match words.as_str() {
            "i" | "we" | "me" | "us" => {
                let speaker = parent.unwrap_or(Speaker::Unknown);
                return done(speaker, "first-person");
            }
            "he" | "she" | "him" | "her" => {
                if let Some(entity) = self.in_focus(f, source, &words) {
                    return self.remember(entity, 0.85, "subject-before-quotation");
                }
                return self.pronoun(source, &words, before);
            }
            "they" | "them" | "it" | "both" | "who" | "which" | "that" | "this" | "these" | "those" => {
                return self.pronoun(source, &words, before);
            }
            _ => {}
        }
        let parts = self.parts(source);
        let resolved = match self.named(source, &parts) {
            Some((entity, rule)) => self.remember(entity, 0.95, rule),
            None => self.described(source, &parts, before),
        };
        let own = resolved
            .why
            .as_ref()
            .is_none_or(|w| !matches!(&*w.note, "whose-statement" | "already-speaking" | "own-outlet"));
        if let Some(entity) = resolved.speaker.entity().filter(|_| own) {
            // "the head of its emergency department", "a letter seen by the Daybook".
            for form in [parts.full, source] {
                let form = strip_article(form.trim_matches(view.text, |c| c.is_whitespace() || c == ',').of(view.text));
                if !form.is_empty() && form.len() <= LONGEST_FORM && !form.contains('\n') {
                    self.added.variants.push((entity, form.to_owned()));
                }
            }
        }
        resolved
    }

    fn without_source(&mut self, f: &Found, before: Option<(&Found, Speaker)>) -> Resolved {
        let rule = f.why.first().map_or("", |r| &*r.rule);
        if rule == "adverb-of-hearsay" {
            return done(Speaker::Unidentified, "hearsay");
        }
        if let Some((b, speaker)) = before {
            let gap = f.start().saturating_sub(b.content.iter().map(|c| c.end).max().unwrap_or(0));
            if f.cue.is_empty() && gap < 300 {
                return done(lower(speaker, 0.9), "same-quotation");
            }
            // "…, adding that …": the same sentence, the same source.
            let same = f.cue.first().zip(b.cue.first()).is_some_and(|(c, d)| {
                let view = self.view;
                view.analysis.sentence_at(c.start) == view.analysis.sentence_at(d.start)
            });
            let participle = f
                .cue
                .first()
                .is_some_and(|c| c.of(self.view.text).split(' ').next().is_some_and(|w| w.ends_with("ing")));
            if same && participle {
                return done(lower(speaker, 0.85), "same-sentence");
            }
        }
        match f.cue.first() {
            Some(_) if f.lexical.is_some_and(|c| c.class != AttributionClass::Intention) => {
                done(Speaker::Unidentified, "no-source")
            }
            _ => Resolved { speaker: Speaker::Unknown, why: None },
        }
    }

    fn parts(&self, source: Span) -> Parts {
        let view = self.view;
        let tokens = view.analysis.tokens.within(source);
        let mut core_end = None;
        let mut full_end = None;
        let mut after_comma = Vec::new();
        for t in tokens.clone() {
            let word = view.lower(t);
            if t > tokens.start {
                let hangs = matches!(
                    word,
                    "of" | "for"
                        | "from"
                        | "by"
                        | "per"
                        | "at"
                        | "in"
                        | "on"
                        | "with"
                        | "who"
                        | "whose"
                        | "which"
                        | "that"
                        | "to"
                        | "near"
                        | "inside"
                        | "("
                        | "familiar"
                        | "close"
                        | "named"
                        | "called"
                        | "aged"
                        | "interviewed"
                        | "seen"
                        | "working"
                        | "waiting"
                        | "briefed"
                        | "—"
                ) || self.participle(t);
                // "Notes from Poland": a preposition inside a name cuts nothing.
                let inside = hangs && self.inside_name(t);
                if core_end.is_none() && ((hangs && !inside) || word == ",") {
                    core_end = Some(t);
                }
                if word == "," {
                    full_end.get_or_insert(t);
                    after_comma.push(view.span(t + 1).start);
                }
            }
        }
        let core = view.bytes(tokens.start..core_end.unwrap_or(tokens.end));
        let full = view.bytes(tokens.start..full_end.unwrap_or(tokens.end));
        Parts { core, full, after_comma, end: source.end }
    }

    /// "a decree signed by", "the record read out": a participle after its noun.
    fn participle(&self, t: usize) -> bool {
        let word = self.view.lower(t);
        let form = word.ends_with("ed") || matches!(word, "seen" | "read" | "sent" | "written" | "held" | "made");
        form && self.view.upos(t) == Some(Upos::Verb)
            && t.checked_sub(1).is_some_and(|b| matches!(self.view.upos(b), Some(Upos::Noun | Upos::Propn)))
    }

    /// Whether a preposition belongs to a name: a mention covers it, or no
    /// mention ends before it and capitals stand on both its sides.
    fn inside_name(&self, t: usize) -> bool {
        let (span, before) = (self.view.span(t), self.view.span(t.saturating_sub(1)));
        let mut near = self.name_mentions(before.cover(span)).peekable();
        let listed = near.peek().is_some();
        let covered = near.any(|m| m.span.covers(span));
        let capitals = starts_upper(self.view.word(t.saturating_sub(1))) && starts_upper(self.view.word(t + 1));
        let preposition = matches!(self.view.lower(t), "of" | "for" | "from" | "in" | "at");
        // "Prosecutors in Brel": people are in a place, and no name.
        let people = matches!(
            kind_of(self.view.lower(t.saturating_sub(1))),
            Some(EntityKind::Person | EntityKind::Group | EntityKind::Document)
        );
        covered || (preposition && capitals && !listed && !people)
    }

    fn name_mentions(&self, span: Span) -> impl Iterator<Item = &Mention> {
        let mentions = &self.view.analysis.mentions;
        let from = mentions.partition_point(|m| m.span.start < span.start.saturating_sub(80));
        let to = mentions.partition_point(|m| m.span.start < span.end);
        mentions.get(from..to).unwrap_or_default().iter().filter(move |m| {
            m.kind == MentionKind::Name
                && m.span.overlaps(span)
                && m.span.of(self.view.text).contains(char::is_uppercase)
        })
    }

    /// A name that is the source, ends its core or stands in apposition to it.
    fn named(&mut self, source: Span, parts: &Parts) -> Option<(u32, &'static str)> {
        let view = self.view;
        let text = view.text;
        let core_end = parts.core.trim_matches(text, |c| !c.is_alphanumeric()).end;
        let at_end =
            |m: &&Mention| m.span.end.abs_diff(core_end) <= 1 || (m.span.covers(parts.core) && !parts.core.is_empty());
        if let Some(e) = self.role_and_name(parts) {
            return Some((e, "role-and-name"));
        }
        if let Some(e) = self.with_letters(parts) {
            return Some((e, "name-with-its-letters"));
        }
        // "old Vale" is not who is called Vale: a father or an uncle.
        let first = parts.core.of(text).split_whitespace().next().unwrap_or_default();
        if matches!(first, "old" | "Old" | "young" | "Young") {
            return None;
        }
        if let Some(e) = self.name_mentions(parts.core).filter(at_end).filter_map(|m| m.entity).last() {
            return Some((e, "name"));
        }
        // "the harbour master, Ida Vale"
        let apposed = |m: &&Mention| {
            parts.after_comma.iter().any(|&s| {
                s <= m.span.start
                    && (m.span.start - s <= 30 && titles_only(text, s, m.span.start)
                        || m.span.start - s <= 80 && role_before(text, s, m.span))
            }) && !matches!(m.entity_kind, Some(EntityKind::Gpe | EntityKind::Location))
        };
        let head = last_word(parts.core, text);
        let single = !parts.core.of(text).trim().contains(' ');
        // "Officials said": a capital at the head of a sentence is no name.
        let head_is_name = starts_upper(head)
            && !titles_alone(parts.core, text)
            && !(single
                && (kind_of(&head.to_lowercase()).is_some()
                    || crate::lexicon::lexicon().is("pronoun", &head.to_lowercase())));
        if !head_is_name {
            if let Some(e) = self
                .name_mentions(Span { start: parts.core.end, end: parts.end })
                .filter(apposed)
                .find_map(|m| m.entity)
            {
                return Some((e, "apposition"));
            }
            // The same without a mention: a person's role, a comma, capitalised words.
            if speakers("person", &last_word(parts.core, text).to_lowercase()) {
                let start = parts.after_comma.iter().copied().find(|&s| {
                    let mut words = Span { start: s, end: parts.end }.of(text).split_whitespace();
                    words.next().is_some_and(starts_upper) && words.next().is_some_and(starts_upper)
                });
                if let Some(start) = start {
                    let rest = Span { start, end: parts.end };
                    let len: usize =
                        rest.of(text).split_inclusive(' ').take_while(|w| starts_upper(w)).map(str::len).sum();
                    let name =
                        Span::new(start as usize, start as usize + len).trim_matches(text, |c| !c.is_alphanumeric());
                    let words = name.of(text).to_owned();
                    if let Some(known) = self.same_name(&words) {
                        return Some((known, "apposition"));
                    }
                    return Some((
                        self.add(name, source, words, true, Some(EntityKind::Person), None, MentionKind::Name),
                        "apposition",
                    ));
                }
            }
            // "a student named Wong"
            if (parts.full.of(text).contains(" named ") || parts.full.of(text).contains(" called "))
                && let Some(e) = self.name_mentions(parts.full).filter_map(|m| m.entity).last()
            {
                return Some((e, "name"));
            }
            return None;
        }
        // A capitalised head without a mention: take it as a name of its own.
        let name = Span { start: name_start(parts.core, text), end: core_end };
        let words = name.of(text).trim();
        if words.is_empty() {
            return None;
        }
        if let Some(known) = self.same_name(words) {
            return Some((known, "same-name"));
        }
        let kind = None;
        Some((self.add(name, source, words.to_owned(), true, kind, None, MentionKind::Name), "unlisted-name"))
    }

    /// "Notes from Brel (NFB)": a name whose capitals stand in brackets after it.
    fn with_letters(&mut self, parts: &Parts) -> Option<u32> {
        let text = self.view.text;
        let whole = Span { start: parts.core.start, end: parts.end };
        let (before, rest) = whole.of(text).split_once(" (")?;
        let letters = rest.split_once(')')?.0;
        let name = strip_article(before);
        let plain = !name.contains(',') && name.split_whitespace().count() <= 8;
        if !plain || !starts_upper(name) || !letters.chars().all(char::is_uppercase) {
            return None;
        }
        let organisation = Some(EntityKind::Organisation);
        if compare(letters, name, organisation, Scope::Story).rule != "acronym" {
            return None;
        }
        let span = Span::new(whole.start as usize, whole.start as usize + before.len());
        let known = self.same_name(name);
        let by_mention = self.name_mentions(span).find(|m| m.span.end == span.end && m.span.of(text).contains(name));
        Some(
            by_mention
                .and_then(|m| m.entity)
                .or(known)
                .unwrap_or_else(|| self.add(span, span, name.to_owned(), true, organisation, None, MentionKind::Name)),
        )
    }

    /// "longtime writer and performer Rob Vale": a person's name that ends the
    /// source, after a noun for a person.
    fn role_and_name(&self, parts: &Parts) -> Option<u32> {
        let text = self.view.text;
        let end = parts.full.trim_matches(text, |c| !c.is_alphanumeric()).end;
        let mention = self
            .name_mentions(parts.full)
            .filter(|m| m.entity_kind == Some(EntityKind::Person) && m.span.end.abs_diff(end) <= 1)
            .last()?;
        let before = Span { start: parts.full.start, end: mention.span.start.max(parts.full.start) };
        let word = last_word(before, text);
        let core_is_person = is_person_noun(&last_word(parts.core, text).to_lowercase());
        (!core_is_person && !starts_upper(word) && is_person_noun(&word.to_lowercase())).then_some(mention.entity?)
    }

    fn entities(&self) -> impl Iterator<Item = (u32, &LocalEntity)> {
        self.view.analysis.entities.iter().chain(&self.added.entities).enumerate().map(|(i, e)| (i as u32, e))
    }

    fn entity(&self, index: u32) -> Option<&LocalEntity> {
        let known = &self.view.analysis.entities;
        known.get(index as usize).or_else(|| self.added.entities.get((index as usize).checked_sub(known.len())?))
    }

    fn same_name(&self, words: &str) -> Option<u32> {
        let folded = fold(words);
        self.entities()
            .find(|(_, e)| {
                e.named
                    && (fold(&e.name) == folded
                        || e.variants.iter().any(|v| fold(v) == folded)
                        || fold(&e.name).strip_suffix(&folded).is_some_and(|rest| rest.ends_with(' ')))
            })
            .map(|(i, _)| i)
    }

    /// A source without a name of its own.
    fn described(&mut self, source: Span, parts: &Parts, before: Option<(&Found, Speaker)>) -> Resolved {
        let view = self.view;
        let text = view.text;
        let head = last_word(parts.core, text).to_lowercase();
        let words = parts.core.of(text);
        let first = words.split_whitespace().next().unwrap_or_default().to_lowercase();
        let definite =
            matches!(first.as_str(), "the" | "this" | "that" | "his" | "her" | "their" | "its" | "these" | "those");
        let bare = !definite && !matches!(first.as_str(), "a" | "an" | "one" | "another" | "two" | "three" | "four");
        // Coreference knows the description.
        let described = view
            .analysis
            .mentions
            .iter()
            .filter(|m| m.kind == MentionKind::Description && m.span.overlaps(parts.core))
            .filter(|m| m.span.end.abs_diff(parts.core.end) <= 1 || m.span.covers(parts.core))
            .find_map(|m| m.entity);
        // "An earlier version of this article": the paper corrects itself.
        let earlier = head == "version" && words.split_whitespace().any(|w| matches!(w, "earlier" | "previous"));
        let this =
            first == "this" && matches!(head.as_str(), "newspaper" | "paper" | "website" | "outlet" | "magazine");
        if let Some(outlet) = self.outlet.filter(|_| earlier || this) {
            return self.remember(outlet, 0.85, "own-outlet");
        }
        // "the statement": whose statement, where one was named in it.
        if speakers("statement", &head)
            && definite
            && words.split_whitespace().count() == 2
            && let Some((_, speaker @ Speaker::Entity { .. })) = &before
        {
            return done(lower(speaker.clone(), 0.75), "whose-statement");
        }
        let plain_head = parts.core.len() == parts.full.len();
        let vague = matches!(
            first.as_str(),
            "local"
                | "some"
                | "several"
                | "many"
                | "unnamed"
                | "anonymous"
                | "various"
                | "initial"
                | "other"
                | "media"
                | "news"
        );
        let count = words.split_whitespace().count();
        if bare && plain_head && (count == 1 || (vague && count <= 3)) && speakers("unidentified", &head) {
            return done(Speaker::Unidentified, "unnamed-sources");
        }
        // "the Minister": who was last called so before, unless the text tells more.
        let vague_entity = described.and_then(|e| self.entity(e)).is_none_or(|e| !e.named);
        if definite
            && plain_head
            && vague_entity
            && is_person_noun(&head)
            && let Some(entity) = self.holder(source, words)
        {
            return self.remember(entity, 0.8, "role");
        }
        // "…, the pensioner said": a description that nothing introduced is
        // somebody the text has named, and most likely who spoke just before.
        let introduced = described.and_then(|e| self.entity(e)).is_some_and(|e| {
            e.named
                || e.mentions
                    .iter()
                    .any(|&m| view.analysis.mentions.get(m as usize).is_some_and(|m| m.span.start < source.start))
        });
        if definite
            && first == "the"
            && count == 2
            && plain_head
            && !introduced
            && (is_person_noun(&head)
                || described.and_then(|e| self.entity(e)).is_some_and(|e| e.kind == Some(EntityKind::Person)))
            && title(&head) != Some(TitleKind::Rank)
            && let Some((b, Speaker::Entity { entity, confidence, .. })) = &before
            && b.start() < source.start
            && source.start - b.start() < 600
            && self.entity(*entity).is_some_and(|e| e.named && e.kind == Some(EntityKind::Person) && e.roles.is_empty())
        {
            let entity = *entity;
            return self.remember(entity, 0.6 * confidence, "already-speaking");
        }
        if let Some(entity) = described {
            return self.remember(entity, 0.85, "description");
        }
        // "the official": the last one with that head.
        if definite {
            let same = self.past.iter().rev().take(60).find(|p| {
                self.entity(**p).is_some_and(|e| {
                    !e.named && e.name.to_lowercase().split(' ').any(|w| w == head)
                        || e.roles
                            .iter()
                            .chain(&e.variants)
                            .any(|r| r.to_lowercase().split(' ').next_back() == Some(head.as_str()))
                })
            });
            if let Some(p) = same.copied() {
                return self.remember(p, 0.8, "same-head");
            }
        }
        let kind = kind_of(&head);
        let name = strip_article(parts.full.of(text));
        let folded = fold(name);
        let known = self.entities().find(|(_, e)| !e.named && fold(&e.name) == folded).map(|(i, _)| i);
        if let Some(entity) = known {
            return self.remember(entity, 0.8, "same-description");
        }
        // The organisation in "a spokesman for the coast guard".
        let of = (parts.full.len() > parts.core.len())
            .then(|| {
                self.view
                    .analysis
                    .mentions
                    .iter()
                    .find(|m| m.span.start >= parts.core.end && m.span.end <= parts.full.end)
            })
            .flatten()
            .and_then(|m| m.entity)
            .or_else(|| self.name_mentions(parts.core).find_map(|m| m.entity));
        let of = of.filter(|_| kind == Some(EntityKind::Person));
        let entity = self.add(parts.core, source, name.to_owned(), false, kind, of, MentionKind::Description);
        self.remember(entity, 0.7, "unnamed-speaker")
    }

    /// The person mentioned last before a source whose role has all the words
    /// of a description.
    fn holder(&self, source: Span, description: &str) -> Option<u32> {
        let fold_words = |s: &str| -> Vec<String> {
            fold(s).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
        };
        let mut asked = fold_words(description);
        asked.retain(|w| !matches!(w.as_str(), "the" | "this" | "that"));
        if asked.is_empty() || asked.iter().any(|w| matches!(w.as_str(), "his" | "her" | "their" | "its")) {
            return None;
        }
        let mentions = &self.view.analysis.mentions;
        let until = mentions.partition_point(|m| m.span.start < source.start);
        let held = |e: &LocalEntity| {
            e.kind == Some(EntityKind::Person)
                && e.named
                && e.roles.iter().any(|r| {
                    let role = fold_words(r);
                    asked.iter().all(|w| role.contains(w))
                })
        };
        let before = mentions.get(..until)?.iter().rev().take(400);
        before.filter_map(|m| m.entity).find(|&e| self.entity(e).is_some_and(held))
    }

    /// "Ida Vale denied it. “Nobody asked us,” she said": the person that the
    /// sentence before a quotation is about, where it names one as its subject.
    fn in_focus(&self, f: &Found, source: Span, word: &str) -> Option<u32> {
        let view = self.view;
        let start = f.start();
        if start >= source.start {
            return None;
        }
        let tokens = &view.analysis.tokens;
        let first = tokens.within(Span { start, end: start + 1 }).start;
        view.quote(first)?;
        let s = view.analysis.sentence_at(start)?;
        let block = view.analysis.sentences.get(s)?.block;
        let gender = if matches!(word, "he" | "him") { Gender::Male } else { Gender::Female };
        // The sentences before, of this paragraph or the one before it.
        let earlier = (0..s).rev().take(3).filter_map(|k| view.analysis.sentences.get(k));
        for sentence in earlier.take_while(|x| x.block + 1 >= block) {
            let opens = sentence.tokens.start as usize;
            if view.quote(opens).is_some() || view.is_mark(opens) {
                continue;
            }
            let mentions = &view.analysis.mentions;
            let from = mentions.partition_point(|m| m.span.start < sentence.span.start);
            let inside = mentions.get(from..)?.iter().take_while(|m| m.span.start < sentence.span.end);
            let person = inside
                .filter(|m| self.is_subject(m.span))
                .filter_map(|m| m.entity)
                .find(|&e| self.entity(e).is_some_and(|e| e.kind == Some(EntityKind::Person)));
            if let Some(entity) = person {
                return self.entity(entity).is_some_and(|e| e.gender.is_none_or(|g| g == gender)).then_some(entity);
            }
        }
        None
    }

    /// Whether a phrase outside quotation marks is the subject of its clause.
    fn is_subject(&self, span: Span) -> bool {
        let view = self.view;
        let tokens = &view.analysis.tokens;
        let outward =
            |&t: &usize| tokens.heads.get(t).is_none_or(|&h| h as usize == t || !span.covers(view.span(h as usize)));
        let range = tokens.within(span);
        let head = range.clone().rev().find(outward).unwrap_or(range.end.saturating_sub(1));
        view.quote(head).is_none() && matches!(tokens.relations.get(head), Some(Relation::Nsubj | Relation::NsubjPass))
    }

    fn pronoun(&mut self, source: Span, word: &str, before: Option<(&Found, Speaker)>) -> Resolved {
        let view = self.view;
        let at = view.analysis.mentions.partition_point(|m| m.span < source);
        let by_coreference = view.analysis.mentions.get(at).filter(|m| m.span == source).and_then(|m| m.entity);
        // A chain of pronouns alone says nothing.
        let told =
            |e: &u32| self.entity(*e).is_some_and(|e| !crate::lexicon::lexicon().is("pronoun", &e.name.to_lowercase()));
        if let Some(entity) = by_coreference.filter(told) {
            return self.remember(entity, 0.8, "coreference");
        }
        let fits = |e: &LocalEntity| match word {
            "he" | "him" => matches!(e.kind, Some(EntityKind::Person) | None) && e.gender != Some(Gender::Female),
            "she" | "her" => matches!(e.kind, Some(EntityKind::Person) | None) && e.gender != Some(Gender::Male),
            "it" | "which" => {
                matches!(e.kind, Some(EntityKind::Organisation | EntityKind::Document | EntityKind::Gpe) | None)
            }
            "they" | "them" => !matches!(e.kind, Some(EntityKind::Location)),
            _ => true,
        };
        let mut candidates: Vec<u32> = Vec::new();
        // Who spoke before comes first, then whoever was named last.
        if let Some((_, Speaker::Entity { entity, .. })) = before {
            candidates.push(entity);
        }
        candidates.extend(self.past.iter().rev().take(4));
        let names = view
            .analysis
            .mentions
            .iter()
            .rev()
            .filter(|m| m.span.end <= source.start && m.kind == MentionKind::Name)
            .take(12);
        candidates.extend(names.filter_map(|m| m.entity));
        if matches!(word, "who" | "which" | "that") {
            // The noun just before a relative pronoun.
            let near = view
                .analysis
                .mentions
                .iter()
                .rev()
                .find(|m| m.span.end <= source.start && source.start - m.span.end <= 3)
                .and_then(|m| m.entity);
            return match near {
                Some(entity) => self.remember(entity, 0.7, "relative-pronoun"),
                None => Resolved { speaker: Speaker::Unknown, why: None },
            };
        }
        let mut fitting: Vec<u32> = Vec::new();
        for c in candidates {
            if self.entity(c).is_some_and(fits) && !fitting.contains(&c) {
                fitting.push(c);
            }
        }
        match fitting.first().copied() {
            Some(entity) => {
                let mut resolved = self.remember(entity, 0.6, "last-speaker");
                if let Speaker::Entity { runner_up, .. } = &mut resolved.speaker {
                    *runner_up = fitting.get(1).copied();
                }
                resolved
            }
            None => Resolved { speaker: Speaker::Unknown, why: None },
        }
    }

    fn remember(&mut self, entity: u32, confidence: f32, rule: &'static str) -> Resolved {
        self.past.push(entity);
        done(Speaker::Entity { entity, confidence, runner_up: None }, rule)
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one new entity")]
    fn add(
        &mut self,
        span: Span,
        source: Span,
        name: String,
        named: bool,
        kind: Option<EntityKind>,
        speaks_for: Option<u32>,
        how: MentionKind,
    ) -> u32 {
        let index = (self.view.analysis.entities.len() + self.added.entities.len()) as u32;
        let words = source.of(self.view.text);
        let mut variants = Vec::new();
        for v in [strip_article(span.of(self.view.text)), strip_article(words)] {
            if v != name && !variants.iter().any(|x| x == v) {
                variants.push(v.to_owned());
            }
        }
        self.added.mentions.push(Mention { span, kind: how, entity_kind: kind, entity: Some(index) });
        let why = vec![Reason::new("source-of-attribution", words)];
        self.added.entities.push(LocalEntity {
            name,
            kind,
            named,
            roles: Vec::new(),
            variants,
            mentions: Vec::new(),
            gender: None,
            speaks_for,
            why,
        });
        index
    }
}

fn done(speaker: Speaker, rule: &'static str) -> Resolved {
    Resolved { speaker, why: Some(Reason::new("speaker", rule)) }
}

/// The same speaker, a little less sure.
fn lower(speaker: Speaker, factor: f32) -> Speaker {
    match speaker {
        Speaker::Entity { entity, confidence, runner_up } => {
            Speaker::Entity { entity, confidence: confidence * factor, runner_up }
        }
        other => other,
    }
}

fn kind_of(head: &str) -> Option<EntityKind> {
    let kinds = [
        ("document", EntityKind::Document),
        ("group", EntityKind::Group),
        ("person", EntityKind::Person),
        ("organisation", EntityKind::Organisation),
    ];
    kinds.iter().find(|(list, _)| speakers(list, head)).map(|(_, kind)| *kind)
}

/// Whether a lower-case word stands for one person: "professor", "spokeswoman".
fn is_person_noun(word: &str) -> bool {
    speakers("person", word) || matches!(title(word), Some(TitleKind::Office | TitleKind::Rank))
}

/// "the Prime Minister", "Engineer": nothing but titles.
fn titles_alone(core: Span, text: &str) -> bool {
    let mut words = strip_article(core.of(text)).split_whitespace().map(|w| fold(w.trim_end_matches('.'))).peekable();
    let known = |w: &String| matches!(title(w), Some(TitleKind::Office | TitleKind::Rank | TitleKind::Part));
    words.peek().is_some() && words.all(|w| known(&w))
}

/// "doctoral candidate Ida Vale": lower-case words of which the last is a noun
/// for a person.
fn role_before(text: &str, from: u32, name: Span) -> bool {
    let words = Span { start: from, end: name.start.max(from) }.of(text);
    let titled = name.of(text).starts_with(char::is_lowercase);
    !words.contains([',', ';'])
        && (titled || words.split_whitespace().next_back().is_some_and(|w| is_person_noun(&w.to_lowercase())))
        && !words.split_whitespace().any(|w| matches!(w, "of" | "for" | "to" | "with" | "by"))
}

fn last_word(span: Span, text: &str) -> &str {
    span.of(text).split_whitespace().next_back().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric())
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn strip_article(words: &str) -> &str {
    let words = words.trim();
    match words.split_once(' ') {
        Some((first, rest)) if matches!(first.to_lowercase().as_str(), "the" | "a" | "an") => rest.trim_start(),
        _ => words,
    }
}

/// Start of the run of capitalised words that ends a core.
fn name_start(core: Span, text: &str) -> u32 {
    let words = core.of(text);
    let mut start = words.len();
    for word in words.rsplit(' ') {
        let at = word.as_ptr() as usize - words.as_ptr() as usize;
        if !(starts_upper(word) || matches!(word, "of" | "de" | "van" | "von" | "al" | "la" | "dela" | "bin")) {
            break;
        }
        start = at;
    }
    core.start + start as u32
}

/// Whether only titles ("Dr", "Chief Constable") stand in a stretch of text.
fn titles_only(text: &str, from: u32, to: u32) -> bool {
    Span { start: from, end: to.max(from) }.of(text).split_whitespace().all(|w| starts_upper(w) || w.len() <= 3)
}

/// Puts new mentions in their places and renumbers what points at mentions.
pub(crate) fn apply(analysis: &mut Analysis, added: Added) {
    analysis.entities.extend(added.entities);
    for (entity, form) in added.variants {
        if let Some(e) = analysis.entities.get_mut(entity as usize)
            && form != e.name
            && e.variants.len() < MOST_FORMS
            && !e.variants.contains(&form)
        {
            e.variants.push(form);
        }
    }
    if added.mentions.is_empty() {
        return;
    }
    analysis.mentions.extend(added.mentions);
    let mut order: Vec<u32> = (0..analysis.mentions.len() as u32).collect();
    order.sort_by_key(|&i| analysis.mentions.get(i as usize).map(|m| (m.span, i)));
    analysis.mentions = order.iter().filter_map(|&i| analysis.mentions.get(i as usize).cloned()).collect();
    for entity in &mut analysis.entities {
        entity.mentions.clear();
    }
    for (i, mention) in analysis.mentions.iter().enumerate() {
        if let Some(entity) = mention.entity.and_then(|e| analysis.entities.get_mut(e as usize)) {
            entity.mentions.push(i as u32);
        }
    }
}
