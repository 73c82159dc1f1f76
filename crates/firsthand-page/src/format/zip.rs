//! Zip archives, and WACZ web archives, which are zips of WARCs.

use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;

use super::limit::{Counted, Ratio};
use super::{Walk, is_asset};
use crate::Hints;

/// Entries looked at: an archive of more is cut, and says so.
const MOST: usize = 1_000_000;

pub(super) fn walk(walk: &mut Walk<'_, '_>, input: impl Read + Seek, hints: &Hints, depth: u8) {
    let mut archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(e) => return walk.skip(&hints.key, format!("zip: {e}")),
    };
    let name = |archive: &ZipArchive<_>, i: usize| -> Option<String> {
        archive.name_for_index(i).and_then(Result::ok).map(|n| n.into_owned())
    };
    let all = archive.len();
    let is_wacz = (0..all.min(MOST)).filter_map(|i| name(&archive, i)).any(|n| n == "datapackage.json")
        && (0..all.min(MOST)).filter_map(|i| name(&archive, i)).any(|n| n.starts_with("archive/"));
    for i in 0..all.min(MOST) {
        if walk.stopped {
            return;
        }
        let Some(entry) = name(&archive, i) else {
            walk.skip(&format!("{}!#{i}", hints.key), "zip: its name cannot be read");
            continue;
        };
        let hidden = entry.rsplit('/').next().is_some_and(|n| n.starts_with('.')) || entry.starts_with("__MACOSX/");
        // A WACZ keeps its pages in archive/; the rest are indexes of them.
        if entry.ends_with('/') || hidden || is_asset(&entry) || is_wacz && !entry.starts_with("archive/") {
            continue;
        }
        let key = format!("{}!{entry}", hints.key);
        match archive.by_index(i) {
            Ok(file) => {
                // Deflate packs at most about 1:1032, so that a small entry says nothing: the size counts.
                let counted = Counted::new(file);
                let packed = counted.count();
                let mut stream = BufReader::new(Ratio::new(counted, packed, u64::MAX));
                walk.stream(&mut stream, Hints { key, ..hints.clone() }, depth + 1);
            }
            Err(e) => walk.skip(&key, format!("zip: {e}")),
        }
    }
    if all > MOST {
        walk.skip(&hints.key, format!("zip: more than {MOST} entries: the rest is left out"));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::super::Options;
    use super::super::tests::{gzip, read};
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn pages_of_a_zip_and_of_a_zip_in_it() {
        let inner = zipped(&[("b.txt", b"Two.")]);
        let bytes = zipped(&[
            ("a.html", b"<p>One.</p>"),
            ("a_files/x.css", b"p{}"),
            ("in.zip", &inner),
            ("c.txt.gz", &gzip(b"Three.")),
        ]);
        let (pages, skips) = read(&bytes, "all.zip", &Options::default());
        let pages: Vec<_> = pages.iter().map(|(k, t)| (k.as_str(), t.as_str())).collect();
        assert_eq!(
            pages,
            [("all.zip!a.html", "<p>One.</p>"), ("all.zip!in.zip!b.txt", "Two."), ("all.zip!c.txt.gz", "Three.")]
        );
        assert!(skips.is_empty(), "{skips:?}");
    }

    #[test]
    fn a_bomb_in_a_zip_costs_only_itself() {
        let bytes = zipped(&[("bomb.txt", &vec![b'a'; 80 << 20]), ("good.txt", b"Good.")]);
        let (pages, skips) = read(&bytes, "z", &Options::default());
        assert_eq!(pages, [("z!good.txt".to_owned(), "Good.".to_owned())]);
        assert!(skips.len() == 1 && skips[0].1.contains("larger"), "{skips:?}");
    }

    #[test]
    fn a_ruined_zip_says_so() {
        let mut bytes = zipped(&[("a.txt", b"One.")]);
        bytes.truncate(bytes.len() - 10);
        let (pages, skips) = read(&bytes, "z.zip", &Options::default());
        assert!(pages.is_empty() && skips.len() == 1 && skips[0].1.starts_with("zip:"), "{skips:?}");
    }
}
