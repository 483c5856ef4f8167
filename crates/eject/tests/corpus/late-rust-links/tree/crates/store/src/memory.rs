use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use dashmap::DashMap;

use crate::LinkStore;

#[derive(Default)]
pub struct MemoryStore {
    links: DashMap<String, String>,
    hits: DashMap<String, AtomicI64>,
}

#[async_trait]
impl LinkStore for MemoryStore {
    async fn get(&self, slug: &str) -> anyhow::Result<Option<String>> {
        Ok(self.links.get(slug).map(|url| url.clone()))
    }

    async fn set(&self, slug: &str, url: &str, _seconds: u64) -> anyhow::Result<()> {
        self.links.insert(slug.into(), url.into());
        Ok(())
    }

    async fn del(&self, slug: &str) -> anyhow::Result<bool> {
        Ok(self.links.remove(slug).is_some())
    }

    async fn incr(&self, slug: &str) -> anyhow::Result<i64> {
        Ok(self.hits.entry(slug.into()).or_default().fetch_add(1, Ordering::Relaxed) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_counts() {
        let store = MemoryStore::default();
        assert_eq!(store.incr("a").await.unwrap(), 1);
        assert_eq!(store.incr("a").await.unwrap(), 2);
    }
}
