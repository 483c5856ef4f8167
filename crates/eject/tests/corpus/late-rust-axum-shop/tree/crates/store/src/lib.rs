//! What the shop keeps for a while: behind traits, so that tests and small shops need no server.

mod error;
mod memory;
#[cfg(feature = "redis")]
mod redis_store;
#[cfg(feature = "redis")]
pub mod stock;

use std::time::Duration;

pub use error::StoreError;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis_store::RedisStore;

/// Values that can be computed again.
#[async_trait::async_trait]
pub trait Cache: Send + Sync {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), StoreError>;
    async fn forget(&self, key: &str) -> Result<(), StoreError>;
}

/// A lock among all servers.
#[async_trait::async_trait]
pub trait Lock: Send + Sync {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<String>, StoreError>;
    async fn release(&self, name: &str, token: &str) -> Result<bool, StoreError>;
}
