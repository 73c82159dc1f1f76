//! Reads lines of kind, name, name, 0 or 1 (tab-separated) and prints the pairs judged otherwise.
use std::io::{BufRead, Write};

use firsthand_model::EntityKind;
use firsthand_name::{Scope, compare};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, a, b, same] = cells[..] else { continue };
        let found = compare(a, b, EntityKind::parse(kind), Scope::Story);
        if found.is_same() != (same == "1") {
            writeln!(out, "{same} {kind} {a} = {b}: {} {:.2}", found.rule, found.score)?;
        }
    }
    Ok(())
}
