//! How long each stage takes, page by page beside the main-text extraction
//! alone, so that a busy machine slows both alike.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use firsthand_model::{Reading, ReportId};
use firsthand_page::Hints;

use crate::{Options, Scores, bytes};

/// What is timed, in the order of the pipeline.
const STAGES: [&str; 6] = ["main text alone", "page", "language", "attribution", "measures", "claims"];

/// Times every stage on the pages of the files and folders given, one thread.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut files = Vec::new();
    for path in &options.data {
        walk(path, &mut files)?;
    }
    files.sort();
    let mut spent = [Duration::ZERO; STAGES.len()];
    let mut readings: Vec<Reading> = Vec::with_capacity(files.len());
    let (mut size, mut skipped, mut tokens) = (0, 0, 0);
    for file in &files {
        let html = bytes(file)?;
        size += html.len();
        let mut clock = Instant::now();
        let mut lap = |stage: usize| {
            let now = Instant::now();
            spent[stage] += now - clock;
            clock = now;
        };
        let text = String::from_utf8_lossy(&html);
        // Settings as in the page stage, dates off: they are found elsewhere.
        let settings = trafilatura::Options::default()
            .with_fallback(true)
            .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
        // A finder that panics is timed like one that ends.
        let _ = black_box(std::panic::catch_unwind(|| trafilatura::extract(&text, &settings).is_ok()));
        lap(0);
        let Ok(report) = firsthand_page::read(&html, &Hints::default()) else {
            lap(1);
            skipped += 1;
            continue;
        };
        lap(1);
        let mut analysis = firsthand_language::analyse(&report);
        lap(2);
        tokens += analysis.tokens.len();
        let attributions = firsthand_attribution::attribute(&report, &mut analysis);
        lap(3);
        let measures = firsthand_measure::measures(&report, &analysis, &attributions);
        let times = firsthand_measure::times(&report, &analysis);
        let places = firsthand_measure::places(&report, &analysis);
        lap(4);
        let mut reading = Reading { report, analysis, attributions, measures, times, places, claims: Vec::new() };
        reading.claims = firsthand_claim::claims(&reading);
        lap(5);
        readings.push(firsthand_pipeline::digest(reading));
    }
    let known: Vec<(ReportId, &Reading)> = readings.iter().enumerate().map(|(n, r)| (number(n), r)).collect();
    // One thread for the comparison too.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let start = Instant::now();
    let comparison = one.install(|| black_box(firsthand_pipeline::compare(&known)));
    let compared = start.elapsed();

    let mut out = Scores::default();
    let pages = files.len().max(1) as f64;
    let alone = spent[0].as_secs_f64().max(f64::MIN_POSITIVE);
    let all: Duration = spent[1..].iter().sum::<Duration>() + compared;
    out.share("pages read", files.len() - skipped, files.len());
    out.number("size", size as f64 / 1e6, "MB");
    out.number("clusters", comparison.clusters.len() as f64, "");
    for (name, time) in STAGES.iter().zip(spent).chain([(&"comparison", compared), (&"all stages", all)]) {
        out.number(format!("{name}: time"), 1e3 * time.as_secs_f64() / pages, "ms/page");
        out.number(format!("{name}: against the main text alone"), time.as_secs_f64() / alone, "x");
    }
    let per_second = |n: usize, time: Duration| n as f64 / time.as_secs_f64().max(f64::MIN_POSITIVE);
    out.number("language: speed", per_second(tokens, spent[2]), "tokens/s");
    out.number("attribution: speed", per_second(tokens, spent[3]), "tokens/s");
    out.number("measures: speed", per_second(tokens, spent[4]), "tokens/s");
    out.number("all stages: speed", per_second(files.len(), all), "pages/s on one core");
    Ok(out)
}

/// An identifier by order: timing needs no hash.
fn number(n: usize) -> ReportId {
    let [.., a, b, c, d, e, f] = (n as u64).to_be_bytes();
    ReportId([a, b, c, d, e, f])
}

fn walk(path: &Path, out: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !path.is_dir() {
        out.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if !entry.file_type()?.is_symlink() {
            walk(&entry.path(), out)?;
        }
    }
    Ok(())
}
