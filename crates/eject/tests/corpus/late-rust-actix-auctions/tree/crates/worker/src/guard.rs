use bb8_redis::redis::{cmd, Script};
use bb8_redis::{bb8::Pool, RedisConnectionManager};
use uuid::Uuid;

const RELEASE: &str = r#"
if redis.call("GET", KEYS[1]) == ARGV[1] then
  return redis.call("DEL", KEYS[1])
end
return 0
"#;

/// One closes a lot, not two.
#[derive(Clone)]
pub struct Guard {
    pool: Pool<RedisConnectionManager>,
}

impl Guard {
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let manager = RedisConnectionManager::new(url)?;
        Ok(Self { pool: Pool::builder().max_size(4).build(manager).await? })
    }

    pub async fn take(&self, lot: Uuid) -> anyhow::Result<Option<String>> {
        let mut conn = self.pool.get().await?;
        let token = Uuid::now_v7().to_string();
        let taken: Option<String> = cmd("SET")
            .arg(format!("lock:close:{lot}"))
            .arg(&token)
            .arg(&["NX", "PX", "30000"])
            .query_async(&mut *conn)
            .await?;
        Ok(taken.map(|_| token))
    }

    pub async fn release(&self, lot: Uuid, token: &str) -> anyhow::Result<()> {
        let mut conn = self.pool.get().await?;
        Script::new(RELEASE).key(format!("lock:close:{lot}")).arg(token).invoke_async::<()>(&mut *conn).await?;
        Ok(())
    }
}
