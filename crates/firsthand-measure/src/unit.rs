//! Units of measure and money, read from `data/units.tsv`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lex::Lexed;

/// A unit that was read: its code and the piece after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    /// UCUM or ISO 4217 code, or `%`.
    pub(crate) code: &'static str,
    pub(crate) end: usize,
    pub(crate) time: bool,
    pub(crate) money: bool,
}

struct Entry {
    /// The words after the first.
    rest: Vec<&'static str>,
    code: &'static str,
    time: bool,
    money: bool,
}

#[derive(Default)]
struct Table {
    /// By first word; longer forms first.
    words: FxHashMap<&'static str, Vec<Entry>>,
    /// Printed short forms, case kept.
    short: FxHashMap<&'static str, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for row in include_str!("../data/units.tsv").lines().filter(|l| !l.starts_with('#')) {
        let mut fields = row.split('\t');
        let (Some(forms), Some(code)) = (fields.next(), fields.next()) else { continue };
        let flags = fields.next().unwrap_or_default();
        for form in forms.split('|') {
            if flags.contains('s') {
                table.short.insert(form, code);
                continue;
            }
            let mut words = form.split([' ', '/', '-']);
            let Some(first) = words.next() else { continue };
            let entry = Entry { rest: words.collect(), code, time: flags.contains('t'), money: flags.contains('m') };
            let entries = table.words.entry(first).or_default();
            let at = entries.partition_point(|e| e.rest.len() >= entry.rest.len());
            entries.insert(at, entry);
        }
    }
    table
});

/// The unit that starts at piece `i`, the longest form. A hyphen or slash may
/// stand between its words.
pub(crate) fn unit(lx: &Lexed<'_>, i: usize) -> Option<Unit> {
    let first = lx.w(i);
    if first == "%" {
        return Some(Unit { code: "%", end: i + 1, time: false, money: false });
    }
    if first == "\u{20ac}" {
        return Some(Unit { code: "EUR", end: i + 1, time: false, money: true });
    }
    if matches!(first, "\u{2033}" | "\u{201d}" | "\"") && lx.tight(i) && first == "\u{2033}" {
        return Some(Unit { code: "[in_i]", end: i + 1, time: false, money: false });
    }
    let table = &*TABLE;
    if let Some(entries) = table.words.get(first) {
        'entries: for entry in entries {
            let mut at = i + 1;
            for word in &entry.rest {
                if matches!(lx.w(at), "-" | "/") && lx.tight(at) {
                    at += 1;
                }
                if lx.w(at) != *word {
                    continue 'entries;
                }
                at += 1;
            }
            return Some(Unit { code: entry.code, end: at, time: entry.time, money: entry.money });
        }
    }
    if lx.is_digits(i.wrapping_sub(1))
        && let Some(code) = table.short.get(lx.raw(i))
    {
        let sure =
            lx.tight(i) || !matches!(lx.raw(i), "a" | "s" | "p" | "c" | "t" | "h" | "l" | "A" | "C" | "F" | "K" | "V");
        return sure.then_some(Unit {
            code,
            end: i + 1,
            time: matches!(*code, "s" | "h" | "a"),
            money: matches!(*code, "p" | "cent"),
        });
    }
    None
}

/// A currency sign or code before a number: its code and how many pieces back
/// from `i` (the number) it starts.
pub(crate) fn money_before(lx: &Lexed<'_>, i: usize) -> Option<(&'static str, usize)> {
    let back = |n: usize| i.checked_sub(n);
    let mut at = back(1)?;
    let mut extra = 0;
    // "$-50.8bn"
    if lx.dash(at) && lx.tight(i) && at > 0 && lx.w(at - 1) == "$" {
        at -= 1;
        extra = 1;
    }
    let back = |n: usize| i.checked_sub(n + extra);
    let sign = match lx.w(at) {
        "$" => {
            // "US$", "$US", "C$", "HK $": the letters say whose dollar.
            let whose = back(2).filter(|&j| lx.is_word(j)).map_or("", |j| lx.w(j));
            let code = match whose {
                "us" | "u.s." => "USD",
                "c" | "ca" | "cad" => "CAD",
                "a" | "au" | "aud" => "AUD",
                "nz" => "NZD",
                "hk" => "HKD",
                "s" | "sg" => "SGD",
                "nt" => "TWD",
                "r" => "BRL",
                _ => return Some(("USD", 1 + extra)),
            };
            let letters = back(2)?;
            let upper = lx.raw(letters).chars().all(|c| !c.is_lowercase());
            return Some(if upper { (code, 2 + extra) } else { ("USD", 1 + extra) });
        }
        "\u{20ac}" => "EUR",
        "\u{a3}" => "GBP",
        "\u{a5}" => "JPY",
        "\u{20b9}" => "INR",
        "\u{20bd}" => "RUB",
        "\u{20b4}" => "UAH",
        "\u{20aa}" => "ILS",
        "\u{20ba}" => "TRY",
        "\u{20a9}" => "KRW",
        "\u{20a6}" => "NGN",
        "\u{20b1}" => "PHP",
        "\u{20ab}" => "VND",
        "=" if back(2).is_some_and(|j| lx.raw(j) == "Y") => return Some(("JPY", 2)),
        _ => {
            let code = match lx.raw(at) {
                "USD" => "USD",
                "US" | "A" | "NZ" | "HK" if back(2).is_some_and(|j| lx.w(j) == "$") => {
                    let code = match lx.raw(at) {
                        "A" => "AUD",
                        "NZ" => "NZD",
                        "HK" => "HKD",
                        _ => "USD",
                    };
                    return Some((code, 2));
                }
                "EUR" => "EUR",
                "GBP" | "PS" => "GBP",
                "JPY" => "JPY",
                "CHF" => "CHF",
                "RM" => "MYR",
                "Rs" => "INR",
                "INR" => "INR",
                "ZAR" | "R" => "ZAR",
                "AUD" => "AUD",
                "CAD" => "CAD",
                "CNY" | "RMB" => "CNY",
                _ => return None,
            };
            let short = matches!(code, "ZAR" | "INR") && lx.raw(at).len() <= 2;
            return (!(short && !lx.tight(i)) && !(lx.tight(i) && lx.tight(at) && short)).then_some((code, 1));
        }
    };
    Some((sign, 1 + extra))
}
