/// One score per class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores<const K: usize>(pub [f32; K]);

impl<const K: usize> Scores<K> {
    /// The class with the highest score, the first on a tie.
    #[inline]
    pub fn best(&self) -> usize {
        self.best_of(|_| true).unwrap_or(0)
    }

    /// The best class among those allowed.
    #[inline]
    pub fn best_of(&self, allowed: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best = None;
        let mut top = f32::NEG_INFINITY;
        for (class, &score) in self.0.iter().enumerate() {
            if allowed(class) && (best.is_none() || score > top) {
                (best, top) = (Some(class), score);
            }
        }
        best
    }

    /// The distance between the best class and the next.
    pub fn margin(&self) -> f32 {
        let best = self.best();
        let next = self.best_of(|class| class != best).map_or(f32::NEG_INFINITY, |class| self.0[class]);
        self.0[best] - next
    }

    /// Scores as probabilities (softmax).
    pub fn probabilities(&self) -> [f32; K] {
        let top = self.0.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut out = self.0.map(|s| (s - top).exp());
        let sum: f32 = out.iter().sum();
        for p in &mut out {
            *p /= sum;
        }
        out
    }
}

/// Whatever gives scores to features: a table, or a trainer in training.
pub trait Scorer<const K: usize> {
    /// The sums of the weights of `features`.
    fn scores(&self, features: &[u64]) -> Scores<K>;
}
