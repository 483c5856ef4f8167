//! How queues behave.

use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::{Backoff, Gate, QueueName, dead::KEEP_DEAD, job::LONGEST_DELAY};

/// How the queues of a process behave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The largest payload, in bytes of JSON. 1 to 64 MiB. Default: 1 MiB.
    pub largest_payload: usize,
    /// How long what sends a job waits for PostgreSQL. 1 ms to an hour. Default: 10 s.
    pub patience: Duration,
    /// The connections that send, 1 to 64. Default: 2.
    pub lanes: usize,
    /// How long results, progress and logs of jobs are kept. Default: 3 days.
    pub keep_results: Duration,
    /// How long dead letters are kept. Default: 30 days.
    pub keep_dead: Duration,
    /// How long jobs are kept that somebody has archived with `pgmq.archive`. Nobody here does that.
    /// Default: for ever.
    pub keep_archive: Option<Duration>,
    /// How queues behave that [`queues`](Self::queues) does not name.
    pub others: Options,
    /// How single queues behave.
    pub queues: HashMap<QueueName, Options>,
}

/// How the jobs of a queue are worked at.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How many jobs run at once in a worker. 1 to 10,000. Default: 16.
    pub concurrency: usize,
    /// How many jobs of one group run at once, over all workers. 1 to 1000. More than one, and they run
    /// no more in their order. It has to be the same in all processes. Default: 1.
    pub group_concurrency: u32,
    /// How often a job is claimed at most. After that it is a dead letter. 1 to 1000. Default: 10.
    pub max_attempts: u32,
    /// How long until one that failed is tried again. Default: 1 s, doubled up to an hour.
    pub backoff: Backoff,
    /// How long a claim lasts without a sign of life of its worker, which gives one every quarter of
    /// that. 100 ms to 12 h. Default: 15 s.
    pub lease: Duration,
    /// How often a worker looks for jobs that it was not told of. 10 ms to an hour. Default: 1 s.
    pub poll: Duration,
    /// The most connections of a worker for this queue, 1 to 16. Default: 2.
    pub connections: usize,
    /// What lets jobs through beside [`concurrency`](Self::concurrency), over all workers: a rate, or how
    /// many run at once. It is asked before jobs are claimed. Default: nothing.
    pub gate: Option<Arc<dyn Gate>>,
    /// The same for the jobs of a group, for each group by itself. Jobs that it does not let through wait
    /// until it would. Default: nothing.
    pub group_gate: Option<Arc<dyn Gate>>,
    /// How long jobs may go on after the worker was told to stop. Default: 20 s.
    pub stop_within: Duration,
}

/// It cannot be like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidConfig {
    /// The field.
    pub setting: &'static str,
    /// What it must be.
    pub must: &'static str,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            largest_payload: 1024 * 1024,
            patience: Duration::from_secs(10),
            lanes: 2,
            keep_results: Duration::from_hours(72),
            keep_dead: KEEP_DEAD,
            keep_archive: None,
            others: Options::default(),
            queues: HashMap::new(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 16,
            group_concurrency: 1,
            max_attempts: 10,
            backoff: Backoff::DEFAULT,
            lease: Duration::from_secs(15),
            poll: Duration::from_secs(1),
            connections: 2,
            gate: None,
            group_gate: None,
            stop_within: Duration::from_secs(20),
        }
    }
}

impl Config {
    /// Whether every field is within its bounds.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        check(
            (1..=64 * 1024 * 1024).contains(&self.largest_payload),
            "largest_payload",
            "1 byte to 64 MiB",
        )?;
        let patience = Duration::from_millis(1)..=Duration::from_hours(1);
        check(patience.contains(&self.patience), "patience", "1 ms to 1 h")?;
        check((1..=64).contains(&self.lanes), "lanes", "1 to 64")?;
        check(self.keep_results <= LONGEST_DELAY, "keep_results", "at most 366 days")?;
        check(self.keep_dead <= LONGEST_DELAY, "keep_dead", "at most 366 days")?;
        let archive = self.keep_archive.unwrap_or_default();
        check(archive <= LONGEST_DELAY, "keep_archive", "at most 366 days")?;
        self.others.validate()?;
        self.queues.values().try_for_each(Options::validate)
    }

    /// How that queue behaves.
    #[must_use]
    pub fn options(&self, queue: &QueueName) -> &Options {
        self.queues.get(queue).unwrap_or(&self.others)
    }
}

impl Options {
    /// Whether every field is within its bounds.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        check((1..=10_000).contains(&self.concurrency), "concurrency", "1 to 10,000")?;
        let group = 1..=1000;
        check(group.contains(&self.group_concurrency), "group_concurrency", "1 to 1000")?;
        check((1..=1000).contains(&self.max_attempts), "max_attempts", "1 to 1000")?;
        let lease = Duration::from_millis(100)..=Duration::from_hours(12);
        check(lease.contains(&self.lease), "lease", "100 ms to 12 h")?;
        let poll = Duration::from_millis(10)..=Duration::from_hours(1);
        check(poll.contains(&self.poll), "poll", "10 ms to 1 h")?;
        check((1..=16).contains(&self.connections), "connections", "1 to 16")?;
        let stop = Duration::from_hours(24);
        check(self.stop_within <= stop, "stop_within", "at most 24 h")
    }
}

fn check(is_so: bool, setting: &'static str, must: &'static str) -> Result<(), InvalidConfig> {
    if is_so { Ok(()) } else { Err(InvalidConfig { setting, must }) }
}

impl std::fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} must be {}", self.setting, self.must)
    }
}

impl std::error::Error for InvalidConfig {}
