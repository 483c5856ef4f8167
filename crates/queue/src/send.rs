//! Sends jobs: those that are sent at the same time in one statement.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use pgstead_store::{
    Db, Parameter, Query, Result, Session, Wait, Work,
    tokio_postgres::{
        Client, Row,
        types::{ToSql, Type},
    },
};

use crate::{
    InvalidJob, JobId, NewJob, QueueName, claim::milliseconds, json::Json, texts::Texts,
    wake::Wakes,
};

/// What came of sending a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The job's number in its queue.
    pub id: JobId,
    /// Whether it is a new one; else the one that was sent before with the same
    /// [dedup key](NewJob::dedup).
    pub is_new: bool,
}

/// A job could not be sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendError {
    /// It is none that can be.
    Invalid(InvalidJob),
    /// It is not known whether it was.
    Store(pgstead_store::Error),
}

/// Jobs of one caller for one queue: one, or several without dedup keys.
#[derive(Debug)]
pub(crate) struct Ask {
    texts: &'static Texts,
    queue: QueueName,
    jobs: Vec<NewJob>,
    order: u64,
}

#[derive(Debug)]
pub(crate) struct Lanes {
    pub(crate) db: Db,
    pub(crate) wakes: Arc<Wakes>,
}

impl Ask {
    pub(crate) fn new(queue: QueueName, texts: &'static Texts, jobs: Vec<NewJob>) -> Self {
        static ORDER: AtomicU64 = AtomicU64::new(0);
        Self { texts, queue, jobs, order: ORDER.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Work for Lanes {
    type Ask = Ask;
    type Answer = Vec<Sent>;
    type Session = Session;

    /// No two are of one row. Those of a queue stand together, in the order of their coming.
    fn row(&self, ask: &Ask) -> u128 {
        u128::from(ask.texts.number) << 64 | u128::from(ask.order)
    }

    async fn open(&self) -> Result<Session> {
        self.db.session().await
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(
        &self,
        session: &mut Session,
        asks: &[Ask],
        wait: Wait,
    ) -> Result<Vec<Vec<Sent>>> {
        let statements: Vec<Statement<'_>> = asks
            .chunk_by(|one, other| one.texts.number == other.texts.number)
            .flat_map(Statement::all_of)
            .collect();
        let parameters: Vec<Vec<Parameter<'_>>> =
            statements.iter().map(Statement::parameters).collect();
        let queries: Vec<Query<'_>> = statements
            .iter()
            .zip(&parameters)
            .map(|(statement, parameters)| (statement.text(), &parameters[..]))
            .collect();
        let rows = session.pipeline(&queries, wait).await?;
        let mut answers: Vec<Vec<Sent>> =
            asks.iter().map(|ask| Vec::with_capacity(ask.jobs.len())).collect();
        let mut first = 0;
        for (statement, rows) in statements.iter().zip(&rows) {
            // Statements of a queue come in the order of its asks, and cover them one after another.
            statement.read(rows, &mut answers, &mut first)?;
        }
        for asks in asks.chunk_by(|one, other| one.texts.number == other.texts.number) {
            self.wakes.wake(&asks[0].queue);
        }
        Ok(answers)
    }
}

/// Those of a queue that go in one statement: all but those with a key.
enum Statement<'a> {
    Many {
        text: &'static str,
        payloads: Vec<&'a Json>,
        headers: Vec<Option<Json>>,
        delays_ms: Vec<i64>,
        /// How many of whom.
        counts: Vec<usize>,
    },
    Once {
        text: &'static str,
        payload: &'a Json,
        headers: Option<Json>,
        delay_ms: i64,
        queue: &'a str,
        key: &'a str,
        for_ms: i64,
    },
}

impl<'a> Statement<'a> {
    fn all_of(asks: &'a [Ask]) -> Vec<Self> {
        let mut all = Vec::with_capacity(1);
        for ask in asks {
            if let [job] = &ask.jobs[..]
                && let Some((key, time)) = &job.dedup
            {
                all.push(Self::Once {
                    text: ask.texts.send_once,
                    payload: &job.payload,
                    headers: job.all_headers(),
                    delay_ms: job.delay_ms(),
                    queue: ask.queue.as_str(),
                    key,
                    for_ms: milliseconds(*time),
                });
                continue;
            }
            if !matches!(all.last(), Some(Self::Many { .. })) {
                let most = asks.len();
                all.push(Self::Many {
                    text: ask.texts.send,
                    payloads: Vec::with_capacity(most),
                    headers: Vec::with_capacity(most),
                    delays_ms: Vec::with_capacity(most),
                    counts: Vec::with_capacity(most),
                });
            }
            let Some(Self::Many { payloads, headers, delays_ms, counts, .. }) = all.last_mut()
            else {
                unreachable!("it has just been seen to")
            };
            counts.push(ask.jobs.len());
            for job in &ask.jobs {
                payloads.push(&job.payload);
                headers.push(job.all_headers());
                delays_ms.push(job.delay_ms());
            }
        }
        all
    }

    fn text(&self) -> &'static str {
        match self {
            Self::Many { text, .. } | Self::Once { text, .. } => text,
        }
    }

    fn parameters(&self) -> Vec<Parameter<'_>> {
        match self {
            Self::Many { payloads, headers, delays_ms, .. } => vec![
                (payloads, Type::JSONB_ARRAY),
                (headers, Type::JSONB_ARRAY),
                (delays_ms, Type::INT8_ARRAY),
            ],
            Self::Once { payload, headers, delay_ms, queue, key, for_ms, .. } => vec![
                (*payload as &(dyn ToSql + Sync), Type::JSONB),
                (headers, Type::JSONB),
                (delay_ms, Type::INT8),
                (queue, Type::TEXT),
                (key, Type::TEXT),
                (for_ms, Type::INT8),
            ],
        }
    }

    /// Adds what came back to the answers, of which those up to `first` are complete.
    fn read(&self, rows: &[Row], answers: &mut [Vec<Sent>], first: &mut usize) -> Result<()> {
        match self {
            Self::Many { counts, .. } => {
                let mut rows = rows.iter();
                for count in counts {
                    for row in rows.by_ref().take(*count) {
                        answers[*first].push(Sent { id: JobId(row.try_get(0)?), is_new: true });
                    }
                    *first += 1;
                }
            }
            Self::Once { .. } => {
                let row = rows.first().expect("a row comes back for a key");
                answers[*first].push(read_once(row)?);
                *first += 1;
            }
        }
        Ok(())
    }
}

fn read_once(row: &Row) -> Result<Sent> {
    Ok(Sent { id: JobId(row.try_get(0)?), is_new: row.try_get(1)? })
}

/// Sends a job on a connection of the caller's, as part of his transaction if there is one.
pub(crate) async fn send_in(
    client: &Client,
    queue: &QueueName,
    texts: &'static Texts,
    job: &NewJob,
) -> Result<Sent> {
    let (headers, delay_ms) = (job.all_headers(), job.delay_ms());
    let Some((key, time)) = &job.dedup else {
        let parameters: [Parameter<'_>; 3] = [
            (&vec![&job.payload], Type::JSONB_ARRAY),
            (&vec![headers], Type::JSONB_ARRAY),
            (&vec![delay_ms], Type::INT8_ARRAY),
        ];
        let row = client.query_typed_one(texts.send, &parameters).await?;
        return Ok(Sent { id: JobId(row.try_get(0)?), is_new: true });
    };
    let for_ms = milliseconds(*time);
    let parameters: [Parameter<'_>; 6] = [
        (&job.payload as _, Type::JSONB),
        (&headers as _, Type::JSONB),
        (&delay_ms as _, Type::INT8),
        (&queue.as_str() as _, Type::TEXT),
        (&&**key as _, Type::TEXT),
        (&for_ms as _, Type::INT8),
    ];
    read_once(&client.query_typed_one(texts.send_once, &parameters).await?)
}

impl From<InvalidJob> for SendError {
    fn from(invalid: InvalidJob) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<pgstead_store::Error> for SendError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for SendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid(invalid) => invalid.source(),
            Self::Store(error) => error.source(),
        }
    }
}
