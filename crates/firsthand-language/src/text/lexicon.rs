use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// How an abbreviation behaves before a possible sentence end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Before a name: never ends a sentence.
    Title,
    /// An abbreviation only before a number.
    Number,
    /// Rarely ends a sentence.
    Inner,
    /// May end a sentence.
    End,
}

/// The word lists of the tokeniser.
pub(super) struct Lexicon {
    abbreviations: FxHashMap<&'static str, Abbreviation>,
    prefixes: FxHashMap<&'static str, ()>,
    contractions: FxHashMap<&'static str, usize>,
}

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

impl Lexicon {
    pub(super) fn get() -> &'static Lexicon {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| {
            let mut abbreviations = FxHashMap::default();
            for line in lines(include_str!("data/abbreviations.txt")) {
                let mut words = line.split_whitespace();
                let kind = match words.next() {
                    Some("title") => Abbreviation::Title,
                    Some("number") => Abbreviation::Number,
                    Some("inner") => Abbreviation::Inner,
                    _ => Abbreviation::End,
                };
                for word in words {
                    abbreviations.entry(word).or_insert(kind);
                }
            }
            let prefixes =
                lines(include_str!("data/prefixes.txt")).flat_map(str::split_whitespace).map(|w| (w, ())).collect();
            let contractions = lines(include_str!("data/contractions.txt"))
                .filter_map(|line| line.split_once(' '))
                .filter_map(|(word, cut)| Some((word, cut.trim().parse().ok()?)))
                .collect();
            Lexicon { abbreviations, prefixes, contractions }
        })
    }

    /// The kind of a word written without its final stop.
    pub(super) fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        self.abbreviations.get(word).copied()
    }

    /// Whether a hyphen after `word` joins rather than parts.
    pub(super) fn is_prefix(&self, word: &str) -> bool {
        let mut lower = [0u8; 8];
        let Some(buffer) = lower.get_mut(..word.len()) else { return false };
        buffer.copy_from_slice(word.as_bytes());
        buffer.make_ascii_lowercase();
        std::str::from_utf8(buffer).is_ok_and(|w| self.prefixes.contains_key(w))
    }

    /// Where a contraction written as one word is cut.
    pub(super) fn contraction(&self, word: &str) -> Option<usize> {
        if word.len() < 5 || word.len() > 6 {
            return None;
        }
        let mut lower = [0u8; 6];
        let buffer = lower.get_mut(..word.len())?;
        buffer.copy_from_slice(word.as_bytes());
        buffer.make_ascii_lowercase();
        self.contractions.get(std::str::from_utf8(buffer).ok()?).copied()
    }
}
