use std::collections::BTreeMap;
use std::ops::Range;

use firsthand_model::{Analysis, EntityKind, Mention, MentionKind, Report, Upos};
use firsthand_name::{TitleKind, title};
use firsthand_span::{Span, fold};

use super::{Words, chunks, label, patterns};
use crate::coref::nouns::{noun, pronoun};

/// Tokens before and after the head that a description may have.
const REACH: usize = 9;

/// Fills `analysis.mentions` with the names, descriptions and pronouns of a
/// report whose tokens are tagged, in order of their spans.
pub fn recognise(report: &Report, analysis: &mut Analysis) {
    let text = report.text.as_str();
    let words = Words {
        words: analysis.tokens.spans.iter().map(|s| s.of(text)).collect(),
        sentences: analysis.sentences.iter().map(|s| s.tokens.start as usize..s.tokens.end as usize).collect(),
    };
    let labels = label(&words);
    let mut names = names(&words, &labels);
    patterns::drop_openers(&words, &mut names);
    patterns::take_given(&words, &mut names);
    patterns::people(&words, &mut names);
    second_pass(&words, &mut names);
    names.sort_by_key(|n| (n.tokens.start, n.tokens.end));
    names.dedup_by(|b, a| b.tokens.start < a.tokens.end);
    let view = View { words: &words, upos: &analysis.tokens.upos, names: &names };
    let mut mentions = Vec::new();
    for name in &names {
        let start =
            if name.kind == EntityKind::Person { view.titles_before(name.tokens.start) } else { name.tokens.start };
        mentions.push(view.mention(start..name.tokens.end, MentionKind::Name, Some(name.kind), analysis));
    }
    for sentence in &words.sentences {
        for i in sentence.clone() {
            let lower = words.words[i].to_lowercase();
            if pronoun(&lower).is_some() && view.upos[i] != Upos::Propn && view.name_at(i).is_none() {
                mentions.push(view.mention(i..i + 1, MentionKind::Pronoun, None, analysis));
            } else if let Some((range, kind)) = view.description(i, &lower, sentence) {
                mentions.push(view.mention(range, MentionKind::Description, Some(kind), analysis));
            }
        }
    }
    mentions.sort_by_key(|m: &Mention| (m.span.start, std::cmp::Reverse(m.span.end), m.kind));
    mentions.dedup_by_key(|m| m.span);
    analysis.mentions = mentions;
}

/// A name: its kind and tokens.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) kind: EntityKind,
    pub(super) tokens: Range<usize>,
}

fn names(words: &Words<'_>, labels: &[u8]) -> Vec<Name> {
    let mut out = Vec::new();
    for sentence in &words.sentences {
        for (label, range) in chunks(&labels[sentence.clone()]) {
            let whole = range.start + sentence.start..range.end + sentence.start;
            if whole.len() == 1 && pronoun(&words.words[whole.start].to_lowercase()).is_some() {
                continue;
            }
            let tokens = patterns::unquoted(words, whole.clone());
            if tokens.start > whole.start + 1 {
                // What the quotation marks hold is a name too, of a thing.
                let quoted = whole.start..tokens.start - 1;
                if words.words[quoted.start].starts_with(char::is_uppercase) {
                    out.push(Name { kind: EntityKind::Organisation, tokens: quoted });
                }
            }
            let kind = match label {
                1 if is_vessel(words, &tokens) => EntityKind::Location,
                1 if patterns::is_company(words, &tokens) => EntityKind::Organisation,
                1 => EntityKind::Person,
                3 if patterns::is_land(words, &tokens) => EntityKind::Location,
                3 => EntityKind::Organisation,
                5 if patterns::is_institution(words, &tokens) => EntityKind::Organisation,
                5 => place_kind(&words.words[tokens.clone()]),
                7 => EntityKind::Group,
                _ => continue, // other names: works, events, products
            };
            if label != 5 || kind == EntityKind::Organisation {
                let tokens = if kind == EntityKind::Person { patterns::person_bounds(words, tokens) } else { tokens };
                out.push(Name { kind, tokens });
                continue;
            }
            // "Quill Harbour, Velmora": two places, the second holding the first.
            let mut start = tokens.start;
            for end in tokens.clone().filter(|&t| words.words[t] == ",").chain([tokens.end]) {
                if start < end {
                    let tokens = start..end;
                    out.push(Name { kind: place_kind(&words.words[tokens.clone()]), tokens });
                }
                start = end + 1;
            }
        }
    }
    out
}

/// Whether a person's name is a ship's: "MV Sister Oriel", "the ferry Lady Tamsin".
fn is_vessel(words: &Words<'_>, tokens: &Range<usize>) -> bool {
    let prefix = |w: &str| matches!(w, "MV" | "MS" | "SS" | "HMS" | "USS" | "INS" | "RMS" | "MT" | "FV");
    let noun = |w: &str| {
        matches!(
            w,
            "ferry"
                | "ship"
                | "vessel"
                | "tanker"
                | "yacht"
                | "trawler"
                | "freighter"
                | "boat"
                | "frigate"
                | "destroyer"
                | "submarine"
        )
    };
    let first = words.words.get(tokens.start).copied().unwrap_or("");
    let before = tokens.start.checked_sub(1).and_then(|i| words.words.get(i)).copied().unwrap_or("");
    prefix(first) || prefix(before) || noun(before)
}

/// Whether a place has a government (GPE) or is land, water or a building.
fn place_kind(words: &[&str]) -> EntityKind {
    const LAND: [&str; 37] = [
        "river",
        "lake",
        "sea",
        "ocean",
        "bay",
        "gulf",
        "strait",
        "straits",
        "channel",
        "island",
        "islands",
        "isle",
        "peninsula",
        "mountain",
        "mountains",
        "mount",
        "hill",
        "hills",
        "valley",
        "desert",
        "forest",
        "park",
        "beach",
        "coast",
        "cape",
        "airport",
        "station",
        "street",
        "road",
        "avenue",
        "square",
        "bridge",
        "dam",
        "crossing",
        "canal",
        "harbour",
        "harbor",
    ];
    let is_land = |w: &&str| LAND.contains(&w.to_lowercase().as_str());
    if words.len() > 1 && (words.last().is_some_and(is_land) || words.first().is_some_and(is_land)) {
        EntityKind::Location
    } else {
        EntityKind::Gpe
    }
}

/// The second pass over the document: one kind per name, by majority, and
/// names known elsewhere in the text found where the model missed them.
fn second_pass(words: &Words<'_>, names: &mut Vec<Name>) {
    let key = |range: &Range<usize>| words.words[range.clone()].iter().map(|w| fold(w)).collect::<Vec<_>>().join(" ");
    let mut votes: BTreeMap<String, BTreeMap<EntityKind, u32>> = BTreeMap::new();
    for name in names.iter() {
        *votes.entry(key(&name.tokens)).or_default().entry(name.kind).or_default() += 1;
    }
    let placed = patterns::placed(words, names);
    let winner = |kinds: &BTreeMap<EntityKind, u32>| {
        kinds.iter().max_by_key(|(k, n)| (**n, std::cmp::Reverse(**k))).map(|(k, _)| *k)
    };
    let mut known: BTreeMap<String, EntityKind> =
        votes.iter().filter_map(|(name, kinds)| Some((name.clone(), winner(kinds)?))).collect();
    // The surname of a person named in full is a person's name.
    let mut surnames: BTreeMap<String, EntityKind> = BTreeMap::new();
    for (name, kind) in &known {
        if *kind == EntityKind::Person
            && let Some((_, last)) = name.rsplit_once(' ')
            && last.chars().count() > 2
        {
            surnames.insert(last.to_owned(), *kind);
        }
    }
    for (last, kind) in surnames {
        let other = votes.get(&last).map_or(0, |v| v.iter().filter(|(k, _)| **k != kind).map(|(_, n)| *n).sum());
        if other <= 1 {
            known.insert(last, kind);
        }
    }
    for name in placed {
        known.insert(name, EntityKind::Gpe);
    }
    for name in names.iter_mut() {
        if let Some(kind) = known.get(&key(&name.tokens)) {
            name.kind = *kind;
        }
    }
    let mut taken = vec![false; words.words.len()];
    for name in names.iter() {
        taken[name.tokens.clone()].fill(true);
    }
    const LONGEST: usize = 6;
    let mut found = Vec::new();
    for sentence in &words.sentences {
        let mut i = sentence.start;
        while i < sentence.end {
            let capital = words.words[i].chars().next().is_some_and(char::is_uppercase);
            if taken[i] || !capital {
                i += 1;
                continue;
            }
            let free = (i..sentence.end.min(i + LONGEST)).take_while(|&j| !taken[j]).count();
            let hit = (1..=free).rev().find_map(|n| known.get(&key(&(i..i + n))).map(|kind| (n, *kind)));
            // A single word must not run on into another capitalised one.
            let alone = |n: usize| {
                n > 1 || !(i + 1 < sentence.end && words.words[i + 1].chars().next().is_some_and(char::is_uppercase))
            };
            match hit {
                Some((n, kind)) if alone(n) && words.words[i].chars().count() > 2 => {
                    found.push(Name { kind, tokens: i..i + n });
                    i += n;
                }
                _ => i += 1,
            }
        }
    }
    names.extend(found);
}

struct View<'a> {
    words: &'a Words<'a>,
    upos: &'a [Upos],
    names: &'a [Name],
}

impl View<'_> {
    fn mention(
        &self,
        tokens: Range<usize>,
        kind: MentionKind,
        entity_kind: Option<EntityKind>,
        analysis: &Analysis,
    ) -> Mention {
        let spans = &analysis.tokens.spans;
        let span = match (spans.get(tokens.start), spans.get(tokens.end.saturating_sub(1))) {
            (Some(a), Some(b)) => a.cover(*b),
            _ => Span::default(),
        };
        Mention { span, kind, entity_kind, entity: None }
    }

    /// The name that token `i` is part of.
    fn name_at(&self, i: usize) -> Option<&Name> {
        let at = self.names.partition_point(|n| n.tokens.end <= i);
        self.names.get(at).filter(|n| n.tokens.contains(&i))
    }

    fn sentence_start(&self, i: usize) -> usize {
        let at = self.words.sentences.partition_point(|s| s.end <= i);
        self.words.sentences.get(at).map_or(i, |s| s.start)
    }

    /// Where the titles before a person's name begin: "Rear Admiral", "Mr".
    fn titles_before(&self, name: usize) -> usize {
        let floor = self.sentence_start(name);
        let mut start = name;
        let mut at = name;
        while at > floor && name - at < REACH {
            at -= 1;
            // "Rear-Admiral" is three tokens.
            let hyphen = |k: usize| matches!(self.words.words[k], "-" | "‑" | "–");
            if hyphen(at) && start == at + 1 && start < name && at > floor {
                let before = fold(self.words.words[at - 1]);
                if title(&before).is_some() {
                    start = at - 1;
                    at -= 1;
                    continue;
                }
            }
            let word = fold(self.words.words[at]);
            let word = word.trim_end_matches('.');
            match title(word) {
                _ if self.name_at(at).is_some() => break,
                Some(TitleKind::Part) => start = at,
                Some(_) => start = at,
                // "Health Minister", "Chief Executive Officer": a capitalised word between titles.
                None if start < name
                    && self.words.words[at].chars().next().is_some_and(char::is_uppercase)
                    && matches!(self.upos[at], Upos::Propn | Upos::Noun | Upos::Adj)
                    && at > floor =>
                {
                    start = at
                }
                None => break,
            }
        }
        // A bare "then" or "first" is no title.
        let only_parts =
            (start..name).all(|i| title(fold(self.words.words[i]).trim_end_matches('.')) == Some(TitleKind::Part));
        if only_parts { name } else { start }
    }

    /// A description whose head is token `i`: its tokens and kind.
    fn description(&self, i: usize, lower: &str, sentence: &Range<usize>) -> Option<(Range<usize>, EntityKind)> {
        let found = noun(lower)?;
        if !matches!(self.upos[i], Upos::Noun | Upos::Propn | Upos::X | Upos::Adj) || self.name_at(i).is_some() {
            return None;
        }
        let nominal = |u: Upos| matches!(u, Upos::Noun | Upos::Propn);
        if i + 1 < sentence.end && nominal(self.upos[i + 1]) {
            return None; // a modifier: "police chief", "Minister Orlo"
        }
        let mut start = i;
        while start > sentence.start && i - start < REACH {
            let at = start - 1;
            let possessive = matches!(self.words.words[at], "'s" | "’s" | "'" | "’")
                && at > sentence.start
                && nominal(self.upos[at - 1]);
            let inside = matches!(self.upos[at], Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num)
                || self.words.words[at] == "-"
                || possessive;
            if inside {
                start = at;
                continue;
            }
            let opens = self.upos[at] == Upos::Det
                || matches!(
                    self.words.words[at].to_lowercase().as_str(),
                    "his" | "her" | "their" | "its" | "my" | "our"
                );
            if opens {
                start = at;
                // "all the", "one of the": the determiner ends it.
            }
            break;
        }
        if matches!(
            self.words.words[start].to_lowercase().as_str(),
            "no" | "any" | "every" | "each" | "neither" | "either"
        ) {
            return None; // stands for nobody in particular
        }
        let mut end = i + 1;
        // "spokesman for the ministry", "officer at Quill Harbour", "minister of health".
        while end < sentence.end && matches!(self.words.words[end], "of" | "for" | "at" | "from" | "in") {
            let preposition = self.words.words[end];
            let mut at = end + 1;
            let mut head = None;
            while at < sentence.end && at - end < REACH {
                let word = self.words.words[at];
                let fits = matches!(self.upos[at], Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn)
                    || (matches!(word, "'s" | "’s") && head.is_some())
                    || (at == end + 1 && matches!(word, "his" | "her" | "its" | "their"));
                // "Minister of Emergencies Ida Vale": the name is not part of the
                // office; in "sister of minister Ida Vale" it is.
                let named = self.name_at(at).is_some_and(|n| n.kind == EntityKind::Person && n.tokens.start == at);
                let own = named
                    && head.is_some_and(|h: usize| {
                        h + 1 == at
                            && self.name_at(h).is_none()
                            && !patterns::is_role(self.words.words[h])
                            && !matches!(self.words.words[h], "'s" | "’s")
                    });
                if !fits || own {
                    break;
                }
                if nominal(self.upos[at]) {
                    head = Some(at);
                }
                at += 1;
            }
            let Some(head) = head else { break };
            let name = self.name_at(head);
            let institution = noun(&self.words.words[head].to_lowercase())
                .is_some_and(|n| matches!(n.kind, EntityKind::Organisation | EntityKind::Group));
            let person = matches!(found.kind, EntityKind::Person | EntityKind::Group);
            let takes = match preposition {
                "of" => true,
                "for" => {
                    let office =
                        found.kind == EntityKind::Person && matches!(lower, "minister" | "secretary" | "commissioner");
                    person && (name.is_some() || institution || (office && head == end + 1))
                }
                _ => person && name.is_some_and(|n| n.kind != EntityKind::Person),
            };
            if !takes {
                break;
            }
            end = head + 1;
            if preposition != "of" {
                break;
            }
        }
        Some((start..end, found.kind))
    }
}
