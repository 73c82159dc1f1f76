-- The ledger, version 1. Spans are half-open ranges of UTF-8 bytes of
-- report.text; lists of spans are JSON, [[start, end], ...]. `why` columns are
-- JSON lists of {rule, note}. Rows `n` of a report count from 0.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The bytes as they were found, zstd-compressed.
CREATE TABLE original (
  blake3 TEXT PRIMARY KEY,
  length INTEGER NOT NULL,
  bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE report (
  rowid    INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  key      TEXT NOT NULL,
  location TEXT NOT NULL,
  blake3   TEXT NOT NULL REFERENCES original(blake3),
  reader   TEXT NOT NULL,          -- version of the stages that read it
  title TEXT, title_how TEXT, outlet TEXT, outlet_how TEXT, byline TEXT, byline_how TEXT,
  agency TEXT, agency_how TEXT, published TEXT, published_how TEXT, modified TEXT, modified_how TEXT,
  captured TEXT, captured_how TEXT, language TEXT, language_how TEXT, url TEXT, url_how TEXT,
  dateline TEXT, dateline_how TEXT, dateline_start INTEGER, dateline_end INTEGER,
  encoding TEXT NOT NULL,
  text     TEXT NOT NULL,
  map      BLOB NOT NULL,          -- clean text to original bytes, see span_map.rs
  seal     TEXT NOT NULL           -- BLAKE3 of all that was read, to prove that no row was changed since
) STRICT;
CREATE INDEX report_location ON report(location);
CREATE INDEX report_blake3 ON report(blake3);

CREATE VIRTUAL TABLE report_search USING fts5(title, text, content='report', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER report_insert AFTER INSERT ON report BEGIN
  INSERT INTO report_search(rowid, title, text) VALUES (new.rowid, new.title, new.text);
END;
CREATE TRIGGER report_delete AFTER DELETE ON report BEGIN
  INSERT INTO report_search(report_search, rowid, title, text) VALUES ('delete', old.rowid, old.title, old.text);
END;

CREATE TABLE block (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, kind TEXT NOT NULL, type TEXT, entity INTEGER,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

-- Persons, organisations and places of one report.
CREATE TABLE local_entity (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  name TEXT NOT NULL, type TEXT, named INTEGER NOT NULL, roles TEXT NOT NULL, variants TEXT NOT NULL,
  gender TEXT, speaks_for INTEGER, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE attribution (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  kind TEXT NOT NULL, class TEXT NOT NULL, source TEXT NOT NULL, cue TEXT NOT NULL, content TEXT NOT NULL,
  speaker TEXT NOT NULL CHECK (speaker IN ('known', 'unidentified', 'unknown')),
  speaker_entity INTEGER, speaker_confidence REAL, speaker_runner_up INTEGER,
  addressee TEXT, medium TEXT, parent INTEGER, negated INTEGER NOT NULL, hedged INTEGER NOT NULL,
  confidence REAL NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, value REAL,
  lower REAL, lower_inclusive INTEGER, upper REAL, upper_inclusive INTEGER,
  approx TEXT NOT NULL, unit TEXT NOT NULL, counted TEXT, counted_span TEXT, what TEXT, subset_of INTEGER,
  change TEXT, negated INTEGER NOT NULL, attribution INTEGER, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE time (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
  first TEXT, until TEXT, alternatives TEXT NOT NULL, anchor_uncertain INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE place (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, name TEXT NOT NULL, country TEXT, admin TEXT,
  lat REAL, lon REAL, geonames INTEGER, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
  report INTEGER NOT NULL REFERENCES report(rowid) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, predicate TEXT NOT NULL, class TEXT,
  actor TEXT, target TEXT, place INTEGER, time INTEGER, measures TEXT NOT NULL, polarity TEXT NOT NULL,
  modality TEXT NOT NULL, as_of TEXT, voice TEXT NOT NULL, attribution INTEGER, why TEXT NOT NULL,
  PRIMARY KEY (report, n)
) STRICT, WITHOUT ROWID;

-- What was passed over, and why. Cleared for a location once it reads.
CREATE TABLE skipped (location TEXT PRIMARY KEY, key TEXT NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- What the reports say together; made anew from the rows above after each
-- reading. `report` columns here hold report.id.
CREATE TABLE entity (id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT, variants TEXT NOT NULL, speaks_for TEXT, why TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entity_member (report TEXT NOT NULL, n INTEGER NOT NULL, entity TEXT NOT NULL, PRIMARY KEY (report, n)) STRICT, WITHOUT ROWID;
CREATE INDEX entity_member_entity ON entity_member(entity);
CREATE TABLE copy (
  n INTEGER PRIMARY KEY, parent TEXT, hidden TEXT, child TEXT NOT NULL, how TEXT NOT NULL,
  directed INTEGER NOT NULL, share REAL NOT NULL, spans TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TABLE family (n INTEGER PRIMARY KEY, reports TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL) STRICT;
CREATE TABLE cluster (
  id TEXT PRIMARY KEY, n INTEGER NOT NULL, story TEXT NOT NULL, headline TEXT NOT NULL, kind TEXT NOT NULL,
  reports INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, sides TEXT NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cluster_claim (report TEXT NOT NULL, n INTEGER NOT NULL, cluster TEXT NOT NULL, PRIMARY KEY (report, n)) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_claim_cluster ON cluster_claim(cluster);
CREATE TABLE origin (
  cluster TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, identified INTEGER NOT NULL, entity TEXT,
  claims TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (cluster, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE contradiction (
  n INTEGER PRIMARY KEY, cluster TEXT NOT NULL, verdict TEXT NOT NULL, kind TEXT NOT NULL, claims TEXT NOT NULL, why TEXT NOT NULL
) STRICT;

-- What an analyst decided: appended, never changed or taken away.
CREATE TABLE decision (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL,
  subject TEXT NOT NULL, object TEXT, note TEXT NOT NULL
) STRICT;
CREATE TRIGGER decision_keep_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are appended, never changed'); END;
CREATE TRIGGER decision_keep_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are appended, never deleted'); END;

-- For people: the same, with words beside the offsets.
CREATE VIEW reports AS
SELECT r.id, r.key, r.outlet, r.title, r.published, r.published_how, r.agency, r.byline, r.dateline, r.language, r.url,
  (SELECT count(*) FROM attribution a WHERE a.report = r.rowid) AS attributions,
  (SELECT count(*) FROM claim c WHERE c.report = r.rowid) AS claims,
  length(r.text) AS characters, r.modified, r.captured, r.blake3
FROM report r ORDER BY r.published IS NULL, r.published, r.key, r.id;

CREATE VIEW attributions AS
SELECT r.id || '.a' || a.n AS id, r.id AS report, r.key, r.outlet,
  coalesce(e.name, CASE a.speaker WHEN 'unidentified' THEN '(unidentified)' END, l.name) AS speaker,
  a.kind, a.class,
  (SELECT group_concat(CAST(substr(CAST(r.text AS BLOB), s.value ->> 0 + 1, (s.value ->> 1) - (s.value ->> 0)) AS TEXT), ' … ') FROM json_each(a.source) s) AS source,
  (SELECT group_concat(CAST(substr(CAST(r.text AS BLOB), s.value ->> 0 + 1, (s.value ->> 1) - (s.value ->> 0)) AS TEXT), ' … ') FROM json_each(a.cue) s) AS cue,
  (SELECT group_concat(CAST(substr(CAST(r.text AS BLOB), s.value ->> 0 + 1, (s.value ->> 1) - (s.value ->> 0)) AS TEXT), ' … ') FROM json_each(a.content) s) AS content,
  a.negated, a.hedged, CASE WHEN a.parent IS NOT NULL THEN r.id || '.a' || a.parent END AS parent, a.confidence,
  e.id AS entity
FROM attribution a JOIN report r ON r.rowid = a.report
LEFT JOIN local_entity l ON l.report = a.report AND l.n = a.speaker_entity
LEFT JOIN entity_member m ON m.report = r.id AND m.n = a.speaker_entity
LEFT JOIN entity e ON e.id = m.entity
ORDER BY r.key, r.id, a.n;

CREATE VIEW claims AS
SELECT r.id || '.c' || c.n AS id, r.id AS report, r.key, r.outlet,
  (SELECT group_concat(v.value ->> 'name', ' ← ') FROM json_each(c.voice) v) AS voice,
  CAST(substr(CAST(r.text AS BLOB), c.start + 1, c.end - c.start) AS TEXT) AS evidence,
  c.predicate, c.class, c.polarity, c.modality, c.as_of, m.cluster, c.start, c.end
FROM claim c JOIN report r ON r.rowid = c.report
LEFT JOIN cluster_claim m ON m.report = r.id AND m.n = c.n
ORDER BY r.key, r.id, c.n;

CREATE VIEW measures AS
SELECT r.id || '.m' || m.n AS id, r.id AS report, r.key, r.outlet,
  CAST(substr(CAST(r.text AS BLOB), m.start + 1, m.end - m.start) AS TEXT) AS words,
  m.value, m.lower, m.upper, m.approx, m.unit, m.counted, m.what, m.start, m.end
FROM measure m JOIN report r ON r.rowid = m.report ORDER BY r.key, r.id, m.n;

CREATE VIEW clusters AS
SELECT id, reports, low AS origins_low, high AS origins_high, kind, headline, story,
  (SELECT count(*) FROM cluster_claim k WHERE k.cluster = cluster.id) AS claims,
  (SELECT count(*) FROM contradiction x WHERE x.cluster = cluster.id AND x.verdict = 'contradiction') AS contradictions
FROM cluster ORDER BY reports DESC, claims DESC, n;

CREATE VIEW copies AS
SELECT 'copy' || c.n AS id, coalesce(p.outlet, p.key, '(not here: ' || c.hidden || ')') AS parent_outlet, k.outlet AS child_outlet,
  c.how, CASE c.directed WHEN 1 THEN 'known' ELSE 'unknown' END AS direction, c.share,
  p.key AS parent_key, k.key AS child_key, c.parent, c.child, (SELECT group_concat(coalesce(nullif(w.value ->> 'note', ''), w.value ->> 'rule'), '; ') FROM json_each(c.why) w) AS why
FROM copy c LEFT JOIN report p ON p.id = c.parent JOIN report k ON k.id = c.child ORDER BY c.n;

CREATE VIEW contradictions AS
SELECT 'x' || x.n AS id, x.verdict, x.kind, (SELECT group_concat(coalesce(nullif(w.value ->> 'note', ''), w.value ->> 'rule'), '; ') FROM json_each(x.why) w) AS why,
  x.claims ->> '$[0].report' || '.c' || (x.claims ->> '$[0].index') AS claim_a,
  x.claims ->> '$[1].report' || '.c' || (x.claims ->> '$[1].index') AS claim_b, x.cluster, k.headline
FROM contradiction x JOIN cluster k ON k.id = x.cluster ORDER BY x.verdict <> 'contradiction', x.n;

CREATE VIEW sources AS
SELECT e.id, e.name, e.type, count(*) AS attributions, count(DISTINCT a.report) AS reports, e.variants
FROM attribution a JOIN report r ON r.rowid = a.report
JOIN entity_member m ON m.report = r.id AND m.n = a.speaker_entity JOIN entity e ON e.id = m.entity
GROUP BY e.id ORDER BY attributions DESC, e.name, e.id;
