//! An HTTP server in the test's own process: one connection, one request, one scripted reply.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// How many came before it.
    pub(crate) nth: usize,
    /// The path.
    pub(crate) path: String,
    /// The header lines, in lower case but for their values.
    pub(crate) headers: Vec<String>,
    /// The JSON that was sent; null where nothing was.
    pub(crate) body: Value,
}

/// A server that answers each request with the bytes that a function gives.
pub(crate) struct Server {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Listens on a free port of this machine until the process ends.
    pub(crate) fn new(answer: impl Fn(&Request) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let nth = seen.lock().unwrap().len();
                let Some(request) = read(&stream, nth) else { continue };
                seen.lock().unwrap().push(request.clone());
                // The client may have gone away, which is what some tests are about.
                let _ = (&stream).write_all(&answer(&request));
            }
        });
        Self { url, requests }
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream, nth: usize) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let name = name.to_lowercase();
        if name == "content-length" {
            length = value.trim().parse().ok()?;
        }
        headers.push(format!("{name}: {}", value.trim()));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).ok()? };
    Some(Request { nth, path, headers, body })
}

/// A reply with a status, further header lines and a body.
pub(crate) fn reply(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status} Status\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    headers.iter().for_each(|header| bytes += &format!("{header}\r\n"));
    let mut bytes = format!("{bytes}\r\n").into_bytes();
    bytes.extend(body);
    bytes
}

/// A reply of JSON.
pub(crate) fn json(value: &Value) -> Vec<u8> {
    reply(200, &["content-type: application/json"], value.to_string())
}

/// A reply that streams a text as a completion, three characters an event.
pub(crate) fn events(text: &str) -> Vec<u8> {
    let chars: Vec<char> = text.chars().collect();
    let event = |content: &[char]| {
        let content: String = content.iter().collect();
        let chunk = serde_json::json!({"choices": [{"index": 0, "delta": {"content": content}}]});
        format!("data: {chunk}\n\n")
    };
    let events: String = chars.chunks(3).map(event).collect();
    let end =
        "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n";
    reply(200, &["content-type: text/event-stream"], format!("{events}{end}"))
}
