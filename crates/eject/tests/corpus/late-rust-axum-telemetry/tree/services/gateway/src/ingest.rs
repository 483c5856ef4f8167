use std::sync::Arc;

use futures::StreamExt;
use gale_store::{Latest, Reading};

pub async fn run(nats: async_nats::Client, subject: String, latest: Arc<dyn Latest>) -> anyhow::Result<()> {
    let mut messages = nats.queue_subscribe(subject, "gateway".into()).await?;
    while let Some(message) = messages.next().await {
        match serde_json::from_slice::<Reading>(&message.payload) {
            Ok(reading) => latest.put(&reading).await?,
            Err(error) => tracing::warn!(%error, "not a reading"),
        }
    }
    Ok(())
}
