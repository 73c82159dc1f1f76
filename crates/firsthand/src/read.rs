//! `firsthand read PATH…`: files through the stages into the ledger.
//!
//! One thread opens files and takes archives apart, as many workers as there
//! are cores read pages, and this thread alone writes, whole reports only.
//! Channels between them are short, so memory does not grow with the pages.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{Cursor, IsTerminal, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use anyhow::Context;
use firsthand_ledger::{Filter, Imported, Ledger, Stored, View};
use firsthand_model::{Outlets, ReportId};
use firsthand_page::Hints;
use firsthand_page::format::{self, Columns, Member, Options, Skipped, Table};
use firsthand_pipeline::Gazetteer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::{Format, ReadArgs};
use crate::input::{self, InputFile};
use crate::{ALL_WELL, SOMETHING_WRONG, output};

/// Reports a transaction holds at most.
const BATCH: usize = 64;

/// Bytes of standard input that are read at most: it is held whole.
const MAX_STDIN: u64 = 256 << 20;

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
    let imported = ledger.gazetteer()?;
    let reader = reader(imported.as_ref());
    let gazetteer = match &imported {
        None => Cow::Borrowed(Gazetteer::built_in()),
        Some(g) => Cow::Owned(Gazetteer::built_in().with_rows(&g.rows)),
    };
    drop(imported);
    let known = Arc::new(ledger.ids_read_by(&reader)?);
    let jobs =
        args.jobs.filter(|n| *n > 0).unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let outlets = outlets(args.outlets.as_deref())?;
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
            let gazetteer = &*gazetteer;
            scope.spawn(move || work(&pages, &to_writer, &known, gazetteer));
        }
        let (files, outlets) = (&files, outlets.as_ref());
        scope.spawn(move || open_all(files, from_stdin, &options(args), outlets, &to_workers, &to_writer));
        write_all(&mut ledger, &outcomes, &bar, &mut tally, &reader)
    })?;
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}")?);
    bar.set_message("comparing the reports");
    ledger.compare(&reader)?;
    bar.finish_and_clear();
    if !args.quiet {
        summary(&ledger, &tally)?;
    }
    Ok(if tally.skipped == 0 { ALL_WELL } else { SOMETHING_WRONG })
}

/// What names the stages and the places that they know: a ledger re-reads
/// what others read.
pub(crate) fn reader(imported: Option<&Imported>) -> String {
    match imported {
        None => firsthand_pipeline::VERSION.to_owned(),
        Some(g) => format!("{}+places.{}", firsthand_pipeline::VERSION, g.blake3.get(..12).unwrap_or_default()),
    }
}

/// What the user knows of outlets: from the file named, or from
/// `outlets.toml` here if there is one.
fn outlets(path: Option<&Path>) -> anyhow::Result<Option<Arc<Outlets>>> {
    let default = Path::new("outlets.toml");
    let path = match path {
        Some(path) => path,
        None if default.exists() => default,
        None => return Ok(None),
    };
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(Some(Arc::new(toml::from_str(&text).with_context(|| path.display().to_string())?)))
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
    options: &Options,
    outlets: Option<&Arc<Outlets>>,
    pages: &SyncSender<Page>,
    outcomes: &SyncSender<Outcome>,
) {
    let open = |location: &str, key: &str, input: Result<Box<dyn Source>, String>| {
        // A send fails only when the other side has given up, and then so do we.
        let skip = |member: &str, reason: String| {
            let (location, key) = (at(location, key, member), member.to_owned());
            outcomes.send(Outcome::Skipped { location, key, reason }).is_ok()
        };
        let mut input = match input {
            Ok(input) => input,
            Err(reason) => return skip(key, reason),
        };
        format::members(&mut input, key, options, &mut |member| match member {
            Ok(Member { bytes, mut hints }) => {
                hints.outlets = outlets.cloned();
                pages.send(Page { location: at(location, key, &hints.key), bytes, hints }).is_ok()
            }
            Err(Skipped { key, reason }) => skip(&key, reason),
        });
        outcomes.send(Outcome::Opened).is_ok()
    };
    if stdin {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MAX_STDIN + 1).read_to_end(&mut bytes);
        let input = match read {
            Err(e) => Err(e.to_string()),
            Ok(n) if n as u64 > MAX_STDIN => Err(format!("larger than {} MiB", MAX_STDIN >> 20)),
            Ok(_) => Ok(Box::new(Cursor::new(bytes)) as Box<dyn Source>),
        };
        if !open("-", "-", input) {
            return;
        }
    }
    for file in files {
        let location = file.path.canonicalize().unwrap_or_else(|_| file.path.clone()).display().to_string();
        let input = File::open(&file.path).map(|f| Box::new(f) as Box<dyn Source>).map_err(|e| e.to_string());
        if !open(&location, &file.key, input) {
            return;
        }
    }
}

/// A file or standard input.
trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// Where a member of a file lies: the file's place, and the member's key
/// where it is not the file itself.
fn at(location: &str, file: &str, member: &str) -> String {
    match member.strip_prefix(file) {
        Some("") => location.to_owned(),
        Some(rest) => format!("{location}{rest}"),
        None => format!("{location}!{member}"),
    }
}

/// How containers and tables are to be taken apart.
fn options(args: &ReadArgs) -> Options {
    let columns = args.columns.clone();
    Options {
        columns: Columns {
            text: columns.text,
            title: columns.title,
            date: columns.date,
            url: columns.url,
            outlet: columns.outlet,
            byline: columns.byline,
            agency: columns.agency,
            dateline: columns.dateline,
            id: columns.id,
        },
        table: args.format.map(|f| match f {
            Format::Jsonl => Table::JsonLines,
            Format::Csv => Table::Csv,
        }),
        as_is: args.as_is,
        ..Options::default()
    }
}

/// Reads pages until there are no more.
fn work(
    pages: &Mutex<Receiver<Page>>,
    outcomes: &SyncSender<Outcome>,
    known: &HashSet<ReportId>,
    gazetteer: &Gazetteer,
) {
    loop {
        // The lock is held only to take one page. A poisoned lock means that
        // another worker is gone; the pages are still good.
        let next = pages.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(page) = next else { return };
        if outcomes.send(read_page(page, known, gazetteer)).is_err() {
            return;
        }
    }
}

fn read_page(page: Page, known: &HashSet<ReportId>, gazetteer: &Gazetteer) -> Outcome {
    let Page { bytes, location, hints } = page;
    let id = firsthand_ledger::report_id(&firsthand_ledger::hash(&bytes), &hints.key);
    if known.contains(&id) {
        return Outcome::Unchanged;
    }
    let skipped = |reason: String| Outcome::Skipped { location: location.clone(), key: hints.key.clone(), reason };
    // The stages do not panic by their own rules; should one, or a crate
    // below them, break that, it costs one page and is said.
    let reading = catch_unwind(AssertUnwindSafe(|| firsthand_pipeline::read_with(&bytes, &hints, gazetteer)));
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
    reader: &str,
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
                    ledger.put(&batch, reader)?;
                    batch.clear();
                }
            }
        }
    }
    if !batch.is_empty() {
        ledger.put(&batch, reader)?;
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
