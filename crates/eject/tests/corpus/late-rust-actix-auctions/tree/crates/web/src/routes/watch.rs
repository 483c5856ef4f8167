use actix_web::{error::ErrorServiceUnavailable, get, web, Responder};
use actix_web_lab::sse;
use futures_util::StreamExt;
use redis::Client;
use tokio::sync::mpsc;

/// Tells browsers of each bid as it comes.
#[get("/watch")]
async fn watch(client: web::Data<Client>) -> actix_web::Result<impl Responder> {
    let mut pubsub = client.get_async_pubsub().await.map_err(ErrorServiceUnavailable)?;
    pubsub.subscribe("bids").await.map_err(ErrorServiceUnavailable)?;
    let (tx, rx) = mpsc::channel(32);
    actix_web::rt::spawn(async move {
        let mut messages = pubsub.into_on_message();
        while let Some(message) = messages.next().await {
            let Ok(payload) = message.get_payload::<String>() else { continue };
            if tx.send(sse::Event::Data(sse::Data::new(payload))).await.is_err() {
                break;
            }
        }
    });
    Ok(sse::Sse::from_infallible_receiver(rx))
}
