use shop_store::stock::StockListener;
use tokio::sync::broadcast;

/// Tells whoever is in this process what came from the others.
pub async fn run(url: String) -> anyhow::Result<()> {
    let client = redis::Client::open(url)?;
    let (sender, mut receiver) = broadcast::channel(64);
    tokio::spawn(async move {
        while let Ok((sku, count)) = receiver.recv().await {
            tracing::info!(sku, count, "stock");
        }
    });
    StockListener::connect(&client).await?.forward(sender).await;
    Ok(())
}
