use crate::kernel::{Features, join, template};

/// A token as the parser sees it. All values are feature values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    /// Lower-case form.
    pub word: u64,
    /// Tag.
    pub tag: u64,
    /// Form and tag.
    pub both: u64,
    /// Last two characters.
    pub suffix: u64,
    /// Word class, coarse.
    pub coarse: u64,
    /// Word class, fine.
    pub fine: u64,
    /// Which of the marks between words it is, as a bit: see [`kind_bit`].
    pub kind: u8,
}

impl Node {
    /// A node from its word and tag.
    pub fn new(word: &super::words::Word, tag: u8, kind: u8) -> Self {
        let t = u64::from(tag) + 1;
        let known = |c: u64| if c == 0 { join(t, 7) } else { c };
        Node {
            word: word.lower,
            tag: join(11, t),
            both: join(word.lower, t),
            suffix: word.suffixes[1],
            coarse: known(word.cluster[0]),
            fine: known(word.cluster[1]),
            kind,
        }
    }

    const fn outside(n: u64) -> Self {
        Node { word: n, tag: n, both: n, suffix: n, coarse: n, fine: n, kind: 0 }
    }
}

/// The bit of a tag among those that part clauses: verbs, commas and other
/// marks, conjunctions, adpositions and markers.
pub fn kind_bit(upos: firsthand_model::Upos) -> u8 {
    use firsthand_model::Upos::*;
    match upos {
        Verb | Aux => 1,
        Punct => 2,
        Cconj => 4,
        Adp | Sconj => 8,
        Noun | Propn | Pron => 16,
        _ => 0,
    }
}

/// Actions of the arc-hybrid system (Kuhlmann et al. 2011).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next token goes on the stack.
    Shift,
    /// The next token heads the top of the stack, which leaves it.
    Left,
    /// The second of the stack heads the top, which leaves it.
    Right,
}

impl Action {
    /// Every action, in order of its class.
    pub const ALL: [Action; 3] = [Action::Shift, Action::Left, Action::Right];
}

/// A parse in the making. The root is a node after the last token, which keeps
/// it to one dependent; the workspace is used again for every sentence.
#[derive(Clone, Debug, Default)]
pub struct State {
    nodes: Vec<Node>,
    /// Kinds of tokens before each token, counted, for looking between two.
    before: Vec<[u16; 5]>,
    stack: Vec<u32>,
    next: u32,
    /// Tokens of the sentence; also the index of the root.
    n: u32,
    /// Head of each token.
    pub heads: Vec<u32>,
    /// Relation of each token.
    pub labels: Vec<u8>,
    kids: Vec<Kids>,
}

/// What is known of the dependents of a node: two outermost on each side.
#[derive(Clone, Copy, Debug)]
struct Kids {
    left: [u32; 2],
    right: [u32; 2],
    left_count: u8,
    right_count: u8,
    left_labels: u64,
    right_labels: u64,
}

const NONE: u32 = u32::MAX;
const NO_KIDS: Kids =
    Kids { left: [NONE; 2], right: [NONE; 2], left_count: 0, right_count: 0, left_labels: 0, right_labels: 0 };
const NO_LABEL: u8 = 63;

impl State {
    /// Starts a sentence.
    pub fn start(&mut self, nodes: impl IntoIterator<Item = Node>) {
        self.nodes.clear();
        self.nodes.extend(nodes);
        self.n = self.nodes.len() as u32;
        self.nodes.push(Node::outside(3));
        let size = self.nodes.len();
        self.before.clear();
        let mut counts = [0u16; 5];
        for node in &self.nodes {
            self.before.push(counts);
            for (k, count) in counts.iter_mut().enumerate() {
                *count = count.wrapping_add(u16::from(node.kind >> k & 1));
            }
        }
        self.stack.clear();
        self.next = 0;
        self.heads.clear();
        self.heads.resize(size, NONE);
        self.labels.clear();
        self.labels.resize(size, NO_LABEL);
        self.kids.clear();
        self.kids.resize(size, NO_KIDS);
    }

    /// Tokens of the sentence.
    pub fn len(&self) -> usize {
        self.n as usize
    }

    /// Whether the sentence has no token.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Whether every token has its head.
    pub fn is_done(&self) -> bool {
        self.stack.is_empty() && self.next == self.n
    }

    /// Whether an action may be done.
    #[inline]
    pub fn allows(&self, action: Action) -> bool {
        match action {
            Action::Shift => self.next < self.n,
            Action::Left => !self.stack.is_empty() && (self.next < self.n || self.stack.len() == 1),
            Action::Right => self.stack.len() > 1,
        }
    }

    /// The arc an action would make: head and dependent.
    pub fn arc(&self, action: Action) -> Option<(u32, u32)> {
        let top = *self.stack.last()?;
        match action {
            Action::Shift => None,
            Action::Left => Some((self.next, top)),
            Action::Right => Some((*self.stack.get(self.stack.len().checked_sub(2)?)?, top)),
        }
    }

    /// Does an allowed action; arcs get `label`.
    pub fn act(&mut self, action: Action, label: u8) {
        let Some((head, dependent)) = self.arc(action) else {
            self.stack.push(self.next);
            self.next += 1;
            return;
        };
        self.stack.pop();
        self.heads[dependent as usize] = head;
        self.labels[dependent as usize] = label;
        let kids = &mut self.kids[head as usize];
        let bit = 1u64 << (label & 63);
        if dependent < head {
            kids.left = [dependent, kids.left[0]];
            kids.left_count = kids.left_count.saturating_add(1);
            kids.left_labels |= bit;
        } else {
            kids.right = [dependent, kids.right[0]];
            kids.right_count = kids.right_count.saturating_add(1);
            kids.right_labels |= bit;
        }
    }

    /// How many gold arcs each action would lose (Goldberg and Nivre 2013);
    /// `gold` gives each token's head, the root's index being [`State::len`].
    pub fn costs(&self, gold: &[u32]) -> [u32; 3] {
        let [top, second] = [self.below_top(0), self.below_top(1)];
        let next = self.next;
        let in_buffer = |i: u32| i >= next && i <= self.n;
        let gold_head = |i: u32| gold.get(i as usize).copied().unwrap_or(NONE);
        let mut costs = [0; 3];
        if next < self.n {
            let lost = self.stack.iter().filter(|&&k| gold_head(k) == next).count();
            let head = gold_head(next);
            let below = self.stack.iter().rev().skip(1).any(|&k| k == head);
            costs[0] = lost as u32 + u32::from(below);
        }
        if let Some(top) = top {
            let kids = (next..self.n).filter(|&k| gold_head(k) == top).count() as u32;
            let head = gold_head(top);
            costs[1] = kids + u32::from(head != next && (in_buffer(head) || Some(head) == second));
            costs[2] = kids + u32::from(in_buffer(head));
        }
        costs
    }

    #[inline]
    fn below_top(&self, depth: usize) -> Option<u32> {
        self.stack.len().checked_sub(depth + 1).map(|i| self.stack[i])
    }

    #[inline]
    fn node(&self, i: u32) -> &Node {
        static OUTSIDE: Node = Node::outside(5);
        self.nodes.get(i as usize).unwrap_or(&OUTSIDE)
    }

    #[inline]
    fn kids(&self, i: u32) -> &Kids {
        static OUTSIDE: Kids = NO_KIDS;
        self.kids.get(i as usize).unwrap_or(&OUTSIDE)
    }

    #[inline]
    fn label(&self, i: u32) -> u64 {
        u64::from(self.labels.get(i as usize).copied().unwrap_or(NO_LABEL)) + 100
    }

    /// Which kinds of words stand between two tokens, none, one or more of each.
    #[inline]
    fn between(&self, a: u32, b: u32) -> u64 {
        let (Some(from), Some(to)) = (self.before.get(a as usize + 1), self.before.get(b as usize)) else { return 0 };
        (0..5).fold(1, |v, k| v * 3 + u64::from(to[k].wrapping_sub(from[k]).min(2)))
    }

    /// What the parser looks at to choose an action.
    pub fn action_features(&self, out: &mut Features) {
        let s0i = self.below_top(0).unwrap_or(NONE);
        let s1i = self.below_top(1).unwrap_or(NONE);
        let s2i = self.below_top(2).unwrap_or(NONE);
        let b0i = self.next;
        let (s0, s1, s2) = (self.node(s0i), self.node(s1i), self.node(s2i));
        let (b0, b1, b2) = (self.node(b0i), self.node(b0i + 1), self.node(b0i + 2));
        let b3 = self.node(b0i + 3);
        let (k0, k1, kb) = (self.kids(s0i), self.kids(s1i), self.kids(b0i));
        let (s0l, s0r, s0l2, s0r2) =
            (self.node(k0.left[0]), self.node(k0.right[0]), self.node(k0.left[1]), self.node(k0.right[1]));
        let (s1l, s1r) = (self.node(k1.left[0]), self.node(k1.right[0]));
        let (bl, bl2) = (self.node(kb.left[0]), self.node(kb.left[1]));
        let (s0p, s0n, bp) =
            (self.node(s0i.wrapping_sub(1)), self.node(s0i.wrapping_add(1)), self.node(b0i.wrapping_sub(1)));
        let s1n = self.node(s1i.wrapping_add(1));
        let gap = if s0i == NONE { 0 } else { distance(b0i - s0i) };
        let gap1 = if s1i == NONE { 0 } else { distance(s0i - s1i) };
        let bet = if s0i == NONE { 0 } else { self.between(s0i, b0i) };
        let bet1 = if s1i == NONE { 0 } else { self.between(s1i, s0i) };
        let (v0l, v0r) = (u64::from(k0.left_count.min(6)), u64::from(k0.right_count.min(6)));
        let (v1r, vbl) = (u64::from(k1.right_count.min(6)), u64::from(kb.left_count.min(6)));
        let (l0l, l0r) = (self.label(k0.left[0]), self.label(k0.right[0]));
        let (l1l, l1r, lbl) = (self.label(k1.left[0]), self.label(k1.right[0]), self.label(kb.left[0]));
        out.clear();
        let mut n = 100;
        let mut put = |v: u64| {
            out.push(join(template(n), v));
            n += 1;
        };
        let tt = join(s0.tag, b0.tag);
        let ss = join(s1.tag, s0.tag);
        let sss = join(ss, b0.tag);
        // Single words.
        put(s0.both);
        put(s0.word);
        put(s0.tag);
        put(s1.both);
        put(s1.word);
        put(s1.tag);
        put(b0.both);
        put(b0.word);
        put(b0.tag);
        put(b1.both);
        put(b1.tag);
        put(b2.both);
        put(b2.tag);
        put(s2.both);
        put(s2.tag);
        // Pairs.
        put(join(s0.both, b0.both));
        put(join(s0.both, b0.word));
        put(join(s0.word, b0.both));
        put(join(s0.both, b0.tag));
        put(join(s0.tag, b0.both));
        put(tt);
        put(join(b0.tag, b1.tag));
        put(join(b0.both, b1.tag));
        put(join(b0.tag, b1.both));
        put(join(s1.both, s0.tag));
        put(join(s1.tag, s0.both));
        put(join(s1.both, s0.both));
        put(ss);
        put(join(s1.both, b0.tag));
        put(join(s1.tag, b0.both));
        put(join(s1.tag, b0.tag));
        put(join(s1.both, b0.both));
        put(join(s0.both, b1.tag));
        put(join(s0.tag, b1.both));
        // Threes and fours of tags, some with a word.
        put(join(tt, b1.tag));
        put(join(join(tt, b1.tag), b2.tag));
        put(join(join(b0.tag, b1.tag), b2.tag));
        put(join(join(b1.tag, b2.tag), b3.tag));
        put(sss);
        put(join(sss, b1.tag));
        put(join(s2.tag, ss));
        put(join(join(s2.tag, ss), b0.tag));
        put(join(s0.both, join(b0.tag, b1.tag)));
        put(join(s0.tag, join(b0.both, b1.tag)));
        put(join(s1.both, tt));
        put(join(s1.tag, join(s0.both, b0.tag)));
        put(join(ss, b0.both));
        put(join(join(s0.suffix, b0.suffix), tt));
        put(join(join(s1.suffix, s0.suffix), ss));
        // Dependents.
        put(join(tt, s0l.tag));
        put(join(tt, s0r.tag));
        put(join(tt, bl.tag));
        put(join(join(tt, s0r.tag), bl.tag));
        put(join(ss, s0l.tag));
        put(join(ss, s0r.tag));
        put(join(ss, s1r.tag));
        put(join(ss, s1l.tag));
        put(join(join(ss, s1r.tag), s0r.tag));
        put(join(sss, s0r.tag));
        put(join(s0.tag, join(s0l.tag, s0l2.tag)));
        put(join(s0.tag, join(s0r.tag, s0r2.tag)));
        put(join(b0.tag, join(bl.tag, bl2.tag)));
        put(join(s0.both, l0l));
        put(join(s0.both, l0r));
        put(join(b0.both, lbl));
        put(join(s1.both, l1r));
        put(join(tt, join(l0r, lbl)));
        put(join(ss, join(l1r, l0r)));
        put(join(ss, join(l1l, l0l)));
        put(join(s0l.word, tt));
        put(join(s0r.word, tt));
        put(join(bl.word, tt));
        put(join(s0l.word, ss));
        put(join(s0r.word, ss));
        put(join(s1r.word, ss));
        put(join(s0.both, k0.left_labels));
        put(join(s0.both, k0.right_labels));
        put(join(s0.tag, k0.left_labels));
        put(join(s0.tag, k0.right_labels));
        put(join(b0.both, kb.left_labels));
        put(join(b0.tag, kb.left_labels));
        put(join(s1.tag, k1.right_labels));
        put(join(s1.both, k1.right_labels));
        put(join(tt, join(k0.left_labels, kb.left_labels)));
        put(join(ss, join(k1.right_labels, k0.left_labels)));
        // Distance, number of dependents, what stands between.
        put(join(s0.word, gap));
        put(join(s0.tag, gap));
        put(join(b0.word, gap));
        put(join(b0.tag, gap));
        put(join(tt, gap));
        put(join(ss, gap1));
        put(join(s1.both, gap1));
        put(join(s0.both, v0l));
        put(join(s0.both, v0r));
        put(join(s0.tag, v0l * 8 + v0r));
        put(join(s1.both, v1r));
        put(join(s1.tag, v1r));
        put(join(b0.both, vbl));
        put(join(b0.tag, vbl));
        put(join(tt, join(bet, 3)));
        put(join(ss, join(bet1, 3)));
        put(join(s0.both, join(bet, 3)));
        put(join(b0.both, join(bet, 3)));
        put(join(s1.both, join(bet1, 3)));
        put(join(sss, join(bet, bet1)));
        // Neighbours in the text.
        put(join(tt, join(s0p.tag, s0n.tag)));
        put(join(tt, join(bp.tag, b1.tag)));
        put(join(tt, join(s0n.tag, bp.tag)));
        put(join(ss, s1n.tag));
        put(join(tt, s0n.word));
        put(join(tt, bp.word));
        // Word classes.
        put(join(s0.fine, b0.fine));
        put(join(s0.fine, b0.tag));
        put(join(s0.tag, b0.fine));
        put(join(s1.fine, s0.fine));
        put(join(s1.fine, s0.tag));
        put(join(s1.tag, s0.fine));
        put(join(join(s0.coarse, b0.coarse), tt));
        put(join(join(s1.coarse, s0.coarse), ss));
        put(join(join(s1.coarse, s0.coarse), b0.coarse));
        put(join(join(s0.coarse, b0.coarse), b1.coarse));
        put(join(s0.word, b0.fine));
        put(join(s0.fine, b0.word));
        put(join(s1.word, s0.fine));
        put(join(s1.fine, s0.word));
    }

    /// What the labeller looks at for the arc from `head` to `dependent`,
    /// which is being made.
    pub fn label_features(&self, head: u32, dependent: u32, out: &mut Features) {
        let (h, d) = (self.node(head), self.node(dependent));
        let (hk, dk) = (self.kids(head), self.kids(dependent));
        let side = u64::from(dependent < head);
        let far = distance(head.abs_diff(dependent)) * 2 + side;
        let (dl, dr, dl2) = (self.node(dk.left[0]), self.node(dk.right[0]), self.node(dk.left[1]));
        let (ldl, ldr, ldl2) = (self.label(dk.left[0]), self.label(dk.right[0]), self.label(dk.left[1]));
        let near = if dependent < head { hk.left[0] } else { hk.right[0] };
        let other = if dependent < head { hk.right[0] } else { hk.left[0] };
        let (hp, hn) = (self.node(head.wrapping_sub(1)), self.node(head.wrapping_add(1)));
        let (dp, dn) = (self.node(dependent.wrapping_sub(1)), self.node(dependent.wrapping_add(1)));
        let bet = self.between(head.min(dependent), head.max(dependent));
        let ht = join(h.tag, side);
        let pair = join(ht, d.tag);
        out.clear();
        let mut n = 300;
        let mut put = |v: u64| {
            out.push(join(template(n), v));
            n += 1;
        };
        put(pair);
        put(join(pair, far));
        put(join(h.both, side));
        put(join(d.both, side));
        put(join(h.word, side));
        put(join(d.word, side));
        put(join(ht, d.both));
        put(join(join(h.both, side), d.tag));
        put(join(join(h.both, side), d.both));
        put(join(join(h.word, side), d.word));
        put(join(pair, join(d.suffix, h.suffix)));
        put(join(pair, d.suffix));
        put(join(pair, h.suffix));
        put(join(pair, dl.both));
        put(join(pair, dl2.both));
        put(join(pair, dr.tag));
        put(join(pair, join(ldl, ldr)));
        put(join(pair, dk.left_labels));
        put(join(pair, dk.right_labels));
        put(join(d.both, dk.left_labels));
        put(join(join(h.both, side), join(d.tag, dk.left_labels)));
        put(join(join(h.both, side), dl.word));
        put(join(d.both, dl.word));
        put(join(d.tag, join(dl.word, dl2.word)));
        put(join(pair, join(ldl, ldl2)));
        put(join(join(pair, dl.word), ldl));
        put(join(pair, hk.left_labels));
        put(join(pair, hk.right_labels));
        put(join(join(h.both, side), hk.left_labels));
        put(join(join(h.both, side), hk.right_labels));
        put(join(join(pair, hk.left_labels), hk.right_labels));
        put(join(join(h.both, side), join(d.tag, self.label(near))));
        put(join(pair, join(self.label(near), self.label(other))));
        put(join(pair, self.node(near).word));
        put(join(pair, self.node(other).word));
        put(join(pair, join(bet, 5)));
        put(join(join(h.both, side), join(bet, d.tag)));
        put(join(pair, join(dp.tag, dn.tag)));
        put(join(pair, join(hp.tag, hn.tag)));
        put(join(pair, dp.word));
        put(join(pair, dn.word));
        put(join(pair, hn.word));
        put(join(pair, hp.word));
        put(join(join(h.fine, side), d.fine));
        put(join(join(h.fine, side), d.tag));
        put(join(ht, d.fine));
        put(join(pair, join(h.coarse, d.coarse)));
        put(join(join(h.word, side), d.fine));
        put(join(join(h.fine, side), d.word));
        put(join(join(h.fine, side), join(d.tag, dl.word)));
        put(join(pair, u64::from(dependent == 0) + 2 * u64::from(head == self.n)));
    }
}

/// Distances in few steps.
#[inline]
fn distance(d: u32) -> u64 {
    match d {
        0..=4 => u64::from(d),
        5..=6 => 5,
        7..=10 => 6,
        11..=20 => 7,
        _ => 8,
    }
}
