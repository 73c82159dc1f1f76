//! Attribution against gold: PolNeAR, GUM and the project's Wikinews set.
//!
//! The figures are those of the sources-cues-contents literature. Spans are
//! compared as sets of letters and digits after outer quotation marks and
//! `,.;:` are trimmed; Dice is `2|a∩b| / (|a|+|b|)`; matching is one-to-one,
//! best Dice first.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::Context;
use firsthand_attribution::learned::Model;
use firsthand_model::{Analysis, Attribution, AttributionClass, Block, BlockKind, Found, How, Report, Speaker};
use firsthand_span::{CodePoints, Span, fold_words};
use serde::{Deserialize, Serialize};

use crate::{Options, Scores, jsonl};

/// One annotated text.
#[derive(Debug, Deserialize)]
struct Doc {
    id: String,
    text: String,
    #[serde(default)]
    entities: Option<Vec<Entity>>,
    attributions: Vec<Gold>,
}

#[derive(Debug, Deserialize)]
struct Entity {
    id: String,
    name: String,
    mentions: Vec<[u32; 2]>,
}

#[derive(Debug, Deserialize)]
struct Gold {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    source: Vec<[u32; 2]>,
    #[serde(default)]
    cue: Vec<[u32; 2]>,
    content: Vec<[u32; 2]>,
    #[serde(alias = "type")]
    kind: Option<String>,
    #[serde(default)]
    class: Option<String>,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(alias = "nested_in", default)]
    parent: Option<String>,
    #[serde(default)]
    negated: Option<bool>,
    #[serde(default)]
    hedged: Option<bool>,
}

/// A prediction in the gold's own format.
#[derive(Debug, Serialize)]
struct Prediction<'a> {
    id: &'a str,
    attributions: Vec<PredictedRow>,
}

#[derive(Debug, Serialize)]
struct PredictedRow {
    source: Vec<[u32; 2]>,
    cue: Vec<[u32; 2]>,
    content: Vec<[u32; 2]>,
    kind: &'static str,
    class: &'static str,
    speaker: Option<String>,
    parent: Option<u32>,
    negated: bool,
    hedged: bool,
    confidence: f32,
    why: String,
}

/// Spans ready for comparison.
type Pieces = Vec<Span>;

const TRIM: &str = "\"“”‘’'`.,;:«»";

/// A report whose text is given as it stands: every line a block.
pub fn as_is(text: &str) -> Report {
    let mut report = Report { text: text.to_owned(), ..Report::default() };
    let mut at = 0;
    for line in text.split('\n') {
        let span = Span::new(at, at + line.len()).trim(text);
        if !span.is_empty() {
            report.blocks.push(Block { kind: BlockKind::Body, span });
        }
        at += line.len() + 1;
    }
    report.language = Some(Found::new("en".to_owned(), How::Given));
    report
}

/// Scores the attribution stage.
pub fn run(options: &Options) -> anyhow::Result<Scores> {
    run_with(Model::builtin(), options)
}

/// Scores the attribution stage with another model, or by rules alone.
pub fn run_with(model: Option<&Model>, options: &Options) -> anyhow::Result<Scores> {
    let mut tally = Tally::default();
    let mut out = match &options.predictions {
        Some(path) => Some(std::fs::File::create(path).with_context(|| format!("writing {}", path.display()))?),
        None => None,
    };
    for path in &options.data {
        let docs: Vec<Doc> = jsonl(path)?;
        for doc in &docs {
            let report = as_is(&doc.text);
            let mut analysis = firsthand_language::analyse(&report);
            let start = std::time::Instant::now();
            let mut found = firsthand_attribution::attribute_with(model, &report, &mut analysis);
            tally.seconds += start.elapsed().as_secs_f64();
            tally.tokens += analysis.tokens.len();
            if let Some(file) = &mut out {
                let row = prediction(doc, &analysis, &found);
                writeln!(file, "{}", serde_json::to_string(&row)?)?;
            }
            if doc.entities.is_some() {
                // Only PolNeAR and GUM know of intentions that nobody states.
                drop_intentions(&mut found);
            }
            tally.document(doc, &analysis, &found);
        }
    }
    Ok(tally.scores())
}

/// Leaves intentions out, with parents renumbered.
fn drop_intentions(found: &mut Vec<Attribution>) {
    let mut place = vec![None; found.len()];
    let mut kept = 0u32;
    for (slot, a) in place.iter_mut().zip(found.iter()) {
        if a.class != AttributionClass::Intention {
            *slot = Some(kept);
            kept += 1;
        }
    }
    found.retain(|a| a.class != AttributionClass::Intention);
    for a in found.iter_mut() {
        a.parent = a.parent.and_then(|p| place.get(p as usize).copied().flatten());
    }
}

fn prediction<'a>(doc: &'a Doc, analysis: &Analysis, found: &[Attribution]) -> Prediction<'a> {
    let points = CodePoints::new(&doc.text);
    let pairs = |spans: &[Span]| spans.iter().map(|s| points.span(*s)).map(|(a, b)| [a, b]).collect();
    let attributions = found
        .iter()
        .map(|a| PredictedRow {
            source: pairs(&a.source),
            cue: pairs(&a.cue),
            content: pairs(&a.content),
            kind: a.kind.as_str(),
            class: a.class.as_str(),
            speaker: a.speaker.entity().and_then(|e| analysis.entities.get(e as usize)).map(|e| e.name.clone()),
            parent: a.parent,
            negated: a.negated,
            hedged: a.hedged,
            confidence: a.confidence,
            why: a.why.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })
        .collect();
    Prediction { id: &doc.id, attributions }
}

/// Counts over all documents.
#[derive(Debug, Default)]
struct Tally {
    exact: [usize; 3],
    half: [usize; 3],
    cue: [usize; 3],
    source: [usize; 3],
    classes: BTreeMap<String, [usize; 2]>,
    kinds: BTreeMap<String, [usize; 3]>,
    plain_half: [usize; 2],
    plain_exact: [usize; 2],
    source_overlap: [usize; 2],
    kind: [usize; 2],
    negated: [usize; 2],
    hedged: [usize; 2],
    speaker: [usize; 2],
    speaker_named: [usize; 2],
    speaker_all: [usize; 2],
    nesting: [usize; 3],
    tokens: usize,
    seconds: f64,
}

fn hit(counts: &mut [usize; 2], yes: bool) {
    counts[0] += usize::from(yes);
    counts[1] += 1;
}

impl Tally {
    fn document(&mut self, doc: &Doc, analysis: &Analysis, found: &[Attribution]) {
        let text = doc.text.as_str();
        let points = CodePoints::new(text);
        let spans = |pairs: &[[u32; 2]]| normal(pairs.iter().map(|&[a, b]| points.bytes(a, b)), text);
        let gold: Vec<(&Gold, Pieces)> =
            doc.attributions.iter().map(|g| (g, spans(&g.content))).filter(|(_, c)| !c.is_empty()).collect();
        let found: Vec<(usize, &Attribution, Pieces)> = found
            .iter()
            .enumerate()
            .map(|(i, a)| (i, a, normal(a.content.iter().copied(), text)))
            .filter(|(_, _, c)| !c.is_empty())
            .collect();
        let golds: Vec<&Pieces> = gold.iter().map(|g| &g.1).collect();
        let ours: Vec<&Pieces> = found.iter().map(|f| &f.2).collect();
        count(&mut self.exact, same(&golds, &ours), found.len(), gold.len());
        let pairs = matches(&golds, &ours, text);
        count(&mut self.half, pairs.len(), found.len(), gold.len());
        let set = |items: Vec<Pieces>| items.into_iter().filter(|p| !p.is_empty()).collect::<BTreeSet<_>>();
        for (counts, of_gold, of_found) in [
            (
                &mut self.cue,
                set(gold.iter().map(|(g, _)| spans(&g.cue)).collect()),
                set(found.iter().map(|f| normal(f.1.cue.iter().copied(), text)).collect()),
            ),
            (
                &mut self.source,
                set(gold.iter().map(|(g, _)| spans(&g.source)).collect()),
                set(found.iter().map(|f| normal(f.1.source.iter().copied(), text)).collect()),
            ),
        ] {
            count(counts, of_gold.intersection(&of_found).count(), of_found.len(), of_gold.len());
        }
        let partner: BTreeMap<usize, usize> = pairs.into_iter().collect();
        let exact: BTreeSet<&Pieces> = ours.iter().copied().collect();
        let names =
            |id: &str| doc.entities.iter().flatten().find(|e| e.id == id).map(|e| entity_names(e, text, &points));
        for (i, (g, content)) in gold.iter().enumerate() {
            let p = partner.get(&i).and_then(|&j| found.get(j));
            if let Some(class) = &g.class {
                hit(self.classes.entry(class.clone()).or_default(), p.is_some());
            }
            if let Some(kind) = &g.kind {
                let counts = self.kinds.entry(kind.clone()).or_default();
                counts[0] += usize::from(p.is_some());
                counts[1] += usize::from(exact.contains(content));
                counts[2] += 1;
            }
            if plain(&g.cue.iter().map(|&[a, b]| points.bytes(a, b).of(text)).collect::<Vec<_>>().join(" ")) {
                hit(&mut self.plain_half, p.is_some());
                hit(&mut self.plain_exact, exact.contains(content));
            }
            let gold_names = g.speaker.as_deref().and_then(names);
            let our_names = p.map(|(_, a, _)| speaker_names(a, analysis, text)).unwrap_or_default();
            let right = gold_names.as_ref().is_some_and(|g| !g.all.is_disjoint(&our_names));
            if gold_names.is_some() {
                hit(&mut self.speaker_all, right);
            }
            let Some((_, a, _)) = p else { continue };
            if !g.source.is_empty() {
                let of_gold = letters(&spans(&g.source), text);
                let of_found = letters(&normal(a.source.iter().copied(), text), text);
                hit(&mut self.source_overlap, !of_gold.is_disjoint(&of_found));
            }
            if let Some(kind) = &g.kind {
                hit(&mut self.kind, kind == a.kind.as_str());
            }
            if let Some(negated) = g.negated {
                hit(&mut self.negated, negated == a.negated);
            }
            if let Some(hedged) = g.hedged {
                hit(&mut self.hedged, hedged == a.hedged);
            }
            if let Some(names) = gold_names {
                hit(&mut self.speaker, right);
                if !names.proper.is_empty() {
                    let ours =
                        a.speaker.entity().and_then(|e| analysis.entities.get(e as usize)).map(|e| fold_name(&e.name));
                    hit(&mut self.speaker_named, ours.is_some_and(|n| names.proper.contains(&n)));
                }
            }
        }
        self.nested(&gold, &found, &partner);
    }

    fn nested(
        &mut self,
        gold: &[(&Gold, Pieces)],
        found: &[(usize, &Attribution, Pieces)],
        partner: &BTreeMap<usize, usize>,
    ) {
        let place: BTreeMap<&str, usize> =
            gold.iter().enumerate().filter_map(|(i, (g, _))| g.id.as_deref().map(|id| (id, i))).collect();
        let links: Vec<(usize, usize)> = gold
            .iter()
            .enumerate()
            .filter_map(|(i, (g, _))| g.parent.as_deref().and_then(|p| place.get(p)).map(|&p| (i, p)))
            .collect();
        let ours: BTreeSet<(usize, usize)> =
            found.iter().filter_map(|(i, a, _)| a.parent.map(|p| (*i, p as usize))).collect();
        let at = |i: usize| partner.get(&i).and_then(|&j| found.get(j)).map(|f| f.0);
        let right = links
            .iter()
            .filter(|&&(c, p)| matches!((at(c), at(p)), (Some(c), Some(p)) if ours.contains(&(c, p))))
            .count();
        count(&mut self.nesting, right, ours.len(), links.len());
    }

    fn scores(&self) -> Scores {
        let mut scores = Scores::default();
        for (name, [right, predicted, gold]) in [
            ("content_exact", self.exact),
            ("content_partial50", self.half),
            ("cue_exact", self.cue),
            ("source_exact", self.source),
            ("nesting", self.nesting),
        ] {
            scores.counts(name, right, predicted, gold);
        }
        for (name, [yes, of]) in [
            ("plain_recall50", self.plain_half),
            ("plain_exact", self.plain_exact),
            ("source_overlap", self.source_overlap),
            ("kind", self.kind),
            ("negated", self.negated),
            ("hedged", self.hedged),
            ("speaker", self.speaker),
            ("speaker_named", self.speaker_named),
            ("speaker_all", self.speaker_all),
        ] {
            if of > 0 {
                scores.share(name, yes, of);
            }
        }
        for (kind, [half, exact, of]) in &self.kinds {
            scores.share(format!("recall50 {kind}"), *half, *of);
            scores.share(format!("recall exact {kind}"), *exact, *of);
        }
        for (class, [yes, of]) in &self.classes {
            scores.share(format!("recall50 class {class}"), *yes, *of);
        }
        scores.number("speed", self.tokens as f64 / self.seconds.max(1e-9), "tokens/s, attribution alone");
        scores
    }
}

fn count(counts: &mut [usize; 3], right: usize, predicted: usize, gold: usize) {
    counts[0] += right;
    counts[1] += predicted;
    counts[2] += gold;
}

/// Trimmed pieces in order; joined where only trimmed characters are between.
fn normal(spans: impl Iterator<Item = Span>, text: &str) -> Pieces {
    let drop = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n') || TRIM.contains(c);
    let mut pieces: Pieces = spans.map(|s| s.trim_matches(text, drop)).filter(|s| !s.is_empty()).collect();
    pieces.sort_unstable();
    let mut out: Pieces = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.last_mut() {
            Some(last) if text.get(last.end as usize..piece.start as usize).is_none_or(|gap| gap.chars().all(drop)) => {
                last.end = last.end.max(piece.end);
            }
            _ => out.push(piece),
        }
    }
    out
}

/// Bytes at which a letter or digit of the pieces stands.
fn letters(pieces: &Pieces, text: &str) -> BTreeSet<u32> {
    pieces
        .iter()
        .flat_map(|s| s.of(text).char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| s.start + at as u32))
        .collect()
}

/// Contents that are equal, each used once.
fn same(gold: &[&Pieces], ours: &[&Pieces]) -> usize {
    let mut free: BTreeMap<&Pieces, usize> = BTreeMap::new();
    for pieces in ours {
        *free.entry(pieces).or_default() += 1;
    }
    gold.iter()
        .filter(|pieces| match free.get_mut(**pieces) {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        })
        .count()
}

/// One-to-one pairs with Dice of at least one half, best first.
fn matches(gold: &[&Pieces], ours: &[&Pieces], text: &str) -> Vec<(usize, usize)> {
    let gold: Vec<BTreeSet<u32>> = gold.iter().map(|p| letters(p, text)).collect();
    let ours: Vec<BTreeSet<u32>> = ours.iter().map(|p| letters(p, text)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in ours.iter().enumerate() {
            let apart = g.last() < p.first() || p.last() < g.first();
            let both = if apart { 0 } else { g.intersection(p).count() };
            let dice = 2.0 * both as f64 / (g.len() + p.len()).max(1) as f64;
            if dice >= 0.5 {
                pairs.push((dice, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
    let (mut used_gold, mut used_ours) = (BTreeSet::new(), BTreeSet::new());
    pairs.retain(|&(_, i, j)| {
        !used_gold.contains(&i) && !used_ours.contains(&j) && used_gold.insert(i) && used_ours.insert(j)
    });
    pairs.into_iter().map(|(_, i, j)| (i, j)).collect()
}

/// A cue with a form of say, tell, add, write or tweet, or "according".
fn plain(cue: &str) -> bool {
    const FORMS: &str = " say says said saying tell tells told telling add adds added adding write writes wrote written writing \
                         tweet tweets tweeted tweeting according ";
    fold_words(cue).iter().flat_map(|w| w.split('\'')).any(|w| FORMS.contains(&format!(" {w} ")))
}

/// The names of a gold speaker, folded.
struct Names {
    all: BTreeSet<String>,
    proper: BTreeSet<String>,
}

const PRONOUNS: &str = " i me my mine we us our ours you your yours he him his she her hers it its they them their theirs this that these those who whom whose one himself herself itself themselves ourselves ";
const TITLES: &str = " mr mrs ms miss dr prof professor sir dame lord lady sister brother father reverend rev president vice prime minister secretary chancellor senator sen representative rep congressman congresswoman governor gov mayor chief rear general gen colonel col major maj captain capt lieutenant lt sergeant sgt admiral commander judge justice king queen prince princess pope spokesman spokeswoman spokesperson ";

fn fold_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0u32;
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let words = fold_words(&plain);
    let skip = words.iter().take_while(|w| TITLES.contains(&format!(" {w} "))).count();
    let rest = words.get(skip..).filter(|rest| !rest.is_empty()).unwrap_or(&words);
    rest.join(" ")
}

fn keep(name: String) -> Option<String> {
    (!name.is_empty() && !PRONOUNS.contains(&format!(" {name} "))).then_some(name)
}

fn entity_names(entity: &Entity, text: &str, points: &CodePoints<'_>) -> Names {
    let printed: Vec<&str> = std::iter::once(entity.name.as_str())
        .chain(entity.mentions.iter().map(|&[a, b]| points.bytes(a, b).of(text)))
        .collect();
    let all = printed.iter().filter_map(|n| keep(fold_name(n))).collect();
    let mut proper: BTreeSet<String> = printed
        .iter()
        .filter(|n| {
            let words: Vec<&str> = n
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| {
                    !w.is_empty()
                        && keep(w.to_lowercase()).is_some()
                        && !TITLES.contains(&format!(" {} ", w.to_lowercase()))
                })
                .collect();
            words.iter().any(|w| w.starts_with(char::is_uppercase))
                && words.iter().all(|w| w.chars().count() <= 3 || !w.starts_with(char::is_lowercase))
        })
        .map(|n| fold_name(n))
        .collect();
    if !proper.is_empty() {
        proper.insert(fold_name(&entity.name));
    }
    Names { all, proper }
}

/// Name and variants of the predicted speaker, folded, pronouns left out; the
/// words of the source where the text leaves the speaker open.
fn speaker_names(a: &Attribution, analysis: &Analysis, text: &str) -> BTreeSet<String> {
    let entity = a.speaker.entity().and_then(|e| analysis.entities.get(e as usize));
    let names =
        entity.into_iter().flat_map(|e| std::iter::once(e.name.as_str()).chain(e.variants.iter().map(String::as_str)));
    let open = a.source.iter().filter(|_| a.speaker == Speaker::Unidentified).map(|s| s.of(text));
    names.chain(open).filter_map(|n| keep(fold_name(n))).collect()
}
