//! `firsthand why`: two claims, clusters or reports side by side.

mod util;

use serde_json::Value;
use util::{Desk, example};

fn orsava() -> Desk {
    let desk = Desk::new();
    desk.ok(&["read", "--quiet", &example().join("pages").display().to_string()]);
    desk
}

/// The claim of a page whose evidence holds these words.
fn claim(desk: &Desk, key: &str, words: &str) -> String {
    let listed =
        desk.ok(&["claims", "--json", "--where", &format!("key={key}"), "--like", &format!("evidence={words}")]);
    let line = listed.stdout.lines().next().unwrap_or_else(|| panic!("no claim of {key} has {words}")).to_owned();
    let row: Value = serde_json::from_str(&line).expect("JSON");
    row["id"].as_str().expect("an id").to_owned()
}

fn why(desk: &Desk, a: &str, b: &str) -> Value {
    serde_json::from_str(&desk.ok(&["why", a, b, "--json"]).stdout).expect("JSON")
}

fn rules(answer: &Value) -> Vec<&str> {
    answer["because"].as_array().expect("reasons").iter().map(|r| r["rule"].as_str().expect("a rule")).collect()
}

/// Every quotation of an answer stands at the bytes it names.
fn proven(desk: &Desk, found: &Value) {
    let mut quotes = Vec::new();
    fn collect<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
        match value {
            Value::Object(map) if map.contains_key("bytes") && map.contains_key("words") => out.push(value),
            Value::Object(map) => map.values().for_each(|v| collect(v, out)),
            Value::Array(list) => list.iter().for_each(|v| collect(v, out)),
            _ => {}
        }
    }
    collect(found, &mut quotes);
    assert!(quotes.len() >= 2, "{found}");
    let texts: Vec<Value> = desk
        .export("firsthand.db")
        .into_iter()
        .filter(|(name, _)| name == "reports.jsonl")
        .flat_map(|(_, bytes)| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect::<Vec<_>>()
        })
        .collect();
    for quote in quotes {
        let text =
            texts.iter().find(|r| r["id"] == quote["report"]).expect("its report")["text"].as_str().expect("text");
        let at = |n: usize| quote["bytes"][n].as_u64().expect("a byte") as usize;
        let there: Vec<&str> = text[at(0)..at(1)].split_whitespace().collect();
        assert_eq!(there.join(" "), quote["words"].as_str().expect("words"));
    }
}

#[test]
fn a_copy_is_the_same_claim_of_one_origin() {
    let desk = orsava();
    let a = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let b = claim(&desk, "02-orsava-post.html", "people were killed on Tuesday");
    let found = why(&desk, &a, &b);
    assert_eq!(found["same"]["answer"], "yes");
    assert!(
        rules(&found["same"]).contains(&"same-figure") && rules(&found["same"]).contains(&"copied-passage"),
        "{found}"
    );
    assert_eq!(found["independent"]["answer"], "no");
    assert!(found["independent"]["says"].as_str().is_some_and(|s| s.contains("health ministry")), "{found}");
    let copy = found["independent"]["because"].as_array().expect("reasons").iter().find(|r| r["rule"] == "copy-whole");
    let copy = copy.unwrap_or_else(|| panic!("no copy link: {found}"));
    assert!(copy["note"].as_str().is_some_and(|n| n.starts_with("Orsava Post copies Northwire")), "{copy}");
    assert!(copy["evidence"].as_array().is_some_and(|e| e.len() >= 2), "{copy}");
    assert_eq!(found["contradiction"]["answer"], "no");
    proven(&desk, &found);
    // The other way round the answers are the same.
    let back = why(&desk, &b, &a);
    for question in ["same", "independent", "contradiction"] {
        assert_eq!(back[question]["answer"], found[question]["answer"], "{question}");
    }
}

#[test]
fn the_police_are_independent_of_the_ministry_and_contradict_it() {
    let desk = orsava();
    let a = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let b = claim(&desk, "05-marenian-police.txt", "nine people have died");
    let found = why(&desk, &a, &b);
    assert_eq!(found["same"]["answer"], "yes");
    assert_eq!(found["independent"]["answer"], "yes");
    assert_eq!(found["contradiction"]["answer"], "yes");
    let shown = desk.ok(&["why", &a, &b]).stdout;
    assert!(shown.contains("in contradiction? yes") && shown.contains("»nine people"), "{shown}");
    assert!(shown.lines().all(|l| l.chars().count() <= 100), "{shown}");
    proven(&desk, &found);
}

#[test]
fn those_who_name_each_other_support_nothing() {
    let desk = orsava();
    let a = claim(&desk, "06-radio-tessin.txt", "Thirty people may have died");
    let b = claim(&desk, "07-kettle-report.html", "thirty people may have died");
    let found = why(&desk, &a, &b);
    assert_eq!(found["independent"]["answer"], "no");
    assert!(found["independent"]["says"].as_str().is_some_and(|s| s.contains("name each other")), "{found}");
    assert!(rules(&found["independent"]).contains(&"cites-report"), "{found}");
    proven(&desk, &found);
}

#[test]
fn the_dead_and_the_injured_are_two_things() {
    let desk = orsava();
    let a = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let b = claim(&desk, "01-northwire.html", "53 injured people");
    let found = why(&desk, &a, &b);
    assert_eq!(found["same"]["answer"], "no");
    assert!(rules(&found["same"]).contains(&"other-figure"), "{found}");
    assert_eq!(found["contradiction"]["answer"], "not-compared");
    let clusters = desk.ok(&["clusters", "--json"]).stdout;
    let ids: Vec<String> = clusters
        .lines()
        .take(2)
        .map(|l| serde_json::from_str::<Value>(l).expect("JSON")["id"].as_str().expect("an id").to_owned())
        .collect();
    let found = why(&desk, &ids[0], &ids[1]);
    assert_eq!(found["same"]["answer"], "no");
    assert_eq!(found["of_clusters"], serde_json::json!(ids));
    proven(&desk, &found);
}

#[test]
fn two_reports_of_one_text_are_linked_through_it() {
    let desk = orsava();
    let found = why(&desk, "02-orsava-post.html", "04-the-beacon.html");
    let notes: Vec<&str> =
        found["links"].as_array().expect("links").iter().filter_map(|l| l["note"].as_str()).collect();
    assert!(notes.contains(&"both descend from one text: Northwire"), "{notes:?}");
    proven(&desk, &found);
    let none = why(&desk, "05-marenian-police.txt", "10-city-of-orsava.txt");
    assert_eq!(none["links"], serde_json::json!([]));
    assert_eq!(desk.run(&["why", "05-marenian-police.txt", "nothing"]).code, 2);
    let claim = claim(&desk, "05-marenian-police.txt", "nine people");
    assert_eq!(desk.run(&["why", "05-marenian-police.txt", &claim]).code, 2, "a claim and a report");
}

/// They once read "child-names-parent; 1 against 0".
#[test]
fn reasons_of_copies_are_sentences() {
    let desk = orsava();
    let listed = desk.ok(&["copies", "--json"]).stdout;
    assert!(listed.lines().count() >= 5, "{listed}");
    for line in listed.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        for reason in row["why"].as_str().expect("reasons").split("; ") {
            assert!(reason.contains(' '), "`{reason}` is no sentence: {line}");
        }
    }
}
