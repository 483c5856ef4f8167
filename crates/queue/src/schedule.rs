//! Schedules: jobs that are sent at their times.
//!
//! A schedule is a row with the next tick in it. When that is due and how it is told from others is in
//! `schedule/rule.rs` and `schedule/cron.rs`, which know neither PostgreSQL nor a clock; how one job a
//! tick is sent, in `schedule/tick.rs`.

mod cron;
mod name;
mod rule;
mod tick;

use std::{
    error, fmt,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};
use serde_json::value::RawValue;

pub use self::{
    name::{InvalidScheduleName, LONGEST_SCHEDULE_NAME, ScheduleName},
    rule::{Misfire, Schedule, When},
    tick::Ticked,
};
use crate::{
    InvalidJob, JobId, NewJob, QueueName, Queues, claim::milliseconds, json::Json, texts::Texts,
};

pub(crate) const TIME: &str = include_str!("../sql/schedule_time.sql");
pub(crate) const PUT: &str = include_str!("../sql/schedule_put.sql");
pub(crate) const REMOVE: &str = include_str!("../sql/schedule_remove.sql");
pub(crate) const PAUSE: &str = include_str!("../sql/schedule_pause.sql");
pub(crate) const LIST: &str = include_str!("../sql/schedule_list.sql");

/// Where it is told that schedules have changed.
const CHANNEL: &str = "pgstead_schedules";

/// The statements that are over no queue.
pub(crate) const STATEMENTS: [&str; 6] = [TIME, PUT, REMOVE, PAUSE, LIST, tick::DUE];

/// It cannot be a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSchedule {
    /// It is no pattern, for that reason.
    Pattern(String),
    /// There is no zone of that name.
    Zone(String),
    /// A time between ticks of less than a second or more than 366 days, or not in whole milliseconds.
    Period,
    /// An instant before 1970 or after 4999.
    Instant,
    /// Ticks are caught up with for less than a minute or more than 31 days.
    CatchUp,
    /// Its jobs have a delay or a dedup key, which the tick stands for already.
    Job,
}

/// A schedule could not be put.
#[derive(Debug)]
#[non_exhaustive]
pub enum ScheduleError {
    /// It is none that can be.
    Invalid(InvalidSchedule),
    /// What it is to send cannot be sent.
    Job(InvalidJob),
    /// PostgreSQL did not answer, or refused.
    Store(pgstead_store::Error),
}

/// A schedule that is there.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScheduleInfo {
    /// Its name.
    pub name: ScheduleName,
    /// Where it sends jobs.
    pub queue: QueueName,
    /// When it does.
    pub schedule: Schedule,
    /// What it sends.
    pub payload: Box<RawValue>,
    /// The headers of that: group and priority, too.
    pub headers: Option<Box<RawValue>>,
    /// When it was put first.
    pub created_at: SystemTime,
    /// Since when it does not tick, if so.
    pub paused_at: Option<SystemTime>,
    /// The tick that comes next, if there is one.
    pub next_at: Option<SystemTime>,
    /// The tick of which the last job is.
    pub last_at: Option<SystemTime>,
}

impl Queues {
    /// Puts a schedule: from now on it sends that job to that queue at its times, as long as somebody
    /// [runs schedules](Self::run_schedules). Each job has the headers `x-pgstead-schedule`, with the
    /// name, and `x-pgstead-tick`, with the instant of the tick.
    ///
    /// Whoever starts may put what is there already: nothing changes then. Where only what is sent
    /// changes, the next tick stays where it is. Whether it is new or has changed.
    ///
    /// ```no_run
    /// # async fn example(queues: pgstead_queue::Queues) -> Result<(), Box<dyn std::error::Error>> {
    /// use pgstead_queue::{NewJob, QueueName, Schedule, ScheduleName};
    ///
    /// let (name, queue) = (ScheduleName::new("report")?, QueueName::new("mail")?);
    /// let nightly = Schedule::cron("30 2 * * *", "Europe/Berlin")?;
    /// queues.schedule(&name, &queue, &nightly, &NewJob::new("the report")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn schedule(
        &self,
        name: &ScheduleName,
        queue: &QueueName,
        schedule: &Schedule,
        job: &NewJob,
    ) -> Result<bool, ScheduleError> {
        if !job.delay.is_zero() || job.dedup.is_some() {
            return Err(InvalidSchedule::Job.into());
        }
        job.at_most(self.config().largest_payload)?;
        // Whoever may make none may use those that are there.
        if !self.is_there(queue).await? {
            self.ensure(queue).await?;
        }
        let client = self.db().client().await?;
        let now: SystemTime = client.query_typed_one(TIME, &[]).await?.try_get(0)?;
        let now = Timestamp::try_from(now).unwrap_or(Timestamp::MAX);
        let first = schedule.first(now).map(SystemTime::from);
        let headers = job.all_headers();
        let columns = Columns::of(schedule);
        let parameters: [Parameter<'_>; 12] = [
            (&name.as_str(), Type::TEXT),
            (&queue.as_str(), Type::TEXT),
            (&job.payload, Type::JSONB),
            (&headers, Type::JSONB),
            (&columns.cron, Type::TEXT),
            (&columns.zone, Type::TEXT),
            (&columns.every_ms, Type::INT8),
            (&columns.once_at, Type::TIMESTAMPTZ),
            (&columns.misfire, Type::TEXT),
            (&columns.within_ms, Type::INT8),
            (&first, Type::TIMESTAMPTZ),
            (&CHANNEL, Type::TEXT),
        ];
        Ok(!client.query_typed(PUT, &parameters).await?.is_empty())
    }

    /// Removes a schedule. Jobs that it has sent stay. Whether there was one.
    pub async fn unschedule(&self, name: &ScheduleName) -> Result<bool> {
        let client = self.db().client().await?;
        Ok(client.execute_typed(REMOVE, &[(&name.as_str(), Type::TEXT)]).await? > 0)
    }

    /// All schedules, by name.
    pub async fn schedules(&self) -> Result<Vec<ScheduleInfo>> {
        self.list_schedules(None).await
    }

    /// The schedule of that name, if there is one.
    pub async fn find_schedule(&self, name: &ScheduleName) -> Result<Option<ScheduleInfo>> {
        Ok(self.list_schedules(Some(name)).await?.pop())
    }

    /// A schedule does not tick any more until it is resumed. Whether there is one.
    pub async fn pause_schedule(&self, name: &ScheduleName) -> Result<bool> {
        self.set_schedule_paused(name, true).await
    }

    /// Lets a schedule go on. What becomes of the ticks meanwhile is what its [`Misfire`] says. Whether
    /// there is one.
    pub async fn resume_schedule(&self, name: &ScheduleName) -> Result<bool> {
        self.set_schedule_paused(name, false).await
    }

    /// Sends the job of a schedule now, whether it is paused or not. Its ticks stay as they are. Nothing
    /// comes back if there is none.
    pub async fn schedule_now(&self, name: &ScheduleName) -> Result<Option<JobId>> {
        // It may send to another queue by then.
        while let Some(info) = self.find_schedule(name).await? {
            let parameters: [Parameter<'_>; 2] =
                [(&name.as_str(), Type::TEXT), (&info.queue.as_str(), Type::TEXT)];
            let client = self.db().client().await?;
            let text = Texts::of(&info.queue).schedule_send;
            if let Some(row) = client.query_typed(text, &parameters).await?.first() {
                self.wakes().wake(&info.queue);
                return Ok(Some(JobId(row.try_get(0)?)));
            }
        }
        Ok(None)
    }

    async fn set_schedule_paused(&self, name: &ScheduleName, paused: bool) -> Result<bool> {
        let parameters: [Parameter<'_>; 3] =
            [(&name.as_str(), Type::TEXT), (&paused, Type::BOOL), (&CHANNEL, Type::TEXT)];
        Ok(!self.db().client().await?.query_typed(PAUSE, &parameters).await?.is_empty())
    }

    async fn list_schedules(&self, only: Option<&ScheduleName>) -> Result<Vec<ScheduleInfo>> {
        let only = only.map(ScheduleName::as_str);
        let rows = self.db().client().await?.query_typed(LIST, &[(&only, Type::TEXT)]).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let names = (ScheduleName::new(row.try_get(0)?), QueueName::new(row.try_get(1)?));
            // Whoever puts others there has them to himself.
            let ((Ok(name), Ok(queue)), Some(schedule)) = (names, read(&row, 2)?) else { continue };
            all.push(ScheduleInfo {
                name,
                queue,
                schedule,
                payload: row.try_get::<_, Json>(8)?.0,
                headers: row.try_get::<_, Option<Json>>(9)?.map(|headers| headers.0),
                created_at: row.try_get(10)?,
                paused_at: row.try_get(11)?,
                next_at: row.try_get(12)?,
                last_at: row.try_get(13)?,
            });
        }
        Ok(all)
    }
}

/// A schedule as it stands in the table.
#[derive(Default)]
struct Columns<'a> {
    cron: Option<&'a str>,
    zone: Option<&'a str>,
    every_ms: Option<i64>,
    once_at: Option<SystemTime>,
    misfire: &'static str,
    within_ms: Option<i64>,
}

impl<'a> Columns<'a> {
    fn of(schedule: &'a Schedule) -> Self {
        let mut columns = Self::default();
        match schedule.when() {
            When::Cron { pattern, zone } => {
                (columns.cron, columns.zone) = (Some(pattern), Some(zone));
            }
            When::Every(period) => columns.every_ms = Some(milliseconds(period)),
            When::OnceAt(instant) => columns.once_at = Some(instant),
        }
        columns.misfire = match schedule.on_misfire() {
            Misfire::Skip => "skip",
            Misfire::RunOnce => "run-once",
            Misfire::CatchUp(within) => {
                columns.within_ms = Some(milliseconds(within));
                "catch-up"
            }
        };
        columns
    }
}

/// The schedule in a row, from that column on. None: it is not one that this build understands.
fn read(row: &Row, at: usize) -> Result<Option<Schedule>> {
    let (pattern, zone): (Option<&str>, Option<&str>) = (row.try_get(at)?, row.try_get(at + 1)?);
    let every_ms: Option<i64> = row.try_get(at + 2)?;
    let once_at: Option<SystemTime> = row.try_get(at + 3)?;
    let schedule = match (pattern, zone, every_ms, once_at) {
        (Some(pattern), Some(zone), None, None) => Schedule::cron(pattern, zone),
        (None, None, Some(every_ms), None) => Schedule::every(from_ms(every_ms)),
        (None, None, None, Some(instant)) => Schedule::once_at(instant),
        _ => return Ok(None),
    };
    let within_ms: Option<i64> = row.try_get(at + 5)?;
    let misfire = match (row.try_get(at + 4)?, within_ms) {
        ("skip", None) => Misfire::Skip,
        ("run-once", None) => Misfire::RunOnce,
        ("catch-up", Some(within_ms)) => Misfire::CatchUp(from_ms(within_ms)),
        _ => return Ok(None),
    };
    Ok(schedule.and_then(|schedule| schedule.misfire(misfire)).ok())
}

fn from_ms(ms: i64) -> Duration {
    Duration::from_millis(ms.max(0).unsigned_abs())
}

impl fmt::Display for InvalidSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern(why) => write!(f, "it is no cron pattern: {why}"),
            Self::Zone(zone) => {
                write!(f, "{zone:?} is no time zone; write for example \"Europe/Berlin\"")
            }
            Self::Period => {
                f.write_str("a schedule ticks every 1 s to 366 days, in whole milliseconds")
            }
            Self::Instant => f.write_str("an instant must be between 1970 and 5000"),
            Self::CatchUp => f.write_str("ticks are caught up with for 1 minute to 31 days"),
            Self::Job => f.write_str("the jobs of a schedule have no delay and no dedup key"),
        }
    }
}

impl error::Error for InvalidSchedule {}

impl From<InvalidSchedule> for ScheduleError {
    fn from(invalid: InvalidSchedule) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<InvalidJob> for ScheduleError {
    fn from(invalid: InvalidJob) -> Self {
        Self::Job(invalid)
    }
}

impl From<pgstead_store::Error> for ScheduleError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<pgstead_store::tokio_postgres::Error> for ScheduleError {
    fn from(error: pgstead_store::tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Job(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for ScheduleError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Job(invalid) => invalid.source(),
            Self::Store(error) => error.source(),
        }
    }
}
