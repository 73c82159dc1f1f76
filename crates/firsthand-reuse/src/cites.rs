use std::sync::LazyLock;

use firsthand_model::{CopyHow, CopyLink, Reason};
use firsthand_span::Span;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Text;
use crate::clock::{Order, likely, order};
use crate::direction::{credits, names};
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
}

/// Ways to write an outlet's name, as words, by their first word.
type Variants = FxHashMap<u32, Vec<(Vec<u32>, u32)>>;

impl Named {
    pub(crate) fn new(texts: &[Text<'_>], prepared: &[Prepared]) -> Self {
        let mut index: FxHashMap<&str, u32> = FxHashMap::default();
        let mut outlets: Vec<&str> = Vec::new();
        let outlet_of: Vec<Option<u32>> = texts
            .iter()
            .map(|t| {
                let name = t.report.outlet.as_ref()?.value.as_str();
                Some(*index.entry(name).or_insert_with(|| {
                    outlets.push(name);
                    outlets.len() as u32 - 1
                }))
            })
            .collect();
        let variants = variants(&outlets);
        let mentions = texts
            .par_iter()
            .zip(prepared)
            .zip(&outlet_of)
            .map(|((text, words), own)| mentions(&text.report.text, words, &variants, *own))
            .collect();
        Named { outlet_of, mentions }
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
                        out.push(cites(
                            texts,
                            parent,
                            child,
                            prepared[child].word(at as usize).of(&texts[child].report.text),
                        ));
                    }
                }
                out
            })
            .collect()
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
        why: vec![Reason::new("names-outlet", word)],
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
                let report = texts[child].report;
                let best = (0..texts.len())
                    .filter(|&r| r != child && credits(report, texts[r].report) && may_cite(texts, r, child))
                    .map(|r| (topics.common(r, child), r))
                    .filter(|m| m.0 >= TOPIC)
                    .max();
                best.map(|(n, parent)| CopyLink {
                    how: CopyHow::Reworded,
                    why: vec![Reason::new("credits-parent", format!("{n} uncommon words in both"))],
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

fn variants(outlets: &[&str]) -> Variants {
    let mut all: Vec<(Vec<u32>, u32)> = Vec::new();
    let mut last: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (o, outlet) in outlets.iter().enumerate() {
        for name in names(outlet) {
            let words: Vec<&str> =
                name.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
            all.push((words.iter().map(|w| hash_word(w)).collect(), o as u32));
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
            all.push((vec![hash_word("the"), word], *outlet));
        }
    }
    all.retain(|v| !v.0.is_empty());
    // The longest way first, so that the whole name is seen.
    all.sort_by(|x, y| y.0.len().cmp(&x.0.len()).then_with(|| x.cmp(y)));
    all.dedup();
    let mut out = Variants::default();
    for (words, outlet) in all {
        out.entry(words[0]).or_default().push((words, outlet));
    }
    out
}

fn mentions(text: &str, prepared: &Prepared, variants: &Variants, own: Option<u32>) -> Vec<(u32, u32)> {
    let capital = |i: usize| prepared.word(i).of(text).chars().next().is_some_and(char::is_uppercase);
    let mut out = Vec::new();
    let mut i = 0;
    while i < prepared.len() {
        let found = variants.get(&prepared.words[i]).into_iter().flatten().find(|(words, _)| {
            prepared.words[i..].starts_with(words)
                // A name is written with a capital, and one of a single word all the more.
                && capital(i + words.len() - 1)
                && prepared.flags[i] & FURNITURE == 0
        });
        match found {
            Some((words, outlet)) => {
                if Some(*outlet) != own {
                    out.push((*outlet, i as u32));
                }
                i += words.len();
            }
            None => i += 1,
        }
    }
    out
}

/// The uncommon words of each report.
struct Topics(Vec<Vec<u32>>);

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
        let common = (prepared.len() as u32 / 20).max(40);
        let uncommon =
            |words: Vec<u32>| words.into_iter().filter(|w| counts.get(w).is_some_and(|&n| n <= common)).collect();
        Topics(sets.into_par_iter().map(uncommon).collect())
    }

    fn common(&self, a: usize, b: usize) -> usize {
        crate::align::common_words(&self.0[a], &self.0[b])
    }
}
