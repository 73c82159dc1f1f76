//! What analysts decided, applied to what was found.
//!
//! A decision names things by where they stand and what they say, so it is
//! found again in every reading of the same bytes. Those on claims are applied
//! one after the other to the clusters as found: of two that contradict each
//! other the later one holds. What is not found any more has no effect here;
//! the ledger keeps it and says so.

use std::collections::BTreeMap;

use firsthand_model::{
    Anchor, Attribution, Claim, ClaimAnchor, ClaimId, Contradiction, ContradictionKind, Decision, DecisionVerb,
    LocalEntity, Passage, Reading, Readings, Reason, ReportId, Speaker, Verdict,
};
use firsthand_span::{Span, fold};

use crate::item::Item;
use crate::voice::voice;

/// Least share of common bytes (Dice) of a passage and what stands there now.
const SAME_PLACE: f64 = 0.5;

/// Where a passage stands now: at its bytes, or nearest to them.
fn located(text: &str, passage: &Passage) -> Option<Span> {
    if passage.words.is_empty() {
        return None;
    }
    if passage.bytes.get(text) == Some(passage.words.as_str()) {
        return Some(passage.bytes);
    }
    let far = |at: usize| at.abs_diff(passage.bytes.start as usize);
    let (at, words) = text.match_indices(passage.words.as_str()).min_by_key(|(at, _)| (far(*at), *at))?;
    Some(Span::new(at, at + words.len()))
}

fn dice(a: Span, b: Span) -> f64 {
    let common = a.intersection(b).map_or(0, Span::len);
    2.0 * common as f64 / (a.len() + b.len()).max(1) as f64
}

/// The words of a claim's figure.
fn figure<'r>(reading: &'r Reading, claim: &Claim) -> Option<&'r str> {
    let measure = claim.measures.first().and_then(|m| reading.measures.get(*m as usize))?;
    Some(measure.span.of(&reading.report.text))
}

/// By what a claim is found again.
pub fn claim_anchor(reading: &Reading, claim: &Claim, report: Passage) -> ClaimAnchor {
    let words = claim.evidence.of(&reading.report.text).to_owned();
    ClaimAnchor {
        evidence: Passage { bytes: claim.evidence, words, ..report },
        predicate: claim.predicate.clone(),
        polarity: claim.polarity,
        figure: figure(reading, claim).map(str::to_owned),
    }
}

/// The claim of a reading that an anchor means: the same words, figure and polarity.
pub fn find_claim(reading: &Reading, anchor: &ClaimAnchor) -> Option<u32> {
    let at = located(&reading.report.text, &anchor.evidence)?;
    let fits = |c: &Claim| {
        c.polarity == anchor.polarity
            && figure(reading, c) == anchor.figure.as_deref()
            && dice(c.evidence, at) >= SAME_PLACE
    };
    let rank = |c: &Claim| (c.evidence == at, c.predicate == anchor.predicate, (1000.0 * dice(c.evidence, at)) as u32);
    let found = reading.claims.iter().zip(0..).filter(|(c, _)| fits(c));
    found.max_by_key(|(c, n)| (rank(c), std::cmp::Reverse(*n))).map(|(_, n)| n)
}

/// The whole of an attribution's content.
pub fn content_of(a: &Attribution) -> Option<Span> {
    let (first, last) = (a.content.first()?, a.content.last()?);
    Some(Span { start: first.start, end: last.end.max(first.end) })
}

/// The words of an attribution's cue.
pub fn cue_of(reading: &Reading, a: &Attribution) -> String {
    a.cue.iter().map(|s| s.of(&reading.report.text)).collect::<Vec<_>>().join(" ")
}

/// The attribution of a reading that an anchor means.
pub fn find_attribution(reading: &Reading, content: &Passage, cue: &str) -> Option<u32> {
    let at = located(&reading.report.text, content)?;
    let fits = |a: &Attribution| content_of(a).is_some_and(|c| dice(c, at) >= SAME_PLACE);
    let rank =
        |a: &Attribution| (cue_of(reading, a) == cue, content_of(a).map_or(0, |c| (1000.0 * dice(c, at)) as u32));
    let found = reading.attributions.iter().zip(0..).filter(|(a, _)| fits(a));
    found.max_by_key(|(a, n)| (rank(a), std::cmp::Reverse(*n))).map(|(_, n)| n)
}

/// The entity of a reading that a place names.
pub fn find_entity(reading: &Reading, mention: &Passage) -> Option<u32> {
    let at = located(&reading.report.text, mention)?;
    let exact = reading.analysis.mentions.iter().find(|m| m.span == at && m.entity.is_some());
    let near = || reading.analysis.mentions.iter().find(|m| dice(m.span, at) >= SAME_PLACE && m.entity.is_some());
    exact.or_else(near)?.entity
}

/// Sets the speakers that were decided on in this reading, and the voices of
/// the claims they speak.
pub fn set_speakers(reading: &mut Reading, report: ReportId, decisions: &[Decision]) {
    for decision in decisions.iter().filter(|d| d.verb == DecisionVerb::SetSpeaker) {
        let Anchor::Attribution { content, cue } = &decision.subject else { continue };
        if content.report != report {
            continue;
        }
        let Some(at) = find_attribution(reading, content, cue) else { continue };
        let speaker = match &decision.object {
            Some(Anchor::Entity { mention, name }) => {
                let here = (mention.report == report).then(|| find_entity(reading, mention)).flatten();
                Some(here.unwrap_or_else(|| named_here(reading, name)))
            }
            Some(Anchor::Name { name }) => Some(named_here(reading, name)),
            _ => None,
        };
        if let Some(a) = reading.attributions.get_mut(at as usize) {
            a.speaker =
                speaker.map_or(Speaker::Unknown, |entity| Speaker::Entity { entity, confidence: 1.0, runner_up: None });
            a.why.insert(0, decision.reason());
        }
        let voices: Vec<(usize, Vec<firsthand_model::Voice>)> = (reading.claims.iter().enumerate())
            .filter(|(_, c)| is_within(reading, c.attribution, at))
            .map(|(n, c)| (n, voice(reading, c.attribution)))
            .collect();
        for (n, voice) in voices {
            reading.claims[n].voice = voice;
        }
    }
}

/// Whether an attribution stands in another, or is it.
fn is_within(reading: &Reading, mut inner: Option<u32>, outer: u32) -> bool {
    // A circle of parents ends after as many steps as there are attributions.
    for _ in 0..=reading.attributions.len() {
        match inner {
            Some(n) if n == outer => return true,
            Some(n) => inner = reading.attributions.get(n as usize).and_then(|a| a.parent),
            None => return false,
        }
    }
    false
}

/// The entity of a reading that has this name; a new one where none has.
fn named_here(reading: &mut Reading, name: &str) -> u32 {
    let wanted = fold(name);
    let has = |e: &LocalEntity| fold(&e.name) == wanted || e.variants.iter().any(|v| fold(v) == wanted);
    let known = reading.analysis.entities.iter().position(has);
    let at = known.unwrap_or_else(|| {
        reading.analysis.entities.push(LocalEntity {
            name: name.to_owned(),
            kind: None,
            named: true,
            roles: Vec::new(),
            variants: vec![name.to_owned()],
            mentions: Vec::new(),
            gender: None,
            speaks_for: None,
            why: vec![Reason::rule("decided-set-speaker")],
        });
        reading.analysis.entities.len() - 1
    });
    at as u32
}

/// Two entities of single reports that were decided to be one, or not to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityLink {
    /// One.
    pub a: (ReportId, u32),
    /// The other.
    pub b: (ReportId, u32),
    /// Whether they are two.
    pub apart: bool,
    /// Who decided so, and why.
    pub reason: Reason,
}

/// One step of what was decided on claims.
#[derive(Clone, Debug)]
enum Step {
    Together(Vec<ClaimId>),
    Apart(ClaimId, ClaimId),
    /// Out of the clusters of these others.
    Out(ClaimId, Vec<ClaimId>),
    /// Each by itself.
    Dissolved(Vec<ClaimId>),
    /// No claim at all.
    Rejected(ClaimId),
    Marked(Vec<ClaimId>),
}

/// What was decided, with its claims and entities found in the readings.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    steps: Vec<(Step, Reason)>,
    verdicts: Vec<(Vec<ClaimId>, ContradictionKind, bool, Reason)>,
    /// Decisions on entities, in the order they were made.
    pub entities: Vec<EntityLink>,
    /// The numbers of decisions of which something is not found.
    pub unanchored: Vec<i64>,
}

/// Claims and entities found by their anchors; readings are looked at once each.
struct Finder<'r> {
    readings: &'r dyn Readings,
    at: BTreeMap<ReportId, usize>,
    missing: bool,
}

impl Finder<'_> {
    fn within<T>(&mut self, report: ReportId, find: impl FnOnce(&Reading) -> Option<T>) -> Option<T> {
        let found = self.at.get(&report).and_then(|&at| find(&self.readings.reading(at)));
        self.missing |= found.is_none();
        found
    }

    fn claim(&mut self, anchor: &ClaimAnchor) -> Option<ClaimId> {
        let report = anchor.evidence.report;
        let index = self.within(report, |r| find_claim(r, anchor))?;
        Some(ClaimId { report, index })
    }

    fn claims(&mut self, anchors: &[ClaimAnchor]) -> Vec<ClaimId> {
        anchors.iter().filter_map(|a| self.claim(a)).collect()
    }

    fn entity(&mut self, mention: &Passage) -> Option<(ReportId, u32)> {
        let index = self.within(mention.report, |r| find_entity(r, mention))?;
        Some((mention.report, index))
    }
}

impl Orders {
    /// Finds what decisions in force (ascending by number) are about.
    pub fn find(decisions: &[Decision], readings: &dyn Readings) -> Self {
        let mut out = Orders::default();
        if decisions.is_empty() {
            return out;
        }
        let at = (0..readings.len()).map(|at| (readings.id(at), at)).collect();
        let mut finder = Finder { readings, at, missing: false };
        for decision in decisions {
            finder.missing = false;
            out.add(decision, &mut finder);
            if finder.missing {
                out.unanchored.push(decision.n);
            }
        }
        out
    }

    fn add(&mut self, decision: &Decision, find: &mut Finder<'_>) {
        let reason = decision.reason();
        let mut step = |step: Step| self.steps.push((step, reason.clone()));
        match (decision.verb, &decision.subject, &decision.object) {
            (DecisionVerb::Confirm, Anchor::Cluster { claims }, _) => step(Step::Together(find.claims(claims))),
            (DecisionVerb::Confirm | DecisionVerb::Note, Anchor::Claim(claim), _) => {
                step(Step::Marked(find.claim(claim).into_iter().collect()));
            }
            (DecisionVerb::Note, Anchor::Cluster { claims }, _) => step(Step::Marked(find.claims(claims))),
            (DecisionVerb::Reject, Anchor::Cluster { claims }, _) => step(Step::Dissolved(find.claims(claims))),
            (DecisionVerb::Reject, Anchor::Claim(claim), _) => {
                if let Some(id) = find.claim(claim) {
                    step(Step::Rejected(id));
                }
            }
            (
                verb @ (DecisionVerb::Confirm | DecisionVerb::Reject | DecisionVerb::Note),
                Anchor::Contradiction { claims, of },
                _,
            ) => {
                let ids = find.claims(claims);
                if ids.len() == claims.len() && verb != DecisionVerb::Note {
                    self.verdicts.push((ids, *of, verb == DecisionVerb::Confirm, reason));
                }
            }
            (DecisionVerb::Merge, a, Some(b)) => match (a, b) {
                (Anchor::Entity { mention: a, .. }, Anchor::Entity { mention: b, .. }) => {
                    self.link(find.entity(a), find.entity(b), false, reason);
                }
                _ => {
                    let one = |a: &Anchor, find: &mut Finder<'_>| match a {
                        Anchor::Claim(claim) => find.claim(claim),
                        // Each is joined to the others of its cluster as found.
                        Anchor::Cluster { claims } => find.claims(claims).first().copied(),
                        _ => None,
                    };
                    if let (Some(a), Some(b)) = (one(a, find), one(b, find)) {
                        step(Step::Together(vec![a, b]));
                    }
                }
            },
            (DecisionVerb::Split, Anchor::Entity { mention: a, .. }, Some(Anchor::Entity { mention: b, .. })) => {
                self.link(find.entity(a), find.entity(b), true, reason);
            }
            (DecisionVerb::Split, Anchor::Claim(a), Some(Anchor::Claim(b))) => {
                if let (Some(a), Some(b)) = (find.claim(a), find.claim(b)) {
                    step(Step::Apart(a, b));
                }
            }
            (DecisionVerb::Split, Anchor::Claim(a), Some(Anchor::Cluster { claims })) => {
                if let Some(a) = find.claim(a) {
                    step(Step::Out(a, find.claims(claims)));
                }
            }
            (DecisionVerb::SetSpeaker, Anchor::Attribution { content, cue }, object) => {
                // The reading has it already; here a speaker of another report becomes one with it.
                let report = content.report;
                let spoken = find.within(report, |r| {
                    let at = find_attribution(r, content, cue)?;
                    Some(r.attributions.get(at as usize).and_then(|a| a.speaker.entity()))
                });
                if let (Some(Some(own)), Some(Anchor::Entity { mention, .. })) = (spoken, object) {
                    self.link(Some((report, own)), find.entity(mention), false, reason);
                }
            }
            (_, Anchor::Report(passage), _) => find.missing |= !find.at.contains_key(&passage.report),
            (_, Anchor::Attribution { content, cue }, _) => {
                find.within(content.report, |r| find_attribution(r, content, cue));
            }
            (_, Anchor::Entity { mention, .. }, _) => {
                find.entity(mention);
            }
            _ => {}
        }
    }

    fn link(&mut self, a: Option<(ReportId, u32)>, b: Option<(ReportId, u32)>, apart: bool, reason: Reason) {
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            self.entities.push(EntityLink { a, b, apart, reason });
        }
    }

    /// Makes one story of two where claims of both were decided to be about one thing.
    pub(crate) fn join_stories(&self, ids: &[ReportId], story: &mut [usize]) {
        let of = |id: &ClaimId, story: &[usize]| ids.binary_search(&id.report).ok().and_then(|i| story.get(i).copied());
        for (step, _) in &self.steps {
            let Step::Together(claims) = step else { continue };
            for pair in claims.windows(2) {
                if let (Some(a), Some(b)) = (of(&pair[0], story), of(&pair[1], story)) {
                    story.iter_mut().filter(|s| **s == a || **s == b).for_each(|s| *s = a.min(b));
                }
            }
        }
    }

    /// The clusters of a story as they were decided to be, each with the
    /// decisions on its claims. Members index `items`, which ascend by claim.
    pub(crate) fn regroup(&self, groups: Vec<Vec<usize>>, items: &[Item<'_>]) -> Vec<(Vec<usize>, Vec<Reason>)> {
        if self.steps.is_empty() {
            return groups.into_iter().map(|g| (g, Vec::new())).collect();
        }
        let mut of: BTreeMap<usize, usize> = BTreeMap::new();
        for (g, group) in groups.iter().enumerate() {
            of.extend(group.iter().map(|&m| (m, g)));
        }
        let mut groups: Vec<(Vec<usize>, Vec<Reason>)> = groups.into_iter().map(|g| (g, Vec::new())).collect();
        let mut rejected: Vec<usize> = Vec::new();
        let at = |id: &ClaimId| items.binary_search_by_key(id, |i| i.id).ok();
        for (step, reason) in &self.steps {
            // Claims of other stories are not among the groups.
            let here = |ids: &[ClaimId], of: &BTreeMap<usize, usize>| -> Vec<usize> {
                ids.iter().filter_map(at).filter(|m| of.contains_key(m)).collect()
            };
            let mut mark: Vec<usize> = Vec::new();
            match step {
                Step::Together(ids) => {
                    let members = here(ids, &of);
                    if let Some(first) = members.iter().filter_map(|m| of.get(m)).min().copied() {
                        for m in &members {
                            let from = of.get(m).copied().unwrap_or(first);
                            if from != first {
                                let (moved, why) = std::mem::take(&mut groups[from]);
                                of.extend(moved.iter().map(|&m| (m, first)));
                                groups[first].0.extend(moved);
                                groups[first].1.extend(why);
                            }
                        }
                        mark.push(first);
                    }
                }
                Step::Apart(a, b) => {
                    if let [a, b] = here(&[*a, *b], &of)[..]
                        && let (Some(&g), Some(&h)) = (of.get(&a), of.get(&b))
                    {
                        mark.extend([g, h]);
                        if g == h && a != b {
                            let (own, other): (Vec<usize>, Vec<usize>) =
                                groups[g].0.iter().partition(|&&m| m == a || (m != b && !nearer(items, m, b, a)));
                            groups[g].0 = own;
                            of.extend(other.iter().map(|&m| (m, groups.len())));
                            mark.push(groups.len());
                            groups.push((other, groups[g].1.clone()));
                        }
                    }
                }
                Step::Out(a, others) => {
                    let others = here(others, &of);
                    if let [a] = here(&[*a], &of)[..]
                        && let Some(&g) = of.get(&a)
                        && others.iter().any(|o| *o != a && of.get(o) == Some(&g))
                    {
                        groups[g].0.retain(|&m| m != a);
                        of.insert(a, groups.len());
                        mark.extend([g, groups.len()]);
                        groups.push((vec![a], Vec::new()));
                    }
                }
                Step::Dissolved(ids) => {
                    for m in here(ids, &of) {
                        let Some(&g) = of.get(&m) else { continue };
                        if groups[g].0.len() > 1 {
                            groups[g].0.retain(|&o| o != m);
                            of.insert(m, groups.len());
                            groups.push((vec![m], Vec::new()));
                        }
                        mark.extend(of.get(&m));
                    }
                }
                Step::Rejected(id) => {
                    for m in here(&[*id], &of) {
                        mark.extend(of.get(&m));
                        rejected.push(m);
                    }
                }
                Step::Marked(ids) => mark.extend(here(ids, &of).iter().filter_map(|m| of.get(m)).copied()),
            }
            mark.sort_unstable();
            mark.dedup();
            mark.into_iter().for_each(|g| groups[g].1.push(reason.clone()));
        }
        for (group, _) in &mut groups {
            group.retain(|m| !rejected.contains(m));
            group.sort_unstable();
        }
        groups.retain(|(group, _)| !group.is_empty());
        groups.sort();
        groups
    }

    /// The verdicts on a cluster as they were decided to be: a rejected
    /// contradiction can hold, a rejected other verdict is a contradiction.
    pub(crate) fn overrule(&self, mut verdicts: Vec<Contradiction>) -> Vec<Contradiction> {
        for (ids, kind, confirmed, reason) in &self.verdicts {
            let mut sorted = ids.clone();
            sorted.sort_unstable();
            for found in verdicts.iter_mut().filter(|v| v.kind == *kind) {
                let mut own = found.claims.clone();
                own.sort_unstable();
                if own != sorted {
                    continue;
                }
                if !confirmed {
                    found.verdict = match found.verdict {
                        Verdict::Contradiction => Verdict::Compatible,
                        _ => Verdict::Contradiction,
                    };
                }
                found.why.insert(0, reason.clone());
            }
        }
        verdicts
    }
}

/// Whether a claim is more like `x` than like `y`.
fn nearer(items: &[Item<'_>], m: usize, x: usize, y: usize) -> bool {
    let alike = |a: &Item<'_>, b: &Item<'_>| {
        let value = matches!((&a.figure, &b.figure), (Some(f), Some(g)) if f.same_value(g));
        let common = a.terms.iter().filter(|t| b.terms.binary_search(t).is_ok()).count();
        let all = a.terms.len() + b.terms.len() - common;
        (value, 1000 * common / all.max(1))
    };
    alike(&items[m], &items[x]) > alike(&items[m], &items[y])
}

#[cfg(test)]
mod tests {
    use firsthand_model::{Modality, Polarity, Report};

    use super::*;

    fn reading(text: &str, evidence: &[&str]) -> Reading {
        let claim = |words: &&str| Claim {
            evidence: Span::find(text, words).unwrap(),
            predicate: "collapse".to_owned(),
            class: None,
            actor: None,
            target: None,
            place: None,
            time: None,
            measures: Vec::new(),
            polarity: Polarity::Affirmed,
            modality: Modality::Asserted,
            as_of: None,
            voice: Vec::new(),
            attribution: None,
            why: Vec::new(),
        };
        let report = Report { text: text.to_owned(), ..Report::default() };
        Reading { report, claims: evidence.iter().map(claim).collect(), ..Reading::default() }
    }

    fn anchor(reading: &Reading, n: usize) -> ClaimAnchor {
        let passage = Passage {
            report: ReportId::default(),
            blake3: String::new(),
            key: String::new(),
            bytes: Span::default(),
            words: String::new(),
        };
        claim_anchor(reading, &reading.claims[n], passage)
    }

    #[test]
    fn a_claim_is_found_again_where_its_words_moved() {
        let before = reading("The hall fell. The bridge fell.", &["The hall fell", "The bridge fell"]);
        let bridge = anchor(&before, 1);
        assert_eq!(find_claim(&before, &bridge), Some(1));
        // Another program found a line more above it, and one claim less.
        let moved = reading("By Ilva Tarn\nThe hall fell. The bridge fell.", &["The bridge fell"]);
        assert_eq!(find_claim(&moved, &bridge), Some(0));
        // It takes a little more or less of the sentence for the claim.
        let wider = reading("The hall fell. The bridge fell at noon.", &["The bridge fell at noon"]);
        assert_eq!(find_claim(&wider, &bridge), Some(0));
        let gone = reading("The hall fell. The mast fell.", &["The hall fell", "The mast fell"]);
        assert_eq!(find_claim(&gone, &bridge), None);
        let mut denied = before.clone();
        denied.claims[1].polarity = Polarity::Denied;
        assert_eq!(find_claim(&denied, &bridge), None, "it says something else");
    }

    #[test]
    fn of_equal_words_the_nearest_are_meant() {
        let text = "It fell. Then it rose. It fell.";
        let mut twice = reading(text, &["It fell"]);
        let mut second = twice.claims[0].clone();
        second.evidence = Span::new(text.len() - 8, text.len() - 1);
        twice.claims.push(second);
        assert_eq!(find_claim(&twice, &anchor(&twice, 1)), Some(1));
        let mut shifted = anchor(&twice, 1);
        shifted.evidence.bytes = Span::new(26, 33);
        assert_eq!(find_claim(&twice, &shifted), Some(1));
    }
}
