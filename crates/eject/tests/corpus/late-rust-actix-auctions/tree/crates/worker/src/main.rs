mod broadcast;
mod closing;
mod guard;

use apalis::prelude::*;
use apalis_redis::{Config, RedisStorage};
use clap::Parser;

use crate::broadcast::Gavel;
use crate::closing::{close, Close};
use crate::guard::Guard;

#[derive(Parser)]
struct Args {
    #[arg(long, env = "DATABASE_URL")]
    database: String,
    #[arg(long, env = "JOBS_REDIS_URL", default_value = "redis://127.0.0.1:6379/1")]
    jobs: String,
    #[arg(long, default_value_t = 4)]
    concurrency: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let pg = sqlx::PgPool::connect(&args.database).await?;
    let guard = Guard::connect(&args.jobs).await?;
    let conn = apalis_redis::connect(args.jobs.as_str()).await?;
    let storage = RedisStorage::<Close>::new_with_config(conn, Config::default().set_namespace("auctions::close"));

    Monitor::new()
        .register(
            WorkerBuilder::new("closing")
                .concurrency(args.concurrency)
                .data(pg)
                .data(guard)
                .data(Gavel::default())
                .backend(storage)
                .build_fn(close),
        )
        .run_with_signal(tokio::signal::ctrl_c())
        .await?;
    Ok(())
}
