//! Tables whose partitions are days: made ahead, and dropped when all in them is over.
//!
//! A partition is named for its table and its day, `sessions_p20785`; one that somebody has attached under
//! another name is his to drop. Two who do it at once wait for each other, and the second finds it done.

use std::ops::RangeInclusive;

use tokio_postgres::{Client, error::SqlState, types::Type};

use crate::error::{Error, Result};

/// The text of the statement that lists them.
pub const PARTITIONS: &str = include_str!("../sql/partitions.sql");

/// A day in ns. Days are counted from 1970, in UTC.
pub const DAY_NS: i64 = 86_400_000_000_000;

/// Held while tables are made or dropped. Any number will do, as long as it stays.
const LOCK: &str = "select pg_advisory_xact_lock(8099004519226368002)";
/// Who drops a partition waits for those who use the table, and everybody else behind him.
const IMPATIENT: &str = "set local lock_timeout = '200ms'";

/// A table in the schema `pgstead` that is partitioned by the range of a column.
#[derive(Clone, Copy, Debug)]
pub struct Parent {
    /// Its name.
    pub name: &'static str,
    /// What its partitions are made with, for example `with (fillfactor = 50)`.
    pub settings: &'static str,
    /// The first value of a day in that column, as SQL.
    pub bound: fn(i64) -> String,
}

/// Which days of a table there have to be, and before which there may be none.
#[derive(Clone, Debug)]
pub struct Days {
    /// Made if they are not there.
    pub needed: RangeInclusive<i64>,
    /// All before it are dropped.
    pub over_before: i64,
}

/// A partition that there is.
#[derive(Clone, Debug)]
pub struct Partition {
    /// The name of its table.
    pub parent: String,
    /// The day that is in it.
    pub day: i64,
    /// What it is set to, as `pg_class.reloptions` has it: `fillfactor=50`.
    pub settings: Vec<String>,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Partitions that were made.
    pub made: u64,
    /// Partitions that were dropped.
    pub dropped: u64,
}

/// The time by PostgreSQL, unless one is given, in ns since 1970; and the partitions there are.
pub async fn read(
    client: &Client,
    parents: &[Parent],
    now_ns: Option<i64>,
) -> Result<(i64, Vec<Partition>)> {
    let names: Vec<_> = parents.iter().map(|parent| parent.name).collect();
    let parameters = [(&now_ns as _, Type::INT8), (&names as _, Type::TEXT_ARRAY)];
    let rows = client.query_typed(PARTITIONS, &parameters).await?;
    let mut existing = Vec::new();
    for row in &rows {
        let (parent, child): (Option<String>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
        let (Some(parent), Some(child)) = (parent, child) else { continue };
        let day = child.strip_prefix(&*parent).and_then(|rest| rest.strip_prefix("_p"));
        if let Some(day) = day.and_then(|day| day.parse().ok()) {
            existing.push(Partition { parent, day, settings: row.try_get(3)? });
        }
    }
    let now_ns = rows.first().expect("at least the time comes back").try_get(0)?;
    Ok((now_ns, existing))
}

/// Makes the days of a table that are needed, and drops those that are over.
pub async fn keep(
    client: &mut Client,
    parent: Parent,
    days: &Days,
    existing: &[Partition],
) -> Result<Kept> {
    let of_parent = || existing.iter().filter(|one| one.parent == parent.name).map(|one| one.day);
    let mut kept = Kept::default();
    for day in days.needed.clone().filter(|day| !of_parent().any(|there| there == *day)) {
        kept.made += u64::from(make(client, parent, day).await?);
    }
    for day in of_parent().filter(|day| *day < days.over_before) {
        kept.dropped += u64::from(discard(client, parent, day).await?);
    }
    Ok(kept)
}

/// Attaching takes a lock that nobody who reads or writes waits for; creating it in its place would not.
async fn make(client: &mut Client, parent: Parent, day: i64) -> Result<bool> {
    let Parent { name, settings, bound } = parent;
    let (from, to) = (bound(day), bound(day + 1));
    let table = format!("pgstead.{name}_p{day}");
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let (_, existing) = read(transaction.client(), &[parent], None).await?;
    if existing.iter().any(|one| one.day == day) {
        return Ok(false);
    }
    transaction
        .batch_execute(&format!(
            "create table {table} (like pgstead.{name} including all) {settings};\
             alter table pgstead.{name} attach partition {table} for values from ({from}) to ({to})"
        ))
        .await?;
    transaction.commit().await?;
    Ok(true)
}

/// Drops it, if nobody keeps the table busy for longer than others can wait: then the next time.
async fn discard(client: &mut Client, parent: Parent, day: i64) -> Result<bool> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    transaction.batch_execute(IMPATIENT).await?;
    let drop = format!("drop table if exists pgstead.{}_p{day}", parent.name);
    match transaction.batch_execute(&drop).await.map_err(Error::from) {
        Ok(()) => {
            transaction.commit().await?;
            Ok(true)
        }
        Err(error) if error.sql_state() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
        Err(error) => Err(error),
    }
}
