//! OpenAI's models, embeddings and search in a vector store.

use serde_json::{Value, json};

use super::served::Served;
use crate::{FACT, QUESTION};

#[test]
fn knowledge_bases_are_models() {
    let served = Served::one(&[]);
    let models = served.get("/v1/models").json();
    let ids: Vec<&Value> = models["data"].as_array().unwrap().iter().map(|m| &m["id"]).collect();
    assert_eq!(ids, [&json!("kb"), &json!("yuanwen")]);
    assert_eq!(served.get("/v1/models/yuanwen").json()["object"], json!("model"));
    assert_eq!(served.get("/v1/models/none").status, 404);
    let several = Served::two();
    let models = several.get("/v1/models").json();
    assert_eq!(models["data"][1]["id"], json!("news"));
    assert_eq!(several.get("/v1/models/yuanwen").status, 404);
}

#[test]
fn texts_become_vectors() {
    let served = Served::one(&[]);
    let ask = |body: Value| served.post("/v1/embeddings", &body);
    let one = ask(json!({ "model": "kb", "input": QUESTION })).json();
    let vector = one["data"][0]["embedding"].as_array().unwrap();
    assert_eq!(vector.len(), 256);
    let length: f64 = vector.iter().map(|x| x.as_f64().unwrap().powi(2)).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    assert_eq!(one["usage"]["total_tokens"], json!(QUESTION.chars().count()));
    let two = json!({ "model": "yuanwen", "input": ["海缆", QUESTION], "dimensions": 256 });
    assert_eq!(ask(two).json()["data"][1]["embedding"], one["data"][0]["embedding"]);
    let packed = json!({ "model": "kb", "input": QUESTION, "encoding_format": "base64" });
    let packed = ask(packed).json();
    assert_eq!(
        packed["data"][0]["embedding"].as_str().unwrap().len(),
        (256 * 4_usize).div_ceil(3) * 4
    );

    let many = vec!["甲"; 2049];
    for (body, status, expected) in [
        (json!({ "model": "kb", "input": [] }), 400, "the list is empty"),
        (json!({ "model": "kb", "input": "" }), 400, "a text is empty"),
        (json!({ "model": "kb", "input": [[1, 2]] }), 400, "not tokens"),
        (json!({ "model": "kb", "input": many }), 400, "at most 2048"),
        (json!({ "model": "kb", "input": "甲", "dimensions": 8 }), 400, "have 256"),
        (json!({ "model": "none", "input": "甲" }), 404, "\"none\" is none of kb"),
        (json!({ "input": "甲" }), 400, "missing field `model`"),
    ] {
        let reply = ask(body.clone());
        assert_eq!(reply.status, status, "{body}: {}", reply.text());
        let error = &reply.json()["error"];
        assert!(error["message"].as_str().unwrap().contains(expected), "{body}: {error}");
        assert_eq!(error["type"], json!("invalid_request_error"));
    }
    let error = served.send("POST", "/v1/embeddings", &["content-type: application/json"], "{");
    assert_eq!((error.status, &error.json()["error"]["code"]), (400, &json!("invalid_json")));
    let missing = served.get("/v1/nothing");
    assert_eq!(missing.json()["error"]["code"], json!("route_not_found"));
}

#[test]
fn a_knowledge_base_is_searched_as_a_vector_store() {
    let served = Served::one(&[]);
    let search = |body: Value| served.post("/v1/vector_stores/kb/search", &body);
    let found = search(json!({ "query": QUESTION, "max_num_results": 2 })).json();
    assert_eq!(found["object"], json!("vector_store.search_results.page"));
    assert_eq!((&found["has_more"], &found["next_page"]), (&json!(false), &json!(null)));
    let first = &found["data"][0];
    assert!(first["content"][0]["text"].as_str().unwrap().contains(FACT), "{found}");
    assert_eq!(first["filename"], json!("雪岭.txt"));
    assert_eq!(first["attributes"]["published"], json!("2023-05-04"));
    let score = first["score"].as_f64().unwrap();
    assert!(score > 0.5 && score <= 1.0, "{score}");
    let file = first["file_id"].as_str().unwrap();
    assert_eq!(served.get(&format!("/api/v1/kbs/kb/documents/{file}")).status, 200);

    let sure = json!({ "query": QUESTION, "ranking_options": { "score_threshold": score } });
    assert_eq!(search(sure).json()["data"].as_array().unwrap().len(), 1);
    let both = json!({ "query": [QUESTION, "谁接通了松涛岛海缆？"] });
    let both = search(both).json();
    let files: Vec<&Value> =
        both["data"].as_array().unwrap().iter().map(|d| &d["filename"]).collect();
    assert!(files.contains(&&json!("雪岭.txt")) && files.contains(&&json!("松涛岛.md")), "{both}");
}

#[test]
fn filters_choose_or_are_refused() {
    let served = Served::one(&[]);
    let search = |filters: &Value| {
        let body = json!({ "query": "远山通信 雪岭 松涛岛", "filters": filters });
        served.post("/v1/vector_stores/yuanwen/search", &body)
    };
    let is = |key: &str, value: Value| json!({ "type": "eq", "key": key, "value": value });
    let station = is("document", json!("雪岭"));
    let cable = json!({ "type": "ne", "key": "document", "value": "雪岭" });
    let cases = [
        (station.clone(), &["雪岭.txt"][..]),
        (cable.clone(), &["松涛岛.md"]),
        (json!({ "type": "and", "filters": [station, cable] }), &[]),
        (json!({ "type": "or", "filters": [station, cable] }), &["松涛岛.md", "雪岭.txt"]),
        (json!({ "type": "gte", "key": "published", "value": "2023" }), &["雪岭.txt"]),
        (json!({ "type": "in", "key": "format", "value": ["markdown"] }), &["松涛岛.md"]),
        (is("nobody", json!("knows")), &[]),
    ];
    for (filters, expected) in cases {
        let found = search(&filters).json();
        let data = found["data"].as_array().unwrap_or_else(|| panic!("{filters}: {found}"));
        let mut files: Vec<&str> = data.iter().map(|d| d["filename"].as_str().unwrap()).collect();
        files.sort_unstable();
        files.dedup();
        assert_eq!(files, expected, "{filters}");
    }
    let mut deep = is("a", json!(1));
    (0..20).for_each(|_| deep = json!({ "type": "and", "filters": [deep] }));
    for (filters, expected) in [
        (json!({ "type": "like", "key": "a", "value": "b" }), "\"like\""),
        (json!({ "type": "and" }), "needs `filters`"),
        (json!({ "type": "eq", "key": "a" }), "needs `key` and `value`"),
        (json!({ "type": "eq", "key": "a", "value": ["b"] }), "must be a text"),
        (json!({ "type": "in", "key": "a", "value": "b" }), "must be a list"),
        (deep, "deep"),
    ] {
        let reply = search(&filters);
        assert_eq!(reply.status, 400, "{filters}: {}", reply.text());
        let message = reply.json()["error"]["message"].clone();
        assert!(message.as_str().unwrap().contains(expected), "{filters}: {message}");
    }
}
