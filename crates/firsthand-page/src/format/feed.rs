//! RSS, Atom and JSON feeds: each entry with words in it is a report.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Walk;
use crate::Hints;

pub(super) fn is_feed(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']);
    if text.starts_with('{') {
        return text.contains("jsonfeed.org/version");
    }
    // The root element, behind the declaration and comments.
    text.starts_with('<')
        && text
            .split('<')
            .skip(1)
            .find(|t| !t.starts_with(['?', '!']) && !t.trim().is_empty() && !t.starts_with('-'))
            .is_some_and(|root| {
                ["rss", "feed", "rdf:RDF"]
                    .iter()
                    .any(|n| root.strip_prefix(n).is_some_and(|r| r.starts_with([' ', '>', '\n', '\r', '\t'])))
            })
}

pub(super) fn walk(walk: &mut Walk<'_, '_>, bytes: Vec<u8>, hints: Hints) {
    // A fault of the parser costs this feed, not the run.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        feed_rs::parser::Builder::new().base_uri(hints.url.as_deref()).build().parse(bytes.as_slice())
    }));
    let feed = match parsed {
        Ok(Ok(feed)) => feed,
        Ok(Err(e)) => return walk.skip(&hints.key, format!("feed: {e}")),
        Err(_) => return walk.skip(&hints.key, "feed: a fault in its parser"),
    };
    let outlet = feed.title.map(|t| t.content).filter(|t| !t.trim().is_empty());
    let mut any = false;
    for (n, entry) in feed.entries.into_iter().enumerate() {
        any = true;
        let link =
            entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate")).map(|l| l.href.clone());
        let name = if entry.id.is_empty() { format!("entry {}", n + 1) } else { entry.id };
        let key = format!("{}!{name}", hints.key);
        let content = entry.content.and_then(|c| c.body).filter(|b| !b.trim().is_empty());
        let Some(words) = content.or_else(|| entry.summary.map(|s| s.content).filter(|s| !s.trim().is_empty())) else {
            walk.skip(&key, "feed entry without a text");
            continue;
        };
        let people: Vec<String> =
            entry.authors.into_iter().filter_map(|p| p.name).filter(|n| !n.trim().is_empty()).collect();
        let member = Hints {
            key,
            content_type: Some("text/html; charset=utf-8".to_owned()),
            url: link.filter(|l| l.starts_with("http")),
            title: entry.title.map(|t| t.content),
            date: entry.published.or(entry.updated).map(|d| d.to_rfc3339()),
            outlet: outlet.clone(),
            byline: (!people.is_empty()).then(|| people.join(", ")),
            captured: hints.captured,
            as_is: hints.as_is,
            record: true,
            ..Hints::default()
        };
        walk.page(words.into_bytes(), member);
    }
    if !any {
        walk.skip(&hints.key, "feed without entries");
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, members};
    use std::io::Cursor;

    #[test]
    fn entries_are_reports() {
        let rss = "<?xml version=\"1.0\"?><!-- x --><rss version=\"2.0\"><channel><title>The Vell Post</title>\
            <item><guid>g1</guid><title>Pier falls</title><link>https://vell.example/a</link>\
            <pubDate>Mon, 03 Feb 2031 04:05:06 GMT</pubDate><description>&lt;p&gt;The pier fell.&lt;/p&gt;</description></item>\
            <item><guid>g2</guid><title>Empty</title></item></channel></rss>";
        let (mut seen, mut skipped) = (Vec::new(), Vec::new());
        members(Cursor::new(rss), "f.xml", &Options::default(), &mut |m| {
            match m {
                Ok(m) => seen.push(m),
                Err(s) => skipped.push(s.key),
            }
            true
        });
        assert_eq!(skipped, ["f.xml!g2"]);
        let hints = &seen[0].hints;
        assert_eq!(hints.key, "f.xml!g1");
        assert_eq!(hints.outlet.as_deref(), Some("The Vell Post"));
        assert_eq!(hints.title.as_deref(), Some("Pier falls"));
        assert!(hints.date.as_deref().is_some_and(|d| d.starts_with("2031-02-03T04:05:06")));
        assert_eq!(String::from_utf8_lossy(&seen[0].bytes), "<p>The pier fell.</p>");
    }
}
