//! Models behind an HTTP endpoint, of this machine or another.
//!
//! A [`RemoteSpec`] is what settings hold: it names the kind of interface, the address, the model,
//! and the environment variable with the key; the key itself is in no file and no message.
//!
//! Two interfaces are spoken. That of OpenAI, which most servers offer (vLLM, Ollama, llama.cpp,
//! LocalAI, …): `POST v1/embeddings`, and beside it `POST v1/rerank` in the form of Cohere and
//! Jina. And that of Text Embeddings Inference: `POST embed` and `POST rerank`.
//!
//! A model's vectors are told apart by what it is called and how it is asked, not by the host that
//! it runs on. Whether a server has replaced the model behind a name cannot be known.

mod address;
mod agent;
mod checksum;
mod client;
mod download;
mod embed;
mod error;
mod key;
mod named;
mod rerank;
mod said;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Embedder, Reranker};
use crate::error::Result;

pub(crate) use address::endpoint;
pub(crate) use client::Client;
pub use client::Limits;
pub(crate) use download::{Offered, download, offered};
pub use embed::RemoteEmbedder;
pub use error::RemoteError;
pub use rerank::RemoteReranker;

/// Texts of one request. Text Embeddings Inference takes no more unless told otherwise.
const BATCH: usize = 32;

/// The interface that a server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemoteKind {
    /// `v1/embeddings` as OpenAI has it, `v1/rerank` as Cohere and Jina have it.
    #[serde(alias = "cohere", alias = "jina")]
    OpenAi,
    /// `embed` and `rerank` of Text Embeddings Inference.
    Tei,
}

/// A model behind an HTTP endpoint, as settings name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoteSpec {
    /// The interface.
    pub kind: RemoteKind,
    /// The server's root, the root of a version of its interface, or the endpoint itself.
    pub url: String,
    /// The model. Text Embeddings Inference has one only, but its vectors still need a name.
    pub model: String,
    /// The environment variable that holds the key, if the server wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// What the model wants in front of a question: `query: ` for E5.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query_prefix: String,
    /// What the model wants in front of a text to be found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub passage_prefix: String,
    /// Further fields of the request for a question, such as `{"input_type": "query"}`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub query_fields: Map<String, Value>,
    /// Further fields of the request for texts to be found.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub passage_fields: Map<String, Value>,
    /// How long the vectors are. Where it is missing, the server is asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<usize>,
}

impl RemoteSpec {
    /// A model without prefixes and key.
    pub fn new(kind: RemoteKind, url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            kind,
            url: url.into(),
            model: model.into(),
            key_env: None,
            query_prefix: String::new(),
            passage_prefix: String::new(),
            query_fields: Map::new(),
            passage_fields: Map::new(),
            dimensions: None,
        }
    }

    /// The embedder. The server is asked only if `dimensions` is missing.
    ///
    /// # Errors
    /// If the settings make no sense, or the server is asked and does not answer.
    pub fn embedder(&self, limits: Limits) -> Result<Arc<dyn Embedder>> {
        Ok(Arc::new(RemoteEmbedder::new(self, limits)?))
    }

    /// The reranker. The server is not asked.
    ///
    /// # Errors
    /// If the settings make no sense.
    pub fn reranker(&self, limits: Limits) -> Result<Arc<dyn Reranker>> {
        Ok(Arc::new(RemoteReranker::new(self, limits)?))
    }

    /// The settings with the length of the vectors, for which the server is asked.
    ///
    /// # Errors
    /// As [`RemoteSpec::embedder`].
    pub(crate) fn measured(self) -> Result<Self> {
        let unknown = Self { dimensions: None, ..self };
        let dimensions = unknown.embedder(Limits::default())?.dimensions();
        Ok(Self { dimensions: Some(dimensions), ..unknown })
    }

    /// Settings without a model's name, or with fields that the request has already, are refused.
    fn checked(&self) -> std::result::Result<(), RemoteError> {
        let refused =
            |why: String| Err(RemoteError::Settings { url: self.url.trim().to_owned(), why });
        if self.model.trim().is_empty() {
            return refused("the name of the model is missing; it tells its vectors apart".into());
        }
        let given = self.query_fields.keys().chain(self.passage_fields.keys());
        let own = ["model", "input", "inputs", "encoding_format"];
        match given.into_iter().find(|field| own.contains(&field.as_str())) {
            Some(field) => {
                refused(format!("the field {field} is set by the program; leave it out"))
            }
            None => Ok(()),
        }
    }
}

/// Numbers by the places that a server gives with them, each of which must be there once.
fn by_place<T>(
    client: &Client,
    count: usize,
    found: impl IntoIterator<Item = (usize, T)>,
) -> std::result::Result<Vec<T>, RemoteError> {
    let mut places: Vec<Option<T>> = std::iter::repeat_with(|| None).take(count).collect();
    for (index, value) in found {
        match places.get_mut(index) {
            Some(place @ None) => *place = Some(value),
            Some(_) => return Err(client.unexpected(format!("two results for text {index}"))),
            None => {
                let what = format!("a result for text {index} where {count} were sent");
                return Err(client.unexpected(what));
            }
        }
    }
    let missing = |at| client.unexpected(format!("no result for text {at} of {count}"));
    places.into_iter().enumerate().map(|(at, value)| value.ok_or_else(|| missing(at))).collect()
}
