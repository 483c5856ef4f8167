//! Where errors become HTTP.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use pgstead_limits::{Invalid, Limits};
use pgstead_store::{Chain, Error};
use serde_json::Value;
use tracing::error;

use crate::nearest;

/// What a request is refused with.
#[derive(Debug)]
pub(crate) struct Problem(pgstead::Problem);

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(pgstead::Problem::new(status, detail))
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self(self.0.header(name, value))
    }

    pub(crate) fn with(self, member: &str, value: impl Into<Value>) -> Self {
        Self(self.0.with(member, value))
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

impl From<pgstead::Problem> for Problem {
    fn from(problem: pgstead::Problem) -> Self {
        Self(problem)
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
        self.0.into_response().into_response()
    }
}
