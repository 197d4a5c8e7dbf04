//! MCP over stdin and stdout: the handshake, the tools, and calls that cannot be answered.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::{Bench, FACT, QUESTION, code};

/// A client of `yuanwen mcp`.
struct Client {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    last: u64,
}

impl Client {
    /// Starts the server and greets it; gives what it says of itself.
    fn start(bench: &Bench) -> (Self, Value) {
        let mut command = bench.command(&["mcp", "--kb", "kb"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut client = Self { child, stdin, stdout, last: 0 };
        let hello = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let info = client.request("initialize", hello)["result"].take();
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        (client, info)
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.stdin, "{message}").unwrap();
        self.stdin.flush().unwrap();
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        assert_eq!(answer["id"], json!(id), "{answer}");
        answer
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let params = json!({ "name": tool, "arguments": arguments });
        self.request("tools/call", params)["result"].take()
    }

    /// Calls a tool that has something to give: the same as structure and as text.
    fn get(&mut self, tool: &str, arguments: Value) -> Value {
        let mut result = self.call(tool, arguments);
        assert_eq!(result["isError"], json!(false), "{result}");
        let text = result["content"][0]["text"].as_str().unwrap();
        let content = result["structuredContent"].clone();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), content);
        result["structuredContent"].take()
    }

    /// Goes away; gives how the server ended.
    fn leave(mut self) -> i32 {
        drop(self.stdin);
        self.child.wait().unwrap().code().unwrap()
    }
}

#[test]
fn an_agent_searches_fetches_and_asks() {
    let bench = Bench::indexed();
    let (mut client, info) = Client::start(&bench);
    assert_eq!(info["serverInfo"]["name"], json!("yuanwen"));
    assert_eq!(info["protocolVersion"], json!("2025-06-18"));
    let instructions = info["instructions"].as_str().unwrap();
    assert!(instructions.contains("word for word") && instructions.contains("一字不改"));

    let found = client.get("search", json!({ "query": QUESTION }));
    let first = &found["results"][0];
    assert!(first["text"].as_str().unwrap().contains(FACT), "{found}");
    assert!(first["url"].as_str().unwrap().starts_with("file:///"), "{first}");
    assert!(first["title"].as_str().unwrap().contains("雪岭"), "{first}");

    let read = client.get("fetch", json!({ "id": first["id"] }));
    assert_eq!((&read["id"], &read["title"]), (&first["id"], &first["title"]));
    assert!(read["text"].as_str().unwrap().contains(FACT));
    assert_eq!(read["metadata"]["published"], json!("2023-05-04"));
    assert_eq!(read["metadata"]["file"], json!("雪岭.txt"));

    let answer = client.get("ask", json!({ "question": QUESTION, "top": 1 }));
    assert_eq!(answer["found"], json!(true));
    let block = &answer["blocks"][0];
    assert!(block["text"].as_str().unwrap().contains(FACT), "{answer}");
    assert_eq!((&block["file"], &block["id"]), (&json!("雪岭.txt"), &first["id"]));
    assert_eq!(answer["passages"].as_array().unwrap().len(), 1);
    let score = answer["passages"][0]["score"].as_f64().unwrap();
    assert!(score > 0.5 && score <= 1.0, "{answer}");

    let after = json!({ "question": "工程由谁承担？", "after": [QUESTION], "as_of": "2023-05" });
    assert_eq!(client.get("ask", after)["found"], json!(true));
    assert_eq!(client.leave(), 0);
}

#[test]
fn what_the_documents_do_not_say_is_not_found() {
    let bench = Bench::indexed();
    let (mut client, _) = Client::start(&bench);
    let answer = client.get("ask", json!({ "question": "火星开采许可证由谁签发？" }));
    assert_eq!((&answer["found"], &answer["blocks"]), (&json!(false), &json!([])));
    assert!(answer["note"].as_str().unwrap().contains("没有找到"));
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_passage_is_fetched_with_its_neighbours() {
    let bench = Bench::new();
    let line = |nth: usize| format!("第{nth}号机房在雪岭，由青溪分公司在第{nth}周验收合格。");
    let lines: Vec<String> = (1..=60).map(line).collect();
    std::fs::write(bench.path("docs/机房.txt"), lines.join("\n\n")).unwrap();
    assert_eq!(code(&bench.run(&["index", "--kb", "kb", "docs"])), 0);
    let (mut client, _) = Client::start(&bench);
    let found = client.get("search", json!({ "query": "第30号机房", "top": 1 }));
    let middle = client.get("fetch", json!({ "id": found["results"][0]["id"] }));
    let (mut id, mut ids) = (middle["id"].clone(), Vec::new());
    while !id.is_null() {
        let read = client.get("fetch", json!({ "id": id }));
        assert!(!ids.contains(&id));
        ids.push(id);
        id = read["metadata"]["previous"].clone();
    }
    let first = client.get("fetch", json!({ "id": ids.last() }));
    assert!(first["text"].as_str().unwrap().contains(&lines[0]), "{first}");
    assert!(ids.len() > 1, "{middle}");
    let text = middle["text"].as_str().unwrap();
    assert!(text.contains(&lines[29]) && text.chars().count() > 800, "{text}");
    assert_eq!(client.leave(), 0);
}

#[test]
fn the_tools_are_described_and_only_read() {
    let bench = Bench::indexed();
    let (mut client, _) = Client::start(&bench);
    let listed = client.request("tools/list", json!({}));
    let tools = listed["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "fetch", "ask"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], json!(true), "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], json!(false), "{tool}");
        assert_eq!(tool["outputSchema"]["type"], json!("object"), "{tool}");
        assert!(tool["title"].is_string() && tool["description"].is_string(), "{tool}");
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_call_that_cannot_be_answered_says_what_to_do() {
    let bench = Bench::indexed();
    let (mut client, _) = Client::start(&bench);
    let long = "远".repeat(5000);
    let cases = [
        ("search", json!({}), "missing field `query`"),
        ("search", json!({ "query": 7 }), "expected a string"),
        ("search", json!({ "query": "  " }), "empty"),
        ("search", json!({ "query": long }), "at most 4000"),
        ("search", json!({ "query": "雪岭", "top": 0 }), "from 1 to 100"),
        ("search", json!({ "query": "雪岭", "limit": 3 }), "unknown field `limit`"),
        ("fetch", json!({ "id": "雪岭" }), "call search or ask again"),
        ("fetch", json!({ "id": "1/99" }), "no passage with the id \"1/99\""),
        ("fetch", json!({ "id": "99/0" }), "no passage with the id \"99/0\""),
        ("ask", json!({ "question": "" }), "empty"),
        ("ask", json!({ "question": "雪岭", "as_of": "去年" }), "2023-05-04"),
        ("ask", json!({ "question": "雪岭", "after": "甲" }), "expected a sequence"),
    ];
    for (tool, arguments, expected) in cases {
        let result = client.call(tool, arguments.clone());
        let text = result["content"][0]["text"].as_str().unwrap_or_default();
        assert_eq!(result["isError"], json!(true), "{tool} {arguments}: {result}");
        assert!(text.contains(expected), "{tool} {arguments}: {text}");
    }
    let unknown = client.request("tools/call", json!({ "name": "delete", "arguments": {} }));
    assert!(unknown["error"]["message"].as_str().unwrap().contains("search, fetch and ask"));
    let other = client.request("no/such/method", json!({}));
    assert!(other["error"]["code"].is_number(), "{other}");
    writeln!(client.stdin, "{{ no JSON").unwrap();
    assert!(client.get("ask", json!({ "question": QUESTION }))["found"].as_bool().unwrap());
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_client_that_leaves_at_once_is_no_error_and_a_missing_folder_is_one() {
    let bench = Bench::indexed();
    let quiet = bench.command(&["mcp", "--kb", "kb"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!((code(&quiet), quiet.stdout.len(), quiet.stderr.len()), (0, 0, 0));
    assert_eq!(code(&bench.run(&["mcp", "--kb", "none"])), 1);
}
