use std::time::Duration;

use shop_store::{Lock, RedisStore};
use testcontainers_modules::{redis::Redis, testcontainers::runners::AsyncRunner};

#[tokio::test]
async fn only_one_has_it() {
    let server = Redis::default().start().await.unwrap();
    let url = format!("redis://127.0.0.1:{}", server.get_host_port_ipv4(6379).await.unwrap());
    let store = RedisStore::connect(&url, "test").await.unwrap();
    let token = store.acquire("a", Duration::from_secs(1)).await.unwrap().unwrap();
    assert!(store.acquire("a", Duration::from_secs(1)).await.unwrap().is_none());
    assert!(store.release("a", &token).await.unwrap());
}
