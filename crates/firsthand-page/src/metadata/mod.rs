/*!
What a page says about its report: title, outlet, byline, agency, dateline,
times, address, and how each was found.

[`html`] looks once at the markup, before the main text is known; [`text`]
then reads the clean text of any page: the dateline that opens it, the credit
that closes it and, for plain text scraped from a page, the lines above it.
Strongest evidence first: structured data, meta elements, `<time>`, the
address, the words a reader sees. What stronger evidence gave, weaker does not
replace. The rules go by form and position, so that they hold for outlets and
agencies nobody has heard of; the lists in `data/` hold words of languages,
not rules for parties. Unknown stays unknown.

Bylines are taken apart into persons, roles, places and agencies (no library
does this): "Ida Holm, court reporter, in Port Vell (with NPA)" is one person,
one place, one agency.

A date of change never stands for the date of publication where the page has
one. Where it has only the former, that is used and marked as inferred.
*/

mod address;
mod credit;
mod dateline;
mod dates;
mod json_ld;
mod lines;
mod published;
mod scan;
mod title;

use firsthand_model::{Block, BlockKind, Dateline, Found, How, Moment};
use firsthand_span::Span;

use crate::Hints;
use crate::html::Dom;
use credit::Context;
use scan::Scan;

/// What is known about a page; becomes the fields of the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Metadata {
    /// Headline.
    pub(crate) title: Option<Found<String>>,
    /// Who published it.
    pub(crate) outlet: Option<Found<String>>,
    /// The persons named as authors, joined by ", ".
    pub(crate) byline: Option<Found<String>>,
    /// The wire service credited.
    pub(crate) agency: Option<Found<String>>,
    /// The line that opens the text. Its span is empty where only a byline
    /// says the place.
    pub(crate) dateline: Option<Found<Dateline>>,
    /// When it was published.
    pub(crate) published: Option<Found<Moment>>,
    /// When it was last changed.
    pub(crate) modified: Option<Found<Moment>>,
    /// When it was saved.
    pub(crate) captured: Option<Found<Moment>>,
    /// Canonical address.
    pub(crate) url: Option<Found<String>>,
    /// Parts of plain text that are the headline or lines about the report.
    pub(crate) roles: Vec<(Span, BlockKind)>,
}

impl Metadata {
    /// What the user or a record says, laid over what the page says.
    fn given(mut self, hints: &Hints) -> Self {
        let how = if hints.record { How::Record } else { How::Given };
        let lay = |field: &mut Option<Found<String>>, hint: &Option<String>| {
            if let Some(value) = hint.as_deref().map(str::trim).filter(|v| !v.is_empty()) {
                *field = Some(Found::new(value.to_owned(), how));
            }
        };
        lay(&mut self.title, &hints.title);
        lay(&mut self.outlet, &hints.outlet);
        lay(&mut self.byline, &hints.byline);
        lay(&mut self.agency, &hints.agency);
        if let Some(url) = hints.url.as_deref().filter(|u| !u.is_empty()) {
            self.url.get_or_insert_with(|| Found::new(url.to_owned(), How::Record));
        }
        if let Some(date) = hints.date.as_deref().and_then(|d| dates::machine(d, dates::Style::default())) {
            self.published = Some(Found::new(date, how));
        }
        if let Some(at) = hints.captured {
            self.captured = Some(Found::new(at, How::Record));
        }
        self
    }
}

/// Reads the markup of a page.
pub(crate) fn html(dom: &Dom<'_>, hints: &Hints) -> Metadata {
    let mut scan = Scan::new(dom);
    let nodes = json_ld::Nodes::new(&scan.json_ld);
    let (url, captured) = address::find(&scan, hints);
    let address = url.as_ref().map(|u| u.value.as_str()).or(hints.url.as_deref());
    let heads = title::find(&scan, &nodes);
    scan.trust(heads.line);
    let style = published::style(&scan, address);
    let times = published::find(dom.source(), &scan, &nodes, address, style, heads.line);
    let credits = credit::find(&scan, &nodes, heads.line, heads.outlet.as_ref().map(|o| o.value.as_str()));
    let dateline = credits
        .place
        .map(|p| Found::new(Dateline { place: p.value, span: Span::default() }, p.how))
        .or_else(|| published::stamped_place(&scan, heads.line, style));
    Metadata {
        title: heads.title,
        outlet: heads.outlet,
        byline: credits.byline,
        agency: credits.agency,
        dateline,
        published: times.published,
        modified: times.modified,
        captured,
        url,
        roles: Vec::new(),
    }
    .given(hints)
}

/// Reads the clean text of a page, on top of what its markup gave (`found`,
/// by [`html`]; nothing for plain text).
pub(crate) fn text(text: &str, blocks: &[Block], found: Option<Metadata>, hints: &Hints) -> Metadata {
    let plain = found.is_none() && !hints.as_is;
    let mut found = found.unwrap_or_default();
    if plain {
        let head = lines::head(text, blocks);
        let persons = &head.credit.persons;
        found.byline = (!persons.is_empty()).then(|| Found::new(persons.join(", "), How::VisibleText));
        found.agency = head.credit.agencies.first().map(|a| Found::new(a.clone(), How::VisibleText));
        found.dateline =
            head.credit.place.map(|place| Found::new(Dateline { place, span: Span::default() }, How::VisibleText));
        found.title = head.title;
        found.outlet = head.outlet;
        found.published = head.published;
        found.modified = head.modified;
        found.roles = head.roles;
    }
    let mut found = found.given(hints);
    let body: Vec<&str> =
        blocks.iter().filter(|b| b.kind == BlockKind::Body).map(|b| b.span.of(text)).take(600).collect();
    let outlet = found.outlet.as_ref().map(|o| o.value.clone());
    // What is a place or an agency also shows in lines set aside as furniture.
    let all: Vec<&str> = blocks.iter().map(|b| b.span.of(text)).take(900).collect();
    let context = Context { outlet: outlet.as_deref(), body: &all };
    opening(text, blocks, &context, plain, &mut found);
    if found.agency.is_none() {
        let last = body.iter().rev().take(if plain { 12 } else { 4 });
        let agency = last.flat_map(|b| credit::end_credit(b, &context).agencies).next();
        found.agency = agency.map(|a| Found::new(a, How::VisibleText));
    }
    if let Some(place) = hints.dateline.as_deref().map(str::trim).filter(|p| !p.is_empty()) {
        let span = found.dateline.as_ref().map(|d| d.value.span).unwrap_or_default();
        found.dateline = Some(Found::new(Dateline { place: place.to_owned(), span }, How::Given));
    }
    found
}

/// The dateline at the head of the text, and the agency in it.
fn opening(text: &str, blocks: &[Block], context: &Context<'_>, plain: bool, found: &mut Metadata) {
    let outlet = context.outlet;
    let title_end = found.roles.first().map_or(0, |(s, _)| s.end);
    let candidates = blocks
        .iter()
        .filter(|b| b.span.start >= title_end && matches!(b.kind, BlockKind::Body | BlockKind::Meta))
        .take(if plain { 8 } else { 4 });
    for block in candidates {
        let line = block.span.of(text);
        let Some(opening) = dateline::opening(line, |w| context.is_place(w) || context.is_place(&capitalised(w)))
        else {
            continue;
        };
        let own_line = opening.len >= line.len();
        // A short line with a dash may be anything; a dateline opens running text or stands alone.
        if !own_line && line.len() < opening.len + 40 {
            continue;
        }
        // "VELL POST — your voice since 1921" is the page's head.
        if outlet.is_some_and(|o| firsthand_span::fold(o) == firsthand_span::fold(&opening.place)) {
            continue;
        }
        if let Some(agency) = opening.agency
            && !context.is_own(&agency)
            && found.agency.is_none()
        {
            found.agency = Some(Found::new(agency, How::Dateline));
        }
        if !opening.place.is_empty() {
            let start = block.span.start as usize;
            let span = Span::new(start, start + opening.len).trim(text);
            found.dateline = Some(Found::new(Dateline { place: opening.place, span }, How::Dateline));
        }
        return;
    }
}

/// A moment written for machines, such as a record's date.
pub(crate) fn moment(value: &str) -> Option<Moment> {
    dates::machine(value, dates::Style::default())
}

/// "PORT VELL" as the rest of the text writes it: "Port Vell".
fn capitalised(name: &str) -> String {
    let mut start = true;
    name.chars()
        .flat_map(|c| {
            let lower = !std::mem::replace(&mut start, !c.is_alphabetic());
            let cased: Vec<char> = if lower { c.to_lowercase().collect() } else { vec![c] };
            cased
        })
        .collect()
}

/// The rows of a data file, without comments and blank lines.
fn rows(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().filter(|row| !row.starts_with('#') && !row.trim().is_empty())
}
