use firsthand_model::SpanKind;
use rayon::prelude::*;

use crate::Text;
use crate::align::{Aligned, Piece, align};
use crate::cites::Named;
use crate::clock::apart;
use crate::direction::same_outlet;
use crate::grams::{Grams, Hit};
use crate::text::{Prepared, QUOTED};

/// A passage of running text with so many words in common is no accident.
const PASSAGE: usize = 12;
/// Nor are several shorter ones with so many together.
const PASSAGES: usize = 30;
/// A lone passage must be this long, or an eighth of the shorter text.
const LONG: usize = 24;
/// Quoted passages in one order make a copy from so many ...
const QUOTED_PASSAGES: usize = 4;
/// ... with so many words.
const QUOTED_WORDS: usize = 60;

/// A report of which so much, and so many words, stands in another is a copy
/// even if all of it is quotation.
const CONTAINED: f64 = 0.85;
const CONTAINED_WORDS: usize = 10;

/// Seconds after which a few sentences are no copied news any more.
const OLD: i64 = 3 * 86_400;
/// And after which not even half a report is.
const LONG_AGO: i64 = 10 * 86_400;

/// Two reports that share passages; `a` ranks before `b`.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub a: u32,
    pub b: u32,
    pub pieces: Vec<Piece>,
    /// Whether what they share is the sign of copying.
    pub copy: bool,
}

/// A place in another report, the same in this one, and whether few others have it.
type Seed = (u32, u32, u32, bool);

/// All pairs that share a passage, in order.
pub(crate) fn pairs(texts: &[Text<'_>], prepared: &[Prepared], named: &Named) -> Vec<Pair> {
    let grams = Grams::new(prepared);
    (0..prepared.len())
        .into_par_iter()
        .flat_map_iter(|doc| {
            let mut seeds: Vec<Seed> = Vec::new();
            grams.seeds(doc, |at, Hit { doc: other, at: there }, rare| {
                if other as usize != doc {
                    seeds.push((other, there, at, rare));
                }
            });
            seeds.sort_unstable();
            let of = |i: usize| (&prepared[i], texts[i].report.text.as_str());
            let mut out = Vec::new();
            let mut places: Vec<(u32, u32)> = Vec::new();
            // One phrase that many reports have tells nothing of two of them.
            for group in seeds.chunk_by(|x, y| x.0 == y.0).filter(|g| g.len() > 1 || g[0].3) {
                let other = group[0].0;
                places.clear();
                places.extend(group.iter().map(|&(_, x, y, _)| (x, y)));
                if let Some(aligned) = align(of(other as usize), of(doc), &places) {
                    out.extend(judge(other, doc as u32, aligned, texts, prepared, named));
                }
            }
            out
        })
        .collect()
}

fn judge(a: u32, b: u32, aligned: Aligned, texts: &[Text<'_>], prepared: &[Prepared], named: &Named) -> Option<Pair> {
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
    let contained = contained(&pieces, pa, pb);
    let (ra, rb) = (texts[a as usize].report, texts[b as usize].report);
    // Who credits or names the other and shares its passages has them from there.
    let cites = |a: usize, b: usize| named.credits(a, b) || named.names(a, b);
    let credited = cites(a as usize, b as usize) || cites(b as usize, a as usize);
    let any: usize = pieces.iter().map(|p| p.same).sum();
    let shorter = pa.own_len().min(pb.own_len());
    let few = pieces.len() == 1 && longest < LONG && 8 * longest < shorter;
    let little = 4 * all < shorter;
    let own =
        (little && (same_outlet(ra, rb) || apart(ra, rb, OLD))) || (5 * all < 3 * shorter && apart(ra, rb, LONG_AGO));
    let copy = contained
        || (!own && !few && (longest >= PASSAGE || all >= PASSAGES))
        || chain >= QUOTED_WORDS
        || (credited && !own && pieces.len() > 1 && any >= PASSAGES);
    if own {
        // An outlet that repeats a little of its own, or a little repeated days later: background.
        for p in pieces.iter_mut().filter(|p| p.kind == SpanKind::Narration) {
            p.kind = SpanKind::Background;
        }
    }
    let enough = copy || pieces.iter().any(|p| p.same >= 8);
    enough.then_some(Pair { a, b, pieces, copy })
}

/// Whether nearly all of one text, whatever it is, stands in the other.
fn contained(pieces: &[Piece], a: &Prepared, b: &Prepared) -> bool {
    let text = || pieces.iter().filter(|p| p.kind != SpanKind::Background);
    let same: usize = text().map(|p| p.same).sum();
    let (in_a, in_b) = text().fold((0, 0), |n, p| (n.0 + p.a.len(), n.1 + p.b.len()));
    let whole = |part: usize, text: &Prepared| part as f64 >= CONTAINED * text.own_len() as f64;
    same >= CONTAINED_WORDS && (whole(in_a, a) || whole(in_b, b))
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
    /// Words of one kind that both hold.
    pub(crate) fn words(&self, kind: SpanKind) -> usize {
        self.pieces.iter().filter(|p| p.kind == kind).map(|p| p.same).sum()
    }

    /// Words of the quotations that both hold.
    pub(crate) fn quoted_words(&self) -> usize {
        self.words(SpanKind::Quotation)
    }
}
