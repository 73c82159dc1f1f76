use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::html::{Dom, Id, Tag};

/// What the part of a page that an element makes up is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    Furniture,
    Meta,
    Caption,
}

struct Names {
    words: FxHashMap<&'static str, Region>,
    /// Words that count inside longer ones too.
    inner: Vec<(&'static str, Region)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { words: FxHashMap::default(), inner: Vec::new() };
    let mut region = Region::Furniture;
    for line in include_str!("../../data/regions.txt").lines().map(str::trim) {
        match line {
            "[furniture]" => region = Region::Furniture,
            "[meta]" => region = Region::Meta,
            "[caption]" => region = Region::Caption,
            word if word.is_empty() || word.starts_with('#') => {}
            word => match word.strip_suffix('*') {
                Some(word) => names.inner.push((word, region)),
                None => {
                    names.words.insert(word, region);
                }
            },
        }
    }
    names
});

/// What an element itself says it is, without those around it.
pub(crate) fn region_of(dom: &Dom<'_>, id: Id) -> Option<Region> {
    match dom.tag(id) {
        Tag::Figcaption => return Some(Region::Caption),
        Tag::Time | Tag::Address => return Some(Region::Meta),
        Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Button | Tag::Menu => return Some(Region::Furniture),
        Tag::Body | Tag::Html | Tag::Main | Tag::Article => return None,
        _ => {}
    }
    let mut found = None;
    for (name, value) in dom.attributes(id) {
        if value.len() <= 200 && (name.eq_ignore_ascii_case("class") || name.eq_ignore_ascii_case("id")) {
            found = match (found, named(value)) {
                // A caption in a share box is a caption; a byline in one is furniture.
                (Some(Region::Caption), _) | (_, Some(Region::Caption)) => Some(Region::Caption),
                (Some(Region::Furniture), _) | (_, Some(Region::Furniture)) => Some(Region::Furniture),
                (a, b) => a.or(b),
            };
        }
    }
    found
}

/// What a value of `class` or `id` says.
fn named(value: &str) -> Option<Region> {
    let mut found = None;
    let mut lower = String::new();
    for name in value.split(|c: char| !c.is_ascii_alphanumeric()) {
        for word in camel_words(name) {
            lower.clear();
            lower.extend(word.chars().map(|c| c.to_ascii_lowercase()));
            let names = &*NAMES;
            let region = names
                .words
                .get(lower.as_str())
                .copied()
                .or_else(|| names.inner.iter().find(|(inner, _)| lower.contains(inner)).map(|(_, r)| *r));
            match region {
                Some(Region::Caption) => return region,
                Some(Region::Furniture) => found = region,
                Some(Region::Meta) if found.is_none() => found = region,
                _ => {}
            }
        }
    }
    found
}

/// `articleShareBar` as article, Share, Bar.
fn camel_words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let cut = (1..bytes.len()).find(|&i| bytes[i].is_ascii_uppercase() && bytes[i - 1].is_ascii_lowercase());
        let (word, after) = rest.split_at(cut.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        assert_eq!(named("articleShare-bar"), Some(Region::Furniture));
        assert_eq!(named("story-byline"), Some(Region::Meta));
        assert_eq!(named("wp-caption-text"), Some(Region::Caption));
        assert_eq!(named("post update header-text"), None);
        assert_eq!(named("shadow loaded readable"), None);
    }
}
