//! Where errors become HTTP.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use pgstead_limits::{Invalid, Limits};
use pgstead_store::{Chain, Error};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::error;

use crate::nearest;

/// A problem document (RFC 9457).
#[derive(Debug)]
pub(crate) struct Problem(Box<Document>);

#[derive(Debug, Serialize)]
pub(crate) struct Document {
    #[serde(rename = "type", skip_serializing_if = "is_blank")]
    pub(crate) kind: &'static str,
    pub(crate) title: &'static str,
    #[serde(serialize_with = "status")]
    pub(crate) status: StatusCode,
    pub(crate) detail: String,
    #[serde(flatten)]
    pub(crate) extensions: Map<String, Value>,
    #[serde(skip)]
    pub(crate) headers: HeaderMap,
}

/// No more than the status says (RFC 9457, 4.2.1).
const BLANK: &str = "about:blank";

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: BLANK,
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            detail: detail.into(),
            extensions: Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// What it says, to say more.
    pub(crate) fn document(&mut self) -> &mut Document {
        &mut self.0
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Nothing was asked of the limits, and why.
    pub(crate) fn invalid(invalid: &Invalid, limits: &Limits) -> Self {
        let detail = invalid.to_string();
        match invalid {
            Invalid::UnknownPolicy { name } => {
                let policies = limits.policies();
                let names = policies.iter().map(|(policy, _)| policy.name());
                let detail = match nearest(name, names) {
                    Some(meant) => format!("{detail}; did you mean {meant:?}?"),
                    None => detail,
                };
                Self::new(StatusCode::NOT_FOUND, detail)
            }
            _ => Self::bad_request(detail),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if error.is_unavailable() || error.is_timeout() {
            // Which host and port is not the client's business.
            let detail = "the database does not answer; try again";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                .header(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        error!(error = %Chain(&error), "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "see the server's log")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut document = *self.0;
        let headers = std::mem::take(&mut document.headers);
        let json = [(header::CONTENT_TYPE, "application/problem+json")];
        (document.status, headers, json, Json(document)).into_response()
    }
}

fn is_blank(kind: &&str) -> bool {
    *kind == BLANK
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn status<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
