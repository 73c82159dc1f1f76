//! Reading the ledger: tables, JSON, CSV, search and show.

mod util;

use util::{Desk, example, page};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("pages/a.html", page(1));
    desk.write("pages/b.html", page(2));
    desk.ok(&["read", "--quiet", "pages"]);
    desk
}

#[test]
fn every_listing_prints_as_table_json_and_csv() {
    let desk = desk();
    for view in ["reports", "attributions", "claims", "measures", "clusters", "copies", "contradictions", "sources"] {
        let table = desk.ok(&[view]).stdout;
        let widest = table.lines().map(|l| l.chars().count()).max().unwrap_or(0);
        assert!(widest <= 100, "{view}: a line of {widest} columns\n{table}");
        let json = desk.ok(&[view, "--json"]).stdout;
        for line in json.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{view}: {e}: {line}"));
        }
        let csv = desk.ok(&[view, "--csv"]).stdout;
        let rows = csv::Reader::from_reader(csv.as_bytes()).into_records().filter(Result::is_ok).count();
        assert_eq!(rows, json.lines().count(), "{view}");
    }
}

/// Its claims once stood there as JSON.
#[test]
fn a_contradiction_names_claims_that_can_be_shown() {
    let desk = Desk::new();
    desk.ok(&["read", "--quiet", &example().join("pages").display().to_string()]);
    let listed = desk.ok(&["contradictions", "--json"]).stdout;
    let first: serde_json::Value = serde_json::from_str(listed.lines().next().expect("one")).expect("JSON");
    for column in ["claim_a", "claim_b"] {
        let id = first[column].as_str().expect("an id");
        assert!(desk.ok(&["show", id]).stdout.starts_with(&format!("claim {id}")), "{id}");
    }
}

#[test]
fn filters_narrow_a_listing() {
    let desk = desk();
    let all = desk.ok(&["reports", "--json"]).stdout.lines().count();
    assert_eq!(all, 2);
    assert_eq!(desk.ok(&["reports", "--json", "number 2"]).stdout.lines().count(), 1);
    assert_eq!(desk.ok(&["reports", "--json", "--where", "key=A.HTML"]).stdout.lines().count(), 1);
    assert_eq!(desk.ok(&["reports", "--json", "--like", "title=landslide", "--limit", "1"]).stdout.lines().count(), 1);
    let sorted = desk.ok(&["reports", "--json", "--sort", "-key"]).stdout;
    assert!(sorted.lines().next().is_some_and(|l| l.contains("b.html")), "{sorted}");
    assert_eq!(desk.run(&["reports", "--where", "nosuch=1"]).code, 2);
    assert_eq!(desk.run(&["reports", "--sort", "title; DROP TABLE report"]).code, 2);
}

#[test]
fn search_gives_the_words_in_context() {
    let desk = desk();
    let hits = desk.ok(&["search", "district office"]).stdout;
    assert!(hits.contains("[district] [office]") || hits.contains("[district office]"), "{hits}");
    assert!(desk.ok(&["search", "zeppelin"]).stdout.contains("no report has these words"));
    assert_eq!(desk.run(&["search", "\"unbalanced OR (NEAR"]).code, 0, "search words are no query language");
}

#[test]
fn show_quotes_the_evidence_and_says_why() {
    let desk = desk();
    let attributions = desk.ok(&["attributions", "--json"]).stdout;
    let first: serde_json::Value = serde_json::from_str(attributions.lines().next().expect("one")).expect("JSON");
    let id = first["id"].as_str().expect("an id");
    let shown = desk.ok(&["show", id]).stdout;
    assert!(shown.contains("evidence") && shown.contains("bytes ") && shown.contains("of the original"), "{shown}");
    assert!(shown.contains("why"), "{shown}");
    assert!(desk.ok(&["show", "a.html"]).stdout.contains("Landslide number 1"));
    assert_eq!(desk.run(&["show", "nothing"]).code, 2);
}
