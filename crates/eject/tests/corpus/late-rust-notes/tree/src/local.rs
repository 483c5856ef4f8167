use std::collections::BTreeMap;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::broadcast;
use tower_governor::{governor::GovernorConfigBuilder, GovernorLayer};

#[derive(Clone)]
pub struct Titles {
    client: Cache<String, String>,
    redis: BTreeMap<String, String>,
    sender: broadcast::Sender<String>,
}

impl Titles {
    pub fn new() -> Self {
        let client = Cache::builder().time_to_live(Duration::from_secs(60)).build();
        Self { client, redis: BTreeMap::new(), sender: broadcast::channel(16).0 }
    }

    pub async fn get(&self, id: &str) -> Option<String> {
        let mut events = self.sender.subscribe();
        let _ = events.try_recv();
        self.client.get(id).await.or_else(|| self.redis.get(id).cloned())
    }

    pub async fn set(&mut self, id: &str, title: &str) {
        self.client.insert(id.into(), title.into()).await;
        self.redis.insert(id.into(), title.into());
    }
}

pub fn limit() -> GovernorLayer<'static> {
    GovernorLayer { config: Box::leak(Box::new(GovernorConfigBuilder::default().finish().unwrap())) }
}
