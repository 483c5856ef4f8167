use auctions_store::{connect, Bid, BidStore, MemoryBids, Placed, RedisBids};
use testcontainers_modules::{redis::Redis, testcontainers::runners::AsyncRunner};
use uuid::Uuid;

async fn holds(store: &dyn BidStore) {
    let auction = Uuid::now_v7();
    store.open(auction, 500, 60).await.unwrap();
    let low = Bid { auction, bidder: Uuid::now_v7(), cents: 499 };
    assert_eq!(store.place(&low).await.unwrap(), Placed::TooLow { leading_cents: 500 });
    let good = Bid { cents: 501, ..low };
    assert_eq!(store.place(&good).await.unwrap(), Placed::Leading { previous: None });
    assert_eq!(store.top(auction, 3).await.unwrap().len(), 1);
}

#[tokio::test]
async fn memory_holds() {
    holds(&MemoryBids::default()).await;
}

#[tokio::test]
async fn redis_holds() {
    let node = Redis::default().start().await.unwrap();
    let port = node.get_host_port_ipv4(6379).await.unwrap();
    holds(&RedisBids::new(connect(&format!("redis://127.0.0.1:{port}"), 2).unwrap())).await;
}
