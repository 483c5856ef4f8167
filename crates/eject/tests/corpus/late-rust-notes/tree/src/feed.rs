use fred::prelude::*;

#[derive(Clone)]
pub struct Feed {
    pool: Pool,
}

impl Feed {
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let config = Config::from_url(url)?;
        let pool = Builder::from_config(config).build_pool(4)?;
        pool.init().await?;
        Ok(Self { pool })
    }

    pub async fn tell(&self, note: &str) -> anyhow::Result<()> {
        let _: String = self.pool.xadd("feed", false, ("MAXLEN", "~", 1000), "*", vec![("note", note)]).await?;
        Ok(())
    }

    pub async fn all(&self) -> anyhow::Result<Vec<String>> {
        let entries: Vec<(String, Vec<(String, String)>)> = self.pool.xrange_values("feed", "-", "+", Some(50)).await?;
        Ok(entries.into_iter().map(|(id, _)| id).collect())
    }
}
