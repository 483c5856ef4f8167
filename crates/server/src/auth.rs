//! Who may.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    app::App,
    error::Problem,
    keys::{Scope, Secret},
};

/// Lets a request pass whose key permits the scope (RFC 6750), and tells the others whose it is.
pub(crate) async fn require(
    State((app, scope)): State<(App, Scope)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = match bearer(request.headers()) {
        None => {
            return Err(unauthorized("send an API key as Authorization: Bearer pgs_key_…", None));
        }
        Some(token) => match Secret::parse(token) {
            None => return Err(unauthorized("this is no API key", Some("invalid_token"))),
            Some(secret) => app.keyring.authenticate(&secret).await,
        },
    };
    match key {
        None => Err(unauthorized("the API key is unknown or revoked", Some("invalid_token"))),
        Some(key) if key.permits(scope) => {
            request.extensions_mut().insert(key);
            Ok(next.run(request).await)
        }
        Some(_) => {
            let detail = format!("the API key has not the scope {scope}");
            let challenge = format!(
                "Bearer realm=\"pgstead\", error=\"insufficient_scope\", scope=\"{scope}\""
            );
            let challenge = HeaderValue::from_str(&challenge).expect("a scope is a word");
            Err(Problem::new(StatusCode::FORBIDDEN, detail)
                .header(header::WWW_AUTHENTICATE, challenge))
        }
    }
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthorized(detail: &'static str, error: Option<&'static str>) -> Problem {
    let challenge = match error {
        None => HeaderValue::from_static("Bearer realm=\"pgstead\""),
        Some(_) => HeaderValue::from_static("Bearer realm=\"pgstead\", error=\"invalid_token\""),
    };
    Problem::new(StatusCode::UNAUTHORIZED, detail).header(header::WWW_AUTHENTICATE, challenge)
}
