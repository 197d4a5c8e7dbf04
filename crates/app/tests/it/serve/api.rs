//! What each route gives.

use std::fs;

use serde_json::{Value, json};

use super::super::server::{Server, events};
use super::super::{Bench, FACT, QUESTION, code, json_of, sample, stderr};
use super::{Reply, Serving, encoded, lasting, question, small};

const KB: &str = "/api/v1/kbs/kb";

/// Method, path, headers and body of a request; status and code of its reply.
type Case<'a> = (&'a str, &'a str, &'a [&'a str], &'a str, u16, &'a str);

#[test]
fn requests_get_their_status_and_code() {
    let (_bench, server) = small();
    let json = "content-type: application/json";
    let long = json!({"question": "长".repeat(2001)}).to_string();
    let ask = "/api/v1/kbs/kb/ask";
    let cases: &[Case] = &[
        ("GET", "/health", &[], "", 200, ""),
        ("GET", "/ready", &[], "", 200, ""),
        ("GET", "/metrics", &[], "", 200, ""),
        ("GET", "/api/v1/kbs", &[], "", 200, ""),
        ("GET", "/api/v1/kbs?limit=0", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs?limit=x", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs?nonsense=1", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs?cursor=xyz", &[], "", 400, "invalid_cursor"),
        ("GET", "/api/v1/kbs/kb", &[], "", 200, ""),
        ("GET", "/api/v1/kbs/other", &[], "", 404, "kb_not_found"),
        ("GET", "/api/v1/kbs/..", &[], "", 404, "kb_not_found"),
        ("GET", "/api/v1/kbs/%2e%2e%2fkb", &[], "", 404, "kb_not_found"),
        ("POST", "/api/v1/kbs", &[json], r#"{"id":"x"}"#, 409, "kb_fixed"),
        ("POST", "/api/v1/kbs", &[json], r#"{"id":"../x"}"#, 422, "invalid_body"),
        ("DELETE", "/api/v1/kbs/kb", &[], "", 409, "kb_fixed"),
        ("PATCH", "/api/v1/kbs/kb", &[json], r#"{"name":"雪岭"}"#, 200, ""),
        (
            "PATCH",
            "/api/v1/kbs/kb",
            &[json, "if-match: \"x\""],
            r#"{"name":"雪"}"#,
            412,
            "precondition_failed",
        ),
        ("GET", "/api/v1/kbs/kb/documents", &[], "", 200, ""),
        ("GET", "/api/v1/kbs/kb/documents?state=lost", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs/kb/documents/1", &[], "", 200, ""),
        ("GET", "/api/v1/kbs/kb/documents/99", &[], "", 404, "document_not_found"),
        ("GET", "/api/v1/kbs/kb/documents/..%2F..%2Fetc", &[], "", 404, "document_not_found"),
        ("GET", "/api/v1/kbs/kb/documents/1/pages/1", &[], "", 409, "not_drawable"),
        ("GET", "/api/v1/kbs/kb/documents/1/pages/one", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs/kb/documents/1/pages/1?scale=99", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs/kb/documents/1/passages", &[], "", 200, ""),
        ("GET", "/api/v1/kbs/kb/documents/1/blocks?limit=1", &[], "", 200, ""),
        ("POST", ask, &[json], r#"{"question":"  "}"#, 422, "invalid_body"),
        ("POST", ask, &[json], &long, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a","top":0}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a","top":1.5}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a","top":-1}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a","top":3.0}"#, 200, ""),
        ("POST", ask, &[json], r#"{"question":"a","as_of":"昨天"}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a","oops":1}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":7}"#, 422, "invalid_body"),
        ("POST", ask, &[json], r#"{"question":"a"#, 400, "invalid_json"),
        ("POST", ask, &[json], "", 400, "invalid_json"),
        ("POST", ask, &["content-type: text/plain"], "a", 415, "unsupported_media_type"),
        ("POST", ask, &[], "{}", 415, "unsupported_media_type"),
        ("GET", "/api/v1/kbs/kb/ask", &[], "", 400, "invalid_parameter"),
        ("GET", "/api/v1/kbs/kb/ask?q=%FF", &[], "", 200, ""),
        ("PUT", ask, &[], "", 405, "method_not_allowed"),
        (
            "POST",
            "/api/v1/kbs/kb/search",
            &[json],
            r#"{"query":"雪岭","limit":0}"#,
            422,
            "invalid_body",
        ),
        ("GET", "/api/v1/kbs/kb/conversations/conv_1", &[], "", 404, "conversation_not_found"),
        ("GET", "/api/v1/keys", &[], "", 200, ""),
        ("DELETE", "/api/v1/keys/none", &[], "", 404, "key_not_found"),
        ("POST", "/api/v1/keys", &[json], r#"{"scope":"all"}"#, 422, "invalid_body"),
        ("GET", "/api/v1/audit", &[], "", 200, ""),
        ("GET", "/api/v1/openapi.json", &[], "", 200, ""),
        ("GET", "/api/v1/docs", &[], "", 200, ""),
        ("GET", "/nowhere", &[], "", 404, "route_not_found"),
        ("GET", "/api/v1/kbs/", &[], "", 404, "route_not_found"),
    ];
    for (method, path, headers, body, status, expected) in cases {
        let reply = server.ask(method, path, headers, body.as_bytes());
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (*status, *expected),
            "{method} {path} {body}: {}",
            reply.text()
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert!(reply.header("x-request-id").starts_with("req_"), "{path}");
        if *status >= 400 {
            let error = &reply.json()["error"];
            assert!(error["message"].is_string() && error["details"].is_object(), "{error}");
        }
    }
}

#[test]
fn answers_are_those_of_the_command_line() {
    let bench = Bench::new();
    let docs = sample();
    let docs = docs.parent().unwrap().to_str().unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs", docs])), 0);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let gold = docs.replace("/docs", "/gold.jsonl");
    let gold = fs::read_to_string(gold).unwrap();
    let questions = gold.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let questions: Vec<String> =
        questions.map(|one| one["question"].as_str().unwrap().to_owned()).collect();
    for text in
        questions.iter().take(8).map(String::as_str).chain([QUESTION, "火星开采许可证由谁签发？"])
    {
        let expected = json_of(&bench.run(&["ask", "--kb", "kb", text, "--json"]));
        let reply = server.send("POST", &format!("{KB}/ask"), &[], &question(text));
        assert!(reply.json()["id"].as_str().unwrap().starts_with("ans_"));
        assert_eq!(lasting(reply.json()), lasting(expected.clone()), "{text}");
        let link = server.get(&format!("{KB}/ask?q={}", encoded(text)));
        assert_eq!(lasting(link.json()), lasting(expected), "{text}");
    }
    let body =
        json!({"question": "那2022年呢？", "after": [questions[0]], "top": 2, "explain": true});
    let args = ["ask", "--kb", "kb", "那2022年呢？", "--after", &questions[0]];
    let expected = bench.run(&[&args[..], &["--top", "2", "--explain", "--json"]].concat());
    let reply = server.send("POST", &format!("{KB}/ask"), &[], &body);
    assert_eq!(lasting(reply.json()), lasting(json_of(&expected)));
}

/// The events of a stream: names and data.
pub(super) fn told(reply: &Reply) -> Vec<(String, Value)> {
    let text = reply.text();
    let events = text.split("\n\n").filter(|event| !event.trim().is_empty());
    let event = |event: &str| {
        let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        (line("event: ").to_owned(), serde_json::from_str(line("data: ")).unwrap())
    };
    events.map(event).collect()
}

#[test]
fn an_answer_comes_event_by_event_with_the_sentences_of_a_model() {
    let bench = Bench::indexed();
    let model = Server::new(|_| events("雪岭基站达到每秒800兆比特[1]。比规划快900兆[1]。"));
    let server = Serving::new(&bench, &["--kb", "kb", "--llm", model.url(), "--llm-model", "m"]);
    let accept = "accept: text/event-stream";
    let path = format!("{KB}/ask");
    let reply = server.send("POST", &path, &[accept], &question(QUESTION));
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let events = told(&reply);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["understood", "block", "passages", "sources", "sentence", "sentence", "done"]
    );
    assert!(events[1].1["text"].as_str().unwrap().contains(FACT));
    assert_eq!(events[2].1["found"], json!(true));
    assert_eq!(events[3].1["sources"][0]["text"], events[1].1["text"]);
    assert_eq!(events[5].1["supported"], json!(false));
    let done = &events[6].1;
    assert_eq!((&done["found"], &done["llm"]["complete"]), (&json!(true), &json!(true)));

    let whole = server.send("POST", &path, &[], &question(QUESTION)).json();
    assert_eq!(whole["llm"]["sentences"][0]["citations"], json!([1]));
    let without = json!({"question": QUESTION, "llm": false});
    assert!(server.send("POST", &path, &[], &without).json().get("llm").is_none());
}

#[test]
fn a_conversation_goes_on_and_is_deleted() {
    let (_bench, server) = small();
    let begun = server.send("POST", &format!("{KB}/conversations"), &[], &json!({}));
    assert_eq!(begun.status, 201);
    let path = begun.header("location").to_owned();
    for text in [QUESTION, "那松涛岛呢？"] {
        let reply = server.send("POST", &format!("{path}/ask"), &[], &question(text));
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let shown = server.get(&path).json();
    assert_eq!(shown["turns"][0]["question"], json!(QUESTION));
    assert!(shown["turns"][0]["answer"]["answer"].as_str().unwrap().contains(FACT));
    assert_eq!(shown["turns"].as_array().unwrap().len(), 2);
    assert_eq!(server.ask("DELETE", &path, &[], b"").status, 204);
    assert_eq!(server.get(&path).code(), "conversation_not_found");
}

#[test]
fn documents_are_listed_read_drawn_and_removed() {
    let bench = Bench::new();
    let file = sample();
    bench.run(&["index", "--kb", "kb", "docs", file.to_str().unwrap()]);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let path = format!("{KB}/documents");
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("{path}?limit=1{cursor}")).json();
        assert_eq!(page["total"], json!(3));
        names.push(page["documents"][0]["file"].as_str().unwrap().to_owned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["松涛岛.md", "远山通信完成松涛岛海缆抢修.pdf", "雪岭.txt"]);
    let found = server.get(&format!("{path}?q={}", encoded("海缆抢修"))).json();
    let id = found["documents"][0]["id"].as_str().unwrap();
    let path = format!("{path}/{id}");

    let shown = server.get(&path);
    let known = format!("if-none-match: {}", shown.header("etag"));
    assert_eq!(server.ask("GET", &path, &[&known], b"").status, 304);
    let bytes = fs::read(&file).unwrap();
    assert_eq!(server.get(&format!("{path}/content")).body, bytes);
    let part = server.ask("GET", &format!("{path}/content"), &["range: bytes=2-5"], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[2..6]));
    assert_eq!(part.header("content-range"), format!("bytes 2-5/{}", bytes.len()));
    let beyond = server.ask("GET", &format!("{path}/content"), &["range: bytes=99999999-"], b"");
    assert_eq!((beyond.status, beyond.code().as_str()), (416, "range_not_satisfiable"));

    let picture = server.get(&format!("{path}/pages/1?scale=0.5"));
    assert!(picture.body.starts_with(b"\x89PNG"), "{}", picture.text());
    let known = format!("if-none-match: {}", picture.header("etag"));
    assert_eq!(server.ask("GET", &format!("{path}/pages/1?scale=0.5"), &[&known], b"").status, 304);
    assert_eq!(server.get(&format!("{path}/pages/99")).code(), "page_not_found");
    let passages = server.get(&format!("{path}/passages")).json();
    assert!(passages["passages"][0]["text"].as_str().unwrap().contains("松涛岛"));
    let blocks = server.get(&format!("{path}/blocks")).json();
    assert_eq!(blocks["blocks"][0]["kind"], json!("heading"));

    assert_eq!(server.ask("DELETE", &path, &[], b"").status, 204);
    assert_eq!(server.get(&path).code(), "document_not_found");
    assert!(file.exists());
}

#[test]
fn knowledge_bases_are_made_described_and_deleted() {
    let bench = Bench::new();
    let server = Serving::new(&bench, &["--data", "data"]);
    let made = server.send("POST", "/api/v1/kbs", &[], &json!({"id": "news", "name": "新闻"}));
    assert_eq!((made.status, made.header("location")), (201, "/api/v1/kbs/news"));
    let again = server.send("POST", "/api/v1/kbs", &[], &json!({"id": "news"}));
    assert_eq!((again.status, again.code().as_str()), (409, "kb_exists"));
    assert_eq!(code(&bench.run(&["index", "--kb", "data/kbs/news", "docs"])), 0);
    let search = json!({"query": "雪岭 下行速率", "limit": 1});
    let found = server.send("POST", "/api/v1/kbs/news/search", &[], &search).json();
    assert!(found["passages"][0]["text"].as_str().unwrap().contains(FACT));
    assert!(found["passages"][0]["signals"][0]["contribution"].is_number());
    let shown = server.get("/api/v1/kbs/news").json();
    assert_eq!((&shown["name"], &shown["documents"]), (&json!("新闻"), &json!(2)));
    assert_eq!(server.ask("DELETE", "/api/v1/kbs/news", &[], b"").status, 204);
    assert_eq!(
        server.send("POST", "/api/v1/kbs/news/ask", &[], &question(QUESTION)).code(),
        "kb_not_found"
    );
    assert_eq!(server.get("/api/v1/kbs").json()["kbs"], json!([]));
    assert!(!bench.path("data/kbs/news").exists());
}

#[test]
fn words_are_set_and_followed_at_once() {
    let (_bench, server) = small();
    let path = format!("{KB}/synonyms");
    let put = |headers: &[&str], text: &str| {
        let headers = [&["content-type: text/plain"], headers].concat();
        server.ask("PUT", &path, &headers, text.as_bytes())
    };
    let empty = server.get(&path);
    assert_eq!((empty.status, empty.text().as_str()), (200, ""));
    let asked = question("雪岭站点改造后的下载速度是多少？");
    let before = server.send("POST", &format!("{KB}/ask"), &[], &asked).json();
    let set = put(&[], "下行速率 下载速度\n基站 站点\n单独\n");
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()["problems"][0]["line"], json!(3));
    assert!(server.get(&path).text().starts_with("下行速率"));
    let after = server.send("POST", &format!("{KB}/ask"), &[], &asked).json();
    let confidence = |answer: &Value| answer["confidence"].as_f64().unwrap();
    assert!(confidence(&after) > confidence(&before), "{before} {after}");
    let known = format!("if-match: {}", empty.header("etag"));
    assert_eq!(put(&[&known], "甲 乙").code(), "precondition_failed");
    assert_eq!(server.send("PUT", &path, &[], &json!({})).code(), "unsupported_media_type");
    let latin = ["content-type: text/plain"];
    assert_eq!(server.ask("PUT", &path, &latin, b"\xff").code(), "invalid_body");
    assert_eq!(server.get(&format!("{KB}/dictionary")).text(), "");
}

#[test]
fn a_write_that_is_repeated_is_done_once() {
    let bench = Bench::new();
    let server = Serving::new(&bench, &["--data", "data"]);
    let key = "idempotency-key: one";
    let make = |id: &str, key: &str| server.send("POST", "/api/v1/kbs", &[key], &json!({"id": id}));
    let first = make("news", key);
    let second = make("news", key);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(
        (first.header("idempotency-replayed"), second.header("idempotency-replayed")),
        ("", "true")
    );
    assert_eq!(second.header("location"), "/api/v1/kbs/news");
    assert_eq!(make("other", key).code(), "idempotency_mismatch");
    assert_eq!(make("news", "idempotency-key: two").code(), "kb_exists");
    assert_eq!(make("news", "idempotency-key: ").code(), "invalid_parameter");
}

#[test]
fn a_folder_without_a_knowledge_base_is_not_served() {
    let bench = Bench::new();
    for (args, expected) in [
        (&["--kb", "none"][..], "there is no knowledge base"),
        (&["--data", "d", "--kb", "none"], "cannot be used with"),
        (&["--data", "d", "--listen", "nowhere"], "give an address and a port"),
    ] {
        let output = bench.run(&[&["serve"], args].concat());
        assert_ne!(code(&output), 0);
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}
