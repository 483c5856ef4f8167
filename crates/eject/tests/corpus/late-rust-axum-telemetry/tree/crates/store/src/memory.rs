use async_trait::async_trait;
use moka::future::Cache;

use crate::{turbine_key, Latest, Reading};

#[derive(Clone)]
pub struct MemoryStore(Cache<String, Reading>);

impl Default for MemoryStore {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(4_096).build())
    }
}

#[async_trait]
impl Latest for MemoryStore {
    async fn put(&self, reading: &Reading) -> anyhow::Result<()> {
        self.0.insert(reading.turbine.clone(), reading.clone()).await;
        Ok(())
    }

    async fn get(&self, turbine: &str) -> anyhow::Result<Option<Reading>> {
        Ok(self.0.get(turbine).await)
    }

    async fn all(&self, park: &str) -> anyhow::Result<Vec<Reading>> {
        Ok(self.0.iter().filter(|(id, _)| turbine_key(id) == turbine_key(park)).map(|(_, r)| r).collect())
    }
}
