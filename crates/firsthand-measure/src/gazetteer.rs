//! The gazetteer: names to places. A small one is built in (Natural Earth and
//! tables of our own); a user's dump of GeoNames can be added.

use std::sync::{Arc, LazyLock};

use firsthand_span::fold;
use rustc_hash::FxHashMap;

/// What sort of place an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A city, town or village.
    City,
    /// A first-order division: state, province, governorate.
    Division,
    /// A region, sea or landmark.
    Region,
    /// A country.
    Country,
    /// A people or nationality ("Velmoran"), standing for its country.
    Demonym,
}

/// One place.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name shown.
    pub name: Arc<str>,
    /// What it is.
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2; empty for seas and continents.
    pub country: Arc<str>,
    /// First-order division, by name; empty where unknown.
    pub division: Arc<str>,
    /// Inhabitants; 0 where unknown.
    pub population: u32,
    /// Degrees.
    pub lat: f32,
    /// Degrees.
    pub lon: f32,
    /// GeoNames id.
    pub geonames: Option<u32>,
}

/// Places by folded name.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    entries: Vec<Entry>,
    /// Entries of each folded name, in order of their making.
    names: FxHashMap<Box<str>, Vec<u32>>,
    shared: FxHashMap<Box<str>, Arc<str>>,
    /// The most words that a name has.
    longest: usize,
}

static BUILT_IN: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut g = Gazetteer::default();
    g.countries(include_str!("../data/countries.tsv"));
    g.regions(include_str!("../data/regions.tsv"));
    g.places(include_str!("../data/places.tsv"));
    g
});

impl Gazetteer {
    /// The one that comes with the program.
    pub fn built_in() -> &'static Gazetteer {
        &BUILT_IN
    }

    /// The entries of a name as printed.
    pub fn find<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g Entry> + use<'g> {
        self.find_folded(&key(name))
    }

    pub(crate) fn find_folded<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g Entry> + use<'g> {
        let ids = self.names.get(name).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|&i| self.entries.get(i as usize))
    }

    /// The most words that a name has.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(found) = self.shared.get(text) {
            return found.clone();
        }
        let made: Arc<str> = text.into();
        self.shared.insert(text.into(), made.clone());
        made
    }

    /// Adds a place under all its names.
    pub fn add<'n>(&mut self, entry: Entry, names: impl IntoIterator<Item = &'n str>) {
        let id = self.entries.len() as u32;
        self.entries.push(entry);
        for name in names {
            let folded = key(name);
            if folded.is_empty() {
                continue;
            }
            self.longest = self.longest.max(folded.split(' ').count());
            let ids = self.names.entry(folded.into()).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
        }
    }

    fn countries(&mut self, table: &str) {
        for row in table.lines().filter(|l| !l.starts_with('#')) {
            let mut f = row.split('\t');
            let (Some(code), Some(lat), Some(lon), Some(names)) = (f.next(), f.next(), f.next(), f.next()) else {
                continue;
            };
            let demonyms = f.next().unwrap_or_default();
            let (Ok(lat), Ok(lon)) = (lat.parse(), lon.parse()) else { continue };
            let name = names.split('|').next().unwrap_or_default();
            let entry = |kind, g: &mut Self| Entry {
                name: g.share(name),
                kind,
                country: g.share(code),
                division: g.share(""),
                population: 0,
                lat,
                lon,
                geonames: None,
            };
            let country = entry(PlaceKind::Country, self);
            // The parts of a country have rows of their own among the regions.
            self.add(country, names.split('|').filter(|n| !matches!(*n, "England" | "Scotland" | "Wales")));
            let demonym = entry(PlaceKind::Demonym, self);
            self.add(demonym, demonyms.split('|').filter(|n| n.len() > 2));
        }
    }

    fn regions(&mut self, table: &str) {
        for row in table.lines().filter(|l| !l.starts_with('#')) {
            let mut f = row.split('\t');
            let (Some(names), Some(country), Some(division), Some(Ok(lat)), Some(Ok(lon))) =
                (f.next(), f.next(), f.next(), f.next().map(str::parse), f.next().map(str::parse))
            else {
                continue;
            };
            let name = names.split('|').next().unwrap_or_default();
            // Abbreviations come first in their rows; the division is the name to show.
            let shown = if name.ends_with('.') && !division.is_empty() { division } else { name };
            let kind = if division.is_empty() { PlaceKind::Region } else { PlaceKind::Division };
            let entry = Entry {
                name: self.share(shown),
                kind,
                country: self.share(country),
                division: self.share(division),
                population: 0,
                lat,
                lon,
                geonames: None,
            };
            self.add(entry, names.split('|'));
        }
    }

    fn places(&mut self, table: &str) {
        for row in table.lines().filter(|l| !l.starts_with('#')) {
            let fields: Vec<&str> = row.split('\t').collect();
            let [kind, names, country, division, population, lat, lon, geonames] = fields[..] else { continue };
            let (Ok(lat), Ok(lon)) = (lat.parse(), lon.parse()) else { continue };
            let kind = match kind {
                "A" => PlaceKind::Division,
                "R" => PlaceKind::Region,
                _ => PlaceKind::City,
            };
            let name = names.split('|').next().unwrap_or_default();
            let entry = Entry {
                name: self.share(name),
                kind,
                country: self.share(country),
                division: self.share(division),
                population: population.parse().unwrap_or(0),
                lat,
                lon,
                geonames: geonames.parse().ok(),
            };
            // Letters that the source lost ("?li") are no name.
            self.add(entry, names.split('|').filter(|n| !matches!(*n, "Wash." | "D.C.") && !n.contains('?')));
        }
    }

    /// This one with further rows of the form that [`row_of_dump`] gives.
    pub fn with_rows(&self, rows: &str) -> Gazetteer {
        let mut out = self.clone();
        out.places(rows);
        out
    }
}

/// A line of a dump as a row of the built-in table: kind, names, country,
/// division, population, latitude, longitude and GeoNames id, with tabs
/// between. `None` where the line is no place of either form:
///
/// * the columns of GeoNames' `allCountries.txt` or `cities500.txt`
///   (geonames.org, readme.txt), tab-separated;
/// * `lat,lon,name,admin1,admin2,cc`, in which older extracts are handed round;
///   they give no population, and 1,000 is taken.
pub fn row_of_dump(line: &str) -> Option<String> {
    let line = line.trim_end_matches(['\r', '\n']);
    let plain = |name: &&str| !name.is_empty() && !name.contains(['|', '\t']);
    let f: Vec<&str> = line.split('\t').collect();
    if f.len() >= 15 {
        let id: u32 = f[0].parse().ok()?;
        let kind = match (f[6], f[7]) {
            ("P", _) => "P",
            ("A", "ADM1") => "A",
            ("A" | "L" | "H" | "T", _) => "R",
            _ => return None,
        };
        let (lat, lon) = coordinates(f[4], f[5])?;
        let other = f[3].split(',').filter(|n| n.len() > 3 && n.is_ascii());
        let mut names: Vec<&str> = [f[1], f[2]].into_iter().chain(other).filter(plain).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|n| seen.insert(*n));
        (!names.is_empty()).then_some(())?;
        let population: u64 = f[14].parse().unwrap_or(0);
        return Some(format!("{kind}\t{}\t{}\t{}\t{population}\t{lat}\t{lon}\t{id}", names.join("|"), f[8], f[10]));
    }
    let f: Vec<&str> = line.split(',').collect();
    let [lat, lon, name, division, _, country] = f[..] else { return None };
    let (lat, lon) = coordinates(lat, lon)?;
    Some(name).filter(plain)?;
    Some(format!("P\t{name}\t{}\t{division}\t1000\t{lat}\t{lon}\t", country.trim()))
}

/// Degrees of latitude and longitude, where both are on the globe.
fn coordinates(lat: &str, lon: &str) -> Option<(f32, f32)> {
    let (lat, lon): (f32, f32) = (lat.parse().ok()?, lon.parse().ok()?);
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
}

/// The folded name, without a leading article and without dots.
pub(crate) fn key(name: &str) -> String {
    let folded = fold(name).replace(['.', '\u{2019}'], "").replace('-', " ");
    folded.strip_prefix("the ").map(str::to_owned).unwrap_or(folded).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_dumps_become_rows() {
        let line =
            "2111\tVell Haven\tVell Haven\tVellhafen,VH\t54.5\t12.25\tP\tPPL\tXX\t\tNorth\t\t\t\t4100\t\t3\tX\t2031";
        let row = row_of_dump(line).unwrap();
        assert_eq!(row, "P\tVell Haven|Vellhafen\tXX\tNorth\t4100\t54.5\t12.25\t2111");
        let row = row_of_dump("54.5,12.25,Vell Haven,North,,XX").unwrap();
        assert_eq!(row, "P\tVell Haven\tXX\tNorth\t1000\t54.5\t12.25\t");
        for bad in ["", "lat,lon,name,admin1,admin2,cc", "91,0,Pole,,,XX", "a\tb", "NaN,0,Nowhere,,,XX"] {
            assert_eq!(row_of_dump(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_imported_place_is_found_under_each_name() {
        let more = Gazetteer::built_in().with_rows("P\tVell Haven|Vellhafen\tXX\tNorth\t4100\t54.5\t12.25\t2111");
        assert_eq!(more.find("Vellhafen").next().and_then(|e| e.geonames), Some(2111));
        assert!(Gazetteer::built_in().find("Vellhafen").next().is_none());
    }
}
