//! Removes what has been kept long enough.

use std::time::Duration;

use pgstead_store::{
    Error, Parameter, Result,
    tokio_postgres::{error::SqlState, types::Type},
};

use crate::{QueueName, Queues, claim::milliseconds, texts::Texts};

pub(crate) const SQL: &str = include_str!("../sql/sweep.sql");

/// At most so many rows of a table are removed in one statement.
const PAGE: i32 = 1000;

/// What was removed by a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Dedup keys whose time is over.
    pub keys: u64,
    /// Results of jobs.
    pub results: u64,
    /// Progress and lines of logs.
    pub reports: u64,
    /// Dead letters.
    pub dead: u64,
    /// Archived jobs.
    pub archived: u64,
}

impl Queues {
    /// Removes what has been kept for as long as the [`Config`](crate::Config) says.
    pub async fn sweep(&self) -> Result<Swept> {
        let config = self.config();
        let (keep_ms, keep_dead_ms) =
            (milliseconds(config.keep_results), milliseconds(config.keep_dead));
        let parameters: [Parameter<'_>; 3] =
            [(&keep_ms, Type::INT8), (&keep_dead_ms, Type::INT8), (&PAGE, Type::INT4)];
        let mut swept = Swept::default();
        loop {
            let row = self.db().client().await?.query_typed_one(SQL, &parameters).await?;
            let mut counts = [0; 4];
            for (at, count) in counts.iter_mut().enumerate() {
                *count = row.try_get::<_, i64>(at)?.unsigned_abs();
            }
            swept.keys += counts[0];
            swept.results += counts[1];
            swept.reports += counts[2];
            swept.dead += counts[3];
            if counts.iter().all(|count| *count < u64::from(PAGE.unsigned_abs())) {
                break;
            }
        }
        if let Some(keep) = config.keep_archive {
            for queue in self.list().await? {
                match self.sweep_archive(&queue.name, keep).await {
                    Ok(archived) => swept.archived += archived,
                    // Somebody has dropped the queue.
                    Err(error) if error.sql_state() == Some(&SqlState::UNDEFINED_TABLE) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(swept)
    }

    async fn sweep_archive(&self, queue: &QueueName, keep: Duration) -> Result<u64> {
        let keep_ms = milliseconds(keep);
        let parameters: [Parameter<'_>; 2] = [(&keep_ms, Type::INT8), (&PAGE, Type::INT4)];
        let mut archived = 0;
        loop {
            let client = self.db().client().await?;
            let text = Texts::of(queue).sweep_archive;
            let gone = client.execute_typed(text, &parameters).await.map_err(Error::from)?;
            archived += gone;
            if gone < u64::from(PAGE.unsigned_abs()) {
                return Ok(archived);
            }
        }
    }
}
