//! MCP over stdin and stdout, for clients that start the server themselves.

use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::Context;
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio;
use yuanwen_engine::kb::KnowledgeBase;

use super::{Agents, Bases};

/// Threads for reading stdin and writing stdout, beside those for questions.
const STREAMS: usize = 2;

/// Serves one client until it closes the stream.
pub(crate) fn serve(dir: &Path) -> anyhow::Result<()> {
    let agents = Agents::new(Bases::Own(Arc::new(KnowledgeBase::open(dir)?)));
    let cores = available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(cores + STREAMS)
        .build()
        .context("no threads can be started")?;
    let done = runtime.block_on(async {
        match agents.serve(stdio()).await {
            // A client that only looked whether the server starts.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(error).context("the client did not begin as MCP asks"),
            Ok(running) => running.waiting().await.map(drop).context("the MCP server failed"),
        }
    });
    // A read of stdin that waits for a client must not keep the program alive.
    runtime.shutdown_background();
    done
}
