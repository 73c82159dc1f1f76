/*!
Scores each stage against gold data: `firsthand eval TASK --data FILE…`.

One module per task; each exposes `run(&Options) -> anyhow::Result<Scores>`
and is listed in [`TASKS`]. Predictions, where asked for, are written in the
gold's own format so that others can score them too.
*/

pub mod attribution;
mod coreference;
mod data;
mod dates;
mod extract;
mod matching;
mod measures;
mod names;
mod parse;
mod places;
mod reuse;
mod scores;
mod speed;
pub mod stories;
mod times;

pub use data::{bytes, jsonl, text};
pub use scores::{Row, Scores};

use std::path::PathBuf;

/// What a task is given.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Gold files (`.gz` read as what it holds).
    pub data: Vec<PathBuf>,
    /// Where predictions are written, if wanted.
    pub predictions: Option<PathBuf>,
}

/// A task: its name on the command line and what runs it.
pub type Task = (&'static str, fn(&Options) -> anyhow::Result<Scores>);

/// Every task, by name.
pub const TASKS: &[Task] = &[
    ("attribution", attribution::run), //
    ("coreference", coreference::run),
    ("dates", dates::run),
    ("extract", extract::run),
    ("matching", matching::run),
    ("measures", measures::run),
    ("names", names::run),
    ("parse", parse::run),
    ("places", places::run),
    ("reuse", reuse::run),
    ("speed", speed::run),
    ("stories", stories::run),
    ("times", times::run),
];
