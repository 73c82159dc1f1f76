//! One bad file never stops a run: each is named with its reason, everything
//! good is kept, and the exit status says that something was skipped.

mod util;

use std::io::Write;

use util::{Desk, page};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("into memory");
    out.finish().expect("into memory")
}

/// Reads the bad file beside a good one and gives the reason it was skipped for.
fn reason(name: &str, bytes: &[u8]) -> String {
    let desk = Desk::new();
    desk.write("pages/good.html", page(1));
    desk.write(&format!("pages/{name}"), bytes);
    let run = desk.run(&["read", "pages"]);
    assert_eq!(run.code, 1, "{name}: {}", run.stderr);
    assert!(run.stderr.contains("1 report read, 1 skipped"), "{name}: {}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
    let line = run.stderr.lines().find(|l| l.starts_with(&format!("skipped: {name}")));
    line.unwrap_or_else(|| panic!("{name} is not named: {}", run.stderr)).to_owned()
}

#[test]
fn empty_files_and_binary_ones() {
    assert!(reason("empty.html", b"").contains("no text"));
    assert!(reason("blank.txt", b" \n\t\n").contains("no text"));
    let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(reason("noise.html", &noise).contains("binary"));
}

#[test]
fn a_truncated_gzip() {
    let whole = gzip(page(2).as_bytes());
    assert!(reason("cut.html.gz", &whole[..whole.len() / 2]).contains("cut short"));
}

#[test]
fn a_gzip_bomb() {
    let zeros = vec![b'a'; 8 << 20];
    let mut bomb = Vec::new();
    let part = gzip(&zeros);
    (0..40).for_each(|_| bomb.extend_from_slice(&part)); // 320 MiB in 300 KiB
    let why = reason("bomb.html.gz", &bomb);
    assert!(why.contains("larger") || why.contains("limit") || why.contains("bomb"), "{why}");
}

#[test]
fn invalid_utf_8_and_deep_nesting_still_read() {
    let desk = Desk::new();
    let mut broken = page(3).into_bytes();
    broken.extend_from_slice(b"\xff\xfe\x80 trailing \xc3");
    desk.write("pages/broken.html", &broken);
    let deep =
        format!("<html><body>{}<p>{}</p>", "<div>".repeat(100_000), "Words stand at the bottom of it all. ".repeat(9));
    desk.write("pages/deep.html", deep);
    let run = desk.run(&["read", "pages"]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(desk.ok(&["reports"]).stdout.contains("Landslide number 3"));
    desk.ok(&["verify"]);
}

#[test]
fn one_very_long_line() {
    let desk = Desk::new();
    desk.write("long.txt", "word and word said the mayor of Karst, ".repeat(20_000)); // 780 kB without a break
    let run = desk.run(&["read", "long.txt"]);
    assert!(run.code <= 1 && !run.stderr.contains("panicked"), "{}", run.stderr);
}

/// Each number of it would be a claim, and each claim is told beside its whole sentence.
#[test]
fn a_text_of_nothing_but_numbers() {
    let desk = Desk::new();
    desk.write("pages/good.html", page(1));
    desk.write("pages/numbers.txt", "12 ".repeat(100_000));
    desk.ok(&["read", "pages"]);
    let db = rusqlite::Connection::open(desk.path("firsthand.db")).expect("it opens");
    let count = |of: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM claim JOIN report ON report.rowid = claim.report WHERE key = '{of}'");
        db.query_row(&sql, [], |r| r.get(0)).expect("a count")
    };
    assert!(count("good.html") > 0);
    assert!(count("numbers.txt") < 1000, "{}", count("numbers.txt"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_back_into_itself() {
    let desk = Desk::new();
    desk.write("pages/good.html", page(1));
    std::os::unix::fs::symlink(desk.path("pages"), desk.path("pages/loop")).expect("a link");
    let run = desk.run(&["read", "pages"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("loop: a link back"), "{}", run.stderr);
    assert!(run.stderr.contains("1 report read"), "{}", run.stderr);
}

#[test]
fn a_path_that_is_not_there() {
    let desk = Desk::new();
    desk.write("good.html", page(1));
    let run = desk.run(&["read", "missing.html", "good.html"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("skipped: missing.html"), "{}", run.stderr);
}

/// A WARC record with the length it says.
fn record(uri: &str, body: &str, length: usize) -> Vec<u8> {
    format!(
        "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: {uri}\r\nContent-Type: text/html\r\n\
         Content-Length: {length}\r\n\r\n{body}\r\n\r\n"
    )
    .into_bytes()
}

/// Reads one file with good and bad in it: what was read, and what was said.
fn mixed(name: &str, bytes: &[u8], good: &[usize], said: &[&str]) {
    let desk = Desk::new();
    desk.write(name, bytes);
    let run = desk.run(&["read", name]);
    assert_eq!(run.code, 1, "{name}: {}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{name}: {}", run.stderr);
    let skipped: Vec<&str> = run.stderr.lines().filter(|l| l.starts_with("skipped: ")).collect();
    assert_eq!(skipped.len(), said.len(), "{name}: {}", run.stderr);
    for (line, word) in skipped.iter().zip(said) {
        // A record with an id is called by it.
        assert!(line.contains(word), "{name}: {line} should say {word}");
    }
    let reports = desk.ok(&["reports", "--json"]).stdout;
    assert_eq!(reports.lines().count(), good.len(), "{name}: {reports}");
    for n in good {
        assert!(reports.contains(&format!("Landslide number {n} ")), "{name}: {n} is missing: {reports}");
    }
    desk.ok(&["verify"]);
}

#[test]
fn warc_records_with_lying_lengths() {
    let good = |n: usize| record(&format!("https://karst.example/{n}"), &page(n), page(n).len());
    let short = record("https://karst.example/short", &page(8), 100);
    let long = record("https://karst.example/long", &page(9), page(9).len() + 1_000_000);
    let endless = record("https://karst.example/endless", &page(9), usize::MAX);
    mixed("short.warc", &[good(1), short.clone(), good(2)].concat(), &[1, 2], &["length is wrong"]);
    mixed("long.warc", &[good(1), long].concat(), &[1], &["length is wrong"]);
    mixed("endless.warc", &[good(1), endless].concat(), &[1], &["length is wrong"]);
    let packed: Vec<u8> = [good(1), short, good(2)].iter().flat_map(|r| gzip(r)).collect();
    mixed("short.warc.gz", &packed, &[1, 2], &["length is wrong"]);
    let mut cut = [gzip(&good(1)), gzip(&good(2))].concat();
    cut.truncate(cut.len() - 60);
    mixed("cut.warc.gz", &cut, &[1], &["cut short"]);
}

#[test]
fn tables_broken_in_the_middle() {
    let line = |n: usize| format!("{}\n", serde_json::json!({ "id": format!("r{n}"), "text": page(n) }));
    let half = &line(2)[..100];
    mixed("half.jsonl", format!("{}{half}\n{}", line(1), line(3)).as_bytes(), &[1, 3], &["not JSON"]);
    let deep = format!("{{\"text\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    mixed("deep.jsonl", format!("{deep}{}", line(1)).as_bytes(), &[1], &["not JSON"]);
    let mut binary = line(1).into_bytes();
    binary.extend_from_slice(b"{\"text\": \"\xff\xfe\"}\n");
    mixed("bytes.jsonl", &[binary, line(2).into_bytes()].concat(), &[1, 2], &["not JSON"]);
    // Odd quoting in CSV: a quote inside a cell, and one that never ends takes the rest for its cell.
    let cell = |n: usize| page(n).replace('"', "\"\"");
    let odd = format!("id,text\na,\"{}\"\nb\"b,\nc,\"{}\"\nd,\n", cell(1), cell(2));
    mixed("odd.csv", odd.as_bytes(), &[1, 2], &["no text", "no text"]);
}

#[test]
fn archives_broken_and_nested() {
    use zip::write::{SimpleFileOptions, ZipWriter};
    let zipped = |files: &[(&str, &[u8])]| {
        let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            out.start_file(*name, SimpleFileOptions::default()).expect("into memory");
            out.write_all(bytes).expect("into memory");
        }
        out.finish().expect("into memory").into_inner()
    };
    let good = page(1);
    let big = vec![b'a'; 80 << 20];
    mixed("big.zip", &zipped(&[("big.txt", &big), ("good.html", good.as_bytes())]), &[1], &["larger"]);
    let mut nested = zipped(&[("deepest.html", page(2).as_bytes())]);
    for _ in 0..12 {
        nested = zipped(&[("in.zip", &nested)]);
    }
    mixed("nest.zip", &zipped(&[("in.zip", &nested), ("good.html", good.as_bytes())]), &[1], &["nested"]);
    let many: Vec<(String, Vec<u8>)> = (0..300).map(|i| (format!("{i}.txt"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let empty = ["no text"; 300];
    mixed("many.zip", &zipped(&[many, vec![("good.html", good.as_bytes())]].concat()), &[1], &empty);
    let mut half = zipped(&[
        ("archive/a.warc", &record("https://karst.example/1", &page(1), page(1).len())),
        ("datapackage.json", b"{}"),
    ]);
    half.truncate(half.len() / 2);
    assert!(reason("half.wacz", &half).contains("zip"));
}

#[test]
fn mhtml_broken_in_the_middle() {
    let head = "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n";
    assert!(
        reason("none.mhtml", format!("{head}--b\r\nContent-Type: text/css\r\n\r\np{{}}\r\n").as_bytes())
            .contains("without an HTML part")
    );
    assert!(reason("bare.mhtml", head.as_bytes()).contains("without an HTML part"));
    // Cut in the page itself: what stands there is read.
    let desk = Desk::new();
    let page = page(6);
    let cut = &page[..page.len() - 40];
    desk.write("cut.mhtml", format!("{head}--b\r\nContent-Type: text/html\r\n\r\n{cut}"));
    desk.ok(&["read", "cut.mhtml"]);
    assert!(desk.ok(&["reports"]).stdout.contains("Landslide number 6"));
}

#[test]
fn a_text_too_long_and_a_page_of_too_many_elements() {
    assert!(
        reason("long.txt", "The mayor of Karst said the slope held. ".repeat(40_000).as_bytes()).contains("too long")
    );
    let line = format!("<p>{}", "word and word said the mayor of Karst, ".repeat(60_000)); // 2.3 MB without a break
    assert!(reason("line.html", format!("<html><body>{line}").as_bytes()).contains("too long"));
    assert!(reason("tags.html", format!("<html><body>{}", "<i>".repeat(1_600_000)).as_bytes()).contains("elements"));
}

#[cfg(unix)]
#[test]
fn files_and_folders_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("pages/good.html", page(1));
    let closed = desk.write("pages/closed.html", page(2));
    desk.write("pages/shut/inner.html", page(3));
    let modes = |mode: u32| {
        for path in [&closed, &desk.path("pages/shut")] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
        }
    };
    modes(0);
    // Whoever may read everything cannot see this.
    if std::fs::File::open(&closed).is_err() {
        let run = desk.run(&["read", "pages"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("skipped: closed.html: ") && run.stderr.contains("shut: "), "{}", run.stderr);
        assert!(run.stderr.contains("1 report read, 2 skipped"), "{}", run.stderr);
    }
    modes(0o755);
}
