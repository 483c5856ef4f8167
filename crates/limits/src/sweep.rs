//! Removes what has expired.

use std::time::Duration;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};
use tracing::debug;

use crate::{
    Inner, Limits,
    lanes::{Sql, Storage},
    policy::ns,
};

pub(crate) static SWEEP: Sql = Sql::new(include_str!("../sql/sweep.sql"));
pub(crate) static SWEEP_PERMITS: Sql = Sql::new(include_str!("../sql/sweep_permits.sql"));
pub(crate) const SWEEP_TOTP: &str = include_str!("../sql/sweep_totp.sql");

/// The pages of a step, of some 80 rows each: it takes some milliseconds.
const PAGES: i64 = 64;
/// The pause between steps, where little had expired.
const PAUSE: Duration = Duration::from_secs(1);

/// What a sweep has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Keys of limits, and of permits, that had nothing in them any more.
    pub keys: u64,
    /// Keys that got back what reservations had taken, which had lapsed.
    pub lapsed: u64,
}

/// What a step did.
struct Step {
    gone: u64,
    /// Whether the next one should follow at once.
    has_more: bool,
    reached_end: bool,
}

impl Limits {
    /// Removes everything that has expired, in bounded steps, without waiting for the housekeeping
    /// to come by.
    pub async fn sweep(&self) -> Result<Swept> {
        let mut swept = Swept::default();
        for storage in [Storage::Fast, Storage::Durable] {
            loop {
                let lapsed = self.inner.lapse_due(storage).await?;
                swept.lapsed += lapsed.keys;
                if !lapsed.has_more {
                    break;
                }
            }
            for sql in [&SWEEP, &SWEEP_PERMITS] {
                // To the end from wherever the last step was, and once more from the beginning.
                for _ in 0..2 {
                    while let Some(step) = self.inner.step(sql, storage, Duration::ZERO).await? {
                        swept.keys += step.gone;
                        if step.reached_end {
                            break;
                        }
                    }
                }
            }
        }
        Ok(swept)
    }
}

impl Inner {
    /// Does what is due. Whether there is more to do at once.
    pub(crate) async fn sweep_due(&self) -> Result<bool> {
        let mut has_more = false;
        for storage in [Storage::Fast, Storage::Durable] {
            has_more |= self.lapse_due(storage).await?.has_more;
            for sql in [&SWEEP, &SWEEP_PERMITS] {
                let step = self.step(sql, storage, PAUSE).await?;
                has_more |= step.is_some_and(|step| step.has_more);
            }
        }
        Ok(has_more)
    }

    pub(crate) async fn forget_steps(&self) -> Result<()> {
        let now_ns = self.clock.now_ns();
        let client = self.db.client().await?;
        client.query_typed(SWEEP_TOTP, &[(&now_ns, Type::INT8)]).await?;
        Ok(())
    }

    /// `None` if it is not due, or somebody else is at it.
    async fn step(
        &self,
        sql: &'static Sql,
        storage: Storage,
        pause: Duration,
    ) -> Result<Option<Step>> {
        let now_ns = self.clock.now_ns();
        let parameters: [Parameter<'_>; 3] =
            [(&PAGES, Type::INT8), (&ns(pause), Type::INT8), (&now_ns, Type::INT8)];
        let client = self.db.client().await?;
        let rows = client.query_typed(sql.on(storage), &parameters).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (seen, gone): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let reached_end: bool = row.try_get(2)?;
        if gone > 0 {
            debug!(seen, gone, ?storage, "swept");
        }
        let has_more = gone * 10 > seen && !reached_end;
        Ok(Some(Step { gone: gone.unsigned_abs(), has_more, reached_end }))
    }
}
