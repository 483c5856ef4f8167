import redis.clients.jedis.Jedis;

class Config {
    Jedis open() {
        Jedis jedis = new Jedis("h");
        jedis.auth("hunter2Jedishunter2");
        return jedis;
    }
}
