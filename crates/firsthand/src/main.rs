//! The command line of firsthand: arguments, progress and tables. What is
//! found in pages is the business of the stages, what is kept that of the
//! ledger.

mod args;
mod compare;
mod decide;
mod eval;
mod gazetteer;
mod input;
mod list;
mod naming;
mod output;
mod read;
mod search;
mod show;
mod timeline;
mod verify;
mod why;

use std::process::ExitCode;

use args::{Cli, Command, ExportFormat};
use clap::Parser;
use firsthand_ledger::{Ledger, View};

/// Pages are read in many small pieces, on all cores at once: this allocator
/// takes a tenth less time over them than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Everything was done.
const ALL_WELL: u8 = 0;
/// Something was skipped or found wrong; the reasons are on standard error.
const SOMETHING_WRONG: u8 = 1;
/// The command could not be carried out at all.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::from(ALL_WELL),
        Err(error) => {
            eprintln!("firsthand: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

fn run(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Read(args) => read::run(&args),
        Command::Reports(args) => list::run(View::Reports, &args),
        Command::Attributions(args) => list::run(View::Attributions, &args),
        Command::Claims(args) => list::run(View::Claims, &args),
        Command::Measures(args) => list::run(View::Measures, &args),
        Command::Clusters(args) => list::run(View::Clusters, &args.list),
        Command::Copies(args) => list::run(View::Copies, &args),
        Command::Contradictions(args) => list::run(View::Contradictions, &args),
        Command::Sources(args) => list::run(View::Sources, &args),
        Command::Show(args) => show::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Naming(args) => naming::run(&args),
        Command::Decide(args) => decide::run(&args),
        Command::Timeline(args) => timeline::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Export(args) => {
            let ledger = Ledger::open_read_only(&args.ledger.ledger)?;
            match args.format {
                ExportFormat::Jsonl => firsthand_ledger::export::jsonl(&ledger, &args.out)?,
                ExportFormat::Csv => firsthand_ledger::export::csv(&ledger, &args.out)?,
            }
            if !args.policy.is_empty() {
                firsthand_ledger::export::figures(&ledger, &args.out, &args.policy)?;
            }
            Ok(ALL_WELL)
        }
        Command::Compare(args) => compare::run(&args),
        Command::Serve(args) => {
            firsthand_web::serve(&args.ledger.ledger, args.port, |address| {
                eprintln!("the ledger is at http://{address}/ (Ctrl-C ends)");
            })?;
            Ok(ALL_WELL)
        }
        Command::Gazetteer(command) => gazetteer::run(&command),
        Command::Eval(args) => eval::run(&args),
    }
}
