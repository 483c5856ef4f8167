//! `pgstead queue send`

use std::{
    io::{self, Read as _},
    time::Duration,
};

use anyhow::{Context as _, Result};
use clap::Args;
use humantime::parse_duration;
use pgstead_queue::{InvalidJob, NewJob, Priority, Queue, QueueName, Queues, SendError, Sent};
use pgstead_server::SentResponse;
use serde_json::{Value, value::RawValue};

use crate::{
    cmd::Global,
    output::{Outcome, Wrong, say, say_json},
};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pgstead queue send mail '{\"to\":\"ada@example.com\"}'
  pgstead queue send reports '{\"month\":\"2026-11\"}' --dedup 2026-11 --dedup-for 1day --priority 3
  cat order.json | pgstead queue send orders - --group customer-7")]
pub(crate) struct Send {
    /// Its name, 1 to 47 of a-z, 0-9, _ and -
    queue: String,
    /// What it is, as JSON, or - to read it from standard input
    payload: String,
    /// Not before that time has passed, such as 10m
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    delay: Option<Duration>,
    /// 1 runs first, 4 last
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    priority: u8,
    /// Jobs of a group run one after another, in the order of sending
    #[arg(long)]
    group: Option<String>,
    /// Send it unless one with this key was sent not long ago
    #[arg(long, value_name = "KEY", requires = "dedup_for")]
    dedup: Option<String>,
    /// For how long the key counts
    #[arg(long, value_name = "TIME", requires = "dedup", value_parser = parse_duration)]
    dedup_for: Option<Duration>,
    /// Something else about it, as name=value; repeated
    #[arg(long = "header", value_name = "NAME=VALUE")]
    headers: Vec<String>,
}

impl Send {
    /// For which queue, and what.
    pub(super) fn job(&self, largest: usize) -> Result<(QueueName, NewJob)> {
        let name = QueueName::new(&self.queue).map_err(|invalid| Wrong(invalid.to_string()))?;
        let payload = if self.payload == "-" {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.with_context(|| Wrong("cannot read standard input".to_owned()))?;
            text
        } else {
            self.payload.clone()
        };
        let payload = RawValue::from_string(payload)
            .map_err(|error| Wrong(format!("the payload is no JSON: {error}")))?;
        let size = payload.get().len();
        if size > largest {
            return Err(refused(&InvalidJob::TooLarge { size, most: largest }).into());
        }
        let job = self.options(payload).map_err(|invalid| refused(&invalid))?;
        Ok((name, self.with_headers(job)?))
    }

    fn options(&self, payload: Box<RawValue>) -> Result<NewJob, InvalidJob> {
        let priority = Priority::of_level(self.priority).unwrap_or_default();
        let mut job = NewJob::from_json(payload)?.priority(priority);
        if let Some(delay) = self.delay {
            job = job.delay(delay)?;
        }
        if let Some(group) = &self.group {
            job = job.group(group)?;
        }
        if let (Some(key), Some(time)) = (&self.dedup, self.dedup_for) {
            job = job.dedup(key, time)?;
        }
        Ok(job)
    }

    fn with_headers(&self, mut job: NewJob) -> Result<NewJob> {
        for header in &self.headers {
            let (name, value) = header
                .split_once('=')
                .ok_or_else(|| Wrong(format!("--header {header:?} is not name=value")))?;
            let value = Value::from(value);
            job = job.header(name, value).map_err(|invalid| refused(&invalid))?;
        }
        Ok(job)
    }
}

fn refused(invalid: &InvalidJob) -> Wrong {
    Wrong(invalid.to_string())
}

pub(super) async fn send(
    queues: &Queues,
    name: QueueName,
    job: NewJob,
    global: &Global,
) -> Result<Outcome> {
    let queue: Queue<Value> = queues.open(name).await?;
    let sent = queue.send_job(job).await.map_err(|error| match error {
        SendError::Invalid(invalid) => refused(&invalid).into(),
        SendError::Store(error) => error.into(),
        other => anyhow::Error::new(other),
    })?;
    queues.announce(queue.name()).await?;
    let Sent { id, is_new } = sent;
    if global.json {
        say_json(&SentResponse::new(&[sent]))?;
    } else if is_new {
        say(&format!("Sent as {id}."));
    } else {
        say(&format!("Not sent: {id} has the same key."));
    }
    Ok(Outcome::Done)
}
