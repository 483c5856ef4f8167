mod ingest;
mod jobs;
mod limits;
mod live;
mod routes;
mod sessions;
mod state;

use std::sync::Arc;

use gale_config::Settings;
use gale_store::{connect, guard, Latest, ManagedStore};
use state::AppState;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::load()?;
    let redis = connect(&settings.redis.url).await?;
    let latest: Arc<dyn Latest> = Arc::new(ManagedStore::new(redis.clone()));
    let host = std::env::var("HOSTNAME").unwrap_or_default();
    guard::alone(&mut redis.clone(), "schema", &host, async { tracing::info!("checking the schema") }).await?;
    let nats = async_nats::connect(&settings.nats.url).await?;
    tokio::spawn(ingest::run(nats, settings.nats.subject.clone(), latest.clone()));

    let state = AppState { latest, redis: redis.clone(), alarms: jobs::storage(&settings.redis.url).await? };
    let app = routes::router(state)
        .layer(axum::middleware::from_fn_with_state(redis, limits::per_key))
        .layer(sessions::layer(&settings).await?);
    let listener = tokio::net::TcpListener::bind(&settings.listen).await?;
    Ok(axum::serve(listener, app).await?)
}
