//! `firsthand eval TASK --data FILE…`.

use std::io::Write;

use anyhow::bail;
use firsthand_eval::{Options, TASKS};

use crate::args::EvalArgs;
use crate::{ALL_WELL, output};

pub(crate) fn run(args: &EvalArgs) -> anyhow::Result<u8> {
    let Some((_, task)) = TASKS.iter().find(|(name, _)| *name == args.task) else {
        let names: Vec<&str> = TASKS.iter().map(|(name, _)| *name).collect();
        bail!("no task `{}`; there are {}", args.task, names.join(", "));
    };
    let scores = task(&Options { data: args.data.clone(), predictions: args.predictions.clone() })?;
    let mut out = output::stdout();
    if args.json {
        output::json_line(&mut out, &scores)?;
    } else {
        write!(out, "{scores}")?;
    }
    out.flush()?;
    Ok(ALL_WELL)
}
