//! Pauses queues, and lets them go on.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{QueueName, Queues};

pub(crate) const SQL: &str = include_str!("../sql/pause.sql");

impl Queues {
    /// Nobody is given jobs of the queue any more. Those that run go on.
    pub async fn pause(&self, queue: &QueueName) -> Result<()> {
        self.set_paused(queue, true).await
    }

    /// Lets a paused queue go on.
    pub async fn resume(&self, queue: &QueueName) -> Result<()> {
        self.set_paused(queue, false).await?;
        self.wakes().wake(queue);
        Ok(())
    }

    async fn set_paused(&self, queue: &QueueName, paused: bool) -> Result<()> {
        let parameters: [Parameter<'_>; 2] = [(&queue.as_str(), Type::TEXT), (&paused, Type::BOOL)];
        self.db().client().await?.query_typed(SQL, &parameters).await?;
        Ok(())
    }
}
