//! A request, and what came of it.

use std::{
    error::Error,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client as HyperClient, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tokio::time::{Instant, timeout_at};

use crate::guard::{Guard, Unreachable};

/// The most bytes of a response's body that are read, and kept.
pub const LARGEST_BODY: usize = 16 * 1024;
/// The most bytes of a response's head.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long a connection may wait for its next request.
const IDLE: Duration = Duration::from_secs(30);
/// And how many of an endpoint.
const MOST_IDLE: usize = 64;
/// The longest `X-Request-Id` that is kept, in bytes.
const LONGEST_REQUEST_ID: usize = 128;
/// The longest time that `Retry-After` is believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);

/// What is wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The response was not complete within the deadline.
    Timeout,
    /// The name has no address.
    Dns,
    /// The address is one that nothing is sent to.
    Forbidden,
    /// Nobody accepted the connection.
    Connect,
    /// The certificate is not good, or no encryption could be agreed on.
    Tls,
    /// The connection ended before the response did, or what came was no HTTP.
    Closed,
    /// The response was of the 300s. Redirects are not followed.
    Redirect,
    /// The response was not of the 200s.
    Status,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) status: Option<StatusCode>,
    pub(crate) failure: Option<Failure>,
    pub(crate) took: Duration,
    pub(crate) request_id: Option<String>,
    pub(crate) body: String,
    pub(crate) retry_after: Option<Duration>,
}

/// Keeps connections to endpoints, and makes requests on them.
#[derive(Clone, Debug)]
pub(crate) struct Client(HyperClient<HttpsConnector<HttpConnector<Guard>>, Full<Bytes>>);

impl Client {
    pub(crate) fn new(guard: Guard) -> Self {
        let mut roots = RootCertStore::empty();
        // Of certificates of the system that cannot be read nobody is trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("aws-lc-rs has all of them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut http = HttpConnector::new_with_resolver(guard);
        http.enforce_http(false);
        http.set_nodelay(true);
        let connector = HttpsConnector::from((http, tls));
        let client = HyperClient::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(MOST_IDLE)
            .http1_max_buf_size(LARGEST_HEAD)
            .build(connector);
        Self(client)
    }

    /// Makes a request, within that time. `now` is the time by PostgreSQL, shortly before.
    pub(crate) async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        deadline: Duration,
        now: SystemTime,
    ) -> Exchange {
        let began = Instant::now();
        let until = began + deadline;
        let mut exchange = Exchange {
            status: None,
            failure: None,
            took: Duration::ZERO,
            request_id: None,
            body: String::new(),
            retry_after: None,
        };
        exchange.failure = match timeout_at(until, self.0.request(request)).await {
            Err(_elapsed) => Some(Failure::Timeout),
            Ok(Err(error)) => Some(failure(&error)),
            Ok(Ok(response)) => {
                exchange.note(&response, now);
                let mut body = Vec::new();
                let read = timeout_at(until, read(response, &mut body)).await;
                exchange.body = shown(&body);
                match read {
                    Err(_elapsed) => Some(Failure::Timeout),
                    Ok(Err(_broken)) => Some(Failure::Closed),
                    Ok(Ok(())) => exchange.status.and_then(of_status),
                }
            }
        };
        exchange.took = began.elapsed();
        exchange
    }
}

/// Reads what is kept of the body. If there is more, the connection is closed with the response.
async fn read(response: Response<Incoming>, body: &mut Vec<u8>) -> Result<(), hyper::Error> {
    let mut incoming = response.into_body();
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame?.into_data() {
            let room = LARGEST_BODY - body.len();
            body.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Text that PostgreSQL keeps.
fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).replace('\0', "\u{fffd}")
}

fn of_status(status: StatusCode) -> Option<Failure> {
    if status.is_success() {
        None
    } else if status.is_redirection() {
        Some(Failure::Redirect)
    } else {
        Some(Failure::Status)
    }
}

/// What kind of thing went wrong. The error itself may name the address and is shown to nobody.
fn failure(error: &hyper_util::client::legacy::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        match this.downcast_ref::<Unreachable>() {
            Some(Unreachable::Forbidden) => return Failure::Forbidden,
            Some(Unreachable::Unresolved) => return Failure::Dns,
            None => {}
        }
        if is_of_tls(this) {
            return Failure::Tls;
        }
        cause = this.source();
    }
    if error.is_connect() { Failure::Connect } else { Failure::Closed }
}

/// An error of rustls is within one of input and output, which does not name it as its source.
fn is_of_tls(error: &(dyn Error + 'static)) -> bool {
    let mut inner = error;
    loop {
        if inner.is::<rustls::Error>() {
            return true;
        }
        let io = inner.downcast_ref::<std::io::Error>();
        match io.and_then(std::io::Error::get_ref) {
            Some(deeper) => inner = deeper,
            None => return false,
        }
    }
}

impl Exchange {
    fn note(&mut self, response: &Response<Incoming>, now: SystemTime) {
        let headers = response.headers();
        self.status = Some(response.status());
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        self.request_id = text("x-request-id").map(|id| {
            let end = id.floor_char_boundary(LONGEST_REQUEST_ID);
            id[..end].to_owned()
        });
        self.retry_after = retry_after(headers, now);
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let time = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        SystemTime::from(at).duration_since(now).unwrap_or_default()
    };
    Some(time.min(LONGEST_RETRY_AFTER))
}

impl Failure {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Dns => "dns",
            Self::Forbidden => "forbidden",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Closed => "closed",
            Self::Redirect => "redirect",
            Self::Status => "status",
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, time) in [
            ("120", Some(Duration::from_mins(2))),
            ("0", Some(Duration::ZERO)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(Duration::from_mins(1))),
            ("Sun, 06 Nov 1994 08:40:37 GMT", Some(Duration::ZERO)),
            ("999999999", Some(LONGEST_RETRY_AFTER)),
            ("soon", None),
            ("-1", None),
        ] {
            let headers = [(header::RETRY_AFTER, HeaderValue::from_static(text))];
            assert_eq!(retry_after(&HeaderMap::from_iter(headers), now), time, "{text}");
        }
    }

    #[test]
    fn what_is_kept_of_a_body_is_text() {
        assert_eq!(shown(b"a\0b\xff"), "a\u{fffd}b\u{fffd}");
    }
}
