//! Which models a knowledge base uses. The choice is stored in it.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::KnowledgeBase;
use crate::error::Result;
use crate::model::deferred::{Choice, DeferredEmbedder, DeferredReranker};
use crate::model::remote::{Limits, RemoteError, RemoteSpec};
use crate::model::{BUILT_IN, Embedder, Library, Purpose, Reranker, StaticEmbedder};
use crate::store::{Catalogue, WriteLock};

/// The settings' names.
const MODEL: &str = "model";
const RERANKER: &str = "reranker";
/// How the environment variables begin that hold keys for a knowledge base's models.
const KEYS: &str = "YUANWEN_";

/// A model as the settings hold it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Chosen {
    Remote(RemoteSpec),
    Installed(Choice),
}

/// Changes of the models: the name of one that is installed, or of a remote one as
/// [`RemoteSpec::named`] reads it; `None` leaves one as it is, [`BUILT_IN`] takes it back.
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
    /// If a model is not installed or is for something else, a remote one does not answer, or the
    /// folder cannot be written.
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
                    let choice = serde_json::to_string(&choose(name, purpose, &library)?);
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

/// The model of a name, which is asked once if it is a remote one.
fn choose(name: &str, purpose: Purpose, library: &Library) -> Result<Chosen> {
    let Some(spec) = RemoteSpec::named(name)? else {
        let installed = library.find(name)?;
        installed.must_be(purpose)?;
        return Ok(Chosen::Installed(Choice::from(installed)));
    };
    let spec = guarded(spec)?;
    Ok(Chosen::Remote(match purpose {
        Purpose::Embedder => spec.measured()?,
        Purpose::Reranker => {
            spec.reranker(Limits::default())?.scores("问", &["答"])?;
            spec
        }
    }))
}

/// A remote model whose key may be read: a knowledge base that came from somebody else must not
/// send the secrets of other programs to a server of their choice.
fn guarded(spec: RemoteSpec) -> Result<RemoteSpec> {
    match spec.key_env.as_deref() {
        Some(name) if !name.starts_with(KEYS) => Err(RemoteError::Settings {
            why: format!("the key's environment variable {name} must begin with {KEYS}; rename it"),
            url: spec.url,
        }
        .into()),
        _ => Ok(spec),
    }
}

/// An embedder, and a reranker if there is one.
type Pair = (Arc<dyn Embedder>, Option<Arc<dyn Reranker>>);

/// The models that a catalogue names.
pub(super) fn chosen(catalogue: &Catalogue) -> Result<Pair> {
    let choice = |name: &str| -> Result<Option<Chosen>> {
        let value = catalogue.setting(name)?;
        match value.and_then(|value| serde_json::from_str(&value).ok()) {
            Some(Chosen::Remote(spec)) => Ok(Some(Chosen::Remote(guarded(spec)?))),
            chosen => Ok(chosen),
        }
    };
    let library = Library::of_user();
    let embedder: Arc<dyn Embedder> = match choice(MODEL)? {
        Some(Chosen::Remote(spec)) => spec.embedder(Limits::default())?,
        Some(Chosen::Installed(choice)) => Arc::new(DeferredEmbedder::new(library.clone(), choice)),
        None => Arc::new(StaticEmbedder::built_in()),
    };
    let reranker: Option<Arc<dyn Reranker>> = match choice(RERANKER)? {
        Some(Chosen::Remote(spec)) => Some(spec.reranker(Limits::default())?),
        Some(Chosen::Installed(choice)) => {
            Some(Arc::new(DeferredReranker::new(library, choice.name)))
        }
        None => None,
    };
    Ok((embedder, reranker))
}
