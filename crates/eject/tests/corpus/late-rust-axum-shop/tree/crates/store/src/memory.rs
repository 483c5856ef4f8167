use std::time::Duration;

use moka::future::Cache as Moka;

use crate::{Cache, StoreError};

/// One process's own cache; what redis would keep longer, it forgets when it restarts.
#[derive(Clone)]
pub struct MemoryStore(Moka<String, Vec<u8>>);

impl MemoryStore {
    pub fn new(capacity: u64) -> Self {
        Self(Moka::builder().max_capacity(capacity).time_to_live(Duration::from_secs(60)).build())
    }
}

#[async_trait::async_trait]
impl Cache for MemoryStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.get(key).await)
    }

    async fn put(&self, key: &str, value: Vec<u8>, _: Duration) -> Result<(), StoreError> {
        self.0.insert(key.into(), value).await;
        Ok(())
    }

    async fn forget(&self, key: &str) -> Result<(), StoreError> {
        self.0.invalidate(key).await;
        Ok(())
    }
}
