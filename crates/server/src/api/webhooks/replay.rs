//! Sends again.

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use pgstead_webhooks::{AttemptId, Replay};
use serde::{Deserialize, Serialize};

use super::{endpoint_id, unknown_endpoint, wrong};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayRequest {
    since: Timestamp,
    what: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ReplayResponse {
    deliveries: u64,
}

pub(super) async fn replay(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(request): Json<ReplayRequest>,
) -> Result<Answer<ReplayResponse>, Problem> {
    let (webhooks, id) = (app.sending()?, endpoint_id(&id)?);
    let what = match request.what.as_deref() {
        None | Some("failed") => Replay::Failed,
        Some("missed") => Replay::Missed,
        Some(_) => return Err(wrong("what", "be failed or missed")),
    };
    if webhooks.endpoint(id).await?.is_none() {
        return Err(unknown_endpoint());
    }
    let deliveries = webhooks.replay(id, what, request.since.into()).await?;
    Ok(Answer(ReplayResponse { deliveries }))
}

pub(super) async fn replay_attempt(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let unknown = || {
        let detail = "there is no such attempt, or what it was at is on its way already";
        Problem::new(StatusCode::NOT_FOUND, detail)
    };
    let id: AttemptId = id.parse().map_err(|_| unknown())?;
    if app.sending()?.replay_attempt(id).await? { Ok(StatusCode::ACCEPTED) } else { Err(unknown()) }
}
