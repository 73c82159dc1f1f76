//! Claims of one report: clause by clause, in the outlet's own voice and in
//! attributions of any depth.

use firsthand_model::{
    Approx, Argument, AttributionClass, BlockKind, Claim, Granularity, Measure, Modality, Moment, Polarity, Reading,
    Reason, Time, TimeKind, Upos, Why,
};
use firsthand_span::Span;

use crate::clause::{clauses, is_verb};
use crate::item::past;
use crate::voice::voice;
use crate::words::{Class, Word, class_at, class_named, class_of, stem, words};

/// UCUM codes that measure time or space: such figures describe a claim but
/// are not counts or sums that one would compare by themselves.
const PHYSICAL: &[&str] = &[
    "s", "min", "h", "d", "wk", "mo", "a", "m", "km", "cm", "mm", "[mi_i]", "[ft_i]", "[in_i]", "[yd_i]", "[nmi_i]",
    "nmi", "ft", "mi", "year", "day", "hour", "minute", "month", "week", "second", "kg", "g", "t", "[lb_av]", "L",
    "Cel", "[degF]", "har", "[acr_us]", "km2", "m2", "m3", "km/h", "m/s", "[mi_i]/h", "[kn_i]", "deg", "kW", "MW",
    "GW",
];
const HEDGES: &[&str] = &[
    "may",
    "might",
    "could",
    "possibly",
    "perhaps",
    "reportedly",
    "allegedly",
    "alleged",
    "feared",
    "likely",
    "apparently",
    "probably",
    "suspected",
    "believed",
    "seems",
    "seem",
    "appeared",
    "appears",
    "rumoured",
    "rumored",
    "unconfirmed",
    "estimated",
    "supposedly",
];
const PLANS: &[&str] = &["will", "shall", "plans", "plan", "planned", "scheduled", "due", "intends", "intend", "next"];
const CONDITIONS: &[&str] = &["if", "unless", "would"];
const NEGATIONS: &[&str] = &[
    "no",
    "not",
    "never",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "without",
    "cannot",
    "n't",
    "hardly",
    "denies",
    "denied",
    "deny",
    "denying",
    "false",
    "untrue",
    "incorrect",
    "unfounded",
];

/// Whether a measure is a count, a share or a sum: a figure that claims are
/// compared by.
pub(crate) fn is_figure(measure: &Measure) -> bool {
    !PHYSICAL.contains(&measure.unit.as_str())
}

/// The claims of a reading, in order of their evidence.
pub(crate) fn claims(reading: &Reading) -> Vec<Claim> {
    let text = reading.report.text.as_str();
    let mut out = Vec::new();
    for sentence in &reading.analysis.sentences {
        let block = reading.report.blocks.get(sentence.block as usize);
        if block.is_some_and(|b| matches!(b.kind, BlockKind::Furniture | BlockKind::Meta)) {
            continue;
        }
        if sentence.span.of(text).trim_end_matches(['"', '”', '’', '\'', '»', ')', ' ']).ends_with('?') {
            continue;
        }
        if is_note(sentence.span.of(text)) {
            continue;
        }
        for (attribution, stretch) in stretches(reading, sentence.span) {
            for clause in clauses(text, stretch, &reading.analysis.tokens) {
                of_clause(reading, sentence.span, clause, attribution, &mut out);
            }
        }
    }
    out.sort_by_key(|c: &Claim| (c.evidence, c.measures.first().copied(), c.attribution));
    out.dedup_by(|a, b| a.evidence == b.evidence && a.measures == b.measures && a.attribution == b.attribution);
    out
}

/// Whether a sentence speaks of the page itself, not of the news: "This story
/// was updated on Sunday".
fn is_note(sentence: &str) -> bool {
    const PAGE: &[&str] = &["article", "story", "report", "page", "headline", "post", "piece", "entry", "version"];
    const DONE: &[&str] = &["amended", "updated", "corrected", "edited", "published", "translated", "clarified"];
    let words: Vec<String> = sentence
        .split_whitespace()
        .take(8)
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    matches!(at(0), "this" | "the")
        && PAGE.contains(&at(1))
        && matches!(at(2), "was" | "has" | "is")
        && words.iter().skip(3).any(|w| DONE.contains(&w.as_str()))
}

/// A sentence cut by voice: each stretch with the innermost attribution it
/// stands in. Frames ("she said") belong to nobody and are left out.
fn stretches(reading: &Reading, sentence: Span) -> Vec<(Option<u32>, Span)> {
    let here: Vec<(u32, &firsthand_model::Attribution)> = reading
        .attributions
        .iter()
        .enumerate()
        .filter(|(_, a)| a.content.iter().chain(&a.source).chain(&a.cue).any(|s| s.overlaps(sentence)))
        .map(|(i, a)| (i as u32, a))
        .collect();
    let parts_of = |parent: Option<u32>| -> Vec<Span> {
        here.iter()
            .filter(|(_, a)| a.parent == parent || (parent.is_none() && a.parent.is_none()))
            .flat_map(|(_, a)| a.content.iter().chain(&a.source).chain(&a.cue))
            .filter_map(|s| s.intersection(sentence))
            .collect()
    };
    let mut out: Vec<(Option<u32>, Span)> = Vec::new();
    for own in minus(sentence, parts_of(None)) {
        out.push((None, own));
    }
    for &(i, a) in &here {
        let nested = parts_of(Some(i));
        for content in a.content.iter().filter_map(|s| s.intersection(sentence)) {
            if a.negated && nested.iter().any(|n| n.overlaps(content)) {
                out.push((Some(i), content));
            }
            for rest in minus(content, nested.clone()) {
                out.push((Some(i), rest));
            }
        }
    }
    let text = reading.report.text.as_str();
    for (_, span) in &mut out {
        *span = span.trim_matches(text, |c| !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£'));
    }
    out.retain(|(_, s)| !s.is_empty());
    out.sort_unstable_by_key(|&(a, s)| (s, a));
    out
}

/// A span without some others.
fn minus(whole: Span, mut holes: Vec<Span>) -> Vec<Span> {
    holes.sort_unstable();
    let mut out = Vec::new();
    let mut at = whole.start;
    for hole in holes {
        if hole.start > at {
            out.push(Span { start: at, end: hole.start.min(whole.end) });
        }
        at = at.max(hole.end);
    }
    if at < whole.end {
        out.push(Span { start: at, end: whole.end });
    }
    out.retain(|s| !s.is_empty());
    out
}

/// Most figures of a clause that are claims.
const MOST_FIGURES: usize = 24;

/// The claims of one clause: one per figure, or one for the clause.
fn of_clause(reading: &Reading, sentence: Span, clause: Span, attribution: Option<u32>, out: &mut Vec<Claim>) {
    let text = reading.report.text.as_str();
    let all = words(text, clause);
    let has_verb = all.iter().any(|w| is_verb(w, &reading.analysis.tokens));
    let first = reading.measures.partition_point(|m| m.span.start < clause.start);
    let figures: Vec<usize> = reading
        .measures
        .iter()
        .enumerate()
        .skip(first)
        .take_while(|(_, m)| m.span.start < clause.end)
        .filter(|(_, m)| clause.covers(m.span) && is_figure(m))
        .map(|(i, _)| i)
        .collect();
    let class = attribution.and_then(|a| reading.attributions.get(a as usize)).map(|a| a.class);
    let opinion = all.iter().any(Word::is_opinion)
        || matches!(class, Some(AttributionClass::Belief | AttributionClass::Intention));

    if figures.is_empty() {
        let content = all.iter().filter(|w| !w.is_stop() && !w.is_number()).count();
        // In the outlet's own voice a verb alone ("you grow") says nothing that can be checked.
        let least = if attribution.is_some() { 1 } else { 2 };
        if has_verb && content >= least && all.len() >= 2 && !opinion && asserts(reading, sentence, attribution, &all) {
            out.push(claim(reading, sentence, clause, &all, Vec::new(), attribution, None));
        }
        return;
    }
    // A conversion belongs to the figure before it, a whole to its part.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &i in &figures {
        let measure = &reading.measures[i];
        let goes_on = |group: &Vec<usize>| {
            let (first, last) = (&reading.measures[group[0]], &reading.measures[group[group.len() - 1]]);
            let between = Span { start: last.span.end.min(measure.span.start), end: measure.span.start }.of(text);
            if first.unit == "1" && measure.unit == "1" {
                return matches!(between.trim(), "of the" | "of its" | "of their" | "out of" | "out of the");
            }
            let link = |w: &str| matches!(w, "(" | "–" | "—" | "-" | "or" | "about" | "some" | "roughly" | "nearly");
            first.unit != measure.unit && !between.trim().is_empty() && between.split_whitespace().all(link)
        };
        match groups.last_mut() {
            Some(group) if goes_on(group) => group.push(i),
            _ => groups.push(vec![i]),
        }
    }
    // A table or a list of results: nobody asserts each of its numbers.
    if groups.len() > MOST_FIGURES {
        return;
    }
    let cuts: Vec<u32> = groups.iter().skip(1).map(|g| phrase_start(&all, reading.measures[g[0]].span)).collect();
    for (n, group) in groups.iter().enumerate() {
        let start = if n == 0 { clause.start } else { cuts[n - 1] };
        let end = cuts.get(n).copied().unwrap_or(clause.end);
        let evidence = Span { start, end: end.max(start) }
            .cover(reading.measures[group[0]].span)
            .trim_matches(text, |c| !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£' | ')'));
        let measures = group.iter().map(|&i| i as u32).collect();
        let part = words(text, evidence);
        out.push(claim(reading, sentence, evidence, &part, measures, attribution, Some(&all)));
    }
}

/// Whether a clause states something: it does not where it asks ("how it
/// works") or speaks to the reader ("Contact us", "you can save it").
fn asserts(reading: &Reading, sentence: Span, attribution: Option<u32>, all: &[Word]) -> bool {
    let Some(first) = all.first() else { return false };
    if matches!(first.folded.as_str(), "how" | "why" | "what" | "whether") {
        return false;
    }
    let tokens = &reading.analysis.tokens;
    let text = reading.report.text.as_str();
    let opens = Span { start: sentence.start, end: first.span.start.max(sentence.start) }.of(text).trim().is_empty();
    let base = tokens
        .within(first.span)
        .next()
        .is_some_and(|i| tokens.upos.get(i) == Some(&Upos::Verb) && tokens.lemma(i) == first.folded);
    let reader = || {
        let verb = all.iter().position(|w| is_verb(w, tokens)).unwrap_or(all.len());
        all[..verb].iter().any(|w| matches!(w.folded.as_str(), "you" | "you'll" | "you're" | "you've"))
    };
    !(opens && base) && !(attribution.is_none() && reader())
}

/// Where the phrase of a further figure begins: at its measure, or at the
/// preposition, article or conjunction that leads to it.
fn phrase_start(all: &[Word], measure: Span) -> u32 {
    let at = all.partition_point(|w| w.span.start < measure.start);
    let lead = all[..at]
        .iter()
        .rev()
        .take_while(|w| {
            matches!(
                w.folded.as_str(),
                "in" | "to" | "for" | "with" | "of" | "and" | "the" | "another" | "including" | "by" | "among"
            )
        })
        .take(2)
        .last();
    lead.map_or(measure.start, |w| w.span.start)
}

fn claim(
    reading: &Reading,
    sentence: Span,
    evidence: Span,
    part: &[Word],
    measures: Vec<u32>,
    attribution: Option<u32>,
    whole: Option<&[Word]>,
) -> Claim {
    let innermost = attribution.and_then(|a| reading.attributions.get(a as usize));
    let whole = whole.unwrap_or(part);
    let figure = measures.first().and_then(|&m| reading.measures.get(m as usize));
    let (predicate, class) = figure
        .and_then(|f| count_class(reading, sentence, part, f))
        .unwrap_or_else(|| predicate(reading, part, whole, figure));
    let own = negations(&reading.report.text, part);
    let negations = own
        + usize::from(innermost.is_some_and(|a| a.negated))
        + usize::from(own == 0 && figure.is_some_and(|f| f.negated));
    let time = time_in(reading, evidence, sentence);
    let mut why: Why = Vec::new();
    match innermost {
        Some(a) => why.push(Reason::new("in-attribution", format!("{} attribution", a.kind))),
        None => why.push(Reason::rule("own-voice")),
    }
    if let Some(class) = class {
        why.push(Reason::new("predicate-class", class.name));
        if let Some(plover) = class.plover {
            why.push(Reason::new("plover", plover));
        }
    }
    let (actor, target) = arguments(reading, evidence, part);
    Claim {
        evidence,
        predicate,
        class: class.map(|c| c.name.to_owned()),
        actor,
        target,
        place: reading.places.iter().position(|p| evidence.covers(p.span)).map(|i| i as u32),
        time: time.map(|(i, _)| i),
        measures,
        polarity: if negations % 2 == 1 { Polarity::Denied } else { Polarity::Affirmed },
        modality: modality(part, figure, innermost.is_some_and(|a| a.hedged)),
        as_of: as_of(reading, evidence, time.map(|(_, t)| t)),
        voice: voice(reading, attribution),
        attribution,
        why,
    }
}

/// How many words negate the clause: not those of a relative clause behind
/// its verb, of bounds ("no more than"), of contrasts ("…, not the mayor") or
/// of set phrases that a class stands for ("not accounted for").
fn negations(text: &str, part: &[Word]) -> usize {
    let relative = part
        .iter()
        .enumerate()
        .skip(2)
        .position(|(_, w)| matches!(w.folded.as_str(), "who" | "which" | "whose" | "whom" | "that"))
        .map_or(part.len(), |i| i + 2);
    part[..relative]
        .iter()
        .enumerate()
        .filter(|(i, w)| {
            if !is_negation(&w.folded) {
                return false;
            }
            let next = part.get(i + 1).map_or("", |n| n.folded.as_str());
            let after_next = part.get(i + 2).map_or("", |n| n.folded.as_str());
            let bound = matches!(next, "more" | "fewer" | "less" | "later" | "earlier" | "least" | "only" | "doubt");
            let phrase = [next, after_next].iter().any(|w| w.starts_with("account"));
            let contrast = *i > 2
                && Span { start: part[i - 1].span.end, end: w.span.start }.of(text).contains(',')
                && !part[i + 1..].iter().any(|w| w.folded == "but");
            !bound && !phrase && !contrast
        })
        .count()
}

/// Whether a word negates.
fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.ends_with("n't")
}

/// Verbs by which a count stands or changes: "the toll rose to 43".
const LEVELS: &[&str] = &[
    "rise", "climb", "grow", "jump", "reach", "stand", "pass", "exceed", "put", "give", "increase", "raise", "revise",
    "fall", "drop", "hit", "top", "list", "set", "was", "is", "at", "to",
];
/// How far before a figure the noun may stand that says what is counted.
const TOLL_REACH: usize = 16;

/// What a count of people counts, where the words beside it say so more
/// closely than the verb of the clause: "with 187 people on board is missing",
/// "the death toll … rose to 43", "licensed to carry 220".
fn count_class(reading: &Reading, sentence: Span, part: &[Word], figure: &Measure) -> Option<(String, Option<Class>)> {
    if figure.unit != "1" {
        return None;
    }
    let text = reading.report.text.as_str();
    let tokens = &reading.analysis.tokens;
    let named = |name: &str| class_named(name).map(|c| (name.to_owned(), Some(c)));
    // The words behind the figure, up to the next one.
    let near: Vec<Word> = part
        .iter()
        .filter(|w| w.span.start >= figure.span.end)
        .take(7)
        .take_while(|w| !w.is_number())
        .cloned()
        .collect();
    let class_near = |list: &[Word]| (0..list.len()).find_map(|i| class_at(list, i));
    let counted = figure.counted.as_deref().map(|c| stem(&firsthand_span::fold(c)));
    let people = counted.as_deref().is_none_or(crate::item::is_people);
    let all_classes: Vec<&str> = (0..part.len()).filter_map(|i| class_at(part, i)).map(|c| c.name).collect();
    if people && all_classes.contains(&"licensed") && all_classes.contains(&"aboard") {
        return named("licensed");
    }
    if people && class_near(&near).is_some_and(|c| c.name == "aboard") {
        return named("aboard");
    }
    // "20 drowning people" were not counted as drowned.
    let modifier = near.iter().take(2).find(|w| {
        w.folded.ends_with("ing")
            && counted.as_ref().is_some_and(|c| near.iter().any(|n| stem(&n.folded) == *c && n.span > w.span))
    });
    if let Some(modifier) = modifier
        .filter(|w| class_at(std::slice::from_ref(w), 0).is_some_and(|c| matches!(c.name, "killed" | "injured")))
    {
        let others: Vec<Word> = part.iter().filter(|w| w.span != modifier.span).cloned().collect();
        let at = |i: usize| class_at(&others, i).map(|c| (others[i].folded.clone(), Some(c)));
        return Some((0..others.len()).find_map(at).unwrap_or_else(|| {
            let verb = others.iter().find(|w| !w.is_stop() && is_verb(w, tokens));
            (verb.map(|w| w.folded.clone()).unwrap_or_default(), None)
        }));
    }
    if !people || class_near(&near).is_some_and(|c| crate::item::of_people(c.name)) {
        return None;
    }
    if figure.what.as_deref().is_some_and(crate::item::of_people) {
        return None;
    }
    let before = words(text, Span { start: sentence.start, end: figure.span.start.max(sentence.start) });
    let from = before.len().saturating_sub(TOLL_REACH);
    let last = before.last()?;
    let level = matches!(last.folded.as_str(), "to" | "at" | "as" | "of" | "is" | "was" | "were" | "now")
        || LEVELS.contains(&stem_lemma(&last.folded).as_str())
        || matches!(figure.change, Some(firsthand_model::Change::RoseTo | firsthand_model::Change::FellTo));
    let noun = (from..before.len()).rev().find(|&i| {
        !is_verb(&before[i], tokens) && class_at(&before, i).is_some_and(|c| crate::item::of_people(c.name))
    })?;
    let verb = before[noun..].iter().any(|w| LEVELS.contains(&stem_lemma(&w.folded).as_str()));
    let other_count = before[noun + 1..].iter().any(Word::is_number);
    if level && verb && !other_count {
        return class_at(&before, noun).and_then(|c| named(c.name));
    }
    None
}

/// A word's lemma where it is irregular, else without the endings of verbs.
fn stem_lemma(word: &str) -> String {
    let s = stem(word);
    LEVELS.iter().find(|l| stem(l) == s).map_or(s, |l| (*l).to_owned())
}

/// Predicate and class: those of the figure where there is one; else of the
/// first verb with a class, the first verb, the first word with a class.
fn predicate(reading: &Reading, part: &[Word], whole: &[Word], figure: Option<&Measure>) -> (String, Option<Class>) {
    if let Some(what) = figure.and_then(|f| f.what.as_deref()) {
        let class = class_named(what).or_else(|| class_of(&stem(what)));
        if class.is_some() {
            return (what.to_owned(), class);
        }
    }
    let tokens = &reading.analysis.tokens;
    let lemma = |w: &Word| {
        let i = tokens.within(w.span).next();
        i.map(|i| tokens.lemma(i)).filter(|l| !l.is_empty()).map_or_else(|| w.folded.clone(), str::to_owned)
    };
    let near = |list: &[Word], verbs: bool| {
        // For a figure the class nearest to it, else the first.
        let at = figure.map(|f| list.partition_point(|w| w.span.start < f.span.start));
        (0..list.len())
            .filter(|&i| !list[i].is_number() && (!verbs || is_verb(&list[i], tokens)))
            .filter_map(|i| class_at(list, i).map(|c| (at.map_or(i, |at| i.abs_diff(at)), i, c)))
            .min_by_key(|&(d, i, _)| (d, i))
            .map(|(_, i, c)| (lemma(&list[i]), Some(c)))
    };
    near(part, true)
        .or_else(|| near(part, false))
        .or_else(|| if figure.is_some() { near(whole, true) } else { None })
        .or_else(|| part.iter().find(|w| !w.is_stop() && is_verb(w, tokens)).map(|w| (lemma(w), None)))
        .or_else(|| part.iter().find(|w| is_verb(w, tokens)).map(|w| (lemma(w), None)))
        .unwrap_or_else(|| (figure.and_then(|f| f.what.clone()).unwrap_or_default(), None))
}

fn modality(part: &[Word], figure: Option<&Measure>, hedged: bool) -> Modality {
    let has = |list: &[&str]| part.iter().any(|w| list.contains(&w.folded.as_str()));
    // "Let them show …" asserts nothing.
    if has(CONDITIONS) || part.first().is_some_and(|w| w.folded == "let") {
        Modality::Conditional
    } else if hedged || has(HEDGES) || figure.is_some_and(|f| f.approx == Approx::UpTo) {
        Modality::Hedged
    } else if has(PLANS) || part.windows(2).any(|w| matches!(w[0].folded.as_str(), "is" | "are") && w[1].folded == "to")
    {
        Modality::Planned
    } else {
        Modality::Asserted
    }
}

/// The first time of the evidence; else one of the sentence that names a
/// date.
fn time_in(reading: &Reading, evidence: Span, sentence: Span) -> Option<(u32, &Time)> {
    let within = |span: Span| {
        reading.times.iter().enumerate().filter(move |(_, t)| span.covers(t.span) && t.kind != TimeKind::Set)
    };
    within(evidence)
        .find(|(_, t)| t.kind != TimeKind::Duration)
        .or_else(|| within(sentence).find(|(_, t)| t.kind == TimeKind::Date && t.interval.is_some()))
        .map(|(i, t)| (i as u32, t))
}

/// The day as of which the claim holds: its own time where that is a day or
/// finer, else the day of publication.
fn as_of(reading: &Reading, evidence: Span, time: Option<&Time>) -> Option<Moment> {
    let published = reading.report.published.as_ref().map(|p| p.value);
    let told = time.and_then(|t| t.interval).and_then(|i| {
        let days = i.start.date().until(i.end.date()).ok()?.get_days();
        (days <= 1).then(|| Moment::day(i.start.date()))
    });
    // What happened long ago is told as of then.
    let past = time.filter(|t| past(reading, t, evidence).is_some()).and_then(|t| t.interval);
    let past = past.map(|i| Moment { granularity: Granularity::Year, ..Moment::day(i.start.date().first_of_year()) });
    match (told.or(past), published) {
        // A plan's day lies after the day it was told.
        (Some(told), Some(published)) if told.date() > published.date() => Some(published),
        (Some(told), _) => Some(told),
        (None, Some(p)) if p.granularity >= Granularity::Day => Some(p),
        _ => None,
    }
}

/// Actor and target: the mentions before and after the first verb, exchanged
/// in a passive with "by".
fn arguments(reading: &Reading, evidence: Span, part: &[Word]) -> (Option<Argument>, Option<Argument>) {
    let tokens = &reading.analysis.tokens;
    let Some(verb) = part.iter().find(|w| is_verb(w, tokens)) else { return (None, None) };
    let from = reading.analysis.mentions.partition_point(|m| m.span.start < evidence.start);
    let inside = || {
        reading.analysis.mentions[from..]
            .iter()
            .take_while(|m| m.span.start < evidence.end)
            .filter(|m| evidence.covers(m.span))
    };
    let argument = |m: &firsthand_model::Mention| Argument { span: m.span, entity: m.entity };
    let before = inside().rfind_before(verb.span.start).map(argument);
    let after = inside().find(|m| m.span.start >= verb.span.end);
    let by = after.is_some_and(|m| {
        part.iter()
            .rev()
            .find(|w| w.span.end <= m.span.start && !matches!(w.folded.as_str(), "the" | "a" | "an"))
            .is_some_and(|w| w.folded == "by")
    });
    let after = after.map(argument);
    if by { (after, before) } else { (before, after) }
}

trait RfindBefore<'a> {
    fn rfind_before(self, at: u32) -> Option<&'a firsthand_model::Mention>;
}

impl<'a, I: Iterator<Item = &'a firsthand_model::Mention>> RfindBefore<'a> for I {
    fn rfind_before(self, at: u32) -> Option<&'a firsthand_model::Mention> {
        self.take_while(|m| m.span.end <= at).last()
    }
}
