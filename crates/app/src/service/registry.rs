//! The knowledge bases that a server serves: one folder, or all below `DATA/kbs`.
//!
//! A knowledge base is opened when it is first asked for and stays open. Its folder is locked
//! against other servers for as long as it is open here.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use yuanwen_engine::kb::KnowledgeBase;

use super::about::About;
use super::error::{ApiError, Code};
use super::kb_id::KbId;
use super::lock::ServingLock;

/// What a knowledge base that is being deleted is called until it is gone.
const DELETED: &str = ".deleted-";

/// Where the knowledge bases are.
#[derive(Debug)]
enum Place {
    One { id: KbId, dir: PathBuf },
    Many { kbs: PathBuf },
}

/// A knowledge base that is open.
struct Open {
    kb: Arc<KnowledgeBase>,
    _lock: Option<ServingLock>,
}

/// A knowledge base that may be open. Locked while it is being opened, so that this is done once.
type Slot = Arc<Mutex<Option<Open>>>;

/// The knowledge bases of a server.
pub(crate) struct Registry {
    place: Place,
    slots: Mutex<BTreeMap<KbId, Slot>>,
}

impl Registry {
    /// The one knowledge base of a folder, which must be there.
    pub(crate) fn one(dir: &Path) -> anyhow::Result<Self> {
        let kb = Arc::new(KnowledgeBase::open(dir)?);
        let id = KbId::of_folder(dir);
        let slot = Arc::new(Mutex::new(Some(Open { kb, _lock: None })));
        let slots = Mutex::new([(id.clone(), slot)].into());
        Ok(Self { place: Place::One { id, dir: dir.to_owned() }, slots })
    }

    /// The knowledge bases of a data directory, which is made if it is not there.
    pub(crate) fn many(data: &Path) -> anyhow::Result<Self> {
        let kbs = data.join("kbs");
        fs::create_dir_all(&kbs).with_context(|| kbs.display().to_string())?;
        let registry = Self { place: Place::Many { kbs }, slots: Mutex::default() };
        registry.finish_deletions()?;
        Ok(registry)
    }

    /// Whether there may be several, which can be made and deleted.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self.place, Place::Many { .. })
    }

    /// The ids, in order.
    pub(crate) fn ids(&self) -> Result<Vec<KbId>, ApiError> {
        let kbs = match &self.place {
            Place::One { id, .. } => return Ok(vec![id.clone()]),
            Place::Many { kbs } => kbs,
        };
        let mut ids: Vec<KbId> = fs::read_dir(kbs)
            .map_err(ApiError::internal)?
            .flatten()
            .filter_map(|entry| KbId::new(entry.file_name().to_str()?))
            .filter(|id| self.dir(id).is_ok())
            .collect();
        ids.sort();
        Ok(ids)
    }

    /// The folder that all of them lie in.
    pub(crate) fn folder(&self) -> &Path {
        match &self.place {
            Place::One { dir, .. } => dir,
            Place::Many { kbs } => kbs,
        }
    }

    /// The folder of a knowledge base.
    pub(crate) fn dir(&self, id: &KbId) -> Result<PathBuf, ApiError> {
        let dir = match &self.place {
            Place::One { id: own, dir } => (own == id).then(|| dir.clone()),
            Place::Many { kbs } => {
                let dir = kbs.join(id.as_str());
                dir.join("catalogue.db").is_file().then_some(dir)
            }
        };
        dir.ok_or_else(|| Code::KbNotFound.into())
    }

    /// A knowledge base, which is opened if it is not. That may take seconds.
    pub(crate) fn get(&self, id: &KbId) -> Result<Arc<KnowledgeBase>, ApiError> {
        // One that somebody has removed by hand must not stay open.
        let dir = self.dir(id).inspect_err(|_| drop(self.slots().remove(id)))?;
        let slot = Arc::clone(self.slots().entry(id.clone()).or_default());
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = slot.as_ref() {
            return Ok(Arc::clone(&open.kb));
        }
        let lock = ServingLock::take(&dir).map_err(|_| ApiError::new(Code::KbServed))?;
        let kb = Arc::new(KnowledgeBase::open(&dir)?);
        *slot = Some(Open { kb: Arc::clone(&kb), _lock: Some(lock) });
        Ok(kb)
    }

    /// Makes an empty knowledge base.
    pub(crate) fn create(&self, id: &KbId, about: &About) -> Result<(), ApiError> {
        let kbs = self.kbs()?;
        let dir = kbs.join(id.as_str());
        match fs::create_dir(&dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(Code::KbExists.into());
            }
            made => made.map_err(ApiError::internal)?,
        }
        let fill = || -> Result<(), ApiError> {
            about.write(&dir).map_err(ApiError::internal)?;
            KnowledgeBase::create(&dir)?;
            Ok(())
        };
        fill().inspect_err(|_| drop(fs::remove_dir_all(&dir)))
    }

    /// Deletes a knowledge base with all that is in it. Requests that use it at the moment may
    /// fail; later ones do not find it.
    pub(crate) fn delete(&self, id: &KbId) -> Result<(), ApiError> {
        let kbs = self.kbs()?;
        let dir = self.dir(id)?;
        let gone = (0..).map(|nth| kbs.join(format!("{DELETED}{id}-{nth}")));
        let gone = gone.take(1000).find(|dir| !dir.exists());
        let gone = gone.ok_or_else(|| ApiError::new(Code::KbBusy))?;
        let slot = self.slots().remove(id);
        fs::rename(&dir, &gone).map_err(ApiError::internal)?;
        drop(slot);
        fs::remove_dir_all(&gone).map_err(ApiError::internal)
    }

    /// The knowledge bases that are open, with their folders.
    pub(crate) fn open(&self) -> Vec<(KbId, Arc<KnowledgeBase>)> {
        let slots: Vec<(KbId, Slot)> =
            self.slots().iter().map(|(id, slot)| (id.clone(), Arc::clone(slot))).collect();
        // One that is just being opened is left out, not waited for.
        let open = |(id, slot): (KbId, Slot)| {
            let slot = slot.try_lock().ok()?;
            Some((id, Arc::clone(&slot.as_ref()?.kb)))
        };
        slots.into_iter().filter_map(open).collect()
    }

    fn kbs(&self) -> Result<&Path, ApiError> {
        match &self.place {
            Place::One { .. } => Err(Code::KbFixed.into()),
            Place::Many { kbs } => Ok(kbs),
        }
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<KbId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes what a server that was killed has left of knowledge bases that it deleted.
    fn finish_deletions(&self) -> anyhow::Result<()> {
        let Place::Many { kbs } = &self.place else { return Ok(()) };
        for entry in fs::read_dir(kbs).with_context(|| kbs.display().to_string())?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(DELETED) {
                let path = entry.path();
                fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
            }
        }
        Ok(())
    }
}
