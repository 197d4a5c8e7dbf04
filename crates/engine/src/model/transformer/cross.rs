//! A cross-encoder: reads a question and a passage together and says how well one answers the
//! other. BERT or XLM-RoBERTa with a head for classification that has one output.

use std::path::Path;
use std::sync::Arc;

use rten::ThreadPool;

use super::lanes::Lanes;
use super::network::{Network, Output};
use super::settings::Config;
use super::tokenizer::Tokenizer;
use super::weights::Weights;
use super::{Described, ModelError};
use crate::error::Result;
use crate::model::Reranker;

/// A reranker from a folder.
#[derive(Debug)]
pub struct CrossEncoder {
    described: Described,
    tokenizer: Tokenizer,
    network: Network,
    /// What follows the encoder; an ONNX file has it inside.
    head: Option<Head>,
    most: usize,
}

/// tanh(W₁x + b₁), then W₂ and b₂, over the first piece's vector.
#[derive(Debug)]
struct Head {
    first: Dense,
    second: Dense,
}

#[derive(Debug)]
struct Dense {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl CrossEncoder {
    /// Loads a folder.
    ///
    /// # Errors
    /// If a file is missing, damaged or of a kind that is not supported.
    pub fn load(folder: &Path, described: Described) -> Result<Self> {
        let config = Config::read(folder)?;
        let tokenizer = Tokenizer::read(&folder.join("tokenizer.json"))?;
        let network = Network::load(folder, &config, described.precision)?;
        let head =
            network.weights().map(|weights| Head::read(weights, config.width)).transpose()?;
        Ok(Self { described, tokenizer, network, head, most: config.most(folder)? })
    }

    fn score(
        &self,
        question: &str,
        passage: &str,
        threads: &Arc<ThreadPool>,
    ) -> std::result::Result<f32, ModelError> {
        let pair = self.tokenizer.encode_pair(question, passage, self.most);
        let output = self.network.run(&pair, threads)?;
        let score = match &self.head {
            Some(head) => head.score(&output),
            None if output.values.len() == 1 => output.values.first().copied(),
            None => None,
        };
        score.filter(|score| score.is_finite()).ok_or_else(|| ModelError::Failed {
            name: self.described.name.clone(),
            reason: "it gives no single score: it is no reranker".to_owned(),
        })
    }
}

impl Reranker for CrossEncoder {
    fn name(&self) -> &str {
        &self.described.name
    }

    fn scores(&self, question: &str, passages: &[&str]) -> Result<Vec<f32>> {
        let score = |passage: &str, threads: &_| self.score(question, passage, threads);
        Ok(Lanes::all().each(passages, score)?)
    }
}

impl Head {
    /// XLM-RoBERTa's head is `classifier.dense` and `classifier.out_proj`, BERT's the pooler and
    /// `classifier`.
    fn read(weights: &Weights, width: usize) -> std::result::Result<Self, ModelError> {
        let dense = |name: &str, outputs: usize| {
            Ok(Dense {
                weight: weights.outer(&format!("{name}.weight"), &[outputs, width])?,
                bias: weights.outer(&format!("{name}.bias"), &[outputs])?,
            })
        };
        if weights.has("classifier.out_proj.weight") {
            let second = dense("classifier.out_proj", 1)?;
            return Ok(Self { first: dense("classifier.dense", width)?, second });
        }
        if !weights.has("classifier.weight") {
            return Err(weights.unusable("it has no head that gives a score: it is no reranker"));
        }
        Ok(Self { first: dense("bert.pooler.dense", width)?, second: dense("classifier", 1)? })
    }

    fn score(&self, output: &Output) -> Option<f32> {
        let first = output.values.get(..output.width)?;
        let hidden: Vec<f32> = self.first.apply(first).map(f32::tanh).collect();
        self.second.apply(&hidden).next()
    }
}

impl Dense {
    fn apply<'a>(&'a self, input: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        let rows = self.weight.chunks_exact(input.len().max(1)).zip(&self.bias);
        rows.map(move |(row, bias)| {
            row.iter().zip(input).map(|(weight, value)| weight * value).sum::<f32>() + bias
        })
    }
}
