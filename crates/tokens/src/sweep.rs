//! Keeps house: makes partitions ahead, drops those in which all is over, and prunes the rest.

use std::time::Duration;

use pgstead_store::{
    Result,
    days::{self, DAY_NS, Days, Parent, Partition},
    tokio_postgres::{Client, types::Type},
};

use crate::{Tokens, config::LONGEST_SESSION, lanes::Lifetimes};

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

/// So many days without this job do no harm: sessions begin.
const DAYS_AHEAD: i64 = 3;
/// The same of events, without which nothing can be done, not even revoked. An empty one costs nobody
/// anything.
const EVENT_DAYS_AHEAD: i64 = 14;
/// Sessions that live lie in about as many partitions. A statement that refreshes opens all of them, which
/// costs more than the refreshes when there is one for each of 90 days; and each is dropped later the fewer
/// there are.
const PARTITIONS: i64 = 8;
/// How long a day is kept after it is over: somebody's clock may be behind.
const KEPT_NS: i64 = 3_600_000_000_000;
/// How long a revocation is kept after the last access token from before it has expired.
const REVOCATION_MARGIN: Duration = Duration::from_mins(5);
/// The most rows that a statement removes of each kind.
const PAGE: i64 = 10_000;
/// A partition has room for the next version of each of its rows, so that every update is HOT.
///
/// PostgreSQL prunes a page whenever less of it is free than that, which here is after each update: a
/// tenth of the whole. So when nothing is inserted any more the room is given up in word; it stays.
const WITH_ROOM: &str = "with (fillfactor = 50)";
const CLOSED: &str = "set (fillfactor = 95)";
/// How that room stands in a partition's settings.
const ROOM: &str = "fillfactor=50";

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

impl Tokens {
    /// Makes the partitions of the coming days, drops those in which all is over, and removes what
    /// nobody needs any more. A process does this by itself every now and then.
    pub async fn keep_house(&self) -> Result<Swept> {
        let mut client = self.inner.db.client().await?;
        let (now_ns, existing) = read(&client, self.now_ns()).await?;
        let mut swept = Swept::default();
        for parent in PARENTS {
            let days = self.inner.lifetimes.days(parent, now_ns, self.inner.keep_events);
            let kept = days::keep(&mut client, parent, &days, &existing).await?;
            swept.made += kept.made;
            swept.dropped += kept.dropped;
            for one in existing.iter().filter(|one| one.parent == parent.name) {
                let full = days.over_before < one.days.end && one.days.end <= *days.needed.start();
                if full && one.settings.iter().any(|setting| setting == ROOM) {
                    close(&client, one).await?;
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
        let (first_ns, ahead, together, over_ns) = if parent.name == "token_events" {
            let keep_ns = i64::try_from(keep_events.as_nanos()).unwrap_or(i64::MAX);
            (now_ns, EVENT_DAYS_AHEAD, 1, now_ns - keep_ns)
        } else {
            let together = (self.absolute_ns / DAY_NS / PARTITIONS).max(1);
            (now_ns + self.absolute_ns, DAYS_AHEAD, together, now_ns - KEPT_NS)
        };
        let first = first_ns / DAY_NS;
        Days { needed: first..=first + ahead, together, over_before: over_ns / DAY_NS }
    }
}

/// The time, and the partitions there are.
pub(crate) async fn read(client: &Client, now_ns: Option<i64>) -> Result<(i64, Vec<Partition>)> {
    days::read(client, &PARENTS, now_ns).await
}

/// Nothing is inserted into it any more.
async fn close(client: &Client, partition: &Partition) -> Result<()> {
    let close = format!("alter table if exists pgstead.{} {CLOSED}", partition.name());
    client.batch_execute(&close).await?;
    Ok(())
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
