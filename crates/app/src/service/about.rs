//! What people say about a knowledge base: a small file in its folder, `about.json`.
//!
//! It lies in the folder, not in the service's database, so that it moves with the folder.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

const FILE: &str = "about.json";

/// What people say about a knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) description: String,
}

impl About {
    /// What is said about the knowledge base of a folder; nothing where there is no file.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// Writes it, whole or not at all.
    pub(crate) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let (path, draft) = (dir.join(FILE), dir.join(format!(".{FILE}")));
        let write = || -> anyhow::Result<()> {
            fs::write(&draft, serde_json::to_vec_pretty(self)?)?;
            Ok(fs::rename(&draft, &path)?)
        };
        write().with_context(|| path.display().to_string())
    }
}
