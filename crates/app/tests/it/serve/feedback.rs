//! Ratings, settings, words and evaluations through the service.

use serde_json::{Value, json};

use super::super::server::{Request, Server, json as sent};
use super::super::{Bench, QUESTION};
use super::{Serving, question, small};

const KB: &str = "/api/v1/kbs/kb";

fn ask(server: &Serving, text: &str) -> Value {
    server.send("POST", &format!("{KB}/ask"), &[], &question(text)).json()
}

/// The blocks of an answer as ratings take them.
fn quoted(answer: &Value) -> Value {
    let quote = |block: &Value| json!({"document": block["document"], "text": block["text"]});
    answer["blocks"].as_array().unwrap().iter().map(quote).collect()
}

#[test]
fn an_answer_is_confirmed_rejected_reviewed_and_forgiven() {
    let (_bench, server) = small();
    let first = ask(&server, QUESTION);
    let rate = |verdict: &str, blocks: &Value| {
        let new =
            json!({"question": QUESTION, "verdict": verdict, "blocks": blocks, "author": "值班长"});
        server.send("POST", &format!("{KB}/feedback"), &[], &new)
    };
    let rejected = rate("rejected", &quoted(&first));
    assert_eq!(rejected.status, 201, "{}", rejected.text());
    let id = rejected.json()["id"].as_str().unwrap().to_owned();
    assert_ne!(ask(&server, QUESTION)["answer"], first["answer"]);
    let open = server.get(&format!("{KB}/feedback?state=open")).json();
    assert_eq!((&open["total"], &open["feedback"][0]["author"]), (&json!(1), &json!("值班长")));

    let item = format!("{KB}/feedback/{id}");
    let declined = json!({"state": "declined", "note": "答案没有错", "reviewer": "审核员"});
    assert_eq!(server.send("PATCH", &item, &[], &declined).json()["state"], "declined");
    assert_eq!(ask(&server, QUESTION)["answer"], first["answer"]);

    assert_eq!(rate("confirmed", &quoted(&first)).status, 201);
    let confirmed = ask(&server, QUESTION);
    assert_eq!((&confirmed["answer"], &confirmed["confidence"]), (&first["answer"], &json!(1.0)));

    // Confirmed answers are questions that can be run.
    let lines = server.get(&format!("{KB}/feedback/questions")).text();
    assert_eq!(lines.lines().count(), 1, "{lines}");
    for body in [json!({"name": "一"}), json!({"questions": lines})] {
        let run = server.send("POST", &format!("{KB}/evaluations"), &[], &body);
        assert_eq!(run.status, 201, "{}", run.text());
        assert_eq!(run.json()["report"]["questions"], 1);
        let address = run.header("location").to_owned();
        assert_eq!(server.get(&address).json()["report"]["rows"].as_array().unwrap().len(), 1);
    }
    let runs = server.get(&format!("{KB}/evaluations")).json();
    assert_eq!(runs["evaluations"].as_array().unwrap().len(), 2);

    assert_eq!(server.ask("DELETE", &item, &[], b"").status, 204);
    assert_eq!(server.get(&item).code(), "feedback_not_found");
}

#[test]
fn what_cannot_be_rated_is_refused() {
    let (_bench, server) = small();
    for (body, status, code) in [
        (json!({"question": QUESTION, "verdict": "confirmed"}), 422, "not_ratable"),
        (json!({"question": " ", "verdict": "rejected"}), 422, "not_ratable"),
        (json!({"question": QUESTION, "verdict": "good"}), 422, "invalid_body"),
        (
            json!({"question": QUESTION, "verdict": "confirmed", "blocks": [{"document": "1", "text": "不在其中"}]}),
            422,
            "not_in_document",
        ),
        (
            json!({"question": QUESTION, "verdict": "confirmed", "blocks": [{"document": "77", "text": "x"}]}),
            404,
            "document_not_found",
        ),
        (
            json!({"question": QUESTION, "verdict": "rejected", "comment": "长".repeat(4001)}),
            422,
            "invalid_body",
        ),
    ] {
        let reply = server.send("POST", &format!("{KB}/feedback"), &[], &body);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{body}");
    }
    let none = server.send("POST", &format!("{KB}/evaluations"), &[], &json!({}));
    assert_eq!((none.status, none.code().as_str()), (422, "invalid_body"));
}

#[test]
fn settings_and_words_are_changed() {
    let (_bench, server) = small();
    let settings = format!("{KB}/settings");
    assert_eq!(server.get(&settings).json()["versions"], 5);
    let changed = server.send("PATCH", &settings, &[], &json!({"versions": 2}));
    assert_eq!((changed.json()["versions"].clone(), changed.status), (json!(2), 200));
    let wrong = server.send("PATCH", &settings, &[], &json!({"versions": 100_000}));
    assert_eq!(wrong.code(), "invalid_body");

    // A model that nobody has: what serves goes on serving, and the reason is told.
    let begun = server.send("PATCH", &settings, &[], &json!({"embedder": "none-such"}));
    assert_eq!(begun.status, 200, "{}", begun.text());
    let begin = std::time::Instant::now();
    let changing = loop {
        let changing = server.get(&settings).json()["changing"].clone();
        if !changing["problem"].is_null() {
            break changing;
        }
        assert!(begin.elapsed().as_secs() < 30, "{changing}");
    };
    assert!(changing["problem"].as_str().unwrap().contains("none-such"), "{changing}");

    let words = format!("{KB}/synonyms");
    let text = "速率 = 网速\n= =\n";
    let reply = server.ask("PUT", &words, &["content-type: text/plain"], text.as_bytes());
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["problems"].as_array().unwrap().len(), 1);
    assert_eq!(server.get(&words).text(), text);
    let wrong = server.ask("PUT", &words, &["content-type: text/plain"], b"\xFF\xFE\x00");
    assert_eq!(wrong.code(), "invalid_body");
    assert_eq!(server.get(&format!("{KB}/dictionary")).text(), "");
}

#[test]
fn a_reranker_is_set_and_taken_back_while_questions_are_answered() {
    let bench = Bench::indexed();
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let model = Server::new(|request: &Request| {
        let texts = request.body["texts"].as_array().unwrap().len();
        let scored: Value =
            (0..texts).map(|at| json!({"index": at, "score": 20 * at as i64})).collect();
        sent(&scored)
    });
    let settings = format!("{KB}/settings");
    let set = |name: &str| server.send("PATCH", &settings, &[], &json!({"reranker": name}));
    let first = || {
        let found =
            server.send("POST", &format!("{KB}/search"), &[], &json!({"query": "雪岭 海缆"}));
        found.json()["passages"][0]["text"].as_str().unwrap().to_owned()
    };
    let before = first();
    for wrong in ["none-such", "tei+nowhere", "", "tei+http://127.0.0.1:1#m"] {
        let reply = set(wrong);
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"), "{wrong}");
        let error = &reply.json()["error"]["details"];
        assert_eq!(error["field"], "reranker");
        assert!(error["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{error}");
    }
    assert_eq!(server.get(&settings).json()["reranker"], json!(null));

    let reply = set(&format!("tei+{}#backwards", model.url()));
    assert_eq!((reply.status, &reply.json()["reranker"]), (200, &json!("backwards")));
    let asked = model.requests().len();
    assert_ne!(first(), before);
    assert!(model.requests().len() > asked);
    assert_eq!(set("none").json()["reranker"], json!(null));
    let asked = model.requests().len();
    assert_eq!(first(), before);
    assert_eq!(model.requests().len(), asked);

    // It is a setting: whoever serves it next has it too.
    set(&format!("tei+{}#backwards", model.url()));
    drop(server);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    assert_eq!(server.get(&settings).json()["reranker"], json!("backwards"));
}
