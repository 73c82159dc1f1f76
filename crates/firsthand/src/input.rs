//! Finding the files to read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file to read.
#[derive(Clone, Debug)]
pub(crate) struct InputFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Its path relative to what was given; what the ledger calls it.
    pub(crate) key: String,
}

/// A path that could not be looked into.
pub(crate) type Unreadable = (PathBuf, String);

/// Every file at or below the paths, in order of name; folders that lead back
/// into themselves are entered once, hidden files are left out. The ledger's
/// own files are not pages.
pub(crate) fn walk(paths: &[PathBuf], ledger: &Path) -> (Vec<InputFile>, Vec<Unreadable>) {
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    let own = ["", "-wal", "-shm", "-journal"].map(|ending| {
        let mut name = ledger.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    let own: BTreeSet<PathBuf> = own.iter().filter_map(|p| p.canonicalize().ok()).collect();
    for path in paths.iter().filter(|p| p.as_os_str() != "-") {
        if path.is_dir() {
            let mut entered = BTreeSet::new();
            folder(path, "", &mut entered, &mut files, &mut unreadable);
        } else {
            let key = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy());
            files.push(InputFile { path: path.clone(), key: key.into_owned() });
        }
    }
    if !own.is_empty() {
        files.retain(|f| f.path.canonicalize().map_or(true, |p| !own.contains(&p)));
    }
    (files, unreadable)
}

fn folder(
    at: &Path,
    prefix: &str,
    entered: &mut BTreeSet<PathBuf>,
    files: &mut Vec<InputFile>,
    unreadable: &mut Vec<Unreadable>,
) {
    match at.canonicalize() {
        Ok(real) => {
            if !entered.insert(real) {
                return unreadable.push((at.to_owned(), "a link back into a folder already read".to_owned()));
            }
        }
        Err(e) => return unreadable.push((at.to_owned(), e.to_string())),
    }
    let entries = match std::fs::read_dir(at) {
        Ok(entries) => entries,
        Err(e) => return unreadable.push((at.to_owned(), e.to_string())),
    };
    let mut names = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => names.push(entry.file_name()),
            // What the folder still gives is read.
            Err(e) => unreadable.push((at.to_owned(), e.to_string())),
        }
    }
    names.sort();
    for name in names {
        let shown = name.to_string_lossy();
        if shown.starts_with('.') {
            continue;
        }
        let path = at.join(&name);
        let key = if prefix.is_empty() { shown.into_owned() } else { format!("{prefix}/{shown}") };
        if path.is_dir() {
            folder(&path, &key, entered, files, unreadable);
        } else if path.is_file() {
            files.push(InputFile { path, key });
        } else if path.is_symlink() {
            unreadable.push((path, "a link that leads nowhere".to_owned()));
        }
    }
}
