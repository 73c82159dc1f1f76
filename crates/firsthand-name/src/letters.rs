//! How alike two words of names are, letter by letter.

/// A spelling-free key: letters that transliterations and misspellings
/// exchange fall together, vowels but the first are dropped. Names with one
/// key may differ; spellings of one name mostly share it.
pub fn key(word: &str) -> String {
    let letters: Vec<char> = plain(word).collect();
    let mut out = String::with_capacity(letters.len());
    let mut last = '\0';
    let mut first = true;
    let mut i = 0;
    while let Some(&c) = letters.get(i) {
        let next = letters.get(i + 1).copied();
        let (sound, width) = match (c, next) {
            ('p', Some('h')) => ('f', 2),
            ('s' | 'c' | 't' | 'z', Some('h')) => ('s', 2),
            ('k' | 'g' | 'd', Some('h')) => (c, 2),
            ('c', Some('k')) => ('k', 2),
            ('d', Some('j')) => ('g', 2),
            ('c', Some('e' | 'i' | 'y')) => ('s', 1),
            ('c' | 'q', _) => ('k', 1),
            ('x', _) => ('k', 1),
            ('w', _) => ('v', 1),
            ('z', _) => ('s', 1),
            ('j', _) => ('g', 1),
            ('h', _) if !first => ('a', 1),
            ('a' | 'e' | 'i' | 'o' | 'u' | 'y', _) => ('a', 1),
            _ => (c, 1),
        };
        i += width;
        if (sound != 'a' || first) && sound != last {
            out.push(sound);
        }
        last = sound;
        first = false;
    }
    out
}

/// Letters and digits only, of a folded word, with those letters that
/// decomposition leaves alone spelled plainly.
fn plain(word: &str) -> impl Iterator<Item = char> {
    word.chars().flat_map(|c| {
        let (one, two) = match c {
            'ø' => ('o', None),
            'ł' => ('l', None),
            'đ' | 'ð' => ('d', None),
            'ı' => ('i', None),
            'ə' => ('a', None),
            'þ' => ('t', Some('h')),
            'ß' => ('s', Some('s')),
            'æ' => ('a', Some('e')),
            'œ' => ('o', Some('e')),
            c => (c, None),
        };
        [Some(one).filter(|c| c.is_alphanumeric()), two].into_iter().flatten()
    })
}

/// Words longer than this are compared by their beginning: no name is longer.
const LONGEST: usize = 40;

/// How alike two folded words are, 0 to 1: one minus a weighted edit distance
/// over the longer length. Vowels for vowels, doubled letters, h after a
/// consonant and consonants of one sound class are cheap.
pub fn likeness(a: &str, b: &str) -> f32 {
    if a == b {
        return 1.0;
    }
    let (mut one, mut two) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let (a, b) = (beginning(a, &mut one), beginning(b, &mut two));
    let longest = a.len().max(b.len());
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 0.99;
    }
    // Rows of the table: on the stack, since joining compares millions of words.
    let mut rows = [[0.0f32; LONGEST + 1]; 3];
    let [before, row, next] = &mut rows;
    let (mut before, mut row, mut next) = (before, row, next);
    let mut gaps = [0.0f32; LONGEST];
    for j in 0..b.len() {
        gaps[j] = gap(b, j);
        row[j + 1] = row[j] + gaps[j];
    }
    for i in 1..=a.len() {
        let ours = gap(a, i - 1);
        next[0] = row[0] + ours;
        for j in 1..=b.len() {
            let mut cost =
                (row[j - 1] + exchange(a[i - 1], b[j - 1])).min(row[j] + ours).min(next[j - 1] + gaps[j - 1]);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 0.7);
            }
            next[j] = cost;
        }
        (before, row, next) = (row, next, before);
    }
    (1.0 - row[b.len()] / longest as f32).max(0.0)
}

/// The plain letters of a word's beginning, in `room`.
fn beginning<'a>(word: &str, room: &'a mut [char; LONGEST]) -> &'a [char] {
    let mut n = 0;
    for (place, c) in room.iter_mut().zip(plain(word)) {
        *place = c;
        n += 1;
    }
    &room[..n]
}

/// Cost of a letter that the other word lacks.
fn gap(word: &[char], at: usize) -> f32 {
    let c = word[at];
    let before = at.checked_sub(1).map(|i| word[i]);
    let after = word.get(at + 1).copied();
    if before == Some(c) {
        return 0.1;
    }
    match c {
        'h' if before.is_some_and(|b| !is_vowel(b)) || after.is_none() => 0.2,
        'y' | 'i' if after.is_none() => 0.3,
        'e' | 'a' if after.is_none() => 0.5,
        'u' if before == Some('o') => 0.15,
        'y' | 'i' | 'j' if before.is_some_and(is_vowel) || after.is_some_and(is_vowel) => 0.25,
        c if is_vowel(c) => 0.45,
        'h' | 'w' => 0.6,
        'c' if after == Some('k') => 0.1,
        'd' if after == Some('j') => 0.2,
        't' if matches!(after, Some('s' | 'c' | 'z')) => 0.2,
        _ if at == 0 => 1.2,
        _ => 1.0,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Cost of one letter for another.
fn exchange(a: char, b: char) -> f32 {
    if a == b {
        return 0.0;
    }
    let pair = if a < b { (a, b) } else { (b, a) };
    match pair {
        ('i', 'y') | ('i', 'j') | ('j', 'y') | ('v', 'w') | ('c', 'k') | ('k', 'q') | ('c', 'q') => 0.15,
        ('o', 'u') | ('e', 'i') | ('a', 'e') | ('s', 'z') | ('g', 'j') | ('e', 'y') => 0.3,
        ('f', 'v') | ('c', 's') | ('k', 'x') | ('g', 'k') | ('b', 'p') | ('d', 't') | ('s', 'x') | ('u', 'w') => 0.4,
        ('b', 'v') | ('g', 'h') | ('c', 'z') | ('h', 'k') | ('f', 'p') | ('h', 'j') => 0.5,
        (x, y) if is_vowel(x) && is_vowel(y) => 0.4,
        _ => 1.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_share_a_key() {
        for (a, b) in [("youssef", "yusuf"), ("zelenskyy", "zelensky"), ("khaled", "khalid"), ("oriel", "auriel")] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        assert_ne!(key("sarkady"), key("maret"));
    }

    #[test]
    fn cheap_changes_stay_alike() {
        for (a, b) in [("zelensky", "zelenskyy"), ("qaddafi", "gadhafi"), ("orren", "oren"), ("auriel", "oriel")] {
            assert!(likeness(a, b) >= 0.79, "{a} {b} {}", likeness(a, b));
        }
        for (a, b) in [("oriel", "ombra"), ("iven", "mara"), ("upper", "lower"), ("north", "south")] {
            assert!(likeness(a, b) < 0.7, "{a} {b} {}", likeness(a, b));
        }
    }
}
