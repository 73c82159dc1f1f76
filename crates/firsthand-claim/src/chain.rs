//! Where a claim's chain ends by its own voice, and what it leans on in its
//! cluster: a copied passage, a cited report, the same words or figure that
//! others attribute.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use firsthand_model::{
    AttributionKind, BlockKind, EntityId, EntityKind, Modality, Reading, ReportId, TimeKind, Voice, VoiceKind,
};
use firsthand_span::fold_words;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::cluster::Copied;
use crate::item::{Item, is_people};
use crate::relation::same_matter;
use crate::who::{Who, name_key};
use crate::words::stem;

static SELVES: &str = include_str!("../data/selves.txt");

fn selves(kind: &str) -> FxHashSet<String> {
    SELVES
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .filter(|(k, _)| *k == kind)
        .flat_map(|(_, words)| words.split_whitespace().map(|w| w.replace('-', " ")))
        .collect()
}

static OWN: LazyLock<FxHashSet<String>> = LazyLock::new(|| selves("own"));
static OPEN: LazyLock<FxHashSet<String>> = LazyLock::new(|| selves("open"));
static KIND: LazyLock<FxHashSet<String>> = LazyLock::new(|| selves("kind"));

/// Where a chain ends, before claims are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// An entity, or the organisation it speaks for.
    Entity(EntityId),
    /// Someone or something named, by the key of the name.
    Named(String),
    /// Nobody in particular: the report and the words.
    Open(ReportId, String),
    /// A cited outlet with these reports in the collection.
    Cited(String),
    /// The outlet's own word.
    Own(String),
}

/// The end of each claim of a collection, and whether it is the outlet's own
/// word, with nobody named behind it.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) of: Vec<End>,
    pub(crate) own: Vec<bool>,
    /// The one source that a report names for its counts of people, where it names one alone.
    counts: FxHashMap<usize, usize>,
}

impl Ends {
    /// Of some claims, where `speakers` are those of all.
    pub(crate) fn new(
        who: &Who<'_>,
        readings: &[(ReportId, &Reading)],
        items: &[Item<'_>],
        speakers: &BTreeSet<EntityId>,
    ) -> Self {
        let (of, mut own): (Vec<End>, Vec<bool>) = items.iter().map(|i| end(who, readings, i)).unzip();
        // Who speaks in others' reports speaks for himself in his own: a ministry's release is a statement.
        for (end, own) in of.iter().zip(&mut own) {
            *own &= !matches!(end, End::Entity(id) if speakers.contains(id));
        }
        let mut sources: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (i, item) in items.iter().enumerate() {
            let counts = item.figure.as_ref().and_then(|f| f.class).is_some_and(crate::item::of_people);
            if counts && matches!(of[i], End::Entity(_)) {
                sources.entry(item.reading).or_default().push(i);
            }
        }
        let counts = sources
            .into_iter()
            .filter(|(_, list)| list.iter().all(|&i| of[i] == of[list[0]]))
            .map(|(reading, list)| (reading, list[0]))
            .collect();
        Ends { of, own, counts }
    }
}

/// The entities that somebody's claims rest on, by the voice of the claims.
pub(crate) fn speakers(who: &Who<'_>, readings: &[(ReportId, &Reading)], items: &[Item<'_>]) -> BTreeSet<EntityId> {
    let ends = items.iter().map(|i| end(who, readings, i));
    ends.filter_map(|(end, own)| if let (End::Entity(id), false) = (end, own) { Some(id) } else { None }).collect()
}

/// Where a claim's chain ends by its own voice, and whether that is the
/// outlet's own word.
fn end(who: &Who<'_>, readings: &[(ReportId, &Reading)], item: &Item<'_>) -> (End, bool) {
    for (n, link) in item.claim.voice.iter().enumerate().rev() {
        match link.kind {
            VoiceKind::Outlet => break,
            VoiceKind::Agency => return (End::Own(who.outlet_name(&link.name)), true),
            _ if is_self(readings, item, link) => {}
            // "Nine bodies" say nothing: the attribution around them counts.
            _ if counted(&link.name) && n > 0 && item.claim.voice[n - 1].kind == VoiceKind::Speaker => {}
            _ if who.is_label(readings, item, link) => {}
            VoiceKind::Unidentified => {
                let words: Vec<String> =
                    fold_words(&link.name).into_iter().filter(|w| !matches!(w.as_str(), "the" | "a" | "an")).collect();
                // Nobody at all is named: whoever publishes says so.
                if words.is_empty() {
                    continue;
                }
                return (End::Open(item.id.report, words.join(" ")), false);
            }
            VoiceKind::CitedOutlet => return (End::Cited(link.name.clone()), false),
            VoiceKind::Speaker if indefinite(readings, item, link) => {
                return (End::Open(item.id.report, name_key(&link.name)), false);
            }
            VoiceKind::Speaker | VoiceKind::Document => {
                if !who.outlets(&link.name).is_empty() && outlet_key(readings, item) != name_key(&link.name) {
                    return (End::Cited(link.name.clone()), false);
                }
                let entity = link
                    .entity
                    .and_then(|e| who.entity_of.get(&(item.id.report, e)).copied())
                    .or_else(|| who.named(&link.name));
                // A document of somebody ("the company's manifest") is that somebody's word.
                let owner = (link.kind == VoiceKind::Document).then(|| who.owner(&link.name, entity)).flatten();
                if let Some(entity) = owner.or(entity).filter(|&e| !who.is_place(e)) {
                    // A document without an owner is known through the outlet that read it.
                    let named = who.entity(entity).is_none_or(|e| e.name.chars().any(char::is_uppercase));
                    if link.kind == VoiceKind::Document && owner.is_none() && !named {
                        continue;
                    }
                    return (End::Entity(who.stands_for.get(&entity).copied().unwrap_or(entity)), false);
                }
                if link.kind == VoiceKind::Document {
                    continue;
                }
                let key = name_key(&link.name);
                // A place that speaks stands for those who govern it.
                if who.by_name.get(&key).is_some_and(|&e| who.is_place(e)) {
                    return (End::Named(format!("authorities of {}", link.name)), false);
                }
                if !key.is_empty() {
                    return (End::Named(key), false);
                }
            }
        }
    }
    (own(who, readings, item), true)
}

/// Whether a source is the outlet itself: its name or short form, "we", "an
/// earlier version".
fn is_self(readings: &[(ReportId, &Reading)], item: &Item<'_>, link: &Voice) -> bool {
    let folded = fold_words(&link.name);
    let bare: Vec<&str> = folded.iter().map(String::as_str).filter(|w| !matches!(*w, "the" | "a" | "an")).collect();
    if OWN.contains(bare.join(" ").as_str()) || bare.first() == Some(&"our") {
        return true;
    }
    let Some(outlet) = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref()) else { return false };
    let initials: String = outlet.value.split_whitespace().filter_map(|w| w.chars().next()).collect();
    let name = name_key(&link.name);
    !name.is_empty() && (name == name_key(&outlet.value) || (initials.len() > 2 && name == initials.to_lowercase()))
}

/// Whether a name is a number of somebody or something: "nine bodies".
fn counted(name: &str) -> bool {
    let first = fold_words(name).into_iter().next();
    first.is_some_and(|w| {
        w.chars().any(|c| c.is_ascii_digit())
            || crate::words::is_number_word(&w) && !matches!(w.as_str(), "one" | "first" | "second" | "third")
            || matches!(w.as_str(), "several" | "some" | "many")
    })
}

/// Whether a report only says that somebody of a kind spoke: "a nurse",
/// "rescuers", or a pronoun that the text did not resolve. Who that is, and
/// whether others heard the same one, is open.
fn indefinite(readings: &[(ReportId, &Reading)], item: &Item<'_>, link: &Voice) -> bool {
    let folded = fold_words(&link.name);
    if folded.len() == 1 && folded.iter().all(|w| OPEN.contains(w)) {
        return true;
    }
    let local =
        readings.get(item.reading).and_then(|(_, r)| r.analysis.entities.get(link.entity.unwrap_or(u32::MAX) as usize));
    // "Rescuers", "rescue crews in the city": the noun before any preposition.
    let head = folded
        .iter()
        .position(|w| matches!(w.as_str(), "of" | "in" | "at" | "from" | "for" | "who" | "on"))
        .map_or(folded.last(), |i| folded.get(i.wrapping_sub(1)));
    let several = head.is_some_and(|w| {
        !matches!(w.as_str(), "police" | "authorities")
            && w.ends_with(['s', 'n'])
            && is_people(&stem(w))
            && stem(w) != *w
    });
    let lower = !link.name.split_whitespace().skip(1).any(|w| w.starts_with(char::is_uppercase))
        || head.is_some_and(|h| folded.last() != Some(h));
    if local.is_none_or(|e| e.speaks_for.is_none()) && lower && (counted(&link.name) || several) {
        return true;
    }
    local.is_some_and(|e| {
        let lower = |v: &String| v.to_lowercase();
        !e.named
            && e.speaks_for.is_none()
            && e.variants.iter().chain([&e.name]).map(lower).any(|v| v.starts_with("a ") || v.starts_with("an "))
    })
}

/// For each claim of a cluster, whether it stands in one of two outlets that
/// each give the other as their source, and rests on nobody else.
pub(crate) fn circles(readings: &[(ReportId, &Reading)], items: &[Item<'_>], members: &[usize]) -> Vec<bool> {
    let outlet: Vec<String> = members.iter().map(|&m| outlet_key(readings, &items[m])).collect();
    let known: FxHashSet<&str> = outlet.iter().map(String::as_str).collect();
    let mut cites: BTreeSet<(&str, String)> = BTreeSet::new();
    for (own, &m) in outlet.iter().zip(members) {
        for link in items[m].claim.voice.iter().filter(|v| !matches!(v.kind, VoiceKind::Outlet | VoiceKind::Agency)) {
            let name = name_key(&link.name);
            if name != *own && known.contains(name.as_str()) {
                cites.insert((own, name));
            }
        }
    }
    if cites.is_empty() {
        return vec![false; members.len()];
    }
    let partner = |own: &str| -> BTreeSet<&str> {
        let back = |name: &str| cites.contains(&(name, own.to_owned()));
        known.iter().copied().filter(|o| cites.contains(&(own, (*o).to_owned())) && back(o)).collect()
    };
    (outlet.iter().zip(members))
        .map(|(own, &m)| {
            let partners = partner(own);
            let mut others = items[m].claim.voice.iter().filter(|v| !matches!(v.kind, VoiceKind::Outlet));
            !partners.is_empty()
                && others.all(|v| v.kind == VoiceKind::Unidentified || partners.contains(name_key(&v.name).as_str()))
        })
        .collect()
}

pub(crate) fn outlet_key(readings: &[(ReportId, &Reading)], item: &Item<'_>) -> String {
    let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
    outlet.map_or_else(|| item.id.report.to_string(), |o| name_key(&o.value))
}

/// The outlet's own word: its entity where it is one that also speaks (a
/// ministry that publishes), else the outlet.
fn own(who: &Who<'_>, readings: &[(ReportId, &Reading)], item: &Item<'_>) -> End {
    let outlet = readings.get(item.reading).and_then(|(_, r)| r.report.outlet.as_ref());
    match outlet.and_then(|o| who.named(&o.value)).filter(|&e| !who.is_place(e)) {
        Some(entity) => End::Entity(who.stands_for.get(&entity).copied().unwrap_or(entity)),
        None => End::Own(outlet_key(readings, item)),
    }
}

/// A cluster's claims with what is known of them, for the questions below.
pub(crate) struct Leaning<'c> {
    pub(crate) who: &'c Who<'c>,
    pub(crate) readings: &'c [(ReportId, &'c Reading)],
    pub(crate) items: &'c [Item<'c>],
    pub(crate) members: &'c [usize],
    pub(crate) copied: &'c Copied,
    pub(crate) ends: &'c Ends,
}

impl Leaning<'_> {
    fn item(&self, i: usize) -> &Item<'_> {
        &self.items[self.members[i]]
    }

    /// Whether a claim of the cluster is attributed to somebody known.
    fn attributed(&self, i: usize) -> bool {
        let m = self.members[i];
        !self.ends.own[m] && matches!(self.ends.of[m], End::Entity(_) | End::Named(_))
    }

    /// What a claim of the cluster rests on, and by which rule.
    pub(crate) fn of(&self, i: usize) -> Option<(usize, &'static str)> {
        let m = self.members[i];
        match &self.ends.of[m] {
            End::Open(..) => self.copied_from(i).map(|j| (j, "copied-passage")),
            End::Cited(name) => self.cited(name, i).map(|j| (j, "cites-report")),
            _ if self.ends.own[m] => self
                .same_report(i)
                .map(|j| (j, "same-report"))
                .or_else(|| self.repeated(i).map(|j| (j, "repeats-attributed")))
                .or_else(|| self.same_source(i).map(|j| (j, "source-of-its-counts")))
                .or_else(|| self.copied_from(i).map(|j| (j, "copied-passage")))
                .or_else(|| self.named_source(i).map(|j| (j, "cites-report"))),
            End::Entity(id) if self.is_kind(*id) => self.named_in_report(i).map(|j| (j, "same-report")),
            _ => None,
        }
    }

    /// The end that a claim of the outlet's own takes from its report as a
    /// whole: the one source it names for all its counts of people, else the
    /// one it named last before.
    pub(crate) fn counted(&self, i: usize) -> Option<End> {
        let item = self.item(i);
        let counts = item.figure.as_ref().and_then(|f| f.class).is_some_and(crate::item::of_people);
        if !counts
            || item.claim.modality != Modality::Asserted
            || item.past.is_some()
            || !self.ends.own[self.members[i]]
        {
            return None;
        }
        let m = self.members[i];
        let before = || {
            (0..m)
                .rev()
                .take_while(|&b| {
                    let b = &self.items[b];
                    b.reading == item.reading && b.claim.evidence.end + NEAR > item.claim.evidence.start
                })
                .find(|&b| {
                    let counts =
                        self.items[b].figure.as_ref().and_then(|f| f.class).is_some_and(crate::item::of_people);
                    counts && !self.ends.own[b] && matches!(self.ends.of[b], End::Entity(_))
                })
        };
        let source = self.ends.counts.get(&item.reading).copied().or_else(before)?;
        let end = self.ends.of.get(source)?;
        // Who refuses to tell the number is not its source.
        let opposed = |&o: &usize| self.ends.of[o] == *end && self.items[o].claim.polarity != item.claim.polarity;
        (!self.members.iter().any(opposed)).then(|| end.clone())
    }

    /// An attributed claim of the same report that says the same: headlines
    /// and leads tell in short whom the text then names.
    fn same_report(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        let title = |i: &Item<'_>| {
            let blocks = self.readings.get(i.reading).map(|(_, r)| r.report.blocks.as_slice()).unwrap_or_default();
            blocks
                .iter()
                .any(|b| matches!(b.kind, BlockKind::Title | BlockKind::Heading) && b.span.covers(i.claim.evidence))
        };
        let same = |j: &usize| {
            let other = self.item(*j);
            *j != i && other.id.report == item.id.report && self.attributed(*j) && same_side(item, other)
        };
        let mut sources = (0..self.members.len()).filter(same);
        let first = sources.next()?;
        let figure = item.figure.is_some() || item.clock.is_some();
        (figure || title(item)).then_some(first)
    }

    /// Whether an entity is known only by what it is: "the river group".
    fn is_kind(&self, id: EntityId) -> bool {
        let Some(name) = self.who.entity(id).map(|e| e.name.as_str()) else { return false };
        let mut words = name.split_whitespace().rev();
        words.next().is_some_and(|last| last.starts_with(char::is_lowercase) && KIND.contains(last))
            && name.split_whitespace().skip(1).all(|w| w.starts_with(char::is_lowercase))
    }

    /// The claim of the same report with the same telling figure that stands by
    /// a name, where there is one such name.
    fn named_in_report(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        item.figure.as_ref()?;
        let named = |j: &usize| {
            let other = self.item(*j);
            let end = &self.ends.of[self.members[*j]];
            other.id.report == item.id.report
                && same_side(item, other)
                && !self.ends.own[self.members[*j]]
                && matches!(end, End::Entity(id) if !self.is_kind(*id))
        };
        let mut found = (0..self.members.len()).filter(named);
        let first = found.next()?;
        let end = |j: usize| &self.ends.of[self.members[j]];
        found.all(|j| end(j) == end(first)).then_some(first)
    }

    /// The attributed claim of the same report, whatever its figure, where all
    /// such in the cluster are of one source: a count told without one goes on
    /// from it.
    fn same_source(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        item.figure.as_ref().and_then(|f| f.class).filter(|c| crate::item::of_people(c))?;
        if item.claim.modality != Modality::Asserted {
            return None;
        }
        let mut own = (0..self.members.len())
            .filter(|&j| j != i && self.item(j).id.report == item.id.report && self.attributed(j));
        let first = own.next()?;
        let end = &self.ends.of[self.members[first]];
        own.all(|j| self.ends.of[self.members[j]] == *end).then_some(first)
    }

    /// The claim of the cluster from whose passage this one is copied.
    fn copied_from(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        let fits = |&j: &usize| {
            let other = self.item(j);
            j != i && self.copied.descends(item.id, other.id, item.claim.evidence, other.claim.evidence)
        };
        let same = (0..self.members.len()).filter(fits).min_by_key(|&j| (!same_side(item, self.item(j)), j));
        same.filter(|&j| self.copied.same_words(item, self.item(j)))
    }

    /// The claim of a cited outlet's report that says the same.
    fn cited(&self, name: &str, i: usize) -> Option<usize> {
        let reports = self.who.outlets(name);
        let item = self.item(i);
        (0..self.members.len())
            .filter(|&j| j != i && reports.contains(&self.item(j).id.report))
            .min_by_key(|&j| (!same_side(item, self.item(j)), j))
    }

    /// A claim of a report that this one's report names as a source, and that
    /// says the same.
    fn named_source(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        let cited = self.who.cites.get(&item.id.report)?;
        (0..self.members.len()).filter(|&j| j != i && cited.contains(&self.item(j).id.report)).find(|&j| {
            let other = self.item(j);
            same_side(item, other) && (item.figure.is_some() || self.copied.same_words(item, other))
        })
    }

    /// An attributed claim of the cluster whose figure, clock time, day or words
    /// this one repeats without naming anybody: the one of the same clock time
    /// before those that only say the same, then the first.
    fn repeated(&self, i: usize) -> Option<usize> {
        let item = self.item(i);
        let one_clock = |other: &Item<'_>| item.clock.is_some() && item.clock == other.clock;
        let same = |j: &usize| {
            let other = self.item(*j);
            *j != i
                && self.attributed(*j)
                && item.claim.polarity == other.claim.polarity
                && match (&item.figure, &other.figure) {
                    (Some(f), Some(g)) => f.same_value(g),
                    (None, None) if !self.other_time(item, other) => {
                        one_clock(other)
                            || self.same_words(item, other)
                            || self.same_day(item, other)
                            || same_matter(item, other)
                            || (self.copied.aligned(item.id, other.id, item.claim.evidence, other.claim.evidence)
                                && self.copied.same_words(item, other))
                    }
                    _ => false,
                }
        };
        (0..self.members.len()).filter(same).min_by_key(|&j| (!one_clock(self.item(j)), j))
    }

    /// Whether two claims are one statement in the same words.
    fn same_words(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        let quoted = |i: &Item<'_>| {
            let reading = self.readings.get(i.reading).map(|(_, r)| r);
            let attribution = i.claim.attribution.and_then(|a| reading?.attributions.get(a as usize));
            attribution.is_some_and(|a| a.kind == AttributionKind::Direct)
        };
        let least = if quoted(a) && quoted(b) { QUOTED } else { STATEMENT };
        let common = a.terms.iter().filter(|t| b.terms.binary_search(t).is_ok()).count();
        common >= least && 5 * common >= 4 * a.terms.len().max(b.terms.len())
    }

    /// Whether both claims name a time in their words, and not the same.
    fn other_time(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        let time = |i: &Item<'_>| {
            let (_, reading) = self.readings.get(i.reading)?;
            let time = reading.times.get(i.claim.time? as usize)?;
            i.claim.evidence.covers(time.span).then(|| time.value.clone())
        };
        match (&a.clock, &b.clock) {
            (Some(x), Some(y)) => x != y,
            _ => time(a).zip(time(b)).is_some_and(|(x, y)| !x.starts_with(&y) && !y.starts_with(&x)),
        }
    }

    /// Whether both claims are of one class and name one day in their words.
    fn same_day(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        let day = |i: &Item<'_>| {
            let (_, reading) = self.readings.get(i.reading)?;
            let time = reading.times.get(i.claim.time? as usize)?;
            (time.kind == TimeKind::Date && i.claim.evidence.covers(time.span)).then(|| time.value.clone())
        };
        a.claim.class.is_some()
            && a.claim.class == b.claim.class
            && day(a).is_some_and(|d| d.len() >= "2000-01-01".len() && day(b) == Some(d))
    }
}

/// How far back, in bytes, a count's source may be named.
const NEAR: u32 = 420;
/// Least content terms by which two statements in the same words are one; in
/// quotation marks fewer do.
const STATEMENT: usize = 4;
const QUOTED: usize = 2;

/// Whether two claims say one thing: value and polarity.
pub(crate) fn same_side(a: &Item<'_>, b: &Item<'_>) -> bool {
    a.claim.polarity == b.claim.polarity
        && match (&a.figure, &b.figure) {
            (Some(f), Some(g)) => f.same_value(g),
            (None, None) => true,
            _ => false,
        }
}

/// Whether an entity is a person with a name.
pub(crate) fn is_person(who: &Who<'_>, id: EntityId) -> bool {
    who.entity(id).is_some_and(|e| e.kind == Some(EntityKind::Person))
}
