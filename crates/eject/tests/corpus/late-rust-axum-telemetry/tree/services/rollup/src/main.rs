mod alarms;
mod minutes;

use std::sync::Arc;

use gale_config::Settings;
use gale_store::{Bb8Store, PooledStore};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::load()?;
    let database = sqlx::PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let queue = PooledStore::open(&settings.redis.url, settings.redis.pool)?;
    let latest = Arc::new(Bb8Store::build(&settings.redis.url, 4).await?);
    tokio::spawn(alarms::tail(settings.redis.url.clone()));
    loop {
        if let Some(minute) = queue.next_minute(5.0).await? {
            minutes::write(&database, latest.as_ref(), minute).await?;
        }
    }
}
