//! What the service counts and measures, in the text format of Prometheus (OpenMetrics 1.0).

use std::fmt::Write;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::Service;
use super::machine;

/// Upper bounds of the classes of durations, in seconds.
const CLASSES: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Stage {
    stage: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    kb: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKb {
    kb: String,
}

type Durations<T> = Family<T, Histogram, fn() -> Histogram>;
type Sizes = Family<OfKb, Gauge<u64, AtomicU64>>;

fn durations() -> Histogram {
    Histogram::new(CLASSES)
}

/// The counts and measures of a service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_seconds: Durations<Route>,
    stage_seconds: Durations<Stage>,
    answers: Family<Outcome, Counter>,
    queue: Gauge<u64, AtomicU64>,
    memory: Gauge<u64, AtomicU64>,
    documents: Sizes,
    passages: Sizes,
    index_bytes: Sizes,
    uploads_waiting: Sizes,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("yuanwen");
        let request_seconds: Durations<Route> = Family::new_with_constructor(durations);
        let stage_seconds: Durations<Stage> = Family::new_with_constructor(durations);
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_seconds,
            stage_seconds,
            answers: Family::default(),
            queue: Gauge::default(),
            memory: Gauge::default(),
            documents: Family::default(),
            passages: Family::default(),
            index_bytes: Family::default(),
            uploads_waiting: Family::default(),
        };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        let help = "Time until an answer began";
        let seconds = || Unit::Seconds;
        registry.register_with_unit(
            "http_request",
            help,
            seconds(),
            metrics.request_seconds.clone(),
        );
        let help = "Time for a stage: queue (waiting for a processor), ask, search, llm, draw";
        registry.register_with_unit("stage", help, seconds(), metrics.stage_seconds.clone());
        registry.register("answers", "Questions answered, or not", metrics.answers.clone());
        registry.register("queue_depth", "Work waiting for a processor", metrics.queue.clone());
        let help = "Memory of this process";
        registry.register_with_unit("resident_memory", help, Unit::Bytes, metrics.memory.clone());
        registry.register("kb_documents", "Documents", metrics.documents.clone());
        registry.register("kb_passages", "Passages", metrics.passages.clone());
        let help = "Size of the indexes on disk";
        registry.register_with_unit("kb_index", help, Unit::Bytes, metrics.index_bytes.clone());
        let help = "Uploads that wait, are being read or come into the indexes";
        registry.register("kb_uploads_waiting", help, metrics.uploads_waiting.clone());
        Self { registry, ..metrics }
    }

    /// Counts a request. `route` is a pattern, not what was asked for: there are few of them.
    pub(crate) fn requested(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        let of = Route { method: method.clone(), route: route.clone() };
        self.requests.get_or_create(&Request { method, route, status }).inc();
        self.request_seconds.get_or_create(&of).observe(took.as_secs_f64());
    }

    /// Measures a stage.
    pub(crate) fn took(&self, stage: &'static str, took: Duration) {
        self.stage_seconds.get_or_create(&Stage { stage }).observe(took.as_secs_f64());
    }

    /// Counts an answer, given or withheld.
    pub(crate) fn answered(&self, kb: &str, found: bool) {
        let outcome = if found { "given" } else { "withheld" };
        self.answers.get_or_create(&Outcome { kb: kb.to_owned(), outcome }).inc();
    }

    /// All of them as text. Looks at the knowledge bases that are open, which takes a moment.
    pub(crate) fn text(&self, service: &Service) -> String {
        self.queue.set(service.queued() as u64);
        self.memory.set(machine::memory().resident.unwrap_or(0));
        for sizes in [&self.documents, &self.passages, &self.index_bytes, &self.uploads_waiting] {
            sizes.clear();
        }
        for (id, kb) in service.registry.open() {
            let of = OfKb { kb: id.to_string() };
            let entries = kb.list().unwrap_or_default();
            let passages = entries.iter().map(|entry| u64::from(entry.passages)).sum();
            self.documents.get_or_create(&of).set(entries.len() as u64);
            self.passages.get_or_create(&of).set(passages);
            let sizes = service.registry.dir(&id).map(|dir| machine::Sizes::of_derived(&dir));
            let sizes = sizes.unwrap_or_default();
            self.index_bytes.get_or_create(&of).set(sizes.index + sizes.vectors);
            let waiting = kb.waiting().unwrap_or_default() as u64;
            self.uploads_waiting.get_or_create(&of).set(waiting);
        }
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            // Writing to a string does not fail; half a page would be worse than none.
            text.clear();
            let _ = writeln!(text, "# EOF");
        }
        text
    }
}
