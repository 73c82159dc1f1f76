//! Coreference on OntoGUM: the documents held out from training.

use std::collections::BTreeMap;

use firsthand_language::coref::ontogum::{self, Document};
use firsthand_model::Analysis;
use firsthand_span::Span;

use crate::{Options, Scores, bytes};

/// Pronouns that are asked for.
const PRONOUNS: [(&str, &[&str]); 5] = [
    ("he", &["he", "him", "his", "himself"]),
    ("she", &["she", "her", "hers", "herself"]),
    ("they", &["they", "them", "their", "theirs", "themselves"]),
    ("who", &["who", "whom", "whose"]),
    ("it", &["it", "its", "itself"]),
];

/// Shares of pronouns, with an earlier mention in their chain, whose entity
/// has an earlier mention of that chain; and CoNLL F1's B-cubed part.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut found: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let (mut precision, mut recall, mut predicted, mut gold) = (0.0, 0.0, 0usize, 0usize);
    for path in &options.data {
        for document in ontogum::read(&bytes(path)?).iter().filter(|d| d.held_out()) {
            let analysis = firsthand_language::analyse(&document.report);
            pronouns(document, &analysis, &mut found);
            let (p, r, n, m) = b_cubed(document, &analysis);
            precision += p;
            recall += r;
            predicted += n;
            gold += m;
        }
    }
    let mut scores = Scores::default();
    for (name, (hit, tried, of)) in &found {
        scores.share(format!("coreference.{name}"), *hit, *of);
        scores.share(format!("coreference.{name}.precision"), *hit, *tried);
    }
    scores.rows.push((
        "coreference.b_cubed".into(),
        crate::Row::Counts { right: precision, predicted: predicted as f64, found: recall, gold: gold as f64 },
    ));
    Ok(scores)
}

fn pronouns(document: &Document, analysis: &Analysis, found: &mut BTreeMap<String, (usize, usize, usize)>) {
    let text = &document.report.text;
    for chain in &document.chains {
        for (n, span) in chain.iter().enumerate() {
            let word = span.of(text).to_lowercase();
            let Some((name, _)) = PRONOUNS.iter().find(|(_, forms)| forms.contains(&word.as_str())) else { continue };
            if n == 0 {
                continue;
            }
            let entity = analysis.mentions.iter().find(|m| m.span == *span).and_then(|m| m.entity);
            let hit = entity.is_some_and(|e| {
                analysis
                    .mentions
                    .iter()
                    .filter(|m| m.entity == Some(e) && m.span.start < span.start)
                    .any(|m| chain[..n].iter().any(|g| same(text, *g, m.span)))
            });
            let main = if *name == "it" { None } else { Some("main") };
            let news = (document.genre() == "news" && main.is_some()).then_some("news");
            for key in [Some(*name), main, news].into_iter().flatten() {
                let row = found.entry(key.to_owned()).or_default();
                row.0 += usize::from(hit);
                row.1 += usize::from(entity.is_some());
                row.2 += 1;
            }
        }
    }
}

/// Whether a mention stands for a gold one: one covers the other, and they end
/// or begin together (ours leave relative clauses out and may add titles).
fn same(text: &str, gold: Span, ours: Span) -> bool {
    let (gold, ours) = (gold.trim(text), ours.trim(text));
    gold == ours || ((gold.covers(ours) || ours.covers(gold)) && (gold.end == ours.end || gold.start == ours.start))
}

/// B-cubed over mentions of exact span: sums and counts.
fn b_cubed(document: &Document, analysis: &Analysis) -> (f64, f64, usize, usize) {
    let mut key: BTreeMap<Span, usize> = BTreeMap::new();
    for (c, chain) in document.chains.iter().enumerate().filter(|(_, chain)| chain.len() > 1) {
        key.extend(chain.iter().map(|s| (*s, c)));
    }
    let mut size: BTreeMap<u32, usize> = BTreeMap::new();
    for entity in analysis.mentions.iter().filter_map(|m| m.entity) {
        *size.entry(entity).or_default() += 1;
    }
    let ours: BTreeMap<Span, u32> = analysis
        .mentions
        .iter()
        .filter_map(|m| Some((m.span, m.entity?)))
        .filter(|(_, e)| size.get(e).is_some_and(|&n| n > 1))
        .collect();
    let mut pairs: BTreeMap<(u32, usize), usize> = BTreeMap::new();
    for (span, e) in &ours {
        if let Some(c) = key.get(span) {
            *pairs.entry((*e, *c)).or_default() += 1;
        }
    }
    let mut gold_size: BTreeMap<usize, usize> = BTreeMap::new();
    for c in key.values() {
        *gold_size.entry(*c).or_default() += 1;
    }
    let (mut p, mut r) = (0.0, 0.0);
    for ((e, c), n) in pairs {
        let n = n as f64;
        p += n * n / size.get(&e).copied().unwrap_or(1) as f64;
        r += n * n / gold_size.get(&c).copied().unwrap_or(1) as f64;
    }
    (p, r, ours.len(), key.len())
}
