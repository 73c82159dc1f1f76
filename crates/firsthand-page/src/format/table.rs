//! Tables of reports: JSON Lines, CSV and TSV, their columns named by the
//! user or found under their usual names.

use std::cell::Cell;
use std::io::{BufRead, Read};
use std::rc::Rc;

use serde_json::Value;

use super::limit::Budget;
use super::{Columns, Table, Walk, reason};
use crate::Hints;

/// Usual names of columns, best first. Written for this project.
const USUAL: [(&str, &[&str]); 9] = [
    (
        "text",
        &[
            "text",
            "body",
            "content",
            "article",
            "maintext",
            "full_text",
            "fulltext",
            "article_text",
            "story",
            "html",
            "raw_html",
            "raw_text",
        ],
    ),
    ("title", &["title", "headline", "heading", "name"]),
    (
        "date",
        &[
            "date",
            "published",
            "published_at",
            "publishedat",
            "date_publish",
            "publish_date",
            "pub_date",
            "pubdate",
            "publication_date",
            "date_published",
            "datetime",
            "time",
            "timestamp",
        ],
    ),
    ("url", &["url", "link", "uri", "source_url", "canonical", "web_url"]),
    (
        "outlet",
        &["outlet", "source", "publisher", "publication", "newspaper", "site", "domain", "source_domain", "media"],
    ),
    ("byline", &["byline", "author", "authors", "creator"]),
    ("agency", &["agency", "wire", "credit"]),
    ("dateline", &["dateline"]),
    ("id", &["id", "_id", "uuid", "guid", "key", "doc_id", "docid", "article_id"]),
];

/// The table that a file is by its ending or its first line, if any.
pub(super) fn told(head: &[u8], key: &str) -> Option<Table> {
    let name = key.rsplit(['/', '!']).next().unwrap_or(key).to_ascii_lowercase();
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
    let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let complete = first.len() < head.len();
    let is_object = first.trim_ascii_start().starts_with(b"{");
    if name.ends_with(".jsonl") || name.ends_with(".ndjson") {
        return Some(Table::JsonLines);
    }
    if is_object {
        // A line that is a whole object, or the long first line of one.
        let whole = complete && serde_json::from_slice::<serde_json::map::Map<String, Value>>(first).is_ok();
        let only = !complete && head.len() < super::HEAD && serde_json::from_slice::<Value>(first).is_ok();
        let long = !complete && head.len() >= super::HEAD;
        return (whole || only || long && usual_keys(first)).then_some(Table::JsonLines);
    }
    let header = String::from_utf8_lossy(first).to_lowercase();
    let has = |separator: char| {
        let cells: Vec<&str> = header.split(separator).map(|c| c.trim().trim_matches(['"', '\u{FEFF}'])).collect();
        let known = |kind: &str| {
            USUAL.iter().find(|(k, _)| *k == kind).is_some_and(|(_, names)| cells.iter().any(|c| names.contains(c)))
        };
        cells.len() >= 2 && known("text") && ["title", "date", "url", "outlet", "id"].iter().any(|k| known(k))
    };
    if name.ends_with(".tsv") || complete && has('\t') {
        return Some(Table::Tsv);
    }
    (name.ends_with(".csv") || complete && has(',')).then_some(Table::Csv)
}

fn usual_keys(line: &[u8]) -> bool {
    USUAL[0].1.iter().any(|name| memchr::memmem::find(line, format!("\"{name}\"").as_bytes()).is_some())
}

pub(super) fn walk(walk: &mut Walk<'_, '_>, input: &mut dyn BufRead, table: Table, hints: &Hints) {
    match table {
        Table::JsonLines => json_lines(walk, input, hints),
        Table::Csv => separated(walk, input, b',', hints),
        Table::Tsv => separated(walk, input, b'\t', hints),
    }
}

fn json_lines(walk: &mut Walk<'_, '_>, input: &mut dyn BufRead, hints: &Hints) {
    let most = walk.limits().member;
    let mut number = 0u64;
    let mut line = Vec::new();
    while !walk.stopped {
        line.clear();
        number += 1;
        let place = format!("{}:{number}", hints.key);
        let n = match input.take(most as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(n) => n,
            Err(e) => return walk.skip(&place, reason(&e)),
        };
        if n > most {
            walk.skip(&place, format!("a line of more than {} MiB", most >> 20));
            if let Err(e) = skip_line(input) {
                return walk.skip(&place, reason(&e));
            }
            continue;
        }
        let trimmed = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line).trim_ascii();
        if trimmed.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(trimmed) {
            Ok(record) => row(walk, place, hints, &|name| cell(record.get(name)?)),
            Err(e) => walk.skip(&place, format!("not JSON: {e}")),
        }
    }
}

fn cell(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().filter_map(cell).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        _ => None,
    }
}

/// Reads over the rest of a line without keeping it.
fn skip_line(input: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match memchr::memchr(b'\n', buffer) {
            Some(at) => {
                input.consume(at + 1);
                return Ok(());
            }
            None => {
                let n = buffer.len();
                input.consume(n);
            }
        }
    }
}

fn separated(walk: &mut Walk<'_, '_>, input: &mut dyn BufRead, separator: u8, hints: &Hints) {
    let budget = walk.limits().member as u64 + (1 << 17);
    let left = Rc::new(Cell::new(budget));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(Budget::new(input, left.clone()));
    let headers: Vec<String> = match reader.byte_headers() {
        Ok(h) => {
            h.iter().map(|c| String::from_utf8_lossy(c).trim_start_matches('\u{FEFF}').trim().to_owned()).collect()
        }
        Err(e) => return walk.skip(&hints.key, format!("table: {e}")),
    };
    let mut record = csv::ByteRecord::new();
    let mut number = 1u64;
    while !walk.stopped {
        left.set(budget);
        number += 1;
        let place = format!("{}:{number}", hints.key);
        match reader.read_byte_record(&mut record) {
            Ok(false) => return,
            Ok(true) => row(walk, place, hints, &|name| {
                let i = headers.iter().position(|h| h == name)?;
                record.get(i).map(|c| String::from_utf8_lossy(c).into_owned())
            }),
            Err(e) => return walk.skip(&place, format!("table: {e}; the rest is left out")),
        }
    }
}

/// Hands out one record. `get` gives the cell of a column by its name.
fn row(walk: &mut Walk<'_, '_>, place: String, hints: &Hints, get: &dyn Fn(&str) -> Option<String>) {
    let columns: &Columns = &walk.options.columns;
    let find = |named: &Option<String>, kind: &str| -> Option<String> {
        let value = match named {
            Some(name) => get(name),
            None => USUAL.iter().find(|(k, _)| *k == kind).and_then(|(_, names)| {
                names.iter().find_map(|n| get(n).or_else(|| get(&capital(n))).or_else(|| get(&n.to_uppercase())))
            }),
        };
        value.filter(|v| !v.trim().is_empty())
    };
    let key = find(&columns.id, "id").unwrap_or_else(|| place.clone());
    let Some(text) = find(&columns.text, "text") else {
        return walk.skip(&key, "no text in the record");
    };
    let member = Hints {
        key,
        content_type: Some("text/plain; charset=utf-8".to_owned()),
        title: find(&columns.title, "title"),
        date: find(&columns.date, "date"),
        url: find(&columns.url, "url"),
        outlet: find(&columns.outlet, "outlet"),
        byline: find(&columns.byline, "byline"),
        agency: find(&columns.agency, "agency"),
        dateline: find(&columns.dateline, "dateline"),
        as_is: hints.as_is,
        ..Hints::default()
    };
    walk.page(text.into_bytes(), member);
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::super::{Columns, Limits, Options};

    #[test]
    fn csv_by_its_header_and_named_columns() {
        let csv = "ID,Title,Text\nr1,Pier,\"The pier,\nit fell.\"\nr2,None,\n";
        let (pages, skips) = read(csv.as_bytes(), "t.csv", &Options::default());
        assert_eq!(pages, [("r1".to_owned(), "The pier,\nit fell.".to_owned())]);
        assert_eq!(skips, [("r2".to_owned(), "no text in the record".to_owned())]);
        let columns = Columns { text: Some("lead".to_owned()), ..Columns::default() };
        let (pages, _) = read(b"{\"lead\":\"It fell.\"}\n", "x", &Options { columns, ..Options::default() });
        assert_eq!(pages, [("x:1".to_owned(), "It fell.".to_owned())]);
    }

    #[test]
    fn a_bad_or_endless_line_costs_only_itself() {
        let limits = Limits { member: 1000, ..Limits::default() };
        let long = "x".repeat(300_000);
        let lines = format!("{{\"text\":\"One.\"}}\nbad\n{{\"text\":\"{long}\"}}\n{{\"text\":\"Two.\"}}\n");
        let (pages, skips) = read(lines.as_bytes(), "l.jsonl", &Options { limits, ..Options::default() });
        assert_eq!(pages.iter().map(|p| p.1.as_str()).collect::<Vec<_>>(), ["One.", "Two."]);
        assert_eq!(skips.iter().map(|s| s.0.as_str()).collect::<Vec<_>>(), ["l.jsonl:2", "l.jsonl:3"]);
    }
}
