//! Where short links are kept.

mod memory;
#[cfg(feature = "redis")]
mod redis_store;

use async_trait::async_trait;

pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis_store::{connect, RedisStore};

#[async_trait]
pub trait LinkStore: Send + Sync + 'static {
    async fn get(&self, slug: &str) -> anyhow::Result<Option<String>>;
    async fn set(&self, slug: &str, url: &str, seconds: u64) -> anyhow::Result<()>;
    async fn del(&self, slug: &str) -> anyhow::Result<bool>;
    async fn incr(&self, slug: &str) -> anyhow::Result<i64>;
}
