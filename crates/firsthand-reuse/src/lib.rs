/*!
Who copied whom: aligned text reuse, typed, and the stemma.

Ten reports that copy one text are one source. [`compare`] takes the texts
of a collection and answers with [`CopyLink`]s (direct descent, passage by
passage) and [`Family`]s (reports joined by such links, with the number of
independent origins of their texts). It works in six steps:

1. **Grams.** Every passage of eight words shared by two texts yields a seed:
   word sequences of five, sampled by winnowing, sorted and grouped.
2. **Furniture.** A sentence that stands in many *stories* (groups of reports
   joined by other shared text) belongs to none of them; one that an outlet
   repeats a day later is its background.
3. **Alignment.** From the seeds, a map from words to words: exact runs, the
   gaps between them word by word, whole sentences where most words match or
   where the same words stand in another order. Each passage is narration,
   quotation, background or furniture; only narration, or a long chain of
   the same quotations, makes a copy.
4. **Direction.** Clocks with their precision and zone, credits, named
   outlets, headlines and wordings give log odds; where they are small the
   direction stays unknown.
5. **Stemma.** The cheapest account of where every shared word came from: an
   arborescence first, then further parents for merged texts.
6. **Origins.** Two reports that have nothing in common, while others share
   much with both, are two sources that those merged. How clear that is makes
   the interval.

[`between`] compares two texts only, [`differences`] marks the words in which
two passages differ, [`Index`] finds the neighbours of one
new report, [`draw`] makes pictures. The result depends on nothing but the
set of texts: not on their order, nor on threads.
*/

mod align;
mod arborescence;
mod bits;
mod cites;
mod clock;
mod differ;
mod direction;
pub mod draw;
mod furniture;
mod grams;
mod index;
mod origins;
mod pair;
mod stemma;
mod text;
mod union;

use std::collections::BTreeMap;

use firsthand_model::{CopyHow, CopyLink, CopySpan, Family, Report, ReportId, SpanKind};
use firsthand_span::Span;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::cites::Named;
use crate::pair::Pair;
use crate::text::Prepared;

pub use differ::differences;
pub use index::{Index, Neighbour};

/// What the comparison of texts needs of one report.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Its id.
    pub id: ReportId,
    /// Its text and metadata.
    pub report: &'a Report,
    /// Passages in quotation marks, ascending: shared without copying by all
    /// who heard them.
    pub quotations: &'a [Span],
}

/// Copy links and families of a collection. The order of `texts` changes
/// nothing.
pub fn compare(texts: &[Text<'_>]) -> (Vec<CopyLink>, Vec<Family>) {
    let mut texts = texts.to_vec();
    texts.par_sort_by_cached_key(|t| (clock::published(t.report).map_or(i64::MAX, |p| p.0), t.id));
    texts.dedup_by_key(|t| t.id);
    let mut prepared: Vec<Prepared> = texts.par_iter().map(Prepared::new).collect();
    furniture::mark(&texts, &mut prepared);
    let named = Named::new(&texts, &prepared);
    let pairs = pair::pairs(&texts, &prepared, &named);
    let components = stemma::components(texts.len(), &pairs);
    let mut component_of: FxHashMap<u32, usize> = FxHashMap::default();
    for (i, members) in components.iter().enumerate() {
        component_of.extend(members.iter().map(|&m| (m, i)));
    }
    let mut inside: Vec<Vec<&Pair>> = vec![Vec::new(); components.len()];
    for pair in pairs.iter().filter(|p| p.copy) {
        if let Some(&i) = component_of.get(&pair.a) {
            inside[i].push(pair);
        }
    }
    let descents: Vec<_> = components
        .par_iter()
        .zip(&inside)
        .map(|(members, pairs)| stemma::descent(members, pairs, &texts, &prepared, &named))
        .collect();
    let mut links: Vec<CopyLink> = Vec::new();
    let mut families: Vec<Family> = Vec::new();
    for d in descents {
        links.extend(d.links);
        families.extend(d.families);
    }
    let mut joined: FxHashSet<(ReportId, ReportId)> = links
        .iter()
        .filter_map(|l| Some((l.parent?, l.child)))
        .flat_map(|(x, y)| [(x, y), (y, x)])
        .chain(pairs.iter().filter(|p| p.quoted_words() >= 8).map(|p| (texts[p.a as usize].id, texts[p.b as usize].id)))
        .collect();
    let rank: FxHashMap<ReportId, usize> = texts.iter().enumerate().map(|(i, t)| (t.id, i)).collect();
    named.reword(&prepared, &mut links, |id| rank.get(&id).copied());
    let mut taken: Vec<Vec<Span>> = vec![Vec::new(); texts.len()];
    let mut has_parent = vec![false; texts.len()];
    for link in &links {
        if let Some(&child) = rank.get(&link.child) {
            has_parent[child] = true;
            taken[child].extend(link.spans.iter().filter(|_| link.parent.is_some()).map(|s| s.child));
        }
    }
    let credited = named.credited(&texts, &prepared, |i| has_parent[i]);
    joined.extend(credited.iter().filter_map(|l| Some((l.parent?, l.child))));
    let cited = named.links(
        &texts,
        &prepared,
        |x, y| {
            let (x, y) = (texts[x].id, texts[y].id);
            joined.contains(&(x, y)) || joined.contains(&(y, x))
        },
        |child, word| taken[child].iter().any(|s| s.covers(word)),
    );
    let retold = cited.iter().chain(&credited).filter(|l| l.how != CopyHow::Cites);
    join_credited(&mut families, retold);
    links.extend(cited);
    links.extend(credited);
    links.extend(little(&texts, &prepared, &pairs, &families, &rank));
    links.sort_by(|x, y| (x.child, x.parent, &x.hidden).cmp(&(y.child, y.parent, &y.hidden)));
    families.sort_by(|x, y| x.reports.cmp(&y.reports));
    (links, families)
}

/// The fewest words in common that such a link is made of.
const LITTLE: usize = 12;

/// Links between reports that share quotations only, or background that their
/// outlet repeats, and are of no family: of each such report to the one with most of these words.
fn little(
    texts: &[Text<'_>],
    prepared: &[Prepared],
    pairs: &[Pair],
    families: &[Family],
    rank: &FxHashMap<ReportId, usize>,
) -> Vec<CopyLink> {
    let mut family = vec![usize::MAX; texts.len()];
    for (n, f) in families.iter().enumerate() {
        f.reports.iter().filter_map(|r| rank.get(r)).for_each(|&r| family[r] = n);
    }
    let mut best: BTreeMap<(u32, CopyHow), (usize, &Pair)> = BTreeMap::new();
    let own = |pair: &Pair| direction::same_outlet(texts[pair.a as usize].report, texts[pair.b as usize].report);
    for pair in pairs.iter().filter(|p| !p.copy) {
        let (a, b) = (family[pair.a as usize], family[pair.b as usize]);
        let (how, words) = match (pair.words(SpanKind::Quotation), pair.words(SpanKind::Background)) {
            (quoted, _) if quoted >= LITTLE => (CopyHow::QuotesOnly, quoted),
            (_, repeated) if repeated >= LITTLE && own(pair) => (CopyHow::BackgroundOnly, repeated),
            _ => continue,
        };
        if a == usize::MAX || a != b {
            let found = best.entry((pair.b, how)).or_insert((words, pair));
            if words > found.0 {
                *found = (words, pair);
            }
        }
    }
    best.into_iter().map(|((_, how), (_, pair))| stemma::little(pair, how, texts, prepared)).collect()
}

/// Puts reports that reworded a credited one into its family.
fn join_credited<'l>(families: &mut Vec<Family>, credited: impl Iterator<Item = &'l CopyLink>) {
    for link in credited {
        let Some(parent) = link.parent else { continue };
        let at = |families: &[Family], id| families.iter().position(|f| f.reports.contains(&id));
        let (a, b) = (at(families, parent), at(families, link.child));
        let alone = |id| Family { reports: vec![id], independent: (1, 1) };
        let first = a.map_or_else(|| alone(parent), |i| families[i].clone());
        let second = b.map_or_else(|| alone(link.child), |i| families[i].clone());
        if a.is_some() && a == b {
            continue;
        }
        let mut reports: Vec<ReportId> = first.reports.into_iter().chain(second.reports).collect();
        reports.sort_unstable();
        let count = |x: u32, y: u32| (x + y).saturating_sub(1).max(1);
        let independent =
            (count(first.independent.0, second.independent.0), count(first.independent.1, second.independent.1));
        families.retain(|f| !reports.iter().any(|r| f.reports.contains(r)));
        families.push(Family { reports, independent });
    }
}

/// The passages that two texts share, in order of the second one, each with
/// its kind: the first text is taken as the parent. Nothing is known of a
/// collection here, so no passage is furniture or background.
pub fn between(a: &Text<'_>, b: &Text<'_>) -> Vec<CopySpan> {
    let texts = [*a, *b];
    let prepared = [Prepared::new(a), Prepared::new(b)];
    let named = Named::new(&texts, &prepared);
    let pairs = pair::pairs(&texts, &prepared, &named);
    pairs.first().map_or_else(Vec::new, |pair| stemma::copy_spans(pair, 1, &prepared[1], &prepared[0]))
}

#[cfg(test)]
mod tests;
