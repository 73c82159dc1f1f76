//! Tokens, sentences, tags, lemmas and trees, against treebanks in CoNLL-U:
//! on the treebank's own tokens, and from raw text (paragraphs kept), overall
//! and for news documents.

use std::collections::BTreeMap;

use firsthand_language::{analyse, conllu, syntax::Model};
use firsthand_model::{Analysis, Block, BlockKind, Relation, Report, Sentence};
use firsthand_span::Span;

use crate::{Options, Scores, text};

/// Relations scored one by one.
const RELATIONS: &[&str] =
    &["nsubj", "obj", "obl", "nmod", "nummod", "ccomp", "xcomp", "advcl", "acl", "conj", "parataxis", "appos"];

/// A document of a treebank: its rebuilt text with what the treebank says of it.
struct Document {
    news: bool,
    report: Report,
    words: Vec<Gold>,
    sentences: Vec<Sentence>,
}

struct Gold {
    span: Span,
    upos: String,
    lemma: String,
    /// Index in the document; its own for a root.
    head: u32,
    relation: String,
}

/// Scores every file given.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    for path in &options.data {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let name = name.split('.').next().unwrap_or_default().to_owned();
        let documents = documents(&text(path)?);
        on_gold_tokens(&name, &documents, &mut scores);
        from_raw(&name, documents.iter(), &mut scores);
        if documents.iter().any(|d| d.news) {
            from_raw(&format!("{name} news"), documents.iter().filter(|d| d.news), &mut scores);
        }
    }
    Ok(scores)
}

fn documents(conllu: &str) -> Vec<Document> {
    let mut out: Vec<Document> = Vec::new();
    for block in conllu::read(conllu) {
        if block.document.is_some() || out.is_empty() {
            let news = block.document.is_some_and(|id| id.contains("_news_"));
            out.push(Document { news, report: Report::default(), words: Vec::new(), sentences: Vec::new() });
        }
        let Some(document) = out.last_mut() else { continue };
        let report = &mut document.report;
        if block.paragraph || report.blocks.is_empty() {
            if !report.text.is_empty() {
                report.text.push('\n');
            }
            let at = report.text.len();
            report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(at, at) });
        }
        let first = document.words.len() as u32;
        let start = report.text.len();
        for surface in &block.surfaces {
            let at = report.text.len();
            report.text.push_str(surface.form);
            let spans = conllu::word_spans(&block, surface, Span::new(at, report.text.len()));
            for (i, span) in surface.words.clone().zip(spans) {
                let word = &block.words[i];
                document.words.push(Gold {
                    span,
                    upos: word.upos.to_owned(),
                    lemma: word.lemma.to_owned(),
                    head: first + word.head.checked_sub(1).unwrap_or(i as u32),
                    relation: main(word.relation).to_owned(),
                });
            }
            if surface.space {
                report.text.push(' ');
            }
        }
        let span = Span::new(start, report.text.len()).trim(&report.text);
        let tokens = first..document.words.len() as u32;
        document.sentences.push(Sentence { span, tokens, block: report.blocks.len() as u32 - 1 });
        if let Some(block) = report.blocks.last_mut() {
            block.span.end = span.end;
        }
    }
    out
}

fn main(relation: &str) -> &str {
    relation.split(':').next().unwrap_or(relation)
}

/// Seconds of processor time of this thread; of the clock where the system
/// does not tell.
fn seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|s| s.split(' ').next().and_then(|n| n.parse::<f64>().ok()));
    spent.map_or_else(
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64()),
        |nanos| nanos / 1e9,
    )
}

fn on_gold_tokens(name: &str, documents: &[Document], scores: &mut Scores) {
    let Some(model) = Model::english() else { return };
    let (mut all, mut pos, mut lemma, mut uas, mut las) = (0, 0, 0, 0, 0);
    let mut per: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut spent = 0.0;
    for document in documents {
        let mut analysis = Analysis { sentences: document.sentences.clone(), ..Analysis::default() };
        analysis.tokens.spans = document.words.iter().map(|w| w.span).collect();
        let start = seconds();
        model.annotate(&document.report.text, &mut analysis);
        spent += seconds() - start;
        let tokens = &analysis.tokens;
        for (i, gold) in document.words.iter().enumerate() {
            all += 1;
            pos += usize::from(tokens.upos[i].as_str() == gold.upos);
            lemma += usize::from(tokens.lemma(i) == gold.lemma);
            let head = tokens.heads[i] == gold.head;
            let guess = main(tokens.relations[i].as_str());
            let right = head && guess == gold.relation;
            uas += usize::from(head);
            las += usize::from(right);
            if let Some(&relation) = RELATIONS.iter().find(|r| **r == guess) {
                let counts = per.entry(relation).or_default();
                counts[1] += 1;
                counts[0] += usize::from(right);
            }
            if let Some(&relation) = RELATIONS.iter().find(|r| **r == gold.relation) {
                per.entry(relation).or_default()[2] += 1;
            }
        }
    }
    for (what, n) in [("UPOS", pos), ("lemma", lemma), ("UAS", uas), ("LAS", las)] {
        scores.share(format!("{name} {what}"), n, all);
    }
    for (relation, [right, guess, gold]) in per {
        scores.counts(format!("{name} {relation}"), right, guess, gold);
    }
    scores.number(
        format!("{name} tags, lemmas and trees"),
        all as f64 / spent.max(1e-9) / 1e3,
        "thousand words/s of processor time",
    );
}

fn from_raw<'d>(name: &str, documents: impl Iterator<Item = &'d Document>, scores: &mut Scores) {
    let (mut tokens, mut sentences, mut pos, mut las) = ([0; 3], [0; 3], 0, 0);
    let (mut spent, mut bytes) = (0.0, 0);
    for document in documents {
        let start = seconds();
        let analysis = analyse(&document.report);
        spent += seconds() - start;
        bytes += document.report.text.len();
        let place: BTreeMap<Span, usize> = document.words.iter().enumerate().map(|(i, w)| (w.span, i)).collect();
        tokens[1] += analysis.tokens.len();
        tokens[2] += document.words.len();
        for (i, span) in analysis.tokens.spans.iter().enumerate() {
            let Some(gold) = place.get(span).map(|&g| &document.words[g]) else { continue };
            tokens[0] += 1;
            pos += usize::from(analysis.tokens.upos[i].as_str() == gold.upos);
            let head = analysis.tokens.heads[i] as usize;
            let same = analysis.tokens.spans.get(head) == document.words.get(gold.head as usize).map(|w| &w.span);
            let relation = analysis.tokens.relations[i];
            las += usize::from(
                same && main(relation.as_str()) == gold.relation && (relation == Relation::Root) == (head == i),
            );
        }
        let ends: Vec<Span> = document.sentences.iter().map(|s| s.span).collect();
        sentences[1] += analysis.sentences.len();
        sentences[2] += ends.len();
        sentences[0] += analysis.sentences.iter().filter(|s| ends.binary_search(&s.span).is_ok()).count();
    }
    scores.counts(format!("{name} raw: tokens"), tokens[0], tokens[1], tokens[2]);
    scores.counts(format!("{name} raw: sentences"), sentences[0], sentences[1], sentences[2]);
    scores.counts(format!("{name} raw: UPOS"), pos, tokens[1], tokens[2]);
    scores.counts(format!("{name} raw: LAS"), las, tokens[1], tokens[2]);
    scores.number(
        format!("{name} raw: whole analysis"),
        tokens[1] as f64 / spent.max(1e-9) / 1e3,
        "thousand words/s of processor time",
    );
    scores.number(
        format!("{name} raw: whole analysis, bytes"),
        bytes as f64 / spent.max(1e-9) / 1e6,
        "MB/s of processor time",
    );
}
