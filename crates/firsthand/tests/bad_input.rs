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
