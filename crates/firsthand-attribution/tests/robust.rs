//! Whatever the text, what is found lies in it.

use firsthand_model::{Block, BlockKind, Report};
use firsthand_span::Span;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_span_lies_in_the_text(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "said", "“", "”", "\"", "'", "’", "that", "according", "to", "Ida", "Vale", "he", "told", ",", ".", "?", ":",
                "the", "mayor", "who", "reportedly", "«", "»", "—", "\n", "é", "was", "not", "denied", "it", "(", ")", "and",
            ]),
            0..60,
        ),
    ) {
        let text = words.join(" ");
        let mut report = Report { text: text.clone(), ..Report::default() };
        let mut at = 0;
        for line in text.split('\n') {
            let span = Span::new(at, at + line.len()).trim(&text);
            if !span.is_empty() {
                report.blocks.push(Block { kind: BlockKind::Body, span });
            }
            at += line.len() + 1;
        }
        let mut analysis = firsthand_language::analyse(&report);
        let found = firsthand_attribution::attribute(&report, &mut analysis);
        for (i, a) in found.iter().enumerate() {
            prop_assert!(a.parent.is_none_or(|p| (p as usize) < found.len() && p as usize != i));
            prop_assert!(a.speaker.entity().is_none_or(|e| (e as usize) < analysis.entities.len()));
            for span in a.source.iter().chain(&a.cue).chain(&a.content).chain(&a.addressee).chain(&a.medium) {
                prop_assert!(span.get(&text).is_some(), "{span}");
            }
        }
        // Mentions stay in order, and point at each other rightly.
        prop_assert!(analysis.mentions.windows(2).all(|w| w[0].span.start <= w[1].span.start));
        for (i, entity) in analysis.entities.iter().enumerate() {
            for &m in &entity.mentions {
                prop_assert_eq!(analysis.mentions[m as usize].entity, Some(i as u32));
            }
        }
    }
}
