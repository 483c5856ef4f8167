//! Lists the queues, and counts the jobs of one.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use pgstead_queue::{Counts, QueueInfo};
use serde::Serialize;

use super::{instant, known, ms};
use crate::{api::extract::Path, app::App, error::Problem};

/// The queues.
#[derive(Serialize)]
pub struct QueuesResponse<T = QueueResponse> {
    queues: Vec<T>,
}

/// A queue, as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct QueueResponse {
    queue: String,
    created_at: Timestamp,
    paused_at: Option<Timestamp>,
}

/// The same, with how many of its jobs are where.
#[derive(Serialize)]
pub struct CountsResponse {
    #[serde(flatten)]
    queue: QueueResponse,
    ready: u64,
    delayed: u64,
    claimed: u64,
    dead: u64,
    oldest_ready_ms: Option<u64>,
}

pub(super) async fn list(State(app): State<App>) -> Result<Answer<QueuesResponse>, Problem> {
    let queues = app.queues.list().await?;
    Ok(Answer(QueuesResponse::new(queues.iter().map(QueueResponse::new))))
}

pub(super) async fn count(
    State(app): State<App>,
    Path(queue): Path<String>,
) -> Result<Answer<CountsResponse>, Problem> {
    let name = known(&app, &queue).await?;
    let queues = app.queues.list().await?;
    let counts = app.queues.count(&name).await?;
    let queue = queues.iter().find(|queue| queue.name == name);
    let queue = queue.expect("a queue that is there is known");
    Ok(Answer(CountsResponse::new(queue, &counts)))
}

impl<T> QueuesResponse<T> {
    /// These.
    #[must_use]
    pub fn new(queues: impl IntoIterator<Item = T>) -> Self {
        Self { queues: queues.into_iter().collect() }
    }
}

impl QueueResponse {
    fn new(queue: &QueueInfo) -> Self {
        Self {
            queue: queue.name.to_string(),
            created_at: instant(queue.created_at),
            paused_at: queue.paused_at.map(instant),
        }
    }
}

impl CountsResponse {
    /// Of it.
    #[must_use]
    pub fn new(queue: &QueueInfo, counts: &Counts) -> Self {
        Self {
            queue: QueueResponse::new(queue),
            ready: counts.ready,
            delayed: counts.delayed,
            claimed: counts.claimed,
            dead: counts.dead,
            oldest_ready_ms: counts.oldest_ready.map(ms),
        }
    }
}
