//! Who receives, in this process: it answers 200 at once, or 500.

use std::{convert::Infallible, net::SocketAddr};

use anyhow::Result;
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::Instant,
};

/// Where what fails is sent.
pub(super) const FAILS: &str = "/fails";

pub(super) struct Sink {
    pub(super) address: SocketAddr,
    listening: JoinHandle<()>,
}

/// The number of an event, and when it was received.
pub(super) type Receipt = (u64, Instant);

impl Sink {
    pub(super) async fn open() -> Result<(Self, UnboundedReceiver<Receipt>)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (sender, received) = unbounded_channel();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // An answer is one write: waiting for more only delays it.
                let _ = stream.set_nodelay(true);
                let sender = sender.clone();
                let service = service_fn(move |request| answer(request, sender.clone()));
                tokio::spawn(async move {
                    // Whoever sends closes it.
                    let _ =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok((Self { address, listening }, received))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn answer(
    request: Request<Incoming>,
    sender: UnboundedSender<Receipt>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let fails = request.uri().path() == FAILS;
    let body = request.into_body().collect().await;
    let mut response = Response::new(Empty::new());
    if fails {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return Ok(response);
    }
    let number = body.ok().and_then(|body| {
        let body = body.to_bytes();
        let digits: Vec<u8> = body.iter().copied().filter(u8::is_ascii_digit).collect();
        std::str::from_utf8(&digits).ok()?.parse().ok()
    });
    if let Some(number) = number {
        // The benchmark may be over.
        let _ = sender.send((number, Instant::now()));
    }
    Ok(response)
}
