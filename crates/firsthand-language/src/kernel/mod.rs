/*!
The feature kernel: linear models over hashed features, shared by the tagger,
the parser, the names and the later stages.

# How to use it

A *feature* is a `u64`: a template number joined with the values it looks at.

```
use firsthand_language::kernel::{Features, Scorer, Table, Trainer, hash, join, template};

/// What the model looks at: the same function in training and in use.
fn look(word: &str, before: &str, features: &mut Features) {
    features.clear();
    let (word, before) = (hash(word), hash(before));
    features.push(template(0));                     // bias
    features.push(join(template(1), word));         // one value
    features.push(join(join(template(2), word), before)); // two values
}

// Training: K classes, any number of passes in a fixed order.
let data = [("rain", "the", 0), ("rains", "it", 1), ("rain", "to", 1)];
let mut trainer = Trainer::<2>::perceptron();
let mut features = Features::default();
for _ in 0..5 {
    for (word, before, gold) in data {
        look(word, before, &mut features);
        let guess = trainer.scores(&features).best();
        trainer.update(&features, gold, guess);     // nothing where they agree
    }
}

// Use: a fixed table of i16 weights, 2^10 buckets, features updated at least once.
let table = Table::build(&trainer.average(), 10, 1);
look("rain", "to", &mut features);
assert_eq!(table.scores(&features).best(), 1);
```

* [`Trainer::perceptron`] learns by ±1 steps, averaged; [`Trainer::adagrad`]
  scales every step by the weight's own history (try 0.1 to 1.0 for its
  rate). [`Trainer::update`] is the perceptron's step, [`Trainer::fit`] the
  step of multinomial logistic regression, [`Trainer::add`] a raw one, for
  structured updates; call [`Trainer::tick`] once per example there.
* Several averages can be summed with [`Average::merge`] (models trained in
  other orders): a cheap ensemble that costs nothing in use.
* [`Trainer::at_least`] keeps rare features out of training,
  fewer [`Average::steps`] make a smaller file.
* [`Scorer`] is implemented by [`Trainer`] and [`Table`], so one decoder
  serves both. Scores of a table are on its own scale: compare them with each
  other; [`Scores::probabilities`] after [`Table::unscale`] where
  probabilities are wanted (models trained with `fit`).
* Weight files: [`WeightsWriter`] puts named sections (tables, bytes) into
  one compressed, versioned and checksummed file; [`Weights`] reads it. Load
  once, through `OnceLock`, from `include_bytes!`.

# How it is built

A table is an array of buckets: a 16-bit fingerprint each and, apart, K weights of 16
bits. A feature may stand in two neighbouring buckets;
where both are taken, the heaviest features stay. A feature that is not in
the table costs one cache line and adds nothing. No allocation in use.
Everything is deterministic: integer arithmetic in use, fixed order in
training, no hash iteration.
*/

mod scores;
mod table;
mod trainer;
mod weights;

pub use scores::{Scorer, Scores};
pub use table::Table;
pub use trainer::{Average, Trainer};
pub use weights::{Weights, WeightsError, WeightsWriter};

/// Features of one example; cleared and filled again without allocation.
pub type Features = Vec<u64>;

const A: u64 = 0x9E37_79B9_7F4A_7C15;
const B: u64 = 0xD6E8_FEB8_6659_FD93;

/// The start of a feature of template `n`.
#[inline]
pub const fn template(n: u32) -> u64 {
    (n as u64 + 1).wrapping_mul(B)
}

/// A feature extended by one value. Order matters.
#[inline]
pub const fn join(feature: u64, value: u64) -> u64 {
    let product = (feature ^ A) as u128 * (value ^ B) as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The value of a word or any other text.
#[inline]
pub fn hash(text: &str) -> u64 {
    hash_bytes(text.as_bytes())
}

/// The value of bytes: 8 at a time, the length mixed in.
#[inline]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut h = join(A, bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        h = join(h, chunk.iter().rev().fold(0, |v, &b| v << 8 | u64::from(b)));
    }
    let rest = chunks.remainder();
    if rest.is_empty() { h } else { join(h, rest.iter().rev().fold(0, |v, &b| v << 8 | u64::from(b))) }
}
