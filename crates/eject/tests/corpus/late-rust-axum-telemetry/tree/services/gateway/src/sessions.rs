#![cfg(feature = "sessions")]

use gale_config::Settings;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};
use tower_sessions_redis_store::fred::prelude::*;
use tower_sessions_redis_store::RedisStore;

pub async fn layer(settings: &Settings) -> anyhow::Result<SessionManagerLayer<RedisStore<RedisPool>>> {
    let config = RedisConfig::from_url(&settings.redis.url)?;
    let pool = RedisPool::new(config, None, None, None, settings.redis.pool)?;
    let _driver = pool.connect();
    pool.wait_for_connect().await?;
    Ok(SessionManagerLayer::new(RedisStore::new(pool))
        .with_name("gale.id")
        .with_expiry(Expiry::OnInactivity(Duration::hours(settings.session.hours))))
}
