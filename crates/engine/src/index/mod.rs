//! Indexes over passages: the full-text index, and beside it the vectors ([`crate::vectors`]).
//! They are derived from the catalogue, carry its generation, and can be thrown away and rebuilt
//! at any time.

mod analyser;
pub mod lexical;
mod terms;

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use yuanwen_parse::Metadata;

pub use lexical::{Hit, Lexical};

use crate::error::Result;
use crate::model::{Embedder, Reranker, StaticEmbedder};
use crate::passage::Passage;
use crate::query::Query;
use crate::retrieve::Matcher;
use crate::vectors::Vectors;

/// Words and meaning: both indexes of one knowledge base.
pub struct Index {
    /// The full-text index.
    pub lexical: Lexical,
    /// The vectors.
    pub vectors: Vectors,
    reranker: RwLock<Option<Arc<dyn Reranker>>>,
}

impl Index {
    /// Opens both in the folder of a knowledge base.
    pub fn open(
        dir: &Path,
        embedder: Arc<dyn Embedder>,
        reranker: Option<Arc<dyn Reranker>>,
    ) -> Result<Self> {
        let lexical = Lexical::open(&dir.join("index"))?;
        let vectors = Vectors::open(dir, embedder);
        Ok(Self { lexical, vectors, reranker: RwLock::new(reranker) })
    }

    /// Both, living as long as the value.
    pub fn in_memory() -> Result<Self> {
        let vectors = Vectors::in_memory(Arc::new(StaticEmbedder::built_in().clone()));
        Ok(Self { lexical: Lexical::in_memory()?, vectors, reranker: RwLock::default() })
    }

    /// What orders the best passages once more, if there is such a model.
    pub fn reranker(&self) -> Option<Arc<dyn Reranker>> {
        self.reranker.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets another model do that from now on; questions that are being answered keep theirs.
    pub fn set_reranker(&self, reranker: Option<Arc<dyn Reranker>>) {
        *self.reranker.write().unwrap_or_else(PoisonError::into_inner) = reranker;
    }

    /// Adds the passages of a document version. Seen by searches after [`Index::commit`].
    pub fn add(
        &self,
        version: u64,
        name: &str,
        meta: &Metadata,
        passages: &[Passage],
    ) -> Result<()> {
        self.lexical.add(version, name, meta, passages)?;
        self.vectors.add(version, meta, passages)
    }

    /// Removes a document version. It is gone for searches after [`Index::commit`].
    pub fn remove(&self, version: u64) -> Result<()> {
        self.vectors.remove(version);
        self.lexical.remove(version)
    }

    /// Removes everything. It is gone for searches after [`Index::commit`].
    pub fn clear(&self) -> Result<()> {
        self.vectors.clear();
        self.lexical.clear()
    }

    /// Forgets what was not committed, after something failed half-way.
    pub fn undo(&self) {
        self.vectors.undo();
        self.lexical.undo();
    }

    /// Makes all changes durable and visible, as the indexes of this generation of the catalogue.
    pub fn commit(&self, generation: u64) -> Result<()> {
        // The full-text index's generation is the one that tells how far both have come.
        self.vectors.commit(generation)?;
        self.lexical.commit(generation)
    }

    /// Shows what another process committed.
    pub fn reload(&self) -> Result<()> {
        self.vectors.reload();
        self.lexical.reload()
    }

    /// The generation of the last commit; 0 where there was none.
    pub fn generation(&self) -> Result<u64> {
        self.lexical.generation()
    }

    /// How many passages the full-text index holds.
    pub fn len(&self) -> u64 {
        self.lexical.len()
    }

    /// Whether it holds no passage.
    pub fn is_empty(&self) -> bool {
        self.lexical.is_empty()
    }

    /// Finds a query's terms in texts, each worth as much as it is rare here.
    pub fn matcher(&self, query: &Query) -> Result<Matcher> {
        self.lexical.matcher(query)
    }
}
