/*!
What a line is by its words alone: furniture, a byline or date, or neither.

The patterns are data (`data/furniture.txt`); here is how they are used. Only
short lines can be furniture by their words, so that a paragraph that happens
to say "all rights reserved" stays.
*/

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// Longest line, in bytes, that its words alone can make furniture.
const SHORT: usize = 220;

/// What a line is by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Nothing says that it is not the report.
    Text,
    /// Not the report.
    Furniture,
    /// Byline, date, credit.
    Meta,
    /// Heads a list of other stories.
    ListHead,
    /// Opens comments or a form.
    Comments,
}

struct Rules {
    line: RegexSet,
    start: RegexSet,
    within: RegexSet,
    list: RegexSet,
    comments: RegexSet,
    meta: RegexSet,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let data = include_str!("../data/furniture.txt");
    let is_head =
        |l: &str| l.starts_with('[') && l.ends_with(']') && l[1..l.len() - 1].bytes().all(|c| c.is_ascii_lowercase());
    let section = |name: &str, wrap: fn(&str) -> String| {
        let head = format!("[{name}]");
        let lines = data.lines().skip_while(|l| *l != head).skip(1).take_while(|l| !is_head(l));
        let patterns = lines.map(str::trim).filter(|l| !l.is_empty()).map(wrap);
        // The file is part of the program, and a test compiles it.
        RegexSet::new(patterns).unwrap_or_else(|_| RegexSet::empty())
    };
    let whole = |p: &str| format!(r"^(?i:{p})$");
    Rules {
        line: section("line", whole),
        start: section("start", |p| format!(r"^(?i:{p})")),
        within: section("within", |p| format!(r"(?i:{p})")),
        list: section("list", whole),
        comments: section("comments", whole),
        meta: section("meta", whole),
    }
});

const MONTH: &str = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?";

/// A date in digits or with an English month.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let weekday = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?";
    let pattern = format!(
        r"{weekday}(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+\d{{4}}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}})"
    );
    // A constant pattern; a test uses it.
    Regex::new(&pattern).unwrap_or_else(|_| never())
});

/// What may stand around a date in a date line: clock, zone, place words.
static AROUND_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?",
        r"|\b(?:GMT|UTC|[A-Z]{1,3}S?T|local time)\b(?:\s*[+-]\s*\d{1,2}(?::?\d{2})?)?",
        r"|\b(?:published|posted|updated|first|last|on|at|date|modified|created|issued|by|time|mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b",
        r"|\b\d+\s*min(?:ute)?s?\.?\s*read\b|[|·•,:;()/–—-]"
    ))
    .unwrap_or_else(|_| never())
});

/// A pattern that matches nothing.
fn never() -> Regex {
    #[expect(clippy::unwrap_used, reason = "a constant pattern")]
    Regex::new(r"[^\s\S]").unwrap()
}

/// What a line is by its words.
pub(crate) fn judge(line: &str) -> Judged {
    let line = line.trim();
    if line.is_empty() || line.len() > SHORT {
        // A long credit line is still a credit.
        let credit = line.len() < 500 && !line.is_empty() && is_credit(line);
        return if credit { Judged::Meta } else { Judged::Text };
    }
    let rules = &*RULES;
    let spaced = line;
    let single = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = single.as_str();
    if rules.comments.is_match(line) {
        Judged::Comments
    } else if rules.line.is_match(line) || rules.start.is_match(line) || rules.within.is_match(line) {
        if rules.list.is_match(line) { Judged::ListHead } else { Judged::Furniture }
    } else if rules.list.is_match(line) {
        Judged::ListHead
    } else if is_date_line(line) || is_credit(line) || (rules.meta.is_match(line) && !is_sentence(line)) {
        Judged::Meta
    } else if is_menu(spaced) {
        if has_date(line) { Judged::Meta } else { Judged::Furniture }
    } else {
        Judged::Text
    }
}

/// "Reporting by A; editing by B", also as a sentence of its own.
fn is_credit(line: &str) -> bool {
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^\W{0,2}(?i:(?:additional |further |with )?(?:reporting|writing|editing|compiled|translated|edited|written|production)",
            r"(?: (?:and|&) (?:writing|editing|reporting))?(?: (?:by|from))) \p{Lu}"
        ))
        .unwrap_or_else(|_| never())
    });
    CREDIT.is_match(line)
}

/// A correction or another note of the editors on their own text.
pub(crate) fn is_note(line: &str) -> bool {
    static NOTE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\W*(?i:correction|corrections|clarification|editor.?s.? note|an earlier version of|this (?:article|story|report|post) (?:was|has been) (?:amended|corrected|updated|changed))\b")
            .unwrap_or_else(|_| never())
    });
    NOTE.is_match(line)
}

/// A date stands in the line.
pub(crate) fn has_date(line: &str) -> bool {
    DATE.is_match(line)
}

/// Nothing but a date with its clock time, zone and such words.
pub(crate) fn is_date_line(line: &str) -> bool {
    if line.len() > 120 || !DATE.is_match(line) {
        return false;
    }
    let rest = DATE.replace_all(line, " ");
    let rest = AROUND_DATE.replace_all(&rest, " ");
    // A place may stand before the date: "Tolmere, 6 June 2024".
    let place = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    rest.split_whitespace().count() <= 2 && rest.split_whitespace().all(place) && !line.ends_with('.')
}

/// Where a date glued to the end of a headline starts.
pub(crate) fn glued_date(line: &str) -> Option<usize> {
    let found = DATE.find_iter(line).last()?;
    let before = line[..found.start()].chars().next_back()?;
    let glued = !before.is_whitespace() && !"(/-–—|·,;:".contains(before);
    let rest = AROUND_DATE.replace_all(&line[found.end()..], " ");
    (glued && found.start() >= 8 && rest.trim().is_empty()).then_some(found.start())
}

/// Where a headline starts that a date is glued to the front of:
/// "12.06.2024Roof falls on market".
pub(crate) fn leading_date(line: &str) -> Option<usize> {
    let found = DATE.find(line).filter(|d| d.start() == 0)?;
    let rest = &line[found.end()..];
    (rest.starts_with(char::is_uppercase) && words(rest) >= 2).then_some(found.end())
}

/// Says of itself that it belongs to a picture: "Photo: The old crane".
pub(crate) fn is_caption(line: &str) -> bool {
    let Some((label, rest)) = line.split_once(':') else { return false };
    let label = label.trim().to_lowercase();
    let names = ["photo", "file photo", "image", "picture", "photograph", "video", "illustration", "graphic"];
    !rest.trim().is_empty() && names.contains(&label.as_str())
}

/// Ends as a sentence does and is long enough for one.
pub(crate) fn is_sentence(line: &str) -> bool {
    let line = line.trim_end();
    let end = line.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    end.ends_with(['.', '!', '?', '…', '。', '؟', '।']) && words(line) >= 5
        || (line.ends_with(['"', '”', '’', '»']) && words(line) >= 6)
}

pub(crate) fn words(line: &str) -> usize {
    line.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// Several short pieces side by side: a menu, a path, a row of buttons.
fn is_menu(line: &str) -> bool {
    let pieces = pieces(line);
    let longest = pieces.iter().map(|p| words(p)).max().unwrap_or(0);
    let sum: usize = pieces.iter().map(|p| words(p)).sum();
    match pieces.len() {
        0 | 1 => false,
        2 => longest <= 3 && line.contains(['|', '»', '>', '›', '«']) || line.contains("   ") && longest <= 4,
        n => longest <= 7 && sum <= n * 4,
    }
}

/// The line cut at bars, arrows, dots between words and wide gaps.
fn pieces(line: &str) -> Vec<&str> {
    static CUT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:\||»|›|>|«|‹|•|·|::)\s*|\s+(?:/|-|–)\s+|\s{2,}|\t").unwrap_or_else(|_| never())
    });
    CUT.split(line).filter(|p| !p.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_compiles() {
        for (set, least) in [
            (&RULES.line, 25),
            (&RULES.start, 20),
            (&RULES.within, 9),
            (&RULES.list, 1),
            (&RULES.comments, 4),
            (&RULES.meta, 10),
        ] {
            assert!(set.len() >= least, "{set:?}");
        }
    }

    #[test]
    fn furniture_by_its_words() {
        for line in [
            "Home | World | Africa | Markets",
            "Home > News > Local > Courts",
            "Home » Region » Tolmere",
            "Share this article on WhatsApp",
            "Facebook  Twitter  Telegram  E-mail",
            "Read also: Bakers of Quell vote on strike",
            "Tags: floods, Quell, mayor",
            "© 2021 The Quell Examiner. All rights reserved.",
            "Copyright 2019 Examiner Media",
            "Article ID: 99120",
            "1,204 views",
            "Sign up for our newsletter",
            "Subscribe to the Examiner for 2 marks a week",
            "Advertisement",
            "Sponsored: Lose ten years in ten days",
            "Your email address will not be published. Required fields are marked *",
            "Politics   Economy   Sport   Culture",
            "Print | E-mail | Send to a friend",
            "Most read: Trams back on Monday | Zoo gets a new bear",
            "We use cookies to make your visit better.",
            "Listen to this article (3:40)",
            "« Older posts | Newer posts »",
        ] {
            assert_eq!(judge(line), Judged::Furniture, "{line}");
        }
    }

    #[test]
    fn heads_of_lists_and_comments() {
        for line in ["Related stories", "Most read", "Read next", "You may also like", "Latest news:"] {
            assert_eq!(judge(line), Judged::ListHead, "{line}");
        }
        for line in ["Comments (31)", "12 comments", "Leave a Reply", "3 thoughts on “Rain again”", "Your Comment"]
        {
            assert_eq!(judge(line), Judged::Comments, "{line}");
        }
    }

    #[test]
    fn bylines_dates_and_credits() {
        for line in [
            "By Ansa Meriel and Tor Quill",
            "By our correspondent in Tolmere",
            "12 March 2021",
            "Published: 3 May 2020, 14:05 GMT",
            "Tue, 4 February 2020 | 09:15",
            "2020-02-04 09:15",
            "Reporting by Ansa Meriel; editing by Tor Quill",
            "(Reporting by Ansa Meriel in Tolmere; Additional reporting by Oda Finch.)",
            "Source: Quell News Agency",
            "3 hours ago",
            "Tolmere, 6 June 2021",
            "Last updated 5 Jan 2022 10:00 UTC",
        ] {
            assert_eq!(judge(line), Judged::Meta, "{line}");
        }
    }

    #[test]
    fn words_of_a_report_stay() {
        for line in [
            "The mayor of Quell said the bridge would stay closed until 12 March 2021.",
            "By Monday the water had reached the second floor, residents said.",
            "\"Share the bread,\" the baker told the crowd.",
            "Comments by the minister angered residents of Tolmere.",
            "At least 12 people died, the police said.",
            "He said: \"Subscribe to nobody.\"",
            "Sources in the ministry said 14 | 15 people were held.",
            "Related deaths rose to 14, the clinic said.",
            "The firm reported a profit of 3.2 million marks - its first since 2015 - and sold two ships.",
            "More than 300 people were missing on Tuesday.",
            "- 12 houses burned in Quell",
        ] {
            assert_eq!(judge(line), Judged::Text, "{line}");
        }
    }

    #[test]
    fn a_date_glued_to_a_headline_is_found() {
        for (title, date) in [
            ("Bridge at Quell closed", "12 March 2021, 14:05"),
            ("Bridge at Quell closed", "Mar 12, 2021 · 3 min read"),
            ("412 million marks gone as bankers held", "Jun 8, 2021 · 2 min read"),
            ("Bridge at Quell closed", "Fri 12 Mar 2021 14.05 GMT"),
            ("Toll at Quell rises to 14", "12/03/2021 - 14:05"),
        ] {
            assert_eq!(glued_date(&format!("{title}{date}")), Some(title.len()), "{title}{date}");
        }
        assert_eq!(leading_date("12.06.2031Bridge closed"), Some(10));
        assert_eq!(leading_date("12 March 2021 was a cold day"), None);
        assert!(is_caption("Photo: The old crane at dusk. (Archive)") && !is_caption("Photo finish: two win"));
        assert_eq!(glued_date("Bridge closed since 12 March 2021"), None);
        assert_eq!(glued_date("The Quell accord of 12 March 2021 explained"), None);
    }
}
