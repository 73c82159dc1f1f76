//! Names on gold tokens: two-column BIO files.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Instant;

use anyhow::Context;
use firsthand_language::names::{LABELS, Words, chunks, label};

use crate::{Options, Scores, text};

/// Kinds of names that are scored: every corpus here marks these.
const KINDS: [&str; 3] = ["PER", "ORG", "LOC"];
/// Sentences that count as one text where a file does not mark documents.
const WINDOW: usize = 12;

/// Precision and recall of whole names of each kind, and the speed.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let (mut right, mut predicted, mut gold) = ([0; 4], [0; 4], [0; 4]);
    let (mut count, mut seconds, mut out) = (0, 0.0, String::new());
    for path in &options.data {
        let file = text(path)?;
        for block in documents(&file) {
            let mut words = Words::default();
            let mut marks: Vec<&str> = Vec::new();
            for sentence in block {
                let start = words.words.len();
                for (word, mark) in sentence {
                    words.words.push(word);
                    marks.push(mark);
                }
                words.sentences.push(start..words.words.len());
            }
            let start = Instant::now();
            let labels = label(&words);
            seconds += start.elapsed().as_secs_f64();
            count += labels.len();
            let (mut want, mut got) = (BTreeSet::new(), BTreeSet::new());
            for (s, sentence) in words.sentences.iter().enumerate() {
                want.extend(gold_names(s, &marks[sentence.clone()]));
                got.extend(
                    chunks(&labels[sentence.clone()])
                        .into_iter()
                        .map(|(kind, range)| (s, (range.start, range.end), LABELS[usize::from(kind)][2..].to_owned())),
                );
                for i in sentence.clone() {
                    let label = LABELS[usize::from(labels[i])].replace("GROUP", "NORP");
                    writeln!(out, "{}\t{label}", words.words[i])?;
                }
                out.push('\n');
            }
            for (slot, kind) in KINDS.into_iter().map(Some).chain([None]).enumerate() {
                let of = |names: &BTreeSet<(usize, (usize, usize), String)>| {
                    names
                        .iter()
                        .filter(|n| kind.map_or(KINDS.contains(&n.2.as_str()), |k| k == n.2))
                        .cloned()
                        .collect::<BTreeSet<_>>()
                };
                let (want, got) = (of(&want), of(&got));
                right[slot] += want.intersection(&got).count();
                predicted[slot] += got.len();
                gold[slot] += want.len();
            }
        }
    }
    if let Some(path) = &options.predictions {
        std::fs::write(path, out).with_context(|| format!("writing {}", path.display()))?;
    }
    let mut scores = Scores::default();
    for (slot, name) in ["names.PER", "names.ORG", "names.LOC", "names"].into_iter().enumerate() {
        scores.counts(name, right[slot], predicted[slot], gold[slot]);
    }
    scores.number("names.speed", count as f64 / seconds.max(1e-9), "words/s");
    Ok(scores)
}

type Row<'t> = (&'t str, &'t str);

/// Documents of sentences of rows: up to a line that is an address, where the
/// file has such, else windows.
fn documents(file: &str) -> Vec<Vec<Vec<Row<'_>>>> {
    let addressed = file.lines().filter(|l| l.starts_with("http")).count() > 20;
    let mut out: Vec<Vec<Vec<Row<'_>>>> = Vec::new();
    for block in file.split("\n\n") {
        let rows: Vec<Row<'_>> = block.lines().filter_map(|l| l.rsplit_once('\t')).collect();
        let Some(first) = rows.first() else { continue };
        let full = out.last().is_none_or(|d| if addressed { first.0.starts_with("http") } else { d.len() >= WINDOW });
        if full {
            out.push(Vec::new());
        }
        if let Some(last) = out.last_mut() {
            last.push(rows);
        }
    }
    out
}

fn gold_names(sentence: usize, marks: &[&str]) -> Vec<(usize, (usize, usize), String)> {
    let mut out: Vec<(usize, (usize, usize), String)> = Vec::new();
    for (i, mark) in marks.iter().enumerate() {
        let Some((place, kind)) = mark.split_once('-') else { continue };
        match out.last_mut() {
            Some(last) if place == "I" && last.1.1 == i && last.2 == kind => last.1.1 = i + 1,
            _ => out.push((sentence, (i, i + 1), kind.to_owned())),
        }
    }
    out
}
