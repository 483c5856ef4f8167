use redis::Commands;

pub fn remember(client: &redis::Client, key: &str, value: &str) -> redis::RedisResult<()> {
    client.get_connection()?.set_ex(key, value, 60)
}
