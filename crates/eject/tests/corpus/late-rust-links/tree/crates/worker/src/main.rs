use std::{collections::VecDeque, env};

use apalis::prelude::*;
use jobs_storage::{Config as StorageConfig, RedisStorage as Jobs};
use links_jobs::Preview;

async fn preview(job: Preview, pool: Data<sqlx::PgPool>) -> Result<(), Error> {
    sqlx::query("insert into previews (slug, url) values ($1, $2)")
        .bind(&job.slug)
        .bind(&job.url)
        .execute(&*pool)
        .await
        .map_err(|error| Error::Failed(std::sync::Arc::new(error.into())))?;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1".into());
    let connection = jobs_storage::connect(url).await?;
    let storage = Jobs::<Preview>::new_with_config(connection, StorageConfig::default().set_namespace("links"));
    let pool = sqlx::PgPool::connect(&env::var("DATABASE_URL")?).await?;
    let mut recent: VecDeque<String> = VecDeque::new();
    recent.push_back("started".into());
    Monitor::new()
        .register(WorkerBuilder::new("previews").data(pool).backend(storage).build_fn(preview))
        .run()
        .await?;
    Ok(())
}
