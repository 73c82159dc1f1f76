/*!
Whether two names can be one person's, organisation's or place's.

Reports spell one name in many ways: transliterations (Yusuf, Youssef),
articles and hyphens (al-Rashid, El Rashid), diacritics, nicknames, initials,
titles, another order, acronyms, plain misspellings. [`compare`] gives a
score with the rule that gave it; [`Name`] holds the parsed form where one
name is compared with many.

A score of [`SAME`] or more says "one name". What a score may rest on depends
on [`Scope`]: within one story a bare surname or an initial can stand for a
full name; between strangers it never does. Two known given names that are no
forms of each other ("Maria", "Mario") always keep two people apart, and so
does a title of the other gender.

```
use firsthand_model::EntityKind::Person;
use firsthand_name::{Scope, compare};

let one = |a, b, scope| compare(a, b, Some(Person), scope).is_same();
assert!(one("Gen. Youssef al-Harbi", "Yusuf El Harbi", Scope::Anywhere));
assert!(one("Harbi", "Yusuf al-Harbi", Scope::Story));
assert!(!one("Harbi", "Yusuf al-Harbi", Scope::Anywhere));
assert!(!one("Mara Sarkady", "Iven Sarkady", Scope::Story));
```
*/

mod letters;
mod lexicon;
mod person;
mod thing;

pub use letters::{key, likeness};
pub use lexicon::{
    TitleKind, countries_and_peoples, given_gender, given_names, is_country, is_people, title, title_gender,
};

use firsthand_model::{EntityKind, Gender, Reason};
use person::Person;
use thing::Thing;

/// From this score on, two names are taken for one.
pub const SAME: f32 = 0.5;

/// What the two names are known to share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One report or one story: short forms can stand for full ones.
    Story,
    /// Nothing: only full names count.
    Anywhere,
}

/// How well two names fit, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// 0 to 1; see [`SAME`].
    pub score: f32,
    /// The rule that decided, such as `spelling` or `acronym`.
    pub rule: &'static str,
}

impl Match {
    /// Whether the names are taken for one.
    pub fn is_same(self) -> bool {
        self.score >= SAME
    }

    /// Whether only a short form (surname, initial, acronym, part) joins them.
    pub fn is_short_form(self) -> bool {
        matches!(self.rule, "surname" | "given-name" | "initial" | "part" | "acronym")
    }

    /// The match as a reason, with the two names in its note.
    pub fn reason(self, a: &str, b: &str) -> Reason {
        Reason::new(self.rule, format!("{a} = {b} ({:.2})", self.score))
    }

    fn new(score: f32, rule: &'static str) -> Self {
        Match { score, rule }
    }

    fn none(rule: &'static str) -> Self {
        Match { score: 0.0, rule }
    }
}

/// A name parsed for comparison.
#[derive(Clone, Debug)]
pub struct Name {
    person: Option<Person>,
    thing: Option<Thing>,
}

impl Name {
    /// Parses a name of a known kind; an unknown kind is compared both ways.
    pub fn new(text: &str, kind: Option<EntityKind>) -> Self {
        let person = matches!(kind, None | Some(EntityKind::Person)).then(|| Person::new(text));
        let thing = (!matches!(kind, Some(EntityKind::Person))).then(|| Thing::new(text));
        Name { person, thing }
    }

    /// Compares two parsed names. Symmetric.
    pub fn compare(&self, other: &Name, scope: Scope) -> Match {
        let person = self.person.as_ref().zip(other.person.as_ref()).map(|(a, b)| a.compare(b, scope));
        let thing = self.thing.as_ref().zip(other.thing.as_ref()).map(|(a, b)| a.compare(b, scope));
        match (person, thing) {
            (Some(p), Some(t)) => {
                if t.score > p.score {
                    t
                } else {
                    p
                }
            }
            (Some(m), None) | (None, Some(m)) => m,
            (None, None) => Match::none("kind"),
        }
    }

    /// Keys under which names that could match are found: two names that
    /// [`Name::compare`] takes for one nearly always share a key.
    pub fn block_keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        if let Some(p) = &self.person {
            p.block_keys(&mut keys);
        }
        if let Some(t) = &self.thing {
            t.block_keys(&mut keys);
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The gender that a title or a given name shows.
    pub fn gender(&self) -> Option<Gender> {
        self.person.as_ref().and_then(Person::gender)
    }

    /// Whether it has more than one word besides titles: a full name.
    pub fn is_full(&self) -> bool {
        match (&self.person, &self.thing) {
            (Some(p), _) => p.is_full(),
            (None, Some(t)) => t.words() > 1,
            _ => false,
        }
    }
}

/// Compares two names of one kind.
pub fn compare(a: &str, b: &str, kind: Option<EntityKind>, scope: Scope) -> Match {
    Name::new(a, kind).compare(&Name::new(b, kind), scope)
}

/// The name without titles before it and suffixes after it: "Rear Admiral
/// Iven Sarkady" gives "Iven Sarkady". A name of nothing but titles comes
/// back whole.
pub fn without_titles(name: &str) -> &str {
    person::without_titles(name)
}

#[cfg(test)]
mod tests;
