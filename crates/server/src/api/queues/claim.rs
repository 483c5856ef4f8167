//! Claims jobs, and waits for some if there are none.

use std::time::{Duration, SystemTime};

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use pgstead_queue::{Claimed, Claims};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::{LONGEST_WAIT, MOST, instant, known, lease, ms, wrong};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct ClaimRequest {
    #[serde(default = "one")]
    max: usize,
    lease_ms: Option<u64>,
    #[serde(default)]
    wait_ms: u64,
}

fn one() -> usize {
    1
}

#[derive(Serialize)]
struct ClaimResponse<'a> {
    jobs: Vec<ClaimedResponse<'a>>,
}

#[derive(Serialize)]
struct ClaimedResponse<'a> {
    id: i64,
    attempt: u32,
    enqueued_at: Timestamp,
    lease_until: Timestamp,
    priority: u8,
    group: Option<String>,
    headers: Option<&'a RawValue>,
    payload: &'a RawValue,
}

pub(super) async fn claim(
    State(app): State<App>,
    Path(queue): Path<String>,
    Json(ClaimRequest { max, lease_ms, wait_ms }): Json<ClaimRequest>,
) -> Result<Response, Problem> {
    if !(1..=MOST).contains(&max) {
        return Err(wrong("max", format_args!("be 1 to {MOST}")));
    }
    let wait = Duration::from_millis(wait_ms);
    if wait > LONGEST_WAIT {
        return Err(wrong("wait_ms", format_args!("be at most {}", ms(LONGEST_WAIT))));
    }
    let queue = known(&app, &queue).await?;
    let lease = lease(lease_ms, app.queues.options(&queue).lease)?;
    // A server that stops does not wait. A client that goes away takes this future along.
    let patience = async {
        if wait.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = app.stopping.cancelled() => {}
        }
    };
    let Claims { jobs, until, .. } = app.queues.claim_or_wait(&queue, max, lease, patience).await?;
    let jobs = jobs.iter().map(|job| ClaimedResponse::new(job, until)).collect();
    Ok(Answer(ClaimResponse { jobs }).into_response())
}

impl<'a> ClaimedResponse<'a> {
    fn new(job: &'a Claimed, until: SystemTime) -> Self {
        Self {
            id: job.id.0,
            attempt: job.attempt,
            enqueued_at: instant(job.enqueued_at),
            lease_until: instant(until),
            priority: job.priority().level(),
            group: job.group(),
            headers: job.headers(),
            payload: serde_json::from_str(job.payload()).expect("PostgreSQL keeps JSON"),
        }
    }
}
