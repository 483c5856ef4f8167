use links_store::{connect, LinkStore, MemoryStore, RedisStore};

async fn contract(store: impl LinkStore) {
    store.set("a", "https://a.example", 60).await.unwrap();
    assert_eq!(store.get("a").await.unwrap().as_deref(), Some("https://a.example"));
    assert!(store.del("a").await.unwrap());
}

#[tokio::test]
async fn memory() {
    contract(MemoryStore::default()).await;
}

#[tokio::test]
async fn redis() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else { return };
    contract(RedisStore::new(connect(&url).await.unwrap())).await;
}
