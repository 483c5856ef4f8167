//! Dead letters: jobs that are not tried any more. Listed, tried again after all, or removed.

use std::time::{Duration, SystemTime};

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};
use serde_json::value::RawValue;

use crate::{JobId, QueueName, Queues, json::Json, texts::Texts};

pub(crate) const LIST: &str = include_str!("../sql/dead.sql");
pub(crate) const PURGE: &str = include_str!("../sql/purge_dead.sql");

/// At most so many are done in one statement.
const PAGE: i32 = 1000;
/// The most that [`Queues::dead`] lists at once.
pub const MOST_LISTED: usize = 1000;

/// A job that is not tried any more.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// Its number while it was in the queue.
    pub id: JobId,
    /// When it was given up.
    pub died_at: SystemTime,
    /// When it was sent.
    pub enqueued_at: SystemTime,
    /// How often it was claimed.
    pub attempts: u32,
    /// What it was; nothing for a message that `pgmq.send` has sent without one.
    pub payload: Option<Box<RawValue>>,
    /// Its headers, if it has any.
    pub headers: Option<Box<RawValue>>,
    /// Why its attempts failed, the last one last, 20 at most: an array of objects with `at` (an instant),
    /// `attempt` and `error`.
    pub errors: Box<RawValue>,
}

/// Which dead letters.
#[derive(Clone, Debug)]
pub enum Which {
    /// All of the queue.
    All,
    /// These.
    These(Vec<JobId>),
}

impl Queues {
    /// Dead letters of a queue, the highest numbers first, those below a number if one is given; at most
    /// `most`, and [`MOST_LISTED`].
    pub async fn dead(
        &self,
        queue: &QueueName,
        below: Option<JobId>,
        most: usize,
    ) -> Result<Vec<DeadLetter>> {
        let below = below.map_or(i64::MAX, |id| id.0);
        let most = i64::try_from(most.min(MOST_LISTED)).unwrap_or(i64::MAX);
        let parameters: [Parameter<'_>; 3] =
            [(&queue.as_str(), Type::TEXT), (&below, Type::INT8), (&most, Type::INT8)];
        let rows = self.db().client().await?.query_typed(LIST, &parameters).await?;
        let mut letters = Vec::with_capacity(rows.len());
        for row in rows {
            letters.push(DeadLetter {
                id: JobId(row.try_get(0)?),
                died_at: row.try_get(1)?,
                enqueued_at: row.try_get(2)?,
                attempts: row.try_get::<_, i32>(3)?.unsigned_abs(),
                payload: row.try_get::<_, Option<Json>>(4)?.map(|payload| payload.0),
                headers: row.try_get::<_, Option<Json>>(5)?.map(|headers| headers.0),
                errors: row.try_get::<_, Json>(6)?.0,
            });
        }
        Ok(letters)
    }

    /// Has dead letters tried again, as new jobs with new numbers and all their attempts, those that died
    /// first first. With `per_second`, no more of them are due in a second. How many there were.
    ///
    /// It goes on a thousand at a time; ended in between, the others are dead letters still.
    pub async fn redrive(
        &self,
        queue: &QueueName,
        which: &Which,
        per_second: Option<u32>,
    ) -> Result<u64> {
        let texts = Texts::of(queue);
        let apart_us = per_second.map_or(0, |rate| 1_000_000 / i64::from(rate.max(1)));
        let mut redriven = 0_u64;
        loop {
            let due_us = i64::try_from(redriven).unwrap_or(i64::MAX).saturating_mul(apart_us);
            let ids = which.ids();
            let parameters: [Parameter<'_>; 5] = [
                (&queue.as_str(), Type::TEXT),
                (&ids, Type::INT8_ARRAY),
                (&PAGE, Type::INT4),
                (&apart_us, Type::INT8),
                (&due_us, Type::INT8),
            ];
            let rows = self.db().client().await?.query_typed(texts.redrive, &parameters).await?;
            redriven += rows.len() as u64;
            if !rows.is_empty() {
                self.wakes().wake(queue);
            }
            if rows.len() < PAGE.unsigned_abs() as usize {
                return Ok(redriven);
            }
        }
    }

    /// Removes dead letters for good. How many there were.
    pub async fn purge_dead(&self, queue: &QueueName, which: &Which) -> Result<u64> {
        let mut purged = 0;
        loop {
            let ids = which.ids();
            let parameters: [Parameter<'_>; 3] =
                [(&queue.as_str(), Type::TEXT), (&ids, Type::INT8_ARRAY), (&PAGE, Type::INT4)];
            let client = self.db().client().await?;
            let gone = client.execute_typed(PURGE, &parameters).await?;
            purged += gone;
            if gone < u64::from(PAGE.unsigned_abs()) {
                return Ok(purged);
            }
        }
    }

    /// Removes the jobs of a queue that wait, for good; those that are claimed are left. How many there
    /// were.
    pub async fn purge(&self, queue: &QueueName) -> Result<u64> {
        let texts = Texts::of(queue);
        let mut purged = 0;
        loop {
            let client = self.db().client().await?;
            let gone = client.execute_typed(texts.purge, &[(&PAGE, Type::INT4)]).await?;
            purged += gone;
            if gone < u64::from(PAGE.unsigned_abs()) {
                return Ok(purged);
            }
        }
    }
}

impl Which {
    fn ids(&self) -> Option<Vec<i64>> {
        match self {
            Self::All => None,
            Self::These(ids) => Some(ids.iter().map(|id| id.0).collect()),
        }
    }
}

/// At least that long ago a dead letter has died before it is removed, unless a
/// [`Config`](crate::Config) says otherwise.
pub(crate) const KEEP_DEAD: Duration = Duration::from_hours(24 * 30);
