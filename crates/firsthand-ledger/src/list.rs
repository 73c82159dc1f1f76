//! Listings: the views of the schema, filtered. One way for the command
//! line, the web pages and the CSV files to show a table.

use rusqlite::types::{Value, ValueRef};
use serde::Serialize;

use crate::{Error, Ledger, Result};

/// A view of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// One row a report.
    Reports,
    /// Who said what.
    Attributions,
    /// Checkable assertions.
    Claims,
    /// Quantities.
    Measures,
    /// Claims about the same thing.
    Clusters,
    /// Who copied whom.
    Copies,
    /// What does not fit together, and what only seems not to.
    Contradictions,
    /// Those who are quoted.
    Sources,
}

impl View {
    /// Every view.
    pub const ALL: [View; 8] = [
        View::Reports,
        View::Attributions,
        View::Claims,
        View::Measures,
        View::Clusters,
        View::Copies,
        View::Contradictions,
        View::Sources,
    ];

    /// The view's name in SQL, on the command line and in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            View::Reports => "reports",
            View::Attributions => "attributions",
            View::Claims => "claims",
            View::Measures => "measures",
            View::Clusters => "clusters",
            View::Copies => "copies",
            View::Contradictions => "contradictions",
            View::Sources => "sources",
        }
    }

    /// The view of a name.
    pub fn parse(name: &str) -> Option<Self> {
        View::ALL.into_iter().find(|v| v.name() == name)
    }
}

/// Which rows of a view are wanted. Conditions are joined by "and".
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Column equals this text, whatever the case.
    pub equals: Vec<(String, String)>,
    /// Column holds this text, whatever the case.
    pub contains: Vec<(String, String)>,
    /// Any text column holds this.
    pub anywhere: Option<String>,
    /// Sort by this column first, descending if the flag is set.
    pub sort: Option<(String, bool)>,
    /// At most this many rows.
    pub limit: Option<u64>,
    /// Leave out this many first.
    pub offset: u64,
}

/// Rows of a view.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// Column names.
    pub columns: Vec<String>,
    /// Cells, as JSON values.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// How many rows the filter lets through, whatever the limit.
    pub total: u64,
}

impl Ledger {
    /// The columns of a view: those of the schema, and `decided` where anything was.
    pub fn columns(&self, view: View) -> Result<Vec<String>> {
        self.lay_over(view)?;
        let statement = self.db.prepare(&format!("SELECT * FROM {} LIMIT 0", view.name()))?;
        Ok(statement.column_names().map(str::to_owned).collect())
    }

    /// The rows of a view that a filter lets through.
    pub fn list(&self, view: View, filter: &Filter) -> Result<Listing> {
        let columns = self.columns(view)?;
        // Column names go into the SQL text, so they must be ones of the view.
        let known = |name: &str| {
            let found = columns.iter().find(|c| c.as_str() == name);
            found.ok_or_else(|| Error::Damaged(format!("{} has no column `{name}`", view.name())))
        };
        let mut conditions = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        for (column, value) in &filter.equals {
            values.push(value.clone().into());
            conditions.push(format!("\"{}\" = ?{} COLLATE NOCASE", known(column)?, values.len()));
        }
        for (column, value) in &filter.contains {
            values.push(value.clone().into());
            conditions.push(format!("instr(lower(\"{}\"), lower(?{})) > 0", known(column)?, values.len()));
        }
        if let Some(words) = &filter.anywhere {
            values.push(words.clone().into());
            let any: Vec<String> =
                columns.iter().map(|c| format!("instr(lower(\"{c}\"), lower(?{})) > 0", values.len())).collect();
            conditions.push(format!("({})", any.join(" OR ")));
        }
        let which = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
        let order = match &filter.sort {
            Some((column, down)) => format!("ORDER BY \"{}\" {}", known(column)?, if *down { "DESC" } else { "ASC" }),
            None => String::new(),
        };
        let count = format!("SELECT count(*) FROM {} {which}", view.name());
        let total = self.db.query_row(&count, rusqlite::params_from_iter(&values), |r| r.get(0))?;
        let limit = filter.limit.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let sql = format!("SELECT * FROM {} {which} {order} LIMIT {limit} OFFSET {}", view.name(), filter.offset);
        let mut statement = self.db.prepare(&sql)?;
        let mut found = statement.query(rusqlite::params_from_iter(&values))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells: rusqlite::Result<Vec<_>> = (0..columns.len()).map(|i| row.get_ref(i).map(cell)).collect();
            rows.push(cells?);
        }
        Ok(Listing { columns, rows, total })
    }
}

fn cell(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(x) => serde_json::Number::from_f64(x).map_or(serde_json::Value::Null, Into::into),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned().into(),
    }
}
