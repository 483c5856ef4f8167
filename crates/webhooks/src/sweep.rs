//! Keeps house: makes partitions ahead, and drops those that were kept long enough.

use std::time::{Duration, SystemTime};

use pgstead_store::{
    Error, Result,
    tokio_postgres::{Client, error::SqlState, types::Type},
};

use crate::Webhooks;

pub(crate) const PARTITIONS: &str = include_str!("../sql/partitions.sql");
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

const DAY_NS: i64 = 86_400_000_000_000;
const DAY_MS: i64 = 86_400_000;
/// So many days without this job do no harm.
const DAYS_AHEAD: i64 = 7;
/// The most rows that a statement removes.
const PAGE: i32 = 10_000;
/// Held while tables are made or dropped. Any number will do, as long as it stays.
const LOCK: &str = "select pg_advisory_xact_lock(8099004519226368003)";
/// Who drops a partition waits for those who use the table, and everybody else behind him.
const IMPATIENT: &str = "set local lock_timeout = '200ms'";
/// What is kept of a day goes together.
const PARENTS: [&str; 3] = ["webhook_events", "webhook_deliveries", "webhook_attempts"];

/// A partition that there is.
struct Partition {
    parent: String,
    day: i64,
}

impl Webhooks {
    /// Makes the partitions of the coming days, and drops those that were kept long enough.
    pub async fn keep_house(&self) -> Result<Swept> {
        self.keep_house_at(None).await
    }

    /// The same at that time, in ns since 1970, for tests.
    #[doc(hidden)]
    pub async fn keep_house_at(&self, now_ns: Option<i64>) -> Result<Swept> {
        let mut client = self.inner.db.client().await?;
        let (now_ns, existing) = read(&client, now_ns).await?;
        let today = now_ns.div_euclid(DAY_NS);
        let keep_ns = i64::try_from(self.inner.config.keep.as_nanos()).unwrap_or(i64::MAX);
        let first_kept = (now_ns - keep_ns).div_euclid(DAY_NS);
        let mut swept = Swept::default();
        for parent in PARENTS {
            // A transaction that began yesterday publishes yesterday's events.
            for day in today - 1..=today + DAYS_AHEAD {
                let is_there = existing.iter().any(|one| one.parent == parent && one.day == day);
                if !is_there {
                    swept.made += u64::from(make(&mut client, parent, day).await?);
                }
            }
            for one in &existing {
                if one.parent == parent && one.day < first_kept {
                    swept.dropped += u64::from(discard(&mut client, parent, one.day).await?);
                }
            }
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

/// The time, and the partitions there are.
async fn read(client: &Client, now_ns: Option<i64>) -> Result<(i64, Vec<Partition>)> {
    let rows = client.query_typed(PARTITIONS, &[(&now_ns, Type::INT8)]).await?;
    let mut existing = Vec::new();
    for row in &rows {
        let (parent, child): (Option<String>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
        let (Some(parent), Some(child)) = (parent, child) else { continue };
        // One that somebody has attached under another name is his to drop.
        let day = child.strip_prefix(&*parent).and_then(|rest| rest.strip_prefix("_p"));
        if let Some(day) = day.and_then(|day| day.parse().ok()) {
            existing.push(Partition { parent, day });
        }
    }
    let now_ns = rows.first().expect("at least the time comes back").try_get(0)?;
    Ok((now_ns, existing))
}

/// The first id of a day.
fn bound(day: i64) -> String {
    let ms = format!("{:012x}", day * DAY_MS);
    format!("'{}-{}-0000-0000-000000000000'", &ms[..8], &ms[8..])
}

/// Attaching takes a lock that nobody who reads or writes waits for; creating it in its place would not.
async fn make(client: &mut Client, parent: &str, day: i64) -> Result<bool> {
    let (from, to) = (bound(day), bound(day + 1));
    let table = format!("pgstead.{parent}_p{day}");
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let (_, existing) = read(transaction.client(), None).await?;
    if existing.iter().any(|one| one.parent == parent && one.day == day) {
        return Ok(false);
    }
    transaction
        .batch_execute(&format!(
            "create table {table} (like pgstead.{parent} including all);\
             alter table pgstead.{parent} attach partition {table} for values from ({from}) to ({to})"
        ))
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Drops it, if nobody keeps the table busy for longer than others can wait: then the next time.
async fn discard(client: &mut Client, parent: &str, day: i64) -> Result<bool> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    transaction.batch_execute(IMPATIENT).await?;
    let drop = format!("drop table if exists pgstead.{parent}_p{day}");
    match transaction.batch_execute(&drop).await.map_err(Error::from) {
        Ok(()) => {
            transaction.commit().await?;
            Ok(true)
        }
        Err(error) if error.sql_state() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
        Err(error) => Err(error),
    }
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
