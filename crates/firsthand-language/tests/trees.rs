//! What holds of every analysis, and a few trees that must come out right.

use firsthand_language::analyse;
use firsthand_model::{Analysis, Block, BlockKind, Relation, Report, Upos};
use firsthand_span::Span;
use proptest::prelude::*;

fn read(text: &str) -> (Report, Analysis) {
    let blocks = vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }];
    let report = Report { text: text.to_owned(), blocks, ..Report::default() };
    let analysis = analyse(&report);
    (report, analysis)
}

/// The relation of a word and the word that heads it.
fn arc<'r>(report: &'r Report, analysis: &Analysis, word: &str) -> (Relation, &'r str) {
    let tokens = &analysis.tokens;
    let i = (0..tokens.len()).find(|&i| tokens.word(i, &report.text) == word).expect("the word is there");
    (tokens.relations[i], tokens.word(tokens.heads[i] as usize, &report.text))
}

#[test]
fn speakers_and_their_verbs() {
    let (report, analysis) = read("Ana Velo told reporters that the dam had collapsed.");
    assert_eq!(arc(&report, &analysis, "Ana"), (Relation::Nsubj, "told"));
    assert_eq!(arc(&report, &analysis, "dam"), (Relation::Nsubj, "collapsed"));
    assert_eq!(arc(&report, &analysis, "told"), (Relation::Root, "told"));
    assert_eq!(analysis.tokens.lemma(2), "tell");
    assert_eq!(analysis.tokens.upos[0], Upos::Propn);
}

#[test]
fn passives_counts_and_agents() {
    let (report, analysis) = read("Twelve people were killed by soldiers on Monday.");
    assert_eq!(arc(&report, &analysis, "Twelve"), (Relation::Nummod, "people"));
    assert_eq!(arc(&report, &analysis, "people"), (Relation::NsubjPass, "killed"));
    assert_eq!(arc(&report, &analysis, "soldiers").1, "killed");
    let killed = analysis.tokens.within(Span::find(&report.text, "killed").expect("there")).start;
    assert_eq!(analysis.tokens.lemma(killed), "kill");
}

#[test]
fn other_languages_are_left_alone() {
    let language = Some(firsthand_model::Found::new("fr".to_owned(), firsthand_model::How::Given));
    let text = "Elle a dit non.".to_owned();
    let blocks = vec![Block { kind: BlockKind::Body, span: Span::new(0, text.len()) }];
    assert!(analyse(&Report { text, blocks, language, ..Report::default() }).tokens.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn every_sentence_is_one_tree(text in "(\\PC|[A-Z]?[a-z]{1,6} |[.,?!\"“”’'()] ?|\n|[0-9]){0,60}") {
        let (report, analysis) = read(&text);
        let tokens = &analysis.tokens;
        let n = tokens.len();
        prop_assert!([tokens.upos.len(), tokens.heads.len(), tokens.relations.len(), tokens.lemma_spans.len()] == [n; 4]);
        prop_assert!((0..n).all(|i| !tokens.word(i, &report.text).is_empty() && !tokens.lemma(i).is_empty()));
        let mut covered = 0;
        for sentence in &analysis.sentences {
            prop_assert_eq!(sentence.tokens.start, covered);
            covered = sentence.tokens.end;
            let range = sentence.tokens.start as usize..sentence.tokens.end as usize;
            prop_assert_eq!(range.clone().filter(|&i| tokens.is_root(i)).count(), 1);
            for i in range.clone() {
                let (mut at, mut steps) = (i, 0);
                while !tokens.is_root(at) {
                    at = tokens.heads[at] as usize;
                    steps += 1;
                    prop_assert!(range.contains(&at) && steps <= range.len());
                }
            }
        }
        prop_assert_eq!(covered as usize, n);
        prop_assert_eq!(analysis, analyse(&report));
    }
}
