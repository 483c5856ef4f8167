//! Where those who deliver get what there is to deliver, and hand in what came of it: what is asked at the
//! same time is asked in one statement.

use std::time::{Duration, SystemTime};

use pgstead_store::{
    Db, Parameter, Query, Result, Session, Wait, Work,
    tokio_postgres::{Row, types::Type},
};
use uuid::Uuid;

use crate::{
    AttemptId, DeliveryState, EndpointId, EventId, SignatureKind, endpoint::Rate,
    exchange::Exchange,
};

pub(crate) const LOAD: &str = include_str!("../sql/load.sql");
pub(crate) const RECORD: &str = include_str!("../sql/record.sql");

/// A delivery by its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) event: EventId,
    pub(crate) endpoint: EndpointId,
}

#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Load(Names),
    Record(Box<Record>),
}

pub(crate) enum Answer {
    /// What there is to deliver, if it is still there.
    Loaded(Option<Box<Loaded>>),
    /// Whether the endpoint is to be disabled.
    Recorded { is_to_be_disabled: bool },
}

/// What there is to deliver.
pub(crate) struct Loaded {
    /// What the receiver knows the event by.
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) payload: String,
    pub(crate) state: DeliveryState,
    pub(crate) url: String,
    /// Sealed, and by what.
    pub(crate) headers: Option<Vec<u8>>,
    pub(crate) headers_sealed_by: String,
    pub(crate) concurrency: usize,
    pub(crate) rate: Option<Rate>,
    pub(crate) is_disabled: bool,
    pub(crate) secrets: Vec<Sealed>,
    pub(crate) now: SystemTime,
}

pub(crate) struct Sealed {
    pub(crate) id: Uuid,
    pub(crate) kind: SignatureKind,
    pub(crate) text: Vec<u8>,
    pub(crate) by: String,
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    id: AttemptId,
    names: Names,
    status: Option<i16>,
    failure: Option<&'static str>,
    took_ms: i32,
    request_id: Option<String>,
    body: String,
    state: DeliveryState,
    next_ms: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) db: Db,
    /// After how long an endpoint that fails is to be disabled.
    pub(crate) disable_after: Duration,
}

impl Record {
    pub(crate) fn new(
        id: AttemptId,
        names: Names,
        exchange: Exchange,
        state: DeliveryState,
        next: Option<Duration>,
    ) -> Self {
        let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Self {
            id,
            names,
            status: exchange.status.and_then(|status| i16::try_from(status.as_u16()).ok()),
            failure: exchange.failure.map(crate::Failure::as_str),
            took_ms: i32::try_from(exchange.took.as_millis()).unwrap_or(i32::MAX),
            request_id: exchange.request_id,
            body: exchange.body,
            state,
            next_ms: next.map(ms),
        }
    }
}

impl Work for Desk {
    type Ask = Ask;
    type Answer = Answer;
    type Session = Session;

    fn row(&self, ask: &Ask) -> u128 {
        let Names { event, endpoint } = match ask {
            Ask::Load(names) => *names,
            Ask::Record(record) => record.names,
        };
        event.0.as_u128() ^ endpoint.0.as_u128().rotate_left(64)
    }

    async fn open(&self) -> Result<Session> {
        let mut session = self.db.session().await?;
        session.look_up_by_key().await?;
        // What is lost in a crash of PostgreSQL is the end of the job, too: it is delivered once more.
        session.commit_hastily().await?;
        Ok(session)
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(&self, session: &mut Session, asks: &[Ask], wait: Wait) -> Result<Vec<Answer>> {
        let (mut loads, mut records) = (Loads::default(), Records::default());
        for ask in asks {
            match ask {
                Ask::Load(names) => loads.add(*names),
                Ask::Record(record) => records.add(record),
            }
        }
        let after_ms = i64::try_from(self.disable_after.as_millis()).unwrap_or(i64::MAX);
        let (load, record) = (loads.parameters(), records.parameters(&after_ms));
        let mut queries: Vec<Query<'_>> = Vec::with_capacity(2);
        if !records.ids.is_empty() {
            queries.push((RECORD, &record));
        }
        if !loads.events.is_empty() {
            queries.push((LOAD, &load));
        }
        let mut answers = session.pipeline(&queries, wait).await?.into_iter();
        let recorded = if records.ids.is_empty() { None } else { answers.next() };
        let mut recorded = recorded.unwrap_or_default().into_iter();
        let mut loaded: Vec<Option<Box<Loaded>>> = Vec::new();
        loaded.resize_with(loads.events.len(), || None);
        for row in answers.next().unwrap_or_default() {
            let place: i64 = row.try_get(0)?;
            let place = usize::try_from(place - 1).unwrap_or(usize::MAX);
            if let Some(slot) = loaded.get_mut(place) {
                *slot = Some(Box::new(Loaded::read(&row)?));
            }
        }
        let mut loaded = loaded.into_iter();
        let answer = |ask: &Ask| match ask {
            Ask::Load(_) => Ok(Answer::Loaded(loaded.next().flatten())),
            Ask::Record(_) => {
                let row = recorded.next().expect("a row comes back for each");
                Ok(Answer::Recorded { is_to_be_disabled: row.try_get(0)? })
            }
        };
        asks.iter().map(answer).collect()
    }
}

#[derive(Default)]
struct Loads {
    events: Vec<Uuid>,
    endpoints: Vec<Uuid>,
}

impl Loads {
    fn add(&mut self, names: Names) {
        self.events.push(names.event.0);
        self.endpoints.push(names.endpoint.0);
    }

    fn parameters(&self) -> [Parameter<'_>; 2] {
        [(&self.events, Type::UUID_ARRAY), (&self.endpoints, Type::UUID_ARRAY)]
    }
}

#[derive(Default)]
struct Records<'a> {
    ids: Vec<Uuid>,
    events: Vec<Uuid>,
    endpoints: Vec<Uuid>,
    statuses: Vec<Option<i16>>,
    failures: Vec<Option<&'static str>>,
    took_ms: Vec<i32>,
    request_ids: Vec<Option<&'a str>>,
    bodies: Vec<&'a str>,
    states: Vec<&'static str>,
    next_ms: Vec<Option<i64>>,
}

impl<'a> Records<'a> {
    fn add(&mut self, record: &'a Record) {
        self.ids.push(record.id.0);
        self.events.push(record.names.event.0);
        self.endpoints.push(record.names.endpoint.0);
        self.statuses.push(record.status);
        self.failures.push(record.failure);
        self.took_ms.push(record.took_ms);
        self.request_ids.push(record.request_id.as_deref());
        self.bodies.push(&record.body);
        self.states.push(record.state.as_str());
        self.next_ms.push(record.next_ms);
    }

    fn parameters<'b>(&'b self, after_ms: &'b i64) -> [Parameter<'b>; 11] {
        [
            (&self.ids, Type::UUID_ARRAY),
            (&self.events, Type::UUID_ARRAY),
            (&self.endpoints, Type::UUID_ARRAY),
            (&self.statuses, Type::INT2_ARRAY),
            (&self.failures, Type::TEXT_ARRAY),
            (&self.took_ms, Type::INT4_ARRAY),
            (&self.request_ids, Type::TEXT_ARRAY),
            (&self.bodies, Type::TEXT_ARRAY),
            (&self.states, Type::TEXT_ARRAY),
            (&self.next_ms, Type::INT8_ARRAY),
            (after_ms, Type::INT8),
        ]
    }
}

impl Loaded {
    fn read(row: &Row) -> Result<Self> {
        let ids: Vec<Uuid> = row.try_get::<_, Option<_>>(12)?.unwrap_or_default();
        let kinds: Vec<&str> = row.try_get::<_, Option<_>>(13)?.unwrap_or_default();
        let sealed: Vec<Vec<u8>> = row.try_get::<_, Option<_>>(14)?.unwrap_or_default();
        let by: Vec<String> = row.try_get::<_, Option<_>>(15)?.unwrap_or_default();
        let mut secrets = Vec::with_capacity(ids.len());
        for (((id, kind), text), by) in ids.into_iter().zip(kinds).zip(sealed).zip(by) {
            let kind = kind.parse().expect("the table has no other");
            secrets.push(Sealed { id, kind, text, by });
        }
        let (key, state): (Option<String>, &str) = (row.try_get(1)?, row.try_get(4)?);
        Ok(Self {
            // The caller knows it.
            id: key.unwrap_or_default(),
            kind: row.try_get(2)?,
            payload: row.try_get(3)?,
            state: DeliveryState::read(state).expect("the table has no other"),
            url: row.try_get(5)?,
            headers: row.try_get(6)?,
            headers_sealed_by: row.try_get::<_, Option<String>>(7)?.unwrap_or_default(),
            concurrency: usize::try_from(row.try_get::<_, i32>(8)?).unwrap_or(1),
            rate: Rate::read(row.try_get(9)?, row.try_get(10)?),
            is_disabled: row.try_get(11)?,
            secrets,
            now: row.try_get(16)?,
        })
    }
}
