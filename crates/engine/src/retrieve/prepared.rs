//! A passage with what every question asks of its text, found out once.
//!
//! Measuring a candidate cuts its text into terms, sentences and words; for a hundred candidates a
//! question that is most of the work, and it is the same for each question. The catalogue keeps
//! what was prepared lately, so that a service does it once a passage.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

use yuanwen_parse::Metadata;

use crate::model::StaticEmbedder;
use crate::passage::Passage;
use crate::text::normalize::bare;
use crate::text::segment::{Segmented, TermKind};
use crate::text::sentence::sentences;

/// A passage, its text taken apart.
#[derive(Debug)]
pub struct Prepared {
    passage: Passage,
    /// Its text.
    pub(crate) body: Keyed,
    /// Its headings, joined by line feeds.
    pub(crate) above: Keyed,
    /// The sentences of its text.
    pub(crate) sentences: Vec<Range<usize>>,
    words: OnceLock<Words>,
}

/// What names a document, taken apart.
#[derive(Debug)]
pub struct Names {
    /// Title, file name and publisher, on a line each.
    pub(crate) titles: String,
    /// The same without what may be written differently.
    pub(crate) bare: String,
    pub(crate) keyed: Keyed,
    /// The words of the title.
    pub(crate) title: Vec<u32>,
}

impl Names {
    /// Takes apart what names a document.
    pub fn new(meta: &Metadata, name: &str) -> Self {
        let title = meta.title.as_deref().unwrap_or_default();
        let publisher = meta.publisher.as_deref().unwrap_or_default();
        let titles = format!("{title}\n{name}\n{publisher}");
        let (bare, keyed) = (bare(&titles), Keyed::new(&titles));
        Self { bare, keyed, titles, title: cut(title) }
    }
}

/// The words of a text as rows of the built-in table.
fn cut(text: &str) -> Vec<u32> {
    StaticEmbedder::built_in().words(text)
}

/// The words of a passage as rows of the built-in table.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) headings: Vec<u32>,
    /// Those of each sentence.
    pub(crate) sentences: Vec<Vec<u32>>,
}

/// A text cut into atoms, with a key for each term.
#[derive(Debug)]
pub(crate) struct Keyed {
    pub(crate) segmented: Segmented,
    /// For each atom the key of itself, and of the pair with the next one; 0 if there is none.
    pub(crate) keys: Vec<[u64; 2]>,
}

impl Prepared {
    /// Takes a passage apart.
    pub fn new(passage: Passage) -> Self {
        let body = Keyed::new(&passage.text);
        let above = Keyed::new(&passage.headings.join("\n"));
        let sentences = sentences(&passage.text);
        Self { passage, body, above, sentences, words: OnceLock::new() }
    }

    /// Its words, cut when they are first asked for: only the best passages are.
    pub(crate) fn words(&self) -> &Words {
        self.words.get_or_init(|| Words {
            headings: cut(&self.passage.headings.join("\n")),
            sentences: self
                .sentences
                .iter()
                .map(|one| cut(&self.passage.text[one.clone()]))
                .collect(),
        })
    }

    /// The words of a stretch of its text.
    pub(crate) fn words_of(&self, range: &Range<usize>) -> Cow<'_, [u32]> {
        let order = |one: &Range<usize>| one.start.cmp(&range.start).then(one.end.cmp(&range.end));
        match self.sentences.binary_search_by(order) {
            Ok(at) => Cow::Borrowed(&self.words().sentences[at]),
            Err(_) => Cow::Owned(cut(&self.passage.text[range.clone()])),
        }
    }

    /// How much memory it takes, roughly, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        let atoms = self.body.keys.len() + self.above.keys.len();
        // Per atom: itself, its keys, its characters twice, and about half a word.
        (1024 + atoms * (20 + 16 + 6 + 4) + self.sentences.len() * 48) as u64
    }
}

impl Deref for Prepared {
    type Target = Passage;

    fn deref(&self) -> &Passage {
        &self.passage
    }
}

impl Keyed {
    pub(crate) fn new(text: &str) -> Self {
        let segmented = Segmented::new(text);
        let keys = |at: usize| {
            let mut keys = [0; 2];
            for term in segmented.terms_at(at) {
                keys[usize::from(term.kind == TermKind::Pair)] = key(term.text);
            }
            keys
        };
        let keys = (0..segmented.atoms().len()).map(keys).collect();
        Self { segmented, keys }
    }
}

/// A number that stands for a term, never 0. Of 64 bits, so that two terms of a language do not
/// share one: FNV-1a, with a last multiplication that spreads it over the high bits.
pub(crate) fn key(term: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in term.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
}
