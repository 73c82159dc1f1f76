//! Ledgers that earlier programs wrote still open and say the same.
//!
//! `tests/ledgers/` keeps one for each version of the schema, each made from
//! the same four pages of the example and one file that was skipped.

mod util;

use std::io::Read;
use std::path::{Path, PathBuf};

use util::{Desk, example, page};

/// The kept ledgers, unpacked into a desk: their names there.
fn kept(desk: &Desk) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledgers");
    let mut packed: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the kept ledgers").map(|e| e.expect("an entry").path()).collect();
    packed.retain(|p| p.extension().is_some_and(|e| e == "gz"));
    packed.sort();
    assert!(!packed.is_empty(), "no ledger is kept");
    (packed.iter())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_str().expect("a plain name").to_owned();
            let mut bytes = Vec::new();
            let file = std::fs::File::open(path).expect("a kept ledger");
            flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("whole");
            desk.write(&name, bytes);
            name
        })
        .collect()
}

#[test]
fn an_old_ledger_opens_and_says_what_it_said() {
    let desk = Desk::new();
    for ledger in kept(&desk) {
        let on = |args: &[&str]| desk.ok(&[args, &["--ledger", &ledger]].concat()).stdout;
        let reports = on(&["reports", "--json"]);
        assert_eq!(reports.lines().count(), 4, "{ledger}: {reports}");
        for view in ["attributions", "claims", "measures", "clusters", "copies", "contradictions", "sources"] {
            let rows = on(&[view, "--json"]);
            assert!(rows.lines().count() > 0, "{ledger}: no {view}");
            for row in rows.lines() {
                let row: serde_json::Value = serde_json::from_str(row).expect("JSON");
                // Sources are names, and have no page of their own to show.
                if let Some(id) = row["id"].as_str().filter(|_| view != "sources") {
                    assert!(on(&["show", id]).contains(id), "{ledger}: {view} {id}");
                }
            }
        }
        assert!(on(&["show", "05-marenian-police.txt"]).contains("Marenian State Police"), "{ledger}");
        assert!(on(&["search", "injured"]).contains("northwire"), "{ledger}");
        on(&["verify"]);
        let export = desk.export(&ledger);
        let (_, lines) = export.iter().find(|(name, _)| name == "reports.jsonl").expect("reports");
        assert_eq!(String::from_utf8_lossy(lines).lines().count(), 4, "{ledger}");
    }
}

#[test]
fn an_old_ledger_is_read_into() {
    let desk = Desk::new();
    for ledger in kept(&desk) {
        desk.write("more/slope.html", page(4));
        let old = example().join("pages/05-marenian-police.txt");
        desk.write("more/05-marenian-police.txt", std::fs::read(old).expect("a page of the example"));
        desk.ok(&["read", "--ledger", &ledger, "more"]);
        let reports = desk.ok(&["reports", "--json", "--ledger", &ledger]).stdout;
        assert_eq!(reports.lines().count(), 5, "the old four, once each, and the new one: {reports}");
        assert!(reports.contains("Landslide number 4"), "{reports}");
        // It takes decisions, on what it held and on what is new.
        let by = ["--by", "R.", "--why", "seen", "--ledger", &ledger];
        for key in ["05-marenian-police.txt", "slope.html"] {
            desk.ok(&[&["decide", "note", key], &by[..]].concat());
        }
        let decided = desk.ok(&["decide", "list", "--json", "--ledger", &ledger]).stdout;
        assert_eq!(decided.matches("in force").count(), 2, "{ledger}: {decided}");
        desk.ok(&["verify", "--ledger", &ledger]);
        desk.export(&ledger);
    }
}

#[test]
fn a_ledger_of_an_unknown_version_is_left_alone() {
    let desk = Desk::new();
    let page = desk.write("a.html", page(1));
    desk.ok(&["read", "--quiet", "a.html"]);
    let ledger = desk.path("firsthand.db");
    for version in [0, 999] {
        let db = rusqlite::Connection::open(&ledger).expect("it opens");
        db.pragma_update(None, "user_version", version).expect("it is set");
        drop(db);
        let before = std::fs::read(&ledger).expect("the ledger");
        for args in [&["reports"][..], &["verify"], &["export", "--out", "x"], &["read", page.to_str().expect("UTF-8")]]
        {
            let run = desk.run(args);
            assert_eq!(run.code, 2, "{args:?}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("version {version}")), "{args:?}: {}", run.stderr);
            assert!(run.stderr.contains("firsthand.db"), "{args:?}: {}", run.stderr);
        }
        assert_eq!(std::fs::read(&ledger).expect("the ledger"), before, "nothing was written");
    }
}

#[test]
fn what_is_no_ledger_is_said_to_be_none() {
    let desk = Desk::new();
    desk.write("a.html", page(1));
    desk.write("notes.db", "Notes of the mayor of Karst, kept by hand. ".repeat(200));
    let other = rusqlite::Connection::open(desk.path("other.db")).expect("it opens");
    other.execute_batch("CREATE TABLE notes (note TEXT)").expect("a table");
    drop(other);
    for ledger in ["notes.db", "other.db"] {
        let before = std::fs::read(desk.path(ledger)).expect("the file");
        for args in [&["reports"][..], &["read", "a.html"]] {
            let run = desk.run(&[args, &["--ledger", ledger]].concat());
            assert_eq!(run.code, 2, "{args:?} {ledger}: {}", run.stderr);
            assert!(run.stderr.contains(ledger), "{args:?} {ledger}: {}", run.stderr);
        }
        assert_eq!(std::fs::read(desk.path(ledger)).expect("the file"), before, "{ledger} was changed");
    }
}
