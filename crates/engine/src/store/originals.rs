//! The files as they were when they were read, by the hash of their content.
//!
//! A file is written under another name and then renamed, so that a name never stands for half a
//! file while the system is up. It is not forced to the disk: after a loss of power a copy may be
//! short, which `check` finds by the hash and repairs from the source.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

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

    /// The names of all files that are kept, drafts of interrupted runs included.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let entries = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten();
        entries(&self.dir)
            .flat_map(|folder| entries(&folder.path()))
            .map(|file| file.path())
            .collect()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(hash: &ContentHash) -> String {
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
