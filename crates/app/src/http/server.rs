//! Connections: accepted, limited in number and time, ended in order.
//!
//! HTTP/1.1 alone: nothing here would be faster with more. A client that is slow to send its
//! headers, or sends none, is let go after [`HEADERS`]; so is one that does not take what it asked
//! for. More connections than [`MOST`] wait to be accepted.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::stall::Stalling;

/// So many connections are served at once.
const MOST: usize = 4096;
/// So long the headers of a request may take to come, and the next request of a connection.
const HEADERS: Duration = Duration::from_secs(30);
/// So long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// So large the headers of a request may be, in bytes and in number.
const HEADER_BYTES: usize = 32 * 1024;
const HEADER_LINES: usize = 100;
/// So long requests in flight may take once the server ends.
const GRACE: Duration = Duration::from_secs(10);

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop` is done, then lets the requests in flight finish.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let tls = tls.map(TlsAcceptor::from);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST));
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            let (stream, peer) = listener.accept().await.ok()?;
            Some((place, stream, peer))
        };
        tokio::select! {
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Some((place, stream, peer)) => {
                    let (router, watcher) = (router.clone(), graceful.watcher());
                    let connection = connection(stream, tls.clone(), peer, router, watcher);
                    tokio::spawn(async move {
                        connection.await;
                        drop(place);
                    });
                }
                // Out of file handles, most likely: others end soon.
                None => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off: they took longer than 10 s");
    }
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
) {
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return speak(stream, peer, router, watcher).await };
    match timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => speak(stream, peer, router, watcher).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!(%peer, "a TLS handshake took too long"),
    }
}

async fn speak<S>(stream: S, peer: SocketAddr, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_LINES);
    let connection = http.serve_connection(TokioIo::new(Stalling::new(stream)), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%peer, %error, "a connection broke");
    }
}
