//! Keys: who is refused, in whose words, and what those who may get to see.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::served::Served;
use crate::QUESTION;

const CHAT: &str = "/v1/chat/completions";

fn ask(served: &Served, path: &str, key: &[&str], body: &Value) -> (u16, Value) {
    let headers = [&["content-type: application/json"], key].concat();
    let reply = served.send("POST", path, &headers, &body.to_string());
    (reply.status, reply.json())
}

#[test]
fn a_key_is_needed_and_opens_what_it_is_for() {
    let served = Served::two();
    let key = served.key("news");
    let good = [key.as_str()];
    let messages = json!([{ "role": "user", "content": QUESTION }]);
    let chat = |model: &str| json!({ "model": model, "messages": messages });
    let setting = json!({ "top_k": 1, "score_threshold": 0.0 });
    let dify =
        |id: &str| json!({ "knowledge_id": id, "query": QUESTION, "retrieval_setting": setting });
    let bad = ["authorization: Bearer yw_none_none"];
    for (path, key, body, status, error, number) in [
        (CHAT, &[][..], chat("news"), 401, "/error/code", json!("unauthorized")),
        (CHAT, &bad, chat("news"), 401, "/error/type", json!("authentication_error")),
        (CHAT, &good, chat("empty"), 403, "/error/type", json!("permission_error")),
        (CHAT, &good, chat("雪岭"), 404, "/error/code", json!("kb_not_found")),
        (CHAT, &good, chat("news"), 200, "/yuanwen/found", json!(true)),
        (CHAT, &good, chat("yuanwen"), 200, "/yuanwen/found", json!(true)),
        ("/retrieval", &[], dify("news"), 401, "/error_code", json!(1001)),
        (
            "/retrieval",
            &["authorization: Basic eA=="],
            dify("news"),
            401,
            "/error_code",
            json!(1001),
        ),
        ("/retrieval", &bad, dify("news"), 401, "/error_code", json!(1002)),
        ("/retrieval", &good, dify("empty"), 403, "/error_code", json!(1002)),
        ("/retrieval", &good, dify("雪岭"), 404, "/error_code", json!(2001)),
        (
            "/retrieval",
            &good,
            dify("news"),
            200,
            "/records/0/title",
            json!("远山通信完成雪岭基站改造"),
        ),
    ] {
        let (got, reply) = ask(&served, path, key, &body);
        assert_eq!(got, status, "{path} {key:?} {body}: {reply}");
        assert_eq!(reply.pointer(error), Some(&number), "{path} {key:?} {body}: {reply}");
    }
    let models = served.send("GET", "/v1/models", &good, "").json();
    assert_eq!(models["data"].as_array().unwrap().len(), 2, "{models}");
    assert_eq!(models["data"][0]["id"], json!("news"));
}

#[test]
fn an_agent_sees_what_its_key_is_for() {
    let served = Served::two();
    let key = served.key("news");
    let good = [key.as_str()];
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    assert_eq!(ask(&served, "/mcp", &[], &list).0, 401);
    assert_eq!(ask(&served, "/mcp/empty", &good, &list).0, 403);
    let (status, listed) = ask(&served, "/mcp", &good, &list);
    assert_eq!(status, 200, "{listed}");
    let input = &listed["result"]["tools"][2]["inputSchema"];
    assert_eq!(input["properties"].get("kb"), None, "only one is theirs: {input}");
    let params = json!({ "name": "ask", "arguments": { "question": QUESTION } });
    let call = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params });
    let (_, answer) = ask(&served, "/mcp", &good, &call);
    assert_eq!(answer["result"]["structuredContent"]["found"], json!(true), "{answer}");
}

#[test]
fn questions_are_logged_and_counted_whichever_way_they_come() {
    let served = Served::one(&["--audit", "all"]);
    let params = json!({ "name": "ask", "arguments": { "question": QUESTION } });
    let setting = json!({ "top_k": 1 });
    let messages = json!([{ "role": "user", "content": QUESTION }]);
    let cases = [
        ("/mcp", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params })),
        (CHAT, json!({ "model": "kb", "messages": messages })),
        ("/v1/vector_stores/kb/search", json!({ "query": QUESTION })),
        (
            "/retrieval",
            json!({ "knowledge_id": "kb", "query": QUESTION, "retrieval_setting": setting }),
        ),
    ];
    for (path, body) in &cases {
        assert_eq!(served.post(path, body).status, 200, "{path}");
    }
    let lines = || served.get("/api/v1/audit").json()["entries"].as_array().unwrap().clone();
    let begin = Instant::now();
    while lines().len() < cases.len() && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    for (line, (path, _)) in lines().iter().rev().zip(&cases) {
        assert_eq!((&line["path"], &line["question"]), (&json!(path), &json!(QUESTION)), "{line}");
    }
    let counts = served.get("/metrics").text();
    let given = r#"yuanwen_answers_total{kb="kb",outcome="given"} 2"#;
    assert!(counts.contains(given), "{counts}");
}
