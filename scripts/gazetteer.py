#!/usr/bin/env python3
"""Makes the embedded gazetteer from Natural Earth (public domain).

    scripts/gazetteer.py PLACES.csv.gz ADMIN1.csv.gz > crates/firsthand-measure/data/places.tsv

PLACES is the 1:10m populated places table with the columns name, ascii, name_en, alt, class, country, admin1, population,
lat, lon, geonames; ADMIN1 the 1:50m first-order divisions with name, name_en, alt, country, lat, lon. Divisions that
the second lacks are placed at their capital or largest place. Output, sorted: kind (P place, A division), names
(joined by |, the first one shown), country, division, population, latitude, longitude, GeoNames id.
"""
import csv
import gzip
import io
import sys
import unicodedata


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f)


def plain(s):
    return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c))


def names(row, *fields):
    """Distinct names in Latin letters, as given."""
    out = []
    for field in fields:
        for name in (row.get(field) or "").replace(";", "|").split("|"):
            name = name.strip()
            latin = name and all(ord(c) < 0x250 or not c.isalpha() for c in name)
            if latin and 2 < len(name) <= 40 and name not in out and "\t" not in name:
                out.append(name)
    return out


def main(places, divisions):
    out, largest = [], {}
    for r in rows(places):
        if len(r["country"]) != 2:
            continue
        population = max(0, int(float(r["population"] or 0)))
        geonames = str(int(float(r["geonames"]))) if r["geonames"] and float(r["geonames"]) > 0 else ""
        lat, lon = float(r["lat"]), float(r["lon"])
        found = names(r, "name_en", "name", "ascii", "alt")
        if not found:
            continue
        out.append(("P", "|".join(found), r["country"], r["admin1"], str(population), f"{lat:.2f}", f"{lon:.2f}", geonames))
        capital = "capital" in r["class"]
        key = (r["country"], r["admin1"])
        if r["admin1"] and (key not in largest or (capital, population) > largest[key][0]):
            largest[key] = ((capital, population), lat, lon)
    seen = set()
    for r in rows(divisions):
        found = names(r, "name", "name_en", "alt")
        if found:
            seen.update((r["country"], plain(n)) for n in found)
            out.append(("A", "|".join(found), r["country"], found[0], "0", f"{float(r['lat']):.2f}", f"{float(r['lon']):.2f}", ""))
    for (country, name), (_, lat, lon) in sorted(largest.items()):
        if (country, plain(name)) not in seen and len(name) > 2:
            out.append(("A", name, country, name, "0", f"{lat:.2f}", f"{lon:.2f}", ""))
    text = io.StringIO()
    text.write("# Made by scripts/gazetteer.py from Natural Earth (public domain, naturalearthdata.com). Do not edit.\n")
    for row in sorted(set(out)):
        text.write("\t".join(row) + "\n")
    sys.stdout.buffer.write(text.getvalue().encode("utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:3])
