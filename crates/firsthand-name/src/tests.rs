use firsthand_model::EntityKind::{Gpe, Location, Organisation, Person};
use proptest::prelude::*;

use super::*;

fn same(a: &str, b: &str, kind: EntityKind, scope: Scope) -> bool {
    compare(a, b, Some(kind), scope).is_same()
}

#[test]
fn one_person_in_many_spellings() {
    for (a, b) in [
        ("Yusuf Karimi", "Youssef Kareemi"),
        ("Volodymyr Marenskyy", "Vladimir Marensky"),
        ("Oleksandr Marenskiy", "Alexander Marensky"),
        ("Saif al-Harbi", "Saif El Harbi"),
        ("Saif al-Harbi", "Saif Alharbi"),
        ("Jean-Luc Perrault", "Jean Luc Perrault"),
        ("Zoë Åkerlund", "Zoe Akerlund"),
        ("Rear Admiral Iven Sarkady", "Ivan Sarkady"),
        ("Finance Minister Edvar Kestrin", "Edward Kestrin"),
        ("Bob Tannick", "Robert Tannick"),
        ("Orvald Lindqvist Haran", "Orvald Lindqvist"),
        ("Sergei Ivanovich Plenko", "Sergey Plenko"),
        ("Tamor Viktas", "Viktas Tamor"),
        ("Tavit Orren", "Tawit Oren"),
    ] {
        assert!(same(a, b, Person, Scope::Anywhere), "{a} = {b}: {:?}", compare(a, b, Some(Person), Scope::Anywhere));
    }
}

#[test]
fn two_people_stay_two() {
    for (a, b) in [
        ("Iven Sarkady", "Mara Sarkady"),
        ("Mr Maret", "Lena Maret"),
        ("Maria Tannick", "Mario Tannick"),
        ("Edvar Kestrin", "Livia Kestrin"),
        ("Orso Maret", "Lena Maret"),
        ("L. Maret", "Orso Maret"),
        ("Dana Orlo", "Dana Pell"),
        ("Martin Oster Jr", "Martin Oster Sr"),
    ] {
        assert!(!same(a, b, Person, Scope::Story), "{a} = {b}: {:?}", compare(a, b, Some(Person), Scope::Story));
    }
}

#[test]
fn short_forms_count_within_a_story_only() {
    for (a, b) in [
        ("Sarkady", "Iven Sarkady"),
        ("L. Maret", "Lena Maret"),
        ("Livia K.", "Livia Kestrin"),
        ("Mr. K. Astrel", "Korvin Astrel"),
        ("Mrs Kestrin", "Livia Kestrin"),
    ] {
        assert!(same(a, b, Person, Scope::Story), "{a} = {b}: {:?}", compare(a, b, Some(Person), Scope::Story));
        assert!(!same(a, b, Person, Scope::Anywhere), "{a} = {b}");
    }
}

#[test]
fn organisations_and_places() {
    for (a, b, kind) in [
        ("Pellarin Port Authority", "PPA", Organisation),
        ("Provincial Bank of Orlenz", "OPB", Organisation),
        ("United States", "America", Gpe),
        ("Ministry of Emergencies", "the emergencies ministry", Organisation),
        ("Provincial Bank of Orlenz", "Orlenz Provincial Bank", Organisation),
        ("OstmarHydro JSC", "Ostmar-Hydro", Organisation),
        ("Tolva Watch", "TolvaWatch", Organisation),
        ("Norvane", "Norvane Trading House", Organisation),
        ("Sister Auriel", "MV Sister Oriel", Location),
        ("Keldra province", "Keldra", Gpe),
        ("Republic of Veyra", "Veyra", Gpe),
        ("Halwery", "Halvery", Gpe),
    ] {
        assert!(same(a, b, kind, Scope::Story), "{a} = {b}: {:?}", compare(a, b, Some(kind), Scope::Story));
    }
    for (a, b, kind) in [
        ("Sister Oriel", "Sister Ombra", Location),
        ("Niger", "Nigeria", Gpe),
        ("Upper Dorn", "Lower Dorn", Gpe),
        ("North Keldra", "South Keldra", Gpe),
        ("Ministry of Health", "Ministry of Finance", Organisation),
        ("PPA", "PPB", Organisation),
        ("Brigade 12", "Brigade 13", Organisation),
    ] {
        assert!(!same(a, b, kind, Scope::Story), "{a} = {b}: {:?}", compare(a, b, Some(kind), Scope::Story));
    }
}

#[test]
fn titles_come_off() {
    assert_eq!(without_titles("Rear Admiral Iven Sarkady"), "Iven Sarkady");
    assert_eq!(without_titles("Chief Executive Officer Dame Hestia Pellarin"), "Hestia Pellarin");
    assert_eq!(without_titles("Maj. Gen. Tor Vik"), "Tor Vik");
    assert_eq!(without_titles("Dr. Pavla Senn, PhD"), "Pavla Senn");
    assert_eq!(without_titles("Minister of Foreign Affairs Dana Orlo"), "Dana Orlo");
    assert_eq!(without_titles("the admiral"), "admiral");
    assert_eq!(without_titles(""), "");
}

proptest! {
    #[test]
    fn comparing_is_symmetric_bounded_and_total(a in "\\PC{0,30}", b in "[A-Za-z .'-]{0,30}") {
        for kind in [None, Some(Person), Some(Organisation)] {
            for scope in [Scope::Story, Scope::Anywhere] {
                let one = compare(&a, &b, kind, scope);
                prop_assert_eq!(one, compare(&b, &a, kind, scope));
                prop_assert!((0.0..=1.0).contains(&one.score));
                compare(&a, &a, kind, scope);
            }
        }
        without_titles(&a);
    }

    #[test]
    fn a_matching_pair_shares_a_block(a in "[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", b in "[A-Z][a-z]{2,8}") {
        let (x, y) = (Name::new(&a, Some(Person)), Name::new(&b, Some(Person)));
        if x.compare(&y, Scope::Story).rule == "surname" && x.compare(&y, Scope::Story).score > 0.79 {
            let keys = x.block_keys();
            prop_assert!(y.block_keys().iter().any(|k| keys.contains(k)));
        }
    }
}
