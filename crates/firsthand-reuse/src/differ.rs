use std::ops::Range;

use firsthand_span::Span;

use crate::text::{hash_word, word_ranges};

/// Larger tables are not filled: of such passages only the words that are the
/// same at both ends are found.
const CELLS: usize = 1 << 20;

/// The words of two passages that the other one lacks, as byte spans, runs of
/// words joined. Case, accents and marks are no difference. Longest common
/// subsequence of words (Hunt and McIlroy 1976).
pub fn differences(a: &str, b: &str) -> (Vec<Span>, Vec<Span>) {
    let words = |text: &str| -> (Vec<Range<usize>>, Vec<u32>) {
        word_ranges(text).map(|r| (r.clone(), hash_word(&text[r]))).unzip()
    };
    let ((in_a, x), (in_b, y)) = (words(a), words(b));
    let start = x.iter().zip(&y).take_while(|(x, y)| x == y).count();
    let (rest_x, rest_y) = (&x[start..], &y[start..]);
    let end = rest_x.iter().rev().zip(rest_y.iter().rev()).take_while(|(x, y)| x == y).count();
    let (mid_x, mid_y) = (&rest_x[..rest_x.len() - end], &rest_y[..rest_y.len() - end]);
    let (mut only_a, mut only_b) = (vec![true; mid_x.len()], vec![true; mid_y.len()]);
    if mid_x.len().saturating_mul(mid_y.len()) <= CELLS {
        common(mid_x, mid_y, |i, j| (only_a[i], only_b[j]) = (false, false));
    }
    (runs(&in_a[start..], &only_a), runs(&in_b[start..], &only_b))
}

/// Calls `same` with the places of a longest common subsequence.
fn common(x: &[u32], y: &[u32], mut same: impl FnMut(usize, usize)) {
    let width = y.len() + 1;
    let mut table = vec![0_u32; (x.len() + 1) * width];
    for i in (0..x.len()).rev() {
        for j in (0..y.len()).rev() {
            table[i * width + j] = if x[i] == y[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < x.len() && j < y.len() {
        if x[i] == y[j] {
            same(i, j);
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// From the first to the last word of each run of marked words.
fn runs(words: &[Range<usize>], marked: &[bool]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    for (word, &mark) in words.iter().zip(marked) {
        match out.last_mut() {
            Some(last) if mark && open => last.end = word.end as u32,
            _ if mark => out.push(Span::new(word.start, word.end)),
            _ => {}
        }
        open = mark;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of<'t>(text: &'t str, spans: &[Span]) -> Vec<&'t str> {
        spans.iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn changed_words_are_marked_on_both_sides() {
        let (a, b) = ("The mill burned for two long days in Sellin.", "the mill burned two days in old Sellin");
        let (x, y) = differences(a, b);
        assert_eq!((of(a, &x), of(b, &y)), (vec!["for", "long"], vec!["old"]));
        assert_eq!(differences(a, a), (Vec::new(), Vec::new()));
    }

    proptest! {
        /// What is left without the marked words is the same.
        #[test]
        fn the_rest_is_the_same(a in "[abc ]{0,40}", b in "[abc ]{0,40}") {
            let (x, y) = differences(&a, &b);
            let rest = |text: &str, marks: &[Span]| -> Vec<String> {
                word_ranges(text).filter(|w| !marks.iter().any(|m| m.contains(w.start as u32))).map(|w| text[w].to_owned()).collect()
            };
            prop_assert_eq!(rest(&a, &x), rest(&b, &y));
        }
    }
}
