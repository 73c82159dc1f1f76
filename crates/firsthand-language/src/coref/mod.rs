/*!
Which mentions stand for one entity.

A sieve, most certain steps first:

1. `naming`: names by name matching; short forms ("Sarkady", "PPA") join the
   full name they fit, the most recent where several do;
2. `roles`: titles and appositions give persons their roles, and
   descriptions their names;
3. `resolve`: descriptions and pronouns, in the order of the text.
   Descriptions follow roles and names; pronouns are ranked by a linear model
   ([`ranking`]) that may say "nobody".

What stays open stays open: a mention without an entity, never a guess.
*/

mod naming;
pub(crate) mod nouns;
pub mod ontogum;
pub mod ranking;
mod resolve;
mod roles;
mod view;

pub use resolve::resolve;
pub use view::{Item, Look};
