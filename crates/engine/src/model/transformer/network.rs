//! A network, loaded: numbers of pieces in, a vector for each out.
//!
//! Weights of the families that we know run in our own encoder ([`super::encoder`]); else the
//! folder's ONNX file is run as it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView, Layout, Tensor};

use super::encoder::{Encoder, Precision};
use super::settings::Config;
use super::tokenizer::Encoding;
use super::weights::Weights;
use crate::model::ModelError;

/// The file of weights in a folder.
pub(in crate::model) const WEIGHTS: &str = "model.safetensors";
/// The ONNX files of a folder, the first that is there is taken.
pub(in crate::model) const ONNX: [&str; 6] = [
    "onnx/model.onnx",
    "model.onnx",
    "onnx/model_int8.onnx",
    "onnx/model_quantized.onnx",
    "onnx/model_qint8_avx512_vnni.onnx",
    "model_quantized.onnx",
];
/// What the output that is wanted may be called.
const OUTPUTS: [&str; 4] =
    ["last_hidden_state", "token_embeddings", "logits", "sentence_embedding"];

/// A network.
#[derive(Debug)]
pub(super) enum Network {
    Written(Box<Written>),
    Given(Box<Given>),
}

/// One that runs in our encoder.
#[derive(Debug)]
pub(super) struct Written {
    encoder: Encoder,
    weights: Weights,
    width: usize,
    positions: Vec<f32>,
    first_position: usize,
    types: Vec<f32>,
}

/// One that came as an ONNX file.
#[derive(Debug)]
pub(super) struct Given {
    model: Loaded,
    inputs: Vec<(NodeId, Input)>,
    first_position: usize,
}

#[derive(Debug, Clone, Copy)]
enum Input {
    Ids,
    Mask,
    Types,
    Positions,
}

/// What a network says of a text.
#[derive(Debug)]
pub(super) struct Output {
    /// How many numbers each vector has.
    pub(super) width: usize,
    /// The vectors one behind the other: one for each piece, or one for all.
    pub(super) values: Vec<f32>,
}

/// A model of the runtime with its file and the output to ask for.
struct Loaded {
    model: Model,
    path: PathBuf,
    output: NodeId,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.path.display())
    }
}

impl Network {
    /// Loads the network of a folder.
    pub(super) fn load(
        folder: &Path,
        config: &Config,
        precision: Precision,
    ) -> Result<Self, ModelError> {
        let file = network_file(folder, config.measures.is_some());
        match file.ends_with(WEIGHTS) {
            true => Written::load(&file, config, precision)
                .map(|written| Self::Written(Box::new(written))),
            false => Given::load(&file, config).map(|given| Self::Given(Box::new(given))),
        }
    }

    /// Runs it on a text.
    pub(super) fn run(
        &self,
        text: &Encoding,
        threads: &Arc<ThreadPool>,
    ) -> Result<Output, ModelError> {
        match self {
            Self::Written(written) => written.run(text, threads),
            Self::Given(given) => given.run(text, threads),
        }
    }

    /// The weights, where they lie in a file of their own.
    pub(super) fn weights(&self) -> Option<&Weights> {
        match self {
            Self::Written(written) => Some(&written.weights),
            Self::Given(_) => None,
        }
    }
}

/// The file of a folder's network: its weights if our encoder runs them, else the first ONNX file
/// that is there.
pub(in crate::model) fn network_file(folder: &Path, is_written: bool) -> PathBuf {
    let weights = folder.join(WEIGHTS);
    let given = ONNX.iter().map(|name| folder.join(name)).find(|file| file.is_file());
    given.filter(|_| !is_written || !weights.is_file()).unwrap_or(weights)
}

impl Written {
    fn load(path: &Path, config: &Config, precision: Precision) -> Result<Self, ModelError> {
        let weights = Weights::open(path)?;
        let measures = config.measures.as_ref();
        let measures = measures.ok_or_else(|| weights.unusable("config.json has no measures"))?;
        let width = measures.width;
        let table = |name: &str| {
            let name = format!("embeddings.{name}_embeddings.weight");
            weights.floats(&name, &[weights.rows(&name)?, width])
        };
        let (positions, types) = (table("position")?, table("token_type")?);
        let encoder = Encoder::read(measures, &weights, precision)?;
        let first_position = config.first_position();
        Ok(Self { encoder, weights, width, positions, first_position, types })
    }

    fn run(&self, text: &Encoding, threads: &Arc<ThreadPool>) -> Result<Output, ModelError> {
        let width = self.width;
        let mut sums = self.weights.words(&text.ids, width)?;
        for ((at, row), kind) in sums.chunks_exact_mut(width).enumerate().zip(&text.types) {
            let position = (self.first_position + at) * width;
            let kind = *kind as usize * width;
            let position = self.positions.get(position..position + width);
            let kind = self.types.get(kind..kind + width).or(self.types.get(..width));
            for added in position.into_iter().chain(kind) {
                row.iter_mut().zip(added).for_each(|(sum, value)| *sum += value);
            }
        }
        Ok(Output { width, values: threads.run(|| self.encoder.run(sums)) })
    }
}

impl Given {
    fn load(path: &Path, config: &Config) -> Result<Self, ModelError> {
        let model = Loaded::new(path)?;
        let input = |id: &NodeId| {
            let info = model.model.node_info(*id);
            let name = info.as_ref().and_then(|info| info.name()).unwrap_or_default();
            let input = match name {
                "input_ids" => Input::Ids,
                "attention_mask" => Input::Mask,
                "token_type_ids" => Input::Types,
                "position_ids" => Input::Positions,
                other => {
                    let reason = format!("its input {other} is not one of an encoder");
                    return Err(ModelError::unusable(path, reason));
                }
            };
            Ok((*id, input))
        };
        let inputs = model.model.input_ids().iter().map(input).collect::<Result<_, _>>()?;
        Ok(Self { inputs, model, first_position: config.first_position() })
    }

    fn run(&self, text: &Encoding, threads: &Arc<ThreadPool>) -> Result<Output, ModelError> {
        let length = text.ids.len();
        let signed = |values: &[u32]| values.iter().map(|value| value.cast_signed()).collect();
        let value = |input: Input| -> Vec<i32> {
            match input {
                Input::Ids => signed(&text.ids),
                Input::Types => signed(&text.types),
                Input::Mask => vec![1; length],
                Input::Positions => {
                    (0..length).map(|at| (self.first_position + at) as i32).collect()
                }
            }
        };
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for (id, input) in &self.inputs {
            let value = Value::from_shape([1, length], value(*input));
            inputs.push((*id, value.map_err(|error| self.model.failed(error))?));
        }
        self.model.run(inputs, threads)
    }
}

impl Loaded {
    fn new(path: &Path) -> Result<Self, ModelError> {
        let unusable = |reason: String| ModelError::unusable(path, reason);
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let model = options.load_file(path).map_err(|error| unusable(error.to_string()))?;
        let named = OUTPUTS.iter().find_map(|name| model.find_node(name));
        let named = named.filter(|id| model.output_ids().contains(id));
        let output = named.or_else(|| model.output_ids().first().copied());
        let output = output.ok_or_else(|| unusable("it has no output".to_owned()))?;
        Ok(Self { model, path: path.to_owned(), output })
    }

    fn run(
        &self,
        inputs: Vec<(NodeId, Value)>,
        threads: &Arc<ThreadPool>,
    ) -> Result<Output, ModelError> {
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(threads)));
        let inputs = inputs.into_iter().map(|(id, value)| (id, value.into())).collect();
        let found = self.model.run_n(inputs, [self.output], Some(options));
        let [found] = found.map_err(|error| self.failed(error))?;
        let tensor: Tensor<f32> = found.try_into().map_err(|error| self.failed(error))?;
        let width = tensor.shape().last().copied().unwrap_or_default();
        Ok(Output { width, values: tensor.to_vec() })
    }

    fn failed(&self, error: impl std::fmt::Display) -> ModelError {
        ModelError::Failed { name: self.path.display().to_string(), reason: error.to_string() }
    }
}
