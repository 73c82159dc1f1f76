use super::trainer::Average;
use super::{Scorer, Scores};

/// Weights of K classes in a fixed number of buckets.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<const K: usize> {
    pub(super) bits: u32,
    /// Steps of the integer weights in one unit of the trained ones.
    pub(super) scale: f32,
    /// The fingerprint of each bucket, 0 for an empty one. Apart from the
    /// weights: most features are in no bucket, and these alone tell.
    pub(super) checks: Vec<u16>,
    pub(super) weights: Vec<[i16; K]>,
}

/// Features that are looked up before the weights of any are read.
const AHEAD: usize = 64;

/// Fewest and most bits of a table.
pub(super) const BITS: std::ops::RangeInclusive<u32> = 1..=26;

#[inline]
fn check(feature: u64) -> u16 {
    (feature as u16) | 1
}

impl<const K: usize> Table<K> {
    /// A table of `2^bits` buckets from trained weights, leaving out features
    /// that were updated less than `least` times. Where buckets run out, the
    /// features of greatest weight stay.
    pub fn build(average: &Average<K>, bits: u32, least: u32) -> Self {
        let bits = bits.clamp(*BITS.start(), *BITS.end());
        let rows = || average.rows.iter().filter(|row| row.updates >= least);
        // The 99.9th percentile of the weights takes `steps` steps; what needs more than 16 bits is cut.
        let mut sizes: Vec<f32> = rows().flat_map(|row| row.weights).map(f32::abs).filter(|&w| w > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let large = sizes.get(sizes.len() - sizes.len().div_ceil(1000).max(1).min(sizes.len())).copied().unwrap_or(1.0);
        let scale = if large > 0.0 { average.steps / large } else { 1.0 };
        let mut order: Vec<(f32, u64, [i16; K])> = rows()
            .map(|row| {
                let weights = row.weights.map(|w| (w * scale).round().clamp(-32767.0, 32767.0) as i16);
                let mass: f32 = row.weights.iter().map(|w| w.abs()).sum();
                (mass, row.feature, weights)
            })
            .filter(|(_, _, weights)| weights.iter().any(|&w| w != 0))
            .collect();
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut table = Table::empty(bits, scale);
        for (_, feature, weights) in order {
            let at = table.index(feature);
            for slot in [at, at ^ 1] {
                if table.checks[slot] == 0 {
                    (table.checks[slot], table.weights[slot]) = (check(feature), weights);
                    break;
                }
                if table.checks[slot] == check(feature) {
                    break; // the heavier feature of one fingerprint stays
                }
            }
        }
        table
    }

    /// A table of `2^bits` buckets with nothing in them.
    pub(super) fn empty(bits: u32, scale: f32) -> Self {
        Table { bits, scale, checks: vec![0; 1 << bits], weights: vec![[0; K]; 1 << bits] }
    }

    #[inline]
    fn index(&self, feature: u64) -> usize {
        // `bits` is within 1..=26, so the shift is within 38..=63.
        (feature >> (64 - self.bits)) as usize
    }

    /// Divides scores by the table's scale, back to those of the trainer.
    pub fn unscale(&self, scores: Scores<K>) -> Scores<K> {
        Scores(scores.0.map(|s| s / self.scale))
    }

    /// Buckets in use.
    pub fn len(&self) -> usize {
        self.checks.iter().filter(|&&c| c != 0).count()
    }

    /// Whether no bucket is in use.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.checks.len() * (size_of::<u16>() + size_of::<[i16; K]>())
    }
}

impl<const K: usize> Scorer<K> for Table<K> {
    #[inline]
    fn scores(&self, features: &[u64]) -> Scores<K> {
        let mut sums = [0i32; K];
        let mut found = [0u32; AHEAD];
        // First where the features stand, then their weights: without a
        // branch between them the loads of each loop overlap, and waiting for
        // memory is what this costs.
        for features in features.chunks(AHEAD) {
            let mut n = 0;
            for &feature in features {
                let (at, check) = (self.index(feature), check(feature));
                let (first, second) = (self.checks[at] == check, self.checks[at ^ 1] == check);
                found[n] = (at ^ usize::from(!first)) as u32;
                n += usize::from(first | second);
            }
            for &at in &found[..n] {
                for (sum, &weight) in sums.iter_mut().zip(&self.weights[at as usize]) {
                    *sum += i32::from(weight);
                }
            }
        }
        Scores(sums.map(|s| s as f32))
    }
}
