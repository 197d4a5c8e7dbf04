//! Who asks, and how the service is.

use serde_json::json;

use super::super::Bench;
use super::super::server::{Server, events};
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
