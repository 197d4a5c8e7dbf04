//! The description of the interface against what the service sends.

use serde_json::{Value, json};

use super::super::{Bench, QUESTION, sample};
use super::{Reply, Serving, question};

/// Whether a value is as a schema says, as far as our schemas go; else where it is not.
fn check(api: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(api, api.pointer(&reference[1..]).unwrap(), value, place);
    }
    for one in schema["allOf"].as_array().into_iter().flatten() {
        check(api, one, value, place)?;
    }
    if let Some(variants) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = |one: &Value| check(api, one, value, place).is_ok();
        return variants.iter().any(fits).then_some(()).ok_or(format!("{place}: no variant fits"));
    }
    let has = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_null(),
    };
    let names = match &schema["type"] {
        Value::Array(names) => names.clone(),
        Value::Null => vec![],
        name => vec![name.clone()],
    };
    if !names.is_empty() && !names.iter().any(|name| has(name.as_str().unwrap())) {
        return Err(format!("{place}: {value} is no {names:?}"));
    }
    if let Some(all) = schema["enum"].as_array()
        && !all.contains(value)
    {
        return Err(format!("{place}: {value} is none of {all:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            return Err(format!("{place}: {name} is missing"));
        }
    }
    for (name, one) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(inner) = value.get(name) {
            check(api, one, inner, &format!("{place}.{name}"))?;
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        check(api, &schema["items"], inner, &format!("{place}[]"))?;
    }
    Ok(())
}

/// The fields that a schema knows at its top.
fn fields(api: &Value, schema: &Value) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return fields(api, api.pointer(&reference[1..]).unwrap());
    }
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let inner = schema["allOf"].as_array().into_iter().flatten().flat_map(|one| fields(api, one));
    own.chain(inner).collect()
}

/// Compares a reply with what is said about it.
pub(super) fn compare(api: &Value, method: &str, route: &str, reply: &Reply) {
    let operation = &api["paths"][route][method];
    let mut response = &operation["responses"][reply.status.to_string()];
    if let Some(reference) = response["$ref"].as_str() {
        response = api.pointer(&reference[1..]).unwrap();
    }
    assert!(response.is_object(), "{method} {route}: {} is not described", reply.status);
    let schema = &response["content"]["application/json"]["schema"];
    if schema.is_null() {
        return;
    }
    let value = reply.json();
    check(api, schema, &value, route).unwrap_or_else(|error| panic!("{error}: {value}"));
    let known = fields(api, schema);
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(known.contains(name), "{method} {route}: {name} is not described");
    }
}

#[test]
fn replies_are_as_described() {
    let bench = Bench::new();
    bench.run(&["index", "--kb", "kb", "docs", sample().to_str().unwrap()]);
    let server = Serving::new(&bench, &["--kb", "kb", "--audit", "all"]);
    let api = server.get("/api/v1/openapi.json").json();
    assert_eq!(api["openapi"], json!("3.1.0"));
    let kb = "/api/v1/kbs/{kb}";
    let explained = json!({"question": QUESTION, "explain": true});
    let laid_out = json!({"question": "松涛岛的海缆是什么时候修复的？", "layout": true});
    let missing = "/api/v1/kbs/none";
    let talk = server.send("POST", "/api/v1/kbs/kb/conversations", &[], &json!({"title": "t"}));
    let talk = talk.header("location").to_owned();
    let key = json!({"scope": "admin", "name": "n"});
    let cases: Vec<(&str, String, String, Value)> = vec![
        ("get", "/health".into(), "/health".into(), Value::Null),
        ("get", "/ready".into(), "/ready".into(), Value::Null),
        ("get", "/api/v1/kbs".into(), "/api/v1/kbs".into(), Value::Null),
        ("get", kb.into(), "/api/v1/kbs/kb".into(), Value::Null),
        ("get", kb.into(), missing.into(), Value::Null),
        ("patch", kb.into(), "/api/v1/kbs/kb".into(), json!({"name": "n"})),
        ("delete", kb.into(), "/api/v1/kbs/kb".into(), Value::Null),
        ("get", format!("{kb}/documents"), "/api/v1/kbs/kb/documents".into(), Value::Null),
        (
            "get",
            format!("{kb}/documents/{{document}}"),
            "/api/v1/kbs/kb/documents/1".into(),
            Value::Null,
        ),
        (
            "get",
            format!("{kb}/documents/{{document}}/passages"),
            "/api/v1/kbs/kb/documents/3/passages".into(),
            Value::Null,
        ),
        (
            "get",
            format!("{kb}/documents/{{document}}/blocks"),
            "/api/v1/kbs/kb/documents/3/blocks".into(),
            Value::Null,
        ),
        (
            "get",
            format!("{kb}/documents/{{document}}/passages/{{ordinal}}"),
            "/api/v1/kbs/kb/documents/3/passages/0".into(),
            Value::Null,
        ),
        (
            "get",
            format!("{kb}/documents/{{document}}/pages"),
            "/api/v1/kbs/kb/documents/3/pages".into(),
            Value::Null,
        ),
        (
            "get",
            format!("{kb}/documents/{{document}}/warnings"),
            "/api/v1/kbs/kb/documents/3/warnings".into(),
            Value::Null,
        ),
        ("post", format!("{kb}/ask"), "/api/v1/kbs/kb/ask".into(), explained),
        ("post", format!("{kb}/ask"), "/api/v1/kbs/kb/ask".into(), laid_out),
        ("post", format!("{kb}/ask"), "/api/v1/kbs/kb/ask".into(), json!({"question": ""})),
        ("post", format!("{kb}/search"), "/api/v1/kbs/kb/search".into(), json!({"query": "雪岭"})),
        ("post", format!("{kb}/conversations"), "/api/v1/kbs/kb/conversations".into(), json!({})),
        (
            "post",
            format!("{kb}/conversations/{{conversation}}/ask"),
            format!("{talk}/ask"),
            question(QUESTION),
        ),
        ("get", format!("{kb}/conversations/{{conversation}}"), talk.clone(), Value::Null),
        ("get", "/api/v1/audit".into(), "/api/v1/audit".into(), Value::Null),
        ("get", "/api/v1/keys".into(), "/api/v1/keys".into(), Value::Null),
        ("post", "/api/v1/keys".into(), "/api/v1/keys".into(), key),
        ("get", "/api/v1/keys".into(), "/api/v1/keys".into(), Value::Null),
    ];
    for (method, route, path, body) in cases {
        let reply = match body {
            Value::Null => server.ask(&method.to_uppercase(), &path, &[], b""),
            body => server.send(&method.to_uppercase(), &path, &[], &body),
        };
        compare(&api, method, &route, &reply);
    }
}

#[test]
fn every_route_asks_who_comes() {
    let bench = Bench::indexed();
    let output = bench.run(&["key", "create", "--kb", "kb", "--only", "other"]);
    let key = format!("authorization: Bearer {}", super::super::stdout(&output).trim());
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let api = server.get("/api/v1/openapi.json").json();
    let mut count = 0;
    for (route, item) in api["paths"].as_object().unwrap() {
        let open = ["/health", "/ready"].contains(&route.as_str());
        let mut path = route.replace("{kb}", "kb");
        while let Some((before, after)) = path.clone().split_once('{') {
            path = format!("{before}1{}", after.split_once('}').unwrap().1);
        }
        for method in item.as_object().unwrap().keys() {
            let send = |headers: &[&str]| {
                let kind = if method == "put" { "text/plain" } else { "application/json" };
                let kind = format!("content-type: {kind}");
                let headers = [&[kind.as_str()], headers].concat();
                let body = br#"{"question":"a","query":"a","id":"a","scope":"read"}"#;
                server.ask(&method.to_uppercase(), &path, &headers, body).status
            };
            let expected = if open { 200 } else { 401 };
            assert_eq!(send(&[]), expected, "{method} {route}");
            count += 1;
            // Interfaces of others name a knowledge base in the body, or mean all that may be read.
            if ["/mcp", "/v1/", "/v2/", "/rerank", "/retrieval"]
                .iter()
                .any(|own| route.starts_with(own))
            {
                continue;
            }
            let status = send(&[&key]);
            // The list of knowledge bases is empty for this key, and anybody may ask who they are.
            let lists = ["/api/v1/kbs", "/api/v1/me"].contains(&route.as_str()) && method == "get";
            assert_eq!(status, if open || lists { 200 } else { 403 }, "{method} {route}");
        }
    }
    assert!(count > 20, "{count}");
}
