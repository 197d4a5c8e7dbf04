//! Rerankers behind `POST v1/rerank` (as Cohere and Jina document it) and `POST rerank` (Text
//! Embeddings Inference).

use serde::Deserialize;
use serde_json::json;

use super::{BATCH, Client, Limits, RemoteError, RemoteKind, RemoteSpec, by_place, endpoint};
use crate::error::Result;
use crate::model::Reranker;

/// A reranker behind an HTTP endpoint.
#[derive(Debug)]
pub struct RemoteReranker {
    client: Client,
    kind: RemoteKind,
    model: String,
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Scored>,
}

#[derive(Deserialize)]
struct Scored {
    index: usize,
    #[serde(alias = "relevance_score")]
    score: f32,
}

impl RemoteReranker {
    /// The reranker that settings name.
    ///
    /// # Errors
    /// As [`RemoteSpec::reranker`].
    pub fn new(spec: &RemoteSpec, limits: Limits) -> Result<Self> {
        let url = match spec.kind {
            RemoteKind::OpenAi => endpoint(&spec.url, "v1", "rerank")?,
            RemoteKind::Tei => endpoint(&spec.url, "", "rerank")?,
        };
        spec.checked()?;
        let client = Client::new(url, spec.key_env.as_deref(), limits)?;
        Ok(Self { client, kind: spec.kind, model: spec.model.clone() })
    }

    fn batch(&self, question: &str, texts: &[&str]) -> std::result::Result<Vec<f32>, RemoteError> {
        let body = match self.kind {
            RemoteKind::OpenAi => json!({
                "model": self.model, "query": question, "documents": texts, "top_n": texts.len(),
            }),
            RemoteKind::Tei => json!({"query": question, "texts": texts, "truncate": true}),
        };
        let answer = self.client.post(&body)?;
        let wrong = |error: serde_json::Error| {
            self.client.unexpected(format!("the answer holds no scores ({error})"))
        };
        let scored: Vec<Scored> = match self.kind {
            RemoteKind::OpenAi => {
                serde_json::from_slice::<Results>(&answer).map_err(wrong)?.results
            }
            RemoteKind::Tei => serde_json::from_slice(&answer).map_err(wrong)?,
        };
        let scored = scored.into_iter().map(|one| (one.index, one.score));
        let scores = by_place(&self.client, texts.len(), scored)?;
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(self.client.unexpected("a score is no finite number"));
        }
        Ok(scores)
    }
}

impl Reranker for RemoteReranker {
    fn name(&self) -> &str {
        &self.model
    }

    fn scores(&self, question: &str, passages: &[&str]) -> Result<Vec<f32>> {
        let mut scores = Vec::with_capacity(passages.len());
        for batch in passages.chunks(BATCH) {
            scores.extend(self.batch(question, batch)?);
        }
        Ok(scores)
    }
}
