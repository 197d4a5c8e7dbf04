//! Changing what compares meanings, while questions are answered.
//!
//! The vectors of the new model are made on a thread of its own, which may take hours with a large
//! one; the old ones serve until all are there. What was made before the service ends is taken up
//! when the change is asked for again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use yuanwen_engine::kb::KnowledgeBase;

use super::error::{ApiError, Code};
use super::{KbId, Service};

/// A change that is under way, or that failed last.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The new model.
    pub(crate) model: String,
    /// How many passages have got its vectors, of how many.
    pub(crate) passages: usize,
    pub(crate) expected: usize,
    /// Why it failed.
    pub(crate) problem: Option<String>,
}

/// The changes of all knowledge bases.
#[derive(Default)]
pub(crate) struct Changes(Mutex<BTreeMap<KbId, Change>>);

impl Changes {
    /// That of a knowledge base.
    pub(crate) fn of(&self, id: &KbId) -> Option<Change> {
        self.all().get(id).cloned()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<KbId, Change>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to change the embedder of a knowledge base.
///
/// # Errors
/// [`Code::KbBusy`] where another change is under way.
pub(crate) fn begin(
    service: &Arc<Service>,
    id: &KbId,
    kb: Arc<KnowledgeBase>,
    model: String,
) -> Result<(), ApiError> {
    {
        let mut all = service.changes.all();
        if all.get(id).is_some_and(|change| change.problem.is_none()) {
            return Err(Code::KbBusy.into());
        }
        let change = Change { model: model.clone(), passages: 0, expected: 0, problem: None };
        all.insert(id.clone(), change);
    }
    let (own, of) = (Arc::downgrade(service), id.clone());
    let run = move || {
        let told = kb.change_embedder(&model, &|made| {
            let Some(service) = own.upgrade() else { return false };
            if let Some(change) = service.changes.all().get_mut(&of) {
                (change.passages, change.expected) = (made.passages, made.expected);
            }
            true
        });
        let Some(service) = own.upgrade() else { return };
        let mut all = service.changes.all();
        match told {
            Ok(_) => drop(all.remove(&of)),
            Err(error) => {
                let problem = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(kb = %of, problem, "the embedder was not changed");
                if let Some(change) = all.get_mut(&of) {
                    change.problem = Some(problem);
                }
            }
        }
    };
    let thread = thread::Builder::new().name("vectors".to_owned());
    thread.spawn(run).map_err(ApiError::internal).map(drop)
}
