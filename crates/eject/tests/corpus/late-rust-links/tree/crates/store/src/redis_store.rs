use anyhow::Context as _;
use async_trait::async_trait;
use bb8_redis::{
    bb8::{Pool, PooledConnection},
    redis::{self as r, AsyncCommands as _, Script},
    RedisConnectionManager as Manager,
};

use crate::LinkStore;

const INCR: &str = r#"
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"#;

pub async fn connect(url: &str) -> anyhow::Result<Pool<Manager>> {
    let manager = Manager::new(url).context("the address of the store")?;
    Ok(Pool::builder().max_size(32).build(manager).await?)
}

#[derive(Clone)]
pub struct RedisStore {
    pool: Pool<Manager>,
}

impl RedisStore {
    pub fn new(pool: Pool<Manager>) -> Self {
        Self { pool }
    }

    async fn connection(&self) -> anyhow::Result<PooledConnection<'_, Manager>> {
        Ok(self.pool.get().await?)
    }
}

#[async_trait]
impl LinkStore for RedisStore {
    async fn get(&self, slug: &str) -> anyhow::Result<Option<String>> {
        Ok(self.connection().await?.get(format!("link:{slug}")).await?)
    }

    async fn set(&self, slug: &str, url: &str, seconds: u64) -> anyhow::Result<()> {
        let mut connection = self.connection().await?;
        r::pipe()
            .atomic()
            .set_ex(format!("link:{slug}"), url, seconds)
            .sadd("links", slug)
            .query_async::<()>(&mut *connection)
            .await?;
        Ok(())
    }

    async fn del(&self, slug: &str) -> anyhow::Result<bool> {
        let removed: i64 = self.connection().await?.del(format!("link:{slug}")).await?;
        Ok(removed > 0)
    }

    async fn incr(&self, slug: &str) -> anyhow::Result<i64> {
        let mut connection = self.connection().await?;
        let n = Script::new(INCR).key(format!("hits:{slug}")).arg(86_400).invoke_async(&mut *connection).await?;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use bb8_redis::redis::cmd;
    use redis_test::{MockCmd, MockRedisConnection};

    #[tokio::test]
    async fn it_gets() {
        let mut mock = MockRedisConnection::new([MockCmd::new(cmd("GET").arg("link:a"), Ok("https://a.example"))]);
        let url: String = cmd("GET").arg("link:a").query_async(&mut mock).await.unwrap();
        assert_eq!(url, "https://a.example");
    }
}
