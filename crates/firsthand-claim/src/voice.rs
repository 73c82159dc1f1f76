//! The chain an assertion came down: outlet ← agency ← speaker ← the
//! speaker's source.

use firsthand_model::{EntityKind, Reading, Speaker, Voice, VoiceKind};

/// Words that, in a source, mark something published as the source.
const DOCUMENTS: &[&str] = &[
    "document",
    "documents",
    "letter",
    "report",
    "record",
    "records",
    "manifest",
    "register",
    "extract",
    "list",
    "memo",
    "file",
    "files",
    "filing",
    "study",
    "survey",
    "survey's",
    "minutes",
    "transcript",
    "papers",
];
/// Last words of the names of outlets.
const OUTLETS: &[&str] = &[
    "times",
    "post",
    "herald",
    "gazette",
    "courier",
    "news",
    "daily",
    "tribune",
    "journal",
    "chronicle",
    "observer",
    "guardian",
    "telegraph",
    "mail",
    "mirror",
    "radio",
    "tv",
    "television",
    "newspaper",
    "agency",
    "wire",
    "broadcaster",
    "magazine",
    "website",
    "media",
    "press",
    "blog",
];

/// Longest chain followed: deeper nesting is cut, which also ends any circle.
const DEEPEST: usize = 8;

/// The voice of a claim in this attribution (or in none), outermost first.
pub(crate) fn voice(reading: &Reading, attribution: Option<u32>) -> Vec<Voice> {
    let mut out = Vec::new();
    let report = &reading.report;
    out.push(Voice {
        kind: VoiceKind::Outlet,
        name: report.outlet.as_ref().map(|o| o.value.clone()).unwrap_or_default(),
        entity: None,
    });
    if let Some(agency) = &report.agency {
        out.push(Voice { kind: VoiceKind::Agency, name: agency.value.clone(), entity: None });
    }
    let mut chain = Vec::new();
    let mut next = attribution;
    while let Some(i) = next
        && chain.len() < DEEPEST
        && let Some(a) = reading.attributions.get(i as usize)
    {
        chain.push(a);
        next = a.parent.filter(|&p| p != i);
    }
    for a in chain.into_iter().rev() {
        let source = a.source.iter().map(|s| s.of(&report.text)).collect::<Vec<_>>().join(" ");
        let entity = a.speaker.entity();
        let known = entity.and_then(|e| reading.analysis.entities.get(e as usize));
        let last = source.split_whitespace().next_back().unwrap_or_default().to_lowercase();
        let any = |list: &[&str]| {
            source.split_whitespace().any(|w| list.contains(&w.trim_matches(',').to_lowercase().as_str()))
        };
        let kind = match &a.speaker {
            Speaker::Unidentified => VoiceKind::Unidentified,
            _ if known.is_some_and(|e| e.kind == Some(EntityKind::Document)) => VoiceKind::Document,
            _ if known.is_none_or(|e| e.kind != Some(EntityKind::Person)) && OUTLETS.contains(&last.as_str()) => {
                VoiceKind::CitedOutlet
            }
            Speaker::Unknown if source.is_empty() => VoiceKind::Unidentified,
            _ if known.is_none_or(|e| !e.named) && any(DOCUMENTS) => VoiceKind::Document,
            _ => VoiceKind::Speaker,
        };
        let name = known.map_or_else(|| source.clone(), |e| e.name.clone());
        out.push(Voice { kind, name, entity });
    }
    out
}
