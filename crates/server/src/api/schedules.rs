//! `/v1/schedules`

use std::time::{Duration, SystemTime};

use axum::{
    Json as Answer, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use jiff::Timestamp;
use pgstead_queue::{
    InvalidSchedule, Misfire, NewJob, Priority, QueueName, Schedule, ScheduleError, ScheduleInfo,
    ScheduleName, When,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

/// What the scope `queues` is for.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/schedules", get(list))
        .route("/v1/schedules/{schedule}", get(show).put(store).delete(remove))
        .route("/v1/schedules/{schedule}/pause", post(pause))
        .route("/v1/schedules/{schedule}/resume", post(resume))
        .route("/v1/schedules/{schedule}/run", post(run))
}

/// A schedule as it is put: one of `cron`, `every_ms` and `at`, and what is sent then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleRequest {
    queue: String,
    payload: Box<RawValue>,
    #[serde(default)]
    headers: Map<String, Value>,
    priority: Option<u8>,
    group: Option<String>,
    cron: Option<String>,
    zone: Option<String>,
    every_ms: Option<u64>,
    at: Option<Timestamp>,
    misfire: Option<String>,
    catch_up_ms: Option<u64>,
}

/// A schedule as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct ScheduleResponse {
    name: String,
    queue: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cron: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    misfire: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    catch_up_ms: Option<u64>,
    payload: Box<RawValue>,
    headers: Option<Box<RawValue>>,
    created_at: Timestamp,
    paused_at: Option<Timestamp>,
    next_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
}

/// The schedules of a database.
#[derive(Serialize)]
pub struct SchedulesResponse {
    schedules: Vec<ScheduleResponse>,
}

#[derive(Serialize)]
struct RunResponse {
    id: i64,
}

async fn list(State(app): State<App>) -> Result<Answer<SchedulesResponse>, Problem> {
    Ok(Answer(SchedulesResponse::new(app.queues.schedules().await?)))
}

async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Answer<ScheduleResponse>, Problem> {
    let name = named(&name)?;
    match app.queues.find_schedule(&name).await? {
        Some(info) => Ok(Answer(ScheduleResponse::new(info))),
        None => Err(unknown(&name)),
    }
}

async fn store(
    State(app): State<App>,
    Path(name): Path<String>,
    Json(request): Json<ScheduleRequest>,
) -> Result<(StatusCode, Answer<ScheduleResponse>), Problem> {
    let name = named(&name)?;
    let queue = QueueName::new(&request.queue)
        .map_err(|invalid| Problem::bad_request(invalid.to_string()).with("field", "queue"))?;
    let (schedule, job) = (request.schedule()?, request.job()?);
    let is_new = app.queues.find_schedule(&name).await?.is_none();
    app.queues.schedule(&name, &queue, &schedule, &job).await.map_err(refused)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    match app.queues.find_schedule(&name).await? {
        Some(info) => Ok((status, Answer(ScheduleResponse::new(info)))),
        // Somebody has removed it already.
        None => Err(unknown(&name)),
    }
}

async fn remove(State(app): State<App>, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let name = named(&name)?;
    done(app.queues.unschedule(&name).await?, &name)
}

async fn pause(State(app): State<App>, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let name = named(&name)?;
    done(app.queues.pause_schedule(&name).await?, &name)
}

async fn resume(State(app): State<App>, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let name = named(&name)?;
    done(app.queues.resume_schedule(&name).await?, &name)
}

async fn run(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<(StatusCode, Answer<RunResponse>), Problem> {
    let name = named(&name)?;
    match app.queues.schedule_now(&name).await? {
        Some(id) => Ok((StatusCode::CREATED, Answer(RunResponse { id: id.0 }))),
        None => Err(unknown(&name)),
    }
}

impl ScheduleRequest {
    fn schedule(&self) -> Result<Schedule, Problem> {
        let wrong = |field: &str, detail: &str| Problem::bad_request(detail).with("field", field);
        let (schedule, field) = match (&self.cron, self.every_ms, self.at) {
            (Some(pattern), None, None) => {
                let zone = self.zone.as_deref().unwrap_or("UTC");
                (Schedule::cron(pattern, zone), "cron")
            }
            (None, Some(ms), None) => (Schedule::every(Duration::from_millis(ms)), "every_ms"),
            (None, None, Some(instant)) => (Schedule::once_at(instant.into()), "at"),
            _ => return Err(wrong("cron", "a schedule has one of cron, every_ms and at")),
        };
        if self.zone.is_some() && self.cron.is_none() {
            return Err(wrong("zone", "a zone is that of a cron pattern"));
        }
        let misfire = match (self.misfire.as_deref(), self.catch_up_ms) {
            (None | Some("run-once"), None) => Misfire::RunOnce,
            (Some("skip"), None) => Misfire::Skip,
            (Some("catch-up"), Some(ms)) => Misfire::CatchUp(Duration::from_millis(ms)),
            (Some("catch-up"), None) => {
                return Err(wrong("catch_up_ms", "say with catch_up_ms for how long"));
            }
            (Some("skip" | "run-once") | None, Some(_)) => {
                return Err(wrong("catch_up_ms", "it is for the misfire \"catch-up\""));
            }
            (Some(other), _) => {
                let detail = format!("unknown word {other:?}; there are skip, run-once, catch-up");
                return Err(wrong("misfire", &detail));
            }
        };
        schedule.and_then(|schedule| schedule.misfire(misfire)).map_err(|invalid| {
            let field = match invalid {
                InvalidSchedule::Zone(_) => "zone",
                InvalidSchedule::CatchUp => "catch_up_ms",
                _ => field,
            };
            wrong(field, &invalid.to_string())
        })
    }

    fn job(self) -> Result<NewJob, Problem> {
        let build = || {
            let mut job = NewJob::from_json(self.payload)?;
            if let Some(group) = &self.group {
                job = job.group(group)?;
            }
            for (name, value) in self.headers {
                job = job.header(&name, value)?;
            }
            Ok(job)
        };
        let job: NewJob = build().map_err(|invalid: pgstead_queue::InvalidJob| {
            Problem::bad_request(invalid.to_string())
        })?;
        match self.priority.map(Priority::of_level) {
            None => Ok(job),
            Some(Some(priority)) => Ok(job.priority(priority)),
            Some(None) => {
                Err(Problem::bad_request("priority must be 1 to 4").with("field", "priority"))
            }
        }
    }
}

impl SchedulesResponse {
    /// These.
    #[must_use]
    pub fn new(schedules: Vec<ScheduleInfo>) -> Self {
        Self { schedules: schedules.into_iter().map(ScheduleResponse::new).collect() }
    }
}

impl ScheduleResponse {
    /// It.
    #[must_use]
    pub fn new(info: ScheduleInfo) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (mut cron, mut zone, mut every_ms, mut at) = (None, None, None, None);
        match info.schedule.when() {
            When::Cron { pattern, zone: of } => {
                (cron, zone) = (Some(pattern.to_owned()), Some(of.to_owned()));
            }
            When::Every(period) => every_ms = Some(ms(period)),
            When::OnceAt(instant) => at = Some(timestamp(instant)),
            // There are no others.
            _ => {}
        }
        let (misfire, catch_up_ms) = match info.schedule.on_misfire() {
            Misfire::Skip => ("skip", None),
            Misfire::CatchUp(within) => ("catch-up", Some(ms(within))),
            _ => ("run-once", None),
        };
        Self {
            name: info.name.to_string(),
            queue: info.queue.to_string(),
            cron,
            zone,
            every_ms,
            at,
            misfire,
            catch_up_ms,
            payload: info.payload,
            headers: info.headers,
            created_at: timestamp(info.created_at),
            paused_at: info.paused_at.map(timestamp),
            next_at: info.next_at.map(timestamp),
            last_at: info.last_at.map(timestamp),
        }
    }
}

fn named(name: &str) -> Result<ScheduleName, Problem> {
    ScheduleName::new(name).map_err(|invalid| Problem::bad_request(invalid.to_string()))
}

fn done(there_was_one: bool, name: &ScheduleName) -> Result<StatusCode, Problem> {
    if there_was_one { Ok(StatusCode::NO_CONTENT) } else { Err(unknown(name)) }
}

fn unknown(name: &ScheduleName) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("there is no schedule {:?}", name.as_str()))
}

fn refused(error: ScheduleError) -> Problem {
    match error {
        ScheduleError::Store(error) => error.into(),
        other => Problem::bad_request(other.to_string()),
    }
}

fn timestamp(instant: SystemTime) -> Timestamp {
    Timestamp::try_from(instant).unwrap_or(Timestamp::MAX)
}
