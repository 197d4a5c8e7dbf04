//! `POST /v1/embeddings`: the vectors of a knowledge base's own model (OpenAI API reference,
//! "Create embeddings").
//!
//! Texts are embedded as passages are. `usage` counts characters.

use std::sync::Arc;

use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yuanwen_engine::kb::KnowledgeBase;

use super::{amount, named};
use crate::http::access::From;
use crate::http::extract::{Json, whole};
use crate::service::{ApiError, Service};

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(embed))
}

/// So many texts are taken at once, as OpenAI does.
const MOST: usize = 2048;
/// A text has no more characters.
const LONGEST: usize = 32_768;

/// Texts to embed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EmbeddingRequest)]
struct Wanted {
    /// A knowledge base's id, or `yuanwen` for the only one.
    #[schema(example = "yuanwen")]
    model: String,
    /// A text, or a list of texts.
    #[schema(schema_with = input)]
    input: Value,
    /// How vectors are written: `float` or `base64` (32-bit floats, little-endian) [default:
    /// float].
    #[serde(default)]
    #[schema(required = false)]
    encoding_format: Encoding,
    // Only the length of the model's own vectors can be had, so nobody is told to ask for one.
    #[serde(default, deserialize_with = "whole")]
    #[schema(ignore)]
    dimensions: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[schema(as = EmbeddingEncoding)]
#[serde(rename_all = "snake_case")]
enum Encoding {
    #[default]
    Float,
    Base64,
}

#[derive(Debug, Serialize, ToSchema)]
struct Embeddings {
    /// `list`.
    object: &'static str,
    data: Vec<Embedding>,
    model: String,
    usage: EmbeddingUsage,
}

#[derive(Debug, Serialize, ToSchema)]
struct Embedding {
    /// `embedding`.
    object: &'static str,
    /// The number of the text, from 0.
    index: usize,
    /// The vector: numbers, or a string in base64.
    embedding: Value,
}

/// How much text was read, in characters.
#[derive(Debug, Serialize, ToSchema)]
struct EmbeddingUsage {
    prompt_tokens: usize,
    total_tokens: usize,
}

/// Make vectors of texts with the model of a knowledge base
#[utoipa::path(
    post,
    path = "/v1/embeddings",
    tag = "openai",
    request_body = Wanted,
    responses((status = 200, description = "The vectors, in the order of the texts", body = Embeddings)),
)]
async fn embed(
    State(service): State<Arc<Service>>,
    From(caller): From,
    Json(Wanted { model, input, encoding_format, dimensions }): Json<Wanted>,
) -> Result<axum::Json<Embeddings>, ApiError> {
    let kb = named(&service, &caller, "model", &model)?;
    let texts = texts(input)?;
    let characters = amount(texts.iter().map(String::as_str));
    let embed = move |kb: &KnowledgeBase| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        Ok(kb.embed(&texts)?)
    };
    let vectors = service.with_kb(&kb, embed).await?;
    let length = vectors.first().map(Vec::len);
    if let (Some(wanted), Some(length)) = (dimensions, length)
        && wanted != length
    {
        return Err(ApiError::field("dimensions", format!("the model's vectors have {length}")));
    }
    let embedding = |(index, vector): (usize, &Vec<f32>)| Embedding {
        object: "embedding",
        index,
        embedding: written(vector, encoding_format),
    };
    let usage = EmbeddingUsage { prompt_tokens: characters, total_tokens: characters };
    let data = vectors.iter().enumerate().map(embedding).collect();
    Ok(axum::Json(Embeddings { object: "list", data, model, usage }))
}

/// The input as it is described.
fn input() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
    let list = ArrayBuilder::new().items(text()).min_items(Some(1)).max_items(Some(MOST));
    OneOfBuilder::new().item(text()).item(list).into()
}

/// The texts of a request.
fn texts(input: Value) -> Result<Vec<String>, ApiError> {
    let texts = match input {
        Value::String(text) => vec![text],
        Value::Array(items) => {
            let text = |item: Value| match item {
                Value::String(text) => Ok(text),
                _ => Err(ApiError::field(
                    "input",
                    "give texts, not tokens (LangChain: check_embedding_ctx_length=False)",
                )),
            };
            items.into_iter().map(text).collect::<Result<Vec<_>, _>>()?
        }
        _ => return Err(ApiError::field("input", "give a text or a list of texts")),
    };
    match texts.len() {
        0 => return Err(ApiError::field("input", "the list is empty")),
        1..=MOST => {}
        _ => return Err(ApiError::field("input", format!("at most {MOST} texts at once"))),
    }
    for text in &texts {
        if text.is_empty() {
            return Err(ApiError::field("input", "a text is empty"));
        }
        if text.chars().count() > LONGEST {
            return Err(ApiError::field(
                "input",
                format!("a text has more than {LONGEST} characters"),
            ));
        }
    }
    Ok(texts)
}

fn written(vector: &[f32], encoding: Encoding) -> Value {
    match encoding {
        Encoding::Float => json!(vector),
        Encoding::Base64 => {
            let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
            json!(STANDARD.encode(bytes))
        }
    }
}
