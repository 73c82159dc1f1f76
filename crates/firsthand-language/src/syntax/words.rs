use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::kernel::{hash, hash_bytes, join};
use crate::names::Classes;

/// What the models know of one word form, computed once per distinct form of
/// a text. All values are feature values of the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// The form as written, marks and digits made plain.
    pub exact: u64,
    /// The same in lower case.
    pub lower: u64,
    /// Its shape: "Xx", "dd", "X.X.", runs cut to two.
    pub shape: u64,
    /// First one to three characters, lower case.
    pub prefixes: [u64; 3],
    /// Last one to four characters, lower case.
    pub suffixes: [u64; 4],
    /// The tags it was seen with, as one value (0 where unknown).
    pub seen: u64,
    /// Its word class learned from unlabelled text: coarse and fine (0 where unknown).
    pub cluster: [u64; 2],
    /// The only tag it takes, where it is frequent and has one.
    pub only: Option<u8>,
    /// Starts with a capital letter.
    pub capital: bool,
}

/// The word lists that come with the models.
#[derive(Debug, Default)]
pub struct WordLists {
    /// Lower-case form to the tags seen and the only tag, by hash.
    tags: FxHashMap<u64, (u64, Option<u8>)>,
    /// Word classes.
    classes: Classes,
}

impl WordLists {
    /// From lines of `word<TAB>tags`, where a single tag with `!` is the only
    /// one, and word classes.
    pub fn new(tags: &str, classes: Classes) -> Self {
        let mut lists = WordLists { classes, ..WordLists::default() };
        for (word, value) in tags.lines().filter_map(|line| line.split_once('\t')) {
            let only = value.strip_suffix('!').and_then(|tag| tag.parse().ok());
            lists.tags.insert(hash(word), (hash(value.trim_end_matches('!')), only));
        }
        lists
    }

    /// The word list of tags as a section: `seen` gives each form's tags with
    /// their counts.
    pub fn section(seen: &BTreeMap<String, BTreeMap<u8, u32>>) -> String {
        let mut out = String::new();
        for (word, tags) in seen {
            let total: u32 = tags.values().sum();
            let Some((&top, &most)) = tags.iter().max_by_key(|(tag, n)| (**n, std::cmp::Reverse(**tag))) else {
                continue;
            };
            if total < 3 {
                continue;
            }
            // Tags below a twentieth are noise.
            let kept: Vec<String> =
                tags.iter().filter(|(_, n)| **n * 20 >= total).map(|(t, _)| t.to_string()).collect();
            let only = total >= 30 && most * 500 >= total * 499;
            let value = if only { format!("{top}!") } else { kept.join(",") };
            out += &format!("{word}\t{value}\n");
        }
        out
    }

    /// What is known of a form.
    pub fn look(&self, form: &str) -> Word {
        let mut plain = String::with_capacity(form.len());
        plain_form(form, &mut plain);
        let mut word = Word { exact: hash(&plain), ..Word::default() };
        word.capital = plain.starts_with(char::is_uppercase);
        word.shape = shape(&plain);
        let written = self.classes.of(&plain);
        if plain.is_ascii() {
            plain.make_ascii_lowercase();
        } else {
            plain = plain.to_lowercase();
        }
        word.lower = hash(&plain);
        // A capitalised word without a class of its own takes that of its small form.
        let (fine, coarse) = if written.0 == 0 { self.classes.of(&plain) } else { written };
        word.cluster = [u64::from(coarse), u64::from(fine)];
        (word.seen, word.only) = self.tags.get(&word.lower).copied().unwrap_or_default();
        let mut ends = plain.char_indices().map(|(i, _)| i).skip(1).chain([plain.len()]);
        word.prefixes = std::array::from_fn(|_| ends.next().map_or(0, |end| hash_bytes(&plain.as_bytes()[..end])));
        let mut starts = plain.char_indices().rev().map(|(i, _)| i);
        word.suffixes =
            std::array::from_fn(|_| starts.next().map_or(0, |start| hash_bytes(&plain.as_bytes()[start..])));
        word
    }
}

/// The form with curly marks made straight, digits made `0` and zero-width
/// characters dropped.
pub fn plain_form(form: &str, out: &mut String) {
    out.clear();
    for c in form.chars() {
        match c {
            '0'..='9' => out.push('0'),
            '’' | '‘' | '`' | '´' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '–' | '—' | '‐' | '‑' | '−' => out.push('-'),
            '…' => out.push_str("..."),
            '\u{200B}'..='\u{200F}' | '\u{00AD}' | '\u{2060}' | '\u{FEFF}' => {}
            c => out.push(c),
        }
    }
}

fn shape(plain: &str) -> u64 {
    let mut value = 1u64;
    let (mut last, mut run) = (0u8, 0u8);
    for c in plain.chars() {
        let kind = match c {
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            '0' => b'd',
            c if c.is_ascii() => c as u8,
            _ => b'?',
        };
        run = if kind == last { run + 1 } else { 1 };
        if run <= 2 {
            value = join(value, u64::from(kind));
        } else {
            run = 3;
        }
        last = kind;
    }
    value
}

/// The distinct word forms of one text.
#[derive(Debug, Default)]
pub struct Forms<'t> {
    index: FxHashMap<&'t str, u32>,
    /// What is known of each form.
    pub words: Vec<Word>,
}

impl<'t> Forms<'t> {
    /// The number of a form, looked up once.
    pub fn intern(&mut self, form: &'t str, lists: &WordLists) -> u32 {
        *self.index.entry(form).or_insert_with(|| {
            self.words.push(lists.look(form));
            (self.words.len() - 1) as u32
        })
    }
}
