use axum::extract::ws::{Message, WebSocket};
use gale_config::Settings;

/// Each socket has its own subscription.
pub async fn follow(mut socket: WebSocket) -> anyhow::Result<()> {
    let settings = Settings::load()?;
    let client = redis::Client::open(settings.redis.url)?;
    let mut pubsub = client.get_async_pubsub().await?;
    pubsub.subscribe("latest").await?;
    let mut messages = pubsub.into_on_message();
    while let Some(message) = futures::StreamExt::next(&mut messages).await {
        let payload: String = message.get_payload()?;
        if socket.send(Message::Text(payload)).await.is_err() {
            break;
        }
    }
    Ok(())
}
