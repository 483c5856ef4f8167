//! Where "now" comes from: the database, unless a test holds the clock. And patience.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::time::timeout;

use crate::error::{Error, Kind, Result};

/// Where "now" comes from.
///
/// Time is the database's, so that many processes with clocks of their own agree. A statement
/// takes it as `coalesce($n, clock_timestamp())`; what a [`ManualClock`] says goes into `$n`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Clock {
    /// PostgreSQL's clock.
    #[default]
    Database,
    /// A clock that stands until it is moved, for tests.
    Manual(ManualClock),
}

impl Clock {
    /// Nanoseconds since 1970, or `None` where the database is to say.
    #[must_use]
    pub fn now_ns(&self) -> Option<i64> {
        match self {
            Self::Database => None,
            Self::Manual(clock) => Some(clock.now_ns()),
        }
    }
}

/// A clock that stands until it is moved; its clones are the same clock.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `since_epoch` after 1970. One beyond the year 2262 shows that year.
    #[must_use]
    pub fn new(since_epoch: Duration) -> Self {
        Self(Arc::new(AtomicI64::new(ns(since_epoch))))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(ns(by), Ordering::Relaxed);
    }

    /// Moves it back, as a clock that is corrected, or a failover, may.
    pub fn turn_back(&self, by: Duration) {
        self.0.fetch_sub(ns(by), Ordering::Relaxed);
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub fn now_ns(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Gives up on what takes longer. Whether it took effect is not known then.
pub async fn within<T>(patience: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    match timeout(patience, work).await {
        Ok(done) => done,
        Err(_elapsed) => Err(Error::new(Kind::Patience { after: patience })),
    }
}

fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
