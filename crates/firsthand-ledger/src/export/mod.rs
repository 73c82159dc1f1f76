/*!
Exports: the ledger as files that outlive the program.

[`jsonl()`] writes one file of JSON Lines for each kind of thing, with every
span; [`csv()`] one table for each listing; [`figures()`] one figure a
cluster, by a named policy. Content and order depend on the reports and
decisions alone.
*/

mod csv;
mod decisions;
mod figures;
mod jsonl;

pub use csv::{csv, write_csv};
pub use figures::figures;
pub use jsonl::jsonl;
