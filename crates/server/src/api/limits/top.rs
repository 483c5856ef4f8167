//! Which keys are called for most.

use axum::{Json as Answer, extract::State};
use pgstead_limits::By;
use serde::{Deserialize, Serialize};

use crate::{
    api::extract::{Path, Query},
    app::App,
    error::Problem,
    words::word,
};

/// The most keys of an answer: the library counts no more of a policy.
const MOST: usize = 512;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopRequest {
    #[serde(default, deserialize_with = "word")]
    by: By,
    #[serde(default = "twenty")]
    most: usize,
}

fn twenty() -> usize {
    20
}

#[derive(Serialize)]
pub(super) struct TopResponse {
    policy: String,
    by: String,
    keys: Vec<CalledResponse>,
}

#[derive(Serialize)]
struct CalledResponse {
    key: String,
    times: u64,
}

pub(super) async fn top(
    State(app): State<App>,
    Path(policy): Path<String>,
    Query(TopRequest { by, most }): Query<TopRequest>,
) -> Result<Answer<TopResponse>, Problem> {
    super::policies::known(&app, &policy)?;
    if !(1..=MOST).contains(&most) {
        return Err(Problem::bad_request(format!("most must be 1 to {MOST}")));
    }
    let called = app.limits.top(&policy, by, most).into_iter();
    let keys = called
        .map(|called| CalledResponse { key: called.key.as_ref().to_owned(), times: called.times });
    Ok(Answer(TopResponse { keys: keys.collect(), policy, by: by.to_string() }))
}
