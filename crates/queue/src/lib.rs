//! Jobs on pgmq: sent once, done at least once, by as many workers as there are.
//!
//! A queue is one of pgmq's, so that whoever can run SQL can send: `select pgmq.send('mail', '{…}')`, as
//! part of his own transaction. What pgmq lacks is here: a worker, retries, dead letters, priorities,
//! groups, keys of which one job is sent, schedules, and results.
//!
//! ```no_run
//! use pgstead_queue::{Config, Job, NewJob, Outcome, Queue, Queues, Worker};
//! use pgstead_store::Db;
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Mail {
//!     to: String,
//! }
//!
//! # async fn example(db: Db, stop: impl Future<Output = ()>) -> Result<(), Box<dyn std::error::Error>> {
//! let queues = Queues::start(&db, Config::default())?;
//! let mails: Queue<Mail> = queues.queue("mail").await?;
//! mails.send(&Mail { to: "ada@example.com".to_owned() }).await?;
//! let job = NewJob::new(&Mail { to: "bob@example.com".to_owned() })?.group("bob")?;
//! mails.send_job(job).await?;
//!
//! Worker::new(&queues)
//!     .handle(&mails, async |job: Job<Mail>| {
//!         println!("to {}", job.payload.to);
//!         Ok::<_, std::io::Error>(Outcome::Done)
//!     })
//!     .run(stop)
//!     .await;
//! # Ok(())
//! # }
//! ```
//!
//! # What holds
//!
//! - A job whose sending was acknowledged is done at least once, or becomes a dead letter. It is done more
//!   than once only after a fault: a worker that crashed or lost PostgreSQL, or one that took longer than
//!   its [lease](Options::lease) without a sign of life.
//! - A claim is a lease and no transaction. The jobs of a worker that was killed are claimed by others
//!   when it lapses.
//! - Jobs of a [group](NewJob::group) run one after another, in the order in which they were sent.
//! - Nobody ends a job whose claim he has lost.

mod backoff;
mod claim;
mod config;
mod cursor;
mod dead;
mod end;
mod extend;
mod finish;
mod gate;
#[cfg(feature = "install")]
mod install;
mod job;
mod json;
mod list;
mod name;
mod pause;
mod peek;
mod queue;
mod report;
mod schedule;
mod send;
mod sweep;
mod texts;
mod turns;
mod wait;
mod wake;
mod worker;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pgstead_store::{Coalescer, Db, Hub, Lanes as Bounds, migrate::Line};
use tokio::time::Instant;

#[cfg(feature = "install")]
pub use crate::install::{InstallError, install, to_install};
pub use crate::{
    backoff::Backoff,
    claim::Claimed,
    config::{Config, InvalidConfig, Options},
    dead::{DeadLetter, MOST_LISTED, Which},
    finish::{Finished, Outcome},
    gate::{Admission, Gate, Pass},
    job::{
        GROUP_HEADER, InvalidJob, LONGEST_DELAY, LONGEST_KEY, NewJob, PRIORITY_HEADER, Priority,
    },
    json::unkeepable,
    list::{Counts, QueueInfo},
    name::{InvalidName, LONGEST_NAME, QueueName},
    peek::Peeked,
    queue::{OpenError, Queue},
    report::{JobInfo, JobState, LONGEST_LINE},
    schedule::{
        InvalidSchedule, InvalidScheduleName, LONGEST_SCHEDULE_NAME, Misfire, Schedule,
        ScheduleError, ScheduleInfo, ScheduleName, Ticked, When,
    },
    send::{SendError, Sent},
    sweep::Swept,
    wait::Claims,
    worker::{Job, Worker},
};
use crate::{cursor::Cursor, send::Lanes, wait::Clock, wake::Wakes};

/// The tables beside pgmq's. pgmq itself has to be there when a queue is used for the first time.
pub const MIGRATIONS: Line = Line {
    name: "queue",
    migrations: &[
        ("V1__queue", include_str!("../migrations/V1__queue.sql")),
        ("V2__schedules", include_str!("../migrations/V2__schedules.sql")),
    ],
};

/// The number of a job in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

/// Every statement: for tests that prepare them all and read their plans. Those over a queue are over one
/// named `jobs`.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let mut all = texts::all();
    all.extend(schedule::STATEMENTS);
    #[cfg(feature = "install")]
    all.extend([install::INSTALLED, install::BROUGHT_BEFORE]);
    all.extend([
        dead::LIST,
        dead::PURGE,
        list::SQL,
        pause::SQL,
        queue::KNOWN,
        report::LOG,
        report::LOGS,
        report::PROGRESS,
        sweep::SQL,
        turns::PASS,
        turns::TAKE,
        wake::NOTIFY,
    ]);
    all
}

/// The queues of a database. Cheap to clone; what it does in the background ends with the last clone.
#[derive(Clone, Debug)]
pub struct Queues {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    hub: Hub,
    lanes: Coalescer<Lanes>,
    wakes: Arc<Wakes>,
    cursors: Mutex<HashMap<QueueName, Cursor>>,
    /// Those that were there.
    seen: Mutex<HashSet<QueueName>>,
    /// Of those who wait for jobs of a queue one keeps the time.
    clocks: Mutex<HashMap<QueueName, Arc<Clock>>>,
    config: Config,
}

impl Queues {
    /// Starts what sends and what listens. The tables have to be there.
    pub fn start(db: &Db, config: Config) -> Result<Self, InvalidConfig> {
        Self::start_with(db, config, &Hub::start(db))
    }

    /// The same, for somebody who listens already.
    pub fn start_with(db: &Db, config: Config, hub: &Hub) -> Result<Self, InvalidConfig> {
        config.validate()?;
        let wakes = Arc::new(Wakes::new());
        let bounds = Bounds { count: config.lanes, ..Bounds::default() };
        let lanes = Lanes { db: db.clone(), wakes: Arc::clone(&wakes) };
        tokio::spawn(wake::tell(db.clone(), Arc::downgrade(&wakes)));
        tokio::spawn(wake::hear(Arc::downgrade(&wakes), hub.subscribe(wake::CHANNEL)));
        let lanes = Coalescer::start(lanes, bounds);
        let inner = Inner {
            db: db.clone(),
            hub: hub.clone(),
            lanes,
            wakes,
            cursors: Mutex::default(),
            seen: Mutex::default(),
            clocks: Mutex::default(),
            config,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How they behave.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// How that queue behaves.
    #[must_use]
    pub fn options(&self, queue: &QueueName) -> &Options {
        self.inner.config.options(queue)
    }

    /// Where they are.
    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    pub(crate) fn wakes(&self) -> &Wakes {
        &self.inner.wakes
    }

    pub(crate) fn lanes(&self) -> &Coalescer<Lanes> {
        &self.inner.lanes
    }

    fn cursor<T>(&self, queue: &QueueName, with: impl FnOnce(&mut Cursor) -> T) -> T {
        let mut cursors = self.inner.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        with(cursors.entry(queue.clone()).or_insert_with(|| Cursor::new(Instant::now())))
    }
}

impl Queues {
    pub(crate) fn has_seen(&self, queue: &QueueName) -> bool {
        self.seen().contains(queue)
    }

    pub(crate) fn saw(&self, queue: &QueueName) {
        self.seen().insert(queue.clone());
    }

    fn seen(&self) -> MutexGuard<'_, HashSet<QueueName>> {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clock(&self, queue: &QueueName) -> Arc<Clock> {
        let mut clocks = self.inner.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(clocks.entry(queue.clone()).or_default())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.wakes.close();
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("config", &self.config).finish_non_exhaustive()
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
