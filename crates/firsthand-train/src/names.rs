//! The model of names: a conditional random field with AdaGrad over hashed
//! features, word classes from unlabelled news.

use std::ops::Range;

use anyhow::Context;
use firsthand_language::kernel::{Average, Features, Scorer, Table, Trainer};
use firsthand_language::names::chain::{Transitions, marginals};
use firsthand_language::names::features::{Look, class_form};
use firsthand_language::names::{Classes, K, LABELS, Model, Words, chunks};
use firsthand_language::text::tokenise;
use firsthand_span::Span;
use serde_json::Value;

use crate::rng::Rng;
use crate::{Options, classes, corpus};

/// Labelled corpora, and the labels that an unmarked word may have there
/// besides none: kinds which the corpus does not mark.
const CORPORA: [(&str, Unmarked); 4] = [
    ("names/eww-train.bio.gz", Unmarked::Nothing),
    ("names/wikigold.bio.gz", Unmarked::Groups),
    ("names/re3d-train.bio.gz", Unmarked::GroupsAndMisc),
    ("names/btc-g.bio.gz", Unmarked::GroupsAndMisc),
];

/// Unlabelled text for the word classes, and its field.
const PLAIN: [(&str, &str); 10] = [
    ("attribution/polnear_train.jsonl.gz", "text"),
    ("cluster/ecbplus_docs.jsonl.gz", "text"),
    ("cluster/checkthat2020_claims.jsonl.gz", "claim"),
    ("extract/wcxb_dev.jsonl.gz", "text"),
    ("extract/article_benchmark.jsonl.gz", "text"),
    ("place/lgl_dev.jsonl.gz", "text"),
    ("reuse/articlecomparisons.jsonl.gz", "text"),
    ("reuse/wikinews_en_2019_2020.jsonl.gz", "text"),
    ("time/timebank.jsonl.gz", "text"),
    ("time/wikiwars.jsonl.gz", "text"),
];

const EPOCHS: usize = 6;
const RATE: f32 = 0.12;
/// Table size and least updates: chosen on the dev sets for under 4 MB.
const BITS: u32 = 18;
const LEAST: u32 = 2;

#[derive(Clone, Copy, PartialEq)]
enum Unmarked {
    Nothing,
    Groups,
    GroupsAndMisc,
}

/// One document: words, sentences, and the labels allowed for each word.
struct Document {
    words: Vec<String>,
    sentences: Vec<Range<usize>>,
    allowed: Vec<u16>,
}

fn label(name: &str) -> usize {
    let name = match name {
        "B-NORP" => "B-GROUP",
        "I-NORP" => "I-GROUP",
        name => name,
    };
    LABELS.iter().position(|&l| l == name).unwrap_or(0)
}

/// Reads a BIO file; a document ends at a line with an address (worldwide
/// newswire) or after 12 sentences.
fn read(text: &str, unmarked: Unmarked) -> Vec<Document> {
    let mut out = Vec::new();
    let mut doc = Document { words: Vec::new(), sentences: Vec::new(), allowed: Vec::new() };
    let addressed = text.lines().filter(|l| l.starts_with("http")).count() > 100;
    for block in text.split("\n\n") {
        let rows: Vec<(&str, &str)> =
            block.lines().filter_map(|l| l.rsplit_once('\t')).filter(|(w, _)| !w.starts_with("-DOCSTART")).collect();
        let Some(first) = rows.first() else { continue };
        let done = if addressed { first.0.starts_with("http") } else { doc.sentences.len() >= 12 };
        if done && !doc.words.is_empty() {
            out.push(std::mem::replace(
                &mut doc,
                Document { words: Vec::new(), sentences: Vec::new(), allowed: Vec::new() },
            ));
        }
        let start = doc.words.len();
        let mut labels: Vec<usize> = rows.iter().map(|r| label(r.1)).collect();
        tidy(&rows, &mut labels);
        for ((word, given), label) in rows.iter().zip(labels) {
            doc.words.push((*word).to_owned());
            let wild = match (label, unmarked) {
                (0, Unmarked::GroupsAndMisc) => 0b111_1000_0001,
                (9, Unmarked::Groups) => 0b010_1000_0000,
                (10, Unmarked::Groups) => 0b101_0000_0000,
                _ => 0,
            };
            // What a corpus marks and we drop stays open.
            let dropped = if label == 0 && *given != "O" { 0b111_1111_1111 } else { 0 };
            doc.allowed.push(1 << label | wild | if dropped != 0 && unmarked != Unmarked::Nothing { 1 } else { 0 });
        }
        doc.sentences.push(start..doc.words.len());
    }
    if !doc.words.is_empty() {
        out.push(doc);
    }
    out
}

/// Leaves determiners out of names, and drops names without a capital: other
/// corpora mark "the group" or "my" as a mention.
fn tidy(rows: &[(&str, &str)], labels: &mut [usize]) {
    let mut i = 0;
    while i < labels.len() {
        if labels[i].is_multiple_of(2) {
            i += 1;
            continue;
        }
        let kind = labels[i];
        let mut end = i + 1;
        while end < labels.len() && labels[end] == kind + 1 {
            end += 1;
        }
        let mut start = i;
        while start < end && matches!(rows[start].0.to_lowercase().as_str(), "the" | "a" | "an" | "my" | "our" | "his")
        {
            labels[start] = 0;
            start += 1;
        }
        let capital = |w: &str| w.chars().any(|c| c.is_uppercase() || c.is_ascii_digit() || c == '@' || c == '#');
        if start < end && start > i {
            labels[start] = kind;
        }
        if !rows[start..end].iter().any(|r| capital(r.0)) && rows[start..end].iter().any(|r| r.0.len() < 4) {
            labels[start..end].fill(0);
        }
        i = end;
    }
}

/// Reads the names of GUM: entities of persons, organisations and places whose
/// head is a proper noun, cut down to the run of proper nouns around it.
fn read_gum(text: &str) -> Vec<Document> {
    let mut out: Vec<Document> = Vec::new();
    for block in text.split("\n\n") {
        if block.contains("# newdoc") || out.is_empty() {
            out.push(Document { words: Vec::new(), sentences: Vec::new(), allowed: Vec::new() });
        }
        let rows: Vec<Vec<&str>> = block
            .lines()
            .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()))
            .map(|l| l.split('\t').collect::<Vec<_>>())
            .filter(|r| r.len() == 10 && r[0].bytes().all(|b| b.is_ascii_digit()))
            .collect();
        let (Some(document), false) = (out.last_mut(), rows.is_empty()) else { continue };
        let start = document.words.len();
        // Inside what GUM does not mark, other kinds of names may stand.
        let mut allowed: Vec<u16> = rows
            .iter()
            .map(|r| {
                let capital = r[1].chars().next().is_some_and(char::is_uppercase);
                if capital { 0b111_1000_0001 } else { 1 }
            })
            .collect();
        for (kind, range) in gum_entities(&rows) {
            let proper = |i: usize| rows.get(i).is_some_and(|r| r[3] == "PROPN");
            let Some(head) = range.clone().find(|&i| {
                let to: usize = rows[i][6].parse().unwrap_or(0);
                !range.contains(&to.wrapping_sub(1))
            }) else {
                continue;
            };
            if !proper(head) {
                continue;
            }
            let link =
                |i: usize| rows.get(i).is_some_and(|r| matches!(r[1], "of" | "-" | "&" | "and" | "for" | "the" | "'s"));
            let (mut from, mut to) = (head, head + 1);
            loop {
                if from > range.start && proper(from - 1) {
                    from -= 1;
                } else if from > range.start + 1 && matches!(rows[from - 1][1], "-" | "of") && proper(from - 2) {
                    from -= 2;
                } else {
                    break;
                }
            }
            while to < range.end {
                if proper(to) {
                    to += 1;
                } else if link(to) && to + 1 < range.end && proper(to + 1) {
                    to += 2;
                } else {
                    break;
                }
            }
            while kind == 1
                && from + 1 < to
                && firsthand_name::title(&rows[from][1].to_lowercase().replace('.', "")).is_some()
            {
                from += 1;
            }
            if allowed[from..to].iter().any(|a| a & 1 == 0) {
                continue; // inside a larger name
            }
            allowed[from] = 1 << kind;
            allowed[from + 1..to].fill(1 << (kind + 1));
        }
        document.words.extend(rows.iter().map(|r| r[1].to_owned()));
        document.allowed.extend(allowed);
        document.sentences.push(start..document.words.len());
    }
    out
}

/// Persons (1), organisations (3) and places (5) of one sentence, larger ones first.
fn gum_entities(rows: &[Vec<&str>]) -> Vec<(usize, Range<usize>)> {
    let mut open: Vec<(String, usize, usize)> = Vec::new();
    let mut out = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(marks) = row[9].split('|').find_map(|f| f.strip_prefix("Entity=")) else { continue };
        let mut rest = marks;
        while !rest.is_empty() {
            let end = rest[1..].find(['(', ')']).map_or(rest.len(), |e| e + 1);
            let opens = rest.starts_with('(');
            let closes = rest[end..].starts_with(')');
            let body = rest[..end].trim_matches(['(', ')']);
            let mut fields = body.split('-');
            let id = fields.next().unwrap_or("").to_owned();
            if opens {
                let kind = match fields.next() {
                    Some("person") => 1,
                    Some("organization") => 3,
                    Some("place") => 5,
                    _ => 0,
                };
                open.push((id.clone(), kind, i));
            }
            if closes && let Some(at) = open.iter().rposition(|o| o.0 == id) {
                let (_, kind, from) = open.remove(at);
                if kind > 0 {
                    out.push((kind, from..i + 1));
                }
            }
            rest = rest[end..].strip_prefix(')').unwrap_or(&rest[end..]);
        }
    }
    out.sort_by_key(|(_, r)| (std::cmp::Reverse(r.len()), r.start));
    out
}

fn learn_classes(options: &Options, documents: &[Document]) -> anyhow::Result<Classes> {
    let mut sentences: Vec<Vec<String>> = Vec::new();
    for document in documents {
        for sentence in &document.sentences {
            sentences.push(document.words[sentence.clone()].iter().map(|w| class_form(w).into_owned()).collect());
        }
    }
    let mut spans = Vec::new();
    for (path, field) in PLAIN {
        let mut seen = std::collections::BTreeSet::new();
        for record in corpus::jsonl::<Value>(&options.corpus(path))? {
            let text = record[field].as_str().unwrap_or("");
            for line in text.lines() {
                if line.is_empty() || !seen.insert(firsthand_language::kernel::hash(line)) {
                    continue;
                }
                spans.clear();
                tokenise(line, Span::new(0, line.len()), &mut spans);
                let mut sentence = Vec::new();
                for span in &spans {
                    let word = span.of(line).replace('’', "'");
                    let stop = matches!(word.as_str(), "." | "!" | "?");
                    sentence.push(class_form(&word).into_owned());
                    if stop {
                        sentences.push(std::mem::take(&mut sentence));
                    }
                }
                sentences.push(sentence);
            }
        }
    }
    eprintln!("names: classes from {} words", sentences.iter().map(Vec::len).sum::<usize>());
    let (fine, coarse) = std::thread::scope(|scope| {
        let coarse = scope.spawn(|| classes::learn(&sentences, 48, 8));
        (classes::learn(&sentences, 240, 8), coarse.join().unwrap_or_default())
    });
    Ok(Classes::new(fine.iter().map(|(w, &f)| (w.as_str(), f, coarse.get(w).copied().unwrap_or(0)))))
}

/// Trains and writes `names.weights`.
pub(crate) fn train(options: &Options) -> anyhow::Result<()> {
    let mut documents = Vec::new();
    for (path, unmarked) in CORPORA {
        documents.extend(read(&corpus::text(&options.corpus(path))?, unmarked));
    }
    documents.extend(read_gum(&corpus::text(&options.corpus("language/gumfree-train.conllu.gz"))?));
    let classes = learn_classes(options, &documents)?;
    let words: Vec<Words<'_>> = documents
        .iter()
        .map(|d| Words { words: d.words.iter().map(String::as_str).collect(), sentences: d.sentences.clone() })
        .collect();
    let looks: Vec<Look> = words.iter().map(|w| Look::new(w, &classes)).collect();
    let all: Vec<usize> = (0..documents.len()).collect();
    let corpus = Corpus { documents: &documents, looks: &looks };
    // Two models that saw the sentences in other orders, summed: steadier than
    // one, and no dearer in use.
    let ((mut average, mut transitions), other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| corpus.learn(&all, 23));
        (corpus.learn(&all, 11), other.join().ok())
    });
    let (more, chain) = other.context("training the second model")?;
    average.merge(more);
    for (sum, weight) in transitions.iter_mut().flatten().zip(chain.iter().flatten()) {
        *sum += weight;
    }
    let table = Table::build(&average, BITS, LEAST);
    // Transitions on the table's integer scale.
    let unit = table.unscale(firsthand_language::kernel::Scores([1.0; K])).0[0];
    let transitions = transitions.map(|row| row.map(|w| w / unit));
    let model = Model { table, transitions, classes };
    options.write("firsthand-language", "names.weights", &model.to_bytes()?)?;
    for path in ["names/eww-dev.bio.gz", "names/uner-ewt-dev.bio.gz"] {
        report(&model, path, &corpus::text(&options.corpus(path))?);
    }
    Ok(())
}

struct Corpus<'a> {
    documents: &'a [Document],
    looks: &'a [Look],
}

impl Corpus<'_> {
    /// Learns from chosen documents, in the order that a seed gives.
    fn learn(&self, chosen: &[usize], seed: u64) -> (Average<K>, Transitions) {
        let mut order: Vec<(usize, usize)> =
            chosen.iter().flat_map(|&d| (0..self.documents[d].sentences.len()).map(move |s| (d, s))).collect();
        let mut rng = Rng::new(seed);
        let mut trainer = Trainer::<K>::adagrad(RATE);
        let mut chain = Chain::default();
        let (mut features, mut scores) = (Vec::<Features>::new(), Vec::new());
        for epoch in 0..EPOCHS {
            rng.shuffle(&mut order);
            let mut loss = 0.0;
            for &(d, s) in &order {
                let document = &self.documents[d];
                let sentence = &document.sentences[s];
                features.resize_with(sentence.len().max(features.len()), Features::default);
                scores.clear();
                for (i, row) in sentence.clone().zip(&mut features) {
                    self.looks[d].features(i, sentence, row);
                    scores.push(trainer.scores(row).0);
                }
                let all = marginals(&scores, &chain.weights, |_| u16::MAX);
                let right = marginals(&scores, &chain.weights, |i| document.allowed[sentence.start + i]);
                for (i, row) in features[..sentence.len()].iter().enumerate() {
                    let gradient: [f32; K] = std::array::from_fn(|l| right.labels[i][l] - all.labels[i][l]);
                    let miss = gradient.iter().map(|g| g.abs()).sum::<f32>();
                    loss += miss;
                    if miss > 0.004 {
                        trainer.step(row, &gradient);
                    }
                }
                chain.step(&right.pairs, &all.pairs);
                trainer.tick();
            }
            eprintln!("names: epoch {epoch}, loss {loss:.0}, {} features", trainer.len());
        }
        (trainer.average(), chain.average())
    }
}

/// Says how the model does on a development set: whole names of PER, ORG, LOC.
fn report(model: &Model, path: &str, file: &str) {
    let (right, predicted, gold) = count(model, file);
    let f1 = 200.0 * right as f64 / (predicted + gold).max(1) as f64;
    eprintln!("names: {path}: F1 {f1:.2} ({right} right of {predicted}, {gold} in the gold)");
}

/// Whole names found right, found, and in the gold.
fn count(model: &Model, file: &str) -> (usize, usize, usize) {
    let (mut right, mut predicted, mut gold) = (0, 0, 0);
    for document in read(file, Unmarked::Nothing) {
        let words: Words<'_> =
            Words { words: document.words.iter().map(String::as_str).collect(), sentences: document.sentences.clone() };
        let got = model.label(&words);
        let want: Vec<u8> = document.allowed.iter().map(|bits| bits.trailing_zeros() as u8).collect();
        for sentence in &document.sentences {
            let of = |labels: &[u8]| -> Vec<(u8, Range<usize>)> {
                chunks(&labels[sentence.clone()]).into_iter().filter(|c| c.0 < 7).collect()
            };
            let (got, want) = (of(&got), of(&want));
            right += want.iter().filter(|w| got.contains(w)).count();
            predicted += got.len();
            gold += want.len();
        }
    }
    (right, predicted, gold)
}

/// Weights of neighbouring labels, AdaGrad, averaged.
struct Chain {
    weights: Transitions,
    squares: Transitions,
    sums: Transitions,
    steps: f32,
}

impl Default for Chain {
    fn default() -> Self {
        let zero = [[0.0; K]; K];
        Chain { weights: zero, squares: zero, sums: zero, steps: 0.0 }
    }
}

impl Chain {
    fn step(&mut self, right: &Transitions, all: &Transitions) {
        self.steps += 1.0;
        for a in 0..K {
            for b in 0..K {
                let g = right[a][b] - all[a][b];
                if g.abs() > 1e-4 {
                    self.squares[a][b] += g * g;
                    self.weights[a][b] += RATE * g / (self.squares[a][b].sqrt() + 1e-6);
                }
                self.sums[a][b] += self.weights[a][b];
            }
        }
    }

    fn average(&self) -> Transitions {
        self.sums.map(|row| row.map(|s| s / self.steps.max(1.0)))
    }
}
