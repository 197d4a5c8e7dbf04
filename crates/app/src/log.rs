//! What a service tells of itself: a log on stderr, a line for people or a JSON object a line, and
//! traces where a collector is named.
//!
//! Questions and documents are in neither; see the audit log for who asked what.

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

use crate::cli::LogFormat;
use crate::otlp::Traces;

/// Begins to log, panics included.
pub(crate) fn begin(format: LogFormat) -> anyhow::Result<()> {
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().with_current_span(true).with_span_list(false).boxed(),
    };
    let most = LevelFilter::from_level(Level::INFO);
    let traces = Traces::of_environment()?.with_filter(most);
    // Fails only if something logs already, which then goes on.
    let _ = registry().with(lines.with_filter(most)).with(traces).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload_as_str().unwrap_or_default();
        tracing::error!(place, said, "a request crashed; please report this");
    }));
    Ok(())
}
