//! A knowledge base as one file, made while it is in use.
//!
//! The file is a ZIP archive: a snapshot of the catalogue, the originals, the files of words, and
//! the vectors, which a slow model would take long to make again. The full-text index is left out.
//! `manifest.json`, the last entry, has the size and BLAKE3 hash of every other one. What is
//! restored is compared with it and appears in its place only when it is whole.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::KnowledgeBase;
use super::writing::locked;
use crate::error::{Error, Result};
use crate::store::{LAYOUT, StoreError, hex, now};

const MANIFEST: &str = "manifest.json";
const CATALOGUE: &str = "catalogue.db";
/// What the manifest says it is of.
const KIND: &str = "yuanwen-backup-1";
/// A manifest is not larger, in bytes: room for a million originals.
const LARGEST_MANIFEST: u64 = 256 << 20;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The kind and version of the file.
    pub kind: String,
    /// The catalogue's layout.
    pub layout: u32,
    /// When it was made, in milliseconds since 1970.
    pub created: i64,
    /// How many documents it has.
    pub documents: usize,
    /// The files in it.
    pub files: Vec<Packed>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    name: String,
    size: u64,
    blake3: String,
}

/// Lets originals stay until it is dropped.
struct Sparing<'a>(&'a KnowledgeBase);

impl<'a> Sparing<'a> {
    fn new(kb: &'a KnowledgeBase) -> Self {
        locked(&kb.changes.spared).backups += 1;
        Self(kb)
    }
}

impl Drop for Sparing<'_> {
    fn drop(&mut self) {
        // What could not be deleted is found by the next check.
        let _ = self.0.forget_spared();
    }
}

impl KnowledgeBase {
    /// Writes a backup to a file, which appears once it is whole. Questions are answered and
    /// documents may change meanwhile.
    ///
    /// # Errors
    /// If the file cannot be written, or another process is changing the knowledge base.
    pub fn backup(&self, to: &Path) -> Result<Manifest> {
        let draft = beside(to, "part");
        let snapshot = beside(to, "catalogue");
        let made = self.write_backup(&draft, &snapshot);
        let _ = fs::remove_file(&snapshot);
        let settled = made.and_then(|manifest| {
            fs::rename(&draft, to).map_err(|source| Error::io(to, source))?;
            Ok(manifest)
        });
        if settled.is_err() {
            let _ = fs::remove_file(&draft);
        }
        settled
    }

    fn write_backup(&self, draft: &Path, snapshot: &Path) -> Result<Manifest> {
        let writing = self.writing()?;
        let _sparing = Sparing::new(self);
        let _ = fs::remove_file(snapshot);
        self.catalogue.snapshot(snapshot)?;
        let copied = crate::store::Catalogue::open_file(snapshot)?;
        let (hashes, documents) = (copied.hashes()?, copied.entries()?.len());
        drop(copied);
        let mut pack = Pack::new(draft)?;
        pack.add(CATALOGUE, snapshot, CompressionMethod::Deflated)?;
        for hash in hashes {
            let path = self.originals.path(&hash);
            // One that is lost is the check's to find; the rest is worth keeping all the more.
            if path.is_file() {
                let name = hex(&hash);
                let name = format!("originals/{}/{name}", &name[..2]);
                pack.add(&name, &path, CompressionMethod::Stored)?;
            }
        }
        for (name, path) in self.beside()? {
            pack.add(&name, &path, CompressionMethod::Deflated)?;
        }
        drop(writing);
        pack.finish(documents)
    }

    /// The files in the folder that are neither the catalogue nor derived from it cheaply.
    fn beside(&self) -> Result<Vec<(String, PathBuf)>> {
        let entries = fs::read_dir(&self.dir).map_err(|source| Error::io(&self.dir, source))?;
        let named = entries.flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            is_kept(&name).then(|| (name, entry.path()))
        });
        let mut named: Vec<_> = named.collect();
        named.sort();
        Ok(named)
    }

    /// Makes a knowledge base of a backup, in a folder that does not exist or is empty.
    ///
    /// # Errors
    /// If the folder is in use, the file is not a whole backup, or one of a later program.
    pub fn from_backup(file: &Path, dir: &Path) -> Result<(Self, Manifest)> {
        let in_use = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        if in_use {
            return Err(StoreError::InUse { dir: dir.to_owned() }.into());
        }
        let draft = beside(dir, "restoring");
        let _ = fs::remove_dir_all(&draft);
        let manifest = unpack(file, &draft).inspect_err(|_| {
            let _ = fs::remove_dir_all(&draft);
        })?;
        let _ = fs::remove_dir(dir);
        fs::rename(&draft, dir).map_err(|source| Error::io(dir, source))?;
        Ok((Self::open(dir)?, manifest))
    }
}

/// A name beside a path, for what is not whole yet.
fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{what}", std::process::id()))
}

/// Whether a file of a knowledge base's folder belongs into a backup.
fn is_kept(name: &str) -> bool {
    // `about.json` is what a service says about the knowledge base.
    matches!(name, "synonyms.txt" | "dictionary.txt" | "about.json") || name.starts_with("vectors")
}

/// A backup that is being written.
struct Pack {
    path: PathBuf,
    zip: ZipWriter<File>,
    files: Vec<Packed>,
}

impl Pack {
    fn new(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|source| Error::io(path, source))?;
        Ok(Self { path: path.to_owned(), zip: ZipWriter::new(file), files: Vec::new() })
    }

    fn add(&mut self, name: &str, path: &Path, method: CompressionMethod) -> Result<()> {
        let mut file = File::open(path).map_err(|source| Error::io(path, source))?;
        let added = self.entry(name, method).and_then(|()| {
            let mut hashing = Hashing::new(&mut self.zip);
            io::copy(&mut file, &mut hashing)?;
            Ok((hashing.size, hashing.hasher.finalize()))
        });
        let (size, hash) = added.map_err(|source| Error::io(&self.path, source))?;
        self.files.push(Packed { name: name.to_owned(), size, blake3: hash.to_hex().to_string() });
        Ok(())
    }

    fn entry(&mut self, name: &str, method: CompressionMethod) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options).map_err(io::Error::other)
    }

    fn finish(mut self, documents: usize) -> Result<Manifest> {
        let (kind, created) = (KIND.to_owned(), now());
        let files = std::mem::take(&mut self.files);
        let manifest = Manifest { kind, layout: LAYOUT, created, documents, files };
        let json = serde_json::to_vec(&manifest).unwrap_or_default();
        let path = self.path.clone();
        let failed = |source| Error::io(&path, source);
        self.entry(MANIFEST, CompressionMethod::Deflated).map_err(failed)?;
        self.zip.write_all(&json).map_err(failed)?;
        let file = self.zip.finish().map_err(|error| failed(io::Error::other(error)))?;
        file.sync_all().map_err(failed)?;
        Ok(manifest)
    }
}

/// Hashes what it writes.
struct Hashing<'a, W> {
    hasher: blake3::Hasher,
    size: u64,
    /// Whether it could not be written, as against what it is read from.
    failed: bool,
    to: &'a mut W,
}

impl<'a, W> Hashing<'a, W> {
    fn new(to: &'a mut W) -> Self {
        Self { hasher: blake3::Hasher::new(), size: 0, failed: false, to }
    }
}

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes).inspect_err(|_| self.failed = true)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn unpack(file: &Path, to: &Path) -> Result<Manifest> {
    let damaged = |why: String| Error::from(StoreError::NotABackup { path: file.to_owned(), why });
    let opened = File::open(file).map_err(|source| Error::io(file, source))?;
    let mut archive = ZipArchive::new(opened).map_err(|error| damaged(error.to_string()))?;
    let manifest = manifest(&mut archive).map_err(damaged)?;
    for packed in &manifest.files {
        let path = to.join(place(packed).map_err(damaged)?);
        let folder = path.parent().unwrap_or(to);
        fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
        let mut entry = archive.by_name(&packed.name).map_err(|error| {
            damaged(format!("its {} is missing or damaged: {error}", packed.name))
        })?;
        let mut out = File::create(&path).map_err(|source| Error::io(&path, source))?;
        let mut hashing = Hashing::new(&mut out);
        // One byte more than there should be is enough to know.
        let copied = io::copy(&mut (&mut entry).take(packed.size + 1), &mut hashing);
        let hash = hashing.hasher.finalize().to_hex();
        let disk_failed = hashing.failed;
        let copied = copied.map_err(|source| match disk_failed {
            true => Error::io(&path, source),
            false => damaged(format!("its {} is damaged: {source}", packed.name)),
        })?;
        if copied != packed.size || hash.as_str() != packed.blake3 {
            return Err(damaged(format!("its {} is not what was packed", packed.name)));
        }
        out.sync_all().map_err(|source| Error::io(&path, source))?;
    }
    let lock = to.join("lock");
    File::create(&lock).map_err(|source| Error::io(&lock, source))?;
    Ok(manifest)
}

fn manifest<R: Read + Seek>(archive: &mut ZipArchive<R>) -> std::result::Result<Manifest, String> {
    let mut json = Vec::new();
    let entry = archive.by_name(MANIFEST).map_err(|_| "it has no manifest".to_owned())?;
    entry
        .take(LARGEST_MANIFEST)
        .read_to_end(&mut json)
        .map_err(|error| format!("its manifest cannot be read: {error}"))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|error| format!("its manifest: {error}"))?;
    if manifest.kind != KIND || manifest.layout > LAYOUT {
        return Err("a newer program made it; restore it with that".to_owned());
    }
    if !manifest.files.iter().any(|packed| packed.name == CATALOGUE) {
        return Err("it has no catalogue".to_owned());
    }
    Ok(manifest)
}

/// Where a file of a backup goes: only what a backup has goes anywhere.
fn place(packed: &Packed) -> std::result::Result<PathBuf, String> {
    let name = packed.name.as_str();
    let original = name.strip_prefix("originals/").and_then(|rest| rest.split_once('/'));
    let is_original = original.is_some_and(|(folder, file)| {
        let is_hex = file.bytes().all(|byte| byte.is_ascii_hexdigit());
        file.len() == 64
            && is_hex
            && file.starts_with(folder)
            && folder.len() == 2
            && file == packed.blake3
    });
    let plain = !name.contains(['/', '\\']) && (name == CATALOGUE || is_kept(name));
    match is_original || plain {
        true => Ok(PathBuf::from(name)),
        false => Err(format!("it has a file that no backup has: {name:?}")),
    }
}
