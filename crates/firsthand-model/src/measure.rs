use firsthand_span::Span;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::Why;
use crate::words::words;

words! {
    /// How a figure was hedged, as the words say.
    Approx {
        None = "none", About = "about", Nearly = "nearly", Over = "over", AtLeast = "at_least", AtMost = "at_most",
        UpTo = "up_to", LessThan = "less_than", Between = "between",
        /// "dozens", "thousands": no number at all.
        Vague = "vague",
    }
}

words! {
    /// Whether a figure is a level reached or a difference.
    Change {
        RoseTo = "rose_to", FellTo = "fell_to", RoseBy = "rose_by", FellBy = "fell_by",
        /// "a further 12", "12 more".
        Additional = "additional",
    }
}

/// One end of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// Whether the number itself is meant too ("at least" against "more than").
    pub inclusive: bool,
}

/// A quantity: bounds are what the words say (see `CONTRACT`: implied ones
/// are a matter of comparison, never of these fields).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The figure with its hedge and counted noun ("at least 66 people").
    pub span: Span,
    /// The number printed; `None` for ranges and vague ones.
    pub value: Option<f64>,
    /// Lower end.
    pub lower: Option<Bound>,
    /// Upper end.
    pub upper: Option<Bound>,
    /// The hedge.
    pub approx: Approx,
    /// UCUM code, ISO 4217 code, `%`, or `1` for counts.
    pub unit: String,
    /// Head of the counted noun, as printed, such as "people".
    pub counted: Option<String>,
    /// The counted noun's span.
    pub counted_span: Option<Span>,
    /// What happened to the counted: a lemma; `killed`, `injured`, `missing`,
    /// `arrested`, `displaced` for any wording of these.
    pub what: Option<String>,
    /// Index of the measure this is a part of.
    pub subset_of: Option<u32>,
    /// Level or difference, where said.
    pub change: Option<Change>,
    /// "did not kill 12": the predicate is negated.
    pub negated: bool,
    /// Index of the innermost attribution it stands in.
    pub attribution: Option<u32>,
    /// How it was read.
    pub why: Why,
}

words! {
    /// TIMEX3 types.
    TimeKind { Date = "DATE", Time = "TIME", Duration = "DURATION", Set = "SET" }
}

/// A half-open interval of civil time, in the report's own zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// First instant.
    pub start: DateTime,
    /// First instant after it.
    pub end: DateTime,
}

/// A time expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Time {
    /// Bytes of the clean text.
    pub span: Span,
    /// Its type.
    pub kind: TimeKind,
    /// TIMEX3 value.
    pub value: String,
    /// The interval it names, where it is a known one.
    pub interval: Option<Interval>,
    /// Other intervals it may name, where the direction is open.
    pub alternatives: Vec<Interval>,
    /// It rests on a publication date that was only inferred.
    pub anchor_uncertain: bool,
    /// How it was read.
    pub why: Why,
}

/// A place name with what is known of the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Bytes of the clean text.
    pub span: Span,
    /// Name in the gazetteer, or as printed where unknown.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division.
    pub admin: Option<String>,
    /// Latitude and longitude, degrees.
    pub at: Option<(f64, f64)>,
    /// GeoNames id.
    pub geonames: Option<u64>,
    /// How it was chosen.
    pub why: Why,
}
