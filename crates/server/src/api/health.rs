//! `/healthz`: the process lives. `/readyz`: it can serve.

use std::time::Duration;

use axum::{Json, extract::State};
use pgstead_store::within;
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

/// PostgreSQL answers. That it has our migrations was seen at the start.
pub(crate) async fn ready(State(app): State<App>) -> Result<Json<Status>, Problem> {
    within(PATIENCE, app.db.ping()).await?;
    Ok(Json(Status { status: "ready" }))
}
