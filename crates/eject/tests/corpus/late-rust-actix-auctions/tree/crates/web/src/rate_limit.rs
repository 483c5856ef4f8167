use deadpool_redis::{redis, Pool};

/// So many in a window, counted for each address; it lets through when nobody counts.
#[derive(Clone)]
pub struct RateLimit {
    pool: Pool,
    max: i64,
    seconds: i64,
}

impl RateLimit {
    pub fn new(pool: Pool, max: i64, seconds: i64) -> Self {
        Self { pool, max, seconds }
    }

    pub async fn admits(&self, who: &str) -> bool {
        let Ok(mut conn) = self.pool.get().await else {
            tracing::warn!("no connection to Redis, {who} is let through");
            return true;
        };
        let key = format!("limit:bids:{who}");
        let counted: redis::RedisResult<(i64,)> = redis::pipe()
            .incr(&key, 1)
            .cmd("EXPIRE")
            .arg(&key)
            .arg(self.seconds)
            .arg("NX")
            .ignore()
            .query_async(&mut conn)
            .await;
        counted.map_or(true, |(count,)| count <= self.max)
    }
}
