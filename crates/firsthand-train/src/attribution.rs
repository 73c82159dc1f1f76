//! The attribution models: cues, and the windows around them.
//!
//! Trained on PolNeAR's training articles: hand-marked sources, cues and
//! contents of United States news. The development articles are never seen.

use anyhow::Context;
use firsthand_attribution::crf::{self, Window};
use firsthand_attribution::learned::{Gold, Lessons, Model, lessons};
use firsthand_language::kernel::{Features, Table, Trainer};
use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::{CodePoints, Span};
use serde::Deserialize;

use crate::rng::Rng;
use crate::{Options, corpus};

/// Passes over the examples.
const PASSES: [usize; 2] = [6, 8];
/// AdaGrad's rate.
const RATE: f32 = 0.05;
/// Share of an example's features left out at random, for cues and windows.
const DROP: [f32; 2] = [0.3, 0.6];
/// Features that occur less often are left out.
const SELDOM: u8 = 4;
/// Buckets of the tables, as powers of two, and the fewest updates kept.
const BITS: [u32; 2] = [18, 19];
const LEAST: u32 = 2;

#[derive(Deserialize)]
struct Doc {
    text: String,
    attributions: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    source: Vec<[u32; 2]>,
    cue: Vec<[u32; 2]>,
    content: Vec<[u32; 2]>,
}

/// Trains both models and writes the weight file.
pub(crate) fn train(options: &Options) -> anyhow::Result<()> {
    let model = learn(&corpus::jsonl(&options.corpus("attribution/polnear_train.jsonl.gz"))?)?;
    options.write("firsthand-attribution", "english-attribution.fhw", &model.write()?)
}

/// Every line of a text is a block.
fn report(text: &str) -> Report {
    let mut report = Report { text: text.to_owned(), ..Report::default() };
    let mut at = 0;
    for line in text.split('\n') {
        let span = Span::new(at, at + line.len()).trim(text);
        if !span.is_empty() {
            report.blocks.push(Block { kind: BlockKind::Body, span });
        }
        at += line.len() + 1;
    }
    report
}

fn learn(docs: &[Doc]) -> anyhow::Result<Model> {
    let mut all = Lessons::default();
    for doc in docs {
        let report = report(&doc.text);
        let analysis = firsthand_language::analyse(&report);
        let points = CodePoints::new(&doc.text);
        let spans = |pairs: &[[u32; 2]]| pairs.iter().map(|&[a, b]| points.bytes(a, b)).collect();
        let gold: Vec<Gold> = doc
            .attributions
            .iter()
            .map(|r| Gold { source: spans(&r.source), cue: spans(&r.cue), content: spans(&r.content) })
            .collect();
        let lessons = lessons(&report, &analysis, &gold);
        all.cues.extend(lessons.cues);
        all.windows.extend(lessons.windows);
    }
    eprintln!("{} candidate words, {} windows", all.cues.len(), all.windows.len());
    prune(&mut all);
    let mut rng = Rng::new(17);
    let mut cues = Trainer::<2>::adagrad(RATE);
    let mut kept = Features::new();
    for pass in 0..PASSES[0] {
        rng.shuffle(&mut all.cues);
        let mut sum = 0.0;
        for (features, yes) in &all.cues {
            thin(features, &mut kept, &mut rng, DROP[0]);
            sum += cues.fit(&kept, usize::from(*yes));
        }
        eprintln!("cues, pass {pass}: mean probability {:.4}", sum / all.cues.len().max(1) as f32);
    }
    let cues = Table::build(&cues.average(), BITS[0], LEAST);
    all.cues = Vec::new();
    let mut windows = Trainer::<{ crf::LABELS }>::adagrad(RATE);
    let mut part = Window::default();
    for pass in 0..PASSES[1] {
        rng.shuffle(&mut all.windows);
        let mut sum = 0.0;
        for (w, labels) in &all.windows {
            thin_window(w, &mut part, &mut rng, DROP[1]);
            sum += crf::learn(&mut windows, &part, labels);
        }
        eprintln!("windows, pass {pass}: mean log-likelihood a token {:.4}", sum / all.windows.len().max(1) as f32);
    }
    let windows = Table::build(&windows.average(), BITS[1], LEAST);
    Model::open(&Model { cues, windows }.write()?).context("the file just written")
}

/// Leaves out features that occur less than a few times: they would only be
/// learned by heart.
fn prune(all: &mut Lessons) {
    let seldom = |lists: &mut dyn Iterator<Item = &Features>| {
        // Counts in a fixed table: a collision keeps a seldom feature, no more.
        let mut counts = vec![0u8; 1 << 27];
        for &feature in lists.flatten() {
            let slot = &mut counts[(feature >> 37) as usize];
            *slot = slot.saturating_add(1);
        }
        counts
    };
    let counts = seldom(&mut all.cues.iter().map(|c| &c.0));
    for (features, _) in &mut all.cues {
        features.retain(|&f| counts[(f >> 37) as usize] >= SELDOM);
    }
    let counts = seldom(&mut all.windows.iter().map(|w| &w.0.features));
    for (w, _) in &mut all.windows {
        let (mut out, mut ends, mut start) = (Features::new(), Vec::new(), 0usize);
        for &end in &w.ends {
            out.extend(w.features[start..end as usize].iter().filter(|&&f| counts[(f >> 37) as usize] >= SELDOM));
            ends.push(out.len() as u32);
            start = end as usize;
        }
        (w.features, w.ends) = (out, ends);
    }
}

/// Leaves out a share of the features at random, so that no single one is
/// leaned on (dropout).
fn thin(features: &Features, kept: &mut Features, rng: &mut Rng, share: f32) {
    kept.clear();
    kept.extend(features.iter().filter(|_| rng.unit() >= share));
}

fn thin_window(w: &Window, part: &mut Window, rng: &mut Rng, share: f32) {
    part.features.clear();
    part.ends.clear();
    part.cue = w.cue;
    part.boundary.clone_from(&w.boundary);
    let mut start = 0usize;
    for &end in &w.ends {
        part.features.extend(w.features[start..end as usize].iter().filter(|_| rng.unit() >= share));
        part.ends.push(part.features.len() as u32);
        start = end as usize;
    }
}
