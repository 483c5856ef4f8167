//! A worker: claims jobs, runs them, and ends them.
//!
//! Of each queue a worker holds the jobs that run and some that wait to (`worker/held.rs`). One or two
//! connections take turns at the queue (`worker/fetch.rs`): a turn removes what is done and claims what
//! there is room for, in one round trip. The jobs run in tasks (`worker/run.rs`), and while they do their
//! claims are prolonged (`worker/beat.rs`).

mod beat;
mod fetch;
mod held;
mod run;

use std::{
    error::Error,
    fmt, ops,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use pgstead_store::Chain;
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};
use tokio_util::sync::CancellationToken;

use crate::{
    Claimed, JobId, Outcome, Priority, Queue, QueueName, Queues,
    worker::{held::Held, run::Failure},
};

/// Runs the jobs of queues.
pub struct Worker {
    queues: Queues,
    helds: Vec<Arc<Held>>,
}

/// A job that runs.
#[derive(Debug)]
pub struct Job<T> {
    /// What it is.
    pub payload: T,
    about: About,
}

/// What of a job does not depend on its type.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) queues: Queues,
    pub(crate) queue: QueueName,
    pub(crate) claimed: Arc<Claimed>,
    pub(crate) cancelled: CancellationToken,
}

pub(crate) type Handler =
    dyn Fn(About) -> BoxFuture<'static, Result<Outcome, Failure>> + Send + Sync;

impl Worker {
    /// A worker without queues.
    #[must_use]
    pub fn new(queues: &Queues) -> Self {
        Self { queues: queues.clone(), helds: Vec::new() }
    }

    /// Has the jobs of a queue run by a function. It goes by the [`Options`](crate::Options) of the queue.
    ///
    /// An error has the job tried again later; so does a panic. A payload that is none of `T` makes a dead
    /// letter at once.
    #[must_use]
    pub fn handle<T, F, Fut, E>(mut self, queue: &Queue<T>, handler: F) -> Self
    where
        T: DeserializeOwned + Send + 'static,
        F: Fn(Job<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Outcome, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>> + Send + 'static,
    {
        let handler: Box<Handler> =
            Box::new(move |about| match serde_json::from_str(about.claimed.payload()) {
                Ok(payload) => {
                    let run = handler(Job { payload, about });
                    async move { run.await.map_err(|error| Failure::Error(chain(error))) }.boxed()
                }
                Err(error) => {
                    let why = format!("the payload is not what this queue's jobs have: {error}");
                    std::future::ready(Err(Failure::Hopeless(why))).boxed()
                }
            });
        self.helds.push(Held::new(&self.queues, queue.name(), queue.texts(), handler));
        self
    }

    /// Works until `stop` ends, then lets the jobs that run come to an end, and gives back the others.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { queues, helds } = self;
        let mut tasks = tokio::task::JoinSet::new();
        for held in &helds {
            for index in 0..held.options.connections {
                tasks.spawn(fetch::fetch(queues.clone(), Arc::clone(held), index));
            }
            tasks.spawn(beat::beat(queues.clone(), Arc::clone(held)));
        }
        stop.await;
        for held in &helds {
            held.stop();
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended
                && let Ok(panic) = error.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

impl<T> Job<T> {
    /// Its number in its queue.
    #[must_use]
    pub fn id(&self) -> JobId {
        self.about.claimed.id
    }

    /// Which queue it is of.
    #[must_use]
    pub fn queue(&self) -> &QueueName {
        &self.about.queue
    }

    /// How often it has been claimed, this time included.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.about.claimed.attempt
    }

    /// When it was sent.
    #[must_use]
    pub fn enqueued_at(&self) -> SystemTime {
        self.about.claimed.enqueued_at
    }

    /// Its group.
    #[must_use]
    pub fn group(&self) -> Option<String> {
        self.about.claimed.group()
    }

    /// Its priority.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.about.claimed.priority()
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> Option<&RawValue> {
        self.about.claimed.headers()
    }

    /// Is cancelled when the claim is lost, after which somebody else may be given the job, and when the
    /// worker has waited for it long enough after it was told to stop.
    #[must_use]
    pub fn cancelled(&self) -> &CancellationToken {
        &self.about.cancelled
    }

    /// Says how far it is: a number, or whatever its readers understand.
    pub async fn progress(&self, progress: &Value) -> pgstead_store::Result<()> {
        self.about.queues.progress(&self.about.queue, self.id(), progress).await
    }

    /// Adds a line to its log.
    pub async fn log(&self, line: &str) -> pgstead_store::Result<()> {
        self.about.queues.log(&self.about.queue, self.id(), line).await
    }

    /// The same job with another payload.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Job<U> {
        Job { payload: to(self.payload), about: self.about }
    }
}

impl<T> ops::Deref for Job<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.payload
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queues = self.helds.iter().map(|held| &held.queue);
        f.debug_list().entries(queues).finish()
    }
}

fn chain(error: impl Into<Box<dyn Error + Send + Sync>>) -> String {
    Chain(&*error.into()).to_string()
}

/// The part of a lease after which a claim is prolonged.
pub(crate) fn beat_every(lease: Duration) -> Duration {
    lease / 4
}
