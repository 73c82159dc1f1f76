//! Runs one task: `task NAME DATA… [--predictions OUT]`.
use std::io::Write;

fn main() -> anyhow::Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut options = firsthand_eval::Options::default();
    if let Some(i) = args.iter().position(|a| a == "--predictions") {
        options.predictions = args.get(i + 1).map(Into::into);
        args.drain(i..args.len().min(i + 2));
    }
    let name = args.first().cloned().unwrap_or_default();
    options.data = args.iter().skip(1).map(Into::into).collect();
    let Some((_, run)) = firsthand_eval::TASKS.iter().find(|(n, _)| *n == name) else {
        anyhow::bail!("no task `{name}`");
    };
    write!(std::io::stdout(), "{}", run(&options)?)?;
    Ok(())
}
