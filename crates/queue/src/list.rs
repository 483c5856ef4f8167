//! Lists queues, and counts their jobs.

use std::time::{Duration, SystemTime};

use pgstead_store::{Result, tokio_postgres::types::Type};

use crate::{QueueName, Queues, texts::Texts};

pub(crate) const SQL: &str = include_str!("../sql/list.sql");

/// A queue that pgstead knows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueueInfo {
    /// Its name.
    pub name: QueueName,
    /// When pgstead saw it first.
    pub created_at: SystemTime,
    /// Since when nobody is given its jobs, if so.
    pub paused_at: Option<SystemTime>,
}

/// How many jobs of a queue are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// They could be claimed now, or wait for their turn in their group.
    pub ready: u64,
    /// They are not due yet.
    pub delayed: u64,
    /// Somebody has claimed them.
    pub claimed: u64,
    /// They are not tried any more.
    pub dead: u64,
    /// How long ago the oldest of those that are ready was sent.
    pub oldest_ready: Option<Duration>,
}

impl Queues {
    /// The queues that pgstead knows, by name.
    pub async fn list(&self) -> Result<Vec<QueueInfo>> {
        let rows = self.db().client().await?.query_typed(SQL, &[]).await?;
        let mut queues = Vec::with_capacity(rows.len());
        for row in rows {
            // Whoever puts others there has them to himself.
            let Ok(name) = QueueName::new(row.try_get(0)?) else { continue };
            let (created_at, paused_at) = (row.try_get(1)?, row.try_get(2)?);
            queues.push(QueueInfo { name, created_at, paused_at });
        }
        Ok(queues)
    }

    /// Counts the jobs of a queue, which reads all of it.
    pub async fn count(&self, queue: &QueueName) -> Result<Counts> {
        let client = self.db().client().await?;
        let text = Texts::of(queue).count;
        let row = client.query_typed_one(text, &[(&queue.as_str(), Type::TEXT)]).await?;
        let count =
            |at: usize| Ok::<_, pgstead_store::Error>(row.try_get::<_, i64>(at)?.unsigned_abs());
        let oldest_ms: Option<i64> = row.try_get(4)?;
        Ok(Counts {
            ready: count(0)?,
            delayed: count(1)?,
            claimed: count(2)?,
            dead: count(3)?,
            oldest_ready: oldest_ms.map(|ms| Duration::from_millis(ms.max(0).unsigned_abs())),
        })
    }
}
