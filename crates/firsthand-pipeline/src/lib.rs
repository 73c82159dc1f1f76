/*!
The stages put together: [`read`] one report, [`compare`] many.

Both are pure: no clock, network, database or global state; the same result
on any thread count and in any order of arrival.
*/

mod digests;

use std::borrow::Cow;

use firsthand_claim::decide::{EntityLink, Orders};
use firsthand_entity::Decided;
use firsthand_model::{Comparison, CopyLink, Decision, Family, Reading, Readings, Report, ReportId, SpanMap};
use firsthand_page::{Hints, PageError};
use firsthand_reuse::Text;
use firsthand_span::Span;
use rayon::prelude::*;

pub use digests::Digests;
pub use firsthand_measure::{Gazetteer, Policy, row_of_dump};

/// The version of the stages. A ledger re-reads what another version read.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Reads one page into all that it says by itself.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Reading, PageError> {
    firsthand_page::read(bytes, hints).map(analyse)
}

/// The same with the places of another gazetteer.
pub fn read_with(bytes: &[u8], hints: &Hints, gazetteer: &Gazetteer) -> Result<Reading, PageError> {
    firsthand_page::read(bytes, hints).map(|report| analyse_with(report, gazetteer))
}

/// All stages after the page stage.
pub fn analyse(report: Report) -> Reading {
    analyse_with(report, Gazetteer::built_in())
}

/// The same with the places of another gazetteer.
pub fn analyse_with(report: Report, gazetteer: &Gazetteer) -> Reading {
    let mut analysis = firsthand_language::analyse(&report);
    let attributions = firsthand_attribution::attribute(&report, &mut analysis);
    let measures = firsthand_measure::measures(&report, &analysis, &attributions);
    let times = firsthand_measure::times(&report, &analysis);
    let places = firsthand_measure::places_in(&report, &analysis, gazetteer);
    let mut reading = Reading { report, analysis, attributions, measures, times, places, claims: Vec::new() };
    reading.claims = firsthand_claim::claims(&reading);
    reading
}

/// What a ledger keeps of a reading: all but tokens and sentences, which are
/// most of its memory.
pub fn record(mut reading: Reading) -> Reading {
    reading.analysis.tokens = Default::default();
    reading.analysis.sentences = Vec::new();
    reading
}

/// What the comparison is given of a reading: of its [`record`] all but the
/// span map and the reasons. Ten thousand of these must fit into memory.
pub fn digest(reading: Reading) -> Reading {
    let mut reading = record(reading);
    reading.report.map = SpanMap::default();
    let whys = (reading.analysis.entities.iter_mut().map(|e| &mut e.why))
        .chain(reading.attributions.iter_mut().map(|a| &mut a.why))
        .chain(reading.measures.iter_mut().map(|m| &mut m.why))
        .chain(reading.times.iter_mut().map(|t| &mut t.why))
        .chain(reading.places.iter_mut().map(|p| &mut p.why))
        .chain(reading.claims.iter_mut().map(|c| &mut c.why));
    whys.for_each(|why| *why = Vec::new());
    reading
}

/// Compares many readings, of which it may use no more than [`digest`]
/// leaves. The order of `readings` changes nothing. Where there are many, give
/// them as [`Digests`].
pub fn compare(readings: &dyn Readings) -> Comparison {
    compare_decided(readings, &[])
}

/// The same, with what analysts decided. `decisions` are those in force,
/// ascending by number; speakers that were set must stand in the readings
/// already ([`firsthand_claim::decide::set_speakers`]). A decision that is not
/// found in the readings has no effect.
pub fn compare_decided(readings: &dyn Readings, decisions: &[Decision]) -> Comparison {
    let orders = Orders::find(decisions, readings);
    let links: Vec<Decided> = (orders.entities.iter().cloned())
        .map(|EntityLink { a, b, apart, reason }| Decided { a, b, apart, reason })
        .collect();
    // First what needs most memory, while there is no result to be held beside it.
    let (copies, families) = copies(readings);
    let entities = firsthand_entity::decide(firsthand_entity::join(readings), &links, readings);
    let (clusters, contradictions) = firsthand_claim::compare(&firsthand_claim::Collection {
        readings,
        entities: &entities,
        copies: &copies,
        families: &families,
        orders: &orders,
    });
    Comparison { entities, copies, families, clusters, contradictions }
}

/// Who copied whom. The texts are held together, and only here.
fn copies(readings: &dyn Readings) -> (Vec<CopyLink>, Vec<Family>) {
    let texts: Vec<(ReportId, Report, Vec<Span>)> = (0..readings.len())
        .into_par_iter()
        .map(|at| {
            let reading = readings.reading(at);
            let quotations = quotations(&reading);
            let report = match reading {
                Cow::Owned(reading) => reading.report,
                Cow::Borrowed(reading) => reading.report.clone(),
            };
            (readings.id(at), report, quotations)
        })
        .collect();
    let texts: Vec<Text<'_>> =
        texts.iter().map(|(id, report, quotations)| Text { id: *id, report, quotations }).collect();
    firsthand_reuse::compare(&texts)
}

/// The contents of direct attributions, ascending.
fn quotations(reading: &Reading) -> Vec<Span> {
    let direct = firsthand_model::AttributionKind::Direct;
    let mut spans: Vec<Span> =
        reading.attributions.iter().filter(|a| a.kind == direct).flat_map(|a| a.content.iter().copied()).collect();
    spans.sort_unstable();
    spans
}
