//! The ranking of antecedents of pronouns: logistic regression over each
//! pronoun's candidates, "nobody" among them.

use firsthand_language::coref::ontogum::{self, Document};
use firsthand_language::coref::ranking::{Known, candidates, features};
use firsthand_language::coref::{Item, Look};
use firsthand_language::kernel::{Features, Scorer, Table, Trainer, WeightsWriter};

use crate::rng::Rng;
use crate::{Options, corpus};

/// Genres whose text may not be used commercially: left out.
const NOT_FREE: [&str; 6] = ["whow", "fiction", "essay", "letter", "podcast", "poetry"];
const EPOCHS: usize = 16;
const RATE: f32 = 0.006;

/// The candidates of one pronoun, and which of them are right.
struct Choice {
    options: Vec<Features>,
    right: Vec<bool>,
}

/// The gold chain of an item: a mention of the chain with the same last word
/// that covers its head, else one of the very same span.
fn chain_of(look: &Look<'_>, item: &Item, document: &Document) -> Option<usize> {
    let span = look.span(item.tokens.clone());
    let head = look.span(item.head..item.head + 1);
    let mut best: Option<(usize, usize)> = None;
    for (c, chain) in document.chains.iter().enumerate() {
        for gold in chain {
            let fits = *gold == span || (gold.covers(head) && (gold.end == span.end || gold.start == span.start));
            if fits && best.is_none_or(|(size, _)| gold.len() < size) {
                best = Some((gold.len(), c));
            }
        }
    }
    best.map(|(_, c)| c)
}

fn choices(document: &Document, out: &mut Vec<Choice>) {
    let analysis = firsthand_language::analyse(&document.report);
    let look = Look::new(&document.report, &analysis);
    let gold: Vec<Option<usize>> = look.items.iter().map(|item| chain_of(&look, item, document)).collect();
    for i in 0..look.items.len() {
        let item = &look.items[i];
        if item.pronoun.is_none() {
            continue;
        }
        // Earlier entities as the corpus has them.
        let known = |j: usize| {
            gold[j].map_or_else(Known::default, |c| {
                let earlier = (0..i).filter(|&k| gold[k] == Some(c));
                let gender = earlier.clone().find_map(|k| look.items[k].gender);
                let named = earlier.clone().any(|k| look.items[k].kind == firsthand_model::MentionKind::Name);
                Known { entity: Some(c), gender, mentions: earlier.count(), named }
            })
        };
        let list = candidates(&look, i, known);
        let mut options = Vec::with_capacity(list.len() + 1);
        let mut right = Vec::with_capacity(list.len() + 1);
        let mut row = Features::default();
        features(&look, i, None, &mut row);
        options.push(row.clone());
        for (rank, &j) in list.iter().enumerate() {
            features(&look, i, Some((rank, j, known(j))), &mut row);
            options.push(row.clone());
            right.push(gold[i].is_some() && gold[j] == gold[i]);
        }
        right.insert(0, !right.contains(&true));
        if options.len() > 1 {
            out.push(Choice { options, right });
        }
    }
}

/// Trains and writes `coref.weights`.
pub(crate) fn train(options: &Options) -> anyhow::Result<()> {
    let documents = ontogum::read(&corpus::bytes(&options.corpus("coreference/ontogum.tar.gz"))?);
    let mut data = Vec::new();
    for document in documents.iter().filter(|d| !d.held_out() && !NOT_FREE.contains(&d.genre())) {
        choices(document, &mut data);
    }
    eprintln!("coref: {} pronouns of {} documents", data.len(), documents.len());
    let mut trainer = Trainer::<1>::adagrad(RATE);
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut rng = Rng::new(5);
    for epoch in 0..EPOCHS {
        rng.shuffle(&mut order);
        let (mut loss, mut hits) = (0.0, 0);
        for &n in &order {
            let Choice { options, right } = &data[n];
            let scores: Vec<f32> = options.iter().map(|row| trainer.scores(row).0[0]).collect();
            let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let odds: Vec<f32> = scores.iter().map(|s| (s - top).exp()).collect();
            let all: f32 = odds.iter().sum();
            let good: f32 = odds.iter().zip(right).filter(|(_, r)| **r).map(|(o, _)| o).sum();
            loss -= (good / all).max(1e-9).ln();
            hits += usize::from(scores.iter().zip(right).any(|(s, r)| *r && *s == top));
            for ((row, odd), r) in options.iter().zip(&odds).zip(right) {
                let gradient = if *r { odd / good.max(1e-9) - odd / all } else { -odd / all };
                if gradient.abs() > 0.002 {
                    trainer.step(row, &[gradient]);
                }
            }
            trainer.tick();
        }
        eprintln!(
            "coref: epoch {epoch}, loss {loss:.0}, right {:.1} %",
            100.0 * hits as f32 / data.len().max(1) as f32
        );
    }
    let table: Table<1> = Table::build(&trainer.average(), 16, 2);
    let mut writer = WeightsWriter::default();
    writer.table("pronouns", &table);
    options.write("firsthand-language", "coref.weights", &writer.finish()?)
}
