/*!
How many, when, where: measures with bounds, times with anchors, places with
coordinates.

All three read the analysed text of one report and are pure functions of it.

* [`measures()`] reads figures with a grammar of its own over finer pieces than
  the tokens of the language stage: numbers in digits and words, what bounds
  or loosens them, ranges, units and rates. What is no quantity (years, ages,
  scores, addresses, model names) is told apart by its company. Tags and
  dependencies, where there are any, find the counted noun and its verb;
  without them the words do.

Bounds are what the words say. Lexicons are tables under `data/`.
*/

mod context;
mod gazetteer;
mod hedge;
mod lex;
mod measures;
mod number;
mod places;
mod policy;
mod quantity;
mod time;
mod unit;

pub use gazetteer::{Entry, Gazetteer, PlaceKind, row_of_dump};
pub use measures::{Figure, figures, measures};
pub use places::{places, places_in, resolve_places};
pub use policy::{Estimate, Policy};
pub use quantity::{Quantity, Role};
pub use time::times;
