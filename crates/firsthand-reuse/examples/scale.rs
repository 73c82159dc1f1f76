//! How long the comparison of many reports takes, and how much memory:
//! `cargo run --release -p firsthand-reuse --example scale -- [REPORTS]`.
//!
//! Compares half as many made-up reports and then all, from texts in memory to
//! families, and adds single reports to an index of all. Stories of about
//! eight reports: copied whole, cut, with words exchanged, in excerpts beside
//! own text, merged of two; words by Zipf's law, footers by outlet.

#![allow(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::time::{Duration, Instant};

use firsthand_model::{Block, BlockKind, Found, How, Moment, Report, ReportId};
use firsthand_reuse::{Index, Text, compare};
use firsthand_span::Span;

const WORDS: u64 = 30_000;
const OUTLETS: u64 = 40;
/// Reports added one by one.
const SINGLE: usize = 100;

/// Numbers that look random (Steele, Lea and Flood 2014, SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// A made-up word, frequent ones more often.
    fn word(&mut self) -> String {
        let u = self.below(1 << 20) as f64 / f64::from(1 << 20);
        let mut n = (WORDS as f64).powf(u) as u64;
        let mut out = String::new();
        loop {
            out.push_str(["ka", "lo", "mi", "ter", "sun", "va", "re", "den", "go", "pil"][(n % 10) as usize]);
            n /= 10;
            if n == 0 {
                return out;
            }
        }
    }

    fn sentence(&mut self) -> Vec<String> {
        (0..10 + self.below(18)).map(|_| self.word()).collect()
    }

    fn text(&mut self) -> Vec<Vec<String>> {
        (0..6 + self.below(12)).map(|_| self.sentence()).collect()
    }
}

fn derived(draw: &mut Draw, from: &[Vec<String>], other: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut out = from.to_vec();
    match draw.below(6) {
        0 => {}
        1 => out.truncate(out.len() / 2 + 1),
        2 => out.retain(|_| draw.below(3) > 0),
        3 => out.iter_mut().flatten().for_each(|w| {
            if draw.below(8) == 0 {
                *w = draw.word();
            }
        }),
        4 => {
            let at = draw.below(out.len() as u64) as usize;
            out = out.into_iter().skip(at).take(2).chain(draw.text()).collect();
        }
        _ => out = out.into_iter().step_by(2).chain(other.iter().skip(1).step_by(2).cloned()).collect(),
    }
    if out.is_empty() { from.to_vec() } else { out }
}

fn report(draw: &mut Draw, sentences: &[Vec<String>], minutes: i64) -> Report {
    let outlet = draw.below(OUTLETS);
    let mut text = String::new();
    for sentence in sentences {
        let mut words = sentence.join(" ");
        words[..1].make_ascii_uppercase();
        text.push_str(&words);
        text.push_str(if draw.below(2) == 0 { ".\n" } else { ". " });
    }
    text.push_str(&format!("\nAll rights reserved by the outlet number {outlet} and those who write for it."));
    let at = jiff::civil::date(2031, 1, 1).at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(minutes));
    Report {
        blocks: vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }],
        text,
        outlet: Some(Found::new(format!("Outlet {outlet}"), How::Given)),
        published: at.ok().map(|at| Found::new(Moment::clock(at, Some(0)), How::Given)),
        ..Report::default()
    }
}

fn collection(reports: usize) -> Vec<Report> {
    let mut draw = Draw(1);
    let mut out = Vec::with_capacity(reports);
    while out.len() < reports {
        let (root, other) = (draw.text(), draw.text());
        let mut minutes = draw.below(400_000) as i64;
        let mut tellings = vec![root];
        for n in 0..(1 + draw.below(15) as usize).min(reports - out.len()) {
            if n > 0 {
                let from = draw.below(tellings.len() as u64) as usize;
                tellings.push(derived(&mut draw, &tellings[from], &other));
                minutes += draw.below(180) as i64;
            }
            out.push(report(&mut draw, &tellings[n], minutes));
        }
    }
    out
}

fn id(n: usize) -> ReportId {
    let b = (n as u64).to_be_bytes();
    ReportId([b[2], b[3], b[4], b[5], b[6], b[7]])
}

fn texts(reports: &[Report]) -> Vec<Text<'_>> {
    reports.iter().enumerate().map(|(n, report)| Text { id: id(n), report, quotations: &[] }).collect()
}

/// Memory of this process at its highest, in MB, where the system tells it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn timed(reports: &[Report]) -> Duration {
    let texts = texts(reports);
    let started = Instant::now();
    let (links, families) = compare(&texts);
    let time = started.elapsed();
    println!(
        "{} reports: {:.1} s, {} links, {} families, highest memory {} MB",
        reports.len(),
        time.as_secs_f64(),
        links.len(),
        families.len(),
        peak()
    );
    time
}

fn main() {
    let n: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000).max(2 * SINGLE);
    let reports = collection(n);
    let bytes: usize = reports.iter().map(|r| r.text.len()).sum();
    println!("{} MB of text, memory before {} MB", bytes >> 20, peak());
    let half = timed(&reports[..n / 2]);
    let whole = timed(&reports);
    println!("growth from half: {:.2} x", whole.as_secs_f64() / half.as_secs_f64().max(1e-9));
    let all = texts(&reports);
    let mut index = Index::new();
    let (most, last) = all.split_at(n - SINGLE);
    most.iter().for_each(|t| drop(index.add(t)));
    let started = Instant::now();
    let found: usize = last.iter().map(|t| index.add(t).len()).sum();
    let each = started.elapsed().as_secs_f64() * 1000.0 / SINGLE as f64;
    println!("one report into an index of {}: {each:.2} ms, {found} neighbours of {SINGLE}", most.len());
}
