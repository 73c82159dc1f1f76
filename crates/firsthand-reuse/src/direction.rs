use firsthand_model::{Reason, Report, Why};
use firsthand_span::fold;

use crate::clock::{Order, order};

/// What speaks for one report being the parent of another: positive for,
/// negative against, in decibans of nothing measured yet: plain weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub weight: f64,
    pub why: Why,
}

/// Weight from which a direction is called known.
const KNOWN: f64 = 1.5;
const CLOCK: f64 = 2.0;
const CREDIT: f64 = 3.0;

impl Evidence {
    /// What the direction adds to the cost of an edge.
    pub(crate) fn cost(&self) -> f64 {
        if self.weight >= 0.0 { (4.0 - self.weight).max(0.0) } else { 4.0 - 3.0 * self.weight }
    }

    pub(crate) fn known(&self) -> bool {
        self.weight >= KNOWN
    }

    fn add(&mut self, weight: f64, reason: Reason) {
        self.weight += weight;
        self.why.push(reason);
    }
}

/// Evidence from what the reports say about themselves.
pub(crate) fn evidence(parent: &Report, child: &Report) -> Evidence {
    let mut out = Evidence::default();
    let at = |r: &Report| r.published.as_ref().map_or_else(String::new, |p| p.value.to_string());
    match order(parent, child) {
        Order::Before(_) => out.add(CLOCK, Reason::new("published-before", format!("{} < {}", at(parent), at(child)))),
        Order::After(_) => out.add(-CLOCK, Reason::new("published-after", format!("{} > {}", at(parent), at(child)))),
        Order::Open => {}
    }
    if credits(child, parent) {
        out.add(CREDIT, Reason::new("credits-parent", credit(child)));
    }
    if credits(parent, child) {
        out.add(-CREDIT, Reason::new("credits-child", credit(parent)));
    }
    out
}

fn credit(report: &Report) -> String {
    report.agency.as_ref().map_or_else(String::new, |a| a.value.clone())
}

/// Whether a report credits the outlet of another one.
pub(crate) fn credits(report: &Report, other: &Report) -> bool {
    let (Some(agency), Some(outlet)) = (&report.agency, &other.outlet) else { return false };
    let own = report.outlet.as_ref().is_some_and(|o| same_name(&o.value, &agency.value));
    !own && same_name(&agency.value, &outlet.value)
}

/// "Example Press Agency (EPA)" is "EPA" and "Example Press Agency".
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (names(a), names(b));
    a.iter().any(|x| b.contains(x))
}

fn names(name: &str) -> Vec<String> {
    let folded = fold(name);
    let plain = |s: &str| s.trim().strip_prefix("the ").unwrap_or(s.trim()).trim().to_owned();
    let mut out = vec![plain(&folded)];
    if let Some((long, short)) = folded.split_once('(') {
        out.push(plain(long));
        out.push(plain(short.trim_end_matches(')')));
    }
    out.retain(|n| !n.is_empty());
    out
}
