//! Webhooks of others.

use std::collections::BTreeMap;

use axum::{
    Json as Answer,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use pgstead_webhooks::{Receipt, Refusal};
use serde::Serialize;
use tracing::warn;

use crate::{api::extract::Path, app::App, error::Problem};

#[derive(Serialize)]
pub(super) struct ReceivedResponse {
    job: i64,
    new: bool,
}

#[derive(Serialize)]
pub(super) struct CountsResponse {
    sources: BTreeMap<String, CountsJson>,
}

#[derive(Serialize)]
struct CountsJson {
    accepted: u64,
    duplicates: u64,
    refused: u64,
}

/// The body is what was signed, byte for byte, and is not looked at by anybody before.
pub(super) async fn receive(
    State(app): State<App>,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Answer<ReceivedResponse>, Problem> {
    let body = body.map_err(|refused| Problem::new(refused.status(), refused.body_text()))?;
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "there is no such source of webhooks");
    let receiver = app.receiver.as_ref().ok_or_else(unknown)?;
    match receiver.receive(&source, &headers, &body).await? {
        Receipt::Accepted(job) => Ok(Answer(ReceivedResponse { job: job.0, new: true })),
        Receipt::Duplicate(job) => Ok(Answer(ReceivedResponse { job: job.0, new: false })),
        Receipt::Refused(refusal) => {
            let why = refusal.as_str();
            warn!(source, why, "a webhook was refused");
            let status = match refusal {
                Refusal::NoId => StatusCode::BAD_REQUEST,
                _ => StatusCode::UNAUTHORIZED,
            };
            Err(Problem::new(status, why))
        }
        _ => Err(unknown()),
    }
}

/// How many there were since the server began.
pub(super) async fn counts(State(app): State<App>) -> Answer<CountsResponse> {
    let counts = app.receiver.as_ref().map(pgstead_webhooks::Receiver::counts);
    let sources = counts
        .into_iter()
        .flatten()
        .map(|(name, counts)| {
            let counts = CountsJson {
                accepted: counts.accepted,
                duplicates: counts.duplicates,
                refused: counts.refused,
            };
            (name.to_owned(), counts)
        })
        .collect();
    Answer(CountsResponse { sources })
}
