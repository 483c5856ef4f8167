use fred::{
    clients::SubscriberClient as Subscriber,
    prelude::{Builder, ClientLike as _, EventInterface as _, PubsubInterface as _, RedisClient, RedisConfig},
};
use tokio::sync::broadcast;

use crate::config::RedisArgs;

#[derive(Clone)]
pub struct Events {
    publisher: RedisClient,
    local: broadcast::Sender<String>,
}

impl Events {
    pub async fn start(args: &RedisArgs) -> anyhow::Result<Self> {
        let builder = Builder::from_config(RedisConfig::from_url(&args.redis_url)?);
        let publisher = builder.build()?;
        let subscriber: Subscriber = builder.build_subscriber_client()?;
        publisher.init().await?;
        subscriber.init().await?;
        subscriber.subscribe("links").await?;
        let (local, _) = broadcast::channel(256);
        let sender = local.clone();
        let mut messages = subscriber.message_rx();
        tokio::spawn(async move {
            while let Ok(message) = messages.recv().await {
                let _ = sender.send(message.value.as_string().unwrap_or_default());
            }
        });
        Ok(Self { publisher, local })
    }

    pub async fn publish(&self, slug: &str) -> anyhow::Result<()> {
        let _: () = self.publisher.publish("links", slug).await?;
        Ok(())
    }

    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.local.subscribe()
    }
}
