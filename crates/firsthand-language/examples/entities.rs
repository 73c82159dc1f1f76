//! Prints the entities of a plain text on stdin, one line of text per block.
use std::io::{Read, Write};

use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::Span;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut blocks = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trim(&text);
        if !span.is_empty() {
            let kind = if blocks.is_empty() { BlockKind::Title } else { BlockKind::Body };
            blocks.push(Block { kind, span });
        }
        at += line.len();
    }
    let report = Report { text, blocks, ..Report::default() };
    let analysis = firsthand_language::analyse(&report);
    let mut out = std::io::stdout();
    for entity in &analysis.entities {
        let mentions: Vec<&str> = entity
            .mentions
            .iter()
            .filter_map(|&m| analysis.mentions.get(m as usize))
            .map(|m| m.span.of(&report.text))
            .collect();
        let voice = entity.speaks_for.and_then(|e| analysis.entities.get(e as usize)).map(|e| e.name.as_str());
        writeln!(
            out,
            "{:?} {} | roles {:?} | speaks for {:?} | variants {:?} | mentions {mentions:?}",
            entity.kind, entity.name, entity.roles, voice, entity.variants
        )?;
    }
    Ok(())
}
