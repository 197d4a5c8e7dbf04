//! `yuanwen mcp`: a knowledge base for an agent that starts this program.

use crate::cli::Mcp;
use crate::fail::Done;
use crate::mcp;

pub(crate) fn run(args: &Mcp) -> anyhow::Result<Done> {
    mcp::serve(&args.kb.dir)?;
    Ok(Done::All)
}
