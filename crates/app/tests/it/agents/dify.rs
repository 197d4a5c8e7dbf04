//! Dify's external knowledge.

use serde_json::{Value, json};

use super::served::Served;
use crate::{FACT, QUESTION};

fn retrieve(served: &Served, more: &Value) -> (u16, Value) {
    let mut body = json!({
        "knowledge_id": "kb",
        "query": QUESTION,
        "retrieval_setting": { "top_k": 5, "score_threshold": 0.0 },
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let reply = served.post("/retrieval", &body);
    (reply.status, reply.json())
}

#[test]
fn passages_are_retrieved_with_what_is_known_of_them() {
    let served = Served::one(&[]);
    let (status, found) = retrieve(&served, &json!({}));
    assert_eq!(status, 200, "{found}");
    let records = found["records"].as_array().unwrap();
    assert!(records[0]["content"].as_str().unwrap().contains(FACT), "{found}");
    assert_eq!(records[0]["title"], json!("远山通信完成雪岭基站改造"));
    for record in records {
        assert!(record["metadata"]["url"].as_str().unwrap().starts_with("http://"), "{record}");
        assert!((0.0..=1.0).contains(&record["score"].as_f64().unwrap()));
    }
    let high = json!({ "retrieval_setting": { "top_k": 5, "score_threshold": 0.5 } });
    let above = retrieve(&served, &high).1;
    assert!(above["records"].as_array().unwrap().len() < records.len(), "{above}");
    let one = json!({ "retrieval_setting": { "top_k": 1 }, "metadata_condition": null });
    assert_eq!(retrieve(&served, &one).1["records"].as_array().unwrap().len(), 1);
}

#[test]
fn conditions_are_met() {
    let served = Served::one(&[]);
    let condition = |name: Value, operator: &str, value: Value| json!({ "name": name, "comparison_operator": operator, "value": value });
    let name = || json!("document");
    for (operator, conditions, expected) in [
        ("and", vec![condition(name(), "is", json!("雪岭"))], 1),
        ("and", vec![condition(json!(["title", "document"]), "contains", json!("松涛"))], 1),
        ("and", vec![condition(json!("published"), "after", json!("2023-05-01"))], 1),
        ("and", vec![condition(json!("published"), "before", json!("2023-05-01"))], 0),
        ("and", vec![condition(json!("published"), "empty", json!(null))], 1),
        ("and", vec![condition(name(), "in", json!(["雪岭", "松涛岛"]))], 2),
        (
            "and",
            vec![
                condition(name(), "is", json!("雪岭")),
                condition(name(), "start with", json!("松")),
            ],
            0,
        ),
        (
            "or",
            vec![
                condition(name(), "is", json!("雪岭")),
                condition(name(), "start with", json!("松")),
            ],
            2,
        ),
        ("or", vec![], 2),
    ] {
        let conditions = json!({ "logical_operator": operator, "conditions": conditions });
        let (status, found) = retrieve(&served, &json!({ "metadata_condition": conditions }));
        assert_eq!(status, 200, "{found}");
        let records = found["records"].as_array().unwrap();
        let mut documents: Vec<String> =
            records.iter().map(|record| record["metadata"]["document"].to_string()).collect();
        documents.sort_unstable();
        documents.dedup();
        assert_eq!(documents.len(), expected, "{conditions}: {found}");
    }
}

#[test]
fn errors_have_difys_numbers() {
    let served = Served::one(&[]);
    let like = json!({ "conditions": [{ "name": "a", "comparison_operator": "like" }] });
    for (more, status, number, expected) in [
        (json!({ "knowledge_id": "none" }), 404, 2001, "\"none\" is none of kb"),
        (json!({ "query": "" }), 422, 422, "empty"),
        (json!({ "retrieval_setting": { "top_k": 0 } }), 422, 422, "from 1 to 100"),
        (json!({ "retrieval_setting": null }), 422, 422, "invalid type"),
        (json!({ "metadata_condition": like }), 422, 422, "\"like\" is none of"),
    ] {
        let (got, error) = retrieve(&served, &more);
        assert_eq!((got, &error["error_code"]), (status, &json!(number)), "{more}: {error}");
        assert!(error["error_msg"].as_str().unwrap().contains(expected), "{more}: {error}");
    }
}
