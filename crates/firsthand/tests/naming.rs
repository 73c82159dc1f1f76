//! `firsthand naming`: how outlets and speakers name an entity.

mod util;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use util::{Desk, example};

fn orsava() -> Desk {
    let desk = Desk::new();
    desk.ok(&["read", "--quiet", &example().join("pages").display().to_string()]);
    desk
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

fn text<'v>(row: &'v Value, field: &str) -> &'v str {
    row[field].as_str().unwrap_or_default()
}

/// Texts of the ledger's reports, by id.
fn texts(desk: &Desk) -> BTreeMap<String, String> {
    let files = desk.export("firsthand.db");
    let (_, bytes) = files.iter().find(|(name, _)| name == "reports.jsonl").expect("reports");
    let rows = lines(std::str::from_utf8(bytes).expect("UTF-8"));
    rows.iter().map(|r| (text(r, "id").to_owned(), text(r, "text").to_owned())).collect()
}

#[test]
fn one_director_is_spelled_in_four_ways_each_at_its_place() {
    let desk = orsava();
    let rows = lines(&desk.ok(&["naming", "Yusuf Hadrami", "--json"]).stdout);
    let by: Vec<(&str, &str)> =
        rows.iter().filter(|r| r["by"] == "outlet").map(|r| (text(r, "who"), text(r, "name"))).collect();
    let spelled =
        |part: &str| by.iter().filter(|(_, name)| name.ends_with(part)).map(|(who, _)| *who).collect::<Vec<_>>();
    assert!(spelled("Yusef Hadrami").contains(&"Observer Line"), "{by:?}");
    assert!(!spelled("Yusuf Hadrami").is_empty() && !spelled("Youssef al-Hadrami").is_empty(), "{by:?}");
    assert!(by.iter().any(|(_, name)| name.contains("Hadramy")), "{by:?}");
    let texts = texts(&desk);
    for row in &rows {
        let at = |end: &str| row[end].as_u64().expect("a byte") as usize;
        let words = &texts[text(row, "report")][at("start")..at("end")];
        assert!(words.contains(text(row, "words")), "{row}");
    }
    let table = desk.ok(&["naming", "Yusuf Hadrami"]).stdout;
    assert!(table.contains("in the words of outlets") && table.contains("Observer Line"), "{table}");
    assert!(table.lines().all(|l| l.chars().count() <= 100), "{table}");
    // By any of its names and by its id it is the same entity.
    let id = text(&rows[0], "entity");
    for name in [id, "Youssef al-Hadrami", "yusef hadrami"] {
        assert_eq!(lines(&desk.ok(&["naming", name, "--json"]).stdout), rows, "{name}");
    }
    let all = lines(&desk.ok(&["naming", "--json"]).stdout);
    let listed = all.iter().find(|r| text(r, "entity") == id).expect("it is named variously");
    assert!(listed["names"].as_array().is_some_and(|n| n.len() >= 4), "{listed}");
    assert_eq!(desk.run(&["naming", "Nobody Atall"]).code, 2);
}

/// Two made-up outlets on a made-up clash.
fn clash() -> Desk {
    let desk = Desk::new();
    let row = |id: &str, outlet: &str, text: &str| {
        json!({ "id": id, "outlet": outlet, "date": "2031-05-02", "text": text }).to_string()
    };
    let rows = [
        row(
            "a",
            "Karst Wire",
            "Rebels took the bridge at Lower Ness on Friday. \"The terrorists fled,\" said General Odo Marn.",
        ),
        row(
            "b",
            "Ness Herald",
            "Gunmen took the bridge at Lower Ness. General Odo Marn said that the militants had fled.",
        ),
    ];
    desk.read_rows("clash.jsonl", &rows);
    desk
}

#[test]
fn terms_are_told_with_those_in_whose_words_they_stand() {
    let desk = clash();
    let rows = lines(&desk.ok(&["naming", "--terms", "--json"]).stdout);
    let of = |term: &str| {
        let row = rows.iter().find(|r| r["term"] == term).unwrap_or_else(|| panic!("no {term}: {rows:?}"));
        (text(row, "outlet"), text(row, "by"), text(row, "who"), text(row, "reporting"), text(row, "words"))
    };
    assert_eq!(of("rebel"), ("Karst Wire", "outlet", "Karst Wire", "", "Rebels"));
    assert_eq!(of("gunman"), ("Ness Herald", "outlet", "Ness Herald", "", "Gunmen"));
    assert_eq!(of("terrorist"), ("Karst Wire", "speaker", "Odo Marn", "", "terrorists"));
    assert_eq!(of("militant"), ("Ness Herald", "outlet", "Ness Herald", "Odo Marn", "militants"));
    let table = desk.ok(&["naming", "--terms"]).stdout;
    assert!(table.contains("Odo Marn, quoted") && table.contains("its own, reporting Odo Marn"), "{table}");
    let csv = desk.ok(&["naming", "--terms", "--csv"]).stdout;
    assert_eq!(csv.lines().count(), rows.len() + 1);
}
