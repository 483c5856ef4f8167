use std::{sync::LazyLock, time::Duration};

use redis::{aio::ConnectionManager, AsyncCommands, Script};
use uuid::Uuid;

use crate::{Cache, Lock, StoreError};

static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(r"if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end")
});

/// All that one server of Redis can keep.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: String,
}

impl RedisStore {
    pub async fn connect(url: &str, prefix: impl Into<String>) -> Result<Self, StoreError> {
        let client = redis::Client::open(url)?;
        let config = redis::aio::ConnectionManagerConfig::new().set_number_of_retries(3);
        let connection = ConnectionManager::new_with_config(client, config).await?;
        Ok(Self { connection, prefix: prefix.into() })
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.prefix)
    }
}

#[async_trait::async_trait]
impl Cache for RedisStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.connection.clone().get(self.key(key)).await?)
    }

    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), StoreError> {
        let mut c = self.connection.clone();
        c.set_ex::<_, _, ()>(self.key(key), value, ttl.as_secs()).await?;
        Ok(())
    }

    async fn forget(&self, key: &str) -> Result<(), StoreError> {
        self.connection.clone().unlink::<_, ()>(self.key(key)).await?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl Lock for RedisStore {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<String>, StoreError> {
        let token = Uuid::new_v4().to_string();
        let taken: Option<String> = redis::cmd("SET")
            .arg(self.key(name))
            .arg(&token)
            .arg("NX")
            .arg("PX")
            .arg(ttl.as_millis() as u64)
            .query_async(&mut self.connection.clone())
            .await?;
        Ok(taken.map(|_| token))
    }

    async fn release(&self, name: &str, token: &str) -> Result<bool, StoreError> {
        Ok(RELEASE.key(self.key(name)).arg(token).invoke_async::<i32>(&mut self.connection.clone()).await? == 1)
    }
}
