//! The quantities of a report as ledger entries.

use firsthand_model::{Analysis, Attribution, Bound, Change, Measure, Reason, Report};
use firsthand_span::Span;

use crate::context::{Context, Part, tagged, with_noun};
use crate::lex::Lexed;
use crate::quantity::{Quantity, Role, quantities, stops};

/// The quantities of a report, in order of their spans.
pub fn measures(report: &Report, analysis: &Analysis, attributions: &[Attribution]) -> Vec<Measure> {
    let contents = contents(attributions);
    let mut out: Vec<Measure> = Vec::new();
    let mut lexed = Lexed::default();
    for sentence in &analysis.sentences {
        let text = sentence.span.of(&report.text);
        if !may_count(text) {
            continue;
        }
        lexed.read(text, sentence.span.start);
        let found = quantities(&lexed);
        if found.is_empty() {
            continue;
        }
        let context =
            Context { lx: &lexed, tokens: &analysis.tokens, tagged: tagged(analysis, sentence.tokens.clone()) };
        read_sentence(&context, &found, &contents, &mut out);
    }
    out
}

/// A quick look whether a sentence holds a figure at all would need the whole
/// grammar; an empty one surely does not.
fn may_count(text: &str) -> bool {
    !text.is_empty()
}

/// Every content span with its attribution, by start.
fn contents(attributions: &[Attribution]) -> Vec<(Span, u32)> {
    let mut spans: Vec<(Span, u32)> =
        attributions.iter().enumerate().flat_map(|(i, a)| a.content.iter().map(move |s| (*s, i as u32))).collect();
    spans.sort_unstable();
    spans
}

/// The innermost attribution whose content holds `span`: the shortest.
fn innermost(contents: &[(Span, u32)], span: Span) -> Option<u32> {
    let end = contents.partition_point(|(s, _)| s.start <= span.start);
    // Contents nest but seldom deeply; looking back over the nearest ones is enough.
    contents[..end].iter().rev().take(32).filter(|(s, _)| s.covers(span)).min_by_key(|(s, _)| s.len()).map(|(_, i)| *i)
}

fn read_sentence(cx: &Context<'_, '_>, found: &[Quantity], contents: &[(Span, u32)], out: &mut Vec<Measure>) {
    let first = out.len();
    // Index in `out` of each quantity, for relations.
    let mut kept: Vec<Option<usize>> = Vec::with_capacity(found.len());
    let mut parts: Vec<Option<Part>> = Vec::with_capacity(found.len());
    for (i, q) in found.iter().enumerate() {
        let counted = cx.counted(q);
        let class = cx.class(q, counted);
        let keep = match q.role {
            Role::Measure => true,
            Role::Partitive | Role::Pronoun | Role::Loose | Role::Nobody => class.is_some(),
            Role::Age | Role::Score => false,
        };
        kept.push(keep.then_some(out.len()));
        parts.push(cx.part(q));
        if !keep {
            continue;
        }
        let what = match class {
            Some((class, _)) => Some(class.to_owned()),
            None => cx.verb(q, counted).map(str::to_owned),
        };
        let span = with_noun(cx.lx, q, counted, found.get(i + 1));
        let mut why = vec![Reason::new("number-grammar", cx.lx.raw(q.number))];
        if let Some((class, at)) = class {
            why.push(Reason::new("happening", format!("{class}: \u{201c}{}\u{201d}", cx.lx.raw(at))));
        }
        out.push(Measure {
            span,
            // "-0" is nought: a negative one does not survive storage.
            value: q.value.map(|v| v + 0.0),
            lower: q.lower.map(unsigned_nought),
            upper: q.upper.map(unsigned_nought),
            approx: q.approx,
            unit: q.unit.clone(),
            counted: counted.map(|c| cx.lx.raw(c).to_owned()),
            counted_span: counted.map(|c| cx.lx.span(c, c + 1)),
            what,
            subset_of: None,
            change: cx.change(q),
            negated: class.is_some_and(|(_, at)| q.role != Role::Nobody && cx.negated(at)),
            attribution: innermost(contents, q.span),
            why,
        });
    }
    relate(cx, found, &kept, &parts, first, out);
}

fn unsigned_nought(bound: Bound) -> Bound {
    Bound { value: bound.value + 0.0, ..bound }
}

/// Sets `subset_of`.
fn relate(
    cx: &Context<'_, '_>,
    found: &[Quantity],
    kept: &[Option<usize>],
    parts: &[Option<Part>],
    first: usize,
    out: &mut [Measure],
) {
    let mut whole: Option<usize> = None;
    for (i, q) in found.iter().enumerate() {
        let Some(at) = kept[i] else { continue };
        let earlier = || (0..i).rev().filter_map(|j| kept[j]).find(|&j| can_hold(out, j, at));
        let parent = match parts[i] {
            Some(Part::Here) => earlier(),
            Some(Part::Before) => {
                earlier().or_else(|| (first.saturating_sub(6)..first).rev().find(|&j| can_hold(out, j, at)))
            }
            None => {
                // "including 31 children and 20 women": the list goes on.
                let listed = i > 0
                    && whole.is_some()
                    && kept[i - 1].is_some_and(|j| out[j].subset_of.is_some())
                    && list_goes_on(cx, &found[i - 1], q);
                if listed {
                    whole.filter(|&w| can_hold(out, w, at))
                } else if of_next(cx, q, found.get(i + 1)) {
                    kept.get(i + 1).copied().flatten().filter(|&w| can_hold(out, w, at))
                } else {
                    elliptical(cx, found, i).and_then(|j| kept[j]).filter(|&w| can_hold(out, w, at))
                }
            }
        };
        whole = parent;
        if let Some(parent) = parent.filter(|&p| p != at) {
            part_of(out, at, parent, "part-of");
        }
    }
    partition(cx, found, kept, out);
}

/// Makes `part` a part of `whole`; it inherits what it leaves unsaid.
fn part_of(out: &mut [Measure], part: usize, whole: usize, rule: &'static str) {
    let (what, counted, span) = (out[whole].what.clone(), out[whole].counted.clone(), out[whole].counted_span);
    let m = &mut out[part];
    m.subset_of = Some(whole as u32);
    if m.what.is_none() && whole < part {
        m.what = what;
    }
    if m.counted.is_none() && m.unit == "1" && rule != "adds-up" {
        (m.counted, m.counted_span) = (counted, span);
    }
    m.why.push(Reason::rule(rule));
}

/// "While 54 nations signed, only 27 have ratified", "3,728 cases, with 198
/// recorded in a day", "Of the 2.8 million who voted, 85% were in favour".
fn elliptical(cx: &Context<'_, '_>, found: &[Quantity], i: usize) -> Option<usize> {
    let lx = cx.lx;
    let j = i.checked_sub(1)?;
    let (q, before) = (&found[i], &found[j]);
    let back = lx.before(q.first, 1);
    let bare = !lx.is_word(q.end) || stops(lx.w(q.end)) || lx.w(q.end).ends_with("ed");
    let only = back == "only" && bare && (lx.w(0) == "while" || lx.w(0) == "of" || lx.w(0) == "although");
    let with = back == "with" && lx.w(q.end).ends_with("ed");
    let opening = before.first <= 2
        && (lx.w(0) == "of" && (before.first == 1 || matches!(lx.w(1), "the" | "those" | "these")))
        && (q.unit == "%" || bare || lx.w(q.end) == "of");
    (only || with || opening).then_some(j)
}

/// "five firearms: two rifles, two shotguns and one pistol": what follows a
/// colon or a dash and adds up to the whole is its partition.
fn partition(cx: &Context<'_, '_>, found: &[Quantity], kept: &[Option<usize>], out: &mut [Measure]) {
    for (i, q) in found.iter().enumerate() {
        let (Some(whole), Some(sum), Some(next)) = (kept[i], q.value, found.get(i + 1)) else { continue };
        let opened = (q.end..next.first).any(|k| cx.lx.w(k) == ":" || cx.lx.dash(k) && !cx.lx.tight(k));
        if !opened || out[whole].unit != "1" {
            continue;
        }
        let mut rest = sum;
        let mut members = Vec::new();
        for (part, &at) in found.iter().zip(kept).skip(i + 1) {
            let (Some(value), Some(at)) = (part.value, at) else { break };
            if out[at].unit != "1" || value > rest || rest <= 0.0 {
                break;
            }
            rest -= value;
            members.push(at);
        }
        if rest == 0.0 && members.len() > 1 {
            for at in members.into_iter().filter(|&at| out[at].subset_of.is_none()).collect::<Vec<_>>() {
                part_of(out, at, whole, "adds-up");
            }
        }
    }
}

/// Whether measure `whole` may hold `part`: counts, of which the part is no more.
fn can_hold(out: &[Measure], whole: usize, part: usize) -> bool {
    let (w, p) = (&out[whole], &out[part]);
    let size = |m: &Measure| m.value.or(m.upper.map(|b| b.value)).or(m.lower.map(|b| b.value));
    let counts = w.unit == "1" && (p.unit == "1" || p.unit == "%");
    counts && w.subset_of.is_none() && (p.unit == "%" || size(w).zip(size(p)).is_none_or(|(w, p)| w >= p))
}

/// Between two parts of a list stand only a noun phrase and "and" or a comma.
fn list_goes_on(cx: &Context<'_, '_>, before: &Quantity, q: &Quantity) -> bool {
    let gap = before.end..q.first;
    gap.len() <= 9
        && gap.clone().any(|k| matches!(cx.lx.w(k), "," | "and" | "or"))
        && !gap.clone().any(|k| matches!(cx.lx.w(k), ";" | "." | "were" | "was" | "have" | "had"))
}

/// "4,200 of the nation's 200,000 residents".
fn of_next(cx: &Context<'_, '_>, q: &Quantity, next: Option<&Quantity>) -> bool {
    let Some(next) = next else { return false };
    let mut gap = q.end..next.first;
    cx.lx.w(q.end) == "of" && gap.len() <= 7 && !gap.any(|k| matches!(cx.lx.w(k), "," | ";" | "in" | "and"))
}

/// A quantity with its direction, before anything is left out of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The figure.
    pub quantity: Quantity,
    /// Level or difference, where said.
    pub change: Option<Change>,
}

/// Every quantity of a report, also ages, scores and "one of them": what
/// [`measures`] chooses from. For those who need another choice.
pub fn figures(report: &Report, analysis: &Analysis) -> Vec<Figure> {
    let mut out = Vec::new();
    let mut lexed = Lexed::default();
    for sentence in &analysis.sentences {
        lexed.read(sentence.span.of(&report.text), sentence.span.start);
        let found = quantities(&lexed);
        let cx = Context { lx: &lexed, tokens: &analysis.tokens, tagged: tagged(analysis, sentence.tokens.clone()) };
        out.extend(found.into_iter().map(|quantity| Figure { change: cx.change(&quantity), quantity }));
    }
    out
}
