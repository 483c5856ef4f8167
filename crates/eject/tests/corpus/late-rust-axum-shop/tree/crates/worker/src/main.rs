mod stock_watch;

use std::{env, time::Duration};

use apalis::prelude::*;
use apalis_redis::{Config, RedisStorage};
use serde::{Deserialize, Serialize};
use shop_events::{Event, EventReader, Warehouse};
use shop_store::{Lock, RedisStore};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Mail {
    to: String,
    template: String,
}

async fn send(mail: Mail, attempt: Attempt) -> Result<(), Error> {
    tracing::info!(to = mail.to, template = mail.template, attempt = attempt.current(), "mail");
    Ok(())
}

async fn fulfil(url: String) -> anyhow::Result<()> {
    let locks = RedisStore::connect(&url, "shop").await?;
    let reader = EventReader::join(&url, &env::var("HOSTNAME")?).await?;
    let warehouse = Warehouse::connect(&env::var("AMQP_URL")?).await?;
    loop {
        for (id, event) in reader.next().await? {
            if let Event::Placed { order, .. } = &event {
                let Some(token) = locks.acquire(order, Duration::from_secs(30)).await? else { continue };
                warehouse.publish(&event).await?;
                locks.release(order, &token).await?;
            }
            reader.done(&id).await?;
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = env::var("SHOP_REDIS__URL").unwrap_or_else(|_| "redis://127.0.0.1".into());
    let connection = apalis_redis::connect(url.as_str()).await?;
    let config = Config::default().set_namespace("apalis::mail").set_buffer_size(20);
    let storage = RedisStorage::new_with_config(connection, config);
    tokio::spawn(fulfil(url.clone()));
    tokio::spawn(stock_watch::run(url));
    Monitor::new()
        .register(WorkerBuilder::new("mail").concurrency(4).backend(storage).build_fn(send))
        .run()
        .await?;
    Ok(())
}
