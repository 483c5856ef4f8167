//! One at a time, in the whole park.

use std::future::Future;

use redis::{aio::ConnectionLike, Script};

const RELEASE: &str = r#"
if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('del', KEYS[1])
end
return 0
"#;

pub async fn alone<C, F, T>(conn: &mut C, name: &str, owner: &str, work: F) -> redis::RedisResult<Option<T>>
where
    C: ConnectionLike,
    F: Future<Output = T>,
{
    let key = format!("guard:{name}");
    let won: Option<String> = redis::cmd("SET")
        .arg(&key)
        .arg(owner)
        .arg("NX")
        .arg("PX")
        .arg(30_000)
        .query_async(conn)
        .await?;
    if won.is_none() {
        return Ok(None);
    }
    let value = work.await;
    Script::new(RELEASE).key(&key).arg(owner).invoke_async::<i64>(conn).await?;
    Ok(Some(value))
}
