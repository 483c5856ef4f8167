//! Attempts: kept, and listed.

use std::time::{Duration, SystemTime};

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};
use serde_json::value::RawValue;

use crate::{AttemptId, EndpointId, EventId, Webhooks};

pub(crate) const OF_ENDPOINT: &str = include_str!("../sql/attempts_of_endpoint.sql");
pub(crate) const FAILED: &str = include_str!("../sql/attempts_failed.sql");
pub(crate) const OF_EVENT: &str = include_str!("../sql/attempts_of_event.sql");
pub(crate) const FIND: &str = include_str!("../sql/event_find.sql");
pub(crate) const DELIVERIES: &str = include_str!("../sql/event_deliveries.sql");

/// The most attempts, or deliveries, that are listed at once.
pub const MOST_ATTEMPTS: u32 = 1000;

/// A request that was made, and what came of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Names it; its request had it as `X-Request-Id`.
    pub id: AttemptId,
    /// Of which event.
    pub event: EventId,
    /// To which endpoint.
    pub endpoint: EndpointId,
    /// Which attempt at this delivery it was, counted from 1.
    pub number: u32,
    /// When it began.
    pub at: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// What was wrong, as the word of a [`Failure`](crate::Failure). None: it succeeded.
    pub failure: Option<String>,
    /// `X-Request-Id` of the response.
    pub request_id: Option<String>,
    /// The beginning of the response.
    pub body: String,
}

/// An event that was published.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// What its receivers know it by.
    pub id: String,
    /// What we know it by.
    pub number: EventId,
    /// What kind it is.
    pub kind: String,
    /// Whose it is.
    pub tenant: Option<String>,
    /// The body of its requests.
    pub payload: Box<RawValue>,
    /// When it was published.
    pub published_at: SystemTime,
    /// Where it was sent, and how far that is. At most [`MOST_ATTEMPTS`].
    pub deliveries: Vec<DeliveryInfo>,
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeliveryInfo {
    /// To which endpoint.
    pub endpoint: EndpointId,
    /// How far it is.
    pub state: DeliveryState,
    /// How many attempts there were.
    pub attempts: u32,
    /// Since when.
    pub changed_at: SystemTime,
    /// When it is tried again, if an attempt has failed.
    pub next_at: Option<SystemTime>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is on its way.
    Pending,
    /// The endpoint has it.
    Delivered,
    /// It is not tried any more.
    Failed,
    /// Its endpoint was disabled when it came.
    Missed,
}

/// Which attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attempts {
    /// Those at an endpoint.
    OfEndpoint(EndpointId),
    /// Those of them that failed.
    Failed(EndpointId),
    /// Those at an event.
    OfEvent(EventId),
}

impl Webhooks {
    /// Attempts, the newest first: those before one, if one is named. At most [`MOST_ATTEMPTS`].
    pub async fn attempts(
        &self,
        which: Attempts,
        before: Option<AttemptId>,
        most: u32,
    ) -> Result<Vec<Attempt>> {
        let (sql, of) = match which {
            Attempts::OfEndpoint(endpoint) => (OF_ENDPOINT, endpoint.0),
            Attempts::Failed(endpoint) => (FAILED, endpoint.0),
            Attempts::OfEvent(event) => (OF_EVENT, event.0),
        };
        let most = i32::try_from(most.min(MOST_ATTEMPTS)).unwrap_or(i32::MAX);
        let parameters: [Parameter<'_>; 3] =
            [(&of, Type::UUID), (&before.map(|id| id.0), Type::UUID), (&most, Type::INT4)];
        let client = self.inner.db.client().await?;
        client.query_typed(sql, &parameters).await?.iter().map(Attempt::read).collect()
    }

    /// An event, by the id that its receivers know it by, and where it was sent.
    pub async fn event(&self, id: &str) -> Result<Option<Event>> {
        let number = id.parse::<EventId>().ok().map(|id| id.0);
        let client = self.inner.db.client().await?;
        let parameters: [Parameter<'_>; 2] = [(&id, Type::TEXT), (&number, Type::UUID)];
        let rows = client.query_typed(FIND, &parameters).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let number = EventId(row.try_get(0)?);
        let most = i32::try_from(MOST_ATTEMPTS).unwrap_or(i32::MAX);
        let parameters: [Parameter<'_>; 2] = [(&number.0, Type::UUID), (&most, Type::INT4)];
        let deliveries = client.query_typed(DELIVERIES, &parameters).await?;
        let deliveries = deliveries.iter().map(DeliveryInfo::read).collect::<Result<_>>()?;
        Event::read(row, number, deliveries).map(Some)
    }
}

impl Event {
    fn read(row: &Row, number: EventId, deliveries: Vec<DeliveryInfo>) -> Result<Self> {
        let (key, tenant): (Option<String>, String) = (row.try_get(1)?, row.try_get(3)?);
        let payload: String = row.try_get(4)?;
        Ok(Self {
            id: key.unwrap_or_else(|| number.to_string()),
            number,
            kind: row.try_get(2)?,
            tenant: (!tenant.is_empty()).then_some(tenant),
            payload: RawValue::from_string(payload).expect("it was JSON when it was stored"),
            published_at: number.published_at(),
            deliveries,
        })
    }
}

impl DeliveryInfo {
    fn read(row: &Row) -> Result<Self> {
        let state: &str = row.try_get(1)?;
        Ok(Self {
            endpoint: EndpointId(row.try_get(0)?),
            state: DeliveryState::read(state).expect("the table has no other"),
            attempts: row.try_get::<_, i32>(2)?.unsigned_abs(),
            changed_at: row.try_get(3)?,
            next_at: row.try_get(4)?,
        })
    }
}

impl Attempt {
    fn read(row: &Row) -> Result<Self> {
        let status: Option<i16> = row.try_get(6)?;
        let took_ms: i32 = row.try_get(5)?;
        Ok(Self {
            id: AttemptId(row.try_get(0)?),
            event: EventId(row.try_get(1)?),
            endpoint: EndpointId(row.try_get(2)?),
            number: row.try_get::<_, i32>(3)?.unsigned_abs(),
            at: row.try_get(4)?,
            took: Duration::from_millis(took_ms.unsigned_abs().into()),
            status: status.map(i16::unsigned_abs),
            failure: row.try_get(7)?,
            request_id: row.try_get(8)?,
            body: row.try_get(9)?,
        })
    }
}

impl DeliveryState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Missed => "missed",
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Failed, Self::Missed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}
