//! All claims of a collection compared: stories, clusters, origins, verdicts.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{Cluster, Contradiction, ContradictionKind, Reading, Reason, ReportId, Verdict};

use crate::Collection;
use crate::chain::{Ends, Leaning};
use crate::cluster::{Copied, clusters};
use crate::item::{Item, Terms, adopt, items};
use crate::judge::judge;
use crate::origin::{origins, sides};
use crate::story::stories;
use crate::who::Who;

/// Clusters, ascending by their first claim, and verdicts by cluster.
pub(crate) fn compare(collection: &Collection<'_>) -> (Vec<Cluster>, Vec<Contradiction>) {
    let mut readings: Vec<(ReportId, &Reading)> = collection.readings.to_vec();
    readings.sort_by_key(|(id, _)| *id);
    let mut terms = Terms::default();
    let mut items = items(&readings, collection.entities, &mut terms);
    let story = stories(&readings, &mut terms, collection.copies);
    let copied = Copied::new(collection.copies);
    let who = Who::new(&readings, collection.entities, collection.copies);

    let mut by_story: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        by_story.entry(story[item.reading]).or_default().push(i);
    }
    for members in by_story.values() {
        adopt(&mut items, members);
    }
    let items = items;
    let classes = terms.classes();
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut common: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for (first, members) in by_story {
        common.insert(first, everywhere(&items, &members));
        found.extend(clusters(&items, &members, &copied, &classes).into_iter().map(|c| (first, c)));
    }
    found.sort_by_key(|(_, c)| c.first().copied());

    let ends = Ends::new(&who, &readings, &items);
    let mut out = Vec::with_capacity(found.len());
    let mut verdicts = Vec::new();
    let none = BTreeSet::new();
    for (n, (first, members)) in found.iter().enumerate() {
        let at =
            origins(&Leaning { who: &who, readings: &readings, items: &items, members, copied: &copied, ends: &ends });
        let judged = judge(n as u32, &readings, &items, members, &at, common.get(first).unwrap_or(&none));
        out.push(Cluster {
            story: readings[*first].0,
            headline: about(&readings, &items, members),
            kind: kind(&items, members, &judged).to_owned(),
            claims: members.iter().map(|&m| items[m].id).collect(),
            independent: at.independent,
            sides: sides(&items, members, &at),
            why: why(&items, members),
            origins: at.list,
        });
        verdicts.extend(judged);
    }
    (out, verdicts)
}

/// The terms that half of a story's reports have: what it is about.
fn everywhere(items: &[Item<'_>], members: &[usize]) -> BTreeSet<u32> {
    let pairs: BTreeSet<(u32, usize)> =
        members.iter().flat_map(|&m| items[m].terms.iter().map(move |&t| (t, items[m].reading))).collect();
    let reports: BTreeSet<usize> = members.iter().map(|&m| items[m].reading).collect();
    let mut count: BTreeMap<u32, usize> = BTreeMap::new();
    for (term, _) in pairs {
        *count.entry(term).or_default() += 1;
    }
    count.into_iter().filter(|(_, n)| 2 * n >= reports.len()).map(|(t, _)| t).collect()
}

/// What a cluster is about: the words of the claim that shares most with the
/// others, the shorter and then the earlier one on a tie.
fn about(readings: &[(ReportId, &Reading)], items: &[Item<'_>], members: &[usize]) -> String {
    // Of figures, claims with the value that most tell.
    let value = |m: usize| items[m].figure.as_ref().map(crate::relation::figure_words);
    let mut values: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for &m in members {
        *values.entry(value(m)).or_default() += 1;
    }
    let most = values.iter().max_by_key(|(v, n)| (**n, std::cmp::Reverse((*v).clone()))).map(|(v, _)| v.clone());
    let members: Vec<usize> =
        members.iter().copied().filter(|&m| most.as_ref().is_none_or(|v| *v == value(m))).collect();
    let mut count: BTreeMap<u32, usize> = BTreeMap::new();
    for &m in &members {
        for &t in &items[m].terms {
            *count.entry(t).or_default() += 1;
        }
    }
    let best = members.iter().copied().max_by_key(|&m| {
        let terms = &items[m].terms;
        let shared: usize = terms.iter().filter_map(|t| count.get(t)).sum();
        let mean = 1000 * shared / (terms.len() + 2);
        (mean, std::cmp::Reverse(items[m].claim.evidence.len()), std::cmp::Reverse(m))
    });
    best.and_then(|m| readings.get(items[m].reading).map(|(_, r)| items[m].claim.evidence.of(&r.report.text)))
        .map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "))
        .unwrap_or_default()
}

/// The kind of a cluster: what its claims differ in, else what they state.
fn kind(items: &[Item<'_>], members: &[usize], judged: &[Contradiction]) -> &'static str {
    let differ: BTreeSet<ContradictionKind> =
        judged.iter().filter(|c| c.verdict == Verdict::Contradiction).map(|c| c.kind).collect();
    let figures = members.iter().filter(|&&m| items[m].figure.is_some()).count();
    if 2 * figures > members.len() {
        "figure"
    } else if let Some(first) = differ.first() {
        first.as_str()
    } else {
        "event"
    }
}

fn why(items: &[Item<'_>], members: &[usize]) -> Vec<Reason> {
    let mut out = Vec::new();
    if members.len() < 2 {
        return out;
    }
    let classes: BTreeSet<&str> =
        members.iter().filter_map(|&m| items[m].figure.as_ref().and_then(|f| f.class)).collect();
    if let Some(class) = classes.first() {
        out.push(Reason::new("same-figure", format!("counts of {class}")));
    }
    out.push(Reason::rule("shared-words"));
    out
}
