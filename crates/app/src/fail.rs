//! How a command ends.

use std::fmt;
use std::io;

/// What a command that did not fail has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Everything.
    All,
    /// Everything but some inputs.
    SomeSkipped,
}

/// The command line asks for something that makes no sense.
#[derive(Debug)]
pub(crate) struct WrongUse(String);

impl fmt::Display for WrongUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUse {}

/// A [`WrongUse`] with a message that says what to do instead.
pub(crate) fn wrong_use(message: impl Into<String>) -> anyhow::Error {
    WrongUse(message.into()).into()
}

pub(crate) fn is_wrong_use(error: &anyhow::Error) -> bool {
    error.is::<WrongUse>()
}

/// Whether the reader of our output went away, as `head` does: nothing is wrong then.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json =
            cause.downcast_ref::<serde_json::Error>().and_then(|error| error.io_error_kind());
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
