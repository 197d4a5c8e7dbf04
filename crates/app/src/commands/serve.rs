//! `yuanwen serve`: answer over HTTP.

use std::fs;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Receiver, channel};

use super::reading::reading;
use crate::cli::{Serve, ServedDir};
use crate::fail::{Done, wrong_use};
use crate::http;
use crate::log;
use crate::service::{Served, Service, Settings, ingest, keys, repeats};
use crate::written;

/// So often what has been kept for long enough is deleted.
const HOUSEKEEPING: Duration = Duration::from_secs(60 * 60);

pub(crate) fn run(args: &Serve) -> anyhow::Result<Done> {
    let served = served(&args.dir);
    let address = address(&args.listen)?;
    log::begin(args.log_format)?;
    let service = Arc::new(Service::open(&served, settings(args)?)?);
    must_be_guarded(&service, &served, address)?;
    repeats::forget_unfinished(&service.database)?;
    ingest::start(&service)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("no threads could be started")?;
    let ended = runtime.block_on(listen(address, Arc::clone(&service)));
    service.audit.finish();
    // A piece of work that still runs belongs to a request that was cut off.
    runtime.shutdown_background();
    ended.map(|()| Done::All)
}

fn settings(args: &Serve) -> anyhow::Result<Settings> {
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(cert), Some(key)) => Some(Arc::new(tls(cert, key)?)),
        _ => None,
    };
    Ok(Settings {
        llm: written::open(&args.llm)?,
        reading: reading(args.limits)?,
        tls,
        cors: args.cors.clone(),
        rate_limit: args.rate_limit,
        audited: args.audit,
        audit_days: args.audit_days,
        conversation_days: args.conversation_days,
        folders: folders(&args.allow_folder)?,
        upload_limit: u64::from(args.upload_limit) << 20,
    })
}

/// Folders with all links resolved.
fn folders(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let resolved = |folder: &PathBuf| {
        let found = folder.canonicalize().ok().filter(|folder| folder.is_dir());
        found.ok_or_else(|| {
            wrong_use(format!("--allow-folder {}: there is no such folder", folder.display()))
        })
    };
    named.iter().map(resolved).collect()
}

/// What is to be served.
pub(super) fn served(dir: &ServedDir) -> Served {
    match (&dir.kb, &dir.data) {
        (Some(kb), _) => Served::One(kb.clone()),
        (None, Some(data)) => Served::Many(data.clone()),
        // The command line takes one of them.
        (None, None) => Served::Many(".".into()),
    }
}

/// The address that a text names.
fn address(text: &str) -> anyhow::Result<SocketAddr> {
    let wrong =
        || wrong_use(format!("--listen {text}: give an address and a port, as 127.0.0.1:8686"));
    text.to_socket_addrs().map_err(|_| wrong())?.next().ok_or_else(wrong)
}

/// Others than this machine are answered only if they need keys.
fn must_be_guarded(service: &Service, served: &Served, address: SocketAddr) -> anyhow::Result<()> {
    if address.ip().to_canonical().is_loopback() || keys::are_needed(&service.database)? {
        return Ok(());
    }
    let option = match served {
        Served::One(_) => "--kb",
        Served::Many(_) => "--data",
    };
    let dir = served.dir().display();
    Err(wrong_use(format!(
        "{address} can be reached by other machines, and there is no key: make one with \
         `yuanwen key create {option} {dir} --scope admin`, or listen on 127.0.0.1"
    )))
}

fn tls(cert: &Path, key: &Path) -> anyhow::Result<rustls::ServerConfig> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let chain = CertificateDer::pem_slice_iter(&read(cert)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.with_context(|| format!("{}: no certificates in PEM", cert.display()))?;
    let private = PrivateKeyDer::from_pem_slice(&read(key)?);
    let private = private.with_context(|| format!("{}: no private key in PEM", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    let config = config.with_no_client_auth().with_single_cert(chain, private);
    let mut config = config
        .with_context(|| format!("{}: the certificate and the key do not fit", cert.display()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

async fn listen(address: SocketAddr, service: Arc<Service>) -> anyhow::Result<()> {
    let listener = match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!("{address}: another program listens there; choose another port with --listen")
        }
        listener => listener.with_context(|| format!("{address}: cannot listen there"))?,
    };
    let stop = stop()?;
    tokio::spawn(keep_house(Arc::clone(&service)));
    let tls = service.settings.tls.clone();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let router = http::router(service)?;
    eprintln!("listening on {scheme}://{}", listener.local_addr()?);
    http::serve(listener, tls, router, stop).await;
    eprintln!("stopped");
    Ok(())
}

async fn keep_house(service: Arc<Service>) {
    loop {
        let own = Arc::clone(&service);
        // What goes wrong is in the log, and is tried again.
        let _ = service.wait(move || own.expire()).await;
        tokio::time::sleep(HOUSEKEEPING).await;
    }
}

/// Done when the process is asked to end. Asked twice, it ends at once.
fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut asked = asked()?;
    Ok(async move {
        asked.recv().await;
        eprintln!("stopping: requests in flight may finish");
        tokio::spawn(async move {
            asked.recv().await;
            std::process::exit(1);
        });
    })
}

/// The signals that ask the process to end.
#[cfg(unix)]
fn asked() -> anyhow::Result<Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (tell, asked) = channel(1);
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind).context("no signal handler could be set")?;
        let tell = tell.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() && tell.send(()).await.is_ok() {}
        });
    }
    Ok(asked)
}

#[cfg(not(unix))]
fn asked() -> anyhow::Result<Receiver<()>> {
    let (tell, asked) = channel(1);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && tell.send(()).await.is_ok() {}
    });
    Ok(asked)
}
