/*!
Main text against gold: `firsthand eval extract --data FILE…`.

* `shingles`: words in runs of four, counted; precision and recall of each
  page, averaged over pages, and the F1 of the two averages. The metric (and
  the tokens, `\w+`) of the article extraction benchmark's `evaluate.py`.
* `words`: F1 of the bag of words of each page, averaged over pages, as in WCXB.
* `lines mapped`, `wrong runs`: the span map, proved by `verify`.
* `pages/s` on one thread, and what `trafilatura` alone takes on the same pages.
*/

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use firsthand_model::{BlockKind, Report};
use firsthand_page::{Hints, verify};
use serde::Deserialize;

use crate::{Options, Row, Scores, bytes, jsonl};

#[derive(Deserialize)]
struct Page {
    id: String,
    #[serde(default)]
    url: Option<String>,
    file: String,
    text: String,
    /// Words that must be in the text, where the set has them.
    #[serde(default)]
    with: Vec<String>,
    /// Words that must not.
    #[serde(default)]
    without: Vec<String>,
}

/// The words of a report that compare with gold body text.
fn body(report: &Report) -> String {
    let mut out = String::new();
    for block in &report.blocks {
        if matches!(block.kind, BlockKind::Body | BlockKind::Heading) {
            out.push_str(block.span.of(&report.text));
            out.push('\n');
        }
    }
    out
}

/// Scores the files of `options`, all together.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut out = match &options.predictions {
        Some(path) => Some(std::fs::File::create(path).with_context(|| format!("writing {}", path.display()))?),
        None => None,
    };
    let mut sums = Sums::default();
    for path in &options.data {
        let folder = path.parent().unwrap_or(Path::new(""));
        for page in jsonl::<Page>(path)? {
            let original = bytes(&folder.join(&page.file))?;
            let text = sums.add(&page, &original);
            if let Some(out) = &mut out {
                let line = serde_json::json!({ "id": page.id, "url": page.url, "file": page.file, "text": text });
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(sums.scores())
}

#[derive(Default)]
struct Sums {
    pages: usize,
    unread: usize,
    shingles: Averages,
    words_f1: f64,
    with: (usize, usize),
    without: (usize, usize),
    lines: (usize, usize),
    wrong: usize,
    ours: Duration,
    alone: Duration,
    slowest: Duration,
}

/// Precision and recall, averaged over the pages where each is defined.
#[derive(Default)]
struct Averages {
    precision: (f64, f64),
    recall: (f64, f64),
}

impl Sums {
    fn add(&mut self, page: &Page, original: &[u8]) -> String {
        self.pages += 1;
        let hints = Hints { key: page.file.clone(), url: page.url.clone(), ..Hints::default() };
        let start = Instant::now();
        let report = firsthand_page::read(original, &hints);
        let took = start.elapsed();
        self.ours += took;
        self.slowest = self.slowest.max(took);
        self.alone += trafilatura_alone(original);

        let text = report.as_ref().map(body).unwrap_or_default();
        self.shingles.add(&shingles(&page.text), &shingles(&text));
        self.words_f1 +=
            f1(&counts(words(&page.text).map(str::to_lowercase)), &counts(words(&text).map(str::to_lowercase)));
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let holds = |part: &&String| plain.contains(&part.split_whitespace().collect::<Vec<_>>().join(" "));
        self.with.0 += page.with.iter().filter(holds).count();
        self.with.1 += page.with.len();
        self.without.0 += page.without.iter().filter(|part| !holds(part)).count();
        self.without.1 += page.without.len();
        match report {
            Err(_) => self.unread += 1,
            Ok(report) => {
                self.wrong += usize::from(verify(original, &report).is_err());
                for block in &report.blocks {
                    let mapped: usize = report
                        .map
                        .runs
                        .iter()
                        .filter_map(|run| run.clean.intersection(block.span))
                        .map(|part| part.of(&report.text).chars().filter(|c| !c.is_whitespace()).count())
                        .sum();
                    let all = block.span.of(&report.text).chars().filter(|c| !c.is_whitespace()).count();
                    self.lines.0 += usize::from(mapped == all);
                    self.lines.1 += 1;
                }
            }
        }
        text
    }

    fn scores(&self) -> Scores {
        let mut scores = Scores::default();
        let n = self.pages.max(1) as f64;
        let ((right, predicted), (found, gold)) = (self.shingles.precision, self.shingles.recall);
        scores.rows.push(("shingles".into(), Row::Counts { right, predicted, found, gold }));
        scores.number("words F1", 100.0 * self.words_f1 / n, "%");
        if self.with.1 + self.without.1 > 0 {
            scores.share("with", self.with.0, self.with.1);
            scores.share("without", self.without.0, self.without.1);
        }
        scores.share("lines mapped", self.lines.0, self.lines.1);
        scores.share("pages with a wrong map", self.wrong, self.pages);
        scores.share("pages not read", self.unread, self.pages);
        scores.number("speed", n / self.ours.as_secs_f64().max(1e-9), "pages/s");
        scores.number("trafilatura alone", n / self.alone.as_secs_f64().max(1e-9), "pages/s");
        scores.number("time against it", self.ours.as_secs_f64() / self.alone.as_secs_f64().max(1e-9), "×");
        scores.number("slowest page", self.slowest.as_secs_f64() * 1000.0, "ms");
        scores
    }
}

/// The time the extractor takes by itself, as a program without the rest
/// would run it: the whole page, decoded.
fn trafilatura_alone(original: &[u8]) -> Duration {
    let html = String::from_utf8_lossy(original);
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision);
    let start = Instant::now();
    let found = trafilatura::extract(&html, &options);
    let took = start.elapsed();
    drop(found);
    took
}

/// Runs of letters, digits and underscores: Python's `\w+`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty())
}

fn counts<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    items.for_each(|item| *counts.entry(item).or_insert(0) += 1);
    counts
}

fn shingles(text: &str) -> BTreeMap<Vec<&str>, usize> {
    let words: Vec<&str> = words(text).collect();
    // A text of fewer than four words is one shingle.
    if words.len() < 4 {
        return counts(std::iter::once(words));
    }
    counts(words.windows(4).map(<[&str]>::to_vec))
}

/// Items in both, only in the second, only in the first.
fn compare<T: Ord>(gold: &BTreeMap<T, usize>, predicted: &BTreeMap<T, usize>) -> (f64, f64, f64) {
    let both: usize = gold.iter().map(|(k, n)| n.min(predicted.get(k).unwrap_or(&0))).sum();
    let sum = |m: &BTreeMap<T, usize>| m.values().sum::<usize>();
    (both as f64, (sum(predicted) - both) as f64, (sum(gold) - both) as f64)
}

fn f1<T: Ord>(gold: &BTreeMap<T, usize>, predicted: &BTreeMap<T, usize>) -> f64 {
    let (both, more, less) = compare(gold, predicted);
    if both > 0.0 { 2.0 * both / (2.0 * both + more + less) } else { 0.0 }
}

impl Averages {
    fn add<T: Ord>(&mut self, gold: &BTreeMap<T, usize>, predicted: &BTreeMap<T, usize>) {
        let (both, more, less) = compare(gold, predicted);
        if both + more > 0.0 {
            self.precision.0 += both / (both + more);
            self.precision.1 += 1.0;
        }
        if both + less > 0.0 {
            self.recall.0 += both / (both + less);
            self.recall.1 += 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_count_as_the_benchmark_does() {
        let gold = shingles("one two three four five");
        let mut averages = Averages::default();
        averages.add(&gold, &shingles("one two, three four"));
        averages.add(&gold, &shingles(""));
        // The empty text is one (empty) shingle, none of which is right.
        assert_eq!(averages.precision, (1.0, 2.0));
        assert_eq!(averages.recall, (0.5, 2.0));
        assert!((f1(&gold, &shingles("one two three four")) - 2.0 / 3.0).abs() < 1e-12);
    }
}
