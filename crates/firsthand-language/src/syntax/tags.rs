use std::fmt::Write;

use firsthand_model::Upos;

use crate::kernel::{Features, Scorer, join, template};

use super::words::Word;

/// Classes of the tagger: pairs of a universal and a Penn tag ("VERB VBD").
pub const TAGS: usize = 80;

/// The tag pairs of a model, by class.
#[derive(Clone, Debug, Default)]
pub struct TagSet {
    tags: Vec<(Upos, String)>,
}

impl TagSet {
    /// From lines of `UPOS XPOS`; lines past [`TAGS`] are left out.
    pub fn parse(lines: &str) -> Self {
        let pair = |line: &str| {
            let (upos, xpos) = line.split_once(' ')?;
            Some((Upos::parse(upos)?, xpos.to_owned()))
        };
        TagSet { tags: lines.lines().filter_map(pair).take(TAGS).collect() }
    }

    /// The lines it was made from.
    pub fn section(&self) -> String {
        let mut out = String::new();
        for (upos, xpos) in &self.tags {
            let _ = writeln!(out, "{upos} {xpos}");
        }
        out
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The universal tag of a class.
    pub fn upos(&self, class: u8) -> Upos {
        self.tags.get(class as usize).map_or(Upos::X, |t| t.0)
    }

    /// The Penn tag of a class.
    pub fn xpos(&self, class: u8) -> &str {
        self.tags.get(class as usize).map_or("", |t| t.1.as_str())
    }

    /// The class of a pair; of the first pair with that universal tag where
    /// the pair itself is none.
    pub fn class(&self, upos: Upos, xpos: &str) -> Option<u8> {
        let exact = self.tags.iter().position(|t| t.0 == upos && t.1 == xpos);
        exact.or_else(|| self.tags.iter().position(|t| t.0 == upos)).map(|i| i as u8)
    }
}

/// A word outside the sentence.
static OUTSIDE: Word = Word {
    exact: 2,
    lower: 2,
    shape: 2,
    prefixes: [2; 3],
    suffixes: [2; 4],
    seen: 2,
    cluster: [2, 2],
    only: None,
    capital: false,
};

/// A sentence as the tagger sees it.
#[derive(Clone, Copy, Debug)]
pub struct TagInput<'a> {
    /// What is known of the forms.
    pub words: &'a [Word],
    /// The forms of the sentence.
    pub forms: &'a [u32],
    /// Most of its words are capitalised: a headline.
    pub capitals: bool,
}

impl<'a> TagInput<'a> {
    /// A sentence; looks at its capitals.
    pub fn new(words: &'a [Word], forms: &'a [u32]) -> Self {
        let known = || forms.iter().filter_map(|&f| words.get(f as usize));
        let capital = known().filter(|w| w.capital).count();
        TagInput { words, forms, capitals: capital >= 3 && capital * 2 > forms.len() }
    }

    #[inline]
    fn word(&self, i: usize) -> &'a Word {
        // Indices before the start wrap round to large ones, which are outside too.
        self.forms.get(i).and_then(|&f| self.words.get(f as usize)).unwrap_or(&OUTSIDE)
    }
}

/// What the tagger looks at for token `i`; `before` are the two tags before it.
pub fn tag_features(input: TagInput<'_>, i: usize, before: [u8; 2], out: &mut Features) {
    let at = |d: usize| input.word(i.wrapping_add(d));
    let (w, n1, n2) = (at(0), at(1), at(2));
    let (p1, p2) = (at(usize::MAX), at(usize::MAX - 1));
    let (t1, t2) = (u64::from(before[0]) + 1, u64::from(before[1]) + 1);
    let case = u64::from(i == 0) + 2 * u64::from(input.capitals) + 4 * u64::from(w.capital);
    out.clear();
    let mut n = 0;
    let mut one = |v: u64| {
        out.push(join(template(n), v));
        n += 1;
    };
    one(0);
    one(w.exact);
    one(w.lower);
    w.suffixes.iter().for_each(|&s| one(s));
    w.prefixes.iter().for_each(|&s| one(s));
    one(w.shape);
    one(join(w.shape, case));
    one(join(w.suffixes[2], case));
    one(join(w.lower, case));
    one(w.cluster[0]);
    one(w.cluster[1]);
    one(join(w.seen, w.suffixes[2]));
    one(join(w.seen, w.shape));
    // Around it.
    one(p1.lower);
    one(p2.lower);
    one(n1.lower);
    one(n2.lower);
    one(join(p1.lower, w.lower));
    one(join(w.lower, n1.lower));
    one(join(p1.lower, n1.lower));
    one(join(n1.lower, n2.lower));
    one(join(p2.lower, p1.lower));
    one(n1.suffixes[2]);
    one(p1.suffixes[2]);
    one(n1.suffixes[1]);
    one(join(n1.shape, w.shape));
    one(join(p1.shape, w.shape));
    one(p1.cluster[1]);
    one(n1.cluster[1]);
    one(join(p1.cluster[0], join(w.cluster[0], n1.cluster[0])));
    one(join(w.cluster[1], n1.cluster[1]));
    one(join(p1.cluster[1], w.cluster[1]));
    one(n1.seen);
    one(join(w.seen, n1.seen));
    one(join(n1.seen, n2.seen));
    one(join(w.seen, join(n1.seen, n2.seen)));
    one(join(w.suffixes[2], n1.seen));
    // Tags before it.
    one(t1);
    one(join(t1, t2));
    one(join(t1, w.lower));
    one(join(join(t1, t2), w.lower));
    one(join(t1, w.seen));
    one(join(join(t1, t2), w.seen));
    one(join(t1, w.suffixes[2]));
    one(join(t1, w.shape));
    one(join(t1, n1.lower));
    one(join(t1, join(w.seen, n1.seen)));
    one(join(join(t1, t2), join(w.seen, n1.seen)));
    one(join(t1, join(w.suffixes[1], n1.seen)));
    one(join(t2, w.lower));
    one(join(t1, p1.lower));
    one(join(t1, join(p1.lower, w.seen)));
}

/// Tags a sentence from left to right. `features` is working space.
pub fn tag(model: &impl Scorer<TAGS>, size: usize, input: TagInput<'_>, features: &mut Features, tags: &mut Vec<u8>) {
    tags.clear();
    let mut before = [u8::MAX, u8::MAX];
    for i in 0..input.forms.len() {
        let tag = match input.word(i).only {
            Some(only) => only,
            None => {
                tag_features(input, i, before, features);
                model.scores(features).best_of(|class| class < size).unwrap_or(0) as u8
            }
        };
        tags.push(tag);
        before = [tag, before[0]];
    }
}
