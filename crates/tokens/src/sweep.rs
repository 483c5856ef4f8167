//! Keeps house: makes partitions ahead, drops those in which all is over, and prunes the rest.

use std::time::Duration;

use pgstead_store::{
    Error, Result,
    tokio_postgres::{Client, error::SqlState, types::Type},
};

use crate::{Tokens, config::LONGEST_SESSION, lanes::Lifetimes};

pub(crate) const PARTITIONS: &str = include_str!("../sql/partitions.sql");
pub(crate) const PRUNE: &str = include_str!("../sql/prune.sql");

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Partitions that were made.
    pub made: u64,
    /// Partitions that were dropped.
    pub dropped: u64,
    /// Rows that were removed elsewhere.
    pub pruned: u64,
}

const DAY_NS: i64 = 86_400_000_000_000;
/// So many days without this job do no harm: sessions begin. Each day more is a partition more that a
/// refresh has to open.
const DAYS_AHEAD: i64 = 3;
/// The same of events, without which nothing can be done, not even revoked. An empty one costs nobody
/// anything.
const EVENT_DAYS_AHEAD: i64 = 14;
/// How long a day is kept after it is over: somebody's clock may be behind.
const KEPT_NS: i64 = 3_600_000_000_000;
/// How long a revocation is kept after the last access token from before it has expired.
const REVOCATION_MARGIN: Duration = Duration::from_mins(5);
/// The most rows that a statement removes of each kind.
const PAGE: i64 = 10_000;
/// Held while tables are made or dropped. Any number will do, as long as it stays.
const LOCK: &str = "select pg_advisory_xact_lock(8099004519226368002)";
/// Who drops a partition waits for those who use the table, and everybody else behind him.
const IMPATIENT: &str = "set local lock_timeout = '200ms'";

/// A partition has room for the next version of each of its rows, so that every update is HOT.
///
/// PostgreSQL prunes a page whenever less of it is free than that, which here is after each update: a
/// tenth of the whole. So when nothing is inserted any more the room is given up in word; it stays.
const WITH_ROOM: &str = "with (fillfactor = 50)";
const CLOSED: &str = "set (fillfactor = 95)";

/// A table whose partitions are days.
#[derive(Clone, Copy, Debug)]
struct Parent {
    name: &'static str,
    /// What is written into its partitions' names.
    settings: &'static str,
    bound: fn(i64) -> String,
}

const PARENTS: [Parent; 3] = [
    Parent { name: "sessions", settings: WITH_ROOM, bound: sid_bound },
    Parent { name: "session_devices", settings: "", bound: sid_bound },
    // An event of many sessions is one row: PostgreSQL would cut it into pieces.
    Parent {
        name: "token_events",
        settings: "with (toast_tuple_target = 8160)",
        bound: time_bound,
    },
];

fn sid_bound(day: i64) -> String {
    format!("'{day:04x}0000-0000-0000-0000-000000000000'")
}

fn time_bound(day: i64) -> String {
    (day * DAY_NS).to_string()
}

/// Which days of a table there have to be, and until which there may be none.
struct Days {
    needed: std::ops::RangeInclusive<i64>,
    over_before: i64,
}

impl Tokens {
    /// Makes the partitions of the coming days, drops those in which all is over, and removes what
    /// nobody needs any more. A process does this by itself every now and then.
    pub async fn keep_house(&self) -> Result<Swept> {
        let mut client = self.inner.db.client().await?;
        let (now_ns, existing) = read(&client, self.now_ns()).await?;
        let is_there = |parent: Parent, day: i64| {
            existing.iter().any(|one| one.parent == parent.name && one.day == day)
        };
        let mut swept = Swept::default();
        for parent in PARENTS {
            let days = self.inner.lifetimes.days(parent, now_ns, self.inner.keep_events);
            for day in days.needed.clone().filter(|day| !is_there(parent, *day)) {
                swept.made += u64::from(make(&mut client, parent, day, now_ns).await?);
            }
            for one in existing.iter().filter(|one| one.parent == parent.name) {
                if one.day < days.over_before {
                    swept.dropped += u64::from(discard(&mut client, parent, one.day).await?);
                } else if one.has_room && one.day < *days.needed.start() {
                    close(&client, parent, one.day).await?;
                }
            }
        }
        loop {
            let removed = prune(&client, self.now_ns()).await?;
            swept.pruned += removed.iter().sum::<u64>();
            if removed.iter().all(|count| *count < PAGE.unsigned_abs()) {
                return Ok(swept);
            }
        }
    }
}

impl Lifetimes {
    fn days(&self, parent: Parent, now_ns: i64, keep_events: Duration) -> Days {
        // What begins now ends then; what is in a partition has ended when its day is over.
        let (first_ns, ahead, over_ns) = if parent.name == "token_events" {
            let keep_ns = i64::try_from(keep_events.as_nanos()).unwrap_or(i64::MAX);
            (now_ns, EVENT_DAYS_AHEAD, now_ns - keep_ns)
        } else {
            (now_ns + self.absolute_ns, DAYS_AHEAD, now_ns - KEPT_NS)
        };
        let first = first_ns / DAY_NS;
        Days { needed: first..=first + ahead, over_before: over_ns / DAY_NS }
    }
}

/// A partition that there is.
pub(crate) struct Partition {
    parent: String,
    day: i64,
    has_room: bool,
}

/// The time, and the partitions there are.
pub(crate) async fn read(client: &Client, now_ns: Option<i64>) -> Result<(i64, Vec<Partition>)> {
    let rows = client.query_typed(PARTITIONS, &[(&now_ns, Type::INT8)]).await?;
    let mut existing = Vec::new();
    for row in &rows {
        let (parent, child): (Option<String>, Option<&str>) = (row.try_get(1)?, row.try_get(2)?);
        let (Some(parent), Some(child)) = (parent, child) else { continue };
        // One that somebody has attached under another name is his to drop.
        let day = child.strip_prefix(&*parent).and_then(|rest| rest.strip_prefix("_p"));
        if let Some(day) = day.and_then(|day| day.parse().ok()) {
            existing.push(Partition { parent, day, has_room: row.try_get(3)? });
        }
    }
    let now_ns = rows.first().expect("at least the time comes back").try_get(0)?;
    Ok((now_ns, existing))
}

/// Attaching takes a lock that nobody who reads or writes waits for; creating it in its place would
/// not.
async fn make(client: &mut Client, parent: Parent, day: i64, now_ns: i64) -> Result<bool> {
    let Parent { name, settings, bound } = parent;
    let (from, to) = (bound(day), bound(day + 1));
    let table = format!("pgstead.{name}_p{day}");
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let (_, existing) = read(transaction.client(), Some(now_ns)).await?;
    if existing.iter().any(|one| one.parent == name && one.day == day) {
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

/// Nothing is inserted into it any more.
async fn close(client: &Client, parent: Parent, day: i64) -> Result<()> {
    let close = format!("alter table if exists pgstead.{}_p{day} {CLOSED}", parent.name);
    client.batch_execute(&close).await?;
    Ok(())
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

async fn prune(client: &Client, now_ns: Option<i64>) -> Result<[u64; 4]> {
    let ns = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    let session_ns = ns(LONGEST_SESSION);
    let parameters = [
        (&now_ns as _, Type::INT8),
        (&ns(REVOCATION_MARGIN) as _, Type::INT8),
        (&session_ns as _, Type::INT8),
        (&session_ns as _, Type::INT8),
        (&PAGE as _, Type::INT8),
    ];
    let row = client.query_typed_one(PRUNE, &parameters).await?;
    let mut removed = [0; 4];
    for (index, count) in removed.iter_mut().enumerate() {
        *count = u64::try_from(row.try_get::<_, i64>(index)?).unwrap_or_default();
    }
    Ok(removed)
}
