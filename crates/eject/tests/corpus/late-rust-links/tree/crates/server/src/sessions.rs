use tower_sessions::{cookie::time::Duration, Expiry, SessionManagerLayer};
use tower_sessions_redis_store::{fred::prelude::*, RedisStore as SessionStore};

use crate::config::RedisArgs;

pub async fn layer(args: &RedisArgs) -> anyhow::Result<SessionManagerLayer<SessionStore<RedisPool>>> {
    let pool = RedisPool::new(RedisConfig::from_url(&args.redis_url)?, None, None, None, args.redis_pool_size)?;
    pool.connect();
    pool.wait_for_connect().await?;
    Ok(SessionManagerLayer::new(SessionStore::new(pool)).with_expiry(Expiry::OnInactivity(Duration::days(7))))
}
