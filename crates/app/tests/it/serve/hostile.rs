//! Requests made to hurt: refused in words, and the server answers the next one.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use super::super::{Bench, QUESTION};
use super::{Reply, Serving, question, small};

fn is_well(server: &Serving) {
    let reply = server.send("POST", "/api/v1/kbs/kb/ask", &[], &question(QUESTION));
    assert_eq!(reply.status, 200, "{}", server.said());
}

#[test]
fn what_is_too_large_or_no_http_is_refused() {
    let (_bench, server) = small();
    let host = format!("host: {}\r\n", server.address);
    let ask = "POST /api/v1/kbs/kb/ask HTTP/1.1\r\n";
    let kind = "content-type: application/json\r\n";
    let large = json!({"question": "x".repeat(2 << 20)}).to_string();
    let lines: String = (0..300).map(|nth| format!("x-{nth}: y\r\n")).collect();
    let long = "y".repeat(200_000);
    let sized = |size: usize, body: &str| {
        format!("{ask}{host}{kind}content-length: {size}\r\nconnection: close\r\n\r\n{body}")
    };
    let cases: Vec<(&str, String, &[u16])> = vec![
        ("a large body", sized(large.len(), &large), &[413]),
        ("a body said to be huge", sized(1 << 50, "{}"), &[413]),
        (
            "a chunked body that is too large",
            format!(
                "{ask}{host}{kind}transfer-encoding: chunked\r\nconnection: close\r\n\r\n{}0\r\n\r\n",
                format!("ffff\r\n{}\r\n", "x".repeat(0xffff)).repeat(20)
            ),
            &[413],
        ),
        ("many headers", format!("GET /health HTTP/1.1\r\n{host}{lines}\r\n"), &[431]),
        ("a long header", format!("GET /health HTTP/1.1\r\n{host}x: {long}\r\n\r\n"), &[431]),
        ("a long address", format!("GET /{long} HTTP/1.1\r\n{host}\r\n"), &[414, 431]),
        ("no HTTP", "\u{16}\u{3}\u{1}\0\0 hello\r\n\r\n".to_owned(), &[400]),
        (
            "two lengths",
            format!("{ask}{host}{kind}content-length: 1\r\ncontent-length: 2\r\n\r\n{{}}"),
            &[400],
        ),
        ("a wrong length", format!("{ask}{host}{kind}content-length: many\r\n\r\n{{}}"), &[400]),
        (
            "no host",
            "GET /api/v1/kbs HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned(),
            &[400, 403],
        ),
        (
            "deep JSON",
            {
                let body = "[".repeat(100_000);
                sized(body.len(), &body)
            },
            &[400, 422],
        ),
        (
            "half a surrogate",
            {
                let body = r#"{"question":"\ud800"}"#;
                sized(body.len(), body)
            },
            &[400],
        ),
        (
            "a long idempotency key",
            format!(
                "POST /api/v1/kbs HTTP/1.1\r\n{host}{kind}idempotency-key: {}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}",
                "k".repeat(300)
            ),
            &[400],
        ),
    ];
    for (name, bytes, expected) in cases {
        let Reply { status, .. } = server.raw(bytes.as_bytes());
        assert!(expected.contains(&status), "{name}: {status}");
    }
    is_well(&server);
}

#[test]
fn questions_of_any_text_are_answered() {
    let (_bench, server) = small();
    for text in [
        "\0",
        "\u{FEFF}",
        "\u{202E}雪岭",
        "？？？",
        "' OR 1=1 --",
        "\"AND OR NOT(",
        "a:b^2~*",
        "𠀀𠀁",
        "2023年13月",
        "%s%n",
        "../../etc/passwd",
        &"雪".repeat(2000),
        &"雪岭 ".repeat(600),
    ] {
        let reply = server.send("POST", "/api/v1/kbs/kb/ask", &[], &question(text));
        assert_eq!(reply.status, 200, "{text:?}: {}", reply.text());
        let reply = server.send("POST", "/api/v1/kbs/kb/search", &[], &json!({"query": text}));
        assert_eq!(reply.status, 200, "{text:?}: {}", reply.text());
    }
    is_well(&server);
}

#[test]
fn a_slow_client_is_let_go_and_holds_nobody_up() {
    let (_bench, server) = small();
    let head = format!(
        "POST /api/v1/kbs/kb/ask HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{\"que",
        server.address
    );
    let mut slow: Vec<_> = (0..50).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(head.as_bytes()).unwrap();
    }
    let begin = Instant::now();
    is_well(&server);
    // Held up, it would take as long as a body may.
    assert!(begin.elapsed() < Duration::from_secs(18));
    let mut stream = slow.pop().unwrap();
    let mut text = [0; 12];
    stream.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"HTTP/1.1 408");
}

#[test]
fn sixty_four_clients_at_once_get_the_same_answer() {
    let bench = Bench::indexed();
    let server = Serving::new(&bench, &["--kb", "kb"]);
    let answer = |server: &Serving| {
        let reply = server.send("POST", "/api/v1/kbs/kb/ask", &[], &question(QUESTION));
        assert_eq!(reply.status, 200, "{}", reply.text());
        super::lasting(reply.json())
    };
    let expected = answer(&server);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| (0..4).for_each(|_| assert_eq!(answer(&server), expected)));
        }
    });
}

/// A number below a limit that looks random and is the same each time (splitmix64).
fn below(seed: &mut u64, limit: usize) -> usize {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((mixed ^ (mixed >> 31)) % limit as u64) as usize
}

/// Routes that take JSON, with a body that each would take.
const BODIES: [(&str, &str, &str); 9] = [
    ("POST", "/api/v1/kbs/kb/ask", r#"{"question":"雪岭","top":3,"after":["a"]}"#),
    ("POST", "/api/v1/kbs/kb/search", r#"{"query":"雪岭","limit":3}"#),
    ("POST", "/api/v1/kbs/kb/feedback", r#"{"question":"雪岭","verdict":"rejected","blocks":[]}"#),
    ("POST", "/api/v1/kbs/kb/evaluations", r#"{"name":"一","questions":"{}"}"#),
    ("PATCH", "/api/v1/kbs/kb/settings", r#"{"versions":3}"#),
    ("PATCH", "/api/v1/kbs/kb/documents/1", r#"{"path":"a.txt"}"#),
    (
        "POST",
        "/v1/chat/completions",
        r#"{"model":"kb","messages":[{"role":"user","content":"a"}]}"#,
    ),
    ("POST", "/v1/rerank", r#"{"query":"a","documents":["a","b"]}"#),
    (
        "POST",
        "/retrieval",
        r#"{"knowledge_id":"kb","query":"a","retrieval_setting":{"top_k":1,"score_threshold":0}}"#,
    ),
];

/// A value of a kind that no field has.
const WRONG: [&str; 8] =
    ["null", "[]", "[[[[]]]]", "-1e999", "\"\\u0000\"", "{\"question\":{}}", "true", "{\"x\":1}"];

/// A path that leads elsewhere.
const ELSEWHERE: [&str; 8] = [
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2fkb",
    "..%5c..%5cwindows",
    "%2fetc%2fshadow",
    "a%2f..%2f..%2fb",
    "%00",
    "a%0d%0aset-cookie:%20x",
    "....%2f%2f",
];

#[test]
fn a_thousand_wrong_requests_are_refused_and_do_no_harm() {
    let (_bench, server) = small();
    let mut seed = 7;
    for number in 0..1000 {
        let (method, path, body) = BODIES[below(&mut seed, BODIES.len())];
        let elsewhere = ELSEWHERE[below(&mut seed, ELSEWHERE.len())];
        let json = "content-type: application/json";
        let (what, reply) = match below(&mut seed, 8) {
            0 => {
                let cut = below(&mut seed, body.len() - 1);
                let cut = &body.as_bytes()[..cut];
                ("cut off", server.ask(method, path, &[json], cut))
            }
            1 => {
                let wrong = WRONG[below(&mut seed, WRONG.len())];
                ("of a wrong type", server.ask(method, path, &[json], wrong.as_bytes()))
            }
            2 => (
                "a traversal",
                server.get(&format!("/api/v1/kbs/kb/documents/{elsewhere}/content")),
            ),
            3 => {
                let path = format!("/api/v1/kbs/kb/documents?name={elsewhere}");
                ("a name that leads elsewhere", server.ask("POST", &path, &[], b"x"))
            }
            4 => {
                let many: Vec<String> = (0..120).map(|nth| format!("x-{nth}: {number}")).collect();
                let many: Vec<&str> = many.iter().map(String::as_str).collect();
                ("too many headers", server.ask(method, path, &many, b"{}"))
            }
            5 => ("a wrong method", server.ask("TRACE", path, &[], b"")),
            6 => {
                let mut bytes = body.as_bytes().to_vec();
                let at = below(&mut seed, bytes.len());
                bytes[at] = [0xFF, 0, b'{', b'"'][below(&mut seed, 4)];
                if serde_json::from_slice::<serde_json::Value>(&bytes).is_ok() {
                    continue;
                }
                ("damaged", server.ask(method, path, &[json], &bytes))
            }
            _ => {
                let key = format!("authorization: Bearer yw_{number}_{}", "k".repeat(number % 500));
                (
                    "an unknown place",
                    server.ask(method, &format!("{path}x/{elsewhere}"), &[&key], b"{}"),
                )
            }
        };
        let status = reply.status;
        assert!((400..500).contains(&status), "{number}, {what}: {method} {path}: {status}");
        if number % 100 == 0 {
            is_well(&server);
        }
    }
    is_well(&server);
}
