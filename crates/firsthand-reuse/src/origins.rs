use std::cmp::Reverse;

use crate::bits::Bits;

/// Of larger families only so many members, the fullest, are looked at.
const MEMBERS: usize = 200;
/// A report that holds this share of what the fullest one holds is no excerpt,
/// and more of it says no more.
const FULL: f64 = 0.6;
/// The same of the share that a report merged of two sources has of each.
const MERGED: f64 = 0.4;
/// How far apart two reports are if they surely have two sources, and if they
/// perhaps have. Set on generated reports (seeds 1, 3, 4, 6, 7 and 9), where
/// at `APART` three of four such pairs have two sources, at `PERHAPS` half.
const APART: f64 = 0.5;
const PERHAPS: f64 = 0.33;

/// How many words each member of a family has in common with each other one.
#[derive(Debug)]
pub(crate) struct Shares {
    members: usize,
    /// Words of a member (row) that another one (column) has too.
    words: Vec<u32>,
    /// Words of each member that any other one has too.
    held: Vec<u32>,
    /// All words of each member.
    own: Vec<u32>,
}

impl Shares {
    /// The members of one family, given by how many words each shares with
    /// any other one, how many it has, and how many it shares with which.
    pub(crate) fn new(members: &[(usize, usize)], shared: impl Fn(usize, usize) -> usize) -> Self {
        let mut fullest: Vec<usize> = (0..members.len()).collect();
        fullest.sort_by_key(|&i| (Reverse(members[i].0), i));
        fullest.truncate(MEMBERS);
        let words =
            fullest.iter().flat_map(|&i| fullest.iter().map(move |&j| (i, j))).map(|(i, j)| shared(i, j) as u32);
        Shares {
            members: fullest.len(),
            words: words.collect(),
            held: fullest.iter().map(|&i| members[i].0 as u32).collect(),
            own: fullest.iter().map(|&i| members[i].1.max(1) as u32).collect(),
        }
    }

    /// How many independent origins the texts have: at least, at most.
    ///
    /// Who copies one source, whole or cut, mostly shares words with whoever
    /// else copied it. Where two full reports share none, yet a few others
    /// share much with both, these few were merged of two sources. The number
    /// of origins is that of the largest set of reports so far apart.
    pub(crate) fn origins(&self) -> (u32, u32) {
        let n = self.members;
        let mut kin = vec![Bits::default(); n];
        for i in 0..n {
            (0..n).filter(|&j| self.shared(i, j) > 0).for_each(|j| kin[i].insert(j));
        }
        let (mut apart, mut perhaps) = (vec![Bits::default(); n], vec![Bits::default(); n]);
        for i in 0..n {
            for j in (0..i).filter(|&j| self.shared(i, j) == 0) {
                let distance = self.distance(i, j, &kin);
                for (found, least) in [(&mut apart, APART), (&mut perhaps, PERHAPS)] {
                    if distance >= least {
                        found[i].insert(j);
                        found[j].insert(i);
                    }
                }
            }
        }
        let low = largest(&apart);
        (low, largest(&perhaps).max(low))
    }

    fn shared(&self, i: usize, j: usize) -> u32 {
        self.words[i * self.members + j]
    }

    /// How far two members without a common word are apart.
    fn distance(&self, i: usize, j: usize, kin: &[Bits]) -> f64 {
        let others = self.members.saturating_sub(2).max(1) as f64;
        let both = kin[i].common(&kin[j]) as f64 / others;
        let most = self.held.first().copied().unwrap_or(0).max(1);
        let full = f64::from(self.held[i].min(self.held[j])) / f64::from(most);
        let merged = (0..self.members)
            .map(|m| f64::from(self.shared(m, i).min(self.shared(m, j))) / f64::from(self.own[m]))
            .fold(0.0, f64::max);
        full.min(FULL) + merged.min(MERGED) - both
    }
}

/// The size of the largest set of mutual neighbours found by starting from
/// each and adding the next that fits; 1 without any.
fn largest(neighbours: &[Bits]) -> u32 {
    let grown = |start: usize| {
        let mut open = neighbours[start].clone();
        let mut size = 1;
        while let Some(next) = open.first() {
            size += 1;
            open.keep(&neighbours[next]);
        }
        size
    };
    (0..neighbours.len()).map(grown).max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reports as the paragraphs of 50 words that they hold.
    fn origins(reports: &[&[u32]]) -> (u32, u32) {
        let common = |i: usize, j: usize| 50 * reports[i].iter().filter(|p| reports[j].contains(p)).count();
        let members: Vec<(usize, usize)> = (0..reports.len())
            .map(|i| {
                let held = reports[i].iter().filter(|p| (0..reports.len()).any(|j| j != i && reports[j].contains(p)));
                (50 * held.count(), 50 * reports[i].len())
            })
            .collect();
        Shares::new(&members, |i, j| if i == j { 0 } else { common(i, j) }).origins()
    }

    #[test]
    fn copies_of_one_text_have_one_origin_whole_or_cut() {
        assert_eq!(origins(&[&[1, 2, 3, 4], &[1, 2, 3, 4], &[1, 2], &[4], &[3, 4]]), (1, 1));
        assert_eq!(origins(&[&[1, 2], &[1, 2]]), (1, 1));
    }

    #[test]
    fn two_texts_that_one_report_merged_are_two_origins() {
        let (a, b): (&[u32], &[u32]) = (&[1, 2, 3, 4], &[5, 6, 7, 8]);
        assert_eq!(origins(&[a, a, &[1, 2, 3], b, b, &[1, 3, 5, 7]]), (2, 2));
    }
}
