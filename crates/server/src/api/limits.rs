//! `/v1/limits`

use std::{sync::Arc, time::Duration};

use axum::{
    Json as Answer, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use pgstead::rate_limit::{Headers, Limited};
use pgstead_limits::{Algorithm, Limits, Policy, Standing, Subject};
use serde::{Deserialize, Serialize};

use super::extract::{Json, Path};
use crate::{app::App, error::Problem};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(policies))
        .route("/{policy}/check", post(check))
        .route("/{policy}/keys/{key}", get(peek).delete(reset))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    key: String,
    #[serde(default = "one")]
    cost: u64,
}

fn one() -> u64 {
    1
}

/// Where a key stands. Counts in what the policy limits, times in ms, rounded up.
#[derive(Serialize)]
struct StandingResponse {
    policy: String,
    limit: u64,
    remaining: u64,
    reset_after_ms: u64,
    source: String,
}

#[derive(Serialize)]
struct CheckResponse {
    allowed: bool,
    #[serde(flatten)]
    standing: StandingResponse,
}

#[derive(Serialize)]
struct PolicyResponse {
    name: String,
    algorithm: String,
    limit: u64,
    per_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<u64>,
    durable: bool,
    on_outage: String,
    timeout_ms: u64,
}

#[derive(Serialize)]
struct PoliciesResponse {
    policies: Vec<PolicyResponse>,
}

async fn policies(State(app): State<App>) -> Answer<PoliciesResponse> {
    let policies = app.limits.policies().iter().map(|(known, _)| policy(known)).collect();
    Answer(PoliciesResponse { policies })
}

fn policy(policy: &Policy) -> PolicyResponse {
    let is_bucket = policy.algorithm() == Algorithm::TokenBucket;
    PolicyResponse {
        name: policy.name().to_owned(),
        algorithm: policy.algorithm().to_string(),
        limit: policy.limit(),
        per_ms: ms(policy.per()),
        burst: is_bucket.then(|| policy.capacity()),
        durable: policy.is_durable(),
        on_outage: policy.on_outage().to_string(),
        timeout_ms: ms(policy.timeout()),
    }
}

async fn check(
    State(app): State<App>,
    Path(policy): Path<String>,
    Json(CheckRequest { key, cost }): Json<CheckRequest>,
) -> Result<Response, Problem> {
    let check = subject(&app.limits, &policy, &key)?
        .costing(cost)
        .map_err(|invalid| Problem::invalid(&invalid, &app.limits))?;
    let decision = app.limits.check(&check).await?;
    let (subject, mut headers) = (check.subject(), HeaderMap::new());
    Headers::Structured.write(subject.policy(), &decision, &mut headers);
    if let Some(limited) = Limited::of(subject, &decision) {
        return Err(limited.problem().headers(headers).into());
    }
    let standing = standing(subject.policy(), decision.standing());
    Ok((headers, Answer(CheckResponse { allowed: true, standing })).into_response())
}

async fn peek(
    State(app): State<App>,
    Path((policy, key)): Path<(String, String)>,
) -> Result<Answer<StandingResponse>, Problem> {
    let subject = subject(&app.limits, &policy, &key)?;
    let found = app.limits.peek(&subject).await?;
    Ok(Answer(standing(subject.policy(), &found)))
}

async fn reset(
    State(app): State<App>,
    Path((policy, key)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    app.limits.reset(&subject(&app.limits, &policy, &key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn subject(limits: &Arc<Limits>, policy: &str, key: &str) -> Result<Subject, Problem> {
    limits.subject(policy, key).map_err(|invalid| Problem::invalid(&invalid, limits))
}

fn standing(policy: &Policy, standing: &Standing) -> StandingResponse {
    StandingResponse {
        policy: policy.name().to_owned(),
        limit: policy.limit(),
        remaining: standing.remaining,
        reset_after_ms: ms(standing.reset_after),
        source: standing.source.to_string(),
    }
}

/// Rounded up: earlier would be too early.
fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
