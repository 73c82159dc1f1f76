//! How long the stages take on the pages of the example: one page after the
//! other, and all of them compared.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use firsthand_model::Report;
use firsthand_page::Hints;
use firsthand_pipeline::Digests;

/// The pages of the example, with hints that name them.
fn pages() -> Vec<(Vec<u8>, Hints)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/orsava/pages");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the example is part of the project")
        .map(|e| e.expect("a readable folder").path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|f| {
            let hints = Hints { key: f.display().to_string(), ..Hints::default() };
            (std::fs::read(f).expect("a readable page"), hints)
        })
        .collect()
}

fn stages(c: &mut Criterion) {
    let pages = pages();
    let reports: Vec<Report> =
        pages.iter().filter_map(|(bytes, hints)| firsthand_page::read(bytes, hints).ok()).collect();
    let mut group = c.benchmark_group("example");
    group.bench_function("page", |b| {
        b.iter(|| pages.iter().filter(|(bytes, hints)| black_box(firsthand_page::read(bytes, hints)).is_ok()).count());
    });
    group.bench_function("language", |b| {
        b.iter(|| reports.iter().map(|r| black_box(firsthand_language::analyse(r)).tokens.len()).sum::<usize>());
    });
    group.bench_function("language and attribution", |b| {
        b.iter(|| {
            let attribute = |r: &Report| firsthand_attribution::attribute(r, &mut firsthand_language::analyse(r)).len();
            reports.iter().map(attribute).sum::<usize>()
        });
    });
    let mut digests = Digests::new();
    for ((bytes, hints), n) in pages.iter().zip(0u8..) {
        let reading = firsthand_pipeline::read(bytes, hints).expect("a page with a text");
        digests.push(firsthand_model::ReportId([0, 0, 0, 0, 0, n]), reading);
    }
    group.bench_function("comparison", |b| b.iter(|| black_box(firsthand_pipeline::compare(&digests)).clusters.len()));
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
