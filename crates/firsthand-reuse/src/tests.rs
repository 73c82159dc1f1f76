use firsthand_model::{Block, BlockKind, CopyHow, Found, How, Moment, Report, ReportId, SpanKind};
use firsthand_span::Span;
use proptest::prelude::*;

use crate::{Index, Text, between, compare};

const STORM: &str = "The harbour wall at Quellen gave way shortly before dawn and the lower town was flooded within minutes. \
    Rescue boats from three villages took more than two hundred residents to the hill school. \
    The mayor, Odile Brandt, asked for tents, blankets and drinking water for the coming week.";
const MARKET: &str = "Traders in the covered market of Sellin closed their stalls for a second day over a new rent table. \
    The council wants to raise the yearly rent of corner stalls by a third from the first of August. \
    A vote that had been planned for Thursday was moved to the autumn session.";

fn report(text: &str, outlet: &str, hour: i8) -> Report {
    let at = jiff::civil::date(2031, 3, 4).at(hour, 0, 0, 0);
    Report {
        text: text.to_owned(),
        blocks: vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }],
        outlet: Some(Found::new(outlet.to_owned(), How::Given)),
        published: Some(Found::new(Moment::clock(at, Some(0)), How::Given)),
        ..Report::default()
    }
}

fn id(n: usize) -> ReportId {
    ReportId([0, 0, 0, 0, 0, n as u8])
}

fn texts(reports: &[Report]) -> Vec<Text<'_>> {
    reports.iter().enumerate().map(|(i, report)| Text { id: id(i), report, quotations: &[] }).collect()
}

#[test]
fn a_later_cut_descends_from_the_whole() {
    let cut = STORM.split_once(" The mayor").map_or(STORM, |c| c.0);
    let reports =
        [report(STORM, "Quellen Post", 8), report(cut, "Evening Lantern", 9), report(MARKET, "Sellin Sheet", 9)];
    let (links, families) = compare(&texts(&reports));
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].parent, links[0].child), (Some(id(0)), id(1)));
    assert!(links[0].directed && links[0].how.shares_text());
    assert!(links[0].share > 0.95, "{}", links[0].share);
    assert_eq!(families.len(), 1);
    assert_eq!(families[0].reports, [id(0), id(1)]);
    assert_eq!(families[0].independent, (1, 1));
}

#[test]
fn one_statement_heard_by_two_is_no_copy() {
    let said = "\"We were promised new pumps in the spring and nobody came to fit them,\" Brandt said.";
    let reports = [
        report(&format!("{STORM}\n{said}"), "Quellen Post", 8),
        report(&format!("{MARKET}\n{said}"), "Evening Lantern", 9),
    ];
    let (links, families) = compare(&texts(&reports));
    let found: Vec<_> = links.iter().map(|l| (l.parent, l.child, l.how, l.directed)).collect();
    assert_eq!(found, [(Some(id(0)), id(1), CopyHow::QuotesOnly, true)]);
    assert!(links[0].spans.iter().all(|s| s.kind == SpanKind::Quotation));
    assert!(families.is_empty());
}

#[test]
fn who_names_an_outlet_cites_it() {
    let naming = "Bakers in Quellen said on Tuesday that flour was short after the harbour wall gave way before dawn. \
        Residents took shelter in the hill school, the Quellen Post reported, and the mayor asked for blankets.";
    let reports = [report(STORM, "Quellen Post", 8), report(naming, "Evening Lantern", 9)];
    let (links, _) = compare(&texts(&reports));
    assert_eq!(
        links.iter().map(|l| (l.parent, l.child, l.how)).collect::<Vec<_>>(),
        [(Some(id(0)), id(1), CopyHow::Cites)]
    );
}

#[test]
fn two_texts_are_compared_passage_by_passage() {
    let other = format!("{MARKET}\n{STORM}");
    let reports = [report(STORM, "Quellen Post", 8), report(&other, "Evening Lantern", 9)];
    let all = texts(&reports);
    let spans = between(&all[0], &all[1]);
    assert!(!spans.is_empty());
    for s in &spans {
        assert_eq!(s.kind, SpanKind::Narration);
        assert_eq!(s.parent.map(|p| p.of(STORM)), Some(s.child.of(&other)));
    }
}

#[test]
fn a_free_rewording_descends_from_the_earlier_text() {
    let source = "At least nine sailors were missing on Monday after the ferry Halcyon ran onto a reef near Port Merrin, the coast guard said. \
        The ship left the northern quay at 6:15 a.m. as fog was rolling in from the bay, Harbour Master Ines Kolb told reporters on the pier. \
        \"We have brought 84 passengers ashore and four of them are badly hurt,\" Kolb said. \
        The Halcyon was built in 1971 and belongs to the province. Three years ago the shipyard spent two million crowns on a new engine.";
    let reworded = "At least nine sailors went missing on Monday when a ferry ran onto a reef near Port Merrin, according to the coast guard. \
        The ship left the northern quay at 6:15 a.m. while fog was rolling in, Harbour Master Ines Kolb told journalists on the pier. \
        Eighty-four passengers were brought ashore, four of them badly hurt. \
        The ferry, built in 1971, belongs to the province, and the shipyard spent two million crowns on its engine three years ago.";
    let reports = [report(source, "Merrin Wire", 8), report(reworded, "The Foghorn", 10)];
    let (links, families) = compare(&texts(&reports));
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!((links[0].parent, links[0].child, links[0].directed), (Some(id(0)), id(1), true));
    assert_eq!(families.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Neither the order of arrival nor a rebuild changes anything, and every
    /// span re-reads from its text.
    #[test]
    fn order_changes_nothing(picks in prop::collection::vec((0..6_usize, 0..6_usize, 0..24_i8), 2..9), turn in 0..8_usize) {
        let sentences: Vec<&str> = STORM.split_inclusive(". ").chain(MARKET.split_inclusive(". ")).collect();
        let reports: Vec<Report> = picks
            .iter()
            .map(|&(a, b, hour)| {
                let (from, to) = (a.min(b), a.max(b) + 1);
                report(sentences[from..to].concat().trim(), ["A Post", "B Post", "C Post"][a % 3], hour.min(23))
            })
            .collect();
        let all = texts(&reports);
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len());
        turned.reverse();
        let result = compare(&all);
        prop_assert_eq!(&compare(&turned), &result);
        for link in &result.0 {
            for s in &link.spans {
                prop_assert!(s.child.get(&reports[usize::from(link.child.0[5])].text).is_some_and(|w| !w.is_empty()));
            }
        }
        let (mut one, mut other) = (Index::new(), Index::new());
        all.iter().for_each(|t| drop(one.add(t)));
        turned.iter().for_each(|t| drop(other.add(t)));
        for t in &all {
            prop_assert_eq!(one.neighbours(t), other.neighbours(t));
        }
    }

    /// No text makes it panic.
    #[test]
    fn any_text_is_compared(a in "\\PC{0,200}", b in "\\PC{0,200}") {
        let reports = [report(&a, "A", 1), report(&format!("{b} {a}"), "B", 2), report(&a, "C", 3)];
        compare(&texts(&reports));
    }
}
