//! pgstead's side: the library, in this process.

use std::{convert::Infallible, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use pgstead_queue::{Config, Job, NewJob, Outcome, Queues};
use pgstead_store::Db;
use tokio::{sync::oneshot, task::JoinHandle};

use super::{
    CONCURRENCY,
    jobs::{Ledger, Mood, Payload, Queue},
    raw::{left, purge},
};

/// A queue of ours.
pub(super) struct Library {
    db: Db,
    queues: Queues,
    queue: pgstead_queue::Queue<Payload>,
}

pub(super) struct Worker {
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Library {
    pub(super) async fn start(db: &Db, name: &str) -> Result<Self> {
        let mut config = Config::default();
        config.others.concurrency = CONCURRENCY as usize;
        let queues = Queues::start(db, config)?;
        let queue = queues.queue(name).await?;
        Ok(Self { db: db.clone(), queues, queue })
    }
}

impl Queue for Library {
    type Worker = Worker;

    async fn send(&self, payload: &Payload) -> Result<()> {
        self.queue.send(payload).await?;
        Ok(())
    }

    async fn send_all(&self, payloads: &[Payload], later: Duration) -> Result<()> {
        let jobs = payloads.iter().map(|payload| NewJob::new(payload)?.delay(later));
        self.queue.send_all(jobs.collect::<Result<_, _>>()?).await?;
        Ok(())
    }

    async fn left(&self) -> Result<u64> {
        left(&self.db, self.queue.name().as_str()).await
    }

    async fn purge(&self) -> Result<()> {
        purge(&self.db, self.queue.name().as_str()).await
    }

    async fn work(&self, ledger: &Arc<Ledger>, _: Mood) -> Result<Worker> {
        let ledger = Arc::clone(ledger);
        let handler = move |job: Job<Payload>| {
            ledger.done(job.payload.number);
            async { Ok::<_, Infallible>(Outcome::Done) }
        };
        let (stop, stopped) = oneshot::channel();
        let worker = pgstead_queue::Worker::new(&self.queues).handle(&self.queue, handler);
        let running = tokio::spawn(worker.run(async { drop(stopped.await) }));
        Ok(Worker { stop, running })
    }

    async fn stop(Worker { stop, running }: Worker) -> Result<()> {
        drop(stop);
        running.await.context("the worker has ended")
    }
}
