use firsthand_model::Report;

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
