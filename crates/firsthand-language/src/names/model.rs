use std::sync::LazyLock;

use super::chain::{Transitions, best_path};
use super::features::{Look, Words};
use super::{Classes, K};
use crate::kernel::{Features, Scorer, Table, Weights, WeightsError, WeightsWriter};

/// The trained model of names.
pub struct Model {
    /// Weights of features.
    pub table: Table<K>,
    /// Weights of neighbouring labels, on the table's scale.
    pub transitions: Transitions,
    /// Word classes.
    pub classes: Classes,
}

static MODEL: LazyLock<Option<Model>> =
    LazyLock::new(|| Model::open(include_bytes!("../../models/names.weights")).ok());

impl Model {
    /// Opens a weight file.
    pub fn open(file: &[u8]) -> Result<Self, WeightsError> {
        let weights = Weights::open(file)?;
        let plain = weights.bytes("transitions")?;
        if plain.len() != 4 * K * K {
            return Err(WeightsError::Missing("transitions".to_owned()));
        }
        let mut transitions = [[0.0; K]; K];
        for (value, bytes) in transitions.iter_mut().flatten().zip(plain.chunks_exact(4)) {
            *value = bytes.try_into().map(f32::from_le_bytes).unwrap_or(0.0);
        }
        let classes = Classes::from_bytes(weights.bytes("classes")?)
            .ok_or_else(|| WeightsError::Missing("classes".to_owned()))?;
        Ok(Model { table: weights.table("names")?, transitions, classes })
    }

    /// The weight file.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut writer = WeightsWriter::default();
        writer.table("names", &self.table);
        writer.bytes("transitions", self.transitions.iter().flatten().flat_map(|v| v.to_le_bytes()).collect());
        writer.bytes("classes", self.classes.to_bytes());
        writer.finish()
    }

    /// One label per word.
    pub fn label(&self, words: &Words<'_>) -> Vec<u8> {
        let look = Look::new(words, &self.classes);
        let mut labels = Vec::with_capacity(words.words.len());
        let (mut scores, mut path, mut features) = (Vec::new(), Vec::new(), Features::default());
        for sentence in &words.sentences {
            scores.clear();
            for i in sentence.clone() {
                look.features(i, sentence, &mut features);
                scores.push(self.table.scores(&features).0);
            }
            best_path(&scores, &self.transitions, &mut path);
            labels.extend_from_slice(&path);
        }
        labels
    }
}

/// One label per word, by the built-in model.
pub fn label(words: &Words<'_>) -> Vec<u8> {
    MODEL.as_ref().map_or_else(|| vec![0; words.words.len()], |model| model.label(words))
}
