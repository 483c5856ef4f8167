//! What jobs say: how far they are, lines of a log, and what came of them.

use std::time::SystemTime;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};
use serde_json::{Value, value::RawValue};

use crate::{JobId, QueueName, Queues, json::Json, texts::Texts};

pub(crate) const PROGRESS: &str = include_str!("../sql/progress.sql");
pub(crate) const LOG: &str = include_str!("../sql/log.sql");
pub(crate) const LOGS: &str = include_str!("../sql/logs.sql");

/// The longest line of a job's log, in bytes; of a longer one the beginning is kept.
pub const LONGEST_LINE: usize = 8192;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobState {
    /// It could be claimed now, or waits for its turn in its group.
    Ready,
    /// It waits until it is due: it was sent with a delay, or failed and is to be tried again.
    Delayed,
    /// Somebody has claimed it.
    Claimed,
    /// It is done. Known for as long as results are kept, if it had anything to say.
    Done,
    /// It was given up by its handler.
    Discarded,
    /// It is not tried any more.
    Dead,
}

/// What is known of a job.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobInfo {
    /// Where it is.
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: u32,
    /// When it was sent, unless it has ended well.
    pub enqueued_at: Option<SystemTime>,
    /// When it ended, if it has.
    pub ended_at: Option<SystemTime>,
    /// What it is, unless it has ended well.
    pub payload: Option<Box<RawValue>>,
    /// Its headers.
    pub headers: Option<Box<RawValue>>,
    /// Why its attempts failed, an array, the last one last.
    pub errors: Option<Box<RawValue>>,
    /// What came of it.
    pub result: Option<Box<RawValue>>,
    /// How far it last said that it was, and when.
    pub progress: Option<(Box<RawValue>, SystemTime)>,
}

impl JobState {
    /// The word for it, as `ready`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Delayed => "delayed",
            Self::Claimed => "claimed",
            Self::Done => "done",
            Self::Discarded => "discarded",
            Self::Dead => "dead",
        }
    }

    pub(crate) fn read(word: &str) -> Self {
        let all =
            [Self::Ready, Self::Delayed, Self::Claimed, Self::Done, Self::Discarded, Self::Dead];
        let known = all.into_iter().find(|state| state.as_str() == word);
        known.unwrap_or_else(|| unreachable!("the statements know no state {word:?}"))
    }
}

impl Queues {
    /// What is known of a job: nothing of one that ended well without a result, or long ago.
    pub async fn find(&self, queue: &QueueName, job: JobId) -> Result<Option<JobInfo>> {
        let parameters: [Parameter<'_>; 2] = [(&queue.as_str(), Type::TEXT), (&job.0, Type::INT8)];
        let client = self.db().client().await?;
        let row = client.query_typed_one(Texts::of(queue).find, &parameters).await?;
        let state = match row.try_get::<_, Option<&str>>(0)? {
            None => return Ok(None),
            Some(state) => JobState::read(state),
        };
        let json = |at: usize| {
            Ok::<_, pgstead_store::Error>(row.try_get::<_, Option<Json>>(at)?.map(|json| json.0))
        };
        let said: Option<SystemTime> = row.try_get(9)?;
        Ok(Some(JobInfo {
            state,
            attempts: row.try_get::<_, i32>(1)?.unsigned_abs(),
            enqueued_at: row.try_get(2)?,
            ended_at: row.try_get(3)?,
            payload: json(4)?,
            headers: json(5)?,
            errors: json(6)?,
            result: json(7)?,
            progress: json(8)?.zip(said),
        }))
    }

    /// The last lines of a job's log, at most `most`, the oldest first.
    pub async fn logs(
        &self,
        queue: &QueueName,
        job: JobId,
        most: usize,
    ) -> Result<Vec<(SystemTime, String)>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let parameters: [Parameter<'_>; 3] =
            [(&queue.as_str(), Type::TEXT), (&job.0, Type::INT8), (&most, Type::INT8)];
        let rows = self.db().client().await?.query_typed(LOGS, &parameters).await?;
        let line = |row| read_line(&row);
        rows.into_iter().map(line).collect()
    }

    /// Says how far a job is: a number, or whatever its readers understand.
    pub async fn progress(&self, queue: &QueueName, job: JobId, progress: &Value) -> Result<()> {
        let progress = Json::of(progress);
        let parameters: [Parameter<'_>; 3] =
            [(&queue.as_str(), Type::TEXT), (&job.0, Type::INT8), (&progress, Type::JSONB)];
        self.db().client().await?.execute_typed(PROGRESS, &parameters).await?;
        Ok(())
    }

    /// Adds a line to a job's log, at most [`LONGEST_LINE`].
    pub async fn log(&self, queue: &QueueName, job: JobId, line: &str) -> Result<()> {
        let line = &line[..line.floor_char_boundary(LONGEST_LINE)];
        let line = line.replace('\0', "\u{fffd}");
        let parameters: [Parameter<'_>; 3] =
            [(&queue.as_str(), Type::TEXT), (&job.0, Type::INT8), (&line, Type::TEXT)];
        self.db().client().await?.execute_typed(LOG, &parameters).await?;
        Ok(())
    }
}

fn read_line(row: &pgstead_store::tokio_postgres::Row) -> Result<(SystemTime, String)> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}
