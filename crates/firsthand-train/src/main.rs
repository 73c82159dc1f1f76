/*!
Rebuilds the weight files: `firsthand-train --data DIR [MODEL…]`.

Each model is a module with `train(&Options)`, listed in [`MODELS`]; without
names all are rebuilt, in that order. Every run of a model gives the same
file, bit for bit: orders are fixed or drawn from [`rng::Rng`] with a fixed
seed, and nothing depends on hash order or threads.
*/

mod attribution;
mod classes;
mod conllu;
mod coref;
mod corpus;
mod names;
mod rng;
mod syntax;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// What a model is trained with.
pub(crate) struct Options {
    /// The folder of corpora.
    pub(crate) data: PathBuf,
    /// The workspace: weight files go into its crates' `models` folders.
    pub(crate) root: PathBuf,
}

impl Options {
    /// A corpus file.
    pub(crate) fn corpus(&self, path: &str) -> PathBuf {
        self.data.join(path)
    }

    /// Writes a weight file of a crate and says how large it is.
    pub(crate) fn write(&self, krate: &str, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.root.join("crates").join(krate).join("models").join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        eprintln!("{}: {} bytes", path.display(), bytes.len());
        Ok(())
    }
}

/// A model: its name on the command line and what trains it.
type Model = (&'static str, fn(&Options) -> anyhow::Result<()>);

/// Every model, in order: later ones may lean on earlier ones.
const MODELS: &[Model] =
    &[("syntax", syntax::train), ("names", names::train), ("coref", coref::train), ("attribution", attribution::train)];

fn main() -> anyhow::Result<()> {
    let mut data = None;
    let mut root = PathBuf::from(".");
    let mut wanted = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--data" => data = args.next().map(PathBuf::from),
            "--root" => root = args.next().map(PathBuf::from).context("--root wants a folder")?,
            name if MODELS.iter().any(|(model, _)| *model == name) => wanted.push(arg),
            other => bail!("no model {other}; there are: {}", MODELS.iter().map(|m| m.0).collect::<Vec<_>>().join(" ")),
        }
    }
    let options = Options { data: data.context("--data DIR is needed")?, root };
    for (name, train) in MODELS {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            train(&options).with_context(|| format!("training {name}"))?;
        }
    }
    Ok(())
}
