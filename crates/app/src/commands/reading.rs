//! Which process reads files: children of this program, under the limits that were asked for.

use std::env;
use std::time::Duration;

use anyhow::Context;
use yuanwen_engine::sandbox::{self, Reading, Sandbox};
use yuanwen_parse::ocr;

use crate::cli::{self, Worker};
use crate::fail::Done;

/// How files are read under these limits.
pub(super) fn reading(limits: cli::Limits) -> anyhow::Result<Reading> {
    let program = env::current_exe().context("this program's own file cannot be found")?;
    let limits = sandbox::Limits {
        memory: u64::from(limits.memory_limit) << 20,
        time: Duration::from_secs(limits.time_limit.into()),
        ..sandbox::Limits::default()
    };
    let arguments = vec!["worker".to_owned()];
    Ok(Reading::Boxed(Sandbox { program, arguments, limits, models: ocr::folder() }))
}

/// `yuanwen worker`: the child's side. It is started by this program alone.
pub(super) fn run(args: &Worker) -> anyhow::Result<Done> {
    sandbox::serve(&args.arguments)?;
    Ok(Done::All)
}
