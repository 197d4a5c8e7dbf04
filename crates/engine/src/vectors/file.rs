//! The file of vectors: `vectors` for the model that is built in, else with an ending that tells
//! which.
//!
//! `YWVECTOR`, then as [`postcard`] encodes it: a header (format, recipe, the model's name and
//! digest, generation, dimensions) and the rows; a BLAKE3 hash of all before it ends the file. It
//! is written under another name, forced to the disk and renamed, so that a name never stands for
//! half a file.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::rows::{Key, Rows};
use crate::error::{Error, Result};
use crate::model::Embedder;

const NAME: &str = "vectors";
const MAGIC: &[u8; 8] = b"YWVECTOR";
/// Raise it when the layout changes.
const FORMAT: u32 = 1;
/// Raise it when something else of a passage is turned into a vector.
pub(super) const RECIPE: u32 = 1;
const HASH: usize = 32;

/// What must be the same for the vectors to be of use.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Made {
    format: u32,
    recipe: u32,
    model: String,
    digest: String,
}

impl Made {
    fn today(embedder: &dyn Embedder) -> Self {
        let (model, digest) = (embedder.name().to_owned(), embedder.digest().to_owned());
        Self { format: FORMAT, recipe: RECIPE, model, digest }
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    generation: u64,
    dimensions: usize,
    keys: Vec<Key>,
    scales: Vec<f32>,
}

/// The file of a model's vectors.
fn path(folder: &Path, embedder: &dyn Embedder) -> PathBuf {
    if embedder.is_quick() {
        return folder.join(NAME);
    }
    let model = blake3::hash(embedder.digest().as_bytes()).to_hex();
    folder.join(format!("{NAME}.{}", &model[..8]))
}

/// Deletes the files of all other models.
pub(super) fn forget_others(folder: &Path, embedder: &dyn Embedder) {
    let own = path(folder, embedder);
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        let is_one =
            name.strip_prefix(NAME).is_some_and(|end| end.is_empty() || end.starts_with('.'));
        if is_one && file.path() != own {
            // What stays is in nobody's way.
            let _ = fs::remove_file(file.path());
        }
    }
}

/// The rows of a model's file; `None` if it is missing, damaged or made by another model or recipe.
pub(super) fn read(folder: &Path, embedder: &dyn Embedder) -> Option<Rows> {
    let bytes = fs::read(path(folder, embedder)).ok()?;
    let (body, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH)?)?;
    if blake3::hash(body).as_bytes() != hash {
        return None;
    }
    let (made, rest) = postcard::take_from_bytes::<Made>(body.strip_prefix(MAGIC)?).ok()?;
    if made != Made::today(embedder) {
        return None;
    }
    let (content, values) = postcard::take_from_bytes::<Content>(rest).ok()?;
    let Content { generation, dimensions, keys, scales } = content;
    let whole = values.len() == keys.len().checked_mul(dimensions)? && scales.len() == keys.len();
    let values = values.iter().map(|value| value.cast_signed()).collect();
    whole.then_some(Rows { generation, dimensions, keys, scales, values })
}

/// Replaces the file.
pub(super) fn write(folder: &Path, embedder: &dyn Embedder, rows: &Rows) -> Result<()> {
    let path = path(folder, embedder);
    let body = encoded(embedder, rows);
    let hash = blake3::hash(&body);
    let beside =
        path.with_file_name(format!("{}-new", path.file_name().unwrap_or_default().display()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(&body)?;
        file.write_all(hash.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| Error::io(&beside, source))?;
    fs::rename(&beside, &path).map_err(|source| Error::io(path, source))
}

fn encoded(embedder: &dyn Embedder, rows: &Rows) -> Vec<u8> {
    let content = Content {
        generation: rows.generation,
        dimensions: rows.dimensions,
        keys: rows.keys.clone(),
        scales: rows.scales.clone(),
    };
    let mut out = MAGIC.to_vec();
    // Encoding plain structs into memory cannot fail; a file without them would be made anew.
    out.extend(postcard::to_stdvec(&Made::today(embedder)).unwrap_or_default());
    out.extend(postcard::to_stdvec(&content).unwrap_or_default());
    out.extend(rows.values.iter().map(|value| value.cast_unsigned()));
    out
}
