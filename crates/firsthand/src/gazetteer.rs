//! `firsthand gazetteer`: places that a user adds to the built-in ones.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, bail};
use firsthand_ledger::Ledger;

use crate::args::GazetteerCommand;
use crate::{ALL_WELL, output};

/// Longest line of a dump that is looked at, in bytes.
const LONGEST: u64 = 64 << 10;
/// Most places that are taken: all towns of the world are two hundred thousand.
const MOST: usize = 2_000_000;

pub(crate) fn run(command: &GazetteerCommand) -> anyhow::Result<u8> {
    let mut out = output::stdout();
    match command {
        GazetteerCommand::Import { file, ledger } => {
            let rows = rows(file).with_context(|| file.display().to_string())?;
            if rows.is_empty() {
                bail!("{}: no line is a place of a GeoNames dump", file.display());
            }
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            Ledger::open(&ledger.ledger)?.import_gazetteer(&name, &rows.join("\n"))?;
            writeln!(out, "{} places taken from {name}; the next `firsthand read` uses them.", rows.len())?;
        }
        GazetteerCommand::Show { ledger } => {
            writeln!(out, "built in: {} places (Natural Earth and tables of the project)", built_in())?;
            if let Some(g) = Ledger::open_read_only(&ledger.ledger)?.gazetteer()? {
                writeln!(out, "imported: {} places from {}, BLAKE3 {}", g.places, g.name, g.blake3)?;
                writeln!(
                    out,
                    "GeoNames data are under CC BY 4.0: name GeoNames where you publish coordinates from them."
                )?;
            }
        }
        GazetteerCommand::Remove { ledger } => {
            drop(Ledger::open_read_only(&ledger.ledger)?);
            let removed = Ledger::open(&ledger.ledger)?.remove_gazetteer()?;
            writeln!(out, "{}", if removed { "removed" } else { "none was imported" })?;
        }
    }
    out.flush()?;
    Ok(ALL_WELL)
}

fn built_in() -> usize {
    firsthand_pipeline::Gazetteer::built_in().len()
}

/// The places of a dump: plain, gzipped, or the text files of a zip archive.
fn rows(path: &Path) -> anyhow::Result<Vec<String>> {
    let mut file = File::open(path)?;
    let mut magic = [0; 4];
    let n = file.read(&mut magic)?;
    file.rewind()?;
    let mut out = Vec::new();
    match &magic[..n] {
        [0x1f, 0x8b, ..] => take(BufReader::new(flate2::read::MultiGzDecoder::new(file)), &mut out)?,
        [b'P', b'K', ..] => {
            let mut archive = zip::ZipArchive::new(file)?;
            for i in 0..archive.len() {
                let member = archive.by_index(i)?;
                let readme = member.name().is_ok_and(|n| n.to_lowercase().contains("readme"));
                if member.is_file() && !readme {
                    take(BufReader::new(member), &mut out)?;
                }
            }
        }
        _ => take(BufReader::new(file), &mut out)?,
    }
    Ok(out)
}

/// Takes the places of a dump, line by line.
fn take(mut lines: impl BufRead, out: &mut Vec<String>) -> anyhow::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if let Some(row) = firsthand_pipeline::row_of_dump(&String::from_utf8_lossy(&line)) {
            if out.len() == MOST {
                bail!("more than {MOST} places: take a dump of towns, such as cities500");
            }
            out.push(row);
        }
    }
}
