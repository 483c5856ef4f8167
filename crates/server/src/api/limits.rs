//! `/v1/limits`: a room for each resource, and what they share.

mod check;
mod keys;
mod permits;
mod policies;
mod reservations;
mod top;

use std::time::Duration;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post, put},
};
use pgstead_limits::{Check, Decision, Limits, Policy, Standing, Subject};
use serde::Serialize;

pub use self::policies::{PoliciesResponse, PolicyResponse};
use crate::{app::App, error::Problem, idempotency::once};

/// Names of policies that would stand where a path has one of these words.
pub const RESERVED_NAMES: [&str; 3] = ["check", "permits", "reservations"];

/// What the scope `limits` is for.
pub(crate) fn routes(app: &App) -> Router<App> {
    let once = from_fn_with_state(app.clone(), once);
    Router::new()
        .route("/", get(policies::list))
        .route("/check", post(check::check_all))
        .route("/permits/{permit}", put(permits::renew).delete(permits::release))
        .route("/reservations/{reservation}/settle", post(reservations::settle))
        .route("/{policy}", get(policies::show))
        .route("/{policy}/check", post(check::check))
        .route("/{policy}/keys/{key}", get(keys::peek).delete(keys::reset))
        .route("/{policy}/keys/{key}/block", post(keys::block))
        .route("/{policy}/permits", post(permits::acquire).layer(once.clone()))
        .route("/{policy}/refund", post(keys::refund).layer(once.clone()))
        .route("/{policy}/reserve", post(reservations::reserve).layer(once.clone()))
        .route("/{policy}/top", get(top::top))
}

/// What the scope `admin` is for.
pub(crate) fn admin_routes() -> Router<App> {
    Router::new().route("/{policy}", put(policies::store).delete(policies::remove))
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

impl StandingResponse {
    fn new(policy: &Policy, standing: &Standing) -> Self {
        Self {
            policy: policy.name().to_owned(),
            limit: policy.limit(),
            remaining: standing.remaining,
            reset_after_ms: ms(standing.reset_after),
            source: standing.source.to_string(),
        }
    }
}

/// What was decided about a check.
#[derive(Serialize)]
struct DecisionResponse {
    allowed: bool,
    #[serde(skip_serializing_if = "is_false")]
    shadowed: bool,
    #[serde(flatten)]
    standing: StandingResponse,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl DecisionResponse {
    fn new(policy: &Policy, decision: &Decision) -> Self {
        Self {
            allowed: decision.is_allowed(),
            shadowed: matches!(decision, Decision::Shadowed { .. }),
            standing: StandingResponse::new(policy, decision.standing()),
            retry_after_ms: decision.retry_after().map(ms),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A cost where none is named.
fn one() -> u64 {
    1
}

fn subject(limits: &Limits, policy: &str, key: &str) -> Result<Subject, Problem> {
    limits.subject(policy, key).map_err(|invalid| Problem::invalid(&invalid, limits))
}

fn costing(limits: &Limits, policy: &str, key: &str, cost: u64) -> Result<Check, Problem> {
    let check = subject(limits, policy, key)?.costing(cost);
    check.map_err(|invalid| Problem::invalid(&invalid, limits))
}

/// Rounded up: earlier would be too early.
fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}
