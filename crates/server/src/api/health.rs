//! `/healthz`: the process lives. `/readyz`: it can serve.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use pgstead_store::{migrate, within};
use serde::Serialize;

use crate::{app::App, error::Problem};

/// How long PostgreSQL may take before we are not ready.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
pub(crate) struct Status {
    status: &'static str,
}

pub(crate) async fn live() -> Json<Status> {
    Json(Status { status: "ok" })
}

/// PostgreSQL answers, and has our migrations.
pub(crate) async fn ready(State(app): State<App>) -> Result<Json<Status>, Problem> {
    match within(PATIENCE, migrate::verify(&app.db, app.migrations)).await {
        Ok(()) => Ok(Json(Status { status: "ready" })),
        Err(error) if error.is_config() => {
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}
