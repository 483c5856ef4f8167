//! Events: published, and shown with where they were sent.

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use pgstead_webhooks::{
    DeliveryInfo, Event, InvalidEvent, MOST_PUBLISHED, NewEvent, PublishError, Published,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{at, unknown_event, wrong};
use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
};

/// One event, or several as `events`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct PublishRequest {
    events: Option<Vec<EventRequest>>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "given")]
    payload: Option<Box<RawValue>>,
    id: Option<String>,
    tenant: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct EventRequest {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "given")]
    payload: Option<Box<RawValue>>,
    id: Option<String>,
    tenant: Option<String>,
}

/// What came of publishing: an event, or several.
#[derive(Serialize)]
#[serde(untagged)]
pub enum PublishedResponse {
    /// Of one.
    One(PublishedJson),
    /// Of several, in their order.
    Several {
        /// They.
        events: Vec<PublishedJson>,
    },
}

/// What came of publishing an event.
#[derive(Serialize)]
pub struct PublishedJson {
    id: String,
    new: bool,
    deliveries: u64,
}

/// An event as it is shown.
#[derive(Serialize)]
pub struct EventResponse {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    tenant: Option<String>,
    published_at: Timestamp,
    payload: Box<RawValue>,
    deliveries: Vec<DeliveryJson>,
}

#[derive(Serialize)]
struct DeliveryJson {
    endpoint: String,
    state: &'static str,
    attempts: u32,
    changed_at: Timestamp,
    next_at: Option<Timestamp>,
}

/// `null` is a payload, too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
}

pub(super) async fn publish(
    State(app): State<App>,
    Json(request): Json<PublishRequest>,
) -> Result<(StatusCode, Answer<PublishedResponse>), Problem> {
    let webhooks = app.sending()?;
    let (requests, several) = request.split()?;
    let mut events = Vec::with_capacity(requests.len());
    for (place, request) in requests.into_iter().enumerate() {
        let event = request.event(webhooks.config().largest_payload);
        events.push(event.map_err(|problem| {
            if several { problem.with("pointer", format!("#/events/{place}")) } else { problem }
        })?);
    }
    let mut published = webhooks.publish_all(events).await.map_err(refused)?;
    let response = if several {
        PublishedResponse::several(published)
    } else {
        PublishedResponse::one(published.swap_remove(0))
    };
    Ok((StatusCode::CREATED, Answer(response)))
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Answer<EventResponse>, Problem> {
    let event = app.sending()?.event(&id).await?;
    event.map(EventResponse::new).map(Answer).ok_or_else(unknown_event)
}

impl PublishRequest {
    /// The events, and whether they were named as several.
    fn split(self) -> Result<(Vec<EventRequest>, bool), Problem> {
        let Self { events, kind, payload, id, tenant } = self;
        let one = EventRequest { kind, payload, id, tenant };
        match events {
            None => Ok((vec![one], false)),
            Some(_) if !one.is_empty() => Err(wrong("events", "stand alone")),
            Some(events) if (1..=MOST_PUBLISHED).contains(&events.len()) => Ok((events, true)),
            Some(_) => Err(wrong("events", format_args!("have 1 to {MOST_PUBLISHED} elements"))),
        }
    }
}

impl EventRequest {
    fn is_empty(&self) -> bool {
        let Self { kind, payload, id, tenant } = self;
        kind.is_none() && payload.is_none() && id.is_none() && tenant.is_none()
    }

    fn event(self, largest: usize) -> Result<NewEvent, Problem> {
        let kind = self.kind.ok_or_else(|| wrong("type", "be given"))?;
        let payload = self.payload.ok_or_else(|| wrong("payload", "be given"))?;
        let size = payload.get().len();
        if size > largest {
            return Err(invalid(&InvalidEvent::TooLarge { size, most: largest }));
        }
        let mut event = NewEvent::new(&kind, payload).map_err(|it| invalid(&it))?;
        if let Some(id) = self.id {
            event = event.id(&id).map_err(|it| invalid(&it))?;
        }
        if let Some(tenant) = self.tenant {
            event = event.tenant(&tenant).map_err(|it| invalid(&it))?;
        }
        Ok(event)
    }
}

/// Which member it is about, and how it is wrong.
fn invalid(invalid: &InvalidEvent) -> Problem {
    let (status, field) = match invalid {
        InvalidEvent::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "payload"),
        InvalidEvent::Type(_) => (StatusCode::BAD_REQUEST, "type"),
        InvalidEvent::Id => (StatusCode::BAD_REQUEST, "id"),
        InvalidEvent::Tenant => (StatusCode::BAD_REQUEST, "tenant"),
        _ => (StatusCode::BAD_REQUEST, "events"),
    };
    Problem::new(status, invalid.to_string()).with("field", field)
}

pub(super) fn refused(error: PublishError) -> Problem {
    match error {
        PublishError::Store(error) => error.into(),
        PublishError::Invalid(it) => invalid(&it),
        other => Problem::bad_request(other.to_string()),
    }
}

impl PublishedResponse {
    /// Of one.
    #[must_use]
    pub fn one(published: Published) -> Self {
        Self::One(PublishedJson::of(published))
    }

    /// Of several.
    #[must_use]
    pub fn several(published: Vec<Published>) -> Self {
        Self::Several { events: published.into_iter().map(PublishedJson::of).collect() }
    }
}

impl PublishedJson {
    fn of(published: Published) -> Self {
        let Published { id, is_new, deliveries, .. } = published;
        Self { id, new: is_new, deliveries }
    }
}

impl EventResponse {
    /// It.
    #[must_use]
    pub fn new(event: Event) -> Self {
        let delivery = |one: DeliveryInfo| DeliveryJson {
            endpoint: one.endpoint.to_string(),
            state: one.state.as_str(),
            attempts: one.attempts,
            changed_at: at(one.changed_at),
            next_at: one.next_at.map(at),
        };
        Self {
            id: event.id,
            kind: event.kind,
            tenant: event.tenant,
            published_at: at(event.published_at),
            payload: event.payload,
            deliveries: event.deliveries.into_iter().map(delivery).collect(),
        }
    }
}
