//! Bylines taken apart: persons, places, agencies; roles and desks dropped.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use firsthand_model::{Found, How};
use firsthand_span::fold;

use super::dates::{self, Style};
use super::json_ld::Nodes;
use super::scan::{Line, Scan, mark};
use super::title::{initials_match, is_acronym};

/// What credits of a report say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credit {
    pub(crate) persons: Vec<String>,
    pub(crate) agencies: Vec<String>,
    pub(crate) place: Option<String>,
}

/// The words of one kind in `data/credit_words.tsv`, folded.
pub(crate) fn lexicon(kind: &str) -> &'static [String] {
    static WORDS: LazyLock<std::collections::BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
        let mut words = std::collections::BTreeMap::<&str, Vec<String>>::new();
        for (kind, word) in super::rows(include_str!("data/credit_words.tsv")).filter_map(|r| r.split_once('\t')) {
            words.entry(kind).or_default().push(fold(word));
        }
        for list in words.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        words
    });
    WORDS.get(kind).map_or(&[], Vec::as_slice)
}

pub(crate) fn listed(kind: &str, word: &str) -> bool {
    lexicon(kind).binary_search_by(|w| w.as_str().cmp(word)).is_ok()
}

/// What the rest of the page tells of a name.
pub(crate) struct Context<'a> {
    /// The outlet's name.
    pub(crate) outlet: Option<&'a str>,
    /// Running text, each element a line.
    pub(crate) body: &'a [&'a str],
}

impl Context<'_> {
    /// The page's own publisher: not credited, but speaking.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        let Some(outlet) = self.outlet else { return false };
        let (own, name_folded) = (fold(outlet), fold(name));
        let bare = |s: &str| s.strip_prefix("the ").unwrap_or(s).to_owned();
        bare(&own) == bare(&name_folded)
            || is_acronym(name) && (initials_match(name, outlet) || own.split(' ').any(|w| w == name_folded))
            || name_folded.len() >= 4
                && (bare(&own).starts_with(&bare(&name_folded)) || bare(&name_folded).starts_with(&bare(&own)))
    }

    /// "in Vell", "from Vell" stands in the text.
    pub(crate) fn is_place(&self, name: &str) -> bool {
        self.follows(name, "in")
    }

    /// "told Northwire" stands in the text, as agencies write of themselves.
    fn is_told(&self, name: &str) -> bool {
        self.follows(name, "told")
    }

    fn follows(&self, name: &str, kind: &str) -> bool {
        let words = lexicon(kind);
        let mut left = 200;
        self.body.iter().any(|line| {
            line.match_indices(name).any(|(at, _)| {
                left -= 1;
                let before = line[..at].trim_end();
                let from = before.char_indices().rev().nth(14).map_or(0, |(i, _)| i);
                let tail = fold(&before[from..]);
                let end = line[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
                left > 0
                    && end
                    && words
                        .iter()
                        .any(|w| tail.strip_suffix(w.as_str()).is_some_and(|t| t.is_empty() || t.ends_with(' ')))
            })
        })
    }
}

/// Byline, agency and place of a page.
pub(crate) struct Credits {
    pub(crate) byline: Option<Found<String>>,
    pub(crate) agency: Option<Found<String>>,
    pub(crate) place: Option<Found<String>>,
}

pub(crate) fn find(scan: &Scan, nodes: &Nodes, title: Option<usize>, outlet: Option<&str>) -> Credits {
    let body: Vec<&str> = scan.lines.iter().filter(|l| l.text.len() > 80).map(|l| l.text.as_str()).take(400).collect();
    let context = Context { outlet, body: &body };
    let mut sources: Vec<(Credit, How)> = Vec::new();
    let folded_title = fold(&scan.title);
    if let Some(article) = nodes.article(|h| folded_title.contains(&fold(h))) {
        let mut all = Credit::default();
        for (name, person) in article.authors {
            let name = super::title::unescape(name);
            match person {
                Some(false) if context.is_own(&name) => {}
                _ => merge(&mut all, parse(&name, &context, person == Some(true))),
            }
        }
        sources.push((all, How::JsonLd));
    }
    let mut meta = Credit::default();
    for name in META_AUTHORS {
        for (_, value) in scan.metas.iter().filter(|(n, v)| n == name && !v.contains("://") && v.len() < 200).take(10) {
            merge(&mut meta, parse(&super::title::unescape(value), &context, false));
        }
        if !meta.persons.is_empty() {
            break;
        }
    }
    sources.push((meta, How::Meta));
    let from = title.map_or(0, |t| t.saturating_sub(5));
    let to = title.map_or(usize::MAX, |t| t + 12);
    let mut seen = Credit::default();
    for (i, line) in scan.lines.iter().enumerate().take(to).skip(from) {
        if Some(i) == title || line.marks & mark::FURNITURE != 0 && line.marks & mark::BYLINE == 0 {
            continue;
        }
        let after_title = title.is_some_and(|t| i > t && i <= t + 3);
        let credit = visible(line, &context, after_title);
        // The first line that names persons is the byline; others name neighbours.
        if seen.persons.is_empty() || credit.persons.is_empty() {
            merge(&mut seen, credit);
        }
    }
    if seen.persons.is_empty() && title.is_none_or(|_| sources.iter().all(|(c, _)| c.persons.is_empty())) {
        let marked = scan.lines.iter().filter(|l| l.marks & mark::BYLINE != 0 && l.marks & mark::FURNITURE == 0);
        if let Some(credit) = marked.map(|l| visible(l, &context, false)).find(|c| !c.persons.is_empty()) {
            merge(&mut seen, credit);
        }
    }
    sources.push((seen, How::VisibleText));
    let tail = tail(scan, &context);
    if !tail.persons.is_empty() || !tail.agencies.is_empty() {
        sources.push((tail, How::VisibleText));
    }
    let byline =
        sources.iter().find(|(c, _)| !c.persons.is_empty()).map(|(c, how)| Found::new(c.persons.join(", "), *how));
    let agency = sources.iter().rev().find_map(|(c, how)| c.agencies.first().map(|a| Found::new(a.clone(), *how)));
    // "MPA in Vell" says where the agency is; where a person was, the report was made.
    let place = sources
        .iter()
        .filter(|(c, _)| !c.persons.is_empty())
        .find_map(|(c, how)| c.place.clone().map(|p| Found::new(p, *how)));
    Credits { byline, agency, place }
}

/// Meta elements that name authors, best first.
const META_AUTHORS: [&str; 11] = [
    "author",
    "byl",
    "byline",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "cxenseparse:author",
];

fn merge(into: &mut Credit, from: Credit) {
    for (to, names) in [(&mut into.persons, from.persons), (&mut into.agencies, from.agencies)] {
        for name in names {
            if !to.iter().any(|n| fold(n) == fold(&name)) {
                to.push(name);
            }
        }
    }
    into.place = into.place.take().or(from.place);
}

/// A line near the headline.
fn visible(line: &Line, context: &Context<'_>, after_title: bool) -> Credit {
    if line.text.len() > 220 || line.heading > 0 {
        return Credit::default();
    }
    let marked: Vec<&str> = line
        .parts
        .iter()
        .filter(|p| p.marks & mark::BYLINE != 0)
        .filter_map(|p| line.text.get(p.start..p.end))
        .collect();
    let whole = line.marks & mark::BYLINE != 0;
    if opens_credit(&line.text) {
        return parse(&line.text, context, false);
    }
    if whole {
        return parse(&line.text, context, false);
    }
    if !marked.is_empty() {
        let mut all = Credit::default();
        for part in marked {
            merge(&mut all, parse(part, context, false));
        }
        return all;
    }
    // "Lore Kessing | 9 June 2024, 19:05": a name beside the date.
    let dated = line.marks & mark::DATE != 0;
    let emphasised = line.marks & mark::EMPHASIS != 0;
    if after_title && (dated || emphasised) && line.text.len() <= 90 {
        let first = dates::without(&line.text, Style::default());
        let first = first.split(['|', '·', '•']).next().unwrap_or_default().trim().to_owned();
        if is_person(&first) && (emphasised || first.len() < line.text.len()) && !context.is_place(&first) {
            return Credit { persons: vec![first], ..Credit::default() };
        }
    }
    Credit::default()
}

/// Whether a line opens as bylines and credits do.
pub(crate) fn opens_credit(text: &str) -> bool {
    lead(text).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    By,
    /// May be followed by a pen name.
    Named,
    Source,
}

/// The opening words of a credit, and what follows them.
fn lead(text: &str) -> Option<(Lead, &str)> {
    const LONGEST: usize = 8; // words
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // The first word, the first two words and so on, each folded once.
    let heads: Vec<(usize, &str, String)> = text
        .match_indices(' ')
        .take(LONGEST)
        .filter_map(|(end, _)| text.get(..end).map(|head| (end, head, fold(head.trim_end_matches([':', ' '])))))
        .collect();
    [("named", Lead::Named), ("source", Lead::Source), ("lead", Lead::By)].into_iter().find_map(|(kind, lead)| {
        lexicon(kind)
            .iter()
            .filter_map(|word| {
                let words = word.split(' ').count();
                let (end, head, folded) = heads.get(words - 1)?;
                let colon = head.ends_with(':');
                // "From" and "Text" open sentences too: they need their colon.
                let needs_colon = matches!(
                    word.as_str(),
                    "from"
                        | "text"
                        | "author"
                        | "authors"
                        | "source"
                        | "sources"
                        | "texto"
                        | "testo"
                        | "texte"
                        | "di"
                        | "e"
                );
                (folded == word && (colon || !needs_colon)).then(|| (words, lead, text.get(*end..).unwrap_or_default()))
            })
            .max_by_key(|(words, _, _)| *words)
            .map(|(_, lead, rest)| (lead, rest.trim_start_matches([' ', ':'])))
    })
}

/// Credits that follow the text: "Reporting by …; with Northwire", "— Northwire".
fn tail(scan: &Scan, context: &Context<'_>) -> Credit {
    let mut all = Credit::default();
    for line in scan.lines.iter().filter(|l| l.marks & (mark::FURNITURE | mark::QUOTE) == 0) {
        merge(&mut all, end_credit(&line.text, context));
    }
    // "Posted by mole at 19:04" below a text; several such lines sign its comments.
    let mut signed =
        scan.lines.iter().filter(|l| l.text.len() <= 160 && lead(&l.text).is_some_and(|(k, _)| k == Lead::Named));
    if let (Some(line), None, true) = (signed.next(), signed.next(), all.persons.is_empty()) {
        merge(&mut all, parse(&line.text, context, false));
    }
    all
}

/// What one paragraph credits at its end, or as a whole.
pub(crate) fn end_credit(paragraph: &str, context: &Context<'_>) -> Credit {
    let inner = paragraph.trim_matches(|c: char| c == '(' || c == ')' || c.is_whitespace());
    if paragraph.len() < 300 && fold(inner.get(..20).unwrap_or(inner)).starts_with("reporting by") {
        let reporting = inner.split(';').map(str::trim);
        let mut all = Credit::default();
        for part in reporting {
            let folded = fold(part);
            if folded.starts_with("reporting by") {
                merge(&mut all, parse(part, context, false));
            } else if let Some((first, rest)) = part.split_once(' ')
                && listed("with", &fold(first))
            {
                all.agencies.extend(parse(rest, context, false).agencies);
            }
        }
        // Where each of several reporters was is no dateline.
        all.place = None;
        return all;
    }
    let mut all = Credit::default();
    if let Some(name) = super::dateline::signature(paragraph)
        && (is_agency(&name, context) || context.is_told(&name))
        && !context.is_own(&name)
    {
        all.agencies.push(name);
    }
    all
}

/// Takes a credit apart. `person`: structured data says it names a person.
pub(crate) fn parse(text: &str, context: &Context<'_>, person: bool) -> Credit {
    let mut out = Credit::default();
    let text = dates::without(text, Style::default());
    let (how, rest) = match lead(&text) {
        Some((lead, rest)) => (Some(lead), rest),
        None => (None, text.as_str()),
    };
    if how == Some(Lead::Source) {
        let name = rest.split(['|', '·', '•', ';', '(', ',']).next().unwrap_or_default().trim();
        if (2..=60).contains(&name.chars().count())
            && name.chars().next().is_some_and(char::is_uppercase)
            && !name.contains("://")
            && !context.is_own(name)
        {
            out.agencies.push(name.to_owned());
        }
        return out;
    }
    for (n, segment) in rest.split(['|', '·', '•', ';', '(', ')', '\n', '—', '–']).enumerate() {
        let segment = without_label(segment.trim());
        // "Posted by mole at 19:04"
        let segment = match how {
            Some(Lead::Named) => first_name(segment),
            _ => segment,
        };
        if n > 0 && segment.split(' ').count() > 14 {
            continue;
        }
        segment_credit(segment, n, how, context, person, &mut out);
    }
    out
}

/// Cuts "Posted on" and "Saturday" from the end, where a date was taken out.
fn without_label(segment: &str) -> &str {
    let mut segment = segment;
    while let Some((head, last)) = segment.rsplit_once(' ') {
        let lower = last.chars().all(char::is_lowercase);
        let filler =
            dates::is_filler(last) && (lower || last.len() > 5) || lower && last.len() == 2 && listed("in", last);
        if !(filler || last == "on" || super::published::is_label(last)) {
            break;
        }
        segment = head.trim_end();
    }
    segment
}

/// What stands before the first lower-case preposition: a pen name.
fn first_name(segment: &str) -> &str {
    words_at(segment)
        .find(|(at, w)| *at > 0 && (matches!(*w, "on" | "am" | "um" | "le" | "el") || listed("in", w)))
        .map_or(segment, |(at, _)| segment.get(..at).unwrap_or_default().trim())
}

fn segment_credit(segment: &str, n: usize, how: Option<Lead>, context: &Context<'_>, person: bool, out: &mut Credit) {
    let segment = lead(segment).map_or(segment, |(_, rest)| rest);
    let before = out.persons.len();
    for item in items(segment) {
        let item = item.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ':' | '-' | '/' | '@'));
        let (name, place) = split_place(item);
        let name = after_roles(name);
        if name.is_empty() {
            continue;
        }
        let slash = name.split('/').next().unwrap_or(name);
        if is_agency(slash, context) {
            if !context.is_own(slash) {
                out.agencies.push(slash.to_owned());
            }
        } else if is_person(name) && !context.is_own(name) {
            // "Ida Holm, Port Vell": a second name that the text uses as a place.
            if out.persons.len() > before && place.is_none() && !person && context.is_place(name) {
                out.place.get_or_insert(name.to_owned());
                continue;
            }
            // Segments behind the first hold sections and counts; only marked-up ones hold names.
            if n == 0 || before == 0 {
                out.persons.push(name.to_owned());
            }
        } else if out.persons.len() > before && is_capitalised(name) && !known_word(name) && context.is_place(name) {
            out.place.get_or_insert(name.to_owned());
        } else if !name.contains(' ') && name.len() > 1 && !known_word(name) && n == 0 {
            if how != Some(Lead::Named) && context.is_told(name) && !context.is_own(name) {
                out.agencies.push(name.to_owned());
            } else if (how == Some(Lead::Named) || person)
                && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
                && !context.is_own(name)
            {
                out.persons.push(name.to_owned());
            }
        }
        if let Some(place) = place.filter(|_| out.persons.len() > before) {
            out.place.get_or_insert(place.to_owned());
        }
    }
}

/// Cuts at commas and joining words.
fn items(segment: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in segment.split([',', '/']).flat_map(|p| p.split(" & ")) {
        let (mut from, mut at) = (0, 0);
        for word in part.split(' ') {
            let end = at + word.len();
            if from < at
                && (listed("and", &fold(word)) || listed("with", &fold(word)))
                && part.get(end..).is_some_and(|r| r.trim_start().chars().next().is_some_and(char::is_alphanumeric))
                && word.chars().count() < 5
                && (word.chars().all(char::is_lowercase) || part.chars().all(|c| !c.is_lowercase()))
            {
                out.push(part.get(from..at).unwrap_or_default());
                from = end;
            }
            at = end + 1;
        }
        out.push(part.get(from..).unwrap_or_default());
    }
    out
}

/// "Ida Holm in Port Vell".
fn split_place(item: &str) -> (&str, Option<&str>) {
    for (at, word) in words_at(item) {
        if at > 0 && word.chars().all(char::is_lowercase) && listed("in", &fold(word)) {
            let place = item.get(at + word.len()..).unwrap_or_default().trim();
            let capital = place.chars().next().is_some_and(char::is_uppercase);
            if capital && place.split(' ').count() <= 4 {
                return (item.get(..at).unwrap_or_default().trim(), Some(place));
            }
        }
    }
    (item, None)
}

fn words_at(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(' ').map(move |w| {
        let start = at;
        at += w.len() + 1;
        (start, w)
    })
}

/// "our correspondent Hollis Trevane": the name behind what the person does.
fn after_roles(item: &str) -> &str {
    let mut cut = 0;
    for (at, word) in words_at(item) {
        let lower = word.chars().next().is_some_and(char::is_lowercase);
        let particle = PARTICLES.contains(&fold(word).as_str());
        if listed("role", &fold(word)) || lower && !particle && at == cut {
            cut = at + word.len() + 1;
        } else if at >= cut {
            break;
        }
    }
    // A lower-case pen name is all there is: kept as it stands.
    match item.get(cut..).map(str::trim) {
        Some(rest) if !rest.is_empty() => rest,
        _ if !item.contains(' ') && !listed("role", &fold(item)) => item,
        _ => "",
    }
}

const PARTICLES: [&str; 26] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "van", "von", "der", "den", "zu", "zum", "zur", "la", "le",
    "el", "al", "bin", "ibn", "ben", "bint", "ter", "ten", "y",
];

fn known_word(word: &str) -> bool {
    let folded = fold(word);
    ["never", "desk", "role", "lead", "and", "with"].iter().any(|k| listed(k, &folded))
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase)
}

/// A person's name by its form.
pub(crate) fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').filter(|w| !w.is_empty()).collect();
    if !(2..=5).contains(&words.len()) || name.len() > 70 {
        return false;
    }
    let letters = |w: &&str| w.chars().all(|c| c.is_alphabetic() || is_name_mark(c));
    let capital = |w: &&str| w.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    let mut capitals = 0;
    for word in &words {
        let folded = fold(word.trim_matches('.'));
        if !letters(word) || listed("desk", &folded) || listed("never", &folded) || listed("role", &folded) {
            return false;
        }
        if capital(word) || word.contains(['-', '\'', '’']) && word.chars().any(char::is_uppercase) {
            capitals += 1;
        } else if !PARTICLES.contains(&folded.as_str()) {
            return false;
        }
    }
    capitals >= 2 && words.iter().any(|w| w.chars().count() > 2)
}

fn is_name_mark(c: char) -> bool {
    matches!(c, '.' | '-' | '\'' | '’' | '‘' | '`' | 'ʻ' | '\u{200c}') || matches!(c, '\u{300}'..='\u{36f}')
}

/// A news agency by its form: a sign in capitals, a listed one, or a name
/// with the words of the trade in it.
pub(crate) fn is_agency(name: &str, context: &Context<'_>) -> bool {
    static LIST: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| super::rows(include_str!("data/agencies.txt")).map(str::trim).collect());
    let name = name.trim();
    if LIST.contains(name) {
        return true;
    }
    let folded = fold(name);
    if name.split(' ').count() <= 6 && lexicon("wire").iter().any(|w| contains_words(&folded, w)) {
        return true;
    }
    // A sign in capitals; with capitals all around it proves nothing alone.
    is_acronym(name)
        && (2..=5).contains(&name.len())
        && !known_word(name)
        && !matches!(
            name,
            "II" | "III" | "IV" | "JR" | "SR" | "PM" | "AM" | "UK" | "US" | "USA" | "EU" | "UN" | "TV" | "PR"
        )
        && !context.is_place(name)
}

fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, String) {
        let body = ["A man in Port Vell told Northwire that the pier fell near Stern."];
        let credit = parse(text, &Context { outlet: Some("The Vell Post"), body: &body }, false);
        (credit.persons.join(", "), credit.agencies.join(", "), credit.place.unwrap_or_default())
    }

    #[test]
    fn persons_agencies_and_places_are_told_apart() {
        for (text, persons, agencies, place) in [
            ("By Ida Holm", "Ida Holm", "", ""),
            ("By Ida Holm and Jon de Berg", "Ida Holm, Jon de Berg", "", ""),
            ("Ida Holm, Jon Berg", "Ida Holm, Jon Berg", "", ""),
            ("IDA HOLM, Port Vell   Posted on 15 March 2031 at 16:35", "IDA HOLM", "", "Port Vell"),
            ("Ida Holm, Transport correspondent, Port Vell", "Ida Holm", "", "Port Vell"),
            ("Ida Holm, Stern", "Ida Holm", "", "Stern"),
            ("By our correspondent Ida Holm in Port Vell", "Ida Holm", "", "Port Vell"),
            ("By Ida Holm (with NPA)", "Ida Holm", "NPA", ""),
            ("By Ida Holm | AP", "Ida Holm", "AP", ""),
            ("Northwire; Ida Holm", "Ida Holm", "Northwire", ""),
            ("Reuters; Ida Holm", "Ida Holm", "Reuters", ""),
            ("dpa/lno", "", "dpa", ""),
            ("Northwire", "", "Northwire", ""),
            ("NPA in Vell", "", "NPA", ""),
            ("NPA AND STAFF REPORTS", "", "NPA", ""),
            ("By FLASH FOREIGN DESK", "", "", ""),
            ("By Post Reporter", "", "", ""),
            ("By Vell Post World Desk", "", "", ""),
            ("Posted by mole on February 3, 2031 at 1:14 am | 4 comments", "mole", "", ""),
            ("by Ida Holm · Sun 9 June 2031 · 06:55", "Ida Holm", "", ""),
            ("Source: Norland Press Agency | 4 hours ago | 2 min read", "", "Norland Press Agency", ""),
            ("via The Stern Courier", "", "The Stern Courier", ""),
            ("Reporting by Ida Holm", "Ida Holm", "", ""),
            ("Ida Holm, court reporter", "Ida Holm", "", ""),
            ("The Vell Post", "", "", ""),
        ] {
            assert_eq!(read(text), (persons.to_owned(), agencies.to_owned(), place.to_owned()), "{text}");
        }
    }

    #[test]
    fn end_credits() {
        let body = ["It told Northwire so."];
        let context = Context { outlet: Some("The Vell Post"), body: &body };
        let credit = end_credit(
            "(Reporting by Ida Holm in Vell and Jon Berg in Stern; editing by P. Osk; with Northwire)",
            &context,
        );
        assert_eq!(credit.persons, ["Ida Holm", "Jon Berg"]);
        assert_eq!(credit.agencies, ["Northwire"]);
        assert_eq!(end_credit("They left. — Northwire", &context).agencies, ["Northwire"]);
        assert_eq!(end_credit("“We are here.” — Ida Holm", &context), Credit::default());
    }
}
