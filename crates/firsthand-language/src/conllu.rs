//! CoNLL-U: the format in which other analysers (and treebanks) give tokens,
//! tags and trees; see <https://universaldependencies.org/format.html>.

use std::ops::Range;

use firsthand_model::{Analysis, BlockKind, Relation, Report, Sentence, Upos};
use firsthand_span::Span;

/// A syntactic word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub form: &'a str,
    /// Its lemma.
    pub lemma: &'a str,
    /// Universal tag, as written.
    pub upos: &'a str,
    /// Tag of the treebank.
    pub xpos: &'a str,
    /// Number of its head, from 1; 0 for the root.
    pub head: u32,
    /// Relation with its subtype.
    pub relation: &'a str,
}

/// Words as they stand in the text: mostly one, two in "don't".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface<'a> {
    /// What stands in the text.
    pub form: &'a str,
    /// Its words.
    pub words: Range<usize>,
    /// Whether white space follows.
    pub space: bool,
}

/// A sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<'a> {
    /// Its words.
    pub words: Vec<Word<'a>>,
    /// The same as they stand in the text.
    pub surfaces: Vec<Surface<'a>>,
    /// Identifier of the document that starts here.
    pub document: Option<&'a str>,
    /// Whether a paragraph starts here.
    pub paragraph: bool,
}

/// The sentences of a CoNLL-U text. Lines that do not fit the format, and
/// empty nodes, are passed over.
pub fn read(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut block = Block::default();
    // Words up to this number belong to a surface form already given.
    let mut covered = 0;
    for line in text.lines().chain([""]) {
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim_start();
            if let Some(id) = comment.strip_prefix("newdoc") {
                block.document = Some(id.split_once('=').map_or("", |(_, id)| id.trim()));
                block.paragraph = true;
            }
            block.paragraph |= comment == "newpar" || comment.starts_with("newpar id");
            continue;
        }
        if line.trim().is_empty() {
            if !block.words.is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
            covered = 0;
            continue;
        }
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or("_");
        let (id, form, lemma, upos, xpos) = (column(), column(), column(), column(), column());
        let (_, head, relation, _, misc) = (column(), column(), column(), column(), column());
        let space = !misc.split('|').any(|m| m == "SpaceAfter=No");
        // An inner paragraph ("newpar" in MISC) is treated as none: a sentence does not cross one.
        if let Some((from, to)) = id.split_once('-') {
            let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) else { continue };
            if from == block.words.len() + 1 && to >= from && to - from < 16 {
                block.surfaces.push(Surface { form, words: from - 1..to, space });
                covered = to;
            }
        } else if id.parse() == Ok(block.words.len() + 1) {
            let i = block.words.len();
            block.words.push(Word { form, lemma, upos, xpos, head: head.parse().unwrap_or(0), relation });
            if i >= covered {
                block.surfaces.push(Surface { form, words: i..i + 1, space });
            }
        }
    }
    for block in &mut blocks {
        let n = block.words.len();
        for surface in &mut block.surfaces {
            surface.words.end = surface.words.end.min(n);
        }
    }
    blocks
}

/// The spans of the words of a surface form that stands at `span`: the form
/// parted where the words' own forms make it up, else all words take it whole.
pub fn word_spans(block: &Block<'_>, surface: &Surface<'_>, span: Span) -> Vec<Span> {
    let words = block.words.get(surface.words.clone()).unwrap_or_default();
    let total: usize = words.iter().map(|w| w.form.len()).sum();
    let fits = words.iter().map(|w| w.form).collect::<String>() == surface.form && total == span.len();
    let mut at = span.start;
    words
        .iter()
        .map(|word| {
            if !fits {
                return span;
            }
            let start = at;
            at += word.form.len() as u32;
            Span { start, end: at }
        })
        .collect()
}

/// Puts the sentences of another analyser onto a report's text: an analysis
/// with tokens, tags, lemmas and trees. Words must come in the order of the
/// text; those that are not found (within the next 4 KiB) are left out, and
/// sentences that cross a block are parted.
pub fn align(text: &str, report: &Report) -> Analysis {
    let mut analysis = Analysis::default();
    let mut at = 0usize;
    for block in read(text) {
        let mut spans = vec![None; block.words.len()];
        for surface in &block.surfaces {
            let Some(span) = find(&report.text, at, surface.form) else { continue };
            at = span.end as usize;
            let kind = report.block_at(span.start).map(|b| b.kind);
            if matches!(kind, Some(BlockKind::Furniture | BlockKind::Meta | BlockKind::Caption)) {
                continue;
            }
            let parts = word_spans(&block, surface, span);
            let whole = parts.len() > 1 && parts.first() == parts.get(1);
            for (k, (i, part)) in surface.words.clone().zip(parts).enumerate() {
                // Words that share one surface and cannot be parted: the first stands for all.
                spans[i] = (!whole || k == 0).then_some(part);
            }
        }
        put(&block, &spans, report, &mut analysis);
    }
    analysis
}

fn find(text: &str, at: usize, form: &str) -> Option<Span> {
    let end = (at + 4096).min(text.len());
    let end = (end..=text.len()).find(|&e| text.is_char_boundary(e))?;
    let found = text.get(at..end)?.find(form)? + at;
    Some(Span::new(found, found + form.len()))
}

/// Appends one sentence; heads that were not found fall to the root.
fn put(block: &Block<'_>, spans: &[Option<Span>], report: &Report, analysis: &mut Analysis) {
    let tokens = &mut analysis.tokens;
    let place = |s: &Span| report.blocks.partition_point(|b| b.span.end <= s.start) as u32;
    let mut number = vec![None; spans.len()];
    let mut next = tokens.spans.len() as u32;
    for (i, span) in spans.iter().enumerate() {
        if span.is_some() {
            number[i] = Some(next);
            next += 1;
        }
    }
    let head_of =
        |i: usize| (block.words[i].head as usize).checked_sub(1).and_then(|h| number.get(h).copied().flatten());
    let root = (0..spans.len()).find(|&i| block.words[i].head == 0).and_then(|i| number[i]);
    let mut open: Option<(u32, u32)> = None;
    for (i, span) in spans.iter().enumerate() {
        let (Some(span), Some(me)) = (*span, number[i]) else { continue };
        let word = &block.words[i];
        let main = word.relation.split(':').next().unwrap_or_default();
        tokens.spans.push(span);
        tokens.upos.push(Upos::parse(word.upos).unwrap_or(Upos::X));
        tokens.heads.push(head_of(i).or(root).unwrap_or(me));
        tokens.relations.push(Relation::parse(word.relation).or(Relation::parse(main)).unwrap_or(Relation::Dep));
        let start = tokens.lemma_text.len();
        tokens.lemma_text.push_str(if word.lemma == "_" { word.form } else { word.lemma });
        tokens.lemma_spans.push(Span::new(start, tokens.lemma_text.len()));
        let here = place(&span);
        match (open, analysis.sentences.last_mut()) {
            (Some((_, block)), Some(sentence)) if block == here => {
                sentence.span.end = span.end.max(sentence.span.end);
                sentence.tokens.end = me + 1;
            }
            _ => analysis.sentences.push(Sentence { span, tokens: me..me + 1, block: here }),
        }
        open = Some((me, here));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# newdoc id = a\n# text = Ana didn't go.\n\
        1\tAna\tAna\tPROPN\tNNP\t_\t4\tnsubj\t_\t_\n\
        2-3\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_\n\
        2\tdid\tdo\tAUX\tVBD\t_\t4\taux\t_\t_\n\
        3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_\n\
        4\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No\n\
        5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_\n\n";

    #[test]
    fn another_analysers_words_take_their_place_in_the_text() {
        let text = "Ana  didn't go.".to_owned();
        let blocks = vec![firsthand_model::Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }];
        let report = Report { text, blocks, ..Report::default() };
        let analysis = align(TEXT, &report);
        let words: Vec<_> = (0..analysis.tokens.len()).map(|i| analysis.tokens.word(i, &report.text)).collect();
        assert_eq!(words, ["Ana", "did", "n't", "go", "."]);
        assert_eq!(analysis.tokens.heads, [3, 3, 3, 3, 3]);
        assert_eq!(analysis.tokens.lemma(2), "not");
        assert_eq!(analysis.sentences.len(), 1);
        assert_eq!(analysis.sentences[0].span, Span::new(0, 15));
    }

    #[test]
    fn words_that_the_text_lacks_are_left_out() {
        let report = Report { text: "Ana go".to_owned(), ..Report::default() };
        let analysis = align(TEXT, &report);
        assert_eq!(analysis.tokens.len(), 2);
        assert_eq!(analysis.tokens.heads, [1, 1]);
    }
}
