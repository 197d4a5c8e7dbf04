//! Rerankers behind `POST v1/rerank` (as Cohere and Jina document it) and `POST rerank` (Text
//! Embeddings Inference).
//!
//! Some servers give probabilities, others their log odds, as rerankers do that run here. What
//! lies between 0 and 1 throughout is taken as probabilities and given as log odds.

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
        let client = Client::new(url, spec.key_env.as_deref(), limits);
        Ok(Self { client, kind: spec.kind, model: spec.model.clone() })
    }

    fn batch(&self, question: &str, texts: &[&str]) -> std::result::Result<Vec<f32>, RemoteError> {
        let body = match self.kind {
            RemoteKind::OpenAi => json!({
                "model": self.model, "query": question, "documents": texts, "top_n": texts.len(),
            }),
            RemoteKind::Tei => {
                json!({"query": question, "texts": texts, "raw_scores": true, "truncate": true})
            }
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

/// Probabilities nearer to 0 or 1 than this are taken as this near.
const NEAR: f32 = 1e-6;

/// Scores as log odds.
fn log_odds(scores: &mut [f32]) {
    if scores.iter().all(|score| (0.0..=1.0).contains(score)) {
        for score in scores {
            let probability = score.clamp(NEAR, 1.0 - NEAR);
            *score = (probability / (1.0 - probability)).ln();
        }
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
        log_odds(&mut scores);
        Ok(scores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_become_log_odds() {
        let mut scores = [0.5, 0.0, 1.0, 0.9];
        log_odds(&mut scores);
        assert!(scores[0] == 0.0 && scores[1] < -13.0 && scores[2] > 13.0);
        assert!((scores[3] - 2.197).abs() < 0.001);
        let mut raw = [-3.0, 0.5];
        log_odds(&mut raw);
        assert_eq!(raw, [-3.0, 0.5]);
    }
}
