//! Embedders behind `POST v1/embeddings` (OpenAI API reference, "Create embeddings") and
//! `POST embed` (Text Embeddings Inference).

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{BATCH, Client, Limits, RemoteError, RemoteKind, RemoteSpec, by_place, endpoint};
use crate::error::Result;
use crate::model::{Embedder, normalise};

type Answer<T> = std::result::Result<T, RemoteError>;

/// A server refuses a batch that is too large for it with one of these; half of it may pass.
const TOO_LARGE: [u16; 2] = [413, 422];

/// An embedder behind an HTTP endpoint.
#[derive(Debug)]
pub struct RemoteEmbedder {
    client: Client,
    spec: RemoteSpec,
    dimensions: usize,
    digest: String,
}

#[derive(Deserialize)]
struct Embeddings {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

impl RemoteEmbedder {
    /// The embedder that settings name.
    ///
    /// # Errors
    /// As [`RemoteSpec::embedder`].
    pub fn new(spec: &RemoteSpec, limits: Limits) -> Result<Self> {
        let url = match spec.kind {
            RemoteKind::OpenAi => endpoint(&spec.url, "v1", "embeddings")?,
            RemoteKind::Tei => endpoint(&spec.url, "", "embed")?,
        };
        spec.checked()?;
        let client = Client::new(url, spec.key_env.as_deref(), limits);
        let dimensions = spec.dimensions.unwrap_or_default();
        let mut new = Self { client, spec: spec.clone(), dimensions, digest: String::new() };
        if new.dimensions == 0 {
            let probe = new.request(&["文"], &new.spec.passage_fields)?;
            new.dimensions = probe.first().map_or(0, Vec::len);
        }
        new.digest = digest(&new.spec, new.dimensions);
        Ok(new)
    }

    /// The vectors of any number of texts, those without a word left out of the requests.
    fn vectors(&self, texts: &[String], fields: &Map<String, Value>) -> Answer<Vec<Vec<f32>>> {
        let mut out = vec![vec![0.0; self.dimensions]; texts.len()];
        let worded = |at: &usize| texts[*at].chars().any(char::is_alphanumeric);
        let asked: Vec<usize> = (0..texts.len()).filter(worded).collect();
        for batch in asked.chunks(BATCH) {
            let texts: Vec<&str> = batch.iter().map(|&at| texts[at].as_str()).collect();
            for (&at, mut vector) in batch.iter().zip(self.batch(&texts, fields)?) {
                self.check(&vector)?;
                normalise(&mut vector);
                out[at] = vector;
            }
        }
        Ok(out)
    }

    /// One request, or two with half the texts each where the server finds it too large.
    fn batch(&self, texts: &[&str], fields: &Map<String, Value>) -> Answer<Vec<Vec<f32>>> {
        match self.request(texts, fields) {
            Err(RemoteError::Status { status, .. })
                if TOO_LARGE.contains(&status) && texts.len() > 1 =>
            {
                let (one, other) = texts.split_at(texts.len() / 2);
                let mut vectors = self.batch(one, fields)?;
                vectors.extend(self.batch(other, fields)?);
                Ok(vectors)
            }
            answered => answered,
        }
    }

    fn request(&self, texts: &[&str], fields: &Map<String, Value>) -> Answer<Vec<Vec<f32>>> {
        let mut body = match self.spec.kind {
            RemoteKind::OpenAi => {
                json!({"model": self.spec.model, "input": texts, "encoding_format": "float"})
            }
            RemoteKind::Tei => json!({"inputs": texts, "truncate": true}),
        };
        if let Some(body) = body.as_object_mut() {
            body.extend(fields.clone());
        }
        let answer = self.client.post(&body)?;
        let wrong = |error: serde_json::Error| {
            self.client.unexpected(format!("the answer holds no embeddings ({error})"))
        };
        let found: Vec<(usize, Vec<f32>)> = match self.spec.kind {
            RemoteKind::OpenAi => {
                let answer: Embeddings = serde_json::from_slice(&answer).map_err(wrong)?;
                answer.data.into_iter().map(|one| (one.index, one.embedding)).collect()
            }
            RemoteKind::Tei => {
                let answer: Vec<Vec<f32>> = serde_json::from_slice(&answer).map_err(wrong)?;
                answer.into_iter().enumerate().collect()
            }
        };
        by_place(&self.client, texts.len(), found)
    }

    fn check(&self, vector: &[f32]) -> Answer<()> {
        let (given, wanted) = (vector.len(), self.dimensions);
        if given != wanted {
            let what = format!(
                "the model gives vectors of {given} numbers where {wanted} were expected; \
                 it may be another one than before"
            );
            return Err(self.client.unexpected(what));
        }
        if vector.iter().any(|number| !number.is_finite()) {
            return Err(self.client.unexpected("a vector holds what is no finite number"));
        }
        Ok(())
    }
}

impl Embedder for RemoteEmbedder {
    fn name(&self) -> &str {
        &self.spec.model
    }

    fn digest(&self) -> &str {
        &self.digest
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn passages(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let prefix = &self.spec.passage_prefix;
        Ok(self.vectors(&prefixed(prefix, texts), &self.spec.passage_fields)?)
    }

    fn query(&self, text: &str) -> Result<Vec<f32>> {
        let texts = prefixed(&self.spec.query_prefix, &[text]);
        Ok(self.vectors(&texts, &self.spec.query_fields)?.swap_remove(0))
    }
}

/// The texts with a prefix; one without a word stays as it is, and is not asked about.
fn prefixed(prefix: &str, texts: &[&str]) -> Vec<String> {
    let prefixed = |text: &&str| match text.chars().any(char::is_alphanumeric) {
        true => format!("{prefix}{text}"),
        false => String::new(),
    };
    texts.iter().map(prefixed).collect()
}

/// What tells vectors apart: the model and how it is asked, not where it runs.
fn digest(spec: &RemoteSpec, dimensions: usize) -> String {
    let kind = match spec.kind {
        RemoteKind::OpenAi => "openai",
        RemoteKind::Tei => "tei",
    };
    let fields = |fields: &Map<String, Value>| Value::from(fields.clone()).to_string();
    let (dimensions, query, passage) =
        (dimensions.to_string(), fields(&spec.query_fields), fields(&spec.passage_fields));
    let mut hasher = blake3::Hasher::new();
    let prefixes = [spec.query_prefix.as_str(), &spec.passage_prefix];
    for part in [kind, &spec.model, &dimensions, prefixes[0], prefixes[1], &query, &passage] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_knows_the_model_and_not_the_host() {
        let spec = RemoteSpec::new(RemoteKind::OpenAi, "http://one:1", "m");
        let of = |spec: &RemoteSpec| digest(spec, 384);
        let moved = RemoteSpec { url: "https://other/v1".to_owned(), ..spec.clone() };
        let keyed = RemoteSpec { key_env: Some("KEY".to_owned()), ..spec.clone() };
        assert_eq!((of(&moved), of(&keyed)), (of(&spec), of(&spec)));
        let fields = json!({"input_type": "query"});
        let fields = fields.as_object().cloned().unwrap_or_default();
        let others = [
            RemoteSpec { kind: RemoteKind::Tei, ..spec.clone() },
            RemoteSpec { model: "n".to_owned(), ..spec.clone() },
            RemoteSpec { query_prefix: "q".to_owned(), ..spec.clone() },
            RemoteSpec { passage_prefix: "q".to_owned(), ..spec.clone() },
            RemoteSpec { query_fields: fields, ..spec.clone() },
        ];
        let mut digests: Vec<String> = others.iter().map(of).collect();
        digests.extend([of(&spec), digest(&spec, 383)]);
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), 7);
    }
}
