//! OpenAI's chat completions, with and without a language model.

use serde_json::{Value, json};

use super::served::Served;
use crate::server::{Server, events, reply};
use crate::{FACT, QUESTION};

fn body(messages: Value) -> Value {
    json!({ "model": "yuanwen", "messages": messages, "temperature": 0.2, "tools": [] })
}

fn ask(served: &Served, messages: Value) -> Value {
    let reply = served.post("/v1/chat/completions", &body(messages));
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn text(reply: &Value) -> &str {
    reply["choices"][0]["message"]["content"].as_str().unwrap()
}

/// The chunks of a reply that is streamed, and the text that they make.
fn streamed(served: &Served, mut body: Value) -> (Vec<Value>, String) {
    body["stream"] = json!(true);
    body["stream_options"] = json!({ "include_usage": true });
    let reply = served.post("/v1/chat/completions", &body);
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let text = reply.text();
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let mut data: Vec<&str> = data.collect();
    assert_eq!(data.pop(), Some("[DONE]"));
    let chunks: Vec<Value> = data.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    let text = said.collect();
    (chunks, text)
}

#[test]
fn the_reply_is_original_text_with_sources() {
    let served = Served::one(&[]);
    let asked = json!([
        { "role": "system", "content": "You are a pirate." },
        { "role": "user", "content": QUESTION },
    ]);
    let reply = ask(&served, asked.clone());
    let content = text(&reply);
    let block = reply["yuanwen"]["blocks"][0]["text"].as_str().unwrap();
    assert!(block.contains(FACT) && content.starts_with(block), "{content}");
    assert!(content.contains(" [1]") && content.contains("出处：\n[1] 雪岭.txt"), "{content}");
    assert_eq!(reply["choices"][0]["finish_reason"], json!("stop"));
    assert_eq!(reply["usage"]["prompt_tokens"], json!(QUESTION.chars().count()));
    assert_eq!(reply["usage"]["completion_tokens"], json!(content.chars().count()));

    let (chunks, said) = streamed(&served, body(asked));
    assert_eq!(said, content);
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], json!("assistant"));
    let (last, counted) = (&chunks[chunks.len() - 2], &chunks[chunks.len() - 1]);
    assert_eq!(last["choices"][0]["finish_reason"], json!("stop"));
    assert_eq!(last["yuanwen"]["blocks"], reply["yuanwen"]["blocks"]);
    assert_eq!((&counted["choices"], &counted["usage"]), (&json!([]), &reply["usage"]));
}

#[test]
fn earlier_questions_complete_a_later_one_and_nothing_is_made_up() {
    let served = Served::one(&[]);
    let parts = json!([{ "type": "text", "text": "那谁承担工程呢？" }]);
    let reply = ask(
        &served,
        json!([
            { "role": "user", "content": QUESTION },
            { "role": "assistant", "content": "每秒八百兆比特。" },
            { "role": "user", "content": parts },
        ]),
    );
    assert!(text(&reply).contains("青溪分公司"), "{reply}");
    let unknown = json!([{ "role": "user", "content": "火星开采许可证由谁签发？" }]);
    let reply = ask(&served, unknown.clone());
    assert!(text(&reply).starts_with("没有找到答案"), "{reply}");
    assert_eq!(reply["yuanwen"]["found"], json!(false));
    assert_eq!(streamed(&served, body(unknown)).1, text(&reply));
    for (messages, expected) in [
        (json!([]), "there is no message"),
        (json!([{ "role": "assistant", "content": null }]), "must be text"),
        (json!([{ "role": "user", "content": " " }]), "empty"),
        (json!([{ "role": "user", "content": "甲".repeat(2001) }]), "more than 2000"),
        (json!([{ "role": "user", "content": [{ "type": "image_url" }] }]), "must be text"),
    ] {
        let reply = served.post("/v1/chat/completions", &body(messages.clone()));
        assert_eq!(reply.status, 400, "{messages}: {}", reply.text());
        assert!(reply.text().contains(expected), "{messages}: {}", reply.text());
        assert_eq!(reply.json()["error"]["param"], json!("messages"));
    }
    let mut two = body(json!([{ "role": "user", "content": QUESTION }]));
    two["n"] = json!(2);
    assert_eq!(served.post("/v1/chat/completions", &two).status, 400);
}

#[test]
fn a_language_model_comes_first_and_is_checked() {
    let llm = Server::new(|_| events("雪岭基站达到每秒800兆比特[1]。比规划快900兆[1]。"));
    let served = Served::one(&["--llm", llm.url(), "--llm-model", "m"]);
    let asked = json!([{ "role": "user", "content": QUESTION }]);
    let reply = ask(&served, asked.clone());
    let content = text(&reply);
    let places =
        ["m 的转述", "每秒800兆比特[1]。", "〔未经证实：", "原文：", "[1] ", FACT, "出处："];
    let places =
        places.map(|part| content.find(part).unwrap_or_else(|| panic!("{part}: {content}")));
    assert!(places.is_sorted(), "{content}");
    assert_eq!(reply["yuanwen"]["llm"]["sentences"][1]["supported"], json!(false));
    assert_eq!(streamed(&served, body(asked)).1, content);
}

#[test]
fn a_language_model_that_fails_leaves_the_original_text() {
    let llm = Server::new(|_| reply(401, &[], "{}"));
    let served = Served::one(&["--llm", llm.url(), "--llm-model", "m"]);
    let plain = Served::one(&[]);
    let asked = json!([{ "role": "user", "content": QUESTION }]);
    let reply = ask(&served, asked.clone());
    assert_eq!(text(&reply), text(&ask(&plain, asked.clone())));
    assert_eq!(reply["yuanwen"]["llm"]["complete"], json!(false));
    assert_eq!(streamed(&served, body(asked)).1, text(&reply));
}
