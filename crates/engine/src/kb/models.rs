//! Which models a knowledge base uses. The choice is stored in it.

use std::path::Path;
use std::sync::Arc;

use super::KnowledgeBase;
use crate::error::Result;
use crate::model::deferred::{Choice, DeferredEmbedder, DeferredReranker};
use crate::model::{BUILT_IN, Embedder, Library, Purpose, Reranker, StaticEmbedder};
use crate::store::{Catalogue, WriteLock};

/// The settings' names.
const MODEL: &str = "model";
const RERANKER: &str = "reranker";

/// Changes of the models; `None` leaves one as it is, [`BUILT_IN`] takes it back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Models {
    /// What turns texts into vectors.
    pub embedder: Option<String>,
    /// What orders the best passages once more.
    pub reranker: Option<String>,
}

impl KnowledgeBase {
    /// Sets the models of the knowledge base of a folder, which is made if there is none. Opening
    /// it then makes its vectors anew if they are of another model.
    ///
    /// # Errors
    /// If a model is not installed or is for something else, or the folder cannot be written.
    pub fn set_models(dir: &Path, models: &Models) -> Result<()> {
        let library = Library::of_user();
        let catalogue = Catalogue::open(dir, true)?;
        let _lock = WriteLock::take(dir)?;
        let changes = [
            (MODEL, &models.embedder, Purpose::Embedder),
            (RERANKER, &models.reranker, Purpose::Reranker),
        ];
        for (setting, name, purpose) in changes {
            match name.as_deref() {
                None => (),
                Some(BUILT_IN) => catalogue.set(setting, None)?,
                Some(name) => {
                    let installed = library.find(name)?;
                    installed.must_be(purpose)?;
                    let choice = serde_json::to_string(&Choice::from(installed));
                    catalogue.set(setting, choice.ok().as_deref())?;
                }
            }
        }
        Ok(())
    }

    /// The names of its models: the embedder, and the reranker if it has one.
    pub fn models(&self) -> (&str, Option<&str>) {
        let reranker = self.index.reranker.as_ref().map(|reranker| reranker.name());
        (self.index.vectors.model(), reranker)
    }
}

/// An embedder, and a reranker if there is one.
type Chosen = (Arc<dyn Embedder>, Option<Arc<dyn Reranker>>);

/// The models that a catalogue names.
pub(super) fn chosen(catalogue: &Catalogue) -> Result<Chosen> {
    let choice = |name: &str| {
        let value = catalogue.setting(name)?;
        Ok(value.and_then(|value| serde_json::from_str::<Choice>(&value).ok()))
    };
    let library = Library::of_user();
    let embedder: Arc<dyn Embedder> = match choice(MODEL)? {
        Some(choice) => Arc::new(DeferredEmbedder::new(library.clone(), choice)),
        None => Arc::new(StaticEmbedder::built_in()),
    };
    let reranker = |choice: Choice| -> Arc<dyn Reranker> {
        Arc::new(DeferredReranker::new(library, choice.name))
    };
    let choice: Result<Option<Choice>> = choice(RERANKER);
    Ok((embedder, choice?.map(reranker)))
}
