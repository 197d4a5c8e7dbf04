//! A server over knowledge bases of its own, and a client that speaks plain HTTP/1.1.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::{Bench, code};

/// A running server; it is stopped when this is dropped.
pub(super) struct Served {
    child: Child,
    address: String,
    _bench: Bench,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: String,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

impl Served {
    /// Serves one knowledge base, `kb`.
    pub(super) fn one(more: &[&str]) -> Self {
        Self::start(Bench::indexed(), &[&["--kb", "kb"], more].concat())
    }

    /// Serves two knowledge bases: `news` has the documents, `empty` has none.
    pub(super) fn two() -> Self {
        let bench = Bench::new();
        std::fs::create_dir(bench.path("none")).unwrap();
        for (kb, docs) in [("data/kbs/news", "docs"), ("data/kbs/empty", "none")] {
            assert_eq!(code(&bench.run(&["index", "--kb", kb, docs])), 0);
        }
        Self::start(bench, &["--data", "data"])
    }

    fn start(bench: Bench, args: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let mut child = bench.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("listening on http://") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server did not start");
        }
        let address = line.split_once("http://").unwrap().1.trim().to_owned();
        // Nobody else reads what it says; it must not wait for that.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, address, _bench: bench }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &["content-type: application/json"], &body.to_string())
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = headers.iter().map(|header| format!("{header}\r\n")).collect::<String>();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{head}content-length: \
             {length}\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (status, headers) = head.split_once("\r\n").unwrap();
        let status = status.split(' ').nth(1).unwrap().parse().unwrap();
        let headers = headers.to_lowercase();
        let body = match headers.contains("transfer-encoding: chunked") {
            true => unchunked(body),
            false => body.to_owned(),
        };
        Reply { status, headers, body }
    }
}

/// A body without the sizes of its chunks (RFC 9112, section 7.1).
fn unchunked(body: &str) -> String {
    let (mut out, mut rest) = (String::new(), body);
    while let Some((size, behind)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        out += &behind[..size];
        rest = behind[size..].trim_start_matches("\r\n");
    }
    out
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
