//! The routes, and what every request goes through.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio::time::timeout;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::{DefaultOnRequest, DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span, debug_span};

use crate::{
    api::{health, limits, oauth, queues, schedules, sessions, webhooks},
    app::App,
    auth,
    error::Problem,
    keys::Scope,
};

/// The most bytes of a request's body. A key has a thousand at most.
const LARGEST_BODY: usize = 64 * 1024;
/// How long a request may take, the reading of its body included.
const LONGEST: Duration = Duration::from_secs(30);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The routes of the API.
pub fn router(app: App) -> Router {
    let scoped = |scope| from_fn_with_state((app.clone(), scope), auth::require);
    let outermost_first = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, Random))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(DefaultOnRequest::new().level(Level::TRACE))
                .on_response(DefaultOnResponse::new().level(Level::DEBUG))
                // Whoever answers with an error has logged it.
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(CatchPanicLayer::custom(|_panic| {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "see the server's log").into_response()
        }))
        .layer(from_fn(hurry));
    Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .nest(
            "/v1/limits",
            limits::routes(&app)
                .route_layer(scoped(Scope::Limits))
                .merge(limits::admin_routes().route_layer(scoped(Scope::Admin))),
        )
        .nest("/v1/queues", queues::routes(&app).route_layer(scoped(Scope::Queues)))
        .nest("/v1/webhooks", webhooks::routes(&app).route_layer(scoped(Scope::Webhooks)))
        .merge(webhooks::open_routes())
        .merge(sessions::routes(&app).route_layer(scoped(Scope::Tokens)))
        .merge(schedules::routes().route_layer(scoped(Scope::Queues)))
        .merge(oauth::routes(&app))
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(outermost_first)
        .with_state(app)
}

async fn not_found(request: Request) -> Problem {
    let detail = format!("there is nothing at {}", request.uri().path());
    Problem::new(StatusCode::NOT_FOUND, detail)
}

async fn not_allowed(request: Request) -> Problem {
    let detail = format!("{} is not for {}", request.uri().path(), request.method());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

async fn hurry(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // One may ask to be answered later.
    let longest =
        if route == Some(queues::CLAIM) { LONGEST + queues::LONGEST_WAIT } else { LONGEST };
    match timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            let detail = format!("the request was not done within {} s", longest.as_secs());
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
        }
    }
}

/// What a request is in the log: the route and not the path, which may hold a user's address, and
/// no header, which may hold a key.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or("-");
    debug_span!("request", method = %request.method(), route, id)
}

/// A request without an id gets one; one that comes with an id keeps it.
#[derive(Clone, Copy)]
struct Random;

impl MakeRequestId for Random {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).ok()?;
        let id = base62::encode(u128::from_be_bytes(random));
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}
