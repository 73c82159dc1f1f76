//! Places with given spans: the share whose coordinates lie within 161 km
//! (100 miles) of the gold; a name without coordinates counts as wrong. A
//! country answered for that country is right wherever its middle is put.

use firsthand_measure::{Gazetteer, resolve_places, row_of_dump};
use firsthand_span::{CodePoints, Span, fold};
use serde::Deserialize;
use serde_json::json;

use crate::measures::report;
use crate::{Options, Scores, jsonl, text};

#[derive(Deserialize)]
struct Document {
    id: String,
    text: String,
    places: Vec<Toponym>,
}

#[derive(Deserialize)]
struct Toponym {
    start: u32,
    end: u32,
    text: String,
    lat: Option<f64>,
    lon: Option<f64>,
    fcode: Option<String>,
    country: Option<String>,
    page: Option<String>,
}

/// Kilometres between two points on a sphere of the earth's mean radius.
fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let (dx, dy) = ((b.1 - a.1).to_radians(), lb - la);
    let h = (dy / 2.0).sin().powi(2) + la.cos() * lb.cos() * (dx / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

impl Toponym {
    /// The country's name, where the gold is a country.
    fn whole_country(&self) -> Option<String> {
        if self.fcode.as_deref().is_some_and(|f| f.starts_with("PCL")) {
            return self.country.as_deref().map(fold);
        }
        self.page.as_deref().and_then(|p| p.rsplit('/').next()).map(|p| fold(&p.replace('_', " ")))
    }
}

/// Scores places. A file of `lat,lon,name,admin1,admin2,cc` rows among the
/// data is imported into the gazetteer first.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut scores = Scores::default();
    let mut lines = Vec::new();
    let mut gazetteer = Gazetteer::built_in().clone();
    for path in options.data.iter().filter(|p| p.to_string_lossy().contains(".csv")) {
        let rows: Vec<String> = text(path)?.lines().filter_map(row_of_dump).collect();
        gazetteer = gazetteer.with_rows(&rows.join("\n"));
    }
    for path in options.data.iter().filter(|p| !p.to_string_lossy().contains(".csv")) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let [mut near, mut known, mut all] = [0; 3];
        for document in jsonl::<Document>(path)? {
            let report = report(&document.text, None);
            let codes = CodePoints::new(&document.text);
            let mut wanted: Vec<(Span, &Toponym)> =
                document.places.iter().filter(|p| p.lat.is_some()).map(|p| (codes.bytes(p.start, p.end), p)).collect();
            wanted.sort_by_key(|(s, _)| *s);
            let spans: Vec<Span> = wanted.iter().map(|(s, _)| *s).collect();
            let found = resolve_places(&report, &spans, &gazetteer);
            for ((_, gold), place) in wanted.iter().zip(&found) {
                let (Some(lat), Some(lon)) = (gold.lat, gold.lon) else { continue };
                all += 1;
                known += usize::from(place.at.is_some());
                let is_country = place.why.iter().any(|r| r.rule == "country" || r.rule == "demonym");
                let right = place.at.is_some_and(|at| distance(at, (lat, lon)) <= 161.0)
                    || is_country && gold.whole_country().is_some_and(|c| same_country(&c, place, &gazetteer));
                near += usize::from(right);
                if !right {
                    lines.push(json!({"id": document.id, "text": gold.text, "gold": [lat, lon], "country": gold.country, "fcode": gold.fcode, "found": place.name, "at": place.at, "in": place.country}));
                }
            }
        }
        scores.share(format!("{name} A@161"), near, all);
        scores.share(format!("{name} coverage"), known, all);
    }
    if let Some(path) = &options.predictions {
        let lines: Vec<String> = lines.iter().map(serde_json::Value::to_string).collect();
        std::fs::write(path, lines.join("\n") + "\n")?;
    }
    Ok(scores)
}

/// Whether a gold country's name is one of the country found.
fn same_country(gold: &str, place: &firsthand_model::Place, gazetteer: &Gazetteer) -> bool {
    gazetteer
        .find(gold)
        .any(|e| e.kind == firsthand_measure::PlaceKind::Country && Some(&*e.country) == place.country.as_deref())
}
