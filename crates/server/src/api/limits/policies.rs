//! The policies: those of the configuration, and those that are stored for all processes.

use std::{sync::Arc, time::Duration};

use axum::{Json as Answer, extract::State, http::StatusCode};
use pgstead_limits::{
    Algorithm, Invalid, InvalidPolicy, Lease, OnOutage, Origin, Period, Policy, PolicyConfig,
};
use serde::{Deserialize, Serialize};

use super::{RESERVED_NAMES, ms};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
    words::{optional_word, word},
};

/// A policy as it is stored: the members are those of its response.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyRequest {
    #[serde(deserialize_with = "word")]
    algorithm: Algorithm,
    limit: u64,
    per_ms: Option<u64>,
    #[serde(default, deserialize_with = "optional_word")]
    period: Option<Period>,
    zone: Option<String>,
    burst: Option<u64>,
    #[serde(default)]
    durable: bool,
    #[serde(default, deserialize_with = "optional_word")]
    on_outage: Option<OnOutage>,
    timeout_ms: Option<u64>,
    #[serde(default, deserialize_with = "optional_word")]
    lease: Option<Lease>,
    #[serde(default)]
    lockout_ms: Vec<u64>,
    #[serde(default)]
    count_denied: bool,
    #[serde(default)]
    shadow: bool,
}

/// A policy as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct PolicyResponse {
    name: String,
    origin: String,
    algorithm: String,
    limit: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    burst: Option<u64>,
    durable: bool,
    on_outage: String,
    timeout_ms: u64,
    lease: String,
    lockout_ms: Vec<u64>,
    count_denied: bool,
    shadow: bool,
}

/// The policies of a process.
#[derive(Serialize)]
pub struct PoliciesResponse {
    policies: Vec<PolicyResponse>,
}

pub(super) async fn list(State(app): State<App>) -> Answer<PoliciesResponse> {
    Answer(PoliciesResponse::new(&app.limits.policies()))
}

pub(super) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Answer<PolicyResponse>, Problem> {
    let (policy, origin) = known(&app, &name)?;
    Ok(Answer(PolicyResponse::new(&policy, origin)))
}

pub(super) async fn store(
    State(app): State<App>,
    Path(name): Path<String>,
    Json(request): Json<PolicyRequest>,
) -> Result<(StatusCode, Answer<PolicyResponse>), Problem> {
    let policy = request.policy(&name)?;
    let is_new = app.limits.store_policy(&policy).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Answer(PolicyResponse::new(&policy, Origin::Stored))))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    if app.limits.remove_policy(&name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = match app.limits.policy(&name) {
        Some(_) => format!("the policy {name:?} is configured and not stored"),
        None => format!("there is no policy {name:?}"),
    };
    Err(Problem::new(StatusCode::NOT_FOUND, detail))
}

/// The policy of that name, if there is one.
pub(super) fn known(app: &App, name: &str) -> Result<(Arc<Policy>, Origin), Problem> {
    app.limits.policy_with_origin(name).ok_or_else(|| {
        Problem::invalid(&Invalid::UnknownPolicy { name: name.to_owned() }, &app.limits)
    })
}

impl PolicyRequest {
    fn policy(self, name: &str) -> Result<Policy, Problem> {
        if RESERVED_NAMES.contains(&name) {
            let must = format!("not be one of {}", RESERVED_NAMES.join(", "));
            return Err(wrong("name", &must));
        }
        let per = self.per_ms.map(Duration::from_millis);
        let mut config = PolicyConfig::over(name, self.algorithm, self.limit, per, self.period)
            .map_err(invalid)?;
        config.zone = self.zone;
        config.burst = self.burst;
        config.durable = self.durable;
        config.on_outage = self.on_outage;
        config.timeout = self.timeout_ms.map_or(config.timeout, Duration::from_millis);
        config.lease = self.lease.unwrap_or(config.lease);
        config.lockout = self.lockout_ms.into_iter().map(Duration::from_millis).collect();
        config.count_denied = self.count_denied;
        config.shadow = self.shadow;
        Policy::new(name, &config).map_err(invalid)
    }
}

/// What a field of the library's is called here.
fn member(field: &'static str) -> &'static str {
    match field {
        "per" => "per_ms",
        "timeout" => "timeout_ms",
        "lockout" => "lockout_ms",
        field => field,
    }
}

fn invalid(InvalidPolicy { field, must, .. }: InvalidPolicy) -> Problem {
    wrong(member(field), must)
}

fn wrong(member: &str, must: &str) -> Problem {
    Problem::bad_request(format!("{member} must {must}")).with("field", member)
}

impl PoliciesResponse {
    /// These.
    #[must_use]
    pub fn new(policies: &[(Arc<Policy>, Origin)]) -> Self {
        let each = policies.iter().map(|(policy, origin)| PolicyResponse::new(policy, *origin));
        Self { policies: each.collect() }
    }
}

impl PolicyResponse {
    /// It, from there.
    #[must_use]
    pub fn new(policy: &Policy, origin: Origin) -> Self {
        let is_bucket = policy.algorithm() == Algorithm::TokenBucket;
        Self {
            name: policy.name().to_owned(),
            origin: origin.to_string(),
            algorithm: policy.algorithm().to_string(),
            limit: policy.limit(),
            per_ms: policy.period().is_none().then(|| ms(policy.per())),
            period: policy.period().map(|period| period.to_string()),
            zone: policy.zone().map(ToOwned::to_owned),
            burst: is_bucket.then(|| policy.capacity()),
            durable: policy.is_durable(),
            on_outage: policy.on_outage().to_string(),
            timeout_ms: ms(policy.timeout()),
            lease: policy.lease().to_string(),
            lockout_ms: policy.lockout().iter().map(|step| ms(*step)).collect(),
            count_denied: policy.counts_denied(),
            shadow: policy.is_shadow(),
        }
    }
}
