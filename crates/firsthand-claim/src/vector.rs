//! Terms as numbers, and sparse vectors of their weights.

use std::collections::BTreeSet;

/// Numbers terms by their letters alone, so that the number of a term depends
/// on no other report, and reports can be worked on apart. Two terms of one
/// story share a number about once in a hundred stories of ten thousand terms.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms;

impl Terms {
    pub(crate) fn id(self, term: impl AsRef<str>) -> u32 {
        // FNV-1a: the same on every machine, and short words are hashed as fast as by any other.
        let step = |h: u64, b: &u8| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = term.as_ref().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step);
        (hash ^ (hash >> 32)) as u32
    }

    /// The terms that stand for classes.
    pub(crate) fn classes(self) -> BTreeSet<u32> {
        crate::words::class_names().map(|c| self.id(format!("#{c}"))).collect()
    }
}

/// Term and weight, ascending by term.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vector(pub(crate) Vec<(u32, f32)>);

impl Vector {
    /// From pairs in any order; weights of one term are added.
    pub(crate) fn new(mut pairs: Vec<(u32, f32)>) -> Self {
        pairs.sort_unstable_by_key(|&(t, _)| t);
        let mut out: Vec<(u32, f32)> = Vec::with_capacity(pairs.len());
        for (term, weight) in pairs {
            match out.last_mut() {
                Some(last) if last.0 == term => last.1 += weight,
                _ => out.push((term, weight)),
            }
        }
        Vector(out)
    }

    /// Sum of the products of common terms.
    pub(crate) fn dot(&self, other: &Vector) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    sum += a.1 * b.1;
                    i += 1;
                    j += 1;
                }
            }
        }
        sum
    }

    /// Length.
    pub(crate) fn norm(&self) -> f32 {
        self.0.iter().map(|(_, w)| w * w).sum::<f32>().sqrt()
    }

    /// Cosine of the angle to another, 0 for an empty one.
    pub(crate) fn cosine(&self, other: &Vector) -> f32 {
        let norms = self.norm() * other.norm();
        if norms > 0.0 { self.dot(other) / norms } else { 0.0 }
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: &Vector) {
        let mut pairs = std::mem::take(&mut self.0);
        pairs.extend_from_slice(&other.0);
        *self = Vector::new(pairs);
    }

    /// The heaviest terms, at most `n`, ascending by term.
    pub(crate) fn heaviest(&self, n: usize) -> Vec<u32> {
        let mut by_weight = self.0.clone();
        by_weight.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut out: Vec<u32> = by_weight.into_iter().take(n).map(|(t, _)| t).collect();
        out.sort_unstable();
        out
    }
}

/// Sets that are joined: the least member names its set.
#[derive(Clone, Debug)]
pub(crate) struct Sets(Vec<usize>);

impl Sets {
    pub(crate) fn new(n: usize) -> Self {
        Sets((0..n).collect())
    }

    pub(crate) fn find(&mut self, mut i: usize) -> usize {
        while let Some(&up) = self.0.get(i)
            && up != i
        {
            let over = self.0.get(up).copied().unwrap_or(up);
            self.0[i] = over;
            i = over;
        }
        i
    }

    /// Joins two sets; the name of the joined one.
    pub(crate) fn join(&mut self, a: usize, b: usize) -> usize {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high] = low;
        low
    }

    /// Members by set, sets ascending by name.
    pub(crate) fn groups(&mut self) -> Vec<Vec<usize>> {
        let mut by: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for i in 0..self.0.len() {
            by.entry(self.find(i)).or_default().push(i);
        }
        by.into_values().collect()
    }
}
