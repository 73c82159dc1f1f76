//! A linear chain over a window: labels of the tokens around one cue.
//!
//! Scores of a label come from the token's features; scores of a label after
//! another from a few features of the boundary between the two tokens. The
//! best chain is found by Viterbi's algorithm; training needs the expected
//! counts of forward and backward sums (Lafferty, McCallum and Pereira 2001).

use firsthand_language::kernel::{Features, Scorer, Trainer, join, template};

/// How many labels.
pub const LABELS: usize = 6;
/// Outside.
pub const OUT: usize = 0;
/// Begins a source.
pub const SOURCE: usize = 1;
/// Goes on with a source.
pub const IN_SOURCE: usize = 2;
/// Begins a piece of content.
pub const CONTENT: usize = 3;
/// Goes on with a piece of content.
pub const IN_CONTENT: usize = 4;
/// A word of the cue.
pub const CUE: usize = 5;

/// The features of a window, all tokens in one list.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Features of all tokens, one after the other.
    pub features: Features,
    /// End of each token's features.
    pub ends: Vec<u32>,
    /// A small number that says what lies between a token and the one before.
    pub boundary: Vec<u8>,
    /// The token that is surely the cue, counted from the window's start.
    pub cue: usize,
}

impl Window {
    /// How many tokens.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn of(&self, t: usize) -> &[u64] {
        let start = t.checked_sub(1).and_then(|p| self.ends.get(p)).copied().unwrap_or(0) as usize;
        let end = self.ends.get(t).copied().unwrap_or(0) as usize;
        self.features.get(start..end).unwrap_or_default()
    }
}

type Row = [f32; LABELS];

fn transition(previous: usize, boundary: u8) -> [u64; 2] {
    let base = join(template(900), previous as u64);
    [base, join(join(template(901), previous as u64), u64::from(boundary))]
}

/// Whether a label may stand after another.
fn allowed(previous: usize, label: usize) -> bool {
    match label {
        IN_SOURCE => previous == SOURCE || previous == IN_SOURCE,
        IN_CONTENT => previous == CONTENT || previous == IN_CONTENT,
        _ => true,
    }
}

const NEVER: f32 = -1e9;

/// Scores of every token's labels, the cue's fixed.
fn emissions(model: &impl Scorer<LABELS>, window: &Window, out: &mut Vec<Row>) {
    out.clear();
    for t in 0..window.len() {
        let mut row = model.scores(window.of(t)).0;
        if t == window.cue {
            row = [NEVER; LABELS];
            row[CUE] = 0.0;
        } else if t == 0 {
            row[IN_SOURCE] = NEVER;
            row[IN_CONTENT] = NEVER;
        }
        out.push(row);
    }
}

/// `moves[previous][label]` at a boundary.
fn moves(model: &impl Scorer<LABELS>, boundary: u8) -> [Row; LABELS] {
    std::array::from_fn(|previous| {
        let mut row = model.scores(&transition(previous, boundary)).0;
        for (label, score) in row.iter_mut().enumerate() {
            if !allowed(previous, label) {
                *score = NEVER;
            }
        }
        row
    })
}

/// Room for decoding, kept between windows.
#[derive(Debug, Default)]
pub struct Scratch {
    rows: Vec<Row>,
    back: Vec<[u8; LABELS]>,
    moves: Vec<Option<[Row; LABELS]>>,
}

impl Scratch {
    /// Forgets the transition scores, which hold for one model as it is.
    pub fn forget(&mut self) {
        self.moves.clear();
    }

    fn moves(&mut self, model: &impl Scorer<LABELS>, boundary: u8) -> [Row; LABELS] {
        let at = usize::from(boundary);
        if self.moves.len() <= at {
            self.moves.resize(at + 1, None);
        }
        match self.moves.get_mut(at) {
            Some(slot) => *slot.get_or_insert_with(|| moves(model, boundary)),
            None => moves(model, boundary),
        }
    }
}

/// The best labels of a window.
pub fn decode(model: &impl Scorer<LABELS>, window: &Window, scratch: &mut Scratch) -> Vec<u8> {
    let mut rows = std::mem::take(&mut scratch.rows);
    emissions(model, window, &mut rows);
    scratch.back.clear();
    let mut last: Row = rows.first().copied().unwrap_or_default();
    scratch.back.push([0; LABELS]);
    for (t, row) in rows.iter().enumerate().skip(1) {
        let moves = scratch.moves(model, window.boundary.get(t).copied().unwrap_or(0));
        let mut next = [NEVER * 2.0; LABELS];
        let mut back = [0u8; LABELS];
        for label in 0..LABELS {
            for (previous, &score) in last.iter().enumerate() {
                let sum = score + moves[previous][label];
                if sum > next[label] {
                    (next[label], back[label]) = (sum, previous as u8);
                }
            }
            next[label] += row[label];
        }
        scratch.back.push(back);
        last = next;
    }
    let mut label = (0..LABELS).max_by(|&a, &b| last[a].total_cmp(&last[b]).then(b.cmp(&a))).unwrap_or(OUT);
    let mut out = vec![0u8; rows.len()];
    for t in (0..rows.len()).rev() {
        out[t] = label as u8;
        label = scratch.back.get(t).map_or(OUT, |b| usize::from(b[label]));
    }
    scratch.rows = rows;
    out
}

fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let top = values.clone().fold(f32::NEG_INFINITY, f32::max);
    top + values.map(|v| (v - top).exp()).sum::<f32>().ln()
}

/// One step of training: the gradient of the log-likelihood of `gold`.
/// Gives the log-likelihood per token.
pub fn learn(model: &mut Trainer<LABELS>, window: &Window, gold: &[u8]) -> f32 {
    let n = window.len();
    if n == 0 || gold.len() != n {
        return 0.0;
    }
    let mut rows = Vec::new();
    emissions(model, window, &mut rows);
    let all: Vec<[Row; LABELS]> = (0..n).map(|t| moves(model, window.boundary.get(t).copied().unwrap_or(0))).collect();
    let mut forward = rows.clone();
    for t in 1..n {
        for label in 0..LABELS {
            forward[t][label] = rows[t][label] + log_sum((0..LABELS).map(|p| forward[t - 1][p] + all[t][p][label]));
        }
    }
    let mut backward = vec![[0f32; LABELS]; n];
    for t in (0..n - 1).rev() {
        for label in 0..LABELS {
            backward[t][label] =
                log_sum((0..LABELS).map(|q| all[t + 1][label][q] + rows[t + 1][q] + backward[t + 1][q]));
        }
    }
    let total = log_sum(forward[n - 1].iter().copied());
    let mut score = 0.0;
    for t in 0..n {
        let g = usize::from(gold[t]);
        score += rows[t][g] + if t > 0 { all[t][usize::from(gold[t - 1])][g] } else { 0.0 };
        if t != window.cue {
            let mut gradient = [0f32; LABELS];
            for label in 0..LABELS {
                gradient[label] = -(forward[t][label] + backward[t][label] - total).exp();
            }
            gradient[g] += 1.0;
            if gradient.iter().any(|v| v.abs() > 2e-3) {
                model.step(window.of(t), &gradient);
            }
        }
        if t > 0 {
            for previous in 0..LABELS {
                let mut gradient = [0f32; LABELS];
                for label in 0..LABELS {
                    let both = forward[t - 1][previous] + all[t][previous][label] + rows[t][label] + backward[t][label]
                        - total;
                    gradient[label] = -both.exp();
                }
                if usize::from(gold[t - 1]) == previous {
                    gradient[g] += 1.0;
                }
                if gradient.iter().any(|v| v.abs() > 2e-3) {
                    model.step(&transition(previous, window.boundary.get(t).copied().unwrap_or(0)), &gradient);
                }
            }
        }
    }
    model.tick();
    (score - total) / n as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(words: &[u64], cue: usize) -> Window {
        let mut out = Window { cue, ..Window::default() };
        for (t, &word) in words.iter().enumerate() {
            out.features.push(join(template(1), word));
            out.features.push(join(template(2), (t > cue) as u64));
            out.ends.push(out.features.len() as u32);
            out.boundary.push(0);
        }
        out
    }

    #[test]
    fn learns_a_chain_and_keeps_its_grammar() {
        // word 1 = a name, 2 = the cue, 3.. = content.
        let windows = [window(&[1, 2, 3, 4, 5], 1), window(&[9, 1, 2, 4, 3], 2)];
        let gold: [&[u8]; 2] = [&[1, 5, 3, 4, 4], &[0, 1, 5, 3, 4]];
        let mut model = Trainer::<LABELS>::adagrad(0.5);
        for _ in 0..60 {
            for (w, g) in windows.iter().zip(gold) {
                learn(&mut model, w, g);
            }
        }
        let mut scratch = Scratch::default();
        for (w, g) in windows.iter().zip(gold) {
            assert_eq!(decode(&model, w, &mut scratch), g);
            scratch.forget();
        }
        assert!(learn(&mut model, &windows[0], gold[0]) > -0.2);
        assert!(decode(&model, &Window::default(), &mut scratch).is_empty());
    }
}
