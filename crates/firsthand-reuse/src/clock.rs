use firsthand_model::{Moment, Report};

/// What the publication times of two reports say about their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The first came first, by at least so many seconds.
    Before(i64),
    /// The first came second, by at least so many seconds.
    After(i64),
    /// Unknown, or too coarsely known.
    Open,
}

/// The instants between which a report was published.
pub(crate) fn published(report: &Report) -> Option<(i64, i64)> {
    report.published.as_ref().map(|p| p.value.bounds())
}

pub(crate) fn order(a: &Report, b: &Report) -> Order {
    let (Some(a), Some(b)) = (published(a), published(b)) else { return Order::Open };
    if a.1 <= b.0 {
        Order::Before(b.0 - a.0.min(b.0))
    } else if b.1 <= a.0 {
        Order::After(a.0 - b.0.min(a.0))
    } else {
        Order::Open
    }
}

/// How likely the first came first, from -1 to 1, where the printed times
/// leave it open: a time without a zone is taken to be of the other's.
pub(crate) fn likely(a: &Report, b: &Report) -> f64 {
    let (Some(a), Some(b)) = (&a.published, &b.published) else { return 0.0 };
    let (a, b) = (&a.value, &b.value);
    let zone = a.offset.or(b.offset).unwrap_or(0);
    let bounds = |m: &Moment| {
        let (start, end) = Moment { offset: m.offset.or(Some(zone)), ..*m }.bounds();
        (start as f64, end as f64)
    };
    let ((a0, a1), (b0, b1)) = (bounds(a), bounds(b));
    // The distance of the middles, measured by the longer interval, an hour at least.
    let long = (a1 - a0).max(b1 - b0).max(7200.0);
    (((b0 + b1) - (a0 + a1)) / long).clamp(-1.0, 1.0)
}

/// Whether two reports were published at least so many seconds apart, whatever their zones.
pub(crate) fn apart(a: &Report, b: &Report, seconds: i64) -> bool {
    matches!(order(a, b), Order::Before(gap) | Order::After(gap) if gap >= seconds)
}
