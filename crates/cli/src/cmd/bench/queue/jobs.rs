//! What is done to a queue in this process, whoever's it is, and the proof that every job was done once.
//! `node/main.mjs` does the same.

use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use super::{BATCH, GAP, LEAST_BACKLOG};
use crate::cmd::bench::load::{self, Arm, Sample, histogram};

/// What a job is about.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Payload {
    pub(super) number: u64,
    #[serde(skip_deserializing, default)]
    event: &'static str,
    #[serde(skip_deserializing, default)]
    endpoint: &'static str,
}

/// A queue.
pub(super) trait Queue: Send + Sync + 'static {
    /// What works at it.
    type Worker: Send;

    /// Sends one.
    fn send(&self, payload: &Payload) -> impl Future<Output = Result<()>> + Send;

    /// Sends many in one call, to be done now or that much later.
    fn send_all(
        &self,
        payloads: &[Payload],
        later: Duration,
    ) -> impl Future<Output = Result<()>> + Send;

    /// How many are there.
    fn left(&self) -> impl Future<Output = Result<u64>> + Send;

    /// Removes all of them.
    fn purge(&self) -> impl Future<Output = Result<()>> + Send;

    /// Starts to do jobs, [`CONCURRENCY`](super::CONCURRENCY) at once.
    fn work(
        &self,
        ledger: &Arc<Ledger>,
        mood: Mood,
    ) -> impl Future<Output = Result<Self::Worker>> + Send;

    /// Ends what is being done, and then the worker. What it has taken and not begun is there again.
    fn stop(worker: Self::Worker) -> impl Future<Output = Result<()>> + Send;
}

/// What a worker is to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// There is more to do than it can.
    Busy,
    /// There is something to do now and then.
    Idle,
}

/// Which jobs were done.
#[derive(Default)]
pub(super) struct Ledger(Mutex<Book>);

#[derive(Default)]
struct Book {
    sent: u64,
    /// A bit for each.
    done: Vec<u64>,
    count: u64,
    /// Who waits for the next to be done.
    next: Option<oneshot::Sender<Instant>>,
    /// Who waits until all are.
    all: Option<oneshot::Sender<Instant>>,
    wrong: Option<String>,
}

impl Payload {
    pub(super) fn new(number: u64) -> Self {
        Self { number, event: "invoice.paid", endpoint: "https://example.com/hooks/1" }
    }
}

impl Ledger {
    /// A job is done.
    pub(super) fn done(&self, number: u64) {
        let mut book = self.book();
        let book = &mut *book;
        let (at, bit) = ((number / 64) as usize, 1 << (number % 64));
        if number >= book.sent || book.done[at] & bit != 0 {
            let what = if number < book.sent { "was done before" } else { "was never sent" };
            book.wrong.get_or_insert_with(|| format!("job {number} {what}"));
            return;
        }
        book.done[at] |= bit;
        book.count += 1;
        if let Some(next) = book.next.take() {
            let _ = next.send(Instant::now());
        }
        if book.count == book.sent
            && let Some(all) = book.all.take()
        {
            let _ = all.send(Instant::now());
        }
    }

    /// The numbers of those that are sent next.
    fn take(&self, count: u64) -> Range<u64> {
        let mut book = self.book();
        let first = book.sent;
        book.sent += count;
        let words = usize::try_from(book.sent.div_ceil(64));
        book.done.resize(words.expect("they fit into memory"), 0);
        first..book.sent
    }

    /// When the next is done.
    fn next(&self) -> oneshot::Receiver<Instant> {
        let (sender, receiver) = oneshot::channel();
        self.book().next = Some(sender);
        receiver
    }

    /// When all that were sent are done.
    fn all(&self) -> oneshot::Receiver<Instant> {
        let (sender, receiver) = oneshot::channel();
        self.book().all = Some(sender);
        receiver
    }

    fn count(&self) -> Result<u64> {
        let book = self.book();
        book.wrong.as_ref().map_or(Ok(book.count), |wrong| Err(anyhow!("{wrong}")))
    }

    fn waiting(&self) -> u64 {
        let book = self.book();
        book.sent - book.count
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The jobs of a queue, from one end of a scenario to the other.
pub(super) struct Jobs<Q> {
    queue: Arc<Q>,
    ledger: Arc<Ledger>,
    /// How many of them are done in a second, as far as is known.
    per_s: f64,
    /// Those that are not to be done.
    later: u64,
}

/// A worker that has not begun by then will not.
const PATIENCE: Duration = Duration::from_mins(1);
/// When jobs are due that are not to be done.
const LATER: Duration = Duration::from_hours(24);
/// Before it is known.
const PER_S: f64 = 50_000.0;

impl<Q: Queue> Jobs<Q> {
    pub(super) fn new(queue: Arc<Q>) -> Self {
        Self { queue, ledger: Arc::default(), per_s: PER_S, later: 0 }
    }

    /// One at a time by each of so many callers. They are removed in the end.
    pub(super) async fn send(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        let sample = load::run(&Arc::new(Singles(Arc::clone(&self.queue))), callers, time).await?;
        self.sent(sample.latency_ns.len()).await?;
        Ok(sample)
    }

    /// The same by batches. An operation is a job, and a latency that of a batch.
    pub(super) async fn send_batches(&mut self, callers: u32, time: Duration) -> Result<Sample> {
        let arm = Arc::new(Batches(Arc::clone(&self.queue)));
        let Sample { ops_per_s, latency_ns } = load::run(&arm, callers, time).await?;
        self.sent(latency_ns.len() * BATCH).await?;
        #[expect(clippy::cast_precision_loss, reason = "it is a thousand")]
        let ops_per_s = ops_per_s * BATCH as f64;
        Ok(Sample { ops_per_s, latency_ns })
    }

    /// So many jobs at once, from the first to the last that is done in that time. Of these the latency is
    /// how long a place is taken by one.
    pub(super) async fn work(&mut self, at_once: u32, time: Duration) -> Result<Sample> {
        self.fill(time).await?;
        let before = self.ledger.count()?;
        let (first, all) = (self.ledger.next(), self.ledger.all());
        let worker = self.queue.work(&self.ledger, Mood::Busy).await?;
        let began = timeout(PATIENCE, first).await.context("no job was begun")??;
        // Else there is more than can be done in that time.
        let _ = timeout(time, all).await;
        Q::stop(worker).await?;
        let took = began.elapsed();
        let count = self.ledger.count()? - before;
        let place = took.as_nanos() * u128::from(at_once) / u128::from(count);
        let mut latency_ns = histogram();
        latency_ns.record_n(u64::try_from(place)?, count)?;
        #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 jobs")]
        let ops_per_s = count as f64 / took.as_secs_f64();
        self.per_s = ops_per_s;
        Ok(Sample { ops_per_s, latency_ns })
    }

    /// A job now and then, from the call that sends it to its beginning.
    pub(super) async fn pick_up(&mut self, _at_once: u32, time: Duration) -> Result<Sample> {
        let worker = self.queue.work(&self.ledger, Mood::Idle).await?;
        // The first is for what is done once.
        self.pick_one_up().await?;
        let mut latency_ns = histogram();
        let (mut all, began) = (Duration::ZERO, Instant::now());
        loop {
            sleep(GAP).await;
            let took = self.pick_one_up().await?;
            latency_ns.saturating_record(u64::try_from(took.as_nanos())?);
            all += took;
            if began.elapsed() >= time {
                break;
            }
        }
        Q::stop(worker).await?;
        #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 jobs")]
        let ops_per_s = latency_ns.len() as f64 / all.as_secs_f64();
        Ok(Sample { ops_per_s, latency_ns })
    }

    async fn pick_one_up(&self) -> Result<Duration> {
        let payload = Payload::new(self.ledger.take(1).start);
        let picked = self.ledger.next();
        let began = Instant::now();
        self.queue.send(&payload).await?;
        let picked = timeout(PATIENCE, picked).await.context("a job was not picked up")??;
        Ok(picked - began)
    }

    /// Sends jobs that nobody is to do yet.
    pub(super) async fn send_later(&mut self, count: u64) -> Result<()> {
        self.later += count;
        self.send_numbers(u64::MAX - count..u64::MAX, LATER).await
    }

    /// Has there be more than can be done in that time.
    async fn fill(&self, time: Duration) -> Result<()> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of jobs"
        )]
        let wanted = (2.0 * self.per_s * time.as_secs_f64()) as u64;
        let missing = wanted.max(LEAST_BACKLOG).saturating_sub(self.ledger.waiting());
        self.send_numbers(self.ledger.take(missing), Duration::ZERO).await
    }

    async fn send_numbers(&self, numbers: Range<u64>, later: Duration) -> Result<()> {
        let payloads: Vec<_> = numbers.map(Payload::new).collect();
        let batch = usize::try_from(BATCH).expect("a batch fits into memory");
        for batch in payloads.chunks(batch) {
            self.queue.send_all(batch, later).await?;
        }
        Ok(())
    }

    /// What was acknowledged is there, and nothing else.
    async fn sent(&self, count: u64) -> Result<()> {
        let left = self.queue.left().await?;
        ensure!(left == count, "{count} jobs were sent and {left} are there");
        self.queue.purge().await
    }

    /// Every job was done once, or is still there.
    pub(super) async fn settle(&mut self) -> Result<()> {
        self.ledger.count()?;
        self.sent(self.ledger.waiting() + self.later).await
    }
}

struct Singles<Q>(Arc<Q>);

impl<Q: Queue> Arm for Singles<Q> {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        self.0.send(&Payload::new(number >> 44)).await
    }
}

struct Batches<Q>(Arc<Q>);

impl<Q: Queue> Arm for Batches<Q> {
    type Caller = Vec<Payload>;

    fn caller(&self) -> Vec<Payload> {
        (0..BATCH).map(Payload::new).collect()
    }

    async fn call(&self, payloads: &mut Vec<Payload>, _: u64) -> Result<()> {
        self.0.send_all(payloads, Duration::ZERO).await
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;

    #[test]
    fn each_job_is_done_once() {
        let ledger = Ledger::default();
        assert_eq!(ledger.take(70), 0..70);
        let mut all = ledger.all();
        for number in (0..70).rev() {
            assert!(all.try_recv().is_err());
            ledger.done(number);
        }
        assert!(all.try_recv().is_ok());
        assert_eq!((ledger.count().unwrap(), ledger.waiting()), (70, 0));
    }

    #[test]
    fn what_is_done_twice_or_was_never_sent_is_found_out() {
        for (number, told) in [(1, "job 1 was done before"), (2, "job 2 was never sent")] {
            let ledger = Ledger::default();
            ledger.take(2);
            ledger.done(1);
            ledger.done(number);
            assert_eq!(ledger.count().unwrap_err().to_string(), told);
        }
    }
}
