//! The files as they were when they were read, by the hash of their content.
//!
//! A file is written under another name and then renamed, so that a name never stands for half a
//! file while the system is up. A copy of a file that is read where it lies is not forced to the
//! disk: after a loss of power it may be short, which `check` finds by the hash and repairs from the
//! source. What is uploaded has no source, and is forced to the disk before it is acknowledged.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::StoreError;
use crate::error::{Error, Result};

/// The folder of contents that are being received.
const INCOMING: &str = "incoming";

/// The hash of a file's content (BLAKE3).
pub type ContentHash = [u8; 32];

/// The folder of originals.
#[derive(Debug, Clone)]
pub(crate) struct Originals {
    dir: PathBuf,
}

impl Originals {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Where a content is kept: `ab/ab12…`.
    pub(crate) fn path(&self, hash: &ContentHash) -> PathBuf {
        let name = hex(hash);
        self.dir.join(&name[..2]).join(name)
    }

    /// Keeps a content, unless it is kept already.
    pub(crate) fn keep(&self, hash: &ContentHash, bytes: &[u8]) -> Result<()> {
        let path = self.path(hash);
        if fs::metadata(&path).is_ok_and(|found| found.len() == bytes.len() as u64) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
        let thread = std::thread::current().id();
        let draft = folder.join(format!(".{}-{thread:?}", std::process::id()));
        let write = fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, &path));
        write.map_err(|source| {
            let _ = fs::remove_file(&draft);
            Error::io(path, source)
        })
    }

    /// Takes a content in, forced to the disk under a name of its own, which [`Incoming::settle`]
    /// changes.
    pub(crate) fn take_in(&self, content: &mut dyn Read, most: u64) -> Result<Incoming> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = self.dir.join(INCOMING);
        fs::create_dir_all(&folder).map_err(|source| Error::io(&folder, source))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", std::process::id()));
        let mut incoming = Incoming { path, hash: [0; 32], size: 0 };
        let failed = |source| Error::io(&incoming.path, source);
        let mut file = File::create(&incoming.path).map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        let mut size = 0;
        loop {
            let read = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => &buffer[..read],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(Error::io("what is received", source)),
            };
            size += read.len() as u64;
            if size > most {
                return Err(StoreError::TooLarge { most }.into());
            }
            hasher.update(read);
            file.write_all(read).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        (incoming.hash, incoming.size) = (*hasher.finalize().as_bytes(), size);
        Ok(incoming)
    }

    /// Gives what was taken in its name for good; forced to the disk.
    pub(crate) fn settle(&self, incoming: &Incoming) -> Result<()> {
        let path = self.path(&incoming.hash);
        let folder = path.parent().unwrap_or(&self.dir);
        let settle = || {
            fs::create_dir_all(folder)?;
            fs::rename(&incoming.path, &path)?;
            // The names of files and folders are durable once their folders are.
            File::open(folder)?.sync_all()?;
            File::open(&self.dir)?.sync_all()
        };
        settle().map_err(|source| Error::io(&path, source))
    }

    /// Deletes a content. That it is gone already is no error.
    pub(crate) fn forget(&self, hash: &ContentHash) -> Result<()> {
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::io(path, source)),
            _ => Ok(()),
        }
    }

    /// Whether what is kept has this hash.
    pub(crate) fn is_whole(&self, hash: &ContentHash) -> bool {
        fs::read(self.path(hash)).is_ok_and(|bytes| blake3::hash(&bytes).as_bytes() == hash)
    }

    /// The names of all files that are kept, drafts of interrupted runs included, but for what may
    /// still be being received.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let entries = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten();
        let incoming = self.dir.join(INCOMING);
        entries(&self.dir)
            .flat_map(|folder| entries(&folder.path()))
            .map(|file| file.path())
            .filter(|path| !path.starts_with(&incoming) || !is_fresh(path))
            .collect()
    }
}

/// Whether a file was written to within the last hour.
fn is_fresh(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    let age = modified.ok().and_then(|time| time.elapsed().ok());
    age.is_some_and(|age| age.as_secs() < 3600)
}

/// A content that was taken in; its file is deleted when it is dropped before it was settled.
#[derive(Debug)]
pub(crate) struct Incoming {
    path: PathBuf,
    pub(crate) hash: ContentHash,
    pub(crate) size: u64,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// A hash in lower-case hexadecimal.
pub fn hex(hash: &ContentHash) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_once_found_whole_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let originals = Originals::new(dir.path().join("originals"));
        let hash = *blake3::hash(b"abc").as_bytes();
        originals.keep(&hash, b"abc").unwrap();
        originals.keep(&hash, b"abc").unwrap();
        assert!(originals.is_whole(&hash));
        assert_eq!(originals.files(), [originals.path(&hash)]);
        originals.forget(&hash).unwrap();
        originals.forget(&hash).unwrap();
        assert!(!originals.is_whole(&hash));
    }
}
