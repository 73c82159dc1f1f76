//! Claims made ready for comparison: their terms, and what their figure counts.

use firsthand_model::{Change, Claim, ClaimId, Entity, EntityId, Measure, Reading, ReportId, TimeKind};
use firsthand_span::Span;
use rustc_hash::FxHashMap;

use crate::extract::is_figure;
use crate::words::{class_named, class_of, stem, terms, words};
use std::sync::LazyLock;

static PEOPLE: &str = include_str!("../data/people.txt");

/// Stems of nouns for people: whether they name a part of a group.
static PEOPLE_OF: LazyLock<FxHashMap<String, bool>> = LazyLock::new(|| {
    PEOPLE
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .flat_map(|(kind, list)| list.split_whitespace().map(move |w| (stem(w), kind == "part")))
        .collect()
});

/// Classes whose figures count people unless another noun is counted.
const OF_PEOPLE: &[&str] = &["killed", "injured", "missing", "rescued", "aboard", "arrested", "displaced"];
/// A happening this many days before publication is another one than the news.
const PAST_DAYS: i32 = 60;

/// What a figure measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dimension {
    Count,
    Percent,
    Money,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Counted {
    /// People, all of them.
    People,
    /// A part of the people or of another figure, by its noun.
    Part(String),
    /// Things, by the stem of their noun.
    Things(String),
    /// Not said.
    Open,
}

/// A claim's figure, ready for comparison.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) dimension: Dimension,
    /// Class of what happened to the counted.
    pub(crate) class: Option<&'static str>,
    pub(crate) counted: Counted,
    /// Least value it can hold by its words; none where open.
    pub(crate) lower: Option<f64>,
    /// Greatest value.
    pub(crate) upper: Option<f64>,
    /// The number printed.
    pub(crate) value: Option<f64>,
    pub(crate) unit: String,
    /// Hedged as "about", "some", "nearly", "over".
    pub(crate) approximate: bool,
}

impl Figure {
    /// The figure of a claim.
    pub(crate) fn of(claim: &Claim, reading: &Reading, measure: &Measure) -> Self {
        let text = &reading.report.text;
        let dimension = match measure.unit.as_str() {
            "1" => Dimension::Count,
            "%" => Dimension::Percent,
            _ => Dimension::Money,
        };
        let class = claim.class.as_deref().and_then(class_named).map(|c| c.name);
        let noun = measure.counted.as_deref().map(firsthand_span::fold);
        let noun = noun.as_deref().and_then(|n| n.split_whitespace().next_back()).map(stem);
        // "Twelve bodies found" counts the dead, whatever was done with them.
        let by_noun = noun.as_deref().and_then(class_of).map(|c| c.name).filter(|c| OF_PEOPLE.contains(c));
        let class = by_noun.or(class);
        let tail =
            text.get(measure.span.end as usize..claim.evidence.end.max(measure.span.end) as usize).unwrap_or_default();
        let of_whole = |t: &str| {
            let t = t.trim_start();
            t.starts_with("of the ")
                || t.starts_with("of them")
                || t.starts_with("of those")
                || t.starts_with("of whom")
        };
        let part_of = of_whole(tail) || measure.subset_of.is_some() || measure.span.of(text).contains(" of the ");
        let counted = match &noun {
            _ if dimension != Dimension::Count => Counted::Open,
            // A difference is never compared with a level.
            _ if matches!(measure.change, Some(Change::Additional | Change::RoseBy | Change::FellBy))
                || increment(measure.span.of(text), tail) =>
            {
                Counted::Part("more".to_owned())
            }
            Some(n) if PEOPLE_OF.get(n) == Some(&true) => Counted::Part(n.clone()),
            Some(n) if part_of => Counted::Part(n.clone()),
            Some(n) if PEOPLE_OF.contains_key(n) => Counted::People,
            Some(n) => Counted::Things(n.clone()),
            None if part_of => Counted::Part(String::new()),
            None if class.is_some_and(|c| OF_PEOPLE.contains(&c)) => Counted::People,
            None => Counted::Open,
        };
        Figure {
            dimension,
            class,
            counted,
            lower: measure.lower.map(|b| b.value),
            upper: measure.upper.map(|b| b.value),
            value: measure.value,
            unit: measure.unit.clone(),
            approximate: measure.lower.is_none() && measure.upper.is_none(),
        }
    }

    /// Whether two figures could be about one thing at all.
    pub(crate) fn may_match(&self, other: &Figure) -> bool {
        // Classes that count people are firm; of other things and of sums the
        // words may speak of one matter by many verbs.
        let classes = match (self.class, other.class) {
            (Some(a), Some(b)) if self.dimension == Dimension::Count => {
                a == b || !(OF_PEOPLE.contains(&a) || OF_PEOPLE.contains(&b))
            }
            _ => true,
        };
        let counted = match (&self.counted, &other.counted) {
            (Counted::Part(a), Counted::Part(b)) => a == b || a.is_empty() || b.is_empty(),
            (Counted::Part(_), _) | (_, Counted::Part(_)) => false,
            (Counted::Things(a), Counted::Things(b)) => a == b,
            (Counted::Things(_), Counted::People) | (Counted::People, Counted::Things(_)) => false,
            _ => true,
        };
        self.dimension == other.dimension && classes && counted
    }

    /// Whether both are firmly about one thing by class and noun alone.
    pub(crate) fn same_key(&self, other: &Figure) -> bool {
        self.class.is_some()
            && self.class == other.class
            && self.dimension == other.dimension
            && self.counted == other.counted
            && self.counted != Counted::Open
    }

    /// How telling it is that two figures are equal: by significant digits.
    pub(crate) fn telling(&self) -> f32 {
        let v = self.value.or(self.lower).or(self.upper).unwrap_or(0.0);
        let digits = format!("{v:.0}").trim_end_matches('0').len();
        match digits {
            0 | 1 => 0.12,
            2 => 0.22,
            _ => 0.46,
        }
    }

    /// Whether both print the same number in the same unit.
    pub(crate) fn same_value(&self, other: &Figure) -> bool {
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
            _ => false,
        };
        self.unit == other.unit
            && (near(self.value, other.value) || (near(self.lower, other.lower) && near(self.upper, other.upper)))
    }
}

/// "four more", "eleven further", "two other": beside a figure told before.
fn increment(span: &str, tail: &str) -> bool {
    let next = tail.split_whitespace().next().unwrap_or_default();
    ["more", "further", "other"].iter().any(|w| next == *w || span.split_whitespace().skip(1).any(|s| s == *w))
        && !span.to_lowercase().starts_with("more")
        && !span.contains("more than")
        && next != "than"
}

/// A claim with all that comparison asks of it.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) id: ClaimId,
    /// Index of its reading in the collection.
    pub(crate) reading: usize,
    pub(crate) claim: &'a Claim,
    /// Content terms, ascending, without doubles.
    pub(crate) terms: Vec<u32>,
    /// Its capitalised terms but the first: mostly names.
    pub(crate) names: Vec<u32>,
    pub(crate) figure: Option<Figure>,
    /// Year of an earlier happening that the claim speaks of.
    pub(crate) past: Option<i16>,
    /// Clock time as "HH:MM", where its time has one.
    pub(crate) clock: Option<String>,
}

/// Terms by number.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    ids: FxHashMap<String, u32>,
}

impl Terms {
    pub(crate) fn id(&mut self, term: String) -> u32 {
        let next = self.ids.len() as u32;
        *self.ids.entry(term).or_insert(next)
    }
}

/// The items of all readings, ascending by claim.
pub(crate) fn items<'a>(readings: &[(ReportId, &'a Reading)], entities: &[Entity], known: &mut Terms) -> Vec<Item<'a>> {
    let entity_of: FxHashMap<(ReportId, u32), EntityId> =
        entities.iter().flat_map(|e| e.members.iter().map(move |m| (*m, e.id))).collect();
    let mut out = Vec::new();
    for (at, (report, reading)) in readings.iter().enumerate() {
        for (index, claim) in reading.claims.iter().enumerate() {
            let text = &reading.report.text;
            let measure = claim.measures.first().and_then(|&m| reading.measures.get(m as usize));
            // The words of a sum ("412 million crowns") are in its figure, and say nothing of the matter.
            let sums: Vec<Span> = claim
                .measures
                .iter()
                .filter_map(|&m| reading.measures.get(m as usize))
                .filter(|m| m.unit != "1")
                .map(|m| m.span)
                .collect();
            let mut spoken = words(text, claim.evidence);
            spoken.retain(|w| !sums.iter().any(|s| s.covers(w.span)));
            let mut ids: Vec<u32> = terms(&spoken).into_iter().map(|t| known.id(t)).collect();
            let mut names: Vec<u32> = spoken
                .iter()
                .skip(1)
                .filter(|w| {
                    !w.is_stop()
                        && w.span.of(text).starts_with(char::is_uppercase)
                        && class_of(&stem(&w.folded)).is_none()
                })
                .map(|w| known.id(stem(&w.folded)))
                .collect();
            names.sort_unstable();
            names.dedup();
            if let Some(class) = claim.class.as_deref().or_else(|| class_of(&stem(&claim.predicate)).map(|c| c.name)) {
                ids.push(known.id(format!("#{class}")));
            }
            // Whom it speaks of, however named: aliases, descriptions and pronouns count as the entity.
            let mentions = &reading.analysis.mentions;
            let from = mentions.partition_point(|m| m.span.start < claim.evidence.start);
            for m in mentions[from..].iter().take_while(|m| m.span.start < claim.evidence.end) {
                if let Some(id) = m.entity.and_then(|e| entity_of.get(&(*report, e))) {
                    ids.push(known.id(format!("@{id}")));
                }
            }
            ids.sort_unstable();
            ids.dedup();
            let time = claim.time.and_then(|t| reading.times.get(t as usize));
            out.push(Item {
                id: ClaimId { report: *report, index: index as u32 },
                reading: at,
                claim,
                terms: ids,
                names,
                figure: measure.filter(|m| is_figure(m)).map(|m| Figure::of(claim, reading, m)),
                past: past(reading, claim),
                clock: time
                    .filter(|t| t.kind == TimeKind::Time && claim.evidence.covers(t.span))
                    .and_then(|t| t.value.split_once('T'))
                    .map(|(_, clock)| clock.chars().take(5).collect()),
            });
        }
    }
    out
}

/// The year of the happening a claim speaks of, where its sentence dates it
/// long before publication.
fn past(reading: &Reading, claim: &Claim) -> Option<i16> {
    let published = reading.report.published.as_ref()?.value.date();
    let time = claim.time.and_then(|t| reading.times.get(t as usize))?;
    let interval = time.interval?;
    let text = reading.report.text.as_str();
    let before = Span { start: time.span.start.saturating_sub(8), end: time.span.start };
    let since = before.get(text).unwrap_or_default().trim_end().ends_with("since");
    let between = Span { start: time.span.end, end: claim.evidence.start }.get(text).unwrap_or_default();
    // "the worst flood since 1998" speaks of now, "since 1998, when 118 died" of then.
    if since && !["when", "which", "where"].iter().any(|w| between.contains(w)) {
        return None;
    }
    let days = interval.end.date().until(published).ok()?.get_days();
    (days > PAST_DAYS && time.kind == TimeKind::Date).then(|| interval.start.year())
}
