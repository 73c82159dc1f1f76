//! Tagger, lemmatiser and parser. Needs the names model first, for its word
//! classes.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};

use firsthand_language::kernel::{Average, Features, Scorer, Table, Trainer, Weights, WeightsWriter};
use firsthand_language::names::Classes;
use firsthand_language::syntax::{
    Action, Forms, LABELS, Lemmas, Model, Node, ROOT, State, TAGS, TagInput, TagSet, WordLists, Work, kind_bit,
    plain_form, tag, tag_features,
};
use firsthand_model::Relation;

use crate::conllu::{self, Sentence};
use crate::{Options, rng::Rng};

/// How often training follows the parser's own mistakes.
const EXPLORE: f32 = 0.9;
const TAG_PASSES: usize = 6;
const PARSE_PASSES: usize = 5;
/// Each model is the sum of two trained in other orders.
const SEEDS: [u64; 2] = [1, 2];
/// Updates that a feature of the parser meets before it is taken up.
const LEAST_MET: u8 = 2;
/// Updates below which a feature is left out of the tables.
const LEAST_KEPT: u32 = 2;
/// Parts of the training text that are tagged by a model which has not seen them.
const FOLDS: usize = 4;
const FOLD_PASSES: usize = 4;
/// A tag pair rarer than this counts as the commonest pair of its universal tag.
const LEAST_TAG: u32 = 25;
/// Buckets of the tables, in bits, and steps of their weights: chosen on the
/// dev sets for a file under 7 MB and 45 MB in memory.
const TAG_BITS: u32 = 17;
const ACTION_BITS: u32 = 20;
const LABEL_BITS: u32 = 17;
const STEPS: f32 = 100.0;

/// Trains and writes `english-syntax.fhw`.
pub(crate) fn train(options: &Options) -> anyhow::Result<()> {
    let mut train = conllu::read(&options.corpus("language/ewt-train.conllu.gz"))?;
    train.extend(conllu::read(&options.corpus("language/gumfree-train.conllu.gz"))?);
    let names = Weights::open(&std::fs::read(options.root.join("crates/firsthand-language/models/names.weights"))?)?;
    let classes = Classes::from_bytes(names.bytes("classes")?).context("the names model has no word classes")?;
    let tags = tag_set(&train);
    let gold: Vec<Vec<u8>> =
        train.iter().map(|s| s.iter().map(|w| tags.class(w.upos, &w.xpos).unwrap_or(0)).collect()).collect();

    let seen = seen_tags(&train, &gold, |_| true);
    let words = WordLists::section(&seen);
    let lists = WordLists::new(&words, classes.clone());
    let mut lemma_counts = BTreeMap::new();
    for word in train.iter().flatten() {
        let xpos = tags.class(word.upos, &word.xpos).map_or("", |class| tags.xpos(class));
        let key = (word.form.clone(), word.upos, xpos.to_owned(), word.lemma.clone());
        *lemma_counts.entry(key).or_default() += 1;
    }

    // Tags for the parser's training, each fold tagged by a model of the others.
    let all: Vec<usize> = (0..train.len()).collect();
    let fold = |k: usize| -> Vec<(usize, Vec<u8>)> {
        let inside = |i: usize| i % FOLDS == k;
        let lists = WordLists::new(&WordLists::section(&seen_tags(&train, &gold, |i| !inside(i))), classes.clone());
        let rest: Vec<usize> = all.iter().copied().filter(|&i| !inside(i)).collect();
        let model = train_tagger(&train, &gold, &rest, &lists, tags.len(), FOLD_PASSES, 1);
        let table = Table::build(&model, 19, 1);
        all.iter().filter(|&&i| inside(i)).map(|&i| (i, run_tagger(&table, &train[i], &lists, tags.len()))).collect()
    };
    let (mut jackknifed, mut taggers) = (gold.clone(), Vec::new());
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let first = scope.spawn(|| [fold(0), fold(1)].concat());
        let second = [fold(2), fold(3)].concat();
        taggers.extend(SEEDS.map(|seed| train_tagger(&train, &gold, &all, &lists, tags.len(), TAG_PASSES, seed)));
        for (i, tagged) in first.join().map_err(|_| anyhow!("a fold failed"))?.into_iter().chain(second) {
            jackknifed[i] = tagged;
        }
        Ok(())
    })?;
    let mut tagger = sum(taggers)?;
    let right =
        jackknifed.iter().flatten().zip(gold.iter().flatten()).filter(|(a, b)| tags.upos(**a) == tags.upos(**b));
    eprintln!("jackknifed UPOS {:.2}", 100.0 * right.count() as f64 / gold.iter().flatten().count() as f64);

    let nodes = nodes_of(&train, &jackknifed, &lists, &tags);
    let parsers = std::thread::scope(|scope| -> anyhow::Result<Vec<_>> {
        let runs = SEEDS.map(|seed| {
            scope.spawn({
                let (train, nodes) = (&train, &nodes);
                move || train_parser(train, nodes, seed)
            })
        });
        runs.into_iter().map(|run| run.join().map_err(|_| anyhow!("a parser failed"))).collect()
    })?;
    let (actions, labels) = parsers.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
    let (mut actions, mut labels) = (sum(actions)?, sum(labels)?);
    eprintln!("features: tagger {} actions {} labels {}", tagger.len(), actions.len(), labels.len());

    let mut writer = WeightsWriter::default();
    writer.bytes("tags", tags.section().into_bytes());
    writer.bytes("words", words.into_bytes());
    writer.bytes("classes", classes.to_bytes());
    writer.bytes("lemmas", Lemmas::learn(&lemma_counts).into_bytes());
    (tagger.steps, actions.steps, labels.steps) = (STEPS, STEPS, STEPS);
    writer.table("tagger", &Table::build(&tagger, TAG_BITS, LEAST_KEPT));
    writer.table("actions", &Table::build(&actions, ACTION_BITS, LEAST_KEPT));
    writer.table("labels", &Table::build(&labels, LABEL_BITS, LEAST_KEPT));
    let file = writer.finish()?;
    let model = Model::open(&file)?;
    for dev in ["ewt", "gum"] {
        let sentences = conllu::read(&options.corpus(&format!("language/{dev}-dev.conllu.gz")))?;
        eprintln!("{dev} dev: {}", measure(&model, &sentences));
    }
    options.write("firsthand-language", "english-syntax.fhw", &file)
}

/// The sum of averages: a committee that costs what one of them does.
fn sum<const K: usize>(averages: Vec<Average<K>>) -> anyhow::Result<Average<K>> {
    let sum = averages.into_iter().reduce(|mut sum, other| {
        sum.merge(other);
        sum
    });
    sum.context("nothing to sum")
}

fn tag_set(train: &[Sentence]) -> TagSet {
    let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
    for word in train.iter().flatten() {
        *counts.entry((word.upos.to_string(), word.xpos.clone())).or_default() += 1;
    }
    let mut order: Vec<_> = counts.into_iter().filter(|(_, n)| *n >= LEAST_TAG).collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    TagSet::parse(&order.iter().map(|((upos, xpos), _)| format!("{upos} {xpos}\n")).collect::<String>())
}

fn seen_tags(
    train: &[Sentence],
    gold: &[Vec<u8>],
    keep: impl Fn(usize) -> bool,
) -> BTreeMap<String, BTreeMap<u8, u32>> {
    let mut seen: BTreeMap<String, BTreeMap<u8, u32>> = BTreeMap::new();
    let mut plain = String::new();
    for (i, sentence) in train.iter().enumerate().filter(|(i, _)| keep(*i)) {
        for (word, &tag) in sentence.iter().zip(&gold[i]) {
            plain_form(&word.form, &mut plain);
            *seen.entry(plain.to_lowercase()).or_default().entry(tag).or_default() += 1;
        }
    }
    seen
}

fn intern<'t>(sentence: &'t Sentence, forms: &mut Forms<'t>, lists: &WordLists) -> Vec<u32> {
    sentence.iter().map(|w| forms.intern(&w.form, lists)).collect()
}

fn train_tagger(
    train: &[Sentence],
    gold: &[Vec<u8>],
    part: &[usize],
    lists: &WordLists,
    size: usize,
    passes: usize,
    seed: u64,
) -> Average<TAGS> {
    let mut forms = Forms::default();
    let ids: Vec<Vec<u32>> = part.iter().map(|&i| intern(&train[i], &mut forms, lists)).collect();
    let mut trainer = Trainer::<TAGS>::perceptron();
    let mut order: Vec<usize> = (0..part.len()).collect();
    let mut rng = Rng::new(seed);
    let mut features = Features::default();
    for _ in 0..passes {
        rng.shuffle(&mut order);
        for &k in &order {
            let input = TagInput::new(&forms.words, &ids[k]);
            let mut before = [u8::MAX, u8::MAX];
            for (i, &right) in gold[part[k]].iter().enumerate() {
                let guess = match forms.words[ids[k][i] as usize].only {
                    Some(only) => only,
                    None => {
                        tag_features(input, i, before, &mut features);
                        let guess = trainer.scores(&features).best_of(|c| c < size).unwrap_or(0);
                        trainer.update(&features, right as usize, guess);
                        guess as u8
                    }
                };
                before = [guess, before[0]];
            }
        }
    }
    trainer.average()
}

fn run_tagger(table: &Table<TAGS>, sentence: &Sentence, lists: &WordLists, size: usize) -> Vec<u8> {
    let mut forms = Forms::default();
    let ids = intern(sentence, &mut forms, lists);
    let (mut features, mut tags) = (Features::default(), Vec::new());
    tag(table, size, TagInput::new(&forms.words, &ids), &mut features, &mut tags);
    tags
}

fn nodes_of(train: &[Sentence], tagged: &[Vec<u8>], lists: &WordLists, tags: &TagSet) -> Vec<Vec<Node>> {
    let mut forms = Forms::default();
    train
        .iter()
        .zip(tagged)
        .map(|(sentence, tagged)| {
            let ids = intern(sentence, &mut forms, lists);
            let node = |(&id, &tag): (&u32, &u8)| Node::new(&forms.words[id as usize], tag, kind_bit(tags.upos(tag)));
            ids.iter().zip(tagged).map(node).collect()
        })
        .collect()
}

/// One step of training: the action to follow, and whether the guess was wrong.
fn choose(
    actions: &mut Trainer<3>,
    state: &State,
    gold: &[u32],
    features: &Features,
    pass: usize,
    rng: &mut Rng,
) -> Option<(usize, bool)> {
    let allowed = |a: usize| state.allows(Action::ALL[a]);
    let scores = actions.scores(features);
    let guess = scores.best_of(allowed)?;
    let costs = state.costs(gold);
    let least = (0..3).filter(|&a| allowed(a)).map(|a| costs[a]).min()?;
    if costs[guess] == least {
        actions.tick();
        return Some((guess, false));
    }
    let best = scores.best_of(|a| allowed(a) && costs[a] == least)?;
    actions.update(features, best, guess);
    // Follow the parser's own mistakes most of the time, once it is no longer a beginner.
    let own = pass > 0 && rng.unit() < EXPLORE;
    Some((if own { guess } else { best }, true))
}

fn train_parser(train: &[Sentence], nodes: &[Vec<Node>], seed: u64) -> (Average<3>, Average<LABELS>) {
    let mut actions = Trainer::<3>::perceptron().at_least(LEAST_MET);
    let mut labels = Trainer::<LABELS>::perceptron().at_least(LEAST_MET);
    let mut rng = Rng::new(seed);
    let mut order: Vec<usize> = (0..train.len()).collect();
    let (mut state, mut features) = (State::default(), Features::default());
    for pass in 0..PARSE_PASSES {
        rng.shuffle(&mut order);
        let (mut wrong, mut all) = (0u32, 0u32);
        for &k in &order {
            let gold: Vec<u32> = train[k].iter().map(|w| w.head).collect();
            state.start(nodes[k].iter().copied());
            while !state.is_done() {
                state.action_features(&mut features);
                let Some((follow, missed)) = choose(&mut actions, &state, &gold, &features, pass, &mut rng) else {
                    break;
                };
                all += 1;
                wrong += u32::from(missed);
                let action = Action::ALL[follow];
                let mut label = 0;
                if let Some((head, dependent)) = state.arc(action) {
                    label = ROOT;
                    if head as usize != state.len() {
                        state.label_features(head, dependent, &mut features);
                        let guess = labels.scores(&features).best_of(|l| l != ROOT as usize).unwrap_or(0);
                        let word = &train[k][dependent as usize];
                        if word.head == head {
                            labels.update(&features, word.label as usize, guess);
                        }
                        label = guess as u8;
                    }
                }
                state.act(action, label);
            }
        }
        eprintln!(
            "parser {seed} pass {pass}: {:.2}% of {all} actions wrong",
            100.0 * f64::from(wrong) / f64::from(all)
        );
    }
    (actions.average(), labels.average())
}

/// UPOS, UAS and LAS (main types of relations) on gold tokens, in words, and
/// the speed.
fn measure(model: &Model, sentences: &[Sentence]) -> String {
    let (mut all, mut pos, mut fine, mut uas, mut las, mut lem) = (0, 0, 0, 0, 0, 0);
    let mut per: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    let (mut work, mut tags) = (Work::default(), Vec::new());
    let (mut key, mut lemma) = (String::new(), String::new());
    let main = |l: u8| Relation::ALL[l as usize].as_str().split(':').next().unwrap_or("");
    let mut forms = Forms::default();
    let ids: Vec<Vec<u32>> = sentences.iter().map(|s| intern(s, &mut forms, &model.lists)).collect();
    let mut spent = [0.0; 2];
    for (sentence, ids) in sentences.iter().zip(&ids) {
        let t = cpu();
        tag(&model.tagger, model.tags.len(), TagInput::new(&forms.words, ids), &mut work.features, &mut tags);
        spent[0] += cpu() - t;
        let t = cpu();
        model.parse(&forms.words, ids, &tags, &mut work);
        let state = &work.state;
        spent[1] += cpu() - t;
        for (i, word) in sentence.iter().enumerate() {
            all += 1;
            pos += u32::from(model.tags.upos(tags[i]) == word.upos);
            fine += u32::from(model.tags.xpos(tags[i]) == word.xpos);
            lemma.clear();
            model.lemmas.lemma(&word.form, model.tags.upos(tags[i]), model.tags.xpos(tags[i]), &mut key, &mut lemma);
            lem += u32::from(lemma == word.lemma);
            let head = state.heads[i] == word.head;
            let same = main(state.labels[i]) == main(word.label);
            uas += u32::from(head);
            las += u32::from(head && same);
            per.entry(main(word.label)).or_default()[2] += 1;
            let guess = per.entry(main(state.labels[i])).or_default();
            guess[1] += 1;
            guess[0] += u32::from(head && same);
        }
    }
    let share = |n: u32| 100.0 * f64::from(n) / f64::from(all);
    let mut out = format!(
        "UPOS {:.2} XPOS {:.2} lemma {:.2} UAS {:.2} LAS {:.2}; tag {:.0} parse {:.0} words/s;",
        share(pos),
        share(fine),
        share(lem),
        share(uas),
        share(las),
        f64::from(all) / spent[0],
        f64::from(all) / spent[1]
    );
    for name in ["nsubj", "obj", "obl", "ccomp", "xcomp", "advcl", "acl", "conj", "parataxis", "appos", "nmod"] {
        if let Some([right, guess, gold]) = per.get(name) {
            out += &format!(" {name} {:.1}", 200.0 * f64::from(*right) / f64::from(guess + gold));
        }
    }
    out
}

/// Seconds of processor time of this thread; of the clock where that is not told.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|s| s.split(' ').next().and_then(|n| n.parse::<f64>().ok()));
    spent.unwrap_or(0.0) / 1e9
}
