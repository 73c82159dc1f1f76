//! Where known words stand in a page's text, and how much two places share.

use firsthand_span::Span;

/// A text, searchable with white space, quotation marks and kinds of dash
/// folded away.
pub(super) struct Page<'t> {
    text: &'t str,
    folded: Vec<char>,
    /// Bytes of each folded character.
    places: Vec<Span>,
    /// Letters and digits before each byte.
    letters: Vec<u32>,
    furniture: Vec<Span>,
}

fn folded(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    text.char_indices().filter_map(|(i, c)| match c {
        '"' | '\'' | '`' | '\u{b4}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}' | '\u{ab}' | '\u{bb}' => None,
        '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' => None,
        c if c.is_whitespace() => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some((i, '-')),
        c => Some((i, c)),
    })
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str, furniture: &[String]) -> Self {
        let (places, chars): (Vec<Span>, Vec<char>) = folded(text)
            .map(|(i, c)| (Span::new(i, i + text[i..].chars().next().map_or(1, char::len_utf8)), c))
            .unzip();
        let mut letters = vec![0u32; text.len() + 1];
        for (i, c) in text.char_indices() {
            letters[i + 1] = u32::from(c.is_alphanumeric());
        }
        for i in 1..letters.len() {
            letters[i] += letters[i - 1];
        }
        let mut page = Page { text, folded: chars, places, letters, furniture: Vec::new() };
        let mut lines = Vec::new();
        for line in furniture {
            let short = line.split_whitespace().count() <= 2;
            lines.extend(page.all(line).into_iter().filter(|p| !short || page.alone(*p)));
        }
        page.furniture = lines;
        page
    }

    /// Whether a place is a line of its own.
    fn alone(&self, p: Span) -> bool {
        let before = self.text[..p.start as usize].rsplit('\n').next().unwrap_or("");
        let after = self.text[p.end as usize..].split('\n').next().unwrap_or("");
        before.trim().is_empty() && after.trim().is_empty()
    }

    /// Every place of the words; places that cut a word only if there are no
    /// others.
    fn all(&self, words: &str) -> Vec<Span> {
        let needle: Vec<char> = folded(words).map(|(_, c)| c).collect();
        if needle.is_empty() || needle.len() > self.folded.len() {
            return Vec::new();
        }
        let found: Vec<Span> = (0..=self.folded.len() - needle.len())
            .filter(|&i| self.folded[i..].starts_with(&needle))
            .map(|i| self.places[i].cover(self.places[i + needle.len() - 1]))
            .collect();
        let cuts = |at: u32| {
            let at = at as usize;
            self.text[..at].ends_with(char::is_alphanumeric) && self.text[at..].starts_with(char::is_alphanumeric)
        };
        let whole: Vec<Span> = found.iter().copied().filter(|p| !cuts(p.start) && !cuts(p.end)).collect();
        if whole.is_empty() { found } else { whole }
    }

    /// Places of the words outside furniture; inside it only if they are
    /// nowhere else.
    pub(super) fn find(&self, words: &str) -> Vec<Span> {
        let all = self.all(words);
        let clean: Vec<Span> = all.iter().copied().filter(|p| !self.furniture.iter().any(|f| f.covers(*p))).collect();
        if clean.is_empty() { all } else { clean }
    }

    fn count(&self, span: Span) -> u32 {
        let at = |i: u32| self.letters.get(i as usize).copied().unwrap_or(0);
        at(span.end).saturating_sub(at(span.start))
    }

    /// Dice of the letters and digits of two places.
    pub(super) fn dice(&self, a: Span, b: Span) -> f64 {
        let both = a.intersection(b).map_or(0, |s| self.count(s));
        let sum = self.count(a) + self.count(b);
        if sum == 0 { 0.0 } else { 2.0 * f64::from(both) / f64::from(sum) }
    }

    /// Whether `a` holds all letters and digits of `b`.
    pub(super) fn holds(&self, a: Span, b: Span) -> bool {
        let n = self.count(b);
        n > 0 && a.intersection(b).map_or(0, |s| self.count(s)) == n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_through_quotes_and_dashes() {
        let page = Page::new("“No – never”,\nhe said.\nMenu", &["Menu".to_owned()]);
        let found = page.find("\"No - never\", he");
        assert_eq!(found.len(), 1);
        assert!((page.dice(found[0], found[0]) - 1.0).abs() < 1e-9);
        assert!(page.find("nothing").is_empty());
    }
}
