//! `/v1/sessions`, `/v1/users/{user}/sessions`, `/v1/tenants/{tenant}/sessions`

use std::{net::IpAddr, time::Duration};

use axum::{
    Json as Answer, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
    routing::{delete, get, post},
};
use jiff::Timestamp;
use pgstead_tokens::{Device, Grant, InvalidGrant, Issued, NewSession, Session, SessionId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    api::extract::{Json, Path},
    app::App,
    error::Problem,
    idempotency::once_sealed,
};

/// What the scope `tokens` is for.
pub(crate) fn routes(app: &App) -> Router<App> {
    let once = from_fn_with_state(app.clone(), once_sealed);
    Router::new()
        .route("/v1/sessions", post(begin).layer(once).delete(revoke_everybody))
        .route("/v1/sessions/{session}", get(show).delete(revoke))
        .route("/v1/users/{user}/sessions", get(list).delete(revoke_user))
        .route("/v1/tenants/{tenant}/sessions", delete(revoke_tenant))
        .layer(map_response(no_store))
}

/// Tokens, and whose they are, are in no cache (RFC 6749, 5.1).
pub(crate) async fn no_store(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeginRequest {
    user: String,
    tenant: Option<String>,
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    claims: Map<String, Value>,
    device: Option<DeviceDocument>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DeviceDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
}

/// The tokens of a session. They are members of their own, so that none is in what tells of it.
#[derive(Serialize)]
pub struct IssuedResponse {
    access_token: String,
    token_type: &'static str,
    expires_in_ms: u64,
    refresh_token: String,
    session: BegunResponse,
}

#[derive(Serialize)]
struct BegunResponse {
    id: String,
    user: String,
    expires_at: Timestamp,
}

/// A session that lives, as it is shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct SessionResponse {
    id: String,
    user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    audience: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    claims: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceDocument>,
    created_at: Timestamp,
    used_at: Timestamp,
    idle_until: Timestamp,
    expires_at: Timestamp,
}

/// The sessions of a user.
#[derive(Serialize)]
pub struct SessionsResponse {
    sessions: Vec<SessionResponse>,
}

async fn begin(
    State(app): State<App>,
    Json(request): Json<BeginRequest>,
) -> Result<(StatusCode, Answer<IssuedResponse>), Problem> {
    let new = request.session().map_err(|invalid| invalid_grant(&invalid))?;
    let issued = app.tokens()?.issue(&new).await?;
    Ok((StatusCode::CREATED, Answer(IssuedResponse::new(&issued))))
}

async fn show(
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<Answer<SessionResponse>, Problem> {
    let session = app.tokens()?.session(id(&session)?).await?;
    session.map(|session| Answer(SessionResponse::new(session))).ok_or_else(unknown)
}

async fn list(
    State(app): State<App>,
    Path(user): Path<String>,
) -> Result<Answer<SessionsResponse>, Problem> {
    let tokens = app.tokens()?;
    named(NewSession::new(&user))?;
    Ok(Answer(SessionsResponse::new(tokens.sessions(&user).await?)))
}

async fn revoke(
    State(app): State<App>,
    Path(session): Path<String>,
) -> Result<StatusCode, Problem> {
    if app.tokens()?.revoke(id(&session)?).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown())
    }
}

async fn revoke_user(
    State(app): State<App>,
    Path(user): Path<String>,
) -> Result<StatusCode, Problem> {
    let tokens = app.tokens()?;
    named(NewSession::new(&user))?;
    tokens.revoke_user(&user).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke_tenant(
    State(app): State<App>,
    Path(tenant): Path<String>,
) -> Result<StatusCode, Problem> {
    let tokens = app.tokens()?;
    named(NewSession::new("any").and_then(|new| new.tenant(&tenant)))?;
    tokens.revoke_tenant(&tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke_everybody(State(app): State<App>) -> Result<StatusCode, Problem> {
    app.tokens()?.revoke_everybody().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of whom nobody can be there, as of `/v1/users//sessions`, nobody is revoked: a slip and no success.
fn named(session: Result<NewSession, InvalidGrant>) -> Result<(), Problem> {
    session.map(drop).map_err(|invalid| invalid_grant(&invalid))
}

fn id(text: &str) -> Result<SessionId, Problem> {
    text.parse().map_err(|_invalid| unknown())
}

fn unknown() -> Problem {
    let detail = "there is no such session: it has ended, or never was";
    Problem::new(StatusCode::NOT_FOUND, detail)
}

fn invalid_grant(invalid: &InvalidGrant) -> Problem {
    Problem::bad_request(invalid.to_string()).with("field", invalid.field)
}

impl BeginRequest {
    fn session(self) -> Result<NewSession, InvalidGrant> {
        let Self { user, tenant, audience, scopes, claims, device } = self;
        let mut new = NewSession::new(&user)?.grant(&Grant { audience, scopes, claims })?;
        if let Some(tenant) = tenant {
            new = new.tenant(&tenant)?;
        }
        Ok(match device {
            Some(DeviceDocument { label, user_agent, address }) => {
                new.device(Device { label, user_agent, address })
            }
            None => new,
        })
    }
}

impl IssuedResponse {
    /// These.
    #[must_use]
    pub fn new(issued: &Issued) -> Self {
        Self {
            access_token: issued.access_token.reveal().to_owned(),
            token_type: "Bearer",
            expires_in_ms: u64::try_from(issued.expires_in.as_millis()).unwrap_or(u64::MAX),
            refresh_token: issued.refresh_token.reveal().to_owned(),
            session: BegunResponse {
                id: issued.session.to_string(),
                user: issued.user.clone(),
                expires_at: timestamp(issued.session_expires_at),
            },
        }
    }
}

impl SessionsResponse {
    /// These.
    #[must_use]
    pub fn new(sessions: Vec<Session>) -> Self {
        Self { sessions: sessions.into_iter().map(SessionResponse::new).collect() }
    }
}

impl SessionResponse {
    /// It.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let Grant { audience, scopes, claims } = session.grant;
        let Device { label, user_agent, address } = session.device.clone();
        let is_known = session.device != Device::default();
        Self {
            id: session.id.to_string(),
            user: session.user,
            tenant: session.tenant,
            audience,
            scopes,
            claims,
            device: is_known.then_some(DeviceDocument { label, user_agent, address }),
            created_at: timestamp(session.created_at),
            used_at: timestamp(session.used_at),
            idle_until: timestamp(session.idle_until),
            expires_at: timestamp(session.expires_at),
        }
    }
}

/// RFC 3339 in UTC, in whole microseconds: PostgreSQL has no more.
#[must_use]
pub fn timestamp(since_epoch: Duration) -> Timestamp {
    let us = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::MAX)
}
