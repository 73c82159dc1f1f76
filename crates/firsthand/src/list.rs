//! `firsthand reports`, `attributions`, `claims` ...: a view of the ledger as
//! a table, JSON Lines or CSV.

use std::io::Write;

use firsthand_ledger::{Filter, Ledger, Listing, View};

use crate::args::{ListArgs, OutputArgs};
use crate::{ALL_WELL, output};

/// Columns that a table on a terminal shows; JSON and CSV have all.
fn shown(view: View) -> &'static [&'static str] {
    match view {
        View::Reports => &["id", "outlet", "title", "published", "agency", "attributions", "claims"],
        View::Attributions => &["id", "outlet", "speaker", "cue", "content"],
        View::Claims => &["id", "voice", "evidence", "polarity", "as_of"],
        View::Measures => &["id", "outlet", "words", "lower", "upper", "counted", "what"],
        View::Clusters => &["id", "reports", "origins_low", "origins_high", "contradictions", "headline"],
        View::Copies => &["id", "child_outlet", "how", "parent_outlet", "direction", "share", "why"],
        View::Contradictions => &["id", "verdict", "kind", "why", "claim_a", "claim_b"],
        View::Sources => &["id", "name", "type", "attributions", "reports"],
    }
}

pub(crate) fn run(view: View, args: &ListArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let table = !args.output.json && !args.output.csv;
    let limit = args.limit.or(table.then_some(200));
    let order = args.sort.as_deref().filter(|_| view == View::Clusters).and_then(Order::named);
    let filter = Filter {
        equals: args.equals.clone(),
        contains: args.contains.clone(),
        anywhere: args.words.clone(),
        sort: args.sort.as_deref().filter(|_| order.is_none()).map(|s| match s.strip_prefix('-') {
            Some(column) => (column.to_owned(), true),
            None => (s.to_owned(), false),
        }),
        limit: limit.filter(|_| order.is_none()),
        offset: 0,
    };
    let mut listing = ledger.list(view, &filter)?;
    if let Some(order) = order {
        order.sort(&mut listing);
        listing.rows.truncate(limit.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX));
    }
    let mut out = output::stdout();
    if table {
        print_table(&mut out, view, &listing)?;
    } else {
        print_data(&mut out, &listing, args.output)?;
    }
    out.flush()?;
    Ok(ALL_WELL)
}

/// What a reader of clusters asks for first.
#[derive(Clone, Copy)]
enum Order {
    /// Told by many reports on the word of few.
    Echo,
    /// On the word of most.
    Origins,
    /// In most dispute.
    Contradicted,
}

impl Order {
    fn named(name: &str) -> Option<Self> {
        match name {
            "echo" => Some(Order::Echo),
            "origins" => Some(Order::Origins),
            "contradicted" => Some(Order::Contradicted),
            _ => None,
        }
    }

    /// The greatest first; clusters that are equal stay as they were.
    fn sort(self, listing: &mut Listing) {
        let at = |name: &str| listing.columns.iter().position(|c| c == name);
        let (reports, low, high, conflicts) =
            (at("reports"), at("origins_low"), at("origins_high"), at("contradictions"));
        listing.rows.sort_by_key(|row| {
            let number = |i: Option<usize>| i.and_then(|i| row.get(i)).and_then(serde_json::Value::as_i64).unwrap_or(0);
            std::cmp::Reverse(match self {
                Order::Echo => (number(reports) - number(high), number(reports)),
                Order::Origins => (number(low), number(high)),
                Order::Contradicted => (number(conflicts), number(reports)),
            })
        });
    }
}

/// All columns as JSON Lines or CSV.
pub(crate) fn print_data(out: &mut impl Write, listing: &Listing, output: OutputArgs) -> anyhow::Result<()> {
    if output.csv {
        firsthand_ledger::export::write_csv(&mut *out, listing)?;
        return Ok(());
    }
    for row in &listing.rows {
        let object: serde_json::Map<String, serde_json::Value> =
            listing.columns.iter().cloned().zip(row.iter().cloned()).collect();
        output::json_line(out, &object)?;
    }
    Ok(())
}

fn print_table(out: &mut impl Write, view: View, listing: &Listing) -> anyhow::Result<()> {
    let mut columns = shown(view).to_vec();
    if listing.columns.iter().any(|c| c == "decided") {
        columns.push("decided");
    }
    let at: Vec<Option<usize>> = columns.iter().map(|c| listing.columns.iter().position(|l| l == c)).collect();
    let mut table = output::table(&columns);
    for row in &listing.rows {
        table.add_row(at.iter().map(|i| i.and_then(|i| row.get(i)).map(output::plain).unwrap_or_default()));
    }
    writeln!(out, "{table}")?;
    let (here, all) = (listing.rows.len() as u64, listing.total);
    let what = view.name();
    match (here, all) {
        (0, 0) => writeln!(out, "no {what}")?,
        (here, all) if here < all => writeln!(out, "{here} of {all} {what}; --limit N shows more")?,
        (_, 1) => writeln!(out, "1 row")?,
        (_, all) => writeln!(out, "{all} {what}")?,
    }
    Ok(())
}
