//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use firsthand_pipeline::Policy;

/// Who says what, on whose word, in how many independent reports.
///
/// firsthand reads saved news pages, offline, and keeps a ledger of the claims in them, each entry pointing at the
/// exact bytes it rests on. It never says what is true.
#[derive(Debug, Parser)]
#[command(name = "firsthand", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read files and folders into the ledger
    Read(ReadArgs),
    /// List reports
    Reports(ListArgs),
    /// List attributions: who said what
    Attributions(ListArgs),
    /// List claims: the checkable assertions
    Claims(ListArgs),
    /// List measures: how many, with bounds
    Measures(ListArgs),
    /// List clusters: claims about the same thing, with their independent origins
    Clusters(ClusterArgs),
    /// List copies: who copied whom
    Copies(ListArgs),
    /// List contradictions, updates and what only seems to differ
    Contradictions(ListArgs),
    /// List sources: those who are quoted
    Sources(ListArgs),
    /// Show one thing with its evidence and the reasons for it
    Show(ShowArgs),
    /// Say why two claims are or are not the same, independent, in contradiction; or what links two reports
    Why(WhyArgs),
    /// Lay a figure out in time: who told which value, when, and who kept an earlier one
    Timeline(TimelineArgs),
    /// Say how outlets and speakers name an entity
    Naming(NamingArgs),
    /// Record what you decide on claims, clusters, verdicts, entities and speakers; it survives every re-read
    Decide(DecideArgs),
    /// Search the words of titles and texts
    Search(SearchArgs),
    /// Prove every stored span against the kept originals
    Verify(LedgerArgs),
    /// Write the ledger as files
    Export(ExportArgs),
    /// Compare two files and print what they share
    Compare(CompareArgs),
    /// Show the ledger as pages in a browser on this machine
    Serve(ServeArgs),
    /// Add places to the built-in ones
    #[command(subcommand)]
    Gazetteer(GazetteerCommand),
    /// Score a stage against gold data
    Eval(EvalArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum GazetteerCommand {
    /// Take the places of a GeoNames dump (cities500.zip or .txt) into the ledger
    Import {
        /// The dump: plain, gzipped or in a zip archive
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// Say which places are known
    Show {
        #[command(flatten)]
        ledger: LedgerArgs,
    },
    /// Take imported places out again
    Remove {
        #[command(flatten)]
        ledger: LedgerArgs,
    },
}

#[derive(Args, Debug)]
pub(crate) struct LedgerArgs {
    /// The ledger file
    #[arg(long, default_value = "firsthand.db", value_name = "FILE")]
    pub(crate) ledger: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct ReadArgs {
    /// Files and folders to read; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// The text is the clean text itself: nothing is removed or moved
    #[arg(long)]
    pub(crate) as_is: bool,
    /// Threads to read with [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// What the files are; told apart by content unless given
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// What you know of outlets [default: outlets.toml, if there]
    #[arg(long, value_name = "FILE")]
    pub(crate) outlets: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) columns: Columns,
    /// No progress bar and no summary; skipped files are still named
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Jsonl,
    Csv,
}

/// Columns (CSV) or fields (JSON Lines) to take things from
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Columns of JSON Lines and CSV")]
pub(crate) struct Columns {
    /// Text or HTML of the report
    #[arg(long, value_name = "FIELD")]
    pub(crate) text: Option<String>,
    /// Id, which becomes the report's key
    #[arg(long, value_name = "FIELD")]
    pub(crate) id: Option<String>,
    /// Title
    #[arg(long, value_name = "FIELD")]
    pub(crate) title: Option<String>,
    /// Publication date
    #[arg(long, value_name = "FIELD")]
    pub(crate) date: Option<String>,
    /// Address
    #[arg(long, value_name = "FIELD")]
    pub(crate) url: Option<String>,
    /// Outlet
    #[arg(long, value_name = "FIELD")]
    pub(crate) outlet: Option<String>,
    /// Byline
    #[arg(long, value_name = "FIELD")]
    pub(crate) byline: Option<String>,
    /// Agency credited
    #[arg(long, value_name = "FIELD")]
    pub(crate) agency: Option<String>,
    /// Dateline
    #[arg(long, value_name = "FIELD")]
    pub(crate) dateline: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Only rows with these words anywhere
    #[arg(value_name = "WORDS")]
    pub(crate) words: Option<String>,
    /// Only rows whose COLUMN is VALUE, whatever the case (may be repeated)
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = pair)]
    pub(crate) equals: Vec<(String, String)>,
    /// Only rows whose COLUMN holds TEXT (may be repeated)
    #[arg(long = "like", value_name = "COLUMN=TEXT", value_parser = pair)]
    pub(crate) contains: Vec<(String, String)>,
    /// Sort by this column; `-COLUMN` for the greatest first. Clusters also by `echo` (many reports, few origins),
    /// `origins` or `contradicted`
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// At most this many rows
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ClusterArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct OutputArgs {
    /// Print JSON Lines
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print CSV
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Id of a report, attribution, claim, measure, entity, cluster, copy or contradiction, or the key of a report
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct WhyArgs {
    /// A claim, a cluster, or a report by id or key
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// Another of the same sort
    #[arg(value_name = "B")]
    pub(crate) b: String,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct TimelineArgs {
    /// A cluster or claim; or a report, by id or key, for the figures of its story [default: every figure that is told
    /// with more than one value]
    #[arg(value_name = "ID")]
    pub(crate) of: Option<String>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Only what most claims are classed as, such as `killed`, `injured`, `missing`
    #[arg(long, value_name = "CLASS")]
    pub(crate) what: Option<String>,
    /// At most this many clusters, those most reports speak to first [default: 5 on a terminal, else all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct NamingArgs {
    /// An entity, by id or by a name [default: those that outlets name in more than one way]
    #[arg(value_name = "ENTITY")]
    pub(crate) entity: Option<String>,
    /// Where terms stand between which a writer has a choice ("gunman", "rebel"), and in whose words
    #[arg(long, conflicts_with = "entity")]
    pub(crate) terms: bool,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// At most this many entities in the table
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DecideArgs {
    #[command(subcommand)]
    pub(crate) what: Decide,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Decide {
    /// Hold a claim, a cluster or a verdict (x0, x1 ...) to be right; the claims of a cluster stay together
    Confirm {
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Hold it to be wrong: a claim is left out, a cluster taken apart, a verdict turned
    Reject {
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Two claims or clusters are about one thing; or two entities are one
    Merge {
        #[arg(value_name = "A")]
        a: String,
        #[arg(value_name = "B")]
        b: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Two claims are not about one thing; a claim does not belong to a cluster; or an entity is two
    Split {
        #[arg(value_name = "A")]
        a: String,
        #[arg(value_name = "B")]
        b: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Say who speaks in an attribution: an entity by id, or a name; `unknown` for nobody known
    SetSpeaker {
        #[arg(value_name = "ATTRIBUTION")]
        attribution: String,
        #[arg(value_name = "SPEAKER")]
        speaker: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Add a remark to anything
    Note {
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// Take an earlier decision back; both stay on record
    Undo {
        #[arg(value_name = "DECISION")]
        decision: String,
        #[command(flatten)]
        by: DecidedBy,
    },
    /// List decisions, and whether what they are about is still found
    List {
        #[command(flatten)]
        ledger: LedgerArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Args, Debug)]
pub(crate) struct DecidedBy {
    /// Who decides
    #[arg(long, value_name = "WHO")]
    pub(crate) by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
    /// When it was decided, ISO 8601 [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// Words that must all stand in the report; "in quotes" as a phrase
    #[arg(required = true, value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// At most this many reports
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: u64,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Format of the files
    #[arg(long, value_enum, default_value = "jsonl")]
    pub(crate) format: ExportFormat,
    /// Folder for the files; made if needed
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Also make one figure of each cluster's: range, best-low-high or conservative (may be repeated)
    #[arg(long, value_name = "POLICY", value_parser = policy)]
    pub(crate) policy: Vec<Policy>,
}

fn policy(name: &str) -> Result<Policy, String> {
    Policy::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Policy::ALL.iter().map(|p| p.name()).collect();
        format!("no such policy; there are {}", known.join(", "))
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON object a line, one file for each kind of thing
    Jsonl,
    /// One CSV file for each listing
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// First file
    pub(crate) a: PathBuf,
    /// Second file
    pub(crate) b: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    /// Port on this machine
    #[arg(long, default_value_t = 8200)]
    pub(crate) port: u16,
}

#[derive(Args, Debug)]
pub(crate) struct EvalArgs {
    /// What to score
    pub(crate) task: String,
    /// Gold data
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// Write predictions here, in the gold's own format
    #[arg(long, value_name = "FILE")]
    pub(crate) predictions: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("write it as COLUMN=VALUE")?;
    Ok((column.to_owned(), value.to_owned()))
}
