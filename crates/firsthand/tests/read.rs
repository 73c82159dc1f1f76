//! Reading files into the ledger.

mod util;

use util::{Desk, example, page};

#[test]
fn reading_twice_changes_nothing() {
    let desk = Desk::new();
    desk.write("pages/a.html", page(1));
    desk.write("pages/sub/b.html", page(2));
    let first = desk.ok(&["read", "pages"]);
    assert!(first.stderr.starts_with("2 reports read; 2 in firsthand.db"), "{}", first.stderr);
    assert_eq!(first.stdout, "", "standard output is for data");
    let before = desk.export("firsthand.db");
    let second = desk.ok(&["read", "pages"]);
    assert!(second.stderr.starts_with("0 reports read, 2 unchanged; 2 in"), "{}", second.stderr);
    assert_eq!(desk.export("firsthand.db"), before);
    let keys = desk.ok(&["reports", "--json"]).stdout;
    assert!(keys.contains("\"key\":\"a.html\"") && keys.contains("\"key\":\"sub/b.html\""), "{keys}");
}

#[test]
fn a_changed_page_takes_the_place_of_the_old_one() {
    let desk = Desk::new();
    desk.write("pages/a.html", page(1));
    desk.ok(&["read", "pages"]);
    desk.write("pages/a.html", page(3));
    desk.ok(&["read", "pages"]);
    let reports = desk.ok(&["reports", "--json"]).stdout;
    assert_eq!(reports.lines().count(), 1);
    assert!(reports.contains("number 3"), "{reports}");
}

#[test]
fn threads_and_order_change_nothing() {
    let desk = Desk::new();
    let pages = example().join("pages");
    let folder = pages.to_str().expect("a path in UTF-8");
    desk.ok(&["read", "--quiet", "--ledger", "one.db", "--jobs", "1", folder]);
    desk.ok(&["read", "--quiet", "--ledger", "many.db", "--jobs", "4", folder]);
    let mut files: Vec<String> = (std::fs::read_dir(&pages).expect("the example"))
        .map(|e| e.expect("an entry").path().to_str().expect("a path in UTF-8").to_owned())
        .collect();
    files.sort();
    files.reverse();
    // One at a time and backwards: the comparison grows step by step.
    for file in &files {
        desk.ok(&["read", "--quiet", "--ledger", "back.db", file]);
    }
    let one = desk.export("one.db");
    assert_eq!(desk.export("many.db"), one, "threads");
    assert_eq!(desk.export("back.db"), one, "order of arrival");
}

#[test]
fn standard_input_is_a_page() {
    use std::io::Write;
    let desk = Desk::new();
    let mut child = desk.command(&["read", "-"]).stdin(std::process::Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(page(5).as_bytes()).expect("writing");
    assert!(child.wait().expect("it ends").success());
    assert!(desk.ok(&["reports"]).stdout.contains("Landslide number 5"));
}

#[test]
fn json_lines_as_they_are() {
    let desk = Desk::new();
    let text = "Menu | Home\n\nThe mayor said the dam had held.\nShare this page";
    let line = serde_json::json!({ "id": "one", "body": text, "when": "2024-02-03", "who": "Valley Sheet" });
    desk.write("in.jsonl", format!("{line}\n{{\"id\": \"two\"}}\nnot json\n"));
    let columns = ["--text", "body", "--id", "id", "--date", "when", "--outlet", "who"];
    let run = desk.run(&[["read", "--format", "jsonl", "--as-is", "in.jsonl"].as_slice(), &columns].concat());
    assert_eq!(run.code, 1, "two lines were skipped: {}", run.stderr);
    assert_eq!(run.stderr.lines().filter(|l| l.starts_with("skipped: ")).count(), 2, "{}", run.stderr);
    let export = desk.export("firsthand.db");
    let (_, reports) = export.iter().find(|(name, _)| name == "reports.jsonl").expect("reports");
    let report: serde_json::Value = serde_json::from_slice(reports).expect("one line");
    assert_eq!(report["text"], text);
    assert_eq!(report["key"], "one");
    assert_eq!(report["outlet"], "Valley Sheet");
    assert_eq!(report["published"], "2024-02-03");
}

#[test]
fn verify_finds_what_was_changed() {
    let desk = Desk::new();
    desk.write("a.html", page(1));
    desk.ok(&["read", "a.html"]);
    let fine = desk.ok(&["verify"]);
    assert!(fine.stdout.contains("all hold"), "{}", fine.stdout);
    let db = rusqlite::Connection::open(desk.path("firsthand.db")).expect("the ledger is SQLite");
    db.execute("UPDATE report SET text = replace(text, 'killed', 'kissed')", []).expect("an update");
    drop(db);
    let changed = desk.run(&["verify"]);
    assert_eq!(changed.code, 1);
    assert!(changed.stderr.contains("differs"), "{}", changed.stderr);
}

/// Minus nought once came back from the ledger as nought.
#[test]
fn numbers_come_back_as_they_went_in() {
    let desk = Desk::new();
    let text = "The index moved by -0.0 percent, -0 points, 0.1 percent and 1e300 points, said Ada Morn on Friday.\n\n\
                Prices rose by -0.00 percent to 0.30000000000000004 crowns and 123456789012345678901234567890 crowns.\n";
    desk.write("a.txt", text.repeat(3));
    desk.ok(&["read", "a.txt"]);
    assert!(desk.ok(&["measures"]).stdout.contains("percent"));
    desk.ok(&["verify"]);
}

#[test]
fn usage_errors_exit_with_2() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["claims"]).code, 2, "no ledger");
    assert_eq!(desk.run(&["nonsense"]).code, 2);
    desk.write("text.db", "this is no ledger");
    let run = desk.run(&["claims", "--ledger", "text.db"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("text.db"), "{}", run.stderr);
}
