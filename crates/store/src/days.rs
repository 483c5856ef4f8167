//! Tables whose partitions are days: made ahead, and dropped when all in them is over.
//!
//! A partition is named for its table, its first day, and how many they are if not one: `sessions_p20785`,
//! `sessions_p20785_11`. One that somebody has attached under another name is his to drop. Two who do it at
//! once wait for each other, and the second finds it done.

use std::ops::{Range, RangeInclusive};

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
    /// How many go into a new partition.
    pub together: i64,
    /// All before it are dropped.
    pub over_before: i64,
}

/// A partition that there is.
#[derive(Clone, Debug)]
pub struct Partition {
    /// The name of its table.
    pub parent: String,
    /// The days that are in it.
    pub days: Range<i64>,
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
        let days = child.strip_prefix(&*parent).and_then(days_of);
        if let Some(days) = days {
            existing.push(Partition { parent, days, settings: row.try_get(3)? });
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
    let mut there: Vec<Range<i64>> = days_in(existing, parent).collect();
    let mut kept = Kept::default();
    for day in days.needed.clone() {
        if !there.iter().any(|days| days.contains(&day)) {
            let (made, is_new) = make(client, parent, day, days.together).await?;
            there.push(made);
            kept.made += u64::from(is_new);
        }
    }
    for over in days_in(existing, parent).filter(|there| there.end <= days.over_before) {
        kept.dropped += u64::from(discard(client, parent, &over).await?);
    }
    Ok(kept)
}

/// The days of a table's partitions.
fn days_in(existing: &[Partition], parent: Parent) -> impl Iterator<Item = Range<i64>> {
    existing.iter().filter(move |one| one.parent == parent.name).map(|one| one.days.clone())
}

impl Partition {
    /// The name of its table in the schema `pgstead`.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.parent, &self.days)
    }
}

fn name(parent: &str, days: &Range<i64>) -> String {
    match days.end - days.start {
        1 => format!("{parent}_p{}", days.start),
        several => format!("{parent}_p{}_{several}", days.start),
    }
}

/// The same backwards, of what is behind the parent's name.
fn days_of(suffix: &str) -> Option<Range<i64>> {
    let days = suffix.strip_prefix("_p")?;
    let (first, count) = days.split_once('_').unwrap_or((days, "1"));
    let (first, count): (i64, i64) = (first.parse().ok()?, count.parse().ok()?);
    (count > 0).then_some(first..first.checked_add(count)?)
}

/// The days that a new partition for that one covers: those from a multiple of `together` to the next,
/// as far as no other has them.
fn free_around(day: i64, together: i64, there: impl Iterator<Item = Range<i64>>) -> Range<i64> {
    let first = day - day.rem_euclid(together);
    there.fold(first..first + together, |free, taken| {
        if taken.end <= day {
            free.start.max(taken.end)..free.end
        } else {
            free.start..free.end.min(taken.start)
        }
    })
}

/// Makes the partition for a day, unless somebody has meanwhile.
///
/// Attaching takes a lock that nobody who reads or writes waits for; creating it in its place would not.
async fn make(
    client: &mut Client,
    parent: Parent,
    day: i64,
    together: i64,
) -> Result<(Range<i64>, bool)> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let (_, existing) = read(transaction.client(), &[parent], None).await?;
    if let Some(days) = days_in(&existing, parent).find(|days| days.contains(&day)) {
        return Ok((days, false));
    }
    let days = free_around(day, together, days_in(&existing, parent));
    let Parent { name: of, settings, bound } = parent;
    let table = format!("pgstead.{}", name(of, &days));
    let (from, to) = (bound(days.start), bound(days.end));
    transaction
        .batch_execute(&format!(
            "create table {table} (like pgstead.{of} including all) {settings};\
             alter table pgstead.{of} attach partition {table} for values from ({from}) to ({to})"
        ))
        .await?;
    transaction.commit().await?;
    Ok((days, true))
}

/// Drops it, if nobody keeps the table busy for longer than others can wait: then the next time.
async fn discard(client: &mut Client, parent: Parent, days: &Range<i64>) -> Result<bool> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    transaction.batch_execute(IMPATIENT).await?;
    let drop = format!("drop table if exists pgstead.{}", name(parent.name, days));
    match transaction.batch_execute(&drop).await.map_err(Error::from) {
        Ok(()) => {
            transaction.commit().await?;
            Ok(true)
        }
        Err(error) if error.sql_state() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;

    use super::{days_of, free_around, name};

    #[test]
    fn a_name_says_the_days() {
        assert_eq!(name("sessions", &(20_785..20_786)), "sessions_p20785");
        assert_eq!(name("sessions", &(20_785..20_796)), "sessions_p20785_11");
        assert_eq!(days_of("_p20785"), Some(20_785..20_786));
        assert_eq!(days_of("_p20785_11"), Some(20_785..20_796));
        for other in
            ["", "_archive", "_p", "_p1_", "_p1_0", "_p1_-3", "_p1_2_3", "_p1_9223372036854775807"]
        {
            assert_eq!(days_of(other), None, "{other}");
        }
    }

    #[test]
    fn as_many_days_go_together_as_are_free() {
        let free = |there: &[Range<i64>]| free_around(25, 10, there.iter().cloned());
        assert_eq!(free(&[]), 20..30);
        assert_eq!(free(&[0..20, 30..31]), 20..30);
        assert_eq!(free(&[21..22, 28..40, 22..23]), 23..28);
        assert_eq!(free(&[24..25, 26..27]), 25..26);
    }

    proptest! {
        /// However often the width was changed: each day is in one partition.
        #[test]
        fn no_two_partitions_have_a_day(asked in prop::collection::vec((-40_i64..40, 1_i64..20), 1..40)) {
            let mut there: Vec<Range<i64>> = Vec::new();
            for (day, together) in asked {
                if there.iter().any(|days| days.contains(&day)) {
                    continue;
                }
                let free = free_around(day, together, there.iter().cloned());
                prop_assert!(free.contains(&day), "{free:?}");
                prop_assert!(free.end - free.start <= together, "{free:?}");
                prop_assert!(there.iter().all(|days| days.end <= free.start || free.end <= days.start));
                there.push(free);
            }
        }
    }
}
