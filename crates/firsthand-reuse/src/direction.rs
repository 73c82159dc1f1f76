use firsthand_model::{Reason, Report, Why};
use firsthand_span::fold;

use crate::clock::{Order, likely, order};

/// What speaks for one report being the parent of another, in natural log
/// odds: positive for, negative against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub weight: f64,
    pub why: Why,
}

/// Log odds from which a direction is called known: about four to one.
const KNOWN: f64 = 1.35;
/// The fewest log odds worth telling the reader.
const WORTH: f64 = 0.3;
/// How strongly the direction counts in the choice of a parent, against words changed.
const IN_COST: f64 = 2.0;

/// Weights fitted by logistic regression on generated reports with known
/// descent (seeds 3 and 7), rounded; those for what is not generated there
/// (`NAMED`, `CLOCK_LOCAL`, `GROWN`) are set by hand.
mod weight {
    pub(super) const CLOCK: f64 = 2.9;
    /// Zones written wrongly shift clocks by hours.
    pub(super) const CLOCK_FAR: f64 = 1.3;
    pub(super) const CLOCK_COARSE: f64 = 0.6;
    pub(super) const CREDIT: f64 = 1.2;
    pub(super) const AGENCY: f64 = 3.7;
    pub(super) const TITLE: f64 = 2.9;
    pub(super) const WORDING: f64 = 2.4;
    pub(super) const CUT: f64 = 1.0;
    pub(super) const NAMED: f64 = 3.0;
    /// Clocks of which one has no zone.
    pub(super) const CLOCK_LOCAL: f64 = 1.5;
    /// A page that changed under one headline grows. What most of its versions
    /// have is then that of the middle, not of the first.
    pub(super) const GROWN: f64 = 4.0;
    pub(super) const CENTRAL: f64 = 0.5;
}

impl Evidence {
    /// What the direction adds to the cost of an edge.
    pub(crate) fn cost(&self) -> f64 {
        IN_COST * (-self.weight).exp().ln_1p()
    }

    pub(crate) fn known(&self) -> bool {
        self.weight >= KNOWN
    }

    /// `rule` and `note` are those for the direction, then those against it.
    fn add<N: Into<String>>(&mut self, weight: f64, rule: [&'static str; 2], note: impl FnOnce() -> [N; 2]) {
        self.weight += weight;
        if weight.abs() >= WORTH {
            let [for_it, against] = note();
            let note = if weight < 0.0 { against } else { for_it };
            self.why.push(Reason::new(rule[usize::from(weight < 0.0)], note));
        }
    }
}

/// What the texts of a pair show, seen from the parent: pairs of (parent, child).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs {
    /// Words that the other lacks and a third report shares.
    pub only_shared: (f64, f64),
    /// Words that the other lacks and nobody shares.
    pub only_own: (f64, f64),
    /// Changed sentences whose wording more of the other reports share.
    pub votes: (f64, f64),
    /// Words of other reports that each shares.
    pub central: (f64, f64),
    /// Whether the other one names its outlet: 0 or 1.
    pub named: (f64, f64),
    /// Whether other reports of the family credit it: 0 or 1.
    pub credited: (f64, f64),
    /// Whether the other one credits its outlet.
    pub credit: (bool, bool),
}

/// Evidence from what the reports say about themselves and what their texts show.
pub(crate) fn evidence(parent: &Report, child: &Report, signs: &Signs) -> Evidence {
    let mut out = Evidence::default();
    let at = |r: &Report| r.published.as_ref().map_or_else(String::new, |p| p.value.to_string());
    let (first, last) = (at(parent), at(child));
    let times = || {
        [
            format!("the parent was published first ({first}, the copy {last})"),
            format!("the parent bears the later time ({first}, the copy {last})"),
        ]
    };
    let clock = |gap: i64| if (FAR..BEYOND).contains(&gap) { weight::CLOCK_FAR } else { weight::CLOCK };
    match order(parent, child) {
        Order::Before(gap) => out.add(clock(gap), ["published-before", ""], times),
        Order::After(gap) => out.add(-clock(gap), ["", "published-after"], times),
        Order::Open => {
            let clocks = [parent, child].iter().all(|r| r.published.as_ref().is_some_and(|p| p.value.has_clock()));
            let scale = if clocks { weight::CLOCK_LOCAL } else { weight::CLOCK_COARSE };
            out.add(scale * likely(parent, child), ["published-perhaps-before", "published-perhaps-after"], || {
                let open = "their times do not settle it";
                [
                    format!("the parent was likely published first ({first}, the copy {last}; {open})"),
                    format!("the parent was likely published later ({first}, the copy {last}; {open})"),
                ]
            });
        }
    }
    out.add(weight::NAMED * (signs.named.0 - signs.named.1), ["child-names-parent", "parent-names-child"], || {
        ["the copy names the parent's outlet, which does not name its", "the parent names the copy's outlet"]
    });
    if signs.credit.0 {
        out.add(weight::CREDIT, ["credits-parent", ""], || {
            [format!("the copy credits the parent's outlet: {}", credit(child)), String::new()]
        });
    }
    if signs.credit.1 {
        out.add(-weight::CREDIT, ["", "credits-child"], || {
            [String::new(), format!("the parent credits the copy's outlet: {}", credit(parent))]
        });
    }
    let ratio = |(x, y): (f64, f64), k: f64| (x - y) / (x + y + k);
    out.add(
        weight::AGENCY * (signs.credited.0 - signs.credited.1),
        ["parent-is-credited", "child-is-credited"],
        || {
            [
                "other reports of the text credit the parent's outlet",
                "other reports of the text credit the copy's outlet",
            ]
        },
    );
    let title = made_from(parent, child) - made_from(child, parent);
    out.add(weight::TITLE * title, ["headline-made-from-parent", "headline-made-from-child"], || {
        ["the copy's headline is the parent's, cut or labelled", "the parent's headline is the copy's, cut or labelled"]
    });
    if same_page(parent, child) {
        let (only_parent, only_child) =
            (signs.only_shared.0 + signs.only_own.0, signs.only_shared.1 + signs.only_own.1);
        let grown = ratio((only_child, only_parent), 3.0);
        out.add(weight::GROWN * grown, ["page-grew", "page-shrank"], || {
            let told = format!(
                "one page at two times: {only_child} words are only in the copy, {only_parent} only in the parent"
            );
            [told.clone(), told]
        });
    } else {
        out.add(
            weight::WORDING * ratio(signs.votes, 1.0),
            ["others-have-parents-wording", "others-have-childs-wording"],
            || {
                let told = |own: &str, n, m| {
                    format!("where the wording differs, other reports have the {own} more often ({n} against {m})")
                };
                [told("parent's", signs.votes.0, signs.votes.1), told("copy's", signs.votes.1, signs.votes.0)]
            },
        );
        out.add(weight::CUT * ratio(signs.only_shared, 10.0), ["child-is-cut", "parent-is-cut"], || {
            let told = |long: &str, short: &str, n, m| {
                format!("other reports share {n} words that only the {long} has, and {m} that only the {short} has")
            };
            let (parent, child) = signs.only_shared;
            [told("parent", "copy", parent, child), told("copy", "parent", child, parent)]
        });
        out.add(
            weight::CENTRAL * ratio(signs.central, 100.0),
            ["parent-is-shared-most", "child-is-shared-most"],
            || ["other reports share more of the parent's words", "other reports share more of the copy's words"],
        );
    }
    out
}

/// Whether two reports are one page of one outlet at two times.
fn same_page(a: &Report, b: &Report) -> bool {
    fn value<T: PartialEq>(x: &Option<firsthand_model::Found<T>>) -> Option<&T> {
        x.as_ref().map(|f| &f.value)
    }
    let address = value(&a.url).is_some() && value(&a.url) == value(&b.url);
    let headline = value(&a.title).is_some() && value(&a.title) == value(&b.title);
    address || (headline && value(&a.outlet) == value(&b.outlet))
}

/// Seconds from which a wrong zone may have turned two clocks round.
const FAR: i64 = 4 * 3600;
/// Seconds beyond which no zone can have done so.
const BEYOND: i64 = 26 * 3600;

/// Whether the child's headline is made from the parent's: cut, or with a
/// label in front.
fn made_from(parent: &Report, child: &Report) -> f64 {
    let (Some(p), Some(c)) = (&parent.title, &child.title) else { return 0.0 };
    let (p, c) = (fold(&p.value), fold(&c.value));
    let label = c.strip_suffix(p.as_str()).is_some_and(|l| l.trim_end().ends_with(':'));
    let cut = p.len() > c.len() && p.starts_with(c.as_str());
    f64::from(u8::from(label || cut))
}

fn credit(report: &Report) -> String {
    report.agency.as_ref().map_or_else(String::new, |a| a.value.clone())
}

/// Whether one outlet published both.
pub(crate) fn same_outlet(a: &Report, b: &Report) -> bool {
    matches!((&a.outlet, &b.outlet), (Some(a), Some(b)) if a.value == b.value)
}

/// The ways to write a name: whole, without what stands in brackets, and that
/// alone; without the article; its initials; an office without its country.
pub(crate) fn names(name: &str) -> Vec<String> {
    let folded = fold(name);
    let plain = |s: &str| s.trim().strip_prefix("the ").unwrap_or(s.trim()).trim().to_owned();
    let mut out = vec![plain(&folded)];
    let long = folded.split_once('(').map(|(long, short)| {
        out.push(plain(long));
        out.push(plain(short.trim_end_matches(')')));
        long
    });
    if let Some((office, _)) = long.unwrap_or(&folded).split_once(" of the ")
        && office.contains(' ')
    {
        out.push(plain(office));
    }
    out.extend(initials(name));
    out.retain(|n| !n.is_empty());
    out.sort_unstable();
    out.dedup();
    out
}

/// Fewer words than this have no initials that stand for them.
const INITIALS: usize = 3;

/// "Example Press Agency" is "EPA"; folded.
pub(crate) fn initials(name: &str) -> Option<String> {
    let name = name.split('(').next().unwrap_or_default();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let mut firsts = Vec::new();
    for word in words {
        match word.chars().next() {
            Some(c) if c.is_uppercase() => firsts.push(c),
            // "of", "the", "and"; a name with another word in small letters is no name of that kind.
            _ if word.len() <= 3 => {}
            _ => return None,
        }
    }
    if firsts.first().is_some_and(|&c| c == 'T') && fold(name).trim_start().starts_with("the ") {
        firsts.remove(0);
    }
    (firsts.len() >= INITIALS).then(|| fold(&firsts.into_iter().collect::<String>()))
}
