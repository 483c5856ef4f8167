//! Requests with access tokens as a tower layer, for axum and any service of `http::Request`.
//!
//! A [`RequireToken`] lets requests pass whose bearer token (RFC 6750) a [`Verifier`] finds good, and
//! says to the service within what the token says. Nobody is asked for that: what was revoked is known.
//!
//! ```no_run
//! # #[cfg(feature = "axum")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use axum::{Router, routing::get};
//! use pgstead::{
//!     require_token::{RequireToken, Token},
//!     store::{self, Db},
//!     tokens::{Verifier, VerifierConfig},
//! };
//!
//! async fn me(Token(claims): Token) -> String {
//!     format!("hello, {}\n", claims.user)
//! }
//!
//! let db = Db::connect(&store::Config::new("postgres://app@localhost/app")).await?;
//! let verifier = Verifier::open(&db, VerifierConfig::new("https://auth.example.com")).await?;
//! let router: Router =
//!     Router::new().route("/me", get(me)).layer(RequireToken::new(verifier).scope("profile"));
//! # let _ = router;
//! # Ok(())
//! # }
//! ```
//!
//! # What a client sees
//!
//! A refusal is a [problem document](crate::Problem) with the challenge of RFC 6750, 3:
//!
//! | request | status | `WWW-Authenticate: Bearer realm="…"` |
//! |---|---|---|
//! | without a token | 401 | and no more |
//! | `Authorization` twice, or without a token in it | 400 | `error="invalid_request"` |
//! | a token that is not good, or not for this audience | 401 | `error="invalid_token"` |
//! | a token without a scope that is required | 403 | `error="insufficient_scope"`, and which |
//! | what is revoked has not been known for too long | 503 | none; `Retry-After: 1` |

#[cfg(feature = "axum")]
mod extract;

use std::{
    fmt::Write as _,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use pgstead_tokens::{Claims, Verification, Verifier};
use tower_layer::Layer;
use tower_service::Service;

#[cfg(feature = "axum")]
pub use self::extract::Token;
use crate::{
    Problem,
    body::{ResponseBody, boxed},
};

/// Lets requests pass with a good access token, and tells the service within what it says: as
/// `Arc<Claims>` in the extensions of the request.
///
/// The [module](self) has an example, and says how others are refused.
#[derive(Clone, Debug)]
pub struct RequireToken {
    rules: Arc<Rules>,
}

/// The service that a [`RequireToken`] puts around another one.
#[derive(Clone, Debug)]
pub struct RequiresToken<S> {
    inner: S,
    rules: Arc<Rules>,
}

#[derive(Clone, Debug)]
struct Rules {
    verifier: Verifier,
    audience: Option<Box<str>>,
    scopes: Vec<Box<str>>,
    realm: Box<str>,
    is_optional: bool,
}

/// What an `Authorization` header has.
enum Given<'a> {
    Nothing,
    Token(&'a str),
    Malformed,
}

impl RequireToken {
    /// By that verifier.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        let rules = Rules {
            verifier,
            audience: None,
            scopes: Vec::new(),
            realm: "pgstead".into(),
            is_optional: false,
        };
        Self { rules: Arc::new(rules) }
    }

    /// Only tokens for that audience. Default: whom the verifier is for.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.with(|rules| rules.audience = Some(audience.into()))
    }

    /// Only tokens with that scope. Of several all are required.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.with(|rules| rules.scopes.push(scope.into()))
    }

    /// What the challenge calls what is protected: printable ASCII, else it stays. Default: `pgstead`.
    #[must_use]
    pub fn realm(self, realm: &str) -> Self {
        let is_quotable = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
        if !realm.chars().all(is_quotable) {
            return self;
        }
        self.with(|rules| rules.realm = realm.into())
    }

    /// Requests without a token pass as well, without claims. One with a token that is not good is
    /// refused.
    #[must_use]
    pub fn optional(self) -> Self {
        self.with(|rules| rules.is_optional = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(Arc::make_mut(&mut self.rules));
        self
    }
}

impl<S> Layer<S> for RequireToken {
    type Service = RequiresToken<S>;

    fn layer(&self, inner: S) -> RequiresToken<S> {
        RequiresToken { inner, rules: Arc::clone(&self.rules) }
    }
}

impl<S, B, R> Service<Request<B>> for RequiresToken<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match self.rules.claims(request.headers()) {
            Ok(Some(claims)) => drop(request.extensions_mut().insert(claims)),
            Ok(None) => {}
            Err(problem) => return Box::pin(async move { Ok(refused(problem)) }),
        }
        // The one that said that it is ready is the one to call.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        Box::pin(async move { Ok(inner.call(request).await?.map(ResponseBody::passed)) })
    }
}

fn refused<R>(problem: Problem) -> Response<ResponseBody<R>> {
    let no_store = HeaderValue::from_static("no-store");
    let response = problem.header(header::CACHE_CONTROL, no_store).into_response();
    response.map(|body| ResponseBody::refused(boxed(body)))
}

impl Rules {
    /// What the request's token says, if it has to have one.
    fn claims(&self, headers: &HeaderMap) -> Result<Option<Arc<Claims>>, Problem> {
        let token = match given(headers) {
            Given::Token(token) => token,
            Given::Nothing if self.is_optional => return Ok(None),
            Given::Nothing => {
                let detail = "send an access token as Authorization: Bearer …";
                return Err(self.challenge(StatusCode::UNAUTHORIZED, None, detail));
            }
            Given::Malformed => {
                let detail = "there has to be one Authorization header, with one bearer token";
                return Err(self.challenge(
                    StatusCode::BAD_REQUEST,
                    Some("invalid_request"),
                    detail,
                ));
            }
        };
        let why_not = match self.verifier.verify(token) {
            Verification::Valid(claims) if self.is_for_us(&claims) => {
                self.check_scopes(&claims)?;
                return Ok(Some(claims));
            }
            Verification::Valid(_) => "the access token is for somebody else",
            Verification::Expired => "the access token has expired",
            Verification::Revoked => "the access token was revoked",
            Verification::Stale => {
                let detail = "it is not known what was revoked; try again";
                return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                    .header(header::RETRY_AFTER, HeaderValue::from_static("1")));
            }
            _ => "the access token is not valid",
        };
        Err(self.challenge(StatusCode::UNAUTHORIZED, Some("invalid_token"), why_not))
    }

    fn is_for_us(&self, claims: &Claims) -> bool {
        self.audience.as_ref().is_none_or(|audience| claims.grant.is_for(audience))
    }

    fn check_scopes(&self, claims: &Claims) -> Result<(), Problem> {
        if self.scopes.iter().all(|scope| claims.grant.permits(scope)) {
            return Ok(());
        }
        let detail = format!("the access token has not the scope {}", self.scopes.join(" "));
        Err(self.challenge(StatusCode::FORBIDDEN, Some("insufficient_scope"), &detail))
    }

    fn challenge(&self, status: StatusCode, error: Option<&str>, detail: &str) -> Problem {
        let mut challenge = format!("Bearer realm=\"{}\"", self.realm);
        if let Some(error) = error {
            let _ = write!(challenge, ", error=\"{error}\", error_description=\"{detail}\"");
            if error == "insufficient_scope" {
                let _ = write!(challenge, ", scope=\"{}\"", self.scopes.join(" "));
            }
        }
        let problem = Problem::new(status, detail);
        // A scope that is none cannot be told.
        match HeaderValue::try_from(challenge) {
            Ok(challenge) => problem.header(header::WWW_AUTHENTICATE, challenge),
            Err(_) => problem,
        }
    }
}

/// Another scheme is as good as none (RFC 9110, 11.6.2).
fn given(headers: &HeaderMap) -> Given<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let Some(value) = values.next() else { return Given::Nothing };
    if values.next().is_some() {
        return Given::Malformed;
    }
    let Ok(value) = value.to_str() else { return Given::Malformed };
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Given::Nothing;
    }
    match token.trim() {
        "" => Given::Malformed,
        token if token.contains([' ', ',']) => Given::Malformed,
        token => Given::Token(token),
    }
}
