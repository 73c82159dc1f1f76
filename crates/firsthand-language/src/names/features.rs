//! What the model of names looks at.

use std::ops::Range;

use firsthand_name::{TitleKind, title};
use rustc_hash::FxHashMap;

use super::Classes;
use super::gazetteer::{self, CALENDAR, GIVEN, ORG_WORD, PLACE_WORD, TITLE};
use crate::kernel::{Features, hash, hash_bytes, join, template};

/// A text as words and sentences.
#[derive(Clone, Debug, Default)]
pub struct Words<'t> {
    /// The words as written.
    pub words: Vec<&'t str>,
    /// Ranges of words, in order, covering all of them.
    pub sentences: Vec<Range<usize>>,
}

/// What is known of one distinct written form.
#[derive(Clone, Debug)]
struct Form {
    lower: u64,
    shape: u64,
    prefixes: [u64; 3],
    suffixes: [u64; 3],
    classes: (u8, u8),
    flags: u16,
    capital: bool,
    letters: u8,
    /// What the rest of the text shows of it, as bits.
    seen: u8,
}

const SEEN_LOWER: u8 = 1;
const SEEN_CAPITAL_INSIDE: u8 = 2;
const SEEN_AFTER_TITLE: u8 = 4;
const SEEN_AFTER_GIVEN: u8 = 8;
const SEEN_BEFORE_ORG_WORD: u8 = 16;
const SEEN_IN_LONGER: u8 = 32;
const SEEN_AFTER_IN: u8 = 64;

/// All that the model sees of one text.
pub struct Look {
    forms: Vec<Form>,
    /// The form of each word.
    ids: Vec<u32>,
    /// Listed names: flags per word.
    listed: Vec<u16>,
    /// Sentences in capitals (headlines): case says nothing there. Per word.
    loud: Vec<bool>,
}

/// A shape: letter classes, runs cut after two.
fn shape(word: &str) -> u64 {
    let mut out = [0u8; 24];
    let (mut n, mut run, mut last) = (0, 0, 0);
    for c in word.chars() {
        let class = match c {
            'A'..='Z' => b'X',
            'a'..='z' => b'x',
            '0'..='9' => b'd',
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            '.' | '-' | '\'' | '&' | '@' | '#' | '/' | ',' => c as u8,
            '’' => b'\'',
            _ => b'?',
        };
        run = if class == last { run + 1 } else { 0 };
        last = class;
        if run < 2 && n < out.len() {
            out[n] = class;
            n += 1;
        }
    }
    hash_bytes(&out[..n])
}

/// The first or last `n` letters, or the whole word.
fn prefix(word: &str, n: usize) -> &str {
    word.char_indices().nth(n).map_or(word, |(i, _)| &word[..i])
}

fn suffix(word: &str, n: usize) -> &str {
    word.char_indices().rev().nth(n - 1).map_or(word, |(i, _)| &word[i..])
}

/// A word as the classes know it: as written, digits as `0`.
pub fn class_form(word: &str) -> std::borrow::Cow<'_, str> {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().into()
    } else {
        word.into()
    }
}

impl Form {
    fn new(word: &str, classes: &Classes) -> Self {
        let plain: String = word.chars().map(|c| if c == '’' { '\'' } else { c }).collect();
        let lower = plain.to_lowercase();
        let bare = lower.trim_end_matches('.');
        let key = hash(&lower);
        let mut flags = gazetteer::word(key);
        if matches!(title(bare), Some(TitleKind::Address | TitleKind::Rank | TitleKind::Office)) {
            flags |= TITLE;
        }
        let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = plain.chars().filter(|c| c.is_uppercase()).count();
        let mut class = classes.of(&class_form(&plain));
        if class == (0, 0) && capitals == letters && letters > 3 {
            // A headline in capitals: the class of the word in lower case.
            class = classes.of(&class_form(&lower));
        }
        Form {
            lower: key,
            shape: shape(&plain),
            prefixes: [1, 3, 4].map(|n| hash(prefix(&lower, n))),
            suffixes: [2, 3, 4].map(|n| hash(suffix(&lower, n))),
            classes: class,
            flags,
            capital: plain.chars().next().is_some_and(char::is_uppercase),
            letters: letters.min(255) as u8,
            seen: 0,
        }
    }
}

impl Look {
    /// Looks through a text.
    pub fn new(words: &Words<'_>, classes: &Classes) -> Self {
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let mut forms: Vec<Form> = Vec::new();
        let ids: Vec<u32> = words
            .words
            .iter()
            .map(|&word| {
                *known.entry(word).or_insert_with(|| {
                    forms.push(Form::new(word, classes));
                    forms.len() as u32 - 1
                })
            })
            .collect();
        let lower: Vec<u64> = ids.iter().map(|&i| forms[i as usize].lower).collect();
        let mut listed = Vec::new();
        gazetteer::mark(&lower, |i| forms[ids[i] as usize].capital, &mut listed);
        let mut loud = vec![false; ids.len()];
        for sentence in &words.sentences {
            let forms = || ids[sentence.clone()].iter().map(|&i| &forms[i as usize]);
            let capital = forms().filter(|f| f.capital).count();
            // Short words stay small in headlines, too.
            let small = forms().filter(|f| !f.capital && f.letters > 3).count();
            if capital >= 3 && small * 4 <= capital {
                loud[sentence.clone()].fill(true);
            }
        }
        let mut look = Look { forms, ids, listed, loud };
        look.remember(words);
        look
    }

    /// Notes what the whole text shows of each form, by its lower-case word,
    /// so that headlines and sentence beginnings profit.
    fn remember(&mut self, words: &Words<'_>) {
        let mut seen: FxHashMap<u64, u8> = FxHashMap::default();
        for sentence in &words.sentences {
            for i in sentence.clone() {
                let form = self.form(i);
                let mut bits = 0;
                if !form.capital {
                    bits |= SEEN_LOWER;
                } else if !self.loud[i] {
                    if i > sentence.start {
                        let before = self.form(i - 1);
                        if before.shape != hash_bytes(b"?") {
                            bits |= SEEN_CAPITAL_INSIDE;
                        }
                        if before.flags & TITLE != 0 {
                            bits |= SEEN_AFTER_TITLE;
                        }
                        if before.flags & GIVEN != 0 && before.capital {
                            bits |= SEEN_AFTER_GIVEN;
                        }
                        if before.lower == hash("in") || before.lower == hash("from") || before.lower == hash("near") {
                            bits |= SEEN_AFTER_IN;
                        }
                        if before.capital && i > sentence.start + 1 {
                            bits |= SEEN_IN_LONGER;
                        }
                    }
                    if i + 1 < sentence.end && self.form(i + 1).capital && self.form(i + 1).flags & ORG_WORD != 0 {
                        bits |= SEEN_BEFORE_ORG_WORD;
                    }
                }
                *seen.entry(form.lower).or_default() |= bits;
            }
        }
        for form in &mut self.forms {
            form.seen = seen.get(&form.lower).copied().unwrap_or(0);
        }
    }

    #[inline]
    fn form(&self, i: usize) -> &Form {
        &self.forms[self.ids[i] as usize]
    }

    /// The features of word `i` of a sentence.
    pub fn features(&self, i: usize, sentence: &Range<usize>, out: &mut Features) {
        out.clear();
        let at = |offset: isize| {
            let j = i.checked_add_signed(offset)?;
            sentence.contains(&j).then(|| self.form(j))
        };
        const EDGE: u64 = 7;
        let here = self.form(i);
        let (p1, p2, n1, n2) = (at(-1), at(-2), at(1), at(2));
        let word = |f: Option<&Form>| f.map_or(EDGE, |f| f.lower);
        let shape = |f: Option<&Form>| f.map_or(EDGE, |f| f.shape);
        let fine = |f: Option<&Form>| f.map_or(256, |f| u64::from(f.classes.0));
        let coarse = |f: Option<&Form>| f.map_or(256, |f| u64::from(f.classes.1));
        let flags = |f: Option<&Form>| f.map_or(0, |f| u64::from(f.flags) | u64::from(f.capital) << 12);
        let loud = u64::from(self.loud[i]);
        let mut t = 0;
        let mut push = |values: &[u64]| {
            out.push(values.iter().fold(template(t), |f, &v| join(f, v)));
            t += 1;
        };
        push(&[loud]);
        push(&[here.lower]);
        push(&[word(p1)]);
        push(&[word(n1)]);
        push(&[word(p2)]);
        push(&[word(n2)]);
        push(&[word(p1), here.lower]);
        push(&[here.lower, word(n1)]);
        push(&[word(p1), here.shape]);
        push(&[here.shape, word(n1)]);
        push(&[here.shape, loud]);
        push(&[shape(p1), here.shape]);
        push(&[here.shape, shape(n1)]);
        push(&[shape(p1), here.shape, shape(n1)]);
        push(&[shape(p2), shape(p1), here.shape, shape(n1), shape(n2)]);
        for affix in here.prefixes {
            push(&[affix, u64::from(here.capital)]);
        }
        for affix in here.suffixes {
            push(&[affix, u64::from(here.capital)]);
        }
        push(&[fine(Some(here))]);
        push(&[fine(p1)]);
        push(&[fine(n1)]);
        push(&[fine(p2)]);
        push(&[fine(n2)]);
        push(&[coarse(p1), coarse(Some(here))]);
        push(&[coarse(Some(here)), coarse(n1)]);
        push(&[coarse(p1), coarse(Some(here)), coarse(n1)]);
        push(&[fine(p1), here.shape]);
        push(&[here.shape, fine(n1)]);
        push(&[fine(p1), here.shape, fine(n1)]);
        let listed = |j: Option<usize>| j.map_or(0, |j| u64::from(self.listed[j]));
        let before = i.checked_sub(1).filter(|j| sentence.contains(j));
        let after = Some(i + 1).filter(|j| sentence.contains(j));
        push(&[listed(Some(i)), u64::from(here.capital)]);
        push(&[listed(Some(i)), listed(after)]);
        push(&[listed(before), listed(Some(i)), here.shape]);
        push(&[u64::from(here.flags), u64::from(here.capital)]);
        push(&[flags(p1), flags(Some(here))]);
        push(&[flags(Some(here)), flags(n1)]);
        push(&[flags(p2), flags(p1), u64::from(here.capital)]);
        push(&[u64::from(here.capital), flags(n1), flags(n2)]);
        push(&[u64::from(here.seen), here.shape]);
        push(&[u64::from(here.seen), u64::from(i == sentence.start), u64::from(here.capital)]);
        push(&[u64::from(here.seen), fine(Some(here))]);
        push(&[p1.map_or(0, |f| u64::from(f.seen) + 1), u64::from(here.seen), u64::from(here.capital)]);
        push(&[n1.map_or(0, |f| u64::from(f.seen) + 1), u64::from(here.seen), u64::from(here.capital)]);
        // What closes and opens the run of capitalised words around it.
        let (first, last) = self.run(i, sentence);
        let (opens, closes) = (self.form(first), self.form(last));
        let length = (last - first).min(5) as u64;
        push(&[closes.lower, u64::from(i == last), u64::from(here.capital)]);
        push(&[opens.lower, u64::from(i == first), u64::from(here.capital)]);
        push(&[length, (i - first).min(5) as u64, u64::from(here.capital), loud]);
        let run_flags =
            (first..=last).fold(0, |bits, j| bits | self.form(j).flags & (ORG_WORD | PLACE_WORD | GIVEN | CALENDAR));
        push(&[u64::from(run_flags), u64::from(here.capital), length]);
        let run_before = first.checked_sub(1).filter(|j| sentence.contains(j)).map(|j| self.form(j));
        let run_after = Some(last + 1).filter(|j| sentence.contains(j)).map(|j| self.form(j));
        push(&[word(run_before), u64::from(here.capital), length]);
        push(&[word(run_after), u64::from(here.capital), length]);
    }

    /// The run of capitalised words that word `i` stands in, with "of" and
    /// the like inside; word `i` alone where it has no capital.
    fn run(&self, i: usize, sentence: &Range<usize>) -> (usize, usize) {
        const REACH: usize = 6;
        if !self.form(i).capital {
            return (i, i);
        }
        let links =
            [hash("of"), hash("for"), hash("and"), hash("the"), hash("de"), hash("al"), hash("bin"), hash("'s")];
        let step = |mut at: usize, next: &dyn Fn(usize) -> Option<usize>| {
            for _ in 0..REACH {
                let Some(one) = next(at).filter(|j| sentence.contains(j)) else { break };
                if self.form(one).capital {
                    at = one;
                    continue;
                }
                match next(one).filter(|j| sentence.contains(j)) {
                    Some(two)
                        if links.contains(&self.form(one).lower)
                            && links[0] == self.form(one).lower
                            && self.form(two).capital =>
                    {
                        at = two
                    }
                    _ => break,
                }
            }
            at
        };
        (step(i, &|j| j.checked_sub(1)), step(i, &|j| Some(j + 1)))
    }
}
