//! schema.org JSON-LD: the one structured source that says instants with zones.

use serde_json::Value;

/// The objects of a page's JSON-LD scripts, flattened.
pub(crate) struct Nodes {
    roots: Vec<Value>,
}

/// What one article object says.
#[derive(Debug, Default)]
pub(crate) struct Article<'a> {
    pub(crate) headline: Option<&'a str>,
    pub(crate) published: Option<&'a str>,
    pub(crate) modified: Option<&'a str>,
    pub(crate) publisher: Option<&'a str>,
    /// Names and whether they are said to be persons (`Some(false)`: organisations).
    pub(crate) authors: Vec<(&'a str, Option<bool>)>,
}

/// Objects looked at per page: more are no metadata but data.
const MOST: usize = 5_000;

impl Nodes {
    pub(crate) fn new(scripts: &[String]) -> Self {
        Nodes { roots: scripts.iter().take(100).filter_map(|s| parse(s)).collect() }
    }

    /// The object that is the page's article: the best kind, then the one
    /// whose headline is on the page, then the first.
    pub(crate) fn article(&self, is_title: impl Fn(&str) -> bool) -> Option<Article<'_>> {
        let mut objects = Vec::new();
        for root in &self.roots {
            collect(root, 0, &mut objects);
        }
        let main = objects
            .iter()
            .filter_map(|&(o, depth)| Some((rank(o)?, depth, o)))
            .min_by_key(|&(rank, depth, o)| (rank, !text(o, "headline").is_some_and(&is_title), depth))
            .map(|(_, _, o)| o)?;
        let by_id = |v: &'_ Value| -> Option<&Value> {
            let id = v.get("@id")?.as_str()?;
            objects
                .iter()
                .map(|(o, _)| *o)
                .find(|o| o.get("name").is_some() && o.get("@id").and_then(Value::as_str) == Some(id))
        };
        let mut authors = Vec::new();
        for author in main.get("author").or_else(|| main.get("creator")).into_iter().flat_map(items).take(40) {
            let author = if author.get("name").is_none() { by_id(author).unwrap_or(author) } else { author };
            let kind = types(author).find_map(|t| match t {
                "Person" => Some(true),
                t if t.ends_with("Organization") => Some(false),
                _ => None,
            });
            match author.get("name").unwrap_or(author) {
                Value::String(name) => authors.push((name.trim(), kind)),
                Value::Array(names) => authors.extend(names.iter().filter_map(Value::as_str).map(|n| (n.trim(), kind))),
                _ => {}
            }
        }
        authors.retain(|(name, _)| !name.is_empty());
        let publisher = main
            .get("publisher")
            .into_iter()
            .flat_map(items)
            .find_map(|p| p.as_str().or_else(|| text(p, "name")).or_else(|| text(by_id(p)?, "name")));
        Some(Article {
            headline: text(main, "headline").or_else(|| text(main, "name")),
            published: text(main, "datePublished")
                .or_else(|| text(main, "uploadDate"))
                .or_else(|| text(main, "dateCreated")),
            modified: text(main, "dateModified"),
            publisher,
            authors,
        })
    }

    /// The name of the site or its organisation, where objects say so.
    pub(crate) fn site(&self) -> Option<&str> {
        let mut objects = Vec::new();
        for root in &self.roots {
            collect(root, 0, &mut objects);
        }
        ["NewsMediaOrganization", "WebSite"].iter().find_map(|kind| {
            objects.iter().find(|(o, _)| types(o).any(|t| t == *kind)).and_then(|(o, _)| text(o, "name"))
        })
    }
}

/// Lenient where pages err most: comment wrappers, raw line breaks in strings.
fn parse(script: &str) -> Option<Value> {
    let mut body = script.trim();
    for (open, close) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/")]
    {
        body = body.strip_prefix(open).unwrap_or(body);
        body = body.strip_suffix(close).unwrap_or(body).trim();
    }
    let body = body.trim_end_matches(';');
    serde_json::from_str(body).ok().or_else(|| {
        let plain: String = body.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut stream = serde_json::Deserializer::from_str(&plain).into_iter::<Value>();
        stream.next()?.ok()
    })
}

fn collect<'a>(value: &'a Value, depth: usize, out: &mut Vec<(&'a Value, usize)>) {
    if out.len() >= MOST || depth > 12 {
        return;
    }
    match value {
        Value::Array(all) => all.iter().for_each(|v| collect(v, depth, out)),
        Value::Object(map) => {
            out.push((value, depth));
            for v in map.values().filter(|v| v.is_array() || v.is_object()) {
                collect(v, depth + 1, out);
            }
        }
        _ => {}
    }
}

fn items(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Array(all) => all.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn types(value: &Value) -> impl Iterator<Item = &str> {
    value.get("@type").into_iter().flat_map(items).filter_map(Value::as_str)
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    match value.get(key)? {
        Value::String(s) => Some(s.trim()).filter(|s| !s.is_empty()),
        Value::Array(all) => all.first()?.as_str(),
        _ => None,
    }
}

/// How likely an object of this type is the page's report; `None`: not at all.
fn rank(object: &Value) -> Option<u8> {
    types(object)
        .filter_map(|t| {
            let t = t.rsplit(['/', ':']).next().unwrap_or(t);
            match t {
                "LiveBlogPosting" => Some(0),
                t if t.ends_with("NewsArticle") => Some(0),
                t if t.ends_with("Article") || t == "Report" => Some(1),
                "BlogPosting" | "SocialMediaPosting" | "DiscussionForumPosting" => {
                    Some(if object.get("headline").is_some() { 1 } else { 2 })
                }
                "Recipe" | "Review" | "CreativeWork" => Some(4),
                "VideoObject" => Some(6),
                "WebPage" | "ItemPage" => Some(5),
                _ => None,
            }
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_article_in_a_graph_and_follows_ids() {
        let script = r##"<!-- {"@graph":[{"@type":"WebSite","name":"The Vell Post"},
            {"@type":"Person","@id":"#a","name":"Ida Holm"},
            {"@type":["NewsArticle"],"headline":"Storm
             ahead","datePublished":"2031-02-03","author":{"@id":"#a"},"publisher":{"name":"Vell Press"}}]} -->"##;
        let nodes = Nodes::new(&[script.to_owned(), "{broken".to_owned()]);
        let article = nodes.article(|_| false).expect("an article");
        assert_eq!(article.published, Some("2031-02-03"));
        assert_eq!(article.authors, [("Ida Holm", Some(true))]);
        assert_eq!(article.publisher, Some("Vell Press"));
        assert_eq!(nodes.site(), Some("The Vell Post"));
    }
}
