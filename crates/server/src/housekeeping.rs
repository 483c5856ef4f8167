//! What has to be done now and then, as jobs of a queue: visible, like any other, and done by one of
//! however many servers there are.

use std::time::Duration;

use pgstead_queue::{
    Job, NewJob, Options, Outcome, Queue, QueueName, Queues, Schedule, ScheduleName, Worker,
};
use pgstead_store::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::{app::App, idempotency};

/// The queue of the housekeeping.
pub const HOUSEKEEPING: &str = "pgstead";

/// The pause after its schedules could not be put.
const PAUSE: Duration = Duration::from_secs(5);

/// What there is to do.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Task {
    /// Makes and drops the partitions of sessions.
    Tokens,
    /// Removes what has expired of the limits.
    Limits,
    /// Removes results, dead letters and archives that were kept long enough.
    Queues,
    /// Forgets answers to requests that may not come again.
    Idempotency,
    /// Makes and drops the partitions of events, deliveries and attempts.
    Webhooks,
}

/// A job of the queue.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Chore {
    task: Task,
}

const TASKS: [(&str, Task, Duration); 5] = [
    ("pgstead.tokens", Task::Tokens, Duration::from_mins(10)),
    ("pgstead.limits", Task::Limits, Duration::from_hours(1)),
    ("pgstead.queues", Task::Queues, Duration::from_mins(5)),
    ("pgstead.idempotency", Task::Idempotency, Duration::from_mins(5)),
    ("pgstead.webhooks", Task::Webhooks, Duration::from_mins(10)),
];

/// How the queue of the housekeeping is worked at: a little at a time.
#[must_use]
pub fn options() -> Options {
    let mut options = Options::default();
    options.concurrency = 2;
    options.connections = 1;
    options.lease = Duration::from_mins(1);
    options.poll = Duration::from_secs(5);
    options.stop_within = Duration::from_secs(1);
    options
}

/// Runs all schedules, and does what there is to do, until it is told to stop.
pub(crate) async fn run(app: &App) {
    tokio::join!(app.queues.run_schedules(app.stopping.cancelled()), work(app));
}

async fn work(app: &App) {
    let queue = tokio::select! {
        queue = put(app) => queue,
        () = app.stopping.cancelled() => return,
    };
    let of = app.clone();
    let worker = Worker::new(&app.queues).handle(&queue, move |job: Job<Chore>| {
        let app = of.clone();
        async move { app.do_chore(&job).await }
    });
    worker.run(app.stopping.cancelled()).await;
}

/// Puts the schedules, as soon as PostgreSQL lets it.
async fn put(app: &App) -> Queue<Chore> {
    let mut is_told = false;
    loop {
        match try_put(app).await {
            Ok(queue) => return queue,
            Err(error) => {
                if !is_told {
                    warn!(error = %Chain(&*error), "the housekeeping cannot begin: it is tried again");
                }
                is_told = true;
            }
        }
        sleep(PAUSE).await;
    }
}

async fn try_put(app: &App) -> Result<Queue<Chore>, Box<dyn std::error::Error + Send + Sync>> {
    let queues: &Queues = &app.queues;
    let queue = QueueName::new(HOUSEKEEPING)?;
    for (name, task, period) in TASKS {
        // Another server may have tokens where this one has none.
        if matches!(task, Task::Tokens) && (app.tokens.is_none() || !app.keeps_tokens) {
            continue;
        }
        if matches!(task, Task::Webhooks) && app.webhooks.is_none() {
            continue;
        }
        let (name, schedule) = (ScheduleName::new(name)?, Schedule::every(period)?);
        queues.schedule(&name, &queue, &schedule, &NewJob::new(&Chore { task })?).await?;
    }
    Ok(queues.queue(HOUSEKEEPING).await?)
}

impl App {
    async fn do_chore(&self, job: &Job<Chore>) -> Result<Outcome, pgstead_store::Error> {
        let done = match job.task {
            Task::Tokens => {
                let Some(tokens) = &self.tokens else {
                    let reason = "the server that had this job has no tokens";
                    return Ok(Outcome::Discard(reason.to_owned()));
                };
                let swept = tokens.keep_house().await?;
                [("made", swept.made), ("dropped", swept.dropped), ("pruned", swept.pruned)].into()
            }
            Task::Limits => {
                let swept = self.limits.sweep().await?;
                vec![("keys", swept.keys), ("lapsed", swept.lapsed)]
            }
            Task::Queues => {
                let swept = self.queues.sweep().await?;
                vec![
                    ("keys", swept.keys),
                    ("results", swept.results),
                    ("reports", swept.reports),
                    ("dead", swept.dead),
                    ("archived", swept.archived),
                ]
            }
            Task::Webhooks => {
                let Some(webhooks) = &self.webhooks else {
                    let reason = "the server that had this job sends no webhooks";
                    return Ok(Outcome::Discard(reason.to_owned()));
                };
                let swept = webhooks.keep_house().await?;
                vec![
                    ("made", swept.made),
                    ("dropped", swept.dropped),
                    ("forgotten", swept.forgotten),
                ]
            }
            Task::Idempotency => vec![("answers", idempotency::sweep(&self.db).await?)],
        };
        if done.iter().all(|(_, count)| *count == 0) {
            return Ok(Outcome::Done);
        }
        let done = json!(done.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        info!(task = ?job.task, %done, "kept house");
        Ok(Outcome::Result(done))
    }
}
