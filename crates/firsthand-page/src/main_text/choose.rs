use std::panic::{AssertUnwindSafe, catch_unwind};

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::lines::{Line, lines};
use super::region::{Region, region_of};
use super::slim::slim;
use crate::furniture::is_sentence;
use crate::html::Dom;

/// Bytes that searches for single lines may look at, as a multiple of the page's text.
const SEARCHES: usize = 64;

/// The characters of all lines without white space, one after the other.
pub(crate) struct Keys {
    text: String,
    /// Where each line starts in `text`; one more for the end.
    starts: Vec<usize>,
    /// Bytes of each line that stand in links.
    linked: Vec<usize>,
}

impl Keys {
    pub(crate) fn of(dom: &Dom<'_>, lines: &[Line]) -> Self {
        let mut keys = Keys { text: String::new(), starts: vec![0], linked: Vec::new() };
        for line in lines {
            let linked = line.push_key(dom, &mut keys.text);
            keys.linked.push(linked);
            keys.starts.push(keys.text.len());
        }
        keys
    }

    /// A line's characters.
    pub(crate) fn line(&self, i: usize) -> &str {
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(&start), Some(&end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The share of a line that is links.
    pub(crate) fn link_share(&self, i: usize) -> f32 {
        let all = self.line(i).len().max(1) as f32;
        self.linked.get(i).map_or(0.0, |&n| n as f32 / all)
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The line at a byte of the text.
    fn line_at(&self, at: usize) -> usize {
        self.starts.partition_point(|&s| s <= at).saturating_sub(1)
    }
}

/// Which lines of the page are its main text: by the word of the finders, or,
/// where they find nothing (or the page is too large for them), by their looks.
pub(crate) fn choose(dom: &Dom<'_>, lines: &[Line], keys: &Keys) -> Vec<bool> {
    let mut chosen = vec![false; keys.len()];
    let taken = |chosen: &[bool]| (0..chosen.len()).filter(|&i| chosen[i]).map(|i| keys.line(i).len()).sum::<usize>();
    if let Some(html) = slim(dom) {
        if let Some(found) = trafilatura(&html) {
            chosen = align(keys, &found);
        }
        if taken(&chosen) < 200
            && let Some(other) = dom_smoothie(&html).map(|found| align(keys, &found))
            && taken(&other) > taken(&chosen)
        {
            chosen = other;
        }
    }
    if taken(&chosen) == 0 {
        chosen = by_looks(dom, lines, keys);
    }
    chosen
}

/// Lines that read as sentences and are not links; without any, all lines
/// that are not links; without any, all.
fn by_looks(dom: &Dom<'_>, lines: &[Line], keys: &Keys) -> Vec<bool> {
    let aside = |i: usize| dom.ancestors(lines[i].block).take(12).any(|a| region_of(dom, a) == Some(Region::Furniture));
    let prose = |i: usize| {
        let long = keys.line(i).len();
        keys.link_share(i) < 0.3 && long >= 40 && (long > 2000 || is_sentence(&lines[i].words(dom))) && !aside(i)
    };
    let mut chosen: Vec<bool> = (0..keys.len()).map(prose).collect();
    if !chosen.contains(&true) {
        chosen = (0..keys.len()).map(|i| keys.link_share(i) < 0.5 && !aside(i)).collect();
    }
    if !chosen.contains(&true) {
        chosen = vec![true; keys.len()];
    }
    chosen
}

fn trafilatura(html: &str) -> Option<Keys> {
    let mut options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled)
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision);
    options.config.min_output_size = 0;
    // The finders are not ours: a panic in one costs a page its choice of
    // lines, never the run.
    let found = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(html, &options)));
    found.ok()?.ok().map(|found| keys_of(&found.content_html))
}

fn dom_smoothie(html: &str) -> Option<Keys> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        dom_smoothie::Readability::new(html, None, None).and_then(|mut page| page.parse())
    }));
    found.ok()?.ok().map(|found| keys_of(&found.content))
}

fn keys_of(html: &str) -> Keys {
    let dom = Dom::parse(html);
    Keys::of(&dom, &lines(&dom))
}

/// Finds the finder's lines among those of the page.
///
/// Lines that stand once in both are fixed points. The others are looked for
/// between the fixed points around them, whole lines first, then as a part or
/// a run of lines, then by their ends (the finder drops words in the middle).
fn align(page: &Keys, found: &Keys) -> Vec<bool> {
    let mut by_key: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for i in 0..page.len() {
        by_key.entry(page.line(i)).or_default().push(i as u32);
    }
    let places = |i: usize| by_key.get(found.line(i)).map_or(&[][..], Vec::as_slice);
    // The fixed point at or after each found line, as a line of the page.
    let mut next = vec![page.len(); found.len() + 1];
    for i in (0..found.len()).rev() {
        next[i] = match places(i) {
            [only] if found.line(i).len() >= 20 => *only as usize,
            _ => next[i + 1],
        };
    }
    let mut covered = vec![0usize; page.len()];
    let mut budget = SEARCHES * (page.text.len() + 1000);
    let mut at = 0; // the line after the last one placed
    for i in 0..found.len() {
        let (line, next) = (found.line(i), next[i + 1].max(at));
        let places = places(i);
        let free = |&&p: &&u32| covered[p as usize] == 0;
        let exact = places
            .iter()
            .find(|&&p| (at..=next).contains(&(p as usize)) && covered[p as usize] == 0)
            .or_else(|| places.iter().filter(free).min_by_key(|&&p| (p as usize).abs_diff(at)));
        if let Some(&p) = exact {
            let p = p as usize;
            covered[p] = page.line(p).len();
            at = p + 1;
        } else if places.is_empty() && line.len() >= 8 {
            let from = page.starts[at.min(page.len())];
            let Some((start, end)) = locate(&page.text, from, line, &mut budget) else { continue };
            let mut p = page.line_at(start);
            while p < page.len() && page.starts[p] < end {
                let (a, b) = (page.starts[p].max(start), page.starts[p + 1].min(end));
                covered[p] += b.saturating_sub(a);
                p += 1;
            }
            at = page.line_at(end.saturating_sub(1)).min(page.len());
        }
    }
    (0..page.len()).map(|p| covered[p] > 0 && covered[p] * 2 >= page.line(p).len()).collect()
}

/// Where a line stands in the page's text, from `from` on or else anywhere.
fn locate(text: &str, from: usize, line: &str, budget: &mut usize) -> Option<(usize, usize)> {
    let mut find = |from: usize, to: usize, part: &str| -> Option<usize> {
        let hay = text.as_bytes().get(from..to.min(text.len()))?;
        let found = memmem::find(hay, part.as_bytes());
        *budget = budget.checked_sub(found.unwrap_or(hay.len()))?;
        found.map(|i| from + i)
    };
    if let Some(start) = find(from, text.len(), line).or_else(|| find(0, from, line)) {
        return Some((start, start + line.len()));
    }
    if line.len() < 48 {
        return None;
    }
    let cut = |mut at: usize| {
        while !line.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let (head, tail) = (&line[..cut(24)], &line[cut(line.len() - 24)..]);
    let start = find(from, text.len(), head).or_else(|| find(0, from, head))?;
    let reach = start + line.len() + line.len() / 2 + 200;
    let end = find(start + head.len(), reach, tail)? + tail.len();
    (end - start >= line.len() / 2).then_some((start, end))
}
