//! A remote model in one word, as a command line has it:
//! `openai+http://localhost:8000#bge-m3` or `tei+https://host/tei#gte&key_env=TEI_KEY`.
//!
//! Behind the model's name stand the settings that a word can hold: `key_env`, `query_prefix`,
//! `passage_prefix`. A JSON object says all of [`RemoteSpec`]. Without a kind it is OpenAI's.

use super::{RemoteError, RemoteKind, RemoteSpec};

impl RemoteSpec {
    /// The remote model that a word or JSON names; `None` if it is the name of another model.
    ///
    /// # Errors
    /// If it is a remote model's, but cannot be understood.
    pub fn named(text: &str) -> Result<Option<Self>, RemoteError> {
        let text = text.trim_start();
        if text.starts_with('{') {
            let wrong = |error: serde_json::Error| settings("the remote model", error.to_string());
            return serde_json::from_str(text).map(Some).map_err(wrong);
        }
        let kinds = [("openai+", RemoteKind::OpenAi), ("tei+", RemoteKind::Tei)];
        let named = kinds.iter().find_map(|(name, kind)| Some((*kind, text.strip_prefix(name)?)));
        let (kind, rest) = named.unwrap_or((RemoteKind::OpenAi, text));
        if named.is_none() && !rest.starts_with("http://") && !rest.starts_with("https://") {
            return Ok(None);
        }
        let (url, rest) = rest.split_once('#').unwrap_or((rest, ""));
        let mut parts = rest.split('&');
        let mut spec = Self::new(kind, url, parts.next().unwrap_or_default());
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name {
                "key_env" => spec.key_env = Some(value.to_owned()),
                "query_prefix" => value.clone_into(&mut spec.query_prefix),
                "passage_prefix" => value.clone_into(&mut spec.passage_prefix),
                _ => {
                    let known = "key_env, query_prefix and passage_prefix can stand behind &";
                    return Err(settings("the remote model", known.to_owned()));
                }
            }
        }
        if spec.model.is_empty() {
            let wanted = "write the model's name behind it: openai+http://host:port#NAME";
            return Err(settings("the remote model", wanted.to_owned()));
        }
        Ok(Some(spec))
    }
}

fn settings(url: &str, why: String) -> RemoteError {
    RemoteError::Settings { url: url.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_models_are_told_from_names() {
        let named = |text: &str| RemoteSpec::named(text).unwrap();
        assert_eq!(named("bge-small-zh"), None);
        assert_eq!(named("builtin"), None);
        let plain = RemoteSpec::new(RemoteKind::OpenAi, "http://h:1", "m");
        assert_eq!(named("http://h:1#m"), Some(plain.clone()));
        assert_eq!(named(r#"{"kind":"openai","url":"http://h:1","model":"m"}"#), Some(plain));
        let full = RemoteSpec {
            key_env: Some("KEY".to_owned()),
            query_prefix: "query: ".to_owned(),
            passage_prefix: "passage: ".to_owned(),
            ..RemoteSpec::new(RemoteKind::Tei, "https://h/tei", "e5")
        };
        let text = "tei+https://h/tei#e5&key_env=KEY&query_prefix=query: &passage_prefix=passage: ";
        assert_eq!(named(text), Some(full));
        for text in ["http://h", "http://h#", "tei+http://h#m&key=s3cret", "{\"kind\":1}"] {
            let error = RemoteSpec::named(text).unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
