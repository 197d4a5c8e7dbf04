//! Conditions on what is known of a passage and its document.
//!
//! One model for the conditions of several interfaces. Texts are compared as they are, numbers by
//! value, dates (`2023`, `2023-05`, `2023-05-04`) as texts, which sorts them right. A number that
//! is compared with a text is one if the text reads as a number. What a document does not say
//! meets no condition but that it be empty, or other than something.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    One { key: String, test: Test, value: Value },
}

/// What is asked of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Is,
    IsNot,
    Greater,
    AtLeast,
    Less,
    AtMost,
    In,
    NotIn,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    Empty,
    NotEmpty,
}

impl Filter {
    /// Whether what is known meets the condition.
    pub(super) fn fits(&self, known: &Map<String, Value>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.fits(known)),
            Self::Any(any) => any.iter().any(|one| one.fits(known)),
            Self::One { key, test, value } => holds(known.get(key), *test, value),
        }
    }
}

fn holds(known: Option<&Value>, test: Test, wanted: &Value) -> bool {
    let Some(known) = known.filter(|known| !text(known).is_empty()) else {
        return matches!(test, Test::Empty | Test::IsNot | Test::NotIn | Test::NotContains);
    };
    let order = || compare(known, wanted);
    let is_in = || match wanted {
        Value::Array(all) => all.iter().any(|one| compare(known, one) == Some(Ordering::Equal)),
        // Some clients send a list as one text.
        one => text(one).split(',').any(|one| one.trim() == text(known)),
    };
    let has = |test: fn(&str, &str) -> bool| test(&text(known), &text(wanted));
    match test {
        Test::Is => order() == Some(Ordering::Equal),
        Test::IsNot => order() != Some(Ordering::Equal),
        Test::Greater => order() == Some(Ordering::Greater),
        Test::AtLeast => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
        Test::Less => order() == Some(Ordering::Less),
        Test::AtMost => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
        Test::In => is_in(),
        Test::NotIn => !is_in(),
        Test::Contains => has(|known, part| known.contains(part)),
        Test::NotContains => !has(|known, part| known.contains(part)),
        Test::StartsWith => has(|known, part| known.starts_with(part)),
        Test::EndsWith => has(|known, part| known.ends_with(part)),
        Test::Empty => false,
        Test::NotEmpty => true,
    }
}

/// Numbers by value, all else as text.
fn compare(known: &Value, wanted: &Value) -> Option<Ordering> {
    match (known.as_f64(), number(wanted)) {
        (Some(known), Some(wanted)) => known.partial_cmp(&wanted),
        _ => Some(text(known).cmp(&text(wanted))),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_hold_or_do_not() {
        let known =
            json!({ "page": 12, "kind": "report", "published": "2023-05-04", "period": "" });
        let known = known.as_object().unwrap();
        for (key, test, value, expected) in [
            ("kind", Test::Is, json!("report"), true),
            ("kind", Test::IsNot, json!("news"), true),
            ("kind", Test::In, json!(["news", "report"]), true),
            ("kind", Test::In, json!("news, report"), true),
            ("kind", Test::NotIn, json!(["news"]), true),
            ("kind", Test::Contains, json!("epo"), true),
            ("kind", Test::NotContains, json!("epo"), false),
            ("kind", Test::StartsWith, json!("rep"), true),
            ("kind", Test::EndsWith, json!("rep"), false),
            ("page", Test::Is, json!(12.0), true),
            ("page", Test::Greater, json!(9), true),
            ("page", Test::Greater, json!("9"), true),
            ("page", Test::AtLeast, json!(12), true),
            ("page", Test::Less, json!(12), false),
            ("page", Test::AtMost, json!(12), true),
            ("page", Test::In, json!([11, 12]), true),
            ("published", Test::Greater, json!("2023"), true),
            ("published", Test::Less, json!("2023-06"), true),
            ("published", Test::Less, json!("2023-05-04"), false),
            ("period", Test::Empty, json!(null), true),
            ("publisher", Test::Empty, json!(null), true),
            ("publisher", Test::NotEmpty, json!(null), false),
            ("publisher", Test::IsNot, json!("甲"), true),
            ("publisher", Test::Is, json!(""), false),
            ("kind", Test::NotEmpty, json!(null), true),
        ] {
            let filter = Filter::One { key: key.to_owned(), test, value: value.clone() };
            assert_eq!(filter.fits(known), expected, "{key} {test:?} {value}");
            let (yes, no) = (Filter::All(vec![]), Filter::Any(vec![]));
            assert_eq!(Filter::All(vec![filter.clone(), yes]).fits(known), expected);
            assert_eq!(Filter::Any(vec![filter, no]).fits(known), expected);
        }
    }
}
