//! What a token says, as axum's handlers take it.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, request::Parts};
use pgstead_tokens::Claims;
use tracing::error;

use crate::Problem;

/// What the token of a request says, in a handler behind [`RequireToken`](super::RequireToken).
///
/// Where a token is optional, take `Option<Extension<Arc<Claims>>>`.
#[derive(Clone, Debug)]
pub struct Token(pub Arc<Claims>);

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Arc<Claims>>().cloned().map(Self).ok_or_else(|| {
            error!("a handler takes a Token, and there is no RequireToken before it");
            let detail = "see the server's log";
            let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
            problem.into_response().into_response()
        })
    }
}
