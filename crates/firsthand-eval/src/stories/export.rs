//! The files of an export that the figures of a story need.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use firsthand_model::ClaimId;
use firsthand_span::CodePoints;
use serde_json::{Value, json};

use super::Story;

/// Writes them into a folder.
pub(super) fn write(folder: &Path, story: &Story) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    let mut line = |file: &'static str, value: Value| {
        let _ = writeln!(files.entry(file).or_default(), "{value}");
    };
    let comparison = &story.comparison;
    let mut cluster_of: BTreeMap<ClaimId, usize> = BTreeMap::new();
    for (i, cluster) in comparison.clusters.iter().enumerate() {
        cluster_of.extend(cluster.claims.iter().map(|c| (*c, i)));
    }
    let ids = |claims: &[ClaimId]| claims.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (key, id, reading) in &story.pages {
        let report = &reading.report;
        let points = CodePoints::new(&report.text);
        line(
            "reports",
            json!({"id": id, "key": key, "text": report.text,
            "title": report.title.as_ref().map(|t| &t.value), "outlet": report.outlet.as_ref().map(|t| &t.value),
            "agency": report.agency.as_ref().map(|t| &t.value),
            "published": report.published.as_ref().map(|t| t.value.to_string())}),
        );
        for (i, m) in reading.measures.iter().enumerate() {
            line(
                "measures",
                json!({"id": format!("{id}.m{i}"), "report": id, "span": points.span(m.span), "value": m.value,
                "lower": m.lower.map(|b| b.value), "upper": m.upper.map(|b| b.value), "unit": m.unit,
                "counted": m.counted, "what": m.what, "subset_of": m.subset_of.map(|s| format!("{id}.m{s}"))}),
            );
        }
        for (i, a) in reading.attributions.iter().enumerate() {
            let spans = |list: &[firsthand_span::Span]| list.iter().map(|s| points.span(*s)).collect::<Vec<_>>();
            let entity = a.speaker.entity().and_then(|e| reading.analysis.entities.get(e as usize));
            line(
                "attributions",
                json!({"id": format!("{id}.a{i}"), "report": id, "kind": a.kind, "class": a.class,
                "source": spans(&a.source), "cue": spans(&a.cue), "content": spans(&a.content),
                "speaker_name": entity.map(|e| &e.name), "parent": a.parent.map(|p| format!("{id}.a{p}"))}),
            );
        }
        for (i, c) in reading.claims.iter().enumerate() {
            let claim = ClaimId { report: *id, index: i as u32 };
            line(
                "claims",
                json!({"id": claim.to_string(), "report": id, "evidence": points.span(c.evidence),
                "words": c.evidence.of(&report.text), "predicate": c.predicate, "class": c.class,
                "measures": c.measures.iter().map(|m| format!("{id}.m{m}")).collect::<Vec<_>>(),
                "polarity": c.polarity, "modality": c.modality, "as_of": c.as_of.map(|m| m.to_string()), "voice": c.voice,
                "cluster": cluster_of.get(&claim).map(|k| format!("k{k}"))}),
            );
        }
    }
    for (i, c) in comparison.clusters.iter().enumerate() {
        let origins: Vec<Value> = c
            .origins
            .iter()
            .enumerate()
            .map(|(n, o)| {
                json!({"id": format!("k{i}.o{n}"), "name": o.name, "identified": o.identified,
                "claims": ids(&o.claims), "why": o.why})
            })
            .collect();
        line(
            "clusters",
            json!({"id": format!("k{i}"), "story": c.story, "headline": c.headline, "kind": c.kind,
            "claims": ids(&c.claims), "origins": origins, "independent": c.independent}),
        );
    }
    for (i, c) in comparison.contradictions.iter().enumerate() {
        line(
            "contradictions",
            json!({"id": format!("x{i}"), "cluster": format!("k{}", c.cluster), "verdict": c.verdict,
            "type": c.kind, "claims": ids(&c.claims), "why": c.why}),
        );
    }
    for c in &comparison.copies {
        line(
            "copies",
            json!({"parent": c.parent, "child": c.child, "how": c.how, "share": c.share,
            "direction": if c.directed { "known" } else { "unknown" }}),
        );
    }
    for (i, e) in comparison.entities.iter().enumerate() {
        line("entities", json!({"id": format!("e{i}"), "name": e.name, "type": e.kind, "variants": e.variants}));
    }
    for (name, text) in files {
        std::fs::write(folder.join(format!("{name}.jsonl")), text)?;
    }
    Ok(())
}
