use time::Duration;
use tower_sessions::{cookie::SameSite, Expiry, SessionManagerLayer};
use tower_sessions_redis_store::{fred::prelude::*, RedisStore};

use crate::config::Sessions;

pub async fn layer(config: &Sessions) -> anyhow::Result<SessionManagerLayer<RedisStore<RedisPool>>> {
    let pool = RedisPool::new(RedisConfig::from_url(&config.redis_url)?, None, None, None, 6)?;
    pool.init().await?;
    Ok(SessionManagerLayer::new(RedisStore::new(pool))
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::minutes(config.idle_minutes))))
}
