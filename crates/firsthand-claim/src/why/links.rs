//! How two reports stand to each other: copies, one text behind both, one
//! credit; each link with the passages that show it.

use firsthand_model::{CopyHow, CopyLink, Reading, ReportId, SpanKind};
use firsthand_span::Span;

use super::{Because, Quote, because};

/// Longest line of descent that is followed.
const DEEPEST: usize = 64;
/// Most passages quoted for a link.
const PASSAGES: usize = 3;

/// Reports with who copied whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Links<'c> {
    /// Ascending by id.
    pub(crate) readings: &'c [(ReportId, &'c Reading)],
    pub(crate) copies: &'c [CopyLink],
}

/// What a report's text was copied from: a report, or the name of a source that is not here.
type Parent<'c> = Result<ReportId, &'c str>;

impl<'c> Links<'c> {
    pub(crate) fn reading(&self, report: ReportId) -> Option<&'c Reading> {
        let at = self.readings.binary_search_by_key(&report, |(id, _)| *id).ok()?;
        self.readings.get(at).map(|(_, r)| *r)
    }

    pub(crate) fn words_at(&self, report: ReportId, bytes: Span) -> Quote {
        let words = self.reading(report).map_or("", |r| bytes.of(&r.report.text));
        Quote { report, claim: None, bytes, words: words.split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// The outlet of a report, or its id.
    pub(crate) fn name(&self, report: ReportId) -> String {
        let outlet = self.reading(report).and_then(|r| r.report.outlet.as_ref());
        outlet.map_or_else(|| format!("report {report}"), |o| o.value.clone())
    }

    /// Passages that a copy shares with its parent: those at a place, or the first few.
    pub(crate) fn passages(&self, parent: ReportId, child: ReportId, at: Option<Span>) -> Vec<Quote> {
        let links = self.copies.iter().filter(|c| c.parent == Some(parent) && c.child == child);
        let spans = links.flat_map(|c| &c.spans).filter(|s| s.kind != SpanKind::Furniture);
        spans
            .filter(|s| at.is_none_or(|at| s.child.overlaps(at)))
            .filter_map(|s| Some([self.words_at(parent, s.parent?), self.words_at(child, s.child)]))
            .take(PASSAGES)
            .flatten()
            .collect()
    }

    /// All that links two reports.
    pub(crate) fn between(&self, a: ReportId, b: ReportId) -> Vec<Because> {
        if a == b {
            return vec![because("one-report", "both stand in one report", Vec::new())];
        }
        let direct = |c: &&CopyLink| (c.parent == Some(a) && c.child == b) || (c.parent == Some(b) && c.child == a);
        let mut out: Vec<Because> = self.copies.iter().filter(direct).map(|c| self.link(c)).collect();
        if out.is_empty() {
            out.extend(self.descent(a, b));
        }
        let agency = |r: ReportId| self.reading(r).and_then(|r| r.report.agency.as_ref()).map(|a| a.value.as_str());
        if let (Some(x), Some(y)) = (agency(a), agency(b))
            && x == y
        {
            out.push(because("same-agency-credit", format!("both reports credit {x}"), Vec::new()));
        }
        out
    }

    /// The links by which both descend from one text.
    fn descent(&self, a: ReportId, b: ReportId) -> Vec<Because> {
        let (up_a, up_b) = (self.ancestors(a), self.ancestors(b));
        let is = |own: ReportId, line: &[(Parent<'c>, &CopyLink)], p: Parent<'c>| {
            if p == Ok(own) { Some(0) } else { line.iter().position(|(q, _)| *q == p).map(|n| n + 1) }
        };
        let tops = std::iter::once(Ok(a)).chain(up_a.iter().map(|(p, _)| *p));
        let Some((n, m, top)) = tops.enumerate().find_map(|(n, p)| Some((n, is(b, &up_b, p)?, p))) else {
            return Vec::new();
        };
        let name = top.map_or_else(|hidden| format!("a text that is not here ({hidden})"), |r| self.name(r));
        let mut out = vec![because("one-text", format!("both descend from one text: {name}"), Vec::new())];
        out.extend(up_a.iter().take(n).chain(up_b.iter().take(m)).map(|(_, link)| self.link(link)));
        out
    }

    /// The line of descent of a report, nearest parent first.
    fn ancestors(&self, report: ReportId) -> Vec<(Parent<'c>, &'c CopyLink)> {
        let mut out: Vec<(Parent<'c>, &'c CopyLink)> = Vec::new();
        let mut at = report;
        while out.len() < DEEPEST {
            let mut links = self.copies.iter().filter(|c| c.child == at && c.how.shares_text());
            let up = |c: &'c CopyLink| Some((c.parent.map(Ok).or_else(|| c.hidden.as_deref().map(Err))?, c));
            let Some(next) = links.find_map(up) else { break };
            out.push(next);
            match next.0 {
                Ok(parent) => at = parent,
                Err(_) => break,
            }
        }
        out
    }

    fn link(&self, link: &CopyLink) -> Because {
        let notes: Vec<&str> = link.why.iter().map(|r| r.note.as_str()).filter(|n| !n.is_empty()).collect();
        let (child, parent) =
            (self.name(link.child), link.parent.map_or_else(|| "a text that is not here".to_owned(), |p| self.name(p)));
        let lead = match link.how {
            CopyHow::Cites => format!("{child} names {parent}"),
            CopyHow::QuotesOnly => format!("{child} and {parent} share quotations only"),
            CopyHow::BackgroundOnly => format!("{child} and {parent} share background only"),
            how if link.directed => format!("{child} copies {parent} ({how}, {:.0} % of its text)", 100.0 * link.share),
            how => format!("{child} and {parent} share text ({how}; who copied is not certain)"),
        };
        let passages = link.parent.map(|p| self.passages(p, link.child, None)).unwrap_or_default();
        because(&format!("copy-{}", link.how), format!("{lead}: {}", notes.join("; ")), passages)
    }
}
