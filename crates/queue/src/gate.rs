//! What lets jobs through, beside the room that a worker has: a rate or a number over all workers.

use std::{fmt, time::Duration};

use futures_util::future::BoxFuture;
use pgstead_store::Result;

use crate::QueueName;

/// Lets jobs through, by a rule of its own that holds for all workers together.
///
/// `pgstead::job_limits` has gates that go by rate limits and by permits.
pub trait Gate: fmt::Debug + Send + Sync {
    /// Asks for passes for jobs of a queue, or of one group of it.
    fn ask<'a>(
        &'a self,
        queue: &'a QueueName,
        group: Option<&'a str>,
        most: usize,
    ) -> BoxFuture<'a, Result<Admission>>;
}

/// What a gate lets through.
#[derive(Default)]
pub struct Admission {
    /// One for each job, at most as many as were asked for.
    pub passes: Vec<Box<dyn Pass>>,
    /// If there are fewer: when to ask again.
    pub retry_after: Duration,
}

/// Lets one job through. It is dropped when the job has ended, or without having been [used](Self::use_up)
/// when there was no job after all.
pub trait Pass: Send + Sync {
    /// The job begins.
    fn use_up(&mut self);
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("passes", &self.passes.len())
            .field("retry_after", &self.retry_after)
            .finish()
    }
}
