//! `/v1/queues`: a room for each verb, and what they share.

mod claim;
mod dead;
mod extend;
mod finish;
mod job;
mod list;
mod pause;
mod purge;
mod send;

use std::time::{Duration, SystemTime};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{delete, get, post},
};
use jiff::Timestamp;
use pgstead_queue::{JobId, QueueName};
use tower::ServiceBuilder;

pub use self::{
    dead::DeadResponse,
    job::{JobResponse, LogsResponse},
    list::{CountsResponse, QueuesResponse},
    send::SentResponse,
};
use crate::{api::sessions::timestamp, app::App, error::Problem, idempotency::once, nearest};

/// The route of a claim, which may wait.
pub(crate) const CLAIM: &str = "/v1/queues/{queue}/claim";
/// The longest that a claim may wait.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The most jobs of one request.
const MOST: usize = 1000;
/// The most bytes of a request with jobs or with results in it, unless a payload alone may be larger.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// What may stand around a payload.
const AROUND: usize = 64 * 1024;

/// What the scope `queues` is for.
pub(crate) fn routes(app: &App) -> Router<App> {
    let large = LARGEST_BODY.max(app.queues.config().largest_payload + AROUND);
    let large = DefaultBodyLimit::max(large);
    let large_and_once =
        ServiceBuilder::new().layer(large).layer(from_fn_with_state(app.clone(), once));
    Router::new()
        .route("/", get(list::list))
        .route("/{queue}", get(list::count))
        .route("/{queue}/jobs", post(send::send).layer(large_and_once).delete(purge::purge))
        .route("/{queue}/jobs/{job}", get(job::find))
        .route("/{queue}/jobs/{job}/logs", get(job::logs).post(job::log))
        .route("/{queue}/jobs/{job}/progress", post(job::progress))
        .route("/{queue}/claim", post(claim::claim))
        .route("/{queue}/finish", post(finish::finish).layer(large))
        .route("/{queue}/extend", post(extend::extend))
        .route("/{queue}/dead", get(dead::list).delete(dead::purge))
        .route("/{queue}/dead/redrive", post(dead::redrive))
        .route("/{queue}/dead/{job}", delete(dead::remove))
        .route("/{queue}/pause", post(pause::pause))
        .route("/{queue}/resume", post(pause::resume))
}

/// The name, if it can be one.
fn name(text: &str) -> Result<QueueName, Problem> {
    QueueName::new(text)
        .map_err(|invalid| Problem::bad_request(invalid.to_string()).with("field", "queue"))
}

/// The queue of that name, if there is one.
async fn known(app: &App, text: &str) -> Result<QueueName, Problem> {
    // What can be no queue's name is the more likely to be a slip.
    if let Ok(name) = QueueName::new(text)
        && app.queues.is_there(&name).await?
    {
        return Ok(name);
    }
    let queues = app.queues.list().await?;
    let names = queues.iter().map(|queue| queue.name.as_str());
    let detail = match nearest(text, names) {
        Some(meant) => format!("there is no queue {text:?}; did you mean {meant:?}?"),
        None => format!("there is no queue {text:?}: the first job that is sent makes it"),
    };
    Err(Problem::new(StatusCode::NOT_FOUND, detail))
}

/// The number of a job in a path.
fn id(text: &str) -> Result<JobId, Problem> {
    text.parse().map(JobId).map_err(|_| unknown_job())
}

fn unknown_job() -> Problem {
    let detail =
        "nothing is known of such a job: it ended without a result, or long ago, or never was";
    Problem::new(StatusCode::NOT_FOUND, detail)
}

/// What a member must be.
fn wrong(member: &str, must: impl std::fmt::Display) -> Problem {
    Problem::bad_request(format!("{member} must {must}")).with("field", member)
}

/// A claim that lasts that long.
fn lease(lease_ms: Option<u64>, default: Duration) -> Result<Duration, Problem> {
    let lease = lease_ms.map_or(default, Duration::from_millis);
    let longest = Duration::from_hours(12);
    if (Duration::from_millis(100)..=longest).contains(&lease) {
        return Ok(lease);
    }
    Err(wrong("lease_ms", "be 100 to 43200000"))
}

/// RFC 3339 in UTC, of an instant of PostgreSQL's.
#[must_use]
pub fn instant(at: SystemTime) -> Timestamp {
    timestamp(at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
