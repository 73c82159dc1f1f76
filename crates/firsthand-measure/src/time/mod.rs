//! Times of a report: found by a grammar, then anchored.

mod grain;
mod grammar;
mod resolve;

use firsthand_model::{Analysis, How, Reason, Report, Time};

use crate::lex::Lexed;
use grammar::{Expression, Meaning};
use resolve::{Anchor, Resolver};

/// The time expressions of a report, in order of their spans, anchored on its
/// publication time; without one, values keep `X` for what is not printed and
/// have no interval.
pub fn times(report: &Report, analysis: &Analysis) -> Vec<Time> {
    let mut found = Vec::new();
    let mut lexed = Lexed::default();
    for sentence in &analysis.sentences {
        lexed.read(sentence.span.of(&report.text), sentence.span.start);
        let mut expressions = grammar::expressions(&lexed);
        share_years(&lexed, &mut expressions);
        for e in expressions {
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

/// "between March and April 1918", "December 4 to December 9, 1941": the year
/// after the second holds for the first too.
fn share_years(lx: &Lexed<'_>, all: &mut [Expression]) {
    for i in (1..all.len()).rev() {
        let (left, right) = all.split_at_mut(i);
        let (Some(a), Some(b)) = (left.last_mut(), right.first()) else { continue };
        let gap = a.end..b.first;
        let joined = gap.len() == 1
            && (lx.dash(gap.start) || matches!(lx.w(gap.start), "and" | "to" | "or" | "until" | "through"));
        if let (
            Meaning::Date { year: mine @ None, month: Some(m), shift: None, .. },
            Meaning::Date { year: Some(y), month: Some(n), .. },
        ) = (&mut a.meaning, &b.meaning)
            && joined
        {
            *mine = Some(if *m <= *n { *y } else { *y - 1 });
        }
    }
}
