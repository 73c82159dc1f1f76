//! The page's address, and the notes of saving programs.

use firsthand_model::{Found, How, Moment};
use url::Url;

use super::dates::{self, Style};
use super::scan::Scan;
use crate::Hints;

/// Canonical address and capture time.
pub(crate) fn find(scan: &Scan, hints: &Hints) -> (Option<Found<String>>, Option<Found<Moment>>) {
    let saved = scan.comments.iter().find_map(|c| saved(c));
    let (saved_url, captured) = saved.unwrap_or_default();
    let base = hints.url.as_deref().or(saved_url.as_deref()).and_then(|u| Url::parse(u).ok());
    let absolute = |address: &str| -> Option<String> {
        let url = match (&base, Url::parse(address)) {
            (_, Ok(url)) => url,
            (Some(base), Err(_)) => base.join(address).ok()?,
            (None, Err(_)) => return None,
        };
        (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then(|| clean(url))
    };
    let canonical = scan.canonical.as_deref().and_then(absolute);
    let site_wide = |u: &str| Url::parse(u).is_ok_and(|u| u.path().len() <= 1 && u.query().is_none());
    let canonical = canonical.filter(|u| !site_wide(u) || base.as_ref().is_none_or(|b| b.path().len() <= 1));
    let url = canonical
        .map(|u| Found::new(u, How::Meta))
        .or_else(|| {
            scan.meta("og:url").and_then(absolute).filter(|u| !site_wide(u)).map(|u| Found::new(u, How::OpenGraph))
        })
        .or_else(|| saved_url.as_deref().and_then(absolute).map(|u| Found::new(u, How::Record)));
    (url, captured.map(|m| Found::new(m, How::Record)))
}

/// Tracking parameters say how a reader came, not what was read.
fn clean(mut url: Url) -> String {
    url.set_fragment(None);
    let tracked = |key: &str| {
        key.starts_with("utm_")
            || matches!(key, "fbclid" | "gclid" | "dclid" | "msclkid" | "mc_cid" | "mc_eid" | "igshid" | "yclid")
    };
    if url.query_pairs().any(|(k, _)| tracked(&k)) {
        let kept: Vec<(String, String)> =
            url.query_pairs().filter(|(k, _)| !tracked(k)).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    url.into()
}

/// "url: …", "saved date: …" (SingleFile), "saved from url=(0042)…" (browsers).
fn saved(comment: &str) -> Option<(Option<String>, Option<Moment>)> {
    let mut url = None;
    let mut date = None;
    for line in comment.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("url:") {
            url = Some(rest.trim().to_owned());
        } else if let Some(rest) = line.strip_prefix("saved date:") {
            date = saved_date(rest.trim());
        } else if let Some(rest) = line.strip_prefix("saved from url=") {
            let rest = rest.split_once(')').map_or(rest, |(_, r)| r);
            url = Some(rest.trim().to_owned());
        }
    }
    (url.is_some() || date.is_some()).then_some((url, date))
}

/// "Fri Mar 15 2024 10:11:12 GMT+0100 (Central European Standard Time)": the year before the clock.
fn saved_date(text: &str) -> Option<Moment> {
    dates::find(text, Style::default()).into_iter().next().map(|h| h.moment)
}

/// The date in an address: /2024/05/12/, /2024-05-12-…, /20240512/.
pub(crate) fn date(address: &str) -> Option<Moment> {
    let path = Url::parse(address).map(|u| u.path().to_owned()).unwrap_or_else(|_| address.to_owned());
    let parts: Vec<&str> = path.split('/').collect();
    for (i, part) in parts.iter().enumerate() {
        let number =
            |s: &str, n: usize| (s.len() <= n && !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then_some(());
        if part.len() == 4
            && number(part, 4).is_some()
            && let (Some(m), Some(d)) = (parts.get(i + 1), parts.get(i + 2))
        {
            let month = if m.len() == 3 {
                Some(()).filter(|()| m.bytes().all(|b| b.is_ascii_alphabetic()))
            } else {
                number(m, 2)
            };
            if let (Some(()), Some(())) = (month, number(d, 2)) {
                let words = if m.len() == 3 { format!("{d} {m} {part}") } else { format!("{part}-{m}-{d}") };
                if let Some(hit) = dates::find(&words, Style::default()).into_iter().next() {
                    return Some(hit.moment);
                }
            }
        }
    }
    for part in parts {
        let cells: Vec<&str> = part.split(|c: char| !c.is_ascii_digit()).collect();
        for window in cells.windows(3) {
            if let [y, m, d] = window
                && y.len() == 4
                && (1..=2).contains(&m.len())
                && (1..=2).contains(&d.len())
                && let Some(hit) = dates::find(&format!("{y}-{m}-{d}"), Style::default()).into_iter().next()
            {
                return Some(hit.moment);
            }
        }
        let compact = cells.iter().find(|c| c.len() == 8 && (c.starts_with("20") || c.starts_with("199")));
        if let Some(moment) = compact.and_then(|c| dates::machine(c, Style::default())) {
            return Some(moment);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_addresses() {
        for (address, day) in [
            ("https://vellpost.example/2031/02/03/storm", Some("2031-02-03")),
            ("https://vellpost.example/news/2031/feb/3/storm", Some("2031-02-03")),
            ("https://vellpost.example/storm-2031-02-03.html", Some("2031-02-03")),
            ("https://vellpost.example/20310203-storm", Some("2031-02-03")),
            ("https://vellpost.example/2031/02/storm", None),
            ("https://vellpost.example/id/99999999", None),
        ] {
            assert_eq!(date(address).map(|m| m.to_string()).as_deref(), day, "{address}");
        }
    }

    #[test]
    fn saved_pages_say_where_they_came_from() {
        let note = " Page saved with SingleFile\n url: https://vellpost.example/a?utm_source=x&id=7#top\n saved date: Mon Feb 03 2031 10:11:12 GMT+0100 (somewhere)\n";
        let scan = Scan { comments: vec![note.to_owned()], ..Scan::default() };
        let (url, captured) = find(&scan, &Hints::default());
        assert_eq!(url.map(|u| u.value).as_deref(), Some("https://vellpost.example/a?id=7"));
        assert_eq!(captured.map(|m| m.value.to_string()).as_deref(), Some("2031-02-03T10:11:12+01:00"));
    }
}
