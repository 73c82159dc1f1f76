use std::ops::Range;

use firsthand_model::SpanKind;
use rayon::prelude::*;

use crate::Text;
use crate::align::{Aligned, Piece, align};
use crate::grams::{Grams, Hit};
use crate::text::{Prepared, QUOTED};

/// A passage of running text with so many words in common is no accident.
const PASSAGE: usize = 12;
/// Nor are several shorter ones with so many together.
const PASSAGES: usize = 30;
/// Quoted passages in one order make a copy from so many ...
const QUOTED_PASSAGES: usize = 4;
/// ... with so many words.
const QUOTED_WORDS: usize = 60;

/// Two reports that share passages; `a` ranks before `b`.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub a: u32,
    pub b: u32,
    pub pieces: Vec<Piece>,
    /// Whether what they share is the sign of copying.
    pub copy: bool,
}

/// All pairs that share a passage, in order.
pub(crate) fn pairs(texts: &[Text<'_>], prepared: &[Prepared]) -> Vec<Pair> {
    let grams = Grams::new(prepared);
    (0..prepared.len())
        .into_par_iter()
        .flat_map_iter(|doc| {
            let mut seeds: Vec<(u32, u32, u32)> = Vec::new();
            grams.seeds(doc, |at, Hit { doc: other, at: there }| {
                if other as usize != doc {
                    seeds.push((other, there, at));
                }
            });
            seeds.sort_unstable();
            let of = |i: usize| (&prepared[i], texts[i].report.text.as_str());
            let mut out = Vec::new();
            for group in seeds.chunk_by(|x, y| x.0 == y.0) {
                let other = group[0].0;
                let places: Vec<(u32, u32)> = group.iter().map(|&(_, x, y)| (x, y)).collect();
                let aligned = align(of(other as usize), of(doc), &places);
                out.extend(judge(other, doc as u32, aligned, prepared));
            }
            out
        })
        .collect()
}

fn judge(a: u32, b: u32, aligned: Aligned, prepared: &[Prepared]) -> Option<Pair> {
    let (pa, pb) = (&prepared[a as usize], &prepared[b as usize]);
    let mut pieces = aligned.pieces;
    let narration = |p: &&Piece| p.kind == SpanKind::Narration;
    // One sentence with a quotation in it, and nothing else: both heard it.
    let speech = |p: &Piece| pa.flagged(p.a.clone(), QUOTED) + pb.flagged(p.b.clone(), QUOTED) >= 4;
    if pieces.iter().filter(narration).count() <= 1 {
        for p in &mut pieces {
            if p.kind == SpanKind::Narration && speech(p) {
                p.kind = SpanKind::Quotation;
            }
        }
    }
    pieces.retain(|p| p.same >= 5 && p.kind != SpanKind::Furniture);
    let words = |kind: SpanKind| pieces.iter().filter(move |p| p.kind == kind).map(|p| p.same);
    let longest = words(SpanKind::Narration).max().unwrap_or(0);
    let all: usize = words(SpanKind::Narration).sum();
    let chain = quoted_chain(&pieces);
    let copy = longest >= PASSAGE || all >= PASSAGES || chain >= QUOTED_WORDS;
    let enough = copy || pieces.iter().any(|p| p.same >= 8);
    enough.then_some(Pair { a, b, pieces, copy })
}

/// Words of the quotations that follow each other in both texts.
fn quoted_chain(pieces: &[Piece]) -> usize {
    let (mut n, mut words, mut last) = (0, 0, 0);
    for p in pieces.iter().filter(|p| p.kind == SpanKind::Quotation) {
        if p.b.start >= last {
            n += 1;
            words += p.same;
            last = p.b.end;
        }
    }
    if n >= QUOTED_PASSAGES { words } else { 0 }
}

impl Pair {
    /// The side of a piece that lies in `doc`.
    pub(crate) fn side<'p>(&self, doc: u32, piece: &'p Piece) -> &'p Range<usize> {
        if doc == self.a { &piece.a } else { &piece.b }
    }
}
