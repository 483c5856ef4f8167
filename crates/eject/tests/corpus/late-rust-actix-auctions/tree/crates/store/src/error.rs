use thiserror::Error;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the store of bids does not answer: {0}")]
    Unavailable(String),
    #[error("what the store holds cannot be read: {0}")]
    Corrupt(#[from] serde_json::Error),
}

#[cfg(feature = "redis")]
impl From<redis::RedisError> for StoreError {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
