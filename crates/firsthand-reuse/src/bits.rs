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

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|x| x.count_ones() as usize).sum()
    }

    pub(crate) fn insert(&mut self, i: usize) {
        if self.0.len() <= i / 64 {
            self.0.resize(i / 64 + 1, 0);
        }
        self.0[i / 64] |= 1 << (i % 64);
    }

    /// The least.
    pub(crate) fn first(&self) -> Option<usize> {
        let i = self.0.iter().position(|&x| x != 0)?;
        Some(64 * i + self.0[i].trailing_zeros() as usize)
    }

    /// Drops what is not in `other`.
    pub(crate) fn keep(&mut self, other: &Bits) {
        let rest = other.0.iter().copied().chain(std::iter::repeat(0));
        self.0.iter_mut().zip(rest).for_each(|(x, y)| *x &= y);
    }

    /// How many are in both.
    pub(crate) fn common(&self, other: &Bits) -> usize {
        self.0.iter().zip(&other.0).map(|(x, y)| (x & y).count_ones() as usize).sum()
    }
}
