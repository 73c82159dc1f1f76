/*!
Who copied whom: aligned text reuse, typed, and the stemma.
*/

mod align;
mod arborescence;
mod clock;
mod direction;
mod furniture;
mod grams;
mod pair;
mod stemma;
mod text;
mod union;

use firsthand_model::{CopyLink, Family, Report, ReportId};
use firsthand_span::Span;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::pair::Pair;
use crate::text::Prepared;

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
    let pairs = pair::pairs(&texts, &prepared);
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
        .map(|(members, pairs)| stemma::descent(members, pairs, &texts, &prepared))
        .collect();
    let mut links: Vec<CopyLink> = Vec::new();
    let mut families: Vec<Family> = Vec::new();
    for d in descents {
        links.extend(d.links);
        families.push(d.family);
    }
    links.sort_by(|x, y| (x.child, x.parent, &x.hidden).cmp(&(y.child, y.parent, &y.hidden)));
    families.sort_by(|x, y| x.reports.cmp(&y.reports));
    (links, families)
}
