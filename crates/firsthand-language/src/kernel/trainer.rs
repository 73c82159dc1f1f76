use super::{Scorer, Scores};

/// Learns the weights of K classes, with exact keys.
#[derive(Clone, Debug)]
pub struct Trainer<const K: usize> {
    /// Half of a feature and the row it stands in, by the other half.
    index: Vec<(u32, u32)>,
    /// Weights apart from their history: scoring reads these alone.
    weights: Vec<[f32; K]>,
    history: Vec<History<K>>,
    features: Vec<u64>,
    steps: f64,
    /// Learning rate of AdaGrad; `None` for plain steps.
    rate: Option<f32>,
    /// Updates a feature must have met before it is taken up, and how often
    /// those not taken up have met one (counted by hash).
    least: u8,
    met: Vec<u8>,
}

/// Counters of features that are not taken up yet.
const MET: usize = 1 << 23;

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
    /// Integer steps that the 99.9th percentile of the weights takes in a table:
    /// 1,000 unless set. Fewer make smaller files; 100 cost nothing.
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
        Trainer {
            index: vec![(0, u32::MAX); 1 << 12],
            weights: Vec::new(),
            history: Vec::new(),
            features: Vec::new(),
            steps: 0.0,
            rate: None,
            least: 1,
            met: Vec::new(),
        }
    }

    /// Takes up a feature only at the `n`th update that it meets: rare
    /// features, which mostly learn by heart, stay out of the model and the
    /// others learn without them.
    pub fn at_least(mut self, n: u8) -> Self {
        self.least = n;
        self.met = if n > 1 { vec![0; MET] } else { Vec::new() };
        self
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
        // 32 bits to compare and as many as there are slots to place by: chance matches do not happen in practice.
        let mask = self.index.len() - 1;
        let mut at = (feature >> 32) as usize & mask;
        loop {
            match self.index[at] {
                (_, u32::MAX) => return Err(at),
                (check, row) if check == feature as u32 => return Ok(row as usize),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn row(&mut self, feature: u64) -> Option<usize> {
        match self.find(feature) {
            Ok(row) => Some(row),
            Err(mut at) => {
                if let Some(met) = self.met.get_mut((feature >> 30) as usize % MET) {
                    *met = met.saturating_add(1);
                    if *met < self.least {
                        return None;
                    }
                }
                if (self.features.len() + 1) * 2 > self.index.len() {
                    self.grow();
                    at = self.find(feature).unwrap_or_else(|at| at);
                }
                self.index[at] = (feature as u32, self.features.len() as u32);
                self.features.push(feature);
                self.weights.push([0.0; K]);
                self.history.push(History { timed: [0.0; K], squares: [0.0; K], updates: 0 });
                Some(self.features.len() - 1)
            }
        }
    }

    fn grow(&mut self) {
        self.index = vec![(0, u32::MAX); self.index.len() * 2];
        for row in 0..self.features.len() {
            let feature = self.features[row];
            if let Err(at) = self.find(feature) {
                self.index[at] = (feature as u32, row as u32);
            }
        }
    }

    /// One step of the perceptron: towards `gold`, away from `guess`; and one
    /// tick of the clock. Nothing is learned where the two agree.
    pub fn update(&mut self, features: &[u64], gold: usize, guess: usize) {
        if gold != guess {
            let mut gradient = [0.0; K];
            for (class, delta) in [(gold, 1.0), (guess, -1.0)] {
                if let Some(g) = gradient.get_mut(class) {
                    *g = delta;
                }
            }
            self.step(features, &gradient);
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
            let Some(row) = self.row(feature) else { continue };
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
            let Some(row) = self.row(feature) else { continue };
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
