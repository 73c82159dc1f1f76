/// A set of small numbers, as bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn of(marks: &[bool]) -> Self {
        let word = |chunk: &[bool]| chunk.iter().enumerate().fold(0, |w, (i, &m)| w | u64::from(m) << i);
        Bits(marks.chunks(64).map(word).collect())
    }

    pub(crate) fn add(&mut self, other: &Bits) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(x, y)| *x |= y);
    }

    /// How many are in `self` and not in `other`.
    pub(crate) fn beyond(&self, other: &Bits) -> usize {
        let rest = other.0.iter().copied().chain(std::iter::repeat(0));
        self.0.iter().zip(rest).map(|(x, y)| (x & !y).count_ones() as usize).sum()
    }
}
