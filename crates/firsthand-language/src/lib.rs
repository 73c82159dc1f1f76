/*!
Sentences, tokens, tags, dependencies, names and coreference of a clean text.

[`analyse`] is a pure function of the report's text, blocks and language. It
goes through the text in steps, each of which fills more of one
[`Analysis`]:

1. [`text`]: tokens and sentences with their bytes, block by block;
2. [`syntax`]: tags, lemmas and dependencies;
3. [`names`]: names with their titles;
4. [`coref`]: the entities that names, descriptions and pronouns stand for.

Steps 1 and 2 can be another tool's: see [`Analyser`] and [`Imported`].

```
use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::Span;

let text = "Ana Velo didn't speak. Her lawyer did.".to_owned();
let blocks = vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }];
let report = Report { text, blocks, ..Report::default() };
let analysis = firsthand_language::analyse(&report);
assert_eq!(analysis.sentences.len(), 2);
assert_eq!(analysis.tokens.word(3, &report.text), "n't");
assert_eq!(analysis.tokens.lemma(2), "do");
```
*/

pub mod conllu;
pub mod coref;
pub mod kernel;
pub mod names;
pub mod syntax;
pub mod text;

use firsthand_model::{Analysis, Relation, Report, Upos};
use firsthand_span::Span;

/// Whatever turns a report into an analysis: [`English`], or what another
/// tool gave ([`Imported`]).
pub trait Analyser {
    /// Analyses a report's text. Furniture, meta and caption blocks are left
    /// out: a picture's caption often tells of another happening.
    fn analyse(&self, report: &Report) -> Analysis;
}

/// The English pack that comes with the crate. A text in another language
/// comes back empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct English;

/// Tokens, tags, lemmas and trees that another tool wrote as CoNLL-U; names
/// and coreference are our own.
#[derive(Clone, Copy, Debug)]
pub struct Imported<'a> {
    /// The CoNLL-U text of the whole report, in its order.
    pub conllu: &'a str,
}

impl Analyser for English {
    fn analyse(&self, report: &Report) -> Analysis {
        let mut analysis = Analysis::default();
        if report.language.as_ref().is_some_and(|l| !l.value.starts_with("en")) {
            return analysis;
        }
        text::split(report, &mut analysis);
        match syntax::Model::english() {
            Some(model) => model.annotate(&report.text, &mut analysis),
            None => untagged(&mut analysis),
        }
        finish(report, analysis)
    }
}

impl Analyser for Imported<'_> {
    fn analyse(&self, report: &Report) -> Analysis {
        finish(report, conllu::align(self.conllu, report))
    }
}

/// Analyses a report's text with the pack of its language.
pub fn analyse(report: &Report) -> Analysis {
    English.analyse(report)
}

fn finish(report: &Report, mut analysis: Analysis) -> Analysis {
    names::recognise(report, &mut analysis);
    coref::resolve(report, &mut analysis);
    analysis
}

/// Makes every list of the tokens as long as the spans: nothing known of them.
fn untagged(analysis: &mut Analysis) {
    let tokens = &mut analysis.tokens;
    let n = tokens.spans.len();
    tokens.upos.resize(n, Upos::X);
    tokens.heads = (0..n as u32).collect();
    tokens.relations.resize(n, Relation::Root);
    tokens.lemma_spans.resize(n, Span::default());
}
