//! The service: the real program on a free port, asked over plain sockets.

mod api;
mod documents;
mod evaluations;
mod explain;
mod faults;
mod feedback;
mod follow_ups;
mod hostile;
mod keys;
mod layout;
mod listing;
mod me;
mod pictures;
mod running;
mod schema;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Bench;

/// How long a server may take to start or to end, and a reply to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends with the test.
pub(super) struct Serving {
    child: Child,
    /// Address and port.
    pub(super) address: String,
    /// What it has printed to stderr.
    said: Arc<Mutex<String>>,
}

/// A reply.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Serving {
    /// Serves `kb` or `data` of a bench.
    pub(super) fn new(bench: &Bench, args: &[&str]) -> Self {
        Self::listening(bench, "127.0.0.1:0", args)
    }

    /// The same, at an address.
    fn listening(bench: &Bench, address: &str, args: &[&str]) -> Self {
        Self::start(bench.command(&[&["serve", "--listen", address], args].concat()))
    }

    /// The same, with variables of the environment.
    fn within(bench: &Bench, environment: &[(&str, &str)], args: &[&str]) -> Self {
        let mut command = bench.command(&[&["serve", "--listen", "127.0.0.1:0"], args].concat());
        command.envs(environment.iter().copied());
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let said: Arc<Mutex<String>> = Arc::default();
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                heard.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut server = Self { child, address: String::new(), said };
        server.wait_for("listening on ");
        let said = server.said();
        let url = said.lines().find_map(|line| line.strip_prefix("listening on ")).unwrap();
        server.address = url.split_once("://").unwrap().1.to_owned();
        server
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    fn wait_for(&mut self, text: &str) {
        let begin = Instant::now();
        while !self.said().contains(text) {
            assert!(begin.elapsed() < PATIENCE, "{}", self.said());
            assert!(
                self.child.try_wait().unwrap().is_none() || self.said().contains(text),
                "{}",
                self.said()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes as they are and reads until the connection ends.
    fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        // A server that refuses may close before it has read everything.
        let _ = stream.write_all(bytes);
        Reply::read(stream)
    }

    pub(super) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for header in headers {
            head += &format!("{header}\r\n");
        }
        if !body.is_empty() || method != "GET" {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let head = format!("{head}connection: close\r\n\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], b"")
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[&str], body: &Value) -> Reply {
        let headers = [&["content-type: application/json"], headers].concat();
        self.ask(method, path, &headers, body.to_string().as_bytes())
    }

    /// Asks it to end, as an operating system does.
    fn terminate(&self) {
        let kill = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(kill.unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reply {
    fn body(&self) -> &[u8] {
        &self.body
    }

    fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // What came before a reset counts.
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else { return Self { status: 0, headers: Vec::new(), body: bytes } };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let headers = head.lines().skip(1).filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_owned(), value.to_owned()))
        });
        let headers: Vec<_> = headers.collect();
        let body = bytes[end + 4..].to_vec();
        let mut reply = Self { status, headers, body };
        if reply.header("transfer-encoding") == "chunked" {
            reply.body = unchunked(&reply.body);
        }
        reply
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The code of an error.
    fn code(&self) -> String {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        out.extend(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + size + 4..];
    }
    out
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A server of the bench's documents, as the knowledge base `kb`.
fn small() -> (Bench, Serving) {
    let bench = Bench::indexed();
    let server = Serving::new(&bench, &["--kb", "kb"]);
    (bench, server)
}

/// An answer without what differs each time.
fn lasting(mut answer: Value) -> Value {
    for name in ["id", "ms"] {
        answer.as_object_mut().unwrap().remove(name);
    }
    answer
}

fn question(text: &str) -> Value {
    json!({"question": text})
}
