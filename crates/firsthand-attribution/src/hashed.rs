//! A text as the learned finders see it: every token as a few numbers.

use firsthand_language::kernel::{hash, join};
use firsthand_model::{Relation, Upos};

use crate::found::Found;
use crate::lexicon::lexicon;
use crate::rules::verb_at;
use crate::view::View;

/// What a rule proposes for a token.
pub(crate) const NO_RULE: u8 = 0;

/// Values of all tokens, one list per property.
pub(crate) struct Hashed {
    pub(crate) word: Vec<u64>,
    pub(crate) lemma: Vec<u64>,
    /// Last three letters.
    pub(crate) suffix: Vec<u64>,
    pub(crate) shape: Vec<u8>,
    pub(crate) pos: Vec<u8>,
    pub(crate) rel: Vec<u8>,
    pub(crate) head: Vec<u32>,
    /// Lexicon class and flags of a cue verb or phrase; 0 for none.
    pub(crate) class: Vec<u8>,
    /// 0 outside, 1 inside, 2 mark before a quotation, 3 mark after it.
    pub(crate) quote: Vec<u8>,
    /// Which relations the dependents have, as bits.
    pub(crate) children: Vec<u32>,
    /// First and last token below.
    pub(crate) left: Vec<u32>,
    pub(crate) right: Vec<u32>,
    /// First subject below, or its own index.
    pub(crate) subject: Vec<u32>,
    /// First object or clause below, or its own index.
    pub(crate) object: Vec<u32>,
    /// Code of the rule that took the token for a cue.
    pub(crate) rule: Vec<u8>,
}

/// Deepest chain of heads that is followed: guards against broken trees.
pub(crate) const DEPTH: usize = 40;

impl Hashed {
    /// Reads all tokens once.
    pub(crate) fn new(view: &View<'_>, proposals: &[Found]) -> Self {
        let n = view.len();
        let tokens = &view.analysis.tokens;
        let mut out = Hashed {
            word: Vec::with_capacity(n),
            lemma: Vec::with_capacity(n),
            suffix: Vec::with_capacity(n),
            shape: Vec::with_capacity(n),
            pos: Vec::with_capacity(n),
            rel: Vec::with_capacity(n),
            head: (0..n as u32).collect(),
            class: Vec::with_capacity(n),
            quote: Vec::with_capacity(n),
            children: vec![0; n],
            left: (0..n as u32).collect(),
            right: (0..n as u32).collect(),
            subject: (0..n as u32).collect(),
            object: (0..n as u32).collect(),
            rule: vec![NO_RULE; n],
        };
        for t in 0..n {
            let word = view.lower(t);
            out.word.push(hash(word));
            let lemma = tokens.lemma(t);
            out.lemma.push(if lemma.is_empty() || !view.tagged { hash(word) } else { hash(lemma) });
            let tail = word.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
            out.suffix.push(hash(word.get(tail..).unwrap_or_default()));
            out.shape.push(shape(view.word(t)));
            out.pos.push(view.upos(t).map_or(99, |u| u as u8));
            out.rel.push(if view.tagged { tokens.relations.get(t).map_or(99, |r| *r as u8) } else { 99 });
            out.class.push(class(view, t));
            let quote = match (view.is_mark(t), view.quote(t)) {
                (true, Some(_)) => 1,
                (true, None) if view.quote(t + 1).is_some() => 2,
                (true, None) => 3,
                (false, Some(_)) => 1,
                (false, None) => 0,
            };
            out.quote.push(quote);
        }
        if view.tagged {
            out.trees(view);
        }
        for found in proposals {
            if let Some(slot) = found.cue_token.and_then(|t| out.rule.get_mut(t)) {
                let name = found.why.first().map_or("", |r| &r.rule);
                *slot = (hash(name) % 250) as u8 + 1;
            }
        }
        out
    }

    fn trees(&mut self, view: &View<'_>) {
        let tokens = &view.analysis.tokens;
        for (t, &head) in tokens.heads.iter().enumerate().take(self.head.len()) {
            let head = if (head as usize) < self.head.len() { head } else { t as u32 };
            self.head[t] = head;
            if head as usize == t {
                continue;
            }
            let relation = tokens.relations.get(t).copied().unwrap_or(Relation::Dep);
            self.children[head as usize] |= 1 << bit(relation);
            match relation {
                Relation::Nsubj | Relation::NsubjPass if self.subject[head as usize] == head => {
                    self.subject[head as usize] = t as u32;
                }
                Relation::Obj | Relation::Ccomp | Relation::Xcomp if self.object[head as usize] == head => {
                    self.object[head as usize] = t as u32;
                }
                _ => {}
            }
        }
        for t in 0..self.head.len() {
            let mut at = t;
            for _ in 0..DEPTH {
                let up = self.head[at] as usize;
                if up == at {
                    break;
                }
                at = up;
                self.left[at] = self.left[at].min(t as u32);
                self.right[at] = self.right[at].max(t as u32);
            }
        }
    }

    /// Code of the lexicon class of token `t`, by a bounds-checked look.
    pub(crate) fn at<T: Copy + Default>(list: &[T], t: usize) -> T {
        list.get(t).copied().unwrap_or_default()
    }

    /// The value `by` tokens beside `t`; a fixed value past the ends.
    pub(crate) fn beside(list: &[u64], t: usize, by: isize) -> u64 {
        t.checked_add_signed(by).and_then(|k| list.get(k)).copied().unwrap_or(7)
    }

    /// The small value `by` tokens beside `t`.
    pub(crate) fn small(list: &[u8], t: usize, by: isize) -> u64 {
        t.checked_add_signed(by).and_then(|k| list.get(k)).map_or(98, |&v| u64::from(v))
    }
}

/// Two values as one.
pub(crate) fn pair(a: u64, b: u64) -> u64 {
    join(join(3, a), b)
}

fn bit(relation: Relation) -> u32 {
    match relation {
        Relation::Nsubj => 0,
        Relation::NsubjPass => 1,
        Relation::Ccomp => 2,
        Relation::Xcomp => 3,
        Relation::Obj => 4,
        Relation::Obl | Relation::OblAgent => 5,
        Relation::Mark => 6,
        Relation::Parataxis => 7,
        Relation::Aux | Relation::AuxPass => 8,
        Relation::Iobj => 9,
        Relation::Advcl => 10,
        Relation::Nmod | Relation::NmodPoss => 11,
        Relation::Acl | Relation::AclRelcl => 12,
        Relation::Case => 13,
        Relation::Cop => 14,
        _ => 15,
    }
}

fn shape(word: &str) -> u8 {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return 0 };
    if first.is_uppercase() {
        if chars.clone().next().is_some() && chars.all(|c| c.is_uppercase() || !c.is_alphabetic()) { 2 } else { 1 }
    } else if first.is_lowercase() {
        3
    } else if first.is_ascii_digit() {
        4
    } else {
        5
    }
}

fn class(view: &View<'_>, t: usize) -> u8 {
    if let Some(verb) = verb_at(view, t) {
        let cue = verb.cue;
        return 1
            + cue.class as u8 * 8
            + u8::from(cue.plain) * 4
            + u8::from(cue.addressee) * 2
            + u8::from(cue.predicative);
    }
    if !lexicon().phrases(view.lower(t)).is_empty() {
        return 100;
    }
    match view.upos(t) {
        Some(Upos::Verb) => 101,
        _ => 0,
    }
}
