//! The encoder of BERT and XLM-RoBERTa: embeddings in, hidden states out.
//!
//! Vaswani et al., Attention Is All You Need (2017), with the norms behind the sums; the names of
//! the weights are those of the published safetensors files. Only one text goes through at a time,
//! so there is no mask (see [`super::lanes`] for why).
//!
//! With [`Precision::Int16`] the linear layers multiply whole numbers: each output's weights have
//! a scale, and so has each token's vector as it comes (dynamic quantisation). Attention is always
//! in floats. The rows of a text are shared out among the threads of the pool that it runs in.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::product::{Floats, ROWS, Whole};
use super::rows::{Activation, Norm, softmax};
use super::weights::Weights;
use crate::model::ModelError;

/// So many tokens look at all others at a time.
const LOOKING: usize = 32;

/// How a network calculates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// With whole numbers in the linear layers: half the memory, faster, and vectors that hardly
    /// differ.
    #[default]
    #[serde(alias = "int8")]
    Int16,
    /// With floats of 32 bits throughout.
    F32,
}

/// The measures of an encoder, as `config.json` gives them.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Measures {
    #[serde(rename = "hidden_size")]
    pub(super) width: usize,
    #[serde(rename = "num_hidden_layers")]
    layers: usize,
    #[serde(rename = "num_attention_heads")]
    heads: usize,
    #[serde(rename = "intermediate_size")]
    inner: usize,
    #[serde(rename = "layer_norm_eps", default = "epsilon")]
    epsilon: f32,
    #[serde(rename = "hidden_act", default = "activation")]
    activation: String,
}

fn epsilon() -> f32 {
    1e-12
}

fn activation() -> String {
    "gelu".to_owned()
}

/// An encoder, ready to run.
#[derive(Debug)]
pub(super) struct Encoder {
    width: usize,
    heads: usize,
    activation: Activation,
    norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values of all heads, side by side.
    mix: Linear,
    mixed: Linear,
    norm: Norm,
    inner: Linear,
    outer: Linear,
    end: Norm,
}

/// x Wᵀ + b.
#[derive(Debug)]
struct Linear {
    inputs: usize,
    outputs: usize,
    weight: Columns,
}

#[derive(Debug)]
enum Columns {
    Floats(Floats),
    Whole(Whole),
}

impl Encoder {
    /// Reads an encoder of these measures.
    ///
    /// # Errors
    /// If weights are missing or of another shape, or it is of a kind that is not supported.
    pub(super) fn read(
        measures: &Measures,
        weights: &Weights,
        precision: Precision,
    ) -> Result<Self, ModelError> {
        let Measures { width, heads, .. } = *measures;
        if width == 0 || measures.inner == 0 || heads == 0 || !width.is_multiple_of(heads) {
            return Err(weights.unusable("its heads do not divide its width"));
        }
        let activation = match measures.activation.as_str() {
            "gelu" => Activation::Gelu,
            "relu" => Activation::Relu,
            other => {
                return Err(weights.unusable(format!("its activation {other} is not supported")));
            }
        };
        let reading = Reading { measures, weights, precision };
        let norm = reading.norm("embeddings.LayerNorm")?;
        let layer = |layer: usize| reading.layer(&format!("encoder.layer.{layer}."));
        let layers = (0..measures.layers).map(layer).collect::<Result<_, _>>()?;
        Ok(Self { width, heads, activation, norm, layers })
    }

    /// The hidden states of a text, `[tokens, width]`, for the sums of its tokens' embeddings. Runs
    /// on the threads of the pool that it is called in.
    pub(super) fn run(&self, mut x: Vec<f32>) -> Vec<f32> {
        self.norm.apply(&mut x);
        for layer in &self.layers {
            let mixed = self.attention(&layer.mix.apply(&x, None));
            add(&mut x, &layer.mixed.apply(&mixed, None), &layer.norm);
            let inner = layer.inner.apply(&x, Some(self.activation));
            add(&mut x, &layer.outer.apply(&inner, None), &layer.end);
        }
        x
    }

    /// Each token as a mixture of all: softmax(Q Kᵀ) V, for each head; the queries are scaled.
    fn attention(&self, mixed: &[f32]) -> Vec<f32> {
        let (width, each) = (self.width, self.width / self.heads);
        let tokens = mixed.len() / (3 * width);
        let head = |head: usize| {
            let part = |part: usize| {
                let from = part * width + head * each;
                mixed.chunks_exact(3 * width).map(move |row| &row[from..from + each])
            };
            let queries = part(0).collect::<Vec<_>>().concat();
            let keys = Floats::of_columns(each, part(1));
            let values = Floats::of_rows(each, part(2));
            let mut out = vec![0.0; tokens * each];
            let mut scores = vec![0.0; LOOKING.min(tokens) * tokens];
            for (queries, out) in queries.chunks(LOOKING * each).zip(out.chunks_mut(LOOKING * each))
            {
                let scores = &mut scores[..queries.len() / each * tokens];
                keys.multiply(queries, scores);
                softmax(scores, tokens);
                values.multiply(scores, out);
            }
            out
        };
        let heads: Vec<Vec<f32>> = (0..self.heads).into_par_iter().map(head).collect();
        let mut out = Vec::with_capacity(tokens * width);
        for token in 0..tokens {
            heads.iter().for_each(|head| out.extend_from_slice(&head[token * each..][..each]));
        }
        out
    }
}

/// Adds rows, and brings the sums to a norm.
fn add(x: &mut [f32], more: &[f32], norm: &Norm) {
    x.iter_mut().zip(more).for_each(|(sum, value)| *sum += value);
    norm.apply(x);
}

impl Linear {
    /// Applies it to rows, and something to what comes out.
    fn apply(&self, x: &[f32], activation: Option<Activation>) -> Vec<f32> {
        let outputs = self.outputs;
        let rows = x.len() / self.inputs;
        let share = rows.div_ceil(rayon::current_num_threads()).max(1).next_multiple_of(ROWS);
        let mut out = vec![0.0; rows * outputs];
        let shares = x.par_chunks(share * self.inputs).zip(out.par_chunks_mut(share * outputs));
        shares.for_each(|(x, out)| {
            match &self.weight {
                Columns::Floats(columns) => columns.multiply(x, out),
                Columns::Whole(columns) => columns.multiply(x, out),
            }
            if let Some(activation) = activation {
                activation.apply(out);
            }
        });
        out
    }
}

/// What layers are read from.
struct Reading<'a> {
    measures: &'a Measures,
    weights: &'a Weights,
    precision: Precision,
}

impl Reading<'_> {
    fn layer(&self, at: &str) -> Result<Layer, ModelError> {
        let Measures { width, inner, heads, .. } = *self.measures;
        let scale = 1.0 / ((width / heads) as f32).sqrt();
        let part = |name: &str, scale: f32| {
            let (mut weight, mut bias) =
                self.dense(&format!("{at}attention.self.{name}"), width, width)?;
            weight.iter_mut().chain(&mut bias).for_each(|value| *value *= scale);
            Ok((weight, bias))
        };
        let parts = [part("query", scale)?, part("key", 1.0)?, part("value", 1.0)?];
        let (weight, bias): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let linear = |name: &str, inputs: usize, outputs: usize| {
            let (weight, bias) = self.dense(&format!("{at}{name}"), inputs, outputs)?;
            Ok(self.linear(inputs, &weight, &bias))
        };
        Ok(Layer {
            mix: self.linear(width, &weight.concat(), &bias.concat()),
            mixed: linear("attention.output.dense", width, width)?,
            norm: self.norm(&format!("{at}attention.output.LayerNorm"))?,
            inner: linear("intermediate.dense", width, inner)?,
            outer: linear("output.dense", inner, width)?,
            end: self.norm(&format!("{at}output.LayerNorm"))?,
        })
    }

    /// The weights and bias of a linear layer.
    fn dense(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        let weight = self.weights.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        Ok((weight, self.weights.floats(&format!("{name}.bias"), &[outputs])?))
    }

    fn linear(&self, inputs: usize, weight: &[f32], bias: &[f32]) -> Linear {
        let columns = || Floats::of_columns(inputs, weight.chunks_exact(inputs));
        let packed = match self.precision {
            Precision::Int16 => Columns::Whole(Whole::of_columns(inputs, weight, bias)),
            Precision::F32 => Columns::Floats(columns().with_bias(bias)),
        };
        Linear { inputs, outputs: bias.len(), weight: packed }
    }

    fn norm(&self, name: &str) -> Result<Norm, ModelError> {
        let (gain, bias) = self.weights.norm(name, self.measures.width)?;
        Ok(Norm { gain, bias, epsilon: self.measures.epsilon })
    }
}
