//! Takes on an estimate, and settles what it really was.

use std::time::Duration;

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use pgstead::rate_limit::{Headers, Limited};
use pgstead_limits::{Reservation, ReservationId, Settlement};
use serde::{Deserialize, Serialize};

use super::{DecisionResponse, StandingResponse, costing, ms};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

/// When a reservation lapses of which it was not said: long answers take some minutes.
const TTL_MS: u64 = 5 * 60 * 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReserveRequest {
    key: String,
    estimate: u64,
    #[serde(default = "ttl_ms")]
    ttl_ms: u64,
}

fn ttl_ms() -> u64 {
    TTL_MS
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettleRequest {
    actual: u64,
}

/// Without a reservation there is nothing to settle.
#[derive(Serialize)]
struct ReserveResponse {
    reservation: Option<String>,
    lapses_after_ms: Option<u64>,
    #[serde(flatten)]
    decision: DecisionResponse,
}

pub(super) async fn reserve(
    State(app): State<App>,
    Path(policy): Path<String>,
    Json(ReserveRequest { key, estimate, ttl_ms }): Json<ReserveRequest>,
) -> Result<Response, Problem> {
    let check = costing(&app.limits, &policy, &key, estimate)?;
    let reserved = app.limits.reserve(&check, Duration::from_millis(ttl_ms)).await?;
    let (subject, decision, mut headers) = (check.subject(), reserved.decision(), HeaderMap::new());
    Headers::Structured.write(subject.policy(), decision, &mut headers);
    if let Some(limited) = Limited::of(subject, decision) {
        return Err(limited.problem().headers(headers).into());
    }
    let (status, reservation, lapses_after_ms) = match &reserved {
        Reservation::Reserved { id, lapses_after, .. } => {
            (StatusCode::CREATED, Some(id.to_string()), Some(ms(*lapses_after)))
        }
        // It may be done, but nothing was created.
        _ => (StatusCode::OK, None, None),
    };
    let decision = DecisionResponse::new(subject.policy(), decision);
    let answer = ReserveResponse { reservation, lapses_after_ms, decision };
    Ok((status, headers, Answer(answer)).into_response())
}

pub(super) async fn settle(
    State(app): State<App>,
    Path(reservation): Path<String>,
    Json(SettleRequest { actual }): Json<SettleRequest>,
) -> Result<Answer<StandingResponse>, Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "there is no such reservation to settle");
    let reservation: ReservationId = reservation.parse().map_err(|_invalid| unknown())?;
    let policy = app.limits.policy(reservation.policy()).ok_or_else(unknown)?;
    match app.limits.settle(&reservation, actual).await? {
        Settlement::Settled(standing) => Ok(Answer(StandingResponse::new(&policy, &standing))),
        _ => Err(unknown()),
    }
}
