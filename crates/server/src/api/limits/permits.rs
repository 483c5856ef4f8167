//! Permits: lent to a client, which renews and releases them.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use pgstead::rate_limit::{Headers, Limited};
use pgstead_limits::{Decision, Loan, PermitId};
use serde::{Deserialize, Serialize};

use super::{StandingResponse, ms, subject};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcquireRequest {
    key: String,
}

#[derive(Serialize)]
struct AcquireResponse {
    permit: String,
    expires_after_ms: u64,
    #[serde(flatten)]
    standing: StandingResponse,
}

pub(super) async fn acquire(
    State(app): State<App>,
    Path(policy): Path<String>,
    Json(AcquireRequest { key }): Json<AcquireRequest>,
) -> Result<Response, Problem> {
    let subject = subject(&app.limits, &policy, &key)?;
    let permits = subject.clone().permits();
    let permits = permits.map_err(|invalid| Problem::invalid(&invalid, &app.limits))?;
    let policy = subject.policy();
    match app.limits.lend(&permits).await? {
        Loan::Lent { id, standing } => {
            let answer = AcquireResponse {
                permit: id.to_string(),
                expires_after_ms: ms(policy.per()),
                standing: StandingResponse::new(policy, &standing),
            };
            Ok((StatusCode::CREATED, Answer(answer)).into_response())
        }
        Loan::Refused { retry_after, standing } => {
            let decision = Decision::Deny { retry_after, standing };
            let limited = Limited::of(&subject, &decision).expect("it is a refusal");
            // `RateLimit` has no words for so many at a time: only when to try again.
            let mut headers = HeaderMap::new();
            Headers::None.write(policy, &decision, &mut headers);
            Err(limited.problem().headers(headers).into())
        }
        other => unreachable!("a loan is lent or refused: {other:?}"),
    }
}

pub(super) async fn renew(
    State(app): State<App>,
    Path(permit): Path<String>,
) -> Result<StatusCode, Problem> {
    let permit: PermitId = permit.parse().map_err(|_invalid| unknown())?;
    if app.limits.renew_permit(&permit).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

/// A permit that is not there is as good as released.
pub(super) async fn release(
    State(app): State<App>,
    Path(permit): Path<String>,
) -> Result<StatusCode, Problem> {
    let permit: PermitId = permit.parse().map_err(|_invalid| unknown())?;
    app.limits.release_permit(&permit).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such permit: it ran out or was released")
}
