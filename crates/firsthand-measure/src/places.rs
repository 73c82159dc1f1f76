//! Places of a report: which names stand for places, and which place each.
//!
//! A name is judged with the whole article: countries and divisions that it
//! names, a "City, Division" pattern, its dateline; then by what the place is
//! and how many live there. What the gazetteer lacks stays a name.

use std::collections::BTreeMap;

use firsthand_model::{Analysis, EntityKind, MentionKind, Place, Reason, Report, Upos};
use firsthand_span::Span;

use crate::gazetteer::{Entry, Gazetteer, PlaceKind, key};

/// The places a report names, in order of their spans.
pub fn places(report: &Report, analysis: &Analysis) -> Vec<Place> {
    places_in(report, analysis, Gazetteer::built_in())
}

/// The same with another gazetteer.
pub fn places_in(report: &Report, analysis: &Analysis, gazetteer: &Gazetteer) -> Vec<Place> {
    let spans = candidates(report, analysis, gazetteer);
    let mut found = resolve_places(report, &spans, gazetteer);
    found.retain(|p| p.why.first().is_none_or(|r| r.rule != "demonym"));
    found
}

/// Names that stand for places: mentions of that kind, and capitalised words
/// that the gazetteer knows where no other mention stands.
fn candidates(report: &Report, analysis: &Analysis, gazetteer: &Gazetteer) -> Vec<Span> {
    let text = report.text.as_str();
    let mut spans: Vec<Span> = Vec::new();
    let mut taken: Vec<Span> = Vec::new();
    for m in analysis.mentions.iter().filter(|m| m.kind == MentionKind::Name) {
        taken.push(m.span);
        if matches!(m.entity_kind, Some(EntityKind::Gpe | EntityKind::Location)) {
            spans.push(m.span);
        }
    }
    taken.sort_unstable();
    let tokens = &analysis.tokens;
    let capital = |i: usize| tokens.word(i, text).starts_with(char::is_uppercase);
    for sentence in &analysis.sentences {
        let (first, end) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let mut i = first;
        while i < end {
            if !capital(i) {
                i += 1;
                continue;
            }
            let run = (i..end)
                .take_while(|&k| {
                    capital(k)
                        || k > i && matches!(tokens.word(k, text), "of" | "-" | "and") && k + 1 < end && capital(k + 1)
                })
                .count();
            let (mut at, stop) = (i, i + run);
            while at < stop {
                let longest = (1..=(stop - at).min(gazetteer.longest().min(5))).rev().find_map(|n| {
                    let span = tokens.spans.get(at)?.cover(*tokens.spans.get(at + n - 1)?);
                    let known = gazetteer
                        .find(span.of(text))
                        .any(|e| e.kind != PlaceKind::Demonym && (e.population > 20_000 || e.kind != PlaceKind::City));
                    known.then_some((n, span))
                });
                let Some((n, span)) = longest else {
                    at += 1;
                    continue;
                };
                // A part of a longer capitalised run is a part of some other name, unless all of it is known.
                let alone = n == run
                    || at > i && matches!(tokens.word(at - 1, text), "and" | "of")
                    || at + n < stop && tokens.word(at + n, text) == "and";
                let proper = matches!(tokens.upos.get(at), Some(Upos::Propn | Upos::X | Upos::Noun));
                let i_taken = taken.partition_point(|t| t.end <= span.start);
                let free = taken.get(i_taken).is_none_or(|t| !t.overlaps(span));
                if alone && proper && free && span.len() > 2
                    || alone && free && matches!(span.of(text), "US" | "UK" | "U.S." | "U.K.")
                {
                    spans.push(span);
                }
                at += n;
            }
            i = stop.max(i + 1);
        }
    }
    spans.sort_unstable();
    spans.dedup();
    // Of overlapping ones the first, longest stays.
    let mut out: Vec<Span> = Vec::new();
    for s in spans {
        match out.last_mut() {
            Some(last) if last.overlaps(s) => {
                if s.len() > last.len() {
                    *last = s;
                }
            }
            _ => out.push(s),
        }
    }
    out
}

/// What the article as a whole says of where it plays.
#[derive(Default)]
struct Article {
    countries: BTreeMap<String, f64>,
    divisions: BTreeMap<(String, String), f64>,
}

/// Says which place each of `spans` (ascending, not overlapping) stands for.
pub fn resolve_places(report: &Report, spans: &[Span], gazetteer: &Gazetteer) -> Vec<Place> {
    let text = report.text.as_str();
    let names: Vec<(Span, Vec<&Entry>)> = spans.iter().map(|s| (*s, entries(s.of(text), gazetteer))).collect();
    let mut article = Article::default();
    // The dateline says where the report was written.
    if let Some(line) = &report.dateline {
        for part in line.value.place.split(',') {
            for e in entries(part.trim(), gazetteer).iter().take(1) {
                *article.countries.entry(e.country.to_string()).or_default() += 1.5;
            }
        }
    }
    for (_, found) in &names {
        // Countries, nationalities and names of one place only speak for where the article plays.
        let country = found.iter().find(|e| matches!(e.kind, PlaceKind::Country | PlaceKind::Demonym));
        let division = found.iter().find(|e| e.kind == PlaceKind::Division);
        let same = |a: &Entry| found.iter().all(|e| e.country == a.country);
        match (country, division) {
            (Some(c), None) if !c.country.is_empty() => {
                *article.countries.entry(c.country.to_string()).or_default() += 1.0
            }
            (None, Some(d)) if same(d) => {
                *article.countries.entry(d.country.to_string()).or_default() += 0.7;
                *article.divisions.entry((d.country.to_string(), d.division.to_string())).or_default() += 1.0;
            }
            _ => {
                if let Some(first) = found.first().filter(|f| same(f) && found.len() <= 2 && !f.country.is_empty()) {
                    *article.countries.entry(first.country.to_string()).or_default() += 0.5;
                    *article.divisions.entry((first.country.to_string(), first.division.to_string())).or_default() +=
                        0.3;
                }
            }
        }
    }
    // A first choice of all places weighs in the second: towns of one state pull each other there.
    let mut chosen: Vec<Option<&Entry>> = Vec::new();
    for round in 0..2 {
        let mut following: Vec<Option<&Entry>> = (0..names.len()).map(|i| enclosing(text, &names, i)).collect();
        // One article means one place by a name: where it once says which, it means so throughout.
        let mut said: BTreeMap<String, &Entry> = BTreeMap::new();
        for ((s, _), around) in names.iter().zip(&following) {
            if let Some(around) = around {
                said.entry(key(s.of(text))).or_insert(around);
            }
        }
        for ((s, own), around) in names.iter().zip(&mut following) {
            if around.is_none() && !own.iter().any(|e| matches!(e.kind, PlaceKind::Country | PlaceKind::Division)) {
                *around = said.get(&key(s.of(text))).copied();
            }
        }
        chosen = names
            .iter()
            .zip(&following)
            .map(|((s, found), around)| choose(s.of(text), found, *around, &article))
            .collect();
        if round == 0 {
            let mut seen: BTreeMap<String, ()> = BTreeMap::new();
            for ((s, _), e) in names.iter().zip(&chosen) {
                if let Some(e) = e.filter(|e| e.kind == PlaceKind::City && seen.insert(key(s.of(text)), ()).is_none()) {
                    *article.divisions.entry((e.country.to_string(), e.division.to_string())).or_default() += 0.25;
                    *article.countries.entry(e.country.to_string()).or_default() += 0.15;
                }
            }
        }
    }
    names
        .iter()
        .zip(chosen)
        .enumerate()
        .map(|(i, ((span, found), entry))| match entry {
            Some(e) => {
                let rule = match e.kind {
                    PlaceKind::Demonym => "demonym",
                    PlaceKind::Country => "country",
                    _ if found.len() == 1 => "only-place-of-the-name",
                    _ => "best-fit-in-article",
                };
                Place {
                    span: *span,
                    name: e.name.to_string(),
                    country: some(&e.country),
                    admin: some(&e.division),
                    at: Some((f64::from(e.lat), f64::from(e.lon))),
                    geonames: e.geonames.map(u64::from),
                    why: vec![Reason::new(rule, format!("of {} known", found.len()))],
                }
            }
            None => {
                // "Port Essel, Velmora": the country is known though the town is not.
                let around = enclosing(text, &names, i);
                Place {
                    span: *span,
                    name: span.of(text).to_owned(),
                    country: around.and_then(|e| some(&e.country)),
                    admin: around.and_then(|e| some(&e.division)),
                    at: None,
                    geonames: None,
                    why: vec![Reason::rule("not-in-gazetteer")],
                }
            }
        })
        .collect()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The entries of a name, also without "County", "City of" and the like.
fn entries<'g>(name: &str, gazetteer: &'g Gazetteer) -> Vec<&'g Entry> {
    let folded = key(name);
    let found: Vec<&Entry> = gazetteer.find_folded(&folded).collect();
    if !found.is_empty() {
        return found;
    }
    for tail in [
        " province",
        " governorate",
        " state",
        " region",
        " prefecture",
        " oblast",
        " city",
        " island",
        " islands",
        " district",
        " county",
        " parish",
        "'s",
    ] {
        if let Some(short) = folded.strip_suffix(tail) {
            return gazetteer
                .find_folded(short)
                .filter(|e| e.kind != PlaceKind::Demonym && !(tail == " county" && e.kind == PlaceKind::Country))
                .collect();
        }
    }
    for head in [
        "city of ",
        "province of ",
        "state of ",
        "northern ",
        "southern ",
        "eastern ",
        "western ",
        "central ",
        "county ",
        "downtown ",
        "upstate ",
        "greater ",
    ] {
        if let Some(short) = folded.strip_prefix(head) {
            return gazetteer.find_folded(short).filter(|e| e.kind != PlaceKind::Demonym).collect();
        }
    }
    Vec::new()
}

/// The division or country that follows a name after a comma or in brackets:
/// "Springfield, Ohio", "Springfield (Ohio)".
fn enclosing<'g>(text: &str, names: &[(Span, Vec<&'g Entry>)], i: usize) -> Option<&'g Entry> {
    let (span, _) = names.get(i)?;
    let (next, found) = names.get(i + 1)?;
    let gap = text.get(span.end as usize..next.start as usize)?;
    if !matches!(gap.trim_start(), "," | ", " | "(" | ", in " | "in ") && gap.trim() != "," {
        return None;
    }
    // In a list of countries or of divisions none lies in the next.
    let mine = names.get(i).map(|(_, own)| own.as_slice()).unwrap_or_default();
    let has = |list: &[&Entry], kind| list.iter().any(|e| e.kind == kind);
    if has(mine, PlaceKind::Country)
        || has(mine, PlaceKind::Division) && !has(mine, PlaceKind::City) && !has(found, PlaceKind::Country)
    {
        return None;
    }
    let best = |kind| found.iter().find(|e| e.kind == kind).copied();
    // "Atlanta, Georgia": a division and a country may share the name; the town decides.
    let own = names.get(i).map(|(_, own)| own.as_slice()).unwrap_or_default();
    let division = found
        .iter()
        .filter(|e| e.kind == PlaceKind::Division)
        .find(|d| own.iter().any(|o| o.country == d.country && o.division == d.division))
        .copied();
    division.or_else(|| best(PlaceKind::Country)).or_else(|| best(PlaceKind::Division))
}

fn choose<'g>(name: &str, found: &[&'g Entry], around: Option<&Entry>, article: &Article) -> Option<&'g Entry> {
    let total: f64 = article.countries.values().sum::<f64>().max(1.0);
    let score = |e: &Entry| {
        let mut s = match e.kind {
            PlaceKind::Country => 9.0,
            PlaceKind::Demonym => 8.0,
            PlaceKind::Region => 7.0,
            PlaceKind::Division => 6.2,
            PlaceKind::City => 0.0,
        };
        if e.kind == PlaceKind::City {
            s += f64::from(e.population.max(500)).log10();
        }
        // "Washington" and "New York" alone are the cities; capitals outdo their provinces.
        if e.kind == PlaceKind::Division
            && found.iter().any(|o| {
                o.kind == PlaceKind::City
                    && o.country == e.country
                    && o.population > 200_000
                    && (o.division == e.division || &*o.name == "Washington, D.C.")
            })
        {
            s -= 1.5;
        }
        if let Some(a) = around {
            let inside = e.country == a.country
                && (a.kind == PlaceKind::Country || a.division.is_empty() || e.division == a.division);
            if inside && !std::ptr::eq(e, a) {
                s += 8.0;
            }
        }
        let share = article.countries.get(&*e.country).copied().unwrap_or(0.0);
        s += 2.5 * (share / total).min(1.0) + if share > 0.0 { 0.6 } else { 0.0 };
        let here = article.divisions.get(&(e.country.to_string(), e.division.to_string())).copied().unwrap_or(0.0);
        if !e.division.is_empty() && e.kind == PlaceKind::City {
            s += 2.2 * here.min(1.5);
        } else if e.kind == PlaceKind::Division
            && e.country.as_ref() == "US"
            && found.iter().any(|o| o.kind == PlaceKind::Country)
        {
            // "Georgia": the state, where the article plays in its country.
            s += 2.0 * (share / total).min(1.0) + 0.8 * (here - 1.0).clamp(0.0, 3.0);
        }
        s
    };
    // With "City, Country" the place must lie there; another of the name would be a guess.
    let inside = |e: &&&Entry| {
        around.is_none_or(|a| {
            a.country.is_empty()
                || e.country == a.country
                    && (a.kind != PlaceKind::Division
                        || a.division.is_empty()
                        || e.division == a.division
                        || a.name == e.name)
        })
    };
    let best =
        found.iter().filter(inside).map(|e| (score(e), *e)).fold(None::<(f64, &Entry)>, |best, (s, e)| match best {
            Some((b, _)) if b >= s => best,
            _ => Some((s, e)),
        });
    let _ = name;
    best.map(|(_, e)| e)
}
