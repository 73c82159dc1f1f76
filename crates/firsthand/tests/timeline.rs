//! `firsthand timeline`: a figure as each origin is said to have told it.

mod util;

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

/// Day and value of each point of an origin's series, in order.
fn told(line: &Value, origin: &str) -> Vec<(String, String)> {
    let series = line["series"].as_array().expect("series");
    let series = series.iter().find(|s| s["origin"].as_str().is_some_and(|o| o.contains(origin)));
    let points = series.and_then(|s| s["points"].as_array()).into_iter().flatten();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    points.map(|p| (text(&p["day"]), text(&p["value"]))).collect()
}

#[test]
fn the_toll_as_told_by_the_ministry_by_day() {
    let desk = orsava();
    let all = lines(&desk.ok(&["timeline", "--what", "killed", "--json"]).stdout);
    let toll = &all[0];
    let ministry = told(toll, "health ministry");
    let days: Vec<(&str, bool)> = ministry.iter().map(|(d, v)| (d.as_str(), v.contains("12"))).collect();
    assert!(days.iter().filter(|(d, _)| *d == "2024-06-11").all(|(_, twelve)| *twelve), "{ministry:?}");
    for point in [("2024-06-12", "17"), ("2024-06-13", "21")] {
        assert!(ministry.iter().any(|(d, v)| (d.as_str(), v.as_str()) == point), "{point:?} of {ministry:?}");
    }
    let police = told(toll, "Marenian State Police");
    assert_eq!(police.first().map(|(d, v)| (d.as_str(), v.as_str())), Some(("2024-06-11", "9")));
    assert_eq!(police.last().map(|(d, v)| (d.as_str(), v.as_str())), Some(("2024-06-13", "21")));

    // Every telling quotes what stands in the report at the bytes it names.
    for telling in
        toll["series"].as_array().expect("series").iter().flat_map(|s| s["points"].as_array().expect("points"))
    {
        for t in telling["tellings"].as_array().expect("tellings") {
            let shown = desk.ok(&["show", t["claim"].as_str().expect("an id"), "--json"]).stdout;
            let claim: Value = serde_json::from_str(&shown).expect("JSON");
            assert_eq!(claim["evidence"][0]["span"], t["bytes"]);
            assert_eq!(claim["evidence"][0]["words"], t["words"]);
            assert_eq!(claim["evidence"][0]["key"], t["key"]);
        }
    }

    // First and last appearance of a value.
    let values = toll["values"].as_array().expect("values");
    let nine = values.iter().find(|v| v["value"] == "9").expect("nine");
    assert_eq!(nine["first"]["key"], "05-marenian-police.txt");
    assert_eq!(nine["last"]["key"], "12-frontier-gazette.html");

    // Who told the later figure, and who has nothing later.
    let change = toll["changes"].as_array().expect("changes").iter().find(|c| c["to"] == json!(["17"])).expect("to 17");
    let did = |outlet: &str| {
        let found = change["outlets"].as_array().expect("outlets").iter().find(|o| o["outlet"] == outlet);
        found.unwrap_or_else(|| panic!("{outlet} in {change}"))["did"].as_str().expect("a word").to_owned()
    };
    assert_eq!(did("Observer Line"), "took-over");
    assert_eq!(did("The Beacon"), "nothing-later");
}

#[test]
fn it_prints_as_table_and_csv_and_takes_claims_reports_and_clusters() {
    let desk = orsava();
    let table = desk.ok(&["timeline"]).stdout;
    assert!(table.contains("health ministry") && table.contains("at least 12"), "{table}");
    assert!(table.lines().all(|l| l.chars().count() <= 100), "{table}");
    let by_report = lines(&desk.ok(&["timeline", "05-marenian-police.txt", "--json"]).stdout);
    let cluster = by_report[0]["cluster"].as_str().expect("an id");
    let claim = by_report[0]["values"][0]["first"]["claim"].as_str().expect("an id");
    for id in [cluster, claim] {
        let one = lines(&desk.ok(&["timeline", id, "--json"]).stdout);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0], by_report[0], "{id}");
    }
    let csv = desk.ok(&["timeline", cluster, "--csv"]).stdout;
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records().filter(Result::is_ok).count();
    let tellings: u64 =
        by_report[0]["values"].as_array().expect("values").iter().filter_map(|v| v["claims"].as_u64()).sum();
    assert_eq!(rows as u64, tellings);
    assert_eq!(desk.run(&["timeline", "nothing"]).code, 2);
}

/// A made-up dam, told by three outlets over two days.
fn dam() -> Desk {
    let desk = Desk::new();
    let row = |id: &str, outlet: &str, date: &str, text: &str| {
        json!({ "id": id, "outlet": outlet, "date": date, "text": text }).to_string()
    };
    let rows = [
        row(
            "a",
            "Karst Wire",
            "2031-05-02T08:00:00Z",
            "At least 12 people were killed when the dam at Lower Ness broke on Friday, the interior ministry said.",
        ),
        row(
            "b",
            "Ness Herald",
            "2031-05-02T10:00:00Z",
            "The dam at Lower Ness broke in the night. Twelve people were killed in the flood, the interior ministry said.",
        ),
        row(
            "c",
            "Karst Wire",
            "2031-05-03T08:00:00Z",
            "The number of people killed when the dam at Lower Ness broke rose to 19, the interior ministry said on Saturday.",
        ),
        row(
            "d",
            "Ness Herald",
            "2031-05-03T18:00:00Z",
            "Schools stay shut after the dam at Lower Ness broke. Twelve people were killed, the interior ministry said.",
        ),
        row(
            "e",
            "Tarn Post",
            "2031-05-03T20:00:00Z",
            "Nineteen people were killed when the dam at Lower Ness broke, the interior ministry said on Saturday.",
        ),
    ];
    desk.read_rows("dam.jsonl", &rows);
    desk
}

#[test]
fn an_outlet_that_goes_on_with_the_earlier_figure_is_named() {
    let desk = dam();
    let all = lines(&desk.ok(&["timeline", "--json"]).stdout);
    let toll = all.iter().find(|t| !told(t, "interior ministry").is_empty()).expect("the toll");
    let change = toll["changes"].as_array().expect("changes").iter().find(|c| c["to"] == json!(["19"])).expect("to 19");
    let did: Vec<(&str, &str, &str)> = change["outlets"]
        .as_array()
        .expect("outlets")
        .iter()
        .map(|o| {
            (
                o["outlet"].as_str().expect("a name"),
                o["did"].as_str().expect("a word"),
                o["telling"]["key"].as_str().expect("a key"),
            )
        })
        .collect();
    assert_eq!(
        did,
        [("Karst Wire", "took-over", "c"), ("Tarn Post", "took-over", "e"), ("Ness Herald", "kept-the-old", "d")]
    );
    let kept = &change["outlets"][2]["telling"];
    assert_eq!(kept["overtaken_by"], "19");
    assert!(desk.ok(&["timeline"]).stdout.contains("still with the earlier figure: Ness Herald"));
}
