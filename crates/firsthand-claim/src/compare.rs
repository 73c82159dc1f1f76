//! All claims of a collection compared: stories, clusters, origins, verdicts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    Analysis, ClaimId, Cluster, Contradiction, ContradictionKind, EntityId, EntityKind, LocalEntity, Reading, Reason,
    Report, ReportId, Verdict,
};
use rayon::prelude::*;

use crate::Collection;
use crate::chain::{Ends, Leaning, speakers};
use crate::cluster::{Clustered, Copied, clusters};
use crate::decide::Orders;
use crate::headline::{Descent, headline};
use crate::item::{Item, adopt, items};
use crate::judge::{Case, judge};
use crate::near::Near;
use crate::origin::{origins, sides};
use crate::story::{Sketch, stories};
use crate::vector::Terms;
use crate::who::Who;

/// Reports that one thread works on at a time, if no story has more.
const BATCH: usize = 32;

/// A cluster with the verdicts on its claims, whose index of it is not yet right.
type Told = (Cluster, Vec<Contradiction>);

/// Clusters, ascending by their first claim, and verdicts by cluster.
///
/// Readings are looked at three times, and at no time are all of them held:
/// for what each is about and who is who, for who speaks, and story by story.
pub(crate) fn compare(collection: &Collection<'_>) -> (Vec<Cluster>, Vec<Contradiction>) {
    let readings = collection.readings;
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by_key(|&at| readings.id(at));
    let (sketches, outlines): (Vec<Sketch>, Vec<(ReportId, Reading)>) = order
        .par_iter()
        .map(|&at| {
            let (id, reading) = (readings.id(at), readings.reading(at));
            (Sketch::new(id, &reading), (id, outline(&reading)))
        })
        .unzip();
    let mut story = stories(sketches, collection.copies);
    let ids: Vec<ReportId> = order.iter().map(|&at| readings.id(at)).collect();
    collection.orders.join_stories(&ids, &mut story);
    let borrowed: Vec<(ReportId, &Reading)> = outlines.iter().map(|(id, r)| (*id, r)).collect();
    let who = Who::new(&borrowed, collection.entities, collection.copies);
    drop(outlines);
    let speakers = order
        .par_iter()
        .map(|&at| {
            let (id, reading) = (readings.id(at), readings.reading(at));
            let claims = reading.claims.iter().zip(0..);
            let items: Vec<Item<'_>> =
                claims.map(|(claim, index)| Item::bare(ClaimId { report: id, index }, 0, claim)).collect();
            speakers(&who, &[(id, &*reading)], &items)
        })
        .reduce(BTreeSet::new, |mut all, mut some| {
            all.append(&mut some);
            all
        });
    let known = Known {
        who: &who,
        copied: &Copied::new(collection.copies),
        descent: &Descent::new(collection.copies),
        speakers: &speakers,
        classes: &Terms.classes(),
        orders: collection.orders,
    };
    let tell = |batch: &Vec<(usize, usize)>| {
        let held: Vec<(ReportId, Cow<'_, Reading>)> =
            batch.par_iter().map(|&(i, _)| (readings.id(order[i]), readings.reading(order[i]))).collect();
        let held: Vec<(ReportId, &Reading)> = held.iter().map(|(id, r)| (*id, &**r)).collect();
        let story: Vec<usize> = batch.iter().map(|&(_, story)| story).collect();
        tell(&known, &held, &story)
    };
    // Threads share the work on one large story, so that there is never more than one.
    let (large, small): (Vec<_>, Vec<_>) = batches(&story).into_iter().partition(|batch| batch.len() > BATCH);
    let mut told: Vec<Told> = large.iter().flat_map(tell).collect();
    told.par_extend(small.par_iter().flat_map_iter(tell));
    told.sort_by_key(|(cluster, _)| cluster.claims.first().copied());
    let mut clusters = Vec::with_capacity(told.len());
    let mut verdicts = Vec::new();
    for (n, (cluster, judged)) in told.into_iter().enumerate() {
        clusters.push(cluster);
        verdicts.extend(judged.into_iter().map(|v| Contradiction { cluster: n as u32, ..v }));
    }
    (clusters, verdicts)
}

/// What of a reading says who is who: its outlet, and the roles of its people.
fn outline(reading: &Reading) -> Reading {
    let person = |e: &LocalEntity| e.kind == Some(EntityKind::Person);
    let part = |e: &LocalEntity| LocalEntity { roles: e.roles.clone(), variants: e.variants.clone(), ..blank() };
    let entities = reading.analysis.entities.iter().map(|e| if person(e) { part(e) } else { blank() }).collect();
    Reading {
        report: Report { outlet: reading.report.outlet.clone(), ..Report::default() },
        analysis: Analysis { entities, ..Analysis::default() },
        ..Reading::default()
    }
}

/// An entity of which nothing is known.
fn blank() -> LocalEntity {
    LocalEntity {
        name: String::new(),
        kind: None,
        named: false,
        roles: Vec::new(),
        variants: Vec::new(),
        mentions: Vec::new(),
        gender: None,
        speaks_for: None,
        why: Vec::new(),
    }
}

/// Whole stories, together of about [`BATCH`] reports: each report's index,
/// ascending, with its story.
fn batches(story: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let mut by_story: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, &story) in story.iter().enumerate() {
        by_story.entry(story).or_default().push(i);
    }
    let mut out: Vec<Vec<(usize, usize)>> = Vec::new();
    for (story, reports) in by_story {
        match out.last_mut() {
            Some(last) if last.len() + reports.len() <= BATCH => last.extend(reports.iter().map(|&i| (i, story))),
            _ => out.push(reports.iter().map(|&i| (i, story)).collect()),
        }
    }
    out.iter_mut().for_each(|batch| batch.sort_unstable());
    out
}

/// What is known of the whole collection when its stories are told.
struct Known<'k> {
    who: &'k Who<'k>,
    copied: &'k Copied,
    descent: &'k Descent<'k>,
    speakers: &'k BTreeSet<EntityId>,
    classes: &'k BTreeSet<u32>,
    orders: &'k Orders,
}

/// The clusters of some stories: all the readings of these, ascending by id,
/// and the story of each.
fn tell(known: &Known<'_>, readings: &[(ReportId, &Reading)], story: &[usize]) -> Vec<Told> {
    let &Known { who, copied, descent, speakers, classes, orders } = known;
    let mut items: Vec<Item<'_>> = readings
        .par_chunks(BATCH)
        .enumerate()
        .flat_map_iter(|(n, part)| {
            let mut items = items(part, &who.entity_of);
            items.iter_mut().for_each(|item| item.reading += n * BATCH);
            items
        })
        .collect();
    let mut by_story: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        by_story.entry(story[item.reading]).or_default().push(i);
    }
    for members in by_story.values() {
        adopt(&mut items, members);
    }
    let items = items;
    let ends = Ends::new(who, readings, &items, speakers);
    let mut out = Vec::new();
    for (of, members) in by_story {
        let common = everywhere(&items, &members);
        let first = story.iter().position(|&s| s == of).and_then(|i| readings.get(i)).map(|(id, _)| *id);
        let Clustered { groups, near } = clusters(&items, &members, copied, classes);
        let near = Near::new(&near);
        let found = orders.regroup(groups, &items);
        out.par_extend(found.into_par_iter().map(|(members, decided)| {
            let mut at = origins(&Leaning { who, readings, items: &items, members: &members, copied, ends: &ends });
            let case = Case { readings, items: &items, members: &members, origins: &at, common: &common };
            let (judged, cut) = judge(0, &case);
            let judged = orders.overrule(judged);
            let opened = near.open(readings, &items, &members, &ends, &mut at);
            let about = about(readings, &items, &members);
            let mut cluster = Cluster {
                story: first.unwrap_or_default(),
                headline: String::new(),
                kind: kind(&items, &members, &judged).to_owned(),
                claims: members.iter().map(|&m| items[m].id).collect(),
                independent: at.independent,
                sides: sides(&items, &members, &at),
                why: why(&items, &members).into_iter().chain(opened).chain(cut).chain(decided).collect(),
                origins: at.list,
            };
            let told = headline(&cluster, &judged, readings, descent);
            let about = about.trim_matches(|c: char| c.is_whitespace() || "\"“”.,;:".contains(c));
            cluster.headline = told.replacen("This claim", &format!("“{about}”: this claim"), 1);
            (cluster, judged)
        }));
    }
    out
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
