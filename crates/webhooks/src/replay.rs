//! Sends again what has failed, or was missed.

use std::time::SystemTime;

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Client, types::Type},
};
use uuid::Uuid;

use crate::{AttemptId, EndpointId, Webhooks};

pub(crate) const ATTEMPT: &str = include_str!("../sql/replay_attempt.sql");
pub(crate) const FAILED: &str = include_str!("../sql/replay_failed.sql");
pub(crate) const MISSED: &str = include_str!("../sql/replay_missed.sql");

/// How many deliveries, or events, a statement looks at.
const PAGE: i32 = 500;

/// What is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replay {
    /// What was given up after its last attempt.
    Failed,
    /// That, and all that the endpoint wants and has never been sent: it was disabled, or not there yet, or
    /// did not want it then.
    Missed,
}

impl Webhooks {
    /// Sends to an endpoint again what was published since then. How many deliveries are on their way now
    /// that were not. It is done in pages: what fails in between is done in part, and can be asked for again.
    pub async fn replay(
        &self,
        endpoint: EndpointId,
        what: Replay,
        since: SystemTime,
    ) -> Result<u64> {
        let sql = match what {
            Replay::Failed => FAILED,
            Replay::Missed => MISSED,
        };
        let client = self.inner.db.client().await?;
        let (mut after, mut total) = (None, 0);
        loop {
            let (last, sent) = page(&client, sql, endpoint, since, after).await?;
            total += sent;
            if sent > 0 {
                self.wake();
            }
            if last.is_none() {
                return Ok(total);
            }
            after = last;
        }
    }

    /// Sends again what an attempt was at, whether it had failed or not. Whether it is on its way now and was
    /// not.
    pub async fn replay_attempt(&self, attempt: AttemptId) -> Result<bool> {
        let client = self.inner.db.client().await?;
        let again = client.query_typed(ATTEMPT, &[(&attempt.0, Type::UUID)]).await?;
        self.wake();
        Ok(!again.is_empty())
    }
}

/// The last event of the page, if there was one, and how many are on their way.
async fn page(
    client: &Client,
    sql: &str,
    endpoint: EndpointId,
    since: SystemTime,
    after: Option<Uuid>,
) -> Result<(Option<Uuid>, u64)> {
    let parameters: [Parameter<'_>; 4] = [
        (&endpoint.0, Type::UUID),
        (&since, Type::TIMESTAMPTZ),
        (&after, Type::UUID),
        (&PAGE, Type::INT4),
    ];
    let row = client.query_typed_one(sql, &parameters).await?;
    Ok((row.try_get(0)?, row.try_get::<_, i64>(1)?.unsigned_abs()))
}
