//! Names of organisations, places, ships and documents.

use firsthand_span::fold;

use crate::lexicon::{country, generic};
use crate::{Match, Scope, key, likeness};

#[derive(Clone, Debug, Default)]
pub(crate) struct Thing {
    /// Folded words without articles and legal forms, function words kept.
    all: Vec<String>,
    /// Content words, light stems.
    content: Vec<String>,
    /// [`key`] of each content word.
    sounds: Vec<String>,
    /// The content words as one.
    joined: String,
    /// Initials with and without function words.
    initials: Vec<String>,
    /// Row of the country it names.
    country: Option<u16>,
    /// The name is one word in capitals: its letters.
    acronym: Option<String>,
}

/// A plural or possessive ending off, so that "Emergencies" and "Emergency"
/// and "Velmora's" and "Velmora" meet.
fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word);
    if word.chars().count() > 4
        && let Some(base) = word.strip_suffix("ies")
    {
        return format!("{base}y");
    }
    match word.strip_suffix('s') {
        Some(base) if word.chars().count() > 4 && !base.ends_with('s') => base.to_owned(),
        _ => word.to_owned(),
    }
}

fn is_small(word: &str) -> bool {
    generic(word) == Some("small")
}

fn is_place_word(word: &str) -> bool {
    generic(word) == Some("place")
}

/// Words that name parts of a pair: one for the other is never a misspelling.
fn opposed(a: &str, b: &str) -> bool {
    const SIDES: [&[&str]; 3] = [
        &["north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"],
        &["upper", "lower", "inner", "outer", "old", "new", "great", "little", "big"],
        &["first", "second", "third", "fourth", "fifth"],
    ];
    a != b && SIDES.iter().any(|s| s.contains(&a) && s.contains(&b))
}

impl Thing {
    pub(crate) fn new(text: &str) -> Self {
        let letters: String = text.chars().filter(|c| *c != '.').collect();
        let acronym = {
            let word = letters.trim();
            let n = word.chars().count();
            let capitals = word.chars().filter(|c| c.is_uppercase()).count();
            ((2..=8).contains(&n) && word.chars().all(char::is_alphanumeric) && capitals >= 2 && capitals + 1 >= n)
                .then(|| fold(word))
        };
        let folded = fold(text);
        let mut all: Vec<String> = folded
            .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '.' || c == '&'))
            .map(|w| w.trim_matches(|c: char| c == '\'' || c == '.'))
            .map(|w| w.replace('.', ""))
            .filter(|w| !w.is_empty() && w != "&")
            .take(24)
            .collect();
        while all.len() > 1 && all.first().is_some_and(|w| matches!(w.as_str(), "the" | "a" | "an" | "so" | "called")) {
            all.remove(0);
        }
        if all.len() > 1 && all.first().is_some_and(|w| generic(w) == Some("ship")) {
            all.remove(0);
        }
        while all.len() > 1 && all.last().is_some_and(|w| generic(w) == Some("legal")) {
            all.pop();
        }
        let mut content: Vec<String> = all.iter().filter(|w| !is_small(w)).map(|w| stem(w)).collect();
        if content.is_empty() {
            content.clone_from(&all);
        }
        Thing {
            sounds: content.iter().map(|w| key(w)).collect(),
            joined: content.concat(),
            initials: initials(&all, content.len()),
            country: country(&all.join(" ")),
            all,
            content,
            acronym,
        }
    }

    pub(crate) fn words(&self) -> usize {
        self.content.len()
    }

    pub(crate) fn block_keys(&self, out: &mut Vec<String>) {
        for sound in &self.sounds {
            out.push(sound.chars().take(4).collect());
        }
        out.push(self.joined.chars().take(5).collect());
        if let Some(a) = &self.acronym {
            out.push(format!("={a}"));
            out.push(format!("~{}", letters(a).iter().collect::<String>()));
        } else {
            for i in &self.initials {
                out.push(format!("~{}", letters(i).iter().collect::<String>()));
                out.push(format!("={i}"));
            }
        }
    }

    pub(crate) fn compare(&self, other: &Thing, scope: Scope) -> Match {
        let (a, b) = if (self.content.len(), &self.all) <= (other.content.len(), &other.all) {
            (self, other)
        } else {
            (other, self)
        };
        if a.content.is_empty() {
            return Match::none("empty");
        }
        let story = scope == Scope::Story;
        if a.all == b.all {
            return Match::new(1.0, "name");
        }
        if a.joined == b.joined {
            return Match::new(0.97, "spelling");
        }
        if let Some((x, y)) = a.country.zip(b.country) {
            // Two lines of the table are two countries; one line may hold parts of one.
            return if x == y {
                Match::new(if story { 0.7 } else { 0.5 }, "country")
            } else {
                Match::none("other-country")
            };
        }
        let acronym = |short: &Thing, long: &Thing| {
            short.acronym.as_ref().is_some_and(|x| long.acronym.is_none() && long.initials.contains(x))
        };
        if acronym(a, b) || acronym(b, a) {
            let long_enough = a.acronym.as_ref().or(b.acronym.as_ref()).is_some_and(|x| x.chars().count() >= 3);
            return Match::new(
                if story {
                    0.85
                } else if long_enough {
                    0.55
                } else {
                    0.4
                },
                "acronym",
            );
        }
        // "OPB" for "Provincial Bank of Orlenz": its letters in another order.
        let turned = |short: &Thing, long: &Thing| {
            short.acronym.as_ref().is_some_and(|x| {
                x.chars().count() >= 3
                    && long.acronym.is_none()
                    && long.initials.iter().any(|i| letters(i) == letters(x))
            })
        };
        if story && (turned(a, b) || turned(b, a)) {
            return Match::new(0.55, "acronym");
        }
        if a.acronym.is_some() && b.acronym.is_some() {
            return Match::none("other-acronym");
        }
        if a.content.len() == b.content.len() {
            if let Some(m) = same_length(a, b, story) {
                return m;
            }
            if a.content.len() > 1 && same_set(&a.content, &b.content) {
                return Match::new(0.92, "order");
            }
            return Match::none("other-name");
        }
        // "Keldra" in "Keldra province": only the kind of place is left over.
        let alike = |i: usize, j: usize| alike((&a.content[i], &a.sounds[i]), (&b.content[j], &b.sounds[j]));
        let (ours, theirs) = (0..a.content.len(), 0..b.content.len());
        if !ours.clone().all(|i| theirs.clone().any(|j| alike(i, j))) {
            return Match::none("other-name");
        }
        let mut left = theirs.clone().filter(|&j| !ours.clone().any(|i| alike(i, j)));
        if left.all(|j| is_place_word(&b.content[j])) && !a.content.iter().all(|w| is_place_word(w)) {
            return Match::new(if story { 0.85 } else { 0.6 }, "kind-of-place");
        }
        // "Norvane" in "Norvane Trading House": a part stands for the whole
        // within a story. The part must open the name, or be all of it up to
        // a following "of ...".
        if story && ours.clone().all(|i| alike(i, i)) {
            return Match::new(0.6, "part");
        }
        if story && a.content.len() > 1 {
            return Match::new(0.55, "part");
        }
        Match::none("other-name")
    }
}

/// Two words, each with its [`key`], that are spellings of one.
fn alike((a, sound_a): (&str, &str), (b, sound_b): (&str, &str)) -> bool {
    a == b
        || (sound_a == sound_b
            && a.chars().count() >= 4
            && b.chars().count() >= 4
            && !opposed(a, b)
            && likeness(a, b) >= 0.9)
}

/// Initials with and without function words, of names of several content
/// words.
fn initials(all: &[String], content: usize) -> Vec<String> {
    if content < 2 {
        return Vec::new();
    }
    let first = |words: &mut dyn Iterator<Item = &String>| words.filter_map(|w| w.chars().next()).collect::<String>();
    let mut out = vec![first(&mut all.iter()), first(&mut all.iter().filter(|w| !is_small(w)))];
    out.dedup();
    out
}

fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

fn same_set(a: &[String], b: &[String]) -> bool {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    sorted(a) == sorted(b)
}

/// Word by word: all equal but for spelling.
fn same_length(a: &Thing, b: &Thing, story: bool) -> Option<Match> {
    let mut differing = 0;
    let mut total = 0.0;
    let floor = if a.content.len() > 1 && story { 0.79 } else { 0.85 };
    for ((x, sound_x), (y, sound_y)) in a.content.iter().zip(&a.sounds).zip(b.content.iter().zip(&b.sounds)) {
        if x == y {
            total += 1.0;
            continue;
        }
        // What costs nothing first: most pairs of a block fail here.
        let digits = |w: &str| w.chars().any(|c| c.is_ascii_digit());
        if sound_x.chars().next() != sound_y.chars().next()
            || x.chars().count().min(y.chars().count()) < 4
            || digits(x)
            || digits(y)
            || opposed(x, y)
        {
            return None;
        }
        let like = likeness(x, y);
        if like < floor {
            return None;
        }
        differing += 1;
        total += like;
    }
    let score = total / a.content.len() as f32;
    (differing * 2 <= a.content.len().max(2)).then(|| Match::new(score * 0.95, "spelling"))
}
