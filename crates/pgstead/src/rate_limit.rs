//! Rate limits as a tower layer, for axum and any service of `http::Request`.
//!
//! A [`RateLimitLayer`] takes from a limit for each request, and refuses those for which nothing
//! is left. What it limits is a policy of [`Limits`]; whom it counts a request for is a [`Key`].
//!
//! ```no_run
//! # #[cfg(feature = "axum")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::{net::SocketAddr, sync::Arc, time::Duration};
//!
//! use axum::{Router, routing::get};
//! use pgstead::{
//!     limits::{self, Algorithm, Config, Limits, Policy, PolicyConfig},
//!     rate_limit::{ClientIp, Key, RateLimitLayer},
//!     store::{self, Db, migrate::migrate},
//! };
//!
//! let db = Db::connect(&store::Config::new("postgres://app@localhost/app")).await?;
//! migrate(&db, &[limits::MIGRATIONS]).await?;
//! let api = PolicyConfig::new(Algorithm::TokenBucket, 100, Duration::from_secs(60));
//! let limits = Arc::new(Limits::start(&db, Config::new([Policy::new("api", &api)?])));
//!
//! let per_client = RateLimitLayer::new(limits, "api", Key::client_ip(ClientIp::new()))?
//!     .skip(|request| request.uri.path() == "/healthz");
//! let router: Router = Router::new().route("/", get(|| async { "hello" })).layer(per_client);
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! let service = router.into_make_service_with_connect_info::<SocketAddr>();
//! axum::serve(listener, service).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a client sees
//!
//! Every response that was counted has [`Headers`], refused or not. A refusal is a
//! [problem document](crate::Problem) with `Retry-After`; [`Refusal`] says which there are, and
//! [`on_refusal`](RateLimitLayer::on_refusal) writes others.
//!
//! # In which order
//!
//! 1. What [`skip`](RateLimitLayer::skip) says is passed on, and so is what costs nothing.
//! 2. The key is found, or [`MissingKey`] says what to do.
//! 3. The cost is taken from the limit, or the request is refused. Nothing is taken then.
//! 4. The request is passed on. What was taken stays taken, whatever comes of the request.
//!
//! Two limits are two layers. The outer one has taken when the inner one refuses.
//!
//! # When PostgreSQL is away
//!
//! The policy's [outage rule](crate::limits::OnOutage) decides, and a refusal says so. What can be
//! decided by no rule, such as a database without our tables, is up to [`OnError`].

mod client_ip;
mod forwarded;
mod headers;
mod key;
mod refusal;
mod service;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{Response, request::Parts};
use http_body::Body;
use pgstead_limits::{Invalid, Limits};
use tower_layer::Layer;

use self::service::Faults;
pub use self::{
    client_ip::{ClientIp, ForwardedHeader},
    headers::Headers,
    key::Key,
    refusal::{Limited, Refusal},
    service::RateLimit,
};
pub use crate::body::{BoxError, ResponseBody};
use crate::body::{Refused, boxed};

/// Takes from a limit for each request, and refuses those for which nothing is left.
///
/// The [module](self) has an example, and says what is done in which order.
#[derive(Clone, Debug)]
pub struct RateLimitLayer {
    rules: Arc<Rules>,
}

/// What is done with a request that has no key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingKey {
    /// It is refused ([`Refusal::NoKey`]): who leaves his key out does not get past the limit.
    #[default]
    Refuse,
    /// It is passed on without being counted. Fit where something else refuses it.
    Skip,
    /// All of them together count for this key. It should be one that nobody else can have.
    Shared(String),
}

/// What is done with a request when it cannot be found out whether the limit is reached.
///
/// That PostgreSQL does not answer in time is no such case: the policy has a rule for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnError {
    /// It is refused ([`Refusal::Failed`]).
    #[default]
    Refuse,
    /// It is passed on without being counted.
    Pass,
}

/// What a layer and its services go by.
#[derive(Clone)]
struct Rules {
    limits: Arc<Limits>,
    policy: Box<str>,
    key: Key,
    missing_key: MissingKey,
    cost: Arc<dyn Fn(&Parts) -> u64 + Send + Sync>,
    skip: Arc<dyn Fn(&Parts) -> bool + Send + Sync>,
    headers: Headers,
    refuse: Arc<Refuse>,
    on_error: OnError,
    faults: Arc<Faults>,
}

type Refuse = dyn Fn(&Refusal, &Parts) -> Response<Refused> + Send + Sync;

impl RateLimitLayer {
    /// Limits by that policy, which has to be one of those limits.
    pub fn new(limits: Arc<Limits>, policy: &str, key: Key) -> Result<Self, Invalid> {
        // Any key shows whether there is the policy.
        limits.subject(policy, "key")?;
        Ok(Self {
            rules: Arc::new(Rules {
                limits,
                policy: policy.into(),
                key,
                missing_key: MissingKey::default(),
                cost: Arc::new(|_| 1),
                skip: Arc::new(|_| false),
                headers: Headers::default(),
                refuse: Arc::new(|refusal, _| refusal.problem().into_response().map(boxed)),
                on_error: OnError::default(),
                faults: Arc::default(),
            }),
        })
    }

    /// What a request costs. Default: 1.
    ///
    /// One that costs nothing is passed on without being counted. One that costs more than the
    /// policy ever grants at once is refused with 413 and not with 429, since to wait does not
    /// help.
    #[must_use]
    pub fn cost(self, cost: impl Fn(&Parts) -> u64 + Send + Sync + 'static) -> Self {
        self.with(|rules| rules.cost = Arc::new(cost))
    }

    /// Which requests are passed on without being counted. Default: none. Of two such rules both
    /// count.
    #[must_use]
    pub fn skip(self, skip: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        self.with(|rules| {
            let before = Arc::clone(&rules.skip);
            rules.skip = Arc::new(move |request| before(request) || skip(request));
        })
    }

    /// What is done with a request that has no key. Default: [`MissingKey::Refuse`].
    #[must_use]
    pub fn missing_key(self, missing_key: MissingKey) -> Self {
        self.with(|rules| rules.missing_key = missing_key)
    }

    /// Which header fields tell a client where it stands. Default: [`Headers::Structured`].
    #[must_use]
    pub fn headers(self, headers: Headers) -> Self {
        self.with(|rules| rules.headers = headers)
    }

    /// What a refused request is answered. Default: [`Refusal::problem`].
    ///
    /// The header fields are written beside those of the response. The body may be of any kind
    /// that gives [`Bytes`]: `String`, and with axum whatever `into_response()` makes.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use pgstead::{limits::{Invalid, Limits}, rate_limit::{ClientIp, Key, RateLimitLayer}};
    /// # fn example(limits: Arc<Limits>) -> Result<RateLimitLayer, Invalid> {
    /// use http::{Response, StatusCode};
    /// use pgstead::rate_limit::Refusal;
    ///
    /// let layer = RateLimitLayer::new(limits, "api", Key::client_ip(ClientIp::new()))?
    ///     .on_refusal(|refusal, _request| match refusal {
    ///         Refusal::Limited(limited) => {
    ///             let seconds = limited.retry_after().as_secs_f64().ceil();
    ///             let mut response = Response::new(format!("come back in {seconds} s\n"));
    ///             *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    ///             response
    ///         }
    ///         other => other.problem().into_response(),
    ///     });
    /// # Ok(layer)
    /// # }
    /// ```
    #[must_use]
    pub fn on_refusal<B>(
        self,
        refuse: impl Fn(&Refusal, &Parts) -> Response<B> + Send + Sync + 'static,
    ) -> Self
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.with(|rules| {
            rules.refuse = Arc::new(move |refusal, request| refuse(refusal, request).map(boxed));
        })
    }

    /// What is done with a request when it cannot be found out whether the limit is reached.
    /// Default: [`OnError::Refuse`].
    #[must_use]
    pub fn on_error(self, on_error: OnError) -> Self {
        self.with(|rules| rules.on_error = on_error)
    }

    fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(Arc::make_mut(&mut self.rules));
        self
    }
}

impl<S> Layer<S> for RateLimitLayer {
    type Service = RateLimit<S>;

    fn layer(&self, inner: S) -> RateLimit<S> {
        RateLimit::new(inner, Arc::clone(&self.rules))
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("policy", &self.policy)
            .field("missing_key", &self.missing_key)
            .field("headers", &self.headers)
            .field("on_error", &self.on_error)
            .finish_non_exhaustive()
    }
}
