//! Direct speech: quotations with the cue beside them, and those that go on
//! without one.

use std::ops::Range;

use firsthand_model::{AttributionClass, Reason, Upos};
use firsthand_span::Span;

use crate::found::Found;
use crate::quotes::End;
use crate::rules::{Verb, content_start, group_start, source_left, source_right, verb_at};
use crate::view::View;

/// Where a quotation's cue stands.
struct Anchor {
    verb: Option<Verb>,
    source: Option<Range<usize>>,
    rule: &'static str,
}

/// Finds direct speech in all paragraphs.
pub(crate) fn direct(view: &View<'_>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    // The attribution the next paragraph may go on with: its quotation ran to
    // the end of the paragraph, or a colon announced one.
    let mut carried: Option<usize> = None;
    for (p, paragraph) in view.paragraphs.iter().enumerate() {
        let mut last: Option<usize> = None; // the paragraph's last direct attribution
        let mut last_end = paragraph.tokens.start;
        let mut first = true;
        for q in paragraph.quotes.clone() {
            let Some(quote) = view.quotes.get(q).filter(|quote| quote.depth == 0) else { continue };
            let inside = view.analysis.tokens.within(quote.inner);
            if inside.is_empty() {
                continue;
            }
            let outer = view.analysis.tokens.within(quote.outer);
            let at_start = first && outer.start <= paragraph.tokens.start;
            first = false;
            let next = next_quote(view, paragraph.quotes.end, q, paragraph.tokens.end);
            if let Some(of) = carried.filter(|_| at_start && quote.resumed) {
                extend(&mut out, of, quote.inner, "speech-goes-on-over-paragraphs");
                last = Some(of);
            } else if let Some(of) = last.filter(|_| goes_on(view, q, last_end..outer.start)) {
                extend(&mut out, of, quote.inner, "quotation-split-by-its-cue");
            } else if let Some(anchor) = signature(view, outer.end, paragraph.tokens.end)
                .filter(|_| at_start)
                .or_else(|| after(view, q, outer.end, next))
                .or_else(|| before(view, q, last_end, outer.start))
            {
                last = Some(out.len());
                out.push(found(view, &anchor, quote.inner));
            } else if let Some(of) =
                last.filter(|_| sentence_gap(view, last_end..outer.start) && whole_sentence(view, q))
            {
                extend(&mut out, of, quote.inner, "quotation-goes-on");
            } else if at_start && whole_sentence(view, q) && outer.end + 1 >= paragraph.tokens.end {
                // A paragraph that is one quotation: whose, the paragraph before says.
                let before = carried.or_else(|| announced(view, p, &mut out));
                if let Some(of) = before {
                    extend(&mut out, of, quote.inner, "paragraph-of-speech");
                    last = Some(of);
                }
            }
            last_end = outer.end;
        }
        // Only a paragraph that ends in the quotation or its cue hands its speaker on.
        carried = last.filter(|_| {
            let tail = last_end..paragraph.tokens.end;
            tail.len() <= 12
                || view.quotes.get(paragraph.quotes.end.wrapping_sub(1)).is_some_and(|q| q.end == End::Continued)
        });
    }
    out.retain(|f| !f.content.is_empty());
    out
}

fn extend(out: &mut [Found], of: usize, span: Span, rule: &'static str) {
    if let Some(found) = out.get_mut(of) {
        found.content.push(span);
        if found.why.iter().all(|r| r.rule != rule) {
            found.why.push(Reason::rule(rule));
        }
    }
}

/// First token of the next outermost quotation, or the paragraph's end.
fn next_quote(view: &View<'_>, quotes_end: usize, q: usize, end: usize) -> usize {
    (q + 1..quotes_end)
        .filter_map(|k| view.quotes.get(k))
        .find(|quote| quote.depth == 0)
        .map_or(end, |quote| view.analysis.tokens.within(quote.outer).start)
}

/// Quotations of whole sentences that nobody has claimed, right after a
/// sentence with an attribution: the same speaker goes on, without a cue.
pub(crate) fn continuing(view: &View<'_>, found: &mut Vec<Found>) {
    let mut claimed: Vec<Span> = found.iter().flat_map(|f| f.content.iter().copied()).collect();
    claimed.sort_unstable();
    // Furthest end so far: what starts before a span's end reaches into it or not.
    let mut reach = 0;
    let reach: Vec<u32> = claimed
        .iter()
        .map(|c| {
            reach = reach.max(c.end);
            reach
        })
        .collect();
    let taken = |span: Span| {
        let before = claimed.partition_point(|c| c.start < span.end);
        before.checked_sub(1).and_then(|k| reach.get(k)).is_some_and(|&end| end > span.start)
    };
    let mut speaking: Vec<u32> = found
        .iter()
        .filter(|f| f.lexical.is_some_and(|c| c.plain) && !f.source.is_empty())
        .filter_map(|f| f.cue.first().map(|c| c.start))
        .collect();
    speaking.sort_unstable();
    let mut more = Vec::new();
    for paragraph in &view.paragraphs {
        for q in paragraph.quotes.clone() {
            let Some(quote) = view.quotes.get(q).filter(|quote| quote.depth == 0 && !taken(quote.inner)) else {
                continue;
            };
            let tokens = view.analysis.tokens.within(quote.outer);
            let stopped = matches!(quote.last_char(view.text), Some('.' | '!' | '?' | '…'));
            if tokens.start <= paragraph.tokens.start
                || tokens.len() < 5
                || !stopped
                || !opens_sentence(view, q)
                || !whole_sentence(view, q)
            {
                continue;
            }
            // The sentence before must hold the cue of an attribution.
            let Some(before) = paragraph.utterances.iter().rfind(|u| u.end <= tokens.start) else { continue };
            let sentence = view.bytes(before.clone());
            let from = speaking.partition_point(|&at| at < sentence.start);
            let speaks = speaking.get(from).is_some_and(|&at| at < sentence.end);
            if speaks {
                more.push(Found {
                    source: Vec::new(),
                    cue: Vec::new(),
                    cue_token: None,
                    content: vec![quote.inner],
                    class: AttributionClass::Speech,
                    lexical: None,
                    why: vec![Reason::rule("quotation-goes-on")],
                    confidence: 0.9,
                });
            }
        }
    }
    found.extend(more);
}

/// A speech rather than a term: it begins like a sentence and has some
/// length or an end.
fn whole_sentence(view: &View<'_>, q: usize) -> bool {
    let Some(quote) = view.quotes.get(q) else { return false };
    let tokens = view.analysis.tokens.within(quote.inner);
    let words = tokens.clone().filter(|&t| !view.is_punct(t)).count();
    let upper =
        view.word(tokens.start).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "[(…'‘$£€".contains(c));
    let ended = quote
        .last_char(view.text)
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | ',' | '…' | '-' | '—' | '\'' | '’' | '”' | ']'));
    upper && (ended || words >= 6 || quote.end != End::Marked)
}

/// Whether only the cue stands between two quotations of one sentence.
fn goes_on(view: &View<'_>, q: usize, gap: Range<usize>) -> bool {
    let Some(last) = gap.clone().next_back() else { return false };
    // `"Why?" Ida asked. Bram said, "Because."`: a new sentence has its own cue.
    let before = gap.start.checked_sub(1).and_then(|t| view.span(t).of(view.text).chars().next_back());
    let inner = gap.start.checked_sub(2).and_then(|t| view.span(t).of(view.text).chars().next_back());
    let ended = [before, inner].into_iter().flatten().any(|c| matches!(c, '.' | '?' | '!'));
    let first = view.quotes.get(q).and_then(|quote| quote.inner.of(view.text).chars().next());
    if ended && first.is_some_and(char::is_uppercase) {
        return false;
    }
    gap.len() <= 40
        && matches!(view.lower(last), "," | "—" | "–" | "--" | ";")
        && !gap.clone().any(|t| matches!(view.lower(t), "." | "!" | "?" | ":"))
        && gap.clone().filter_map(|t| verb_at(view, t)).filter(|v| v.cue.plain).count() == 1
}

/// Whether the words between two quotations are the rest of a sentence that
/// has ended.
fn sentence_gap(view: &View<'_>, gap: Range<usize>) -> bool {
    let Some(last) = gap.clone().next_back() else { return true };
    matches!(view.lower(last), "." | "!" | "?" | "…")
        && gap.clone().filter(|&t| matches!(view.lower(t), "." | "!" | "?")).count() == 1
}

/// The cue after a quotation: `," she said`, `," said Ida Vale, the …`.
fn after(view: &View<'_>, q: usize, from: usize, limit: usize) -> Option<Anchor> {
    let quote = view.quotes.get(q)?;
    if !opens_sentence(view, q) {
        return None; // mixed: `the dam was "a ruin," he said`
    }
    let start = if matches!(view.lower(from), "," | "—" | "–" | "―" | "--") { from + 1 } else { from };
    let limit = (start..limit).find(|&t| matches!(view.lower(t), "." | "!" | "?" | ";" | ":")).unwrap_or(limit);
    let ended = quote.last_char(view.text);
    let open_end =
        matches!(ended, Some(',' | '?' | '!' | '…' | '—' | '-')) || start > from || quote.end == End::Missing;
    if start >= limit {
        return None;
    }
    // A full stop inside the marks ends the sentence, unless a bare "he said." follows.
    let bare = limit - start <= 4;
    if ended == Some('.') && start == from && !bare {
        return None;
    }
    if !open_end && view.word(start).starts_with(char::is_lowercase) && verb_at(view, start).is_none() && !bare {
        return None;
    }
    let inverted = group_end(view, start, limit);
    if let Some(verb) = verb_at(view, inverted).filter(|v| v.cue.plain)
        && let Some(source) = source_right(view, verb.end, limit)
    {
        return Some(Anchor { verb: Some(verb), source: Some(source), rule: "cue-after-quotation" });
    }
    for t in start + 1..limit.min(start + 40) {
        let Some(verb) = verb_at(view, t).filter(|v| v.cue.plain) else { continue };
        let group = group_start(view, t, start);
        // All that stands between is the source, unless it has a verb of its own.
        let whole = (open_end
            && group > start
            && group - start <= 25
            && !(start..group).any(|k| view.upos(k) == Some(Upos::Verb)))
        .then_some(start..group);
        let source = source_left(view, group, start).filter(|s| s.start <= start + 1).or(whole);
        if source.is_some() {
            return Some(Anchor { verb: Some(verb), source, rule: "cue-after-quotation" });
        }
        break;
    }
    None
}

/// A pull quote's signature: a dash and a name, and nothing else.
fn signature(view: &View<'_>, from: usize, end: usize) -> Option<Anchor> {
    let dash = matches!(view.lower(from), "—" | "–" | "--" | "―" | "-");
    let name = from + 1..end;
    let capital = |t: usize| {
        view.word(t).starts_with(|c: char| c.is_uppercase() || c == ',' || c == '.')
            || matches!(view.lower(t), "of" | "the" | "de" | "van")
    };
    (dash
        && !name.is_empty()
        && name.len() <= 10
        && view.word(name.start).starts_with(char::is_uppercase)
        && name.clone().all(capital))
    .then_some(Anchor { verb: None, source: Some(name), rule: "signature" })
}

/// Whether a quotation stands at the head of a sentence: at the start of the
/// paragraph, or after a sentence end, a colon, a dash or another quotation.
fn opens_sentence(view: &View<'_>, q: usize) -> bool {
    let Some(quote) = view.quotes.get(q) else { return false };
    let outer = view.analysis.tokens.within(quote.outer);
    let Some(before) = outer.start.checked_sub(1) else { return true };
    let paragraph = view.paragraphs.partition_point(|p| p.tokens.start < outer.start);
    let starts = view.paragraphs.get(paragraph).is_some_and(|p| p.tokens.start == outer.start);
    starts
        || view.is_mark(before)
        || matches!(view.lower(before), "." | "!" | "?" | "…" | ":" | "—" | "–" | "--" | ";" | "-")
}

fn group_end(view: &View<'_>, start: usize, limit: usize) -> usize {
    // "also said Ida": adverbs before an inverted cue.
    (start..limit).find(|&t| !crate::lexicon::lexicon().is("adverb", view.lower(t))).unwrap_or(start)
}

/// Whether a quotation has the length of a clause and ends its sentence.
fn closes_sentence(view: &View<'_>, q: usize) -> bool {
    let Some(quote) = view.quotes.get(q) else { return false };
    let inner = view.analysis.tokens.within(quote.inner);
    let end = view.analysis.tokens.within(quote.outer).end;
    let stopped = matches!(quote.last_char(view.text), Some('.' | '!' | '?' | '…'))
        || matches!(view.lower(end), "." | "!" | "?" | "");
    stopped && inner.len() >= 4
}

/// The cue before a quotation: `Ida said: "`, `Ida said, "`, `The mayor: "`.
fn before(view: &View<'_>, q: usize, floor: usize, end: usize) -> Option<Anchor> {
    let last = end.checked_sub(1).filter(|&l| l >= floor)?;
    let start = (floor..end)
        .rev()
        .find(|&t| matches!(view.lower(t), "." | "!" | "?" | ";") || view.is_mark(t))
        .map_or(floor, |t| t + 1);
    let punctuated = matches!(view.lower(last), "," | ":");
    let colon = view.lower(last) == ":";
    let verb = (start..end).rev().find_map(|t| {
        verb_at(view, t).filter(|v| v.cue.plain || (colon && v.cue.class != AttributionClass::Intention))
    });
    if let Some(verb) = verb {
        let (content, that, _) = content_start(view, &verb, end);
        // Without a comma or colon, or after "that", the sentence must end with the quotation.
        let loose = that || !punctuated;
        if loose && !closes_sentence(view, q) {
            return None;
        }
        let beside = content >= end || (punctuated && end - verb.end <= 20) || colon;
        if !beside {
            return None;
        }
        let group = group_start(view, verb.start, start);
        let source = source_left(view, group, start).or_else(|| subject(view, group, start));
        return Some(Anchor { verb: Some(verb), source, rule: "cue-before-quotation" });
    }
    // "The mayor of Brel: “We are ready.”"
    if colon && end - start <= 14 && start == floor && view.word(start).starts_with(char::is_uppercase) {
        // "a spokesman issued the following words:": the subject, not all of it.
        let verb = (start..last).find(|&t| view.tagged && view.may_be_verb(t));
        let source = verb.map_or(Some(start..last), |v| source_left(view, v, start));
        return Some(Anchor { verb: None, source, rule: "colon-speech" });
    }
    None
}

/// A participle's subject: "Ida stood up, saying": the first noun phrase of
/// the sentence.
fn subject(view: &View<'_>, end: usize, start: usize) -> Option<Range<usize>> {
    let verb = (start..end).find(|&t| match view.upos(t) {
        Some(_) => view.may_be_verb(t),
        None => crate::lexicon::lexicon().is("auxiliary", view.lower(t)),
    })?;
    source_left(view, verb, start)
}

/// A paragraph before that ends in a colon announces a quotation.
fn announced(view: &View<'_>, p: usize, out: &mut Vec<Found>) -> Option<usize> {
    let before = view.paragraphs.get(p.checked_sub(1)?)?;
    let last = before.tokens.end.checked_sub(1)?;
    if view.lower(last) != ":" {
        return None;
    }
    let start = before.utterances.last().map_or(before.tokens.start, |u| u.start);
    let verb =
        (start..last).rev().find_map(|t| verb_at(view, t).filter(|v| v.cue.class != AttributionClass::Intention))?;
    let group = group_start(view, verb.start, start);
    let source = source_left(view, group, start)?;
    let anchor = Anchor { verb: Some(verb), source: Some(source), rule: "colon-before-paragraph" };
    let mut new = found(view, &anchor, Span::default());
    new.content.clear();
    out.push(new);
    Some(out.len() - 1)
}

fn found(view: &View<'_>, anchor: &Anchor, content: Span) -> Found {
    let cue = anchor.verb.map(|v| view.bytes(v.start..v.end));
    let note = cue.map_or(String::new(), |c| c.of(view.text).to_owned());
    Found {
        source: anchor.source.clone().map(|s| view.bytes(s)).into_iter().collect(),
        cue: cue.into_iter().collect(),
        cue_token: anchor.verb.map(|v| v.start),
        content: vec![content],
        class: anchor.verb.map_or(AttributionClass::Speech, |v| v.cue.class),
        lexical: anchor.verb.map(|v| v.cue),
        why: vec![Reason::new(anchor.rule, note)],
        confidence: 0.95,
    }
}
