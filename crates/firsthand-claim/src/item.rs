//! Claims made ready for comparison: their terms, and what their figure counts.

use firsthand_model::{Approx, Change, Claim, ClaimId, EntityId, Measure, Polarity, Reading, ReportId, Time, TimeKind};
use firsthand_span::Span;
use rustc_hash::FxHashMap;

use crate::extract::is_figure;
use crate::vector::Terms;
use crate::words::{class_named, class_of, concept, stem, terms, words};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static PEOPLE: &str = include_str!("../data/people.txt");

static KIN_WORDS: &str = include_str!("../data/kin.txt");

/// From the stem of a word for kinship to the word that stands for its relation.
static KIN: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for line in KIN_WORDS.lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(relation) = words.next() else { continue };
        for word in std::iter::once(relation).chain(words) {
            out.insert(stem(word), relation.to_owned());
        }
    }
    out
});

/// What a noun for people names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Whole,
    Part,
    Role,
}

/// Stems of nouns for people, and what they name.
static PEOPLE_OF: LazyLock<FxHashMap<String, Group>> = LazyLock::new(|| {
    PEOPLE
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .map(|(kind, list)| {
            let group = match kind {
                "part" => Group::Part,
                "role" => Group::Role,
                _ => Group::Whole,
            };
            (group, list)
        })
        .flat_map(|(group, list)| list.split_whitespace().map(move |w| (stem(w), group)))
        .collect()
});

/// Classes whose figures count people unless another noun is counted.
const OF_PEOPLE: &[&str] = &["killed", "injured", "missing", "rescued", "aboard", "arrested", "displaced"];

/// Verbs that tell of all who are counted.
const OF_ALL: &[&str] = &[
    "find", "recover", "pull", "retrieve", "be", "have", "count", "report", "rise", "reach", "confirm", "put", "say",
    "list", "bring", "know", "number", "give", "name", "identify", "go", "lose", "claim", "take", "save",
];
/// Least number that a vague one stands for.
const VAGUE_LEAST: &[(&str, f64)] = &[("dozens", 24.0), ("scores", 40.0), ("hundreds", 200.0), ("thousands", 2000.0)];

/// Whether the figures of a class count people unless another noun is counted.
pub(crate) fn of_people(class: &str) -> bool {
    OF_PEOPLE.contains(&class)
}

/// Whether the stem is of a noun for people.
pub(crate) fn is_people(stem: &str) -> bool {
    PEOPLE_OF.contains_key(stem)
}

/// A happening this many days before publication is another one than the news.
const PAST_DAYS: i32 = 60;

/// Claims with fewer words than this may lean on the sentence before.
const THIN: usize = 7;

/// Whether pronouns stand where a claim's matter should.
fn leans_back(words: &[crate::words::Word]) -> bool {
    words.iter().any(|w| {
        matches!(w.folded.as_str(), "one" | "it" | "this" | "that" | "they" | "them" | "these" | "so" | "such")
    })
}

/// Classes that tell what became of a person.
const FATES: &[&str] = &[
    "killed",
    "injured",
    "missing",
    "rescued",
    "arrested",
    "released",
    "questioned",
    "found",
    "kidnapped",
    "taken-out",
];

/// Whether a bare number is an age in an apposition ("the manager, 54, ...")
/// or a time of day ("at twenty to six"): nothing is counted.
fn is_aside(text: &str, measure: &Measure) -> bool {
    if measure.counted.is_some() || measure.unit != "1" || measure.value.is_none_or(|v| v > 120.0) {
        return false;
    }
    let before = text.get(..measure.span.start as usize).unwrap_or_default().trim_end();
    let after = text.get(measure.span.end as usize..).unwrap_or_default();
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let next = after.split_whitespace().next().unwrap_or_default();
    let apposed = before.ends_with([',', '(']) && after.starts_with([',', ')']);
    let aged = matches!(last.as_str(), "aged" | "age");
    let hour = before.trim_end_matches(char::is_alphanumeric).trim_end();
    let hour = hour.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    if matches!(last.as_str(), "to" | "past") && (crate::words::is_number_word(&hour) || hour == "quarter") {
        return true;
    }
    // "At eleven this morning", "at 23.47": the hour.
    let lettered = measure.span.of(text).chars().all(|c| c.is_alphabetic());
    if last == "at"
        && measure.what.is_none()
        && ((lettered && matches!(next, "this" | "o'clock" | "o’clock" | "in"))
            || measure.value.is_some_and(|v| v.fract() > 0.0 && v < 24.0))
    {
        return true;
    }
    let opens = before
        .get(..before.len().saturating_sub(2))
        .is_none_or(|b| b.trim_end_matches(' ').ends_with(['"', '“', '.', '\n']) || b.trim().is_empty());
    let clock = matches!(last.as_str(), "at" | "past" | "to" | "by" | "until" | "after" | "before")
        && (matches!(next, "to" | "past") || last == "past" || (last == "at" && opens));
    apposed || aged || (clock && measure.value.is_some_and(|v| v <= 60.0) && measure.what.is_none())
}

/// The sentence that a span stands in, by its stops and lines: enough to know
/// what else it speaks of.
fn sentence_around(text: &str, span: Span) -> Span {
    const FAR: usize = 600;
    let ends = |at: usize| {
        // A stop that a capital letter or a quotation mark follows, or the end of a line.
        let rest = text.get(at..).unwrap_or_default();
        let mut next = rest.chars();
        match next.next() {
            Some('\n') => true,
            Some('.' | '!' | '?' | '…') => {
                let tail = next.as_str().trim_start_matches(['"', '”', '’', '\'', ')', '»']);
                let word = text.get(..at).unwrap_or_default();
                let word = word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                let abbreviated = word.chars().count() <= 3 && word.starts_with(char::is_uppercase);
                !abbreviated
                    && tail.starts_with(char::is_whitespace)
                    && tail.trim_start().starts_with(|c: char| c.is_uppercase() || "\"“‘«".contains(c))
            }
            _ => false,
        }
    };
    let (start, end) = (span.start as usize, span.end as usize);
    let from = text
        .get(..start)
        .unwrap_or_default()
        .char_indices()
        .rev()
        .take(FAR)
        .find(|&(i, _)| ends(i))
        .map_or(start.saturating_sub(FAR), |(i, c)| i + c.len_utf8());
    let to = text
        .get(end..)
        .unwrap_or_default()
        .char_indices()
        .take(FAR)
        .find(|&(i, _)| ends(end + i))
        .map_or_else(|| (end + FAR).min(text.len()), |(i, _)| end + i);
    let boundary = |mut i: usize| {
        while !text.is_char_boundary(i) {
            i -= 1;
        }
        i
    };
    Span::new(boundary(from.min(start)), boundary(to.max(end)))
}

/// What a figure measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dimension {
    Count,
    Percent,
    Money,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Counted {
    /// People, all of them.
    People,
    /// A part of the people or of another figure, by its noun.
    Part(String),
    /// People by what they are, by the noun: perhaps all, perhaps a part.
    Role(String),
    /// Things, by the stem of their noun.
    Things(String),
    /// Not said.
    Open,
}

/// A claim's figure, ready for comparison.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) dimension: Dimension,
    /// Class of what happened to the counted.
    pub(crate) class: Option<&'static str>,
    pub(crate) counted: Counted,
    /// Least value it can hold by its words; none where open.
    pub(crate) lower: Option<f64>,
    /// Greatest value.
    pub(crate) upper: Option<f64>,
    /// The number printed.
    pub(crate) value: Option<f64>,
    pub(crate) unit: String,
    /// The noun gives the class, and something else is told of them.
    pub(crate) scoped: bool,
    /// Begins with "another".
    pub(crate) another: bool,
    /// No noun says what is counted.
    pub(crate) bare: bool,
    /// Hedged as "about", "some", "nearly", "over".
    pub(crate) approximate: bool,
}

impl Figure {
    /// The figure of a claim.
    pub(crate) fn of(claim: &Claim, reading: &Reading, measure: &Measure) -> Self {
        let text = &reading.report.text;
        let dimension = match measure.unit.as_str() {
            "1" => Dimension::Count,
            "%" => Dimension::Percent,
            _ => Dimension::Money,
        };
        let class = claim.class.as_deref().and_then(class_named).map(|c| c.name);
        let noun = measure.counted.as_deref().map(firsthand_span::fold);
        let noun = noun.as_deref().and_then(|n| n.split_whitespace().next_back()).map(stem);
        // "Twelve bodies found" counts the dead, whatever was done with them.
        let by_noun = noun.as_deref().and_then(class_of).map(|c| c.name).filter(|c| OF_PEOPLE.contains(c));
        let class = by_noun.or(class);
        let scoped = by_noun.is_some()
            && measure.what.as_deref().is_some_and(|w| {
                let stem = stem(w);
                class_of(&stem).map(|c| c.name) != by_noun
                    && !OF_ALL.iter().any(|l| crate::words::stem(l) == stem)
                    && class_named(w).is_none()
            });
        let tail =
            text.get(measure.span.end as usize..claim.evidence.end.max(measure.span.end) as usize).unwrap_or_default();
        let of_whole = |t: &str| {
            let t = t.trim_start();
            t.starts_with("of the ")
                || t.starts_with("of them")
                || t.starts_with("of those")
                || t.starts_with("of whom")
        };
        let part_of = of_whole(tail) || measure.subset_of.is_some() || measure.span.of(text).contains(" of the ");
        let counted = match &noun {
            _ if dimension != Dimension::Count => Counted::Open,
            // A difference is never compared with a level.
            _ if matches!(measure.change, Some(Change::Additional | Change::RoseBy | Change::FellBy))
                || increment(measure.span.of(text), tail) =>
            {
                Counted::Part(MORE.to_owned())
            }
            Some(n) if PEOPLE_OF.get(n) == Some(&Group::Part) => Counted::Part(n.clone()),
            Some(n) if part_of => Counted::Part(n.clone()),
            // Whoever is arrested is mostly told by what he is.
            Some(n) if PEOPLE_OF.get(n) == Some(&Group::Role) && class != Some("arrested") => Counted::Role(n.clone()),
            Some(n) if PEOPLE_OF.contains_key(n) => Counted::People,
            Some(n) => Counted::Things(n.clone()),
            None if part_of => Counted::Part(String::new()),
            None if class.is_some_and(|c| OF_PEOPLE.contains(&c)) => Counted::People,
            None => Counted::Open,
        };
        // "More were on board than the 187 named": not 187, but more.
        let (mut lower, mut upper) = (measure.lower.map(|b| b.value), measure.upper.map(|b| b.value));
        let mut value = measure.value;
        let head = Span { start: claim.evidence.start.min(measure.span.start), end: measure.span.start }.of(text);
        let compared = head.trim_end().trim_end_matches(" the").trim_end().ends_with(" than") && lower == upper;
        if compared && head.contains("more ") {
            (lower, upper, value) = (value.map(|v| v + 1.0), None, None);
        } else if compared && (head.contains("fewer ") || head.contains("less ")) {
            (lower, upper, value) = (None, value.map(|v| v - 1.0), None);
        }
        // What vague numbers imply at least, as a policy of comparison.
        if measure.approx == Approx::Vague && lower.is_none() && upper.is_none() && value.is_none() {
            let folded = firsthand_span::fold(measure.span.of(text));
            lower = VAGUE_LEAST.iter().find(|(w, _)| folded.contains(w)).map(|(_, v)| *v);
        }
        // Lives are told of when they are lost.
        let class =
            if noun.as_deref() == Some("life") && class.is_none_or(|c| !of_people(c)) { Some("killed") } else { class };
        // Of things that are "missing" or "found dead" no person is counted.
        let class = class.filter(|c| !of_people(c) || !matches!(counted, Counted::Things(_)));
        Figure {
            dimension,
            class,
            bare: noun.is_none(),
            scoped,
            another: measure.span.of(text).to_lowercase().starts_with("another") || head.trim_end().ends_with("nother"),
            counted,
            lower,
            upper,
            value,
            unit: measure.unit.clone(),
            approximate: measure.lower.is_none() && measure.upper.is_none(),
        }
    }

    /// Whether two figures could be about one thing at all.
    pub(crate) fn may_match(&self, other: &Figure) -> bool {
        // Classes that count people are firm; of other things and of sums the
        // words may speak of one matter by many verbs.
        let classes = match (self.class, other.class) {
            (Some(a), Some(b)) if self.dimension == Dimension::Count => {
                a == b || !(OF_PEOPLE.contains(&a) || OF_PEOPLE.contains(&b))
            }
            _ => true,
        };
        let counted = match (&self.counted, &other.counted) {
            (Counted::Part(a), Counted::Part(b)) => a == b || a.is_empty() || b.is_empty(),
            (Counted::Part(_), _) | (_, Counted::Part(_)) => false,
            (Counted::Role(a), Counted::Role(b)) => a == b || self.same_value(other),
            (Counted::Role(_), Counted::Things(_)) | (Counted::Things(_), Counted::Role(_)) => false,
            (Counted::Role(_), _) | (_, Counted::Role(_)) => self.same_value(other),
            (Counted::Things(a), Counted::Things(b)) => a == b || (self.telling() >= TELLING && self.same_value(other)),
            (Counted::Things(_), Counted::People) | (Counted::People, Counted::Things(_)) => false,
            _ => true,
        };
        self.dimension == other.dimension && classes && counted
    }

    /// Whether both are firmly about one thing by class and noun alone.
    pub(crate) fn same_key(&self, other: &Figure) -> bool {
        self.class.is_some()
            && self.class == other.class
            && self.dimension == other.dimension
            && self.counted == other.counted
            && self.counted != Counted::Open
    }

    /// How telling it is that two figures are equal: by significant digits.
    pub(crate) fn telling(&self) -> f32 {
        let v = self.value.or(self.lower).or(self.upper).unwrap_or(0.0);
        let digits = format!("{v:.0}").trim_end_matches('0').len();
        match digits {
            0 | 1 => 0.12,
            2 => 0.22,
            _ => 0.46,
        }
    }

    /// Whether both print the same number in the same unit.
    pub(crate) fn same_value(&self, other: &Figure) -> bool {
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
            _ => false,
        };
        self.unit == other.unit
            && (near(self.value, other.value) || (near(self.lower, other.lower) && near(self.upper, other.upper)))
    }
}

/// "four more", "eleven further", "two other": beside a figure told before.
fn increment(span: &str, tail: &str) -> bool {
    let next = tail.split_whitespace().next().unwrap_or_default();
    ["more", "further", "other"].iter().any(|w| next == *w || span.split_whitespace().skip(1).any(|s| s == *w))
        && !span.to_lowercase().starts_with("more")
        && !span.contains("more than")
        && next != "than"
}

/// A claim with all that comparison asks of it.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) id: ClaimId,
    /// Index of its reading in the collection.
    pub(crate) reading: usize,
    pub(crate) claim: &'a Claim,
    /// Content terms, ascending, without doubles.
    pub(crate) terms: Vec<u32>,
    /// The terms of `terms` that stand for words and classes, not for entities.
    pub(crate) said: Vec<u32>,
    /// Tells what became of a named person.
    pub(crate) fate: bool,
    /// The entities it names, ascending, without doubles.
    pub(crate) people: Vec<u32>,
    /// The named persons among its actor and target.
    pub(crate) persons: Vec<u32>,
    /// Its figure is for each of something, not in all.
    pub(crate) said_rate: bool,
    /// Where its sentence begins.
    pub(crate) sentence: u32,
    /// Terms of the rest of its sentence, ascending, without doubles.
    pub(crate) context: Vec<u32>,
    /// Its capitalised terms but the first: mostly names.
    pub(crate) names: Vec<u32>,
    pub(crate) figure: Option<Figure>,
    /// Year of an earlier happening that the claim speaks of.
    pub(crate) past: Option<i16>,
    /// Clock time as "HH:MM", where its time has one.
    pub(crate) clock: Option<String>,
    /// The kinships that it affirms, by the words of `kin.txt` that stand for them.
    pub(crate) kin: Vec<String>,
}

impl<'a> Item<'a> {
    /// A claim with nothing known but where it stands.
    pub(crate) fn bare(id: ClaimId, reading: usize, claim: &'a Claim) -> Self {
        Item {
            id,
            reading,
            claim,
            terms: Vec::new(),
            said: Vec::new(),
            fate: false,
            persons: Vec::new(),
            said_rate: false,
            sentence: 0,
            context: Vec::new(),
            names: Vec::new(),
            figure: None,
            past: None,
            clock: None,
            kin: Vec::new(),
            people: Vec::new(),
        }
    }
}

/// The items of readings, ascending by claim; `reading` is an index in these.
pub(crate) fn items<'a>(
    readings: &[(ReportId, &'a Reading)],
    entity_of: &FxHashMap<(ReportId, u32), EntityId>,
) -> Vec<Item<'a>> {
    let known = Terms;
    let mut out = Vec::new();
    for (at, (report, reading)) in readings.iter().enumerate() {
        let sums = words_of_sums(reading);
        let mut around: (Span, Vec<u32>) = Default::default();
        for (index, claim) in reading.claims.iter().enumerate() {
            let text = &reading.report.text;
            let measure = claim.measures.first().and_then(|&m| reading.measures.get(m as usize));
            // The words of a sum ("412 million crowns") are in its figure, and say nothing of the matter.
            let sum_spans: Vec<Span> = claim
                .measures
                .iter()
                .filter_map(|&m| reading.measures.get(m as usize))
                .filter(|m| m.unit != "1")
                .map(|m| m.span)
                .collect();
            let mut spoken = words(text, claim.evidence);
            spoken.retain(|w| !sum_spans.iter().any(|s| s.covers(w.span)) && !sums.contains(&stem(&w.folded)));
            let mut ids: Vec<u32> = terms(&spoken).into_iter().map(|t| known.id(t)).collect();
            let mut names: Vec<u32> = spoken
                .iter()
                .skip(1)
                .filter(|w| {
                    !w.is_stop() && w.span.of(text).starts_with(char::is_uppercase) && class_of(w.stem()).is_none()
                })
                .map(|w| known.id(concept(w.stem())))
                .collect();
            names.sort_unstable();
            names.dedup();
            let sentence = sentence_around(text, claim.evidence);
            // Claims of one sentence follow each other.
            if around.0 != sentence {
                around = (sentence, terms(&words(text, sentence)).into_iter().map(|t| known.id(t)).collect());
            }
            let mut context = around.1.clone();
            // "The master had sent one": what it is stands in the sentence before.
            if ids.len() + context.len() < THIN && leans_back(&spoken) {
                let head = text.get(..sentence.start as usize).unwrap_or_default().trim_end();
                if let Some(last) = head.chars().next_back() {
                    let before = sentence_around(text, Span::new(head.len() - last.len_utf8(), head.len()));
                    context.extend(terms(&words(text, before)).into_iter().map(|t| known.id(t)));
                }
            }
            if let Some(class) = claim.class.as_deref().or_else(|| class_of(&stem(&claim.predicate)).map(|c| c.name)) {
                ids.push(known.id(format!("#{class}")));
            }
            // Whom it speaks of, however named: aliases, descriptions and pronouns count as the entity.
            let mut entities_named: Vec<u32> = Vec::new();
            let mentions = &reading.analysis.mentions;
            let from = mentions.partition_point(|m| m.span.start < claim.evidence.start);
            for m in mentions[from..].iter().take_while(|m| m.span.start < claim.evidence.end) {
                if let Some(id) = m.entity.and_then(|e| entity_of.get(&(*report, e))) {
                    entities_named.push(known.id(format!("@{id}")));
                }
            }
            let mut fate = false;
            let person = |a: &Option<firsthand_model::Argument>| {
                let local = a.as_ref().and_then(|a| a.entity).and_then(|e| reading.analysis.entities.get(e as usize));
                local.is_some_and(|e| e.named && e.kind == Some(firsthand_model::EntityKind::Person))
            };
            if claim.measures.is_empty()
                && claim.class.as_deref().is_some_and(|c| FATES.contains(&c))
                && (person(&claim.actor) || person(&claim.target))
            {
                ids.push(known.id("##fate"));
                fate = true;
            }
            let mut said = ids.clone();
            said.sort_unstable();
            said.dedup();
            let persons: Vec<u32> = [&claim.actor, &claim.target]
                .into_iter()
                .filter(|a| person(a))
                .filter_map(|a| a.as_ref()?.entity)
                .filter_map(|e| entity_of.get(&(*report, e)))
                .map(|id| known.id(format!("@{id}")))
                .collect();
            entities_named.sort_unstable();
            entities_named.dedup();
            ids.extend(&entities_named);
            ids.sort_unstable();
            ids.dedup();
            context.sort_unstable();
            context.dedup();
            context.retain(|t| ids.binary_search(t).is_err());
            let time = claim.time.and_then(|t| reading.times.get(t as usize));
            out.push(Item {
                id: ClaimId { report: *report, index: index as u32 },
                reading: at,
                claim,
                terms: ids,
                fate,
                people: entities_named,
                persons,
                said_rate: spoken.iter().any(|w| matches!(w.folded.as_str(), "each" | "per" | "every" | "apiece")),
                said,
                sentence: sentence.start,
                context,
                names,
                figure: measure.filter(|m| is_figure(m) && !is_aside(text, m)).map(|m| Figure::of(claim, reading, m)),
                kin: kin(claim, &spoken),
                past: time.and_then(|t| past(reading, t, claim.evidence)),
                clock: time
                    .filter(|t| t.kind == TimeKind::Time && claim.evidence.covers(t.span))
                    .and_then(|t| t.value.split_once('T'))
                    .map(|(_, clock)| clock.chars().take(5).collect()),
            });
        }
    }
    out
}

/// The stems of words in a report's sums: names of currencies, which are no
/// matter of their own.
fn words_of_sums(reading: &Reading) -> BTreeSet<String> {
    let sums = reading.measures.iter().filter(|m| m.unit != "1" && m.unit != "%");
    sums.flat_map(|m| words(&reading.report.text, m.span)).filter(|w| !w.is_number()).map(|w| stem(&w.folded)).collect()
}

/// The kinships by which a claim says who somebody is, each by the word that
/// stands for it: those of its target, or of all of it where that is its matter. None where the
/// claim is denied or a word before them negates them.
fn kin(claim: &Claim, spoken: &[crate::words::Word]) -> Vec<String> {
    if claim.polarity == Polarity::Denied {
        return Vec::new();
    }
    let matter = claim.class.as_deref() == Some("related");
    let told = |w: &crate::words::Word| matter || claim.target.as_ref().is_some_and(|t| t.span.covers(w.span));
    let affirmed = spoken.split(|w| matches!(w.folded.as_str(), "neither" | "not" | "nor" | "no")).next();
    let mut out: Vec<String> = affirmed
        .unwrap_or_default()
        .iter()
        .filter(|w| told(w))
        .filter_map(|w| KIN.get(&stem(&w.folded)).cloned())
        .collect();
    out.sort();
    out.dedup();
    out
}

/// The year of the happening a claim speaks of, where its time lies long
/// before publication.
pub(crate) fn past(reading: &Reading, time: &Time, evidence: Span) -> Option<i16> {
    let published = reading.report.published.as_ref()?.value.date();
    let interval = time.interval?;
    let text = reading.report.text.as_str();
    let before = Span { start: time.span.start.saturating_sub(8), end: time.span.start };
    let since = before.get(text).unwrap_or_default().trim_end().ends_with("since");
    let between = Span { start: time.span.end, end: evidence.start }.get(text).unwrap_or_default();
    // "the worst flood since 1998" speaks of now, "since 1998, when 118 died" of then.
    if since && !["when", "which", "where"].iter().any(|w| between.contains(w)) {
        return None;
    }
    let days = interval.end.date().until(published).ok()?.get_days();
    (days > PAST_DAYS && time.kind == TimeKind::Date).then(|| interval.start.year())
}

/// Gives figures that do not say what they count what others of the story
/// say: a part of the same whole as the one before it in the sentence ("19 of
/// the 43 in Port Vell, 15 in Stern"), the class that the same number has elsewhere ("We have lost 61 of
/// ours" beside "61 dead"), the class of the first count of people in the
/// sentence before ("It now counts 94"), or the things of the same telling
/// number. Then an addition ("another 29 missing") to nothing is a whole.
pub(crate) fn adopt(items: &mut [Item<'_>], members: &[usize]) {
    lists(items, members);
    by_number(items, members);
    by_place(items, members);
    by_number(items, members);
    let mut wholes: BTreeSet<(usize, &'static str)> = BTreeSet::new();
    for &m in members {
        if let Some(f) = &items[m].figure
            && let Some(class) = f.class.filter(|_| f.counted == Counted::People)
        {
            wholes.insert((items[m].reading, class));
        }
    }
    for &m in members {
        let reading = items[m].reading;
        if let Some(f) = &mut items[m].figure
            && f.another
            && f.counted == Counted::Part(MORE.to_owned())
            && let Some(class) = f.class.filter(|c| of_people(c))
            && !wholes.contains(&(reading, class))
        {
            f.counted = Counted::People;
        }
    }
}

/// The noun of a part that is counted beside a figure told before.
const MORE: &str = "more";
/// Least number that is telling enough to give a figure its class.
const ADOPTED: f64 = 10.0;
/// Counts of people without a noun are below this.
const MOST_PEOPLE: f64 = 1e6;
/// From this on two equal numbers are no chance: three digits that count.
pub(crate) const TELLING: f32 = 0.46;
/// How far back, in bytes, the count stands that an open one goes on from.
const BEFORE: u32 = 420;
/// Verbs that leave it to the text before what is counted.
const NEUTRAL: &[&str] = &[
    "", "be", "have", "count", "hold", "list", "put", "give", "say", "report", "know", "contain", "number", "stand",
    "rise", "climb", "grow", "reach", "add", "keep", "compile", "include", "total", "read", "bring",
];

impl Figure {
    /// Whether the words leave open what is counted.
    fn is_open(&self) -> bool {
        self.dimension == Dimension::Count
            && self.class.is_none_or(|c| !of_people(c))
            && matches!(self.counted, Counted::People | Counted::Open)
    }

    fn number(&self) -> Option<f64> {
        self.value.or(self.lower).or(self.upper).filter(|v| *v >= ADOPTED && v.fract() == 0.0)
    }
}

fn lists(items: &mut [Item<'_>], members: &[usize]) {
    for pair in members.windows(2) {
        let (before, item) = (&items[pair[0]], &items[pair[1]]);
        let Some(part) = before.figure.as_ref().filter(|f| matches!(f.counted, Counted::Part(_))) else { continue };
        let one_sentence = before.reading == item.reading && before.sentence == item.sentence;
        let bare = |f: &Figure| f.bare && f.is_open() && f.counted == Counted::Open;
        if one_sentence && item.figure.as_ref().is_some_and(bare) {
            let (class, counted) = (part.class, part.counted.clone());
            if let Some(f) = &mut items[pair[1]].figure {
                (f.class, f.counted) = (class, counted);
            }
        }
    }
}

fn by_number(items: &mut [Item<'_>], members: &[usize]) {
    type Counts = BTreeMap<&'static str, usize>;
    let mut people: FxHashMap<(u64, Option<i16>), Counts> = FxHashMap::default();
    let mut things: FxHashMap<u64, BTreeMap<String, usize>> = FxHashMap::default();
    for &m in members {
        let Some(f) = &items[m].figure else { continue };
        let Some(n) = f.number().map(f64::to_bits) else { continue };
        match (&f.counted, f.class.filter(|c| of_people(c))) {
            (Counted::People, Some(class)) if f.dimension == Dimension::Count => {
                *people.entry((n, items[m].past)).or_default().entry(class).or_default() += 1;
            }
            (Counted::Things(noun), _) if f.telling() >= TELLING => {
                *things.entry(n).or_default().entry(noun.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
    for &m in members {
        let past = items[m].past;
        let Some(f) = &mut items[m].figure else { continue };
        let Some(n) = f.number().map(f64::to_bits) else { continue };
        let class = people.get(&(n, past)).and_then(|counts| {
            let most = counts.values().max()?;
            let mut best = counts.iter().filter(|(_, n)| *n == most);
            best.next().filter(|_| best.next().is_none()).map(|(c, _)| *c)
        });
        let noun = things.get(&n).and_then(|counts| counts.iter().max_by_key(|(_, n)| **n)).map(|(noun, _)| noun);
        if f.is_open() {
            if let Some(class) = class {
                f.class = Some(class);
                f.counted = Counted::People;
            } else if let Some(noun) = noun.filter(|_| f.counted == Counted::Open) {
                f.counted = Counted::Things(noun.clone());
            }
        } else if let Some(noun) = noun
            && f.bare
            && f.counted == Counted::People
        {
            // "412 million missing", where others say of what.
            f.counted = Counted::Things(noun.clone());
            f.class = None;
        }
    }
}

fn by_place(items: &mut [Item<'_>], members: &[usize]) {
    // Members ascend by claim, so by report and place.
    for n in 0..members.len() {
        let item = &items[members[n]];
        let open = item.figure.as_ref().is_some_and(|f| {
            f.is_open()
                && f.number().is_some_and(|v| v < MOST_PEOPLE)
                && f.counted == Counted::Open
                && NEUTRAL.contains(&item.claim.predicate.as_str())
        });
        if !open {
            continue;
        }
        let near = members[..n]
            .iter()
            .rev()
            .map(|&m| &items[m])
            .take_while(|b| b.reading == item.reading && b.claim.evidence.end + BEFORE > item.claim.evidence.start)
            .filter(|b| b.claim.evidence.end <= item.claim.evidence.start && b.past == item.past)
            .filter(|b| {
                b.figure.as_ref().is_some_and(|f| {
                    f.dimension == Dimension::Count && f.counted == Counted::People && f.class.is_some_and(of_people)
                })
            });
        // The first count of the sentence that the nearest one stands in.
        let mut first: Option<&Item<'_>> = None;
        for b in near {
            if first.is_some_and(|f| f.sentence != b.sentence) {
                break;
            }
            first = Some(b);
        }
        if let Some(class) = first.and_then(|b| b.figure.as_ref()).and_then(|f| f.class)
            && let Some(f) = &mut items[members[n]].figure
        {
            f.class = Some(class);
            f.counted = Counted::People;
        }
    }
}
