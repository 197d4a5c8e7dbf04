//! Models on a hub: where their files lie, and which are loaded.
//!
//! Files lie at `MODEL/resolve/REVISION/FILE` on the Hugging Face hub, its mirrors, ModelScope, and
//! any folder that a server of one's own gives in this form. Of the forms in which a network may
//! come the weights are taken where our own encoder runs them, since they can then be run in either
//! precision; else the first ONNX file that is there.

use std::path::Path;

use super::Copying;
use super::add::FILES;
use crate::error::Result;
use crate::model::ModelError;
use crate::model::remote::{Limits, Offered, download, endpoint, offered};
use crate::model::transformer::{ONNX, WEIGHTS, is_written};

/// The hub whose mirror the environment variable `YUANWEN_HUB` may name.
const FIRST: &str = "https://huggingface.co/";
/// What a model cannot do without.
const NEEDED: [&str; 2] = ["config.json", "tokenizer.json"];

/// A model on a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Its address without the revision.
    base: String,
    revision: String,
}

impl Hub {
    /// The model that an address names, as a browser shows it; `None` if the text is none. What
    /// lies on the Hugging Face hub is loaded from its mirror, if one is given.
    ///
    /// # Errors
    /// If it is an address that cannot be a model's.
    pub fn named(text: &str, mirror: Option<&str>) -> Result<Option<Self>> {
        if !text.starts_with("http://") && !text.starts_with("https://") {
            return Ok(None);
        }
        let text = text.trim_end_matches('/');
        let mut base = text;
        let mut revision = if text.contains("modelscope.") { "master" } else { "main" };
        for page in ["/tree/", "/resolve/", "/blob/"] {
            if let Some((before, behind)) = text.split_once(page) {
                base = before;
                revision = behind.split('/').next().unwrap_or(revision);
            }
        }
        for page in ["/files", "/summary"] {
            base = base.strip_suffix(page).unwrap_or(base);
        }
        let base = match (mirror, base.strip_prefix(FIRST)) {
            (Some(mirror), Some(model)) => format!("{}/{model}", mirror.trim_end_matches('/')),
            _ => base.to_owned(),
        };
        endpoint(&base, "", "resolve")?;
        Ok(Some(Self { base, revision: revision.to_owned() }))
    }

    /// The name that it was published under.
    pub(super) fn name(&self) -> &str {
        self.base.rsplit('/').next().unwrap_or_default()
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        format!("{}/tree/{}", self.base, self.revision)
    }

    fn file(&self, file: &str) -> String {
        format!("{}/resolve/{}/{file}", self.base, self.revision)
    }

    /// Loads what is used into a folder, and names the files that the hub gives no checksum of.
    pub(super) fn load(
        &self,
        folder: &Path,
        limits: &Limits,
        progress: &mut dyn FnMut(Copying<'_>),
    ) -> Result<Vec<String>> {
        let mut loading = Loading { hub: self, folder, limits, files: Vec::new() };
        loading.find_all(&FILES[..1])?;
        loading.fetch(0, &mut |_| ())?;
        loading.find_all(&FILES[1..])?;
        loading.find_network()?;
        loading.fetch(1, progress)?;
        let without = loading.files.iter().filter(|(_, file)| !file.has_checksum());
        Ok(without.map(|(name, _)| name.clone()).collect())
    }

    fn lacks(&self, file: &str) -> crate::error::Error {
        let why = format!(
            "{}: the server does not have it; is this the address of a model with safetensors or \
             ONNX files, such as https://huggingface.co/BAAI/bge-small-zh-v1.5?",
            self.file(file)
        );
        ModelError::Wrong(why).into()
    }
}

/// The files of a model while they are loaded.
struct Loading<'a> {
    hub: &'a Hub,
    folder: &'a Path,
    limits: &'a Limits,
    files: Vec<(String, Offered)>,
}

impl Loading<'_> {
    /// Whether the hub has a file, which is then to be loaded.
    fn find(&mut self, name: &str) -> Result<bool> {
        let found = offered(&self.hub.file(name), self.limits)?;
        let is_there = found.is_some();
        self.files.extend(found.map(|file| (name.to_owned(), file)));
        Ok(is_there)
    }

    fn find_all(&mut self, names: &[&str]) -> Result<()> {
        for name in names {
            if !self.find(name)? && NEEDED.contains(name) {
                return Err(self.hub.lacks(name));
            }
        }
        Ok(())
    }

    fn find_network(&mut self) -> Result<()> {
        let mut forms: Vec<&str> = ONNX.to_vec();
        forms.insert(if is_written(self.folder)? { 0 } else { forms.len() }, WEIGHTS);
        for name in forms {
            if self.find(name)? {
                if name != WEIGHTS {
                    self.find(&format!("{name}_data"))?;
                }
                return Ok(());
            }
        }
        Err(self.hub.lacks(WEIGHTS))
    }

    /// Loads the files from one on.
    fn fetch(&self, from: usize, progress: &mut dyn FnMut(Copying<'_>)) -> Result<()> {
        let files = &self.files[from..];
        let total = files.iter().map(|(_, file)| file.size).sum();
        let mut before = 0;
        for (name, file) in files {
            download(file, &self.folder.join(name), self.limits, &mut |done| {
                progress(Copying { file: name, done: before + done, total });
            })?;
            before += file.size;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_models_are_read_as_a_browser_shows_them() {
        let hub = |text: &str, mirror| Hub::named(text, mirror).expect("an address");
        for (text, mirror, file) in [
            ("https://huggingface.co/o/m", None, "https://huggingface.co/o/m/resolve/main/f"),
            (
                "https://huggingface.co/o/m/tree/v2/",
                None,
                "https://huggingface.co/o/m/resolve/v2/f",
            ),
            (
                "https://huggingface.co/o/m/blob/main/config.json",
                Some("http://mirror:1/"),
                "http://mirror:1/o/m/resolve/main/f",
            ),
            (
                "https://hf-mirror.com/o/m",
                Some("http://m"),
                "https://hf-mirror.com/o/m/resolve/main/f",
            ),
            (
                "https://modelscope.cn/models/o/m/files",
                None,
                "https://modelscope.cn/models/o/m/resolve/master/f",
            ),
            ("http://localhost:8000/m", None, "http://localhost:8000/m/resolve/main/f"),
        ] {
            let hub = hub(text, mirror).expect("a model");
            assert_eq!((hub.file("f").as_str(), hub.name()), (file, "m"), "{text}");
        }
        assert_eq!(hub("models/bge", None), None);
        for text in ["https://u:s3cret@h/m", "https://h/m?token=s3cret", "https://"] {
            let error = Hub::named(text, None).expect_err(text).to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
