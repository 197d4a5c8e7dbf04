//! What a server says when it refuses, made fit for a message of one line.

use serde_json::Value;

/// Messages are cut behind so many characters.
const LONGEST: usize = 240;

/// The message in the body of an error: `error.message`, `error`, `message` or `detail` of a JSON
/// object; the body itself otherwise.
pub(super) fn message(body: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    let fields = ["/error/message", "/error", "/message", "/detail"];
    let text = fields.iter().find_map(|field| value.pointer(field)?.as_str());
    text.map_or_else(|| body.to_owned(), str::to_owned)
}

/// One line, cut.
pub(super) fn line(text: &str) -> String {
    let printable = text.replace(char::is_control, " ");
    let words: Vec<&str> = printable.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_where_servers_put_them() {
        for (body, expected) in [
            (r#"{"error": {"message": "too many"}}"#, "too many"),
            (r#"{"error": "batch size", "error_type": "Validation"}"#, "batch size"),
            (r#"{"detail": "not here"}"#, "not here"),
            ("<html>\n\u{1b}[31mgateway", "<html> [31mgateway"),
            ("", ""),
        ] {
            assert_eq!(line(&message(body)), expected);
        }
        assert_eq!(line(&"长".repeat(999)).chars().count(), LONGEST + 1);
    }
}
