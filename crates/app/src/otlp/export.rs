//! Spans to the collector, some together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustls::crypto::ring;
use serde_json::{Value, json};
use tracing::warn;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// So many spans wait to be sent.
const WAITING: usize = 4096;
/// So many are sent together, or those of so long.
const TOGETHER: usize = 512;
const EVERY: Duration = Duration::from_secs(2);
/// So long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to the collector.
pub(super) struct Exporter {
    spans: SyncSender<Value>,
    warned: AtomicBool,
}

/// What the environment says of the collector.
struct Collector {
    url: String,
    /// Names and values, a key for example.
    headers: Vec<(String, String)>,
    service: String,
    agent: Agent,
}

impl Exporter {
    /// Starts to send, if the environment names a collector.
    pub(super) fn of_environment() -> anyhow::Result<Option<Self>> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let of_traces = set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let endpoint = set("OTEL_EXPORTER_OTLP_ENDPOINT");
        let endpoint = endpoint.map(|url| format!("{}/v1/traces", url.trim_end_matches('/')));
        let Some(url) = of_traces.or(endpoint) else { return Ok(None) };
        let headers = set("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
        let header = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        let collector = Collector {
            agent: agent(&url),
            url,
            headers: headers.split(',').filter_map(header).collect(),
            service: set("OTEL_SERVICE_NAME").unwrap_or_else(|| "yuanwen".to_owned()),
        };
        let (spans, waiting) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("traces".to_owned());
        thread.spawn(move || collector.run(&waiting)).context("no thread could be started")?;
        Ok(Some(Self { spans, warned: AtomicBool::new(false) }))
    }

    /// Takes a span. Gives whether this is the first that is dropped.
    pub(super) fn take(&self, span: Value) -> bool {
        self.spans.try_send(span).is_err() && !self.warned.swap(true, Ordering::Relaxed)
    }
}

fn agent(url: &str) -> Agent {
    let mut config = Agent::config_builder().max_redirects(0).timeout_global(Some(PATIENCE));
    if url.starts_with("https:") {
        let found = rustls_native_certs::load_native_certs().certs;
        let certificates: Vec<_> =
            found.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()));
        config = config.tls_config(tls.build());
    }
    config.build().new_agent()
}

impl Collector {
    fn run(&self, waiting: &Receiver<Value>) {
        let mut warned = false;
        while let Ok(first) = waiting.recv() {
            let spans = gathered(first, waiting);
            match self.send(spans) {
                Ok(()) => warned = false,
                Err(error) if !warned => {
                    warned = true;
                    warn!(error = format!("{error:#}"), "the collector of traces takes nothing");
                }
                Err(_) => {}
            }
        }
    }

    fn send(&self, spans: Vec<Value>) -> anyhow::Result<()> {
        let resource = json!([
            {"key": "service.name", "value": {"stringValue": self.service}},
            {"key": "service.version", "value": {"stringValue": env!("CARGO_PKG_VERSION")}},
        ]);
        let body = json!({"resourceSpans": [{
            "resource": {"attributes": resource},
            "scopeSpans": [{"scope": {"name": "yuanwen"}, "spans": spans}],
        }]});
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.send(body.to_string().as_str())?;
        Ok(())
    }
}

/// The spans that come soon after the first.
fn gathered(first: Value, waiting: &Receiver<Value>) -> Vec<Value> {
    let (mut spans, begin) = (vec![first], Instant::now());
    while spans.len() < TOGETHER {
        match waiting.recv_timeout(EVERY.saturating_sub(begin.elapsed())) {
            Ok(span) => spans.push(span),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    spans
}
