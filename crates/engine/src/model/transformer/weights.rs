//! Weights from a safetensors file: eight bytes of length, a JSON header of that length that says
//! for each tensor its type, shape and place, then the numbers.
//!
//! Numbers may have 32 or 16 bits (f32, f16, bf16). The table of words, most of a multilingual
//! model, stays in the file: a text needs a few hundred of its rows.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::model::ModelError;

/// A header is at most this long.
const LONGEST_HEADER: u64 = 64 << 20;
/// What may stand before the names of the weights: the encoder as part of a larger model.
const PREFIXES: [&str; 3] = ["", "bert.", "roberta."];

/// An open file of weights.
#[derive(Debug)]
pub(super) struct Weights {
    path: PathBuf,
    file: Mutex<File>,
    tensors: BTreeMap<String, Tensor>,
    prefix: &'static str,
}

#[derive(Debug, Clone)]
struct Tensor {
    kind: Kind,
    shape: Vec<usize>,
    start: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum Kind {
    F32,
    F16,
    BF16,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Listed {
    dtype: Kind,
    shape: Vec<usize>,
    data_offsets: [u64; 2],
}

impl Kind {
    fn size(self) -> usize {
        if matches!(self, Self::F32) { 4 } else { 2 }
    }

    fn read(self, bytes: &[u8], out: &mut Vec<f32>) {
        let wide = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
        let half = |bytes: &[u8]| bytes.try_into().map_or(0, u16::from_le_bytes);
        match self {
            Self::F32 => out.extend(bytes.chunks_exact(4).map(wide)),
            Self::BF16 => {
                let value = |bytes: &[u8]| f32::from_bits(u32::from(half(bytes)) << 16);
                out.extend(bytes.chunks_exact(2).map(value));
            }
            _ => out.extend(bytes.chunks_exact(2).map(|bytes| from_half(half(bytes)))),
        }
    }
}

/// A number of IEEE 754's half precision.
fn from_half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 1023);
    let size = match exponent {
        0 => f32::from(fraction) * 2_f32.powi(-24),
        31 if fraction == 0 => f32::INFINITY,
        31 => f32::NAN,
        _ => f32::from_bits((u32::from(exponent) + 112) << 23 | u32::from(fraction) << 13),
    };
    if sign == 1 { -size } else { size }
}

impl Weights {
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let unusable = |reason: &dyn Display| ModelError::unusable(path, reason);
        let mut file = File::open(path).map_err(|error| unusable(&error))?;
        let all = file.metadata().map_err(|error| unusable(&error))?.len();
        let mut length = [0; 8];
        file.read_exact(&mut length).map_err(|error| unusable(&error))?;
        let length = u64::from_le_bytes(length);
        if length > LONGEST_HEADER.min(all) {
            return Err(unusable(&"it is no safetensors file"));
        }
        let mut header = vec![0; length as usize];
        file.read_exact(&mut header).map_err(|error| unusable(&error))?;
        let header: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&header).map_err(|error| unusable(&error))?;
        let mut tensors = BTreeMap::new();
        for (name, listed) in header.into_iter().filter(|(name, _)| name != "__metadata__") {
            let Listed { dtype: kind, shape, data_offsets: [from, to] } =
                serde_json::from_value(listed).map_err(|error| unusable(&error))?;
            let count = shape.iter().try_fold(1_usize, |count, length| count.checked_mul(*length));
            let bytes = count.and_then(|count| count.checked_mul(kind.size()));
            let start = from.saturating_add(8 + length);
            if matches!(kind, Kind::Other) {
                continue; // position_ids, which are whole numbers, for example
            }
            if bytes.map(|bytes| bytes as u64) != to.checked_sub(from)
                || start.saturating_add(to - from) > all
            {
                return Err(unusable(&format!("the place of {name} in it is damaged")));
            }
            tensors.insert(name, Tensor { kind, shape, start });
        }
        let has_words = |prefix: &&&str| {
            tensors.contains_key(&format!("{prefix}embeddings.word_embeddings.weight"))
        };
        let prefix = PREFIXES.iter().find(has_words).copied();
        let prefix = prefix.ok_or_else(|| unusable(&"it holds no BERT or XLM-RoBERTa encoder"))?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), tensors, prefix })
    }

    pub(super) fn unusable(&self, reason: impl Display) -> ModelError {
        ModelError::unusable(&self.path, reason)
    }

    /// A tensor of the encoder, which must have a shape.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        self.outer(&format!("{}{name}", self.prefix), shape)
    }

    /// A tensor of what stands around the encoder.
    pub(super) fn outer(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.shape != shape {
            let found = &tensor.shape;
            return Err(self.unusable(format!("{name} has the shape {found:?}, not {shape:?}")));
        }
        let length = shape.iter().product::<usize>() * tensor.kind.size();
        let mut out = Vec::with_capacity(shape.iter().product());
        tensor.kind.read(&self.bytes([(tensor.start, length)])?, &mut out);
        Ok(out)
    }

    /// Whether there is a tensor around the encoder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The gain and bias of a norm, which old files call gamma and beta.
    pub(super) fn norm(&self, at: &str, width: usize) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        let is_old = self.has(&format!("{}{at}.gamma", self.prefix));
        let (gain, bias) = if is_old { ("gamma", "beta") } else { ("weight", "bias") };
        let part = |part: &str| self.floats(&format!("{at}.{part}"), &[width]);
        Ok((part(gain)?, part(bias)?))
    }

    /// How many rows a table of the encoder has.
    pub(super) fn rows(&self, name: &str) -> Result<usize, ModelError> {
        let tensor = self.tensor(&format!("{}{name}", self.prefix))?;
        tensor.shape.first().copied().ok_or_else(|| self.unusable(format!("{name} is no table")))
    }

    /// Rows of the table of words, one behind the other.
    pub(super) fn words(&self, ids: &[u32], width: usize) -> Result<Vec<f32>, ModelError> {
        let name = format!("{}embeddings.word_embeddings.weight", self.prefix);
        let tensor = self.tensor(&name)?;
        let known = tensor.shape.first().copied().unwrap_or_default();
        if tensor.shape.get(1) != Some(&width) || ids.iter().any(|id| *id as usize >= known) {
            return Err(
                self.unusable("its table of words does not fit config.json or tokenizer.json")
            );
        }
        let length = width * tensor.kind.size();
        let place = |id: &u32| (tensor.start + u64::from(*id) * length as u64, length);
        let mut out = Vec::with_capacity(ids.len() * width);
        tensor.kind.read(&self.bytes(ids.iter().map(place))?, &mut out);
        Ok(out)
    }

    fn tensor(&self, name: &str) -> Result<&Tensor, ModelError> {
        self.tensors.get(name).ok_or_else(|| self.unusable(format!("{name} is missing")))
    }

    fn bytes(&self, places: impl IntoIterator<Item = (u64, usize)>) -> Result<Vec<u8>, ModelError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::new();
        for (start, length) in places {
            let from = out.len();
            out.resize(from + length, 0);
            file.seek(SeekFrom::Start(start))
                .and_then(|_| file.read_exact(&mut out[from..]))
                .map_err(|error| self.unusable(error))?;
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read() {
        for (bits, expected) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x7bff, 65504.0),
        ] {
            assert!(
                (from_half(bits) - expected).abs() <= f32::EPSILON * expected.abs(),
                "{bits:x}"
            );
        }
        assert!(from_half(0x7c00).is_infinite() && from_half(0x7e00).is_nan());
    }
}
