/*!
Lists of names known beforehand, made by hand for this project or taken from
the public domain: given names, countries and peoples (`firsthand-name`),
populated places and provinces (Natural Earth), and words that open or close
names of organisations and places.
*/

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::kernel::{hash, join};

/// A country or world region.
pub const COUNTRY: u16 = 1;
/// A people, religion or leaning.
pub const PEOPLE: u16 = 2;
/// A populated place or province.
pub const PLACE: u16 = 4;
/// A given name.
pub const GIVEN: u16 = 8;
/// A title before a person's name.
pub const TITLE: u16 = 16;
/// A word typical of organisations ("Ministry", "Inc").
pub const ORG_WORD: u16 = 32;
/// A word typical of places ("River", "Street").
pub const PLACE_WORD: u16 = 64;
/// A well-known organisation.
pub const ORG: u16 = 128;
/// A month or weekday, or another capitalised word that names nothing here.
pub const CALENDAR: u16 = 256;

/// Words per entry that are matched.
const LONGEST: usize = 5;

struct Gazetteer {
    /// Flags of single words, by hash of the lower-case word.
    words: FxHashMap<u64, u16>,
    /// Flags of names, by hashes of their lower-case words joined; 0 for a
    /// beginning of a longer entry.
    names: FxHashMap<u64, u16>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut g = Gazetteer { words: FxHashMap::default(), names: FxHashMap::default() };
    for (name, country) in firsthand_name::countries_and_peoples() {
        g.name(name, if country { COUNTRY } else { PEOPLE });
    }
    for name in firsthand_name::given_names() {
        *g.words.entry(hash(name)).or_default() |= GIVEN;
    }
    for line in include_str!("data/places.txt").lines().filter(|l| !l.starts_with('#')) {
        g.name(line, PLACE);
    }
    for line in include_str!("data/words.tsv").lines().filter(|l| !l.starts_with('#')) {
        let Some((kind, list)) = line.split_once('\t') else { continue };
        let flag = match kind {
            "org-word" => ORG_WORD,
            "place-word" => PLACE_WORD,
            "org" => ORG,
            _ => CALENDAR,
        };
        for name in list.split('|') {
            if flag == ORG { g.name(name, flag) } else { *g.words.entry(hash(name)).or_default() |= flag }
        }
    }
    g
});

impl Gazetteer {
    fn name(&mut self, name: &str, flag: u16) {
        let mut key = 0;
        for word in name.split_whitespace() {
            key = join(key, hash(&word.to_lowercase()));
            self.names.entry(key).or_default();
        }
        *self.names.entry(key).or_default() |= flag;
    }
}

/// Flags of one word, by the hash of its lower-case form.
pub(crate) fn word(lower: u64) -> u16 {
    GAZETTEER.words.get(&lower).copied().unwrap_or(0)
}

/// Marks the longest listed names: for each word its flags, with bit 15 set
/// on words that continue a name. `lower` holds the hashes of lower-case words
/// and `open` whether a word may begin a name (it has a capital).
pub(crate) fn mark(lower: &[u64], open: impl Fn(usize) -> bool, out: &mut Vec<u16>) {
    out.clear();
    out.resize(lower.len(), 0);
    let mut i = 0;
    while i < lower.len() {
        let mut found = None;
        if open(i) {
            let mut key = 0;
            for (n, &word) in lower[i..].iter().take(LONGEST).enumerate() {
                key = join(key, word);
                match GAZETTEER.names.get(&key) {
                    None => break,
                    Some(0) => {}
                    Some(&flags) => found = Some((n + 1, flags)),
                }
            }
        }
        match found {
            None => i += 1,
            Some((n, flags)) => {
                for (k, mark) in out[i..i + n].iter_mut().enumerate() {
                    *mark = flags | if k > 0 { 1 << 15 } else { 0 };
                }
                i += n;
            }
        }
    }
}
