//! Name matching on pairs of printed names: of one entity (to be found) and of
//! two (to be kept apart), from the stories' `names` and from gold entities.

use std::collections::BTreeSet;
use std::path::Path;

use firsthand_entity::matching::{Name, Scope};
use firsthand_model::EntityKind;
use serde_json::Value;

use crate::{Options, Scores, bytes};

/// Precision and recall over pairs of different names of one kind within one
/// story or article.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut counts = [[0usize; 3]; 2];
    for path in &options.data {
        for list in entities(path)? {
            score(&list, &mut counts);
        }
    }
    let mut scores = Scores::default();
    for (name, [right, predicted, gold]) in ["matching.people", "matching.others"].into_iter().zip(counts) {
        scores.counts(name, right, predicted, gold);
    }
    let all = |i: usize| counts[0][i] + counts[1][i];
    scores.counts("matching", all(0), all(1), all(2));
    Ok(scores)
}

type Entity = (EntityKind, BTreeSet<String>);

/// The entities of each text of a file: a story's truth, or records with
/// `text` and `entities`.
fn entities(path: &Path) -> anyhow::Result<Vec<Vec<Entity>>> {
    let raw = bytes(path)?;
    if let Ok(story) = serde_json::from_slice::<Value>(&raw) {
        return Ok(vec![list(&story["names"], |e| strings(&e["variants"]))]);
    }
    let mut out = Vec::new();
    for line in String::from_utf8_lossy(&raw).lines().filter(|l| !l.trim().is_empty()) {
        let record: Value = serde_json::from_str(line)?;
        let text: Vec<char> = record["text"].as_str().unwrap_or("").chars().collect();
        out.push(list(&record["entities"], |e| {
            let spans = e["mentions"].as_array().into_iter().flatten();
            spans
                .filter_map(|s| {
                    let (from, to) = (s[0].as_u64()? as usize, s[1].as_u64()? as usize);
                    text.get(from..to).map(|c| c.iter().collect())
                })
                .collect()
        }));
    }
    Ok(out)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn list(entities: &Value, names: impl Fn(&Value) -> Vec<String>) -> Vec<Entity> {
    entities
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|e| {
            let kind = EntityKind::parse(e["type"].as_str()?)?;
            let names: BTreeSet<String> = names(e).into_iter().filter(|n| is_name(n)).collect();
            (!names.is_empty()).then_some((kind, names))
        })
        .collect()
}

/// A proper name: no article in front, every longer word but titles with a capital.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |w: &&str| w.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
    words.len() <= 6
        && words.iter().any(capital)
        && !text.contains(',')
        && words.iter().filter(|w| w.chars().count() > 3).all(capital)
        && !matches!(
            text.to_lowercase().as_str(),
            "he" | "she" | "it" | "they" | "his" | "her" | "who" | "i" | "we" | "my" | "you" | "its" | "their"
        )
        && !text.to_lowercase().starts_with("the ")
}

fn score(entities: &[Entity], counts: &mut [[usize; 3]; 2]) {
    let names: Vec<(usize, &String, EntityKind, Name)> = entities
        .iter()
        .enumerate()
        .flat_map(|(e, (kind, names))| names.iter().map(move |n| (e, n, *kind, Name::new(n, Some(*kind)))))
        .collect();
    for (i, (a, x, kind, parsed)) in names.iter().enumerate() {
        for (b, y, other, with) in &names[i + 1..] {
            if kind != other || x.to_lowercase() == y.to_lowercase() {
                continue;
            }
            let slot = &mut counts[usize::from(*kind != EntityKind::Person)];
            let same = parsed.compare(with, Scope::Story).is_same();
            slot[0] += usize::from(same && a == b);
            slot[1] += usize::from(same);
            slot[2] += usize::from(a == b);
        }
    }
}
