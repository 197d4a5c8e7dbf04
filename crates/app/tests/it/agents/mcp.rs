//! MCP over HTTP: one knowledge base and several.

use serde_json::{Value, json};

use super::served::Served;
use crate::serve::Reply;
use crate::{FACT, QUESTION};

fn request(served: &Served, path: &str, method: &str, params: Value) -> Reply {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let headers = [
        "content-type: application/json",
        "accept: application/json, text/event-stream",
        "mcp-protocol-version: 2025-06-18",
    ];
    served.send("POST", path, &headers, &body.to_string())
}

fn call(served: &Served, path: &str, tool: &str, arguments: Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    let reply = request(served, path, "tools/call", params);
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["result"].take()
}

#[test]
fn an_agent_is_greeted_and_asks() {
    let served = Served::one(&[]);
    let hello = json!({
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    for path in ["/mcp", "/mcp/kb"] {
        let greeted = request(&served, path, "initialize", hello.clone());
        assert_eq!(greeted.status, 200, "{}", greeted.text());
        assert_eq!(greeted.header("mcp-session-id"), "");
        assert_eq!(greeted.json()["result"]["serverInfo"]["name"], json!("yuanwen"));
        let answer = call(&served, path, "ask", json!({ "question": QUESTION }));
        let content = &answer["structuredContent"];
        assert!(content["blocks"][0]["text"].as_str().unwrap().contains(FACT), "{answer}");
        let id = content["blocks"][0]["id"].clone();
        let read = call(&served, path, "fetch", json!({ "id": id }));
        let url = read["structuredContent"]["url"].as_str().unwrap();
        let root = format!("http://{}/api/v1/kbs/kb/documents/", served.address());
        assert!(url.starts_with(&root), "{url}");
        let path = url.strip_prefix(&format!("http://{}", served.address())).unwrap();
        assert!(served.get(path).text().contains(FACT));
    }
    let notified = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let headers = ["content-type: application/json", "accept: application/json, text/event-stream"];
    assert_eq!(served.send("POST", "/mcp", &headers, &notified.to_string()).status, 202);
    assert_eq!(served.get("/mcp").status, 405);
    assert_eq!(request(&served, "/mcp/none", "tools/list", json!({})).status, 404);
}

#[test]
fn of_several_knowledge_bases_one_is_chosen() {
    let served = Served::two();
    let listed = request(&served, "/mcp", "tools/list", json!({})).json();
    let ask = &listed["result"]["tools"][2]["inputSchema"];
    assert_eq!(ask["properties"]["kb"]["enum"], json!(["empty", "news"]), "{listed}");
    assert_eq!(ask["required"], json!(["question", "kb"]));

    let found = call(&served, "/mcp", "search", json!({ "query": QUESTION, "kb": "news" }));
    let first = &found["structuredContent"]["results"][0];
    let id = first["id"].as_str().unwrap();
    assert!(id.starts_with("news/"), "{id}");
    let read = call(&served, "/mcp", "fetch", json!({ "id": id }));
    assert!(read["structuredContent"]["text"].as_str().unwrap().contains(FACT), "{read}");
    let none = call(&served, "/mcp", "ask", json!({ "question": QUESTION, "kb": "empty" }));
    assert_eq!(none["structuredContent"]["found"], json!(false));
    let alone = call(&served, "/mcp/news", "search", json!({ "query": QUESTION }));
    let alone = alone["structuredContent"]["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(id, format!("news/{alone}"));

    for (tool, arguments, expected) in [
        ("ask", json!({ "question": QUESTION }), "give `kb`, one of empty, news"),
        ("ask", json!({ "question": QUESTION, "kb": "other" }), "give `kb`, one of empty, news"),
        ("search", json!({ "query": QUESTION, "kb": 7 }), "must be a string"),
        ("fetch", json!({ "id": alone }), "begins with one of empty, news"),
        ("fetch", json!({ "id": "news/99/0" }), "no passage with the id"),
    ] {
        let result = call(&served, "/mcp", tool, arguments.clone());
        let text = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(result["isError"], json!(true), "{tool} {arguments}");
        assert!(text.contains(expected), "{tool} {arguments}: {text}");
    }
}
