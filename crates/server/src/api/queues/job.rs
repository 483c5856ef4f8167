//! One job: what is known of it, and what it says.

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use pgstead_queue::{JobId, JobInfo, MOST_LISTED, unkeepable};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::{id, instant, known, unknown_job, wrong};
use crate::{
    api::extract::{Json, Path, Query},
    app::App,
    error::Problem,
};

/// What is known of a job, as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct JobResponse {
    id: i64,
    state: &'static str,
    attempts: u32,
    enqueued_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    payload: Option<Box<RawValue>>,
    headers: Option<Box<RawValue>>,
    errors: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
    progress: Option<ProgressResponse>,
}

#[derive(Serialize)]
struct ProgressResponse {
    at: Timestamp,
    progress: Box<RawValue>,
}

/// The log of a job, the oldest line first.
#[derive(Serialize)]
pub struct LogsResponse {
    lines: Vec<LineResponse>,
}

#[derive(Serialize)]
struct LineResponse {
    at: Timestamp,
    line: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogsRequest {
    #[serde(default = "hundred")]
    most: usize,
}

fn hundred() -> usize {
    100
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct LogRequest {
    line: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct ProgressRequest {
    progress: Value,
}

pub(super) async fn find(
    State(app): State<App>,
    Path((queue, job)): Path<(String, String)>,
) -> Result<Answer<JobResponse>, Problem> {
    let (queue, job) = (known(&app, &queue).await?, id(&job)?);
    let found = app.queues.find(&queue, job).await?.ok_or_else(unknown_job)?;
    Ok(Answer(JobResponse::new(job, found)))
}

pub(super) async fn logs(
    State(app): State<App>,
    Path((queue, job)): Path<(String, String)>,
    Query(LogsRequest { most }): Query<LogsRequest>,
) -> Result<Answer<LogsResponse>, Problem> {
    if !(1..=MOST_LISTED).contains(&most) {
        return Err(wrong("most", format_args!("be 1 to {MOST_LISTED}")));
    }
    let (queue, job) = (known(&app, &queue).await?, id(&job)?);
    Ok(Answer(LogsResponse::new(app.queues.logs(&queue, job, most).await?)))
}

pub(super) async fn log(
    State(app): State<App>,
    Path((queue, job)): Path<(String, String)>,
    Json(LogRequest { line }): Json<LogRequest>,
) -> Result<StatusCode, Problem> {
    let (queue, job) = (known(&app, &queue).await?, id(&job)?);
    app.queues.log(&queue, job, &line).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn progress(
    State(app): State<App>,
    Path((queue, job)): Path<(String, String)>,
    Json(ProgressRequest { progress }): Json<ProgressRequest>,
) -> Result<StatusCode, Problem> {
    if let Some(what) = unkeepable(&progress.to_string()) {
        let must = format!("not have {what}, which PostgreSQL cannot keep");
        return Err(wrong("progress", must));
    }
    let (queue, job) = (known(&app, &queue).await?, id(&job)?);
    app.queues.progress(&queue, job, &progress).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl JobResponse {
    /// Of it.
    #[must_use]
    pub fn new(id: JobId, job: JobInfo) -> Self {
        let progress =
            job.progress.map(|(progress, at)| ProgressResponse { at: instant(at), progress });
        Self {
            id: id.0,
            state: job.state.as_str(),
            attempts: job.attempts,
            enqueued_at: job.enqueued_at.map(instant),
            ended_at: job.ended_at.map(instant),
            payload: job.payload,
            headers: job.headers,
            errors: job.errors,
            result: job.result,
            progress,
        }
    }
}

impl LogsResponse {
    /// These.
    #[must_use]
    pub fn new(lines: Vec<(std::time::SystemTime, String)>) -> Self {
        let line = |(at, line)| LineResponse { at: instant(at), line };
        Self { lines: lines.into_iter().map(line).collect() }
    }
}
