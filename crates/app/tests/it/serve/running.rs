//! Starting and ending: ports, locks, signals, TLS, logs.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;

use super::super::server::Server;
use super::super::{Bench, QUESTION, code, stderr};
use super::{Reply, Serving, question, small};

#[test]
fn a_folder_is_served_once_and_a_port_is_taken_once() {
    let (bench, server) = small();
    let second = bench.run(&["serve", "--kb", "kb", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&second), 1);
    assert!(stderr(&second).contains("another `yuanwen serve`"), "{}", stderr(&second));
    drop(server);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = bench.run(&["serve", "--kb", "kb", "--listen", &address]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("another program listens there"), "{}", stderr(&output));
}

#[test]
fn a_knowledge_base_of_a_data_folder_is_not_served_twice() {
    let bench = Bench::new();
    assert_eq!(code(&bench.run(&["index", "--kb", "data/kbs/news", "docs"])), 0);
    let _one = Serving::new(&bench, &["--kb", "data/kbs/news"]);
    let many = Serving::new(&bench, &["--data", "data"]);
    let reply = many.send("POST", "/api/v1/kbs/news/ask", &[], &question(QUESTION));
    assert_eq!((reply.status, reply.code().as_str()), (409, "kb_served"));
}

#[test]
fn what_is_in_flight_is_finished_before_the_server_ends() {
    let bench = Bench::indexed();
    let model = Server::new(|_| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        super::super::server::events("雪岭[1]。")
    });
    let args = ["--kb", "kb", "--llm", model.url(), "--llm-model", "m"];
    let mut server = Serving::new(&bench, &args);
    let mut stream = server.connect();
    let body = question(QUESTION).to_string();
    let head = format!(
        "POST /api/v1/kbs/kb/ask HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    while model.requests().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    server.terminate();
    let reply = Reply::read(stream);
    assert_eq!(reply.status, 200, "{}", server.said());
    assert_eq!(reply.json()["llm"]["complete"], Value::Bool(true));
    server.wait_for("stopped");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_log_is_json_and_counts_are_kept() {
    let bench = Bench::indexed();
    let mut server = Serving::new(&bench, &["--kb", "kb", "--log-format", "json"]);
    let id = "x-request-id: my-id.1";
    let reply = server.send("POST", "/api/v1/kbs/kb/ask", &[id], &question(QUESTION));
    assert_eq!(reply.header("x-request-id"), "my-id.1");
    let metrics = server.get("/metrics");
    let text = metrics.text();
    for line in [
        r#"yuanwen_answers_total{kb="kb",outcome="given"} 1"#,
        r#"yuanwen_http_requests_total{method="POST",route="/api/v1/kbs/{kb}/ask",status="200"} 1"#,
        r#"yuanwen_stage_seconds_count{stage="ask"} 1"#,
        r#"yuanwen_kb_documents{kb="kb"} 2"#,
        r#"yuanwen_kb_uploads_waiting{kb="kb"} 0"#,
        "yuanwen_queue_depth 0",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    server.wait_for("my-id.1");
    let said = server.said();
    let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.into_iter().find(|line| line["fields"]["id"] == "my-id.1");
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert_eq!(line["fields"]["route"], "/api/v1/kbs/{kb}/ask");
    assert_eq!(line["fields"]["status"], 200);
}

#[test]
fn traces_go_to_a_collector_and_continue_those_of_the_caller() {
    let bench = Bench::indexed();
    let collector = Server::new(|_| super::super::server::json(&serde_json::json!({})));
    let environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())];
    let server = Serving::within(&bench, &environment, &["--kb", "kb"]);
    let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let header = format!("traceparent: 00-{trace}-{span}-01");
    server.send("POST", "/api/v1/kbs/kb/ask", &[&header], &question(QUESTION));
    let begin = std::time::Instant::now();
    while collector.requests().is_empty() {
        assert!(begin.elapsed() < super::PATIENCE, "{}", server.said());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let sent = &collector.requests()[0];
    assert_eq!(sent.path, "/v1/traces");
    assert!(!sent.body.to_string().contains(QUESTION));
    let spans = &sent.body["resourceSpans"][0]["scopeSpans"][0]["spans"];
    let spans = spans.as_array().unwrap();
    let named = |name: &str| spans.iter().find(|span| span["name"] == name).unwrap();
    let (request, ask) = (named("request"), named("ask"));
    assert_eq!((&request["traceId"], &request["parentSpanId"]), (&trace.into(), &span.into()));
    assert_eq!((&ask["traceId"], &ask["parentSpanId"]), (&trace.into(), &request["spanId"]));
}

#[test]
fn certificates_that_are_none_are_refused_by_name() {
    let bench = Bench::indexed();
    std::fs::write(bench.path("cert.pem"), "no certificate").unwrap();
    let args = ["serve", "--kb", "kb", "--tls-cert", "cert.pem", "--tls-key", "cert.pem"];
    let output = bench.run(&args);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("cert.pem"), "{}", stderr(&output));
    assert_eq!(code(&bench.run(&["serve", "--kb", "kb", "--tls-cert", "cert.pem"])), 2);
}

/// A certificate for this machine, made with openssl; `None` where that is not installed.
fn certificate(bench: &Bench) -> Option<()> {
    let args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -addext basicConstraints=critical,CA:FALSE -keyout key.pem -out cert.pem";
    let mut openssl = std::process::Command::new("openssl");
    let done = openssl.args(args.split_whitespace()).current_dir(bench.path("")).output().ok()?;
    done.status.success().then_some(())
}

#[test]
fn tls_is_spoken_where_a_certificate_is_given() {
    let bench = Bench::indexed();
    if certificate(&bench).is_none() {
        eprintln!("skipped: openssl is not installed, which makes the certificate");
        return;
    }
    let args = ["--kb", "kb", "--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let server = Serving::new(&bench, &args);
    assert!(server.said().contains("listening on https://"), "{}", server.said());
    let mut roots = rustls::RootCertStore::empty();
    let pem = std::fs::read(bench.path("cert.pem")).unwrap();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = rustls::StreamOwned::new(session, server.connect());
    let request = format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = [0; 12];
    stream.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"HTTP/1.1 200");
    // Who speaks no TLS gets nothing, and hurts nobody.
    assert_eq!(server.get("/health").status, 0);
}

#[test]
fn a_connection_serves_several_requests() {
    let (_bench, server) = small();
    let mut stream = server.connect();
    for _ in 0..3 {
        let request = format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            bytes.push(byte[0]);
        }
        assert!(bytes.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&bytes));
    }
}
