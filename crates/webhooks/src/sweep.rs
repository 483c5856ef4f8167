//! Keeps house: makes partitions ahead, and drops those that were kept long enough.

use std::time::{Duration, SystemTime};

use pgstead_store::{
    Result,
    days::{self, DAY_NS, Days, Parent},
    tokio_postgres::{Client, types::Type},
};

use crate::Webhooks;

pub(crate) const PRUNE: &str = include_str!("../sql/prune.sql");
pub(crate) const NOW: &str = include_str!("../sql/now.sql");

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Partitions that were made.
    pub made: u64,
    /// Partitions that were dropped.
    pub dropped: u64,
    /// Ids of events that were forgotten.
    pub forgotten: u64,
}

const DAY_MS: i64 = 86_400_000;
/// So many days without this job do no harm.
const DAYS_AHEAD: i64 = 7;
/// The most rows that a statement removes.
const PAGE: i32 = 10_000;
/// What is kept of a day goes together.
const PARENTS: [Parent; 3] = [
    Parent { name: "webhook_events", settings: "", bound },
    Parent { name: "webhook_deliveries", settings: "", bound },
    Parent { name: "webhook_attempts", settings: "", bound },
];

impl Webhooks {
    /// Makes the partitions of the coming days, and drops those that were kept long enough.
    pub async fn keep_house(&self) -> Result<Swept> {
        self.keep_house_at(None).await
    }

    /// The same at that time, in ns since 1970, for tests.
    #[doc(hidden)]
    pub async fn keep_house_at(&self, now_ns: Option<i64>) -> Result<Swept> {
        let mut client = self.inner.db.client().await?;
        let (now_ns, existing) = days::read(&client, &PARENTS, now_ns).await?;
        let today = now_ns.div_euclid(DAY_NS);
        let keep_ns = i64::try_from(self.inner.config.keep.as_nanos()).unwrap_or(i64::MAX);
        let first_kept = (now_ns - keep_ns).div_euclid(DAY_NS);
        // A transaction that began yesterday publishes yesterday's events.
        let needed = today - 1..=today + DAYS_AHEAD;
        let days = Days { needed, together: 1, over_before: first_kept };
        let mut swept = Swept::default();
        for parent in PARENTS {
            let kept = days::keep(&mut client, parent, &days, &existing).await?;
            swept.made += kept.made;
            swept.dropped += kept.dropped;
        }
        loop {
            let before_ns = first_kept * DAY_NS;
            let forgotten = prune(&client, before_ns).await?;
            swept.forgotten += forgotten;
            if forgotten < u64::from(PAGE.unsigned_abs()) {
                return Ok(swept);
            }
        }
    }

    /// When that was, by PostgreSQL.
    pub async fn ago(&self, time: Duration) -> Result<SystemTime> {
        Ok(self.now().await?.checked_sub(time).unwrap_or(SystemTime::UNIX_EPOCH))
    }

    /// The time, by PostgreSQL.
    pub(crate) async fn now(&self) -> Result<SystemTime> {
        let client = self.inner.db.client().await?;
        Ok(client.query_typed_one(NOW, &[]).await?.try_get(0)?)
    }
}

/// The first id of a day.
fn bound(day: i64) -> String {
    let ms = format!("{:012x}", day * DAY_MS);
    format!("'{}-{}-0000-0000-000000000000'", &ms[..8], &ms[8..])
}

async fn prune(client: &Client, before_ns: i64) -> Result<u64> {
    let parameters = [(&before_ns as _, Type::INT8), (&PAGE as _, Type::INT4)];
    let row = client.query_typed_one(PRUNE, &parameters).await?;
    Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_its_first_id() {
        // 2023-11-14
        assert_eq!(bound(19_675), "'018bcb20-b400-0000-0000-000000000000'");
    }
}
