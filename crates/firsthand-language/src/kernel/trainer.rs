use super::{Scorer, Scores};

/// Learns the weights of K classes, with exact keys.
#[derive(Clone, Debug)]
pub struct Trainer<const K: usize> {
    keys: Vec<u64>,
    slots: Vec<u32>,
    /// Weights apart from their history: scoring reads these alone.
    weights: Vec<[f32; K]>,
    history: Vec<History<K>>,
    features: Vec<u64>,
    steps: f64,
    /// Learning rate of AdaGrad; `None` for plain steps.
    rate: Option<f32>,
}

#[derive(Clone, Debug)]
struct History<const K: usize> {
    /// Sum of the steps, each times the time it was made at: gives the average.
    timed: [f32; K],
    /// Sum of the squared gradients.
    squares: [f32; K],
    updates: u32,
}

/// The weights of a trainer, averaged over its steps.
#[derive(Clone, Debug)]
pub struct Average<const K: usize> {
    pub(super) rows: Vec<AverageRow<K>>,
    /// Integer steps that the 99.9th percentile of the weights takes in a table.
    pub steps: f32,
}

#[derive(Clone, Debug)]
pub(super) struct AverageRow<const K: usize> {
    pub(super) feature: u64,
    pub(super) weights: [f32; K],
    pub(super) updates: u32,
}

impl<const K: usize> Trainer<K> {
    /// Plain averaged-perceptron steps.
    pub fn perceptron() -> Self {
        let slots = vec![u32::MAX; 1 << 12];
        Trainer {
            keys: vec![0; 1 << 12],
            slots,
            weights: Vec::new(),
            history: Vec::new(),
            features: Vec::new(),
            steps: 0.0,
            rate: None,
        }
    }

    /// Steps scaled by AdaGrad (Duchi et al. 2011), averaged.
    pub fn adagrad(rate: f32) -> Self {
        Trainer { rate: Some(rate), ..Self::perceptron() }
    }

    /// Features seen in updates so far.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether nothing was learned yet.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    #[inline]
    fn find(&self, feature: u64) -> Result<usize, usize> {
        let mask = self.keys.len() - 1;
        let mut at = (feature >> 20) as usize & mask;
        loop {
            match self.slots[at] {
                u32::MAX => return Err(at),
                row if self.keys[at] == feature => return Ok(row as usize),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn row(&mut self, feature: u64) -> usize {
        match self.find(feature) {
            Ok(row) => row,
            Err(mut at) => {
                if (self.features.len() + 1) * 2 > self.keys.len() {
                    self.grow();
                    at = self.find(feature).unwrap_or_else(|at| at);
                }
                (self.keys[at], self.slots[at]) = (feature, self.features.len() as u32);
                self.features.push(feature);
                self.weights.push([0.0; K]);
                self.history.push(History { timed: [0.0; K], squares: [0.0; K], updates: 0 });
                self.features.len() - 1
            }
        }
    }

    fn grow(&mut self) {
        let size = self.keys.len() * 2;
        self.keys = vec![0; size];
        self.slots = vec![u32::MAX; size];
        for row in 0..self.features.len() {
            let feature = self.features[row];
            if let Err(at) = self.find(feature) {
                (self.keys[at], self.slots[at]) = (feature, row as u32);
            }
        }
    }

    /// One step of the perceptron: towards `gold`, away from `guess`; and one
    /// tick of the clock. Nothing is learned where the two agree.
    pub fn update(&mut self, features: &[u64], gold: usize, guess: usize) {
        if gold != guess {
            self.add(features, gold, 1.0);
            self.add(features, guess, -1.0);
        }
        self.tick();
    }

    /// One step of multinomial logistic regression towards `gold`, and one
    /// tick; returns the probability it had.
    pub fn fit(&mut self, features: &[u64], gold: usize) -> f32 {
        self.fit_any(features, |class| class == gold, |_| true)
    }

    /// The same where any of several classes would be right, among those
    /// allowed.
    pub fn fit_any(&mut self, features: &[u64], right: impl Fn(usize) -> bool, allowed: impl Fn(usize) -> bool) -> f32 {
        let mut scores = self.scores(features);
        for (class, score) in scores.0.iter_mut().enumerate() {
            if !allowed(class) {
                *score = f32::NEG_INFINITY;
            }
        }
        let p = scores.probabilities();
        let sum: f32 = (0..K).filter(|&c| right(c)).map(|c| p[c]).sum();
        if sum < 0.999 {
            let gradient: [f32; K] =
                std::array::from_fn(|c| if right(c) { p[c] / sum.max(1e-9) - p[c] } else { -p[c] });
            self.step(features, &gradient);
        }
        self.tick();
        sum
    }

    /// Adds `gradient` (one value per class) to the weights of `features`,
    /// scaled as the method says.
    pub fn step(&mut self, features: &[u64], gradient: &[f32; K]) {
        for &feature in features {
            let row = self.row(feature);
            self.history[row].updates += 1;
            for (class, &g) in gradient.iter().enumerate() {
                if g.abs() > 1e-3 {
                    self.move_by(row, class, g);
                }
            }
        }
    }

    /// Adds `delta` to one class for every feature, scaled as the method says.
    pub fn add(&mut self, features: &[u64], class: usize, delta: f32) {
        for &feature in features {
            let row = self.row(feature);
            self.history[row].updates += u32::from(delta > 0.0);
            self.move_by(row, class, delta);
        }
    }

    #[inline]
    fn move_by(&mut self, row: usize, class: usize, gradient: f32) {
        let history = &mut self.history[row];
        let step = match self.rate {
            None => gradient,
            Some(rate) => {
                history.squares[class] += gradient * gradient;
                rate * gradient / (history.squares[class].sqrt() + 1e-6)
            }
        };
        self.weights[row][class] += step;
        history.timed[class] += step * self.steps as f32;
    }

    /// Moves the clock by which weights are averaged.
    pub fn tick(&mut self) {
        self.steps += 1.0;
    }

    /// The averaged weights, in the order the features were first seen.
    pub fn average(&self) -> Average<K> {
        let time = self.steps.max(1.0) as f32;
        let rows = self.features.iter().zip(self.weights.iter().zip(&self.history));
        let rows = rows
            .map(|(&feature, (weights, history))| AverageRow {
                feature,
                weights: std::array::from_fn(|c| weights[c] - history.timed[c] / time),
                updates: history.updates,
            })
            .collect();
        Average { rows, steps: 1000.0 }
    }
}

impl<const K: usize> Scorer<K> for Trainer<K> {
    #[inline]
    fn scores(&self, features: &[u64]) -> Scores<K> {
        let mut sums = [0.0; K];
        for &feature in features {
            if let Ok(row) = self.find(feature) {
                for (sum, weight) in sums.iter_mut().zip(&self.weights[row]) {
                    *sum += weight;
                }
            }
        }
        Scores(sums)
    }
}

impl<const K: usize> Average<K> {
    /// Adds the weights of another average, feature by feature: a committee of
    /// models that costs what one does.
    pub fn merge(&mut self, other: Average<K>) {
        self.rows.extend(other.rows);
        self.rows.sort_by_key(|row| row.feature);
        self.rows.dedup_by(|later, kept| {
            let same = later.feature == kept.feature;
            if same {
                for (sum, weight) in kept.weights.iter_mut().zip(&later.weights) {
                    *sum += weight;
                }
                kept.updates += later.updates;
            }
            same
        });
    }

    /// Features held.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
