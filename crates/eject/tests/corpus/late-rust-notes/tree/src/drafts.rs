use mobc::Pool;
use mobc_redis::redis::{AsyncCommands, Client};
use mobc_redis::RedisConnectionManager;

#[derive(Clone)]
pub struct Drafts {
    pool: Pool<RedisConnectionManager>,
}

impl Drafts {
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let manager = RedisConnectionManager::new(Client::open(url)?);
        Ok(Self { pool: Pool::builder().max_open(20).build(manager) })
    }

    pub async fn save(&self, user: &str, text: &str) -> anyhow::Result<()> {
        let mut connection = self.pool.get().await?;
        connection.set_ex::<_, _, ()>(format!("draft:{user}"), text, 86_400).await?;
        Ok(())
    }

    pub async fn load(&self, user: &str) -> anyhow::Result<Option<String>> {
        let mut connection = self.pool.get().await?;
        Ok(connection.get(format!("draft:{user}")).await?)
    }
}
