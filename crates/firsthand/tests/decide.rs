//! `firsthand decide`: what an analyst decided holds after every re-read and
//! rebuild, and is taken back by a new entry only.

mod util;

use serde_json::Value;
use util::{Desk, Run, example};

fn pages() -> String {
    example().join("pages").display().to_string()
}

fn orsava() -> Desk {
    let desk = Desk::new();
    desk.ok(&["read", "--quiet", &pages()]);
    desk
}

fn lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

fn text<'v>(row: &'v Value, field: &str) -> &'v str {
    row[field].as_str().unwrap_or_default()
}

/// The export, but for the decisions themselves.
fn found(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    desk.export("firsthand.db").into_iter().filter(|(name, _)| name != "decisions.jsonl").collect()
}

/// The claim of a page whose evidence holds these words.
fn claim(desk: &Desk, key: &str, words: &str) -> Value {
    let run = desk.ok(&["claims", "--json", "--where", &format!("key={key}"), "--like", &format!("evidence={words}")]);
    lines(&run).into_iter().next().unwrap_or_else(|| panic!("no claim of {key} has {words}"))
}

fn decide(desk: &Desk, args: &[&str]) -> Run {
    desk.ok(&[&["decide"], args, &["--by", "R. Marn", "--why", "read both", "--at", "2031-05-02T08:00:00Z"]].concat())
}

/// Forces everything to be read and compared anew from the same pages.
fn read_anew(desk: &Desk) {
    let db = rusqlite::Connection::open(desk.path("firsthand.db")).expect("it opens");
    db.execute("UPDATE report SET reader = 'an older program'", []).expect("they are old");
    db.execute("DELETE FROM meta WHERE key = 'compared'", []).expect("it is out of date");
    drop(db);
    desk.ok(&["read", "--quiet", &pages()]);
    desk.ok(&["verify"]);
}

fn states(desk: &Desk) -> Vec<String> {
    lines(&desk.ok(&["decide", "list", "--json"])).iter().map(|r| text(r, "state").to_owned()).collect()
}

#[test]
fn merged_and_split_claims_stay_so_until_it_is_undone() {
    let desk = orsava();
    let before = found(&desk);
    let dead = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let built = claim(&desk, "01-northwire.html", "built in 1962");
    let nurse = claim(&desk, "09-marenia-today.html", "at least 20 people had died");
    assert_ne!(dead["cluster"], built["cluster"]);
    assert_eq!(dead["cluster"], nurse["cluster"]);
    decide(&desk, &["merge", text(&dead, "id"), text(&built, "id")]);
    decide(&desk, &["split", text(&nurse, "id"), text(&nurse, "cluster")]);
    let holds = |desk: &Desk| {
        let of = |row: &Value| {
            let rows = lines(&desk.ok(&["claims", "--json", "--where", &format!("id={}", text(row, "id"))]));
            text(&rows[0], "cluster").to_owned()
        };
        (of(&dead) == of(&built), of(&dead) != of(&nurse), of(&dead))
    };
    let (merged, split, cluster) = holds(&desk);
    assert!(merged && split, "{merged} {split}");
    let shown = desk.ok(&["show", &cluster]).stdout;
    assert!(shown.contains("merged by R. Marn on 2031-05-02 (decision 1): read both"), "{shown}");
    let shown = desk.ok(&["show", text(&nurse, "id")]).stdout;
    assert!(shown.contains("split by R. Marn on 2031-05-02 (decision 2): read both"), "{shown}");

    let decided = desk.export("firsthand.db");
    read_anew(&desk);
    assert_eq!(desk.export("firsthand.db"), decided, "after reading anew");
    assert_eq!(states(&desk), ["in force", "in force"]);
    let (_, kept) = decided.iter().find(|(name, _)| name == "decisions.jsonl").expect("they are exported");
    assert!(String::from_utf8_lossy(kept).contains("\"verb\":\"merge\""));

    decide(&desk, &["undo", "1"]);
    decide(&desk, &["undo", "2"]);
    assert_eq!(found(&desk), before, "all taken back");
    assert_eq!(states(&desk), ["undone by 3", "undone by 4", "in force", "in force"]);
    // The undoing is undone by a new entry too.
    decide(&desk, &["undo", "3"]);
    assert!(holds(&desk).0);
    assert_eq!(lines(&desk.ok(&["decide", "list", "--json"])).len(), 5, "nothing is overwritten");
}

#[test]
fn a_decision_holds_in_any_order_of_arrival() {
    let desk = orsava();
    let dead = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let built = claim(&desk, "01-northwire.html", "built in 1962");
    let nurse = claim(&desk, "09-marenia-today.html", "at least 20 people had died");
    decide(&desk, &["merge", text(&dead, "id"), text(&built, "id")]);
    decide(&desk, &["reject", text(&nurse, "id")]);
    let wanted = desk.export("firsthand.db");
    // One page after the other, the last one first, each compared by itself, with the decisions in the ledger already.
    let db = rusqlite::Connection::open(desk.path("firsthand.db")).expect("it opens");
    db.execute_batch("PRAGMA foreign_keys = ON; DELETE FROM report; DELETE FROM meta WHERE key = 'compared';")
        .expect("empty");
    drop(db);
    let mut files: Vec<_> =
        std::fs::read_dir(example().join("pages")).expect("pages").map(|e| e.expect("a page").path()).collect();
    files.sort();
    desk.ok(&["read", "--quiet", &files[14].display().to_string()]);
    assert_eq!(states(&desk), ["unanchored", "unanchored"], "kept and said, while their pages are not there");
    for file in files.iter().rev() {
        desk.ok(&["read", "--quiet", &file.display().to_string()]);
    }
    assert_eq!(desk.export("firsthand.db"), wanted);
    assert_eq!(states(&desk), ["in force", "in force"]);
}

#[test]
fn a_rejected_claim_stands_in_no_cluster() {
    let desk = orsava();
    let nurse = claim(&desk, "09-marenia-today.html", "at least 20 people had died");
    decide(&desk, &["reject", text(&nurse, "id")]);
    let again = claim(&desk, "09-marenia-today.html", "at least 20 people had died");
    assert!(again["cluster"].is_null(), "{again}");
    let shown = desk.ok(&["show", text(&nurse, "id")]).stdout;
    assert!(shown.contains("rejected by R. Marn"), "{shown}");
    let cluster = desk.ok(&["show", text(&nurse, "cluster")]).stdout;
    assert!(!cluster.contains("at least 20 people"), "{cluster}");
    // Listings say so too.
    assert!(text(&again, "decided").starts_with("rejected by R. Marn"), "{again}");
    assert!(nurse.get("decided").is_none(), "no such column without decisions");
    let clusters = lines(&desk.ok(&["clusters", "--json", "--like", "decided=rejected by R. Marn"]));
    assert_eq!(clusters.len(), 1, "{clusters:?}");
    assert_eq!(clusters[0]["id"], nurse["cluster"]);
    let order = lines(&desk.ok(&["clusters", "--json"]));
    assert!(order.is_sorted_by_key(|r| std::cmp::Reverse(r["reports"].as_u64())), "in the usual order");
    assert!(desk.ok(&["claims"]).stdout.lines().all(|l| l.chars().count() <= 100));
}

#[test]
fn a_rejected_contradiction_can_hold() {
    let desk = orsava();
    let verdicts =
        |verdict: &str| lines(&desk.ok(&["contradictions", "--json", "--where", &format!("verdict={verdict}")]));
    let found = verdicts("contradiction");
    let id = text(&found[0], "id").to_owned();
    decide(&desk, &["reject", &id]);
    let left = verdicts("contradiction");
    assert_eq!(left.len() + 1, found.len());
    let turned = verdicts("compatible").into_iter().find(|r| text(r, "why").contains("rejected by R. Marn"));
    let turned = turned.expect("it is listed with who rejected it");
    assert_eq!(
        [text(&turned, "claim_a"), text(&turned, "claim_b")],
        [text(&found[0], "claim_a"), text(&found[0], "claim_b")]
    );
    // Confirming another says who did.
    let id = text(&left[0], "id").to_owned();
    decide(&desk, &["confirm", &id]);
    assert!(verdicts("contradiction").iter().any(|r| text(r, "why").contains("confirmed by R. Marn")));
}

#[test]
fn a_speaker_that_was_set_is_shown_everywhere() {
    let desk = orsava();
    let nurse = lines(&desk.ok(&["attributions", "--json", "--like", "content=at least 20 people had died"]));
    let id = text(&nurse[0], "id").to_owned();
    decide(&desk, &["set-speaker", &id, "Ilva Tarn"]);
    let check = |desk: &Desk| {
        let row = &lines(&desk.ok(&["attributions", "--json", "--where", &format!("id={id}")]))[0];
        assert_eq!(text(row, "speaker"), "Ilva Tarn", "{row}");
        let shown = desk.ok(&["show", &id]).stdout;
        assert!(shown.contains("Ilva Tarn") && shown.contains("speaker set by R. Marn"), "{shown}");
        let dead = claim(desk, "09-marenia-today.html", "at least 20 people had died");
        assert!(text(&dead, "cluster").len() > 12, "{dead}");
        let cluster = desk.ok(&["show", text(&dead, "cluster")]).stdout;
        assert!(cluster.contains("Ilva Tarn: 1 claim"), "{cluster}");
        let export = desk.export("firsthand.db");
        let (_, bytes) = export.iter().find(|(name, _)| name == "attributions.jsonl").expect("attributions");
        assert!(String::from_utf8_lossy(bytes).contains("\"speaker_name\":\"Ilva Tarn\""));
    };
    check(&desk);
    read_anew(&desk);
    check(&desk);
    desk.ok(&["verify"]);
    // An entity of the ledger as the speaker is that entity.
    let orlo = lines(&desk.ok(&["sources", "--json", "--where", "name=Dana Orlo"]));
    decide(&desk, &["set-speaker", &id, text(&orlo[0], "id")]);
    let row = &lines(&desk.ok(&["attributions", "--json", "--where", &format!("id={id}")]))[0];
    assert_eq!((text(row, "speaker"), text(row, "entity")), ("Dana Orlo", text(&orlo[0], "id")));
    decide(&desk, &["set-speaker", &id, "unknown"]);
    let row = &lines(&desk.ok(&["attributions", "--json", "--where", &format!("id={id}")]))[0];
    assert!(row["speaker"].is_null(), "{row}");
}

#[test]
fn entities_are_merged_and_split() {
    let desk = orsava();
    let naming = |name: &str| lines(&desk.ok(&["naming", name, "--json"]));
    let hadrami = text(&naming("Yusuf Hadrami")[0], "entity").to_owned();
    let orlo = text(&naming("Dana Orlo")[0], "entity").to_owned();
    decide(&desk, &["merge", &hadrami, &orlo]);
    assert_eq!(naming("Yusef Hadrami")[0]["entity"], naming("Dana Orlo")[0]["entity"]);
    decide(&desk, &["split", &orlo, &hadrami]);
    let (one, other) = (naming("Yusuf Hadrami"), naming("Dana Orlo"));
    assert_ne!(one[0]["entity"], other[0]["entity"], "the later decision holds");
    assert!(one.iter().all(|r| !text(r, "name").contains("Orlo")), "{one:?}");
    assert!(naming("Youssef al-Hadrami")[0]["entity"] == one[0]["entity"], "its spellings stay together");
    let shown = desk.ok(&["show", text(&one[0], "entity")]).stdout;
    assert!(shown.contains("split by R. Marn"), "{shown}");
    read_anew(&desk);
    assert_ne!(naming("Yusuf Hadrami")[0]["entity"], naming("Dana Orlo")[0]["entity"]);
}

#[test]
fn what_cannot_be_decided_is_refused_and_leaves_no_trace() {
    let desk = orsava();
    let dead = claim(&desk, "01-northwire.html", "people were killed on Tuesday");
    let id = text(&dead, "id");
    let by = ["--by", "R.", "--why", "so"];
    for args in [
        &["confirm", "nothing"][..],
        &["merge", id, "05-marenian-police.txt"],
        &["merge", id, id],
        &["set-speaker", id, "Somebody"],
        &["undo", "7"],
        &["note", id, "--at", "yesterday"],
    ] {
        let run = desk.run(&[&["decide"], args, &by].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
    }
    assert_eq!(desk.run(&["decide", "confirm", id, "--by", "R.", "--why", " "]).code, 2, "no reason");
    assert_eq!(desk.run(&["decide", "confirm", id, "--why", "so"]).code, 2, "nobody");
    assert!(desk.ok(&["decide", "list"]).stdout.contains("no decisions"));
    decide(&desk, &["note", id]);
    decide(&desk, &["note", "05-marenian-police.txt"]);
    assert!(desk.ok(&["show", "05-marenian-police.txt"]).stdout.contains("noted by R. Marn"));
    let table = desk.ok(&["decide", "list"]).stdout;
    assert!(table.lines().all(|l| l.chars().count() <= 100), "{table}");
    assert_eq!(desk.ok(&["decide", "list", "--csv"]).stdout.lines().count(), 3);
    // The table itself refuses to forget.
    let db = rusqlite::Connection::open(desk.path("firsthand.db")).expect("it opens");
    assert!(
        db.execute("DELETE FROM decision", []).is_err() && db.execute("UPDATE decision SET who = 'X'", []).is_err()
    );
}
