//! Evaluations: run with options, compared, deleted.

use serde_json::{Value, json};

use super::super::server::{Request, Server, json as sent};
use super::super::{Bench, QUESTION, code};
use super::keys::key;
use super::schema::compare;
use super::{Serving, small};

const RUNS: &str = "/api/v1/kbs/kb/evaluations";
const ROUTE: &str = "/api/v1/kbs/{kb}/evaluations";

/// Labelled questions about the bench's documents; the second has no answer that scores in full.
fn questions() -> String {
    let fact = "改造后雪岭基站的下行速率达到每秒八百兆比特。";
    let one = json!({
        "id": 1, "question": QUESTION, "type": "text", "keywords": ["八百兆"],
        "blocks": [{"doc": "雪岭", "text": fact}],
    });
    let two = json!({
        "id": 2, "question": "松涛岛海缆是谁接通的？", "difficulty": 3.0, "keywords": ["没有这个"],
        "blocks": [{"doc": "松涛岛", "text": "甲乙丙丁"}],
        "alternatives": [[{"doc": "松涛岛", "text": "抢修船听涛号用三十六小时接通了松涛岛海缆。"}]],
    });
    format!("{one}\n{two}\n")
}

fn run(server: &Serving, body: Value) -> Value {
    let reply = server.send("POST", RUNS, &[], &body);
    assert_eq!(reply.status, 201, "{}", reply.text());
    compare(&server.get("/api/v1/openapi.json").json(), "post", ROUTE, &reply);
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let stored = server.get(&format!("{RUNS}/{id}"));
    assert_eq!(stored.json(), reply.json());
    reply.json()
}

#[test]
fn a_report_holds_what_a_page_shows_of_it() {
    let (_bench, server) = small();
    let shown = run(&server, json!({"name": "一", "questions": questions()}));
    // There is no reranker that could have taken part.
    let usual = json!({"rated": false, "embedder": true, "reranker": false});
    assert_eq!(shown["options"], usual);
    let report = &shown["report"];
    assert!(report.get("options").is_none(), "{report}");
    for name in ["bdci", "keywords", "recall@1", "recall@10", "mrr"] {
        assert!(report[name].is_number(), "{name}: {report}");
    }
    let bins = report["calibration"]["bins"].as_array().unwrap();
    let answers: u64 = bins.iter().map(|bin| bin["answers"].as_u64().unwrap()).sum();
    assert_eq!(answers, 2, "{bins:?}");
    assert!(bins.iter().all(|bin| bin["confidence"].is_number() && bin["right"].is_number()));
    let rows = report["rows"].as_array().unwrap();
    assert_eq!((&rows[0]["type"], &rows[1]["type"]), (&json!("text"), &json!("person")));
    assert_eq!((&rows[0]["difficulty"], &rows[1]["difficulty"]), (&json!(1.0), &json!(3.0)));
    assert!(rows[0]["answer"].as_str().unwrap().contains("八百兆比特"), "{rows:?}");
    assert_eq!(rows[0]["expected"], "改造后雪岭基站的下行速率达到每秒八百兆比特。");
    assert!(rows[1]["expected"].as_str().unwrap().starts_with("抢修船"), "{rows:?}");
    assert_eq!((&rows[0]["wrong"], &rows[0]["found"]), (&json!(false), &json!(true)));
    let listed = server.get(RUNS).json();
    let first = &listed["evaluations"][0];
    assert_eq!((&first["id"], &first["options"]), (&shown["id"], &usual));
    assert!(first["report"].get("rows").is_none() && first["report"]["bdci"].is_number());
    for options in [json!({"embedder": 1}), json!({"vectors": true}), json!("none")] {
        let body = json!({"questions": questions(), "options": options});
        let reply = server.send("POST", RUNS, &[], &body);
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"), "{body}");
    }
}

/// A server that finds the last of several texts the best.
fn backwards() -> Server {
    Server::new(|request: &Request| {
        let texts = request.body["texts"].as_array().unwrap().len();
        let scored: Value =
            (0..texts).map(|at| json!({"index": at, "score": 20 * at as i64})).collect();
        sent(&scored)
    })
}

#[test]
fn runs_with_different_options_are_compared() {
    let bench = Bench::indexed();
    let model = backwards();
    let spec = format!("tei+{}#backwards", model.url());
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "--reranker", &spec])), 0);
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let asked = |options: Value| {
        let before = model.requests().len();
        let shown = run(&server, json!({"questions": questions(), "options": options}));
        (shown, model.requests().len() - before)
    };
    let (with, requests) = asked(json!({}));
    assert!(requests > 0 && with["options"]["reranker"] == json!(true));
    let (without, requests) = asked(json!({"reranker": false}));
    assert_eq!((requests, &without["options"]["reranker"]), (0, &json!(false)));
    let (bare, _) = asked(json!({"reranker": false, "embedder": false, "rated": true}));
    assert_eq!(bare["options"], json!({"rated": true, "embedder": false, "reranker": false}));

    let id = |run: &Value| run["id"].as_str().unwrap().to_owned();
    let path = |run: &Value, other: &Value| format!("{RUNS}/{}/compare/{}", id(run), id(other));
    let reply = server.get(&path(&without, &with));
    let route = format!("{ROUTE}/{{evaluation}}/compare/{{other}}");
    compare(&server.get("/api/v1/openapi.json").json(), "get", &route, &reply);
    let told = reply.json();
    assert_eq!(told["questions"], 2);
    let near =
        |one: &Value, other: &Value| (one.as_f64().unwrap() - other.as_f64().unwrap()).abs() < 1e-9;
    assert!(near(&told["before"], &with["report"]["bdci"]), "{told}");
    assert!(near(&told["after"], &without["report"]["bdci"]), "{told}");
    let changes = told["changes"].as_array().unwrap().len() as u64;
    assert_eq!(told["wins"].as_u64().unwrap() + told["losses"].as_u64().unwrap(), changes);
    let turned = server.get(&path(&with, &without)).json();
    assert_eq!((&turned["wins"], &turned["losses"]), (&told["losses"], &told["wins"]));
    let same = server.get(&path(&with, &with)).json();
    assert_eq!((&same["changes"], &same["low"]), (&json!([]), &json!(0.0)));

    // Without a common question there is nothing to say, and that is no error.
    let other = questions().replace("\"id\":1", "\"id\":7").replace("\"id\":2", "\"id\":8");
    let other = run(&server, json!({"questions": other}));
    let reply = server.get(&path(&with, &other));
    compare(&server.get("/api/v1/openapi.json").json(), "get", &route, &reply);
    assert_eq!((&reply.json()["questions"], &reply.json()["low"]), (&json!(0), &json!(null)));
}

#[test]
fn many_questions_are_taken_at_once() {
    let (_bench, server) = small();
    // More than any other route takes.
    let questions = questions() + &format!("# {}\n", "注".repeat(1 << 19));
    let reply = server.send("POST", RUNS, &[], &json!({"questions": questions}));
    assert_ne!(reply.status, 413, "{}", reply.text());
    let questions = "注".repeat(6 << 20);
    let reply = server.send("POST", RUNS, &[], &json!({"questions": questions}));
    assert_eq!((reply.status, reply.code()), (413, "body_too_large".to_owned()));
}

#[test]
fn an_evaluation_that_was_deleted_is_gone() {
    let (bench, server) = small();
    let kept = run(&server, json!({"name": "留", "questions": questions()}));
    let gone = run(&server, json!({"name": "去", "questions": questions()}));
    let at = |run: &Value| format!("{RUNS}/{}", run["id"].as_str().unwrap());
    assert_eq!(server.ask("DELETE", &at(&gone), &[], b"").status, 204);
    for (method, path) in [
        ("GET", at(&gone)),
        ("DELETE", at(&gone)),
        ("GET", format!("{}/compare/{}", at(&kept), gone["id"].as_str().unwrap())),
        ("GET", format!("{}/compare/{}", at(&gone), kept["id"].as_str().unwrap())),
    ] {
        let reply = server.ask(method, &path, &[], b"");
        assert_eq!((reply.status, reply.code().as_str()), (404, "evaluation_not_found"), "{path}");
    }
    let listed = server.get(RUNS).json();
    let names: Vec<&Value> =
        listed["evaluations"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("留")]);
    // Who may only read may not delete.
    let read = key(&bench, &["--kb", "kb"]);
    assert_eq!(server.ask("DELETE", &at(&kept), &[&read], b"").status, 403);
    assert_eq!(server.ask("GET", &at(&kept), &[&read], b"").status, 200);
}

#[test]
fn a_knowledge_base_takes_its_evaluations_along() {
    let bench = Bench::new();
    assert_eq!(code(&bench.run(&["index", "--kb", "data/kbs/news", "docs"])), 0);
    let server = Serving::new(&bench, &["--data", "data"]);
    let runs = "/api/v1/kbs/news/evaluations";
    let made = server.send("POST", runs, &[], &json!({"questions": questions()}));
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(server.ask("DELETE", "/api/v1/kbs/news", &[], b"").status, 204);
    assert_eq!(server.send("POST", "/api/v1/kbs", &[], &json!({"id": "news"})).status, 201);
    assert_eq!(server.get(runs).json()["evaluations"], json!([]));
}
