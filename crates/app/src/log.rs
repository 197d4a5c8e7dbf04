//! The log of a service, on stderr: a line for people, or a JSON object a line.
//!
//! Questions and documents are not in it; see the audit log for who asked what.

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

use crate::cli::LogFormat;

/// Begins to log, panics included.
pub(crate) fn begin(format: LogFormat) {
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().with_current_span(true).with_span_list(false).boxed(),
    };
    let lines = lines.with_filter(LevelFilter::from_level(Level::INFO));
    // Fails only if something logs already, which then goes on.
    let _ = registry().with(lines).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload_as_str().unwrap_or_default();
        tracing::error!(place, said, "a request crashed; please report this");
    }));
}
