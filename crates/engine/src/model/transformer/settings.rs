//! How a folder of a model wants to be used: `config.json`, and the files of the library
//! sentence-transformers beside it.
//!
//! | file | |
//! |---|---|
//! | `config.json` | family, measures, number of positions |
//! | `modules.json` | what follows the network: pooling, normalising |
//! | `1_Pooling/config.json` | how vectors of pieces become one |
//! | `sentence_bert_config.json`, `tokenizer_config.json` | how many pieces are read |
//! | `config_sentence_transformers.json` | what is put before questions and passages |
//!
//! Where the files say nothing, what the models' cards ask for is taken, by the name that the
//! folder came with: see [`usual_prompts`]. Pooling is then the mean, for bge and gte-*-zh the
//! first piece.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::encoder::Measures;
use crate::model::ModelError;

/// At most so many pieces of a text are read, whatever a model allows.
const MOST: usize = 8192;
/// How many are read of a model that does not say.
const USUAL: usize = 512;

/// What `config.json` says.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) family: String,
    /// The measures, where they are given as BERT's are.
    pub(super) measures: Option<Measures>,
    pub(super) width: usize,
    positions: Option<usize>,
    padding: usize,
}

/// How a model is used for vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) most: usize,
    pub(super) pooling: Pooling,
    pub(super) query: String,
    pub(super) passage: String,
}

/// How vectors of pieces become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    First,
    Mean,
    Max,
    Last,
}

impl Config {
    pub(super) fn read(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("config.json");
        let missing = || ModelError::unusable(&path, "it is missing");
        let value: Value = json(&path)?.ok_or_else(missing)?;
        let number = |name: &str| value.get(name).and_then(Value::as_u64).map(|n| n as usize);
        let string = |name: &str| value.get(name).and_then(Value::as_str);
        let family = string("model_type").unwrap_or_default().to_owned();
        let absolute = string("position_embedding_type").is_none_or(|kind| kind == "absolute");
        let known = matches!(family.as_str(), "bert" | "xlm-roberta" | "roberta") && absolute;
        let measures = known.then(|| serde_json::from_value(value.clone()).ok()).flatten();
        let width = number("hidden_size");
        Ok(Self {
            measures,
            width: width.ok_or_else(|| ModelError::unusable(&path, "it has no hidden_size"))?,
            positions: number("max_position_embeddings"),
            padding: number("pad_token_id").unwrap_or(1),
            family,
        })
    }

    /// Positions of RoBERTa begin behind that of the padding.
    pub(super) fn first_position(&self) -> usize {
        if self.family.contains("roberta") { self.padding + 1 } else { 0 }
    }

    /// How many pieces of a text are read.
    pub(super) fn most(&self, folder: &Path) -> Result<usize, ModelError> {
        let said = |file: &str, name: &str| -> Result<Option<usize>, ModelError> {
            let value: Option<Value> = json(&folder.join(file))?;
            // Some files hold 1e30 for "any".
            let number = value.as_ref().and_then(|value| value.get(name)).and_then(Value::as_f64);
            Ok(number.filter(|most| (8.0..1e6).contains(most)).map(|most| most as usize))
        };
        let room = self.positions.map(|positions| positions.saturating_sub(self.first_position()));
        let own = said("sentence_bert_config.json", "max_seq_length")?;
        let own = own.or(said("tokenizer_config.json", "model_max_length")?).or(room);
        Ok(own.unwrap_or(USUAL).min(room.unwrap_or(MOST)).clamp(8, MOST))
    }
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Settings {
    pub(super) fn read(folder: &Path, config: &Config, origin: &str) -> Result<Self, ModelError> {
        let (query, passage) = prompts(folder, origin)?;
        let pooling = pooling(folder, origin)?;
        Ok(Self { most: config.most(folder)?, pooling, query, passage })
    }
}

fn pooling(folder: &Path, origin: &str) -> Result<Pooling, ModelError> {
    let path = folder.join("modules.json");
    let modules: Vec<Module> = json(&path)?.unwrap_or_default();
    let mut at = "1_Pooling".to_owned();
    for module in modules {
        match module.kind.rsplit('.').next().unwrap_or_default() {
            "Transformer" | "Normalize" => (),
            "Pooling" => at = module.path,
            other => {
                let reason = format!("the module {other} behind the network is not supported");
                return Err(ModelError::unusable(&path, reason));
            }
        }
    }
    let path = folder.join(at).join("config.json");
    let Some(value) = json::<Value>(&path)? else { return Ok(usual_pooling(origin)) };
    let chosen = value.get("pooling_mode").and_then(Value::as_str);
    let is_set = |(name, pooling): &(&str, Pooling)| {
        let flag = value.get(format!("pooling_mode_{name}")).and_then(Value::as_bool);
        chosen.map_or(flag == Some(true), |chosen| name.starts_with(chosen)).then_some(*pooling)
    };
    let modes = [
        ("cls_token", Pooling::First),
        ("mean_tokens", Pooling::Mean),
        ("max_tokens", Pooling::Max),
        ("lasttoken", Pooling::Last),
    ];
    let found: Vec<Pooling> = modes.iter().filter_map(is_set).collect();
    match found[..] {
        [one] => Ok(one),
        _ => Err(ModelError::unusable(&path, "its way of pooling is not supported")),
    }
}

fn usual_pooling(origin: &str) -> Pooling {
    let origin = origin.to_lowercase();
    let first = origin.contains("bge") || origin.contains("gte") && origin.ends_with("zh");
    if first { Pooling::First } else { Pooling::Mean }
}

#[derive(Default, Deserialize)]
struct Prompts {
    #[serde(default)]
    prompts: std::collections::BTreeMap<String, String>,
}

fn prompts(folder: &Path, origin: &str) -> Result<(String, String), ModelError> {
    let Prompts { prompts } =
        json(&folder.join("config_sentence_transformers.json"))?.unwrap_or_default();
    let said = |names: &[&str]| names.iter().find_map(|name| prompts.get(*name)).cloned();
    let query = said(&["query", "s2p_query", "web_search_query"]);
    let passage = said(&["passage", "document", "corpus"]);
    // Newer files name empty prompts even where the model's card asks for some.
    let says = |prompt: &Option<String>| prompt.as_ref().is_some_and(|prompt| !prompt.is_empty());
    if says(&query) || says(&passage) {
        return Ok((query.unwrap_or_default(), passage.unwrap_or_default()));
    }
    let (query, passage) = usual_prompts(origin);
    Ok((query.to_owned(), passage.to_owned()))
}

/// What a model's card asks for: `query: ` and `passage: ` for the e5 models that are not tuned
/// to instructions, an instruction before questions for bge-*-zh up to version 1.5.
fn usual_prompts(origin: &str) -> (&'static str, &'static str) {
    let origin = origin.to_lowercase();
    let words: Vec<&str> = origin.split(|ch: char| !ch.is_alphanumeric()).collect();
    let has = |word: &str| words.contains(&word);
    if has("e5") && !has("instruct") && !has("mistral") {
        ("query: ", "passage: ")
    } else if has("bge") && has("zh") && !has("reranker") {
        ("为这个句子生成表示以用于检索相关文章：", "")
    } else {
        ("", "")
    }
}

/// A JSON file; `None` if there is none.
pub(in crate::model) fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ModelError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ModelError::unusable(path, error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| ModelError::unusable(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_used_as_their_cards_ask() {
        for (origin, query, passage, pooling) in [
            ("multilingual-e5-small", "query: ", "passage: ", Pooling::Mean),
            ("intfloat/e5-base-v2", "query: ", "passage: ", Pooling::Mean),
            ("multilingual-e5-large-instruct", "", "", Pooling::Mean),
            ("bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", "", Pooling::First),
            ("bge-m3", "", "", Pooling::First),
            ("gte-large-zh", "", "", Pooling::First),
            ("paraphrase-multilingual-MiniLM-L12-v2", "", "", Pooling::Mean),
        ] {
            assert_eq!(usual_prompts(origin), (query, passage), "{origin}");
            assert_eq!(usual_pooling(origin), pooling, "{origin}");
        }
    }
}
