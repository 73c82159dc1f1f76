/*!
Publication dates against gold: `firsthand eval dates --data FILE…`.

`day` counts as the public benchmarks of htmldate and WCXB do: a wrong day
lowers precision, only a missing one lowers recall. `accuracy` is the stricter
share of pages with the right day. `modified taken` counts pages where the
answer is wrong and equals what the page gives as its date of change.
*/

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use firsthand_page::Hints;
use serde::Deserialize;

use crate::{Options, Row, Scores, bytes, jsonl};

#[derive(Deserialize)]
struct Page {
    id: String,
    #[serde(default)]
    url: Option<String>,
    file: String,
    #[serde(default)]
    date: Option<String>,
}

/// Scores the files of `options`, all together.
pub(crate) fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut out = match &options.predictions {
        Some(path) => Some(std::fs::File::create(path).with_context(|| format!("writing {}", path.display()))?),
        None => None,
    };
    let (mut right, mut wrong, mut missing, mut modified, mut invented, mut none) = (0, 0, 0, 0, 0, 0);
    for path in &options.data {
        let folder = path.parent().unwrap_or(Path::new(""));
        for page in jsonl::<Page>(path)? {
            let original = bytes(&folder.join(&page.file))?;
            let hints = Hints { key: page.file.clone(), url: page.url.clone(), ..Hints::default() };
            let report = firsthand_page::read(&original, &hints).ok();
            let published = firsthand_page::published(&original, &hints);
            let day = published.as_ref().map(|p| p.value.date().to_string());
            let gold = page.date.as_deref().and_then(|d| d.get(..10));
            match (&day, gold) {
                (Some(day), Some(gold)) if day == gold => right += 1,
                (Some(day), Some(_)) => {
                    wrong += 1;
                    let changed = report.as_ref().and_then(|r| r.modified.as_ref()).map(|m| m.value.date().to_string());
                    modified += usize::from(changed.as_ref() == Some(day));
                }
                (None, Some(_)) => missing += 1,
                (Some(_), None) => invented += 1,
                (None, None) => none += 1,
            }
            if let Some(out) = &mut out {
                let line = serde_json::json!({
                    "id": page.id, "url": page.url, "file": page.file, "date": day,
                    "gold": gold, "how": published.as_ref().map(|p| p.how),
                });
                writeln!(out, "{line}")?;
            }
        }
    }
    let mut scores = Scores::default();
    let [hit, predicted, gold] = [right, right + wrong, right + missing].map(|n| n as f64);
    scores.rows.push(("day".to_owned(), Row::Counts { right: hit, predicted, found: hit, gold }));
    scores.share("accuracy", right, right + wrong + missing);
    scores.share("modified taken", modified, right + wrong + missing);
    scores.share("undated pages left undated", none, none + invented);
    Ok(scores)
}
