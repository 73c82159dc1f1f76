//! Full-text search over titles and texts (FTS5).

use serde::Serialize;

use crate::{Ledger, Result};

/// A report that has the words.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// The report's id.
    pub report: String,
    /// Its key.
    pub key: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its publication time.
    pub published: Option<String>,
    /// Words around the best hit; hits between `[` and `]`.
    pub snippet: String,
}

impl Ledger {
    /// Reports that hold all the words, best first. Words in double quotes
    /// are a phrase; anything else of FTS5's own language is taken as words.
    pub fn search(&self, words: &str, limit: u64) -> Result<Vec<Hit>> {
        let query = quoted(words);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.db.prepare_cached(
            "SELECT r.id, r.key, r.outlet, r.title, r.published, snippet(report_search, 1, '[', ']', ' … ', 24)
             FROM report_search JOIN report r ON r.rowid = report_search.rowid
             WHERE report_search MATCH ?1 ORDER BY bm25(report_search, 4.0, 1.0), r.id LIMIT ?2",
        )?;
        let hits = statement.query_map(rusqlite::params![query, limit], |r| {
            Ok(Hit {
                report: r.get(0)?,
                key: r.get(1)?,
                outlet: r.get(2)?,
                title: r.get(3)?,
                published: r.get(4)?,
                snippet: r.get::<_, String>(5)?.replace('\n', " "),
            })
        })?;
        Ok(hits.collect::<rusqlite::Result<_>>()?)
    }
}

impl Ledger {
    /// What was passed over: key and reason, by key.
    pub fn skipped(&self) -> Result<Vec<(String, String)>> {
        let mut statement = self.db.prepare_cached("SELECT key, reason FROM skipped ORDER BY key, location")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// The words as FTS5 strings, so that no character has a meaning of its own.
fn quoted(words: &str) -> String {
    let mut terms = Vec::new();
    for (n, part) in words.split('"').enumerate() {
        if n % 2 == 1 {
            terms.push(part.to_owned());
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    terms.retain(|t| t.chars().any(char::is_alphanumeric));
    terms.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn query_language_is_taken_as_words() {
        assert_eq!(super::quoted("a OR b* \"c d\" - NEAR("), r#""a" "OR" "b*" "c d" "NEAR(""#);
    }
}
