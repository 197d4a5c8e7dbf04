//! The encoder of BERT and XLM-RoBERTa as a graph: embeddings in, hidden states out.
//!
//! Vaswani et al., Attention Is All You Need (2017), with the norms behind the sums; the names of
//! the weights are those of the published safetensors files. Only one text goes through at a time,
//! so there is no mask (see [`super::network`] for why).
//!
//! With [`Precision::Int8`] the weights of the linear layers are bytes with a scale for each
//! output, and their inputs are turned into bytes as they come (dynamic quantisation). The weights
//! take 7 bits: products of a pair of full bytes overflow 16 bits in the instructions of
//! processors without VNNI.

use serde::{Deserialize, Serialize};

use super::onnx::{Attribute, Graph};
use super::weights::Weights;
use crate::model::ModelError;

/// The largest weight as a byte.
const MOST: f32 = 63.0;

/// How a network calculates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// With bytes in the linear layers: a quarter of the memory, faster, nearly the same vectors.
    #[default]
    Int8,
    /// With 32 bits throughout.
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

/// The name of the graph's input.
pub(super) const INPUT: &str = "embeddings";

/// An encoder in ONNX's format.
pub(super) fn encoder(
    measures: &Measures,
    weights: &Weights,
    precision: Precision,
) -> Result<Vec<u8>, ModelError> {
    let Measures { width, heads, .. } = *measures;
    if heads == 0 || !width.is_multiple_of(heads) {
        return Err(weights.unusable("its heads do not divide its width"));
    }
    let mut writing =
        Writing { graph: Graph::default(), measures, weights, precision, bytes: None };
    let mut x = writing.norm(INPUT, "embeddings.LayerNorm")?;
    for layer in 0..measures.layers {
        x = writing.layer(&x, &format!("encoder.layer.{layer}."))?;
    }
    Ok(writing.graph.finish(INPUT, width, &x))
}

struct Writing<'a> {
    graph: Graph,
    measures: &'a Measures,
    weights: &'a Weights,
    precision: Precision,
    /// The last value that was turned into bytes: its name, the bytes', their scale's and zero's.
    bytes: Option<(String, [String; 3])>,
}

impl Writing<'_> {
    fn layer(&mut self, x: &str, at: &str) -> Result<String, ModelError> {
        let mixed = self.attention(x, at)?;
        let out = self.linear(&mixed, &format!("{at}attention.output.dense"), 1.0)?;
        let x = self.graph.node("Add", &[x, &out], &[]);
        let x = self.norm(&x, &format!("{at}attention.output.LayerNorm"))?;
        let inner = self.linear(&x, &format!("{at}intermediate.dense"), 1.0)?;
        let inner = self.activation(&inner)?;
        let out = self.linear(&inner, &format!("{at}output.dense"), 1.0)?;
        let x = self.graph.node("Add", &[&x, &out], &[]);
        self.norm(&x, &format!("{at}output.LayerNorm"))
    }

    /// Each token as a mixture of all: softmax(QKᵀ / √d) V, for each head.
    fn attention(&mut self, x: &str, at: &str) -> Result<String, ModelError> {
        let Measures { width, heads, .. } = *self.measures;
        let each = width / heads;
        let scale = 1.0 / (each as f32).sqrt();
        let split = self.graph.int64s(&[0, 0, heads as i64, each as i64]);
        let mut part = |name: &str, scale: f32, order: &[i64]| {
            let value = self.linear(x, &format!("{at}attention.self.{name}"), scale)?;
            let value = self.graph.node("Reshape", &[&value, &split], &[]);
            Ok(self.graph.node("Transpose", &[&value], &[Attribute::Ints("perm", order)]))
        };
        let query = part("query", scale, &[0, 2, 1, 3])?;
        let key = part("key", 1.0, &[0, 2, 3, 1])?;
        let value = part("value", 1.0, &[0, 2, 1, 3])?;
        let scores = self.graph.node("MatMul", &[&query, &key], &[]);
        let shares = self.graph.node("Softmax", &[&scores], &[Attribute::Int("axis", -1)]);
        let mixed = self.graph.node("MatMul", &[&shares, &value], &[]);
        let order = Attribute::Ints("perm", &[0, 2, 1, 3]);
        let mixed = self.graph.node("Transpose", &[&mixed], &[order]);
        let whole = self.graph.int64s(&[0, 0, width as i64]);
        Ok(self.graph.node("Reshape", &[&mixed, &whole], &[]))
    }

    fn activation(&mut self, x: &str) -> Result<String, ModelError> {
        match self.measures.activation.as_str() {
            "gelu" => Ok(self.graph.node("Gelu", &[x], &[])),
            "relu" => Ok(self.graph.node("Relu", &[x], &[])),
            other => Err(self.weights.unusable(format!("its activation {other} is not supported"))),
        }
    }

    fn norm(&mut self, x: &str, name: &str) -> Result<String, ModelError> {
        let width = self.measures.width;
        let (gain, bias) = self.weights.norm(name, width)?;
        let gain = self.graph.floats(&[width], &gain);
        let bias = self.graph.floats(&[width], &bias);
        let attributes =
            [Attribute::Int("axis", -1), Attribute::Float("epsilon", self.measures.epsilon)];
        Ok(self.graph.node("LayerNormalization", &[x, &gain, &bias], &attributes))
    }

    /// x Wᵀ + b, times a scale.
    fn linear(&mut self, x: &str, name: &str, scale: f32) -> Result<String, ModelError> {
        let Measures { width, inner, .. } = *self.measures;
        let (outputs, inputs) = match name {
            name if name.ends_with("intermediate.dense") => (inner, width),
            name if name.ends_with("attention.output.dense") => (width, width),
            name if name.ends_with("output.dense") => (width, inner),
            _ => (width, width),
        };
        let mut weight = self.weights.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        let mut bias = self.weights.floats(&format!("{name}.bias"), &[outputs])?;
        weight.iter_mut().chain(&mut bias).for_each(|value| *value *= scale);
        let product = match self.precision {
            Precision::F32 => {
                let turned = turned(&weight, inputs);
                let weight = self.graph.floats(&[inputs, outputs], &turned);
                self.graph.node("MatMul", &[x, &weight], &[])
            }
            Precision::Int8 => self.product(x, &weight, [inputs, outputs]),
        };
        let bias = self.graph.floats(&[outputs], &bias);
        Ok(self.graph.node("Add", &[&product, &bias], &[]))
    }

    /// x Wᵀ by bytes.
    fn product(&mut self, x: &str, weight: &[f32], shape: [usize; 2]) -> String {
        let (values, scales) = quantised(weight, shape[0]);
        let weight = self.graph.int8s(&shape, &turned(&values, shape[0]));
        let scales = self.graph.floats(&[shape[1]], &scales);
        let [values, scale, zero] = self.as_bytes(x);
        let none = self.graph.int8s(&[], &[0]);
        let sums = self.graph.node("MatMulInteger", &[&values, &weight, &zero, &none], &[]);
        let sums = self.graph.node("Cast", &[&sums], &[Attribute::Int("to", 1)]);
        let scale = self.graph.node("Mul", &[&scale, &scales], &[]);
        self.graph.node("Mul", &[&sums, &scale], &[])
    }

    fn as_bytes(&mut self, x: &str) -> [String; 3] {
        match &self.bytes {
            Some((name, bytes)) if name == x => bytes.clone(),
            _ => {
                let bytes: [String; 3] = self.graph.nodes("DynamicQuantizeLinear", &[x], &[]);
                self.bytes = Some((x.to_owned(), bytes.clone()));
                bytes
            }
        }
    }
}

/// Rows as columns.
fn turned<T: Copy>(values: &[T], columns: usize) -> Vec<T> {
    let rows = values.len() / columns.max(1);
    let column = |column: usize| (0..rows).map(move |row| values[row * columns + column]);
    (0..columns).flat_map(column).collect()
}

/// Each row as bytes with a scale.
fn quantised(weight: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
    let mut values = Vec::with_capacity(weight.len());
    let scale = |row: &[f32]| {
        let most = row.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = if most > 0.0 { most / MOST } else { 1.0 };
        values.extend(row.iter().map(|value| (value / scale).round() as i8));
        scale
    };
    let scales = weight.chunks(columns.max(1)).map(scale).collect();
    (values, scales)
}
