use std::sync::LazyLock;

use firsthand_model::{CopyHow, CopyLink, Reason, ReportId};
use firsthand_span::Span;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Text;
use crate::clock::{Order, likely, order};
use crate::direction::{initials, names};
use crate::text::{FURNITURE, Prepared, hash_word};

/// Words that tell that a named outlet is named for what it said.
static CITING: LazyLock<FxHashSet<u32>> = LazyLock::new(|| {
    let lines = include_str!("../data/citing.txt").lines();
    lines.filter(|l| !l.starts_with('#') && !l.is_empty()).map(hash_word).collect()
});

/// A last word of a name, used alone ("the Observer"), has at least so many letters.
const ALONE: usize = 5;
/// Credits without a shared passage are followed up in collections with at most so many.
const FEW: usize = 2000;
/// Words between a name and the word that cites it.
const NEAR: usize = 6;
/// Two reports are of one story if they share so many uncommon words.
const TOPIC: usize = 6;
/// And one that credits the other's outlet so many: it must have its matter from somewhere.
const CREDITED: usize = 5;
/// So many sentences of a report, and two in five of them, have so many rare
/// words in common with a sentence of the report it names: it retells it.
const RETOLD: usize = 3;
const AGAIN: usize = 3;
/// Sentences of fewer words say little.
const SENTENCE: usize = 5;
/// Perhaps later, by [`likely`], but hardly.
const LATER: f64 = -0.2;
/// Seconds after which nobody cites a report as news.
const OLD: i64 = 14 * 86_400;

/// The outlets of a collection and which reports name which of them.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The outlet of each report.
    outlet_of: Vec<Option<u32>>,
    /// Per report: (outlet, word), in order; never its own outlet.
    mentions: Vec<Vec<(u32, u32)>>,
    /// The agency that each report credits.
    agency_of: Vec<Option<u32>>,
    /// Which outlets each agency is, ascending.
    outlets_of_agency: Vec<Vec<u32>>,
}

/// A way to write an outlet's name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Variant {
    words: Vec<u32>,
    outlet: u32,
    /// Initials are written in capitals: "WHO" is no "who".
    capitals: bool,
}

/// Ways to write names by their first word.
type Variants = FxHashMap<u32, Vec<Variant>>;

impl Named {
    pub(crate) fn new(texts: &[Text<'_>], prepared: &[Prepared]) -> Self {
        let (outlet_of, outlets) = numbered(texts.iter().map(|t| Some(t.report.outlet.as_ref()?.value.as_str())));
        let variants = variants(&outlets);
        let mentions = texts
            .par_iter()
            .zip(prepared)
            .zip(&outlet_of)
            .map(|((text, words), own)| mentions(&text.report.text, words, &variants, *own))
            .collect();
        let (agency_of, outlets_of_agency) = agencies(texts, &outlets);
        Named { outlet_of, mentions, agency_of, outlets_of_agency }
    }

    /// Whether the agency that `report` credits published `other`.
    pub(crate) fn is_agency(&self, report: usize, other: usize) -> bool {
        let (Some(agency), Some(outlet)) = (self.agency_of[report], self.outlet_of[other]) else { return false };
        self.outlets_of_agency[agency as usize].binary_search(&outlet).is_ok()
    }

    /// Whether a report credits the outlet of another one, and not its own.
    pub(crate) fn credits(&self, report: usize, other: usize) -> bool {
        self.is_agency(report, other) && !self.is_agency(report, report)
    }

    /// Which of these reports others of them credit.
    pub(crate) fn credited_among(&self, reports: &[u32]) -> Vec<bool> {
        let mut outlets: Vec<u32> = Vec::new();
        for &r in reports {
            let r = r as usize;
            if let Some(agency) = self.agency_of[r].filter(|_| !self.is_agency(r, r)) {
                outlets.extend(&self.outlets_of_agency[agency as usize]);
            }
        }
        outlets.sort_unstable();
        outlets.dedup();
        let credited = |&r: &u32| self.outlet_of[r as usize].is_some_and(|o| outlets.binary_search(&o).is_ok());
        reports.iter().map(credited).collect()
    }

    /// Whether `report` names the outlet of `other`.
    pub(crate) fn names(&self, report: usize, other: usize) -> bool {
        self.outlet_of[other].is_some_and(|o| self.mentions[report].iter().any(|m| m.0 == o))
    }

    /// Links from reports that name an outlet for what it said to the report
    /// of that outlet that they most likely mean. `linked` tells pairs that
    /// are linked already, `copied` what a report took from its parents: whom
    /// that names is not the report's doing.
    pub(crate) fn links(
        &self,
        texts: &[Text<'_>],
        prepared: &[Prepared],
        linked: impl Fn(usize, usize) -> bool + Sync,
        copied: impl Fn(usize, Span) -> bool + Sync,
    ) -> Vec<CopyLink> {
        let mut by_outlet: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (i, outlet) in self.outlet_of.iter().enumerate() {
            if let Some(o) = outlet {
                by_outlet.entry(*o).or_default().push(i as u32);
            }
        }
        let topics = Topics::new(prepared);
        (0..texts.len())
            .into_par_iter()
            .flat_map_iter(|child| {
                let mut outlets: Vec<(u32, u32)> = self.mentions[child]
                    .iter()
                    .filter(|m| {
                        let at = m.1 as usize;
                        is_cited(&prepared[child], at) && !copied(child, prepared[child].word(at))
                    })
                    .copied()
                    .collect();
                outlets.sort_unstable();
                outlets.dedup_by_key(|m| m.0);
                let mut out = Vec::new();
                for (outlet, at) in outlets {
                    let meant = by_outlet.get(&outlet).into_iter().flatten().map(|&r| r as usize);
                    let best = meant
                        .filter(|&r| r != child && may_cite(texts, r, child))
                        .map(|r| (topics.common(r, child), r))
                        .filter(|m| m.0 >= TOPIC)
                        .max();
                    if let Some((_, parent)) = best
                        && !linked(parent, child)
                    {
                        let name = prepared[child].word(at as usize).of(&texts[child].report.text);
                        let mut link = cites(texts, parent, child, name);
                        if topics.retells(&prepared[child], &prepared[parent]) {
                            link.how = CopyHow::Reworded;
                        }
                        out.push(link);
                    }
                }
                out
            })
            .collect()
    }
}

impl Named {
    /// A report that names the outlet it has a little text of, and tells again
    /// in its own words what that told, is reworded.
    pub(crate) fn reword(
        &self,
        prepared: &[Prepared],
        links: &mut [CopyLink],
        rank: impl Fn(ReportId) -> Option<usize>,
    ) {
        let named = |l: &CopyLink| {
            let (parent, child) = (rank(l.parent?)?, rank(l.child)?);
            (l.how == CopyHow::Merged && self.names(child, parent)).then_some((parent, child))
        };
        if links.iter().all(|l| named(l).is_none()) {
            return;
        }
        let topics = Topics::new(prepared);
        for link in links {
            if let Some((parent, child)) = named(link)
                && topics.retells(&prepared[child], &prepared[parent])
            {
                link.how = CopyHow::Reworded;
            }
        }
    }
}

fn cites(texts: &[Text<'_>], parent: usize, child: usize, word: &str) -> CopyLink {
    let directed = !matches!(order(texts[parent].report, texts[child].report), Order::After(_));
    CopyLink {
        parent: Some(texts[parent].id),
        hidden: None,
        child: texts[child].id,
        how: CopyHow::Cites,
        directed,
        share: 0.0,
        spans: Vec::new(),
        why: vec![Reason::new("names-outlet", format!("it names the other's outlet (“{word}”)"))],
    }
}

impl Named {
    /// Links from reports that credit an outlet of the collection, yet share
    /// no passage with what it published, to the report of the same story
    /// that they must have reworded.
    pub(crate) fn credited(
        &self,
        texts: &[Text<'_>],
        prepared: &[Prepared],
        has_parent: impl Fn(usize) -> bool,
    ) -> Vec<CopyLink> {
        let open: Vec<usize> =
            (0..texts.len()).filter(|&i| texts[i].report.agency.is_some() && !has_parent(i)).collect();
        if open.is_empty() || open.len() > FEW {
            return Vec::new();
        }
        let topics = Topics::new(prepared);
        open.into_par_iter()
            .filter_map(|child| {
                let best = (0..texts.len())
                    .filter(|&r| r != child && self.credits(child, r) && may_cite(texts, r, child))
                    .map(|r| (topics.common(r, child), r))
                    .filter(|m| m.0 >= CREDITED)
                    .max();
                best.map(|(n, parent)| CopyLink {
                    how: CopyHow::Reworded,
                    why: vec![Reason::new(
                        "credits-parent",
                        format!("it credits the parent's outlet, shares no passage, but {n} uncommon words"),
                    )],
                    ..cites(texts, parent, child, "")
                })
            })
            .collect()
    }
}

/// Not clearly later, nor long before.
fn may_cite(texts: &[Text<'_>], parent: usize, child: usize) -> bool {
    match order(texts[parent].report, texts[child].report) {
        Order::Before(gap) => gap < OLD,
        Order::After(gap) => gap < 86_400 / 2,
        Order::Open => likely(texts[parent].report, texts[child].report) > LATER,
    }
}

/// Whether a word that cites stands next to a mention, in its sentence:
/// "X reported", "told X", "according to X", "X's statement".
fn is_cited(text: &Prepared, at: usize) -> bool {
    let sentence = text.sentence(text.sentence_of(at));
    let near = at.saturating_sub(NEAR).max(sentence.start)..(at + NEAR + 2).min(sentence.end);
    text.words[near].iter().any(|w| CITING.contains(w))
}

/// The number of each name, and the names in the order of their first places.
fn numbered<'n>(names: impl Iterator<Item = Option<&'n str>>) -> (Vec<Option<u32>>, Vec<&'n str>) {
    let mut index: FxHashMap<&str, u32> = FxHashMap::default();
    let mut known: Vec<&str> = Vec::new();
    let numbers = names
        .map(|name| {
            let name = name?;
            Some(*index.entry(name).or_insert_with(|| {
                known.push(name);
                known.len() as u32 - 1
            }))
        })
        .collect();
    (numbers, known)
}

/// The agency of each report, and which outlets each agency is: "Example
/// Press Agency (EPA)" is "EPA" and "Example Press Agency".
fn agencies(texts: &[Text<'_>], outlets: &[&str]) -> (Vec<Option<u32>>, Vec<Vec<u32>>) {
    let (agency_of, agencies) = numbered(texts.iter().map(|t| Some(t.report.agency.as_ref()?.value.as_str())));
    let mut by_name: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    for (o, outlet) in outlets.iter().enumerate() {
        names(outlet).into_iter().for_each(|n| by_name.entry(n).or_default().push(o as u32));
    }
    let outlets_of = |agency: &&str| {
        let mut out: Vec<u32> = names(agency).iter().filter_map(|n| by_name.get(n)).flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        out
    };
    (agency_of, agencies.iter().map(outlets_of).collect())
}

fn variants(outlets: &[&str]) -> Variants {
    let mut all: Vec<Variant> = Vec::new();
    let mut last: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (o, outlet) in outlets.iter().enumerate() {
        for name in names(outlet) {
            let words: Vec<&str> =
                name.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
            let capitals = initials(outlet).is_some_and(|i| i == name);
            all.push(Variant { words: words.iter().map(|w| hash_word(w)).collect(), outlet: o as u32, capitals });
            if let [.., word] = words.as_slice()
                && words.len() > 1
                && word.chars().count() >= ALONE
            {
                last.entry(hash_word(word)).or_default().push(o as u32);
            }
        }
    }
    for (word, mut of) in last.into_iter().collect::<std::collections::BTreeMap<_, _>>() {
        of.dedup();
        if let [outlet] = of.as_slice() {
            all.push(Variant { words: vec![hash_word("the"), word], outlet: *outlet, capitals: false });
        }
    }
    all.retain(|v| !v.words.is_empty());
    // The longest way first, so that the whole name is seen.
    all.sort_by(|x, y| y.words.len().cmp(&x.words.len()).then_with(|| x.cmp(y)));
    all.dedup();
    let mut out = Variants::default();
    for variant in all {
        out.entry(variant.words[0]).or_default().push(variant);
    }
    out
}

fn mentions(text: &str, prepared: &Prepared, variants: &Variants, own: Option<u32>) -> Vec<(u32, u32)> {
    let written = |i: usize, how: fn(char) -> bool| prepared.word(i).of(text).chars().all(how);
    let capital = |i: usize| prepared.word(i).of(text).chars().next().is_some_and(char::is_uppercase);
    let mut out = Vec::new();
    let mut i = 0;
    while i < prepared.len() {
        let found = variants.get(&prepared.words[i]).into_iter().flatten().find(|v| {
            prepared.words[i..].starts_with(&v.words)
                // A name is written with a capital, and one of a single word all the more.
                && capital(i + v.words.len() - 1)
                && (!v.capitals || written(i, |c| !c.is_lowercase()))
                && prepared.flags[i] & FURNITURE == 0
        });
        match found {
            Some(v) => {
                if Some(v.outlet) != own {
                    out.push((v.outlet, i as u32));
                }
                i += v.words.len();
            }
            None => i += 1,
        }
    }
    out
}

/// The uncommon words of each report.
struct Topics {
    /// Per report, ascending.
    words: Vec<Vec<u32>>,
    /// In how many reports each word stands.
    counts: FxHashMap<u32, u32>,
    /// Words of more reports than this tell nothing of two of them.
    rare: u32,
}

impl Topics {
    fn new(prepared: &[Prepared]) -> Self {
        let sets: Vec<Vec<u32>> = prepared
            .par_iter()
            .map(|p| {
                let mut words = p.words.clone();
                words.sort_unstable();
                words.dedup();
                words
            })
            .collect();
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        for &w in sets.iter().flatten() {
            *counts.entry(w).or_default() += 1;
        }
        // In a collection of one story, its names stand everywhere.
        let common = (prepared.len() as u32 / 100).max(40);
        let rare = (prepared.len() as u32 / 4).clamp(3, common);
        let uncommon =
            |words: Vec<u32>| words.into_iter().filter(|w| counts.get(w).is_some_and(|&n| n <= common)).collect();
        let words = sets.into_par_iter().map(uncommon).collect();
        Topics { words, counts, rare }
    }

    fn common(&self, a: usize, b: usize) -> usize {
        crate::align::common_words(&self.words[a], &self.words[b])
    }

    /// Whether a report tells again, in its own words, what another one told:
    /// many of its sentences have rare words in common with one sentence of
    /// the other.
    fn retells(&self, child: &Prepared, parent: &Prepared) -> bool {
        let rare = |text: &Prepared, s: usize| {
            let mut words = text.words[text.sentence(s)].to_vec();
            words.retain(|w| self.counts.get(w).is_none_or(|&n| n <= self.rare));
            words.sort_unstable();
            words.dedup();
            words
        };
        let there: Vec<Vec<u32>> = (0..parent.sentence_count()).map(|s| rare(parent, s)).collect();
        let own: Vec<usize> = (0..child.sentence_count()).filter(|&s| child.sentence(s).len() >= SENTENCE).collect();
        let again = own.iter().filter(|&&s| {
            let words = rare(child, s);
            there.iter().any(|t| crate::align::common_words(&words, t) >= AGAIN)
        });
        let again = again.count();
        again >= RETOLD && 5 * again >= 2 * own.len()
    }
}
