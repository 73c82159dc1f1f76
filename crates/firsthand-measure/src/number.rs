//! The grammar of numbers: digits, words, and both together.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lex::Lexed;

/// What a number word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Word {
    Unit(f64),
    Tens(f64),
    Hundred,
    Scale(f64),
    Dozen,
    Ordinal(f64),
    Fraction(f64),
    /// "dozens", "thousands": the size it speaks of, no number.
    Vague(f64),
}

static WORDS: LazyLock<FxHashMap<&'static str, Word>> = LazyLock::new(|| {
    let rows = include_str!("../data/numbers.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (word, kind, value) = (fields.next()?, fields.next()?, fields.next()?.parse().ok()?);
        let word_kind = match kind {
            "unit" => Word::Unit(value),
            "tens" => Word::Tens(value),
            "hundred" => Word::Hundred,
            "scale" => Word::Scale(value),
            "dozen" => Word::Dozen,
            "ordinal" => Word::Ordinal(value),
            "fraction" => Word::Fraction(value),
            "vague" => Word::Vague(value),
            _ => return None,
        };
        Some((word, word_kind))
    })
    .collect()
});

/// The number word of a lower-case word.
pub(crate) fn word(lower: &str) -> Option<Word> {
    // Every number word starts with one of these letters; most words do not.
    if !matches!(
        lower.as_bytes().first(),
        Some(b'b' | b'c' | b'd' | b'e' | b'f' | b'h' | b'l' | b'm' | b'n' | b'o' | b'q' | b's' | b't' | b'z')
    ) {
        return None;
    }
    WORDS.get(lower).copied()
}

/// How a number is put.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    Cardinal,
    Ordinal,
    /// "a third", "1/16", "one in five": a share of something.
    Fraction,
    /// "dozens": `value` is the size of the word.
    Vague,
}

/// A number: pieces `first..end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) value: f64,
    pub(crate) form: Form,
    /// Has a "million" of its own, so that none is to be shared.
    pub(crate) scaled: Option<f64>,
    /// Starts with digits.
    pub(crate) digits: bool,
}

/// The scale of an abbreviation that stands right after digits ("4.3bn").
fn short_scale(lower: &str) -> Option<f64> {
    Some(match lower {
        "k" => 1e3,
        "m" | "mn" | "mln" | "mio" => 1e6,
        "b" | "bn" | "bln" => 1e9,
        "tn" | "trn" | "tr" => 1e12,
        _ => return None,
    })
}

/// The number that starts at piece `i`, the longest one.
///
/// `money`: a currency sign stands before it, so "5m" is millions.
pub(crate) fn number(lx: &Lexed<'_>, i: usize, money: bool) -> Option<Number> {
    let found = if lx.is_digits(i) { figures(lx, i, money) } else { words(lx, i) }?;
    Some(with_fraction(lx, found))
}

fn value_of(digits: &str) -> Option<f64> {
    let mut plain = [0u8; 40];
    let mut n = 0;
    for b in digits.bytes().filter(|&b| b != b',') {
        *plain.get_mut(n)? = b;
        n += 1;
    }
    std::str::from_utf8(plain.get(..n)?).ok()?.parse().ok()
}

/// "4.5", "4 hundred million", "4.3M", "16th", "1/16", "4½".
fn figures(lx: &Lexed<'_>, i: usize, money: bool) -> Option<Number> {
    let mut value = value_of(lx.w(i))?;
    let mut end = i + 1;
    let mut scaled = None;
    if lx.tight(end) && matches!(lx.w(end), "st" | "nd" | "rd" | "th") && !lx.w(i).contains('.') {
        return Some(Number { first: i, end: end + 1, value, form: Form::Ordinal, scaled: None, digits: true });
    }
    // "1/16", "1⁄32"
    if matches!(lx.w(end), "/" | "\u{2044}")
        && lx.tight(end)
        && lx.is_digits(end + 1)
        && lx.tight(end + 1)
        && lx.w(end + 2) != "/"
    {
        let below = value_of(lx.w(end + 1))?;
        if below > value && !lx.w(i).contains(['.', ',']) {
            return Some(Number {
                first: i,
                end: end + 2,
                value: value / below,
                form: Form::Fraction,
                scaled: None,
                digits: true,
            });
        }
    }
    if lx.tight(end)
        && let Some(part) = vulgar(lx.w(end))
    {
        value += part;
        end += 1;
    }
    if lx.tight(end) && lx.is_word(end) {
        // "37m (121ft)" is metres, "2.7m people" and "$5m" are millions.
        let scale = match lx.raw(end) {
            "m" if !money && !plural(lx.w(end + 1)) => None,
            "b" if !money => None,
            _ => short_scale(lx.w(end)),
        };
        if let Some(by) = scale {
            value *= by;
            scaled = Some(by);
            end += 1;
        }
    }
    if scaled.is_none() {
        if money && matches!(lx.w(end), "m" | "mn" | "bn" | "tn") && !lx.tight(end) {
            let by = short_scale(lx.w(end)).unwrap_or(1.0);
            (value, scaled, end) = (value * by, Some(by), end + 1);
        }
        loop {
            let at = if lx.hyphen(end) { end + 1 } else { end };
            let by = match word(lx.w(at)) {
                Some(Word::Hundred) => 100.0,
                Some(Word::Scale(by)) => by,
                Some(Word::Dozen) => 12.0,
                _ => break,
            };
            value *= by;
            scaled = Some(scaled.unwrap_or(1.0) * by);
            end = at + 1;
        }
    }
    Some(Number { first: i, end, value, form: Form::Cardinal, scaled, digits: true })
}

fn vulgar(symbol: &str) -> Option<f64> {
    Some(match symbol {
        "\u{bc}" => 0.25,
        "\u{bd}" => 0.5,
        "\u{be}" => 0.75,
        "\u{2153}" => 1.0 / 3.0,
        "\u{2154}" => 2.0 / 3.0,
        "\u{215b}" => 0.125,
        _ => return None,
    })
}

/// Whether a word looks like a plural noun.
pub(crate) fn plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !matches!(
            word,
            "this"
                | "does"
                | "perhaps"
                | "always"
                | "versus"
                | "besides"
                | "towards"
                | "afterwards"
                | "yours"
                | "news"
                | "says"
                | "goes"
        )
        || matches!(word, "people" | "men" | "women" | "children" | "police" | "personnel" | "troops")
}

/// Numbers in words; "a" opens one only before "hundred", "million", "dozen" ...
fn words(lx: &Lexed<'_>, i: usize) -> Option<Number> {
    let number = |end, value, form, scaled| Some(Number { first: i, end, value, form, scaled, digits: false });
    if let Some(part) = vulgar(lx.w(i)) {
        return number(i + 1, part, Form::Fraction, None);
    }
    if !lx.is_word(i) {
        return None;
    }
    let article = matches!(lx.w(i), "a" | "an");
    let mut at = i;
    if article {
        at = if lx.hyphen(i + 1) { i + 2 } else { i + 1 };
        match word(lx.w(at)) {
            Some(Word::Hundred | Word::Scale(_) | Word::Dozen) => {}
            // "a third of", "a quarter of": of something, or not a share at all.
            Some(Word::Fraction(n)) if lx.w(at) != "half" && lx.w(at + 1) == "of" => {
                return number(at + 1, 1.0 / n, Form::Fraction, None);
            }
            Some(Word::Fraction(2.0)) => return None,
            Some(Word::Ordinal(n)) if n > 2.0 && lx.w(at + 1) == "of" => {
                return number(at + 1, 1.0 / n, Form::Fraction, None);
            }
            _ => return None,
        }
    }
    match word(lx.w(at))? {
        Word::Vague(size) => {
            // "tens of thousands", "hundreds of millions"
            let mut size = size;
            let mut end = at + 1;
            while lx.w(end) == "of"
                && let Some(Word::Vague(by)) = word(lx.w(end + 1))
            {
                size *= by;
                end += 2;
            }
            return number(end, size, Form::Vague, None);
        }
        Word::Fraction(n) => {
            if lx.w(at) == "half" {
                // "half a million", "half of"
                if lx.w(at + 1) == "a"
                    && let Some(Word::Scale(by)) = word(lx.w(at + 2))
                {
                    return number(at + 3, by / n, Form::Cardinal, Some(by));
                }
                if lx.w(at + 1) == "a" && lx.w(at + 2) == "dozen" {
                    return number(at + 3, 6.0, Form::Cardinal, None);
                }
                if matches!(lx.w(at + 1), "of" | "the" | "its" | "their" | "all" | "his" | "her") {
                    return number(at + 1, 0.5, Form::Fraction, None);
                }
            }
            return None;
        }
        Word::Ordinal(n) => return number(at + 1, n, Form::Ordinal, None),
        _ => {}
    }
    let (mut total, mut part, mut scaled) = (0.0, None::<f64>, None);
    let mut least_scale = f64::INFINITY;
    let mut open = 100.0; // what may still be added: below ten after "twenty", nothing after "two"
    let mut end = at;
    let mut ordinal = false;
    loop {
        let mut next = end;
        if end > at {
            if lx.hyphen(next) && lx.is_word(next + 1) {
                next += 1;
            }
            // "one hundred and five", but not "two and three": only after a hundred or a scale.
            if lx.w(next) == "and"
                && open >= 100.0
                && matches!(word(lx.w(next + 1)), Some(Word::Unit(_) | Word::Tens(_)))
            {
                next += 1;
            }
        }
        match word(lx.w(next)) {
            Some(Word::Unit(n)) if n < open && (end == at || n > 0.0) => {
                if n >= 10.0 && open < 100.0 {
                    break;
                }
                part = Some(part.unwrap_or(0.0) + n);
                open = 0.0;
            }
            Some(Word::Tens(n)) if open >= 100.0 => {
                part = Some(part.unwrap_or(0.0) + n);
                open = 10.0;
            }
            Some(Word::Hundred) if part.is_none_or(|p| p < 100.0) => {
                part = Some(part.unwrap_or(1.0) * 100.0);
                scaled = scaled.or(Some(100.0));
                open = 100.0;
            }
            Some(Word::Scale(by)) if by < least_scale || part.is_none() && end > at => {
                if part.is_none() && end > at {
                    total *= by; // "a hundred thousand million"
                } else {
                    total += part.unwrap_or(1.0) * by;
                }
                part = None;
                least_scale = by;
                scaled = Some(by);
                open = 100.0;
            }
            Some(Word::Dozen) if total == 0.0 && end <= at + 2 => {
                total = part.unwrap_or(1.0) * 12.0;
                part = None;
                end = next + 1;
                scaled = Some(12.0);
                break;
            }
            Some(Word::Ordinal(n)) if end > at && (n < open || n >= 100.0) => {
                if n >= 100.0 {
                    total = (total + part.unwrap_or(0.0)) * n;
                    part = None;
                } else {
                    part = Some(part.unwrap_or(0.0) + n);
                }
                end = next + 1;
                ordinal = true;
                break;
            }
            Some(Word::Fraction(n)) if end > at && total == 0.0 && part.is_some_and(|p| p < n || n == 2.0) => {
                return number(next + 1, part? / n, Form::Fraction, None);
            }
            _ => break,
        }
        end = next + 1;
    }
    if end == at {
        return None;
    }
    let value = total + part.unwrap_or(0.0);
    // "one third", "one-fifth": a share, where no plain ordinal can be meant.
    if ordinal && value < 20.0 {
        return None;
    }
    number(end, value, if ordinal { Form::Ordinal } else { Form::Cardinal }, scaled)
}

/// "two and a half million", "a million and a half", "million-and-a-half", "three and a half".
fn with_fraction(lx: &Lexed<'_>, mut found: Number) -> Number {
    if found.form != Form::Cardinal {
        return found;
    }
    let step = |i: usize| if lx.hyphen(i) { i + 1 } else { i };
    let and = step(found.end);
    if lx.w(and) != "and" {
        return found;
    }
    let at = step(and + 1);
    let (part, mut end) = match lx.w(at) {
        "a" | "one" => match lx.w(step(at + 1)) {
            "half" => (0.5, step(at + 1) + 1),
            "quarter" => (0.25, step(at + 1) + 1),
            _ => return found,
        },
        "three" if lx.w(step(at + 1)) == "quarters" => (0.75, step(at + 1) + 1),
        _ => return found,
    };
    if let Some(by) = found.scaled {
        found.value += part * by;
    } else {
        found.value += part;
        if let Some(Word::Scale(by)) = word(lx.w(step(end))) {
            found.value *= by;
            found.scaled = Some(by);
            end = step(end) + 1;
        }
    }
    found.end = end;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(f64, usize, Form)> {
        let mut lx = Lexed::default();
        lx.read(text, 0);
        number(&lx, 0, false).map(|n| (n.value, n.end, n.form))
    }

    #[test]
    fn digits_and_words_are_one_grammar() {
        for (text, wanted) in [
            ("1,234.5 km", 1234.5),
            ("4 hundred million", 4e8),
            ("4.3M", 4.3e6),
            ("2.7m people", 2.7e6),
            ("twenty three years", 23.0),
            ("three hundred and five thousand two hundred", 305_200.0),
            ("two and a half million", 2.5e6),
            ("a million and a half", 1.5e6),
            ("million-and-a-half", 1.5e6),
            ("half a million", 5e5),
            ("two dozen", 24.0),
            ("a dozen", 12.0),
            ("four and a half hours", 4.5),
            ("one hundred twenty-one", 121.0),
        ] {
            assert_eq!(value(text).map(|v| v.0), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_single_number_is_cut() {
        assert_eq!(value("two three").map(|v| v.1), Some(1));
        assert_eq!(value("two and three").map(|v| v.1), Some(1));
        assert_eq!(value("a man"), None);
        assert_eq!(value("37m long").map(|v| v.0), Some(37.0));
        assert_eq!(value("dozens of").map(|v| v.2), Some(Form::Vague));
        assert_eq!(value("21st").map(|v| v.2), Some(Form::Ordinal));
        assert_eq!(value("two-thirds of").map(|v| v.2), Some(Form::Fraction));
    }
}
