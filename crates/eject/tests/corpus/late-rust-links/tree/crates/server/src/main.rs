mod config;
mod events;
mod limits;
mod pages;
mod routes;
mod sessions;

use std::sync::Arc;

use apalis_redis::RedisStorage;
use clap::Parser as _;
use links_jobs::Preview;
use links_store::{LinkStore, MemoryStore, RedisStore};

use crate::config::{Config, Kind};

pub struct App {
    pub store: Arc<dyn LinkStore>,
    pub previews: RedisStorage<Preview>,
    pub events: events::Events,
    pub pages: pages::Pages,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    let store: Arc<dyn LinkStore> = match config.store {
        Kind::Memory => Arc::new(MemoryStore::default()),
        Kind::Redis => Arc::new(RedisStore::new(links_store::connect(&config.redis.redis_url).await?)),
    };
    let previews = RedisStorage::new(apalis_redis::connect(config.redis.redis_url.as_str()).await?);
    let events = events::Events::start(&config.redis).await?;
    let sessions = sessions::layer(&config.redis).await?;
    let app = App { store, previews, events, pages: pages::Pages::new() };
    let router = routes::router(app).layer(sessions);
    axum::serve(tokio::net::TcpListener::bind(config.listen).await?, router).await?;
    Ok(())
}
