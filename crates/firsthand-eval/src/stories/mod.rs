/*!
Task `stories`: the whole pipeline on folders of saved pages whose truth is
known (`pages/`, `truth.json`).

Figures: claims found, their evidence, bounds and polarity; clusters; origins;
corroboration beside three simple counts on the same clusters; contradictions.
Predictions: one export folder per story, with the files of an export that
these figures need.
*/

mod export;
mod place;
mod score;

use std::path::{Path, PathBuf};

use anyhow::Context;
use firsthand_model::{Comparison, Reading, ReportId};
use firsthand_page::Hints;

use crate::{Options, Scores};

/// A story folder, read and compared.
pub(crate) struct Story {
    /// File name, id and reading of each page.
    pub(crate) pages: Vec<(String, ReportId, Reading)>,
    /// What they say together.
    pub(crate) comparison: Comparison,
}

/// Runs the task. Data: story folders, or a folder that holds such folders.
pub fn run(options: &Options) -> anyhow::Result<Scores> {
    let mut tally = score::Tally::default();
    for folder in folders(&options.data)? {
        let truth: score::Truth = serde_json::from_slice(&crate::bytes(&folder.join("truth.json"))?)
            .with_context(|| format!("reading the truth of {}", folder.display()))?;
        let story = read(&folder)?;
        score::score(&truth, &story, &mut tally);
        if let Some(out) = &options.predictions {
            export::write(&out.join(folder.file_name().unwrap_or_default()), &story)?;
        }
    }
    Ok(tally.scores())
}

fn folders(data: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in data {
        if path.join("truth.json").exists() {
            out.push(path.clone());
            continue;
        }
        let inside = std::fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
        for entry in inside {
            let entry = entry?.path();
            if entry.join("truth.json").exists() {
                out.push(entry);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// Reads the pages of a story and compares them.
fn read(folder: &Path) -> anyhow::Result<Story> {
    let pages = folder.join("pages");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&pages)
        .with_context(|| format!("reading {}", pages.display()))?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut out = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let key = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let hints = Hints { key: key.clone(), ..Hints::default() };
        let Ok(reading) = firsthand_pipeline::read(&crate::bytes(file)?, &hints) else { continue };
        let b = (n as u64 + 1).to_be_bytes();
        out.push((key, ReportId([b[2], b[3], b[4], b[5], b[6], b[7]]), firsthand_pipeline::digest(reading)));
    }
    let readings: Vec<(ReportId, &Reading)> = out.iter().map(|(_, id, r)| (*id, r)).collect();
    let comparison = firsthand_pipeline::compare(&readings);
    Ok(Story { pages: out, comparison })
}
