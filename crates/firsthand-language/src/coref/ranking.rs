//! Which earlier phrase a pronoun stands for: a linear ranking of candidates,
//! "nobody" among them.

use std::sync::LazyLock;

use firsthand_model::{EntityKind, MentionKind, Relation};

use super::nouns::Pronoun;
use super::view::{Item, Look};
use crate::kernel::{Features, Scorer, Table, Weights, hash, join, template};

/// Sentences before the pronoun's in which candidates are looked for.
const BACK: usize = 8;
/// Phrases looked at, whatever the length of sentences.
const LOOKED_AT: usize = 300;
/// Candidates at most, the nearest.
const MOST: usize = 40;

/// How much less likely than "nobody" a candidate may be and still be taken
/// (log odds): most pronouns of news stand for somebody, and the confidence
/// goes with the answer.
const LEAN: f32 = 2.0;

static TABLE: LazyLock<Option<Table<1>>> = LazyLock::new(|| {
    Weights::open(include_bytes!("../../models/coref.weights")).and_then(|w| w.table("pronouns")).ok()
});

/// What is known of a candidate's entity so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The entity, if any.
    pub entity: Option<usize>,
    /// Its gender.
    pub gender: Option<firsthand_model::Gender>,
    /// How often it was mentioned before.
    pub mentions: usize,
    /// Whether it has a proper name.
    pub named: bool,
}

/// Indices of the items that a pronoun could stand for, the nearest first.
pub fn candidates(look: &Look<'_>, i: usize, known: impl Fn(usize) -> Known) -> Vec<usize> {
    candidates_but(look, i, known, |_| false)
}

fn candidates_but(
    look: &Look<'_>,
    i: usize,
    known: impl Fn(usize) -> Known,
    skip: impl Fn(&Item) -> bool,
) -> Vec<usize> {
    let item = &look.items[i];
    let mut out = Vec::new();
    let mut entities: Vec<usize> = Vec::new();
    for j in (0..i).rev().take(LOOKED_AT) {
        let other = &look.items[j];
        if other.sentence + BACK < item.sentence || out.len() >= MOST {
            break;
        }
        let covers = other.tokens.end > item.tokens.start;
        let whole = matches!(item.pronoun, Some(Pronoun::Who));
        if covers || !agrees(look, item, other, known(j), whole) || skip(other) {
            continue;
        }
        // Of one entity the nearest mention stands for all.
        match known(j).entity {
            Some(e) if entities.contains(&e) => continue,
            Some(e) => entities.push(e),
            // A pronoun that stands for nobody yet may still be the same nobody.
            None if other.pronoun.is_some_and(|p| Some(p) != item.pronoun) => continue,
            None => {}
        }
        out.push(j);
    }
    out
}

/// Whether number, gender and kind allow it.
fn agrees(look: &Look<'_>, item: &Item, other: &Item, known: Known, who: bool) -> bool {
    let gender = other.gender.or(known.gender);
    match item.pronoun {
        Some(Pronoun::He | Pronoun::She) => {
            let person = match other.entity_kind {
                Some(EntityKind::Person) | None => true,
                Some(_) => other.pronoun == item.pronoun,
            };
            person && !other.plural && (gender.is_none() || gender == item.gender)
        }
        Some(Pronoun::They) => {
            !matches!(other.pronoun, Some(Pronoun::He | Pronoun::She | Pronoun::It)) || is_joined(look, other)
        }
        Some(Pronoun::It) => !other.plural && other.entity_kind != Some(EntityKind::Person) && gender.is_none(),
        Some(Pronoun::Who) => who && other.sentence == item.sentence,
        _ => false,
    }
}

/// Followed by "and" and another phrase: part of a plural.
fn is_joined(look: &Look<'_>, other: &Item) -> bool {
    look.lower.get(other.tokens.end).is_some_and(|w| w == "and")
}

fn role(relation: Relation) -> u64 {
    match relation {
        Relation::Nsubj | Relation::NsubjPass | Relation::Csubj => 1,
        Relation::Obj | Relation::Iobj => 2,
        Relation::Obl | Relation::OblAgent => 3,
        Relation::Nmod | Relation::NmodPoss => 4,
        Relation::Appos => 5,
        Relation::Conj => 6,
        Relation::Root => 7,
        Relation::Compound | Relation::Flat => 8,
        _ => 9,
    }
}

/// The features of candidate `j` (`None`: nobody) for pronoun `i`; `rank` is
/// its place among the candidates.
pub fn features(look: &Look<'_>, i: usize, j: Option<(usize, usize, Known)>, out: &mut Features) {
    out.clear();
    let item = &look.items[i];
    let pronoun = item.pronoun.map_or(0, |p| p as u64 + 1);
    let mut t = 0;
    let mut push = |values: &[u64]| {
        let base = join(template(t), pronoun);
        out.push(values.iter().fold(base, |f, &v| join(f, v)));
        t += 1;
    };
    let word = hash(&look.lower[item.head]);
    let Some((rank, j, known)) = j else {
        push(&[0]);
        push(&[word]);
        push(&[role(item.relation)]);
        push(&[u64::from(item.quoted)]);
        let next = look.lower.get(item.head + 1).map_or(0, |w| hash(w));
        push(&[next]);
        let lemma = head_lemma(look, item.head);
        push(&[lemma, role(item.relation)]);
        return;
    };
    t = 20;
    let mut push = |values: &[u64]| {
        let base = join(template(t), pronoun);
        out.push(values.iter().fold(base, |f, &v| join(f, v)));
        t += 1;
    };
    let other = &look.items[j];
    let apart = (item.sentence - other.sentence).min(6) as u64;
    let near = match item.head - other.head {
        0..=3 => item.head as u64 - other.head as u64,
        4..=6 => 4,
        7..=12 => 5,
        13..=25 => 6,
        26..=50 => 7,
        _ => 8,
    };
    let kind = other.entity_kind.map_or(0, |k| k as u64 + 1);
    let form = match other.kind {
        MentionKind::Name => 1,
        MentionKind::Description if other.mention.is_some() => 2,
        MentionKind::Description => 3,
        MentionKind::Pronoun => 4 + other.pronoun.map_or(0, |p| p as u64),
    };
    let gender = match (item.gender, other.gender.or(known.gender)) {
        (Some(a), Some(b)) if a == b => 1,
        (Some(_), Some(_)) => 2,
        (Some(_), None) => 3,
        _ => 4,
    };
    let often = match known.mentions {
        0 | 1 => known.mentions as u64,
        2..=3 => 2,
        4..=8 => 3,
        _ => 4,
    };
    let rank = rank.min(8) as u64;
    let (role_a, role_b) = (role(item.relation), role(other.relation));
    let quote = u64::from(item.quoted) << 1 | u64::from(other.quoted);
    let first = u64::from(other.tokens.start == look.analysis.sentences[other.sentence].tokens.start as usize);
    let number = u64::from(other.plural) << 1 | u64::from(is_joined(look, other));
    let block =
        u64::from(look.analysis.sentences[item.sentence].block == look.analysis.sentences[other.sentence].block);
    push(&[1]);
    push(&[apart]);
    push(&[near]);
    push(&[rank]);
    push(&[rank, apart]);
    push(&[kind, gender]);
    push(&[form]);
    push(&[form, kind, number]);
    push(&[role_b]);
    push(&[role_a, role_b]);
    push(&[role_a, role_b, apart]);
    push(&[number]);
    push(&[often]);
    push(&[often, u64::from(known.named)]);
    push(&[quote, apart]);
    push(&[quote, form]);
    push(&[first, role_b, apart]);
    push(&[block, apart]);
    push(&[word, near, role_b]);
    push(&[u64::from(other.definite), form]);
    push(&[gender, rank]);
    push(&[form, apart, role_b]);
    push(&[hash(&look.lower[other.head])]);
    push(&[head_lemma(look, item.head), hash(&look.lower[other.head])]);
    let same_head = look.analysis.tokens.heads.get(item.head) == look.analysis.tokens.heads.get(other.head);
    push(&[u64::from(same_head), role_a, role_b]);
    push(&[kind, often, apart]);
    let speech = speech_subject(look, other);
    push(&[u64::from(speech), quote, apart]);
    push(&[head_lemma(look, item.head), kind]);
    let word = look.lower[other.head].as_str();
    let ending = word.char_indices().rev().nth(2).map_or(word, |(i, _)| &word[i..]);
    push(&[hash(ending), number]);
    push(&[u64::from(look.analysis.tokens.upos.get(other.head).map_or(0, |u| *u as u8)), form, role_b]);
    let opener = look.lower[other.tokens.start].as_str();
    push(&[hash(opener), form]);
}

/// Whether a phrase cannot be who says something, where pronoun `item` does.
fn is_mute(look: &Look<'_>, item: &Item, other: &Item) -> bool {
    // "“My client slept at home,” she said": whoever speaks is outside the quotation.
    let within = other.quoted && other.sentence + 2 >= item.sentence;
    // Towns and rivers say nothing; a capital that speaks has done so before.
    let place = item.pronoun == Some(Pronoun::It)
        && (other.entity_kind == Some(EntityKind::Location) || (is_place(look, other) && !speech_subject(look, other)));
    within || place
}

/// A country or town, by name or by noun.
fn is_place(look: &Look<'_>, item: &Item) -> bool {
    item.entity_kind == Some(EntityKind::Gpe)
        || matches!(
            look.lower[item.head].as_str(),
            "town" | "city" | "village" | "province" | "region" | "district" | "country" | "state" | "municipality"
        )
}

/// Whether a pronoun outside quotation marks says something: "he said", "said he".
fn says(look: &Look<'_>, item: &Item) -> bool {
    let verb = |lemma: &str| is_speech(lemma) || matches!(lemma, "call" | "describe" | "blame" | "accuse" | "dismiss");
    let beside = |t: Option<usize>| t.is_some_and(|t| verb(look.analysis.tokens.lemma(t)));
    !item.quoted && (speech_subject(look, item) || beside(item.head.checked_add(1)) || beside(item.head.checked_sub(1)))
}

fn head_lemma(look: &Look<'_>, token: usize) -> u64 {
    let head = look.analysis.tokens.heads.get(token).map_or(token, |&h| h as usize);
    hash(look.analysis.tokens.lemma(head))
}

/// Whether the phrase is the subject of a verb of saying.
pub(super) fn speech_subject(look: &Look<'_>, item: &Item) -> bool {
    let head = look.analysis.tokens.heads.get(item.head).map_or(item.head, |&h| h as usize);
    matches!(item.relation, Relation::Nsubj) && is_speech(look.analysis.tokens.lemma(head))
}

/// Verbs that give words to their subject.
pub(super) fn is_speech(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "add"
            | "write"
            | "state"
            | "announce"
            | "explain"
            | "note"
            | "claim"
            | "warn"
            | "insist"
            | "argue"
            | "admit"
            | "reply"
            | "ask"
            | "declare"
            | "stress"
            | "comment"
            | "continue"
            | "tweet"
            | "report"
            | "confirm"
            | "deny"
            | "recall"
            | "remark"
            | "conclude"
            | "shout"
            | "joke"
            | "acknowledge"
            | "respond"
            | "reveal"
            | "suggest"
    )
}

/// The candidate that the model prefers, with the probability it gives it;
/// `None` where it prefers nobody. Without weights: the nearest that agrees.
pub fn choose(look: &Look<'_>, i: usize, known: impl Fn(usize) -> Known) -> Option<(usize, f32)> {
    let cue = look.items.get(i).filter(|item| says(look, item));
    let list = candidates_but(look, i, &known, |other| cue.is_some_and(|item| is_mute(look, item, other)));
    let Some(table) = TABLE.as_ref() else {
        return list.first().map(|&j| (j, 0.5));
    };
    let mut row = Features::default();
    let mut score = |j| {
        features(look, i, j, &mut row);
        table.unscale(table.scores(&row)).0[0]
    };
    let nobody = score(None);
    let scores: Vec<f32> = list.iter().enumerate().map(|(rank, &j)| score(Some((rank, j, known(j))))).collect();
    let top = scores.iter().copied().fold(nobody, f32::max);
    let sum: f32 = scores.iter().map(|s| (s - top).exp()).sum::<f32>() + (nobody - top).exp();
    let mut best: Option<(usize, f32)> = None;
    for (&j, &s) in list.iter().zip(&scores) {
        if s + LEAN > nobody && best.is_none_or(|b| s > b.1) {
            best = Some((j, s));
        }
    }
    best.map(|(j, s)| (j, (s - top).exp() / sum))
}
