//! One queue, and what its jobs are.

use std::{any::type_name, error, fmt, marker::PhantomData};

use futures_util::future::try_join_all;
use pgstead_store::tokio_postgres::{Client, types::Type};
use serde::Serialize;

use crate::{
    InvalidName, NewJob, QueueName, Queues, SendError, Sent,
    send::{self, Ask},
    texts::{ENSURE, Texts},
};

pub(crate) const KNOWN: &str = include_str!("../sql/known.sql");

/// A queue whose jobs are of one type. Cheap to clone.
pub struct Queue<T> {
    queues: Queues,
    name: QueueName,
    texts: &'static Texts,
    of: PhantomData<fn(T) -> T>,
}

/// A queue cannot be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// There is none of such a name.
    Name(InvalidName),
    /// PostgreSQL did not answer, or refused.
    Store(pgstead_store::Error),
}

impl Queues {
    /// The queue of that name, made if it is not there yet.
    pub async fn queue<T>(&self, name: &str) -> Result<Queue<T>, OpenError> {
        let name = QueueName::new(name).map_err(OpenError::Name)?;
        self.open(name).await.map_err(OpenError::Store)
    }

    /// The same, for a name that is one already.
    pub async fn open<T>(&self, name: QueueName) -> pgstead_store::Result<Queue<T>> {
        self.ensure(&name).await?;
        Ok(Queue { queues: self.clone(), texts: Texts::of(&name), name, of: PhantomData })
    }

    /// Has a queue be there.
    pub async fn ensure(&self, queue: &QueueName) -> pgstead_store::Result<()> {
        // One that is there is left alone: to look after its indexes takes a lock for which all who send
        // would wait, behind the oldest transaction that has sent.
        if self.is_there(queue).await? { Ok(()) } else { self.make(queue).await }
    }

    /// The same, whether it was seen or not.
    pub(crate) async fn make(&self, queue: &QueueName) -> pgstead_store::Result<()> {
        let client = self.db().client().await?;
        client.query_typed(ENSURE, &[(&queue.as_str(), Type::TEXT)]).await?;
        self.saw(queue);
        Ok(())
    }

    /// Whether there is such a queue. One that pgmq has made becomes ours, too.
    pub async fn is_there(&self, queue: &QueueName) -> pgstead_store::Result<bool> {
        if self.has_seen(queue) {
            return Ok(true);
        }
        let client = self.db().client().await?;
        let row = client.query_typed_one(KNOWN, &[(&queue.as_str(), Type::TEXT)]).await?;
        let (is_ours, is_there): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
        if is_there && !is_ours {
            client.query_typed(ENSURE, &[(&queue.as_str(), Type::TEXT)]).await?;
        }
        if is_there {
            self.saw(queue);
        }
        Ok(is_there)
    }
}

impl<T> Queue<T> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &QueueName {
        &self.name
    }

    pub(crate) fn texts(&self) -> &'static Texts {
        self.texts
    }

    /// Sends a job. When this returns it is on the disk.
    pub async fn send(&self, payload: &T) -> Result<Sent, SendError>
    where
        T: Serialize,
    {
        self.send_job(NewJob::new(payload)?).await
    }

    /// Sends a job with options.
    pub async fn send_job(&self, job: NewJob) -> Result<Sent, SendError> {
        let mut sent = self.ask(vec![job]).await?;
        Ok(sent.swap_remove(0))
    }

    /// Sends jobs, all or none, but for those with a [dedup key](NewJob::dedup), each of which is sent by
    /// itself. The answers are in their order.
    pub async fn send_all(&self, jobs: Vec<NewJob>) -> Result<Vec<Sent>, SendError> {
        for job in &jobs {
            job.at_most(self.queues.config().largest_payload)?;
        }
        let total = jobs.len();
        let (alone, together): (Vec<_>, Vec<_>) =
            jobs.into_iter().enumerate().partition(|(_, job)| job.dedup.is_some());
        let (places, together): (Vec<usize>, Vec<NewJob>) = together.into_iter().unzip();
        let mut asks = Vec::with_capacity(1 + alone.len());
        let mut order = vec![places];
        if together.is_empty() {
            order.clear();
        } else {
            asks.push(together);
        }
        for (at, job) in alone {
            order.push(vec![at]);
            asks.push(vec![job]);
        }
        let sent = try_join_all(asks.into_iter().map(|jobs| self.ask(jobs))).await?;
        let mut all: Vec<Option<Sent>> = vec![None; total];
        for (places, sent) in order.iter().zip(sent) {
            for (at, sent) in places.iter().zip(sent) {
                all[*at] = Some(sent);
            }
        }
        Ok(all.into_iter().map(|sent| sent.expect("each is in one of the asks")).collect())
    }

    /// Sends a job on a connection of the caller's: in his transaction, if he gives that of one. Nobody
    /// is told of it; a worker that has nothing to do finds it within its [poll](crate::Options::poll),
    /// or at once after [`wake`](Self::wake).
    ///
    /// A program with another driver does the same with `select pgmq.send('mail', '{…}')`.
    pub async fn send_in(&self, client: &Client, job: &NewJob) -> Result<Sent, SendError> {
        job.at_most(self.queues.config().largest_payload)?;
        Ok(send::send_in(client, &self.name, self.texts, job).await?)
    }

    /// Has those who wait look for jobs now: after the commit of what [`send_in`](Self::send_in) was
    /// part of.
    pub fn wake(&self) {
        self.queues.wakes().wake(&self.name);
    }

    async fn ask(&self, jobs: Vec<NewJob>) -> Result<Vec<Sent>, SendError> {
        let config = self.queues.config();
        for job in &jobs {
            job.at_most(config.largest_payload)?;
        }
        let ask = Ask::new(self.name.clone(), self.texts, jobs);
        Ok(self.queues.lanes().ask(ask, config.patience).await?)
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        let Self { queues, name, texts, of } = self;
        Self { queues: queues.clone(), name: name.clone(), texts, of: *of }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("name", &self.name)
            .field("of", &type_name::<T>())
            .finish_non_exhaustive()
    }
}

impl From<pgstead_store::Error> for OpenError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<InvalidName> for OpenError {
    fn from(invalid: InvalidName) -> Self {
        Self::Name(invalid)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for OpenError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Name(_) => None,
            Self::Store(error) => error.source(),
        }
    }
}
