//! The mentions of a text, with what the steps ask of them.

use std::ops::Range;

use firsthand_model::{Analysis, EntityKind, Gender, MentionKind, Relation, Report, Upos};
use firsthand_name::given_gender;
use firsthand_span::{Span, fold};

use super::nouns::{Pronoun, noun, pronoun};

/// A mention, or another noun phrase that a pronoun could stand for.
#[derive(Clone, Debug)]
pub struct Item {
    /// Index in the analysis' mentions; `None` for a plain noun phrase.
    pub mention: Option<usize>,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its head token.
    pub head: usize,
    /// Its sentence.
    pub sentence: usize,
    /// Name, description or pronoun.
    pub kind: MentionKind,
    /// What it refers to, if known.
    pub entity_kind: Option<EntityKind>,
    /// The pronoun it is.
    pub pronoun: Option<Pronoun>,
    /// Gender, as far as the words show it.
    pub gender: Option<Gender>,
    /// Several people or things.
    pub plural: bool,
    /// Opens with "the", "this", a possessive.
    pub definite: bool,
    /// Inside quotation marks.
    pub quoted: bool,
    /// Relation of its head.
    pub relation: Relation,
}

/// A text seen by its mentions.
pub struct Look<'a> {
    /// The text.
    pub text: &'a str,
    /// Its analysis.
    pub analysis: &'a Analysis,
    /// Mentions and noun phrases, in order of their first token.
    pub items: Vec<Item>,
    /// Lower-case words.
    pub lower: Vec<String>,
    /// Whether each token stands in quotation marks.
    pub quoted: Vec<bool>,
}

/// Tokens that stand in quotation marks: marks open and close within a block.
fn quoted(analysis: &Analysis, words: &[String]) -> Vec<bool> {
    let mut out = vec![false; words.len()];
    let mut block = u32::MAX;
    let mut open = false;
    for sentence in &analysis.sentences {
        if sentence.block != block {
            (block, open) = (sentence.block, false);
        }
        for i in sentence.tokens.start as usize..(sentence.tokens.end as usize).min(words.len()) {
            match words[i].as_str() {
                "“" | "``" | "«" | "„" => open = true,
                "”" | "''" | "»" => open = false,
                "\"" => open = !open,
                _ => {}
            }
            out[i] = open;
        }
    }
    out
}

impl<'a> Look<'a> {
    /// Looks at a text whose mentions are known.
    pub fn new(report: &'a Report, analysis: &'a Analysis) -> Self {
        let text = report.text.as_str();
        let tokens = &analysis.tokens;
        let lower: Vec<String> = tokens.spans.iter().map(|s| s.of(text).to_lowercase()).collect();
        let quoted = quoted(analysis, &lower);
        let mut look = Look { text, analysis, items: Vec::new(), lower, quoted };
        let mut taken = vec![false; tokens.spans.len()];
        let mut named = vec![false; tokens.spans.len()];
        let mut items = Vec::new();
        for (m, mention) in analysis.mentions.iter().enumerate() {
            let range = tokens.within(mention.span);
            if range.is_empty() {
                continue;
            }
            if mention.kind == MentionKind::Name {
                named[range.clone()].fill(true);
            }
            let head = match mention.kind {
                MentionKind::Name => range.end - 1,
                _ => look.head(range.clone()),
            };
            if mention.kind == MentionKind::Name || mention.kind == MentionKind::Description {
                taken[head] = true;
            }
            items.push(look.item(Some(m), range, head, mention.kind, mention.entity_kind));
        }
        for head in 0..tokens.spans.len() {
            if taken[head] || !matches!(tokens.upos.get(head), Some(Upos::Noun | Upos::Propn)) || named[head] {
                continue;
            }
            if tokens.upos.get(head + 1).is_some_and(|u| matches!(u, Upos::Noun | Upos::Propn)) {
                continue;
            }
            let range = look.phrase(head);
            items.push(look.item(None, range, head, MentionKind::Description, None));
        }
        items.sort_by_key(|i| (i.tokens.start, std::cmp::Reverse(i.tokens.end), i.mention.is_none()));
        look.items = items;
        look
    }

    /// The noun phrase before and with a head.
    fn phrase(&self, head: usize) -> Range<usize> {
        let upos = &self.analysis.tokens.upos;
        let floor = self.sentence(head).map_or(head, |s| self.analysis.sentences[s].tokens.start as usize);
        let mut start = head;
        while start > floor && head - start < 6 {
            match upos[start - 1] {
                Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num => start -= 1,
                Upos::Det => {
                    start -= 1;
                    break;
                }
                Upos::Pron
                    if matches!(self.lower[start - 1].as_str(), "his" | "her" | "their" | "its" | "my" | "our") =>
                {
                    start -= 1;
                    break;
                }
                _ => break,
            }
        }
        start..head + 1
    }

    fn sentence(&self, token: usize) -> Option<usize> {
        let sentences = &self.analysis.sentences;
        let at = sentences.partition_point(|s| s.tokens.end as usize <= token);
        (at < sentences.len()).then_some(at)
    }

    /// The head noun of a description: the last noun before a preposition.
    fn head(&self, range: Range<usize>) -> usize {
        let upos = &self.analysis.tokens.upos;
        let mut head = range.start;
        for i in range {
            match upos[i] {
                Upos::Adp if noun(&self.lower[head]).is_some() => break,
                Upos::Noun | Upos::Propn | Upos::Pron => head = i,
                _ if noun(&self.lower[i]).is_some() => head = i,
                _ => {}
            }
        }
        head
    }

    fn item(
        &self,
        mention: Option<usize>,
        tokens: Range<usize>,
        head: usize,
        kind: MentionKind,
        entity_kind: Option<EntityKind>,
    ) -> Item {
        let word = self.lower[head].as_str();
        let first = self.lower[tokens.start].as_str();
        let pronoun = if kind == MentionKind::Pronoun { pronoun(word) } else { None };
        let known = noun(word);
        let gender = match (kind, pronoun) {
            (_, Some(Pronoun::He)) => Some(Gender::Male),
            (_, Some(Pronoun::She)) => Some(Gender::Female),
            (MentionKind::Name, _) if entity_kind == Some(EntityKind::Person) => self.name_gender(&tokens),
            _ => known.and_then(|n| n.gender),
        };
        let plural = match (kind, pronoun) {
            (_, Some(Pronoun::They | Pronoun::We)) => true,
            (MentionKind::Name, _) => entity_kind == Some(EntityKind::Group),
            _ => known
                .map_or_else(|| word.ends_with('s') && !word.ends_with("ss") && self.lemma_differs(head), |n| n.plural),
        };
        Item {
            mention,
            sentence: self.sentence(head).unwrap_or(0),
            kind,
            entity_kind: entity_kind.or_else(|| known.map(|n| n.kind)),
            pronoun,
            gender,
            plural,
            definite: matches!(
                first,
                "the" | "this" | "that" | "these" | "those" | "his" | "her" | "their" | "its" | "both"
            ),
            quoted: self.quoted[head],
            relation: self.analysis.tokens.relations.get(head).copied().unwrap_or(Relation::Dep),
            tokens,
            head,
        }
    }

    fn lemma_differs(&self, token: usize) -> bool {
        let lemma = self.analysis.tokens.lemma(token);
        !lemma.is_empty() && lemma != self.lower[token]
    }

    /// Gender shown by a title or a known given name.
    fn name_gender(&self, tokens: &Range<usize>) -> Option<Gender> {
        let spans = &self.analysis.tokens.spans;
        let span = spans.get(tokens.start)?.cover(*spans.get(tokens.end.checked_sub(1)?)?);
        let name = firsthand_name::Name::new(span.of(self.text), Some(EntityKind::Person));
        name.gender().or_else(|| {
            let bare = firsthand_name::without_titles(span.of(self.text));
            let first = fold(bare.split_whitespace().next()?);
            bare.contains(' ').then(|| given_gender(&first)).flatten()
        })
    }

    /// The words of some tokens.
    pub fn words(&self, tokens: Range<usize>) -> &'a str {
        self.span(tokens).of(self.text)
    }

    /// The bytes of some tokens.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        let spans = &self.analysis.tokens.spans;
        match (spans.get(tokens.start), spans.get(tokens.end.saturating_sub(1))) {
            (Some(a), Some(b)) => a.cover(*b),
            _ => Span::default(),
        }
    }
}
