//! Runs jobs.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, debug, debug_span, warn};

use super::{
    About,
    held::{Admitted, Ended, Held},
};
use crate::{
    Claimed, Outcome, Queues,
    end::{End, kept},
    finish::end_of,
};

/// Why a job did not come to a good end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It may the next time.
    Error(String),
    /// It never will.
    Hopeless(String),
}

/// Starts as many as may run.
pub(crate) fn start(queues: &Queues, held: &Arc<Held>) {
    while let Some((job, cancelled)) = held.first() {
        tokio::spawn(run_all(queues.clone(), Arc::clone(held), job, cancelled));
    }
}

/// Runs that job, and then others as long as there are some.
async fn run_all(
    queues: Queues,
    held: Arc<Held>,
    mut job: Admitted,
    mut cancelled: CancellationToken,
) {
    loop {
        run(&queues, &held, job, cancelled).await;
        match held.next() {
            Some(next) => (job, cancelled) = next,
            None => return,
        }
        // Others of this thread have a turn, whatever the job was.
        tokio::task::consume_budget().await;
    }
}

async fn run(
    queues: &Queues,
    held: &Held,
    (job, mut passes): Admitted,
    cancelled: CancellationToken,
) {
    for pass in &mut passes {
        pass.use_up();
    }
    let claimed = Arc::new(job);
    let about = About {
        queues: queues.clone(),
        queue: held.queue.clone(),
        claimed: Arc::clone(&claimed),
        cancelled,
    };
    let span =
        debug_span!("job", queue = %held.queue, id = claimed.id.0, attempt = claimed.attempt);
    let running = async { (held.handler)(about).await }.instrument(span);
    let running = AssertUnwindSafe(running).catch_unwind();
    let outcome = tokio::select! {
        biased;
        outcome = running => Some(outcome),
        () = held.over().cancelled() => None,
    };
    let (id, attempt) = (claimed.id.0, claimed.attempt);
    let end = match outcome {
        Some(Ok(Ok(outcome))) => end_of(&held.options, attempt, Ok(outcome)),
        Some(Ok(Err(Failure::Hopeless(error)))) => {
            warn!(queue = %held.queue, id, error, "a job will never succeed: it is a dead letter");
            End::Dead { error: kept(&error) }
        }
        Some(Ok(Err(Failure::Error(error)))) => failed(held, &claimed, error),
        Some(Err(panic)) => failed(held, &claimed, format!("it panicked: {}", message(&*panic))),
        None => {
            debug!(queue = %held.queue, id, "a job was cut off: it is given back");
            End::Retry { delay_ms: 0, error: None }
        }
    };
    held.end(Ended { claim: claimed.claim(), end, group: claimed.group() });
}

fn failed(held: &Held, job: &Claimed, error: String) -> End {
    let (id, attempt) = (job.id.0, job.attempt);
    let end = end_of(&held.options, attempt, Err::<Outcome, _>(error));
    match &end {
        End::Dead { error } => {
            warn!(queue = %held.queue, id, attempt, error, "a job failed for the last time: it is a dead letter");
        }
        End::Retry { delay_ms, error } => {
            debug!(queue = %held.queue, id, attempt, delay_ms, error, "a job failed, and is tried again");
        }
        End::Done | End::Concluded { .. } => {}
    }
    end
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}
