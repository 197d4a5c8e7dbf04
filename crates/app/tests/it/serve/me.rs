//! Who asks, and how the service is.

use serde_json::json;

use super::super::server::{Server, events};
use super::super::{Bench, code};
use super::Serving;
use super::keys::{key, two};
use super::schema::compare;

const ME: &str = "/api/v1/me";

#[test]
fn without_keys_whoever_asks_may_do_everything() {
    let bench = Bench::indexed();
    let model = Server::new(|_| events("雪岭[1]。"));
    let docs = bench.path("docs");
    let args = ["--kb", "kb", "--llm", model.url(), "--llm-model", "m-1"];
    let more = ["--allow-folder", docs.to_str().unwrap(), "--upload-limit", "7"];
    let server = Serving::new(&bench, &[&args[..], &more].concat());
    let reply = server.get(ME);
    compare(&server.get("/api/v1/openapi.json").json(), "get", ME, &reply);
    let expected = json!({
        "version": env!("CARGO_PKG_VERSION"), "keys": false, "key": null, "scope": "admin",
        "only": [], "many": false, "llm": "m-1", "upload_limit": 7 << 20, "folders": true,
    });
    assert_eq!(reply.json(), expected);
    assert!(model.requests().is_empty());
}

#[test]
fn a_key_is_told_what_it_allows_and_nobody_else_is() {
    let (bench, server, admin) = two();
    let made = ["--data", "data", "--only", "news", "--only", "reports", "--name", "值班"];
    let read = key(&bench, &made);
    let api = server.get("/api/v1/openapi.json").json();
    let me = |header: &str| {
        let reply = server.ask("GET", ME, &[header], b"");
        compare(&api, "get", ME, &reply);
        reply.json()
    };
    let shown = me(&read);
    assert_eq!((&shown["keys"], &shown["key"]), (&json!(true), &json!("值班")));
    assert_eq!((&shown["scope"], &shown["only"]), (&json!("read"), &json!(["news", "reports"])));
    assert_eq!((&shown["many"], &shown["llm"]), (&json!(true), &json!(null)));
    assert_eq!(shown["folders"], json!(false));
    // A key without a name goes by its id.
    let id = admin.split('_').nth(1).unwrap();
    let shown = me(&admin);
    assert_eq!((&shown["key"], &shown["scope"]), (&json!(id), &json!("admin")));
    assert_eq!(shown["only"], json!([]));
    assert_eq!(server.get(ME).code(), "unauthorized");
}

const SYSTEM: &str = "/api/v1/system";

#[test]
fn the_service_tells_how_it_is_doing() {
    let bench = Bench::indexed();
    let model = Server::new(|_| events("雪岭[1]。"));
    let server = Serving::new(&bench, &["--kb", "kb", "--llm", model.url(), "--llm-model", "m-1"]);
    let reply = server.get(SYSTEM);
    compare(&server.get("/api/v1/openapi.json").json(), "get", SYSTEM, &reply);
    let told = reply.json();
    assert!(told["threads"].as_u64() > Some(0) && told["queued"].is_u64(), "{told}");
    assert!(told["started"].as_str().unwrap().ends_with('Z'), "{told}");
    if cfg!(target_os = "linux") {
        let memory = |name: &str| told["memory"][name].as_u64().unwrap();
        assert!(memory("resident") > 1 << 20 && memory("peak") >= memory("resident"), "{told}");
        assert!(told["disk"]["free"].as_u64() > Some(0), "{told}");
    }
    assert_eq!(told["models"]["llm"]["model"], "m-1");
    assert!(told["models"]["llm"]["url"].as_str().unwrap().starts_with(model.url()), "{told}");
    assert!(told["models"]["ocr"].is_boolean() && told["models"]["installed"].is_array());
    let kb = &told["kbs"][0];
    assert_eq!((&kb["id"], &kb["documents"]), (&json!("kb"), &json!(2)));
    assert_eq!((&kb["waiting"], &kb["problem"]), (&json!(0), &json!(null)));
    assert!(kb["passages"].as_u64() > Some(1) && kb["embedder"].is_string(), "{kb}");
    for part in ["originals", "catalogue", "index", "vectors"] {
        assert!(kb["bytes"][part].as_u64() > Some(0), "{part}: {kb}");
    }
}

#[test]
fn who_does_not_administer_the_whole_service_is_not_told() {
    let (bench, server, admin) = two();
    let some = key(&bench, &["--data", "data", "--scope", "admin", "--only", "news"]);
    let write = key(&bench, &["--data", "data", "--scope", "write"]);
    for header in [&some, &write] {
        let reply = server.ask("GET", SYSTEM, &[header], b"");
        assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"), "{header}");
    }
    assert_eq!(server.get(SYSTEM).status, 401);
    assert_eq!(server.ask("GET", SYSTEM, &[&admin], b"").status, 200);
}

#[test]
fn a_knowledge_base_that_cannot_be_opened_is_listed_with_the_reason() {
    let bench = Bench::new();
    for kb in ["data/kbs/broken", "data/kbs/news"] {
        assert_eq!(code(&bench.run(&["index", "--kb", kb, "docs"])), 0);
    }
    std::fs::write(bench.path("data/kbs/broken/catalogue.db"), "no catalogue".repeat(500)).unwrap();
    let server = Serving::new(&bench, &["--data", "data"]);
    let reply = server.get(SYSTEM);
    compare(&server.get("/api/v1/openapi.json").json(), "get", SYSTEM, &reply);
    let told = reply.json();
    let (broken, news) = (&told["kbs"][0], &told["kbs"][1]);
    assert_eq!((&broken["id"], &broken["documents"]), (&json!("broken"), &json!(null)));
    assert!(broken["problem"].as_str().is_some_and(|why| why.contains("catalogue.db")), "{broken}");
    assert!(broken["bytes"]["originals"].as_u64() > Some(0), "{broken}");
    assert_eq!((&news["documents"], &news["problem"]), (&json!(2), &json!(null)));
}
