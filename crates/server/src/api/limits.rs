//! `/v1/limits`

use std::{sync::Arc, time::Duration};

use axum::{
    Json as Answer, Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use pgstead_limits::{Algorithm, Decision, Limits, Policy, Source, Standing, Subject};
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
    let policy = check.subject().policy();
    let decision = app.limits.check(&check).await?;
    let headers = headers(policy, &decision);
    let standing = standing(policy, decision.standing());
    match decision {
        Decision::Deny { .. } => Err(refusal(policy, &decision, standing, headers)),
        _ => Ok((headers, Answer(CheckResponse { allowed: true, standing })).into_response()),
    }
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

/// A refusal as draft-ietf-httpapi-ratelimit-headers-11 has it.
fn refusal(
    policy: &Policy,
    decision: &Decision,
    standing: StandingResponse,
    headers: HeaderMap,
) -> Problem {
    let retry_after = match decision {
        Decision::Deny { retry_after, .. } => *retry_after,
        _ => Duration::ZERO,
    };
    let wait_ms = ms(retry_after);
    let name = policy.name();
    let (kind, title, detail) = match decision.standing().source {
        Source::Outage(_) => (
            "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
            "Request cannot be satisfied due to temporary server capacity constraints",
            format!("the limit {name:?} cannot be looked up now; try again in {wait_ms} ms"),
        ),
        _ => (
            "https://iana.org/assignments/http-problem-types#quota-exceeded",
            "Request cannot be satisfied as assigned quota has been exceeded",
            format!("the limit {name:?} is reached; try again in {wait_ms} ms"),
        ),
    };
    let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, detail);
    let document = problem.document();
    (document.kind, document.title, document.headers) = (kind, title, headers);
    let mut extend = |name: &str, value| document.extensions.insert(name.to_owned(), value);
    extend("violated-policies", vec![policy.name()].into());
    extend("allowed", false.into());
    extend("policy", standing.policy.into());
    extend("limit", standing.limit.into());
    extend("remaining", standing.remaining.into());
    extend("reset_after_ms", standing.reset_after_ms.into());
    extend("retry_after_ms", wait_ms.into());
    extend("source", standing.source.into());
    problem
}

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// `RateLimit-Policy` and `RateLimit`, structured fields (RFC 9651) whose times are whole seconds,
/// and `Retry-After` for a refusal.
fn headers(policy: &Policy, decision: &Decision) -> HeaderMap {
    let Standing { remaining, reset_after, .. } = decision.standing();
    let name = policy.name();
    let window = match policy.per().as_secs() {
        // A window that is no whole number of seconds cannot be said.
        seconds if policy.per().subsec_nanos() == 0 => format!(";w={seconds}"),
        _ => String::new(),
    };
    let mut headers = HeaderMap::new();
    let mut insert = |header, value: String| {
        let value = HeaderValue::try_from(value).expect("names are of letters, digits, -, _ and .");
        headers.insert(header, value);
    };
    insert(RATELIMIT_POLICY, format!("\"{name}\";q={}{window}", policy.limit()));
    insert(RATELIMIT, format!("\"{name}\";r={remaining};t={}", seconds(*reset_after)));
    if let Decision::Deny { retry_after, .. } = decision {
        insert(header::RETRY_AFTER, seconds(*retry_after).max(1).to_string());
    }
    headers
}

/// Rounded up: earlier would be too early.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Rounded up: earlier would be too early.
fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
