use std::ops::Range;

use rayon::prelude::*;

use crate::text::{FURNITURE, Prepared};

/// Words of one gram.
const K: usize = 5;
/// Grams of one window, of which the least is kept: every passage of
/// `K + W - 1` shared words has a gram kept in both reports
/// (Schleimer, Wilkerson and Aiken 2003).
const W: usize = 4;
/// Reports of one piece of parallel work.
const CHUNK: usize = 256;
/// Up to so many places of one gram, each is compared with each.
const EACH_WITH_EACH: usize = 24;
/// Of more, each is compared with so many before it ...
const NEAR: usize = 12;
/// ... and with the earliest of all.
const FIRST: usize = 6;

/// Where a gram stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub doc: u32,
    pub at: u32,
}

/// The grams that stand in more than one place, and where.
#[derive(Debug, Default)]
pub(crate) struct Grams {
    /// Places, ordered by gram, report and word.
    hits: Vec<Hit>,
    /// Index in `hits` of the first place of each gram, and one past the last.
    groups: Vec<u32>,
    /// Which of `hits` are the first of their gram, as bits.
    first: Vec<u64>,
    /// Per report: index in `hits` of its own places.
    of_doc: Vec<u32>,
    /// Where the places of each report begin in `of_doc`.
    doc_starts: Vec<u32>,
}

/// The kept grams of a text: (hash, first word).
pub(crate) fn winnow(text: &Prepared, mut keep: impl FnMut(u64, u32)) {
    let mut hashes: Vec<u64> = Vec::new();
    for words in text.paragraph_words() {
        if words.len() < K {
            continue;
        }
        hashes.clear();
        hashes.extend(text.words[words.clone()].windows(K).map(gram));
        let mut last = usize::MAX;
        for end in 0..hashes.len() {
            // Windows that would start before the paragraph: only the last one of a short paragraph counts.
            if end + 1 < W && end + 1 < hashes.len() {
                continue;
            }
            let start = (end + 1).saturating_sub(W);
            let window = &hashes[start..=end];
            let least = window.iter().enumerate().min_by_key(|&(i, h)| (*h, std::cmp::Reverse(i)));
            if let Some((i, &hash)) = least
                && start + i != last
            {
                last = start + i;
                let at = words.start + last;
                if text.flagged(at..at + K, FURNITURE) == 0 {
                    keep(hash, at as u32);
                }
            }
        }
    }
}

fn gram(words: &[u32]) -> u64 {
    let mixed = words.iter().fold(0x9E37_79B9_7F4A_7C15_u64, |h, &w| {
        (h.rotate_left(23) ^ u64::from(w)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    });
    mixed ^ (mixed >> 29)
}

impl Grams {
    pub(crate) fn new(texts: &[Prepared]) -> Self {
        let parts: Vec<Vec<(u64, Hit)>> = texts
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut out = Vec::new();
                for (i, text) in texts.iter().enumerate() {
                    let doc = (chunk * CHUNK + i) as u32;
                    winnow(text, |hash, at| out.push((hash, Hit { doc, at })));
                }
                out
            })
            .collect();
        let mut all: Vec<(u64, Hit)> = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            all.extend(part);
        }
        all.par_sort_unstable();
        let mut out = Grams::default();
        let kept = |g: &&[(u64, Hit)]| g.len() > 1;
        out.hits.reserve_exact(all.chunk_by(|a, b| a.0 == b.0).filter(kept).map(<[_]>::len).sum());
        out.first = vec![0; out.hits.capacity() / 64 + 1];
        for group in all.chunk_by(|a, b| a.0 == b.0).filter(kept) {
            let start = out.hits.len();
            out.first[start / 64] |= 1 << (start % 64);
            out.groups.push(start as u32);
            out.hits.extend(group.iter().map(|(_, hit)| *hit));
        }
        out.groups.push(out.hits.len() as u32);
        drop(all);
        out.by_doc(texts.len());
        out
    }

    fn by_doc(&mut self, docs: usize) {
        self.doc_starts = vec![0; docs + 1];
        for hit in &self.hits {
            self.doc_starts[hit.doc as usize + 1] += 1;
        }
        for i in 0..docs {
            self.doc_starts[i + 1] += self.doc_starts[i];
        }
        let mut next = self.doc_starts.clone();
        self.of_doc = vec![0; self.hits.len()];
        for (i, hit) in self.hits.iter().enumerate() {
            let slot = &mut next[hit.doc as usize];
            self.of_doc[*slot as usize] = i as u32;
            *slot += 1;
        }
    }

    fn is_first(&self, i: usize) -> bool {
        self.first[i / 64] >> (i % 64) & 1 == 1
    }

    /// Places of the gram at `hits[i]`.
    fn group(&self, i: usize) -> Range<usize> {
        // Most groups are short: their ends are near.
        let near = i.saturating_sub(EACH_WITH_EACH);
        if let Some(start) = (near..=i).rev().find(|&at| self.is_first(at)) {
            let last = self.hits.len().min(start + EACH_WITH_EACH + 1);
            if let Some(end) = (i + 1..last).find(|&at| self.is_first(at)) {
                return start..end;
            }
        }
        let g = self.groups.partition_point(|&start| start as usize <= i);
        self.groups[g - 1] as usize..self.groups[g] as usize
    }

    /// Calls `seed` with (word of `doc`, place in an earlier report, whether
    /// few reports have the gram) for the places where a gram of `doc` stands
    /// in reports before it.
    pub(crate) fn seeds(&self, doc: usize, mut seed: impl FnMut(u32, Hit, bool)) {
        for &i in &self.of_doc[self.doc_starts[doc] as usize..self.doc_starts[doc + 1] as usize] {
            let i = i as usize;
            let group = self.group(i);
            let at = self.hits[i].at;
            let earlier = group.start..i;
            if group.len() <= EACH_WITH_EACH {
                self.hits[earlier].iter().for_each(|&hit| seed(at, hit, true));
            } else {
                let near = earlier.end.saturating_sub(NEAR).max(earlier.start);
                let first = (earlier.start + FIRST).min(near);
                self.hits[earlier.start..first].iter().for_each(|&hit| seed(at, hit, false));
                self.hits[near..earlier.end].iter().for_each(|&hit| seed(at, hit, false));
            }
        }
    }
}
