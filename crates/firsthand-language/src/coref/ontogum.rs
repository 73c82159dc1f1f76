//! Reads OntoGUM (coreference of the GUM corpus in OntoNotes style): for
//! training and measuring only.

use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::Span;

/// A document with its chains.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Such as `GUM_news_clock`.
    pub name: String,
    /// The text, rebuilt from tokens, one block of body text per few sentences.
    pub report: Report,
    /// Chains of mentions, as bytes of the text.
    pub chains: Vec<Vec<Span>>,
}

impl Document {
    /// The genre in its name: `news` of `GUM_news_clock`.
    pub fn genre(&self) -> &str {
        self.name.split('_').nth(1).unwrap_or("")
    }

    /// Whether the document is held out from training: every fourth, by a sum
    /// over its name, so that no listing order matters.
    pub fn held_out(&self) -> bool {
        self.name.bytes().map(u32::from).sum::<u32>() % 4 == 0
    }
}

/// Sentences per block: the corpus keeps no paragraphs.
const PARAGRAPH: usize = 5;

/// Reads the unpacked archive: pairs of `tsv` (sentences) and `conll` (chains) files.
pub fn read(tar: &[u8]) -> Vec<Document> {
    let files = entries(tar);
    let mut out: Vec<Document> = Vec::new();
    for (path, text) in &files {
        let Some(name) = path.rsplit('/').next().and_then(|f| f.strip_suffix(".conll")) else { continue };
        let Some((_, tsv)) = files.iter().find(|(p, _)| p.ends_with(&format!("/{name}.tsv"))) else { continue };
        out.push(document(name, text, tsv));
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// The files of a tar archive that are text.
fn entries(tar: &[u8]) -> Vec<(String, &str)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(header) = tar.get(at..at + 512) {
        let field = |range: std::ops::Range<usize>| {
            header
                .get(range)
                .map(|b| String::from_utf8_lossy(b).trim_matches(['\0', ' ']).to_owned())
                .unwrap_or_default()
        };
        let name = field(0..100);
        if name.is_empty() {
            break;
        }
        let size = usize::from_str_radix(&field(124..136), 8).unwrap_or(0);
        if let Some(Ok(text)) = tar.get(at + 512..at + 512 + size).map(std::str::from_utf8) {
            out.push((name, text));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    out
}

fn document(name: &str, conll: &str, tsv: &str) -> Document {
    // Sentence lengths, from the token numbers "3-17".
    let mut lengths: Vec<usize> = Vec::new();
    let mut last = "";
    for line in tsv.lines().filter(|l| !l.starts_with('#')) {
        let Some((number, _)) = line.split_once('\t').and_then(|(id, _)| id.split_once('-')) else { continue };
        match lengths.last_mut() {
            Some(n) if number == last => *n += 1,
            _ => lengths.push(1),
        }
        last = number;
    }
    let rows: Vec<(&str, &str)> = conll
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            Some((cells.nth(1)?, cells.next_back()?))
        })
        .collect();
    let mut document = Document { name: name.to_owned(), ..Document::default() };
    let mut spans: Vec<Span> = Vec::with_capacity(rows.len());
    let mut text = String::new();
    let mut words = rows.iter();
    let mut start = 0;
    for (n, length) in lengths.iter().enumerate() {
        let mut last = "";
        for (word, _) in words.by_ref().take(*length) {
            let glued = text.is_empty()
                || text.ends_with(['\n', '(', '[', '“'])
                || matches!(*word, "." | "," | ";" | ":" | "?" | "!" | ")" | "]" | "%" | "n't" | "”" | "...")
                || word.starts_with('\'') && word.len() <= 3 && word.len() > 1
                || word.starts_with('’') && word.chars().count() <= 3 && word.chars().count() > 1;
            if !glued {
                text.push(' ');
            }
            spans.push(Span::new(text.len(), text.len() + word.len()));
            text.push_str(word);
            last = word;
        }
        let open = !matches!(last, "." | "?" | "!" | "\"" | "”");
        if (open || n % PARAGRAPH == PARAGRAPH - 1 || n + 1 == lengths.len()) && text.len() > start {
            document.report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(start, text.len()) });
            text.push('\n');
            start = text.len();
        }
    }
    document.report.text = text;
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut chains: std::collections::BTreeMap<&str, Vec<Span>> = std::collections::BTreeMap::new();
    for (i, (_, cell)) in rows.iter().enumerate().take(spans.len()) {
        for part in cell.split('|') {
            let id = part.trim_matches(['(', ')']);
            if part.starts_with('(') {
                open.push((id, i));
            }
            if part.ends_with(')')
                && let Some(at) = open.iter().rposition(|o| o.0 == id)
            {
                let (_, from) = open.remove(at);
                chains.entry(id).or_default().push(spans[from].cover(spans[i]));
            }
        }
    }
    document.chains = chains.into_values().collect();
    for chain in &mut document.chains {
        chain.sort_unstable();
    }
    document
}
