//! Joining by name, with evidence.

use std::collections::BTreeMap;

use firsthand_model::{Entity, EntityId, EntityKind, Reason, ReportId};
use firsthand_name::{Match, Name, Scope, is_country, is_people, key};
use firsthand_span::fold;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::parts::Parts;
use crate::{LocalName, ReportNames};

/// Further names that two reports must share to be of one story.
const SHARED: usize = 2;
/// Members of one name that are looked at for shared surroundings.
const LOOKED_AT: usize = 48;
/// Sounds from which on a name is known by them, whatever its spelling.
const SOUND: usize = 4;
/// Names of one block that are compared pairwise; in a larger block, which
/// only common syllables make, each name meets its neighbours in sorting order.
const BLOCK: usize = 400;
/// Of a name's blocks, so many are searched, the smallest first.
const RAREST: usize = 4;

/// One distinct printed name of one class.
struct Node {
    name: Name,
    text: String,
    kind: Option<EntityKind>,
    named: bool,
    members: Vec<u32>,
}

struct Member<'a> {
    report: usize,
    local: &'a LocalName,
    index: u32,
}

fn is_person(kind: Option<EntityKind>) -> bool {
    kind == Some(EntityKind::Person)
}

/// Joins the names of reports. The order of `reports` changes nothing.
pub fn join_names(reports: &[ReportNames]) -> Vec<Entity> {
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|&r| reports[r].report);
    order.dedup_by_key(|r| reports[*r].report);
    let members: Vec<Member<'_>> = order
        .iter()
        .flat_map(|&r| {
            reports[r].names.iter().enumerate().map(move |(i, local)| Member { report: r, local, index: i as u32 })
        })
        .collect();
    let contexts = contexts(reports);
    let nodes = nodes(&members);
    let mut node_of = vec![0; members.len()];
    for (n, node) in nodes.iter().enumerate() {
        for &m in &node.members {
            node_of[m as usize] = n as u32;
        }
    }
    let mut joiner = Joiner {
        parts: Parts::new(members.iter().map(|m| reports[m.report].report)),
        nodes,
        node_of,
        fitting: FxHashMap::default(),
        members,
        contexts,
    };
    joiner.same_text();
    joiner.other_texts();
    joiner.offices();
    joiner.through_speakers();
    joiner.entities(reports)
}

/// The names of each report that can show that two reports are of one story:
/// interned forms, each with the index of its entity, sorted.
fn contexts(reports: &[ReportNames]) -> Vec<Vec<(u32, u32)>> {
    let mut ids: FxHashMap<String, u32> = FxHashMap::default();
    let mut out = Vec::with_capacity(reports.len());
    for report in reports {
        let mut names: Vec<(u32, u32)> = Vec::new();
        for (n, local) in report.names.iter().enumerate().filter(|(_, n)| n.named && n.mentions > 0) {
            let forms = local.variants.iter().filter(|v| is_name(v)).chain([&local.name]);
            for form in forms.map(|f| fold(f)).filter(|f| !is_commonplace(f)) {
                // Spellings of one name meet: "Halvery" and "Halwery".
                let sound = key(&form);
                let form = if sound.chars().count() >= SOUND { sound } else { form };
                let next = ids.len() as u32;
                names.push((*ids.entry(form).or_insert(next), n as u32));
            }
        }
        names.sort_unstable();
        names.dedup();
        out.push(names);
    }
    out
}

/// Whether a printed form is a name and no description: no long word is small.
fn is_name(form: &str) -> bool {
    form.starts_with(char::is_uppercase)
        && form.split_whitespace().all(|w| w.chars().count() < 4 || !w.starts_with(char::is_lowercase))
}

/// Names that stand in reports of all sorts and tell no story.
fn is_commonplace(folded: &str) -> bool {
    static LIST: std::sync::LazyLock<FxHashSet<&'static str>> = std::sync::LazyLock::new(|| {
        include_str!("../data/commonplace.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect()
    });
    let name = folded.strip_prefix("the ").unwrap_or(folded);
    LIST.contains(name) || is_country(name) || is_people(name)
}

/// Distinct names: one node per class, folded text and whether it is a name.
fn nodes(members: &[Member<'_>]) -> Vec<Node> {
    let mut at: BTreeMap<(bool, bool, String), Vec<u32>> = BTreeMap::new();
    for (i, m) in members.iter().enumerate() {
        at.entry((is_person(m.local.kind), m.local.named, fold(&m.local.name))).or_default().push(i as u32);
    }
    at.into_iter()
        .map(|((_, named, text), list)| {
            let kind = majority(list.iter().filter_map(|&i| members[i as usize].local.kind));
            Node { name: Name::new(&text_of(members, &list), kind), text, kind, named, members: list }
        })
        .collect()
}

/// The printed form that parses best: with capitals, for acronyms.
fn text_of(members: &[Member<'_>], list: &[u32]) -> String {
    list.first().map_or_else(String::new, |&i| members[i as usize].local.name.clone())
}

struct Joiner<'a> {
    members: Vec<Member<'a>>,
    nodes: Vec<Node>,
    /// The node of each member.
    node_of: Vec<u32>,
    /// Whether two nodes' names fit within one story, as far as asked.
    fitting: FxHashMap<(u32, u32), bool>,
    contexts: Vec<Vec<(u32, u32)>>,
    parts: Parts,
}

impl Joiner<'_> {
    /// Whether two members' reports share enough names besides their own.
    fn one_story(&self, a: u32, b: u32) -> bool {
        let (x, y) = (&self.members[a as usize], &self.members[b as usize]);
        if x.report == y.report {
            return true;
        }
        shared((&self.contexts[x.report], x.index), (&self.contexts[y.report], y.index))
    }

    fn share_role(&self, a: u32, b: u32) -> bool {
        let (a, b) = (&self.members[a as usize].local.roles, &self.members[b as usize].local.roles);
        a.iter().any(|r| b.contains(r))
    }

    /// Two local entities that the text itself keeps apart: both named in
    /// full, in one report, by names that do not fit.
    fn kept_apart(&mut self, a: u32, b: u32) -> bool {
        let (nodes, node_of, fitting) = (&self.nodes, &self.node_of, &mut self.fitting);
        self.parts.meetings(a, b).any(|(m, n)| {
            let (m, n) = (node_of[m as usize], node_of[n as usize]);
            let (x, y) = (&nodes[m as usize], &nodes[n as usize]);
            x.named
                && y.named
                && m != n
                && !*fitting
                    .entry((m.min(n), m.max(n)))
                    .or_insert_with(|| x.name.compare(&y.name, Scope::Story).is_same())
        })
    }

    fn unite(&mut self, a: u32, b: u32, reason: Reason) -> bool {
        let (a, b) = (self.parts.root(a), self.parts.root(b));
        if a == b {
            return true;
        }
        if self.kept_apart(a, b) {
            return false;
        }
        self.parts.unite(a, b, reason);
        true
    }

    /// Members with one and the same name.
    fn same_text(&mut self) {
        for n in 0..self.nodes.len() {
            let node = &self.nodes[n];
            let (named, full, kind, text) = (node.named, node.name.is_full(), node.kind, node.text.clone());
            let list = node.members.clone();
            let person = is_person(kind);
            if named
                && !person
                && (full || matches!(kind, Some(EntityKind::Gpe | EntityKind::Location | EntityKind::Group)))
            {
                // A place or a full name of an organisation stands for itself.
                for pair in list.windows(2) {
                    self.unite(pair[0], pair[1], Reason::new("same-name", text.clone()));
                }
                continue;
            }
            if !named && says_little(kind, &text) {
                continue;
            }
            for (at, &m) in list.iter().enumerate() {
                for &earlier in list[at.saturating_sub(LOOKED_AT)..at].iter().rev() {
                    if self.parts.root(m) == self.parts.root(earlier) {
                        continue;
                    }
                    if person && named && full && self.share_role(m, earlier) {
                        self.unite(m, earlier, Reason::new("same-name-and-role", text.clone()));
                    } else if self.one_story(m, earlier) {
                        self.unite(m, earlier, Reason::new("same-name-same-story", text.clone()));
                    }
                }
            }
        }
    }

    /// Names that differ, best matches first.
    fn other_texts(&mut self) {
        let mut rivals: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let candidates = self.candidates();
        for &(a, b) in &candidates {
            let (x, y) = (&self.nodes[a as usize], &self.nodes[b as usize]);
            for (n, short, m, long) in [(a, x, b, y), (b, y, a, x)] {
                let opens = || long.text.strip_prefix(short.text.as_str()).is_some_and(|rest| rest.starts_with(' '));
                if is_person(short.kind) && long.kind == Some(EntityKind::Organisation) && long.named && opens() {
                    rivals.entry(n).or_default().push(m);
                }
            }
        }
        let nodes = &self.nodes;
        let alike = |(a, b): (u32, u32)| {
            let (x, y) = (&nodes[a as usize], &nodes[b as usize]);
            if is_person(x.kind) && is_person(y.kind) && !(x.named && y.named) {
                return None;
            }
            let m = if is_person(x.kind) == is_person(y.kind) {
                x.name.compare(&y.name, Scope::Story)
            } else if x.text == y.text && x.text.contains(' ') && x.named && y.named {
                // A ship named like a nun: the kind was misjudged somewhere.
                Match { score: 0.9, rule: "same-words" }
            } else {
                return None;
            };
            (m.is_same() && (m.rule == "name" || !place_and_body(x.kind, y.kind))).then_some((a, b, m))
        };
        let mut found: Vec<(u32, u32, Match)> = candidates.into_par_iter().filter_map(alike).collect();
        found.sort_by(|p, q| q.2.score.total_cmp(&p.2.score).then((p.0, p.1).cmp(&(q.0, q.1))));
        // Full forms first, so that short ones find whole entities to join.
        let (short, full): (Vec<_>, Vec<_>) = found.into_iter().partition(|f| f.2.is_short_form());
        for (a, b, m) in full {
            self.join_nodes(a, b, m);
        }
        self.join_short(&short, &rivals);
    }

    /// Pairs of nodes that share a block, ascending.
    ///
    /// All words of a short form are in the long one, and two spellings of a
    /// name share most: so it is enough that a name meets others in the
    /// blocks of its own rarest words, and common words make no pairs.
    fn candidates(&self) -> Vec<(u32, u32)> {
        let mut blocks: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut keys: Vec<Vec<String>> = Vec::with_capacity(self.nodes.len());
        for (i, node) in self.nodes.iter().enumerate() {
            let mut own = node.name.block_keys();
            if node.text.contains(' ') {
                own.push(format!("~{}", node.text));
            }
            for key in &own {
                blocks.entry(key.clone()).or_default().push(i as u32);
            }
            keys.push(own);
        }
        let mut pairs = Vec::new();
        for (i, own) in keys.iter().enumerate() {
            let i = i as u32;
            let mut own: Vec<&Vec<u32>> = own.iter().filter_map(|k| blocks.get(k)).filter(|b| b.len() > 1).collect();
            own.sort_by_key(|block| block.len());
            for block in own.into_iter().take(RAREST) {
                let at = block.partition_point(|&n| n < i);
                let near = if block.len() <= BLOCK { block.len() } else { BLOCK / 8 };
                let (from, to) = (at.saturating_sub(near), (at + near + 1).min(block.len()));
                pairs.extend(block[from..to].iter().filter(|&&n| n != i).map(|&n| (n.min(i), n.max(i))));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Joins members of two nodes that stand in one story, or share a role
    /// under a name that counts anywhere: `join` is given each such pair.
    fn bridges(&mut self, a: u32, b: u32, mut join: impl FnMut(&mut Self, u32, u32, &'static str)) {
        let (x, y) = (&self.nodes[a as usize], &self.nodes[b as usize]);
        let anywhere = is_person(x.kind) && x.name.compare(&y.name, Scope::Anywhere).is_same();
        let some = |node: &Node| node.members.iter().take(LOOKED_AT).copied().collect::<Vec<u32>>();
        let (ours, theirs) = (some(x), some(y));
        for &m in &ours {
            for &n in &theirs {
                if self.parts.root(m) == self.parts.root(n) {
                    continue;
                }
                if self.one_story(m, n) {
                    join(self, m, n, "same story");
                } else if anywhere && self.share_role(m, n) {
                    join(self, m, n, "same role");
                }
            }
        }
    }

    fn join_nodes(&mut self, a: u32, b: u32, m: Match) {
        let note = format!("{} = {}", self.nodes[a as usize].text, self.nodes[b as usize].text);
        self.bridges(a, b, |joiner, x, y, how| {
            joiner.unite(x, y, Reason::new(m.rule, format!("{note}, {how}")));
        });
    }

    /// Short forms: each member joins the one entity of its story that fits,
    /// and none where several do. `rivals`: names of organisations that a
    /// surname opens, as "Pellarin" does "Pellarin Lines".
    fn join_short(&mut self, short: &[(u32, u32, Match)], rivals: &FxHashMap<u32, Vec<u32>>) {
        // For each member of a shorter name: the fitting members of longer names.
        let mut fits: BTreeMap<u32, Vec<(u32, Match)>> = BTreeMap::new();
        for &(a, b, m) in short {
            let (x, y) = (&self.nodes[a as usize], &self.nodes[b as usize]);
            let swap = x.text.chars().count() > y.text.chars().count();
            self.bridges(a, b, |_, p, q, _| {
                let (p, q) = if swap { (q, p) } else { (p, q) };
                fits.entry(p).or_default().push((q, m));
            });
        }
        for (member, found) in fits {
            let rival = rivals.get(&self.node_of[member as usize]).is_some_and(|nodes| {
                let members = nodes.iter().flat_map(|&n| self.nodes[n as usize].members.iter().take(LOOKED_AT));
                members.copied().any(|m| self.one_story(member, m))
            });
            if rival {
                continue;
            }
            let best = found.iter().map(|f| f.1.score).fold(0.0, f32::max);
            let mut roots: Vec<(u32, u32, Match)> = found
                .into_iter()
                .filter(|f| f.1.score >= best - 0.1)
                .map(|(q, m)| (self.parts.root(q), q, m))
                .collect();
            roots.sort_by_key(|r| (r.0, r.1));
            roots.dedup_by_key(|r| r.0);
            if let [(_, q, m)] = roots[..] {
                let note =
                    format!("{} = {}", self.members[member as usize].local.name, self.members[q as usize].local.name);
                self.unite(member, q, Reason::new(m.rule, format!("{note}, only candidate of the story")));
            }
        }
    }

    /// "the health minister" of one report is whom another of the story names
    /// as health minister, if all name the same.
    fn offices(&mut self) {
        let mut holders: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (i, m) in self.members.iter().enumerate().filter(|(_, m)| m.local.named) {
            for word in m.local.offices.iter().flatten() {
                let list = holders.entry(word.clone()).or_default();
                if list.last() != Some(&(i as u32)) {
                    list.push(i as u32);
                }
            }
        }
        for m in 0..self.members.len() as u32 {
            let local = self.members[m as usize].local;
            if local.named || !is_person(local.kind) || !is_definite(local) {
                continue;
            }
            let Some(asked) = crate::names::office(&local.name) else { continue };
            let Some(rarest) =
                asked.iter().map(|w| holders.get(w).map_or(&[][..], Vec::as_slice)).min_by_key(|list| list.len())
            else {
                continue;
            };
            let mut found: Option<(u32, u32)> = None;
            let mut several = false;
            for &h in rarest.iter().take(LOOKED_AT * 4) {
                let fits = self.members[h as usize].local.offices.iter().any(|o| asked.iter().all(|w| o.contains(w)));
                if !fits || !self.one_story(m, h) {
                    continue;
                }
                let root = self.parts.root(h);
                several |= found.is_some_and(|(r, _)| r != root);
                found = Some((root, h));
            }
            if let Some((_, h)) = found.filter(|_| !several) {
                let note = format!("{} = {}", local.name, self.members[h as usize].local.name);
                self.unite(m, h, Reason::new("office", format!("{note}, only holder named in the story")));
            }
        }
    }

    /// "The group's coordinator" in one report speaks for what another report
    /// of the story calls her group by name, if all name the same.
    fn through_speakers(&mut self) {
        let mut at: FxHashMap<(usize, u32), u32> = FxHashMap::default();
        for (i, m) in self.members.iter().enumerate() {
            at.insert((m.report, m.index), i as u32);
        }
        // For each person, a member of each organisation that the reports say it speaks for.
        let mut spoken: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for i in 0..self.members.len() as u32 {
            let m = &self.members[i as usize];
            let Some(&body) = m.local.speaks_for.and_then(|e| at.get(&(m.report, e))) else { continue };
            if m.local.named && is_person(m.local.kind) {
                let person = self.parts.root(i);
                spoken.entry(person).or_default().push(body);
            }
        }
        // For each organisation that is only described, those named that it may be.
        let mut found: BTreeMap<u32, BTreeMap<u32, (u32, u32)>> = BTreeMap::new();
        for bodies in spoken.values() {
            let (described, named): (Vec<u32>, Vec<u32>) =
                bodies.iter().copied().partition(|&b| is_described(self.members[b as usize].local));
            for &d in &described {
                for &n in named.iter().take(LOOKED_AT) {
                    if self.one_story(d, n) {
                        let (of, name) = (self.parts.root(d), self.parts.root(n));
                        found.entry(of).or_default().entry(name).or_insert((d, n));
                    }
                }
            }
        }
        for (d, n) in found.into_values().filter(|names| names.len() == 1).flat_map(BTreeMap::into_values) {
            let text = |m: u32, joiner: &Self| joiner.members[m as usize].local.name.clone();
            let note = format!("{} = {}, by who speaks for both", text(d, self), text(n, self));
            // A name and a description may stand side by side in one report and still be one.
            let (a, b) = (self.parts.root(d), self.parts.root(n));
            self.parts.unite(a, b, Reason::new("same-speaker", note));
        }
    }

    fn entities(mut self, reports: &[ReportNames]) -> Vec<Entity> {
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for i in 0..self.members.len() as u32 {
            let root = self.parts.root(i);
            groups.entry(root).or_default().push(i);
        }
        let id_of = |m: &Member<'_>| (reports[m.report].report, m.index);
        // The members are in order of report and index, so each group's first is its least.
        let mut id: FxHashMap<(ReportId, u32), EntityId> = FxHashMap::default();
        for list in groups.values() {
            let least = list.iter().map(|&i| id_of(&self.members[i as usize])).min();
            for &i in list {
                if let Some((report, index)) = least {
                    id.insert(id_of(&self.members[i as usize]), EntityId { report, index });
                }
            }
        }
        let mut out: Vec<Entity> = groups
            .iter()
            .filter_map(|(root, list)| {
                let members: Vec<&Member<'_>> = list.iter().map(|&i| &self.members[i as usize]).collect();
                let mut places: Vec<(ReportId, u32)> = members.iter().map(|m| id_of(m)).collect();
                places.sort_unstable();
                let first = *id.get(places.first()?)?;
                let speaks_for = members
                    .iter()
                    .filter_map(|m| Some((reports[m.report].report, m.local.speaks_for?)))
                    .find_map(|at| id.get(&at).copied())
                    .filter(|&e| e != first);
                let mut why = self.parts.why[*root as usize].clone();
                if why.is_empty() {
                    why.push(Reason::rule("single-report"));
                }
                Some(Entity {
                    id: first,
                    name: best_name(&members),
                    kind: majority(members.iter().filter_map(|m| m.local.kind)),
                    variants: variants(&members),
                    members: places,
                    speaks_for,
                    why,
                })
            })
            .collect();
        out.sort_unstable_by_key(|e| e.id);
        out
    }
}

/// Whether a description fits many: "a spokesman", "a statement", "the
/// company" here are not those there.
fn says_little(kind: Option<EntityKind>, text: &str) -> bool {
    let words = text.split_whitespace().count();
    match kind {
        Some(EntityKind::Organisation) => {
            words == 1
                && matches!(
                    text,
                    "company"
                        | "firm"
                        | "group"
                        | "board"
                        | "bank"
                        | "court"
                        | "agency"
                        | "office"
                        | "department"
                        | "team"
                        | "newspaper"
                        | "paper"
                        | "town"
                        | "city"
                        | "school"
                        | "hospital"
                        | "party"
                        | "union"
                        | "institution"
                )
        }
        Some(EntityKind::Gpe | EntityKind::Location) => false,
        _ => words < 4,
    }
}

/// Whether an organisation is printed by what it is, without a name: "the
/// river group".
fn is_described(local: &LocalName) -> bool {
    let mut words = local.name.split_whitespace();
    words.next();
    let last = fold(local.name.split_whitespace().next_back().unwrap_or_default());
    words.all(|w| w.starts_with(char::is_lowercase)) && says_little(Some(EntityKind::Organisation), &last)
}

/// Whether a description is printed with "the".
fn is_definite(local: &LocalName) -> bool {
    let name = fold(&local.name);
    local.variants.iter().any(|v| fold(v).strip_prefix("the ").is_some_and(|rest| rest == name))
}

/// A place and an organisation named after it.
fn place_and_body(a: Option<EntityKind>, b: Option<EntityKind>) -> bool {
    let place = |k| matches!(k, Some(EntityKind::Gpe | EntityKind::Location));
    let body = |k| k == Some(EntityKind::Organisation);
    (place(a) && body(b)) || (body(a) && place(b))
}

/// Whether two reports share names enough, besides the two entities asked about.
fn shared((a, own_a): (&[(u32, u32)], u32), (b, own_b): (&[(u32, u32)], u32)) -> bool {
    let (mut i, mut j) = (0, 0);
    let mut seen = [u32::MAX; SHARED];
    let mut n = 0;
    while let (Some(&(x, e)), Some(&(y, f))) = (a.get(i), b.get(j)) {
        match x.cmp(&y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                // Several entities of a report may bear one form: step through both lists.
                if a.get(i + 1).is_some_and(|next| next.0 == x) {
                    i += 1
                } else {
                    j += 1
                }
                if e == own_a || f == own_b || seen.contains(&e) {
                    continue;
                }
                if let Some(slot) = seen.get_mut(n) {
                    *slot = e;
                }
                n += 1;
                if n == SHARED {
                    return true;
                }
            }
        }
    }
    false
}

fn majority<T: Ord + Copy>(items: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(item, n)| (n, std::cmp::Reverse(item))).map(|(item, _)| item)
}

/// The full name that most reports use; of equals the longer, then the first.
fn best_name(members: &[&Member<'_>]) -> String {
    let mut counts: BTreeMap<(bool, bool, &str), usize> = BTreeMap::new();
    for m in members {
        let full = m.local.named && Name::new(&m.local.name, m.local.kind).is_full();
        *counts.entry((m.local.named, full, m.local.name.as_str())).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&((named, full, name), n)| (named, full, n, name.chars().count(), std::cmp::Reverse(name)))
        .map(|((_, _, name), _)| name.to_owned())
        .unwrap_or_default()
}

/// All printed forms, those of most reports first.
fn variants(members: &[&Member<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for m in members {
        let mut forms: Vec<&str> = m.local.variants.iter().map(String::as_str).chain([m.local.name.as_str()]).collect();
        forms.sort_unstable();
        forms.dedup();
        for form in forms {
            *counts.entry(form).or_default() += 1;
        }
    }
    let mut forms: Vec<(&str, usize)> = counts.into_iter().collect();
    forms.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    forms.into_iter().map(|(form, _)| form.to_owned()).collect()
}
