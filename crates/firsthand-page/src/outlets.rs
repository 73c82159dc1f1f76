//! What the user's `outlets.toml` adds to a report: the outlet's name, and
//! the zone of a clock time that the page gave without one.

use firsthand_model::{Found, How, Moment, Outlet, Outlets, Report};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use url::Url;

/// Adds what is known to a report. What the page says of itself stands.
pub(crate) fn apply(report: &mut Report, outlets: &Outlets) {
    let by_name = report.outlet.as_ref().and_then(|o| outlets.named(&o.value));
    let host =
        report.url.as_ref().and_then(|u| Url::parse(&u.value).ok()).and_then(|u| u.host_str().map(str::to_owned));
    let by_host = host.and_then(|h| outlets.at(&h));
    let Some(outlet) = by_name.or(if report.outlet.is_none() { by_host } else { None }) else { return };
    match &mut report.outlet {
        Some(found) => found.value.clone_from(&outlet.name),
        None => report.outlet = Some(Found::new(outlet.name.clone(), How::Outlets)),
    }
    for moment in [&mut report.published, &mut report.modified].into_iter().flatten() {
        add_zone(&mut moment.value, outlet);
    }
}

fn add_zone(moment: &mut Moment, outlet: &Outlet) {
    let Some(zone) = outlet.zone.as_deref().filter(|_| moment.offset.is_none() && moment.has_clock()) else { return };
    moment.offset = offset(zone, moment.at);
}

/// Seconds east of UTC of a zone at a local time. A time that the zone skips
/// or has twice takes the offset before the change.
fn offset(zone: &str, at: DateTime) -> Option<i32> {
    let fixed = zone.starts_with(['+', '-']).then(|| Moment::parse(&format!("2000-01-01T00:00:00{zone}"))).flatten();
    if let Some(offset) = fixed {
        return offset.offset;
    }
    let zone = TimeZone::get(zone).ok()?;
    Some(zone.to_ambiguous_zoned(at).compatible().ok()?.offset().seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_zone_is_an_offset_or_a_place() {
        assert_eq!(offset("+05:30", date(2024, 1, 1).at(9, 0, 0, 0)), Some(19_800));
        assert_eq!(offset("Europe/Paris", date(2024, 1, 1).at(9, 0, 0, 0)), Some(3600));
        assert_eq!(offset("Europe/Paris", date(2024, 7, 1).at(9, 0, 0, 0)), Some(7200));
        assert_eq!(offset("Nowhere/Else", date(2024, 7, 1).at(9, 0, 0, 0)), None);
    }

    #[test]
    fn what_the_page_says_stands() {
        let outlets = Outlets {
            outlets: vec![Outlet { name: "Karst Post".into(), zone: Some("+02:00".into()), ..Outlet::default() }],
        };
        let stamped = Moment::clock(date(2024, 5, 1).at(9, 0, 0, 0), Some(0));
        let bare = Moment { offset: None, ..stamped };
        let mut report = Report {
            outlet: Some(Found::new("the karst post".into(), How::Meta)),
            published: Some(Found::new(bare, How::VisibleText)),
            modified: Some(Found::new(stamped, How::JsonLd)),
            ..Report::default()
        };
        apply(&mut report, &outlets);
        assert_eq!(report.outlet.map(|o| o.value).as_deref(), Some("Karst Post"));
        assert_eq!(report.published.and_then(|p| p.value.offset), Some(7200));
        assert_eq!(report.modified.and_then(|p| p.value.offset), Some(0));
    }
}
