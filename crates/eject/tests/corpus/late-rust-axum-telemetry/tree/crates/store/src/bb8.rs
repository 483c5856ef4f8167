use async_trait::async_trait;
use bb8_redis::bb8;
use bb8_redis::redis::AsyncCommands;
use bb8_redis::RedisConnectionManager;

use crate::{turbine_key, Latest, Reading};

type Pool = bb8::Pool<RedisConnectionManager>;

#[derive(Clone)]
pub struct Bb8Store(Pool);

impl Bb8Store {
    pub async fn build(url: &str, size: u32) -> anyhow::Result<Self> {
        let manager = RedisConnectionManager::new(url)?;
        Ok(Self(Pool::builder().max_size(size).build(manager).await?))
    }
}

#[async_trait]
impl Latest for Bb8Store {
    async fn put(&self, reading: &Reading) -> anyhow::Result<()> {
        let mut conn = self.0.get().await?;
        let json = serde_json::to_vec(reading)?;
        let _: () = conn.hset(turbine_key(&reading.turbine), &reading.turbine, json).await?;
        Ok(())
    }

    async fn get(&self, turbine: &str) -> anyhow::Result<Option<Reading>> {
        let json: Option<Vec<u8>> = self.0.get().await?.hget(turbine_key(turbine), turbine).await?;
        Ok(json.map(|json| serde_json::from_slice(&json)).transpose()?)
    }

    async fn all(&self, park: &str) -> anyhow::Result<Vec<Reading>> {
        let values: Vec<Vec<u8>> = self.0.get().await?.hvals(turbine_key(park)).await?;
        values.iter().map(|json| Ok(serde_json::from_slice(json)?)).collect()
    }
}
