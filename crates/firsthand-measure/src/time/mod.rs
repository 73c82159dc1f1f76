//! Times of a report: found by a grammar, then anchored.

mod grain;
mod grammar;
mod resolve;

use firsthand_model::{Analysis, How, Reason, Report, Time};

use crate::lex::Lexed;
use resolve::{Anchor, Resolver};

/// The time expressions of a report, in order of their spans, anchored on its
/// publication time; without one, values keep `X` for what is not printed and
/// have no interval.
pub fn times(report: &Report, analysis: &Analysis) -> Vec<Time> {
    let mut found = Vec::new();
    let mut lexed = Lexed::default();
    for sentence in &analysis.sentences {
        lexed.read(sentence.span.of(&report.text), sentence.span.start);
        for e in grammar::expressions(&lexed) {
            let tense = resolve::tense(&lexed, &e);
            let span = lexed.span(e.first, e.end);
            found.push((e, tense, span));
        }
    }
    let anchor = report.published.as_ref().map(|p| Anchor::new(&p.value));
    let uncertain = report.published.as_ref().is_some_and(|p| p.how == How::Inferred);
    let mut resolver = Resolver::new(anchor, found.iter().map(|(e, ..)| e));
    found
        .iter()
        .map(|(e, tense, span)| {
            let r = resolver.resolve(e, *tense);
            Time {
                span: *span,
                kind: e.kind,
                value: r.value,
                interval: r.interval,
                alternatives: r.alternatives,
                anchor_uncertain: uncertain && r.anchored,
                why: vec![Reason::new("time-grammar", e.rule), Reason::rule(r.rule)],
            }
        })
        .collect()
}
