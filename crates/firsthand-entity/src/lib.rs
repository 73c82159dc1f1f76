/*!
Entities across reports: which persons, organisations and places of single
reports are one.

[`join()`] takes what each report says by itself and joins by name, with
evidence. A name match ([`matching::compare`]) is necessary and, for people,
never enough:

* **People with a public role** (an office or a rank) are joined by a full
  name together with a shared role, or by shared surroundings.
* **People without one** are joined only between reports that share at least
  two further names: the same story. A namesake elsewhere stays a stranger.
* **Short forms** (a surname, an initial, an acronym, a part of a name) count
  only between such reports, and only if there is one candidate.
* **Two entities of one report** that have different full names stay two.

The result does not depend on the order of the reports. Work is near-linear:
names are interned, candidates meet in blocks by sound ([`Name::block_keys`]),
and every list that a common name could make long is capped.

[`naming`] lists how outlets and speakers name one entity.

[`ReportNames`] is the small part of a reading that joining needs: keep it to
add reports without reading the others again.

[`Name::block_keys`]: matching::Name::block_keys
*/

mod decide;
mod join;
mod names;
pub mod naming;
mod parts;

pub use decide::{Decided, decide};
/// Name matching across spellings (the room `firsthand-name`).
pub use firsthand_name as matching;
pub use join::join_names;
pub use names::{LocalName, ReportNames};

use firsthand_model::{Entity, Readings};
use rayon::prelude::*;

/// Joins the entities of single reports. The order of `readings` changes
/// nothing.
pub fn join(readings: &dyn Readings) -> Vec<Entity> {
    let names: Vec<ReportNames> = (0..readings.len())
        .into_par_iter()
        .map(|at| ReportNames::new(readings.id(at), &readings.reading(at).analysis))
        .collect();
    join_names(&names)
}

#[cfg(test)]
mod tests;
