//! A scratch folder and the program run in it.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A scratch folder.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Desk { dir: tempfile::tempdir().expect("a scratch folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("has a parent")).expect("folders");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// Runs `firsthand` with these arguments in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().expect("the program runs");
        Run::from(output)
    }

    /// The command, not yet run.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_firsthand"));
        command.args(args).current_dir(self.dir.path()).env("COLUMNS", "100").env_remove("RUST_LOG");
        command
    }

    /// Runs and expects success.
    pub(crate) fn ok(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
        run
    }

    /// Reads rows of `id`, `text`, `date` and `outlet`, the text as it is.
    pub(crate) fn read_rows(&self, file: &str, rows: &[String]) {
        self.write(file, rows.join("\n"));
        let columns = ["--id", "id", "--text", "text", "--date", "date", "--outlet", "outlet"];
        let read = ["read", "--quiet", "--format", "jsonl", "--as-is"];
        self.ok(&[&read[..], &columns[..], &[file]].concat());
    }

    /// The files of an export, by name.
    pub(crate) fn export(&self, ledger: &str) -> Vec<(String, Vec<u8>)> {
        let out = format!("{ledger}-export");
        self.ok(&["export", "--ledger", ledger, "--out", &out]);
        let mut files: Vec<_> = std::fs::read_dir(self.path(&out))
            .expect("the export")
            .map(|e| e.expect("an entry").path())
            .map(|p| {
                (p.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&p).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 messages"),
        }
    }
}

/// The example story of this repository.
pub(crate) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/orsava")
}

/// A small page of its own wording.
pub(crate) fn page(n: usize) -> String {
    let dead = n % 90 + 2;
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Landslide number {n} in Upper Karst</title>\
         <meta property=\"article:published_time\" content=\"2024-05-{:02}T08:00:00Z\"></head><body><article>\
         <h1>Landslide number {n} in Upper Karst</h1>\
         <p>At least {dead} people were killed when slope {n} above the village of Karst gave way on Monday, the \
         district office said.</p>\
         <p>\"We had warned the owners of slope {n} for years,\" said Tilda Marn, who leads rescue team {n}.</p>\
         </article></body></html>",
        n % 28 + 1
    )
}
