use std::time::Duration;

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client};

use crate::{turbine_key, Latest, Reading};

/// Reconnects by itself; clones share the one connection.
pub async fn connect(url: &str) -> redis::RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Duration::from_secs(3))
        .set_number_of_retries(8);
    Client::open(url)?.get_connection_manager_with_config(config).await
}

#[derive(Clone)]
pub struct ManagedStore {
    conn: ConnectionManager,
}

impl ManagedStore {
    pub fn new(conn: ConnectionManager) -> Self {
        Self { conn }
    }
}

#[async_trait]
impl Latest for ManagedStore {
    async fn put(&self, reading: &Reading) -> anyhow::Result<()> {
        let mut conn = self.conn.clone();
        let json = serde_json::to_string(reading)?;
        redis::pipe()
            .atomic()
            .hset(turbine_key(&reading.turbine), &reading.turbine, &json)
            .ignore()
            .publish("latest", &json)
            .exec_async(&mut conn)
            .await?;
        Ok(())
    }

    async fn get(&self, turbine: &str) -> anyhow::Result<Option<Reading>> {
        let json: Option<String> = self.conn.clone().hget(turbine_key(turbine), turbine).await?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    async fn all(&self, park: &str) -> anyhow::Result<Vec<Reading>> {
        let values: Vec<String> = self.conn.clone().hvals(turbine_key(park)).await?;
        values.iter().map(|json| Ok(serde_json::from_str(json)?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use redis_test::{MockCmd, MockRedisConnection};

    #[tokio::test]
    async fn hget_of_nothing() {
        let mut conn = MockRedisConnection::new(vec![MockCmd::new(
            redis::cmd("HGET").arg("latest:{nord}").arg("nord-07"),
            Ok(redis::Value::Nil),
        )]);
        let found: Option<String> = redis::cmd("HGET")
            .arg("latest:{nord}")
            .arg("nord-07")
            .query_async(&mut conn)
            .await
            .unwrap();
        assert!(found.is_none());
    }
}
