//! Names of persons: titles off, then given names and surname.

use firsthand_model::Gender;
use firsthand_span::fold;

use crate::lexicon::{given_gender, is_given, is_suffix, one_given, title, title_gender};
use crate::{Match, Scope, key, likeness};

/// Likeness of two spellings of one surname.
const SURNAME: f32 = 0.79;
/// Likeness of two spellings of one given name, where the surname fits well.
const GIVEN: f32 = 0.76;

#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    /// Folded words without titles, suffixes and particles.
    words: Vec<String>,
    title_gender: Option<Gender>,
    suffix: Option<String>,
}

/// One word of a printed name, folded, with whether it was written with a
/// capital (or in a script without case).
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let folded = folded.strip_suffix("'s").unwrap_or(&folded);
    let mut out = Vec::new();
    for word in folded.split(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '(' | ')' | ';' | '/')) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            out.push(word.to_owned());
        }
    }
    out
}

/// How many leading words are titles (or stand between them and the name).
fn title_length(words: &[String]) -> usize {
    let mut end = 0;
    for (i, word) in words.iter().enumerate() {
        let name_left = words.get(i + 1).is_some_and(|w| !is_suffix(w));
        let known = title(word.trim_end_matches('.')).is_some();
        if known && words.get(i + 1).is_some_and(|w| w == "of") && words.len() > i + 4 {
            // "Minister of Foreign Affairs Dana Orlo": the name is the last two words.
            return words.len() - 2;
        }
        if known && name_left {
            end = i + 1;
        } else if !known && i > 0 && end < i {
            // Two words in a row that are no titles: the name has begun.
            break;
        }
    }
    end
}

pub(crate) fn without_titles(name: &str) -> &str {
    let printed: Vec<&str> = name.split_whitespace().collect();
    let folded: Vec<String> =
        printed.iter().map(|w| fold(w).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).collect();
    let mut start = title_length(&folded);
    if start == 0 {
        start = folded.iter().take_while(|w| matches!(w.as_str(), "the" | "a" | "an")).count();
    }
    let mut end = printed.len();
    while end > start + 1 && folded.get(end - 1).is_some_and(|w| is_suffix(w)) {
        end -= 1;
    }
    match (printed.get(start), printed.get(end.wrapping_sub(1))) {
        (Some(first), Some(last)) => {
            // Both are slices of `name`.
            let from = first.as_ptr() as usize - name.as_ptr() as usize;
            let to = last.as_ptr() as usize - name.as_ptr() as usize + last.len();
            name.get(from..to).unwrap_or(name).trim_end_matches([',', ';', ':'])
        }
        _ => name,
    }
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "ul"
            | "ad"
            | "as"
            | "ash"
            | "ar"
            | "an"
            | "at"
            | "az"
            | "de"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "del"
            | "della"
            | "di"
            | "du"
            | "van"
            | "von"
            | "der"
            | "den"
            | "zu"
            | "la"
            | "le"
            | "bin"
            | "ibn"
            | "bint"
            | "ter"
            | "ten"
            | "y"
    )
}

impl Person {
    pub(crate) fn new(text: &str) -> Self {
        let all = words(text);
        let start = title_length(&all);
        let title_gender = all.iter().take(start).rev().find_map(|w| title_gender(w.trim_end_matches('.')));
        let mut suffix = None;
        let mut parts: Vec<String> = Vec::new();
        for word in all.iter().skip(start) {
            if is_suffix(word) && !parts.is_empty() {
                suffix = Some(word.clone());
                continue;
            }
            for part in word.split(['-', '.']).filter(|p| !p.is_empty()) {
                let part = part.replace('\'', "");
                if !part.is_empty() {
                    parts.push(part);
                }
            }
        }
        // Particles carry no identity, as long as something else does.
        if parts.iter().any(|p| !is_particle(p) && p.chars().count() > 1) {
            parts.retain(|p| !is_particle(p));
        }
        parts.truncate(12);
        Person { words: parts, title_gender, suffix }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.words.len() > 1
    }

    pub(crate) fn gender(&self) -> Option<Gender> {
        self.title_gender.or_else(|| if self.is_full() { given_gender(self.words.first()?) } else { None })
    }

    pub(crate) fn block_keys(&self, out: &mut Vec<String>) {
        for word in self.words.iter().filter(|w| w.chars().count() > 1) {
            out.push(short_key(word));
        }
        if self.words.len() > 1 {
            out.push(key(&self.words.concat()));
        }
    }

    pub(crate) fn compare(&self, other: &Person, scope: Scope) -> Match {
        let (a, b) = if (self.words.len(), &self.words) <= (other.words.len(), &other.words) {
            (self, other)
        } else {
            (other, self)
        };
        if a.words.is_empty() {
            return Match::none("empty");
        }
        if let (Some(x), Some(y)) = (self.gender(), other.gender())
            && x != y
        {
            return Match::none("other-gender");
        }
        if let (Some(x), Some(y)) = (&self.suffix, &other.suffix)
            && x != y
        {
            return Match::none("other-suffix");
        }
        if a.words == b.words {
            let score = if a.is_full() || scope == Scope::Story { 1.0 } else { 0.4 };
            return Match::new(score, "name");
        }
        let found = if a.words.len() == 1 { a.short(b, scope) } else { a.full(b, scope) };
        if found.is_same() {
            return found;
        }
        // "Abd al-Rahman" and "Abdulrahman", "Jong Un" and "Jongun".
        let (x, y) = (a.words.concat(), b.words.concat());
        if a.words.len() != b.words.len() && x.chars().count() > 5 && likeness(&x, &y) >= 0.88 && key(&x) == key(&y) {
            let score = if scope == Scope::Story || a.is_full() { 0.85 } else { 0.4 };
            return Match::new(score, "spelling");
        }
        found
    }

    /// One word against one or several.
    fn short(&self, other: &Person, scope: Scope) -> Match {
        let (Some(word), Some(last), Some(first)) = (self.words.first(), other.words.last(), other.words.first())
        else {
            return Match::none("empty");
        };
        let story = scope == Scope::Story;
        if other.words.len() == 1 {
            let like = word_likeness(word, last);
            if one_given(word, last) {
                return Match::new(if story { 0.6 } else { 0.2 }, "given-name");
            }
            return if like >= 0.84 && !apart(word, last) {
                Match::new(if story { 0.9 * like } else { 0.4 }, "spelling")
            } else {
                Match::none("other-name")
            };
        }
        let like = word_likeness(word, last);
        let ends = |w: &str| (w.chars().next(), w.chars().next_back());
        let close = like >= 0.84 || (like >= 0.79 && word.chars().count() > 3 && ends(word) == ends(last));
        if close && word.chars().count() > 1 {
            return Match::new(if story { 0.8 * like } else { 0.4 }, "surname");
        }
        // Of several surnames the first, or a middle one, may stand alone.
        if other.words.len() > 2 && other.words[1..].iter().any(|w| w == word) {
            return Match::new(if story { 0.6 } else { 0.3 }, "surname");
        }
        let given = word_likeness(word, first) >= 0.84 && !apart(word, first);
        if (given || one_given(word, first)) && word.chars().count() > 1 {
            return Match::new(if story { 0.55 } else { 0.2 }, "given-name");
        }
        Match::none("other-name")
    }

    /// Two full names.
    fn full(&self, other: &Person, scope: Scope) -> Match {
        let (a, b) = (&self.words, &other.words);
        let (Some(given_a), Some(given_b), Some(last_a), Some(last_b)) = (a.first(), b.first(), a.last(), b.last())
        else {
            return Match::none("empty");
        };
        let (given, initial) = given_likeness(given_a, given_b);
        let (surname, short_surname) = surname_likeness(last_a, last_b);
        if initial && short_surname {
            return Match::none("initials");
        }
        if given >= GIVEN && surname >= SURNAME && (given + surname) >= 1.68 {
            if !middles_agree(a, b) {
                return Match::none("other-middle-name");
            }
            if initial || short_surname {
                return Match::new(if scope == Scope::Story { 0.75 } else { 0.4 }, "initial");
            }
            let exact = given == 1.0 && surname == 1.0;
            return Match::new((given + surname) / 2.0 * 0.97, if exact { "name" } else { "spelling" });
        }
        // Surname first.
        if given_likeness(given_a, last_b).0 >= 0.95
            && surname_likeness(last_a, given_b).0 >= 0.95
            && !apart(given_a, last_b)
        {
            return Match::new(0.9, "order");
        }
        // "Nicolas Maduro" in "Nicolas Maduro Moros": all words of the
        // shorter, in order, with the same first word.
        if a.len() < b.len() && given >= 0.9 && !initial {
            let mut rest = b.iter();
            if a.iter().all(|w| rest.any(|x| word_likeness(w, x) >= 0.9)) {
                return Match::new(0.85, "longer-name");
            }
        }
        // "Salman" dropped in front: same surname, and the shorter's given
        // name is a middle name of the longer ("Ehud Barak", "J. Ehud Barak").
        if a.len() < b.len()
            && surname >= 0.95
            && b[1..b.len() - 1].iter().any(|w| w == given_a)
            && scope == Scope::Story
        {
            return Match::new(0.6, "longer-name");
        }
        Match::none("other-name")
    }
}

/// Key for finding candidates: the first three sounds.
fn short_key(word: &str) -> String {
    key(word).chars().take(3).collect()
}

fn word_likeness(a: &str, b: &str) -> f32 {
    let like = likeness(a, b);
    // Short words differ by one letter and are two names.
    let shortest = a.chars().count().min(b.chars().count());
    if like < 1.0 && shortest <= 3 && key(a) != key(b) { like * 0.8 } else { like }
}

/// Two known given names that are not forms of one name.
fn apart(a: &str, b: &str) -> bool {
    is_given(a) && is_given(b) && a != b && !one_given(a, b)
}

/// Likeness, and whether it rests on an initial.
fn given_likeness(a: &str, b: &str) -> (f32, bool) {
    if a == b {
        return (1.0, a.chars().count() == 1);
    }
    if let Some(fits) = initial_fits(a, b) {
        return (if fits { 1.0 } else { 0.0 }, true);
    }
    if one_given(a, b) {
        return (0.95, false);
    }
    if apart(a, b) {
        return (0.0, false);
    }
    (word_likeness(a, b), false)
}

fn surname_likeness(a: &str, b: &str) -> (f32, bool) {
    if a == b {
        return (1.0, a.chars().count() == 1);
    }
    if let Some(fits) = initial_fits(a, b) {
        return (if fits { 1.0 } else { 0.0 }, true);
    }
    (word_likeness(a, b), false)
}

/// Where exactly one of the two is an initial: whether it opens the other.
fn initial_fits(a: &str, b: &str) -> Option<bool> {
    let (short, long) = if a.chars().count() == 1 { (a, b) } else { (b, a) };
    if short.chars().count() != 1 {
        return None;
    }
    let sound = |w: &str| key(w).chars().next();
    Some(
        long.starts_with(short) || (sound(short).is_some() && sound(short) == sound(long) && long.chars().count() == 1),
    )
    .map(|fits| {
        fits || matches!(
            (short, long.chars().next()),
            ("c", Some('k'))
                | ("k", Some('c'))
                | ("v", Some('w'))
                | ("w", Some('v'))
                | ("j", Some('y'))
                | ("y", Some('j'))
        )
    })
}

/// Middle names: absent in one, or each of the shorter fits one of the longer.
fn middles_agree(a: &[String], b: &[String]) -> bool {
    let (Some(x), Some(y)) = (a.get(1..a.len() - 1), b.get(1..b.len() - 1)) else {
        return true;
    };
    let (x, y) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    x.iter().all(|m| y.iter().any(|n| given_likeness(m, n).0 >= 0.8))
}
