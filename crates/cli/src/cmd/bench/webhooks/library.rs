//! pgstead's side: the library, in this process.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use pgstead_queue::{Config as QueuesConfig, Queues};
use pgstead_store::{Db, KeyEncryptionKey};
use pgstead_webhooks::{Config, NewEndpoint, NewEvent, QUEUE, Webhooks, options};
use serde_json::value::to_raw_value;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::{
    super::load::{Sample, histogram},
    ENDPOINTS,
    sink::{FAILS, Sink},
};

/// How long an event may take.
const LONGEST: Duration = Duration::from_mins(1);

pub(super) struct Library {
    inner: Arc<Inner>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    receiving: JoinHandle<()>,
    _sink: Sink,
}

struct Inner {
    webhooks: Webhooks,
    /// Who waits for which.
    waiting: Mutex<HashMap<u64, oneshot::Sender<Instant>>>,
    next: AtomicU64,
}

impl Library {
    pub(super) async fn start(db: &Db) -> Result<Self> {
        let mut queues = QueuesConfig::default();
        queues.queues.insert(QUEUE.parse()?, options());
        let queues = Queues::start(db, queues)?;
        let mut config = Config::default();
        config.allow = vec!["127.0.0.0/8".parse()?];
        let kek = KeyEncryptionKey::generate();
        let webhooks = Webhooks::start(db, &queues, kek, config).await?;
        let (sink, mut received) = Sink::open().await?;
        for n in 0..ENDPOINTS {
            let path = if n == 0 { FAILS } else { "/" };
            let mut endpoint = NewEndpoint::new(format!("http://{}{path}", sink.address));
            endpoint.types = vec![format!("to.{n}")];
            webhooks.create(&endpoint).await?;
        }
        let (waiting, next) = Default::default();
        let inner = Arc::new(Inner { webhooks, waiting, next });
        let (stop, stopped) = oneshot::channel();
        let of = inner.webhooks.clone();
        let running = tokio::spawn(async move {
            let until = async {
                // It stops, too, when nobody can tell it to.
                let _ = stopped.await;
            };
            of.run(until).await;
        });
        let to = Arc::clone(&inner);
        let receiving = tokio::spawn(async move {
            while let Some((number, at)) = received.recv().await {
                if let Some(waiter) = to.waiting().remove(&number) {
                    // One that came twice is of no interest.
                    let _ = waiter.send(at);
                }
            }
        });
        Ok(Self { inner, stop, running, receiving, _sink: sink })
    }

    pub(super) async fn stop(self) {
        let Self { inner, stop, running, receiving, .. } = self;
        // They may have ended by themselves. Nobody listens on the database any more after this.
        let _ = stop.send(());
        let _ = running.await;
        receiving.abort();
        let _ = receiving.await;
        drop(inner);
    }

    /// Publishes so many in a second, and waits until all of them have been received.
    pub(super) async fn paced(&self, rate: u32, time: Duration) -> Result<Sample> {
        let began = Instant::now();
        let mut ticks = interval(Duration::from_secs(1) / rate);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut tasks = JoinSet::new();
        while began.elapsed() < time {
            ticks.tick().await;
            let inner = Arc::clone(&self.inner);
            tasks.spawn(async move { inner.publish().await });
        }
        let paced = began.elapsed();
        let mut latency_ns = histogram();
        while let Some(done) = tasks.join_next().await {
            if let Some(took) = done?? {
                latency_ns.saturating_record(ns(took));
            }
        }
        Ok(Sample { ops_per_s: per_second(latency_ns.len(), paced), latency_ns })
    }

    /// Publishes as fast as so many callers see their events received.
    pub(super) async fn flat(&self, callers: u32, time: Duration) -> Result<Sample> {
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..callers {
            let inner = Arc::clone(&self.inner);
            tasks.spawn(async move {
                let mut all = Vec::new();
                while began.elapsed() < time {
                    all.extend(inner.publish().await?);
                }
                anyhow::Ok(all)
            });
        }
        let mut latency_ns = histogram();
        while let Some(done) = tasks.join_next().await {
            for took in done?? {
                latency_ns.saturating_record(ns(took));
            }
        }
        Ok(Sample { ops_per_s: per_second(latency_ns.len(), began.elapsed()), latency_ns })
    }
}

impl Inner {
    /// Publishes an event, and says how long it took to be received. None: its endpoint fails.
    async fn publish(&self) -> Result<Option<Duration>> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let to = number % ENDPOINTS;
        let payload = to_raw_value(&serde_json::json!({ "event": number }))?;
        let event = NewEvent::new(&format!("to.{to}"), payload)?;
        let (sender, received) = oneshot::channel();
        if to != 0 {
            self.waiting().insert(number, sender);
        }
        let began = Instant::now();
        self.webhooks.publish(event).await?;
        if to == 0 {
            return Ok(None);
        }
        let at = timeout(LONGEST, received).await;
        let at = at.with_context(|| format!("an event did not arrive within {LONGEST:?}"))??;
        Ok(Some(at.saturating_duration_since(began)))
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<Instant>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 events")]
fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
