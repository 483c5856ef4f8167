//! Removes the jobs that wait.

use axum::{Json as Answer, extract::State};
use serde::Serialize;

use super::known;
use crate::{api::extract::Path, app::App, error::Problem};

/// How many there were.
#[derive(Serialize)]
pub(super) struct PurgedResponse {
    pub(super) purged: u64,
}

pub(super) async fn purge(
    State(app): State<App>,
    Path(queue): Path<String>,
) -> Result<Answer<PurgedResponse>, Problem> {
    let queue = known(&app, &queue).await?;
    Ok(Answer(PurgedResponse { purged: app.queues.purge(&queue).await? }))
}
