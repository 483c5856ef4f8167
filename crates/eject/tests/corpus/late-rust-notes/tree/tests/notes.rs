use redis::AsyncCommands;
use testcontainers_modules::{redis::Redis, testcontainers::runners::AsyncRunner};

#[tokio::test]
async fn a_draft_expires() {
    let server = Redis::default().start().await.unwrap();
    let url = format!("redis://127.0.0.1:{}", server.get_host_port_ipv4(6379).await.unwrap());
    let mut connection = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    connection.set_ex::<_, _, ()>("draft:a", "text", 1).await.unwrap();
    assert!(connection.ttl::<_, i64>("draft:a").await.unwrap() <= 1);
}
