//! Places that a user adds, and figures by policy.

mod util;

use serde_json::Value;
use util::{Desk, example};

fn lines(desk: &Desk, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(desk.path(file)).expect("an exported file");
    text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

const TOWN: &str =
    "2031\tVell Haven\tVell Haven\tVellhafen\t54.5\t12.25\tP\tPPL\tNO\t\t07\t\t\t\t41000\t\t3\tX\t2031-01-01";

#[test]
fn imported_places_are_read_and_taken_out_again() {
    let desk = Desk::new();
    desk.write("pages/a.txt", "Pier falls\n\nHundreds of people in Vell Haven lost their homes on Monday.\n");
    desk.write("towns.txt", format!("{TOWN}\nno place\n"));
    let found = |desk: &Desk| {
        desk.ok(&["read", "--quiet", "pages"]);
        desk.ok(&["verify"]);
        desk.ok(&["export", "--out", "out"]);
        lines(desk, "out/places.jsonl").iter().any(|p| p["name"] == "Vell Haven" && p["lat"] == 54.5)
    };
    assert!(!found(&desk));
    let said = desk.ok(&["gazetteer", "import", "towns.txt"]).stdout;
    assert!(said.starts_with("1 places taken from towns.txt"), "{said}");
    assert!(found(&desk));
    assert!(desk.ok(&["gazetteer", "show"]).stdout.contains("imported: 1 places from towns.txt"));
    desk.ok(&["gazetteer", "remove"]);
    assert!(!found(&desk));
}

#[test]
fn a_file_that_is_no_dump_is_refused() {
    let desk = Desk::new();
    desk.write("notes.txt", "a\tb\n\u{0}");
    let run = desk.run(&["gazetteer", "import", "notes.txt"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("no line is a place"), "{}", run.stderr);
}

#[test]
fn each_policy_makes_its_figure_of_what_was_printed() {
    let desk = Desk::new();
    desk.ok(&["read", "--quiet", &example().join("pages").display().to_string()]);
    desk.ok(&["export", "--out", "plain"]);
    assert!(!desk.path("plain/figures.jsonl").exists());
    desk.ok(&["export", "--out", "out", "--policy", "range", "--policy", "conservative/1"]);
    let figures = lines(&desk, "out/figures.jsonl");
    let clusters = lines(&desk, "out/clusters.jsonl");
    let deaths = clusters.iter().max_by_key(|c| c["claims"].as_array().map_or(0, Vec::len)).expect("a cluster");
    let of = |policy: &str| {
        let fits = |f: &&Value| f["cluster"] == deaths["id"] && f["policy"] == policy;
        figures.iter().find(fits).unwrap_or_else(|| panic!("{policy}: none for {}", deaths["id"]))
    };
    // The police count is the lowest, the sum of the aggregator the highest.
    assert_eq!((&of("range/1")["low"], &of("range/1")["high"]), (&Value::from(9.0), &Value::from(30.0)));
    assert_eq!(of("conservative/1")["best"], 9.0);
    let claims = lines(&desk, "out/claims.jsonl");
    for id in of("range/1")["claims"].as_array().expect("claims") {
        assert!(claims.iter().any(|c| c["id"] == *id && c["polarity"] == "affirmed"), "{id}");
    }
    assert_eq!(desk.run(&["export", "--out", "x", "--policy", "mean"]).code, 2);
}
