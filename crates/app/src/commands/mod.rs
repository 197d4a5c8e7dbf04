//! The commands, one file each.

mod ask;
mod batch;
mod cache;
mod check;
mod eval;
mod explain;
mod index;
mod key;
mod list;
mod mcp;
mod model;
mod parse;
mod reading;
mod remove;
mod serve;
mod show;

use crate::cli::Command;
use crate::fail::Done;

/// Runs a command.
pub(crate) fn run(command: Command) -> anyhow::Result<Done> {
    match command {
        Command::Index(args) => index::run(&args),
        Command::Ask(args) => ask::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Batch(args) => batch::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::List(args) => list::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Remove(args) => remove::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Model(args) => model::run(&args.action),
        Command::Serve(args) => serve::run(&args),
        Command::Key(args) => key::run(&args.action),
        Command::Worker(args) => reading::run(&args),
    }
}
