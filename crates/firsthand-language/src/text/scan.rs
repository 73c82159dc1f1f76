//! The tokeniser: one pass over the characters, following the practice of the
//! English UD treebanks.

use firsthand_span::Span;

use super::lexicon::{Abbreviation, Lexicon};

/// Bytes after which a run without white space is cut, so that looking ahead
/// within it stays cheap whatever the text.
const LONGEST: usize = 2048;

/// Appends the tokens of `text[span]`. Every token is a span of `text`; none
/// is empty, none overlaps another, and every character that is neither white
/// space nor zero-width stands in one. Linear in the length of the span.
pub fn tokenise(text: &str, span: Span, out: &mut Vec<Span>) {
    let Some(part) = span.get(text) else { return };
    let mut scanner = Scanner { text, lexicon: Lexicon::get(), end: 0, limit: span.end as usize, out };
    let base = span.start as usize;
    let mut start = None;
    for (i, c) in part.char_indices() {
        if is_space(c) {
            if let Some(from) = start.take() {
                scanner.chunk(from, base + i);
            }
        } else if let Some(from) = start {
            if base + i - from >= LONGEST {
                scanner.chunk(from, base + i);
                start = Some(base + i);
            }
        } else {
            start = Some(base + i);
        }
    }
    if let Some(from) = start {
        scanner.chunk(from, base + part.len());
    }
}

/// White space, and the zero-width space, which marks a word boundary.
fn is_space(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_whitespace() || c.is_ascii_control() } else { c.is_whitespace() || c == '\u{200B}' }
}

/// Characters without width that belong to the word they stand in.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{00AD}' | '\u{2060}' | '\u{FEFF}' | '\u{FE0E}' | '\u{FE0F}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && (is_joiner(c) || matches!(c, '\u{0300}'..='\u{036F}')))
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '´')
}

struct Scanner<'a> {
    text: &'a str,
    lexicon: &'static Lexicon,
    /// End of the chunk in hand.
    end: usize,
    /// End of the block.
    limit: usize,
    out: &'a mut Vec<Span>,
}

impl Scanner<'_> {
    fn at(&self, i: usize) -> Option<char> {
        self.text.get(i..self.end)?.chars().next()
    }

    fn before(&self, from: usize, i: usize) -> Option<char> {
        self.text.get(from..i)?.chars().next_back()
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn push(&mut self, from: usize, to: usize) {
        if from < to {
            self.out.push(Span::new(from, to));
        }
    }

    /// A run of characters without white space.
    fn chunk(&mut self, from: usize, to: usize) {
        self.end = to;
        let words = self.slice(from, to);
        let letters = words.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == words.len() {
            return self.word(from, to);
        }
        // A plain word and one mark: the commonest chunk that is not a plain word.
        if letters + 1 == words.len() && letters > 0 && matches!(words.as_bytes()[letters], b',' | b';' | b')' | b'"') {
            self.word(from, from + letters);
            return self.push(from + letters, to);
        }
        let address = words.bytes().any(|b| matches!(b, b'@' | b'/')) || words.starts_with("www.");
        let mut at = from;
        while let Some(c) = self.at(at) {
            at = if address && let Some(end) = self.address(at) {
                self.push(at, end);
                end
            } else if is_joiner(c) && self.only_joiners(at) {
                break;
            } else if is_word(c) {
                self.run(at)
            } else {
                self.mark(at, c)
            };
        }
    }

    /// Whether nothing but zero-width characters is left of the chunk.
    fn only_joiners(&self, at: usize) -> bool {
        self.slice(at, self.end).chars().all(is_joiner)
    }

    /// End of the URL, e-mail address or handle at `at`.
    fn address(&self, at: usize) -> Option<usize> {
        let rest = self.slice(at, self.end);
        let url =
            rest.find("://").is_some_and(|n| n > 1 && n < 12 && rest.bytes().take(n).all(|b| b.is_ascii_alphabetic()))
                || rest.starts_with("www.");
        let stop =
            |c: char| matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»' | ')' | ']' | ',' | ';') || is_space(c);
        if url {
            let body = rest.find(|c: char| stop(c) && c != ',' && c != ';').unwrap_or(rest.len());
            let kept = rest.get(..body)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
            return (!kept.is_empty()).then(|| at + kept.len());
        }
        let body = rest.get(..rest.find(stop).unwrap_or(rest.len()))?;
        let body = body.trim_end_matches(['.', ':', '!', '?', '\'', '’']);
        let (name, host) = body.split_once('@')?;
        let plain = |s: &str| s.chars().all(|c| is_word(c) || matches!(c, '.' | '-' | '_' | '+' | '%'));
        let handle = name.is_empty() && host.chars().next().is_some_and(is_word);
        let mail = !name.is_empty() && name.starts_with(is_word) && host.starts_with(is_word);
        if !(handle || mail) || !plain(name) {
            return None;
        }
        let host_end = host.find(|c: char| !(is_word(c) || matches!(c, '.' | '-' | '_'))).unwrap_or(host.len());
        let host = host.get(..host_end)?.trim_end_matches(['.', '-']);
        (!host.is_empty()).then(|| at + name.len() + 1 + host.len())
    }

    /// Tokens of the word-like run at `at`; returns where they end.
    fn run(&mut self, at: usize) -> usize {
        let mut i = at;
        // Byte at which a number in hand turned into letters.
        let mut unit = None;
        while let Some(c) = self.at(i) {
            let next = i + c.len_utf8();
            if is_word(c) {
                if c.is_alphabetic() && unit.is_none() && i > at && is_number(self.slice(at, i)) {
                    unit = Some(i);
                }
                i = next;
                continue;
            }
            let (Some(before), Some(after)) = (self.before(at, i), self.at(next)) else { break };
            if !self.joins(at, i, c, before, after) {
                break;
            }
            i = next;
        }
        // "US$", "A$": the currency sign belongs to the letters.
        if self.at(i) == Some('$') && i - at <= 2 && self.slice(at, i).bytes().all(|b| b.is_ascii_uppercase()) {
            i += 1;
        }
        if let Some(cut) = unit.filter(|&cut| is_unit(self.slice(cut, i))) {
            self.push(at, cut);
            self.push(cut, i);
            return i;
        }
        if self.at(i) == Some('.') && self.at(i + 1) != Some('.') && self.keeps_stop(at, i) {
            i += 1;
            self.push(at, i);
            return i;
        }
        self.word(at, i);
        i
    }

    /// Whether the mark `c` at `i`, between `before` and `after`, is inside a word.
    fn joins(&self, from: usize, i: usize, c: char, before: char, after: char) -> bool {
        let next = i + c.len_utf8();
        let digits = before.is_ascii_digit() && after.is_ascii_digit();
        match c {
            '.' if digits => true,
            '.' => {
                let run = self.slice(from, i);
                let last = run.rsplit('.').next().unwrap_or(run);
                let short = last.chars().count() == 1;
                let follows = self.slice(next, self.end);
                let rest = follows.split(|c: char| !is_word(c)).next().unwrap_or_default();
                if before.is_alphabetic() && after.is_alphabetic() {
                    // "end.The" is two sentences; "U.S.A", "e.g", "name.com" are words.
                    let capital = after.is_uppercase() && rest.chars().nth(1).is_none_or(char::is_lowercase);
                    short || !(capital && before.is_lowercase()) && self.lexicon.abbreviation(last).is_none()
                } else {
                    short && is_word(after) && before.is_alphabetic()
                        || before.is_ascii_digit() && after.is_ascii_lowercase()
                }
            }
            ',' if digits => {
                let tail = self.slice(next, self.end).bytes().take_while(u8::is_ascii_digit).count();
                tail == 3 || (tail == 2 && self.slice(from, i).len() < 3)
            }
            ':' => digits,
            '/' => {
                digits && {
                    let left = self.slice(from, i).rsplit('/').next().unwrap_or_default().len();
                    let right = self.slice(next, self.end).bytes().take_while(u8::is_ascii_digit).count();
                    let slashes = self.slice(from, self.end).bytes().filter(|&b| b == b'/').count();
                    slashes == 2 || (left <= 2 && right <= 2)
                }
            }
            '-' | '\u{2011}' => self.hyphen_joins(from, i, next, before, after),
            '&' => before.is_uppercase() && after.is_uppercase(),
            '_' => is_word(after) && is_word(before),
            c if is_apostrophe(c) && c != '‘' => {
                is_word(after) && (before.is_alphabetic() || after == 's') && c != '`'
            }
            _ => false,
        }
    }

    fn hyphen_joins(&self, from: usize, i: usize, next: usize, before: char, after: char) -> bool {
        let left = self.slice(from, i);
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        if before.is_ascii_digit() && after.is_ascii_digit() {
            // Telephone numbers and dates hold together, ranges do not.
            let rest = self.slice(next, self.end);
            let right = digits(rest);
            let more = left.contains('-') || rest.as_bytes().get(right) == Some(&b'-');
            return more || (left.len() == 3 && right == 4 && digits(left) == 3);
        }
        if !is_word(after) || left.contains(['\'', '’']) {
            return false;
        }
        // "F-16", "MH-17", "Covid-19".
        if after.is_ascii_digit()
            && left.len() <= 5
            && (left == "Covid" || left.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
        {
            return true;
        }
        self.lexicon.is_prefix(left)
    }

    /// Whether the stop at `i` belongs to the word that starts at `from`.
    fn keeps_stop(&self, from: usize, i: usize) -> bool {
        let word = self.slice(from, i);
        let mut chars = word.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else { return false };
        let rest = self.text.get(i + 1..self.limit).unwrap_or_default();
        // Whatever follows closing marks: nothing is left of the block, or the next word.
        let follows = rest.trim_start_matches(|c: char| is_space(c) || is_joiner(c));
        let next = follows.chars().next();
        if second.is_none() {
            return match next {
                _ if !first.is_alphabetic() => false,
                Some(n) if first.is_uppercase() => first != 'I' || n.is_uppercase() && !rest.starts_with(n),
                Some(n) => matches!(first, 'c' | 'b' | 'd' | 'p' | 'r' | 'm' | 'n') && n.is_ascii_digit(),
                None => false,
            };
        }
        // "U.S.", "a.m.", "Ph.D."
        if word.contains('.')
            && word
                .split('.')
                .all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
        {
            return true;
        }
        match self.lexicon.abbreviation(word) {
            Some(Abbreviation::Number) => next.is_some_and(|n| n.is_ascii_digit()),
            Some(Abbreviation::Title) => next.is_some_and(|n| n.is_alphabetic() || n == '(' || n == ','),
            Some(Abbreviation::Inner) => next.is_some_and(|n| !matches!(n, '"' | '”' | '’' | '\'')),
            Some(Abbreviation::End) => true,
            None => false,
        }
    }

    /// A word without marks around it, parted into its clitics.
    fn word(&mut self, from: usize, to: usize) {
        let word = self.slice(from, to);
        let cut = clitic(word).map(|tail| to - tail).or_else(|| Some(from + self.lexicon.contraction(word)?));
        match cut.filter(|&cut| cut > from && self.text.is_char_boundary(cut)) {
            Some(cut) => {
                self.word(from, cut);
                self.push(cut, to);
            }
            None => self.push(from, to),
        }
    }

    /// The token of the mark `c` at `at`; returns where it ends.
    fn mark(&mut self, at: usize, c: char) -> usize {
        let next = at + c.len_utf8();
        let run = |same: &dyn Fn(char) -> bool| {
            self.slice(at, self.end).find(|d: char| !same(d)).map_or(self.end, |n| at + n)
        };
        let end = match c {
            '!' | '?' => run(&|d| matches!(d, '!' | '?')),
            '.' | '…' => run(&|d| d == c),
            '-' | '=' | '*' | '_' | '~' | '#' | '+' | '<' | '>' | '|' if self.at(next) == Some(c) => run(&|d| d == c),
            '\'' | '’' | '`' | '‘' if self.at(next) == Some(c) => next + c.len_utf8(),
            '#' | '+' if self.at(next).is_some_and(is_word) => {
                let end = self.slice(next, self.end).find(|d: char| !(is_word(d) || d == '_' || d == '-'));
                end.map_or(self.end, |n| next + n)
            }
            ':' | ';' => smiley(self.slice(at, self.end)).map_or(next, |n| at + n),
            c if is_apostrophe(c) => self.elision(at, next),
            _ => next,
        };
        self.push(at, end);
        end
    }

    /// "'70s", "'em", "'s" after a mark: an apostrophe that opens a word; else the
    /// mark alone.
    fn elision(&self, at: usize, next: usize) -> usize {
        let rest = self.slice(next, self.end);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let tail = rest.get(digits..).unwrap_or_default();
        let after = tail.strip_prefix('s').unwrap_or(tail);
        if digits == 2 && !after.starts_with(is_word) {
            return next + rest.len() - after.len();
        }
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = rest.get(..letters).unwrap_or_default();
        let clitic = matches!(word, "em" | "til" | "cause" | "tis" | "twas")
            || at > 0 && self.follows_word(at) && matches!(word, "s" | "S");
        if clitic { next + letters } else { next }
    }

    /// Whether the mark at `at` touches what stands before it.
    fn follows_word(&self, at: usize) -> bool {
        self.out.last().is_some_and(|s| s.end as usize == at)
    }
}

/// Digits with stops, commas and the like.
fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':'))
}

/// Letters after a number that make a token of their own: "5km", "7pm", "$3m".
fn is_unit(letters: &str) -> bool {
    const UNITS: &[&str] = &[
        "m", "km", "cm", "mm", "kg", "g", "mg", "t", "k", "K", "M", "b", "bn", "B", "tn", "mn", "am", "pm", "AM", "PM",
        "a.m", "p.m", "a.m.", "p.m.", "mph", "kph", "ft", "lb", "lbs", "oz", "in", "mi", "ha", "l", "L", "ml", "h",
        "hr", "hrs", "min", "mins", "sec", "secs", "x", "GMT", "Hz", "kHz", "MHz", "GHz", "GB", "MB", "TB", "KB", "kW",
        "MW", "GW", "TW", "W", "V", "MM", "million", "billion", "trillion", "percent", "years", "year", "days",
    ];
    UNITS.contains(&letters)
}

/// Length in bytes of the clitic that ends a word: "n't", "'s", "'ll" and a
/// bare final apostrophe.
fn clitic(word: &str) -> Option<usize> {
    let (at, mark) = word.char_indices().rev().take(4).find(|&(_, c)| is_apostrophe(c))?;
    let tail = word.get(at + mark.len_utf8()..)?;
    let is = |s: &str| tail.eq_ignore_ascii_case(s);
    if is("t") {
        let n = word.get(..at)?.chars().next_back().filter(|c| c.eq_ignore_ascii_case(&'n'))?;
        return (at > n.len_utf8()).then(|| word.len() - at + n.len_utf8());
    }
    let known = is("s") || is("m") || is("d") || is("re") || is("ve") || is("ll") || tail.is_empty();
    let number = word.get(..at)?.ends_with(|c: char| c.is_ascii_digit());
    (known && at > 0 && !number).then(|| word.len() - at)
}

/// Length of the emoticon at the start of `rest`, if it stands alone.
fn smiley(rest: &str) -> Option<usize> {
    [":-)", ":-(", ";-)", ":)", ":(", ";)", ":D", ":P", ":/"]
        .iter()
        .find(|s| rest.strip_prefix(**s).is_some_and(|after| !after.starts_with(|c: char| is_word(c) || c == '/')))
        .map(|s| s.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        tokenise(text, Span::new(0, text.len()), &mut out);
        out.iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn clitics_are_words_of_their_own() {
        assert_eq!(
            words("They didn’t see Ana's car; can't, won't."),
            ["They", "did", "n’t", "see", "Ana", "'s", "car", ";", "ca", "n't", ",", "wo", "n't", "."]
        );
        assert_eq!(words("I cannot."), ["I", "can", "not", "."]);
    }

    #[test]
    fn zero_width_characters_never_stand_alone() {
        assert_eq!(words("a\u{200B}b \u{FEFF} so\u{00AD}ft 5\u{202F}km"), ["a", "b", "so\u{00AD}ft", "5", "km"]);
    }

    proptest! {
        #[test]
        fn covers_everything_that_is_seen(text in "(\\PC|[a-z '’.,\"\\-0-9@/:\u{200B}\u{00AD}]){0,60}") {
            let mut out = Vec::new();
            tokenise(&text, Span::new(0, text.len()), &mut out);
            let mut last = 0;
            for span in &out {
                prop_assert!(!span.is_empty() && span.get(&text).is_some());
                prop_assert!(text[last..span.start as usize].chars().all(|c| is_space(c) || is_joiner(c)));
                last = span.end as usize;
            }
            prop_assert!(text[last..].chars().all(|c| is_space(c) || is_joiner(c)));
        }
    }
}
