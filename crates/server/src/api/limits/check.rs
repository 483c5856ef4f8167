//! Takes from one key, or from several at once.

use std::{cmp::Reverse, collections::HashMap};

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use pgstead::rate_limit::{Headers, Limited};
use pgstead_limits::{Check, Decision};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{DecisionResponse, costing, one};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

/// More in one request are refused: their rows are locked together.
const MOST_CHECKS: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckRequest {
    key: String,
    #[serde(default = "one")]
    cost: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecksRequest {
    checks: Vec<OneOfChecks>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneOfChecks {
    policy: String,
    key: String,
    #[serde(default = "one")]
    cost: u64,
}

#[derive(Serialize)]
struct ChecksResponse {
    allowed: bool,
    checks: Vec<DecisionResponse>,
}

pub(super) async fn check(
    State(app): State<App>,
    Path(policy): Path<String>,
    Json(CheckRequest { key, cost }): Json<CheckRequest>,
) -> Result<Response, Problem> {
    let check = costing(&app.limits, &policy, &key, cost)?;
    let decision = app.limits.check(&check).await?;
    let (subject, mut headers) = (check.subject(), HeaderMap::new());
    Headers::Structured.write(subject.policy(), &decision, &mut headers);
    if let Some(limited) = Limited::of(subject, &decision) {
        return Err(limited.problem().headers(headers).into());
    }
    let answer = DecisionResponse::new(subject.policy(), &decision);
    Ok((headers, Answer(answer)).into_response())
}

pub(super) async fn check_all(
    State(app): State<App>,
    Json(ChecksRequest { checks }): Json<ChecksRequest>,
) -> Result<Response, Problem> {
    if !(1..=MOST_CHECKS).contains(&checks.len()) {
        let detail = format!("checks must have 1 to {MOST_CHECKS} elements");
        return Err(Problem::bad_request(detail));
    }
    let Together { checks: together, asked_at } = add_up(&app, &checks)?;
    let decisions = app.limits.check_all(&together).await?;
    let decided: Vec<(&Check, &Decision)> = together.iter().zip(&decisions).collect();
    let mut headers = HeaderMap::new();
    for (check, decision) in &decided {
        Headers::Structured.write(check.subject().policy(), decision, &mut headers);
    }
    let answers: Vec<DecisionResponse> = asked_at
        .iter()
        .map(|at| decided[*at])
        .map(|(check, decision)| DecisionResponse::new(check.subject().policy(), decision))
        .collect();
    let mut refused: Vec<Limited> = decided
        .iter()
        .filter_map(|(check, decision)| Limited::of(check.subject(), decision))
        .collect();
    refused.sort_by_key(|limited| Reverse(limited.retry_after()));
    let Some(longest) = refused.first() else {
        return Ok(
            (headers, Answer(ChecksResponse { allowed: true, checks: answers })).into_response()
        );
    };
    // All of it is granted when the one that takes longest is.
    headers.remove(header::RETRY_AFTER);
    Headers::None.write(longest.policy(), longest.decision(), &mut headers);
    let mut violated: Vec<&str> = refused.iter().map(|limited| limited.policy().name()).collect();
    violated.sort_unstable();
    violated.dedup();
    let problem = longest.problem().headers(headers);
    Err(problem.with("violated-policies", violated).with("checks", json!(answers)).into())
}

/// The checks with those of one key added up, and which of them each that was asked is in.
struct Together {
    checks: Vec<Check>,
    asked_at: Vec<usize>,
}

/// A key is asked once for all that is wanted of it, so that what it can never grant together is
/// no question either.
fn add_up(app: &App, asked: &[OneOfChecks]) -> Result<Together, Problem> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut sums: Vec<(usize, u64)> = Vec::new();
    let mut asked_at = Vec::with_capacity(asked.len());
    for (at, OneOfChecks { policy, key, cost }) in asked.iter().enumerate() {
        // Each by itself, so that what is wrong is told of the one that is.
        costing(&app.limits, policy, key, *cost)
            .map_err(|problem| problem.with("pointer", pointer(at)))?;
        let place = *places.entry((policy, key)).or_insert(sums.len());
        match sums.get_mut(place) {
            Some((_, sum)) => *sum = sum.saturating_add(*cost),
            None => sums.push((at, *cost)),
        }
        asked_at.push(place);
    }
    let sum_up = |(at, sum): &(usize, u64)| {
        let OneOfChecks { policy, key, .. } = &asked[*at];
        costing(&app.limits, policy, key, *sum)
            .map_err(|problem| problem.with("pointer", pointer(*at)))
    };
    Ok(Together { checks: sums.iter().map(sum_up).collect::<Result<_, _>>()?, asked_at })
}

/// Which of the checks, as RFC 6901 has it.
fn pointer(at: usize) -> String {
    format!("#/checks/{at}")
}
