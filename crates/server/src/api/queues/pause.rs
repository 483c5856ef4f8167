//! Pauses queues, and lets them go on.

use axum::{extract::State, http::StatusCode};

use super::known;
use crate::{api::extract::Path, app::App, error::Problem};

pub(super) async fn pause(
    State(app): State<App>,
    Path(queue): Path<String>,
) -> Result<StatusCode, Problem> {
    app.queues.pause(&known(&app, &queue).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn resume(
    State(app): State<App>,
    Path(queue): Path<String>,
) -> Result<StatusCode, Problem> {
    app.queues.resume(&known(&app, &queue).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
