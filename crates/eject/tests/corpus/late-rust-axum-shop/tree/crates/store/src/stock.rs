//! Who waits for a product hears of it.
use futures_util::StreamExt;
use redis::aio::PubSub;
use tokio::sync::broadcast;

use crate::StoreError;

pub struct StockListener {
    pubsub: PubSub,
}

impl StockListener {
    pub async fn connect(client: &redis::Client) -> Result<Self, StoreError> {
        let mut pubsub = client.get_async_pubsub().await?;
        pubsub.psubscribe("stock:*").await?;
        Ok(Self { pubsub })
    }

    pub async fn forward(mut self, to: broadcast::Sender<(String, i64)>) {
        let mut messages = self.pubsub.on_message();
        while let Some(message) = messages.next().await {
            let Ok(count) = message.get_payload::<i64>() else { continue };
            let sku = message.get_channel_name().trim_start_matches("stock:").to_owned();
            if to.send((sku, count)).is_err() {
                break;
            }
        }
    }
}
