use firsthand_model::EntityKind;
use firsthand_model::EntityKind::{Location, Organisation, Person};
use proptest::prelude::*;

use firsthand_model::ReportId;

use super::*;

fn name(text: &str, kind: EntityKind, roles: &[&str]) -> LocalName {
    LocalName {
        name: text.into(),
        kind: Some(kind),
        named: true,
        variants: vec![text.into()],
        roles: roles.iter().map(|r| (*r).to_owned()).collect(),
        offices: Vec::new(),
        speaks_for: None,
        mentions: 1,
    }
}

fn report(n: u8, names: Vec<LocalName>) -> ReportNames {
    ReportNames { report: ReportId([n; 6]), names }
}

fn together(entities: &[Entity], a: (u8, u32), b: (u8, u32)) -> bool {
    entities
        .iter()
        .any(|e| e.members.contains(&(ReportId([a.0; 6]), a.1)) && e.members.contains(&(ReportId([b.0; 6]), b.1)))
}

fn places() -> [LocalName; 2] {
    [name("Quill Harbour", Location, &[]), name("Pellarin Port Authority", Organisation, &[])]
}

#[test]
fn a_private_person_is_never_joined_with_a_namesake_elsewhere() {
    let entities = join_names(&[
        report(1, vec![name("Tessa Orlo", Person, &[])]),
        report(2, vec![name("Tessa Orlo", Person, &[]), name("Varn Bakery", Organisation, &[])]),
    ]);
    assert!(!together(&entities, (1, 0), (2, 0)));
}

#[test]
fn a_shared_role_or_story_joins_a_full_name() {
    let [a, b] = places();
    let entities = join_names(&[
        report(1, vec![name("Iven Sarkady", Person, &["admiral"]), a.clone(), b.clone()]),
        report(2, vec![name("Ivan Sarkady", Person, &[]), a, b]),
        report(3, vec![name("Iven Sarkady", Person, &["admiral"])]),
        report(4, vec![name("Iven Sarkady", Person, &[])]),
    ]);
    assert!(together(&entities, (1, 0), (2, 0)));
    assert!(together(&entities, (1, 0), (3, 0)));
    assert!(!together(&entities, (1, 0), (4, 0)));
}

#[test]
fn a_surname_joins_only_where_one_person_fits() {
    let [a, b] = places();
    let mut reports = vec![
        report(1, vec![name("Lena Maret", Person, &[]), a.clone(), b.clone()]),
        report(2, vec![name("Maret", Person, &[]), a.clone(), b.clone()]),
    ];
    assert!(together(&join_names(&reports), (1, 0), (2, 0)));
    reports.push(report(3, vec![name("Orso Maret", Person, &[]), a, b]));
    let entities = join_names(&reports);
    assert!(!together(&entities, (1, 0), (2, 0)));
    assert!(!together(&entities, (1, 0), (3, 0)));
}

#[test]
fn an_acronym_joins_within_the_story() {
    let [a, b] = places();
    let other = name("Tolva Watch", Organisation, &[]);
    let entities = join_names(&[
        report(1, vec![b, a.clone(), other.clone()]),
        report(2, vec![name("PPA", Organisation, &[]), a, other]),
    ]);
    assert!(together(&entities, (1, 0), (2, 0)));
}

#[test]
fn a_described_body_is_the_one_that_its_speaker_speaks_for_elsewhere() {
    let [a, b] = places();
    let speaker = LocalName { speaks_for: Some(1), ..name("Mara Orlo", Person, &["coordinator"]) };
    let described = LocalName { named: false, ..name("harbour group", Organisation, &[]) };
    let named = |text| name(text, Organisation, &[]);
    let mut reports = vec![
        report(1, vec![speaker.clone(), described, a.clone(), b.clone()]),
        report(2, vec![speaker.clone(), named("Quill Watch"), a.clone(), b.clone()]),
    ];
    assert!(together(&join_names(&reports), (1, 1), (2, 1)));
    // Where she speaks for two, nobody knows which it is.
    reports.push(report(3, vec![speaker, named("Seamen's Union"), a, b]));
    assert!(!together(&join_names(&reports), (1, 1), (2, 1)));
}

proptest! {
    #[test]
    fn order_changes_nothing(
        lists in prop::collection::vec(prop::collection::vec((0usize..10, any::<bool>()), 0..6), 1..8),
        turn in 0usize..8,
    ) {
        const POOL: [&str; 10] = [
            "Iven Sarkady", "Ivan Sarkady", "Sarkady", "Mara Sarkady", "Lena Maret",
            "Quill Harbour", "Pellarin Port Authority", "PPA", "Sister Oriel", "Sister Auriel",
        ];
        let mut reports: Vec<ReportNames> = lists
            .iter()
            .enumerate()
            .map(|(n, list)| {
                let names = list
                    .iter()
                    .filter_map(|&(i, role)| {
                        let kind = if i < 5 { Person } else { Organisation };
                        POOL.get(i).map(|text| name(text, kind, if role && i < 5 { &["admiral"] } else { &[] }))
                    })
                    .collect();
                report(n as u8, names)
            })
            .collect();
        let once = join_names(&reports);
        let by = turn % reports.len();
        reports.rotate_left(by);
        prop_assert_eq!(&once, &join_names(&reports));
        reports.reverse();
        prop_assert_eq!(&once, &join_names(&reports));
        let members: usize = once.iter().map(|e| e.members.len()).sum();
        prop_assert_eq!(members, lists.iter().map(Vec::len).sum::<usize>());
    }
}
