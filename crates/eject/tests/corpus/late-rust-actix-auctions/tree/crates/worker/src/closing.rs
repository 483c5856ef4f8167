use apalis::prelude::{Data, Error};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use crate::broadcast::Gavel;
use crate::guard::Guard;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Close {
    pub lot: Uuid,
}

pub async fn close(job: Close, pg: Data<PgPool>, guard: Data<Guard>, gavel: Data<Gavel>) -> Result<(), Error> {
    let Some(token) = guard.take(job.lot).await.map_err(failed)? else {
        tracing::info!(lot = %job.lot, "somebody else closes it");
        return Ok(());
    };
    let done = sqlx::query("UPDATE lots SET state = 'closed', redis_key = NULL WHERE id = $1 AND state = 'open'")
        .bind(job.lot)
        .execute(&*pg)
        .await
        .map_err(|e| failed(e.into()))?;
    if done.rows_affected() == 1 {
        gavel.publish(job.lot);
    }
    guard.release(job.lot, &token).await.map_err(failed)
}

fn failed(error: anyhow::Error) -> Error {
    Error::Failed(std::sync::Arc::new(error.into()))
}
