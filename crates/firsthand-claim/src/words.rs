//! Words of claims made comparable: folded, stemmed, sorted into classes.
//!
//! Comparison works on digests of readings, without tokens and tags, so this
//! is a light stemmer over folded words with a table of irregular forms.

use std::cell::OnceCell;
use std::sync::LazyLock;

use firsthand_span::{Span, fold};
use rustc_hash::{FxHashMap, FxHashSet};

static PREDICATES: &str = include_str!("../data/predicates.tsv");
static IRREGULAR: &str = include_str!("../data/irregular.tsv");
static STOP: &str = include_str!("../data/stop.txt");
static SYNONYMS: &str = include_str!("../data/synonyms.txt");
static NUMBERS: &str = include_str!("../data/numbers.txt");
static OPINION: &str = include_str!("../data/opinion.txt");

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn set(table: &'static str) -> FxHashSet<&'static str> {
    lines(table).flat_map(str::split_whitespace).collect()
}

/// A class of predicates with its PLOVER type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// Its word, such as `killed`.
    pub(crate) name: &'static str,
    /// PLOVER event type, where one fits.
    pub(crate) plover: Option<&'static str>,
}

static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| {
    lines(PREDICATES)
        .filter_map(|l| {
            let mut fields = l.split('\t');
            let (name, plover) = (fields.next()?, fields.next()?);
            Some(Class { name, plover: (plover != "-").then_some(plover) })
        })
        .collect()
});

/// From a stem to the index of its class; the first class that lists it counts.
static CLASS_OF: LazyLock<FxHashMap<String, usize>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for (i, line) in lines(PREDICATES).enumerate() {
        for word in line.split('\t').nth(2).unwrap_or_default().split_whitespace() {
            if !word.starts_with('=') {
                out.entry(stem(word)).or_insert(i);
            }
        }
    }
    out
});

/// From a word in one form to the index of its class: entries marked `=`.
static CLASS_OF_FORM: LazyLock<FxHashMap<&'static str, usize>> = LazyLock::new(|| {
    lines(PREDICATES)
        .enumerate()
        .flat_map(|(i, l)| l.split('\t').nth(2).unwrap_or_default().split_whitespace().map(move |w| (w, i)))
        .filter_map(|(w, i)| Some((w.strip_prefix('=')?, i)))
        .collect()
});

/// From a stem to the stem that stands for its line of synonyms; the first line counts.
static CONCEPT_OF: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for line in lines(SYNONYMS) {
        let mut stems = line.split_whitespace().map(stem);
        let Some(first) = stems.next() else { continue };
        for word in std::iter::once(first.clone()).chain(stems) {
            out.entry(word).or_insert_with(|| first.clone());
        }
    }
    out
});

/// The stem that stands for a stem and its synonyms.
pub(crate) fn concept(stem: &str) -> String {
    CONCEPT_OF.get(stem).map_or(stem, String::as_str).to_owned()
}

static LEMMA_OF: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    lines(IRREGULAR)
        .filter_map(|l| l.split_once('\t'))
        .flat_map(|(lemma, forms)| forms.split_whitespace().map(move |f| (f, lemma)))
        .collect()
});

static STOP_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| set(STOP));
static NUMBER_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| set(NUMBERS));
static OPINION_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| set(OPINION));

/// From the first of two adjacent stems to the second ones and the index of their class.
static PHRASE_OF: LazyLock<FxHashMap<String, Vec<(String, usize)>>> = LazyLock::new(|| {
    let mut out: FxHashMap<String, Vec<(String, usize)>> = FxHashMap::default();
    for (i, line) in lines(PREDICATES).enumerate() {
        for word in line.split('\t').nth(2).unwrap_or_default().split_whitespace() {
            if let Some((a, b)) = word.split_once('_') {
                out.entry(stem(a)).or_default().push((stem(b), i));
            }
        }
    }
    out
});

/// The class that word `i` has, alone or with the next one; a phrase gives its
/// second word no class.
pub(crate) fn class_at(words: &[Word], i: usize) -> Option<Class> {
    let phrase = |i: usize| {
        let (a, b) = (words.get(i)?, words.get(i + 1)?);
        // The last class that lists a phrase counts.
        let seconds = PHRASE_OF.get(a.stem())?;
        seconds.iter().rev().find(|(second, _)| second == b.stem()).and_then(|(_, c)| CLASSES.get(*c)).copied()
    };
    if let Some(class) = phrase(i) {
        return Some(class);
    }
    if (i > 0 && phrase(i - 1).is_some()) || in_name(words, i) {
        return None;
    }
    let word = words.get(i).filter(|w| !w.is_stop())?;
    match CLASS_OF_FORM.get(word.folded.as_str()) {
        Some(&form) => CLASSES.get(form).copied(),
        None => class_of(word.stem()),
    }
}

/// Whether a word is part of a name of several words ("the Sister Oriel"):
/// capitalised beside another that is, where not most words are.
fn in_name(words: &[Word], i: usize) -> bool {
    let capital = |i: Option<usize>| i.and_then(|i| words.get(i)).is_some_and(|w| w.capital);
    capital(Some(i))
        && ((i > 1 && capital(Some(i - 1))) || (i > 0 && capital(Some(i + 1))))
        && 2 * words.iter().filter(|w| w.capital).count() <= words.len()
}

/// The class of a stem or of a class name.
pub(crate) fn class_of(stem: &str) -> Option<Class> {
    CLASS_OF.get(stem).and_then(|&i| CLASSES.get(i)).copied()
}

/// Whether a folded word writes a number.
pub(crate) fn is_number_word(word: &str) -> bool {
    NUMBER_WORDS.contains(word)
}

/// The names of all classes.
pub(crate) fn class_names() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|c| c.name)
}

/// The class with this name.
pub(crate) fn class_named(name: &str) -> Option<Class> {
    CLASSES.iter().find(|c| c.name == name).copied()
}

/// Whether a word is an irregular form of a verb.
pub(crate) fn is_irregular_verb(word: &str) -> bool {
    LEMMA_OF.get(word).is_some_and(|l| !matches!(*l, "person" | "man" | "woman" | "child" | "life" | "body" | "wife"))
}

/// A light English stem: irregular forms by table, then endings. Two forms of
/// one word mostly get one stem; the stem itself need not be a word.
pub(crate) fn stem(word: &str) -> String {
    if let Some(lemma) = LEMMA_OF.get(word) {
        return ending(lemma);
    }
    let mut w = word.strip_suffix("'s").or_else(|| word.strip_suffix("s'")).unwrap_or(word);
    if let Some(base) = w.strip_suffix("ies").filter(|b| b.len() > 2) {
        return format!("{base}i");
    }
    if let Some(base) = w.strip_suffix('s').filter(|b| b.len() > 2 && !b.ends_with(['s', 'u', 'i'])) {
        w = base;
    }
    for suffix in ["ing", "ed"] {
        if let Some(base) = w.strip_suffix(suffix).filter(|b| b.len() > 2 && b.contains(['a', 'e', 'i', 'o', 'u', 'y']))
        {
            w = base;
            let mut tail = base.chars().rev();
            if let (Some(a), Some(b)) = (tail.next(), tail.next())
                && a == b
                && !matches!(a, 'l' | 's' | 'z' | 'e')
            {
                w = base.strip_suffix(a).unwrap_or(base);
            }
            break;
        }
    }
    ending(w)
}

/// What makes stems of verb and noun alike: final `e` and `y` go their way.
fn ending(w: &str) -> String {
    let w = w.strip_suffix('e').filter(|b| b.len() > 2).unwrap_or(w);
    match w.strip_suffix('y').filter(|b| b.len() > 2) {
        Some(base) => format!("{base}i"),
        None => w.to_owned(),
    }
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its bytes in the text.
    pub(crate) span: Span,
    /// Folded.
    pub(crate) folded: String,
    /// Whether it begins with a capital letter and is not all capitals.
    pub(crate) capital: bool,
    /// Its stem, made when first asked for.
    stem: OnceCell<String>,
}

impl Word {
    /// The stem of its folded form.
    pub(crate) fn stem(&self) -> &str {
        self.stem.get_or_init(|| stem(&self.folded))
    }

    /// Whether it has a digit or writes a number.
    pub(crate) fn is_number(&self) -> bool {
        self.folded.contains(|c: char| c.is_ascii_digit())
            || self.folded.split('-').all(|part| NUMBER_WORDS.contains(part))
    }

    /// Whether it carries no content.
    pub(crate) fn is_stop(&self) -> bool {
        STOP_WORDS.contains(self.folded.as_str())
    }

    /// Whether it marks a wish, a judgement or a feeling.
    pub(crate) fn is_opinion(&self) -> bool {
        OPINION_WORDS.contains(self.folded.as_str())
    }
}

/// The words of a span, with their places: runs of letters, digits and inner
/// apostrophes, hyphens, points and commas between digits.
pub(crate) fn words(text: &str, span: Span) -> Vec<Word> {
    let part = span.of(text);
    let mut out = Vec::new();
    let mut start = None;
    let mut push = |from: usize, to: usize| {
        let word = part[from..to].trim_end_matches(['\'', '’', '-', '.', ',']);
        if !word.is_empty() {
            let at = span.start as usize + from;
            let mut letters = word.chars();
            let capital = letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase);
            let span = Span::new(at, at + word.len());
            out.push(Word { span, folded: fold(word), capital, stem: OnceCell::new() });
        }
    };
    let mut chars = part.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        let inner = start.is_some()
            && next.is_some_and(char::is_alphanumeric)
            && (matches!(c, '\'' | '’' | '-' | '‑')
                || (matches!(c, '.' | ',' | ':')
                    && next.is_some_and(|n| n.is_ascii_digit())
                    && part[..i].ends_with(|p: char| p.is_ascii_digit())));
        if c.is_alphanumeric() {
            start.get_or_insert(i);
        } else if !inner && let Some(from) = start.take() {
            push(from, i);
        }
    }
    if let Some(from) = start {
        push(from, part.len());
    }
    out
}

/// The content words of a claim as terms, in order, doubles kept: `#class` for
/// words and phrases of a class, else the stem. Numbers and stop words are left out.
pub(crate) fn terms(words: &[Word]) -> Vec<String> {
    (0..words.len())
        .filter_map(|i| {
            let word = &words[i];
            if let Some(class) = class_at(words, i) {
                return Some(format!("#{}", class.name));
            }
            (!word.is_number() && !word.is_stop()).then(|| concept(word.stem()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (a, b) in [
            ("killed", "kill"),
            ("killing", "kill"),
            ("sank", "sink"),
            ("loans", "loan"),
            ("stopped", "stop"),
            ("parties", "party"),
            ("died", "die"),
            ("closed", "close"),
            ("ministry's", "ministry"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn words_keep_their_places() {
        let text = "At 2:40 p.m., 1,140 people – the mayor’s list – left.";
        let all = words(text, Span::new(0, text.len()));
        let folded: Vec<&str> = all.iter().map(|w| w.folded.as_str()).collect();
        assert_eq!(folded, ["at", "2:40", "p", "m", "1,140", "people", "the", "mayor's", "list", "left"]);
        assert!(all.iter().all(|w| fold(w.span.of(text)) == w.folded));
    }

    #[test]
    fn classes_join_wordings() {
        let terms = |t: &str| terms(&words(t, Span::new(0, t.len())));
        assert_eq!(terms("12 were killed"), terms("12 died"));
        assert_eq!(terms("The boat sank"), terms("The vessel went down"));
    }
}
