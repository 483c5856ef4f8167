//! `pgstead queue`

mod dead;
mod job;
mod list;
mod schedule;
mod send;

use anyhow::{Error, Result};
use clap::{Args, Subcommand};
use pgstead_queue::{JobId, QueueName, Queues};
use pgstead_server::nearest;
use serde::Serialize;

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, Wrong, say, say_json},
};

#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  pgstead queue send mail '{\"to\":\"ada@example.com\"}' --delay 10m
  pgstead queue list
  pgstead queue dead mail
  pgstead queue schedule report mail '{\"report\":1}' --cron '30 2 * * *' --zone Europe/Berlin
  pgstead queue redrive mail --all --per-second 50")]
pub(crate) enum Queue {
    /// List the queues, and count their jobs
    List,
    /// Send a job; the first one makes the queue
    Send(send::Send),
    /// Look at the jobs that are in a queue, without claiming them
    Peek(job::Peek),
    /// List dead letters, the newest first
    Dead(dead::Dead),
    /// Have dead letters tried again; exit status 1 if there is none of those that are named
    Redrive(dead::Redrive),
    /// Give out no more jobs of a queue; those that run go on
    Pause(Target),
    /// Let a paused queue go on
    Resume(Target),
    /// Remove for good the jobs that wait, or the dead letters
    Purge(dead::Purge),
    /// Tell what is known of a job; exit status 1 if nothing
    Find(job::Which),
    /// Print the log of a job
    Logs(job::Logs),
    /// List the schedules
    Schedules,
    /// Have a job sent at its times; what is put again as it is changes nothing
    Schedule(schedule::Schedule),
    /// Remove a schedule; exit status 1 if there is none
    Unschedule(schedule::Unschedule),
}

#[derive(Args, Debug)]
pub(crate) struct Target {
    /// Its name
    queue: String,
}

#[derive(Serialize)]
struct Paused {
    paused: bool,
}

impl Queue {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        // What is wrong with a job is said before a database is started for it.
        let job = match &self {
            Self::Send(send) => Some(send.job(config.queues.largest_payload)?),
            _ => None,
        };
        let database = Database::open(global, config).await?;
        let outcome = match Queues::start(&database.db, config.queues.clone()) {
            Ok(queues) => match job {
                Some((name, job)) => send::send(&queues, name, job, global).await,
                None => self.ask(&queues, global).await,
            },
            Err(invalid) => Err(Wrong(invalid.to_string()).into()),
        };
        database.close().await;
        outcome
    }

    async fn ask(self, queues: &Queues, global: &Global) -> Result<Outcome> {
        match self {
            Self::List => list::list(queues, global).await,
            Self::Peek(peek) => peek.ask(queues, global).await,
            Self::Dead(dead) => dead.ask(queues, global).await,
            Self::Redrive(redrive) => redrive.ask(queues, global).await,
            Self::Purge(purge) => purge.ask(queues, global).await,
            Self::Find(which) => which.find(queues, global).await,
            Self::Logs(logs) => logs.ask(queues, global).await,
            Self::Schedules => schedule::list(queues, global).await,
            Self::Schedule(schedule) => schedule.put(queues, global).await,
            Self::Unschedule(unschedule) => unschedule.ask(queues, global).await,
            Self::Pause(target) => {
                queues.pause(&known(queues, &target.queue).await?).await?;
                tell(&Paused { paused: true }, "Paused.", global)
            }
            Self::Resume(target) => {
                let queue = known(queues, &target.queue).await?;
                queues.resume(&queue).await?;
                queues.announce(&queue).await?;
                tell(&Paused { paused: false }, "Goes on.", global)
            }
            Self::Send(_) => unreachable!("it has been sent"),
        }
    }
}

/// The queue of that name, if there is one.
async fn known(queues: &Queues, text: &str) -> Result<QueueName> {
    // What can be no queue's name is the more likely to be a slip.
    if let Ok(name) = QueueName::new(text)
        && queues.is_there(&name).await?
    {
        return Ok(name);
    }
    let all = queues.list().await?;
    let names: Vec<&str> = all.iter().map(|queue| queue.name.as_str()).collect();
    let hint = match nearest(text, names.iter().copied()) {
        Some(meant) => format!("did you mean {meant:?}?"),
        None if names.is_empty() => {
            "there are none: the first job that is sent makes one".to_owned()
        }
        None => format!("there are {}", names.join(", ")),
    };
    Err(Error::new(Wrong(format!("there is no queue {text:?}; {hint}"))))
}

fn tell(document: &impl Serialize, text: &str, global: &Global) -> Result<Outcome> {
    if global.json {
        say_json(document)?;
    } else {
        say(text);
    }
    Ok(Outcome::Done)
}

/// So much of a payload or an error stands in a table.
const LONGEST_SHOWN: usize = 60;

/// The beginning, if it is long, and nothing that moves a terminal's cursor.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let plain = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    shown.chars().map(plain).collect()
}

fn ids(numbers: &[i64]) -> Vec<JobId> {
    numbers.iter().copied().map(JobId).collect()
}
