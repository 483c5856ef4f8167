//! Prolongs claims.

use std::num::NonZeroU32;

use axum::{Json as Answer, extract::State};
use pgstead_queue::JobId;
use serde::{Deserialize, Serialize};

use super::{
    finish::{is_each_once, split},
    known, lease,
};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct ExtendRequest {
    jobs: Vec<ClaimRequest>,
    lease_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ClaimRequest {
    id: i64,
    attempt: NonZeroU32,
}

/// Which claims last on, and which are lost: somebody else may have those jobs.
#[derive(Serialize)]
pub(super) struct ExtendResponse {
    extended: Vec<i64>,
    lost: Vec<i64>,
}

pub(super) async fn extend(
    State(app): State<App>,
    Path(queue): Path<String>,
    Json(ExtendRequest { jobs, lease_ms }): Json<ExtendRequest>,
) -> Result<Answer<ExtendResponse>, Problem> {
    let claims: Vec<(JobId, u32)> =
        jobs.iter().map(|ClaimRequest { id, attempt }| (JobId(*id), attempt.get())).collect();
    let ids = || claims.iter().map(|(id, _)| *id);
    is_each_once(ids())?;
    let queue = known(&app, &queue).await?;
    let lease = lease(lease_ms, app.queues.options(&queue).lease)?;
    let extended = app.queues.extend(&queue, &claims, lease).await?;
    let (extended, lost) = split(ids(), &extended);
    Ok(Answer(ExtendResponse { extended, lost }))
}
