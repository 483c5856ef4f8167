use bb8_redis::redis::{aio::MultiplexedConnection, AsyncCommands};

pub async fn allow(connection: &mut MultiplexedConnection, ip: &str) -> redis::RedisResult<bool> {
    let n: i64 = connection.incr(format!("limit:{ip}"), 1).await?;
    connection.expire::<_, ()>(format!("limit:{ip}"), 60).await?;
    Ok(n <= 60)
}
