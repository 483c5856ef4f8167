//! What is done with a key beside taking from it.

use std::time::Duration;

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::Deserialize;

use super::{StandingResponse, costing, one, subject};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundRequest {
    key: String,
    #[serde(default = "one")]
    cost: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockRequest {
    for_ms: u64,
}

pub(super) async fn peek(
    State(app): State<App>,
    Path((policy, key)): Path<(String, String)>,
) -> Result<Answer<StandingResponse>, Problem> {
    let subject = subject(&app.limits, &policy, &key)?;
    let standing = app.limits.peek(&subject).await?;
    Ok(Answer(StandingResponse::new(subject.policy(), &standing)))
}

pub(super) async fn reset(
    State(app): State<App>,
    Path((policy, key)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    app.limits.reset(&subject(&app.limits, &policy, &key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn refund(
    State(app): State<App>,
    Path(policy): Path<String>,
    Json(RefundRequest { key, cost }): Json<RefundRequest>,
) -> Result<StatusCode, Problem> {
    app.limits.refund(&costing(&app.limits, &policy, &key, cost)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn block(
    State(app): State<App>,
    Path((policy, key)): Path<(String, String)>,
    Json(BlockRequest { for_ms }): Json<BlockRequest>,
) -> Result<Answer<StandingResponse>, Problem> {
    // What takes no check, such as permits, takes no block: it would do nothing.
    let check = costing(&app.limits, &policy, &key, 1)?;
    let subject = check.subject();
    let standing = app.limits.block(subject, Duration::from_millis(for_ms)).await?;
    Ok(Answer(StandingResponse::new(subject.policy(), &standing)))
}
