//! Listens, and stops when told.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use pgstead_store::Chain;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tower::ServiceExt as _;
use tracing::{debug, info, warn};

use crate::{app::App, router::router};

/// How long a client may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long requests may take to end once the server has been told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How long the housekeeping may take then to end its jobs, and the limits to give back what they hold.
/// What they do not is lost to the others for a while, and to nobody for ever.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Serves until `shutdown`, then lets the requests that are under way end, for at most ten seconds,
/// and gives back what the housekeeping and the limits hold, for at most two more each.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (routes, limits) = (router(app.clone()), Arc::clone(&app.limits));
    let (stopping, sends_for) = (app.stopping.clone(), app.sends_for());
    let connections = GracefulShutdown::new();
    let mut housekeeping = tokio::spawn(async move { app.run().await });
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = shutdown.as_mut() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => take(stream, peer, routes.clone(), &connections),
                // Out of file descriptors, or a client that went away: the next may fare better.
                Err(error) => {
                    warn!(error = %Chain(&error), "a connection was not accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    stopping.cancel();
    info!("stopping: waiting for the requests that are under way");
    if timeout(STOP_WITHIN, connections.shutdown()).await.is_err() {
        warn!("some requests took longer than {} s and are cut off", STOP_WITHIN.as_secs());
    }
    if timeout(CLOSE_WITHIN + sends_for, &mut housekeeping).await.is_err() {
        // Another server is given its jobs when its claims lapse.
        housekeeping.abort();
    }
    if timeout(CLOSE_WITHIN, limits.close()).await.is_err() {
        warn!("what the limits hold was not given back within {} s", CLOSE_WITHIN.as_secs());
    }
    Ok(())
}

fn take(stream: TcpStream, peer: SocketAddr, routes: Router, connections: &GracefulShutdown) {
    // A response is one write: waiting for more only delays it.
    let _ = stream.set_nodelay(true);
    let service = routes.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        request
    });
    let service = TowerToHyperService::new(service);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(error = %Chain(&error), "a connection ended in error");
        }
    });
}
