//! What must hold of every collection: neither the order of reports nor the
//! names of those who speak change what is found. All stories are made up.

use firsthand_claim::decide::Orders;
use firsthand_claim::{Collection, claims, compare, headline};
use firsthand_model::{
    Approx, Attribution, AttributionClass, AttributionKind, Block, BlockKind, Bound, Cluster, Contradiction, Entity,
    EntityId, EntityKind, Found, How, LocalEntity, Measure, Moment, Reading, Reason, Report, ReportId, Sentence,
    Speaker, Verdict,
};
use firsthand_span::Span;
use proptest::prelude::*;

/// A report from lines; "X said Y" is an attribution to X, and every number
/// before a noun a count of it.
fn reading(outlet: &str, day: i8, lines: &[String]) -> Reading {
    let text = lines.join("\n");
    let mut r = Reading::default();
    let mut at = 0;
    for (n, line) in lines.iter().enumerate() {
        let span = Span::new(at, at + line.len());
        r.report.blocks.push(Block { kind: BlockKind::Body, span });
        r.analysis.sentences.push(Sentence { span, tokens: 0..0, block: n as u32 });
        if let Some(said) = line.find(" said ") {
            let name = line[..said].to_owned();
            let entity = r.analysis.entities.iter().position(|e| e.name == name).unwrap_or_else(|| {
                r.analysis.entities.push(LocalEntity {
                    name: name.clone(),
                    kind: Some(EntityKind::Organisation),
                    named: true,
                    roles: Vec::new(),
                    variants: vec![name.clone()],
                    mentions: Vec::new(),
                    gender: None,
                    speaks_for: None,
                    why: vec![Reason::rule("test")],
                });
                r.analysis.entities.len() - 1
            });
            r.attributions.push(Attribution {
                kind: AttributionKind::Indirect,
                class: AttributionClass::Speech,
                source: vec![Span::new(at, at + said)],
                cue: vec![Span::new(at + said + 1, at + said + 5)],
                content: vec![Span::new(at + said + 6, at + line.len())],
                speaker: Speaker::Entity { entity: entity as u32, confidence: 1.0, runner_up: None },
                addressee: None,
                medium: None,
                parent: None,
                negated: false,
                hedged: false,
                confidence: 1.0,
                why: Vec::new(),
            });
        }
        let words: Vec<&str> = line.split(' ').collect();
        let mut from = at;
        for pair in words.windows(2) {
            if let Ok(value) = pair[0].parse::<f64>() {
                let span = Span::new(from, from + pair[0].len() + 1 + pair[1].len());
                let bound = Some(Bound { value, inclusive: true });
                r.measures.push(Measure {
                    span,
                    value: Some(value),
                    lower: bound,
                    upper: bound,
                    approx: Approx::None,
                    unit: "1".to_owned(),
                    counted: Some(pair[1].to_owned()),
                    counted_span: None,
                    what: None,
                    subset_of: None,
                    change: None,
                    negated: false,
                    attribution: None,
                    why: Vec::new(),
                });
            }
            from += pair[0].len() + 1;
        }
        at += line.len() + 1;
    }
    let published = Moment::parse(&format!("2031-05-{day:02}")).expect("a day of May");
    r.report = Report {
        outlet: Some(Found::new(outlet.to_owned(), How::Given)),
        published: Some(Found::new(published, How::Given)),
        text,
        ..r.report
    };
    r.claims = claims(&r);
    r
}

fn id(n: usize) -> ReportId {
    let b = (n as u64 + 1).to_be_bytes();
    ReportId([b[2], b[3], b[4], b[5], b[6], b[7]])
}

/// Entities of one name are one.
fn join(readings: &[(ReportId, Reading)]) -> Vec<Entity> {
    let mut out: Vec<Entity> = Vec::new();
    for (report, reading) in readings {
        for (n, local) in reading.analysis.entities.iter().enumerate() {
            let member = (*report, n as u32);
            match out.iter_mut().find(|e| e.name == local.name) {
                Some(entity) => entity.members.push(member),
                None => out.push(Entity {
                    id: EntityId { report: *report, index: n as u32 },
                    name: local.name.clone(),
                    kind: local.kind,
                    variants: vec![local.name.clone()],
                    members: vec![member],
                    speaks_for: None,
                    why: Vec::new(),
                }),
            }
        }
    }
    out
}

fn run(readings: &[(ReportId, Reading)], entities: &[Entity]) -> (Vec<Cluster>, Vec<Contradiction>) {
    let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
    compare(&Collection { readings: &list, entities, copies: &[], families: &[], orders: &Orders::default() })
}

/// A collapsed market hall in Tarrow, told by four outlets.
fn hall(north: &str, south: &str) -> Vec<(ReportId, Reading)> {
    let line = |s: String| s;
    let all = [
        (
            "Tarrow Daily",
            12,
            vec![
                line("The market hall in Tarrow collapsed at noon.".into()),
                line(format!("{north} said 31 people were killed in the market hall.")),
            ],
        ),
        (
            "Lisk Radio",
            12,
            vec![
                line("The market hall in Tarrow collapsed during the fair.".into()),
                line(format!("{south} said 52 people were killed in the market hall.")),
            ],
        ),
        (
            "Ovel Times",
            13,
            vec![
                line("The market hall in Tarrow collapsed.".into()),
                line(format!("{north} said 34 people were killed in the market hall.")),
            ],
        ),
        (
            "Quarry Post",
            13,
            vec![
                line(format!("{south} said 52 people were killed in the Tarrow market hall.")),
                line("31 people were killed in the market hall of Tarrow.".into()),
            ],
        ),
    ];
    all.iter().enumerate().map(|(n, (outlet, day, lines))| (id(n), reading(outlet, *day, lines))).collect()
}

fn deaths(clusters: &[Cluster]) -> usize {
    clusters.iter().enumerate().max_by_key(|(n, c)| (c.claims.len(), std::cmp::Reverse(*n))).map_or(0, |(n, _)| n)
}

#[test]
fn two_sides_an_update_and_a_repeat() {
    let readings = hall("the fire brigade", "the traders' union");
    let entities = join(&readings);
    let (clusters, verdicts) = run(&readings, &entities);
    let n = deaths(&clusters);
    let cluster = &clusters[n];
    assert_eq!(cluster.claims.len(), 5);
    // Whoever repeats 31 without a source adds no origin.
    assert_eq!(cluster.independent, (2, 2));
    let of: Vec<Contradiction> = verdicts.into_iter().filter(|c| c.cluster as usize == n).collect();
    assert!(of.iter().any(|c| c.verdict == Verdict::Update));
    assert!(of.iter().any(|c| c.verdict == Verdict::Contradiction));
    let list: Vec<(ReportId, &Reading)> = readings.iter().map(|(id, r)| (*id, r)).collect();
    let told = headline(cluster, &of, &list, &firsthand_claim::Descent::default());
    assert!(told.starts_with("This claim stands in 4 reports. Together they rest on 2 independent origins."), "{told}");
    assert!(told.contains("34 (the fire brigade, 13 May: an update)"), "{told}");
}

/// Names taken out, so that only what was found is left.
fn shape(clusters: &[Cluster], verdicts: &[Contradiction]) -> Vec<String> {
    let mut out: Vec<String> = clusters
        .iter()
        .map(|c| {
            let origins: Vec<usize> = c.origins.iter().map(|o| o.claims.len()).collect();
            format!("{:?} {origins:?} {:?} {}", c.claims, c.independent, c.kind)
        })
        .collect();
    out.extend(verdicts.iter().map(|v| format!("{:?} {:?} {:?}", v.verdict, v.kind, v.claims)));
    out
}

#[test]
fn exchanged_names_change_names_only() {
    let one = hall("the Northern Council", "the Southern Council");
    let two = hall("the Southern Council", "the Northern Council");
    let (a, b) = (run(&one, &join(&one)), run(&two, &join(&two)));
    assert_eq!(shape(&a.0, &a.1), shape(&b.0, &b.1));
}

#[test]
fn many_stories_take_near_linear_time() {
    let make = |n: usize| -> Vec<(ReportId, Reading)> {
        (0..n)
            .flat_map(|k| {
                let syllables = ["ba", "do", "fi", "gu", "ka", "lo", "mi", "nu", "pa", "ro"];
                let name = [k / 100, k / 10 % 10, k % 10].map(|d| syllables[d]).concat();
                let place = format!("Tar{name}");
                (0..4).map(move |v| {
                    let lines = vec![
                        format!("The bridge of {place} over the Grel{name} fell near Mil{name}."),
                        format!("the {place} council said {} people were hurt at the {place} bridge.", 10 + v),
                        format!("Engineers from Ost{name} had closed the bridge in {place} twice."),
                    ];
                    (id(4 * k + v), reading(&format!("Outlet {v}"), 12, &lines))
                })
            })
            .collect()
    };
    let readings = make(250);
    let entities = join(&readings);
    let started = std::time::Instant::now();
    let (clusters, _) = run(&readings, &entities);
    // A thousand reports: all pairs of claims would take minutes.
    assert!(started.elapsed().as_secs() < 30);
    let stories: std::collections::BTreeSet<ReportId> = clusters.iter().map(|c| c.story).collect();
    assert_eq!(stories.len(), 250);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn order_of_arrival_changes_nothing(seed in proptest::collection::vec(0usize..4, 4)) {
        let readings = hall("the fire brigade", "the traders' union");
        let entities = join(&readings);
        let expected = run(&readings, &entities);
        let mut shuffled = readings.clone();
        for (i, s) in seed.iter().enumerate() {
            shuffled.swap(i, *s);
        }
        prop_assert_eq!(expected, run(&shuffled, &entities));
    }

    #[test]
    fn no_text_makes_it_panic(lines in proptest::collection::vec("[ -~“”–é0-9]{0,60}", 0..6)) {
        let r = reading("Any Paper", 1, &lines);
        for claim in &r.claims {
            prop_assert!(claim.evidence.get(&r.report.text).is_some());
            prop_assert!(r.analysis.sentences.iter().any(|s| s.span.covers(claim.evidence)));
        }
        let list = vec![(id(0), r.clone()), (id(1), r)];
        run(&list, &join(&list));
    }
}

/// More values were once left out without a word.
#[test]
fn a_cluster_of_very_many_values_says_what_was_not_compared() {
    let told = |count: usize| {
        let readings: Vec<(ReportId, Reading)> = (0..count)
            .map(|n| {
                let lines = [
                    "The market hall in Tarrow collapsed at noon.".to_owned(),
                    format!("Office{n} said {} people were killed in the market hall.", 1000 + 7 * n),
                ];
                (id(n), reading(&format!("Outlet{n}"), 12, &lines))
            })
            .collect();
        let entities = join(&readings);
        let (clusters, _) = run(&readings, &entities);
        let notes = clusters.iter().flat_map(|c| &c.why).filter(|r| r.rule == "values-left-out");
        notes.map(|r| r.note.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told(20), [""; 0]);
    let notes = told(155);
    assert!(notes.len() == 1 && notes[0].contains(", 5 that"), "{notes:?}");
}
