//! The `yuanwen` command: ask a folder of Chinese documents, get the original sentences back.
//!
//! Data goes to stdout, messages to stderr. Exit codes: 0 done; 1 failed; 2 wrong use; 3 done, but
//! some inputs were skipped.

mod answer;
mod asking;
mod cli;
mod commands;
mod document;
mod evaluated;
mod explained;
mod fail;
mod http;
mod layout;
mod link;
mod log;
mod mcp;
mod otlp;
mod output;
mod progress;
mod report;
mod retrieved;
mod service;
mod shapes;
mod understood;
mod wording;
mod written;

use std::process::ExitCode;

use clap::Parser;

use cli::Cli;
use fail::Done;

fn main() -> ExitCode {
    quiet_readers();
    yuanwen_engine::vectors::set_progress(progress::made);
    let done = commands::run(Cli::parse().command);
    match done {
        Ok(Done::All) => ExitCode::SUCCESS,
        Ok(Done::SomeSkipped) => ExitCode::from(3),
        Err(error) if fail::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yuanwen: {error:#}");
            ExitCode::from(if fail::is_wrong_use(&error) { 2 } else { 1 })
        }
    }
}

/// A file that crashes its reader is reported by name; the panic itself says nothing to a person.
fn quiet_readers() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let reads =
            thread.name().is_some_and(|name| name.starts_with(yuanwen_engine::kb::THREAD_NAME));
        if !reads || std::env::var_os("RUST_BACKTRACE").is_some() {
            default(panic);
        }
    }));
}
