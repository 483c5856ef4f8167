use anyhow::Result;
use fred::prelude::*;
use fred::types::{XCapKind, XCapTrim, XReadResponse};

use crate::Event;

const STREAM: &str = "events:orders";
const GROUP: &str = "fulfilment";

#[derive(Clone)]
pub struct EventLog(RedisPool);

impl EventLog {
    pub async fn connect(url: &str, size: usize) -> Result<Self> {
        let config = RedisConfig::from_url(url)?;
        let pool = Builder::from_config(config)
            .with_connection_config(|c| c.max_command_attempts = 3)
            .set_policy(ReconnectPolicy::new_exponential(0, 100, 30_000, 2))
            .build_pool(size)?;
        pool.init().await?;
        Ok(Self(pool))
    }

    pub async fn append(&self, event: &Event) -> Result<String> {
        let cap = (XCapKind::MaxLen, XCapTrim::AlmostExact, 100_000);
        Ok(self.0.xadd(STREAM, false, cap, "*", ("event", serde_json::to_string(event)?)).await?)
    }
}

pub struct EventReader {
    client: RedisClient,
    name: String,
}

impl EventReader {
    pub async fn join(url: &str, name: &str) -> Result<Self> {
        let client = RedisClient::new(RedisConfig::from_url(url)?, None, None, None);
        client.init().await?;
        let created: Result<(), _> = client.xgroup_create(STREAM, GROUP, "$", true).await;
        if let Err(e) = created {
            tracing::debug!("redis has the group already: {e}");
        }
        Ok(Self { client, name: name.into() })
    }

    pub async fn next(&self) -> Result<Vec<(String, Event)>> {
        let batch: XReadResponse<String, String, String, String> =
            self.client.xreadgroup_map(GROUP, &self.name, Some(16), Some(5_000), false, STREAM, ">").await?;
        let entries = batch.into_values().flatten();
        Ok(entries.filter_map(|(id, fields)| Some((id, serde_json::from_str(fields.get("event")?).ok()?))).collect())
    }

    pub async fn done(&self, id: &str) -> Result<()> {
        Ok(self.client.xack(STREAM, GROUP, id).await?)
    }
}
