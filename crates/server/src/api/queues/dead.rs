//! Dead letters: listed, tried again after all, or removed.

use std::num::NonZeroU32;

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use pgstead_queue::{DeadLetter, JobId, MOST_LISTED, Which};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{id, instant, known, purge::PurgedResponse, wrong};
use crate::{
    api::extract::{Json, Path, Query},
    app::App,
    error::Problem,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListRequest {
    before: Option<i64>,
    #[serde(default = "hundred")]
    most: usize,
}

fn hundred() -> usize {
    100
}

/// Dead letters, as they are shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct DeadResponse {
    dead: Vec<LetterResponse>,
    /// What the next page is before, if there may be one.
    before: Option<i64>,
}

#[derive(Serialize)]
struct LetterResponse {
    id: i64,
    died_at: Timestamp,
    enqueued_at: Timestamp,
    attempts: u32,
    payload: Option<Box<RawValue>>,
    headers: Option<Box<RawValue>>,
    errors: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct RedriveRequest {
    ids: Option<Vec<i64>>,
    #[serde(default)]
    all: bool,
    per_second: Option<NonZeroU32>,
}

#[derive(Serialize)]
pub(super) struct RedrivenResponse {
    redriven: u64,
}

pub(super) async fn list(
    State(app): State<App>,
    Path(queue): Path<String>,
    Query(ListRequest { before, most }): Query<ListRequest>,
) -> Result<Answer<DeadResponse>, Problem> {
    if !(1..=MOST_LISTED).contains(&most) {
        return Err(wrong("most", format_args!("be 1 to {MOST_LISTED}")));
    }
    let queue = known(&app, &queue).await?;
    let letters = app.queues.dead(&queue, before.map(JobId), most).await?;
    Ok(Answer(DeadResponse::new(letters, most)))
}

pub(super) async fn redrive(
    State(app): State<App>,
    Path(queue): Path<String>,
    Json(RedriveRequest { ids, all, per_second }): Json<RedriveRequest>,
) -> Result<Answer<RedrivenResponse>, Problem> {
    let which = match (ids, all) {
        (Some(ids), false) => Which::These(ids.into_iter().map(JobId).collect()),
        (None, true) => Which::All,
        _ => return Err(wrong("ids", "be given, or all be true")),
    };
    let queue = known(&app, &queue).await?;
    let per_second = per_second.map(NonZeroU32::get);
    let redriven = app.queues.redrive(&queue, &which, per_second).await?;
    Ok(Answer(RedrivenResponse { redriven }))
}

pub(super) async fn purge(
    State(app): State<App>,
    Path(queue): Path<String>,
) -> Result<Answer<PurgedResponse>, Problem> {
    let queue = known(&app, &queue).await?;
    let purged = app.queues.purge_dead(&queue, &Which::All).await?;
    Ok(Answer(PurgedResponse { purged }))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path((queue, job)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "there is no such dead letter");
    let queue = known(&app, &queue).await?;
    let job = id(&job).map_err(|_| unknown())?;
    match app.queues.purge_dead(&queue, &Which::These(vec![job])).await? {
        0 => Err(unknown()),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

impl DeadResponse {
    /// These, of which so many were asked for.
    #[must_use]
    pub fn new(letters: Vec<DeadLetter>, most: usize) -> Self {
        let last = letters.last().map(|letter| letter.id.0);
        let before = if letters.len() < most { None } else { last };
        let dead = letters.into_iter().map(LetterResponse::new).collect();
        Self { dead, before }
    }
}

impl LetterResponse {
    fn new(letter: DeadLetter) -> Self {
        Self {
            id: letter.id.0,
            died_at: instant(letter.died_at),
            enqueued_at: instant(letter.enqueued_at),
            attempts: letter.attempts,
            payload: letter.payload,
            headers: letter.headers,
            errors: letter.errors,
        }
    }
}
