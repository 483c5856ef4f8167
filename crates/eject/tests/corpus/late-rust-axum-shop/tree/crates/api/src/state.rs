use std::sync::Arc;

use apalis_redis::RedisStorage;
use deadpool_redis::{Pool, Runtime};
use shop_events::EventLog;
use shop_store::{Cache, MemoryStore, RedisStore};
use sqlx::PgPool;

use crate::config::Config;

#[derive(Clone)]
pub struct AppState {
    pub db: PgPool,
    pub redis: Pool,
    pub cache: Arc<dyn Cache>,
    pub events: EventLog,
    pub mails: RedisStorage<Mail>,
}

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    pub to: String,
    pub template: String,
}

impl AppState {
    pub async fn build(config: &Config) -> anyhow::Result<Self> {
        let redis = config.redis.create_pool(Some(Runtime::Tokio1))?;
        let cache: Arc<dyn Cache> = match &config.cache_url {
            Some(url) => Arc::new(RedisStore::connect(url, "shop").await?),
            None => Arc::new(MemoryStore::new(10_000)),
        };
        let url = config.redis.url.as_deref().unwrap_or("redis://127.0.0.1");
        let mails = RedisStorage::new(apalis_redis::connect(url).await?);
        Ok(Self {
            db: PgPool::connect(&config.database_url).await?,
            events: EventLog::connect(url, 4).await?,
            redis,
            cache,
            mails,
        })
    }
}
