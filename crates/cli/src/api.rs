//! Asks a server that is running.

use std::time::Duration;

use anyhow::{Context as _, Error, Result};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::{Request, Response, StatusCode, Uri, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::{net::TcpStream, time::timeout};

use crate::output::Wrong;

/// How long a server may take.
const WITHIN: Duration = Duration::from_secs(10);
/// The most bytes of an answer.
const LARGEST: usize = 4 * 1024 * 1024;

/// A server's HTTP API.
pub(crate) struct Api {
    authority: String,
    key: Option<String>,
}

/// Why a server refuses (RFC 9457).
#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl Api {
    /// The server at that URL, asked with that key.
    pub(crate) fn at(url: &str, key: Option<&str>) -> Result<Self> {
        let wrong = |must| Wrong(format!("the server is at {url:?}, which must {must}"));
        let uri: Uri = url.parse().map_err(|_| wrong("be a URL such as http://127.0.0.1:7070"))?;
        if uri.scheme_str() != Some("http") {
            // As `serve` itself speaks: ask it where it runs.
            return Err(wrong("begin with http://").into());
        }
        if !matches!(uri.path_and_query().map_or("/", |path| path.as_str()), "/") {
            return Err(wrong("have no path").into());
        }
        let host = uri.host().ok_or_else(|| wrong("have a host"))?;
        let authority = format!("{host}:{}", uri.port_u16().unwrap_or(80));
        Ok(Self { authority, key: key.map(ToOwned::to_owned) })
    }

    /// What is at that path.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let exchange = async {
            let response = self.send(path).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.map_err(|error| Error::msg(error.to_string()))?;
            Ok::<_, Error>((status, body.to_bytes()))
        };
        let Self { authority, .. } = self;
        let answer = timeout(WITHIN, exchange).await.map_err(|_elapsed| {
            Error::msg(format!("it did not answer within {} s", WITHIN.as_secs()))
        });
        let (status, body) =
            answer.flatten().with_context(|| format!("cannot ask the server at {authority}"))?;
        if status.is_success() {
            let read = serde_json::from_slice(&body);
            return read.with_context(|| format!("{authority} is no server of pgstead's"));
        }
        let detail = serde_json::from_slice(&body)
            .map_or_else(|_| format!("it answered {status}"), |Problem { detail }: Problem| detail);
        Err(self.refused(status, &detail))
    }

    async fn send(&self, path: &str) -> Result<Response<hyper::body::Incoming>> {
        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the sender, which says why if it fails.
        tokio::spawn(connection);
        let mut request = Request::get(path).header(header::HOST, &self.authority);
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        Ok(sender.send_request(request.body(Empty::<Bytes>::new())?).await?)
    }

    fn refused(&self, status: StatusCode, detail: &str) -> Error {
        let told = format!("the server at {} refuses: {detail}", self.authority);
        match status {
            StatusCode::UNAUTHORIZED => {
                Wrong(format!("{told}; it is taken from PGSTEAD_API_KEY")).into()
            }
            status if status.is_client_error() => Wrong(told).into(),
            _ => Error::msg(told),
        }
    }
}
