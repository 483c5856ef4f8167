#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[cfg(feature = "redis")]
    #[error("redis: {0}")]
    Redis(#[from] redis::RedisError),
    #[error("cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}
