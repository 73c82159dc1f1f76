//! The cue lexicon: verbs, phrases and short word lists, read once from the
//! data files beside the code.

use std::sync::LazyLock;

use firsthand_model::AttributionClass;
use rustc_hash::{FxHashMap, FxHashSet};

/// What the lexicon knows of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    /// The class of most of its uses.
    pub(crate) class: AttributionClass,
    /// Can stand beside a quotation or a bare clause.
    pub(crate) plain: bool,
    /// Takes an addressee.
    pub(crate) addressee: bool,
    /// Takes an object and a predicate.
    pub(crate) predicative: bool,
    /// Hedges by itself.
    pub(crate) hedges: bool,
    /// Denies by itself.
    pub(crate) denies: bool,
    /// Needs little proof: the commonest verbs of saying.
    pub(crate) core: bool,
}

/// What stands on the far side of a phrase cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// "according to" is followed by the source.
    Source,
    /// "reportedly" has none.
    Nothing,
}

/// A cue of fixed words.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    /// Lower-case words.
    pub(crate) words: Vec<&'static str>,
    /// What it is.
    pub(crate) cue: Cue,
    /// What follows it.
    pub(crate) after: After,
}

/// All of it.
pub(crate) struct Lexicon {
    /// Inflected form to cue and lemma; verb with particle as `form_particle`.
    forms: FxHashMap<String, (Cue, &'static str)>,
    /// Phrases by their first word.
    phrases: FxHashMap<&'static str, Vec<Phrase>>,
    /// Word lists by name.
    lists: FxHashMap<&'static str, FxHashSet<&'static str>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::parse(
        include_str!("../data/cues.txt"),
        include_str!("../data/phrases.txt"),
        include_str!("../data/words.txt"),
    )
});

/// The English lexicon.
pub(crate) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

static SPEAKERS: LazyLock<FxHashMap<&'static str, FxHashSet<&'static str>>> =
    LazyLock::new(|| Lexicon::lists(include_str!("../data/speakers.txt")));

/// Whether a lower-case head noun of a source is on a list.
pub(crate) fn speakers(list: &str, head: &str) -> bool {
    SPEAKERS.get(list).is_some_and(|l| l.contains(head))
}

impl Lexicon {
    fn parse(cues: &'static str, phrases: &'static str, words: &'static str) -> Self {
        let mut lexicon =
            Lexicon { forms: FxHashMap::default(), phrases: FxHashMap::default(), lists: FxHashMap::default() };
        let mut class = AttributionClass::Speech;
        for line in lines(cues) {
            if let Some(head) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                class = AttributionClass::parse(head).unwrap_or(class);
                continue;
            }
            let mut parts = line.split_whitespace();
            let Some(lemma) = parts.next() else { continue };
            let rest: Vec<&str> = parts.collect();
            let flags: String = rest.first().map_or("", |r| r).chars().take_while(|c| !c.is_alphabetic()).collect();
            let irregular: Vec<&str> = rest
                .iter()
                .map(|w| w.trim_start_matches(|c: char| !c.is_alphabetic()))
                .filter(|w| !w.is_empty())
                .collect();
            let cue = cue(class, &flags);
            let (verb, particle) = lemma.split_once('_').map_or((lemma, None), |(v, p)| (v, Some(p)));
            let mut forms: Vec<String> = vec![verb.to_owned()];
            forms.extend(irregular.iter().map(|&f| f.to_owned()));
            if irregular.len() < 2 {
                forms.extend(inflect(verb, irregular.is_empty()));
            }
            for form in forms {
                let key = particle.map_or(form.clone(), |p| format!("{form}_{p}"));
                lexicon.forms.entry(key).or_insert((cue, lemma));
            }
        }
        for line in lines(phrases) {
            let mut parts = line.split_whitespace();
            let (Some(class), Some(after), Some(flags)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let words: Vec<&str> = parts.collect();
            let (Some(&first), Some(class)) = (words.first(), AttributionClass::parse(class)) else { continue };
            let after = if after == "source" { After::Source } else { After::Nothing };
            lexicon.phrases.entry(first).or_default().push(Phrase { words, cue: cue(class, flags), after });
        }
        lexicon.lists = Self::lists(words);
        lexicon
    }

    /// Reads word lists: a `[name]`, then words.
    fn lists(data: &'static str) -> FxHashMap<&'static str, FxHashSet<&'static str>> {
        let mut out: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
        let mut list = "";
        for line in lines(data) {
            if let Some(head) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                list = head;
            } else {
                out.entry(list).or_default().extend(line.split_whitespace());
            }
        }
        out
    }

    /// The cue and lemma of a lower-case verb form.
    pub(crate) fn verb(&self, form: &str) -> Option<(Cue, &'static str)> {
        self.forms.get(form).copied()
    }

    /// The cue and lemma of a verb form with the word after it ("pointed out").
    pub(crate) fn phrasal(&self, form: &str, particle: &str) -> Option<(Cue, &'static str)> {
        self.forms.get(&format!("{form}_{particle}")).copied()
    }

    /// Phrases that begin with a lower-case word.
    pub(crate) fn phrases(&self, first: &str) -> &[Phrase] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// Whether a lower-case word is on a list.
    pub(crate) fn is(&self, list: &str, word: &str) -> bool {
        self.lists.get(list).is_some_and(|l| l.contains(word))
    }
}

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn cue(class: AttributionClass, flags: &str) -> Cue {
    let has = |c| flags.contains(c);
    Cue {
        class,
        plain: has('"'),
        addressee: has('+'),
        predicative: has('='),
        hedges: has('~'),
        denies: has('!'),
        core: has('*'),
    }
}

/// Regular English inflection: third person, and unless `present` is false
/// also past and participle.
fn inflect(verb: &str, past: bool) -> Vec<String> {
    let mut out = Vec::with_capacity(3);
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|e| verb.ends_with(e));
    let consonant_y = verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    out.push(match (consonant_y, sibilant) {
        (Some(stem), _) => format!("{stem}ies"),
        (None, true) => format!("{verb}es"),
        (None, false) => format!("{verb}s"),
    });
    match verb.strip_suffix('e') {
        Some(stem) => out.push(format!("{}ing", if verb.ends_with("ee") { verb } else { stem })),
        None => out.push(format!("{verb}ing")),
    }
    if past {
        out.push(match (consonant_y, verb.strip_suffix('e')) {
            (Some(stem), _) => format!("{stem}ied"),
            (None, Some(stem)) => format!("{stem}ed"),
            (None, None) => format!("{verb}ed"),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_inflected_forms() {
        for (form, lemma) in [
            ("said", "say"),
            ("tells", "tell"),
            ("told", "tell"),
            ("telling", "tell"),
            ("denies", "deny"),
            ("noted", "note"),
        ] {
            assert_eq!(lexicon().verb(form).map(|v| v.1), Some(lemma), "{form}");
        }
        assert_eq!(lexicon().phrasal("pointed", "out").map(|v| v.1), Some("point_out"));
        assert!(lexicon().verb("table").is_none());
        assert!(lexicon().verb("denied").is_some_and(|v| v.0.denies));
    }
}
