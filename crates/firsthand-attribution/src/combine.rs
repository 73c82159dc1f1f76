//! Rules and models together: rules win where quotation marks decide, the
//! models everywhere else.

use firsthand_model::{AttributionClass, Reason, Relation, Upos};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::found::Found;
use crate::hashed::Hashed;
use crate::learned::{Labelled, Model, by_cue, label};
use crate::rules::{group_start, source_left, verb_at};
use crate::view::View;

/// Below this no cue is looked at, unless a rule proposes it.
const FLOOR: f32 = 0.05;

/// Whether a rule's find stands whatever the models say: the content is in
/// quotation marks.
fn certain(found: &Found) -> bool {
    found.confidence >= 0.9
}

/// Puts what the rules propose and what the models label into one list.
pub(crate) fn combine(view: &View<'_>, model: &Model, proposals: Vec<Found>) -> Vec<Found> {
    let hashed = Hashed::new(view, &proposals);
    let by_cue = by_cue(&proposals);
    let proposal = |t: usize| by_cue.get(&t).and_then(|&i| proposals.get(i));
    let least = |t: usize| {
        if proposal(t).is_some_and(|p| certain(p) || rule(p) == "according-to" || p.lexical.is_some_and(|c| c.plain)) {
            0.0
        } else {
            FLOOR
        }
    };
    let labelled = label(model, view, &hashed, &proposals, &least);
    let mut used: FxHashSet<usize> = FxHashSet::default();
    let mut out: Vec<Found> = Vec::with_capacity(proposals.len());
    for l in &labelled {
        if let Some(found) = merge(view, l, proposal(l.cue)) {
            used.insert(l.cue);
            out.push(found);
        }
    }
    let by_rule: FxHashMap<usize, Vec<firsthand_span::Span>> = proposals
        .iter()
        .filter(|p| says(rule(p)) && !p.source.is_empty())
        .filter_map(|p| Some((p.cue_token?, p.source.clone())))
        .collect();
    for found in proposals {
        let done = found.cue_token.is_some_and(|t| used.contains(&t));
        if !done && (certain(&found) || rule(&found) == "adverb-of-hearsay") {
            out.push(found);
        }
    }
    drop_doubles(view, &mut out);
    cut_sources(view, &mut out);
    share_subjects(view, &hashed, &mut out);
    crate::direct::continuing(view, &mut out);
    let parents = crate::nesting::parents(&out);
    let mut nested = parents.iter().map(Option::is_some);
    out.retain(|f| f.confidence >= threshold(f, nested.next().unwrap_or(false)));
    // Whether a find stands is decided: now who speaks where the window saw nobody.
    for f in out.iter_mut().filter(|f| f.source.is_empty()) {
        if let Some((t, source)) = f.cue_token.and_then(|t| Some((t, by_rule.get(&t)?)))
            && !group_has_be(view, t)
            && !f.content.iter().any(|c| source.iter().any(|s| s.overlaps(*c)))
        {
            f.source.clone_from(source);
        }
    }
    subjects_in_content(view, &mut out);
    conjoined(view, &mut out);
    beside_cue(view, &mut out);
    out
}

/// One attribution found by two of its words ("said in a statement", a colon
/// after a name) is kept once; "asked not to be named" is none.
fn drop_doubles(view: &View<'_>, found: &mut Vec<Found>) {
    let first = |f: &Found| f.content.first().map(|c| c.trim_matches(view.text, |c: char| !c.is_alphanumeric()).start);
    let mut starts: Vec<(u32, usize)> =
        found.iter().enumerate().filter_map(|(i, f)| first(f).map(|s| (s, i))).collect();
    starts.sort_unstable();
    let mut keep = vec![true; found.len()];
    for pair in starts.windows(2) {
        let [(a, i), (b, j)] = pair else { continue };
        let (Some(f), Some(g)) = (found.get(*i), found.get(*j)) else { continue };
        if a != b {
            continue;
        }
        let bare = |x: &Found| x.cue.first().is_none_or(|c| !c.of(view.text).contains(char::is_alphanumeric));
        let shared = f.cue.iter().any(|c| g.cue.iter().any(|d| c.overlaps(*d)));
        if shared || bare(f) || bare(g) {
            let worse = if f.confidence >= g.confidence { *j } else { *i };
            if let Some(slot) = keep.get_mut(worse) {
                *slot = false;
            }
        }
    }
    let mut keep = keep.into_iter();
    found.retain(|f| {
        let anonymous = f.content.first().is_some_and(|c| c.of(view.text).starts_with("not to be "));
        keep.next().unwrap_or(true) && !anonymous
    });
}

/// "A reporter noted local news said …": a source that holds another cue
/// begins after it.
fn cut_sources(view: &View<'_>, found: &mut [Found]) {
    let mut cues: Vec<usize> = found.iter().filter_map(|f| f.cue_token).collect();
    cues.sort_unstable();
    for f in found.iter_mut() {
        for source in &mut f.source {
            let tokens = view.analysis.tokens.within(*source);
            let at = cues.partition_point(|&c| c < tokens.end);
            let inside =
                at.checked_sub(1).and_then(|k| cues.get(k)).filter(|&&c| c > tokens.start && Some(c) != f.cue_token);
            if let Some(start) = inside.map(|c| c + 1).filter(|&s| s < tokens.end && view.lower(s - 1) != "according") {
                let relative = (tokens.start..start).any(|t| matches!(view.lower(t), "," | "who" | "that" | "which"));
                if !relative {
                    *source = view.bytes(start..tokens.end);
                }
            }
        }
        for source in &mut f.source {
            let tokens = view.analysis.tokens.within(*source);
            // "told me the mate had said", "according to the record, he said".
            let object = matches!(view.lower(tokens.start), "me" | "us" | "him" | "them")
                && matches!(view.lower(tokens.start + 1), "the" | "a" | "an" | "his" | "her" | "their");
            let according = view.lower(tokens.start) == "according" && view.lower(tokens.start + 1) == "to";
            let skip = usize::from(object) + 2 * usize::from(according);
            if skip > 0 && tokens.len() > skip {
                *source = view.bytes(tokens.start + skip..tokens.end);
            }
        }
        let empty = |s: &firsthand_span::Span| {
            let mut tokens = view.analysis.tokens.within(*s);
            tokens.all(|t| matches!(view.lower(t), "the" | "a" | "an" | "that" | "of") || view.is_punct(t))
        };
        f.source.retain(|s| !empty(s));
    }
}

/// "Ida rose and left, saying …": a cue without a source of its own has the
/// subject of the verb it hangs on, if its own form is not passive.
fn share_subjects(view: &View<'_>, hashed: &Hashed, found: &mut [Found]) {
    let mut contents: Vec<firsthand_span::Span> = found.iter().flat_map(|f| f.content.iter().copied()).collect();
    contents.sort_unstable();
    // What another says is no subject of a cue outside it: "Ida said the use of
    // it costs money, further saying …".
    let inside_other = |span: firsthand_span::Span, cue: firsthand_span::Span| {
        let from = contents.partition_point(|c| c.start < span.start.saturating_sub(2000));
        let to = contents.partition_point(|c| c.start <= span.start);
        contents.get(from..to).unwrap_or_default().iter().any(|c| c.covers(span) && !c.covers(cue))
    };
    for f in found.iter_mut().filter(|f| f.source.is_empty() && f.lexical.is_some()) {
        let Some(cue) = f.cue_token.filter(|_| view.tagged) else { continue };
        let mut at = cue;
        for step in 0..5 {
            let children = Hashed::at(&hashed.children, at);
            let passive = children & 0b10 != 0 || (step == 0 && group_has_be(view, cue));
            if passive {
                break;
            }
            let subject = Hashed::at(&hashed.subject, at) as usize;
            if subject != at && children & 1 != 0 {
                let (left, right) =
                    (Hashed::at(&hashed.left, subject) as usize, Hashed::at(&hashed.right, subject) as usize);
                let span = view.bytes(left..right + 1);
                let clear =
                    right < cue && cue - right < 40 && right - left < 20 && view.quote(subject) == view.quote(cue);
                if clear && !inside_other(span, view.span(cue)) && !f.content.iter().any(|c| c.overlaps(span)) {
                    f.source = vec![span];
                    f.why.push(Reason::rule("shared-subject"));
                }
                break;
            }
            let up = Hashed::at(&hashed.head, at) as usize;
            let relation = view.analysis.tokens.relations.get(at).copied();
            let goes_up =
                matches!(relation, Some(Relation::Conj | Relation::Xcomp | Relation::Advcl | Relation::Parataxis));
            if up == at || !goes_up {
                break;
            }
            at = up;
        }
    }
}

/// Whether a form of "be" stands right before a verb.
fn group_has_be(view: &View<'_>, verb: usize) -> bool {
    (verb.saturating_sub(3)..verb)
        .any(|t| matches!(view.lower(t), "is" | "are" | "was" | "were" | "been" | "be" | "being"))
}

/// How probable a cue must be, by what the rules make of it. The figures
/// balance precision and recall on the development sets: a group of finds is
/// kept from the probability on at which about two in five are right.
fn threshold(found: &Found, nested: bool) -> f32 {
    let plain = found.lexical.is_some_and(|c| c.plain);
    let speech = matches!(found.class, AttributionClass::Speech | AttributionClass::Writing);
    let sourced = !found.source.is_empty();
    let proposed = proposed(found);
    let core = found.lexical.is_some_and(|c| c.core);
    match (proposed, nested) {
        _ if certain(found) || matches!(proposed, "adverb-of-hearsay" | "according-to") => 0.0,
        ("says-that", true) if plain && speech && sourced => 0.0,
        ("says-clause", true) if core && sourced => 0.0,
        ("says-clause", false) if plain && sourced && !core => 0.05,
        ("", true) if found.class == AttributionClass::Intention => {
            if sourced {
                0.45
            } else {
                0.7
            }
        }
        (_, true) => {
            if sourced {
                0.25
            } else {
                0.5
            }
        }
        ("says-that" | "says-clause" | "cue-in-parenthesis" | "clause-then-cue" | "clause-then-inverted-cue", _)
            if plain && sourced =>
        {
            0.0
        }
        _ if !sourced && plain => 0.5,
        _ if !sourced => 0.45,
        _ if found.class == AttributionClass::Intention => 0.25,
        _ => 0.2,
    }
}

/// The rule that proposed a find, if one did.
fn proposed(found: &Found) -> &str {
    found.why.iter().map(|r| &*r.rule).find(|r| *r != "cue-model").unwrap_or("")
}

fn rule(found: &Found) -> &str {
    found.why.first().map_or("", |r| &r.rule)
}

/// Rules by which a cue follows its source.
fn says(rule: &str) -> bool {
    matches!(rule, "says-that" | "says-clause" | "clause-then-cue" | "cue-in-parenthesis")
}

/// "Domain.com, an estate site, reported some sellers were …": what a window
/// took for a first piece of content, and stands where the subject of an
/// active cue does, is the source.
fn subjects_in_content(view: &View<'_>, found: &mut [Found]) {
    for f in found.iter_mut().filter(|f| f.source.is_empty() && f.content.len() > 1 && f.lexical.is_some()) {
        let (Some(cue), Some(&first), Some(&second)) = (f.cue_token, f.content.first(), f.content.get(1)) else {
            continue;
        };
        let group = group_start(view, cue, cue.saturating_sub(6));
        let tokens = view.analysis.tokens.within(first);
        let before = tokens.end <= group && group - tokens.end <= 2 && (tokens.end..group).all(|t| view.is_punct(t));
        let after = second.start > view.span(cue).start;
        let active = !group_has_be(view, cue) && !view.lower(cue).ends_with("ing");
        let noun_phrase = tokens.len() <= 16 && view.quote(tokens.start).is_none();
        if before && after && active && noun_phrase {
            f.source = vec![first];
            f.content.remove(0);
            f.why.push(Reason::rule("subject-before-cue"));
        }
    }
}

/// "The statement, which was posted on Monday, announced …": where nothing else
/// has found a source, the noun phrase right before an active cue.
fn beside_cue(view: &View<'_>, found: &mut [Found]) {
    for f in found.iter_mut().filter(|f| f.source.is_empty() && f.lexical.is_some_and(|c| c.plain)) {
        let Some(cue) = f.cue_token.filter(|_| view.tagged) else { continue };
        let word = view.lower(cue);
        let finite = word.ends_with("ed") || word.ends_with('s') || matches!(word, "said" | "told" | "wrote");
        if !finite || group_has_be(view, cue) {
            continue;
        }
        let s = view.analysis.sentences.partition_point(|s| s.tokens.end as usize <= cue);
        let floor = view.analysis.sentences.get(s).map_or(cue, |s| s.tokens.start as usize);
        let group = group_start(view, cue, floor);
        let Some(source) = source_left(view, group, floor).filter(|s| s.len() <= 16) else { continue };
        let first = view.lower(source.start);
        let opens = view.word(source.start).starts_with(char::is_uppercase)
            || matches!(
                first,
                "the" | "a" | "an" | "his" | "her" | "their" | "its" | "he" | "she" | "they" | "it" | "i" | "we"
            );
        // A verb before any comma: the phrase is a clause, not a subject.
        let noun_phrase = source
            .clone()
            .take_while(|&t| view.lower(t) != ",")
            .all(|t| !matches!(view.upos(t), Some(Upos::Verb | Upos::Aux)));
        let span = view.bytes(source.clone());
        let clear = view.quote(source.start) == view.quote(cue) && !f.content.iter().any(|c| c.overlaps(span));
        if opens && noun_phrase && clear {
            f.source = vec![span];
            f.why.push(Reason::rule("subject-before-cue"));
        }
    }
}

/// "Ida Vale explained that …, and stated they want to stay": the second cue
/// has the source of the verb it is joined to.
fn conjoined(view: &View<'_>, found: &mut [Found]) {
    if !view.tagged {
        return;
    }
    let by_cue: FxHashMap<usize, usize> =
        found.iter().enumerate().filter_map(|(i, f)| Some((f.cue_token?, i))).collect();
    let tokens = &view.analysis.tokens;
    for i in 0..found.len() {
        let Some(cue) = found.get(i).filter(|f| f.source.is_empty() && f.lexical.is_some()).and_then(|f| f.cue_token)
        else {
            continue;
        };
        let joined = tokens.relations.get(cue) == Some(&Relation::Conj) && !group_has_be(view, cue);
        let Some(head) = tokens.heads.get(cue).map(|&h| h as usize).filter(|&h| joined && h < cue && h + 60 > cue)
        else {
            continue;
        };
        let source = by_cue.get(&head).and_then(|&j| found.get(j)).map(|g| g.source.clone()).unwrap_or_default();
        if let Some(f) = found.get_mut(i).filter(|_| !source.is_empty())
            && !f.content.iter().any(|c| source.iter().any(|s| s.overlaps(*c)))
        {
            f.source = source;
            f.why.push(Reason::rule("shared-subject"));
        }
    }
}

/// Whether a source is cut off after a hyphen or before "by" from the noun
/// phrase that a rule sees.
fn tail_of(view: &View<'_>, source: &[firsthand_span::Span], rule: &[firsthand_span::Span]) -> bool {
    let ([a], [b]) = (source, rule) else { return false };
    let first = view.analysis.tokens.within(*a).start;
    let cut = matches!(view.lower(first), "by" | "of") || view.lower(first.saturating_sub(1)) == "-";
    cut && b.covers(*a) && b.start < a.start
}

/// Whether one of two sources opens as the other does: "according to a letter
/// seen by the Daybook" has the letter for its source.
fn begins_with(source: &[firsthand_span::Span], rule: &[firsthand_span::Span]) -> bool {
    match (source.first(), rule.first()) {
        (Some(a), Some(b)) => a.start <= b.start,
        (a, _) => a.is_some(),
    }
}

fn merge(view: &View<'_>, l: &Labelled, proposal: Option<&Found>) -> Option<Found> {
    if let Some(found) = proposal.filter(|f| certain(f)) {
        let mut found = found.clone();
        if !l.source.is_empty() && !tail_of(view, &l.source, &found.source) {
            found.source.clone_from(&l.source);
        }
        return Some(found);
    }
    // Where the model sees a cue but no content, a rule's content stands.
    let content = match (&l.content, proposal) {
        (content, _) if !content.is_empty() => content.clone(),
        (_, Some(p)) if p.lexical.is_some_and(|c| c.plain) || rule(p) == "according-to" => p.content.clone(),
        _ => return None,
    };
    let source = match proposal {
        Some(p) if l.source.is_empty() && l.content.is_empty() => p.source.clone(),
        Some(p) if rule(p) == "according-to" && !begins_with(&l.source, &p.source) => p.source.clone(),
        // "the decree signed by the Pope read": the window saw the end of the source.
        Some(p) if tail_of(view, &l.source, &p.source) => p.source.clone(),
        _ => l.source.clone(),
    };
    // "said in a statement": the cue is the verb, the rest its medium.
    let mut words = l.words.clone();
    let preposition = |k: usize| matches!(view.lower(k), "in" | "on" | "during" | "via");
    let plain = |k: &usize| preposition(k + 1) && verb_at(view, *k).is_some_and(|v| v.cue.plain);
    if let Some(k) = (words.start..words.end.saturating_sub(1)).find(plain) {
        words = k..k + 1;
    }
    let main = if words.contains(&l.cue) { l.cue } else { words.start };
    let lexical = verb_at(view, main).map(|v| v.cue).or_else(|| proposal.and_then(|p| p.lexical));
    let class = lexical.map_or(AttributionClass::Intention, |c| c.class);
    // "It was reported that …": the dummy subject is no content.
    let mut content = content;
    if content.len() > 1 {
        content.retain(|c| !matches!(c.of(view.text), "It" | "it" | "There" | "there"));
    }
    let cue = view.bytes(words);
    let note = format!("{} ({:.2})", cue.of(view.text), l.probability);
    Some(Found {
        source,
        cue: vec![cue],
        cue_token: Some(main),
        content,
        class,
        lexical,
        why: std::iter::once(Reason::new("cue-model", note))
            .chain(proposal.into_iter().flat_map(|p| p.why.clone()))
            .collect(),
        confidence: l.probability,
    })
}
