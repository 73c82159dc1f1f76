//! Writing to standard output: data only.

use std::io::{self, BufWriter, StdoutLock, Write};

use comfy_table::{ColumnConstraint, ContentArrangement, Table, TableComponent, presets};

/// Standard output, buffered.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Whether the reader of our output went away (`| head`).
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// A table that fits the terminal; 100 columns where there is none.
pub(crate) fn table(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_style(TableComponent::HeaderLines, '─').set_style(TableComponent::MiddleHeaderIntersections, '─');
    if !table.is_tty() || table.width().is_none() {
        table.set_width(terminal_width());
    }
    table.set_header(columns.iter().map(|c| label(c)));
    table
}

/// Keeps the cells of a column, ids, in one piece.
pub(crate) fn whole(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
}

/// The heading of a column, short where its cells are: what is left over goes
/// to the text beside it.
fn label(column: &str) -> String {
    match column {
        "origins_low" => "origins ≥".to_owned(),
        "origins_high" => "≤".to_owned(),
        "contradictions" => "conflicts".to_owned(),
        other => other.replace('_', " "),
    }
}

/// Columns of the terminal, as the shell says, or 100.
pub(crate) fn terminal_width() -> u16 {
    std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()).filter(|c| *c >= 40).unwrap_or(100)
}

/// A line broken into lines of at most `width` columns, by words.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            out.push_str(indent);
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// Writes one JSON value as a line.
pub(crate) fn json_line(out: &mut impl Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A JSON cell as plain text for tables and CSV.
pub(crate) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(n) => match n.as_f64() {
            Some(x) if n.is_f64() => format!("{:.2}", x).trim_end_matches('0').trim_end_matches('.').to_owned(),
            _ => n.to_string(),
        },
        other => other.to_string(),
    }
}
