//! `firsthand read PATH…`: files through the stages into the ledger.
//!
//! One thread opens files and takes archives apart, as many workers as there
//! are cores read pages, and this thread alone writes, whole reports only.
//! Channels between them are short, so memory does not grow with the pages.

use std::collections::HashSet;
use std::io::{IsTerminal, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use firsthand_ledger::{Filter, Ledger, Stored, View};
use firsthand_model::ReportId;
use firsthand_page::Hints;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::{Format, ReadArgs};
use crate::input::{self, InputFile};
use crate::{ALL_WELL, SOMETHING_WRONG, output};

/// The version of the stages: a ledger re-reads what an older one read.
const READER: &str = firsthand_pipeline::VERSION;

/// Reports a transaction holds at most.
const BATCH: usize = 64;

/// Bytes of a file that are read at most.
const MAX_FILE: u64 = 256 << 20;

/// A page to read.
struct Page {
    bytes: Vec<u8>,
    location: String,
    hints: Hints,
}

/// What became of a page.
enum Outcome {
    Read(Box<Stored>),
    Unchanged,
    Skipped {
        location: String,
        key: String,
        reason: String,
    },
    /// A file has been taken apart.
    Opened,
}

#[derive(Default)]
struct Tally {
    read: u64,
    unchanged: u64,
    skipped: u64,
}

pub(crate) fn run(args: &ReadArgs) -> anyhow::Result<u8> {
    let path = &args.ledger.ledger;
    let mut ledger = Ledger::open(path)?;
    let (files, unreadable) = input::walk(&args.paths, path);
    let from_stdin = args.paths.iter().any(|p| p.as_os_str() == "-");
    let known = Arc::new(ledger.ids_read_by(READER)?);
    let jobs =
        args.jobs.filter(|n| *n > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let bar = progress(files.len() as u64 + u64::from(from_stdin), args.quiet);
    let mut tally = Tally::default();
    for (path, reason) in unreadable {
        let path = path.display().to_string();
        skip(&mut ledger, &bar, &mut tally, &path, &path, &reason)?;
    }
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let (to_workers, pages) = sync_channel::<Page>(2 * jobs);
        let (to_writer, outcomes) = sync_channel::<Outcome>(4 * jobs);
        let pages = Arc::new(Mutex::new(pages));
        for _ in 0..jobs {
            let (pages, to_writer, known) = (Arc::clone(&pages), to_writer.clone(), Arc::clone(&known));
            scope.spawn(move || work(&pages, &to_writer, &known));
        }
        scope.spawn(move || open_all(&files, from_stdin, args, &to_workers, &to_writer));
        write_all(&mut ledger, &outcomes, &bar, &mut tally)
    })?;
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}")?);
    bar.set_message("comparing the reports");
    ledger.compare(READER)?;
    bar.finish_and_clear();
    if !args.quiet {
        summary(&ledger, &tally)?;
    }
    Ok(if tally.skipped == 0 { ALL_WELL } else { SOMETHING_WRONG })
}

fn progress(files: u64, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(files);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} files  {per_sec}  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// Opens files in order and sends their pages to the workers.
fn open_all(
    files: &[InputFile],
    stdin: bool,
    args: &ReadArgs,
    pages: &SyncSender<Page>,
    outcomes: &SyncSender<Outcome>,
) {
    // A send fails only when the other side has given up, and then so do we.
    let mut sink = |location: String, result: Result<Page, (String, String)>| match result {
        Ok(page) => pages.send(page).is_ok(),
        Err((key, reason)) => outcomes.send(Outcome::Skipped { location, key, reason }).is_ok(),
    };
    if stdin {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes);
        let result = read.map_err(|e| e.to_string()).and_then(|_| within_limit(bytes));
        expand("-", "-", result, args, &mut sink);
        let _ = outcomes.send(Outcome::Opened);
    }
    for file in files {
        let location = file.path.canonicalize().unwrap_or_else(|_| file.path.clone()).display().to_string();
        expand(&location, &file.key, load(&file.path), args, &mut sink);
        if outcomes.send(Outcome::Opened).is_err() {
            return;
        }
    }
}

fn load(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    within_limit(bytes)
}

fn within_limit(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("larger than {} MiB", MAX_FILE >> 20));
    }
    Ok(bytes)
}

/// Sends the pages that a file holds.
fn expand(
    location: &str,
    key: &str,
    bytes: Result<Vec<u8>, String>,
    args: &ReadArgs,
    sink: &mut dyn FnMut(String, Result<Page, (String, String)>) -> bool,
) {
    let bytes = match bytes.and_then(|b| unpack(b)) {
        Ok(bytes) => bytes,
        Err(reason) => {
            sink(location.to_owned(), Err((key.to_owned(), reason)));
            return;
        }
    };
    if args.format == Some(Format::Jsonl) {
        return json_lines(location, &bytes, args, sink);
    }
    let hints = Hints { key: key.to_owned(), as_is: args.as_is, ..Hints::default() };
    sink(location.to_owned(), Ok(Page { bytes, location: location.to_owned(), hints }));
}

fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(MAX_FILE + 1).read_to_end(&mut out);
    read.map_err(|e| format!("gzip: {e}"))?;
    within_limit(out)
}

fn json_lines(
    location: &str,
    bytes: &[u8],
    args: &ReadArgs,
    sink: &mut dyn FnMut(String, Result<Page, (String, String)>) -> bool,
) {
    let columns = &args.columns;
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
        let place = format!("{location}:{}", n + 1);
        let record: serde_json::Value = match serde_json::from_slice(line) {
            Ok(record) => record,
            Err(e) => {
                sink(place.clone(), Err((place, format!("not JSON: {e}"))));
                continue;
            }
        };
        let field = |name: &Option<String>| match record.get(name.as_deref()?)? {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(n) => Some(n.to_string()),
            _ => None,
        };
        let key = field(&columns.id).unwrap_or_else(|| place.clone());
        let Some(text) = field(&columns.text) else {
            sink(place, Err((key, "no text field".to_owned())));
            continue;
        };
        let hints = Hints {
            key,
            as_is: args.as_is,
            title: field(&columns.title),
            date: field(&columns.date),
            url: field(&columns.url),
            outlet: field(&columns.outlet),
            byline: field(&columns.byline),
            agency: field(&columns.agency),
            dateline: field(&columns.dateline),
            ..Hints::default()
        };
        if !sink(place.clone(), Ok(Page { bytes: text.into_bytes(), location: place, hints })) {
            return;
        }
    }
}

/// Reads pages until there are no more.
fn work(pages: &Mutex<Receiver<Page>>, outcomes: &SyncSender<Outcome>, known: &HashSet<ReportId>) {
    loop {
        // The lock is held only to take one page. A poisoned lock means that
        // another worker is gone; the pages are still good.
        let next = pages.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(page) = next else { return };
        if outcomes.send(read_page(page, known)).is_err() {
            return;
        }
    }
}

fn read_page(page: Page, known: &HashSet<ReportId>) -> Outcome {
    let Page { bytes, location, hints } = page;
    let id = firsthand_ledger::report_id(&firsthand_ledger::hash(&bytes), &hints.key);
    if known.contains(&id) {
        return Outcome::Unchanged;
    }
    let skipped = |reason: String| Outcome::Skipped { location: location.clone(), key: hints.key.clone(), reason };
    // The stages do not panic by their own rules; should one, or a crate
    // below them, break that, it costs one page and is said.
    let reading = catch_unwind(AssertUnwindSafe(|| firsthand_pipeline::read(&bytes, &hints)));
    match reading {
        Ok(Ok(reading)) => Outcome::Read(Box::new(Stored::new(&bytes, &hints.key, &location, reading))),
        Ok(Err(e)) => skipped(e.to_string()),
        Err(_) => skipped("a fault in the program while reading it (please report the page)".to_owned()),
    }
}

/// Writes what the workers send, in batches.
fn write_all(
    ledger: &mut Ledger,
    outcomes: &Receiver<Outcome>,
    bar: &ProgressBar,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let mut batch: Vec<Stored> = Vec::with_capacity(BATCH);
    for outcome in outcomes {
        match outcome {
            Outcome::Opened => bar.inc(1),
            Outcome::Unchanged => tally.unchanged += 1,
            Outcome::Skipped { location, key, reason } => skip(ledger, bar, tally, &location, &key, &reason)?,
            Outcome::Read(stored) => {
                tally.read += 1;
                batch.push(*stored);
                if batch.len() == BATCH {
                    ledger.put(&batch, READER)?;
                    batch.clear();
                }
            }
        }
    }
    if !batch.is_empty() {
        ledger.put(&batch, READER)?;
    }
    Ok(())
}

fn skip(
    ledger: &mut Ledger,
    bar: &ProgressBar,
    tally: &mut Tally,
    location: &str,
    key: &str,
    reason: &str,
) -> anyhow::Result<()> {
    tally.skipped += 1;
    bar.suspend(|| eprintln!("skipped: {key}: {reason}"));
    ledger.skip(location, key, reason)?;
    Ok(())
}

/// What was read, and the answers that most reports speak to.
fn summary(ledger: &Ledger, tally: &Tally) -> anyhow::Result<()> {
    let plural = |n: u64| if n == 1 { "" } else { "s" };
    let mut parts = vec![format!("{} report{} read", tally.read, plural(tally.read))];
    if tally.unchanged > 0 {
        parts.push(format!("{} unchanged", tally.unchanged));
    }
    if tally.skipped > 0 {
        parts.push(format!("{} skipped", tally.skipped));
    }
    let total = ledger.report_count()?;
    eprintln!("{}; {} in {}", parts.join(", "), total, ledger.path().display());
    let filter = Filter { limit: Some(3), ..Filter::default() };
    let clusters = ledger.list(View::Clusters, &filter)?;
    let column = |name: &str| clusters.columns.iter().position(|c| c == name);
    let (Some(id), Some(headline)) = (column("id"), column("headline")) else { return Ok(()) };
    for row in &clusters.rows {
        let width = usize::from(output::terminal_width()) - 4;
        eprintln!(
            "\n  {}\n  (firsthand show {})",
            output::wrap(&output::plain(&row[headline]), width, "  "),
            output::plain(&row[id])
        );
    }
    if clusters.total > 3 {
        eprintln!("\n{} claim clusters in all: firsthand clusters", clusters.total);
    }
    Ok(())
}
