//! The knowledge bases that `ask PATH...` makes on its own.
//!
//! There is one for each set of paths, below the user's cache folder, brought up to date each
//! time: files that changed are read again, files that are gone are removed. A cache that this
//! program cannot use, being of another layout, is thrown away.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use yuanwen_engine::Error;
use yuanwen_engine::kb::{AddOptions, KnowledgeBase, Report, Retention};
use yuanwen_engine::store::StoreError;

use super::reading::reading;
use crate::cli::Limits;
use crate::progress::Shown;

/// How long to wait for another `ask` that reads the same paths.
const PATIENCE: Duration = Duration::from_secs(120);

/// The knowledge base of these paths, up to date.
pub(super) fn open(paths: &[PathBuf], limits: Limits) -> anyhow::Result<(KnowledgeBase, Report)> {
    let dir = folder(paths)?;
    let kb = match KnowledgeBase::create(&dir) {
        Err(Error::Store(StoreError::Newer { .. } | StoreError::Unfinished { .. })) => {
            fs::remove_dir_all(&dir)
                .with_context(|| format!("{}: cannot be deleted", dir.display()))?;
            KnowledgeBase::create(&dir)
        }
        kb => kb,
    };
    let kb = kb.context(
        "the cache cannot be used; set YUANWEN_CACHE_DIR to a folder that can be written",
    )?;
    // Nobody asks a cache for what a file was before.
    let nothing = Retention { versions: 0, removed_days: 0 };
    if kb.retention()? != nothing {
        kb.set_retention(nothing)?;
    }
    let begin = Instant::now();
    let options = AddOptions { prune: true, reading: reading(limits)?, ..AddOptions::default() };
    loop {
        let mut shown = Shown::new();
        match kb.add(paths, &options, &mut |progress| shown.update(progress)) {
            Err(Error::Store(StoreError::Busy { .. })) if begin.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(100));
            }
            report => return Ok((kb, report?)),
        }
    }
}

/// Where the knowledge base of these paths is.
fn folder(paths: &[PathBuf]) -> anyhow::Result<PathBuf> {
    let mut canonical = Vec::new();
    for path in paths {
        let found = fs::canonicalize(path).with_context(|| path.display().to_string())?;
        canonical.push(found);
    }
    canonical.sort();
    canonical.dedup();
    let mut hasher = blake3::Hasher::new();
    for path in &canonical {
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
    }
    let name = &hasher.finalize().to_hex()[..16];
    Ok(root().join("asked").join(name))
}

fn root() -> PathBuf {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("YUANWEN_CACHE_DIR")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("yuanwen")))
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache/yuanwen")))
        .unwrap_or_else(|| env::temp_dir().join("yuanwen"))
}
