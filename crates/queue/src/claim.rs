//! Claims jobs, and removes those that are done, in one round trip.

use std::time::{Duration, SystemTime};

use pgstead_store::{
    Parameter, Result, Session, Wait,
    tokio_postgres::{
        Client, Row,
        types::{Timestamp, Type},
    },
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{JobId, QueueName, cursor::From, job::Priority, json::Json, texts::Texts};

/// A job that was claimed: nobody else is given it until the claim lapses.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Its number in its queue.
    pub id: JobId,
    /// How often it has been claimed, this time included. With [`id`](Self::id) it stands for the claim.
    pub attempt: u32,
    /// When it was sent.
    pub enqueued_at: SystemTime,
    payload: Option<Json>,
    headers: Option<Json>,
    known: Known,
}

/// The headers that mean something to us. The others are left as they are, whatever they are.
#[derive(Clone, Debug, Default, Deserialize)]
struct Known {
    #[serde(rename = "x-pgmq-group")]
    group: Option<Value>,
    #[serde(rename = "x-pgstead-priority")]
    priority: Option<Value>,
}

/// What a claim stands for in the statements: the job, and which claim of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Claim {
    pub(crate) id: i64,
    pub(crate) read_ct: i32,
}

/// What is asked.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    /// Ascending.
    pub(crate) done: &'a [Claim],
    pub(crate) most: usize,
    pub(crate) lease: Duration,
    pub(crate) from: From,
}

impl<'a> Turn<'a> {
    /// One that claims nothing.
    pub(crate) fn nothing(done: &'a [Claim], lease: Duration) -> Self {
        Self { done, most: 0, lease, from: From::Beginning }
    }
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Looked {
    /// By priority, and then as they were sent.
    pub(crate) claimed: Vec<Claimed>,
    /// The jobs that were done and are gone now.
    pub(crate) removed: Vec<i64>,
    pub(crate) due_at: Option<SystemTime>,
    pub(crate) now: SystemTime,
}

/// Where statements are run.
pub(crate) enum On<'a> {
    Session(&'a mut Session),
    Client(&'a Client),
}

impl On<'_> {
    pub(crate) async fn run(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>> {
        match self {
            Self::Session(session) => session.query(sql, parameters, Wait::Sleep).await,
            Self::Client(client) => Ok(client.query_typed(sql, parameters).await?),
        }
    }
}

/// Takes a turn at a queue.
pub(crate) async fn turn(
    on: &mut On<'_>,
    queue: &QueueName,
    texts: &'static Texts,
    turn: &Turn<'_>,
) -> Result<Looked> {
    let (ids, claims) = split(turn.done);
    let most = i32::try_from(turn.most).unwrap_or(i32::MAX);
    let lease_ms = milliseconds(turn.lease);
    let from = match turn.from {
        From::Beginning => Timestamp::NegInfinity,
        From::Instant(instant) => Timestamp::Value(instant),
    };
    let parameters: [Parameter<'_>; 6] = [
        (&ids, Type::INT8_ARRAY),
        (&claims, Type::INT4_ARRAY),
        (&most, Type::INT4),
        (&lease_ms, Type::INT8),
        (&from, Type::TIMESTAMPTZ),
        (&queue.as_str(), Type::TEXT),
    ];
    let rows = on.run(texts.claim, &parameters).await?;
    let (last, jobs) = rows.split_last().expect("the last row always comes");
    let mut claimed: Vec<Claimed> = jobs.iter().map(Claimed::read).collect::<Result<_>>()?;
    claimed.sort_by_key(|job| (job.priority(), job.id));
    Ok(Looked {
        claimed,
        removed: last.try_get(5)?,
        due_at: last.try_get(6)?,
        now: last.try_get(7)?,
    })
}

impl Claimed {
    fn read(row: &Row) -> Result<Self> {
        let headers: Option<Json> = row.try_get(4)?;
        let known = headers.as_ref().map(|headers| serde_json::from_str(headers.0.get()));
        Ok(Self {
            id: JobId(row.try_get(0)?),
            attempt: row.try_get::<_, i32>(1)?.unsigned_abs(),
            enqueued_at: row.try_get(2)?,
            payload: row.try_get(3)?,
            headers,
            // What is no object has no members.
            known: known.and_then(Result::ok).unwrap_or_default(),
        })
    }

    /// The payload, as it was sent. `null` if it was sent without one by `pgmq.send`.
    #[must_use]
    pub fn payload(&self) -> &str {
        self.payload.as_ref().map_or("null", |payload| payload.0.get())
    }

    /// The same, to keep.
    #[must_use]
    pub fn into_payload(self) -> Box<RawValue> {
        self.payload.map_or_else(|| RawValue::NULL.to_owned(), |payload| payload.0)
    }

    /// The headers, those of pgmq and pgstead included.
    #[must_use]
    pub fn headers(&self) -> Option<&RawValue> {
        self.headers.as_ref().map(|headers| &*headers.0)
    }

    /// The group, if it is of one.
    #[must_use]
    pub fn group(&self) -> Option<String> {
        // PostgreSQL has it as the text of whatever stands there.
        match self.known.group.as_ref()? {
            Value::Null => None,
            Value::String(group) => Some(group.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The priority.
    #[must_use]
    pub fn priority(&self) -> Priority {
        let level = self.known.priority.as_ref().and_then(|level| match level {
            Value::String(level) => level.parse().ok(),
            level => level.as_u64().and_then(|level| u8::try_from(level).ok()),
        });
        level.and_then(Priority::of_level).unwrap_or_default()
    }

    pub(crate) fn claim(&self) -> Claim {
        Claim { id: self.id.0, read_ct: i32::try_from(self.attempt).unwrap_or(i32::MAX) }
    }
}

/// As the statements have them.
pub(crate) fn split(claims: &[Claim]) -> (Vec<i64>, Vec<i32>) {
    claims.iter().map(|claim| (claim.id, claim.read_ct)).unzip()
}

pub(crate) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
