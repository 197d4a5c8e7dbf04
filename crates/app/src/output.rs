//! What goes to stdout.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

/// Stdout, buffered. Flush it at the end with [`Write::flush`].
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// Prints a value as indented JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> anyhow::Result<()> {
    let mut out = stdout();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Text of a document as people read it: tabs between cells become bars.
pub(crate) fn for_people(text: &str) -> String {
    text.replace('\t', " | ")
}

/// The text without what would move a terminal's cursor or change its colours.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_control() || matches!(ch, '\n' | '\t')).collect()
}
