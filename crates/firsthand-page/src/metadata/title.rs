//! Headline and outlet: which heading is the report's, and what is left of
//! the `<title>` when the headline is taken out of it.

use firsthand_model::{Found, How};
use firsthand_span::fold;

use super::json_ld::Nodes;
use super::scan::{Scan, mark};

/// Headline, outlet, and where the headline stands.
pub(crate) struct Heads {
    pub(crate) title: Option<Found<String>>,
    pub(crate) outlet: Option<Found<String>>,
    /// Index of the headline's line in the scan.
    pub(crate) line: Option<usize>,
}

/// What stands between a headline and the name of a site in `<title>`.
const SEPARATORS: [&str; 10] = [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", "|"];

pub(crate) fn find(scan: &Scan, nodes: &Nodes) -> Heads {
    let page_title = collapse(&scan.title);
    let folded_title = fold(&page_title);
    let article = nodes.article(|headline| {
        let headline = fold(headline);
        headline.len() > 12 && folded_title.contains(&headline)
    });
    let headline = article.as_ref().and_then(|a| a.headline).map(|h| collapse(&unescape(h)));
    let og = scan.meta("og:title").or_else(|| scan.meta("twitter:title")).map(|t| collapse(&unescape(t)));
    let site = [
        scan.meta("og:site_name").map(|s| (s, How::OpenGraph)),
        article.as_ref().and_then(|a| a.publisher).map(|s| (s, How::JsonLd)),
        nodes.site().map(|s| (s, How::JsonLd)),
        scan.meta("application-name").map(|s| (s, How::Meta)),
        scan.meta("dc.publisher").map(|s| (s, How::Meta)),
    ];
    let site = site.into_iter().flatten().map(|(s, how)| (collapse(&unescape(s)), how)).find(|(s, _)| plausible(s));
    let site_folded = site.as_ref().map(|(s, _)| fold(s)).unwrap_or_default();
    let stripped = |s: &str| strip_site(s, &site_folded);
    let references: Vec<String> = [&headline, &og, &Some(page_title.clone())]
        .into_iter()
        .flatten()
        .map(|s| fold(&stripped(s)))
        .filter(|s| !s.is_empty())
        .collect();
    let pieces: Vec<String> = split(&page_title).iter().map(|p| fold(p)).filter(|p| p.len() >= 10).collect();

    let mut best: Option<(usize, usize)> = None;
    for (i, line) in scan.lines.iter().enumerate() {
        if !(1..=3).contains(&line.heading) || line.marks & mark::SITE != 0 || line.text.len() > 400 {
            continue;
        }
        let h = fold(&line.text);
        if h.is_empty() || h == site_folded {
            continue;
        }
        let whole = references.contains(&h);
        let within = references.iter().any(|r| r.contains(&h) && h.len() * 5 >= r.len() * 2 && h.len() >= 8);
        let starts = pieces.iter().any(|p| h.starts_with(p.as_str()));
        if !(whole || within || starts) {
            continue;
        }
        let score = h.len() + 1000 * usize::from(whole) + 100 * usize::from(line.marks & mark::FURNITURE == 0);
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, i));
        }
    }
    // A lone h1 is the headline whatever else the page calls it.
    let mut first_h1 = scan.lines.iter().enumerate().filter(|(_, l)| {
        l.heading == 1 && l.marks & (mark::FURNITURE | mark::SITE) == 0 && fold(&l.text) != site_folded
    });
    let lone = match (first_h1.next(), first_h1.next()) {
        (Some((i, _)), None) => Some(i),
        _ => None,
    };
    let line = best.map(|(_, i)| i).or(lone.filter(|_| headline.is_none() && og.is_none()));
    let title = match line.and_then(|i| scan.lines.get(i)) {
        Some(l) => {
            let same = |s: &Option<String>| s.as_ref().is_some_and(|s| fold(s) == fold(&l.text));
            let how = if same(&headline) {
                How::JsonLd
            } else if same(&og) {
                How::OpenGraph
            } else {
                How::Heading
            };
            Some(Found::new(l.text.clone(), how))
        }
        None => headline
            .map(|h| Found::new(stripped(&h), How::JsonLd))
            .or_else(|| og.map(|h| Found::new(stripped(&h), How::OpenGraph)))
            .or_else(|| (!page_title.is_empty()).then(|| Found::new(stripped(&page_title), How::Heading))),
    };
    let outlet = site
        .or_else(|| {
            let title = title.as_ref().map(|t| fold(&t.value))?;
            rest_of_title(&page_title, &title).map(|s| (s, How::Heading))
        })
        .map(|(name, how)| Found::new(spell_out(name, scan), how));
    Heads { title: title.filter(|t| !t.value.is_empty()), outlet, line }
}

fn plausible(name: &str) -> bool {
    (2..=90).contains(&name.chars().count()) && name.chars().any(char::is_alphabetic) && !name.starts_with("http")
}

pub(crate) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Meta contents and JSON strings are often escaped twice.
pub(crate) fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = text.to_owned();
    for (from, to) in [
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#8211;", "–"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ] {
        out = out.replace(from, to);
    }
    out
}

fn split(title: &str) -> Vec<&str> {
    let mut pieces = vec![title];
    for separator in SEPARATORS {
        pieces = pieces.into_iter().flat_map(|p| p.split(separator)).collect();
    }
    pieces.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect()
}

/// Cuts the name of the site from either end.
fn strip_site(title: &str, site: &str) -> String {
    let mut title = title.trim();
    for _ in 0..2 {
        for separator in SEPARATORS {
            if let Some((head, tail)) = title.rsplit_once(separator)
                && is_site(tail, site)
            {
                title = head.trim();
            } else if let Some((head, tail)) = title.split_once(separator)
                && is_site(head, site)
            {
                title = tail.trim();
            }
        }
    }
    title.to_owned()
}

fn is_site(piece: &str, site: &str) -> bool {
    let piece = fold(piece);
    let near = !site.is_empty() && (site.contains(&piece) || piece.contains(site));
    let domain = !piece.contains(' ') && piece.contains('.') && piece.len() > 4;
    !piece.is_empty() && (near || domain)
}

/// The part of `<title>` that is not the headline: the outlet's name, where
/// the headline is known from elsewhere.
fn rest_of_title(page_title: &str, title: &str) -> Option<String> {
    if title.is_empty() || fold(page_title) == title {
        return None;
    }
    let rest: Vec<&str> = split(page_title)
        .into_iter()
        .filter(|p| {
            let p = fold(p);
            !title.contains(&p) && !p.contains(title)
        })
        .collect();
    // The outlet stands at an end; sections stand between it and the headline.
    let first_is_rest = split(page_title).first().is_some_and(|p| rest.first() == Some(p));
    let name = if first_is_rest { rest.first() } else { rest.last() };
    let name = match name {
        Some(name) => (*name).to_owned(),
        None => {
            // "Outlet: Headline"
            let (head, tail) = page_title.split_once(": ")?;
            if fold(tail) != title {
                return None;
            }
            head.trim().to_owned()
        }
    };
    let name = match name.split_once(" (") {
        Some((name, _)) => name.to_owned(),
        None => name,
    };
    (plausible(&name) && name.split(' ').count() <= 9).then_some(name)
}

/// "NPA" where the page also prints "Northern Press Agency", "NPA - Northern Press Agency":
/// the long form.
fn spell_out(name: String, scan: &Scan) -> String {
    for separator in [" - ", " – ", " | "] {
        if let Some((a, b)) = name.split_once(separator) {
            if is_acronym(a) && initials_match(a, b) {
                return b.to_owned();
            }
            if is_acronym(b) && initials_match(b, a) {
                return a.to_owned();
            }
        }
    }
    if !is_acronym(&name) {
        return name;
    }
    scan.lines
        .iter()
        .filter(|l| l.text.len() <= 300)
        .flat_map(|l| l.text.split(['.', ',', '|', '©', ':', '(', ')']))
        .map(|p| p.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace()))
        .find(|p| p.len() <= 80 && initials_match(&name, p))
        .map_or(name.clone(), str::to_owned)
}

/// Two to six capitals.
pub(crate) fn is_acronym(word: &str) -> bool {
    (2..=6).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
}

/// Whether the capitals are the first letters of the words ("of" and the like may be left out).
pub(crate) fn initials_match(acronym: &str, name: &str) -> bool {
    let words: Vec<&str> =
        name.split([' ', '-']).filter(|w| w.chars().next().is_some_and(char::is_alphabetic)).collect();
    let of = |keep: &dyn Fn(&&&str) -> bool| -> String {
        words.iter().filter(keep).filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
    };
    let capital = |w: &&&str| w.chars().next().is_some_and(char::is_uppercase);
    words.len() >= 2 && (of(&|_| true) == acronym || of(&capital) == acronym)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(page: &str) -> (Option<String>, Option<String>) {
        let h = find(&Scan::new(&crate::html::Dom::parse(page)), &Nodes::new(&[]));
        (h.title.map(|t| t.value), h.outlet.map(|t| t.value))
    }

    fn pair(a: &str, b: &str) -> (Option<String>, Option<String>) {
        (Some(a.to_owned()), Some(b.to_owned()))
    }

    #[test]
    fn the_headline_and_what_is_left_of_the_title() {
        assert_eq!(
            heads("<title>Storm takes pier – The Vell Post</title><h1>Storm takes pier</h1>"),
            pair("Storm takes pier", "The Vell Post")
        );
        assert_eq!(
            heads("<title>Low Water: Storm takes pier</title><h1>Low Water</h1><h2>Storm takes pier</h2>"),
            pair("Storm takes pier", "Low Water")
        );
        assert_eq!(
            heads(
                "<title>NPA :: Release No. 9</title><h2>Release No. 9: On the pier</h2><p>Northern Pier Authority, Quay 1"
            ),
            pair("Release No. 9: On the pier", "Northern Pier Authority")
        );
        assert_eq!(heads("<title>Storm takes pier</title><h1>Storm takes pier</h1>").1, None);
    }
}
