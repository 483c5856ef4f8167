use std::collections::HashMap;

pub async fn allow(pool: &deadpool_redis::Pool, key: &str) -> bool {
    let mut connection = pool.get().await.unwrap();
    let count: i64 = redis::cmd("INCR").arg(format!("rate:{key}")).query_async(&mut connection).await.unwrap();
    let limits: HashMap<&str, i64> = HashMap::from([("ip", 100)]);
    // redis::cmd("EXPIRE") is sent by the sweeper.
    count <= limits.get("ip").copied().unwrap_or(10)
}
