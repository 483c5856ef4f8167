//! Waits for jobs, for those who are no [`Worker`](crate::Worker).

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, SystemTime},
};

use pgstead_store::{Result, tokio_postgres::types::Type};
use tokio::time::{Instant, sleep_until};

use crate::{
    Claimed, QueueName, Queues,
    claim::On,
    texts::Texts,
    turns,
    wake::{CHANNEL, NOTIFY},
};

/// Jobs that were claimed together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claims {
    /// By priority, and then as they were sent.
    pub jobs: Vec<Claimed>,
    /// When the claims lapse, by PostgreSQL's clock.
    pub until: SystemTime,
}

/// What those who wait for a queue have in common. One of them has the times, and looks at them for all.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    times: tokio::sync::Mutex<Times>,
    /// Something has happened since it was found out when the next job is due.
    changed: AtomicBool,
}

#[derive(Debug, Default)]
struct Times {
    /// When it is looked for groups in which nobody has passed the turn on.
    heal_at: Option<Instant>,
    due: Due,
}

/// When the next job is due.
#[derive(Clone, Copy, Debug, Default)]
enum Due {
    #[default]
    Unknown,
    Nothing,
    At(Instant),
}

impl Queues {
    /// Claims jobs as [`claim`](Self::claim) does, and if there are none, as soon as there are some, until
    /// `patience` ends. That is looked at between claims only: what was claimed is answered.
    ///
    /// Whoever waits is woken by what is sent. Of all who wait for a queue in a process one looks without
    /// being woken: when the next job is due, and each [`poll`](crate::Options::poll).
    pub async fn claim_or_wait(
        &self,
        queue: &QueueName,
        most: usize,
        lease: Duration,
        patience: impl Future<Output = ()>,
    ) -> Result<Claims> {
        let mut patience = pin!(patience);
        let clock = self.clock(queue);
        let mut by_clock = false;
        loop {
            // Whatever is sent from here on is not slept through.
            let woken = self.wakes().woken(queue);
            let found = self.look(queue, most, lease).await?;
            if by_clock && found.is_full {
                // Nobody was told of these, and there may be enough for others.
                self.wakes().wake(queue);
            }
            if !found.jobs.is_empty() || most == 0 {
                // They are due again when their claims lapse.
                clock.changed.store(true, Ordering::Relaxed);
                return Ok(Claims { jobs: found.jobs, until: found.until });
            }
            let nothing = Claims { jobs: Vec::new(), until: found.until };
            tokio::select! {
                biased;
                () = &mut patience => return Ok(nothing),
                // All of it was poison, or waits for its turn. There may be more behind it.
                () = std::future::ready(()), if found.is_full => {}
                () = woken => {
                    clock.changed.store(true, Ordering::Relaxed);
                    by_clock = false;
                }
                looked = self.keep_time(queue, &clock) => {
                    looked?;
                    by_clock = true;
                }
            }
        }
    }

    /// Ends when it is time to look, for the one of all who wait that has the times.
    async fn keep_time(&self, queue: &QueueName, clock: &Clock) -> Result<()> {
        let mut times = clock.times.lock().await;
        let options = self.options(queue);
        let now = Instant::now();
        if times.heal_at.is_none_or(|at| at <= now) {
            times.heal_at = Some(now + options.lease);
            let client = self.db().client().await?;
            if turns::heal(&mut On::Client(&client), Texts::of(queue)).await? {
                self.wakes().wake(queue);
                return Ok(());
            }
        }
        if clock.changed.swap(false, Ordering::Relaxed) || matches!(times.due, Due::Unknown) {
            times.due = Due::Unknown;
            times.due = match self.next_due(queue).await? {
                None => Due::Nothing,
                Some(after) => Due::At(Instant::now() + after),
            };
        }
        let look_at = now + options.poll;
        let look_at = match times.due {
            Due::At(at) => at.min(look_at),
            Due::Unknown | Due::Nothing => look_at,
        };
        sleep_until(look_at).await;
        if matches!(times.due, Due::At(at) if at <= look_at) {
            times.due = Due::Unknown;
        }
        Ok(())
    }

    /// In how long the next job is due that is not due yet.
    async fn next_due(&self, queue: &QueueName) -> Result<Option<Duration>> {
        let client = self.db().client().await?;
        let rows = client.query_typed(Texts::of(queue).next_due, &[]).await?;
        let due_ms: Option<i64> = match rows.first() {
            Some(row) => row.try_get(0)?,
            None => None,
        };
        // Rounded up: looked for too early it would not be found.
        Ok(due_ms.map(|ms| Duration::from_millis(ms.max(0).unsigned_abs() + 1)))
    }

    /// Has those who wait in other processes look for jobs now, and returns when they have been told: for a
    /// process that ends when it has sent.
    pub async fn announce(&self, queue: &QueueName) -> Result<()> {
        let payloads = [queue.as_str()];
        let client = self.db().client().await?;
        let parameters = [(&CHANNEL as _, Type::TEXT), (&&payloads[..] as _, Type::TEXT_ARRAY)];
        client.query_typed(NOTIFY, &parameters).await?;
        Ok(())
    }
}
