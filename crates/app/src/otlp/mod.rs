//! Traces over OTLP, where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector (OpenTelemetry
//! specification, "Environment Variable Specification" and "OTLP/HTTP", JSON encoding).
//!
//! Spans are those of `tracing`: a request, and within it the stages that it waited for. A request
//! that came with a `traceparent` (W3C Trace Context) continues that trace. Spans are sent by a
//! thread of its own, some together; what the collector does not take is dropped, and the log says
//! so once. Questions are not in them.

mod export;
mod span;

use tracing::span::{Attributes, Id, Record};
use tracing::{Subscriber, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use export::Exporter;
use span::Open;

/// The fields of a span that are not attributes of the trace.
const TRACEPARENT: &str = "traceparent";

/// Hands finished spans to the exporter.
pub(crate) struct Traces {
    exporter: Exporter,
}

impl Traces {
    /// What the environment asks for: nothing without an endpoint.
    pub(crate) fn of_environment() -> anyhow::Result<Option<Self>> {
        Ok(Exporter::of_environment()?.map(|exporter| Self { exporter }))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Traces {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let parent = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            extensions.get::<Open>().map(Open::context)
        });
        if let Some(open) = Open::new(attributes, parent) {
            span.extensions_mut().insert(open);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(open);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let open = span.extensions_mut().remove::<Open>();
        if let Some(open) = open
            && self.exporter.take(open.finish())
        {
            warn!("spans are made faster than the collector takes them; some are dropped");
        }
    }
}
