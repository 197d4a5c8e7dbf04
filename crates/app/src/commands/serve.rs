//! `yuanwen serve`: answer over HTTP.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::reading::reading;
use crate::cli::{Serve, ServedDir};
use crate::fail::{Done, wrong_use};
use crate::http;
use crate::service::{Served, Service, Settings};
use crate::written;

pub(crate) fn run(args: &Serve) -> anyhow::Result<Done> {
    let served = served(&args.dir);
    let address = address(&args.listen)?;
    let settings = Settings { llm: written::open(&args.llm)?, reading: reading(args.limits)? };
    let service = Arc::new(Service::open(&served, settings)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("no threads could be started")?;
    let ended = runtime.block_on(listen(address, service));
    // A piece of work that still runs belongs to a request that was cut off.
    runtime.shutdown_background();
    ended.map(|()| Done::All)
}

/// What is to be served.
pub(super) fn served(dir: &ServedDir) -> Served {
    match (&dir.kb, &dir.data) {
        (Some(kb), _) => Served::One(kb.clone()),
        (None, Some(data)) => Served::Many(data.clone()),
        (None, None) => Served::Many(".".into()),
    }
}

/// The address that a text names.
fn address(text: &str) -> anyhow::Result<SocketAddr> {
    let wrong = || wrong_use(format!("--listen {text}: give an address and a port, as 127.0.0.1:8686"));
    text.to_socket_addrs().map_err(|_| wrong())?.next().ok_or_else(wrong)
}

async fn listen(address: SocketAddr, service: Arc<Service>) -> anyhow::Result<()> {
    let listener = match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!("{address}: another program listens there; choose another port with --listen")
        }
        listener => listener.with_context(|| format!("{address}: cannot listen there"))?,
    };
    let stop = stop()?;
    let router = http::router(service)?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    http::serve(listener, router, stop).await;
    eprintln!("stopped");
    Ok(())
}

/// Done when the process is asked to end. Asked twice, it ends at once.
fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    let handler = |kind| signal(kind).map_err(|error| anyhow!("no signal handler: {error}"));
    let (mut interrupt, mut terminate) =
        (handler(SignalKind::interrupt())?, handler(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            std::process::exit(1);
        });
    })
}
