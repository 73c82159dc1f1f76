//! Why two claims are, or are not, the same, independent, in contradiction.
//!
//! Clusters and verdicts are taken as they stand; what the comparison saw of
//! the pair itself (common words, figures, the chain each came down) is made
//! anew from the recorded claims of the story, by the same functions.

mod links;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use firsthand_model::{
    ClaimId, Cluster, Contradiction, CopyLink, Entity, Polarity, Reading, ReportId, Verdict, VoiceKind,
};
use firsthand_span::Span;
use serde::Serialize;

use self::links::Links;
use crate::chain::{End, Ends, Leaning, speakers};
use crate::cluster::{ALIKE, Copied, similarity, vectors};
use crate::item::{Counted, Dimension, Figure, Item, adopt, items};
use crate::origin::{Origins, Strength, origins};
use crate::relation::{disjoint, figure_words, grows, opposed};
use crate::vector::Terms;
use crate::who::Who;
use crate::words::{concept, words};

/// The answers about two claims.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The two claims.
    pub claims: [ClaimTold; 2],
    /// Whether they are about the same thing.
    pub same: Answer,
    /// Whether they rest on different origins.
    pub independent: Answer,
    /// Whether they cannot hold together.
    pub contradiction: Answer,
}

/// A claim as a reader needs it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimTold {
    /// Its words and where they stand.
    pub quote: Quote,
    /// Who published it.
    pub outlet: Option<String>,
    /// When, by its own word.
    pub published: Option<String>,
    /// What it says: a value, "affirmed" or "denied".
    pub says: String,
    /// The chain it came down, outermost first.
    pub voice: Vec<String>,
}

/// An answer with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// In a word.
    pub answer: Holds,
    /// In a sentence.
    pub says: String,
    /// Why, with the words it rests on.
    pub because: Vec<Because>,
}

/// An answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It may be so.
    Perhaps,
    /// The question was never asked of this pair.
    NotCompared,
}

/// A reason with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Because {
    /// The rule or kind of link.
    pub rule: String,
    /// In a sentence.
    pub note: String,
    /// The words it rests on.
    pub evidence: Vec<Quote>,
}

/// Words of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The report.
    pub report: ReportId,
    /// The claim that stands there, where it is one.
    #[serde(serialize_with = "optional_id")]
    pub claim: Option<ClaimId>,
    /// Bytes of the clean text.
    pub bytes: Span,
    /// The words.
    pub words: String,
}

fn optional_id<S: serde::Serializer>(id: &Option<ClaimId>, to: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => to.collect_str(id),
        None => to.serialize_none(),
    }
}

/// The reports that are looked at, with all entities and copies of the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a> {
    /// The readings, ascending by id.
    pub readings: &'a [(ReportId, &'a Reading)],
    /// Entities across all reports.
    pub entities: &'a [Entity],
    /// Who copied whom.
    pub copies: &'a [CopyLink],
}

/// What is known of the pair from the comparison that was made.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The reports of the stories of both.
    pub reports: Reports<'a>,
    /// The cluster of each.
    pub clusters: [Option<&'a Cluster>; 2],
    /// The verdicts on those clusters, with their ids.
    pub verdicts: &'a [(String, Contradiction)],
}

/// The answers about two claims; `None` where one is not in the collection.
pub fn why(pair: [ClaimId; 2], known: &Known<'_>) -> Option<Pair> {
    let Reports { readings, entities, copies } = known.reports;
    let who = Who::new(readings, entities, copies);
    let mut items = items(readings, &who.entity_of);
    let all: Vec<usize> = (0..items.len()).collect();
    adopt(&mut items, &all);
    let at = |id: ClaimId| items.binary_search_by_key(&id, |i| i.id).ok();
    let (a, b) = (at(pair[0])?, at(pair[1])?);
    let copied = Copied::new(copies);
    let ends = Ends::new(&who, readings, &items, &speakers(&who, readings, &items));
    let links = Links { readings, copies };
    let desk = Desk { known, links, items: &items, who: &who, copied: &copied, ends: &ends };
    Some(Pair {
        claims: [desk.told(a), desk.told(b)],
        same: desk.same(a, b, &all, &Terms.classes()),
        independent: desk.independent(a, b),
        contradiction: desk.contradiction(a, b),
    })
}

/// What links two reports: copies, one text behind both, one credit.
pub fn why_reports(a: ReportId, b: ReportId, reports: &Reports<'_>) -> Vec<Because> {
    Links { readings: reports.readings, copies: reports.copies }.between(a, b)
}

/// The pair of claims, one of each cluster, that are most alike.
pub fn closest(a: &Cluster, b: &Cluster, reports: &Reports<'_>) -> Option<[ClaimId; 2]> {
    let Reports { readings, entities, copies } = *reports;
    let who = Who::new(readings, entities, copies);
    let mut items = items(readings, &who.entity_of);
    let all: Vec<usize> = (0..items.len()).collect();
    adopt(&mut items, &all);
    let copied = Copied::new(copies);
    let vectors = vectors(&items, &all, &Terms.classes());
    let at = |id: &ClaimId| items.binary_search_by_key(id, |i| i.id).ok();
    let alike = |&(i, j): &(usize, usize)| similarity(&items[i], &items[j], vectors[i].dot(&vectors[j]), &copied);
    let pairs = a.claims.iter().filter_map(at).flat_map(|i| b.claims.iter().filter_map(at).map(move |j| (i, j)));
    let best = pairs.max_by(|x, y| alike(x).total_cmp(&alike(y)).then(y.cmp(x)))?;
    Some([items[best.0].id, items[best.1].id])
}

/// All that the questions need.
struct Desk<'c> {
    known: &'c Known<'c>,
    links: Links<'c>,
    items: &'c [Item<'c>],
    who: &'c Who<'c>,
    copied: &'c Copied,
    ends: &'c Ends,
}

fn because(rule: &str, note: impl Into<String>, evidence: Vec<Quote>) -> Because {
    Because { rule: rule.to_owned(), note: note.into(), evidence }
}

fn answer(answer: Holds, says: impl Into<String>, because: Vec<Because>) -> Answer {
    Answer { answer, says: says.into(), because }
}

impl Desk<'_> {
    fn quote(&self, i: usize) -> Quote {
        let item = &self.items[i];
        Quote { claim: Some(item.id), ..self.links.words_at(item.id.report, item.claim.evidence) }
    }

    /// The outlet of a claim, or its report.
    fn outlet(&self, i: usize) -> String {
        self.links.name(self.items[i].id.report)
    }

    fn cluster(&self, i: usize) -> Option<&Cluster> {
        self.known.clusters.into_iter().flatten().find(|c| c.claims.contains(&self.items[i].id))
    }

    fn says(&self, i: usize) -> String {
        let id = self.items[i].id;
        let side = self.cluster(i).and_then(|c| c.sides.iter().find(|s| s.claims.contains(&id)));
        side.map_or_else(|| self.items[i].claim.polarity.to_string(), |s| s.says.clone())
    }

    fn told(&self, i: usize) -> ClaimTold {
        let report = self.links.reading(self.items[i].id.report).map(|r| &r.report);
        let mut voice: Vec<String> =
            self.items[i].claim.voice.iter().map(|v| v.name.clone()).filter(|n| !n.is_empty()).collect();
        voice.dedup();
        ClaimTold {
            quote: self.quote(i),
            outlet: report.and_then(|r| r.outlet.as_ref()).map(|o| o.value.clone()),
            published: report.and_then(|r| r.published.as_ref()).map(|p| p.value.to_string()),
            says: self.says(i),
            voice,
        }
    }

    // --- the same thing? ---

    fn same(&self, a: usize, b: usize, all: &[usize], classes: &BTreeSet<u32>) -> Answer {
        if a == b {
            return answer(Holds::Yes, "This is one and the same claim.", Vec::new());
        }
        let (Some(ka), Some(kb)) = (self.cluster(a), self.cluster(b)) else {
            return answer(Holds::NotCompared, "One of them stands in no cluster.", Vec::new());
        };
        if ka.story != kb.story {
            let says = "They belong to different stories, and only claims of one story are compared.";
            return answer(Holds::NotCompared, says, Vec::new());
        }
        let members: Vec<usize> = all.iter().copied().filter(|&i| self.in_story(i, ka.story)).collect();
        let vectors = vectors(self.items, &members, classes);
        let place: BTreeMap<usize, usize> = members.iter().enumerate().map(|(n, &m)| (m, n)).collect();
        let alike = |i: usize, j: usize| match (place.get(&i), place.get(&j)) {
            (Some(&x), Some(&y)) => {
                similarity(&self.items[i], &self.items[j], vectors[x].dot(&vectors[y]), self.copied)
            }
            _ => 0.0,
        };
        if ka.claims == kb.claims {
            let mut reasons = self.signs(a, b, alike(a, b));
            if !self.linked(a, b, alike(a, b)) {
                reasons.extend(self.bridge(a, b, ka, &alike));
            }
            return answer(Holds::Yes, format!("They stand in one cluster, {}.", cluster_id(ka)), reasons);
        }
        let mut reasons = self.refusals(a, b);
        if reasons.is_empty() {
            let s = alike(a, b);
            reasons.extend(self.signs(a, b, s));
            reasons.push(if s < ALIKE {
                let note = format!("their likeness is {s:.2}; from {ALIKE:.2} on claims of a story are joined");
                because("not-alike", note, Vec::new())
            } else {
                self.apart(ka, kb)
            });
        }
        let says = format!("They stand in two clusters, {} and {}.", cluster_id(ka), cluster_id(kb));
        answer(Holds::No, says, reasons)
    }

    /// Whether a claim belongs to the story: its cluster says so where known,
    /// and the readings are those of the story.
    fn in_story(&self, i: usize, story: ReportId) -> bool {
        self.cluster(i).is_none_or(|c| c.story == story)
    }

    fn same_key(&self, a: usize, b: usize) -> bool {
        let (x, y) = (&self.items[a], &self.items[b]);
        matches!((&x.figure, &y.figure), (Some(f), Some(g)) if f.same_key(g)) && x.past == y.past
    }

    /// Whether the two would be joined by themselves.
    fn linked(&self, a: usize, b: usize, alike: f32) -> bool {
        self.same_key(a, b) || alike >= ALIKE
    }

    /// What the two have in common.
    fn signs(&self, a: usize, b: usize, alike: f32) -> Vec<Because> {
        let (x, y) = (&self.items[a], &self.items[b]);
        let mut out = Vec::new();
        let both = || vec![self.quote(a), self.quote(b)];
        if self.same_key(a, b)
            && let Some(f) = &x.figure
        {
            out.push(because("same-figure", format!("both count {}", counted_words(f)), both()));
        }
        if let (Some(f), Some(g)) = (&x.figure, &y.figure)
            && f.same_value(g)
        {
            out.push(because("same-number", format!("both give {}", figure_words(f)), both()));
        }
        if x.clock.is_some() && x.clock == y.clock {
            let note = format!("both name the clock time {}", x.clock.as_deref().unwrap_or_default());
            out.push(because("same-clock-time", note, both()));
        }
        let common = self.common_words(a, b);
        if !common.is_empty() {
            let note = format!("words in common: {} (likeness {alike:.2})", common.join(", "));
            out.push(because("shared-words", note, Vec::new()));
        }
        if self.copied.aligned(x.id, y.id, x.claim.evidence, y.claim.evidence) {
            out.push(because("copied-passage", "they stand in one passage that both reports share", both()));
        }
        out
    }

    fn common_words(&self, a: usize, b: usize) -> Vec<String> {
        let of = |i: usize| {
            let item = &self.items[i];
            let text = self.links.reading(item.id.report).map_or("", |r| r.report.text.as_str());
            words(text, item.claim.evidence)
        };
        let key = |w: &crate::words::Word| concept(w.stem());
        let there: BTreeSet<String> = of(b).iter().map(key).collect();
        let mut out: Vec<String> = Vec::new();
        for w in of(a).iter().filter(|w| !w.is_stop() && !w.is_number()) {
            if there.contains(&key(w)) && !out.contains(&w.folded) {
                out.push(w.folded.clone());
            }
        }
        out
    }

    /// Claims of the cluster by which two that are not alike came together.
    fn bridge(&self, a: usize, b: usize, cluster: &Cluster, alike: &dyn Fn(usize, usize) -> f32) -> Option<Because> {
        let at = |id: &ClaimId| self.items.binary_search_by_key(id, |i| i.id).ok();
        let members: Vec<usize> = cluster.claims.iter().filter_map(at).collect();
        let mut from: BTreeMap<usize, usize> = BTreeMap::from([(a, a)]);
        let mut queue = VecDeque::from([a]);
        while let Some(i) = queue.pop_front().filter(|_| !from.contains_key(&b)) {
            for &j in &members {
                if !from.contains_key(&j) && self.linked(i, j, alike(i, j)) {
                    from.insert(j, i);
                    queue.push_back(j);
                }
            }
        }
        let mut path = vec![b];
        while let Some(&up) = path.last().and_then(|l| from.get(l)) {
            if Some(&up) == path.last() {
                break;
            }
            path.push(up);
        }
        path.reverse();
        if path.first() != Some(&a) || path.len() < 3 {
            let note = "by themselves they are not alike enough; their groups were joined as wholes";
            return Some(because("joined-as-groups", note, Vec::new()));
        }
        let between = &path[1..path.len() - 1];
        let names: Vec<String> = between.iter().map(|&i| self.items[i].id.to_string()).collect();
        let note =
            format!("by themselves they are not alike enough; each is alike to the next by {}", names.join(", "));
        Some(because("joined-through", note, between.iter().map(|&i| self.quote(i)).collect()))
    }

    /// What keeps two claims apart whatever their words.
    fn refusals(&self, a: usize, b: usize) -> Vec<Because> {
        let (x, y) = (&self.items[a], &self.items[b]);
        let both = || vec![self.quote(a), self.quote(b)];
        let mut out = Vec::new();
        if x.past != y.past {
            let year = |i: &Item<'_>| i.past.map_or("the news itself".to_owned(), |y| format!("a happening of {y}"));
            out.push(because("other-happening", format!("one speaks of {}, one of {}", year(x), year(y)), both()));
        }
        match (&x.figure, &y.figure) {
            (Some(f), Some(g)) if !f.may_match(g) => {
                let note = format!("one counts {}, one {}", counted_words(f), counted_words(g));
                out.push(because("other-figure", note, both()));
            }
            (Some(f), None) | (None, Some(f)) => {
                let note = format!("only one gives a figure: of {}", counted_words(f));
                out.push(because("figure-against-none", note, both()));
            }
            _ => {}
        }
        out
    }

    /// Why two alike claims stayed in two clusters: claims beside them.
    fn apart(&self, ka: &Cluster, kb: &Cluster) -> Because {
        let at = |id: &ClaimId| self.items.binary_search_by_key(id, |i| i.id).ok();
        for i in ka.claims.iter().filter_map(at) {
            for j in kb.claims.iter().filter_map(at) {
                let (x, y) = (&self.items[i], &self.items[j]);
                let refused = match (&x.figure, &y.figure) {
                    (Some(f), Some(g)) => !f.may_match(g) || x.past != y.past,
                    _ => false,
                };
                if refused {
                    let note = "they are alike, but their clusters hold claims that cannot be about one thing";
                    return because("clusters-exclude-each-other", note, vec![self.quote(i), self.quote(j)]);
                }
            }
        }
        let note = "they are alike, but their clusters as wholes are about different things";
        because("clusters-not-alike", note, Vec::new())
    }

    // --- independent? ---

    fn independent(&self, a: usize, b: usize) -> Answer {
        if a == b {
            return answer(Holds::No, "This is one and the same claim.", Vec::new());
        }
        let at = |id: &ClaimId| self.items.binary_search_by_key(id, |i| i.id).ok();
        let one = self.cluster(a).filter(|c| c.claims.contains(&self.items[b].id));
        let mut members: Vec<usize> =
            one.map_or_else(|| vec![a, b], |c| c.claims.iter().filter_map(at).collect::<Vec<_>>());
        members.sort_unstable();
        let leaning = Leaning {
            who: self.who,
            readings: self.links.readings,
            items: self.items,
            members: &members,
            copied: self.copied,
            ends: self.ends,
        };
        let found = origins(&leaning);
        let (Ok(i), Ok(j)) = (members.binary_search(&a), members.binary_search(&b)) else {
            return answer(Holds::NotCompared, "They could not be compared.", Vec::new());
        };
        let (low, high) = found.count(self.items, &members, &[i, j]);
        let name = |i: usize| found.of.get(i).and_then(|&o| found.list.get(o)).map_or("", |o| o.name.as_str());
        let mut reasons = self.chain(&leaning, &found, i);
        for reason in self.chain(&leaning, &found, j) {
            // The second chain often runs into the first.
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons.extend(self.links.between(self.items[a].id.report, self.items[b].id.report));
        let open = |i: usize| found.of.get(i).and_then(|&o| found.strength.get(o)).copied();
        let (answer_word, says) = match (low, high) {
            (0, _) => (
                Holds::No,
                "They rest on no independent origin that is known: those who tell it name each other.".to_owned(),
            ),
            (1, 1) => (Holds::No, format!("They rest on one origin: {}.", name(i))),
            (1, _) => {
                let loose = [i, j].into_iter().find(|&x| open(x) != Some(Strength::Speaker));
                let because = match loose.and_then(open) {
                    Some(Strength::Own) => "an outlet that names no source may have it from the other",
                    _ => "an unidentified source may be the other",
                };
                (Holds::Perhaps, format!("They rest on {} and {}: perhaps one origin ({because}).", name(i), name(j)))
            }
            _ => (Holds::Yes, format!("They rest on two origins: {} and {}.", name(i), name(j))),
        };
        answer(answer_word, says, reasons)
    }

    /// How the chain of the `i`th member runs to its origin.
    fn chain(&self, leaning: &Leaning<'_>, found: &Origins, i: usize) -> Vec<Because> {
        let mut out = Vec::new();
        let mut at = i;
        let mut seen = BTreeSet::from([i]);
        while let Some((next, rule)) = leaning.of(at) {
            let (own, other) = (leaning.members[at], leaning.members[next]);
            out.push(self.step(own, other, rule));
            if !seen.insert(next) {
                let note = "the chain comes back to where it began: no outside source";
                out.push(because("circular-citation", note, Vec::new()));
                return out;
            }
            at = next;
        }
        let last = leaning.members[at];
        let id = self.items[last].id;
        let origin = found.of.get(at).and_then(|&o| found.list.get(o)).map_or("", |o| o.name.as_str());
        let spoken = self.items[last].claim.voice.iter().rev().find(|v| v.kind != VoiceKind::Outlet);
        let (rule, note) = match &self.ends.of[last] {
            _ if self.ends.own[last] && leaning.counted(at).is_some() => (
                "source-of-its-counts",
                format!("{id} names nobody; its report gives {origin} as the source of its counts"),
            ),
            End::Entity(entity) if !self.ends.own[last] => {
                let name = self.who.entity(*entity).map_or(origin, |e| e.name.as_str());
                let by = spoken.filter(|v| v.name != name && !v.name.is_empty());
                let told = by.map(|v| {
                    let local = v.entity.and_then(|e| self.who.entity_of.get(&(id.report, e)));
                    let alias = local.is_none_or(|e| e == entity);
                    if alias {
                        format!("{name} (here “{}”)", v.name)
                    } else {
                        format!("{}, who is counted with {name}", v.name)
                    }
                });
                ("speaker", format!("{id} is said by {}", told.unwrap_or_else(|| name.to_owned())))
            }
            End::Named(_) => ("speaker", format!("{id} is said by {origin}")),
            End::Open(..) => ("unidentified", format!("{id} is said by someone unidentified (“{origin}”)")),
            End::Cited(name) => ("cites-outlet", format!("{id} is {name}'s, of whom no report here says it")),
            _ if spoken.is_some_and(|v| v.kind == VoiceKind::Agency) => {
                ("agency-credit", format!("{id} is credited to the agency {origin}"))
            }
            _ => ("own-voice", format!("{id} is the own word of {}", self.outlet(last))),
        };
        out.push(because(rule, note, self.source_quote(last)));
        out
    }

    /// The words that name the source of a claim.
    fn source_quote(&self, i: usize) -> Vec<Quote> {
        let item = &self.items[i];
        let attribution = item.claim.attribution.and_then(|a| {
            let reading = self.links.reading(item.id.report)?;
            reading.attributions.get(a as usize)
        });
        let spans = attribution.map(|a| a.source.iter().chain(&a.cue).copied().collect::<Vec<_>>()).unwrap_or_default();
        let mut out: Vec<Quote> = spans.into_iter().map(|s| self.links.words_at(item.id.report, s)).collect();
        out.push(self.quote(i));
        out
    }

    fn step(&self, own: usize, other: usize, rule: &'static str) -> Because {
        let (id, there) = (self.items[own].id, self.items[other].id);
        let (here, outlet) = (self.outlet(own), self.outlet(other));
        let note = match rule {
            "copied-passage" => format!("{id} stands in a passage of {here} that is copied from {outlet} ({there})"),
            "cites-report" => format!("{here} gives {outlet} as its source ({id} rests on {there})"),
            "same-report" => format!("{id} says in short what {there} of the same report attributes"),
            "source-of-its-counts" => {
                format!("{id} names nobody; the source of such counts in its report is that of {there}")
            }
            "repeats-attributed" => format!("{id} names nobody, and says what {outlet} attributes ({there})"),
            other => format!("{id} rests on {there} ({other})"),
        };
        let mut evidence = vec![self.quote(own), self.quote(other)];
        if rule == "copied-passage" {
            evidence.extend(self.links.passages(there.report, id.report, Some(self.items[own].claim.evidence)));
        }
        because(rule, note, evidence)
    }

    // --- in contradiction? ---

    fn contradiction(&self, a: usize, b: usize) -> Answer {
        if a == b {
            return answer(Holds::No, "This is one and the same claim.", Vec::new());
        }
        let Some(cluster) = self.cluster(a).filter(|c| c.claims.contains(&self.items[b].id)) else {
            let says = "They are not about the same thing, and contradictions are sought inside a cluster only.";
            return answer(Holds::NotCompared, says, Vec::new());
        };
        let (x, y) = (&self.items[a], &self.items[b]);
        let own = |ids: &[ClaimId]| ids.contains(&x.id) && ids.contains(&y.id);
        let mut direct = self.known.verdicts.iter().filter(|(_, v)| own(&v.claims));
        if let Some((id, verdict)) = direct.next() {
            return self.verdict(id, verdict, "The ledger holds a verdict on these two claims");
        }
        let (says, there) = (self.says(a), self.says(b));
        if says == there {
            let says = format!("They say the same: {says}.");
            return answer(Holds::No, says, Vec::new());
        }
        // Verdicts are listed once for each two values or origins, by those who told them first.
        let origin = |id: &ClaimId| cluster.origins.iter().position(|o| o.claims.contains(id));
        let side = |id: &ClaimId| cluster.sides.iter().position(|s| s.claims.contains(id));
        let alike = |p: &ClaimId, q: &ClaimId, of: &dyn Fn(&ClaimId) -> Option<usize>| {
            (of(p) == of(&x.id) && of(q) == of(&y.id)) || (of(p) == of(&y.id) && of(q) == of(&x.id))
        };
        let both = |p: &ClaimId| (origin(p), side(p));
        let pairs = || {
            self.known.verdicts.iter().filter_map(|(id, v)| match v.claims.as_slice() {
                [p, q] => Some((id, v, *p, *q)),
                _ => None,
            })
        };
        let same_both = pairs().find(|(_, _, p, q)| {
            let (p, q, x, y) = (both(p), both(q), both(&x.id), both(&y.id));
            (p == x && q == y) || (p == y && q == x)
        });
        let same_sides = || pairs().find(|(_, _, p, q)| alike(p, q, &side));
        if let Some((id, verdict, ..)) = same_both {
            return self.verdict(id, verdict, "The ledger holds a verdict on these values of these origins");
        }
        if let Some((id, verdict, ..)) = same_sides() {
            return self.verdict(id, verdict, "The ledger holds a verdict on these two values, as told by others");
        }
        self.unlisted(a, b)
    }

    fn verdict(&self, id: &str, found: &Contradiction, lead: &str) -> Answer {
        let at = |id: &ClaimId| self.items.binary_search_by_key(id, |i| i.id).ok();
        let evidence = found.claims.iter().filter_map(at).map(|i| self.quote(i)).collect();
        let notes: Vec<&str> = found.why.iter().map(|r| r.note.as_str()).filter(|n| !n.is_empty()).collect();
        let rule = found.why.first().map_or("verdict", |r| r.rule.as_ref());
        let word = if found.verdict == Verdict::Contradiction { Holds::Yes } else { Holds::No };
        let says = format!("{lead}: {} ({}), {id}.", found.verdict, found.kind);
        answer(word, says, vec![because(rule, notes.join("; "), evidence)])
    }

    /// What the two say, where no verdict is listed.
    fn unlisted(&self, a: usize, b: usize) -> Answer {
        let (x, y) = (&self.items[a], &self.items[b]);
        let evidence = vec![self.quote(a), self.quote(b)];
        let (rule, note) = match (&x.figure, &y.figure) {
            (Some(f), Some(g)) if f.unit != g.unit => ("other-unit", "their figures have different units".to_owned()),
            (Some(f), Some(g)) if !disjoint(f, g) => {
                ("bounds-overlap", format!("{} and {} can both hold", figure_words(f), figure_words(g)))
            }
            (Some(f), Some(g)) if grows(x) => (
                "such-counts-change",
                format!("{} and {} are counts that change as news comes in", figure_words(f), figure_words(g)),
            ),
            (Some(f), Some(g)) => (
                "not-firmly-one-matter",
                format!("{} and {} differ, but not firmly about one matter", figure_words(f), figure_words(g)),
            ),
            _ if opposed(x, y) => {
                let denies = if x.claim.polarity == Polarity::Denied { x.id } else { y.id };
                ("not-firmly-one-matter", format!("{denies} denies, but not firmly the matter that the other affirms"))
            }
            _ => ("nothing-opposed", "nothing in them excludes the other".to_owned()),
        };
        answer(Holds::No, "No verdict on them is listed.", vec![because(rule, note, evidence)])
    }
}

fn cluster_id(cluster: &Cluster) -> String {
    cluster.claims.first().map_or_else(String::new, |c| format!("{}.k{}", c.report, c.index))
}

/// What a figure counts, in words.
fn counted_words(f: &Figure) -> String {
    let what = match &f.counted {
        Counted::People => "people".to_owned(),
        Counted::Part(noun) if noun.is_empty() => "a part of the whole".to_owned(),
        Counted::Part(noun) => format!("a part (“{noun}”)"),
        Counted::Role(noun) | Counted::Things(noun) => format!("“{noun}”"),
        Counted::Open => match f.dimension {
            Dimension::Money => f.unit.clone(),
            Dimension::Percent => "a share".to_owned(),
            Dimension::Count => "what is not said".to_owned(),
        },
    };
    f.class.map_or_else(|| what.clone(), |class| format!("{what}, {class}"))
}
