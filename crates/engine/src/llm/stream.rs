//! What a model writes, as it comes: server-sent events (WHATWG HTML, 9.2), each with a JSON chunk
//! of a completion, up to `[DONE]`. A server that does not stream sends one JSON object.

use std::io::BufRead;

use serde::Deserialize;

/// How a completion ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The model was done.
    Complete,
    /// The server stopped it at a limit of length.
    TooLong,
    /// The connection ended without a word.
    BrokenOff,
    /// The server says what went wrong.
    Failed(String),
    /// It is no completion.
    Unexpected(String),
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(alias = "delta")]
    message: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

/// Hands out the text of a completion piece by piece.
pub(super) fn read(mut reader: impl BufRead, text: &mut dyn FnMut(&str)) -> std::io::Result<End> {
    let mut end = End::BrokenOff;
    let mut is_stream = false;
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(end);
        }
        let bytes = line.trim_ascii();
        if let Some(data) = bytes.strip_prefix(b"data:") {
            is_stream = true;
            match data.trim_ascii() {
                b"[DONE]" => return Ok(if end == End::BrokenOff { End::Complete } else { end }),
                chunk => match take(chunk, text) {
                    None => {}
                    Some(ended @ (End::Failed(_) | End::Unexpected(_))) => return Ok(ended),
                    Some(ended) => end = ended,
                },
            }
        } else if !bytes.is_empty() && !is_stream && !is_field(bytes) {
            // Not a stream of events: the answer as a whole.
            reader.read_to_end(&mut line)?;
            return Ok(take(&line, text).unwrap_or(End::Complete));
        }
    }
}

/// A comment or another field of an event.
fn is_field(line: &[u8]) -> bool {
    [&b":"[..], b"event:", b"id:", b"retry:"].iter().any(|field| line.starts_with(field))
}

fn take(json: &[u8], text: &mut dyn FnMut(&str)) -> Option<End> {
    let chunk: Chunk = match serde_json::from_slice(json) {
        Ok(chunk) => chunk,
        Err(error) => return Some(End::Unexpected(error.to_string())),
    };
    if let Some(error) = chunk.error.filter(|error| !error.is_null()) {
        let message = error.get("message").and_then(|message| message.as_str());
        return Some(End::Failed(message.map_or_else(|| error.to_string(), str::to_owned)));
    }
    let choice = chunk.choices.into_iter().next()?;
    if let Some(content) = choice.message.and_then(|message| message.content) {
        text(&content);
    }
    match choice.finish_reason.as_deref() {
        Some("length") => Some(End::TooLong),
        Some(_) => Some(End::Complete),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(body: &str) -> (String, End) {
        let mut out = String::new();
        let end = read(body.as_bytes(), &mut |text| out += text).unwrap();
        (out, end)
    }

    #[test]
    fn streams_and_whole_answers_are_read() {
        let chunk = |text: &str| {
            format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
        };
        let stop = "data:{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\n";
        let length = stop.replace("stop", "length");
        let done = "data: [DONE]\n\n";
        let whole =
            "{\n\"choices\":[{\"message\":{\"content\":\"甲\\n乙\"},\"finish_reason\":\"stop\"}]}";
        let failed = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
        for (body, text, end) in [
            (
                format!(": hello\nevent: x\n{}{}{stop}{done}", chunk("甲"), chunk("乙")),
                "甲乙",
                End::Complete,
            ),
            (format!("{}{done}", chunk("甲")), "甲", End::Complete),
            (format!("{}{stop}", chunk("甲")), "甲", End::Complete),
            (format!("{}{length}{done}", chunk("甲")), "甲", End::TooLong),
            (chunk("甲"), "甲", End::BrokenOff),
            (format!("{}{failed}", chunk("甲")), "甲", End::Failed("out of memory".to_owned())),
            ("data: {\"choices\":[],\"usage\":{}}\ndata: [DONE]".to_owned(), "", End::Complete),
            (whole.to_owned(), "甲\n乙", End::Complete),
            (String::new(), "", End::BrokenOff),
        ] {
            assert_eq!(read_all(&body), (text.to_owned(), end), "{body}");
        }
        assert!(matches!(read_all("<html>").1, End::Unexpected(_)));
        assert!(matches!(read_all("data: {").1, End::Unexpected(_)));
    }
}
