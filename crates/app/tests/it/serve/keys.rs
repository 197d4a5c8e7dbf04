//! Who may do what: keys, scopes, limits, the audit log.

use serde_json::json;

use super::super::{Bench, QUESTION, code, stderr, stdout};
use super::{Serving, question};

/// Makes a key; gives the header that carries it.
pub(super) fn key(bench: &Bench, args: &[&str]) -> String {
    let output = bench.run(&[&["key", "create"], args].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let key = stdout(&output).trim().to_owned();
    assert!(key.starts_with("yw_"), "{key}");
    format!("authorization: Bearer {key}")
}

/// The id of the key in a header.
fn id(header: &str) -> &str {
    header.split('_').nth(1).unwrap()
}

/// A server of two knowledge bases, and a key that may do everything.
pub(super) fn two() -> (Bench, Serving, String) {
    let bench = Bench::new();
    for kb in ["data/kbs/news", "data/kbs/reports"] {
        assert_eq!(code(&bench.run(&["index", "--kb", kb, "docs"])), 0);
    }
    let admin = key(&bench, &["--data", "data", "--scope", "admin"]);
    let server = Serving::new(&bench, &["--data", "data"]);
    (bench, server, admin)
}

#[test]
fn keys_allow_what_they_are_for() {
    let (bench, server, admin) = two();
    let read = key(&bench, &["--data", "data", "--only", "news"]);
    let write = key(&bench, &["--data", "data", "--scope", "write", "--only", "news"]);
    let cases = [
        ("GET", "/api/v1/kbs/news", 200, 200, 200),
        ("GET", "/api/v1/kbs/reports", 403, 403, 200),
        ("GET", "/api/v1/kbs/unknown", 403, 403, 404),
        ("GET", "/api/v1/kbs/Un%20known", 403, 403, 404),
        ("DELETE", "/api/v1/kbs/news/documents/1", 403, 204, 404),
        ("DELETE", "/api/v1/kbs/news", 403, 403, 204),
        ("GET", "/api/v1/keys", 403, 403, 200),
        ("GET", "/api/v1/audit", 403, 403, 200),
        ("GET", "/metrics", 403, 403, 200),
        ("GET", "/health", 200, 200, 200),
        ("GET", "/nowhere", 404, 404, 404),
    ];
    for (method, path, by_reader, by_writer, by_admin) in cases {
        for (header, expected) in [(&read, by_reader), (&write, by_writer), (&admin, by_admin)] {
            let reply = server.ask(method, path, &[header], b"");
            assert_eq!(reply.status, expected, "{method} {path}: {}", reply.text());
        }
    }
    let reply = server.ask("GET", "/api/v1/kbs", &[&read], b"");
    assert_eq!(reply.json()["kbs"], json!([]), "news is gone, reports is not theirs");
}

#[test]
fn wrong_keys_are_refused_and_guessing_is_slowed_down() {
    let (bench, server, admin) = two();
    let wrong = format!("{}0", &admin[..admin.len() - 1]);
    let other = format!("{}1", &admin[..admin.len() - 1]);
    let wrong = if wrong == admin { other } else { wrong };
    let path = "/api/v1/kbs";
    for headers in
        [&[][..], &["authorization: Bearer x"], &["authorization: Basic eA=="], &[&wrong]]
    {
        let reply = server.ask("GET", path, headers, b"");
        assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"), "{headers:?}");
        assert!(reply.header("www-authenticate").starts_with("Bearer"));
    }
    let statuses: Vec<u16> =
        (0..30).map(|_| server.ask("GET", path, &[&wrong], b"").status).collect();
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    // One that was never used has to be verified, one that was is known.
    let reply = server.ask("GET", "/health", &[], b"");
    assert_eq!(reply.status, 200);
    let revoked = bench.run(&["key", "revoke", "--data", "data", id(&admin)]);
    assert_eq!(code(&revoked), 0, "{}", stderr(&revoked));
}

#[test]
fn a_key_that_is_revoked_ends_at_once() {
    let (bench, server, admin) = two();
    let ask = |header: &str| server.ask("GET", "/api/v1/kbs", &[header], b"").status;
    let made = json!({"name": "test", "scope": "read", "only": ["news"]});
    let made = server.send("POST", "/api/v1/keys", &[&admin], &made);
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let header = format!("authorization: Bearer {}", made["key"].as_str().unwrap());
    assert_eq!((ask(&header), ask(&admin)), (200, 200));
    let path = format!("/api/v1/keys/{}", made["id"].as_str().unwrap());
    assert_eq!(server.ask("DELETE", &path, &[&admin], b"").status, 204);
    assert_eq!((ask(&header), ask(&admin)), (401, 200));
    assert_eq!(code(&bench.run(&["key", "revoke", "--data", "data", id(&admin)])), 0);
    assert_eq!((ask(&admin), server.get("/api/v1/kbs").status), (401, 401));
    let listed = stdout(&bench.run(&["key", "list", "--data", "data"]));
    assert_eq!(listed.matches("revoked").count(), 2, "{listed}");
    assert!(!listed.contains(&header[header.len() - 20..]), "{listed}");
    assert_eq!(code(&bench.run(&["key", "revoke", "--data", "data", "none"])), 1);
}

#[test]
fn beyond_this_machine_keys_are_needed() {
    let bench = Bench::indexed();
    let refused = bench.run(&["serve", "--kb", "kb", "--listen", "0.0.0.0:0"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("yuanwen key create --kb kb"), "{}", stderr(&refused));
    let header = key(&bench, &["--kb", "kb"]);
    let mut server = Serving::listening(&bench, "0.0.0.0:0", &["--kb", "kb"]);
    server.address = server.address.replace("0.0.0.0", "127.0.0.1");
    let reply = server.ask("GET", "/api/v1/kbs", &[&header], b"");
    assert_eq!((reply.status, server.get("/api/v1/kbs").status), (200, 401));
}

#[test]
fn without_keys_web_pages_of_elsewhere_are_kept_out() {
    let bench = Bench::indexed();
    let server = Serving::new(&bench, &["--kb", "kb", "--cors", "https://wiki.example"]);
    let send =
        |header: &str| server.send("POST", "/api/v1/kbs/kb/ask", &[header], &question(QUESTION));
    assert_eq!(send("origin: http://localhost:3000").status, 200);
    assert_eq!(send("origin: https://evil.example").code(), "origin_not_allowed");
    let allowed = send("origin: https://wiki.example");
    let origin = allowed.header("access-control-allow-origin");
    assert_eq!((allowed.status, origin), (200, "https://wiki.example"));
    let preflight = ["origin: https://wiki.example", "access-control-request-method: POST"];
    let reply = server.ask("OPTIONS", "/api/v1/kbs/kb/ask", &preflight, b"");
    assert!(reply.header("access-control-allow-methods").contains("POST"), "{reply:?}");
    let rebound = b"GET /api/v1/kbs HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    let reply = server.raw(rebound);
    assert_eq!((reply.status, reply.code().as_str()), (403, "host_not_allowed"));
}

#[test]
fn who_asks_too_often_waits() {
    let bench = Bench::indexed();
    let server = Serving::new(&bench, &["--kb", "kb", "--rate-limit", "2"]);
    let statuses: Vec<u16> = (0..6).map(|_| server.get("/api/v1/kbs").status).collect();
    assert_eq!(statuses[..2], [200, 200]);
    assert!(statuses.contains(&429), "{statuses:?}");
    let refused = (0..6).map(|_| server.get("/api/v1/kbs")).find(|reply| reply.status == 429);
    let refused = refused.unwrap();
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("rate_limited", "1"));
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn writes_are_logged_and_questions_where_that_is_wanted() {
    for (audit, expected) in [("off", 0), ("writes", 1), ("all", 2)] {
        let bench = Bench::indexed();
        let header = key(&bench, &["--kb", "kb", "--scope", "admin"]);
        let mut server = Serving::new(&bench, &["--kb", "kb", "--audit", audit]);
        server.send("POST", "/api/v1/kbs/kb/ask", &[&header], &question(QUESTION));
        server.ask("GET", "/api/v1/kbs", &[&header], b"");
        server.ask("DELETE", "/api/v1/kbs/kb/documents/1", &[&header], b"");
        server.terminate();
        server.wait_for("stopped");
        assert!(!server.said().contains(QUESTION), "{}", server.said());
        server.child.wait().unwrap();
        let server = Serving::new(&bench, &["--kb", "kb", "--audit", audit]);
        let log = server.ask("GET", "/api/v1/audit", &[&header], b"").json();
        let lines = log["entries"].as_array().unwrap().clone();
        assert_eq!(lines.len(), expected, "{lines:?}");
        if expected == 0 {
            continue;
        }
        assert_eq!(lines[0]["action"], json!("DELETE /api/v1/kbs/{kb}/documents/{document}"));
        assert_eq!(lines[0]["key"], json!(id(&header)));
        assert_eq!(lines[0]["status"], json!(204));
        if expected == 2 {
            assert_eq!(lines[1]["question"], json!(QUESTION));
        }
    }
}
