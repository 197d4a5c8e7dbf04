//! What the service takes of its machine: memory, room on the disk, sizes of what it keeps.

use std::fs;
use std::path::Path;

/// The memory of this process, in bytes; `None` where the system does not tell (Linux does).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What it takes at the moment.
    pub(crate) resident: Option<u64>,
    /// The most that it has taken.
    pub(crate) peak: Option<u64>,
}

/// Looks at the memory of this process.
pub(crate) fn memory() -> Memory {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib = line.split_whitespace().next()?.parse::<u64>().ok()?;
        kib.checked_mul(1024)
    };
    Memory { resident: bytes("VmRSS:"), peak: bytes("VmHWM:") }
}

/// What is free on the disk of a folder for who runs this, in bytes; `None` where the system does
/// not tell.
pub(crate) fn free(dir: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let about = rustix::fs::statvfs(dir).ok()?;
        about.f_bavail.checked_mul(about.f_frsize)
    }
    #[cfg(not(unix))]
    {
        let _ = dir;
        None
    }
}

/// What a knowledge base takes of the disk, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Copies of the files that were read.
    pub(crate) originals: u64,
    /// The catalogue, with its log.
    pub(crate) catalogue: u64,
    /// The full-text index.
    pub(crate) index: u64,
    /// The vectors.
    pub(crate) vectors: u64,
}

impl Sizes {
    /// Looks at a knowledge base's folder. Takes a moment where it has many files.
    pub(crate) fn of(dir: &Path) -> Self {
        Self::of_all_but(dir, None)
    }

    /// The same without the originals, which may be many: quick.
    pub(crate) fn of_derived(dir: &Path) -> Self {
        Self::of_all_but(dir, Some("originals"))
    }

    fn of_all_but(dir: &Path, left_out: Option<&str>) -> Self {
        let mut sizes = Self::default();
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let of = match &*name {
                name if left_out == Some(name) => continue,
                "originals" => &mut sizes.originals,
                "index" => &mut sizes.index,
                _ if name.starts_with("catalogue.db") => &mut sizes.catalogue,
                _ if name.starts_with("vectors") => &mut sizes.vectors,
                _ => continue,
            };
            *of += size(&entry);
        }
        sizes
    }
}

/// The size of a file, or of all files below a folder. Links are not followed.
fn size(entry: &fs::DirEntry) -> u64 {
    match entry.metadata() {
        Ok(about) if about.is_dir() => {
            let below = fs::read_dir(entry.path()).into_iter().flatten().flatten();
            below.map(|entry| size(&entry)).sum()
        }
        Ok(about) => about.len(),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_where_they_belong() {
        let dir = tempfile::tempdir().unwrap();
        for (name, length) in [
            ("originals/ab/one", 3),
            ("originals/cd/two", 4),
            ("catalogue.db", 5),
            ("catalogue.db-wal", 6),
            ("index/segment", 7),
            ("vectors", 8),
            ("about.json", 9),
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![0; length]).unwrap();
        }
        let expected = Sizes { originals: 7, catalogue: 11, index: 7, vectors: 8 };
        assert_eq!(Sizes::of(dir.path()), expected);
        assert_eq!(Sizes::of_derived(dir.path()), Sizes { originals: 0, ..expected });
        assert_eq!(Sizes::of(&dir.path().join("none")), Sizes::default());
    }
}
