//! What clients send in more than one form.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
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

/// A count, which JSON may also write as `5.0`, or nothing.
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(from)? else { return Ok(None) };
    let whole = number.as_u64().or_else(|| {
        let number = number.as_f64()?;
        let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        is_count.then_some(number as u64)
    });
    let whole = whole.and_then(|whole| usize::try_from(whole).ok());
    whole.map(Some).ok_or_else(|| D::Error::custom(format!("{number} is not a count")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole() {
        for (text, expected) in [
            ("5", Some(Some(5))),
            ("5.0", Some(Some(5))),
            ("null", Some(None)),
            ("5.5", None),
            ("-1", None),
            ("1e30", None),
            ("\"5\"", None),
        ] {
            let mut from = serde_json::Deserializer::from_str(text);
            assert_eq!(count(&mut from).ok(), expected, "{text}");
        }
    }
}
