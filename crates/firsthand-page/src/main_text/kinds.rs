use firsthand_model::BlockKind;
use firsthand_span::fold;
use rustc_hash::FxHashMap;

use super::choose::Keys;
use super::lines::Line;
use super::region::{Region, region_of};
use crate::furniture::{Judged, has_date, is_date_line, is_note, is_sentence, judge, words};
use crate::html::{Dom, Id, Tag};

/// Lines looked at above the headline and below the last line of the text
/// for dates, bylines and credits.
const AROUND: usize = 8;

/// Says of every line what block it becomes; `None`: it is left out.
pub(crate) struct Kinds<'d, 's> {
    dom: &'d Dom<'s>,
    lines: &'d [Line],
    keys: &'d Keys,
    chosen: &'d [bool],
    /// Bytes of chosen text in all lines before each one.
    before: Vec<usize>,
    regions: FxHashMap<Id, Option<Region>>,
    /// The smallest element around nearly all of the chosen text.
    container: Id,
}

impl<'d, 's> Kinds<'d, 's> {
    pub(crate) fn new(dom: &'d Dom<'s>, lines: &'d [Line], keys: &'d Keys, chosen: &'d [bool]) -> Self {
        let mut before = Vec::with_capacity(lines.len() + 1);
        let mut sum = 0;
        before.push(0);
        for i in 0..lines.len() {
            if chosen.get(i).copied().unwrap_or(false) {
                sum += keys.line(i).len();
            }
            before.push(sum);
        }
        let mut kinds = Kinds { dom, lines, keys, chosen, before, regions: FxHashMap::default(), container: 0 };
        kinds.container = kinds.find_container();
        kinds
    }

    /// Chosen bytes inside an element.
    fn chosen_in(&self, id: Id) -> usize {
        let end = self.dom.node(id).end;
        let from = self.lines.partition_point(|l| l.first < id);
        let to = self.lines.partition_point(|l| l.first < end);
        self.before.get(to).unwrap_or(&0) - self.before.get(from.min(to)).unwrap_or(&0)
    }

    fn all(&self) -> usize {
        self.before.last().copied().unwrap_or(0)
    }

    fn find_container(&self) -> Id {
        // From the longest chosen line upwards.
        let longest = (0..self.lines.len())
            .filter(|&i| self.chosen[i])
            .max_by_key(|&i| (self.keys.line(i).len(), usize::MAX - i));
        let Some(line) = longest.map(|i| self.lines[i]) else { return 0 };
        let mut at = line.block;
        while at != 0 && self.chosen_in(at) * 10 < self.all() * 9 {
            at = self.dom.node(at).parent;
        }
        at
    }

    /// What the part of the page is that a line stands in.
    fn region(&mut self, i: usize) -> Option<Region> {
        let line = self.lines[i];
        let mut at = self.dom.node(line.first).parent;
        let mut first = true;
        while at != 0 && at != self.container {
            let region = match self.regions.get(&at) {
                Some(region) => *region,
                None => {
                    let mut region = region_of(self.dom, at);
                    // A name over a third of the text names no part of it.
                    if region.is_some() && self.chosen_in(at) * 3 > self.all() {
                        region = None;
                    }
                    self.regions.insert(at, region);
                    region
                }
            };
            if region.is_some() {
                // An inline element speaks for the whole line only if it is most of it.
                let inline = at > line.block;
                if !inline
                    || (first && self.dom.node(at).end > line.last)
                    || region == Some(Region::Furniture) && self.dom.node(at).end > line.last
                {
                    return region;
                }
            }
            first = false;
            at = self.dom.node(at).parent;
        }
        None
    }

    fn in_container(&self, i: usize) -> bool {
        let first = self.lines[i].first;
        self.container < first && first < self.dom.node(self.container).end
    }

    fn words(&self, i: usize) -> String {
        self.lines[i].words(self.dom)
    }

    /// The kinds of all lines. `title` is the headline the page names.
    pub(crate) fn find(&mut self, title: Option<&str>) -> Vec<Option<BlockKind>> {
        let mut kinds = vec![None; self.lines.len()];
        let Some(first) = (0..self.lines.len()).find(|&i| self.chosen[i]) else { return kinds };
        let last = (0..self.lines.len()).rev().find(|&i| self.chosen[i]).unwrap_or(first);
        let title = self.title_line(title, first, last);
        let start = title.unwrap_or(first).min(first);
        let body = self.first_sentence(first, last);
        let mut state = State { listing: false, above: true, titled: title.is_some(), aside: 0 };
        for (i, kind) in kinds.iter_mut().enumerate().take(last + 1).skip(start) {
            state.above = i < body;
            *kind = if Some(i) == title { Some(BlockKind::Title) } else { self.kind(i, &mut state) };
        }
        self.headings(&mut kinds, start, last);
        for (i, kind) in kinds.iter_mut().enumerate().take(start).skip(start.saturating_sub(AROUND)) {
            *kind = self.near(i, true);
        }
        for (i, kind) in kinds.iter_mut().enumerate().skip(last + 1).take(AROUND) {
            *kind = self.near(i, false);
        }
        kinds
    }

    fn kind(&mut self, i: usize, state: &mut State) -> Option<BlockKind> {
        let words_of = self.words(i);
        let judged = judge(&words_of);
        let region = self.region(i);
        let tag = self.dom.tag(self.lines[i].block);
        if self.lines[i].first < state.aside {
            return Some(BlockKind::Furniture);
        }
        if matches!(judged, Judged::Comments | Judged::ListHead) || (judged == Judged::Furniture && tag.is_heading()) {
            state.aside = self.part_under(i);
        }
        if self.chosen[i] && self.is_pull_quote(i, &words_of) {
            return Some(BlockKind::Furniture);
        }
        if self.chosen[i] {
            let sentence = is_sentence(&words_of);
            return Some(match (judged, region) {
                (Judged::ListHead, _) => {
                    state.listing = true;
                    BlockKind::Furniture
                }
                (Judged::Furniture | Judged::Comments, _) => BlockKind::Furniture,
                (Judged::Meta, _) => BlockKind::Meta,
                (_, Some(Region::Caption)) => BlockKind::Caption,
                (_, Some(Region::Furniture)) => BlockKind::Furniture,
                (_, Some(Region::Meta)) if words(&words_of) <= 12 && !sentence => BlockKind::Meta,
                _ if tag.is_heading() => {
                    state.listing = false;
                    BlockKind::Heading
                }
                _ if state.listing && !sentence && self.keys.link_share(i) > 0.5 => BlockKind::Furniture,
                _ => {
                    state.listing = false;
                    BlockKind::Body
                }
            });
        }
        if region == Some(Region::Caption) && words(&words_of) >= 3 && judged == Judged::Text {
            return (state.above || self.in_container(i)).then_some(BlockKind::Caption);
        }
        if judged == Judged::Meta || (region == Some(Region::Meta) && words(&words_of) <= 30 && judged == Judged::Text)
        {
            return Some(BlockKind::Meta);
        }
        let links = self.keys.link_share(i);
        if judged == Judged::Text && region.is_none() && links < 0.5 {
            // Points in brief, a standfirst, a name or place by itself.
            if state.above && links < 0.2 && state.titled {
                return Some(match words(&words_of) {
                    4.. if tag == Tag::Li => BlockKind::Body,
                    6.. if !has_date(&words_of) => BlockKind::Heading,
                    _ => BlockKind::Meta,
                });
            }
            if tag.is_heading() && self.in_container(i) {
                return Some(BlockKind::Heading);
            }
            if tag == Tag::P && is_sentence(&words_of) && self.beside_chosen(i) {
                return Some(BlockKind::Body);
            }
        }
        self.in_container(i).then_some(BlockKind::Furniture)
    }

    /// The first chosen line that reads as a sentence and is no point of a list.
    fn first_sentence(&self, first: usize, last: usize) -> usize {
        let prose = |i: &usize| {
            self.chosen[*i] && self.dom.tag(self.lines[*i].block) != Tag::Li && is_sentence(&self.words(*i))
        };
        (first..=last).find(prose).unwrap_or(first)
    }

    /// End of the part of the page that a line heads (comments, a list of
    /// other stories), if the text is mostly elsewhere; else 0.
    fn part_under(&self, i: usize) -> Id {
        let block = self.lines[i].block;
        let alone = self.dom.node(block).end <= self.lines[i].last + 2;
        let part = if alone || self.dom.tag(block).is_heading() { self.dom.node(block).parent } else { block };
        if part == 0 || part == self.container || self.chosen_in(part) * 3 > self.all() {
            0
        } else {
            self.dom.node(part).end
        }
    }

    /// A short quotation that stands in the text a second time, set large.
    fn is_pull_quote(&self, i: usize, words_of: &str) -> bool {
        let quote = |c: char| matches!(c, '"' | '\'' | '‘' | '’' | '“' | '”' | '«' | '»' | '„');
        if !words_of.starts_with(quote) || words(words_of) > 40 {
            return false;
        }
        let key = self.keys.line(i).trim_matches(|c: char| quote(c) || c.is_ascii_punctuation());
        key.len() >= 12
            && (0..self.lines.len()).any(|j| {
                j != i && self.chosen[j] && self.keys.line(j).len() > key.len() + 12 && self.keys.line(j).contains(key)
            })
    }

    /// Whether chosen text stands in the same element as a line's block.
    fn beside_chosen(&self, i: usize) -> bool {
        let parent = self.dom.node(self.lines[i].block).parent;
        let same = |j: usize| self.chosen[j] && self.dom.node(self.lines[j].block).parent == parent;
        let (from, to) = (i.saturating_sub(4), (i + 5).min(self.lines.len()));
        (from..to).any(same)
    }

    /// A heading that was not chosen stays one only above running text.
    fn headings(&self, kinds: &mut [Option<BlockKind>], start: usize, last: usize) {
        let mut text = false;
        for i in (start..=last).rev() {
            match kinds[i] {
                Some(BlockKind::Body) => text = true,
                Some(BlockKind::Heading) => {
                    if !self.chosen[i] && !text {
                        kinds[i] = Some(BlockKind::Furniture);
                    }
                    text = false;
                }
                Some(BlockKind::Furniture) => text = false,
                _ => {}
            }
        }
    }

    /// A line a little above or below the text: only what is said about it.
    fn near(&mut self, i: usize, above: bool) -> Option<BlockKind> {
        let words_of = self.words(i);
        if words_of.len() > 1000 {
            return None;
        }
        let judged = judge(&words_of);
        let region = self.region(i);
        // What the paper says about its own text is part of the report.
        if !above && region.is_none() && self.in_container(i) && is_note(&words_of) && is_sentence(&words_of) {
            return Some(BlockKind::Body);
        }
        let dated = is_date_line(&words_of) && region != Some(Region::Furniture);
        if judged == Judged::Meta
            && (dated
                || (region == Some(Region::Meta) || self.in_container(i))
                    && (above || region != Some(Region::Furniture)))
        {
            return Some(BlockKind::Meta);
        }
        None
    }

    /// The line of the headline: a heading that says what the page's title
    /// says, the one nearest above the text; else the first `h1`.
    fn title_line(&self, title: Option<&str>, first: usize, last: usize) -> Option<usize> {
        let named: Vec<String> = match title {
            Some(title) => vec![fold(title)],
            None => self.dom.elements(Tag::Title).take(1).flat_map(|id| title_parts(&raw_text(self.dom, id))).collect(),
        };
        // The headline stands above the first paragraph that reads as one.
        let body = (first..=last).find(|&i| self.chosen[i] && is_sentence(&self.words(i))).unwrap_or(first);
        let fits = |i: usize| {
            let line = fold(&self.words(i));
            line.len() >= 6
                && named.iter().any(|t| t.contains(&line) || (t.len() >= 12 && line.starts_with(t.as_str())))
        };
        let heading = |i: usize| {
            let block = self.lines[i].block;
            self.dom.tag(block).is_heading() || self.dom.ancestors(block).take(2).any(|a| self.dom.tag(a).is_heading())
        };
        let short = |i: usize| self.lines[i].end - self.lines[i].start < 2000;
        let from = body.saturating_sub(60);
        (from..=body.min(last))
            .rev()
            .find(|&i| short(i) && heading(i) && fits(i))
            .or_else(|| (from..body).rev().find(|&i| short(i) && fits(i)))
            .or_else(|| (0..from).rev().find(|&i| heading(i) && fits(i)))
            .or_else(|| {
                (0..body.max(first + 1)).rev().find(|&i| self.dom.tag(self.lines[i].block) == Tag::H1 && short(i))
            })
    }
}

/// What has been passed on the way down the page.
struct State {
    /// Inside a list of other stories.
    listing: bool,
    /// Above the first sentence of the text.
    above: bool,
    /// There is a headline above.
    titled: bool,
    /// End of the part of the page that is comments or such a list.
    aside: Id,
}

/// A page's `<title>` whole, and its parts between bars and dashes: one of
/// them is the headline, the others name the site.
fn title_parts(title: &str) -> Vec<String> {
    let cut = title.split(['|', '·', '•', '–', '—', '»']).flat_map(|p| p.split(" - ")).flat_map(|p| p.split("::"));
    std::iter::once(title).chain(cut).map(|p| fold(p.trim())).filter(|p| p.len() >= 6).collect()
}

/// The text of an element that is not shown, such as `<title>`.
fn raw_text(dom: &Dom<'_>, id: Id) -> String {
    dom.descendants(id).filter(|(_, n)| n.tag == Tag::Text).map(|(i, _)| crate::html::decode(dom.raw(i))).collect()
}
