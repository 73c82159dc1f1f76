use std::ops::Range;

use firsthand_model::SpanKind;

use crate::text::{BACKGROUND, FURNITURE, Prepared, QUOTED};

const NONE: u32 = u32::MAX;
/// Words between two matches that are aligned word by word.
const GAP: usize = 24;
/// A match shorter than this counts only beside another one.
const ALONE: usize = 5;
/// So many words in a row, or so many together, are more than phrases of the language.
const PHRASE: usize = 7;
const PHRASES: usize = 10;
/// Steps of more words than this, on either side, end a passage.
const STEP: usize = 12;

/// A sentence (or part of one) of one text that stands in another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Words of the earlier-ranked text.
    pub a: Range<usize>,
    /// Words of the later-ranked text.
    pub b: Range<usize>,
    pub kind: SpanKind,
    /// Words that are the same.
    pub same: usize,
    /// The same words, letter for letter and mark for mark.
    pub exact: bool,
}

/// What two texts share, in order of `a`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Aligned {
    pub pieces: Vec<Piece>,
}

/// Which word of `b` stands at which word of `a`.
struct Map<'p> {
    a: &'p Prepared,
    b: &'p Prepared,
    to_b: Vec<u32>,
    to_a: Vec<u32>,
}

/// Aligns two texts from places where both have the same gram; `None` if
/// these are phrases that any two texts may share.
pub(crate) fn align(a: (&Prepared, &str), b: (&Prepared, &str), seeds: &[(u32, u32)]) -> Option<Aligned> {
    let (pa, pb) = (a.0, b.0);
    let mut matches = exact_matches(pa, pb, seeds);
    let (longest, all) = matches.iter().fold((0, 0), |(most, all), m| (m.2.max(most), all + m.2));
    if longest < PHRASE && all < PHRASES {
        return None;
    }
    let mut map = Map { a: pa, b: pb, to_b: vec![NONE; pa.len()], to_a: vec![NONE; pb.len()] };
    // The longest first: a word has one place only.
    matches.sort_unstable_by_key(|&(x, y, n)| (std::cmp::Reverse(n), x, y));
    for (x, y, n) in matches {
        map.take(x, y, n);
    }
    map.fill_gaps();
    let mut pieces = map.pieces();
    map.reworded(&mut pieces);
    for piece in &mut pieces {
        piece.kind = kind(pa, pb, piece);
        piece.exact = pa.span(piece.a.clone()).of(a.1) == pb.span(piece.b.clone()).of(b.1);
    }
    pieces.sort_unstable_by_key(|p| (p.a.start, p.b.start));
    Some(Aligned { pieces })
}

/// Maximal runs of equal words through the seeds: (word of a, word of b, length).
fn exact_matches(a: &Prepared, b: &Prepared, seeds: &[(u32, u32)]) -> Vec<(usize, usize, usize)> {
    let equal = |x: usize, y: usize| a.words[x] == b.words[y] && (a.flags[x] | b.flags[y]) & FURNITURE == 0;
    let mut seeds = seeds.to_vec();
    // By diagonal, so that a seed inside the run before it is seen at once.
    seeds.sort_unstable_by_key(|&(x, y)| (i64::from(x) - i64::from(y), x));
    let mut out: Vec<(usize, usize, usize)> = Vec::new();
    for (x, y) in seeds {
        let (x, y) = (x as usize, y as usize);
        if let Some(&(lx, ly, n)) = out.last()
            && lx + y == ly + x
            && x < lx + n
        {
            continue;
        }
        if x >= a.len() || y >= b.len() || !equal(x, y) {
            continue;
        }
        let back = (1..=x.min(y)).take_while(|&i| equal(x - i, y - i)).count();
        let on = (1..(a.len() - x).min(b.len() - y)).take_while(|&i| equal(x + i, y + i)).count();
        out.push((x - back, y - back, back + 1 + on));
    }
    out
}

impl Map<'_> {
    /// Takes the free part of a match.
    fn take(&mut self, x: usize, y: usize, n: usize) {
        let mut run = 0;
        for i in 0..=n {
            let free = i < n && self.to_b[x + i] == NONE && self.to_a[y + i] == NONE;
            if free {
                run += 1;
                continue;
            }
            if run >= ALONE || run == n {
                for j in i - run..i {
                    self.pair(x + j, y + j);
                }
            }
            run = 0;
        }
    }

    fn pair(&mut self, x: usize, y: usize) {
        self.to_b[x] = y as u32;
        self.to_a[y] = x as u32;
    }

    /// Aligns the words in short gaps between matches that follow each other
    /// in both texts, and a few before and after a lone match.
    fn fill_gaps(&mut self) {
        let mut last: Option<(usize, usize)> = None;
        for x in 0..self.to_b.len() {
            let y = self.to_b[x];
            if y == NONE {
                continue;
            }
            let y = y as usize;
            if let Some((lx, ly)) = last
                && y > ly + 1
                && x > lx + 1
                && x - lx <= GAP
                && y - ly <= GAP
            {
                self.common(lx + 1..x, ly + 1..y);
            }
            last = Some((x, y));
        }
    }

    /// The longest common subsequence of two short ranges, taken.
    fn common(&mut self, xs: Range<usize>, ys: Range<usize>) {
        let (n, m) = (xs.len(), ys.len());
        let mut table = [[0_u8; GAP + 1]; GAP + 1];
        let fits = |map: &Self, i: usize, j: usize| {
            let (x, y) = (xs.start + i, ys.start + j);
            map.a.words[x] == map.b.words[y] && map.to_b[x] == NONE && map.to_a[y] == NONE
        };
        for i in (0..n).rev() {
            for j in (0..m).rev() {
                table[i][j] =
                    if fits(self, i, j) { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < n && j < m {
            if fits(self, i, j) {
                self.pair(xs.start + i, ys.start + j);
                i += 1;
                j += 1;
            } else if table[i + 1][j] >= table[i][j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }

    /// The matched passages, cut at sentences of `a` and widened to whole
    /// sentences where most of their words match.
    fn pieces(&self) -> Vec<Piece> {
        let mut out = Vec::new();
        for s in 0..self.a.sentence_count() {
            let words = self.a.sentence(s);
            let mut x = words.start;
            while x < words.end {
                if self.to_b[x] == NONE {
                    x += 1;
                    continue;
                }
                let (start, first) = (x, self.to_b[x] as usize);
                let (mut end, mut last, mut same) = (x + 1, first, 1);
                while let Some(next) = (end..words.end.min(end + STEP)).find(|&i| self.to_b[i] != NONE) {
                    let y = self.to_b[next] as usize;
                    if y <= last || y - last > STEP {
                        break;
                    }
                    (end, last, same) = (next + 1, y, same + 1);
                }
                x = end;
                if same >= 3 {
                    out.push(self.widen(start..end, first..last + 1, same));
                }
            }
        }
        out
    }

    /// Widens both sides of a passage to the sentence (of each) that it
    /// covers for the most part.
    fn widen(&self, a: Range<usize>, b: Range<usize>, same: usize) -> Piece {
        let a = widened(self.a, a, &self.to_b);
        let b = widened(self.b, b, &self.to_a);
        Piece { a, b, kind: SpanKind::Narration, same, exact: false }
    }

    /// Sentences that no passage covers but that share most of their weight
    /// with one sentence of the other text.
    fn reworded(&self, pieces: &mut Vec<Piece>) {
        let free = |text: &Prepared, taken: &[u32]| -> Vec<usize> {
            (0..text.sentence_count())
                .filter(|&s| {
                    let words = text.sentence(s);
                    let used = taken[words.clone()].iter().filter(|&&t| t != NONE).count();
                    words.len() >= 6 && used * 2 < words.len() && text.flagged(words, FURNITURE) == 0
                })
                .collect()
        };
        let left = free(self.a, &self.to_b);
        let right = free(self.b, &self.to_a);
        if left.is_empty() || right.is_empty() || left.len() * right.len() > 40_000 {
            return;
        }
        let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
        let marks: Vec<u128> = right.iter().map(|&s| marks(self.b, s)).collect();
        for &sa in &left {
            let marks_a = self::marks(self.a, sa);
            let n = self.a.sentence(sa).len();
            let mut bag_a = Vec::new();
            for (&sb, marks_b) in right.iter().zip(&marks) {
                let longer = n.max(self.b.sentence(sb).len());
                // No more words can be the same than marks, but for words with one mark.
                let most = (marks_a & marks_b).count_ones() as usize + n - marks_a.count_ones() as usize;
                if most < 5 || most * 2 <= longer {
                    continue;
                }
                if bag_a.is_empty() {
                    bag_a = bag(self.a, sa);
                }
                let same = common_words(&bag_a, &bag(self.b, sb));
                if same >= 5 && same * 2 > longer {
                    found.push((1000 * same / longer, sa, sb, same));
                }
            }
        }
        found.sort_unstable_by_key(|&(score, sa, sb, _)| (std::cmp::Reverse(score), sa, sb));
        let (mut used_a, mut used_b) = (Vec::new(), Vec::new());
        for (_, sa, sb, same) in found {
            if used_a.contains(&sa) || used_b.contains(&sb) {
                continue;
            }
            used_a.push(sa);
            used_b.push(sb);
            let (a, b) = (self.a.sentence(sa), self.b.sentence(sb));
            pieces.retain(|p| !(overlap(&p.a, &a) || overlap(&p.b, &b)));
            pieces.push(Piece { a, b, kind: SpanKind::Narration, same, exact: false });
        }
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn widened(text: &Prepared, part: Range<usize>, taken: &[u32]) -> Range<usize> {
    let whole = |s: usize| {
        let words = text.sentence(s);
        let used = taken[words.clone()].iter().filter(|&&t| t != NONE).count();
        (used * 5 >= words.len() * 3).then_some(words)
    };
    let first = whole(text.sentence_of(part.start)).map_or(part.start, |w| w.start);
    let last = whole(text.sentence_of(part.end - 1)).map_or(part.end, |w| w.end);
    first.min(part.start)..last.max(part.end)
}

/// The words of a sentence, each as one of 128 marks.
fn marks(text: &Prepared, sentence: usize) -> u128 {
    text.words[text.sentence(sentence)].iter().fold(0, |marks, w| marks | 1 << (w.wrapping_mul(0x9E37_79B1) >> 25))
}

/// The words of a sentence, sorted.
fn bag(text: &Prepared, sentence: usize) -> Vec<u32> {
    let mut words = text.words[text.sentence(sentence)].to_vec();
    words.sort_unstable();
    words
}

/// How many numbers two sorted lists share.
pub(crate) fn common_words(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

fn kind(a: &Prepared, b: &Prepared, piece: &Piece) -> SpanKind {
    let most = |flag: u8| {
        let n = a.flagged(piece.a.clone(), flag) + b.flagged(piece.b.clone(), flag);
        2 * n >= piece.a.len() + piece.b.len()
    };
    if most(FURNITURE) {
        SpanKind::Furniture
    } else if most(QUOTED) {
        SpanKind::Quotation
    } else if most(BACKGROUND) {
        SpanKind::Background
    } else {
        SpanKind::Narration
    }
}
