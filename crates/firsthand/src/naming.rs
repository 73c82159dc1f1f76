//! `firsthand naming`: how outlets and speakers name an entity.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::bail;
use firsthand_entity::naming::{Place, TermUse, Voice};
use firsthand_ledger::{EntityNaming, Ledger, NamedVariously};
use firsthand_model::ReportId;
use serde_json::{Value, json};

use crate::args::{NamingArgs, OutputArgs};
use crate::{ALL_WELL, output};

type Keys = BTreeMap<ReportId, String>;

pub(crate) fn run(args: &NamingArgs) -> anyhow::Result<u8> {
    let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
    let mut out = output::stdout();
    if args.terms {
        let (uses, keys) = ledger.loaded_terms()?;
        terms(&mut out, &uses, &keys, args.output)?;
    } else if let Some(wanted) = &args.entity {
        match ledger.naming(wanted)? {
            Ok(found) => entity(&mut out, &found, args.output)?,
            Err(reason) => bail!("{}: {reason}", args.ledger.ledger.display()),
        }
    } else {
        overview(&mut out, &ledger.named_variously()?, args)?;
    }
    out.flush()?;
    Ok(ALL_WELL)
}

fn voice(voice: &Voice) -> (&'static str, &str) {
    match voice {
        Voice::Outlet(name) => ("outlet", name),
        Voice::Speaker(name) => ("speaker", name),
    }
}

fn key<'k>(keys: &'k Keys, place: &Place) -> &'k str {
    keys.get(&place.report).map_or("", String::as_str)
}

/// A row of data for each place.
fn rows(out: &mut impl Write, columns: &[&str], rows: Vec<Vec<Value>>, format: OutputArgs) -> anyhow::Result<()> {
    let total = rows.len() as u64;
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    crate::list::print_data(out, &firsthand_ledger::Listing { columns, rows, total }, format)
}

fn entity(out: &mut impl Write, found: &EntityNaming, format: OutputArgs) -> anyhow::Result<()> {
    if format.json || format.csv {
        let columns =
            ["entity", "by", "who", "name", "kind", "terms", "times", "report", "key", "start", "end", "words"];
        let data = found.uses.iter().flat_map(|used| {
            let (by, who) = voice(&used.voice);
            let terms: Vec<&str> = used.terms.iter().map(|(term, _)| term.as_str()).collect();
            used.places.iter().map(move |p| {
                vec![
                    json!(found.entity),
                    json!(by),
                    json!(who),
                    json!(used.name),
                    json!(used.kind),
                    json!(terms.join(", ")),
                    json!(used.places.len()),
                    json!(p.report),
                    json!(key(&found.keys, p)),
                    json!(p.bytes.start),
                    json!(p.bytes.end),
                    json!(p.words),
                ]
            })
        });
        return rows(out, &columns, data.collect(), format);
    }
    let kind = found.kind.as_deref().map_or_else(String::new, |k| format!(", {k}"));
    writeln!(out, "{} ({}{kind})\n", found.name, found.entity)?;
    for (by, lead) in [("outlet", "in the words of outlets"), ("speaker", "in the words of speakers, quoted")] {
        let own: Vec<_> = found.uses.iter().filter(|u| voice(&u.voice).0 == by).collect();
        if own.is_empty() {
            continue;
        }
        writeln!(out, "{lead}")?;
        let mut table = output::table(&[by, "name", "kind", "times", "first place"]);
        let mut last = "";
        for used in &own {
            let who = voice(&used.voice).1;
            let place = used.places.first().map_or_else(String::new, |p| at(&found.keys, p));
            table.add_row([
                if who == last { "" } else { who },
                &used.name,
                used.kind.as_str(),
                &used.places.len().to_string(),
                &place,
            ]);
            last = who;
        }
        writeln!(out, "{table}\n")?;
    }
    let mut noted: Vec<&(String, String)> = found.uses.iter().flat_map(|u| &u.terms).collect();
    noted.sort();
    noted.dedup();
    for (term, field) in noted {
        let others: Vec<String> =
            firsthand_entity::naming::field_terms(field).into_iter().filter(|t| t != term).collect();
        let line = format!("“{term}” is one of the terms for {field}; others are: {}", others.join(", "));
        let width = usize::from(output::terminal_width());
        writeln!(out, "{}", output::wrap(&line, width, "  "))?;
    }
    Ok(())
}

fn at(keys: &Keys, place: &Place) -> String {
    format!("{}, bytes {}", key(keys, place), place.bytes)
}

fn overview(out: &mut impl Write, all: &[NamedVariously], args: &NamingArgs) -> anyhow::Result<()> {
    let format = args.output;
    if format.json {
        return all.iter().try_for_each(|row| output::json_line(out, row));
    }
    let names = |n: &NamedVariously| {
        n.names.iter().map(|(name, times)| format!("{name} ({times})")).collect::<Vec<_>>().join(", ")
    };
    if format.csv {
        let data = all.iter().map(|n| {
            vec![json!(n.entity), json!(n.name), json!(n.kind), json!(n.outlets), json!(n.names.len()), json!(names(n))]
        });
        return rows(out, &["entity", "name", "type", "outlets", "names", "as"], data.collect(), format);
    }
    let limit = args.limit.unwrap_or(40);
    let mut table = output::table(&["id", "name", "type", "outlets", "names in the words of outlets (times)"]);
    for n in all.iter().take(limit) {
        let kind = n.kind.clone().unwrap_or_default();
        table.add_row([&n.entity, &n.name, &kind, &n.outlets.to_string(), &names(n)]);
    }
    output::whole(&mut table, 0);
    writeln!(out, "{table}")?;
    match all.len() {
        0 => writeln!(out, "no entity is named in more than one way by more than one outlet")?,
        n if n > limit => writeln!(out, "{limit} of {n}; --limit N shows more")?,
        _ => {}
    }
    Ok(())
}

fn terms(out: &mut impl Write, uses: &[TermUse], keys: &Keys, format: OutputArgs) -> anyhow::Result<()> {
    if format.json || format.csv {
        let columns =
            ["field", "term", "outlet", "by", "who", "reporting", "times", "report", "key", "start", "end", "words"];
        let data = uses.iter().flat_map(|used| {
            let (by, who) = voice(&used.voice);
            used.places.iter().map(move |p| {
                vec![
                    json!(used.field),
                    json!(used.term),
                    json!(used.outlet),
                    json!(by),
                    json!(who),
                    json!(used.reported),
                    json!(used.places.len()),
                    json!(p.report),
                    json!(key(keys, p)),
                    json!(p.bytes.start),
                    json!(p.bytes.end),
                    json!(p.words),
                ]
            })
        });
        return rows(out, &columns, data.collect(), format);
    }
    let mut table = output::table(&["of", "term", "outlet", "in whose words", "times", "first place"]);
    let (mut field, mut term) = ("", "");
    for used in uses {
        let whose = match (&used.voice, &used.reported) {
            (Voice::Speaker(name), _) => format!("{name}, quoted"),
            (_, Some(name)) => format!("its own, reporting {name}"),
            _ => "its own".to_owned(),
        };
        let place = used.places.first().map_or_else(String::new, |p| at(keys, p));
        let again = field == used.field;
        table.add_row([
            if again { "" } else { &used.field },
            if again && term == used.term { "" } else { &used.term },
            &used.outlet,
            &whose,
            &used.places.len().to_string(),
            &place,
        ]);
        (field, term) = (&used.field, &used.term);
    }
    writeln!(out, "{table}")?;
    if uses.is_empty() {
        writeln!(out, "no term of the lexicon stands in the texts")?;
    }
    Ok(())
}
