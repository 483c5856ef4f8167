//! Looks at jobs without claiming them.

use std::time::SystemTime;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};
use serde_json::value::RawValue;

use crate::{JobId, JobState, MOST_LISTED, QueueName, Queues, json::Json, texts::Texts};

/// A job that is in its queue.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Peeked {
    /// Its number.
    pub id: JobId,
    /// [`Ready`](JobState::Ready), [`Delayed`](JobState::Delayed) or [`Claimed`](JobState::Claimed).
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: u32,
    /// When it was sent.
    pub enqueued_at: SystemTime,
    /// When it is due, or when its claim lapses; none while it waits for its turn in its group.
    pub due_at: Option<SystemTime>,
    /// What it is; nothing for a message that `pgmq.send` has sent without one.
    pub payload: Option<Box<RawValue>>,
    /// Its headers, those of pgmq and pgstead included.
    pub headers: Option<Box<RawValue>>,
}

impl Queues {
    /// Jobs of a queue in the order of sending, those above a number if one is given; at most `most`, and
    /// [`MOST_LISTED`].
    pub async fn peek(
        &self,
        queue: &QueueName,
        above: Option<JobId>,
        most: usize,
    ) -> Result<Vec<Peeked>> {
        let above = above.map_or(i64::MIN, |id| id.0);
        let most = i64::try_from(most.min(MOST_LISTED)).unwrap_or(i64::MAX);
        let parameters: [Parameter<'_>; 2] = [(&above, Type::INT8), (&most, Type::INT8)];
        let client = self.db().client().await?;
        let rows = client.query_typed(Texts::of(queue).peek, &parameters).await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in rows {
            jobs.push(Peeked {
                id: JobId(row.try_get(0)?),
                state: JobState::read(row.try_get(1)?),
                attempts: row.try_get::<_, i32>(2)?.unsigned_abs(),
                enqueued_at: row.try_get(3)?,
                due_at: row.try_get(4)?,
                payload: row.try_get::<_, Option<Json>>(5)?.map(|payload| payload.0),
                headers: row.try_get::<_, Option<Json>>(6)?.map(|headers| headers.0),
            });
        }
        Ok(jobs)
    }
}
