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
            let kind = if kind == "A" { PlaceKind::Division } else { PlaceKind::City };
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
            self.add(entry, names.split('|').filter(|n| !matches!(*n, "Wash." | "D.C.")));
        }
    }

    /// Adds the places of a GeoNames dump: tab-separated rows with the columns
    /// of `allCountries.txt` (or `cities500.txt`), one place a row. Rows that
    /// do not fit are left out; the count of those taken is returned.
    pub fn import_geonames(&mut self, dump: &str) -> usize {
        let before = self.len();
        for row in dump.lines() {
            let f: Vec<&str> = row.split('\t').collect();
            if f.len() < 15 {
                continue;
            }
            let (Ok(id), Ok(lat), Ok(lon)) = (f[0].parse(), f[4].parse(), f[5].parse()) else { continue };
            let kind = match f[6] {
                "P" => PlaceKind::City,
                "A" if f[7] == "ADM1" => PlaceKind::Division,
                "A" | "L" | "H" | "T" => PlaceKind::Region,
                _ => continue,
            };
            let entry = Entry {
                name: f[1].into(),
                kind,
                country: self.share(f[8]),
                division: self.share(f[10]),
                population: f[14].parse().unwrap_or(0),
                lat,
                lon,
                geonames: Some(id),
            };
            self.add(entry, [f[1], f[2]].into_iter().chain(f[3].split(',').filter(|n| n.len() > 3 && n.is_ascii())));
        }
        self.len() - before
    }

    /// Adds rows of `lat,lon,name,admin1,admin2,cc` (a header first), the form
    /// in which older extracts of GeoNames are handed round.
    pub fn import_cities(&mut self, table: &str) -> usize {
        let before = self.len();
        for row in table.lines().skip(1) {
            let f: Vec<&str> = row.split(',').collect();
            let [lat, lon, name, division, _, country] = f[..] else { continue };
            let (Ok(lat), Ok(lon)) = (lat.parse(), lon.parse()) else { continue };
            let entry = Entry {
                name: name.into(),
                kind: PlaceKind::City,
                country: self.share(country.trim()),
                division: self.share(division),
                population: 1_000,
                lat,
                lon,
                geonames: None,
            };
            self.add(entry, [name]);
        }
        self.len() - before
    }
}

/// The folded name, without a leading article and without dots.
pub(crate) fn key(name: &str) -> String {
    let folded = fold(name).replace(['.', '\u{2019}'], "").replace('-', " ");
    folded.strip_prefix("the ").map(str::to_owned).unwrap_or(folded).trim().to_owned()
}
