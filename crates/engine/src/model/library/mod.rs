//! The models that a user has added, a folder each in one folder.
//!
//! Each has a manifest beside its files (`yuanwen.json`): its name and digest, so that neither has
//! to be found out again whenever a knowledge base is opened, the name that it was published
//! under, and how it is to calculate.

mod add;
mod hub;

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::transformer::{Described, Precision, json};
use super::{CrossEncoder, ModelError, Transformer};
use crate::error::{Error, Result};

pub use add::{AddModel, Copying, Source};
pub use hub::Hub;

/// The name of the manifest in a model's folder.
const MANIFEST: &str = "yuanwen.json";
/// Raise it when the same files give other vectors.
const CALCULATION: u32 = 2;
/// The name that stands for the model inside the program.
pub const BUILT_IN: &str = "builtin";

/// The folder of models.
#[derive(Debug, Clone)]
pub struct Library {
    folder: PathBuf,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// It turns texts into vectors.
    Embedder,
    /// It says how well passages answer a question.
    Reranker,
}

/// A model that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    /// What a person calls it.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The checksum of its files and settings: BLAKE3, in hexadecimal.
    pub digest: String,
    /// The name that it came with.
    pub origin: String,
    /// How it calculates, where it comes as weights.
    pub precision: Precision,
    /// How long its vectors are.
    pub dimensions: usize,
    /// The size of its files.
    pub bytes: u64,
    /// Where it was loaded from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The files that were loaded without a checksum to compare them with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<String>,
}

impl Library {
    /// The folder that the environment variable `YUANWEN_MODELS` names, else `yuanwen/models`
    /// among the user's data (`$XDG_DATA_HOME`, or `~/.local/share`).
    pub fn of_user() -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = variable("YUANWEN_MODELS").map(PathBuf::from).or_else(|| {
            let data = variable("XDG_DATA_HOME").map(PathBuf::from);
            let home = || Some(PathBuf::from(variable("HOME")?).join(".local/share"));
            Some(data.or_else(home)?.join("yuanwen/models"))
        });
        Self::at(folder.unwrap_or_else(|| PathBuf::from("models")))
    }

    /// A folder of models.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All models, by name.
    ///
    /// # Errors
    /// If the folder cannot be read; one that does not exist is empty.
    pub fn list(&self) -> Result<Vec<Installed>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io(&self.folder, error)),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| is_name(name)).collect();
        names.sort();
        Ok(names.iter().filter_map(|name| self.find(name).ok()).collect())
    }

    /// The model of a name.
    ///
    /// # Errors
    /// If there is none, or its manifest is damaged.
    pub fn find(&self, name: &str) -> Result<Installed> {
        let missing = || ModelError::Missing { name: name.to_owned(), folder: self.folder.clone() };
        if !is_name(name) {
            return Err(missing().into());
        }
        let manifest = self.folder.join(name).join(MANIFEST);
        let installed: Installed = json(&manifest)?.ok_or_else(missing)?;
        Ok(Installed { name: name.to_owned(), ..installed })
    }

    /// Deletes a model's folder.
    ///
    /// # Errors
    /// If there is none, or it cannot be deleted.
    pub fn remove(&self, name: &str) -> Result<Installed> {
        let installed = self.find(name)?;
        let folder = self.folder.join(name);
        fs::remove_dir_all(&folder).map_err(|source| Error::io(&folder, source))?;
        Ok(installed)
    }

    /// Loads an embedder.
    ///
    /// # Errors
    /// If there is none of this name, or its files are damaged.
    pub fn embedder(&self, name: &str) -> Result<Transformer> {
        let installed = self.find(name)?;
        installed.must_be(Purpose::Embedder)?;
        Transformer::load(&self.folder.join(name), installed.described())
    }

    /// Loads a reranker.
    ///
    /// # Errors
    /// If there is none of this name, or its files are damaged.
    pub fn reranker(&self, name: &str) -> Result<CrossEncoder> {
        let installed = self.find(name)?;
        installed.must_be(Purpose::Reranker)?;
        CrossEncoder::load(&self.folder.join(name), installed.described())
    }
}

impl Installed {
    /// Makes sure that it is for a purpose.
    ///
    /// # Errors
    /// If it is for another.
    pub fn must_be(&self, purpose: Purpose) -> Result<()> {
        let (is, should) = match purpose {
            _ if self.purpose == purpose => return Ok(()),
            Purpose::Embedder => ("a reranker", "give it with --reranker"),
            Purpose::Reranker => ("an embedder", "give it with --model"),
        };
        let name = &self.name;
        Err(ModelError::Wrong(format!("the model \u{201C}{name}\u{201D} is {is}: {should}")).into())
    }

    /// What tells its vectors from those of others: its files, and the version of what runs them.
    pub(in crate::model) fn tells(&self) -> String {
        format!("{}.{CALCULATION}", self.digest)
    }

    fn described(&self) -> Described {
        Described {
            name: self.name.clone(),
            digest: self.tells(),
            origin: self.origin.clone(),
            precision: self.precision,
        }
    }
}

/// Whether a model may be called so: it becomes a folder's name.
fn is_name(name: &str) -> bool {
    let allowed = |ch: char| ch.is_alphanumeric() || "-_.+".contains(ch);
    !name.is_empty() && name.len() <= 100 && !name.starts_with('.') && name.chars().all(allowed)
}
