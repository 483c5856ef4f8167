use anyhow::Context;
use async_trait::async_trait;
use deadpool_redis::redis::{cmd, AsyncCommands};
use deadpool_redis::{Config, Pool, PoolConfig, Runtime};

use crate::{turbine_key, Latest, Reading};

pub struct PooledStore {
    pool: Pool,
}

impl PooledStore {
    pub fn open(url: &str, size: usize) -> anyhow::Result<Self> {
        let mut config = Config::from_url(url);
        config.pool = Some(PoolConfig::new(size));
        let pool = config.create_pool(Some(Runtime::Tokio1)).context("pool")?;
        Ok(Self { pool })
    }

    /// Waits until the rollup of a minute was asked for.
    pub async fn next_minute(&self, seconds: f64) -> anyhow::Result<Option<i64>> {
        let mut conn = self.pool.get().await?;
        let popped: Option<(String, i64)> = conn.blpop("rollup:minutes", seconds).await?;
        Ok(popped.map(|(_, minute)| minute))
    }
}

#[async_trait]
impl Latest for PooledStore {
    async fn put(&self, reading: &Reading) -> anyhow::Result<()> {
        let mut conn = self.pool.get().await?;
        cmd("HSET")
            .arg(turbine_key(&reading.turbine))
            .arg(&reading.turbine)
            .arg(serde_json::to_string(reading)?)
            .query_async::<()>(&mut conn)
            .await?;
        Ok(())
    }

    async fn get(&self, turbine: &str) -> anyhow::Result<Option<Reading>> {
        let mut conn = self.pool.get().await?;
        let json: Option<String> = conn.hget(turbine_key(turbine), turbine).await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    async fn all(&self, park: &str) -> anyhow::Result<Vec<Reading>> {
        let mut conn = self.pool.get().await?;
        let values: Vec<String> = conn.hvals(turbine_key(park)).await?;
        values.iter().map(|json| Ok(serde_json::from_str(json)?)).collect()
    }
}
