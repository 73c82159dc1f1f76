//! Names, roles, descriptions and pronouns of made-up reports.

use firsthand_model::{Analysis, Block, BlockKind, EntityKind, LocalEntity, Report};
use firsthand_span::Span;
use proptest::prelude::*;

fn report(paragraphs: &[&str]) -> Report {
    let mut report = Report::default();
    for paragraph in paragraphs {
        let start = report.text.len();
        report.text.push_str(paragraph);
        report.blocks.push(Block { kind: BlockKind::Body, span: Span::new(start, report.text.len()) });
        report.text.push('\n');
    }
    report
}

fn read(paragraphs: &[&str]) -> (Report, Analysis) {
    let report = report(paragraphs);
    let analysis = firsthand_language::analyse(&report);
    (report, analysis)
}

fn entity<'a>(analysis: &'a Analysis, name: &str) -> &'a LocalEntity {
    analysis.entities.iter().find(|e| e.name == name).unwrap_or_else(|| {
        panic!("no {name} in {:?}", analysis.entities.iter().map(|e| e.name.as_str()).collect::<Vec<_>>())
    })
}

fn forms<'a>(report: &'a Report, analysis: &Analysis, name: &str) -> Vec<&'a str> {
    entity(analysis, name).mentions.iter().map(|&m| analysis.mentions[m as usize].span.of(&report.text)).collect()
}

#[test]
fn surnames_titles_and_pronouns_go_back_to_the_full_name() {
    let (report, analysis) = read(&[
        "Health Minister Dana Orlo said on Monday that two clinics in Marburg would close.",
        "Orlo told reporters that she had no choice. The minister said the costs were too high.",
    ]);
    let forms = forms(&report, &analysis, "Dana Orlo");
    for form in ["Orlo", "she", "The minister"] {
        assert!(forms.contains(&form), "{form} not in {forms:?}");
    }
    let orlo = entity(&analysis, "Dana Orlo");
    assert_eq!(orlo.kind, Some(EntityKind::Person));
    assert!(orlo.roles.iter().any(|r| r == "Health Minister"), "{:?}", orlo.roles);
    assert!(orlo.variants.iter().any(|v| v == "Health Minister Dana Orlo"), "{:?}", orlo.variants);
}

#[test]
fn an_apposition_gives_a_role() {
    let (report, analysis) = read(&[
        "Peter Holm, the mayor of Berlin, said the bridge was safe. Anna Keller, an engineer, disagreed.",
        "\"It will stand,\" the mayor said.",
    ]);
    let forms = forms(&report, &analysis, "Peter Holm");
    assert!(forms.contains(&"the mayor"), "{forms:?}");
}

#[test]
fn two_people_of_one_surname_stay_two() {
    let (_, analysis) = read(&["David Keller met Susan Keller in Paris on Friday. David Keller said he was pleased."]);
    assert_ne!(entity(&analysis, "David Keller").mentions, entity(&analysis, "Susan Keller").mentions);
}

#[test]
fn an_unnamed_speaker_is_an_entity_of_its_own() {
    let (report, analysis) =
        read(&["A spokesman for the police said three people had been arrested. The spokesman gave no names."]);
    let forms = forms(&report, &analysis, "spokesman for the police");
    assert!(forms.contains(&"The spokesman"), "{forms:?}");
    let voice = entity(&analysis, "spokesman for the police");
    let body = voice.speaks_for.and_then(|e| analysis.entities.get(e as usize));
    assert!(!voice.named);
    assert!(body.is_none_or(|b| b.name.contains("police")), "{body:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_gives_mentions_in_bounds_and_order(text in "(\\PC|[A-Z][a-z]{1,8}| said |\\. |, the |\"|“){0,60}") {
        let (report, analysis) = read(&[text.as_str()]);
        let mut last = (0, 0);
        for mention in &analysis.mentions {
            prop_assert!(mention.span.get(&report.text).is_some());
            prop_assert!((mention.span.start, 0) >= (last.0, 0));
            last = (mention.span.start, mention.span.end);
            if let Some(e) = mention.entity {
                prop_assert!((e as usize) < analysis.entities.len());
            }
        }
        for entity in &analysis.entities {
            prop_assert!(!entity.mentions.is_empty());
            prop_assert!(entity.mentions.is_sorted());
            prop_assert!(entity.speaks_for.is_none_or(|e| (e as usize) < analysis.entities.len()));
        }
        prop_assert_eq!(&analysis, &firsthand_language::analyse(&report));
    }
}
