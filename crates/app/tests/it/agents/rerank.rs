//! Reranking.

use serde_json::{Value, json};

use super::served::Served;
use crate::{FACT, QUESTION};

#[test]
fn texts_are_ordered_by_how_well_they_answer() {
    let served = Served::one(&[]);
    let answer = format!("改造后雪岭基站的下行速率达到{FACT}。");
    let documents = json!(["松涛岛海缆在台风中受损。", answer, { "text": "远山通信的基站。" }]);
    for path in ["/v1/rerank", "/v2/rerank", "/rerank"] {
        let body = json!({ "model": "kb", "query": QUESTION, "documents": documents });
        let reply = served.post(path, &body).json();
        let results = reply["results"].as_array().unwrap();
        let order: Vec<u64> = results.iter().map(|one| one["index"].as_u64().unwrap()).collect();
        assert_eq!(order, [1, 2, 0], "{reply}");
        assert_eq!(results[0]["document"]["text"], json!(answer));
        let scores: Vec<f64> =
            results.iter().map(|one| one["relevance_score"].as_f64().unwrap()).collect();
        assert!(scores[0] <= 1.0 && scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    }
    let short = json!({
        "model": "yuanwen", "query": QUESTION, "documents": documents, "top_n": 1,
        "return_documents": false,
    });
    let reply = served.post("/v1/rerank", &short).json();
    assert_eq!(reply["results"].as_array().unwrap().len(), 1);
    assert_eq!(reply["results"][0].get("document"), None::<&Value>);
    for (field, value, expected) in [
        ("documents", json!([]), "1 to 1000"),
        ("documents", json!([7]), "did not match"),
        ("query", json!(""), "empty"),
        ("top_n", json!(0), "from 1"),
    ] {
        let mut body = short.clone();
        body[field] = value;
        let reply = served.post("/rerank", &body);
        assert_eq!(reply.status, 400, "{body}: {}", reply.text());
        assert!(reply.text().contains(expected), "{body}: {}", reply.text());
    }
}
