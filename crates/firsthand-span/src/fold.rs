use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text for comparison: compatibility-decomposed, marks dropped,
/// lower case, every kind of quotation mark, apostrophe and dash made plain,
/// and runs of white space made one space.
///
/// The one folding function of the project: what folds alike is written
/// alike. It never touches stored text.
pub fn fold(text: &str) -> String {
    // Most words: nothing to fold but the case.
    if text.bytes().all(|b| b.is_ascii_graphic() && b != b'`') {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    let mut add = |c: char| {
        if c == ' ' {
            space = !out.is_empty();
        } else {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(c);
        }
    };
    if text.is_ascii() {
        // Most names: nothing to decompose.
        text.chars().filter(|&c| c != '\0').for_each(|c| {
            add(match c {
                '`' => '\'',
                c if c.is_whitespace() => ' ',
                c => c.to_ascii_lowercase(),
            });
        });
    } else {
        text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(fold_char).for_each(add);
    }
    out
}

/// One character folded: lower case, plain quotation mark or dash, plain
/// space; nothing for zero-width and soft-hyphen characters.
pub fn fold_char(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{00B4}' | '`' | '\u{02BC}' | '\u{02BB}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{200B}'..='\u{200F}' | '\u{00AD}' | '\u{FEFF}' | '\u{2060}' => '\0',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    (plain != '\0').then(|| plain.to_lowercase()).into_iter().flatten()
}

/// The folded words of a text: its maximal runs of letters, digits and
/// inner apostrophes.
pub fn fold_words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|w| w.trim_matches('\''))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        assert_eq!(fold("  Zoë’s\u{00A0}\n “Émigré” – A\u{200B}B "), "zoe's \"emigre\" - ab");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn plain_text_folds_the_same_by_the_short_way() {
        let text: String = (0..128u8).map(char::from).collect();
        // A mark that folds away sends the same text the long way.
        assert_eq!(fold(&text), fold(&format!("{text}\u{301}")).trim_end());
    }

    #[test]
    fn words_keep_inner_apostrophes() {
        assert_eq!(fold_words("‘It’s’ 12 o’clock—now!"), ["it's", "12", "o'clock", "now"]);
    }
}
