/*!
Exports: the ledger as files that outlive the program.

[`jsonl()`] writes one file of JSON Lines for each kind of thing, with every
span; [`csv()`] one table for each listing. Content and order depend on the
reports and decisions alone.
*/

mod csv;
mod decisions;
mod jsonl;

pub use csv::{csv, write_csv};
pub use jsonl::jsonl;
