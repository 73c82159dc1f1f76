//! The linear chain over labels: best path, and what training needs.

use super::{K, may_follow};

/// Scores of one label after another.
pub type Transitions = [[f32; K]; K];

/// The best path through `scores` (one row per token); ties go to the lower label.
pub fn best_path(scores: &[[f32; K]], transitions: &Transitions, out: &mut Vec<u8>) {
    out.clear();
    let Some(first) = scores.first() else { return };
    let mut back: Vec<[u8; K]> = Vec::with_capacity(scores.len());
    // What may not follow costs all: no branch in the inner loop.
    let step: Transitions = std::array::from_fn(|before| {
        std::array::from_fn(
            |label| {
                if may_follow(before, label) { transitions[before][label] } else { f32::NEG_INFINITY }
            },
        )
    });
    let mut best = [f32::NEG_INFINITY; K];
    for (label, score) in first.iter().enumerate() {
        if may_follow(0, label) {
            best[label] = score + transitions[0][label];
        }
    }
    back.push([0; K]);
    for row in &scores[1..] {
        let mut next = [f32::NEG_INFINITY; K];
        let mut from = [0u8; K];
        for (before, (&so_far, step)) in best.iter().zip(&step).enumerate() {
            for label in 0..K {
                let score = so_far + step[label];
                if score > next[label] {
                    (next[label], from[label]) = (score, before as u8);
                }
            }
        }
        next.iter_mut().zip(row).for_each(|(next, score)| *next += score);
        best = next;
        back.push(from);
    }
    let mut at = 0;
    for label in 1..K {
        if best[label] > best[at] {
            at = label;
        }
    }
    out.resize(scores.len(), 0);
    for (i, from) in back.iter().enumerate().rev() {
        out[i] = at as u8;
        at = from[at] as usize;
    }
}

/// Probabilities of labels and of pairs of neighbours, over the paths that
/// `allowed` (a bit set of labels per token) leaves.
pub struct Marginals {
    /// Per token.
    pub labels: Vec<[f32; K]>,
    /// Summed over the sentence; the first token follows label 0.
    pub pairs: [[f32; K]; K],
}

/// Forward and backward over one sentence, scaled at every token.
pub fn marginals(scores: &[[f32; K]], transitions: &Transitions, allowed: impl Fn(usize) -> u16) -> Marginals {
    let n = scores.len();
    let jump: [[f32; K]; K] =
        std::array::from_fn(|b| std::array::from_fn(|l| if may_follow(b, l) { transitions[b][l].exp() } else { 0.0 }));
    let emit: Vec<[f32; K]> = scores
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let bits = allowed(i);
            std::array::from_fn(|l| if bits & (1 << l) != 0 { (row[l] - top).exp().max(1e-30) } else { 0.0 })
        })
        .collect();
    let normal = |row: &mut [f32; K]| {
        let sum: f32 = row.iter().sum();
        if sum > 0.0 {
            row.iter_mut().for_each(|v| *v /= sum);
        }
    };
    let mut ahead: Vec<[f32; K]> = Vec::with_capacity(n);
    for here in &emit {
        let mut row: [f32; K] = match ahead.last() {
            None => jump[0],
            Some(before) => std::array::from_fn(|l| (0..K).map(|b| before[b] * jump[b][l]).sum()),
        };
        row.iter_mut().zip(here).for_each(|(r, e)| *r *= e);
        normal(&mut row);
        ahead.push(row);
    }
    let mut behind = vec![[1.0f32; K]; n];
    for i in (0..n.saturating_sub(1)).rev() {
        let next: [f32; K] = std::array::from_fn(|l| behind[i + 1][l] * emit[i + 1][l]);
        let mut row: [f32; K] = std::array::from_fn(|b| (0..K).map(|l| jump[b][l] * next[l]).sum());
        normal(&mut row);
        behind[i] = row;
    }
    let mut pairs = [[0.0; K]; K];
    let mut labels = Vec::with_capacity(n);
    for i in 0..n {
        let mut row: [f32; K] = std::array::from_fn(|l| ahead[i][l] * behind[i][l]);
        normal(&mut row);
        labels.push(row);
        let mut pair = [[0.0; K]; K];
        let mut sum = 0.0;
        for (b, from) in pair.iter_mut().enumerate() {
            let before = if i == 0 { f32::from(u8::from(b == 0)) } else { ahead[i - 1][b] };
            for l in 0..K {
                from[l] = before * jump[b][l] * emit[i][l] * behind[i][l];
                sum += from[l];
            }
        }
        if sum > 0.0 {
            pair.iter().flatten().zip(pairs.iter_mut().flatten()).for_each(|(p, total)| *total += p / sum);
        }
    }
    Marginals { labels, pairs }
}
