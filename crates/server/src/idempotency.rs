//! Requests that are sent again and done once (draft-ietf-httpapi-idempotency-key-header).
//!
//! A client that got no answer does not know whether what it asked for was done. With an
//! `Idempotency-Key` it can ask again: the first attempt that succeeds is remembered for a day, and
//! answers the others. An attempt that created nothing is forgotten. What is not known is whether a
//! process that died in between had done it: after two minutes somebody else may do it again.
//!
//! A layer for the routes that create something, below the one that says whose the API key is.

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest as _, OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use pgstead_store::{Chain, Db, Error, Result, tokio_postgres::types::Type, within};
use pgstead_tokens::Tokens;
use pgstead_webhooks::Webhooks;
use sha2::{Digest as _, Sha256};
use tracing::{Instrument as _, Span, warn};

use crate::{app::App, error::Problem, keys::Key};

pub(crate) const BEGIN: &str = include_str!("../sql/idempotency_begin.sql");
pub(crate) const END: &str = include_str!("../sql/idempotency_end.sql");
pub(crate) const FORGET: &str = include_str!("../sql/idempotency_forget.sql");
pub(crate) const SWEEP: &str = include_str!("../sql/idempotency_sweep.sql");

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The most bytes of a key. One of UUIDs has 36.
const LONGEST: usize = 255;
/// The most bytes of an answer that is remembered.
const LARGEST: usize = 1024 * 1024;
/// How long each statement may take.
const STATEMENT_WITHIN: Duration = Duration::from_secs(5);
/// What a sweep removes in a step at most.
const PAGE: i32 = 1000;

/// Does a request once that has an `Idempotency-Key`, and lets all others pass.
pub(crate) async fn once(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    remember(app, Keep::InClear, request, next).await
}

/// The same for what is answered with tokens, which are not kept in clear.
pub(crate) async fn once_sealed(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let keep = Keep::Sealed(app.tokens()?.clone());
    remember(app, keep, request, next).await
}

/// The same for what is answered with secrets of endpoints.
pub(crate) async fn once_sealed_by_webhooks(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let keep = Keep::SealedByWebhooks(app.sending()?.clone());
    remember(app, keep, request, next).await
}

/// How an answer is kept.
enum Keep {
    InClear,
    Sealed(Tokens),
    SealedByWebhooks(Webhooks),
}

async fn remember(app: App, keep: Keep, request: Request, next: Next) -> Result<Response, Problem> {
    let Some(key) = request.headers().get(IDEMPOTENCY_KEY) else {
        return Ok(next.run(request).await);
    };
    let key = read(key)?;
    let (parts, body) = request.into_parts();
    let id = id(&parts, &key);
    // It has to be read here, within the bounds that it would have to keep further on.
    let bounded = Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(bounded, &app)
        .await
        .map_err(|refused| Problem::new(refused.status(), refused.body_text()))?;
    let attempt = Attempt { id, nonce: nonce(), keep };
    match attempt.begin(&app.db, &Sha256::digest(&body)).await? {
        Begun::Ours => {}
        Begun::Another => {
            let detail = "this Idempotency-Key was used for another request";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
        Begun::UnderWay => {
            let detail = "a request with this Idempotency-Key is under way";
            return Err(Problem::new(StatusCode::CONFLICT, detail)
                .header(header::RETRY_AFTER, HeaderValue::from_static("1")));
        }
        Begun::Done(response) => return Ok(response),
    }
    let request = Request::from_parts(parts, Body::from(body));
    let done = async move { attempt.end(&app.db, next.run(request).await).await };
    // A client that goes away does not stop it: what it created would be known to nobody.
    match tokio::spawn(done.instrument(Span::current())).await {
        Ok(response) => Ok(response),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime ends, and nobody reads this.
            Err(_cancelled) => Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        },
    }
}

/// Forgets what is past its time. How many there were.
pub(crate) async fn sweep(db: &Db) -> Result<u64> {
    let mut forgotten = 0;
    loop {
        let removed = sweep_step(db).await?;
        forgotten += removed.unsigned_abs();
        if removed < i64::from(PAGE) {
            return Ok(forgotten);
        }
    }
}

async fn sweep_step(db: &Db) -> Result<i64> {
    within(STATEMENT_WITHIN, async {
        let client = db.client().await?;
        let row = client.query_typed_one(SWEEP, &[(&PAGE, Type::INT4)]).await?;
        Ok::<_, Error>(row.try_get::<_, i64>(0)?)
    })
    .await
}

/// One attempt at a request.
struct Attempt {
    id: [u8; 32],
    nonce: [u8; 16],
    keep: Keep,
}

/// What is known of a request.
enum Begun {
    /// Nothing: it is ours to do.
    Ours,
    /// It was another one.
    Another,
    /// Somebody is at it.
    UnderWay,
    /// It was answered.
    Done(Response),
}

impl Attempt {
    async fn begin(&self, db: &Db, fingerprint: &[u8]) -> Result<Begun> {
        let row = within(STATEMENT_WITHIN, async {
            let client = db.client().await?;
            let parameters = [
                (&self.id.as_slice() as _, Type::BYTEA),
                (&fingerprint as _, Type::BYTEA),
                (&self.nonce.as_slice() as _, Type::BYTEA),
            ];
            Ok::<_, Error>(client.query_typed_one(BEGIN, &parameters).await?)
        })
        .await?;
        let (is_ours, is_same): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
        if is_ours {
            return Ok(Begun::Ours);
        }
        if !is_same {
            return Ok(Begun::Another);
        }
        let Some(status) = row.try_get::<_, Option<i16>>(2)? else { return Ok(Begun::UnderWay) };
        let (headers, body): (Vec<String>, Vec<u8>) = (row.try_get(3)?, row.try_get(4)?);
        // Sealed by another key: it is as if another request had been answered.
        let Some(body) = self.keep.open(body) else { return Ok(Begun::Another) };
        let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status.unwrap_or(StatusCode::OK);
        for pair in headers.chunks_exact(2) {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(&pair[0]), (&pair[1]).try_into()) {
                response.headers_mut().append(name, value);
            }
        }
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        Ok(Begun::Done(response))
    }

    /// Remembers the answer if it is one of success, and gives it on.
    async fn end(&self, db: &Db, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let body = match to_bytes(body, LARGEST).await {
            Ok(body) => body,
            Err(error) => {
                warn!(error = %Chain(&error), "an answer cannot be remembered");
                let detail = "see the server's log";
                return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response();
            }
        };
        let ended = within(STATEMENT_WITHIN, async {
            let client = db.client().await?;
            let (id, nonce) = (self.id.as_slice(), self.nonce.as_slice());
            let ours = [(&id as _, Type::BYTEA), (&nonce as _, Type::BYTEA)];
            if parts.status.is_success() {
                let status = i16::try_from(parts.status.as_u16()).unwrap_or(i16::MAX);
                let (headers, body) = (pairs(&parts.headers), self.keep.close(&body));
                let answer = [
                    (&status as _, Type::INT2),
                    (&headers as _, Type::TEXT_ARRAY),
                    (&body as _, Type::BYTEA),
                ];
                let [id, nonce] = ours;
                let [status, headers, body] = answer;
                client.query_typed(END, &[id, nonce, status, headers, body]).await?;
            } else {
                client.query_typed(FORGET, &ours).await?;
            }
            Ok::<_, Error>(())
        })
        .await;
        if let Err(error) = ended {
            // It was done, and its client hears so: only the next attempt is told to wait.
            warn!(error = %Chain(&error), "the end of a request cannot be remembered");
        }
        Response::from_parts(parts, Body::from(body))
    }
}

impl Keep {
    fn close(&self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::InClear => body.to_vec(),
            Self::Sealed(tokens) => tokens.seal(body),
            Self::SealedByWebhooks(webhooks) => webhooks.seal(body),
        }
    }

    fn open(&self, kept: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::InClear => Some(kept),
            Self::Sealed(tokens) => tokens.unseal(&kept),
            Self::SealedByWebhooks(webhooks) => webhooks.unseal(&kept),
        }
    }
}

/// Names and values in turn.
fn pairs(headers: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| value.to_str().map(ToOwned::to_owned);
    let pairs =
        headers.iter().filter_map(|(name, value)| Some([name.to_string(), text(value).ok()?]));
    pairs.flatten().collect()
}

/// The key. The draft has it in quotes, which most clients leave out.
fn read(value: &HeaderValue) -> Result<String, Problem> {
    let text = value.to_str().unwrap_or_default().trim();
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    if (1..=LONGEST).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    let detail = format!("an Idempotency-Key must have 1 to {LONGEST} ASCII characters");
    Err(Problem::bad_request(detail))
}

/// What stands for the key at rest: of another API key or another path it is another one.
fn id(parts: &Parts, key: &str) -> [u8; 32] {
    let whose = parts.extensions.get::<Arc<Key>>().expect("authorization comes first");
    let path = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
    let mut hash = Sha256::new();
    for part in [&whose.id, path.path(), key] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn nonce() -> [u8; 16] {
    let mut random = [0; 16];
    getrandom::fill(&mut random).expect("the operating system has random numbers");
    random
}
