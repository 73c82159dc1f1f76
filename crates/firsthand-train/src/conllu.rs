//! Treebanks in CoNLL-U.

use std::path::Path;

use firsthand_language::syntax::LABELS;
use firsthand_model::{Relation, Upos};

use crate::corpus;

/// One word of a treebank.
pub struct Word {
    pub form: String,
    pub lemma: String,
    pub upos: Upos,
    pub xpos: String,
    /// Index in the sentence; its length for the root.
    pub head: u32,
    /// Place in `Relation::ALL`.
    pub label: u8,
}

pub type Sentence = Vec<Word>;

/// The sentences of a file; empty nodes and the lines of multi-word tokens
/// are passed over.
pub fn read(path: &Path) -> anyhow::Result<Vec<Sentence>> {
    let mut sentences = Vec::new();
    let mut words: Sentence = Vec::new();
    for line in corpus::text(path)?.lines().chain([""]) {
        if line.is_empty() {
            if !words.is_empty() {
                let n = words.len() as u32;
                for word in &mut words {
                    word.head = word.head.checked_sub(1).unwrap_or(n);
                }
                sentences.push(std::mem::take(&mut words));
            }
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let &[id, form, lemma, upos, xpos, _, head, relation, ..] = columns.as_slice() else { continue };
        if id.parse::<u32>().is_err() {
            continue;
        }
        words.push(Word {
            form: form.to_owned(),
            lemma: if lemma == "_" { form.to_owned() } else { lemma.to_owned() },
            upos: Upos::parse(upos).unwrap_or(Upos::X),
            xpos: xpos.to_owned(),
            head: head.parse()?,
            label: label(relation),
        });
    }
    Ok(sentences)
}

/// The relation of the model for one of a treebank: subtypes that the model
/// does not have become their main type.
pub fn label(relation: &str) -> u8 {
    let main = relation.split(':').next().unwrap_or(relation);
    let found = Relation::parse(relation).or_else(|| Relation::parse(main)).unwrap_or(Relation::Dep);
    debug_assert!((found as usize) < LABELS);
    found as u8
}
