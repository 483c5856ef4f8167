//! Ticks: sends the jobs that are due, over however many processes one job a tick.
//!
//! Whoever sees that a schedule is due works out which tick comes after, and says so in the statement
//! that sends the job: an update of the schedule's row as he has seen it. Of many one finds it so. One
//! that dies before has done nothing, and one that dies after all. What was changed meanwhile is
//! another revision.

use std::{
    collections::HashSet,
    pin::pin,
    time::{Duration, SystemTime},
};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use pgstead_store::{
    Chain, Parameter, Result,
    tokio_postgres::{Row, types::Type},
    within,
};
use tokio::time::{Instant, sleep_until};
use tracing::{debug, info, warn};

use super::{CHANNEL, Schedule, read, rule::Step};
use crate::{QueueName, Queues, texts::Texts};

pub(super) const DUE: &str = include_str!("../../sql/schedule_due.sql");

/// So many schedules are looked at at once.
const PAGE: i64 = 1000;
/// How often it is looked without being told.
const LOOK: Duration = Duration::from_secs(1);

/// What was due, and what will be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ticked {
    /// How many jobs were sent here.
    pub sent: u64,
    /// How long until the next tick, if there is one.
    pub next_in: Option<Duration>,
}

/// A schedule as it was seen.
struct Seen {
    name: String,
    queue: QueueName,
    schedule: Schedule,
    revision: i64,
    next_at: Timestamp,
}

impl Queues {
    /// Sends the jobs of all schedules when they are due, until `stop` ends. Any number of processes may
    /// do that, and one has to.
    pub async fn run_schedules(&self, stop: impl Future<Output = ()>) {
        let mut changes = self.hub().subscribe(CHANNEL);
        let mut stop = pin!(stop);
        let (mut is_away, mut strange) = (false, HashSet::new());
        loop {
            // A tick is one statement: it does not matter where this is given up.
            let ticked = tokio::select! {
                biased;
                () = &mut stop => return,
                ticked = within(self.config().patience, self.tick_all(&mut strange)) => ticked,
            };
            let pause = match ticked {
                Ok(ticked) => {
                    if is_away {
                        info!("PostgreSQL answers again: schedules tick");
                    }
                    is_away = false;
                    // Rounded up: looked at too early it would not be due.
                    let next_in = ticked.next_in.map(|time| time + Duration::from_millis(1));
                    next_in.map_or(LOOK, |time| time.min(LOOK))
                }
                Err(error) => {
                    if !is_away {
                        warn!(error = %Chain(&error), "schedules do not tick");
                    }
                    is_away = true;
                    LOOK
                }
            };
            let until = Instant::now() + pause;
            tokio::select! {
                biased;
                () = &mut stop => return,
                _ = changes.next() => while changes.next().now_or_never().is_some() {},
                () = sleep_until(until) => {}
            }
        }
    }

    /// Sends the jobs of all schedules that are due now: what [`run_schedules`](Self::run_schedules) does
    /// again and again.
    pub async fn tick(&self) -> Result<Ticked> {
        self.tick_all(&mut HashSet::new()).await
    }

    /// `strange` are those that were complained of.
    async fn tick_all(&self, strange: &mut HashSet<String>) -> Result<Ticked> {
        let mut ticked = Ticked::default();
        loop {
            let client = self.db().client().await?;
            let rows = client.query_typed(DUE, &[(&PAGE, Type::INT8)]).await?;
            drop(client);
            let Some(first) = rows.first() else { return Ok(ticked) };
            let now = timestamp(first.try_get(10)?);
            let (mut was_due, mut failed) = (false, false);
            ticked.next_in = None;
            for row in &rows {
                let Some(mut seen) = Seen::read(row, strange)? else { continue };
                let mut is_ours = true;
                while is_ours && seen.next_at <= now {
                    was_due = true;
                    match self.tick_one(&seen, now).await {
                        Ok(one) => {
                            is_ours = one.is_ours && one.next.is_some();
                            ticked.sent += u64::from(one.is_ours && one.is_run);
                            seen.next_at = one.next.unwrap_or(seen.next_at);
                        }
                        Err(error) if error.is_unavailable() => return Err(error),
                        // Somebody has dropped the queue, as a rule. The others do not wait for it.
                        Err(error) => {
                            warn!(schedule = seen.name, error = %Chain(&error), "a schedule does not tick");
                            failed = true;
                            self.make(&seen.queue).await?;
                            break;
                        }
                    }
                }
                if seen.next_at > now {
                    let time = seen.next_at.duration_since(now).unsigned_abs();
                    let soonest = ticked.next_in.unwrap_or(time);
                    ticked.next_in = Some(soonest.min(time));
                }
            }
            if failed || !was_due {
                return Ok(ticked);
            }
        }
    }

    async fn tick_one(&self, seen: &Seen, now: Timestamp) -> Result<One> {
        let (next, is_run) = match seen.schedule.step(seen.next_at, now) {
            Step::Run { next } => (next, true),
            Step::LeaveOut { next } => (next, false),
        };
        let (tick, next_at) = (SystemTime::from(seen.next_at), next.map(SystemTime::from));
        let parameters: [Parameter<'_>; 5] = [
            (&seen.name, Type::TEXT),
            (&seen.revision, Type::INT8),
            (&tick, Type::TIMESTAMPTZ),
            (&next_at, Type::TIMESTAMPTZ),
            (&is_run, Type::BOOL),
        ];
        let text = Texts::of(&seen.queue).schedule_tick;
        let row = self.db().client().await?.query_typed_one(text, &parameters).await?;
        let is_ours: bool = row.try_get(0)?;
        if is_ours && is_run {
            self.wakes().wake(&seen.queue);
            let job: Option<i64> = row.try_get(1)?;
            debug!(schedule = seen.name, tick = %seen.next_at, job, "a schedule ticked");
        } else if is_ours {
            let next = next.map(tracing::field::display);
            info!(schedule = seen.name, tick = %seen.next_at, next, "ticks were missed and are left out");
        }
        Ok(One { is_ours, is_run, next })
    }
}

/// What came of a tick.
struct One {
    is_ours: bool,
    is_run: bool,
    next: Option<Timestamp>,
}

impl Seen {
    /// None: this build does not understand it. Another may, and it is told of once.
    fn read(row: &Row, strange: &mut HashSet<String>) -> Result<Option<Self>> {
        let name: String = row.try_get(0)?;
        let queue = QueueName::new(row.try_get(1)?);
        let (Ok(queue), Some(schedule)) = (queue, read(row, 2)?) else {
            if strange.insert(name.clone()) {
                warn!(schedule = name, "a schedule is not understood, and does not tick here");
            }
            return Ok(None);
        };
        let next_at = timestamp(row.try_get(8)?);
        Ok(Some(Self { name, queue, schedule, revision: row.try_get(9)?, next_at }))
    }
}

/// PostgreSQL's times reach further than any calendar.
fn timestamp(instant: SystemTime) -> Timestamp {
    Timestamp::try_from(instant).unwrap_or(Timestamp::MAX)
}
