use std::collections::BTreeMap;
use std::fmt::Write;

use firsthand_model::Upos;
use rustc_hash::FxHashMap;

/// Lemmas: a look-up of exceptions, then the longest suffix with a rule.
#[derive(Debug, Default)]
pub struct Lemmas {
    /// Lower-case form with its Penn tag, to lemma.
    exceptions: FxHashMap<Box<str>, Box<str>>,
    /// Suffix with Penn tag: how many bytes go, and what comes.
    rules: FxHashMap<Box<str>, (u8, Box<str>)>,
}

/// Longest suffix of a rule, in characters.
const LONGEST: usize = 5;

impl Lemmas {
    /// From a section: exceptions `form tag lemma`, an empty line, rules
    /// `suffix tag cut add`, separated by tabs.
    pub fn parse(section: &str) -> Self {
        let mut lemmas = Lemmas::default();
        let (exceptions, rules) = section.split_once("\n\n").unwrap_or((section, ""));
        for line in exceptions.lines() {
            if let Some((key, lemma)) = line.rsplit_once('\t') {
                lemmas.exceptions.insert(key.into(), lemma.into());
            }
        }
        for line in rules.lines() {
            let mut parts = line.split('\t');
            if let (Some(suffix), Some(tag), Some(cut), Some(add)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
                && let Ok(cut) = cut.parse()
            {
                lemmas.rules.insert(format!("{suffix}\t{tag}").into(), (cut, add.into()));
            }
        }
        lemmas
    }

    /// Writes the lemma of a form to `out`. Names keep their case.
    pub fn lemma(&self, form: &str, upos: Upos, xpos: &str, key: &mut String, out: &mut String) {
        let start = out.len();
        let keep = upos == Upos::Propn || form == "I";
        key.clear();
        for c in form.chars() {
            match c {
                '’' | '‘' | 'ʼ' => key.push('\''),
                '\u{200B}'..='\u{200F}' | '\u{00AD}' | '\u{2060}' | '\u{FEFF}' => {}
                c if keep => key.push(c),
                c => key.extend(c.to_lowercase()),
            }
        }
        let length = key.len();
        key.push('\t');
        key.push_str(xpos);
        if let Some(lemma) = self.exceptions.get(key.as_str()) {
            out.push_str(lemma);
            return;
        }
        let rule = suffixes(key.get(..length).unwrap_or_default())
            .find_map(|at| key.get(at..).and_then(|suffix| self.rules.get(suffix)));
        let form = key.get(..length).unwrap_or_default();
        match rule {
            Some((cut, add)) => {
                out.push_str(form.len().checked_sub(*cut as usize).and_then(|end| form.get(..end)).unwrap_or(form));
                out.push_str(add);
            }
            None => out.push_str(form),
        }
        if out.len() == start {
            out.push_str(form);
        }
    }

    /// Learns exceptions and rules from `(form, upos, xpos, lemma)` with their
    /// counts, and gives the section.
    pub fn learn(seen: &BTreeMap<(String, Upos, String, String), u32>) -> String {
        // The commonest lemma of each form and tag.
        let mut best: BTreeMap<(String, bool, &str), (u32, &str)> = BTreeMap::new();
        for ((form, upos, xpos, lemma), &n) in seen {
            let keep = *upos == Upos::Propn || form == "I";
            let form = if keep { form.clone() } else { form.to_lowercase() };
            let entry = best.entry((form.replace(['’', '‘', 'ʼ'], "'"), keep, xpos)).or_default();
            if n > entry.0 {
                *entry = (n, lemma);
            }
        }
        let mut votes: BTreeMap<String, BTreeMap<(u8, &str), u32>> = BTreeMap::new();
        for ((form, _, xpos), (_, lemma)) in &best {
            let same = form.bytes().zip(lemma.bytes()).take_while(|(a, b)| a == b).count();
            let same = (0..=same).rev().find(|&i| form.is_char_boundary(i) && lemma.is_char_boundary(i)).unwrap_or(0);
            let cut = form.len() - same;
            if cut > 8 {
                continue;
            }
            for at in suffixes(form) {
                *votes
                    .entry(format!("{}\t{xpos}", &form[at..]))
                    .or_default()
                    .entry((cut as u8, &lemma[same..]))
                    .or_default() += 1;
            }
        }
        let mut rules = BTreeMap::new();
        for (key, votes) in &votes {
            let total: u32 = votes.values().sum();
            let Some((&(cut, add), &n)) = votes.iter().max_by_key(|(k, n)| (**n, std::cmp::Reverse(**k))) else {
                continue;
            };
            let suffix = key.split('\t').next().unwrap_or_default().chars().count();
            if total >= 2 && n * 10 >= total * 6 || suffix == 0 {
                rules.insert(key.clone(), (cut, add.to_owned()));
            }
        }
        // A rule that its shorter suffix already gives is not needed.
        let shorter = |key: &str| {
            let first = key.chars().next().filter(|&c| c != '\t')?;
            let mut rest = &key[first.len_utf8()..];
            loop {
                if let Some(rule) = rules.get(rest) {
                    return Some(rule);
                }
                let c = rest.chars().next().filter(|&c| c != '\t')?;
                rest = &rest[c.len_utf8()..];
            }
        };
        let mut section = String::from("\n");
        for (key, (cut, add)) in rules.iter().filter(|(key, rule)| shorter(key) != Some(*rule)) {
            let _ = writeln!(section, "{key}\t{cut}\t{add}");
        }
        let ruled = Lemmas::parse(&format!("\n{section}"));
        let mut exceptions = String::new();
        let (mut key, mut out) = (String::new(), String::new());
        for ((form, keep, xpos), (_, lemma)) in &best {
            out.clear();
            let upos = if *keep { Upos::Propn } else { Upos::X };
            ruled.lemma(form, upos, xpos, &mut key, &mut out);
            if out != *lemma {
                let _ = writeln!(exceptions, "{form}\t{xpos}\t{lemma}");
            }
        }
        exceptions + &section
    }
}

/// Where the suffixes of a form start, the longest first, the empty one last.
fn suffixes(form: &str) -> impl Iterator<Item = usize> {
    let mut starts = [form.len(); LONGEST + 1];
    let mut count = 1;
    for (slot, (i, _)) in starts[1..].iter_mut().zip(form.char_indices().rev()) {
        *slot = i;
        count += 1;
    }
    (0..count).rev().map(move |k| starts[k])
}
