//! Runs the literate cases of `tests/cases/claim`: small collections of
//! made-up reports, all stages, and what must come of them.

use std::path::PathBuf;

use firsthand_model::{Block, BlockKind, ClaimId, Cluster, Comparison, Found, How, Moment, Reading, Report, ReportId};
use firsthand_pipeline::{Digests, analyse, compare, digest};
use firsthand_span::Span;

#[derive(Default)]
struct Case {
    title: String,
    /// Outlet, day, paragraphs.
    reports: Vec<(String, String, Vec<String>)>,
    wanted: Vec<String>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    for line in markdown.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            out.push(Case { title: title.to_owned(), ..Case::default() });
        }
        let Some(case) = out.last_mut() else { continue };
        if let Some(head) = line.strip_prefix("@ ") {
            let (outlet, day) = head.split_once(" | ").expect("an outlet and a day");
            case.reports.push((outlet.to_owned(), day.to_owned(), Vec::new()));
        } else if let Some(words) = line.strip_prefix("> ") {
            case.reports.last_mut().expect("a report before its text").2.push(words.to_owned());
        } else if let Some(wanted) = line.strip_prefix("- ") {
            case.wanted.push(wanted.to_owned());
        }
    }
    out
}

fn report(outlet: &str, day: &str, paragraphs: &[String]) -> Report {
    let day = Moment::day(day.parse().expect("a day as 2031-02-07"));
    let mut report = Report {
        outlet: Some(Found::new(outlet.to_owned(), How::Given)),
        published: Some(Found::new(day, How::Given)),
        ..Report::default()
    };
    for paragraph in paragraphs {
        let (kind, words) = match paragraph.strip_prefix("# ") {
            Some(title) => (BlockKind::Title, title),
            None => (BlockKind::Body, paragraph.as_str()),
        };
        let start = report.text.len();
        report.text.push_str(words);
        report.blocks.push(Block { kind, span: Span::new(start, report.text.len()) });
        report.text.push_str("\n\n");
    }
    report
}

/// A case compared.
struct Compared {
    readings: Vec<(ReportId, Reading)>,
    comparison: Comparison,
}

impl Compared {
    fn new(case: &Case) -> Self {
        let mut readings = Vec::new();
        let mut digests = Digests::new();
        for (n, (outlet, day, paragraphs)) in case.reports.iter().enumerate() {
            let reading = analyse(report(outlet, day, paragraphs));
            let id = ReportId([0, 0, 0, 0, 0, n as u8]);
            digests.push(id, reading.clone());
            readings.push((id, digest(reading)));
        }
        let comparison = compare(&digests);
        Compared { readings, comparison }
    }

    fn evidence(&self, id: ClaimId) -> &str {
        let (_, reading) = self.readings.iter().find(|(r, _)| *r == id.report).expect("a report of the case");
        reading.claims[id.index as usize].evidence.of(&reading.report.text)
    }

    /// The claims whose evidence has these words.
    fn claims(&self, words: &str) -> Vec<ClaimId> {
        let all = self.comparison.clusters.iter().flat_map(|c| &c.claims);
        all.copied().filter(|&id| self.evidence(id).contains(words.trim())).collect()
    }

    fn cluster(&self, id: ClaimId) -> &Cluster {
        self.comparison.clusters.iter().find(|c| c.claims.contains(&id)).expect("each claim stands in a cluster")
    }

    fn holds(&self, wanted: &str) -> bool {
        let mut fields = wanted.split(" | ");
        let what = fields.next().unwrap_or_default();
        let named: Vec<Vec<ClaimId>> = fields.map(|words| self.claims(words)).collect();
        let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
        match (verb, rest) {
            ("no", "claim") => named.iter().all(Vec::is_empty),
            ("no", verdict) => !self.comparison.contradictions.iter().any(|c| c.verdict.as_str() == verdict),
            _ if named.iter().any(Vec::is_empty) => false,
            ("together", _) => named[0].iter().any(|a| named[1].iter().any(|b| self.cluster(*a).claims.contains(b))),
            ("apart", _) => !named[0].iter().any(|a| named[1].iter().any(|b| self.cluster(*a).claims.contains(b))),
            ("origins", interval) => {
                let (low, high) = interval.split_once('-').expect("an interval such as 1-2");
                let stated = self.cluster(named[0][0]).independent;
                format!("{}-{}", stated.0, stated.1) == format!("{low}-{high}")
            }
            ("as", of) => named[0].iter().any(|id| {
                let (_, reading) = &self.readings[id.report.0[5] as usize];
                let day = reading.claims[id.index as usize].as_of;
                day.map(|d| d.to_string()).as_deref() == of.strip_prefix("of ")
            }),
            (verdict, kind) => self.comparison.contradictions.iter().any(|c| {
                c.verdict.as_str() == verdict
                    && c.kind.as_str() == kind
                    && named.iter().all(|ids| ids.iter().any(|id| c.claims.contains(id)))
            }),
        }
    }
}

#[test]
fn claims_are_compared_as_the_cases_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/claim");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the cases are part of the project")
        .map(|f| f.expect("a readable folder").path())
        .filter(|p| p.extension().is_some_and(|e| e == "md") && !p.ends_with("README.md"))
        .collect();
    files.sort();
    let (mut run, mut wrong) = (0, Vec::new());
    for file in &files {
        for case in cases(&std::fs::read_to_string(file).expect("a readable case")) {
            let compared = Compared::new(&case);
            let gap = case.title.ends_with("(known gap)");
            let missed: Vec<&String> = case.wanted.iter().filter(|w| !compared.holds(w)).collect();
            run += 1;
            if gap && missed.is_empty() {
                wrong.push(format!("{}: no gap any more", case.title));
            }
            for wanted in missed.into_iter().filter(|_| !gap) {
                let told = compared.comparison.clusters.iter().map(|c| {
                    let claims: Vec<&str> = c.claims.iter().map(|&id| compared.evidence(id)).collect();
                    format!("\n      {:?} {claims:?}", c.independent)
                });
                let told: String = told.collect();
                let verdicts: Vec<String> = (compared.comparison.contradictions.iter())
                    .map(|c| format!("{} {} {:?}", c.verdict, c.kind, c.why))
                    .collect();
                wrong.push(format!("{}: {wanted}{told}\n      {verdicts:?}", case.title));
            }
        }
    }
    assert!(run > 10, "only {run} cases were found");
    assert!(wrong.is_empty(), "{} of {run} cases:\n  {}", wrong.len(), wrong.join("\n  "));
}
