//! `/v1/webhooks`: a room for each resource, and what they share.

mod attempts;
mod endpoints;
mod events;
mod receive;
mod replay;

use std::{fmt::Display, time::SystemTime};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use jiff::Timestamp;
use pgstead_webhooks::{EndpointId, EventId};
use serde::Deserialize;
use tower::ServiceBuilder;

pub use self::{
    attempts::AttemptsResponse,
    endpoints::{EndpointResponse, EndpointsResponse, SecretResponse},
    events::{EventResponse, PublishedResponse},
};
use crate::{
    api::queues::instant,
    app::App,
    error::Problem,
    idempotency::{once, once_sealed_by_webhooks},
};

/// The most bytes of a request with several events in it, unless an event alone may be larger.
const LARGEST_BATCH: usize = 16 * 1024 * 1024;
/// What may stand around a payload.
const AROUND: usize = 64 * 1024;
/// The most bytes of a request of somebody else's.
const LARGEST_RECEIVED: usize = 1024 * 1024;
/// How many are listed, unless that is said.
const FEW: u32 = 100;

/// What the scope `webhooks` is for.
pub(crate) fn routes(app: &App) -> Router<App> {
    let payload = app.webhooks.as_ref().map_or(0, |it| it.config().largest_payload);
    let large = DefaultBodyLimit::max(LARGEST_BATCH.max(payload + AROUND));
    let large_and_once =
        ServiceBuilder::new().layer(large).layer(from_fn_with_state(app.clone(), once));
    let once_sealed = || from_fn_with_state(app.clone(), once_sealed_by_webhooks);
    let create = post(endpoints::create).layer(once_sealed());
    let rotate = post(endpoints::rotate_secret).layer(once_sealed());
    let test = post(endpoints::test).layer(from_fn_with_state(app.clone(), once));
    Router::new()
        .route("/endpoints", get(endpoints::list).merge(create))
        .route(
            "/endpoints/{id}",
            get(endpoints::show).patch(endpoints::change).delete(endpoints::remove),
        )
        .route("/endpoints/{id}/rotate-secret", rotate)
        .route("/endpoints/{id}/enable", post(endpoints::enable))
        .route("/endpoints/{id}/disable", post(endpoints::disable))
        .route("/endpoints/{id}/test", test)
        .route("/endpoints/{id}/replay", post(replay::replay))
        .route("/endpoints/{id}/attempts", get(attempts::of_endpoint))
        .route("/events", post(events::publish).layer(large_and_once))
        .route("/events/{id}", get(events::show))
        .route("/events/{id}/attempts", get(attempts::of_event))
        .route("/attempts/{id}/replay", post(replay::replay_attempt))
        .route("/in", get(receive::counts))
}

/// What is for everybody who can sign.
pub(crate) fn open_routes() -> Router<App> {
    let large = DefaultBodyLimit::max(LARGEST_RECEIVED);
    Router::new().route("/v1/webhooks/in/{source}", post(receive::receive).layer(large))
}

/// A page of what is listed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    before: Option<String>,
    most: Option<u32>,
    /// Those alone that failed.
    #[serde(default)]
    failed: bool,
}

/// The endpoint that a path names.
fn endpoint_id(text: &str) -> Result<EndpointId, Problem> {
    text.parse().map_err(|_| unknown_endpoint())
}

fn unknown_endpoint() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such endpoint")
}

fn unknown_event() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such event: it was never, or too long ago")
}

/// The number of an event by its id.
async fn event_number(app: &App, id: &str) -> Result<EventId, Problem> {
    let event = app.sending()?.event(id).await?;
    event.map(|event| event.number).ok_or_else(unknown_event)
}

/// What a member must be.
fn wrong(member: &str, must: impl Display) -> Problem {
    Problem::bad_request(format!("{member} must {must}")).with("field", member)
}

/// RFC 3339 in UTC.
fn at(instant_of: SystemTime) -> Timestamp {
    instant(instant_of)
}
