//! Problem documents (RFC 9457).

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A problem document (RFC 9457): how an HTTP API says that it refuses, or that it failed.
///
/// ```
/// use http::StatusCode;
/// use pgstead::Problem;
///
/// let problem = Problem::new(StatusCode::CONFLICT, "there is such a user").with("user", "ann");
/// let response = problem.into_response();
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// assert_eq!(
///     response.body(),
///     r#"{"title":"Conflict","status":409,"detail":"there is such a user","user":"ann"}"#,
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Problem(Box<Document>);

#[derive(Clone, Debug, Serialize)]
struct Document {
    #[serde(rename = "type", skip_serializing_if = "is_blank")]
    kind: &'static str,
    title: &'static str,
    #[serde(serialize_with = "status")]
    status: StatusCode,
    detail: String,
    #[serde(flatten)]
    extensions: Map<String, Value>,
    #[serde(skip)]
    headers: HeaderMap,
}

/// No more than the status says (RFC 9457, 4.2.1).
const BLANK: &str = "about:blank";

impl Problem {
    /// One without a type: it says no more than its status and the detail.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: BLANK,
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            detail: detail.into(),
            extensions: Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// Of that type, a URI, and with the title that belongs to it.
    #[must_use]
    pub fn of_type(mut self, uri: &'static str, title: &'static str) -> Self {
        (self.0.kind, self.0.title) = (uri, title);
        self
    }

    /// With that member beside the standard ones: `type`, `title`, `status`, `detail` and
    /// `instance` are no names for it.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0.extensions.insert(member.to_owned(), value.into());
        self
    }

    /// With that header field on the response.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// With those header fields on the response.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.0.headers.extend(headers);
        self
    }

    /// The response, `application/problem+json`.
    #[must_use]
    pub fn into_response(self) -> Response<String> {
        let document = *self.0;
        let json = serde_json::to_string(&document).expect("every member has a string for a name");
        let mut response = Response::new(json);
        *response.status_mut() = document.status;
        *response.headers_mut() = document.headers;
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

fn is_blank(kind: &&str) -> bool {
    *kind == BLANK
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn status<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
