//! What clients send in more than one form.

use serde::Deserialize;
use utoipa::ToSchema;

/// One text or several.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TextOrTexts)]
#[serde(untagged)]
pub(super) enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}
