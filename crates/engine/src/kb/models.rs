//! Which models a knowledge base uses. The choice is stored in it, once the vectors are there.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::KnowledgeBase;
use super::follow::complete;
use crate::error::Result;
use crate::model::deferred::{Choice, DeferredEmbedder, DeferredReranker};
use crate::model::remote::{Limits, RemoteError, RemoteSpec};
use crate::model::{BUILT_IN, Embedder, Library, Purpose, Reranker, StaticEmbedder};
use crate::store::{Catalogue, WriteLock};
use crate::vectors::{Made, Vectors};

/// The settings' names.
const MODEL: &str = "model";
const RERANKER: &str = "reranker";
/// What takes a reranker back, beside [`BUILT_IN`].
const NONE: &str = "none";
/// How the environment variables begin that hold keys for a knowledge base's models.
const KEYS: &str = "YUANWEN_";

/// A model as the settings hold it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Chosen {
    Remote(RemoteSpec),
    Installed(Choice),
}

/// Changes of the models: the name of one that is installed, or of a remote one as
/// [`RemoteSpec::named`] reads it; `None` leaves one as it is, [`BUILT_IN`] takes it back, and so does
/// `none` with the reranker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Models {
    /// What turns texts into vectors.
    pub embedder: Option<String>,
    /// What orders the best passages once more.
    pub reranker: Option<String>,
}

impl KnowledgeBase {
    /// Sets the models of the knowledge base of a folder, which is made if there is none. If the
    /// embedder is another one, its vectors are made before it is set.
    ///
    /// # Errors
    /// If a model is not installed or is for something else, it fails, a remote one does not
    /// answer, or the folder cannot be written.
    pub fn set_models(dir: &Path, models: &Models) -> Result<()> {
        let catalogue = Catalogue::open(dir, true)?;
        if let Some(name) = &models.reranker {
            let choice = choose(name, Purpose::Reranker)?;
            let _lock = WriteLock::take(dir)?;
            set(&catalogue, RERANKER, choice.as_ref())?;
        }
        if let Some(name) = &models.embedder {
            remake(dir, &catalogue, choose(name, Purpose::Embedder)?, &|_| true)?;
        }
        Ok(())
    }

    /// Changes the embedder while questions are answered: the vectors of the new one are made
    /// beside the old, which serve until all are there. Documents may be added and removed
    /// meanwhile. `go_on` hears how far it has come, and may end it, which changes nothing; what
    /// was made is taken up by the next attempt. Gives whether the new ones serve now.
    ///
    /// # Errors
    /// As [`KnowledgeBase::set_models`]; the old ones then serve as before.
    pub fn change_embedder(&self, name: &str, go_on: &dyn Fn(Made<'_>) -> bool) -> Result<bool> {
        let choice = choose(name, Purpose::Embedder)?;
        let remade = remake(&self.dir, &self.catalogue, choice, go_on)?;
        if let Some(vectors) = &remade {
            self.index.vectors.adopt(vectors);
        }
        Ok(remade.is_some())
    }

    /// Changes the reranker while questions are answered; those that are asked from now on have it.
    ///
    /// # Errors
    /// As [`KnowledgeBase::set_models`]; the old one then serves as before.
    pub fn change_reranker(&self, name: &str) -> Result<()> {
        let choice = choose(name, Purpose::Reranker)?;
        let new = reranker(choice.clone(), &Library::of_user())?;
        let _lock = WriteLock::wait(&self.dir)?;
        set(&self.catalogue, RERANKER, choice.as_ref())?;
        self.index.set_reranker(new);
        Ok(())
    }

    /// The vectors that its model makes of texts.
    ///
    /// # Errors
    /// If the model fails.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.index.vectors.of(texts)
    }

    /// The names of its models: the embedder, and the reranker if it has one.
    pub fn models(&self) -> (String, Option<String>) {
        let reranker = self.index.reranker().map(|reranker| reranker.name().to_owned());
        (self.index.vectors.model(), reranker)
    }
}

/// Makes the vectors of a model, then sets it. `None` if that was ended before its time.
///
/// The setting is one transaction, and each model's vectors have a file of their own: whoever opens
/// the knowledge base finds the old model and its vectors, or the new one and all of its.
fn remake(
    dir: &Path,
    catalogue: &Catalogue,
    choice: Option<Chosen>,
    go_on: &dyn Fn(Made<'_>) -> bool,
) -> Result<Option<Vectors>> {
    let vectors = Vectors::open(dir, embedder(choice.clone(), &Library::of_user())?);
    // The second time for what was added meanwhile, so that others wait for little with the lock.
    for _ in 0..2 {
        if !complete(&vectors, &catalogue.live()?, catalogue, go_on)? {
            return Ok(None);
        }
    }
    let _lock = WriteLock::wait(dir)?;
    complete(&vectors, &catalogue.live()?, catalogue, &|_| true)?;
    vectors.commit(catalogue.generation()?)?;
    set(catalogue, MODEL, choice.as_ref())?;
    vectors.forget_others();
    Ok(Some(vectors))
}

/// Stores a choice; `None` takes it back.
fn set(catalogue: &Catalogue, name: &str, choice: Option<&Chosen>) -> Result<()> {
    let value = choice.map(|choice| serde_json::to_string(choice).unwrap_or_default());
    catalogue.set(name, value.as_deref())
}

/// The model of a name, which is asked once if it is a remote one; `None` for what is built in.
fn choose(name: &str, purpose: Purpose) -> Result<Option<Chosen>> {
    if name == BUILT_IN || purpose == Purpose::Reranker && name == NONE {
        return Ok(None);
    }
    let Some(spec) = RemoteSpec::named(name)? else {
        let installed = Library::of_user().find(name)?;
        installed.must_be(purpose)?;
        return Ok(Some(Chosen::Installed(Choice::from(installed))));
    };
    let spec = guarded(spec)?;
    Ok(Some(Chosen::Remote(match purpose {
        Purpose::Embedder => spec.measured()?,
        Purpose::Reranker => {
            spec.reranker(Limits::default())?.scores("问", &["答"])?;
            spec
        }
    })))
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
    let library = Library::of_user();
    let reranker = reranker(choice(catalogue, RERANKER)?, &library)?;
    Ok((embedder(choice(catalogue, MODEL)?, &library)?, reranker))
}

fn reranker(choice: Option<Chosen>, library: &Library) -> Result<Option<Arc<dyn Reranker>>> {
    Ok(match choice {
        Some(Chosen::Remote(spec)) => Some(guarded(spec)?.reranker(Limits::default())?),
        Some(Chosen::Installed(choice)) => {
            Some(Arc::new(DeferredReranker::new(library.clone(), choice.name)))
        }
        None => None,
    })
}

/// The embedder that a catalogue names.
pub(super) fn chosen_embedder(catalogue: &Catalogue) -> Result<Arc<dyn Embedder>> {
    embedder(choice(catalogue, MODEL)?, &Library::of_user())
}

fn choice(catalogue: &Catalogue, name: &str) -> Result<Option<Chosen>> {
    let value = catalogue.setting(name)?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

fn embedder(choice: Option<Chosen>, library: &Library) -> Result<Arc<dyn Embedder>> {
    Ok(match choice {
        Some(Chosen::Remote(spec)) => guarded(spec)?.embedder(Limits::default())?,
        Some(Chosen::Installed(choice)) => Arc::new(DeferredEmbedder::new(library.clone(), choice)),
        None => Arc::new(StaticEmbedder::built_in().clone()),
    })
}
