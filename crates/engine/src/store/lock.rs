//! One writer at a time, over all processes.
//!
//! The lock is the operating system's, on an empty file: it vanishes with the process that held
//! it, however that ended. Readers take no lock.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::error::{Error, Result};

/// The right to change a knowledge base, until it is dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    file: File,
}

/// Closing the file is not enough: a child process that is just being started has it open as well,
/// until it runs its program, and the lock is that of both.
impl Drop for WriteLock {
    fn drop(&mut self) {
        // A lock that cannot be given back ends with the process.
        let _ = self.file.unlock();
    }
}

impl WriteLock {
    /// Takes the lock of a folder, or says that somebody else has it.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        let (path, file) = open(dir)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { dir: dir.to_owned() }.into()),
            Err(TryLockError::Error(source)) => Err(Error::io(path, source)),
        }
    }
    /// Takes the lock of a folder as soon as nobody else has it.
    pub(crate) fn wait(dir: &Path) -> Result<Self> {
        let (path, file) = open(dir)?;
        file.lock().map_err(|source| Error::io(path, source))?;
        Ok(Self { file })
    }
}

fn open(dir: &Path) -> Result<(PathBuf, File)> {
    let path = dir.join("lock");
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(|source| Error::io(&path, source))?;
    Ok((path, file))
}
