//! Sends jobs.

use std::time::Duration;

use axum::{Json as Answer, extract::State, http::StatusCode};
use pgstead_queue::{InvalidJob, NewJob, Priority, Queue, SendError, Sent};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, value::RawValue};

use super::{MOST, name, wrong};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

/// One job, or several as `jobs`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct SendRequest {
    jobs: Option<Vec<JobRequest>>,
    #[serde(default, deserialize_with = "given")]
    payload: Option<Box<RawValue>>,
    delay_ms: Option<u64>,
    priority: Option<u8>,
    group: Option<String>,
    dedup: Option<DedupRequest>,
    headers: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct JobRequest {
    #[serde(default, deserialize_with = "given")]
    payload: Option<Box<RawValue>>,
    delay_ms: Option<u64>,
    priority: Option<u8>,
    group: Option<String>,
    dedup: Option<DedupRequest>,
    headers: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DedupRequest {
    key: String,
    for_ms: u64,
}

/// What became of jobs that were sent.
#[derive(Serialize)]
pub struct SentResponse {
    jobs: Vec<OneSent>,
}

#[derive(Serialize)]
struct OneSent {
    id: i64,
    new: bool,
}

/// `null` is a payload, too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
}

pub(super) async fn send(
    State(app): State<App>,
    Path(queue): Path<String>,
    Json(request): Json<SendRequest>,
) -> Result<(StatusCode, Answer<SentResponse>), Problem> {
    let name = name(&queue)?;
    let (requests, several) = request.split()?;
    let largest = app.queues.config().largest_payload;
    let mut jobs = Vec::with_capacity(requests.len());
    for (at, request) in requests.into_iter().enumerate() {
        // Each by itself, so that what is wrong is told of the one that is.
        let job = request.job(largest);
        jobs.push(job.map_err(|problem| {
            if several { problem.with("pointer", format!("#/jobs/{at}")) } else { problem }
        })?);
    }
    let queue: Queue<Value> = app.queues.open(name).await?;
    let sent = queue.send_all(jobs).await.map_err(|error| match error {
        SendError::Invalid(invalid) => refused(&invalid),
        SendError::Store(error) => error.into(),
        other => unreachable!("a job is invalid or could not be sent: {other}"),
    })?;
    Ok((StatusCode::CREATED, Answer(SentResponse::new(&sent))))
}

impl SendRequest {
    /// The jobs, and whether they were named as several.
    fn split(self) -> Result<(Vec<JobRequest>, bool), Problem> {
        let Self { jobs, payload, delay_ms, priority, group, dedup, headers } = self;
        let one = JobRequest { payload, delay_ms, priority, group, dedup, headers };
        match jobs {
            None => Ok((vec![one], false)),
            Some(_) if !one.is_empty() => Err(wrong("jobs", "stand alone")),
            Some(jobs) if (1..=MOST).contains(&jobs.len()) => Ok((jobs, true)),
            Some(_) => Err(wrong("jobs", format_args!("have 1 to {MOST} elements"))),
        }
    }
}

impl JobRequest {
    fn is_empty(&self) -> bool {
        let Self { payload, delay_ms, priority, group, dedup, headers } = self;
        payload.is_none()
            && delay_ms.is_none()
            && priority.is_none()
            && group.is_none()
            && dedup.is_none()
            && headers.is_none()
    }

    fn job(self, largest: usize) -> Result<NewJob, Problem> {
        let Self { payload, delay_ms, priority, group, dedup, headers } = self;
        let payload = payload.ok_or_else(|| wrong("payload", "be given"))?;
        let size = payload.get().len();
        if size > largest {
            return Err(refused(&InvalidJob::TooLarge { size, most: largest }));
        }
        let level = priority.unwrap_or(Priority::default().level());
        let priority = Priority::of_level(level).ok_or_else(|| wrong("priority", "be 1 to 4"))?;
        let invalid = |invalid: InvalidJob| refused(&invalid);
        let mut job = NewJob::from_json(payload).map_err(invalid)?.priority(priority);
        if let Some(delay_ms) = delay_ms {
            job = job.delay(Duration::from_millis(delay_ms)).map_err(invalid)?;
        }
        if let Some(group) = group {
            job = job.group(&group).map_err(invalid)?;
        }
        if let Some(DedupRequest { key, for_ms }) = dedup {
            job = job.dedup(&key, Duration::from_millis(for_ms)).map_err(invalid)?;
        }
        for (header, value) in headers.into_iter().flatten() {
            job = job.header(&header, value).map_err(|invalid| in_field(&invalid, "headers"))?;
        }
        Ok(job)
    }
}

/// Which member it is about, and how it is wrong.
fn refused(invalid: &InvalidJob) -> Problem {
    let field = match invalid {
        InvalidJob::Key("group") => "group",
        InvalidJob::Key(_) => "dedup.key",
        InvalidJob::Delay => "delay_ms",
        InvalidJob::DedupTime => "dedup.for_ms",
        InvalidJob::Header(_) => "headers",
        _ => "payload",
    };
    in_field(invalid, field)
}

fn in_field(invalid: &InvalidJob, field: &str) -> Problem {
    let status = match invalid {
        InvalidJob::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, invalid.to_string()).with("field", field)
}

impl SentResponse {
    /// These, in their order.
    #[must_use]
    pub fn new(sent: &[Sent]) -> Self {
        Self { jobs: sent.iter().map(|sent| OneSent { id: sent.id.0, new: sent.is_new }).collect() }
    }
}
