use std::ops::Range;

use firsthand_span::Span;
use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{LocalEntity, Mention};

words! {
    /// Universal part-of-speech tags (UD v2).
    Upos {
        Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET", Intj = "INTJ",
        Noun = "NOUN", Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN", Punct = "PUNCT",
        Sconj = "SCONJ", Sym = "SYM", Verb = "VERB", X = "X",
    }
}

words! {
    /// Universal dependency relations (UD v2), with the few subtypes that the
    /// later stages lean on.
    Relation {
        Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", Advmod = "advmod", Amod = "amod", Appos = "appos",
        Aux = "aux", AuxPass = "aux:pass", Case = "case", Cc = "cc", Ccomp = "ccomp", Clf = "clf",
        Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj", Cop = "cop", Csubj = "csubj",
        CsubjPass = "csubj:pass", Dep = "dep", Det = "det", Discourse = "discourse", Dislocated = "dislocated",
        Expl = "expl", Fixed = "fixed", Flat = "flat", Goeswith = "goeswith", Iobj = "iobj", List = "list",
        Mark = "mark", Nmod = "nmod", NmodPoss = "nmod:poss", Nsubj = "nsubj", NsubjPass = "nsubj:pass",
        Nummod = "nummod", Obj = "obj", Obl = "obl", OblAgent = "obl:agent", Orphan = "orphan",
        Parataxis = "parataxis", Punct = "punct", Reparandum = "reparandum", Root = "root", Vocative = "vocative",
        Xcomp = "xcomp",
    }
}

/// The tokens of a text, one list per property (struct of arrays). All lists
/// but the lemma text are of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// Bytes of the clean text; every token re-slices from it.
    pub spans: Vec<Span>,
    /// Part of speech.
    pub upos: Vec<Upos>,
    /// Index of the head token in the whole text; its own index for a root.
    pub heads: Vec<u32>,
    /// Relation to the head.
    pub relations: Vec<Relation>,
    /// Where each lemma stands in `lemma_text`.
    pub lemma_spans: Vec<Span>,
    /// All lemmas, one after the other.
    pub lemma_text: String,
}

impl Tokens {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The lemma of token `i`, lower case but for names.
    pub fn lemma(&self, i: usize) -> &str {
        self.lemma_spans.get(i).map_or("", |s| s.of(&self.lemma_text))
    }

    /// The words of token `i` of `text`.
    pub fn word<'t>(&self, i: usize, text: &'t str) -> &'t str {
        self.spans.get(i).map_or("", |s| s.of(text))
    }

    /// Whether token `i` heads its sentence.
    pub fn is_root(&self, i: usize) -> bool {
        self.heads.get(i).is_some_and(|&h| h as usize == i)
    }

    /// The tokens that share a byte with `span`.
    pub fn within(&self, span: Span) -> Range<usize> {
        let start = self.spans.partition_point(|s| s.end <= span.start);
        let end = self.spans.partition_point(|s| s.start < span.end);
        start..end.max(start)
    }
}

/// A sentence (or a headline, or a caption): never crosses a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Bytes of the clean text.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<u32>,
    /// Index of its block in the report.
    pub block: u32,
}

/// What the language stage finds in one clean text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The tokens of blocks that are not furniture.
    pub tokens: Tokens,
    /// Sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Names, descriptions and pronouns, in order of their spans.
    pub mentions: Vec<Mention>,
    /// The persons, organisations and places they stand for, in order of first mention.
    pub entities: Vec<LocalEntity>,
}

impl Analysis {
    /// Index of the sentence at a byte of the clean text.
    pub fn sentence_at(&self, at: u32) -> Option<usize> {
        let i = self.sentences.partition_point(|s| s.span.end <= at);
        self.sentences.get(i).filter(|s| s.span.contains(at)).map(|_| i)
    }

    /// The mention that fits a span best: the one sharing most bytes with it,
    /// the longer and then the earlier one on a tie.
    pub fn mention_in(&self, span: Span) -> Option<&Mention> {
        self.mentions
            .iter()
            .filter_map(|m| m.span.intersection(span).map(|both| (both.len(), m)))
            .max_by_key(|(n, m)| (*n, m.span.len(), std::cmp::Reverse(m.span.start)))
            .map(|(_, m)| m)
    }
}
