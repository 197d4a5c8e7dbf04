//! Transformers of the user's own: a folder as published on model hubs, run in this process.
//!
//! Read are `config.json`, `tokenizer.json`, the network as `model.safetensors` of the BERT and
//! XLM-RoBERTa families or `onnx/model.onnx` (or one of its usual other names), and the files that
//! say how it is used (see `settings`). For example bge-small/base/large-zh-v1.5, bge-m3
//! (its dense vectors), multilingual-e5-*, gte-*-zh; as rerankers bge-reranker-base and -v2-m3.
//!
//! Weights run in our own `encoder`, an ONNX file in `rten`, both pure Rust. One thread takes one
//! text at a time (see `lanes`). A network with whole numbers in its linear layers takes half the
//! memory of one with floats and less time; for multilingual-e5-small the cosine of both's vectors
//! was measured above 0.99999.

mod cross;
mod encoder;
mod lanes;
mod network;
mod product;
mod rows;
mod settings;
mod tokenizer;
mod weights;

use std::path::Path;
use std::sync::Arc;

use rten::ThreadPool;

pub use cross::CrossEncoder;
pub use encoder::Precision;
pub(super) use lanes::apart;
pub(super) use network::{ONNX, WEIGHTS, network_file};
pub(super) use settings::json;

use super::{Embedder, ModelError, normalise};
use crate::error::Result;
use lanes::Lanes;
use network::{Network, Output};
use settings::{Config, Pooling, Settings};
use tokenizer::Tokenizer;

/// Whether our encoder runs the weights of what a folder's `config.json` describes.
pub(super) fn is_written(folder: &Path) -> std::result::Result<bool, ModelError> {
    Ok(Config::read(folder)?.measures.is_some())
}

/// What a folder is called and how it is to be run.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// What a person calls the model.
    pub name: String,
    /// What tells its vectors from those of others.
    pub digest: String,
    /// The name under which it was published, which tells how it is used where its files do not.
    pub origin: String,
    /// How it calculates, where it comes as weights.
    pub precision: Precision,
}

/// An encoder that gives a vector for a text.
#[derive(Debug)]
pub struct Transformer {
    described: Described,
    tokenizer: Tokenizer,
    network: Network,
    settings: Settings,
    width: usize,
}

impl Transformer {
    /// Loads a folder.
    ///
    /// # Errors
    /// If a file is missing, damaged or of a kind that is not supported.
    pub fn load(folder: &Path, described: Described) -> Result<Self> {
        let config = Config::read(folder)?;
        let settings = Settings::read(folder, &config, &described.origin)?;
        let tokenizer = Tokenizer::read(&folder.join("tokenizer.json"))?;
        let network = Network::load(folder, &config, described.precision)?;
        Ok(Self { described, tokenizer, network, settings, width: config.width })
    }

    fn embed(
        &self,
        before: &str,
        text: &str,
        threads: &Arc<ThreadPool>,
    ) -> std::result::Result<Vec<f32>, ModelError> {
        let text = format!("{before}{text}");
        let encoding = self.tokenizer.encode(&text, self.settings.most);
        let output = self.network.run(&encoding, threads)?;
        if output.width != self.width || output.values.iter().any(|value| !value.is_finite()) {
            let reason = "its output is no vector of the length that config.json says".to_owned();
            return Err(ModelError::Failed { name: self.described.name.clone(), reason });
        }
        let mut vector = pooled(&output, self.settings.pooling);
        normalise(&mut vector);
        Ok(vector)
    }
}

impl Embedder for Transformer {
    fn name(&self) -> &str {
        &self.described.name
    }

    fn digest(&self) -> &str {
        &self.described.digest
    }

    fn dimensions(&self) -> usize {
        self.width
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let before = &self.settings.passage;
        Ok(Lanes::all().each(texts, |text, threads| self.embed(before, text, threads))?)
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        let before = &self.settings.query;
        let found =
            Lanes::all().each(&[text], |text, threads| self.embed(before, text, threads))?;
        Ok(found.into_iter().next().unwrap_or_default())
    }
}

/// One vector of many.
fn pooled(output: &Output, pooling: Pooling) -> Vec<f32> {
    let mut rows = output.values.chunks_exact(output.width);
    let first = rows.next().unwrap_or_default().to_vec();
    let join = |by: fn(f32, f32) -> f32| {
        rows.clone().fold(first.clone(), |mut sum, row| {
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum = by(*sum, *value));
            sum
        })
    };
    match pooling {
        Pooling::First => first,
        // The length of the vector is lost in the end, so that the sum is as good as the mean.
        Pooling::Mean => join(|sum, value| sum + value),
        Pooling::Max => join(f32::max),
        Pooling::Last => rows.next_back().map_or(first.clone(), <[f32]>::to_vec),
    }
}

#[cfg(test)]
mod tests;
