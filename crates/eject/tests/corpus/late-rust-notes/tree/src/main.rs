mod drafts;
mod extract;
mod feed;
mod local;
mod notes;
mod render;
mod settings;
mod state;

use redis::aio::ConnectionManager;

use crate::state::AppState;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = settings::Settings::from_env();
    let client = redis::Client::open(settings.redis_url.as_str())?;
    let manager = ConnectionManager::new_with_config(client, redis::aio::ConnectionManagerConfig::new().set_number_of_retries(3)).await?;
    let feed = feed::Feed::connect(&settings.redis_url).await?;
    let drafts = drafts::Drafts::new(&settings.redis_url)?;
    let state = AppState { redis: manager, feed, drafts, titles: local::Titles::new() };
    let router = notes::router().layer(local::limit()).with_state(state);
    tracing::info!("listens; redis is there");
    axum::serve(tokio::net::TcpListener::bind(settings.listen).await?, router).await?;
    Ok(())
}
