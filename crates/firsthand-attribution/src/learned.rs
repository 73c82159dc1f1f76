//! The learned finder: which tokens are cues, and what is source and content
//! around each.
//!
//! Two linear models over hashed features. The first gives each candidate
//! word a probability of being the main word of a cue; the second labels the
//! window around a cue as a linear chain. Because every cue has a window of
//! its own, who belongs to what needs no linking, and an attribution inside
//! another's content is found by the same model. What the rules propose for
//! a cue is a feature of both.

use std::ops::Range;
use std::sync::OnceLock;

use firsthand_language::kernel::{Features, Scorer, Table, Weights, WeightsError, WeightsWriter};
use firsthand_model::{Analysis, Report};
use firsthand_span::Span;
use rustc_hash::FxHashMap;

use crate::crf::{self, LABELS, Scratch, Window};
use crate::features::{candidate, cue_features, window};
use crate::found::Found;
use crate::hashed::Hashed;
use crate::lexicon::lexicon;
use crate::view::View;

/// The two tables.
#[derive(Debug)]
pub struct Model {
    /// Not a cue, cue.
    pub cues: Table<2>,
    /// Labels of a window.
    pub windows: Table<LABELS>,
}

impl Model {
    /// Reads a weight file.
    pub fn open(file: &[u8]) -> Result<Self, WeightsError> {
        let weights = Weights::open(file)?;
        Ok(Model { cues: weights.table("cues")?, windows: weights.table("windows")? })
    }

    /// Writes a weight file.
    pub fn write(&self) -> std::io::Result<Vec<u8>> {
        let mut writer = WeightsWriter::default();
        writer.table("cues", &self.cues);
        writer.table("windows", &self.windows);
        writer.finish()
    }

    /// The weights that come with the program.
    pub fn builtin() -> Option<&'static Model> {
        static MODEL: OnceLock<Option<Model>> = OnceLock::new();
        MODEL.get_or_init(|| Model::open(include_bytes!("../models/english-attribution.fhw")).ok()).as_ref()
    }
}

/// A cue and what the window model makes of it.
#[derive(Clone, Debug)]
pub(crate) struct Labelled {
    pub(crate) cue: usize,
    pub(crate) probability: f32,
    pub(crate) source: Vec<Span>,
    pub(crate) words: Range<usize>,
    pub(crate) content: Vec<Span>,
}

/// One attribution of a training text.
#[derive(Clone, Debug, Default)]
pub struct Gold {
    /// Who.
    pub source: Vec<Span>,
    /// The cue.
    pub cue: Vec<Span>,
    /// What.
    pub content: Vec<Span>,
}

/// What a text teaches.
#[derive(Debug, Default)]
pub struct Lessons {
    /// Features of candidate words, and whether they are cues.
    pub cues: Vec<(Features, bool)>,
    /// Windows of true cues, and their labels.
    pub windows: Vec<(Window, Vec<u8>)>,
}

/// Turns an annotated text into training examples.
pub fn lessons(report: &Report, analysis: &Analysis, gold: &[Gold]) -> Lessons {
    let view = View::new(report, analysis);
    let proposals = crate::propose(&view);
    let by_cue = by_cue(&proposals);
    let hashed = Hashed::new(&view, &proposals);
    let mut out = Lessons::default();
    let mut heads: FxHashMap<usize, usize> = FxHashMap::default();
    for (i, g) in gold.iter().enumerate() {
        if let Some(t) = main_word(&view, &hashed, &g.cue) {
            heads.entry(t).or_insert(i);
        }
    }
    for paragraph in &view.paragraphs {
        for utterance in &paragraph.utterances {
            for t in utterance.clone().filter(|&t| candidate(&view, &hashed, t)) {
                let mut features = Features::new();
                cue_features(&hashed, utterance, t, &mut features);
                out.cues.push((features, heads.contains_key(&t)));
            }
        }
    }
    let mut heads: Vec<(usize, usize)> = heads.into_iter().collect();
    heads.sort_unstable();
    for (t, i) in heads {
        let Some(g) = gold.get(i) else { continue };
        let mut w = Window::default();
        let proposal = by_cue.get(&t).and_then(|&f| proposals.get(f));
        let Some(range) = window(&view, &hashed, t, proposal, &mut w) else { continue };
        let labels = labels(&view, &range, t, g);
        out.windows.push((w, labels));
    }
    out
}

/// The word of a cue that the models hang everything on.
fn main_word(view: &View<'_>, hashed: &Hashed, cue: &[Span]) -> Option<usize> {
    let tokens: Vec<usize> = cue.iter().flat_map(|s| view.analysis.tokens.within(*s)).collect();
    let verb = |t: &&usize| matches!(Hashed::at(&hashed.class, **t), 1..=100);
    let outward = |t: &&usize| {
        let head = Hashed::at(&hashed.head, **t) as usize;
        !tokens.contains(&head) || head == **t
    };
    tokens
        .iter()
        .rfind(verb)
        .or_else(|| tokens.iter().filter(|&&t| candidate(view, hashed, t)).find(outward))
        .or_else(|| tokens.iter().find(|&&t| candidate(view, hashed, t)))
        .copied()
}

fn labels(view: &View<'_>, range: &Range<usize>, cue: usize, gold: &Gold) -> Vec<u8> {
    let mut out = vec![crf::OUT as u8; range.len()];
    for (first, spans) in [(crf::CONTENT, &gold.content), (crf::SOURCE, &gold.source), (crf::CUE, &gold.cue)] {
        for span in spans {
            // Marks at the ends are not content: they are cut off afterwards anyway.
            let mut begun = false;
            for t in view.analysis.tokens.within(*span) {
                let Some(slot) = t.checked_sub(range.start).and_then(|k| out.get_mut(k)) else { continue };
                let label = if first == crf::CUE { first } else { first + usize::from(begun) };
                *slot = label as u8;
                begun = true;
            }
        }
    }
    // Repair what overlaps broke: nothing goes on that has not begun.
    for k in 0..out.len() {
        let label = usize::from(out[k]);
        let before = k.checked_sub(1).map_or(crf::OUT, |p| usize::from(out[p]));
        if label == crf::IN_SOURCE && !matches!(before, crf::SOURCE | crf::IN_SOURCE) {
            out[k] = crf::SOURCE as u8;
        }
        if label == crf::IN_CONTENT && !matches!(before, crf::CONTENT | crf::IN_CONTENT) {
            out[k] = crf::CONTENT as u8;
        }
    }
    if let Some(slot) = cue.checked_sub(range.start).and_then(|k| out.get_mut(k)) {
        *slot = crf::CUE as u8;
    }
    for k in 1..out.len() {
        if usize::from(out[k - 1]) == crf::CUE && matches!(usize::from(out[k]), crf::IN_SOURCE | crf::IN_CONTENT) {
            out[k] -= 1;
        }
    }
    out
}

/// Proposals by their cue token, the first of each.
pub(crate) fn by_cue(proposals: &[Found]) -> FxHashMap<usize, usize> {
    let mut out = FxHashMap::default();
    for (i, found) in proposals.iter().enumerate() {
        if let Some(t) = found.cue_token {
            out.entry(t).or_insert(i);
        }
    }
    out
}

/// Labels every cue that is as probable as `least` asks of its token.
pub(crate) fn label(
    model: &Model,
    view: &View<'_>,
    hashed: &Hashed,
    proposals: &[Found],
    least: &dyn Fn(usize) -> f32,
) -> Vec<Labelled> {
    let by_cue = by_cue(proposals);
    let mut features = Features::new();
    let mut w = Window::default();
    let mut scratch = Scratch::default();
    let mut out = Vec::new();
    for paragraph in &view.paragraphs {
        for utterance in &paragraph.utterances {
            for t in utterance.clone() {
                let least = least(t);
                if least > 0.0 && !candidate(view, hashed, t) {
                    continue;
                }
                cue_features(hashed, utterance, t, &mut features);
                let scores = model.cues.unscale(model.cues.scores(&features));
                let probability = scores.probabilities()[1];
                if probability < least {
                    continue;
                }
                let proposal = by_cue.get(&t).and_then(|&f| proposals.get(f));
                let Some(range) = window(view, hashed, t, proposal, &mut w) else { continue };
                let labels = crf::decode(&model.windows, &w, &mut scratch);
                out.push(read(view, &range, t, probability, &labels));
            }
        }
    }
    out
}

fn read(view: &View<'_>, range: &Range<usize>, cue: usize, probability: f32, labels: &[u8]) -> Labelled {
    let mut out = Labelled { cue, probability, source: Vec::new(), words: cue..cue + 1, content: Vec::new() };
    let mut k = 0;
    while k < labels.len() {
        let first = usize::from(labels[k]);
        let mut end = k + 1;
        let goes_on = match first {
            crf::SOURCE => crf::IN_SOURCE,
            crf::CONTENT => crf::IN_CONTENT,
            _ => usize::MAX,
        };
        while end < labels.len() && usize::from(labels[end]) == goes_on {
            end += 1;
        }
        if first == crf::SOURCE || first == crf::CONTENT {
            let mut tokens = range.start + k..range.start + end;
            // Marks and stops at the ends belong to neither.
            while !tokens.is_empty()
                && view.is_punct(tokens.end - 1)
                && !matches!(view.lower(tokens.end - 1), ")" | "]")
            {
                tokens.end -= 1;
            }
            while !tokens.is_empty() && view.is_punct(tokens.start) && !matches!(view.lower(tokens.start), "(" | "[") {
                tokens.start += 1;
            }
            if !tokens.is_empty() {
                let span = view.bytes(tokens);
                if first == crf::SOURCE { out.source.push(span) } else { out.content.push(span) }
            }
        }
        k = end;
    }
    // The cue's words: those labelled beside the main one, without auxiliaries.
    let is_cue =
        |t: usize| t.checked_sub(range.start).and_then(|k| labels.get(k)).is_some_and(|&l| usize::from(l) == crf::CUE);
    while out.words.start > range.start && is_cue(out.words.start - 1) {
        out.words.start -= 1;
    }
    while is_cue(out.words.end) {
        out.words.end += 1;
    }
    while out.words.start < cue
        && (lexicon().is("auxiliary", view.lower(out.words.start))
            || lexicon().is("adverb", view.lower(out.words.start))
            || lexicon().is("negation", view.lower(out.words.start))
            || lexicon().is("pronoun", view.lower(out.words.start))
            || view.is_punct(out.words.start))
    {
        out.words.start += 1;
    }
    while out.words.end > cue + 1 && view.is_punct(out.words.end - 1) {
        out.words.end -= 1;
    }
    out
}
