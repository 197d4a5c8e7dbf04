//! The ids of knowledge bases: names of folders that mean the same on every system.

use std::fmt;
use std::path::Path;

/// An id: a small letter or digit, then up to 63 of those, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KbId(String);

/// The pattern of an id, for descriptions.
pub(crate) const PATTERN: &str = "^[a-z0-9][a-z0-9_-]{0,63}$";
/// The id of a folder that is served alone and whose name is no id.
const DEFAULT: &str = "default";

impl KbId {
    /// The id that a text is, if it is one. No id leads out of the folder that it names.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let (first, rest) = text.as_bytes().split_first()?;
        let rest_is_well =
            rest.len() < 64 && rest.iter().all(|&byte| of_name(byte) || b"_-".contains(&byte));
        (of_name(*first) && rest_is_well).then(|| Self(text.to_owned()))
    }

    /// The id of a folder that is served alone.
    pub(crate) fn of_folder(dir: &Path) -> Self {
        let canonical = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        let name = canonical.file_name().and_then(|name| name.to_str());
        name.and_then(Self::new).unwrap_or_else(|| Self(DEFAULT.to_owned()))
    }

    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_ids() {
        let long = "a".repeat(64);
        for id in ["a", "0", "news", "reports_2023-q1", &long] {
            assert_eq!(KbId::new(id).map(|id| id.to_string()).as_deref(), Some(id));
        }
        let longer = "a".repeat(65);
        for text in ["", "-a", "_a", "A", "a/b", "..", "a.b", "雪岭", "a b", "a\0", &longer] {
            assert_eq!(KbId::new(text), None, "{text}");
        }
    }
}
