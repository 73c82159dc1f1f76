/*!
Tags, lemmas and dependencies: linear models on the kernel.

A left-to-right tagger over pairs of universal and Penn tags, a suffix-rule
lemmatiser, and a greedy arc-hybrid parser trained with a dynamic oracle
(Goldberg and Nivre 2013) that names each arc by a second model when it is
made. [`Model::english`] holds the weights that come with the crate;
[`Model::annotate`] fills an [`Analysis`].
*/

mod lemma;
mod state;
mod tags;
mod words;

pub use lemma::Lemmas;
pub use state::{Action, Node, State, kind_bit};
pub use tags::{TAGS, TagInput, TagSet, tag, tag_features};
pub use words::{Forms, Word, WordLists, plain_form};

use std::sync::OnceLock;

use firsthand_model::{Analysis, Relation, Upos};
use firsthand_span::Span;
use rustc_hash::FxHashMap;

use crate::kernel::{Features, Scorer, Table, Weights, WeightsError};
use crate::names::Classes;

/// Classes of the labeller: the relations, by their place in [`Relation::ALL`].
pub const LABELS: usize = Relation::ALL.len();

/// The weights and lists of tagger, lemmatiser and parser.
#[derive(Debug)]
pub struct Model {
    /// Word lists.
    pub lists: WordLists,
    /// The tagger's classes.
    pub tags: TagSet,
    /// Lemmas.
    pub lemmas: Lemmas,
    /// The tagger's weights.
    pub tagger: Table<TAGS>,
    /// The parser's.
    pub actions: Table<3>,
    /// The labeller's.
    pub labels: Table<LABELS>,
}

impl Model {
    /// From a weight file.
    pub fn open(file: &[u8]) -> Result<Self, WeightsError> {
        let weights = Weights::open(file)?;
        let text = |name: &str| Ok::<_, WeightsError>(String::from_utf8_lossy(weights.bytes(name)?).into_owned());
        let classes = Classes::from_bytes(weights.bytes("classes")?);
        let classes = classes.ok_or_else(|| WeightsError::Missing("classes".to_owned()))?;
        Ok(Model {
            lists: WordLists::new(&text("words")?, classes),
            tags: TagSet::parse(&text("tags")?),
            lemmas: Lemmas::parse(&text("lemmas")?),
            tagger: weights.table("tagger")?,
            actions: weights.table("actions")?,
            labels: weights.table("labels")?,
        })
    }

    /// The weights that come with the crate, unpacked once. `None` only where
    /// the file built into the program is damaged.
    pub fn english() -> Option<&'static Model> {
        static MODEL: OnceLock<Option<Model>> = OnceLock::new();
        MODEL.get_or_init(|| Model::open(include_bytes!("../../models/english-syntax.fhw")).ok()).as_ref()
    }

    /// Fills tags, lemmas, heads and relations of an analysis that has tokens
    /// and sentences of `text`.
    pub fn annotate(&self, text: &str, analysis: &mut Analysis) {
        let mut forms = Forms::default();
        let ids: Vec<u32> = analysis.tokens.spans.iter().map(|s| forms.intern(s.of(text), &self.lists)).collect();
        let (mut work, mut tags) = (Work::default(), Vec::new());
        let mut lemmas: FxHashMap<(u32, u8), Span> = FxHashMap::default();
        let mut key = String::new();
        let tokens = &mut analysis.tokens;
        let n = tokens.spans.len();
        tokens.upos.resize(n, Upos::X);
        tokens.heads = (0..n as u32).collect();
        tokens.relations.resize(n, Relation::Root);
        tokens.lemma_spans.resize(n, Span::default());
        for sentence in &analysis.sentences {
            let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
            let Some(ids) = ids.get(range.clone()) else { continue };
            tag(&self.tagger, self.tags.len(), TagInput::new(&forms.words, ids), &mut work.features, &mut tags);
            self.parse(&forms.words, ids, &tags, &mut work);
            let root = ids.len() as u32;
            for (k, i) in range.enumerate() {
                let head = work.state.heads[k];
                tokens.heads[i] = if head >= root { i as u32 } else { sentence.tokens.start + head };
                tokens.relations[i] =
                    Relation::ALL.get(work.state.labels[k] as usize).copied().unwrap_or(Relation::Dep);
                tokens.upos[i] = self.tags.upos(tags[k]);
                let text_of = &mut tokens.lemma_text;
                let form = tokens.spans[i].of(text);
                tokens.lemma_spans[i] = *lemmas.entry((ids[k], tags[k])).or_insert_with(|| {
                    let start = text_of.len();
                    self.lemmas.lemma(form, self.tags.upos(tags[k]), self.tags.xpos(tags[k]), &mut key, text_of);
                    Span::new(start, text_of.len())
                });
            }
        }
    }

    /// Parses one tagged sentence into `work.state`.
    pub fn parse(&self, words: &[Word], ids: &[u32], tags: &[u8], work: &mut Work) {
        let nodes = ids.iter().zip(tags).filter_map(|(&id, &tag)| {
            let word = words.get(id as usize)?;
            Some(Node::new(word, tag, kind_bit(self.tags.upos(tag))))
        });
        work.state.start(nodes);
        parse(&self.actions, &self.labels, &mut work.state, &mut work.features);
    }
}

/// Working space of the parser, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The parse: heads and labels.
    pub state: State,
    /// Features of the choice in hand.
    pub features: Features,
}

/// Parses greedily from the state's start to its end.
pub fn parse(actions: &impl Scorer<3>, labels: &impl Scorer<LABELS>, state: &mut State, features: &mut Features) {
    while !state.is_done() {
        // Some action is always allowed before the end: shift, or else left or right as the stack is short or long.
        let mut allowed = Action::ALL.into_iter().filter(|&a| state.allows(a));
        let action = match (allowed.next(), allowed.next()) {
            (Some(only), None) => only,
            _ => {
                state.action_features(features);
                match actions.scores(features).best_of(|a| state.allows(Action::ALL[a])) {
                    Some(a) => Action::ALL[a],
                    None => break,
                }
            }
        };
        let label = state.arc(action).map_or(0, |(head, dependent)| {
            if head as usize == state.len() {
                return ROOT;
            }
            state.label_features(head, dependent, features);
            labels.scores(features).best_of(|l| l != ROOT as usize).unwrap_or(0) as u8
        });
        state.act(action, label);
    }
}

/// The label of the root's arc.
pub const ROOT: u8 = Relation::Root as u8;
