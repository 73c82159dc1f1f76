//! Treebanks in CoNLL-U.

use std::path::Path;

use firsthand_model::{Relation, Upos};

use crate::corpus;

/// One word of a treebank.
pub(crate) struct Word {
    pub(crate) form: String,
    pub(crate) lemma: String,
    pub(crate) upos: Upos,
    pub(crate) xpos: String,
    /// Index in the sentence; its length for the root.
    pub(crate) head: u32,
    /// Place in `Relation::ALL`.
    pub(crate) label: u8,
}

pub(crate) type Sentence = Vec<Word>;

/// The sentences of a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Sentence>> {
    let text = corpus::text(path)?;
    let sentence = |block: firsthand_language::conllu::Block<'_>| {
        let n = block.words.len() as u32;
        let word = |w: &firsthand_language::conllu::Word<'_>| Word {
            form: w.form.to_owned(),
            lemma: if w.lemma == "_" { w.form } else { w.lemma }.to_owned(),
            upos: Upos::parse(w.upos).unwrap_or(Upos::X),
            xpos: w.xpos.to_owned(),
            head: w.head.checked_sub(1).filter(|&head| head < n).unwrap_or(n),
            label: label(w.relation),
        };
        block.words.iter().map(word).collect()
    };
    Ok(firsthand_language::conllu::read(&text).into_iter().map(sentence).collect())
}

/// The relation of the model for one of a treebank: subtypes that the model
/// does not have become their main type.
fn label(relation: &str) -> u8 {
    let main = relation.split(':').next().unwrap_or(relation);
    Relation::parse(relation).or_else(|| Relation::parse(main)).unwrap_or(Relation::Dep) as u8
}
