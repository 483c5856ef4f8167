//! `pgstead queue peek`, `find` and `logs`

use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use jiff::Timestamp;
use pgstead_queue::{JobId, JobInfo, Peeked, Queues};
use pgstead_server::{JobResponse, LogsResponse, instant};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{known, short};
use crate::{
    cmd::Global,
    output::{Outcome, say, say_json},
};

#[derive(Args, Debug)]
pub(crate) struct Peek {
    /// Into which queue
    queue: String,
    /// At most so many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    most: u16,
    /// Those with a number above this one: the last one of the page before
    #[arg(long, value_name = "ID")]
    after: Option<i64>,
}

#[derive(Args, Debug)]
pub(crate) struct Which {
    /// Of which queue
    queue: String,
    /// Its number
    id: i64,
}

#[derive(Args, Debug)]
pub(crate) struct Logs {
    #[command(flatten)]
    which: Which,
    /// At most so many lines, the last ones
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    most: u16,
}

#[derive(Serialize)]
struct PeekedDocument {
    jobs: Vec<PeekedJob>,
}

#[derive(Serialize)]
struct PeekedJob {
    id: i64,
    state: &'static str,
    attempts: u32,
    enqueued_at: Timestamp,
    due_at: Option<Timestamp>,
    payload: Option<Box<RawValue>>,
    headers: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct NotFound {
    error: &'static str,
}

impl Peek {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let queue = known(queues, &self.queue).await?;
        let jobs = queues.peek(&queue, self.after.map(JobId), self.most.into()).await?;
        if global.json {
            let jobs = jobs.into_iter().map(PeekedJob::new).collect();
            say_json(&PeekedDocument { jobs })?;
            return Ok(Outcome::Done);
        }
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(["ID", "STATE", "ATTEMPTS", "SENT", "PAYLOAD"]);
        for job in &jobs {
            table.add_row([
                job.id.to_string(),
                job.state.as_str().to_owned(),
                job.attempts.to_string(),
                instant(job.enqueued_at).to_string(),
                short(job.payload.as_deref().map_or("", RawValue::get)),
            ]);
        }
        say(&table.trim_fmt());
        Ok(Outcome::Done)
    }
}

impl Which {
    pub(super) async fn find(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let queue = known(queues, &self.queue).await?;
        let id = JobId(self.id);
        match queues.find(&queue, id).await? {
            Some(job) if global.json => say_json(&JobResponse::new(id, job))?,
            Some(job) => say(&table(id, &job)),
            None if global.json => {
                say_json(&NotFound { error: "unknown" })?;
                return Ok(Outcome::No);
            }
            None => {
                say(&format!(
                    "Nothing is known of {id}: it ended without a result, or long ago, or never was."
                ));
                return Ok(Outcome::No);
            }
        }
        Ok(Outcome::Done)
    }
}

/// All of it, a line each.
fn table(id: JobId, job: &JobInfo) -> String {
    let json = |value: Option<&RawValue>| value.map(|value| value.get().to_owned());
    let at = |time: Option<std::time::SystemTime>| time.map(|time| instant(time).to_string());
    let progress = job
        .progress
        .as_ref()
        .map(|(progress, at)| format!("{} at {}", progress.get(), instant(*at)));
    let lines = [
        ("id", Some(id.to_string())),
        ("state", Some(job.state.as_str().to_owned())),
        ("attempts", Some(job.attempts.to_string())),
        ("sent", at(job.enqueued_at)),
        ("ended", at(job.ended_at)),
        ("payload", json(job.payload.as_deref())),
        ("headers", json(job.headers.as_deref())),
        ("errors", json(job.errors.as_deref())),
        ("result", json(job.result.as_deref())),
        ("progress", progress),
    ];
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, value) in lines {
        if let Some(value) = value {
            table.add_row([name.to_owned(), value]);
        }
    }
    table.trim_fmt()
}

impl Logs {
    pub(super) async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        let Self { which: Which { queue, id }, most } = self;
        let queue = known(queues, &queue).await?;
        let lines = queues.logs(&queue, JobId(id), most.into()).await?;
        if global.json {
            say_json(&LogsResponse::new(lines))?;
        } else {
            for (at, line) in lines {
                say(&format!("{} {}", instant(at), line.escape_debug()));
            }
        }
        Ok(Outcome::Done)
    }
}

impl PeekedJob {
    fn new(job: Peeked) -> Self {
        Self {
            id: job.id.0,
            state: job.state.as_str(),
            attempts: job.attempts,
            enqueued_at: instant(job.enqueued_at),
            due_at: job.due_at.map(instant),
            payload: job.payload,
            headers: job.headers,
        }
    }
}
