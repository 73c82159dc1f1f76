//! The word lists, read once from the data files.

use std::sync::LazyLock;

use firsthand_model::Gender;
use firsthand_span::fold;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a title word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleKind {
    /// "Mr", "Dr": only before a name.
    Address,
    /// "General": a rank, also a noun for its holder.
    Rank,
    /// "minister": an office, also a noun for its holder.
    Office,
    /// "prime", "rear": part of a longer title.
    Part,
}

struct Given {
    /// Group numbers by name.
    groups: FxHashMap<&'static str, Vec<u16>>,
    /// Gender by name; names of both genders are absent.
    gender: FxHashMap<&'static str, Gender>,
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty())
}

static GIVEN: LazyLock<Given> = LazyLock::new(|| {
    let mut given = Given { groups: FxHashMap::default(), gender: FxHashMap::default() };
    let mut either: FxHashSet<&str> = FxHashSet::default();
    for (n, line) in lines(include_str!("../data/given.tsv")).enumerate() {
        let mut words = line.split_whitespace();
        let gender = match words.next() {
            Some("f") => Some(Gender::Female),
            Some("m") => Some(Gender::Male),
            _ => None,
        };
        for word in words {
            given.groups.entry(word).or_default().push(n as u16);
            match gender {
                Some(g) if *given.gender.entry(word).or_insert(g) == g => {}
                _ => drop(either.insert(word)),
            }
        }
    }
    given.gender.retain(|name, _| !either.contains(name));
    given
});

static TITLES: LazyLock<FxHashMap<&'static str, (Option<Gender>, TitleKind)>> = LazyLock::new(|| {
    lines(include_str!("../data/titles.tsv"))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (word, gender, kind) = (words.next()?, words.next()?, words.next()?);
            let gender = match gender {
                "f" => Some(Gender::Female),
                "m" => Some(Gender::Male),
                _ => None,
            };
            let kind = match kind {
                "address" => TitleKind::Address,
                "rank" => TitleKind::Rank,
                "office" => TitleKind::Office,
                _ => TitleKind::Part,
            };
            Some((word, (gender, kind)))
        })
        .collect()
});

static SUFFIXES: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| lines(include_str!("../data/suffixes.txt")).collect());

static GENERIC: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| lines(include_str!("../data/generic.tsv")).filter_map(|l| l.split_once(' ')).collect());

/// Words for countries (`true`) and for peoples (`false`), folded, with their
/// line in the table.
static COUNTRIES: LazyLock<FxHashMap<String, (bool, u16)>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for (row, line) in lines(include_str!("../data/countries.tsv")).enumerate() {
        let row = row as u16;
        let (names, people) = line.split_once('\t').unwrap_or((line, ""));
        for word in people.split('|').filter(|w| !w.is_empty()) {
            out.insert(fold(word), (false, row));
        }
        for name in names.split('|').filter(|w| !w.is_empty()) {
            out.insert(fold(name), (true, row));
        }
    }
    out
});

/// Whether a folded name is a country's or region's of the world.
pub fn is_country(name: &str) -> bool {
    COUNTRIES.get(name).is_some_and(|c| c.0)
}

/// The row of the country that a folded name names.
pub(crate) fn country(name: &str) -> Option<u16> {
    COUNTRIES.get(name).filter(|c| c.0).map(|c| c.1)
}

/// Whether a folded word names a people, a religion or a political leaning.
pub fn is_people(name: &str) -> bool {
    COUNTRIES.get(name).is_some_and(|c| !c.0)
}

/// Every country and people: folded name, and whether it is a country.
/// In no order that shows: sort before it matters.
pub fn countries_and_peoples() -> Vec<(&'static str, bool)> {
    let mut out: Vec<(&'static str, bool)> = COUNTRIES.iter().map(|(n, c)| (n.as_str(), c.0)).collect();
    out.sort_unstable();
    out
}

/// Every known given name, sorted.
pub fn given_names() -> Vec<&'static str> {
    let mut out: Vec<&'static str> = GIVEN.groups.keys().copied().collect();
    out.sort_unstable();
    out
}

/// The gender of a given name, folded; `None` where unknown or either.
pub fn given_gender(name: &str) -> Option<Gender> {
    GIVEN.gender.get(name).copied()
}

/// What a folded title word without its stop ("gen", "minister") is.
pub fn title(word: &str) -> Option<TitleKind> {
    TITLES.get(word).map(|t| t.1)
}

/// The gender that a folded title word shows.
pub fn title_gender(word: &str) -> Option<Gender> {
    TITLES.get(word).and_then(|t| t.0)
}

/// Whether a folded word is a known given name.
pub(crate) fn is_given(word: &str) -> bool {
    GIVEN.groups.contains_key(word)
}

/// Whether two known given names are forms of one.
pub(crate) fn one_given(a: &str, b: &str) -> bool {
    match (GIVEN.groups.get(a), GIVEN.groups.get(b)) {
        (Some(x), Some(y)) => x.iter().any(|n| y.contains(n)),
        _ => false,
    }
}

pub(crate) fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(word)
}

pub(crate) fn generic(word: &str) -> Option<&'static str> {
    GENERIC.get(word).copied()
}
