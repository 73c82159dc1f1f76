//! The example story told by fifteen outlets: the ledger is held to its
//! truth (`examples/orsava/truth.json`).

mod util;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;
use util::{Desk, example};

/// The export of the example, by file, and its truth.
struct Story {
    truth: Value,
    files: BTreeMap<String, Vec<Value>>,
}

fn story() -> &'static Story {
    static STORY: OnceLock<Story> = OnceLock::new();
    STORY.get_or_init(|| {
        let desk = Desk::new();
        let pages = example().join("pages");
        desk.ok(&["read", "--quiet", pages.to_str().expect("a path in UTF-8")]);
        desk.ok(&["verify"]);
        let lines = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).expect("UTF-8").to_owned();
            text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect::<Vec<Value>>()
        };
        let files = desk
            .export("firsthand.db")
            .iter()
            .map(|(n, b)| (n.trim_end_matches(".jsonl").to_owned(), lines(b)))
            .collect();
        let truth = std::fs::read(example().join("truth.json")).expect("the truth");
        Story { truth: serde_json::from_slice(&truth).expect("JSON"), files }
    })
}

impl Story {
    fn rows(&self, file: &str) -> &[Value] {
        self.files.get(file).map_or(&[], Vec::as_slice)
    }

    fn report(&self, key: &str) -> &Value {
        self.rows("reports").iter().find(|r| r["key"] == key).unwrap_or_else(|| panic!("{key} is not in the ledger"))
    }

    fn id(&self, key: &str) -> &str {
        self.report(key)["id"].as_str().expect("an id")
    }

    fn key(&self, id: &Value) -> &str {
        let report = self.rows("reports").iter().find(|r| r["id"] == *id);
        report.and_then(|r| r["key"].as_str()).unwrap_or("(not here)")
    }

    /// The words of a span of a report.
    fn words(&self, report: &Value, span: &Value) -> String {
        let report = self.rows("reports").iter().find(|r| r["id"] == *report).expect("its report");
        let (start, end) = (span[0].as_u64().expect("a start") as usize, span[1].as_u64().expect("an end") as usize);
        report["text"].as_str().expect("text").chars().skip(start).take(end - start).collect()
    }

    /// The exported claims of a page whose evidence shares its words with these.
    fn claims_like(&self, file: &str, words: &str) -> Vec<&Value> {
        let id = self.id(file);
        let wanted = words.to_lowercase();
        let mut found: Vec<&Value> = (self.rows("claims").iter())
            .filter(|c| c["report"] == id)
            .filter(|c| {
                let evidence = self.words(&c["report"], &c["evidence"]).to_lowercase();
                wanted.contains(&evidence) || evidence.contains(&wanted) || share(&evidence, &wanted) >= 0.6
            })
            .collect();
        found.sort_by_key(|c| c["id"].as_str());
        found
    }

    fn truth_claims(&self, cluster: &str) -> Vec<&Value> {
        let clusters = self.truth["clusters"].as_array().expect("clusters");
        let cluster = clusters.iter().find(|c| c["id"] == cluster).expect("the cluster");
        cluster["claims"].as_array().expect("claims").iter().collect()
    }

    /// The exported cluster that holds most claims of one of the truth's, and
    /// how many of them.
    fn cluster_of(&self, truth: &str) -> (&Value, usize) {
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for claim in self.truth_claims(truth) {
            let text = |field: &str| claim[field].as_str().expect("text");
            let clusters: BTreeSet<&str> =
                self.claims_like(text("file"), text("words")).iter().filter_map(|c| c["cluster"].as_str()).collect();
            clusters.into_iter().for_each(|c| *votes.entry(c).or_default() += 1);
        }
        let (id, n) =
            votes.into_iter().max_by_key(|(id, n)| (*n, std::cmp::Reverse(*id))).expect("some claim is found");
        (self.rows("clusters").iter().find(|c| c["id"] == id).expect("the cluster"), n)
    }
}

/// Dice of the words of two texts.
fn share(a: &str, b: &str) -> f64 {
    let words = |t: &str| {
        t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (a, b) = (words(a), words(b));
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()).max(1) as f64
}

#[test]
fn what_pages_say_of_themselves() {
    let story = story();
    for (key, truth) in story.truth["reports"].as_object().expect("reports") {
        let report = story.report(key);
        for field in ["title", "outlet", "byline", "agency", "dateline"] {
            if truth[field].is_null() {
                assert!(report[field].is_null(), "{key}: {field} is invented: {}", report[field]);
            } else if !report[field].is_null() {
                let fold = |v: &Value| firsthand_span::fold(v.as_str().unwrap_or_default()).replace("the ", "");
                assert_eq!(fold(&report[field]), fold(&truth[field]), "{key}: {field}");
            }
        }
        let day = |v: &Value| v.as_str().map(|d| d[..10].to_owned());
        assert_eq!(day(&report["published"]), day(&truth["published"]), "{key}: published");
    }
    let named = story.rows("reports").iter().filter(|r| !r["outlet"].is_null()).count();
    assert!(named >= 13, "only {named} outlets are named");
    let titled = story.rows("reports").iter().filter(|r| !r["title"].is_null()).count();
    assert_eq!(titled, 15, "titles");
}

#[test]
fn furniture_is_never_quoted_or_claimed() {
    let story = story();
    for (key, truth) in story.truth["reports"].as_object().expect("reports") {
        let id = story.id(key);
        let mut used: Vec<(String, String)> = Vec::new();
        for a in story.rows("attributions").iter().filter(|a| a["report"] == id) {
            for span in a["content"].as_array().expect("spans") {
                used.push((a["id"].to_string(), story.words(&a["report"], span)));
            }
        }
        for c in story.rows("claims").iter().filter(|c| c["report"] == id) {
            used.push((c["id"].to_string(), story.words(&c["report"], &c["evidence"])));
        }
        for line in truth["furniture"].as_array().expect("lines").iter().filter_map(Value::as_str) {
            for (id, words) in &used {
                assert!(
                    !words.contains(line) && !(words.len() > 8 && line.contains(words.as_str())),
                    "{key}: {id}: {words}"
                );
            }
        }
    }
}

#[test]
fn copies_of_the_agency_text_are_found_and_directed() {
    let story = story();
    let text_copy = |how: &str| matches!(how, "whole" | "cut" | "reworded" | "merged");
    let found: BTreeSet<(&str, &str)> = (story.rows("copies").iter())
        .filter(|c| text_copy(c["how"].as_str().unwrap_or_default()) && c["direction"] == "known")
        .map(|c| (story.key(&c["parent"]), story.key(&c["child"])))
        .collect();
    let wanted: BTreeSet<(&str, &str)> = (story.truth["copies"].as_array().expect("copies").iter())
        .filter(|c| text_copy(c["how"].as_str().unwrap_or_default()))
        .map(|c| (c["parent"].as_str().unwrap_or_default(), c["child"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(found, wanted);
}

/// The stated interval of the dead, and how many of the truth's 17 claims are
/// in the cluster.
fn origins_of_the_dead() -> (i64, i64, usize) {
    let (cluster, claims) = story().cluster_of("c1");
    let end = |n: usize| cluster["independent"][n].as_i64().expect("a number");
    (end(0), end(1), claims)
}

#[test]
fn the_dead_are_one_cluster_and_the_true_number_of_origins_is_inside() {
    let (low, high, claims) = origins_of_the_dead();
    assert!(claims >= 12, "{claims} of 17 claims are in one cluster");
    assert!(low <= 3 && high >= 2, "the truth is 2 to 3, the ledger says {low} to {high}");
}

#[test]
fn the_interval_of_the_dead_is_off_by_one_at_most() {
    let (low, high, _) = origins_of_the_dead();
    assert!((1..=3).contains(&low) && (2..=4).contains(&high), "the truth is 2 to 3, the ledger says {low} to {high}");
}

#[test]
fn the_police_contradict_the_ministry_and_a_later_toll_is_an_update() {
    let story = story();
    let verdicts = |a: (&str, &str), b: (&str, &str)| -> BTreeSet<String> {
        let ids = |(file, words): (&str, &str)| -> BTreeSet<String> {
            story.claims_like(file, words).iter().map(|c| c["id"].to_string()).collect()
        };
        let (a, b) = (ids(a), ids(b));
        let rows = story.rows("contradictions").iter().filter(|x| {
            let claims: BTreeSet<String> =
                x["claims"].as_array().expect("claims").iter().map(Value::to_string).collect();
            !claims.is_disjoint(&a) && !claims.is_disjoint(&b)
        });
        rows.map(|x| format!("{} {}", x["verdict"].as_str().unwrap_or(""), x["type"].as_str().unwrap_or(""))).collect()
    };
    let any_ministry = [
        "01-northwire.html",
        "02-orsava-post.html",
        "03-daily-lantern.html",
        "04-the-beacon.html",
        "13-clockwise-news.html",
    ];
    let any_police = [
        ("05-marenian-police.txt", "nine people have died in the collapse of the Linden Market hall"),
        ("05-marenian-police.txt", "the number of dead is nine"),
        ("12-frontier-gazette.html", "State police have so far spoken of nine dead"),
    ];
    let conflict = any_ministry.iter().any(|file| {
        any_police.iter().any(|police| {
            verdicts((file, "At least 12 people were killed on Tuesday"), *police).contains("contradiction figure")
        })
    });
    let later = any_police.iter().any(|police| {
        verdicts(
            (
                "08-northwire-2.html",
                "The death toll from the collapse of a market roof in Orsava rose to 17 on Wednesday",
            ),
            *police,
        )
        .contains("contradiction figure")
    });
    assert!(conflict || later, "nine against twelve or seventeen is not named");
    let rise = verdicts(
        ("08-northwire-2.html", "The death toll from the collapse of a market roof in Orsava rose to 17 on Wednesday"),
        ("14-northwire-3.html", "bringing the death toll to 21"),
    );
    assert!(
        !rise.contains("contradiction figure"),
        "17 on Wednesday and 21 on Thursday, both the ministry's: {rise:?}"
    );
}

#[test]
fn one_name_in_four_spellings_is_one_person() {
    let story = story();
    let spellings = ["Yusuf Hadrami", "Youssef al-Hadrami", "Yousef Hadramy", "Yusef Hadrami"];
    let folded = |v: &Value| {
        v.as_array().into_iter().flatten().filter_map(Value::as_str).map(firsthand_span::fold).collect::<Vec<_>>()
    };
    let one = story.rows("entities").iter().any(|e| {
        let variants = folded(&e["variants"]);
        spellings.iter().all(|s| variants.iter().any(|v| v.contains(&firsthand_span::fold(s))))
    });
    assert!(one, "no entity has all of {spellings:?}");
}

#[test]
fn the_ministers_words_are_hers() {
    let story = story();
    let id = story.id("01-northwire.html");
    let said = |words: &str| {
        let rows = story.rows("attributions").iter().filter(|a| a["report"] == id);
        let mut rows = rows.filter(|a| {
            a["content"].as_array().is_some_and(|c| c.iter().any(|s| story.words(&a["report"], s).contains(words)))
        });
        rows.next_back().map(|a| a["speaker_name"].as_str().unwrap_or("unknown").to_owned()).unwrap_or_default()
    };
    assert_eq!(said("53 injured people"), "Dana Orlo");
    assert_eq!(said("rescuers with dogs"), "Dana Orlo", "she, of the next sentence");
    assert_eq!(said("31 of the injured"), "Yusuf Hadrami");
}
