//! A span from its beginning to its JSON.

use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::span::Attributes;

use super::TRACEPARENT;
use crate::service::random;

/// What a span is a part of.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    trace: String,
    span: String,
}

/// A span that has begun.
pub(super) struct Open {
    name: &'static str,
    trace: String,
    span: String,
    parent: Option<String>,
    begin: u128,
    attributes: Vec<Value>,
    traceparent: Option<String>,
    /// The status that a request was answered with.
    status: Option<u64>,
}

impl Open {
    /// Begins a span. `None` if the system gives no random numbers.
    pub(super) fn new(attributes: &Attributes<'_>, parent: Option<Parent>) -> Option<Self> {
        let mut open = Self {
            name: attributes.metadata().name(),
            trace: String::new(),
            span: random::hex(&random::bytes::<8>().ok()?),
            parent: None,
            begin: nanoseconds(),
            attributes: Vec::new(),
            traceparent: None,
            status: None,
        };
        attributes.record(&mut open);
        let parent = parent.or_else(|| continued(open.traceparent.as_deref()?));
        match parent {
            Some(Parent { trace, span }) => (open.trace, open.parent) = (trace, Some(span)),
            None => open.trace = random::hex(&random::bytes::<16>().ok()?),
        }
        Some(open)
    }

    /// What spans within it are a part of.
    pub(super) fn context(&self) -> Parent {
        Parent { trace: self.trace.clone(), span: self.span.clone() }
    }

    /// The span as OTLP writes it.
    pub(super) fn finish(self) -> Value {
        let Self { name, trace, span, parent, begin, attributes, status, .. } = self;
        let is_request = status.is_some();
        let code = if status.is_some_and(|status| status >= 500) { 2 } else { 0 };
        json!({
            "traceId": trace,
            "spanId": span,
            "parentSpanId": parent.unwrap_or_default(),
            "name": name,
            // A server's span, or one within it.
            "kind": if is_request { 2 } else { 1 },
            "startTimeUnixNano": begin.to_string(),
            "endTimeUnixNano": nanoseconds().to_string(),
            "attributes": attributes,
            "status": {"code": code},
        })
    }

    fn add(&mut self, name: &str, value: Value) {
        self.attributes.push(json!({"key": name, "value": value}));
    }
}

impl Visit for Open {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "http.response.status_code" {
            self.status = Some(value);
        }
        self.add(field.name(), json!({"intValue": value.to_string()}));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            TRACEPARENT => self.traceparent = Some(value.to_owned()),
            name => self.add(name, json!({"stringValue": value})),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field.name(), json!({"stringValue": format!("{value:?}")}));
    }
}

fn nanoseconds() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

/// The trace that a header continues: `00-<trace>-<span>-<flags>`.
fn continued(header: &str) -> Option<Parent> {
    let mut parts = header.split('-');
    let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            && text.bytes().any(|byte| byte != b'0')
    };
    let is_well = version.len() == 2 && version != "ff" && is_hex(trace, 32) && is_hex(span, 16);
    is_well.then(|| Parent { trace: trace.to_owned(), span: span.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_continues_a_trace_only_if_it_is_one() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let known = continued(&format!("00-{trace}-{span}-01")).unwrap();
        assert_eq!((known.trace.as_str(), known.span.as_str()), (trace, span));
        let nothing = "0".repeat(32);
        for header in
            ["", "00", &format!("00-{nothing}-{span}-01"), &format!("00-{span}-{trace}-01")]
        {
            assert!(continued(header).is_none(), "{header}");
        }
    }
}
