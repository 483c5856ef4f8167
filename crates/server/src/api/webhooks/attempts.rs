//! Attempts, the newest first.

use axum::{Json as Answer, extract::State};
use jiff::Timestamp;
use pgstead_webhooks::{Attempt, AttemptId, Attempts, MOST_ATTEMPTS};
use serde::Serialize;

use super::{FEW, Page, at, endpoint_id, event_number, wrong};
use crate::{
    api::extract::{Path, Query},
    app::App,
    error::Problem,
};

/// Attempts as they are shown: over HTTP, and as JSON on the command line.
#[derive(Serialize)]
pub struct AttemptsResponse {
    attempts: Vec<AttemptJson>,
    /// Where to go on, if there may be more.
    before: Option<String>,
}

#[derive(Serialize)]
struct AttemptJson {
    id: String,
    event: String,
    endpoint: String,
    number: u32,
    at: Timestamp,
    duration_ms: u64,
    status: Option<u16>,
    error: Option<String>,
    request_id: Option<String>,
    body: String,
}

pub(super) async fn of_endpoint(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Result<Answer<AttemptsResponse>, Problem> {
    let endpoint = endpoint_id(&id)?;
    let which =
        if page.failed { Attempts::Failed(endpoint) } else { Attempts::OfEndpoint(endpoint) };
    list(&app, which, &page).await
}

pub(super) async fn of_event(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Result<Answer<AttemptsResponse>, Problem> {
    if page.failed {
        return Err(wrong("failed", "be asked of an endpoint"));
    }
    let event = event_number(&app, &id).await?;
    list(&app, Attempts::OfEvent(event), &page).await
}

async fn list(
    app: &App,
    which: Attempts,
    page: &Page,
) -> Result<Answer<AttemptsResponse>, Problem> {
    let before = page.before.as_deref().map(str::parse::<AttemptId>).transpose();
    let before = before.map_err(|invalid| wrong("before", format_args!("be one: {invalid}")))?;
    let most = page.most.unwrap_or(FEW);
    let attempts = app.sending()?.attempts(which, before, most).await?;
    Ok(Answer(AttemptsResponse::new(attempts, most)))
}

impl AttemptsResponse {
    /// These, of which at most so many were asked for.
    #[must_use]
    pub fn new(attempts: Vec<Attempt>, most: u32) -> Self {
        let last = attempts.last().map(|attempt| attempt.id.to_string());
        let most = most.min(MOST_ATTEMPTS);
        let is_full = u32::try_from(attempts.len()).is_ok_and(|count| count >= most);
        let before = if is_full { last } else { None };
        Self { attempts: attempts.into_iter().map(AttemptJson::new).collect(), before }
    }
}

impl AttemptJson {
    fn new(attempt: Attempt) -> Self {
        Self {
            id: attempt.id.to_string(),
            event: attempt.event.to_string(),
            endpoint: attempt.endpoint.to_string(),
            number: attempt.number,
            at: at(attempt.at),
            duration_ms: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
            status: attempt.status,
            error: attempt.failure,
            request_id: attempt.request_id,
            body: attempt.body,
        }
    }
}
