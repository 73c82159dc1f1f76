//! Measures: NewsQuant sentences (values and bounds) and the project's own
//! annotated articles (spans, bounds, counted nouns, happenings, subsets).

use firsthand_measure::{Quantity, Role, figures};
use firsthand_model::{Approx, Block, BlockKind, Change, Found, How, Measure, Moment, Report};
use firsthand_span::{CodePoints, Span, fold};
use serde::Deserialize;
use serde_json::Value;

use crate::{Options, Scores, jsonl};

#[derive(Deserialize)]
struct Newsquant {
    text: String,
    quantities: Vec<Gold>,
}

#[derive(Deserialize)]
struct Gold {
    change: String,
    lo: f64,
    hi: f64,
}

#[derive(Deserialize)]
struct Article {
    text: String,
    published: Option<String>,
    measures: Vec<GoldMeasure>,
}

#[derive(Deserialize)]
struct GoldMeasure {
    id: String,
    span: (u32, u32),
    lower: Option<f64>,
    upper: Option<f64>,
    value: Option<f64>,
    unit: String,
    counted: Option<String>,
    what: Option<String>,
    subset_of: Option<String>,
}

/// A report of one text that is taken as it is: a block per line.
pub(crate) fn report(text: &str, published: Option<Moment>) -> Report {
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let span = Span::new(at, at + line.len()).trim(text);
        if !span.is_empty() {
            blocks.push(Block { kind: BlockKind::Body, span });
        }
        at += line.len() + 1;
    }
    Report {
        text: text.to_owned(),
        blocks,
        published: published.map(|at| Found::new(at, How::Given)),
        language: Some(Found::new("en".to_owned(), How::Given)),
        ..Report::default()
    }
}

/// A date, or a date with a clock time, as a moment.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let day = text.get(..10)?.parse().ok()?;
    let clock = text
        .get(10..)
        .and_then(|t| t.strip_prefix('T'))
        .and_then(|t| t.get(..5))
        .and_then(|t| t.parse::<jiff::civil::Time>().ok());
    Some(match clock {
        Some(clock) => Moment::clock(jiff::civil::Date::to_datetime(day, clock), None),
        None => Moment::day(day),
    })
}

/// Scores measures.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    let mut predictions = Vec::new();
    for path in &options.data {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let rows: Vec<Value> = jsonl(path)?;
        if rows.first().is_some_and(|r| r.get("quantities").is_some()) {
            newsquant(&rows, &name, &mut scores, &mut predictions)?;
        } else {
            articles(&rows, &name, &mut scores, &mut predictions)?;
        }
    }
    if let Some(path) = &options.predictions {
        let lines: Vec<String> = predictions.iter().map(Value::to_string).collect();
        std::fs::write(path, lines.join("\n") + "\n")?;
    }
    Ok(scores)
}

/// A quantity in the terms of NewsQuant: lowest and highest value, and one of
/// `= ~ > < up down`. It counts ages with a unit and "one of the ...", takes a share as a
/// number, and gives words without a number a range of one order.
fn as_newsquant(q: &Quantity, change: Option<Change>) -> Option<(f64, f64, &'static str)> {
    if matches!(q.role, Role::Loose | Role::Nobody | Role::Pronoun) {
        return None;
    }
    if q.role == Role::Age && q.unit == "1" {
        return None;
    }
    let share = if q.fraction && q.unit == "%" { 0.01 } else { 1.0 };
    let (lo, hi) = match (q.value, q.lower, q.upper, q.size) {
        (Some(v), ..) => (v * share, v * share),
        (None, Some(lo), Some(hi), _) => (lo.value, hi.value),
        (None, _, _, Some(size)) => (size, size * 10.0),
        _ => return None,
    };
    let mark = match (q.approx, change) {
        (Approx::About | Approx::Nearly, _) => "~",
        (Approx::Over | Approx::AtLeast, _) => ">",
        (Approx::LessThan | Approx::AtMost | Approx::UpTo, _) => "<",
        (_, Some(Change::RoseBy)) => "up",
        (_, Some(Change::FellBy)) => "down",
        _ => "=",
    };
    Some((lo, hi, mark))
}

fn newsquant(rows: &[Value], name: &str, scores: &mut Scores, predictions: &mut Vec<Value>) -> anyhow::Result<()> {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-5 * a.abs().max(1.0);
    let (mut value, mut bound, mut predicted, mut gold) = (0, 0, 0, 0);
    for row in rows {
        let item: Newsquant = serde_json::from_value(row.clone())?;
        let report = report(&item.text, None);
        let analysis = firsthand_language::analyse(&report);
        let found: Vec<(f64, f64, &str)> =
            figures(&report, &analysis).iter().filter_map(|f| as_newsquant(&f.quantity, f.change)).collect();
        predicted += found.len();
        gold += item.quantities.len();
        // One to one; pairs that agree on the bound too go first.
        let mut used = vec![false; found.len()];
        let mut left: Vec<&Gold> = Vec::new();
        for g in &item.quantities {
            let hit = found
                .iter()
                .enumerate()
                .find(|(i, f)| !used[*i] && near(f.0, g.lo) && near(f.1, g.hi) && f.2 == g.change);
            match hit {
                Some((i, _)) => {
                    used[i] = true;
                    value += 1;
                    bound += 1;
                }
                None => left.push(g),
            }
        }
        for g in left {
            if let Some((i, _)) =
                found.iter().enumerate().find(|(i, f)| !used[*i] && near(f.0, g.lo) && near(f.1, g.hi))
            {
                used[i] = true;
                value += 1;
            }
        }
        let quantities: Vec<Value> =
            found.iter().map(|(lo, hi, change)| serde_json::json!({"change": change, "lo": lo, "hi": hi})).collect();
        predictions.push(serde_json::json!({"id": row.get("id"), "text": item.text, "quantities": quantities}));
    }
    scores.counts(format!("{name} value"), value, predicted, gold);
    scores.counts(format!("{name} value+bound"), bound, predicted, gold);
    Ok(())
}

/// Last word, folded, without plural endings: enough to compare heads.
fn head(words: &str) -> String {
    let folded = fold(words);
    let first = folded.split(" of ").next().unwrap_or_default();
    let word = first.rsplit(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or_default();
    match word {
        "people" => "person".to_owned(),
        "men" => "man".to_owned(),
        "women" => "woman".to_owned(),
        "children" => "child".to_owned(),
        w if w.len() > 4 && w.ends_with("ies") => format!("{}y", &w[..w.len() - 3]),
        w if w.len() > 3 && w.ends_with('s') && !w.ends_with("ss") => w[..w.len() - 1].to_owned(),
        w => w.to_owned(),
    }
}

const CLASSES: [&str; 5] = ["killed", "injured", "missing", "arrested", "displaced"];

fn articles(rows: &[Value], name: &str, scores: &mut Scores, predictions: &mut Vec<Value>) -> anyhow::Result<()> {
    let [mut spans, mut bounds, mut predicted, mut gold] = [0; 4];
    let [mut values, mut units] = [(0, 0); 2];
    let [mut counted, mut what] = [(0, 0); 2];
    let [mut links, mut links_found, mut links_gold] = [0; 3];
    for row in rows {
        let article: Article = serde_json::from_value(row.clone())?;
        let report = report(&article.text, article.published.as_deref().and_then(moment));
        let reading = firsthand_pipeline::analyse(report);
        let codes = CodePoints::new(&article.text);
        let found: Vec<(&Measure, (u32, u32))> = reading.measures.iter().map(|m| (m, codes.span(m.span))).collect();
        let pairs = match_spans(
            &article.measures.iter().map(|g| g.span).collect::<Vec<_>>(),
            &found.iter().map(|f| f.1).collect::<Vec<_>>(),
        );
        predicted += found.len();
        gold += article.measures.len();
        spans += pairs.len();
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
            (a, b) => a == b,
        };
        let mut partner = vec![None; found.len()];
        for &(i, j) in &pairs {
            partner[j] = Some(i);
            let (g, p) = (&article.measures[i], found[j].0);
            let right = near(g.lower, p.lower.map(|b| b.value)) && near(g.upper, p.upper.map(|b| b.value));
            bounds += usize::from(right);
            values = (values.0 + usize::from(near(g.value, p.value)), values.1 + 1);
            units = (units.0 + usize::from(unit(&g.unit) == unit(&p.unit)), units.1 + 1);
            let mut notes = Vec::new();
            if !right {
                notes.push("bounds");
            }
            if g.counted.is_some() || p.counted.is_some() {
                let same = g.counted.as_deref().map(head) == p.counted.as_deref().map(head);
                counted = (counted.0 + usize::from(same), counted.1 + 1);
                if !same {
                    notes.push("counted");
                }
            }
            if let Some(g) = g.what.as_deref().filter(|w| CLASSES.contains(w)) {
                what = (what.0 + usize::from(p.what.as_deref() == Some(g)), what.1 + 1);
                if p.what.as_deref() != Some(g) {
                    notes.push("what");
                }
            }
            if !notes.is_empty() {
                predictions.push(serde_json::json!({"words": p.span.of(&article.text), "wrong": notes, "unit": p.unit,
                    "counted": [&g.counted, &p.counted], "what": [&g.what, &p.what], "lower": [g.lower, p.lower.map(|b| b.value)], "upper": [g.upper, p.upper.map(|b| b.value)]}));
            }
        }
        for (i, g) in article.measures.iter().enumerate().filter(|(i, _)| !pairs.iter().any(|p| p.0 == *i)) {
            predictions.push(serde_json::json!({"missed": &row["text"].as_str().map(|t| t.chars().skip((g.span.0 as usize).saturating_sub(30)).take(80).collect::<String>()), "i": i}));
        }
        for (j, f) in found.iter().enumerate().filter(|(j, _)| partner[*j].is_none()) {
            let at = f.0.span;
            predictions.push(serde_json::json!({"extra": Span::new((at.start as usize).saturating_sub(30), at.end as usize + 30).of(&article.text), "words": at.of(&article.text), "j": j}));
        }
        let gold_links: Vec<(usize, usize)> = article
            .measures
            .iter()
            .enumerate()
            .filter_map(|(i, g)| {
                let whole = g.subset_of.as_ref()?;
                article.measures.iter().position(|m| &m.id == whole).map(|w| (i, w))
            })
            .collect();
        let found_links: Vec<(Option<usize>, Option<usize>)> = found
            .iter()
            .enumerate()
            .filter_map(|(j, f)| f.0.subset_of.map(|w| (partner[j], partner.get(w as usize).copied().flatten())))
            .collect();
        links += gold_links.iter().filter(|(a, b)| found_links.contains(&(Some(*a), Some(*b)))).count();
        links_found += found_links.len();
        links_gold += gold_links.len();
    }
    scores.counts(format!("{name} span"), spans, predicted, gold);
    scores.counts(format!("{name} span_bounds"), bounds, predicted, gold);
    scores.share(format!("{name} value"), values.0, values.1);
    scores.share(format!("{name} unit"), units.0, units.1);
    scores.share(format!("{name} counted"), counted.0, counted.1);
    scores.share(format!("{name} what (five classes)"), what.0, what.1);
    scores.counts(format!("{name} subset_of"), links, links_found, links_gold);
    Ok(())
}

fn unit(code: &str) -> &str {
    match code {
        "second" => "s",
        "minute" => "min",
        "hour" => "h",
        "day" => "d",
        "week" => "wk",
        "month" => "mo",
        "year" => "a",
        "micrometer" => "um",
        other => other,
    }
}

/// One to one by overlap, larger Dice first, then earlier.
pub(crate) fn match_spans(gold: &[(u32, u32)], found: &[(u32, u32)]) -> Vec<(usize, usize)> {
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, f) in found.iter().enumerate() {
            let both = g.1.min(f.1).saturating_sub(g.0.max(f.0));
            if both > 0 {
                scored.push((2.0 * f64::from(both) / f64::from(g.1 - g.0 + f.1 - f.0), i, j));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut left, mut right) = (vec![false; gold.len()], vec![false; found.len()]);
    let mut pairs = Vec::new();
    for (_, i, j) in scored {
        if !left[i] && !right[j] {
            (left[i], right[j]) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs
}
