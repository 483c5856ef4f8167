//! Events: published once, and sent to every endpoint that wants them.
//!
//! An event is stored and becomes a delivery, a job of the queue, for each of its endpoints in one statement.
//! Those that are published at the same time share it, and its commit.

use std::{
    error, fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use pgstead_store::{
    Db, Parameter, Result, Session, Wait, Work,
    tokio_postgres::{Client, Row, error::SqlState, types::Type},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{EndpointId, EventId, Webhooks, endpoint::is_tenant};

pub(crate) const SQL: &str = include_str!("../sql/publish.sql");

/// What the types of pgstead's own events begin with.
pub(crate) const OWN: &str = "pgstead.";
/// The type of an event that an endpoint is tested with.
pub const TEST: &str = "pgstead.test";
/// The longest type, and the longest id, in bytes.
const LONGEST: usize = 255;
/// The most events of one call.
pub const MOST_PUBLISHED: usize = 1000;

/// What kind of event it is: words with full stops in between, such as `order.paid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventType(Box<str>);

/// An event to publish.
#[derive(Clone, Debug)]
pub struct NewEvent {
    kind: EventType,
    payload: Box<str>,
    key: Option<Box<str>>,
    tenant: Box<str>,
    only_to: Option<EndpointId>,
}

/// What came of publishing an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// What its receivers know it by.
    pub id: String,
    /// Whether it is a new one; else one that was published before with the same id, which stays as it was.
    pub is_new: bool,
    /// To how many endpoints it is sent.
    pub deliveries: u64,
}

/// It cannot be published.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidEvent {
    /// The type is none, or begins with `pgstead.`.
    Type(String),
    /// The id is none.
    Id,
    /// The tenant is none.
    Tenant,
    /// The payload is larger than [`Config::largest_payload`](crate::Config::largest_payload).
    TooLarge {
        /// Its size, in bytes of JSON.
        size: usize,
        /// The most.
        most: usize,
    },
    /// More than [`MOST_PUBLISHED`] at once.
    TooMany,
}

/// An event was not published, or it is not known whether it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum PublishError {
    /// It cannot be.
    Invalid(InvalidEvent),
    /// PostgreSQL did not answer, or refused.
    Store(pgstead_store::Error),
}

impl EventType {
    /// Words of letters, digits, `_` and `-`, with full stops in between; 255 bytes at most.
    pub fn new(text: &str) -> Result<Self, InvalidEvent> {
        let is_word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        };
        if text.len() <= LONGEST && text.split('.').all(is_word) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidEvent::Type(text.to_owned()))
        }
    }

    /// Its words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NewEvent {
    /// One of a type, whose payload is the body of the requests, byte for byte.
    pub fn new(kind: &str, payload: Box<RawValue>) -> Result<Self, InvalidEvent> {
        let kind = EventType::new(kind)?;
        if kind.as_str().starts_with(OWN) {
            return Err(InvalidEvent::Type(kind.0.into()));
        }
        let payload = Box::<str>::from(payload);
        Ok(Self { kind, payload, key: None, tenant: "".into(), only_to: None })
    }

    /// One of pgstead's own.
    pub(crate) fn own(kind: &'static str, payload: String) -> Self {
        let (kind, payload) = (EventType(kind.into()), payload.into());
        Self { kind, payload, key: None, tenant: "".into(), only_to: None }
    }

    /// By that id it is published once: letters, digits, `_`, `-` and `:`, 255 bytes at most. Its receivers see
    /// it as `webhook-id`.
    pub fn id(mut self, key: &str) -> Result<Self, InvalidEvent> {
        let is_one = |b: u8| b.is_ascii_alphanumeric() || b"_-:".contains(&b);
        if key.is_empty() || key.len() > LONGEST || !key.bytes().all(is_one) {
            return Err(InvalidEvent::Id);
        }
        self.key = Some(key.into());
        Ok(self)
    }

    /// For the endpoints of that tenant alone.
    pub fn tenant(mut self, tenant: &str) -> Result<Self, InvalidEvent> {
        if !is_tenant(tenant) {
            return Err(InvalidEvent::Tenant);
        }
        self.tenant = tenant.into();
        Ok(self)
    }

    pub(crate) fn of_tenant(mut self, tenant: impl Into<Box<str>>) -> Self {
        self.tenant = tenant.into();
        self
    }

    pub(crate) fn only_to(mut self, endpoint: EndpointId) -> Self {
        self.only_to = Some(endpoint);
        self
    }
}

impl Webhooks {
    /// Publishes an event. When this returns it is on the disk.
    pub async fn publish(&self, event: NewEvent) -> Result<Published, PublishError> {
        Ok(self.publish_all(vec![event]).await?.swap_remove(0))
    }

    /// Publishes events, all or none. The answers are in their order.
    pub async fn publish_all(&self, events: Vec<NewEvent>) -> Result<Vec<Published>, PublishError> {
        self.check(&events)?;
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let ask = Ask::new(events);
        let (lanes, patience) = (&self.inner.publishes, self.inner.config.patience);
        match lanes.ask(ask.clone(), patience).await {
            // A day has begun that nobody has made partitions for.
            Err(error) if is_unplaced(&error) => {
                self.keep_house().await?;
                let ask = Ask::new(ask.events);
                Ok(lanes.ask(ask, patience).await?)
            }
            published => Ok(published?),
        }
    }

    /// Publishes events on a connection of the caller's: in his transaction, if he gives that of one. After its
    /// commit [`wake`](Self::wake) has them sent at once; else they are within the queue's poll.
    pub async fn publish_in(
        &self,
        client: &Client,
        events: &[NewEvent],
    ) -> Result<Vec<Published>, PublishError> {
        self.check(events)?;
        if events.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.publish_rows(client, events).await?)
    }

    /// Has what was published be sent now: after the commit of what [`publish_in`](Self::publish_in) was part of.
    pub fn wake(&self) {
        self.inner.queue.wake();
    }

    /// Sends an event of the type [`TEST`] to an endpoint, whatever types it wants. None: there is no such
    /// endpoint. To one that is disabled nothing is sent.
    pub async fn test(&self, endpoint: EndpointId) -> Result<Option<Published>, PublishError> {
        let Some(found) = self.endpoint(endpoint).await? else { return Ok(None) };
        let payload = serde_json::json!({
            "type": TEST,
            "data": { "endpoint": endpoint.to_string() },
        });
        let event = NewEvent::own(TEST, payload.to_string())
            .of_tenant(found.tenant.unwrap_or_default())
            .only_to(endpoint);
        self.publish(event).await.map(Some)
    }

    pub(crate) async fn publish_rows(
        &self,
        client: &Client,
        events: &[NewEvent],
    ) -> Result<Vec<Published>> {
        let columns = Columns::of(events.iter());
        let rows = client.query_typed(SQL, &columns.parameters()).await?;
        rows.iter().zip(events).map(|(row, event)| Published::read(row, event)).collect()
    }

    fn check(&self, events: &[NewEvent]) -> Result<(), InvalidEvent> {
        if events.len() > MOST_PUBLISHED {
            return Err(InvalidEvent::TooMany);
        }
        let most = self.inner.config.largest_payload;
        match events.iter().map(|event| event.payload.len()).find(|size| *size > most) {
            Some(size) => Err(InvalidEvent::TooLarge { size, most }),
            None => Ok(()),
        }
    }
}

/// Whether there was no partition for it.
fn is_unplaced(error: &pgstead_store::Error) -> bool {
    error.sql_state() == Some(&SqlState::CHECK_VIOLATION)
}

impl Published {
    fn read(row: &Row, event: &NewEvent) -> Result<Self> {
        let id = EventId(row.try_get(0)?);
        let id = event.key.as_deref().map_or_else(|| id.to_string(), ToOwned::to_owned);
        let deliveries = row.try_get::<_, i64>(2)?.unsigned_abs();
        Ok(Self { id, is_new: row.try_get(1)?, deliveries })
    }
}

/// Events of one caller.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    events: Vec<NewEvent>,
    order: u64,
}

#[derive(Debug)]
pub(crate) struct Lanes {
    pub(crate) db: Db,
    pub(crate) queue: pgstead_queue::Queue<crate::deliver::Delivery>,
}

impl Ask {
    fn new(events: Vec<NewEvent>) -> Self {
        static ORDER: AtomicU64 = AtomicU64::new(0);
        Self { events, order: ORDER.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Work for Lanes {
    type Ask = Ask;
    type Answer = Vec<Published>;
    type Session = Session;

    /// No two are of one row: they stand in the order of their coming.
    fn row(&self, ask: &Ask) -> u128 {
        ask.order.into()
    }

    async fn open(&self) -> Result<Session> {
        let mut session = self.db.session().await?;
        session.look_up_by_key().await?;
        Ok(session)
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(
        &self,
        session: &mut Session,
        asks: &[Ask],
        wait: Wait,
    ) -> Result<Vec<Vec<Published>>> {
        let events = || asks.iter().flat_map(|ask| &ask.events);
        let columns = Columns::of(events());
        let rows = session.pipeline(&[(SQL, &columns.parameters()[..])], wait).await?;
        let rows = rows.first().map(Vec::as_slice).unwrap_or_default();
        let mut published =
            rows.iter().zip(events()).map(|(row, event)| Published::read(row, event));
        let mut answers = Vec::with_capacity(asks.len());
        for ask in asks {
            answers.push(published.by_ref().take(ask.events.len()).collect::<Result<Vec<_>>>()?);
        }
        self.queue.wake();
        Ok(answers)
    }
}

/// Events, as the statement has them.
struct Columns<'a> {
    keys: Vec<Option<&'a str>>,
    types: Vec<&'a str>,
    tenants: Vec<&'a str>,
    payloads: Vec<&'a str>,
    only_to: Vec<Option<Uuid>>,
}

impl<'a> Columns<'a> {
    fn of(events: impl Iterator<Item = &'a NewEvent>) -> Self {
        let (mut keys, mut types, mut tenants) = (Vec::new(), Vec::new(), Vec::new());
        let (mut payloads, mut only_to) = (Vec::new(), Vec::new());
        for event in events {
            keys.push(event.key.as_deref());
            types.push(event.kind.as_str());
            tenants.push(&*event.tenant);
            payloads.push(&*event.payload);
            only_to.push(event.only_to.map(|endpoint| endpoint.0));
        }
        Self { keys, types, tenants, payloads, only_to }
    }

    fn parameters(&self) -> [Parameter<'_>; 5] {
        [
            (&self.keys, Type::TEXT_ARRAY),
            (&self.types, Type::TEXT_ARRAY),
            (&self.tenants, Type::TEXT_ARRAY),
            (&self.payloads, Type::TEXT_ARRAY),
            (&self.only_to, Type::UUID_ARRAY),
        ]
    }
}

impl From<InvalidEvent> for PublishError {
    fn from(invalid: InvalidEvent) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<pgstead_store::Error> for PublishError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(text) => write!(
                f,
                "{text:?} is no type of events: words of letters, digits, _ and -, with full stops in \
                 between, 255 bytes at most, such as order.paid; {OWN} is for pgstead's own"
            ),
            Self::Id => f.write_str("an id has 1 to 255 letters, digits, _, - and :"),
            Self::Tenant => f.write_str("a tenant has 1 to 255 bytes and no control characters"),
            Self::TooLarge { size, most } => write!(
                f,
                "the payload has {size} bytes, and at most {most} are taken; send where it is instead, or \
                 raise webhooks.largest_payload"
            ),
            Self::TooMany => write!(f, "at most {MOST_PUBLISHED} events are published at once"),
        }
    }
}

impl error::Error for InvalidEvent {}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for PublishError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Store(error) => error.source(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload() -> Box<RawValue> {
        RawValue::from_string("{}".to_owned()).unwrap()
    }

    #[test]
    fn what_cannot_be_published_is_said_before() {
        for wrong in ["", ".", "a.", "a b", "a\n", "é", "a*", "pgstead.x", &"a".repeat(256)] {
            assert!(NewEvent::new(wrong, payload()).is_err(), "{wrong}");
        }
        let event = || NewEvent::new("order.paid_2-x", payload()).unwrap();
        for wrong in ["", "a.b", "a b", "é", "a\r\n", &"a".repeat(256)] {
            assert_eq!(event().id(wrong).unwrap_err(), InvalidEvent::Id, "{wrong}");
        }
        assert!(event().id("order:42_x-1").is_ok());
        assert!(event().tenant("").is_err() && event().tenant("a\nb").is_err());
        assert!(event().tenant("Acme, Inc.").is_ok());
    }
}
