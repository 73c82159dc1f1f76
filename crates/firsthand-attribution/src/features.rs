//! What the learned finders look at: one function for cues, one for the
//! window around a cue. The same code serves training and use.

use std::ops::Range;

use firsthand_language::kernel::{Features, join, template};
use firsthand_model::Upos;

use crate::crf::Window;
use crate::found::Found;
use crate::hashed::{DEPTH, Hashed, pair};
use crate::view::View;

/// Whether a token can be the main word of a cue at all.
pub(crate) fn candidate(view: &View<'_>, hashed: &Hashed, t: usize) -> bool {
    if view.is_punct(t) {
        return view.lower(t) == ":";
    }
    if Hashed::at(&hashed.class, t) != 0 {
        return true;
    }
    !matches!(
        view.upos(t),
        Some(
            Upos::Det
                | Upos::Cconj
                | Upos::Pron
                | Upos::Num
                | Upos::Part
                | Upos::Sym
                | Upos::Propn
                | Upos::Aux
                | Upos::Punct
                | Upos::Sconj
                | Upos::Intj
                | Upos::X
        )
    )
}

/// Features of token `t` as the main word of a cue.
pub(crate) fn cue_features(hashed: &Hashed, utterance: &Range<usize>, t: usize, out: &mut Features) {
    out.clear();
    let h = hashed;
    let word = |by: isize| Hashed::beside(&h.word, t, by);
    let pos = |by: isize| Hashed::small(&h.pos, t, by);
    let lemma = Hashed::at(&h.lemma, t);
    let class = u64::from(Hashed::at(&h.class, t));
    let rel = u64::from(Hashed::at(&h.rel, t));
    let rule = u64::from(Hashed::at(&h.rule, t));
    let children = u64::from(Hashed::at(&h.children, t));
    let quote =
        Hashed::small(&h.quote, t, -1) << 16 | Hashed::small(&h.quote, t, 0) << 8 | Hashed::small(&h.quote, t, 1);
    let head = Hashed::at(&h.head, t) as usize;
    let subject = Hashed::at(&h.subject, t) as usize;
    let object = Hashed::at(&h.object, t) as usize;
    let mut n = 0;
    let mut add = |value: u64| {
        out.push(join(template(n), value));
        n += 1;
    };
    add(0);
    add(lemma);
    add(word(0));
    add(pair(pos(0), Hashed::at(&h.suffix, t)));
    add(pair(lemma, pos(0)));
    add(pair(lemma, word(1)));
    add(pair(lemma, word(-1)));
    add(word(-1));
    add(word(1));
    add(pair(word(-2), word(-1)));
    add(pair(word(1), word(2)));
    add(pair(pos(-1), pair(pos(0), pos(1))));
    add(pair(pair(pos(-2), pos(-1)), pos(0)));
    add(pair(pos(0), pair(pos(1), pos(2))));
    add(class);
    add(pair(class, word(1)));
    add(pair(class, word(-1)));
    add(pair(class, pair(pos(-1), pos(1))));
    add(quote);
    add(pair(class, quote));
    add(pair(lemma, quote & 0xff00));
    add(pair(rel, pos(0)));
    add(pair(lemma, rel));
    add(pair(rel, Hashed::at(&h.lemma, head)));
    add(pair(class, pair(rel, Hashed::small(&h.pos, head, 0))));
    add(pair(lemma, children));
    add(pair(class, children));
    add(pair(pos(0), children));
    add(pair(lemma, children & 0b1111));
    add(rule);
    add(pair(class, rule));
    add(pair(lemma, rule));
    let subject_kind =
        if subject == t { 50 } else { pair(Hashed::small(&h.pos, subject, 0), Hashed::small(&h.shape, subject, 0)) };
    add(pair(class, subject_kind));
    add(pair(lemma, subject_kind));
    add(if subject == t { 0 } else { Hashed::at(&h.lemma, subject) });
    add(pair(lemma, if object == t { 0 } else { Hashed::at(&h.lemma, object) }));
    add(pair(lemma, if object == t { 0 } else { Hashed::small(&h.rel, object, 0) + 1 }));
    add(Hashed::at(&h.word, utterance.start));
    // Other cues of the utterance, and whether this one comes first.
    let near = utterance.start.max(t.saturating_sub(25))..t;
    let earlier = near.clone().filter(|&k| matches!(Hashed::at(&h.rule, k), 1..)).count().min(2) as u64;
    let later = (t + 1..utterance.end.min(t + 25)).filter(|&k| Hashed::at(&h.rule, k) != 0).count().min(2) as u64;
    add(pair(pair(earlier, later), class));
    add(pair(pair(earlier, later), lemma));
    let marks = utterance.clone().take(160).any(|k| Hashed::at(&h.quote, k) != 0);
    add(pair(u64::from(marks), class));
    let at_end = utterance.end.saturating_sub(t) <= 3;
    add(pair(pair(u64::from(at_end), u64::from(t == utterance.start)), class));
    // Inside the clause of another cue?
    let mut at = t;
    let mut above = 0u64;
    for _ in 0..6 {
        let up = Hashed::at(&h.head, at) as usize;
        if up == at {
            break;
        }
        if matches!(Hashed::at(&h.class, up), 1..=47) {
            above = pair(u64::from(Hashed::at(&h.class, up)), u64::from(Hashed::at(&h.rel, at)));
            break;
        }
        at = up;
    }
    add(above);
    add(pair(above, class));
}

/// The window of a cue: its utterance, with a quotation that goes on beside it.
pub(crate) fn window_range(view: &View<'_>, cue: usize) -> Option<(Range<usize>, Range<usize>)> {
    let p = view.paragraphs.partition_point(|p| p.tokens.end <= cue);
    let paragraph = view.paragraphs.get(p)?;
    let u = paragraph.utterances.partition_point(|u| u.end <= cue);
    let utterance = paragraph.utterances.get(u)?.clone();
    let (mut start, mut end) = (utterance.start, utterance.end);
    if let Some(next) = paragraph.utterances.get(u + 1).filter(|n| view.is_mark(n.start)) {
        end = next.end;
    }
    if let Some(before) = u.checked_sub(1).and_then(|b| paragraph.utterances.get(b))
        && view.is_mark(before.end.saturating_sub(1))
    {
        start = before.start;
    }
    start = start.max(cue.saturating_sub(110));
    end = end.min(cue + 150);
    Some((start..end, utterance))
}

/// What a rule's proposal says of each token of a window: 0 nothing, 1
/// source, 2 content.
fn proposed(view: &View<'_>, range: &Range<usize>, proposal: Option<&Found>) -> Vec<u8> {
    let mut out = vec![0; range.len()];
    let Some(found) = proposal else { return out };
    for (code, spans) in [(2u8, &found.content), (1, &found.source)] {
        for span in spans {
            for t in view.analysis.tokens.within(*span) {
                if let Some(slot) = t.checked_sub(range.start).and_then(|k| out.get_mut(k)) {
                    *slot = code;
                }
            }
        }
    }
    out
}

/// Where a token hangs, seen from the cue.
#[derive(Clone, Copy, Default)]
struct Branch {
    /// Steps up from the cue to the common ancestor, and the relation there.
    code: u64,
    /// The token under the common ancestor that it hangs from.
    top: u32,
    /// Steps down.
    depth: u8,
}

fn branches(hashed: &Hashed, range: &Range<usize>, cue: usize) -> Vec<Branch> {
    // The cue's ancestors, itself first.
    let mut chain = vec![cue];
    let mut at = cue;
    for _ in 0..8 {
        let up = Hashed::at(&hashed.head, at) as usize;
        if up == at {
            break;
        }
        chain.push(up);
        at = up;
    }
    range
        .clone()
        .map(|t| {
            let mut at = t;
            for depth in 0..DEPTH {
                if let Some(level) = chain.iter().position(|&c| c == at) {
                    // The ancestor itself, not something below it.
                    let up = level
                        .checked_sub(1)
                        .and_then(|l| chain.get(l))
                        .map_or(200, |&c| Hashed::small(&hashed.rel, c, 0));
                    return Branch { code: pair(pair(level as u64, up), 250 + depth as u64), top: at as u32, depth: 0 };
                }
                let up = Hashed::at(&hashed.head, at) as usize;
                if up == at {
                    break;
                }
                if let Some(level) = chain.iter().position(|&c| c == up) {
                    let rel = Hashed::small(&hashed.rel, at, 0);
                    let over = level
                        .checked_sub(1)
                        .and_then(|l| chain.get(l))
                        .map_or(200, |&c| Hashed::small(&hashed.rel, c, 0));
                    let code = pair(pair(level as u64, over), rel);
                    return Branch { code, top: at as u32, depth: depth.min(200) as u8 };
                }
                at = up;
            }
            Branch { code: 1, top: u32::MAX, depth: 0 }
        })
        .collect()
}

fn bucket(distance: usize) -> u64 {
    match distance {
        0..=5 => distance as u64,
        6..=8 => 6,
        9..=12 => 7,
        13..=20 => 8,
        21..=35 => 9,
        _ => 10,
    }
}

/// Fills the window of one cue.
pub(crate) fn window(
    view: &View<'_>,
    hashed: &Hashed,
    cue: usize,
    proposal: Option<&Found>,
    out: &mut Window,
) -> Option<Range<usize>> {
    let (range, utterance) = window_range(view, cue)?;
    let h = hashed;
    out.features.clear();
    out.ends.clear();
    out.boundary.clear();
    out.cue = cue - range.start;
    let proposed = proposed(view, &range, proposal);
    let branches = branches(h, &range, cue);
    let class = u64::from(Hashed::at(&h.class, cue));
    let lemma = Hashed::at(&h.lemma, cue);
    let cue_quote = Hashed::at(&h.quote, cue);
    let cue_pos = Hashed::small(&h.pos, cue, 0);
    let children = u64::from(Hashed::at(&h.children, cue) & 0b11_1011_1111);
    // What lies between each token and the cue, walking outwards.
    let mut between = vec![0u64; range.len()];
    for outward in [true, false] {
        let (mut commas, mut that, mut cues, mut marks, mut stops) = (0u64, 0u64, 0u64, 0u64, 0u64);
        let steps: Box<dyn Iterator<Item = usize>> =
            if outward { Box::new(cue + 1..range.end) } else { Box::new((range.start..cue).rev()) };
        for t in steps {
            if let Some(slot) = between.get_mut(t - range.start) {
                *slot = commas | that << 4 | cues << 5 | marks << 7 | stops << 9;
            }
            match view.lower(t) {
                "," => commas = (commas + 1).min(3),
                "that" => that = 1,
                "." | "!" | "?" | ";" | ":" => stops = 1,
                _ => {}
            }
            if Hashed::at(&h.quote, t) >= 2 {
                marks = (marks + 1).min(3);
            }
            if Hashed::at(&h.rule, t) != 0 || matches!(Hashed::at(&h.class, t), 1..=47) {
                cues = (cues + 1).min(2);
            }
        }
    }
    let right_words = pair(Hashed::beside(&h.word, cue, 1), Hashed::beside(&h.word, cue, 2));
    for t in range.clone() {
        let k = t - range.start;
        let word = |by: isize| Hashed::beside(&h.word, t, by);
        let pos = |by: isize| Hashed::small(&h.pos, t, by);
        let quote = |by: isize| Hashed::small(&h.quote, t, by);
        let side = u64::from(t > cue);
        let distance = bucket(t.abs_diff(cue));
        let place = pair(side, distance);
        let here = branches.get(k).copied().unwrap_or_default();
        let before = k.checked_sub(1).and_then(|p| branches.get(p)).copied().unwrap_or_default();
        let rule = proposed.get(k).copied().unwrap_or(0);
        let rule_before = k.checked_sub(1).and_then(|p| proposed.get(p)).copied().unwrap_or(3);
        let rules = u64::from(rule) * 4 + u64::from(rule_before);
        let edge = {
            let top = here.top as usize;
            let first = top < h.left.len() && h.left[top] as usize == t;
            let last = top < h.right.len() && h.right[top] as usize == t;
            let change = here.top != before.top;
            u64::from(first) | u64::from(last) << 1 | u64::from(change) << 2
        };
        let gap = between.get(k).copied().unwrap_or(0);
        let quotes = quote(-1) << 16 | quote(0) << 8 | quote(1);
        let mut n = 0;
        let mut add = |value: u64| {
            out.features.push(join(template(100 + n), value));
            n += 1;
        };
        add(side);
        add(place);
        add(pair(side, word(0)));
        add(pair(side, word(-1)));
        add(pair(side, word(1)));
        add(pair(word(-1), word(0)));
        add(pair(word(0), word(1)));
        add(pair(side, pos(0)));
        add(pair(side, pair(pos(-1), pos(0))));
        add(pair(side, pair(pos(0), pos(1))));
        add(pair(pos(-1), pair(pos(0), pos(1))));
        add(pair(side, pair(pair(pos(-2), pos(-1)), pair(pos(0), pos(1)))));
        add(here.code);
        add(pair(here.code, pos(0)));
        add(pair(here.code, edge));
        add(pair(here.code, word(0)));
        add(pair(here.code, lemma));
        add(pair(here.code, pair(class, edge)));
        add(pair(here.code, before.code));
        add(pair(here.code, pair(children, side)));
        add(pair(pair(here.code, u64::from(here.depth.min(3))), pair(side, edge)));
        add(pair(class, side));
        add(pair(class, place));
        add(pair(class, pair(place, pos(0))));
        add(pair(lemma, side));
        add(pair(lemma, pair(side, distance.min(4))));
        add(pair(lemma, pair(side, word(0))));
        add(quotes);
        add(pair(quotes, pair(side, u64::from(cue_quote))));
        add(pair(quotes, pair(class, side)));
        add(rules);
        add(pair(rules, quotes));
        add(pair(rules, here.code));
        add(pair(rules, pair(class, word(0))));
        add(pair(rules, pos(0)));
        add(pair(gap, side));
        add(pair(gap, pair(class, side)));
        add(pair(gap, pair(quote(0), pair(side, u64::from(cue_quote)))));
        add(pair(gap & 0x1f, pair(side, word(0))));
        add(pair(pair(Hashed::small(&h.shape, t, 0), Hashed::small(&h.shape, t, -1)), side));
        add(pair(Hashed::at(&h.suffix, t), side));
        let edges = u64::from(t == utterance.start)
            | u64::from(t + 1 == utterance.end) << 1
            | u64::from(utterance.contains(&t)) << 2;
        add(pair(edges, side));
        add(pair(edges, pair(class, side)));
        if t > cue && t <= cue + 6 {
            add(pair(right_words, distance));
            add(pair(pair(class, Hashed::beside(&h.word, cue, 1)), distance));
        } else {
            add(pair(cue_pos, here.code));
            add(pair(pair(cue_pos, quote(0)), pair(side, gap & 0xf)));
        }
        out.ends.push(out.features.len() as u32);
        let comma = matches!(view.lower(t), "," | ";" | "." | ":");
        let comma_before = t > 0 && matches!(view.lower(t - 1), "," | ";" | "." | ":");
        let shift = quote(-1).min(3) * 4 + quote(0).min(3);
        let change = u64::from(here.top != before.top);
        out.boundary.push((shift * 8 + change * 4 + u64::from(comma) * 2 + u64::from(comma_before)) as u8);
    }
    Some(range)
}
