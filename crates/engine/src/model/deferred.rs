//! A model of the user's that is loaded when it is first needed: listing a knowledge base's
//! documents must not cost a second and some hundred megabytes, nor fail where the model is gone.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::library::{Installed, Library};
use super::transformer::apart;
use super::{CrossEncoder, Embedder, Reranker, Transformer};
use crate::error::Result;

/// What a knowledge base remembers of its model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) dimensions: usize,
}

impl From<Installed> for Choice {
    fn from(installed: Installed) -> Self {
        let digest = installed.tells();
        Self { name: installed.name, digest, dimensions: installed.dimensions }
    }
}

impl Choice {
    /// As the model is today; as it was where it is no longer there.
    fn today(self, library: &Library) -> Self {
        library.find(&self.name).map_or(self, Self::from)
    }
}

/// An embedder that is not loaded yet.
pub(crate) struct DeferredEmbedder {
    library: Library,
    choice: Choice,
    loaded: Mutex<Option<Arc<Transformer>>>,
}

impl DeferredEmbedder {
    pub(crate) fn new(library: Library, choice: Choice) -> Self {
        Self { choice: choice.today(&library), library, loaded: Mutex::new(None) }
    }

    fn loaded(&self) -> Result<Arc<Transformer>> {
        first(&self.loaded, || self.library.embedder(&self.choice.name))
    }
}

impl Embedder for DeferredEmbedder {
    fn name(&self) -> &str {
        &self.choice.name
    }

    fn digest(&self) -> &str {
        &self.choice.digest
    }

    fn dimensions(&self) -> usize {
        self.choice.dimensions
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.loaded()?.passages(texts)
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        self.loaded()?.query(text)
    }
}

/// A reranker that is not loaded yet.
pub(crate) struct DeferredReranker {
    library: Library,
    name: String,
    loaded: Mutex<Option<Arc<CrossEncoder>>>,
}

impl DeferredReranker {
    pub(crate) fn new(library: Library, name: String) -> Self {
        Self { library, name, loaded: Mutex::new(None) }
    }
}

impl Reranker for DeferredReranker {
    fn name(&self) -> &str {
        &self.name
    }

    fn scores(&self, question: &str, passages: &[&str]) -> Result<Vec<f32>> {
        let loaded = first(&self.loaded, || self.library.reranker(&self.name))?;
        loaded.scores(question, passages)
    }
}

/// What is loaded, or is loaded now.
fn first<T: Send + Sync>(
    place: &Mutex<Option<Arc<T>>>,
    load: impl FnOnce() -> Result<T> + Send,
) -> Result<Arc<T>> {
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    match &*place {
        Some(loaded) => Ok(Arc::clone(loaded)),
        None => Ok(Arc::clone(place.insert(Arc::new(apart(load)?)))),
    }
}
