//! One server at a time for a folder, over all processes.
//!
//! The lock is the operating system's, on an empty file: it vanishes with the process that held
//! it, however that ended.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context, bail};

/// The right to serve a folder, until it is dropped.
#[derive(Debug)]
pub(crate) struct ServingLock {
    _file: File,
}

impl ServingLock {
    /// Takes the lock of a folder, or says that another server has it.
    pub(crate) fn take(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join("serving.lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "{}: another `yuanwen serve` serves this folder; stop it first",
                    dir.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| path.display().to_string())
            }
        }
    }
}
