//! What a quantity counts, what happened to it, whether it is a level or a
//! difference, and of which other one it is a part.

use std::sync::LazyLock;

use firsthand_model::{Analysis, Approx, Change, Relation, Tokens, Upos};
use firsthand_span::Span;
use rustc_hash::FxHashMap;

use crate::lex::Lexed;
use crate::number::{plural, word};
use crate::quantity::{Quantity, Role, stops};

/// How a happening takes what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// "killed 12", "12 were killed".
    Verb,
    /// "12 died", "12 missing".
    Own,
    /// "deaths of 12", "12 deaths".
    Noun,
    /// "12 bodies".
    Counted,
    /// "claimed 12 lives".
    Lives,
}

type Happenings = FxHashMap<&'static str, (&'static str, Kind)>;

static HAPPENINGS: LazyLock<Happenings> = LazyLock::new(|| {
    let rows = include_str!("../data/happenings.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let (form, class, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let kind = match kind {
            "verb" => Kind::Verb,
            "self" => Kind::Own,
            "noun" => Kind::Noun,
            "counted" => Kind::Counted,
            "lives" => Kind::Lives,
            _ => return None,
        };
        Some((form, (class, kind)))
    })
    .collect()
});

static CHANGES: LazyLock<FxHashMap<&'static str, bool>> = LazyLock::new(|| {
    let rows = include_str!("../data/changes.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        Some((fields.next()?, fields.next()? == "rose"))
    })
    .collect()
});

/// A sentence with its tokens, where they are tagged.
pub(crate) struct Context<'a, 't> {
    pub(crate) lx: &'a Lexed<'t>,
    pub(crate) tokens: &'a Tokens,
    pub(crate) tagged: bool,
}

impl Context<'_, '_> {
    fn token(&self, piece: usize) -> Option<usize> {
        let span = self.lx.span(piece, piece + 1);
        let at = self.tokens.within(span).next()?;
        Some(at)
    }

    fn upos(&self, piece: usize) -> Upos {
        if !self.tagged {
            return Upos::X;
        }
        self.token(piece).and_then(|t| self.tokens.upos.get(t)).copied().unwrap_or(Upos::X)
    }

    /// The piece of the noun that a quantity counts.
    pub(crate) fn counted(&self, q: &Quantity) -> Option<usize> {
        let lx = self.lx;
        let at = q.end;
        // "deaths at a rate of seven per 100,000": what follows is what it is per.
        if q.unit.starts_with("/10*") {
            let (_, at) = self.behind(q)?;
            return plural(lx.w(at)).then_some(at);
        }
        // "within an hour of delivery"
        if q.time_unit && q.approx == Approx::AtMost {
            return None;
        }
        let count = q.unit == "1" || q.unit.starts_with('/');
        if count && lx.hyphen(at) && lx.is_word(at + 1) && word(lx.w(at + 1)).is_none() {
            return (!matches!(lx.w(at + 1), "to" | "and")).then_some(at + 1);
        }
        if lx.w(at) == "of" {
            let mut from = at + 1;
            while matches!(
                lx.w(from),
                "the" | "a" | "an" | "its" | "their" | "his" | "her" | "our" | "my" | "these" | "those" | "all"
            ) {
                from += 1;
            }
            if matches!(lx.w(from), "them" | "whom" | "which" | "it" | "us" | "who" | "")
                || from > at + 1 && stops(lx.w(from))
            {
                return None;
            }
            return self.noun(from);
        }
        if q.hyphenated || !(count || q.unit.starts_with("1/")) {
            return None;
        }
        self.noun(at)
    }

    /// The head of the noun phrase that starts at piece `from`.
    fn noun(&self, from: usize) -> Option<usize> {
        let lx = self.lx;
        let mut head = None;
        let mut first_plural = None;
        let mut last_word = None;
        let mut at = from;
        while at < from + 9 {
            let w = lx.w(at);
            if lx.hyphen(at) || matches!(w, "\"" | "\u{201c}" | "\u{2018}") {
                at += 1;
                continue;
            }
            // A possessive: the head comes later.
            if matches!(w, "'" | "\u{2019}") && lx.tight(at) {
                if lx.w(at + 1) == "s" {
                    (head, first_plural) = (None, None);
                    at += 2;
                    continue;
                }
                if lx.before(at, 1).ends_with('s') && lx.is_word(at + 1) && !stops(lx.w(at + 1)) {
                    (head, first_plural) = (None, None);
                    at += 1;
                    continue;
                }
                break;
            }
            if !lx.is_word(at) {
                // "two small, wet dogs"
                if w == "," && head.is_none() && self.upos(at - 1) == Upos::Adj && self.upos(at + 1) == Upos::Adj {
                    at += 1;
                    continue;
                }
                break;
            }
            if matches!(w, "dead" | "injured" | "wounded" | "missing") && head.is_none() {
                // "27 dead", "12 wounded civilians"
                if self.tagged && matches!(self.upos(at + 1), Upos::Noun) && lx.is_word(at + 1) {
                    at += 1;
                    continue;
                }
                return (matches!(w, "dead" | "wounded" | "injured")
                    && at == from
                    && !matches!(lx.w(at + 1), "in" | "by"))
                .then_some(at);
            }
            if head.is_some() && matches!(w, "last" | "next" | "today" | "yesterday" | "tonight" | "annually" | "daily")
            {
                break;
            }
            // "their two sons Wyatt and Zachary"
            if let Some(h) = head
                && lx.capital(at)
                && !lx.capital(h)
                && !lx.hyphen(at - 1)
                && plural(lx.w(h))
            {
                break;
            }
            if matches!(w, "more" | "other" | "further" | "additional" | "new") {
                at += 1;
                continue;
            }
            // "2,000 Thai and 74 Malaysian stores"
            if w == "and"
                && head.is_some_and(|h| lx.capital(h) && !plural(lx.w(h)))
                && let Some(n) = crate::number::number(lx, at + 1, false)
                && at < from + 3
            {
                return self.noun(n.end);
            }
            if stops(w) || w == "strong" {
                break;
            }
            if self.tagged {
                match self.upos(at) {
                    Upos::Noun | Upos::Propn => head = Some(at),
                    _ if matches!(w, "personnel" | "people" | "troops") => head = Some(at),
                    Upos::Adj | Upos::Num | Upos::X | Upos::Sym => {
                        if plural(w) && head.is_none() && self.upos(at) == Upos::X {
                            head = Some(at);
                        }
                    }
                    Upos::Verb
                        if head.is_none()
                            && matches!(self.upos(at + 1), Upos::Noun | Upos::Adj | Upos::Propn)
                            && (w.ends_with("ed") || w.ends_with("ing")) => {}
                    Upos::Verb
                        if head.is_none()
                            && (self.modifies(at) || plural(lx.w(at + 1)) && self.upos(at + 1) == Upos::Noun) => {}
                    Upos::Adv if head.is_none() && matches!(self.upos(at + 1), Upos::Adj | Upos::Verb) => {}
                    Upos::Pron if w == "others" => head = Some(at),
                    _ => break,
                }
            } else {
                if plural(w) && (first_plural.is_none() || first_plural.is_some_and(|f| lx.capital(f))) {
                    first_plural = Some(at);
                }
                last_word = last_word.or(Some(at));
                if first_plural.is_some() && !lx.capital(at) && !plural(w) {
                    break;
                }
                last_word = if first_plural.is_none() && at < from + 3 { Some(at) } else { last_word };
            }
            at += 1;
        }
        if self.tagged { head } else { first_plural.or(last_word) }
    }

    /// Whether a participle stands before the noun it modifies ("22 sold units").
    fn modifies(&self, piece: usize) -> bool {
        self.token(piece).is_some_and(|t| {
            self.tokens.relations.get(t) == Some(&Relation::Amod)
                && self.tokens.heads.get(t).is_some_and(|&h| h as usize > t)
        })
    }

    fn happening(&self, piece: usize) -> Option<(&'static str, Kind)> {
        let (class, kind) = *HAPPENINGS.get(self.lx.w(piece))?;
        // "wounds", "life" and the like count as the noun they are where tagged so.
        match (self.lx.w(piece), kind) {
            ("toll", _)
                if !matches!(
                    self.lx.before(piece, 1),
                    "death" | "the" | "earlier" | "previous" | "its" | "official" | "current" | "overall" | "total"
                ) =>
            {
                None
            }
            ("executed" | "executing" | "wound", _) if self.upos(piece) == Upos::Noun => None,
            ("missing", _) if self.lx.w(piece + 1) == "the" => None,
            _ => Some((class, kind)),
        }
    }

    fn passive(&self, piece: usize) -> bool {
        let lx = self.lx;
        (1..=3).any(|k| matches!(lx.before(piece, k), "were" | "was" | "been" | "being" | "are" | "is" | "be"))
    }

    /// The happening that the counted went through, as a class, and the piece of its word.
    pub(crate) fn class(&self, q: &Quantity, counted: Option<usize>) -> Option<(&'static str, usize)> {
        if q.time_unit || (q.unit.len() == 3 && q.unit.chars().all(|c| c.is_ascii_uppercase())) {
            return None;
        }
        if !(q.unit == "1" || q.unit == "%" || q.unit.starts_with('/')) {
            return None;
        }
        // The counted word says it itself.
        if let Some(c) = counted
            && let Some((class, kind)) = self.happening(c)
        {
            let fits = match kind {
                Kind::Lives => self.lost_lives(c),
                _ => true,
            };
            if fits {
                return Some((class, c));
            }
        }
        self.ahead(q, counted).or_else(|| self.behind(q))
    }

    /// "claimed 12 lives", "12 lives were lost".
    fn lost_lives(&self, c: usize) -> bool {
        let loses = |w: &str| {
            matches!(
                w,
                "claimed"
                    | "claiming"
                    | "claims"
                    | "claim"
                    | "lost"
                    | "lose"
                    | "losing"
                    | "cost"
                    | "costing"
                    | "took"
                    | "taken"
                    | "taking"
            )
        };
        (c.saturating_sub(8)..c + 5).any(|k| loses(self.lx.w(k)))
    }

    /// "12 people were killed", "12 dead".
    fn ahead(&self, q: &Quantity, counted: Option<usize>) -> Option<(&'static str, usize)> {
        let lx = self.lx;
        let mut at = counted.map_or(q.end, |c| c + 1).max(q.end);
        let limit = at + 12;
        let mut verb = None;
        while at < limit.min(lx.len()) {
            let w = lx.w(at);
            match w {
                ";" | ":" | "." | "?" | "!" | "and" | "but" | "while" | "including" | "after" | "when" | "because" => {
                    break;
                }
                ","
                    // "the 12, all civilians, were killed"
                    if !matches!(lx.w(at + 1), "all" | "most" | "many" | "mostly" | "who" | "some" | "one") => {
                        break;
                    }
                "lost"
                    if matches!(lx.w(at + 1), "their" | "its" | "his" | "her")
                        && matches!(lx.w(at + 2), "lives" | "life") =>
                {
                    return Some(("killed", at));
                }
                "fled" | "flee" | "evacuated" if w != "evacuated" => return Some(("displaced", at)),
                _ => {}
            }
            if let Some((class, kind)) = self.happening(at) {
                let takes = match kind {
                    Kind::Own => true,
                    // "12 civilians killed three" would need an object: rare in reports.
                    Kind::Verb => {
                        self.passive(at)
                            || verb.is_none()
                                && !lx.is_digits(at + 1)
                                && word(lx.w(at + 1)).is_none()
                                && !matches!(lx.w(at + 1), "the" | "a" | "an" | "his" | "her" | "at")
                    }
                    Kind::Noun | Kind::Counted | Kind::Lives => false,
                };
                if takes {
                    return Some((class, at));
                }
                if kind == Kind::Verb {
                    break;
                }
            }
            if self.tagged && self.upos(at) == Upos::Verb && self.happening(at).is_none() {
                if verb.is_some()
                    || !matches!(
                        w,
                        "reported"
                            | "confirmed"
                            | "believed"
                            | "feared"
                            | "left"
                            | "found"
                            | "said"
                            | "thought"
                            | "known"
                            | "presumed"
                            | "listed"
                            | "pronounced"
                            | "declared"
                            | "got"
                            | "remain"
                            | "remained"
                            | "went"
                            | "gone"
                            | "recorded"
                    )
                {
                    // A participle that modifies the noun ("people travelling on it died") may stand between.
                    if !(w.ends_with("ing") && !self.passive(at)) {
                        break;
                    }
                }
                verb = Some(at);
            }
            at += 1;
        }
        // "one person in A and two in B have died": the verb comes after the next figure.
        if matches!(lx.w(at), "and" | ",") && at < limit {
            let next = if lx.w(at) == "," && lx.w(at + 1) == "and" { at + 2 } else { at + 1 };
            if crate::number::number(lx, next, false).is_some() && verb.is_none() {
                let mut k = next;
                while k < (next + 10).min(lx.len()) {
                    match lx.w(k) {
                        "," | ";" | "." => break,
                        "have" | "were" | "was" | "are" | "had" | "been" | "died" => {
                            if let Some((class, _)) = (k..k + 4).find_map(|j| {
                                self.happening(j).filter(|(_, kind)| matches!(kind, Kind::Own | Kind::Verb))
                            }) {
                                return Some((class, k));
                            }
                        }
                        _ => {}
                    }
                    k += 1;
                }
            }
        }
        None
    }

    /// "killing 12", "deaths of 12", "the toll rose to 12", "90 were wounded, as were 17".
    fn behind(&self, q: &Quantity) -> Option<(&'static str, usize)> {
        let lx = self.lx;
        let before = lx.before(q.first, 1);
        let before = if matches!(before, "the" | "a" | "all") { lx.before(q.first, 2) } else { before };
        if !q.unit.starts_with("/10*")
            && matches!(
                before,
                "in" | "at"
                    | "by"
                    | "from"
                    | "during"
                    | "over"
                    | "after"
                    | "for"
                    | "on"
                    | "near"
                    | "within"
                    | "since"
                    | "until"
                    | "against"
                    | "across"
                    | "through"
            )
        {
            return None;
        }
        let mut crossed_verb = false;
        let mut crossed_list = false;
        let stop = q.first.saturating_sub(28);
        for at in (stop..q.first).rev() {
            let w = lx.w(at);
            if matches!(w, ";" | "." | "?" | "!") && !(w == "." && lx.tight(at + 1)) {
                return None;
            }
            if w == "," || w == "and" {
                crossed_list = true;
            }
            if let Some((class, kind)) = self.happening(at) {
                let fits = match kind {
                    Kind::Verb => {
                        let as_were = lx.w(at + 1) == "," && lx.w(at + 2) == "as";
                        // "were killed, including 12", "12 were killed and two hurt" is ahead's.
                        let listed = (at..q.first).any(|k| matches!(lx.w(k), "including" | "among" | ":" | "were"));
                        !crossed_verb && (!self.passive(at) || as_were || listed)
                    }
                    Kind::Own => !crossed_verb && (at..q.first).any(|k| matches!(lx.w(k), "including" | "among" | ":")),
                    Kind::Noun => true,
                    Kind::Counted | Kind::Lives => false,
                };
                return fits.then_some((class, at));
            }
            let verbal = if self.tagged {
                self.upos(at) == Upos::Verb && !lx.capital(at) && !matches!(w, "are" | "were" | "was" | "is")
            } else {
                false
            };
            if verbal
                && !CHANGES.contains_key(w)
                && !matches!(
                    w,
                    "including"
                        | "stands"
                        | "stood"
                        | "reached"
                        | "put"
                        | "according"
                        | "reported"
                        | "confirmed"
                        | "said"
                        | "estimated"
                        | "caused"
                )
            {
                if crossed_verb || !crossed_list {
                    return None;
                }
                crossed_verb = true;
            }
        }
        None
    }

    /// The lemma of the verb whose subject or object the counted is.
    pub(crate) fn verb(&self, q: &Quantity, counted: Option<usize>) -> Option<&str> {
        if !self.tagged {
            return None;
        }
        let mut at = self.token(counted.unwrap_or(q.number))?;
        for _ in 0..4 {
            let head = *self.tokens.heads.get(at)? as usize;
            if head == at {
                return None;
            }
            match self.tokens.relations.get(at)? {
                Relation::Nsubj | Relation::NsubjPass | Relation::Obj => {
                    return (self.tokens.upos.get(head) == Some(&Upos::Verb))
                        .then(|| self.tokens.lemma(head))
                        .filter(|l| !matches!(*l, "have" | "be" | "say"));
                }
                Relation::Conj
                | Relation::Nummod
                | Relation::Compound
                | Relation::Nmod
                | Relation::Appos
                | Relation::Amod => at = head,
                _ => return None,
            }
        }
        None
    }

    /// "not", "never" before the word of the happening.
    pub(crate) fn negated(&self, at: usize) -> bool {
        let lx = self.lx;
        (1..=3).any(|k| {
            matches!(lx.before(at, k), "not" | "never" | "without" | "nor" | "n't")
                || lx.before(at, k).ends_with("n't")
                || lx.before(at, k).ends_with("n\u{2019}t")
        })
    }

    /// Level reached or difference.
    pub(crate) fn change(&self, q: &Quantity) -> Option<Change> {
        let lx = self.lx;
        if matches!(lx.w(q.end), "more") && q.unit == "1" && q.value.is_some()
            || (q.first..=q.number).any(|k| matches!(lx.w(k), "another" | "further" | "additional"))
            || matches!(lx.before(q.first, 1), "another" | "further" | "additional")
        {
            return Some(Change::Additional);
        }
        let by = |rose| if rose { Change::RoseBy } else { Change::FellBy };
        let to = |rose| if rose { Change::RoseTo } else { Change::FellTo };
        // "a 93% increase"
        if q.unit == "%" || q.unit == "1" && q.hyphenated {
            for k in q.end..q.end + 2 {
                if let Some(rose) = CHANGES
                    .get(lx.w(k))
                    .filter(|_| !matches!(lx.w(k), "up" | "down" | "lost" | "raised" | "added" | "cut" | "lower"))
                {
                    return Some(by(*rose));
                }
                if matches!(lx.w(k), "higher" | "lower") {
                    return Some(by(lx.w(k) == "higher"));
                }
            }
        }
        let mut particle = "";
        for back in 1..=7 {
            let w = lx.before(q.first, back);
            match w {
                "" | "," | ";" | "." | "(" | "that" | "which" | "who" | "but" | "while" | "%" | "percent" => {
                    return None;
                }
                _ if q.first.checked_sub(back).is_some_and(|k| lx.is_digits(k)) => return None,
                "up" if matches!(
                    lx.before(q.first, back + 1),
                    "gave" | "give" | "giving" | "made" | "make" | "set" | "took" | "picked"
                ) =>
                {
                    return None;
                }
                "to" | "by" | "from" | "at" if particle.is_empty() => particle = w,
                "of" if particle.is_empty() => particle = w,
                _ => {}
            }
            if let Some(&rose) = CHANGES.get(w) {
                return match particle {
                    "to" => Some(to(rose)),
                    "by" => Some(by(rose)),
                    "" | "of"
                        if q.unit == "%"
                            || back <= 2 && (q.unit != "1" || matches!(w, "up" | "down")) && w != "cut" =>
                    {
                        (w != "up" || lx.before(q.first, back.wrapping_sub(1)) != "to").then(|| by(rose))
                    }
                    _ => None,
                };
            }
        }
        None
    }

    /// How the text says that this is a part of another quantity.
    pub(crate) fn part(&self, q: &Quantity) -> Option<Part> {
        let lx = self.lx;
        let mut k = q.end;
        if lx.w(k) == "of" {
            match lx.w(k + 1) {
                "them" | "whom" | "which" | "those" | "these" => return Some(Part::Before),
                "the" | "its" | "his" | "their" => {
                    k += 2;
                    let person = matches!(
                        lx.w(k),
                        "dead"
                            | "victims"
                            | "wounded"
                            | "injured"
                            | "deaths"
                            | "killed"
                            | "missing"
                            | "fatalities"
                            | "arrested"
                            | "detained"
                            | "casualties"
                            | "survivors"
                            | "attackers"
                            | "suspects"
                            | "hostages"
                            | "bodies"
                    );
                    if person {
                        return Some(Part::Before);
                    }
                }
                _ => {}
            }
        }
        for back in 1..=5 {
            match lx.before(q.first, back) {
                "including" | "included" | "include" => return Some(Part::Here),
                "them" | "whom" | "those" | "dead" | "victims" | "injured" | "wounded" | "which"
                    if matches!(lx.before(q.first, back + 1), "among" | "of")
                        || lx.before(q.first, back + 2) == "among" =>
                {
                    return Some(Part::Here);
                }
                "," if back > 1 => break,
                "" | ";" | "." => break,
                _ => {}
            }
        }
        None
    }
}

/// Where the whole of a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// In the same sentence, or in the one before it.
    Before,
    /// In the same sentence.
    Here,
}

/// Whether a text was tagged at all.
pub(crate) fn tagged(analysis: &Analysis, tokens: std::ops::Range<u32>) -> bool {
    let range = tokens.start as usize..tokens.end as usize;
    analysis
        .tokens
        .upos
        .get(range)
        .is_some_and(|tags| tags.iter().any(|&t| !matches!(t, Upos::X | Upos::Punct | Upos::Num)))
}

/// The span of a quantity with its counted noun, where nothing stands between that is another figure's.
pub(crate) fn with_noun(lx: &Lexed<'_>, q: &Quantity, counted: Option<usize>, next: Option<&Quantity>) -> Span {
    let span = q.span;
    match counted {
        Some(c) if c >= q.end && c < q.end + 6 && next.is_none_or(|n| n.first > c) && q.role != Role::Score => {
            span.cover(lx.span(c, c + 1))
        }
        _ => span,
    }
}
