//! A figure through time: what each origin is said to have told, day by day,
//! when each value first and last appears, and which outlets went on with an
//! earlier figure after a later one had come out.
//!
//! Values, origins and days are those of the cluster; nothing is compared
//! anew. A report counts as later than another only where its own clock (or,
//! without a zone, its date) leaves no doubt.

use std::collections::{BTreeMap, BTreeSet};

use firsthand_model::{
    BlockKind, ClaimId, Cluster, Measure, Modality, Moment, Origin, Polarity, Reading, Report, ReportId,
};
use firsthand_span::{Span, fold};
use jiff::civil::Date;
use serde::Serialize;

use crate::extract::is_figure;

/// A report as a reader of results needs it: its reading, and how it is named.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its id.
    pub id: ReportId,
    /// Its key: the path or record it was read from.
    pub key: &'a str,
    /// What it says.
    pub reading: &'a Reading,
}

/// What a cluster says, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Timeline {
    /// What each origin is said to have told; the one that was told first leads.
    pub series: Vec<Series>,
    /// Each value with its first and last appearance, whoever told it.
    pub values: Vec<Appearance>,
    /// Where an origin's figure changed, and what outlets made of it.
    pub changes: Vec<Change>,
}

/// One origin's word through time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// Its name, or the words that leave it open.
    pub origin: String,
    /// Whether it is known who it is.
    pub identified: bool,
    /// One value as of one day, in order.
    pub points: Vec<Point>,
}

impl Series {
    /// Its name for a reader: one that leaves open who it is says so.
    pub fn label(&self) -> String {
        if self.identified { self.origin.clone() } else { format!("{} (open)", self.origin) }
    }
}

/// A value as of a day, by one origin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The day as of which it holds; the day it was published where the text gives none.
    pub day: Option<Date>,
    /// The value in words: "at least 12", or "affirmed", "denied" of what is no figure.
    pub value: String,
    /// Who told it, in order of publication.
    pub tellings: Vec<Telling>,
}

impl Point {
    /// How many reports tell it.
    pub fn reports(&self) -> usize {
        self.tellings.iter().map(|t| t.claim.report).collect::<BTreeSet<_>>().len()
    }
}

/// One claim that tells a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Telling {
    /// The claim.
    #[serde(serialize_with = "as_text")]
    pub claim: ClaimId,
    /// The report's key.
    pub key: String,
    /// The report's outlet.
    pub outlet: Option<String>,
    /// When the report was published, by its own word.
    #[serde(serialize_with = "as_optional_text")]
    pub published: Option<Moment>,
    /// The time as of which the claim holds, where known.
    #[serde(serialize_with = "as_optional_text")]
    pub as_of: Option<Moment>,
    /// The value in words.
    pub value: String,
    /// Lower end, and whether it is meant too.
    pub lower: Option<(f64, bool)>,
    /// Upper end, and whether it is meant too.
    pub upper: Option<(f64, bool)>,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// How firmly.
    pub modality: Modality,
    /// Whether it stands in a headline.
    pub headline: bool,
    /// Bytes of the report's clean text.
    pub bytes: Span,
    /// The words there.
    pub words: String,
    /// The later figure of the same origin that was already out when this was
    /// published, and that the report does not tell.
    pub overtaken_by: Option<String>,
}

/// Serialises as what it displays as: ids and moments as the exports write them.
pub(crate) fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

fn as_optional_text<T: std::fmt::Display, S: serde::Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.collect_str(value),
        None => to.serialize_none(),
    }
}

/// When a value appears.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Appearance {
    /// The value in words.
    pub value: String,
    /// Its first telling.
    pub first: Telling,
    /// Its last telling.
    pub last: Telling,
    /// How many claims tell it.
    pub claims: usize,
    /// In how many reports.
    pub reports: usize,
    /// Of how many origins.
    pub origins: usize,
}

/// An origin's figure gave way to another of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Whose.
    pub origin: String,
    /// The values told before.
    pub from: Vec<String>,
    /// The values told from then on, until the next change.
    pub to: Vec<String>,
    /// The first telling of the new figure.
    pub first: Telling,
    /// Outlets that told the old figure or the new one.
    pub outlets: Vec<TookOver>,
}

/// What an outlet made of a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TookOver {
    /// The outlet, or the report's key where none is known.
    pub outlet: String,
    /// What it did.
    pub did: Did,
    /// The telling that shows it.
    pub telling: Telling,
}

/// What an outlet did after a figure had changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Did {
    /// Told the new figure or a later one.
    TookOver,
    /// Published after it, still with the old figure and without the new one.
    KeptTheOld,
    /// Told the old figure before, and no figure of this origin later.
    NothingLater,
    /// Told the old figure, and it is not certain whether before or after.
    Unclear,
}

/// Lays a cluster out in time. `sources` must hold its reports; their order
/// changes nothing.
pub fn timeline(cluster: &Cluster, sources: &[Source<'_>]) -> Timeline {
    let by_id: BTreeMap<ReportId, &Source<'_>> = sources.iter().map(|s| (s.id, s)).collect();
    let mut all: Vec<(usize, Telling)> = Vec::new();
    for (o, origin) in cluster.origins.iter().enumerate() {
        for claim in &origin.claims {
            let found = by_id.get(&claim.report).and_then(|s| telling(cluster, s, *claim));
            all.extend(found.map(|t| (o, t)));
        }
    }
    all.sort_by_key(|(o, t)| (order(t), *o));
    let mut changes = Vec::new();
    for (o, origin) in cluster.origins.iter().enumerate().filter(|(_, o)| o.identified) {
        changes.extend(changes_of(origin, o, &mut all));
    }
    let order_of = |c: &Change| order(&c.first);
    changes.sort_by(|a, b| order_of(a).cmp(&order_of(b)).then_with(|| a.origin.cmp(&b.origin)));
    Timeline { series: series(cluster, &all), values: appearances(&all), changes }
}

fn telling(cluster: &Cluster, source: &Source<'_>, id: ClaimId) -> Option<Telling> {
    let claim = source.reading.claims.get(id.index as usize)?;
    let report = &source.reading.report;
    let says = cluster.sides.iter().find(|s| s.claims.contains(&id)).map(|s| s.says.clone());
    let measure = claim.measures.first().and_then(|m| source.reading.measures.get(*m as usize));
    let measure = measure.filter(|m| is_figure(m));
    let end = |of: fn(&Measure) -> Option<firsthand_model::Bound>| measure.and_then(of).map(|b| (b.value, b.inclusive));
    let title = |b: &firsthand_model::Block| {
        matches!(b.kind, BlockKind::Title | BlockKind::Heading) && b.span.covers(claim.evidence)
    };
    Some(Telling {
        claim: id,
        key: source.key.to_owned(),
        outlet: report.outlet.as_ref().map(|o| o.value.clone()),
        published: published(report),
        as_of: claim.as_of,
        value: says.unwrap_or_else(|| claim.polarity.to_string()),
        lower: end(|m| m.lower),
        upper: end(|m| m.upper),
        polarity: claim.polarity,
        modality: claim.modality,
        headline: report.blocks.iter().any(title),
        bytes: claim.evidence,
        words: claim.evidence.of(&report.text).split_whitespace().collect::<Vec<_>>().join(" "),
        overtaken_by: None,
    })
}

fn published(report: &Report) -> Option<Moment> {
    report.published.as_ref().map(|p| p.value)
}

/// The middle of the instants at which a moment may lie; what is undated comes last.
fn middle(moment: Option<Moment>) -> i64 {
    moment.map_or(i64::MAX, |m| {
        let (start, end) = m.bounds();
        start + (end - start) / 2
    })
}

/// Tellings in order of publication; the body of a text before its headline.
fn order(t: &Telling) -> (i64, bool, ClaimId) {
    (middle(t.published), t.headline, t.claim)
}

/// The day a telling speaks of.
fn day(t: &Telling) -> Option<Date> {
    t.as_of.or(t.published).map(|m| m.date())
}

/// Whether one moment is later than another beyond doubt.
fn certainly_after(a: Option<Moment>, b: Option<Moment>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    if a.offset.is_some() && b.offset.is_some() && a.has_clock() && b.has_clock() {
        return a.bounds().0 >= b.bounds().1;
    }
    a.date() > b.date()
}

fn series(cluster: &Cluster, all: &[(usize, Telling)]) -> Vec<Series> {
    let mut out: Vec<(i64, usize, Series)> = Vec::new();
    for (o, origin) in cluster.origins.iter().enumerate() {
        let mut points: BTreeMap<(bool, Option<Date>, i64, String), Vec<Telling>> = BTreeMap::new();
        let own: Vec<&Telling> = all.iter().filter(|(at, _)| *at == o).map(|(_, t)| t).collect();
        let first = |value: &str| own.iter().filter(|t| t.value == value).map(|t| middle(t.published)).min();
        for t in &own {
            let key = (day(t).is_none(), day(t), first(&t.value).unwrap_or(i64::MAX), t.value.clone());
            points.entry(key).or_default().push((*t).clone());
        }
        let Some(start) = own.iter().map(|t| middle(t.published)).min() else { continue };
        let points = points.into_iter().map(|((_, day, _, value), tellings)| Point { day, value, tellings }).collect();
        out.push((start, o, Series { origin: origin.name.clone(), identified: origin.identified, points }));
    }
    out.sort_by_key(|(start, o, s)| (!s.identified, *start, *o));
    out.into_iter().map(|(_, _, s)| s).collect()
}

fn appearances(all: &[(usize, Telling)]) -> Vec<Appearance> {
    let mut by: BTreeMap<&str, Vec<&(usize, Telling)>> = BTreeMap::new();
    for told in all {
        by.entry(&told.1.value).or_default().push(told);
    }
    let mut out: Vec<Appearance> = by
        .into_iter()
        .filter_map(|(value, told)| {
            // `all` is in order of publication.
            let (first, last) = (told.first()?, told.iter().rev().find(|t| t.1.published.is_some()).or(told.last())?);
            Some(Appearance {
                value: value.to_owned(),
                first: first.1.clone(),
                last: last.1.clone(),
                claims: told.len(),
                reports: told.iter().map(|t| t.1.claim.report).collect::<BTreeSet<_>>().len(),
                origins: told.iter().map(|t| t.0).collect::<BTreeSet<_>>().len(),
            })
        })
        .collect();
    out.sort_by(|a, b| order(&a.first).cmp(&order(&b.first)).then_with(|| a.value.cmp(&b.value)));
    out
}

/// The number by which a telling's level is known, so that "12" and "at least
/// 12" are one.
fn number(t: &Telling) -> Option<u64> {
    t.lower.or(t.upper).map(|(v, _)| v.to_bits())
}

/// The levels of an origin's figure, and marks what was overtaken.
fn changes_of(origin: &Origin, o: usize, all: &mut [(usize, Telling)]) -> Vec<Change> {
    let own: Vec<usize> = (0..all.len())
        .filter(|&i| all[i].0 == o && number(&all[i].1).is_some() && all[i].1.polarity == Polarity::Affirmed)
        .collect();
    // Each number by the first day it was told for, and its first telling.
    let mut starts: BTreeMap<u64, (Date, usize)> = BTreeMap::new();
    for &i in &own {
        let t = &all[i].1;
        let (Some(n), Some(day)) = (number(t), day(t)) else { continue };
        // `own` is in order of publication.
        let known = starts.entry(n).or_insert((day, i));
        *known = (*known).min((day, i));
    }
    let mut sorted: Vec<((Date, usize), u64)> = starts.into_iter().map(|(n, at)| (at, n)).collect();
    sorted.sort_unstable();
    // What only came out after the figure of a later day is told in retrospect: no level of its own.
    let told = sorted.clone();
    sorted.retain(|((day, i), _)| {
        !told.iter().any(|((later, j), _)| later > day && certainly_after(all[*i].1.published, all[*j].1.published))
    });
    // Numbers told for one day are one level unless one came out after the other beyond doubt.
    let mut levels: Vec<(Date, usize, Vec<u64>)> = Vec::new();
    for ((day, i), n) in sorted {
        match levels.last_mut() {
            Some((last, at, numbers)) if *last == day && !certainly_after(all[i].1.published, all[*at].1.published) => {
                numbers.push(n);
            }
            _ => levels.push((day, i, vec![n])),
        }
    }
    let level_of = |t: &Telling| number(t).and_then(|n| levels.iter().position(|(.., numbers)| numbers.contains(&n)));
    let level: BTreeMap<usize, usize> = own.iter().filter_map(|&i| Some((i, level_of(&all[i].1)?))).collect();
    let first = |l: usize| own.iter().copied().find(|i| level.get(i) == Some(&l));
    // The highest level that each report tells, so that one which tells both is not behind.
    let mut told: BTreeMap<ReportId, usize> = BTreeMap::new();
    for (&i, &l) in &level {
        let most = told.entry(all[i].1.claim.report).or_default();
        *most = (*most).max(l);
    }
    let mut overtaken: BTreeMap<usize, usize> = BTreeMap::new();
    for (&i, &l) in &level {
        let out = |next: &usize| {
            first(*next).is_some_and(|f| certainly_after(all[i].1.published, all[f].1.published))
                && told.get(&all[i].1.claim.report).is_none_or(|most| most < next)
        };
        if let Some(next) = (l + 1..levels.len()).rev().find(out) {
            overtaken.insert(i, next);
        }
    }
    let values = |l: usize, all: &[(usize, Telling)]| {
        let mut values: Vec<String> = Vec::new();
        for &i in own.iter().filter(|i| level.get(*i) == Some(&l)) {
            if !values.contains(&all[i].1.value) {
                values.push(all[i].1.value.clone());
            }
        }
        values
    };
    for (&i, &next) in &overtaken {
        all[i].1.overtaken_by = Some(values(next, all).join(", "));
    }
    (1..levels.len())
        .filter_map(|l| {
            let start = first(l)?;
            Some(Change {
                origin: origin.name.clone(),
                from: values(l - 1, all),
                to: values(l, all),
                first: all[start].1.clone(),
                outlets: outlets(l, start, &level, all),
            })
        })
        .collect()
}

/// What each outlet did about the change to level `l`, first told by `start`.
fn outlets(l: usize, start: usize, level: &BTreeMap<usize, usize>, all: &[(usize, Telling)]) -> Vec<TookOver> {
    let mut by: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for &i in level.keys() {
        let t = &all[i].1;
        let name = t.outlet.clone().unwrap_or_else(|| t.key.clone());
        let folded = fold(&name);
        let key = folded.strip_prefix("the ").unwrap_or(&folded).to_owned();
        by.entry(key).or_insert_with(|| (name, Vec::new())).1.push(i);
    }
    let of = |i: &usize| level.get(i).copied().unwrap_or_default();
    let mut out: Vec<TookOver> = by
        .into_values()
        .filter_map(|(outlet, own)| {
            let old = || own.iter().copied().filter(|i| of(i) == l - 1);
            let new = own.iter().copied().find(|i| of(i) >= l);
            let certain = |i: &usize| certainly_after(all[*i].1.published, all[start].1.published);
            let kept = old().find(|i| all[*i].1.overtaken_by.is_some() && certain(i));
            let (did, shown) = match (new, kept, old().next_back()) {
                (Some(new), None, _) => (Did::TookOver, new),
                // Whoever told the new figure and then the old one again went back.
                (Some(new), Some(kept), _) if new > kept => (Did::TookOver, new),
                (_, Some(kept), _) => (Did::KeptTheOld, kept),
                (None, None, Some(last)) => {
                    let before = old().all(|i| certainly_after(all[start].1.published, all[i].1.published));
                    (if before { Did::NothingLater } else { Did::Unclear }, last)
                }
                (None, None, None) => return None,
            };
            Some(TookOver { outlet, did, telling: all[shown].1.clone() })
        })
        .collect();
    out.sort_by_key(|t| (t.did, order(&t.telling)));
    out
}
