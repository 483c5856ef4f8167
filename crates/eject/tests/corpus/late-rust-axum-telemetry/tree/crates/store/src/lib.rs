//! Where the last values of a turbine are kept.

mod keys;

#[cfg(feature = "bb8")]
mod bb8;
#[cfg(feature = "deadpool")]
mod deadpool;
pub mod guard;
#[cfg(feature = "manager")]
mod manager;
#[cfg(feature = "memory")]
mod memory;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

#[cfg(feature = "bb8")]
pub use self::bb8::Bb8Store;
#[cfg(feature = "deadpool")]
pub use deadpool::PooledStore;
#[cfg(feature = "manager")]
pub use manager::{connect, ManagedStore};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;

pub use keys::turbine_key;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub turbine: String,
    pub rpm: f32,
    pub kilowatts: f32,
    pub at: i64,
}

#[async_trait]
pub trait Latest: Send + Sync {
    async fn put(&self, reading: &Reading) -> anyhow::Result<()>;
    async fn get(&self, turbine: &str) -> anyhow::Result<Option<Reading>>;
    async fn all(&self, park: &str) -> anyhow::Result<Vec<Reading>>;
}
