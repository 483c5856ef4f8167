//! OAuth 2.0 as far as sessions have it: the refresh grant (RFC 6749, 6), revocation (RFC 7009),
//! introspection (RFC 7662), metadata (RFC 8414), and the public keys (RFC 7517).
//!
//! Clients are public: whoever has a refresh token may use it and revoke it. To introspect takes an
//! API key with the scope `tokens`, as a bearer token or as the secret of a client of any name.

use std::time::Duration;

use axum::{
    Form, Json, Router,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64ct::{Base64, Encoding as _};
use pgstead::rate_limit::{Headers, Key, MissingKey, RateLimitLayer};
use pgstead_limits::{Algorithm, OnOutage, Policy, PolicyConfig};
use pgstead_store::{Chain, Error};
use pgstead_tokens::{Claims, Grant, Inspection, Issued, Jwk, Rotation, Session, Tokens};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tracing::{error, warn};

use super::{extract::Path, sessions::no_store};
use crate::{
    app::App,
    auth::bearer,
    error::Problem,
    keys::{Scope, Secret},
};

/// The policy that the token and the revocation endpoint take from, once for each request and by the
/// client's address.
pub const TOKEN_POLICY: &str = "oauth";
/// How long a verifier may keep the keys. The next is among them long before it signs.
const KEYS_FOR: &str = "public, max-age=300";

/// What it is where nobody has configured or stored one: ten a second from an address, which
/// may be that of a whole company.
#[must_use]
pub fn token_policy() -> Policy {
    let mut config = PolicyConfig::new(Algorithm::TokenBucket, 600, Duration::from_mins(1));
    config.on_outage = Some(OnOutage::Allow);
    Policy::new(TOKEN_POLICY, &config).expect("it is within its bounds")
}

pub(crate) fn routes(app: &App) -> Router<App> {
    // What is presented to be revoked is looked for as well, where foreign tokens were imported.
    let mut token =
        Router::new().route("/oauth/token", post(token)).route("/oauth/revoke", post(revoke));
    let key = Key::client_ip(app.client_ip.clone());
    match RateLimitLayer::new(app.limits.clone(), TOKEN_POLICY, key) {
        // Tests call the routes without a connection.
        Ok(limit) => {
            let limit = limit.headers(Headers::None).missing_key(MissingKey::Skip);
            token = token.layer(limit);
        }
        Err(_unknown) => warn!("without the policy {TOKEN_POLICY:?} nothing limits /oauth/token"),
    }
    token
        .route("/oauth/introspect", post(introspect))
        .layer(map_response(no_store))
        .route("/.well-known/jwks.json", get(jwks))
        .route("/.well-known/oauth-authorization-server", get(metadata))
        .route("/.well-known/oauth-authorization-server/{*path}", get(metadata_at))
}

/// An error as RFC 6749, 5.2 has it.
#[derive(Debug)]
struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: String,
}

#[derive(Serialize)]
struct ErrorDocument {
    error: &'static str,
    error_description: String,
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    refresh_token: Option<String>,
    scope: Option<String>,
}

/// RFC 6749, 5.1
#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    refresh_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

#[derive(Deserialize)]
struct AboutToken {
    token: Option<String>,
    client_secret: Option<String>,
}

#[derive(Serialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// RFC 8414, 2
#[derive(Serialize)]
struct Metadata {
    issuer: String,
    token_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 0],
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
}

async fn token(
    State(app): State<App>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> axum::response::Result<Json<TokenResponse>> {
    let tokens = app.tokens()?;
    let request = read(form)?;
    let refresh_token = request.refresh_token()?;
    if let Some(scope) = &request.scope {
        check_scope(tokens, &refresh_token, scope).await?;
    }
    let rotation = tokens.refresh(&refresh_token).await;
    let rotation = rotation.map_err(|error| OAuthError::of(&error))?;
    let why_not = match rotation {
        Rotation::Rotated(issued) | Rotation::Graced(issued) => {
            return Ok(Json(TokenResponse::new(&issued)));
        }
        Rotation::Reused { session, .. } => {
            warn!(%session, "a refresh token was presented again: its session is over");
            "the refresh token had been used before; its session is over"
        }
        Rotation::Expired => "the refresh token has expired",
        Rotation::Revoked => "the session of the refresh token was revoked",
        _ => "this is no refresh token of this server",
    };
    Err(OAuthError::bad_request("invalid_grant", why_not).into())
}

/// Nobody can ask for more than was granted (RFC 6749, 6). Whoever asks for less is told what he gets.
async fn check_scope(tokens: &Tokens, refresh_token: &str, scope: &str) -> Result<(), OAuthError> {
    let inspected = tokens.inspect(refresh_token).await;
    let inspected = inspected.map_err(|error| OAuthError::of(&error))?;
    // Of what is not good it is said why when it is refreshed.
    let Inspection::Refresh(session) = inspected else { return Ok(()) };
    let mut asked = scope.split(' ').filter(|scope| !scope.is_empty());
    if asked.all(|scope| session.grant.permits(scope)) {
        return Ok(());
    }
    let description = match &session.grant.scopes[..] {
        [] => "no scope was granted; ask without one".to_owned(),
        granted => format!("no other scope was granted than {}", granted.join(" ")),
    };
    Err(OAuthError::bad_request("invalid_scope", description))
}

/// What is not there to be revoked is as good as revoked (RFC 7009, 2.2).
async fn revoke(
    State(app): State<App>,
    form: Result<Form<AboutToken>, FormRejection>,
) -> axum::response::Result<StatusCode> {
    let tokens = app.tokens()?;
    let request = read(form)?;
    let token = required("token", request.token)?;
    let revoked = tokens.revoke_token(&token).await;
    revoked.map_err(|error| OAuthError::of(&error))?;
    Ok(StatusCode::OK)
}

async fn introspect(
    State(app): State<App>,
    headers: HeaderMap,
    form: Result<Form<AboutToken>, FormRejection>,
) -> axum::response::Result<Json<Value>> {
    let tokens = app.tokens()?;
    let request = read(form)?;
    authenticate(&app, &headers, request.client_secret.as_deref()).await?;
    let token = required("token", request.token)?;
    let inspected = tokens.inspect(&token).await;
    let inspected = inspected.map_err(|error| OAuthError::of(&error))?;
    Ok(Json(introspection(&inspected, tokens.verifier().issuer())))
}

async fn jwks(State(app): State<App>) -> Result<Response, Problem> {
    let keys = app.tokens()?.verifier().jwks();
    let cache = [(header::CACHE_CONTROL, HeaderValue::from_static(KEYS_FOR))];
    Ok((cache, Json(JwkSet { keys })).into_response())
}

async fn metadata(State(app): State<App>) -> Result<Json<Metadata>, Problem> {
    let issuer = app.tokens()?.verifier().issuer();
    let at = |path: &str| format!("{}{path}", issuer.trim_end_matches('/'));
    Ok(Json(Metadata {
        issuer: issuer.to_owned(),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/revoke"),
        introspection_endpoint: at("/oauth/introspect"),
        jwks_uri: at("/.well-known/jwks.json"),
        response_types_supported: [],
        grant_types_supported: ["refresh_token"],
        token_endpoint_auth_methods_supported: ["none"],
        revocation_endpoint_auth_methods_supported: ["none"],
        introspection_endpoint_auth_methods_supported: [
            "client_secret_basic",
            "client_secret_post",
        ],
    }))
}

/// Where an issuer with a path has it (RFC 8414, 3.1).
async fn metadata_at(
    State(app): State<App>,
    Path(path): Path<String>,
) -> Result<Json<Metadata>, Problem> {
    let issuer = app.tokens()?.verifier().issuer();
    let own = issuer.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    if own.is_none_or(|(_, own)| own.trim_end_matches('/') != path) {
        let detail = format!("the issuer here is {issuer}");
        return Err(Problem::new(StatusCode::NOT_FOUND, detail));
    }
    metadata(State(app)).await
}

/// What a token is worth, in the words of RFC 7662, 2.2, and as JSON on the command line.
#[must_use]
pub fn introspection(inspection: &Inspection, issuer: &str) -> Value {
    match inspection {
        Inspection::Access(claims) => of_access(claims, issuer),
        Inspection::Refresh(session) => of_refresh(session, issuer),
        _ => json!({ "active": false }),
    }
}

fn of_access(claims: &Claims, issuer: &str) -> Value {
    let mut members = of_grant(&claims.grant);
    members.extend([
        ("active".to_owned(), json!(true)),
        ("token_type".to_owned(), json!("Bearer")),
        ("iss".to_owned(), json!(issuer)),
        ("sub".to_owned(), json!(claims.user)),
        ("sid".to_owned(), json!(claims.session.to_string())),
        ("jti".to_owned(), json!(claims.id)),
        ("iat".to_owned(), json!(claims.issued_at.as_secs())),
        ("exp".to_owned(), json!(claims.expires_at.as_secs())),
    ]);
    members.extend(claims.tenant.as_ref().map(|tenant| ("tenant".to_owned(), json!(tenant))));
    Value::Object(members)
}

fn of_refresh(session: &Session, issuer: &str) -> Value {
    let mut members = of_grant(&session.grant);
    members.extend([
        ("active".to_owned(), json!(true)),
        ("token_type".to_owned(), json!("refresh_token")),
        ("iss".to_owned(), json!(issuer)),
        ("sub".to_owned(), json!(session.user)),
        ("sid".to_owned(), json!(session.id.to_string())),
        ("iat".to_owned(), json!(session.used_at.as_secs())),
        ("exp".to_owned(), json!(session.idle_until.as_secs())),
    ]);
    members.extend(session.tenant.as_ref().map(|tenant| ("tenant".to_owned(), json!(tenant))));
    Value::Object(members)
}

fn of_grant(Grant { audience, scopes, claims }: &Grant) -> Map<String, Value> {
    let mut members = claims.clone();
    match &audience[..] {
        [] => {}
        [one] => drop(members.insert("aud".to_owned(), json!(one))),
        several => drop(members.insert("aud".to_owned(), json!(several))),
    }
    if !scopes.is_empty() {
        members.insert("scope".to_owned(), json!(scopes.join(" ")));
    }
    members
}

/// Whether somebody asks who may: with an API key as a bearer, or as a client's secret (RFC 6749,
/// 2.3.1).
async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    in_body: Option<&str>,
) -> Result<(), OAuthError> {
    let basic = basic_secret(headers);
    let given = bearer(headers).or(basic.as_deref()).or(in_body);
    let key = match given.and_then(Secret::parse) {
        Some(secret) => app.keyring.authenticate(&secret).await,
        None => None,
    };
    match key {
        Some(key) if key.permits(Scope::Tokens) => Ok(()),
        Some(_) => Err(OAuthError {
            status: StatusCode::FORBIDDEN,
            error: "insufficient_scope",
            description: "the API key has not the scope tokens".to_owned(),
        }),
        None => Err(OAuthError {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description: "send an API key with the scope tokens: as a bearer token, or as the \
                          secret of a client"
                .to_owned(),
        }),
    }
}

/// The password of `Authorization: Basic`, which is percent-encoded (RFC 6749, 2.3.1); an API key has
/// nothing to encode but the `_`, which some do.
fn basic_secret(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(Base64::decode_vec(credentials.trim()).ok()?).ok()?;
    let (_, secret) = credentials.split_once(':')?;
    Some(secret.replace("%5F", "_").replace("%5f", "_"))
}

fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, OAuthError> {
    // A parameter that is there twice is told by serde (RFC 6749, 3.1).
    form.map(|Form(form)| form).map_err(|rejection| {
        let description = match &rejection {
            FormRejection::InvalidFormContentType(_) => {
                "send parameters as application/x-www-form-urlencoded".to_owned()
            }
            _ => "the parameters are not valid, or one is there twice".to_owned(),
        };
        OAuthError::bad_request("invalid_request", description)
    })
}

fn required(name: &str, value: Option<String>) -> Result<String, OAuthError> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| {
        OAuthError::bad_request("invalid_request", format!("the parameter {name} is missing"))
    })
}

impl TokenRequest {
    fn refresh_token(&self) -> Result<String, OAuthError> {
        let grant_type = required("grant_type", self.grant_type.clone())?;
        if grant_type != "refresh_token" {
            let description = "the only grant_type here is refresh_token";
            return Err(OAuthError::bad_request("unsupported_grant_type", description));
        }
        required("refresh_token", self.refresh_token.clone())
    }
}

impl TokenResponse {
    fn new(issued: &Issued) -> Self {
        let scopes = issued.grant().scopes;
        Self {
            access_token: issued.access_token.reveal().to_owned(),
            token_type: "Bearer",
            expires_in: issued.expires_in.as_secs(),
            refresh_token: issued.refresh_token.reveal().to_owned(),
            scope: (!scopes.is_empty()).then(|| scopes.join(" ")),
        }
    }
}

impl OAuthError {
    fn bad_request(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    /// RFC 6749 has no word for it at this endpoint; this is the one of 4.1.2.1.
    fn of(error: &Error) -> Self {
        if error.is_unavailable() || error.is_timeout() {
            return Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                error: "temporarily_unavailable",
                description: "the database does not answer; try again".to_owned(),
            };
        }
        error!(error = %Chain(error), "a request failed");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: "server_error",
            description: "see the server's log".to_owned(),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let Self { status, error, description } = self;
        let document = Json(ErrorDocument { error, error_description: description });
        let mut response = (status, document).into_response();
        let headers = response.headers_mut();
        match status {
            StatusCode::UNAUTHORIZED => {
                let challenge = HeaderValue::from_static("Basic realm=\"pgstead\"");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}
