//! Endpoints: who looks after them.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
    time::Duration,
};

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::Timestamp;
use pgstead_webhooks::{
    Changes, Endpoint, EndpointError, InvalidEndpoint, NewEndpoint, Rate, Secret, SignatureKind,
};
use serde::{Deserialize, Deserializer, Serialize};

use super::{FEW, at, endpoint_id, events, unknown_endpoint, wrong};
use crate::{
    api::{
        extract::{Json, Path, Query},
        webhooks::PublishedResponse,
    },
    app::App,
    error::Problem,
};

/// An endpoint to create.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointRequest {
    url: String,
    tenant: Option<String>,
    description: Option<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    signatures: Option<Vec<String>>,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    #[serde(default)]
    fifo: bool,
    concurrency: Option<u32>,
    rate: Option<RateJson>,
}

/// What is to be different.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRequest {
    url: Option<String>,
    #[expect(clippy::option_option, reason = "null is not the same as nothing")]
    #[serde(default, deserialize_with = "given")]
    description: Option<Option<String>>,
    types: Option<Vec<String>>,
    headers: Option<BTreeMap<String, String>>,
    fifo: Option<bool>,
    concurrency: Option<u32>,
    #[expect(clippy::option_option, reason = "null is not the same as nothing")]
    #[serde(default, deserialize_with = "given")]
    rate: Option<Option<RateJson>>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RateJson {
    count: NonZeroU32,
    per_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateRequest {
    kind: Option<String>,
    secret: Option<String>,
    overlap_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listing {
    tenant: Option<String>,
    after: Option<String>,
    most: Option<u32>,
}

/// An endpoint as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct EndpointResponse {
    id: String,
    url: String,
    tenant: Option<String>,
    description: Option<String>,
    types: Vec<String>,
    headers: Vec<String>,
    signatures: Vec<SignatureJson>,
    fifo: bool,
    concurrency: u32,
    rate: Option<RateJson>,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
    disabled_because: Option<&'static str>,
    failing_since: Option<Timestamp>,
    /// What its receiver needs, when it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    secrets: Option<Vec<SecretResponse>>,
}

#[derive(Serialize)]
struct SignatureJson {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// What a receiver needs. It is shown once.
#[derive(Serialize)]
pub struct SecretResponse {
    kind: &'static str,
    secret: String,
}

/// Endpoints.
#[derive(Serialize)]
pub struct EndpointsResponse {
    endpoints: Vec<EndpointResponse>,
    /// Where to go on, if there may be more.
    after: Option<String>,
}

/// `null` is given, too.
#[expect(clippy::option_option, reason = "null is not the same as nothing")]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub(super) async fn create(
    State(app): State<App>,
    Json(request): Json<EndpointRequest>,
) -> Result<(StatusCode, Answer<EndpointResponse>), Problem> {
    let webhooks = app.sending()?;
    let created = webhooks.create(&request.endpoint()?).await.map_err(refused)?;
    let Some(endpoint) = webhooks.endpoint(created.id).await? else {
        // Somebody has removed it already.
        return Err(unknown_endpoint());
    };
    let response = EndpointResponse::new(endpoint).with_secrets(&created.secrets);
    Ok((StatusCode::CREATED, Answer(response)))
}

pub(super) async fn list(
    State(app): State<App>,
    Query(listing): Query<Listing>,
) -> Result<Answer<EndpointsResponse>, Problem> {
    let after = listing.after.as_deref().map(endpoint_id).transpose()?;
    let most = listing.most.unwrap_or(FEW);
    let endpoints = app.sending()?.endpoints(listing.tenant.as_deref(), after, most).await?;
    Ok(Answer(EndpointsResponse::new(endpoints, most)))
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Answer<EndpointResponse>, Problem> {
    let endpoint = app.sending()?.endpoint(endpoint_id(&id)?).await?;
    endpoint.map(EndpointResponse::new).map(Answer).ok_or_else(unknown_endpoint)
}

pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(request): Json<ChangeRequest>,
) -> Result<Answer<EndpointResponse>, Problem> {
    let id = endpoint_id(&id)?;
    let webhooks = app.sending()?;
    if !webhooks.change(id, &request.changes()).await.map_err(refused)? {
        return Err(unknown_endpoint());
    }
    let endpoint = webhooks.endpoint(id).await?;
    endpoint.map(EndpointResponse::new).map(Answer).ok_or_else(unknown_endpoint)
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    done(app.sending()?.remove(endpoint_id(&id)?).await?)
}

pub(super) async fn enable(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    done(app.sending()?.enable(endpoint_id(&id)?).await?)
}

pub(super) async fn disable(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (webhooks, id) = (app.sending()?, endpoint_id(&id)?);
    // One that is disabled already is, whoever did it.
    let is_there = webhooks.disable(id).await? || webhooks.endpoint(id).await?.is_some();
    done(is_there)
}

pub(super) async fn rotate_secret(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(request): Json<RotateRequest>,
) -> Result<(StatusCode, Answer<SecretResponse>), Problem> {
    let kind = request.kind.as_deref().map_or(Ok(SignatureKind::V1), kind)?;
    let overlap = request.overlap_ms.map(Duration::from_millis);
    let id = endpoint_id(&id)?;
    let brought = request.secret.as_deref();
    let rotated = app.sending()?.rotate_secret(id, kind, brought, overlap).await;
    match rotated.map_err(refused)? {
        Some(secret) => Ok((StatusCode::CREATED, Answer(SecretResponse::new(kind, &secret)))),
        None => Err(unknown_endpoint()),
    }
}

pub(super) async fn test(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Answer<PublishedResponse>), Problem> {
    let published = app.sending()?.test(endpoint_id(&id)?).await;
    match published.map_err(events::refused)? {
        Some(published) => Ok((StatusCode::CREATED, Answer(PublishedResponse::one(published)))),
        None => Err(unknown_endpoint()),
    }
}

impl EndpointRequest {
    fn endpoint(self) -> Result<NewEndpoint, Problem> {
        let mut endpoint = NewEndpoint::new(self.url);
        endpoint.tenant = self.tenant;
        endpoint.description = self.description;
        endpoint.types = self.types;
        endpoint.headers = self.headers;
        if let Some(words) = self.signatures {
            endpoint.signatures =
                words.iter().map(|word| kind(word)).collect::<Result<BTreeSet<_>, _>>()?;
        }
        for (word, secret) in self.secrets {
            endpoint.secrets.insert(kind(&word)?, secret);
        }
        endpoint.fifo = self.fifo;
        endpoint.concurrency = self.concurrency.unwrap_or(endpoint.concurrency);
        endpoint.rate = self.rate.map(RateJson::rate);
        Ok(endpoint)
    }
}

impl ChangeRequest {
    fn changes(self) -> Changes {
        let mut changes = Changes::default();
        changes.url = self.url;
        changes.description = self.description.map(Option::unwrap_or_default);
        changes.types = self.types;
        changes.headers = self.headers;
        changes.fifo = self.fifo;
        changes.concurrency = self.concurrency;
        changes.rate = self.rate.map(|rate| rate.map(RateJson::rate));
        changes
    }
}

impl RateJson {
    fn rate(self) -> Rate {
        Rate { count: self.count, per: Duration::from_millis(self.per_ms) }
    }

    fn of(rate: Rate) -> Self {
        let per_ms = u64::try_from(rate.per.as_millis()).unwrap_or(u64::MAX);
        Self { count: rate.count, per_ms }
    }
}

impl EndpointResponse {
    /// It.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        let signature = |one: pgstead_webhooks::Signature| SignatureJson {
            kind: one.kind.as_str(),
            public_key: one.public_key,
            created_at: at(one.created_at),
            expires_at: one.expires_at.map(at),
        };
        Self {
            id: endpoint.id.to_string(),
            url: endpoint.url,
            tenant: endpoint.tenant,
            description: endpoint.description,
            types: endpoint.types,
            headers: endpoint.headers,
            signatures: endpoint.signatures.into_iter().map(signature).collect(),
            fifo: endpoint.fifo,
            concurrency: endpoint.concurrency,
            rate: endpoint.rate.map(RateJson::of),
            created_at: at(endpoint.created_at),
            disabled_at: endpoint.disabled.map(|(since, _)| at(since)),
            disabled_because: endpoint.disabled.map(|(_, reason)| reason.as_str()),
            failing_since: endpoint.failing_since.map(at),
            secrets: None,
        }
    }

    /// With what its receiver needs, of one that was just created.
    #[must_use]
    pub fn with_secrets(mut self, secrets: &[(SignatureKind, Secret)]) -> Self {
        let of = |(kind, secret): &(SignatureKind, Secret)| SecretResponse::new(*kind, secret);
        self.secrets = Some(secrets.iter().map(of).collect());
        self
    }
}

impl SecretResponse {
    /// It.
    #[must_use]
    pub fn new(kind: SignatureKind, secret: &Secret) -> Self {
        Self { kind: kind.as_str(), secret: secret.reveal().to_owned() }
    }
}

impl EndpointsResponse {
    /// These, of which at most so many were asked for.
    #[must_use]
    pub fn new(endpoints: Vec<Endpoint>, most: u32) -> Self {
        let last = endpoints.last().map(|endpoint| endpoint.id.to_string());
        let is_full = u32::try_from(endpoints.len()).is_ok_and(|count| count >= most.min(1000));
        let after = if is_full { last } else { None };
        Self { endpoints: endpoints.into_iter().map(EndpointResponse::new).collect(), after }
    }
}

fn kind(word: &str) -> Result<SignatureKind, Problem> {
    word.parse().map_err(|unknown: pgstead_webhooks::UnknownSignature| {
        Problem::bad_request(unknown.to_string()).with("field", "signatures")
    })
}

fn done(is_there: bool) -> Result<StatusCode, Problem> {
    if is_there { Ok(StatusCode::NO_CONTENT) } else { Err(unknown_endpoint()) }
}

fn refused(error: EndpointError) -> Problem {
    let invalid = match error {
        EndpointError::Store(error) => return error.into(),
        EndpointError::Invalid(invalid) => invalid,
        other => return Problem::bad_request(other.to_string()),
    };
    let field = match &invalid {
        InvalidEndpoint::Field { field, must } => return wrong(field, must),
        InvalidEndpoint::Url(_) => "url",
        InvalidEndpoint::Type(_) => "types",
        InvalidEndpoint::Header(_) => "headers",
        _ => "secrets",
    };
    Problem::bad_request(invalid.to_string()).with("field", field)
}
